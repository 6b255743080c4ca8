//! A late start: a level that becomes a rising line within the recording.
//!
//! **Question.** Nothing grew at first, and then something did. Where did the growth begin? What follows is shorter
//! than the recording, and stands out of its scatter more clearly than a line through all of it.
//!
//! **Formula.** Of all corners `s` the one at which max(0, x − s) leaves the least squares of the values, if these are
//! fewer than those that a line leaves by the corner's own degree of freedom: F = (line − corner) / (corner / (n − 3))
//! of 16 or more, four standard errors.
//!
//! **Assumptions.** Even steps. **Source.** Hinkley (1969) for the two-phase line; the bound is ours, as `s` is looked
//! for. **Cost.** O(n).
//!
//! **When it misleads.** Growth that becomes faster has a corner as well.
//!
//! ```
//! let late: Vec<f64> = (0..40).map(|t| (f64::from(t) - 20.0).max(0.0)).collect();
//! assert_eq!(leakdiff::stats::late_start::after_corner(&late), Some(&late[20..]));
//! ```

/// The least F of a corner.
const LEAST_F: f64 = 16.0;
/// The least number of values before a corner, …
const LEAST_BEFORE: usize = 2;
/// … and after it, …
const LEAST_AFTER: usize = 8;
/// … which are a quarter of all at least.
const PARTS: usize = 4;

/// Returns the values from the corner at which a level becomes a rising line.
#[must_use]
pub fn after_corner(y: &[f64]) -> Option<&[f64]> {
    let least_after = LEAST_AFTER.max(y.len() / PARTS);
    let last = y.len().checked_sub(least_after).filter(|last| *last > LEAST_BEFORE)?;
    let n = y.len() as f64;
    let mean = y.iter().sum::<f64>() / n;
    let squares: f64 = y.iter().map(|value| (value - mean).powi(2)).sum();
    // Sums over the values after a corner, which moves from the end to the start.
    let (mut sum, mut along) = (0.0, 0.0);
    let mut best = (0, 0.0);
    let mut explained = 0.0;
    for corner in (0..y.len() - 1).rev() {
        sum += y[corner + 1] - mean;
        along += sum;
        let after = (y.len() - 1 - corner) as f64;
        let (x, x_squares) = (after * (after + 1.0) / 2.0, after * (after + 1.0) * (2.0 * after + 1.0) / 6.0);
        explained = along * along / (x_squares - x * x / n);
        if (LEAST_BEFORE..last).contains(&corner) && along > 0.0 && explained > best.1 {
            best = (corner, explained);
        }
    }
    // A corner at the first value is a line.
    let (corner, gained, left) = (best.0, best.1 - explained, squares - best.1);
    (corner > 0 && gained * (n - 3.0) >= LEAST_F * left.max(0.0) && gained > 0.0).then(|| &y[corner..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corner_is_where_a_level_becomes_a_line() {
        let noise = |t: f64| (t * 12.989_8).sin() + 0.7 * (t * 78.233).cos();
        let series = |path: &dyn Fn(f64) -> f64| (0..40).map(f64::from).map(path).collect::<Vec<_>>();
        for (name, values, expected) in [
            ("at a half", series(&|t| (t - 20.0).max(0.0)), Some(20)),
            ("under scatter", series(&|t| noise(t) + (t - 20.0).max(0.0)), Some(20)),
            ("a line", series(&|t| t), None),
            ("a line under scatter", series(&|t| t + noise(t)), None),
            ("a level", series(&|_| 7.0), None),
            ("scatter", series(&noise), None),
            ("it falls", series(&|t| -(t - 20.0).max(0.0)), None),
            ("it flattens", series(&|t| t.min(20.0)), None),
            ("too near the end", series(&|t| (t - 34.0).max(0.0)), Some(30)),
        ] {
            let found = after_corner(&values).map(|rest| values.len() - rest.len());
            let near = match (found, expected) {
                (Some(found), Some(expected)) => found.abs_diff(expected) <= 2,
                (found, expected) => found == expected,
            };
            assert!(near, "{name}: {found:?}");
        }
        assert_eq!(after_corner(&[]), None);
        assert_eq!(after_corner(&[1.0; 9]), None);
    }
}
