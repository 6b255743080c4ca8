//! A series that does not grow: it falls, holds the level that it rose to, or moves without a trend.

use super::types::{NonGrowth, Scored, Transform};
use crate::stats::Interval;
use crate::stats::growth_models::GrowthModel;
use crate::stats::mann_kendall::mann_kendall;
use crate::stats::order::{extent, median};

/// Among fewer values than this noise cannot be distinguished from a trend.
const LEAST_FOR_STEADY: usize = 24;
/// If Mann–Kendall's score of the whole, of the later half or of the last third is above this, something may be
/// growing beneath the noise: 5 %, one-sided.
const HINT: f64 = 1.645;
/// If it is below this, the whole falls: 1 %, one-sided.
const FALL: f64 = -2.326;

/// Returns the development of `values` that do not grow, given their score and their slope.
#[must_use]
pub fn non_growth(values: &[f64], scored: &Scored, slope: Option<Interval>) -> NonGrowth {
    let ends_lower = values.last() < values.first();
    if scored.models.likeliest == GrowthModel::Shrinking && ends_lower || falls(values, slope) {
        NonGrowth::Falling
    } else if has_risen(values) {
        NonGrowth::Plateau
    } else if hints_at_growth(values, scored.transform) {
        NonGrowth::Suspicious
    } else {
        NonGrowth::Steady
    }
}

/// Whether the series falls for certain: the interval of its slope and Mann–Kendall at 1 % both say so, and
/// it ends in its lower half.
fn falls(values: &[f64], slope: Option<Interval>) -> bool {
    let (low, high) = extent(values);
    let last = values.last().copied().unwrap_or(0.0);
    slope.is_some_and(|s| s.high < 0.0)
        && last <= f64::midpoint(low, high)
        && mann_kendall(values).is_some_and(|mk| mk.z < FALL)
}

/// Whether it is clearly higher at its end than at its beginning, by more than half its range: the last third
/// against the first, or against the very first value if it never came back near it.
fn has_risen(values: &[f64]) -> bool {
    let (low, high) = extent(values);
    let third = values.len().div_ceil(3);
    if third == 0 {
        return false;
    }
    let last = &values[values.len() - third..];
    let rose_at_once = extent(last).0 - values.first().copied().unwrap_or(low);
    let rose = || median(&mut last.to_vec()) - median(&mut values[..third].to_vec());
    let most = 0.5 * (high - low);
    rose_at_once > most || rose() > most
}

/// Whether a test for a trend points upward.
fn hints_at_growth(values: &[f64], transform: Transform) -> bool {
    let n = values.len();
    let rises = |from: usize| mann_kendall(&values[from..]).is_some_and(|mk| mk.z > HINT);
    // Of a wave and of a sawtooth it was seen that nothing grows beneath them; their last part alone rises or falls.
    let seen_through = matches!(transform, Transform::LowerEnvelope | Transform::WithoutCycle);
    n < LEAST_FOR_STEADY || !seen_through && [0, n / 2, 2 * n / 3].into_iter().any(rises)
}
