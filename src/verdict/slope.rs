//! The rate of a series, with its interval.

use super::types::{NamedTests, Scored};
use crate::model::Sample;
use crate::stats::growth_models::GrowthModel;
use crate::stats::{Interval, Points, autocorrelation, hac};

/// With fewer samples the growth models cannot distinguish a late growth from an even one, and the straight line is as
/// good.
const LEAST_FOR_MODELS: usize = 8;
/// From this probability on the models that keep growing give the rate: they are the likelier ones.
const LIKELIER: f64 = 0.5;

/// The rate of a process: that of the models that keep growing, if they are the likelier ones; else of the straight
/// line.
///
/// A growth that began late, or after a warm-up, continues at its later rate. The interval of the straight line is
/// widened for noise that lingers: memory after ten minutes resembles memory now, so `n` samples are worth fewer, and
/// with a lag-1 correlation `r` of the residuals the standard error grows by `√((1+r)/(1−r))` (Bartlett 1935; Santer
/// et al. 2000).
pub(super) fn process_slope(
    points: Points<'_>,
    tests: &NamedTests,
    scored: Option<&Scored>,
) -> Option<Interval> {
    if let Some(of_models) = scored.and_then(|scored| continued_rate(scored, points.x())) {
        return Some(of_models);
    }
    let line = tests.ols.as_deref()?;
    let widening = autocorrelation::widening(points, line.slope, line.intercept);
    let half = (line.high - line.low) / 2.0 * widening;
    Some(Interval { value: line.slope, low: line.slope - half, high: line.slope + half, level: 0.95 })
}

/// The rate of a site: a growth that began late continues at its later rate, which is that of its model.
pub(super) fn site_slope(points: Points<'_>, scored: Option<&Scored>) -> Option<Interval> {
    let late = scored.filter(|scored| scored.models.likeliest == GrowthModel::LateLeak);
    late.map(|scored| per_unit(scored, points.x()))
        .or_else(|| hac::slope_interval(points, scored.and_then(|scored| continued_rate(scored, points.x()))))
}

/// The rate of a pattern of jumps, or that of the growth models if they say that growth continues.
fn continued_rate(scored: &Scored, x: &[f64]) -> Option<Interval> {
    if let Some(pattern) = scored.pattern {
        let steps = x.len() - 1;
        return Some(scaled(pattern.rate(steps), spacing(x, 0, steps, steps)));
    }
    let likelier = scored.models.used.len() >= LEAST_FOR_MODELS
        && scored.models_probability() >= LIKELIER
        && scored.models.rate > 0.0;
    likelier.then(|| per_unit(scored, x))
}

/// The rate of the growth models per unit of the axis.
fn per_unit(scored: &Scored, x: &[f64]) -> Interval {
    let used = &scored.models.used;
    let (first, last) = (scored.place(used.start), scored.place(used.end - 1));
    scaled(scored.models.rate_interval(), spacing(x, first, last, used.len() - 1))
}

/// The mean distance of `steps` steps between two places.
fn spacing(x: &[f64], first: usize, last: usize, steps: usize) -> f64 {
    (x[last] - x[first]) / steps.max(1) as f64
}

/// A rate per step as a rate per unit.
fn scaled(per_step: Interval, spacing: f64) -> Interval {
    let by = |rate: f64| rate / spacing;
    Interval { value: by(per_step.value), low: by(per_step.low), high: by(per_step.high), ..per_step }
}

/// With two points there is a rate, and nothing that bounds it.
pub(super) fn plain_slope(points: Points<'_>) -> Option<Interval> {
    let (x, y) = (points.x(), points.y());
    let (Some(&from), Some(&to)) = (x.first(), x.last()) else { return None };
    let rate = (y.last()? - y.first()?) / (to - from);
    let unbounded = Interval { value: rate, low: f64::NEG_INFINITY, high: f64::INFINITY, level: 0.95 };
    rate.is_finite().then_some(unbounded)
}

/// What never shrank has no rate below zero; where nothing bounds the rate, it stays unbounded.
pub(super) fn not_below_zero(slope: Interval) -> Interval {
    if slope.low.is_finite() { Interval { low: slope.low.max(0.0), ..slope } } else { slope }
}

/// Adds the uncertainty of rounding: the ends of the series may each be off by their half-width.
pub(super) fn widened(slope: Interval, samples: &[Sample], points: Points<'_>) -> Interval {
    let half = |s: Option<&Sample>| s.map_or(0.0, |s: &Sample| s.value.half_width);
    let span = match (points.x().first(), points.x().last()) {
        (Some(a), Some(b)) if b > a => b - a,
        _ => return slope,
    };
    let slack = (half(samples.first()) + half(samples.last())) / 3.0_f64.sqrt() / span;
    Interval { low: slope.low - slack, high: slope.high + slack, ..slope }
}
