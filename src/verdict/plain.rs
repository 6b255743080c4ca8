//! The score of an untransformed series: the log-odds of its growth models and of its shape, added.

use super::rules::{Apply, Facts, LogOdds, Rule, Rules};
use super::score::{logit, shape_log_odds};
use super::types::{Scored, SeriesKind, Transform};
use crate::stats::Interval;
use crate::stats::growth_models::{GrowthModel, calibrated, fit};
use crate::stats::late_start::after_corner;
use crate::stats::scatter::{Rise, common_rise, rise_of_few, scattered_line};
use crate::stats::shape::shape;
use crate::stats::steps::GIVEN_BACK;

/// Weight of the log-odds of the growth models against those of the shape.
const MODELS: f64 = 0.8;
/// Fewer values than these have no shape of their own after a start-up.
const LEAST: usize = 5;
/// If a site gave something back, the rate must be at least this share of the half-width of its 95 % interval.
const LEAST_RATE: f64 = 0.9;
/// From this probability on the growth models are believed that growth continues after a start-up …
const MODELS_SAY_SO: f64 = 0.6;
/// … if the shape without its first third says so by this much more.
const START_UP: f64 = 1.0;
/// Means tell nothing more of a line as straight as this.
const NEARLY_STRAIGHT: f64 = 0.98;

/// The least log-odds of a line that rises out of its scatter: nine in ten of these series do not stop …
const OF_A_LINE: f64 = 1.5;
/// … and fewer do the more it bends downwards, in standard errors.
const FOR_EACH_ERROR: f64 = 0.5;

/// More values than these show a stop in their shape.
const FEW_VALUES: usize = 12;
/// The mean of the last two steps is a break where it is less than this share of that of the others …
const BREAKS_OFF: f64 = 0.6;
/// … and by this many of their standard deviations, which are no less than this share of their mean.
const CLEARLY: f64 = 3.0;
const LEAST_DEVIATION: f64 = 0.1;
/// A curve flattens where its slope at the end is less than this share of the mean one …
const FLATTENED: f64 = 0.5;
/// … and bends downwards by this many standard errors.
const BENDS: f64 = 5.0;
/// The score where either does.
const BROKEN_OFF: f64 = -0.5;

/// The seven terms of the shape.
pub const SHAPE: Rule = Rule { name: "shape", apply: Apply::Score(of_shape) };
/// The growth models.
pub const MODELS_RULE: Rule = Rule { name: "growth-models", apply: Apply::Score(of_models) };
/// The shape without a start-up counts where the growth models say that growth continues.
pub const START_UPS: Rule = Rule { name: "start-ups", apply: Apply::Score(after_start_up) };
/// If a site gave something back, its rate must differ from zero: what a few blocks that come and go leave adds up. A
/// process is the sum of many sites, and scatters.
pub const RATE_DIFFERS_FROM_ZERO: Rule =
    Rule { name: "rate-differs-from-zero", apply: Apply::Score(rate_differs_from_zero) };
/// Growth of a few times a noise without memory is scored by means of neighbouring values.
pub const SCATTER: Rule = Rule { name: "scatter", apply: Apply::Score(under_scatter) };
/// Growth of a site that began late is held against the scatter after its start, as growth from the start is.
pub const LATE_START: Rule = Rule { name: "late-start", apply: Apply::Score(after_late_start) };
/// Few even steps that end before the last do not continue.
pub const LAST_STEPS: Rule = Rule { name: "last-steps", apply: Apply::Score(last_steps_break_off) };
/// Few values of a process on a curve that flattens do not continue.
pub const FLATTENING: Rule = Rule { name: "flattening", apply: Apply::Score(few_values_flatten) };

/// Scores untransformed values, without a start-up jump; rounded to ± `half_width`. `None` for fewer than four values,
/// or a constant.
#[must_use]
pub fn score_plain(values: &[f64], half_width: f64, kind: SeriesKind, rules: &Rules) -> Option<Scored> {
    let models = fit(values, half_width)?;
    let used = &values[models.used.clone()];
    let shape = shape(used)?;
    let p_continues = calibrated(models.p_continues);
    let facts = Facts { values: used, kind, shape: &shape, models: &models, p_continues };
    let mut terms = LogOdds::default();
    for rule in rules.iter() {
        if let Apply::Score(apply) = rule.apply {
            apply(&facts, &mut terms);
        }
    }
    let log_odds = sum(&terms);
    Some(Scored { transform: Transform::None, pattern: None, log_odds, shape, models, places: None })
}

/// The log-odds together. Where one of them is left out, the other speaks for both.
fn sum(terms: &LogOdds) -> f64 {
    let all = match (terms.models, terms.shape) {
        (Some(models), Some(shape)) => MODELS * models + shape,
        (Some(models), None) => 1.5 * MODELS * models,
        (None, Some(shape)) => 2.0 * shape,
        (None, None) => 0.0,
    };
    let all = terms.at_least.map_or(all, |least| all.max(least));
    terms.at_most.map_or(all, |most| all.min(most))
}

fn of_shape(facts: &Facts<'_>, terms: &mut LogOdds) {
    terms.shape = Some(shape_log_odds(facts.shape));
}

fn of_models(facts: &Facts<'_>, terms: &mut LogOdds) {
    terms.models = Some(logit(facts.p_continues));
}

fn after_start_up(facts: &Facts<'_>, terms: &mut LogOdds) {
    let certain = matches!(facts.models.likeliest, GrowthModel::WarmUpAndLeak | GrowthModel::StepAndLeak);
    let Some(own) = terms.shape.filter(|_| certain || facts.p_continues > MODELS_SAY_SO) else { return };
    let later = later_shape(facts.values).filter(|later| certain || later - own > START_UP);
    terms.shape = Some(later.map_or(own, |later| later.max(own)));
}

/// The log-odds of the shape without its first third.
fn later_shape(values: &[f64]) -> Option<f64> {
    let later = &values[values.len() / 3..];
    (later.len() >= LEAST).then(|| shape(later)).flatten().map(|s| shape_log_odds(&s))
}

fn rate_differs_from_zero(facts: &Facts<'_>, terms: &mut LogOdds) {
    let adds_up = facts.kind == SeriesKind::Site;
    if adds_up && facts.models.falls_share > GIVEN_BACK && !excludes_zero(&facts.models.rate_interval()) {
        terms.at_most = Some(0.0);
    }
}

fn excludes_zero(rate: &Interval) -> bool {
    rate.value >= LEAST_RATE * (rate.high - rate.value)
}

fn under_scatter(facts: &Facts<'_>, terms: &mut LogOdds) {
    let Some(own) = terms.shape.filter(|_| facts.shape.straightness() < NEARLY_STRAIGHT) else { return };
    if let Some(rise) = rise_of_few(facts.values).filter(|_| facts.kind == SeriesKind::Process) {
        terms.at_least = least_log_odds(&rise);
    }
    let Some(line) = scattered_line(facts.values) else { return };
    let of_means = shape(&line.means).map_or(f64::NEG_INFINITY, |means| shape_log_odds(&means));
    terms.shape = Some(own.max(of_means));
    terms.at_least = least_log_odds(&line.rise);
    // The models give most of their prior to noise that adds up, and this does not.
    terms.models = terms.models.map(|models| models.max(logit(facts.models.under_scatter)));
    // The line itself differs from zero, by the noise that it has.
    terms.at_most = None;
}

fn after_late_start(facts: &Facts<'_>, terms: &mut LogOdds) {
    let Some(rest) = after_corner(facts.values).filter(|_| facts.kind == SeriesKind::Site) else { return };
    let rise = common_rise(&[rest]).or_else(|| rise_of_few(rest));
    let Some(least) = rise.and_then(|rise| least_log_odds(&rise)) else { return };
    terms.at_least = Some(terms.at_least.map_or(least, |own| own.max(least)));
    terms.at_most = None;
}

/// The least log-odds of a line that rises out of its scatter, by its bend.
pub(super) fn least_log_odds(rise: &Rise) -> Option<f64> {
    rise.stands_out().then(|| OF_A_LINE + FOR_EACH_ERROR * rise.bend.min(0.0))
}

fn last_steps_break_off(facts: &Facts<'_>, terms: &mut LogOdds) {
    if facts.values.len() <= FEW_VALUES && breaks_off(facts.values) {
        terms.at_most = Some(terms.at_most.map_or(BROKEN_OFF, |most| most.min(BROKEN_OFF)));
    }
}

fn few_values_flatten(facts: &Facts<'_>, terms: &mut LogOdds) {
    let few = facts.kind == SeriesKind::Process && facts.values.len() <= FEW_VALUES;
    if few && flattens(facts.values) {
        terms.at_most = Some(terms.at_most.map_or(BROKEN_OFF, |most| most.min(BROKEN_OFF)));
    }
}

/// Whether values lie on a curve that bends downwards by far more than they scatter about it, and whose slope at the
/// end is less than half of the mean one.
fn flattens(values: &[f64]) -> bool {
    let n = values.len() as f64;
    if values.len() < LEAST {
        return false;
    }
    let mean = values.iter().sum::<f64>() / n;
    let at = |i: usize| i as f64 - (n - 1.0) / 2.0;
    let curve = |i: usize| at(i).powi(2) - (n * n - 1.0) / 12.0;
    let sum = |of: &dyn Fn(usize, f64) -> f64| {
        values.iter().enumerate().map(|(i, value)| of(i, value - mean)).sum::<f64>()
    };
    let (squares, curve_squares) = (sum(&|i, _| at(i).powi(2)), sum(&|i, _| curve(i).powi(2)));
    let slope = sum(&|i, value| at(i) * value) / squares;
    let bend = sum(&|i, value| curve(i) * value) / curve_squares;
    let left = sum(&|i, value| (value - slope * at(i) - bend * curve(i)).powi(2)) / (n - 3.0);
    let at_the_end = slope + 2.0 * bend * at(values.len() - 1);
    slope > 0.0 && at_the_end < FLATTENED * slope && bend < -BENDS * (left / curve_squares).sqrt()
}

/// Whether the last two steps are smaller than even steps before them ever were.
fn breaks_off(values: &[f64]) -> bool {
    let steps: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let Some((before, last)) = steps.split_last_chunk::<2>().filter(|(before, _)| before.len() >= 3) else {
        return false;
    };
    let count = before.len() as f64;
    let mean = before.iter().sum::<f64>() / count;
    let variance = before.iter().map(|step| (step - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let deviation = variance.sqrt().max(LEAST_DEVIATION * mean) * (0.5 + 1.0 / count).sqrt();
    let end = f64::midpoint(last[0], last[1]);
    mean > 0.0 && end < BREAKS_OFF * mean && mean - end > CLEARLY * deviation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_steps_break_off_and_uneven_ones_may_pause() {
        for (name, values, expected) in [
            ("it stops", [0, 10, 20, 30, 40, 50, 55, 55], true),
            ("it held for the last step", [0, 10, 20, 30, 40, 50, 60, 60], true),
            ("it goes on", [0, 10, 20, 30, 40, 50, 60, 70], false),
            ("it held before", [0, 10, 10, 20, 30, 30, 40, 40], false),
            ("it scatters", [0, 15, 16, 38, 35, 56, 57, 61], false),
            ("it falls", [70, 60, 50, 40, 30, 20, 20, 20], false),
        ] {
            assert_eq!(breaks_off(&values.map(f64::from)), expected, "{name}");
        }
        assert!(!breaks_off(&[0.0, 10.0, 20.0, 20.0, 20.0]), "too few");
    }

    #[test]
    fn a_curve_flattens_that_bends_by_far_more_than_it_scatters() {
        for (name, values, expected) in [
            ("a cache that fills", [0, 27, 48, 64, 76, 86, 94, 100], true),
            ("a line", [0, 14, 29, 43, 57, 71, 86, 100], false),
            ("it scatters about a line", [0, 28, 40, 59, 71, 89, 100, 99], false),
            ("it flattens a little", [0, 17, 33, 48, 62, 76, 88, 100], false),
            ("it becomes steeper", [0, 6, 14, 24, 36, 52, 73, 100], false),
            ("it falls", [100, 94, 86, 76, 64, 48, 27, 0], false),
        ] {
            assert_eq!(flattens(&values.map(f64::from)), expected, "{name}");
        }
    }
}
