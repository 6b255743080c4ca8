//! The plateau at the end of a series that only grows: is it one of many, or the end of growth?
//!
//! **Question.** The series grew in bursts and has been constant since the last one. **Rule.** Where nothing is given
//! back (falls at most 0.02 of the movement) and the growth is worth at least eight equal steps ((Σd)²/Σd²), a trailing
//! plateau that is shorter than the longest one before it is no evidence: growth came back from a longer one. It can be
//! left out of the judgement. **Source.** Ours; measured in docs/statistics.md. **Cost.** O(n). **Misleads** where
//! plateaus get longer and longer, as in a cache that fills; there the last is usually the longest, and stays in.

use super::steps::{GIVEN_BACK, Movement};

/// The least number of effective rises.
const FEWEST_RISES: f64 = 8.0;

/// Returns the number of values at the end of `y` that are a plateau and no evidence; 0 if there is none.
#[must_use]
pub fn trailing_plateau(y: &[f64]) -> usize {
    let movement = Movement::of(y);
    let net = movement.up - movement.down;
    // With fewer rises than this the growth is worth fewer equal steps, too.
    if net <= 0.0 || net * net < FEWEST_RISES * movement.squares || movement.gives_back(GIVEN_BACK) {
        return 0;
    }
    let (mut last, mut longest) = (None, 0);
    for (i, _) in y.windows(2).enumerate().filter(|(_, pair)| pair[1] > pair[0]) {
        longest = longest.max(last.map_or(0, |last| i - last));
        last = Some(i);
    }
    let plateau = last.map_or(0, |last| y.len() - 2 - last);
    if plateau >= 2 && plateau < longest { plateau } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One step up for each `+`.
    fn walk(moves: &str) -> Vec<f64> {
        let mut level = 0.0;
        std::iter::once(0.0)
            .chain(moves.chars().map(|c| {
                level += match c {
                    '+' => 1.0,
                    '-' => -1.0,
                    _ => 0.0,
                };
                level
            }))
            .collect()
    }

    #[test]
    fn a_plateau_is_no_evidence_if_growth_came_back_from_a_longer_one() {
        for (moves, expected) in [
            ("++++.....++++...", 3),
            ("++++...++++.....", 0),
            ("++++.....++++", 0),
            ("++.....++...", 0),
            ("++++.....+-++++...", 0),
            ("", 0),
        ] {
            assert_eq!(trailing_plateau(&walk(moves)), expected, "{moves}");
        }
        assert_eq!(trailing_plateau(&[]), 0);
    }
}
