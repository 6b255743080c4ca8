//! Restarts: where one life of a process ends and the next begins, told by its memory. (`restarts` tells it by a heap's
//! sites.)

use crate::stats::age_line::age_line;

/// A fall to less than this share of the value before begins a new life of a process: a heap rarely gives
/// back so much at once.
const FALL_SHARE: f64 = 0.6;
/// A fall to less than this share begins one if it leads back to the level at which the series began: a collector
/// frees less of a process, most of which are code and data that stay.
const FALL_TO_THE_START: f64 = 0.75;
/// It must be at least this share of the whole range …
const LEAST_FALL: f64 = 0.1;
/// … and this many times the usual scatter of a step, …
const LEAST_SCATTERS: f64 = 4.5;
/// … and one to the start ends within this share of the range (and three scatters) of the level there.
const START_LEVEL: f64 = 0.12;
/// The value two before lies above by this share of the fall, and the one after next below, or it was a single odd
/// value.
const LASTING: f64 = 0.35;
/// A fall of this share of the range that stands out of the scatter and does not lead to a start-up level is no
/// restart: then none is.
const OTHER_FALL: f64 = 0.35;
/// More falls than these, and than one in so many samples, are a sawtooth and no restarts.
const MOST_FALLS: usize = 3;
const SAMPLES_PER_FALL: usize = 1000;
/// With fewer samples a fall is not judged.
const LEAST_SAMPLES: usize = 12;
/// The usual scatter of a step: its median deviation, made comparable to a standard deviation of the values about
/// their path.
const SCATTER: f64 = 1.4826 / std::f64::consts::SQRT_2;

/// Indices at which a process's memory falls to a start-up level. Before the readings `away` a time was written without
/// a value: the process was not there, and has had some time since to load what it needs.
#[must_use]
pub fn of_process(bytes: &[f64], away: &[usize]) -> Vec<usize> {
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
    let to_the_start = |i: usize| (bytes[i] - start).abs() <= START_LEVEL * range + 3.0 * scatter;
    let stands_out = |i: usize| bytes[i - 1] - bytes[i] >= LEAST_SCATTERS * scatter;
    let lasts = |i: usize| {
        let fall = bytes[i - 1] - bytes[i];
        bytes[i.saturating_sub(2)] - bytes[i] >= LASTING * fall
            && bytes[i - 1] - bytes[(i + 1).min(n - 1)] >= LASTING * fall
    };
    let is_restart = |i: usize| {
        let share = bytes[i] / bytes[i - 1];
        let falls = lasts(i) && (share < FALL_SHARE || share < FALL_TO_THE_START && to_the_start(i));
        stands_out(i) && (falls || is_first_sample(bytes, i) || away.contains(&i))
    };
    // A process that began anew once does so from the same level after a shorter life, from which it falls less far.
    let began_anew = deep.iter().any(|&i| is_restart(i) && lasts(i) && to_the_start(i));
    let is_restart = |i: usize| is_restart(i) || began_anew && stands_out(i) && lasts(i) && to_the_start(i);
    let is_large = |&&i: &&usize| bytes[i - 1] - bytes[i] > OTHER_FALL * range && stands_out(i);
    let large = deep.iter().filter(is_large).take(most + 1).count();
    let falls: Vec<usize> = deep.into_iter().filter(|&i| is_restart(i)).take(most + 1).collect();
    let falls = if falls.len() > most || large > falls.len() { Vec::new() } else { falls };
    beside_noise(bytes, &falls).unwrap_or(falls)
}

/// Restarts that do not stand out of the noise one by one: memory that begins at one level after each of them, and
/// rises by one slope since. They must be those that do, and more.
fn beside_noise(bytes: &[f64], falls: &[usize]) -> Option<Vec<usize>> {
    let first_samples: Vec<usize> = (1..bytes.len()).filter(|&at| is_first_sample(bytes, at)).collect();
    let found = age_line(bytes, &first_samples)?.starts;
    falls.iter().all(|fall| found.contains(fall)).then_some(found)
}

/// Whether a single value lies far below both of its neighbours: a process that has just begun, before it has loaded
/// what it needs.
fn is_first_sample(bytes: &[f64], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
    let neighbours = before.zip(bytes.get(at + 1));
    neighbours.is_some_and(|(before, after)| has_just_begun(bytes[at], before.min(*after)))
}

/// Whether a process that has so many bytes has only just begun, by what it has in the next sample.
#[must_use]
pub fn has_just_begun(bytes: f64, next: f64) -> bool {
    bytes < FALL_SHARE * next
}

/// Whether memory goes on at a reading as it does elsewhere: it moves no more than by the largest other step.
#[must_use]
pub fn goes_on(bytes: &[f64], at: usize) -> bool {
    let step = |at: usize| Some((bytes.get(at)? - bytes.get(at.checked_sub(1)?)?).abs());
    let largest = (1..bytes.len()).filter(|other| *other != at).filter_map(step).fold(0.0, f64::max);
    step(at).is_none_or(|step| step <= largest)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fall_to_a_start_up_level_is_a_restart_and_a_sawtooth_is_not() {
        let lives = |level: f64, step: f64| -> Vec<f64> {
            (0..20).map(|k| level + step * f64::from(k % 10)).collect()
        };
        let with = |at: usize, value: f64, mut values: Vec<f64>| {
            values[at] = value;
            values
        };
        let saw: Vec<f64> = (0..40).map(|k| 100.0 + 100.0 * f64::from(k % 5)).collect();
        for (name, bytes, away, expected) in [
            ("to the start, by nearly half", lives(100.0, 10.0), vec![], vec![10]),
            ("to the start, by a thousandth", lives(100_000.0, 10.0), vec![], vec![]),
            ("by a thousandth, after a time without a value", lives(100_000.0, 10.0), vec![10], vec![10]),
            ("no fall after a time without a value", lives(100_000.0, 10.0), vec![5], vec![]),
            (
                "one value of a process that has just begun",
                with(10, 40.0, lives(100.0, 1.0)),
                vec![],
                vec![10],
            ),
            (
                "to the start, the second time after a shorter life",
                [lives(100.0, 10.0), lives(100.0, 10.0)[..4].to_vec(), lives(100.0, 10.0)[..6].to_vec()]
                    .concat(),
                vec![],
                vec![10, 20, 24],
            ),
            (
                "short lives alone",
                [&lives(100.0, 10.0)[..4], &lives(100.0, 10.0)[..10]].concat(),
                vec![],
                vec![],
            ),
            ("five periods", saw, vec![], vec![]),
            ("too few samples", vec![100.0, 10.0, 20.0], vec![], vec![]),
        ] {
            assert_eq!(of_process(&bytes, &away), expected, "{name}");
        }
    }
}
