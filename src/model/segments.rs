//! Restarts: where one life of the process ends and the next begins.

use super::Snapshot;

/// A fall to less than this share of the value before begins a new life of a process: a heap rarely gives back so much at once.
const FALL_SHARE: f64 = 0.6;
/// More falls than these, and than one in so many samples, are a sawtooth and no restarts.
const MOST_FALLS: usize = 3;
const SAMPLES_PER_FALL: usize = 40;
/// With fewer samples a fall is not judged.
const LEAST_SAMPLES: usize = 12;

/// Indices at which a process's memory falls to a start-up level.
#[must_use]
pub fn of_process(bytes: &[f64]) -> Vec<usize> {
    let falls: Vec<usize> = (1..bytes.len()).filter(|&i| bytes[i] < FALL_SHARE * bytes[i - 1]).collect();
    if bytes.len() < LEAST_SAMPLES || falls.len() > MOST_FALLS.max(bytes.len() / SAMPLES_PER_FALL) {
        Vec::new()
    } else {
        falls
    }
}

/// A snapshot whose listed sizes add up to less than this share of the snapshot before begins a new life …
const TOTAL_SHARE: f64 = 0.5;
/// … if at least this share of the sites listed in both shrank: a flushed cache is a few sites, a restart is all of them.
const SHRUNK_SHARE: f64 = 0.7;
/// Fewer sites than these in common say nothing.
const LEAST_SITES: usize = 5;

/// Whether `next` is of another life of the process than `previous`: what is listed in both collapsed.
///
/// `same` tells for each pair of readings of one site their sizes in bytes, before and after.
#[must_use]
pub fn heap_collapsed(same: &[(f64, f64)]) -> bool {
    if same.len() < LEAST_SITES {
        return false;
    }
    let before: f64 = same.iter().map(|(a, _)| a).sum();
    let after: f64 = same.iter().map(|(_, b)| b).sum();
    let shrunk = same.iter().filter(|(a, b)| b < a).count();
    #[allow(clippy::cast_precision_loss)]
    let share = shrunk as f64 / same.len() as f64;
    after < TOTAL_SHARE * before && share >= SHRUNK_SHARE
}

/// The positions at which a history of snapshots begins a new life.
#[must_use]
pub fn of_history(snapshots: &[&Snapshot]) -> Vec<usize> {
    let mut starts = Vec::new();
    for (i, pair) in snapshots.windows(2).enumerate() {
        let before: rustc_hash::FxHashMap<_, _> =
            pair[0].readings.iter().map(|r| (r.site, r.size.value)).collect();
        let same: Vec<(f64, f64)> = pair[1]
            .readings
            .iter()
            .filter_map(|r| before.get(&r.site).map(|&size| (size, r.size.value)))
            .collect();
        if heap_collapsed(&same) {
            starts.push(i + 1);
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let all = [(100.0, 10.0); 8];
        assert!(heap_collapsed(&all));
        let mut one_cache = [(10.0, 11.0); 8];
        one_cache[0] = (10_000.0, 0.0);
        assert!(!heap_collapsed(&one_cache));
        assert!(!heap_collapsed(&all[..3]));
    }
}
