//! Readings that two sources have in common: a log that was copied while it was rotated, or that is given twice.

use foldhash::HashMap;

use super::parts::Part;
use super::span::is_shared;
use crate::model::{Measured, Metric, SourceRecords, Span, Subject, TimeBase};

/// Parts of one subject that are held against each other, at most.
const MOST_PARTS: usize = 64;
/// A part with fewer readings than these is no copy of another's.
const LEAST_READINGS: usize = 3;

/// The values of one reading.
type Values = Vec<(Metric, Measured)>;

fn values(part: &Part, at: usize, sources: &[SourceRecords]) -> Values {
    part.rows.get(at).map_or_else(Vec::new, |&row| {
        let mut values: Values = sources[part.source].samples.values(row as usize).collect();
        values.sort_by_key(|(metric, _)| metric.name());
        values
    })
}

fn seconds(part: &Part, at: usize, sources: &[SourceRecords]) -> f64 {
    let SourceRecords { samples, times, .. } = &sources[part.source];
    part.rows.get(at).map_or(f64::NAN, |&row| times.seconds(samples.time(row as usize)))
}

/// Returns the readings of a part, by their places in ascending order, that another has as well; `None` if the two have
/// time in common and one of them says something else there.
pub(super) fn repeated_rows(before: &Part, after: &Part, sources: &[SourceRecords]) -> Option<Vec<usize>> {
    let (Some(first), Some(second)) = (before.span, after.span) else { return Some(Vec::new()) };
    if before.base != after.base || first.end() < second.start() || second.end() < first.start() {
        return Some(Vec::new());
    }
    let is_common = |at: f64, span: Span| at >= span.start().seconds() && at <= span.end().seconds();
    let mut known: HashMap<u64, Vec<usize>> = HashMap::default();
    let mut number = 0;
    for at in 0..before.rows.len() {
        let seconds = seconds(before, at, sources);
        if is_common(seconds, second) {
            known.entry(seconds.to_bits()).or_default().push(at);
            number += 1;
        }
    }
    let mut repeated = Vec::new();
    let touches = first.end() == second.start() || second.end() == first.start();
    for at in 0..after.rows.len() {
        let seconds = seconds(after, at, sources);
        if !is_common(seconds, first) {
            continue;
        }
        let own = values(after, at, sources);
        let same = known.get_mut(&seconds.to_bits()).and_then(|candidates| {
            let place = candidates.iter().position(|&other| values(before, other, sources) == own)?;
            Some(candidates.remove(place))
        });
        match same {
            Some(_) => repeated.push(at),
            None if touches => {}
            None => return None,
        }
    }
    (touches || repeated.len() == number).then_some(repeated)
}

/// Leaves out the parts that are copies of others, or of pieces of others.
///
/// Two processes that hold the same memory throughout are told apart by nothing; but where it moves, and always alike,
/// one process was recorded twice.
pub(super) fn without_copies(parts: Vec<Part>, sources: &[SourceRecords]) -> Vec<Part> {
    let mut subjects: HashMap<(Subject, TimeBase), Vec<usize>> = HashMap::default();
    for (place, part) in parts.iter().enumerate() {
        if part.rows.len() >= LEAST_READINGS {
            let subject = Subject { id: None, ..part.subject.clone() };
            subjects.entry((subject, part.base)).or_default().push(place);
        }
    }
    let mut copied = vec![false; parts.len()];
    for members in subjects.into_values().filter(|members| (2..=MOST_PARTS).contains(&members.len())) {
        for (number, &place) in members.iter().enumerate() {
            let moves = || {
                let first = values(&parts[place], 0, sources);
                (1..parts[place].rows.len()).any(|at| values(&parts[place], at, sources) != first)
            };
            let is_copy = |(other_number, &other): (usize, &usize)| {
                let (part, whole) = (&parts[place], &parts[other]);
                let longer = (whole.rows.len(), number) > (part.rows.len(), other_number);
                let same_id = part.subject.id == whole.subject.id;
                other != place && longer && same_id && is_within(part, whole, sources)
            };
            copied[place] = members.iter().enumerate().any(is_copy) && moves();
        }
    }
    let mut copied = copied.into_iter();
    parts.into_iter().filter(|_| !copied.next().unwrap_or(false)).collect()
}

/// Whether another part, which is no shorter, has all readings of a part at the same times.
fn is_within(part: &Part, whole: &Part, sources: &[SourceRecords]) -> bool {
    if part.source == whole.source {
        return false;
    }
    if is_shared(part.base) {
        let all = |span: Span| {
            repeated_rows(whole, part, sources)
                .is_some_and(|rows| rows.len() == part.rows.len() && span.seconds() > 0.0)
        };
        return part.span.is_some_and(all);
    }
    let same = |at: usize| {
        let (own, other) = (seconds(part, at, sources), seconds(whole, at, sources));
        (own == other || own.is_nan() && other.is_nan())
            && values(part, at, sources) == values(whole, at, sources)
    };
    part.rows.len() == whole.rows.len() && (0..part.rows.len()).all(same)
}
