//! The judgement on each difference.

use super::document::{Change, Comparison, Difference, Direction, Kind, SCHEMA};
use super::matched::{Pair, pairs};
use super::side::{Outlook, Row, Side};
use crate::stats::discovery::{bar, two_sided};
use crate::verdict::{Rate, RateUnit};

/// Rates of one program differ by this share from one recording to the next (one standard deviation).
const FLOOR: f64 = 0.1;
/// Of the differences that are believed at most this share may be so by chance.
const BY_CHANCE: f64 = 0.05;
/// Snapshots of both sides may be this much farther apart before rates per snapshot are no longer compared as they are.
const SAME_PACE: f64 = 0.05;
/// Half of a 95 % interval, in standard errors.
const HALF: f64 = 1.96;

/// Compares two recordings.
#[must_use]
pub fn compare(before: &Side, after: &Side) -> Comparison {
    let pace = Pace::of(before, after);
    let mut judged: Vec<(Change, Option<ByChance>)> = Vec::new();
    let processes = leading(pairs(&before.processes, &after.processes));
    let processes = processes.into_iter().map(|pair| (Kind::Process, pair));
    let sites = pairs(&before.sites, &after.sites).into_iter().map(|pair| (Kind::Site, pair));
    for (kind, (b, a)) in processes.chain(sites) {
        let hidden = match kind {
            // A site that a cut list does not show may be small.
            Kind::Site => (before.cut_lists, after.cut_lists),
            Kind::Process => (true, true),
        };
        let pace = if kind == Kind::Site { pace } else { Pace::AsTheyAre };
        judged.extend(judge(kind, b, a, hidden, pace));
    }
    let chances: Vec<f64> = judged.iter().filter_map(|(_, by_chance)| Some((*by_chance)?.chance)).collect();
    let bar = bar(&chances, BY_CHANCE);
    let mut changes: Vec<Change> = judged
        .into_iter()
        .map(|(mut change, by_chance)| {
            if let Some(likely) = by_chance.filter(|of| of.chance > bar) {
                change.direction = likely.otherwise;
            }
            change
        })
        .collect();
    changes.sort_by(|a, b| {
        let weight = |c: &Change| c.difference.as_ref().map_or(0.0, |d| d.value.abs());
        (a.kind, a.direction).cmp(&(b.kind, b.direction)).then_with(|| weight(b).total_cmp(&weight(a)))
    });
    Comparison {
        schema: SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        before: before.row(),
        after: after.row(),
        per_second: matches!(pace, Pace::PerSecond(..)),
        changes,
    }
}

/// Keeps one metric of each process: the one that leads where it grows, else the one that leads in the second
/// recording.
fn leading(pairs: Vec<Pair<'_>>) -> Vec<Pair<'_>> {
    let leads = |row: Option<&Row>| row.is_some_and(|row| row.leading);
    let rank = |(b, a): &Pair<'_>| {
        let grows =
            |row: &Option<&Row>| row.is_some_and(|row| row.leading && row.outlook() == Outlook::Grows);
        (!grows(a), !grows(b), !leads(*a))
    };
    let process = |(b, a): &Pair<'_>| a.or(*b).and_then(|row| row.process.clone());
    let mut found: Vec<Pair<'_>> = Vec::new();
    for pair in pairs.into_iter().filter(|(b, a)| leads(*b) || leads(*a)) {
        match found.iter_mut().find(|known| process(known) == process(&pair)) {
            Some(known) if rank(&pair) < rank(known) => *known = pair,
            Some(_) => {}
            None => found.push(pair),
        }
    }
    found
}

/// The unit in which rates of sites are compared.
#[derive(Clone, Copy)]
enum Pace {
    /// Per snapshot.
    AsTheyAre,
    /// Per second: the seconds between two snapshots of each side.
    PerSecond(f64, f64),
}

impl Pace {
    fn of(before: &Side, after: &Side) -> Self {
        match (before.seconds_per_snapshot(), after.seconds_per_snapshot()) {
            (Some(b), Some(a)) if (b - a).abs() > SAME_PACE * b.max(a) => Self::PerSecond(b, a),
            _ => Self::AsTheyAre,
        }
    }
}

/// What is left of a word if chance explains it.
#[derive(Clone, Copy)]
struct ByChance {
    /// The chance of a difference as large if nothing changed.
    chance: f64,
    /// The word that then holds.
    otherwise: Direction,
}

/// The change of one series, and the chance of it where rates decide; `None` for a series of no interest.
fn judge(
    kind: Kind,
    before: Option<&Row>,
    after: Option<&Row>,
    hidden: (bool, bool),
    pace: Pace,
) -> Option<(Change, Option<ByChance>)> {
    let grows = |row: Option<&Row>| row.is_some_and(|row| row.outlook() == Outlook::Grows);
    let name = after.or(before)?.name.clone();
    let moved_from = before.zip(after).filter(|(b, a)| b.name != a.name).map(|(b, _)| b.name.clone());
    let rate = |row: Option<&Row>, seconds: Option<f64>| {
        row.and_then(Row::rate_ahead).map(|rate| in_time(rate, seconds))
    };
    let (b_seconds, a_seconds) = match pace {
        Pace::AsTheyAre => (None, None),
        Pace::PerSecond(b, a) => (Some(b), Some(a)),
    };
    let (b_rate, a_rate) = (rate(before, b_seconds), rate(after, a_seconds));
    let change = |direction, difference| Change {
        kind,
        name: name.clone(),
        moved_from: moved_from.clone(),
        direction,
        before: before.map(|row| row.state(b_rate)),
        after: after.map(|row| row.state(a_rate)),
        difference,
    };
    match (before, after) {
        (None, Some(_)) if grows(after) && !hidden.0 => Some((change(Direction::New, None), None)),
        (Some(_), None) if grows(before) && !hidden.1 => Some((change(Direction::Gone, None), None)),
        // One side does not show it and need not, so nothing follows; where it does not grow nothing is shown.
        (None, _) | (_, None) => {
            (grows(before) || grows(after)).then(|| (change(Direction::Unclear, None), None))
        }
        (Some(b), Some(a)) => {
            let difference = difference((b, b_rate, b_seconds), (a, a_rate, a_seconds));
            let chance = difference.as_ref().map(|(_, chance)| *chance);
            let difference = difference.map(|(difference, _)| difference);
            let rises = difference.as_ref().map(|difference| difference.value > 0.0);
            let (direction, by_chance) = match direction(b.outlook(), a.outlook(), rises) {
                Judged::ByOutlook(direction) => (direction, None),
                Judged::ByRate(direction, otherwise) => {
                    (direction, chance.map(|chance| ByChance { chance, otherwise }))
                }
            };
            Some((change(direction, difference), by_chance))
        }
    }
}

/// A word, and whether the rates have to bear it out.
enum Judged {
    /// The verdicts of both sides decide.
    ByOutlook(Direction),
    /// Chance must not explain the difference of the rates; if it does, the other word holds.
    ByRate(Direction, Direction),
}

/// The word for a change of outlook or of rate; `rises` as the difference of the rates has it, where both are bounded.
fn direction(before: Outlook, after: Outlook, rises: Option<bool>) -> Judged {
    let by_rate = |otherwise: Direction| match rises {
        Some(true) => Judged::ByRate(Direction::Faster, otherwise),
        Some(false) => Judged::ByRate(Direction::Slower, otherwise),
        None => Judged::ByOutlook(Direction::Unclear),
    };
    match (before, after) {
        (Outlook::Rests, Outlook::Grows) => Judged::ByOutlook(Direction::Started),
        // That a fix works is believed where the growth was certain; that something leaks, at once.
        (Outlook::Grows, Outlook::Rests) if rises == Some(false) => {
            Judged::ByRate(Direction::Stopped, Direction::Unclear)
        }
        (Outlook::Grows, Outlook::Rests) => Judged::ByOutlook(Direction::Unclear),
        (Outlook::Grows, Outlook::Grows) => by_rate(Direction::Unchanged),
        (Outlook::Rests, Outlook::Rests) => Judged::ByOutlook(Direction::Unchanged),
        // A leak that is plain on one side is so whatever the other does.
        (Outlook::Unknown, Outlook::Grows) if rises == Some(true) => by_rate(Direction::Unclear),
        (Outlook::Grows, Outlook::Unknown) if rises == Some(false) => by_rate(Direction::Unclear),
        (Outlook::Unknown, _) | (_, Outlook::Unknown) => Judged::ByOutlook(Direction::Unclear),
    }
}

/// The same rate per second, where the seconds of a snapshot are given.
fn in_time(rate: Rate, seconds: Option<f64>) -> Rate {
    let Some(seconds) = seconds else { return rate };
    if rate.unit != RateUnit::BytesPerSnapshot {
        return rate;
    }
    let by = |rate: f64| rate / seconds;
    let unit = RateUnit::BytesPerSecond;
    Rate { value: by(rate.value), low: rate.low.map(by), high: rate.high.map(by), unit }
}

/// A series, its rate, and the seconds of a snapshot where the rate is in time.
type Rated<'a> = (&'a Row, Option<Rate>, Option<f64>);

/// The difference of two rates with its interval, and the chance of one as large; `None` where a rate is not bounded.
fn difference(before: Rated<'_>, after: Rated<'_>) -> Option<(Difference, f64)> {
    let ((b_row, b_rate, b_seconds), (a_row, a_rate, a_seconds)) = (before, after);
    let (before, after) = (b_rate?, a_rate?);
    if before.unit != after.unit {
        return None;
    }
    let error = |rate: Rate| Some((rate.high? - rate.low?) / 2.0 / HALF);
    let block = |row: &Row, seconds: Option<f64>| {
        row.block_bytes.unwrap_or(0.0) / row.points.max(1) as f64 * (1.0 / seconds.unwrap_or(1.0))
    };
    let relative = FLOOR * before.value.abs().max(after.value.abs());
    let blocks = block(b_row, b_seconds).max(block(a_row, a_seconds));
    let floor = relative.hypot(blocks);
    let error = error(before)?.hypot(error(after)?).hypot(floor);
    let value = after.value - before.value;
    let z = if error > 0.0 { value / error } else { 0.0 };
    let chance = two_sided(z);
    let half = HALF * error;
    Some((Difference { value, low: value - half, high: value + half, unit: after.unit, p: chance }, chance))
}
