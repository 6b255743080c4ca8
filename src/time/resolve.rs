//! Times of all sources of one recording, settled together.

use std::collections::{BTreeMap, BTreeSet};

use super::calendar::{DAY, NANOS, date_of};
use super::date_order::{DateOrder, DateOrderReason, Decision, Notation, closest};
use super::raw_stamp::RawStamp;
use super::source_times::SourceTimes;
use crate::model::TimeBase;

/// A source without years gets the year that puts it so near to a dated one, in seconds, if no other year does.
const NEAR: i64 = 31 * DAY;

/// The number of days among which the nearest is looked for.
const MOST_DAYS: i64 = 400;

/// The number of years among which the nearest is looked for, and that a source without years can span.
const MOST_YEARS: i16 = 20;

/// Settles the times of sources that belong to one recording.
///
/// - Dates whose order of day and month a source leaves open are read in the order of its siblings, or so that they lie
///   near to them.
/// - Stamps without a year get one if exactly one year puts the source near to a sibling whose dates are certain.
///   29 February rules out years. Otherwise they stay without a calendar.
/// - Sources without years, or without dates, that remain are given one origin, so that a rotated log is in order.
///
/// A fact that is certain by a source alone is never changed by another.
pub fn resolve(sources: &mut [SourceTimes]) {
    for notation in Notation::all() {
        settle_order(sources, notation);
    }
    settle_years(sources);
    align_years(sources);
    align_days(sources);
}

/// Whether the dates of a source in a notation can be two, and nothing in it tells which.
fn is_open(source: &SourceTimes, notation: Notation) -> bool {
    let mut orders = source.ambiguous_orders();
    orders.any(|(other, decision)| other == notation && decision.reason == DateOrderReason::Custom)
}

/// Whether a source has dates, and all of them are certain.
fn is_certain(source: &SourceTimes) -> bool {
    source.base() == TimeBase::Utc
        && source.ambiguous_orders().all(|(_, decision)| decision.reason != DateOrderReason::Custom)
}

fn settle_order(sources: &mut [SourceTimes], notation: Notation) {
    let index = notation.index();
    let mut open: Vec<usize> = (0..sources.len()).filter(|at| is_open(&sources[*at], notation)).collect();
    if open.is_empty() {
        return;
    }
    let known: BTreeSet<DateOrder> = sources
        .iter()
        .filter_map(|source| source.decisions.get(index))
        .filter(|decision| decision.reason < DateOrderReason::Siblings)
        .map(|decision| decision.order)
        .collect();
    let agreed = known.first().copied().filter(|_| known.len() == 1);
    let certain = Covered::of(sources.iter().filter(|source| is_certain(source)));
    open.retain(|at| {
        let source = &mut sources[*at];
        let Some(evidence) = source.evidence.get(notation).copied() else { return false };
        let possible = evidence.possible(notation);
        let agreed = agreed.filter(|agreed| possible.clone().any(|order| order == *agreed));
        let by_gap = || {
            let gaps = possible.clone().filter_map(|order| {
                let (start, end) = evidence.range(order)?;
                Some((order, certain.gap(start, end)?.unsigned_abs()))
            });
            closest(gaps)
        };
        let order = agreed.or_else(by_gap);
        if let Some(order) = order {
            decide(source, index, order);
        }
        order.is_none()
    });
    // What is still open may be told by how close together all of them lie.
    if let Some(order) = closest_together(sources, &open, notation).filter(|_| open.len() > 1) {
        for at in open {
            decide(&mut sources[at], index, order);
        }
    }
}

fn decide(source: &mut SourceTimes, index: usize, order: DateOrder) {
    if let Some(decision) = source.decisions.get_mut(index) {
        *decision = Decision { order, reason: DateOrderReason::Siblings };
        source.place();
    }
}

/// Returns the order in which the dates of several sources lie closest together.
fn closest_together(sources: &[SourceTimes], open: &[usize], notation: Notation) -> Option<DateOrder> {
    let extent = |order: DateOrder| {
        let ranges = open.iter().map(|at| sources[*at].evidence.get(notation)?.range(order));
        let (start, end) = ranges.reduce(|all, range| {
            let (all, range) = (all?, range?);
            Some((all.0.min(range.0), all.1.max(range.1)))
        })??;
        Some((order, end.abs_diff(start)))
    };
    let extents: Vec<_> = notation.orders().iter().filter_map(|order| extent(*order)).collect();
    closest(extents.iter().copied())
}

/// Disjoint stretches of time, in seconds.
#[derive(Debug, Default)]
struct Covered(BTreeMap<i64, i64>);

impl Covered {
    fn of<'a>(sources: impl Iterator<Item = &'a SourceTimes>) -> Self {
        let mut covered = Self::default();
        sources.filter_map(seconds_of_span).for_each(|(start, end)| covered.add(start, end));
        covered
    }

    fn add(&mut self, mut start: i64, mut end: i64) {
        while let Some((&other, &other_end)) =
            self.0.range(..=end).next_back().filter(|(_, last)| **last >= start)
        {
            (start, end) = (start.min(other), end.max(other_end));
            self.0.remove(&other);
        }
        self.0.insert(start, end);
    }

    /// Returns the seconds from a stretch to the nearest one, 0 if they overlap; `None` if there is none.
    fn gap(&self, start: i64, end: i64) -> Option<i64> {
        let before = self.0.range(..=end).next_back().map(|(_, last)| (start - last).max(0));
        let after = self.0.range(end..).next().map(|(first, _)| (first - end).max(0));
        before.into_iter().chain(after).min()
    }

    /// Returns the first and the last second.
    fn ends(&self) -> Option<(i64, i64)> {
        // Stretches are disjoint, so that the last one also ends last.
        Some((*self.0.first_key_value()?.0, *self.0.last_key_value()?.1))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "seconds of any year fit 64 bits")]
fn seconds_of_span(source: &SourceTimes) -> Option<(i64, i64)> {
    let span = source.span()?;
    Some((span.start().seconds().floor() as i64, span.end().seconds().ceil() as i64))
}

/// The first and the last stamp of a source without years, the years counted from its first.
struct Yearless {
    place: usize,
    ends: [RawStamp; 2],
    start: i64,
}

impl Yearless {
    fn of(place: usize, source: &SourceTimes) -> Option<Self> {
        if source.base() != TimeBase::Yearless {
            return None;
        }
        let instants = || {
            let stamps = source.stamps.iter().filter(|stamp| stamp.is_yearless());
            stamps.filter_map(|stamp| Some((source.calendar.instant(*stamp)?.1, *stamp)))
        };
        let (start, first) = instants().min_by_key(|(nanos, _)| *nanos)?;
        let (_, last) = instants().max_by_key(|(nanos, _)| *nanos)?;
        Some(Self { place, ends: [first, last], start: start / NANOS })
    }

    /// Returns the first and the last second if the source begins in a year; `None` if the calendar says that it
    /// cannot.
    fn seconds_in(&self, source: &SourceTimes, year: i16) -> Option<(i64, i64)> {
        let shift = year - source.start_year;
        if source.calendar.leap_years().iter().any(|leap| !source.calendar.is_leap(leap + shift)) {
            return None;
        }
        let seconds = self
            .ends
            .map(|stamp| source.calendar.instant(stamp.in_later_year(shift)?).map(|at| at.1 / NANOS));
        let [start, end] = seconds;
        Some((start?, end?))
    }
}

/// Gives sources without years the year that their dated siblings leave no doubt of.
fn settle_years(sources: &mut [SourceTimes]) {
    let mut covered = Covered::of(sources.iter().filter(|source| is_certain(source)));
    for source in sources.iter_mut().filter(|source| source.base() == TimeBase::Yearless) {
        source.start_year = 0;
        source.place();
    }
    let mut open: Vec<Yearless> =
        (0..sources.len()).filter_map(|at| Yearless::of(at, &sources[at])).collect();
    open.sort_by_key(|yearless| yearless.start);
    // One that got its year is a neighbour for the next: along the year, and back, and both once more across New Year.
    for _ in 0..4 {
        open.retain(|yearless| {
            let source = &mut sources[yearless.place];
            let Some((year, (start, end))) = only_near_year(yearless, source, &covered) else { return true };
            source.start_year = year;
            source.borrowed_year = true;
            source.place();
            covered.add(start, end);
            false
        });
        open.reverse();
    }
}

/// Returns the only year that puts a source near to what is covered, and the seconds that it covers then.
fn only_near_year(yearless: &Yearless, source: &SourceTimes, covered: &Covered) -> Option<(i16, (i64, i64))> {
    let (first, last) = covered.ends()?;
    let (first, last) = (date_of(first)?.0, date_of(last)?.0);
    let length = (yearless.ends[1].year()? - yearless.ends[0].year()?).max(0);
    if length > MOST_YEARS {
        return None;
    }
    let mut near = (first - 1 - length..=last + 1).filter_map(|year| {
        let (start, end) = yearless.seconds_in(source, year)?;
        (covered.gap(start, end)? <= NEAR).then_some((year, (start, end)))
    });
    near.next().filter(|_| near.next().is_none())
}

/// Lets the years of sources without a calendar count from the first year of the first one.
fn align_years(sources: &mut [SourceTimes]) {
    let mut covered = Covered::default();
    let mut leap_years = BTreeSet::new();
    for source in sources.iter_mut().filter(|source| source.base() == TimeBase::Yearless) {
        let years = covered.ends().map_or(0..=0, |(first, last)| {
            let year = |seconds: i64| i16::try_from(seconds.div_euclid(365 * DAY)).unwrap_or(0);
            (year(first) - 1).max(year(last) - MOST_YEARS)..=year(last) + 1
        });
        // Of two years that are as near, the later: sources are given in their order.
        let span = seconds_of_span(source).unwrap_or((0, 0));
        let gap = |year: &i16| {
            let shift = i64::from(*year) * 365 * DAY;
            covered.gap(span.0 + shift, span.1 + shift).unwrap_or(0)
        };
        source.start_year = years.rev().min_by_key(gap).unwrap_or(0);
        source.place();
        leap_years.extend(source.calendar.leap_years().iter().copied());
        if let Some((start, end)) = seconds_of_span(source) {
            covered.add(start, end);
        }
    }
    for source in sources.iter_mut().filter(|source| source.base() == TimeBase::Yearless) {
        leap_years.iter().for_each(|leap| source.calendar.note_leap(*leap));
    }
}

/// Lets the days of sources without dates count from the first day of the first one.
///
/// A source that begins where the one before it ended goes on with it: no later than its own stamps follow one another.
/// Any other lies on the day that puts it nearest to the ones before.
fn align_days(sources: &mut [SourceTimes]) {
    let mut covered = Covered::default();
    let mut before: Option<(i64, i64)> = None;
    for source in sources.iter_mut().filter(|source| source.base() == TimeBase::Clock) {
        source.start_day = 0;
        let Some((start, end)) = seconds_of_span(source) else { continue };
        let step = source.largest_step();
        let next_day = before.and_then(|(last, last_step)| {
            let pause = (start - last).rem_euclid(DAY);
            (pause <= step.max(last_step)).then(|| (last + pause - start).div_euclid(DAY))
        });
        let days = covered.ends().map_or(0..=0, |(first, last)| {
            let (latest, earliest) = ((last - start).div_euclid(DAY) + 1, (first - end).div_euclid(DAY));
            earliest.max(latest - MOST_DAYS)..=latest
        });
        let gap = |day: &i64| covered.gap(start + day * DAY, end + day * DAY).unwrap_or(0);
        let day = next_day.unwrap_or_else(|| days.rev().min_by_key(gap).unwrap_or(0));
        source.start_day = i32::try_from(day).unwrap_or(0);
        covered.add(start + day * DAY, end + day * DAY);
        before = Some((end + day * DAY, step));
    }
}
