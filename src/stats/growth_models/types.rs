//! The growth models, and the result of fitting them.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::stats::Interval;
use crate::stats::students_t::two_sided_95;

/// A model of growth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum GrowthModel {
    /// Noise about a level.
    Flat,
    /// It falls, evenly or more and more slowly.
    Shrinking,
    /// One step up.
    OneStep,
    /// Two steps up.
    TwoSteps,
    /// It grew from the start and stopped.
    Stopped,
    /// It grew for a while in the middle.
    Ramp,
    /// It fills up and has nearly done so.
    FillingCache,
    /// Most of it came at once, and ever rarer additions follow: interned names, free lists, high-water marks.
    Trickle,
    /// It grows more and more slowly; its outlook is undetermined.
    Slowing,
    /// It grows like a logarithm.
    Logarithmic,
    /// It grows evenly.
    Leak,
    /// It began to grow later on, evenly.
    LateLeak,
    /// A warm-up, and even growth on top.
    WarmUpAndLeak,
    /// One step, and even growth on top.
    StepAndLeak,
    /// It grows faster and faster.
    Accelerating,
}

/// The future of a series after the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outlook {
    /// It keeps growing.
    Continues,
    /// Nothing in the recording decides.
    Undetermined,
    /// It no longer grows.
    Stops,
}

impl GrowthModel {
    /// Returns the outlook of a series of this model.
    #[must_use]
    pub const fn outlook(self) -> Outlook {
        match self {
            Self::Flat
            | Self::Shrinking
            | Self::OneStep
            | Self::TwoSteps
            | Self::Stopped
            | Self::Ramp
            | Self::FillingCache
            | Self::Trickle => Outlook::Stops,
            Self::Slowing | Self::Logarithmic => Outlook::Undetermined,
            Self::Leak | Self::LateLeak | Self::WarmUpAndLeak | Self::StepAndLeak | Self::Accelerating => {
                Outlook::Continues
            }
        }
    }
}

/// All models fitted to one series.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedModels {
    /// Weight of the models that keep growing, 0 … 1. A score in the right order, not yet a probability: see
    /// [`calibrated`](super::calibrated).
    pub p_continues: f64,
    /// The same among the models under scatter alone, read from the medians.
    pub under_scatter: f64,
    /// Weight of the models whose outlook is undetermined; at most 1 − `calibrated(p_continues)`.
    pub open: f64,
    /// The heaviest model, read from the medians.
    pub likeliest: GrowthModel,
    /// The place in the analysed stretch (0 … 1) at which growth began (`LateLeak`), ended (`Stopped`, `Ramp`) or
    /// happened (`OneStep`), on the heaviest curve of the likeliest model; `None` for the other models.
    pub since: Option<f64>,
    /// Growth per step of the index if it continues; 0 where no model that keeps growing fits.
    pub rate: f64,
    /// Standard error of `rate`: within models, between models, and from rounding.
    pub rate_stderr: f64,
    /// Degrees of freedom for a t interval `rate ± t · rate_stderr`.
    pub degrees: usize,
    /// The part of the series that was analysed.
    pub used: Range<usize>,
    /// The number of equal steps that the growth over that part is worth: 1 for a jump, n − 1 for an even line, 0
    /// without growth.
    pub effective_rises: f64,
    /// Share of the movement over that part that is downward.
    pub falls_share: f64,
}

impl FittedModels {
    /// The rate per step of the index, with a 95 % interval: `rate ± t(0.975, degrees) · rate_stderr`. It includes the
    /// uncertainty of the model, so it holds where the interval of a straight line does not.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn rate_interval(&self) -> Interval {
        let half = two_sided_95(self.degrees) * self.rate_stderr;
        Interval { value: self.rate, low: self.rate - half, high: self.rate + half, level: 0.95 }
    }
}
