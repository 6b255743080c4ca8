//! The score of an untransformed series: the log-odds of its growth models and of its shape, added.

use super::rules::{Apply, Facts, LogOdds, Rule, Rules};
use super::score::{logit, shape_log_odds};
use super::types::{Scored, Transform};
use crate::stats::Interval;
use crate::stats::growth_models::{GrowthModel, calibrated, fit};
use crate::stats::scatter::means_of_line;
use crate::stats::shape::shape;
use crate::stats::steps::GIVEN_BACK;

/// Weight of the log-odds of the growth models against those of the shape.
const MODELS: f64 = 0.8;
/// Fewer values than these have no shape of their own after a start-up.
const LEAST: usize = 5;
/// If something is given back, the rate must be at least this share of the half-width of its 95 % interval.
const LEAST_RATE: f64 = 0.9;
/// From this probability on the growth models are believed that growth continues after a start-up …
const MODELS_SAY_SO: f64 = 0.6;
/// … if the shape without its first third says so by this much more.
const START_UP: f64 = 1.0;
/// Means tell nothing more of a line as straight as this.
const NEARLY_STRAIGHT: f64 = 0.98;

/// The seven terms of the shape.
pub const SHAPE: Rule = Rule { name: "shape", apply: Apply::Score(of_shape) };
/// The growth models.
pub const MODELS_RULE: Rule = Rule { name: "growth-models", apply: Apply::Score(of_models) };
/// The shape without a start-up counts where the growth models say that growth continues.
pub const START_UPS: Rule = Rule { name: "start-ups", apply: Apply::Score(after_start_up) };
/// If something is given back, the rate must differ from zero.
pub const RATE_DIFFERS_FROM_ZERO: Rule =
    Rule { name: "rate-differs-from-zero", apply: Apply::Score(rate_differs_from_zero) };
/// Growth of a few times a noise without memory is scored by means of neighbouring values.
pub const SCATTER: Rule = Rule { name: "scatter", apply: Apply::Score(under_scatter) };

/// Scores untransformed values, without a start-up jump; rounded to ± `half_width`. `None` for fewer than four values,
/// or a constant.
#[must_use]
pub fn score_plain(values: &[f64], half_width: f64, rules: &Rules) -> Option<Scored> {
    let models = fit(values, half_width)?;
    let used = &values[models.used.clone()];
    let shape = shape(used)?;
    let facts =
        Facts { values: used, shape: &shape, models: &models, p_continues: calibrated(models.p_continues) };
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
    if facts.models.falls_share > GIVEN_BACK && !excludes_zero(&facts.models.rate_interval()) {
        terms.at_most = Some(0.0);
    }
}

fn excludes_zero(rate: &Interval) -> bool {
    rate.value >= LEAST_RATE * (rate.high - rate.value)
}

fn under_scatter(facts: &Facts<'_>, terms: &mut LogOdds) {
    let Some(own) = terms.shape.filter(|_| facts.shape.straightness() < NEARLY_STRAIGHT) else { return };
    let Some(of_means) = means_of_line(facts.values).and_then(|means| shape(&means)) else { return };
    terms.shape = Some(own.max(shape_log_odds(&of_means)));
    // The models give most of their prior to noise that adds up, and this does not.
    terms.models = terms.models.map(|models| models.max(logit(facts.models.under_scatter)));
    // The line itself differs from zero, by the noise that it has.
    terms.at_most = None;
}
