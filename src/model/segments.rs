//! Restarts: where one life of the process ends and the next begins.

use rustc_hash::FxHashMap;

use super::{Measured, Reference, SiteReading, Snapshot};

/// A fall to less than this share of the value before begins a new life of a process: a heap rarely gives
/// back so much at once.
const FALL_SHARE: f64 = 0.6;
/// A smaller fall begins one if it is at least this share of the whole range …
const LEAST_FALL: f64 = 0.1;
/// … and this many times the usual scatter of a step, …
const LEAST_SCATTERS: f64 = 4.5;
/// … and ends within this share of the range (and three scatters) of the level at which the series began.
const START_LEVEL: f64 = 0.12;
/// The value two before lies above by this share of the fall, and the one after next below, or it was a single odd value.
const LASTING: f64 = 0.35;
/// A fall of this share of the range that does not lead to a start-up level is no restart: then none is.
const OTHER_FALL: f64 = 0.35;
/// More falls than these, and than one in so many samples, are a sawtooth and no restarts.
const MOST_FALLS: usize = 3;
const SAMPLES_PER_FALL: usize = 1000;
/// With fewer samples a fall is not judged.
const LEAST_SAMPLES: usize = 12;
/// The usual scatter of a step: its median deviation, made comparable to a standard deviation of the values about
/// their path.
const SCATTER: f64 = 1.4826 / std::f64::consts::SQRT_2;

/// Indices at which a process's memory falls to a start-up level.
#[must_use]
pub fn of_process(bytes: &[f64]) -> Vec<usize> {
    let n = bytes.len();
    let (low, high) =
        bytes.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &v| (v.min(low), v.max(high)));
    if n < LEAST_SAMPLES || high <= low {
        return Vec::new();
    }
    let range = high - low;
    let most = MOST_FALLS.max(n / SAMPLES_PER_FALL);
    // A restart is a fall of a tenth of the range at least. Most series have none, or few, and need no scatter.
    let deep: Vec<usize> = (1..n).filter(|&i| bytes[i - 1] - bytes[i] >= LEAST_FALL * range).collect();
    if deep.is_empty() {
        return Vec::new();
    }
    let scatter = scatter(bytes);
    let start = middle(&mut bytes[..(n / 10).clamp(1, 3)].to_vec());
    let is_restart = |i: usize| {
        let fall = bytes[i - 1] - bytes[i];
        let lasts = bytes[i.saturating_sub(2)] - bytes[i] >= LASTING * fall
            && bytes[i - 1] - bytes[(i + 1).min(n - 1)] >= LASTING * fall;
        let to_the_start = (bytes[i] - start).abs() <= START_LEVEL * range + 3.0 * scatter;
        fall >= LEAST_SCATTERS * scatter && lasts && (bytes[i] < FALL_SHARE * bytes[i - 1] || to_the_start)
    };
    let large = deep.iter().filter(|&&i| bytes[i - 1] - bytes[i] > OTHER_FALL * range).take(most + 1).count();
    let falls: Vec<usize> = deep.into_iter().filter(|&i| is_restart(i)).take(most + 1).collect();
    if falls.len() > most || large > falls.len() { Vec::new() } else { falls }
}

/// The usual scatter of the values about their path.
fn scatter(bytes: &[f64]) -> f64 {
    let mut steps: Vec<f64> = bytes.windows(2).map(|w| w[1] - w[0]).collect();
    let usual = middle(&mut steps);
    steps.iter_mut().for_each(|step| *step = (*step - usual).abs());
    SCATTER * middle(&mut steps)
}

/// The middle value (of an even number the upper one); 0 of none. Leaves the values in another order.
fn middle(values: &mut [f64]) -> f64 {
    let half = values.len() / 2;
    if values.is_empty() { 0.0 } else { *values.select_nth_unstable_by(half, f64::total_cmp).1 }
}

/// What is listed in two snapshots must fall to less than this share of its size to begin a new life …
const TOTAL_SHARE: f64 = 0.5;
/// … and at least this share of the sites listed in both must fall: a flushed cache is a few sites, a
/// restart is all of them.
const FALLEN_SHARE: f64 = 0.8;
/// Fewer sites than these in common say nothing.
const LEAST_SITES: usize = 4;

/// Whether one heap became another: for the sites told of twice, what they were before and what they are
/// now, in bytes.
fn heap_collapsed(sites: &[(Measured, Measured)]) -> bool {
    let before: f64 = sites.iter().map(|(a, _)| a.value).sum();
    let after: f64 = sites.iter().map(|(_, b)| b.value).sum();
    let fallen = sites.iter().filter(|(a, b)| b.value < a.value && !b.agrees_with(*a)).count();
    #[allow(clippy::cast_precision_loss)]
    let share = fallen as f64 / sites.len().max(1) as f64;
    sites.len() >= LEAST_SITES && after < TOTAL_SHARE * before && share >= FALLEN_SHARE
}

/// The indices at which a history of snapshots begins a new life.
///
/// Statistics are compared with the list before. Differences say themselves what a site was before (`size −
/// change`): where that is far less than what the list before said, the differences are of another process.
/// (The sizes in a cut list of differences say nothing: it shows just those that moved.) Differences against
/// a fixed first snapshot are of another process where that snapshot collapsed.
#[must_use]
pub fn of_history(snapshots: &[Snapshot], reference: Option<Reference>) -> Vec<usize> {
    let base = |r: &SiteReading| r.change.map_or(r.size, |change| r.size - change.bytes);
    let (was, now): (fn(&SiteReading) -> Measured, _) = match reference {
        None | Some(Reference::Previous) => (|r| r.size, base),
        Some(Reference::First) => (base, base),
    };
    let mut starts = Vec::new();
    for (i, pair) in snapshots.windows(2).enumerate() {
        let before: FxHashMap<_, _> = pair[0].readings.iter().map(|r| (r.site, was(r))).collect();
        let same: Vec<_> =
            pair[1].readings.iter().filter_map(|r| before.get(&r.site).map(|&size| (size, now(r)))).collect();
        if heap_collapsed(&same) {
            starts.push(i + 1);
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Change, Cut, Dialect, SiteId};

    #[test]
    fn a_fall_to_a_start_up_level_is_a_restart_and_a_sawtooth_is_not() {
        let mut grown: Vec<f64> = (0..10).map(|k| 100.0 + 10.0 * f64::from(k)).collect();
        grown.extend((0..10).map(|k| 100.0 + 10.0 * f64::from(k)));
        assert_eq!(of_process(&grown), [10]);
        let saw: Vec<f64> = (0..40).map(|k| 100.0 + 100.0 * f64::from(k % 5)).collect();
        assert_eq!(of_process(&saw), Vec::<usize>::new());
        assert_eq!(of_process(&[100.0, 10.0, 20.0]), Vec::<usize>::new());
    }

    #[test]
    fn a_heap_collapses_only_as_a_whole() {
        let exact = |a, b| (Measured::exact(a), Measured::exact(b));
        let all = [exact(100.0, 10.0); 8];
        assert!(heap_collapsed(&all));
        let mut one_cache = [exact(10.0, 11.0); 8];
        one_cache[0] = exact(10_000.0, 0.0);
        assert!(!heap_collapsed(&one_cache));
        assert!(!heap_collapsed(&all[..3]));
    }

    /// A list of five sites of `size` bytes each that changed by `change`.
    fn list(size: f64, change: Option<f64>) -> Snapshot {
        let reading = |k| SiteReading {
            site: SiteId(k),
            size: Measured::exact(size),
            blocks: Some(1),
            change: change.map(|c| Change { bytes: Measured::exact(c), blocks: Some(0) }),
            line: 1,
        };
        Snapshot {
            at: None,
            dialect: Dialect::Difference,
            readings: (0..5).map(reading).collect(),
            cut: Cut::Unsaid,
            worker: None,
            line: 1,
        }
    }

    #[test]
    fn differences_tell_a_restart_by_what_they_say_of_before() {
        let no = Vec::<usize>::new();
        for (what, lists, reference, starts) in [
            (
                "freed",
                [list(900.0, Some(10.0)), list(100.0, Some(-800.0))],
                Some(Reference::Previous),
                no.clone(),
            ),
            (
                "restarted",
                [list(900.0, Some(10.0)), list(100.0, Some(10.0))],
                Some(Reference::Previous),
                vec![1],
            ),
            ("one base", [list(900.0, Some(800.0)), list(100.0, Some(0.0))], Some(Reference::First), no),
            (
                "another base",
                [list(900.0, Some(10.0)), list(100.0, Some(10.0))],
                Some(Reference::First),
                vec![1],
            ),
            ("statistics", [list(900.0, None), list(100.0, None)], None, vec![1]),
        ] {
            assert_eq!(of_history(&lists, reference), starts, "{what}");
        }
    }
}
