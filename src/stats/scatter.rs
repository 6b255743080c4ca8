//! A line under scatter: growth of a few times a noise that has no memory.
//!
//! **Question.** Half of the values of a series lie off its line. Does it wander, or does it grow under noise?
//!
//! **Formula.** The noise scatters where the lag-1 correlation of the residuals is a standard error or more below a
//! half ([`line_interval`]). There the least-squares slope has an error that can be relied on; the line rises where
//! its slope is more than two half-widths of that interval above zero, four standard errors, and it does not flatten
//! where the coefficient of x² about the line is less than two standard errors below zero. Growth by fewer than six
//! of the smallest steps that the values take is flicker of a few blocks. Means of neighbouring values then tell the
//! path with less noise than the values do: some ten groups of equal size, counted from the end.
//!
//! **Assumptions.** Even steps. **Cost.** O(n).
//!
//! **When it misleads.** A cache that fills evenly is a line as well. Below sixteen values there are too few to see
//! that noise has no memory.
//!
//! ```
//! let noise = |t: f64| (t * 12.989_8).sin() + 0.7 * (t * 78.233).cos();
//! let line: Vec<f64> = (0..40).map(|t| 0.1 * f64::from(t) + noise(f64::from(t))).collect();
//! assert_eq!(leakdiff::stats::scatter::means_of_line(&line).map(|means| means.len()), Some(10));
//! ```

use super::Points;
use super::autocorrelation::line_interval;

/// Fewer values do not show that their noise has no memory.
const LEAST: usize = 16;
/// Half-widths of the slope's 95 % interval that it must be above zero.
const RISES: f64 = 2.0;
/// Standard errors by which the curve may bend downwards.
const FLATTENS: f64 = 2.0;
/// Growth by fewer of the smallest steps that the values take is flicker.
const LEAST_GROWTH: f64 = 6.0;
/// Number of groups.
const GROUPS: usize = 10;

/// Returns the means of some ten groups of neighbouring values, where these scatter about a rising line.
#[must_use]
pub fn means_of_line(values: &[f64]) -> Option<Vec<f64>> {
    let n = values.len();
    if n < LEAST {
        return None;
    }
    let x: Vec<f64> = (0..n).map(|i| i as f64).collect();
    let line = line_interval(Points::new(&x, values).ok()?)?;
    let half = line.high - line.value;
    let grown = line.value * (n - 1) as f64;
    let rises = line.value > RISES * half && grown >= LEAST_GROWTH * least_step(values);
    if !rises || bend(values, line.value) < -FLATTENS {
        return None;
    }
    let size = (n / GROUPS).max(2);
    let groups = values.rchunks_exact(size).map(|group| group.iter().sum::<f64>() / size as f64);
    let mut means: Vec<f64> = groups.collect();
    means.reverse();
    Some(means)
}

/// The smallest step between two values; 0 where none differ.
fn least_step(values: &[f64]) -> f64 {
    let steps = values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).filter(|step| *step > 0.0);
    steps.reduce(f64::min).unwrap_or(0.0)
}

/// The coefficient of x² about a line of this slope, in its standard errors.
fn bend(values: &[f64], slope: f64) -> f64 {
    let n = values.len() as f64;
    let middle = (n - 1.0) / 2.0;
    let mean = values.iter().sum::<f64>() / n;
    let mean_square = (n * n - 1.0) / 12.0;
    let (mut along, mut squares, mut total) = (0.0, 0.0, 0.0);
    for (i, value) in values.iter().enumerate() {
        let at = i as f64 - middle;
        let (curve, rest) = (at * at - mean_square, value - mean - slope * at);
        along += curve * rest;
        squares += curve * curve;
        total += rest * rest;
    }
    let left = (total - along * along / squares).max(0.0) / (n - 3.0);
    if along == 0.0 { 0.0 } else { along / (left * squares).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scatter that is the same in every run.
    fn noise(t: f64) -> f64 {
        (t * 12.989_8).sin() + 0.7 * (t * 78.233).cos()
    }

    #[test]
    fn only_a_line_under_scatter_has_means() {
        let of = |n: i32, value: &dyn Fn(f64) -> f64| -> Vec<f64> {
            (0..n).map(|t| value(f64::from(t))).collect()
        };
        for (name, values, groups) in [
            ("a line of five times its noise", of(40, &|t| 0.12 * t + noise(t)), Some(10)),
            ("a longer one", of(100, &|t| 0.05 * t + noise(t)), Some(10)),
            ("one that becomes steeper", of(80, &|t| 0.06 * t + 0.0002 * t * t + noise(t)), Some(10)),
            ("too short", of(15, &|t| t + noise(t)), None),
            ("noise alone", of(40, &noise), None),
            ("it falls", of(40, &|t| -0.12 * t + noise(t)), None),
            ("it flattens", of(40, &|t| 9.0 * (1.0 - (-t / 9.0).exp()) + noise(t)), None),
            ("a slow wave", of(40, &|t| 0.12 * t + 3.0 * (t / 4.0).sin()), None),
            ("a step", of(40, &|t| if t < 20.0 { 0.0 } else { 9.0 }), None),
            ("a constant", vec![7.0; 40], None),
            ("six blocks", of(40, &|t| (0.15 * t + noise(t)).round()), None),
            ("a hundred and twenty blocks", of(80, &|t| (1.5 * t + 10.0 * noise(t)).round()), Some(10)),
        ] {
            assert_eq!(means_of_line(&values).map(|means| means.len()), groups, "{name}");
        }
    }

    #[test]
    fn means_are_counted_from_the_end() {
        let values: Vec<f64> = (0..21).map(|i| f64::from(i) + 0.25 * f64::from(i % 2)).collect();
        let means = means_of_line(&values).unwrap_or_default();
        assert_eq!(means.last(), Some(&19.625));
        assert_eq!(means.len(), 10);
    }
}
