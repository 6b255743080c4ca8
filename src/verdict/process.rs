//! Rules for processes alone: the part after a start-up, growth by one factor, sawteeth of few periods, pauses; and the
//! scale on which the score of a process becomes a probability.

use std::ops::ControlFlow::{self, Break, Continue};

use super::by_length::by_length;
use super::evidence::Segment;
use super::rules::{Apply, Rule, Rules, View};
use super::score::{Growth, break_even_score, probability};
use super::types::{Scored, SeriesKind, Transform, Verdict};
use crate::stats::growth_models::FittedModels;
use crate::stats::order::extent;
use crate::stats::pauses::{Pause, pause};
use crate::stats::sawtooth::few_periods;
use crate::stats::scatter::rises_out_of_scatter;
use crate::stats::start_up::end_of_start_up;
use crate::stats::steps::{GIVEN_BACK, Movement};

/// The part after a start-up is judged too.
pub const START_UP: Rule = Rule { name: "after-start-up", apply: Apply::Part(after_start_up) };
/// A heap that is in use creeps after a start-up.
pub const CREEP_AFTER_START_UP: Rule =
    Rule { name: "creep-after-start-up", apply: Apply::Part(creeps_after_start_up) };
/// A rest is a pause as long as earlier ones were as long.
pub const PAUSES: Rule = Rule { name: "pauses", apply: Apply::Rest(pause_after_start_up) };
/// Growth by one factor is scored on a logarithmic scale.
pub const LOG_SCALE: Rule = Rule { name: "log-scale", apply: Apply::Part(on_log_scale) };
/// A sawtooth of few periods does not grow before its lower envelope rises.
pub const FEW_PERIODS: Rule = Rule { name: "few-periods", apply: Apply::Transform(of_few_periods) };

/// (length, recorded steps): growth by fewer recorded steps is no growth after a start-up …
const LEAST_STEPS_AFTER: [(f64, f64); 2] = [(8.0, 4.0), (40.0, 10.0)];
/// … nor is growth by less than this share of the start-up: of all that a process has loaded it touches some pages for
/// the first time long after it has started, the more the longer it runs.
const LEAST_SHARE_OF_START_UP: [(f64, f64); 2] = [(5.0, 0.005), (20.0, 0.015)];
/// Growth stands still if nothing has come for this many samples …
const STOOD_STILL: usize = 3;
/// … and for more than this many times the longest earlier plateau.
const LONGER_THAN_BEFORE: usize = 2;
/// It slows down if the last third grew by less than this share of the middle one.
const SLOWED_DOWN: f64 = 0.5;

fn after_start_up(whole: Scored, view: &View<'_>) -> Scored {
    let recorded_step = 2.0 * view.half_width;
    let Some(end) = end_of_start_up(view.values, recorded_step) else { return whole };
    let rest = &view.values[end..];
    let least = (by_length(&LEAST_STEPS_AFTER, rest.len()) * recorded_step)
        .max(by_length(&LEAST_SHARE_OF_START_UP, rest.len()) * (view.values[end] - view.values[0]));
    if !still_grows(rest, least) {
        return whole;
    }
    let Some(found) = view.transformed(rest).filter(|found| found.log_odds > whole.log_odds) else {
        return whole;
    };
    let places =
        (0..found.places.as_ref().map_or(rest.len(), Vec::len)).map(|i| end + found.place(i)).collect();
    Scored { transform: Transform::AfterStartUp, pattern: None, places: Some(places), ..found }
}

/// Whether growth after a start-up is this much at least, and neither stands still nor slows down.
fn still_grows(rest: &[f64], least: f64) -> bool {
    let (Some(first), Some(last)) = (rest.first(), rest.last()) else { return false };
    let (plateau, before) = plateaus(rest);
    let stands = plateau >= STOOD_STILL && plateau > LONGER_THAN_BEFORE * before;
    let steps = rest.len() - 1;
    let middle = rest[2 * steps / 3] - rest[steps / 3];
    let slows = last - rest[2 * steps / 3] < SLOWED_DOWN * middle;
    last - first >= least && !stands && !slows
}

/// A heap that gives back what it took breathes after a start-up, and its peaks and its fragments creep upwards: growth
/// by less than this share of the start-up …
const LEAST_SHARE_UNDER_LOAD: f64 = 1.0 / 3.0;
/// … scores lower by this much, but not below 0 for that alone.
const CREEP: f64 = 3.0;

fn creeps_after_start_up(scored: Scored, view: &View<'_>) -> Scored {
    let Some(end) = end_of_start_up(view.values, 2.0 * view.half_width) else { return scored };
    let (rest, start_up) = (&view.values[end..], view.values[end] - view.values[0]);
    let grown = rest.last().zip(rest.first()).map_or(0.0, |(last, first)| last - first);
    if !Movement::of(rest).gives_back(GIVEN_BACK) || grown >= LEAST_SHARE_UNDER_LOAD * start_up {
        return scored;
    }
    let log_odds = (scored.log_odds - CREEP).max(scored.log_odds.min(0.0));
    Scored { log_odds, ..scored }
}

/// The number of steps since the last rise, and the longest earlier run of steps without one.
fn plateaus(values: &[f64]) -> (usize, usize) {
    let (mut run, mut longest) = (0, 0);
    for pair in values.windows(2) {
        if pair[1] > pair[0] {
            longest = longest.max(run);
            run = 0;
        } else {
            run += 1;
        }
    }
    (run, longest)
}

/// Growth by one factor is looked for where memory has grown by three doublings at least.
const LEAST_FACTOR: f64 = 8.0;

fn on_log_scale(scored: Scored, view: &View<'_>) -> Scored {
    let (low, _) = extent(view.values);
    let (Some(first), Some(last)) = (view.values.first(), view.values.last()) else { return scored };
    if low <= 0.0 || *last < LEAST_FACTOR * first || !view.only_rises() {
        return scored;
    }
    let logs: Vec<f64> = view.values.iter().map(|v| v.ln()).collect();
    let straighter = |found: &Scored| found.shape.fit > scored.shape.fit && found.log_odds > scored.log_odds;
    let Some(found) = view.exact(&logs).filter(straighter) else { return scored };
    // The rate of the logarithm is the share by which memory grows; at the end it is that share of the last value.
    let models = FittedModels {
        rate: found.models.rate * last,
        rate_stderr: found.models.rate_stderr * last,
        ..found.models
    };
    Scored { transform: Transform::LogScale, models, ..found }
}

/// The most that a sawtooth of few periods scores: one that fell back once …
const FELL_BACK_ONCE: f64 = -0.4;
/// … and one that fell back to one level again and again.
const FELL_BACK_AGAIN: f64 = -1.5;

fn of_few_periods(view: &View<'_>) -> ControlFlow<Option<Scored>> {
    if view.kind == SeriesKind::Site || view.only_rises() {
        return Continue(());
    }
    let Some(found) = few_periods(view.values).filter(|found| !found.rises) else { return Continue(()) };
    // A sawtooth lies off its line for as long as it takes to fill, and scatter for one sample.
    if rises_out_of_scatter(view.values) {
        return Continue(());
    }
    let most = if found.falls == 1 { FELL_BACK_ONCE } else { FELL_BACK_AGAIN };
    Break(view.plain(view.values).map(|plain| Scored {
        transform: Transform::FewPeriods,
        log_odds: plain.log_odds.min(most),
        ..plain
    }))
}

/// The pause in which a process rests that has not been called growing.
#[must_use]
pub fn rest(verdict: Verdict, scored: &Scored, segment: &Segment, rules: &Rules) -> Option<Pause> {
    let only_rises = scored.models.falls_share <= GIVEN_BACK;
    let rests = verdict == Verdict::Settled || verdict == Verdict::Unclear && only_rises;
    rules.iter().filter(|_| rests).find_map(|rule| match rule.apply {
        Apply::Rest(apply) => apply(&segment.values, segment.half_width),
        _ => None,
    })
}

fn pause_after_start_up(values: &[f64], half_width: f64) -> Option<Pause> {
    let start = end_of_start_up(values, 2.0 * half_width).unwrap_or(0);
    pause(&values[start..], 2.0 * half_width).map(|found| Pause { since: start + found.since, ..found })
}

/// (length, score): the score at which growth that is worth many recorded steps is as likely to go on as not.
const EVEN: [(f64, f64); 2] = [(8.0, -0.1), (20.0, 0.3)];
/// (length, recorded steps): growth by as many is worth many. Noise of a few pages makes shapes by itself, and that of
/// hundreds does not.
const MANY_STEPS: [(f64, f64); 2] = [(8.0, 8.0), (40.0, 20.0)];

/// Returns the probability that a process keeps growing, from its score on `points` values that grew by
/// `recorded_steps`.
#[must_use]
pub fn process_probability(score: f64, points: usize, recorded_steps: f64) -> f64 {
    let few = break_even_score(points);
    let many = by_length(&MANY_STEPS, points);
    // Half as many steps are few.
    let share_of_few = (many / recorded_steps.max(1.0)).log2().clamp(0.0, 1.0);
    let even = by_length(&EVEN, points);
    let even = even + (few - even) * share_of_few;
    probability(score, even, points, Growth::Process)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::verdict::transform::score_segment;

    /// 4 KiB pages.
    fn pages(values: impl IntoIterator<Item = i32>) -> Vec<f64> {
        values.into_iter().map(|pages| 4096.0 * f64::from(pages)).collect()
    }

    /// The transform that decides, and the probability.
    fn judged(values: &[f64]) -> (Transform, f64) {
        let scored = score_segment(values, 2048.0, SeriesKind::Process, &Rules::default()).unwrap();
        let start = scored.after_start_up().unwrap_or(0);
        let grown = values[values.len() - 1] - values[start];
        (scored.transform, process_probability(scored.log_odds, values.len() - start, grown / 4096.0))
    }

    #[test]
    fn each_form_of_a_process_has_its_own_answer() {
        let start_up = [2300, 2800, 3400, 3800, 4700, 5900];
        let after = |values: Vec<i32>| pages(start_up.into_iter().chain(values));
        for (name, values, transform, grows) in [
            (
                "a leak after a start-up",
                after((0..30).map(|k| 6000 + 15 * k).collect()),
                Transform::AfterStartUp,
                true,
            ),
            ("a start-up alone", after(vec![6000; 30]), Transform::None, false),
            ("first touches", after((0..30).map(|k| 6000 + k).collect()), Transform::None, false),
            (
                "it stands still",
                after((0..30).map(|k| 6000 + 15 * k.min(20)).collect()),
                Transform::None,
                false,
            ),
            ("it doubles", pages((0..14).map(|k| 250 << k)), Transform::LogScale, true),
            (
                "it fell back once",
                pages((0..12).map(|k| 25_000 + 10 * (k % 7))),
                Transform::FewPeriods,
                false,
            ),
            ("again and again", pages((0..16).map(|k| 25_000 + 15 * (k % 5))), Transform::FewPeriods, false),
            (
                "to a higher level",
                pages((0..16).map(|k| 25_000 + 15 * (k % 5) + 9 * k)),
                Transform::WithoutCycle,
                true,
            ),
        ] {
            let (found, probability) = judged(&values);
            assert_eq!((found, probability >= 0.5), (transform, grows), "{name}: {probability}");
        }
    }

    #[test]
    fn growth_by_few_recorded_steps_must_be_clearer() {
        for (points, score, steps, expected) in [
            (8, -0.1, 8.0, 0.5),
            (20, 0.3, 20.0, 0.5),
            (8, 0.75, 4.0, 0.5),
            (40, 0.3, 20.0, 0.5),
            (40, 1.4, 10.0, 0.5),
            (40, 1.4, 1.0, 0.5),
            (40, 20.0, f64::INFINITY, 0.896),
            (8, 20.0, f64::INFINITY, 0.801),
        ] {
            let found = process_probability(score, points, steps);
            assert!((found - expected).abs() < 1e-3, "{points} points, {score}, {steps} steps: {found}");
        }
    }
}
