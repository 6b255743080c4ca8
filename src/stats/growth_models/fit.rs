//! The fit of all models to a series.

use std::ops::Range;

use super::blocks::{Blocks, FEWEST_BLOCKS, MOST_BLOCKS};
use super::posterior::{Posterior, posterior};
use super::start_up::without_start;
use super::timing::timing;
use super::types::{FittedModels, GrowthModel};
use crate::stats::order::median;
use crate::stats::shape::safe_factor;
use crate::stats::steps::Movement;

/// The most blocks of minima: fewer than of medians, since a minimum wants a longer block.
const MOST_MINIMA: usize = 12;
/// Probabilities are held this far from 0 and 1 before their logit is taken.
const NEARLY_CERTAIN: f64 = 1e-4;
/// Slope and constant of [`calibrated`].
const CALIBRATION: (f64, f64) = (2.1, 0.40);

/// Fits all models to `y`, whose values are rounded to ± `half_width` (0 if exact); `None` if fewer than 4 values
/// remain or one of them is not finite.
#[must_use]
pub fn fit(y: &[f64], half_width: f64) -> Option<FittedModels> {
    if y.len() < FEWEST_BLOCKS || y.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let used = without_start(y);
    let y = &y[used.clone()];
    if y.len() < FEWEST_BLOCKS {
        return None;
    }
    // A half-width that is none (negative, not a number) says nothing, like 0.
    let half_width = if half_width > 0.0 { half_width.min(f64::MAX) } else { 0.0 };
    if y.iter().all(|v| *v == y[0]) {
        return Some(constant(used, half_width));
    }
    let factor = safe_factor(y);
    if factor == 1.0 {
        return Some(fit_stretch(y, half_width, used));
    }
    let scaled: Vec<f64> = y.iter().map(|v| v * factor).collect();
    let mut fitted = fit_stretch(&scaled, (half_width * factor).min(f64::MAX), used);
    // Multiplying back may leave the range of f64; the nearest number that it can is still the answer.
    let back = |v: f64| (v / factor).clamp(f64::MIN, f64::MAX);
    (fitted.rate, fitted.rate_stderr) = (back(fitted.rate), back(fitted.rate_stderr));
    Some(fitted)
}

/// Fits the models to the stretch `y`, which is not constant.
fn fit_stretch(y: &[f64], half_width: f64, used: Range<usize>) -> FittedModels {
    let medians = Blocks::cut(y, MOST_BLOCKS, median);
    let a = posterior(medians.values(), half_width);
    let b = posterior(Blocks::cut(y, MOST_MINIMA, minimum).values(), half_width);

    let movement = Movement::of(y);
    let mut p_continues = sigmoid(f64::midpoint(logit(a.p_continues), logit(b.p_continues)));
    let mut open = f64::midpoint(a.open, b.open);
    if let Some(times) = timing(y, &movement) {
        p_continues = sigmoid(f64::midpoint(logit(p_continues), logit(times.p_continues)));
        open = f64::midpoint(open, times.open);
    }
    let span = medians.span();
    FittedModels {
        p_continues,
        under_scatter: a.under_scatter,
        open: open.min(1.0 - calibrated(p_continues)),
        since: since(&a, &medians, y.len()),
        likeliest: a.likeliest,
        rate: a.rate / span,
        rate_stderr: (a.deviation / span).hypot(rounding_error(half_width, y.len())),
        degrees: degrees(medians.count),
        used,
        effective_rises: movement.effective_rises(),
        falls_share: movement.falls_share(),
    }
}

/// A constant has one model. Most sites are constant, and none of the work is needed to say so.
fn constant(used: Range<usize>, half_width: f64) -> FittedModels {
    FittedModels {
        p_continues: NEARLY_CERTAIN,
        under_scatter: NEARLY_CERTAIN,
        open: 0.0,
        likeliest: GrowthModel::Flat,
        since: None,
        rate: 0.0,
        rate_stderr: rounding_error(half_width, used.len()),
        degrees: degrees(used.len() / used.len().div_ceil(MOST_BLOCKS)),
        used,
        effective_rises: 0.0,
        falls_share: 0.0,
    }
}

/// Standard error of a slope over `n` values whose ends are each rounded to ± `half_width`.
fn rounding_error(half_width: f64, n: usize) -> f64 {
    (half_width / n as f64) * (2.0 / 3.0_f64.sqrt())
}

const fn degrees(blocks: usize) -> usize {
    if blocks > 4 { blocks - 2 } else { 2 }
}

/// From a place between first and last block to a place in the stretch: blocks sit at their centres, and the
/// first values may belong to none.
fn since(fitted: &Posterior, blocks: &Blocks, n: usize) -> Option<f64> {
    let first_centre = (n - blocks.count * blocks.length) as f64 + (blocks.length as f64 - 1.0) / 2.0;
    fitted.corner.map(|corner| (first_centre + corner * blocks.span()) / (n as f64 - 1.0))
}

fn minimum(values: &mut [f64]) -> f64 {
    values.iter().fold(f64::INFINITY, |a, &v| a.min(v))
}

/// The probability that growth continues, from [`FittedModels::p_continues`]: sigmoid(2.1 · logit + 0.40).
///
/// Fitted on simulated series of which 30 % leak. Where fewer do, shift its logit: of allocation sites that
/// move at all, 10–15 % leak, which is −1.15.
#[must_use]
pub fn calibrated(raw: f64) -> f64 {
    sigmoid(CALIBRATION.0 * logit(raw) + CALIBRATION.1)
}

fn logit(p: f64) -> f64 {
    let p = p.clamp(NEARLY_CERTAIN, 1.0 - NEARLY_CERTAIN);
    (p / (1.0 - p)).ln()
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::types::Outlook;
    use super::*;

    fn of_curve(f: impl Fn(f64) -> f64, n: i32) -> FittedModels {
        let y: Vec<f64> = (0..n).map(|i| f(f64::from(i) / f64::from(n - 1))).collect();
        fit(&y, 0.0).unwrap()
    }

    #[test]
    fn an_even_line_becomes_believable_with_its_length() {
        for (n, expected) in [(4, 0.59), (5, 0.78), (8, 0.98), (12, 0.999)] {
            let p = calibrated(of_curve(|t| t, n).p_continues);
            assert!((p - expected).abs() < 0.01, "n = {n}: {p}");
        }
    }

    #[test]
    fn clean_series_have_their_own_model() {
        let wobble = |t: f64| 0.01 * (t * 997.0).sin();
        type Curve = fn(f64) -> f64;
        let cases: [(GrowthModel, f64, Curve); 6] = [
            (GrowthModel::Leak, f64::NAN, |t| t),
            (GrowthModel::FillingCache, f64::NAN, |t| 1.0 - (-t / 0.1).exp()),
            (GrowthModel::Stopped, 0.5, |t| t.min(0.5)),
            (GrowthModel::LateLeak, 0.6, |t| (t - 0.6).max(0.0)),
            (GrowthModel::OneStep, 0.4, |t| if t > 0.4 { 1.0 } else { 0.0 }),
            (GrowthModel::Shrinking, f64::NAN, |t| -t),
        ];
        for (model, since, f) in cases {
            let s = of_curve(|t| f(t) + wobble(t), 72);
            assert_eq!(s.likeliest, model);
            assert_eq!(s.since.is_none(), since.is_nan(), "{model:?}");
            assert!(since.is_nan() || (s.since.unwrap() - since).abs() < 0.06, "{model:?}: {:?}", s.since);
            assert_eq!(calibrated(s.p_continues) > 0.75, model.outlook() == Outlook::Continues, "{model:?}");
        }
    }

    #[test]
    fn the_rate_is_per_step_of_the_index() {
        for n in [5, 24, 25, 100, 481] {
            let y: Vec<f64> = (0..n).map(|i| 1e6 + 4096.0 * f64::from(i)).collect();
            let s = fit(&y, 0.0).unwrap();
            assert!((s.rate / 4096.0 - 1.0).abs() < 0.02, "n = {n}: {}", s.rate);
        }
    }

    #[test]
    fn constants_and_short_series() {
        let s = fit(&[7.0; 30], 0.5).unwrap();
        assert_eq!((s.likeliest, s.rate, s.used), (GrowthModel::Flat, 0.0, 0..30));
        assert!(calibrated(s.p_continues) < 1e-3);
        assert_eq!(fit(&[1.0, 2.0, 3.0], 0.0), None);
        assert_eq!(fit(&[1.0, f64::NAN, 3.0, 4.0], 0.0), None);
    }

    #[test]
    fn calibration_keeps_order_and_bounds() {
        let values: Vec<f64> = (0..=100).map(|i| calibrated(f64::from(i) / 100.0)).collect();
        assert!(values.windows(2).all(|w| w[0] < w[1]));
        assert!(values[0] > 0.0 && values[100] < 1.0);
        assert!((calibrated(0.5) - 0.598_687_660_112_452).abs() < 1e-12);
    }
}
