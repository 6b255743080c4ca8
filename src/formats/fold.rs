//! Tracebacks and lines of text, folded into the groups that the user asks for.

use std::borrow::Cow;
use std::collections::HashMap;

use super::options::{GroupBy, Grouping, NO_DOMAINS};
use super::package::package;
use super::source::Source;
use crate::model::{Change, Frame, Place, Readings, SiteId, SiteReading, SiteTable, Truncation};

/// Adds the tracebacks of each snapshot up by a part of their stack, if the user names one, and lines by their file or
/// package. Blocks of a group are one site then. Of a list that was cut nothing is known of the groups that it does not
/// show.
pub fn fold_tracebacks(source: &mut Source, sites: &mut SiteTable, grouping: Grouping) {
    let by = match grouping.by {
        Some(GroupBy::Traceback) => return,
        None if !grouping.cumulative => return,
        by => by.unwrap_or(GroupBy::Line),
    };
    let folds = |row: usize| frames_of(sites.place(source.readings.site(row)), by).is_some();
    if !source.snapshots.iter().any(|snapshot| snapshot.readings.clone().any(folds)) {
        return;
    }
    source.folds_stacks = true;
    if grouping.domain.is_some() {
        source.notices.of_source(NO_DOMAINS);
    }
    let mut folded = Readings::new();
    for snapshot in &mut source.snapshots {
        let begin = folded.len();
        let mut sums: Vec<SiteReading> = Vec::new();
        let mut places: HashMap<SiteId, usize> = HashMap::new();
        let mut any = false;
        for reading in snapshot.readings.clone().map(|row| source.readings.get(row)) {
            let Some(frames) = frames_of(sites.place(reading.site), by) else {
                sums.push(reading);
                continue;
            };
            any = true;
            let innermost = if grouping.cumulative { frames.len() } else { 1 };
            let mut groups: Vec<Place> =
                frames.iter().take(innermost).map(|frame| group(frame, by)).collect();
            let mut known: Vec<SiteId> = Vec::with_capacity(groups.len());
            for place in groups.drain(..) {
                let site = sites.intern(place);
                // A recursive function holds a block once.
                if known.contains(&site) {
                    continue;
                }
                known.push(site);
                let place = *places.entry(site).or_insert(sums.len());
                match sums.get_mut(place) {
                    Some(sum) => add(sum, &reading),
                    None => sums.push(SiteReading { site, ..reading }),
                }
            }
        }
        sums.iter().for_each(|reading| folded.push(&(*reading).into()));
        snapshot.readings = begin..folded.len();
        if any && let Truncation::TopK { .. } | Truncation::Partial { .. } = snapshot.truncation {
            snapshot.truncation = Truncation::Partial { at_most: None };
        }
    }
    source.readings = folded;
}

/// The frames of a place that is part of a larger group; `None` of one that is a group by itself.
fn frames_of(place: &Place, by: GroupBy) -> Option<Cow<'_, [Frame]>> {
    match (place, by) {
        (Place::Traceback(frames), _) => Some(Cow::Borrowed(frames)),
        (Place::Line(frame), GroupBy::File | GroupBy::Package) => {
            Some(Cow::Borrowed(std::slice::from_ref(frame)))
        }
        (Place::File(file), GroupBy::Package) => Some(Cow::Owned(vec![Frame::at(file.clone(), 0)])),
        _ => None,
    }
}

fn group(frame: &Frame, by: GroupBy) -> Place {
    match by {
        GroupBy::Package => Place::File(package(frame)),
        GroupBy::File if !frame.file.is_empty() => Place::File(frame.file.clone()),
        GroupBy::Function if frame.function.is_some() => Place::Line(Frame { line: 0, ..frame.clone() }),
        _ => Place::Line(frame.clone()),
    }
}

/// Adds a reading to the sum of its group. What one of them lacks, the sum lacks.
fn add(sum: &mut SiteReading, other: &SiteReading) {
    sum.size = sum.size + other.size;
    sum.blocks = sum.blocks.zip(other.blocks).map(|(a, b)| a.saturating_add(b));
    sum.change = sum.change.zip(other.change).map(|(a, b)| Change {
        bytes: a.bytes + b.bytes,
        blocks: a.blocks.zip(b.blocks).map(|(a, b)| a.saturating_add(b)),
    });
}
