//! The part of a series that models are fitted to: all but its start-up jump.

use std::ops::Range;

use crate::stats::order::extent;

/// Number of values that the cut of the start-up must leave.
const FEWEST_LEFT: usize = 5;

/// Returns the range of `y` without the values before a start-up step: a rise, in its first tenth, of more than half of
/// all movement.
pub(super) fn without_start(y: &[f64]) -> Range<usize> {
    let (low, high) = extent(y);
    // Halved before the difference: the range of finite numbers need not be finite.
    let half = 0.5 * high - 0.5 * low;
    let first_tenth = (y.len() / 10).max(1).min(y.len().saturating_sub(1));
    let cut = (1..=first_tenth).rev().find(|&i| y[i] - y[i - 1] > half);
    match cut {
        Some(step) if y.len() - step >= FEWEST_LEFT => step..y.len(),
        _ => 0..y.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_up_step_is_cut_when_enough_is_left() {
        let cases: [(&[f64], Range<usize>); 4] = [
            (&[0.0, 100.0, 101.0, 102.0, 103.0, 104.0], 1..6),
            (&[0.0, 100.0, 101.0, 102.0, 103.0], 0..5),
            (&[0.0, 10.0, 20.0, 30.0, 40.0, 50.0], 0..6),
            (&[5.0; 6], 0..6),
        ];
        for (y, expected) in cases {
            assert_eq!(without_start(y), expected, "{y:?}");
        }
    }
}
