//! Other rules for "it leaks", each in its shortest form. Tests are one-sided at 1 %.

use leakdiff::stats::Points;
use leakdiff::stats::hac::mean_change;
use leakdiff::stats::ols;
use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::one_sided::{ALPHA, long_run, residuals, rises};
use crate::trend_test::harvey_leybourne_taylor;

/// A rule: its name and its answer.
pub type Rival = (&'static str, fn(Points<'_>) -> bool);

/// All rivals, as in the tables.
pub const ALL: [Rival; 11] = [
    ("last > first", last_above_first),
    ("never shrank, rose 3 times", never_shrank),
    ("Laplace (Scalene)", laplace),
    ("Mann–Kendall", rises),
    ("Mann–Kendall + halves", rises_in_both_halves),
    ("OLS t", line),
    ("OLS + Newey–West", line_robust),
    ("mean of differences, HAC", drifts),
    ("Harvey–Leybourne–Taylor", harvey_leybourne_taylor),
    ("Coroot's tail rule", tail),
    ("Precog-like", backward_line),
];

/// The comparison of two snapshots by eye.
fn last_above_first(points: Points<'_>) -> bool {
    points.y().last() > points.y().first()
}

/// The usual rule of leak detectors that compare snapshots (memlab, Shark, refleak, in one form or another).
fn never_shrank(points: Points<'_>) -> bool {
    let (up, down) = ups_and_downs(points.y());
    down == 0 && up >= 3
}

/// Scalene's rule of succession over allocations and frees, on steps up and down: 95 % sure, or 80 % where
/// nothing reaches more.
fn laplace(points: Points<'_>) -> bool {
    let (up, down) = ups_and_downs(points.y());
    let sure = if points.len() > 20 { 0.95 } else { 0.8 };
    1.0 - (down + 1) as f64 / (up + 2) as f64 >= sure
}

/// The same, and the second half rises by at least half as much as the first.
fn rises_in_both_halves(points: Points<'_>) -> bool {
    let y = points.y();
    let (first, middle, last) = (y[0], y[y.len() / 2], y[y.len() - 1]);
    rises(points) && last > middle && last - middle >= 0.5 * (middle - first)
}

/// Student's t of the least-squares slope.
fn line(points: Points<'_>) -> bool {
    ols::ols(points).is_some_and(|line| line.slope > 0.0 && line.p / 2.0 < ALPHA)
}

/// The least-squares slope with an error after Newey and West 1987, lags 4·(n/100)^(2/9).
fn line_robust(points: Points<'_>) -> bool {
    let n = points.len();
    let Some(line) = ols::ols(points) else { return false };
    let mean = points.x().iter().sum::<f64>() / n as f64;
    let scores: Vec<f64> =
        points.x().iter().zip(residuals(points, &line)).map(|(x, r)| (x - mean) * r).collect();
    let sxx: f64 = points.x().iter().map(|x| (x - mean).powi(2)).sum();
    let lags = (4.0 * (n as f64 / 100.0).powf(2.0 / 9.0)) as usize;
    let stderr = (long_run(&scores, lags.min(n - 2)) * n as f64 / (n - 2) as f64).sqrt() / sxx;
    beyond_student(line.slope, stderr, n - 2)
}

/// The mean change from step to step with a Newey–West error.
fn drifts(points: Points<'_>) -> bool {
    mean_change(points).is_some_and(|drift| beyond_student(drift.mean, drift.stderr, points.len() - 2))
}

/// Coroot's rule: the line of the last quarter is at least 0.3 times as steep as that of all.
fn tail(points: Points<'_>) -> bool {
    let from = points.len().saturating_sub((points.len() / 4).max(5));
    let steep = slope(points, 0);
    points.len() >= 5 && steep > 0.0 && slope(points, from) >= 0.3 * steep
}

/// In the manner of Precog (Jindal et al. 2021): some stretch that ends at the end, at least a third of all, is a
/// rising line with r² of at least 0.8.
fn backward_line(points: Points<'_>) -> bool {
    let n = points.len();
    let least = (n / 3).max(5);
    (0..20_usize).any(|k| {
        let count = least + (n.saturating_sub(least)) * k / 19;
        let part = from(points, n.saturating_sub(count));
        part.and_then(ols::ols).is_some_and(|line| line.slope > 0.0 && line.r2 >= 0.8)
    })
}

/// Numbers of rises and of falls.
fn ups_and_downs(y: &[f64]) -> (usize, usize) {
    let count = |sign: f64| y.windows(2).filter(|w| (w[1] - w[0]) * sign > 0.0).count();
    (count(1.0), count(-1.0))
}

/// The points after the first ones.
fn from(points: Points<'_>, start: usize) -> Option<Points<'_>> {
    Points::new(&points.x()[start..], &points.y()[start..]).ok()
}

/// The least-squares slope of the points after the first ones; 0 where there is none.
fn slope(points: Points<'_>, start: usize) -> f64 {
    from(points, start).and_then(ols::ols).map_or(0.0, |line| line.slope)
}

/// Whether an estimate is positive beyond the level by Student's t; the sign of an exact one decides.
fn beyond_student(value: f64, stderr: f64, degrees: usize) -> bool {
    if stderr <= 1e-12 * value.abs() {
        return value > 0.0;
    }
    StudentsT::new(0.0, 1.0, degrees as f64).is_ok_and(|t| t.sf(value / stderr) < ALPHA)
}
