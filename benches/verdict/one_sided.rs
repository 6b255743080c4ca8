//! One-sided tests that several rivals share.

use leakdiff::stats::Points;
use leakdiff::stats::mann_kendall;
use leakdiff::stats::ols;
use statrs::distribution::{ContinuousCDF, Normal};

/// The level of all tests.
pub const ALPHA: f64 = 0.01;

/// Mann 1945 and Kendall 1975; exact where there are few values and no ties.
pub fn rises(points: Points<'_>) -> bool {
    mann_kendall::mann_kendall(points.y()).is_some_and(|test| {
        let two_sided = test.exact_p.unwrap_or(test.p);
        test.s > 0 && two_sided / 2.0 < ALPHA
    })
}

/// The residuals of a line.
pub fn residuals(points: Points<'_>, line: &ols::Ols) -> Vec<f64> {
    let x0 = points.x()[0];
    points.x().iter().zip(points.y()).map(|(x, y)| y - line.intercept - line.slope * (x - x0)).collect()
}

/// The sum of squares of `u` and of its products over `lags` lags, with Bartlett's weights; never negative.
pub fn long_run(u: &[f64], lags: usize) -> f64 {
    let product = |lag: usize| u[lag..].iter().zip(u).map(|(a, b)| a * b).sum::<f64>();
    let weight = |lag: usize| 1.0 - lag as f64 / (lags + 1) as f64;
    let lagged: f64 = (1..=lags.min(u.len() - 1)).map(|lag| 2.0 * weight(lag) * product(lag)).sum();
    (product(0) + lagged).max(0.0)
}

/// Whether a normal score is beyond the level.
pub fn beyond_normal(z: f64) -> bool {
    Normal::standard().sf(z) < ALPHA
}
