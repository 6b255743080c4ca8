//! The primary metric of a process: the one that a headline names and a finding is about.

use crate::model::{Metric, Role};
use crate::verdict::{JudgedProcess, Verdict};

/// A part that carries this share of the growth is named instead of the whole.
const MOST_OF_IT: f64 = 0.9;

/// Returns the processes of a recording, as ranges of its series: those of one process are adjacent.
pub fn processes(series: &[JudgedProcess]) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut begin = 0;
    series.chunk_by(same_process).map(move |group| {
        let range = begin..begin + group.len();
        begin = range.end;
        range
    })
}

fn same_process(a: &JudgedProcess, b: &JudgedProcess) -> bool {
    a.process.group == b.process.group
}

/// Returns the index of the primary metric of one process: resident memory, or the part of it that carries its growth
/// or its fall. `group` are all series of the process.
#[must_use]
pub fn primary_metric(group: &[JudgedProcess]) -> usize {
    let first = whole(group);
    let Some(total) = group.get(first) else { return 0 };
    let is_part = |metric: Metric| metric.role == Role::Part && metric != Metric::PSS;
    let carries_most = |part: &JudgedProcess| {
        total.process.metric.role == Role::Resident
            && is_part(part.process.metric)
            && part.trend.verdict == total.trend.verdict
            && carries(part, total)
    };
    group.iter().position(carries_most).unwrap_or(first)
}

/// The index of the first series of resident memory, with swap where that moves; without one, of what may leak, of swap
/// that is in use, of what is free; else 0.
fn whole(group: &[JudgedProcess]) -> usize {
    let rank = |judged: &JudgedProcess| match judged.process.metric.role {
        // Where swap moves, resident memory alone falls when it should grow.
        Role::ResidentAndSwap => 0,
        Role::Resident => 1,
        Role::Swap => 3 + 2 * u8::from(judged.trend.verdict == Verdict::Steady),
        Role::Free => 4,
        _ => {
            if judged.process.metric.role.may_leak(judged.process.subject.kind) {
                2
            } else {
                6
            }
        }
    };
    (0..group.len()).min_by_key(|&index| rank(&group[index])).unwrap_or(0)
}

/// Whether a part makes up most of the growth or fall of the whole: by their rates where both grow or fall, since the
/// ends of a recording say nothing about it over a restart; else by their changes.
fn carries(part: &JudgedProcess, total: &JudgedProcess) -> bool {
    let (share, whole) = match (total.trend.verdict, &part.trend.slope, &total.trend.slope) {
        (Verdict::Steady, _, _) => return false,
        (Verdict::Growing | Verdict::Shrinking, Some(of_part), Some(of_total)) => {
            (of_part.value, of_total.value)
        }
        _ => (change(part), change(total)),
    };
    whole != 0.0 && share / whole >= MOST_OF_IT
}

fn change(judged: &JudgedProcess) -> f64 {
    let mut samples = judged.process.samples();
    let first = samples.next().map_or(0.0, |sample| sample.value.value);
    samples.next_back().map_or(0.0, |last| last.value.value - first)
}
