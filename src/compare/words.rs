//! A comparison in words: the answer, both sides, and a sentence for each process.

use super::document::{Change, Comparison, Direction, Kind, SideRow, State, ValueUnit};
use crate::report::quantity::{count, counted, duration, grouped, rate};
use crate::report::untrusted::for_terminal;
use crate::report::{Detail, Style, Units};
use crate::verdict::{Rate, Verdict};

/// Sentences about processes, at most.
const MOST_SENTENCES: usize = 5;

/// The changes that are shown, and what is unclear of a series that grows on one side; all series where everything is
/// wanted.
pub(super) fn shown<'a>(comparison: &'a Comparison, style: &Style) -> Vec<&'a Change> {
    let grows = |state: &Option<State>| state.as_ref().is_some_and(|state| state.verdict == Verdict::Growing);
    let wanted = |change: &&Change| match change.direction {
        Direction::Unchanged => false,
        Direction::Unclear => grows(&change.before) || grows(&change.after),
        _ => true,
    };
    match (style.top, style.detail) {
        (None, _) | (_, Detail::Verbose) => comparison.changes.iter().collect(),
        (Some(top), _) => comparison.changes.iter().filter(wanted).take(top).collect(),
    }
}

/// `2 grow faster, 1 stopped, 3 unclear of 12 series`, or that nothing changed.
pub(super) fn answer(comparison: &Comparison) -> String {
    let of = |direction| comparison.changes.iter().filter(|c| c.direction == direction).count() as u64;
    let parts: Vec<String> = Direction::ALL
        .into_iter()
        .filter(|direction| !matches!(direction, Direction::Unchanged | Direction::Unclear))
        .filter_map(|direction| {
            let words = match direction {
                Direction::New => "new and growing",
                Direction::Started => "started to grow",
                Direction::Faster => "faster",
                Direction::Slower => "slower",
                Direction::Stopped => "stopped",
                _ => "gone",
            };
            let n = of(direction);
            (n > 0).then(|| format!("{} {words}", count(n)))
        })
        .collect();
    let compared = format!("{} series", count(comparison.changes.len() as u64));
    let unclear = of(Direction::Unclear);
    let is_unseen = |change: &&Change| change.direction == Direction::Unclear && change.grows_unseen();
    let now = comparison.changes.iter().filter(is_unseen).count() as u64;
    let parts = parts.into_iter().chain((now > 0).then(|| {
        let (grow, were) = if now == 1 { ("grows", "was") } else { ("grow", "were") };
        format!("{} {grow} and {were} not seen before", count(now))
    }));
    let (parts, unclear): (Vec<String>, u64) = (parts.collect(), unclear - now);
    let are = if unclear == 1 { "is" } else { "are" };
    match (parts.is_empty(), unclear) {
        (true, 0) => format!("No change: {compared} compared"),
        (true, n) if n == comparison.changes.len() as u64 => format!("Unclear: all of {compared} compared"),
        (true, n) => format!("No change, as far as is clear: {} of {compared} {are} unclear", count(n)),
        (false, 0) => format!("{} of {compared}", parts.join(", ")),
        (false, n) => format!("{}, {} unclear of {compared}", parts.join(", "), count(n)),
    }
}

/// The series that are not shown, counted.
pub(super) fn rest(comparison: &Comparison, shown: &[&Change]) -> Option<String> {
    let of = |direction: fn(Direction) -> bool| {
        let all = comparison.changes.iter().filter(|c| direction(c.direction)).count();
        all - shown.iter().filter(|c| direction(c.direction)).count()
    };
    let parts: Vec<String> = [
        (of(|d| !matches!(d, Direction::Unchanged | Direction::Unclear)), "changed"),
        (of(|d| d == Direction::Unchanged), "unchanged"),
        (of(|d| d == Direction::Unclear), "unclear"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, word)| format!("{} {word}", count(n as u64)))
    .collect();
    (!parts.is_empty()).then(|| format!("Not shown: {}. --top 0 shows all.", parts.join(", ")))
}

/// `before/: 39 snapshots over 6 h 20 min, 7 of 22 sites grow; 1 process, which grows`.
pub(super) fn side(row: &SideRow) -> String {
    let SideRow { name, snapshots, duration_seconds, sites, sites_growing, processes, processes_growing } =
        row;
    let mut parts = Vec::new();
    if *snapshots > 0 {
        let over = duration_seconds.filter(|s| *s > 0.0).map(|s| format!(" over {}", duration(s)));
        parts.push(counted(*snapshots, "snapshot") + &over.unwrap_or_default());
        parts.push(some_grow(*sites_growing, *sites, "site", "sites"));
    }
    if *processes > 0 {
        parts.push(some_grow(*processes_growing, *processes, "process", "processes"));
    }
    format!("{}: {}", for_terminal(name), parts.join(", "))
}

fn some_grow(growing: u64, of: u64, one: &str, several: &str) -> String {
    let noun = if of == 1 { one } else { several };
    match growing {
        0 => format!("none of {} {noun} grows", count(of)),
        1 => format!("1 of {} {noun} grows", count(of)),
        n => format!("{} of {} {noun} grow", count(n), count(of)),
    }
}

/// A sentence for each of the first processes that changed: what it did before, and what it does now.
pub(super) fn sentences(comparison: &Comparison, units: Units) -> Vec<String> {
    let changed =
        |change: &&Change| change.kind == Kind::Process && !matches!(change.direction, Direction::Unchanged);
    let sentence = |change: &Change| {
        let Change { name, before, after, .. } = change;
        let (before, after) = before.as_ref().zip(after.as_ref())?;
        Some(format!("{} {}, {}", for_terminal(name), did(before, units), does(after, units)))
    };
    comparison.changes.iter().filter(changed).filter_map(sentence).take(MOST_SENTENCES).collect()
}

/// The first recording in the past tense.
fn did(state: &State, units: Units) -> String {
    let last = level(state, units);
    match (state.verdict, with_unit(state, units)) {
        (Verdict::Growing, Some(rate)) => format!("grew {rate}"),
        (Verdict::Growing, None) => format!("grew to {last}"),
        (Verdict::Shrinking, _) => format!("shrank to {last}"),
        (Verdict::Settled, _) => format!("had settled at {last}"),
        (Verdict::Steady, _) => format!("was steady at {last}"),
        (Verdict::Unclear, _) => format!("was unclear at {last}"),
    }
}

/// The second one in the present.
fn does(state: &State, units: Units) -> String {
    let last = level(state, units);
    match (state.verdict, with_unit(state, units)) {
        (Verdict::Growing, Some(rate)) => format!("now grows {rate}"),
        (Verdict::Growing, None) => format!("now grows, to {last}"),
        (Verdict::Shrinking, _) => format!("now shrinks, to {last}"),
        (Verdict::Settled, _) => format!("now settles at {last}"),
        (Verdict::Steady, _) => format!("now is steady at {last}"),
        (Verdict::Unclear, _) => format!("now is unclear at {last}"),
    }
}

fn level(state: &State, units: Units) -> String {
    match state.value_unit {
        ValueUnit::Bytes => units.size(state.last),
        ValueUnit::Objects => format!("{} objects", grouped(state.last)),
        ValueUnit::Count => grouped(state.last),
    }
}

/// The rate with its units.
pub(super) fn with_unit(state: &State, units: Units) -> Option<String> {
    let State { rate: value, low, high, unit, .. } = state;
    let shown = rate(&Rate { value: (*value)?, low: *low, high: *high, unit: (*unit)? }, units);
    Some(format!("{}{}", shown.value, shown.per))
}

/// The rate of a series that grows, or else its verdict with its level.
pub(super) fn rate_or_verdict(state: Option<&State>, units: Units) -> String {
    let Some(state) = state else { return "not there".to_owned() };
    let rate = with_unit(state, units).filter(|_| state.verdict == Verdict::Growing);
    rate.unwrap_or_else(|| format!("{} at {}", state.verdict.as_str(), level(state, units)))
}
