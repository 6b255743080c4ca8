//! The choice of the reason: one fact that a person can check against the numbers.

use super::reason::{GrowthForm, Reason};
use super::types::{Evidence, ScoreFacts, Scored, Transform, Verdict};
use crate::stats::growth_models::GrowthModel;

/// With fewer points a start-up looks like growth.
const LEAST_AFTER_START_UP: usize = 8;

/// `overdue` of a shape above this: growth may have stopped.
const OVERDUE: f64 = 0.7;
/// `slowing` below this, or `bend` above the other: growth slows down.
const SLOWING: f64 = -0.3;
const BENT: f64 = 0.8;

impl ScoreFacts {
    /// The facts of a score.
    #[must_use]
    pub fn of(scored: &Scored) -> Self {
        let Scored { transform, log_odds, shape, models, .. } = scored;
        Self {
            log_odds: *log_odds,
            transform: *transform,
            likeliest: models.likeliest,
            is_overdue: shape.overdue > OVERDUE,
            slows_down: shape.slowing < SLOWING || shape.bend > BENT,
        }
    }
}

/// Returns the reason of a verdict that rests on the evidence.
#[must_use]
pub fn reason(verdict: Verdict, found: &Evidence) -> Reason {
    let (steps, all) = (found.form.steps, found.form.all_steps());
    let (grew, shrank) = (steps.grew, steps.shrank);
    match verdict {
        Verdict::Growing => Reason::Grew { form: growth_form(found), grew, shrank, steps: all },
        Verdict::Settled => match found.score.map(|score| score.likeliest) {
            Some(GrowthModel::OneStep | GrowthModel::TwoSteps) => Reason::Stepped,
            Some(
                GrowthModel::FillingCache
                | GrowthModel::Slowing
                | GrowthModel::Logarithmic
                | GrowthModel::Trickle,
            ) => Reason::FilledUp,
            Some(GrowthModel::Stopped | GrowthModel::Ramp) => Reason::Stopped,
            _ => Reason::NoLongerGrows,
        },
        Verdict::Steady => Reason::NoTrend { grew, shrank, steps: all },
        Verdict::Shrinking => Reason::Fell { shrank, steps: all },
        Verdict::Unclear => unclear(found),
    }
}

fn growth_form(found: &Evidence) -> GrowthForm {
    let steps = found.form.steps;
    let evenly = steps.shrank == 0 && steps.grew == found.form.all_steps();
    let plain = if evenly { GrowthForm::Evenly } else { GrowthForm::ToTheEnd };
    let Some(ScoreFacts { transform, likeliest, .. }) = found.score else { return plain };
    match (transform, likeliest) {
        (Transform::PeriodicSteps, _) => GrowthForm::PeriodicSteps,
        (Transform::GeometricSteps, _) => GrowthForm::GeometricSteps,
        (Transform::WithoutPlateau, _) => GrowthForm::WithPlateaus,
        (Transform::LowerEnvelope, _) => GrowthForm::LowerEnvelope,
        (Transform::WithoutCycle, _) => GrowthForm::BeneathCycle,
        (Transform::BySegment, _) => GrowthForm::InEachSegment,
        (Transform::LastSegment, _) => GrowthForm::SinceRestart,
        (Transform::AfterStartUp, _) => GrowthForm::AfterStartUp,
        (Transform::LogScale, _) => GrowthForm::ByOneFactor,
        (Transform::None | Transform::FewPeriods, GrowthModel::LateLeak) => GrowthForm::Late,
        (Transform::None | Transform::FewPeriods, GrowthModel::Accelerating) => GrowthForm::Accelerating,
        (Transform::None | Transform::FewPeriods, GrowthModel::StepAndLeak) => GrowthForm::WithJump,
        (Transform::None | Transform::FewPeriods, _) => plain,
    }
}

fn unclear(found: &Evidence) -> Reason {
    let more = more(found.values);
    let steps = found.form.steps;
    let Some(score) = &found.score else { return Reason::NoShape { more } };
    if found.values < LEAST_AFTER_START_UP {
        Reason::MayBeStartUp { points: found.values, more }
    } else if score.transform == Transform::FewPeriods {
        Reason::FellBack { more }
    } else if score.is_overdue {
        Reason::MayHaveStopped { more }
    } else if score.slows_down {
        Reason::SlowingDown { more }
    } else if steps.shrank > 0 && steps.shrank * 3 >= steps.grew {
        Reason::TooNoisy { grew: steps.grew, shrank: steps.shrank, more }
    } else {
        Reason::GrowsInPlaces { more }
    }
}

/// The number of further points that would decide: as many again, at least five.
#[must_use]
pub fn more(points: usize) -> usize {
    points.clamp(5, 40)
}
