//! The classical statistics against scipy, pymannkendall and numpy: `tests/reference/make_statistics.py`
//! made the values.
#![allow(clippy::unwrap_used)]

use leakdiff::stats::Points;
use leakdiff::stats::hac::mean_change;
use leakdiff::stats::mann_kendall::mann_kendall;
use leakdiff::stats::ols::ols;
use leakdiff::stats::theil_sen::theil_sen;
use serde::Deserialize;

#[derive(Deserialize)]
struct Row {
    x: Vec<f64>,
    y: Vec<f64>,
    ols: Vec<Option<f64>>,
    theil_sen: Vec<Option<f64>>,
    mann_kendall: Vec<Option<f64>>,
    mean_change: Option<Vec<Option<f64>>>,
}

fn rows() -> Vec<Row> {
    serde_json::from_str(include_str!("reference/statistics.json")).unwrap()
}

/// Relative agreement to 1e-9; next to a value that is pure rounding (a slope of a constant) agreement to
/// 1e-9 of `scale`.
fn agree(what: &str, found: f64, expected: Option<f64>, scale: f64) {
    let Some(expected) = expected else { return };
    let off = (found - expected).abs();
    assert!(off <= 1e-9 * expected.abs().max(scale), "{what}: {found:e}, expected {expected:e}");
}

/// The slope that a series would have if it went from its lowest to its highest value: the measure for rounding.
fn steepest(row: &Row) -> f64 {
    let (low, high) =
        row.y.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
    (high - low) / (row.x[row.x.len() - 1] - row.x[0])
}

#[test]
fn least_squares() {
    let all = rows();
    assert!(all.len() >= 200);
    for (k, row) in all.iter().enumerate() {
        let line = ols(Points::new(&row.x, &row.y).unwrap()).unwrap();
        let (scale, size) = (steepest(row), row.y.iter().fold(0.0_f64, |m, v| m.max(v.abs())));
        let found = [line.slope, line.intercept, line.r2, line.stderr, line.p, line.low, line.high];
        let scales = [scale, size, 1.0, scale, 1.0, scale, scale];
        let exact_line = row.ols[2].is_some_and(|r2| r2 > 1.0 - 1e-12) || scale == 0.0;
        for (i, (value, scale)) in found.into_iter().zip(scales).enumerate() {
            // Without noise scipy's standard error is the dust of its own rounding.
            if exact_line && (3..=6).contains(&i) {
                continue;
            }
            agree(&format!("series {k}, field {i}"), value, row.ols[i], scale);
        }
    }
}

#[test]
fn median_slopes() {
    for (k, row) in rows().iter().enumerate() {
        let line = theil_sen(Points::new(&row.x, &row.y).unwrap()).unwrap();
        let size = row.y.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let found = [line.slope, line.intercept];
        for (i, value) in found.into_iter().enumerate() {
            agree(
                &format!("series {k}, field {i}"),
                value,
                row.theil_sen[i],
                if i == 1 { size } else { steepest(row) },
            );
        }
    }
}

#[test]
fn trends_of_ranks() {
    for (k, row) in rows().iter().enumerate() {
        let test = mann_kendall(&row.y).unwrap();
        #[allow(clippy::cast_precision_loss)]
        let found = [test.s as f64, test.variance, test.z, test.p, test.tau];
        for (i, value) in found.into_iter().enumerate() {
            agree(&format!("series {k}, field {i}"), value, row.mann_kendall[i], 0.0);
        }
    }
}

#[test]
fn drifts_with_a_long_run_error() {
    for (k, row) in rows().iter().enumerate() {
        let Some(expected) = &row.mean_change else { continue };
        let drift = mean_change(Points::new(&row.x, &row.y).unwrap()).unwrap();
        #[allow(clippy::cast_precision_loss)]
        let found = [drift.mean, drift.stderr, drift.low, drift.high, drift.lags as f64];
        // A variance that cancels to nothing keeps the root of its rounding.
        for (i, value) in found.into_iter().enumerate() {
            agree(
                &format!("series {k}, field {i}"),
                value,
                expected[i],
                if i == 0 { 1e-3 } else { 10.0 } * steepest(row),
            );
        }
    }
}
