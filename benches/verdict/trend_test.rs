//! Harvey, Leybourne and Taylor's test of a trend: valid for noise about a line as well as for a random walk.

use leakdiff::stats::{Points, ols::ols};

use crate::one_sided::{beyond_normal, long_run, residuals, rises};

/// With fewer points there is nothing to weigh; Mann–Kendall decides.
const LEAST_POINTS: usize = 8;

/// Harvey, Leybourne and Taylor 2007, "A simple, robust and powerful test of the trend hypothesis": the score of
/// the least-squares slope and that of the mean difference, weighted by how much the noise is like a random walk;
/// `λ = exp(−0.00025·(U/S)²)` with a unit-root statistic `U` and a stationarity statistic `S`. Lags are ours.
pub fn harvey_leybourne_taylor(points: Points<'_>) -> bool {
    let n = points.len();
    if n < LEAST_POINTS {
        return rises(points);
    }
    let Some(line) = ols(points) else { return false };
    let count = n as f64;
    let lags = ((4.0 * (count / 100.0).powf(0.25)) as usize).min(n - 2);
    let left = residuals(points, &line);
    let tiny = 1e-300;
    let about_line = (long_run(&left, lags) / count).max(tiny);
    let mean = points.x().iter().sum::<f64>() / count;
    let sxx: f64 = points.x().iter().map(|x| (x - mean).powi(2)).sum();
    let level_score = line.slope / (about_line / sxx).sqrt();

    let steps: Vec<f64> = points.y().windows(2).map(|w| w[1] - w[0]).collect();
    let drift = steps.iter().sum::<f64>() / (count - 1.0);
    let about_drift: Vec<f64> = steps.iter().map(|d| d - drift).collect();
    let of_steps = (long_run(&about_drift, lags) / (count - 1.0)).max(tiny);
    let walk_score = drift / (of_steps / (count - 1.0)).sqrt();

    let mut sum = 0.0;
    let squares: f64 = left
        .iter()
        .map(|r| {
            sum += r;
            sum * sum
        })
        .sum();
    let stationarity = (squares / (count * count * about_line)).max(1e-12);
    let like_a_walk = unit_root(points.y(), lags.min((n / 4).saturating_sub(2))) / stationarity;
    let weight = (-0.000_25 * like_a_walk * like_a_walk).exp();
    beyond_normal((1.0 - weight) * level_score + weight * walk_score)
}

/// The Dickey–Fuller t of the values freed of a line as if they were almost a random walk (Elliott, Rothenberg and
/// Stock 1996), with `lags` lagged differences; 0 where nothing is left.
fn unit_root(y: &[f64], lags: usize) -> f64 {
    let freed = nearly_differenced_residuals(y);
    let scale = freed.iter().fold(0.0, |most: f64, v| most.max(v.abs()));
    let size = y.iter().fold(0.0, |most: f64, v| most.max(v.abs()));
    if scale <= 1e-9 * size {
        return 0.0;
    }
    let e: Vec<f64> = freed.iter().map(|v| v / scale).collect();
    let d: Vec<f64> = e.windows(2).map(|w| w[1] - w[0]).collect();
    let rows: Vec<(Vec<f64>, f64)> = (lags..d.len())
        .map(|t| {
            let lagged = (1..=lags).map(|k| d[t - k]);
            (std::iter::once(e[t]).chain(lagged).collect(), d[t])
        })
        .collect();
    first_t(&rows).unwrap_or(0.0)
}

/// The residuals of a straight line fitted to `y[t] − a·y[t−1]`, `a = 1 − 13.5/n`.
fn nearly_differenced_residuals(y: &[f64]) -> Vec<f64> {
    let a = 1.0 - 13.5 / y.len() as f64;
    let differenced = |v: &dyn Fn(usize) -> f64, t: usize| if t == 0 { v(0) } else { v(t) - a * v(t - 1) };
    let first = y[0];
    let (mut m11, mut m12, mut m22, mut v1, mut v2) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for t in 0..y.len() {
        let one = differenced(&|_| 1.0, t);
        let time = differenced(&|t| t as f64, t);
        let value = differenced(&|t| y[t] - first, t);
        m11 += one * one;
        m12 += one * time;
        m22 += time * time;
        v1 += one * value;
        v2 += time * value;
    }
    let determinant = m11 * m22 - m12 * m12;
    let level = (v1 * m22 - v2 * m12) / determinant;
    let slope = (v2 * m11 - v1 * m12) / determinant;
    y.iter().enumerate().map(|(t, v)| v - first - level - slope * t as f64).collect()
}

/// The t of the first coefficient of a regression: rows of regressors, each with the value that they explain.
fn first_t(rows: &[(Vec<f64>, f64)]) -> Option<f64> {
    let width = rows.first()?.0.len();
    // The normal equations, then the first column of the unit matrix.
    let mut m = vec![vec![0.0; width + 2]; width];
    for (z, d) in rows {
        for i in 0..width {
            for j in 0..width {
                m[i][j] += z[i] * z[j];
            }
            m[i][width] += z[i] * d;
        }
    }
    m[0][width + 1] = 1.0;
    solve(&mut m, width)?;
    let left: f64 = rows
        .iter()
        .map(|(z, d)| (d - z.iter().zip(&m).map(|(z, row)| z * row[width]).sum::<f64>()).powi(2))
        .sum();
    let variance = left / rows.len().saturating_sub(width).max(1) as f64 * m[0][width + 1];
    let t = m[0][width] / variance.sqrt();
    t.is_finite().then_some(t)
}

/// Gauss and Jordan's elimination with pivots; `None` if the left `width` columns are singular.
fn solve(m: &mut [Vec<f64>], width: usize) -> Option<()> {
    for column in 0..width {
        let pivot = (column..width).max_by(|a, b| m[*a][column].abs().total_cmp(&m[*b][column].abs()))?;
        if m[pivot][column].abs() < 1e-12 {
            return None;
        }
        m.swap(column, pivot);
        let top = m[column].clone();
        for (row, values) in m.iter_mut().enumerate() {
            let factor = if row == column { 1.0 - 1.0 / top[column] } else { values[column] / top[column] };
            for (v, t) in values.iter_mut().zip(&top) {
                *v -= factor * t;
            }
        }
    }
    Some(())
}
