//! The transforms: the part that hides growth, or feigns it, is taken out before a series is scored.
//!
//! Most series are scored as they are. A cycle, the sawtooth of a garbage collector, a trailing plateau that is one of
//! many and restarts are taken out, and jumps that follow a pattern are believed. The form of the series alone decides
//! which transform applies, never its score.

use std::ops::ControlFlow::{self, Break, Continue};

use super::plain::{least_log_odds, score_plain};
use super::rules::{Apply, Rule, Rules, Segments, View};
use super::types::{Scored, SeriesKind, Transform};
use crate::stats::age_line::rise_by_age;
use crate::stats::cycle::cycle;
use crate::stats::sawtooth::{lower_envelope, rise_of_envelopes};
use crate::stats::scatter::common_rise;
use crate::stats::step_pattern::{StepPattern, step_pattern};
use crate::stats::steps::{GIVEN_BACK, Movement};
use crate::stats::trailing_plateau::trailing_plateau;

/// Each jump of a pattern adds this …
const JUMP: f64 = 1.0;
/// … and all of them at most this.
const MOST_OF_A_PATTERN: f64 = 8.0;
/// Three jumps in fewer steps than this are too few for a pattern.
const LEAST_FOR_A_PATTERN: usize = 12;
/// Fewer values than these are not scored.
const LEAST: usize = 5;
/// More than this downwards: a cycle or a sawtooth is looked for.
const RISES_AND_FALLS: f64 = 0.1;
/// One segment adds or takes away at most this much.
const MOST_OF_A_SEGMENT: f64 = 4.0;

/// The score of a segment of a dozen samples that says as little for growth as against it: half of those that grow by
/// five times their noise score less than −0.8, and nine in ten that do not less than −2.
const UNDECIDED_SEGMENT: f64 = -1.2;
/// The last segment may grow for itself if it has at least this many samples, …
const LEAST_OF_ITS_OWN: usize = 8;
/// … by so much less than a process of which nothing else is known: what did not grow before is less likely to do so
/// now, but may be another version of the program.
const SINCE_RESTART: f64 = 1.0;

/// Jumps that follow a pattern are believed.
pub const STEP_PATTERNS: Rule = Rule { name: "step-patterns", apply: Apply::Transform(believe_steps) };
/// A trailing plateau that is one of many is left out.
pub const PLATEAUS: Rule = Rule { name: "trailing-plateaus", apply: Apply::Transform(without_plateau) };
/// A sawtooth is scored by its lower envelope.
pub const SAWTEETH: Rule = Rule { name: "lower-envelope", apply: Apply::Transform(to_lower_envelope) };
/// A cycle is taken out.
pub const CYCLES: Rule = Rule { name: "cycles", apply: Apply::Transform(without_cycle) };
/// Segments between restarts are scored together.
pub const SEGMENTS: Rule = Rule { name: "segments", apply: Apply::Segments(score_segments) };

/// Lines of one slope in all segments, under scatter.
pub const COMMON_LINE: Rule = Rule { name: "common-line", apply: Apply::Segments(of_common_line) };

/// Scores one segment of a series, its values rounded to ± `half_width`; `None` if it is shorter than five values or
/// never moved.
#[must_use]
pub fn score_segment(values: &[f64], half_width: f64, kind: SeriesKind, rules: &Rules) -> Option<Scored> {
    let view = View { values, half_width, kind, movement: Movement::of(values), rules };
    let whole = view.transformed(values)?;
    if kind == SeriesKind::Site {
        return Some(whole);
    }
    Some(rules.iter().fold(whole, |scored, rule| match rule.apply {
        Apply::Part(apply) => apply(scored, &view),
        _ => scored,
    }))
}

impl View<'_> {
    /// The score of values of this series, with the transform that their form asks for.
    pub(super) fn transformed(&self, values: &[f64]) -> Option<Scored> {
        if values.len() < LEAST {
            return None;
        }
        let view = View { values, movement: Movement::of(values), ..*self };
        for rule in self.rules.iter() {
            if let Apply::Transform(apply) = rule.apply
                && let Break(scored) = apply(&view)
            {
                return scored;
            }
        }
        self.plain(values)
    }

    /// The score of exact values, untransformed.
    pub(super) fn exact(&self, values: &[f64]) -> Option<Scored> {
        score_plain(values, 0.0, self.kind, self.rules)
    }

    /// The score of values of this series, untransformed.
    pub(super) fn plain(&self, values: &[f64]) -> Option<Scored> {
        score_plain(values, self.half_width, self.kind, self.rules)
    }

    /// Whether nothing is given back: then there is neither a cycle nor a sawtooth.
    pub(super) fn only_rises(&self) -> bool {
        !self.movement.gives_back(GIVEN_BACK)
    }

    /// Whether enough is given back for a cycle or a sawtooth.
    fn rises_and_falls(&self) -> bool {
        self.movement.falls_share() > RISES_AND_FALLS
    }
}

fn believe_steps(view: &View<'_>) -> ControlFlow<Option<Scored>> {
    if !view.only_rises() || view.values.len() < LEAST_FOR_A_PATTERN {
        return Continue(());
    }
    let Some(pattern) = step_pattern(view.values, view.half_width) else { return Continue(()) };
    let of_pattern = (JUMP * pattern.jumps() as f64).min(MOST_OF_A_PATTERN);
    Break(view.plain(view.values).map(|plain| Scored {
        log_odds: plain.log_odds.max(of_pattern),
        transform: match pattern {
            StepPattern::Periodic { .. } => Transform::PeriodicSteps,
            StepPattern::Geometric { .. } => Transform::GeometricSteps,
        },
        pattern: Some(pattern),
        ..plain
    }))
}

fn without_plateau(view: &View<'_>) -> ControlFlow<Option<Scored>> {
    let plateau = if view.only_rises() { trailing_plateau(view.values) } else { 0 };
    if plateau == 0 {
        return Continue(());
    }
    let found = view.plain(&view.values[..view.values.len() - plateau]);
    Break(found.map(|found| Scored { transform: Transform::WithoutPlateau, ..found }))
}

fn to_lower_envelope(view: &View<'_>) -> ControlFlow<Option<Scored>> {
    let Some(places) = view.rises_and_falls().then(|| lower_envelope(view.values)).flatten() else {
        return Continue(());
    };
    let low: Vec<f64> = places.iter().map(|&i| view.values[i]).collect();
    let Some(found) = view.plain(&low) else { return Continue(()) };
    // Coarse noise can look like a sawtooth: the better score of both counts.
    let plain = view.plain(view.values).map_or(f64::NEG_INFINITY, |plain| plain.log_odds);
    let rise = (view.kind == SeriesKind::Process).then(|| rise_of_envelopes(view.values, &places)).flatten();
    let of_both = rise.and_then(|rise| least_log_odds(&rise));
    Break(Some(Scored {
        log_odds: found.log_odds.max(plain).max(of_both.unwrap_or(f64::NEG_INFINITY)),
        transform: Transform::LowerEnvelope,
        places: Some(places),
        ..found
    }))
}

fn without_cycle(view: &View<'_>) -> ControlFlow<Option<Scored>> {
    let Some(found) = view.rises_and_falls().then(|| cycle(view.values)).flatten() else {
        return Continue(());
    };
    let transform = Transform::WithoutCycle;
    let places = Some(found.places);
    Break(view.plain(&found.rest).map(|found| Scored { transform, places, ..found }))
}

/// Scores all segments together: growth that repeats in each is stronger evidence, not weaker. `main` is the score of
/// the segment that is shown.
fn score_segments(main: Scored, segments: &Segments<'_>) -> Scored {
    let &Segments { whole, half_width, kind, rules, .. } = segments;
    let of_segment =
        |segment: &[f64]| score_segment(segment, half_width, kind, rules).map(|scored| scored.log_odds);
    let each: Vec<Option<f64>> = segments.each.iter().map(|segment| of_segment(segment)).collect();
    let known = || segments.each.iter().zip(&each).filter_map(|(segment, l)| Some((segment.len(), (*l)?)));
    let longest = known().map(|(n, _)| n).max().unwrap_or(1) as f64;
    let weighted = |(n, l): (usize, f64)| {
        let clamped = l.clamp(-MOST_OF_A_SEGMENT, MOST_OF_A_SEGMENT);
        // What does not grow for certain is not undecided.
        let neutral = if clamped > -MOST_OF_A_SEGMENT { UNDECIDED_SEGMENT } else { 0.0 };
        (clamped - neutral) * n as f64 / longest
    };
    // Of the log-odds of one segment none are taken off.
    let together = known().map(weighted).sum::<f64>() + UNDECIDED_SEGMENT;
    let score = |values: &[f64]| {
        score_plain(values, half_width, kind, rules).map_or(f64::NEG_INFINITY, |found| found.log_odds)
    };
    // Where the segments themselves say so, they are one growth that was interrupted.
    let end_to_end = if together > 0.0 { score(&joined(&segments.each)) } else { f64::NEG_INFINITY };
    // An apparent restart may have been a dip.
    let as_one = score(whole);
    let of_last = main.log_odds - SINCE_RESTART;
    if of_last > as_one && none_grew_before(&segments.each, &each, of_segment) {
        return Scored { transform: Transform::LastSegment, log_odds: of_last, ..main };
    }
    let log_odds = together.max(end_to_end).max(as_one);
    Scored { transform: Transform::BySegment, pattern: None, log_odds, ..main }
}

/// Scores lines of one slope in all segments: their errors together tell what those of one segment do not.
fn of_common_line(scored: Scored, segments: &Segments<'_>) -> Scored {
    let by_age = rise_by_age(&segments.aged).and_then(|rise| least_log_odds(&rise));
    let of_segments = common_rise(&segments.each).and_then(|rise| least_log_odds(&rise));
    match by_age.into_iter().chain(of_segments).reduce(f64::max) {
        Some(log_odds) if log_odds > scored.log_odds => {
            Scored { transform: Transform::BySegment, pattern: None, log_odds, ..scored }
        }
        _ => scored,
    }
}

/// Whether the last segment alone may grow: it is long enough, and none of those before it grew, neither as a whole nor
/// over its own length. What filled up after each restart so far will do so again. `log_odds` are those of each
/// segment, `score` makes them.
fn none_grew_before(
    segments: &[&[f64]],
    log_odds: &[Option<f64>],
    score: impl Fn(&[f64]) -> Option<f64>,
) -> bool {
    let (Some((last, earlier)), Some((_, log_odds))) = (segments.split_last(), log_odds.split_last()) else {
        return false;
    };
    let grew = |log_odds: Option<f64>| log_odds.is_some_and(|l| l >= UNDECIDED_SEGMENT);
    let at_first = |segment: &[f64]| segment.get(..last.len()).and_then(&score);
    last.len() >= LEAST_OF_ITS_OWN
        && log_odds.iter().any(Option::is_some)
        && !log_odds.iter().any(|l| grew(*l))
        && !earlier.iter().any(|segment| grew(at_first(segment)))
}

/// The segments end to end, each beginning where the one before ended.
fn joined(segments: &[&[f64]]) -> Vec<f64> {
    let mut all: Vec<f64> = Vec::new();
    for segment in segments {
        let lift = all.last().map_or(0.0, |last| last - segment[0]);
        all.extend(segment.iter().map(|v| v + lift));
    }
    all
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;
    use crate::stats::age_line::AgedSegment;

    fn series(n: i32, value: impl Fn(f64) -> f64) -> Vec<f64> {
        (0..n).map(|i| value(f64::from(i))).collect()
    }

    /// Scatter that is the same in every run.
    fn noise(t: f64) -> f64 {
        (t * 12.989_8).sin() + 0.7 * (t * 78.233).cos()
    }

    #[test]
    fn each_form_has_its_own_transform() {
        let rules = Rules::default();
        let p_continues = |score: f64| score > 1.25;
        for (name, values, transform, leaks) in [
            ("a line", series(40, |t| 9.0 * t + noise(t)), Transform::None, true),
            ("noise", series(40, noise), Transform::None, false),
            ("a filling cache", series(40, |t| 99.0 * (1.0 - (-t / 6.0).exp())), Transform::None, false),
            ("every fifth", series(40, |t| 64.0 * (t / 5.0).floor()), Transform::PeriodicSteps, true),
            ("a table", series(60, |t| (t + 2.0).log2().ceil().exp2()), Transform::GeometricSteps, true),
            (
                "bursts",
                series(46, |t| (t / 9.0).floor() * 4.0 + (t % 9.0).min(4.0)),
                Transform::WithoutPlateau,
                true,
            ),
            (
                "a wave",
                series(96, |t| 50.0 * (t / 16.0 * TAU).sin() + 4.0 * noise(t)),
                Transform::WithoutCycle,
                false,
            ),
            (
                "a wave and a leak",
                series(96, |t| t + 50.0 * (t / 16.0 * TAU).sin()),
                Transform::WithoutCycle,
                true,
            ),
            ("a sawtooth", series(60, |t| 10.0 * (t % 7.0) + noise(t)), Transform::LowerEnvelope, false),
            (
                "a sawtooth and a leak",
                series(60, |t| 2.0 * t + 10.0 * (t % 7.0)),
                Transform::LowerEnvelope,
                true,
            ),
        ] {
            let found = score_segment(&values, 0.0, SeriesKind::Site, &rules).unwrap();
            assert_eq!(
                (found.transform, p_continues(found.log_odds)),
                (transform, leaks),
                "{name}: {}",
                found.log_odds
            );
        }
        assert_eq!(score_segment(&[1.0, 2.0, 3.0, 4.0], 0.0, SeriesKind::Site, &rules), None, "too short");
        assert_eq!(score_segment(&[7.0; 40], 0.0, SeriesKind::Site, &rules), None, "never moved");
    }

    #[test]
    fn growth_in_each_segment_is_stronger_than_in_one() {
        let rules = &Rules::default();
        let (one, three) = {
            let each = series(14, |t| 100.0 + 5.0 * t + 2.0 * noise(t));
            thrice(&each, rules)
        };
        assert!(three.log_odds > one.log_odds, "{} against {}", three.log_odds, one.log_odds);
        assert_eq!(three.transform, Transform::BySegment);
        let level = series(14, |t| 100.0 + 9.0 * (1.0 - (-t).exp()) + 0.1 * noise(t));
        assert!(thrice(&level, rules).1.log_odds < 0.0);
    }

    /// The score of a segment, and that of three like it.
    fn thrice(values: &[f64], rules: &Rules) -> (Scored, Scored) {
        let one = score_segment(values, 0.0, SeriesKind::Process, rules).unwrap();
        let whole = [values; 3].concat();
        let aged = vec![AgedSegment { age: 0, values }; 3];
        let segments = Segments {
            each: vec![values; 3],
            aged,
            whole: &whole,
            half_width: 0.0,
            kind: SeriesKind::Process,
            rules,
        };
        let three = score_segments(one.clone(), &segments);
        (one, three)
    }

    #[test]
    fn a_segment_may_be_the_first_that_grows() {
        let rules = &Rules::default();
        let level = series(14, |t| 900.0 + 2.0 * noise(t));
        let grows = series(14, |t| 100.0 + 5.0 * t + noise(t));
        let fills = series(30, |t| 100.0 + 5.0 * t.min(10.0) + 0.1 * noise(t));
        for (name, each, transform, is_growing) in [
            ("it alone", vec![&level, &grows], Transform::LastSegment, true),
            ("it no longer does", vec![&grows, &level], Transform::BySegment, false),
            ("both", vec![&grows, &grows], Transform::BySegment, true),
            ("neither", vec![&level, &level], Transform::LastSegment, false),
            ("both at first", vec![&fills, &fills[..9].to_vec()], Transform::BySegment, false),
        ] {
            let whole = each.iter().copied().flatten().copied().collect::<Vec<_>>();
            let main = score_segment(each[1], 0.0, SeriesKind::Process, rules).unwrap();
            let each: Vec<&[f64]> = each.iter().map(|segment| segment.as_slice()).collect();
            let aged = each.iter().map(|values| AgedSegment { age: 0, values }).collect();
            let segments =
                Segments { each, aged, whole: &whole, half_width: 0.0, kind: SeriesKind::Process, rules };
            let scored = score_segments(main.clone(), &segments);
            assert_eq!(
                (scored.transform, scored.log_odds > 1.0),
                (transform, is_growing),
                "{name}: {scored:?}"
            );
            assert!(scored.transform == Transform::BySegment || scored.log_odds < main.log_odds, "{name}");
        }
    }

    #[test]
    fn segments_are_joined_where_each_ended() {
        assert_eq!(joined(&[&[1.0, 3.0], &[0.0, 2.0, 4.0], &[1.0]]), [1.0, 3.0, 3.0, 5.0, 7.0, 7.0]);
        assert_eq!(joined(&[]), Vec::<f64>::new());
    }
}
