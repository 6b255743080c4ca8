//! The end of a start-up: the place from which a process only does its work.
//!
//! **Question.** A process loads its code and its data in a few large steps, however evenly it grows afterwards. Which
//! is the last of them? **Rule.** A step is large if it is more than two recorded steps and six times the usual step of
//! the later half (the larger of its mean and of the median of its sizes). The start-up ends with the last large step
//! in the first half before which no five steps in a row were small, if the series has risen by half of its range up to
//! there and at least five values follow. **Source.** Ours; measured in docs/statistics.md. **Cost.** O(n).
//! **Misleads** where the first large steps of many fall into the first half, as in a table that doubles: the part
//! after them may be looked at, but the whole must not be forgotten.

use super::order::{extent, median};

/// A step of a start-up is more than this many recorded steps …
const LEAST_RECORDED_STEPS: f64 = 2.0;
/// … and than this many usual steps of the later half.
const LEAST_USUAL_STEPS: f64 = 6.0;
/// A start-up is over where so many steps in a row are small: a later large one is another event.
const SMALL_IN_A_ROW: usize = 5;
/// Share of the range that is reached with the start-up.
const LEAST_SHARE: f64 = 0.5;
/// Number of values that must follow.
const LEAST_AFTER: usize = 5;

/// Returns the index of the first value after the start-up of `y`, whose values are recorded in steps of
/// `recorded_step`; `None` where there is no start-up.
#[must_use]
pub fn end_of_start_up(y: &[f64], recorded_step: f64) -> Option<usize> {
    let steps = y.len().checked_sub(1).filter(|&steps| steps > LEAST_AFTER)?;
    let step = |i: usize| y[i + 1] - y[i];
    let later: Vec<f64> = (steps / 2..steps).map(step).collect();
    let mean = later.iter().sum::<f64>() / later.len() as f64;
    let usual = median(&mut later.iter().map(|step| step.abs()).collect::<Vec<_>>()).max(mean);
    let least = (LEAST_USUAL_STEPS * usual).max(LEAST_RECORDED_STEPS * recorded_step);
    let mut end = 0;
    for i in (0..steps / 2).filter(|&i| step(i) > least) {
        if i >= end + SMALL_IN_A_ROW {
            break;
        }
        end = i + 1;
    }
    let (low, high) = extent(y);
    (end > 0 && y.len() - end >= LEAST_AFTER && y[end] - y[0] >= LEAST_SHARE * (high - low)).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_up_ends_with_its_last_large_step() {
        for (name, y, expected) in [
            ("one step", vec![1.0, 90.0, 91.0, 92.0, 93.0, 94.0, 95.0], Some(1)),
            ("a ramp", vec![1.0, 20.0, 20.0, 60.0, 61.0, 62.0, 63.0, 64.0, 65.0, 66.0], Some(3)),
            ("a step long after it", [vec![1.0, 50.0], vec![51.0; 8], vec![71.0; 12]].concat(), Some(1)),
            ("even growth", (0..20).map(f64::from).collect(), None),
            ("a level", vec![5.0; 20], None),
            ("too few values after it", vec![1.0, 20.0, 40.0, 41.0, 42.0, 43.0], None),
            (
                "a small part of the growth",
                vec![0.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 99.0, 99.0, 99.0],
                None,
            ),
            ("less than two recorded steps", vec![1.0, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5], None),
        ] {
            assert_eq!(end_of_start_up(&y, 1.0), expected, "{name}");
        }
        assert_eq!(end_of_start_up(&[], 1.0), None);
    }
}
