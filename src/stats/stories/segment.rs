//! Which part of a series is analysed: one life of the process, without its start-up jump.

use std::ops::Range;

/// A fall below this share of the level before it begins a new life.
const FALL: f64 = 0.6;
/// More such falls than this are a sawtooth, not restarts.
const MOST_RESTARTS: usize = 3;
/// Shorter series are not cut.
const SHORTEST_CUT: usize = 12;
/// The last life is preferred from this length on.
const LONG_ENOUGH: usize = 8;
/// What the cut of the start-up must leave.
const FEWEST_LEFT: usize = 5;

/// The last life of a process if it is long enough, else the longest, without its start-up.
pub(super) fn last_life(y: &[f64]) -> Range<usize> {
    let falls: Vec<usize> =
        (1..y.len()).filter(|&i| y[i] < FALL * y[i - 1]).take(MOST_RESTARTS + 1).collect();
    let cuts: &[usize] = if falls.len() <= MOST_RESTARTS && y.len() >= SHORTEST_CUT { &falls } else { &[] };
    let mut longest = 0..0;
    let mut start = 0;
    for end in cuts.iter().copied().chain([y.len()]) {
        if end - start > longest.len() {
            longest = start..end;
        }
        start = end;
    }
    let last = cuts.last().copied().unwrap_or(0)..y.len();
    let chosen = if last.len() >= LONG_ENOUGH && 2 * last.len() >= longest.len() { last } else { longest };
    without_start(y, chosen)
}

/// `range` without what comes before a start-up step: in its first tenth a rise of more than half of all
/// movement.
pub(super) fn without_start(y: &[f64], range: Range<usize>) -> Range<usize> {
    let part = &y[range.clone()];
    let (low, high) =
        part.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &v| (v.min(low), v.max(high)));
    // Halved before the difference: the range of finite numbers need not be finite.
    let half = 0.5 * high - 0.5 * low;
    let first_tenth = (part.len() / 10).max(1).min(part.len().saturating_sub(1));
    let cut = (1..=first_tenth).rev().find(|&i| part[i] - part[i - 1] > half);
    match cut {
        Some(step) if part.len() - step >= FEWEST_LEFT => range.start + step..range.end,
        _ => range,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(from: f64, n: usize) -> Vec<f64> {
        (0..n).map(|i| from + i as f64).collect()
    }

    #[test]
    fn a_process_is_cut_at_restarts_and_a_site_is_not() {
        let join = |parts: &[Vec<f64>]| parts.concat();
        let cases = [
            ("no restart", ramp(100.0, 20), 0..20),
            ("the last life", join(&[ramp(100.0, 10), ramp(20.0, 10)]), 10..20),
            ("the last life is too short", join(&[ramp(100.0, 15), ramp(20.0, 5)]), 0..15),
            ("the last is under half of the longest", join(&[ramp(100.0, 30), ramp(20.0, 9)]), 0..30),
            ("too short a series to cut", join(&[ramp(100.0, 5), ramp(20.0, 6)]), 0..11),
        ];
        for (name, y, expected) in cases {
            assert_eq!(last_life(&y), expected, "{name}");
        }
        let saw = [10.0, 100.0].repeat(10);
        assert_eq!(last_life(&saw).end, 20);
        assert_eq!(last_life(&saw).len(), 19); // only the start-up step goes
    }

    #[test]
    fn a_start_up_step_is_cut_when_enough_is_left() {
        let cases: [(&[f64], Range<usize>); 4] = [
            (&[0.0, 100.0, 101.0, 102.0, 103.0, 104.0], 1..6),
            (&[0.0, 100.0, 101.0, 102.0, 103.0], 0..5),
            (&[0.0, 10.0, 20.0, 30.0, 40.0, 50.0], 0..6),
            (&[5.0; 6], 0..6),
        ];
        for (y, expected) in cases {
            assert_eq!(without_start(y, 0..y.len()), expected, "{y:?}");
        }
    }
}
