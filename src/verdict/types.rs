//! The vocabulary of the verdict. Of its siblings it imports those of rates and reasons alone.

use serde::{Deserialize, Serialize};

use super::rate::Rate;
use super::reason::Reason;
pub use super::site_kind::{SiteKind, SiteScale};
use crate::model::{Axis, Measured, Transitions};
use crate::reconstruct::{ProcessSeries, SiteHistory};
use crate::stats::Interval;
use crate::stats::growth_models::{FittedModels, GrowthModel, calibrated};
use crate::stats::mann_kendall::MannKendall;
use crate::stats::ols::Ols;
use crate::stats::shape::Shape;
use crate::stats::step_pattern::StepPattern;
use crate::stats::theil_sen::TheilSen;

/// The development of a series in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It keeps growing at the end of the recording; a leak if nothing bounds it.
    Growing,
    /// The evidence does not decide.
    Unclear,
    /// It grew and has stopped or is stopping.
    Settled,
    /// No trend.
    Steady,
    /// It falls.
    Shrinking,
}

impl Verdict {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Growing => "growing",
            Self::Unclear => "unclear",
            Self::Settled => "settled",
            Self::Steady => "steady",
            Self::Shrinking => "shrinking",
        }
    }
}

/// The kind of a series: scores of the two kinds become probabilities on different scales.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesKind {
    /// Memory of a process: noisy, long, with restarts.
    Process,
    /// An allocation site: clean, often a perfect line.
    Site,
}

/// The thresholds of a verdict. Each has a unit, a default and an origin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Least number of samples for a verdict other than `unclear`. Five: the exact one-sided p of five
    /// rising points is 1/120.
    pub least_points: usize,
    /// Least probability for `growing`. 0.5: it is likelier to go on than not.
    pub growing: f64,
    /// Below this probability a series does not grow. 0.15: of 431 sites of the recorded programs with such a
    /// probability one grew after all.
    pub not_growing: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { least_points: 5, growing: 0.5, not_growing: 0.15 }
    }
}

/// The tests of a series that have a name of their own, on its judged segment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct NamedTests {
    /// Mann–Kendall's test.
    pub mann_kendall: Option<Box<MannKendall>>,
    /// Theil and Sen's slope, in the unit of the trend's slope.
    pub theil_sen: Option<Box<TheilSen>>,
    /// Least squares, in the unit of the trend's slope.
    pub ols: Option<Box<Ols>>,
}

/// The numbers that a verdict rests on, and those that are shown with them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tests {
    /// The named tests; of sites only with their details.
    #[serde(flatten)]
    pub named: NamedTests,
    /// The transform of the series before it was scored; `None` for a series that is too short or never moved.
    pub transform: Option<Transform>,
    /// The score that the probability is made from: log-odds of shape and growth models together.
    pub score: Option<f64>,
    /// The shape of the transformed series; of sites only with their details.
    pub shape: Option<Box<ShapeTest>>,
    /// The growth models fitted to the transformed series; of sites only with their details.
    pub growth_models: Option<Box<GrowthModelsTest>>,
}

/// The shape of a series, and its probability to keep growing by that alone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ShapeTest {
    /// The seven terms of the shape.
    #[serde(flatten)]
    pub shape: Shape,
    /// The probability that they make together.
    pub probability: f64,
}

/// The growth models of a series compared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct GrowthModelsTest {
    /// The likeliest model.
    pub likeliest: GrowthModel,
    /// Calibrated weight of those that keep growing.
    pub probability: f64,
    /// Weight of those whose outlook is undetermined.
    pub open: f64,
}

/// The sample at which growth began or ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Since {
    /// Index of the sample.
    pub index: usize,
    /// Its position on the axis of the series.
    pub at: f64,
}

/// The development of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// The verdict.
    pub verdict: Verdict,
    /// The reason of the verdict.
    pub reason: Reason,
    /// The probability that the series keeps growing, 0 to 1.
    pub probability: f64,
    /// Number of samples.
    pub points: usize,
    /// Number of measured samples of the segment that the verdict rests on.
    pub judged: usize,
    /// Number of stretches without a restart.
    pub segments: usize,
    /// Steps between known values.
    pub transitions: Transitions,
    /// Rate per unit of the axis; `None` for fewer than two samples.
    pub slope: Option<Rate>,
    /// The axis of the series.
    pub axis: Axis,
    /// The numbers that the verdict rests on.
    pub tests: Tests,
    /// The sample at which growth began late, or ended.
    pub since: Option<Since>,
}

/// A transform of a series before it is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Transform {
    /// None, but for a start-up jump.
    None,
    /// None; its jumps are equal and equally far apart.
    PeriodicSteps,
    /// None; each jump is larger than the one before by one factor.
    GeometricSteps,
    /// Its trailing plateau is left out; growth has come back from longer ones.
    WithoutPlateau,
    /// The lower envelope of its sawtooth.
    LowerEnvelope,
    /// Its cycle is taken out.
    WithoutCycle,
    /// None; it is a sawtooth of too few periods for an envelope.
    FewPeriods,
    /// Its start-up is left out.
    AfterStartUp,
    /// Its logarithm.
    LogScale,
    /// Its segments between restarts are scored one by one.
    BySegment,
    /// Its last segment is scored, the ones before it did not grow.
    LastSegment,
}

/// The score of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The transform that was scored.
    pub transform: Transform,
    /// The pattern of its jumps, if they follow one.
    pub pattern: Option<StepPattern>,
    /// Log-odds that the series keeps growing: 0.8 times those of the growth models, and those of the shape. Comparable
    /// between series; no probability yet.
    pub log_odds: f64,
    /// The shape of the transformed series.
    pub shape: Shape,
    /// The growth models fitted to the transformed series.
    pub models: FittedModels,
    /// Index of each value of the transformed series in the series; `None` where they are the first ones.
    pub places: Option<Vec<usize>>,
}

impl Scored {
    /// The calibrated weight of the growth models that keep growing.
    #[must_use]
    pub fn models_probability(&self) -> f64 {
        calibrated(self.models.p_continues)
    }

    /// The index of the first value after the start-up, where that is left out.
    #[must_use]
    pub fn after_start_up(&self) -> Option<usize> {
        (self.transform == Transform::AfterStartUp).then(|| self.place(0))
    }

    /// The index in the series of the `i`-th value of the transformed series.
    #[must_use]
    pub fn place(&self, i: usize) -> usize {
        self.places.as_ref().map_or(i, |places| places[i.min(places.len() - 1)])
    }
}

/// The facts of a score that a reason is chosen from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoreFacts {
    /// Log-odds that the series keeps growing.
    pub log_odds: f64,
    /// The transform that was scored.
    pub transform: Transform,
    /// The likeliest growth model.
    pub likeliest: GrowthModel,
    /// Whether a new maximum is overdue.
    pub is_overdue: bool,
    /// Whether it grows more and more slowly.
    pub slows_down: bool,
}

/// Facts of a series other than its statistics.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeriesForm {
    /// The unit of its positions.
    pub axis: Axis,
    /// Number of samples.
    pub samples: usize,
    /// Number of stretches without a restart.
    pub segments: usize,
    /// Steps between known values.
    pub steps: Transitions,
}

impl SeriesForm {
    /// The number of steps.
    #[must_use]
    pub const fn all_steps(&self) -> usize {
        self.steps.grew + self.steps.shrank + self.steps.held
    }
}

/// The development of a series that does not grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NonGrowth {
    /// It falls.
    Falling,
    /// It rose, and holds its level.
    Plateau,
    /// It moves without a trend.
    #[default]
    Steady,
    /// It moves, and a test for a trend points upward: noise, most likely; but a leak beneath it would look the same.
    Suspicious,
}

impl NonGrowth {
    /// The word for it.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Falling => Verdict::Shrinking,
            Self::Plateau => Verdict::Settled,
            Self::Steady => Verdict::Steady,
            Self::Suspicious => Verdict::Unclear,
        }
    }
}

/// The evidence of one series. It holds no samples, so that the evidence of all sites fits into memory at once.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The series itself.
    pub form: SeriesForm,
    /// Number of values that were judged, hidden ones bridged.
    pub values: usize,
    /// Rate per unit of the axis.
    pub slope: Option<Interval>,
    /// The facts of its score; `None` for a series that never moved or is too short.
    pub score: Option<ScoreFacts>,
    /// Number of measured points that its score rests on; bridged values do not count.
    pub points: usize,
    /// Number of those since its growth began, where it began late.
    pub lasted: usize,
    /// Growth over those points, as a number of the steps in which values are recorded.
    pub recorded_steps: f64,
    /// Its development, if it does not grow.
    pub non_growth: NonGrowth,
    /// The sample at which the likeliest growth model has its corner.
    pub corner: Option<Since>,
}

impl Evidence {
    /// Number of measured samples. Values between those of a cut list are bridged, and do not count.
    #[must_use]
    pub fn measured(&self) -> usize {
        self.form.samples.min(self.values)
    }
}

/// A site that is scored; its verdict waits for the other sites.
#[derive(Debug, Clone)]
pub struct ScoredSite {
    /// The heap that it belongs to.
    pub history: usize,
    /// A summary of its series.
    pub profile: Profile,
    /// The rise of the number of blocks from each position to the next; `None` for a site that cannot share the
    /// moments of its growth with others: not known at each position, of the profiler, falling, or constant.
    pub rises: Option<Box<[i64]>>,
    /// Whether its blocks are known at each position, so that it might share the moments of its growth.
    pub comparable: bool,
    /// The number of blocks that it gains in four of five steps; `None` where it is not one and the same.
    pub even_step: Option<u64>,
    /// Change of the number of blocks in its last listing.
    pub last_change: Option<i64>,
    /// The evidence of its bytes.
    pub bytes: Evidence,
    /// The score of bytes and blocks together; `None` where there is too little, or nothing moved.
    pub score: Option<f64>,
    /// The score of the same series upside down, where it moves both ways: what chance brings in this recording.
    pub mirrored: Option<f64>,
    /// The scale of both scores.
    pub scale: SiteScale,
    /// A fact that changes its verdict.
    pub kind: SiteKind,
    /// The share of sites with a score like this that chance brought, by the evidence of all sites of its heap.
    pub by_chance: f64,
}

impl ScoredSite {
    /// Its score above break-even.
    #[must_use]
    pub fn above_break_even(&self) -> Option<f64> {
        self.score.map(|score| score - self.scale.break_even)
    }
}

/// A summary of a site's series, kept when the series is gone.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Its first known size, in bytes.
    pub first_bytes: Measured,
    /// Its last known size, in bytes.
    pub last_bytes: Measured,
    /// Its first known number of blocks.
    pub first_blocks: Option<u64>,
    /// Its last known number of blocks.
    pub last_blocks: Option<u64>,
    /// Whether it gains the same number of blocks in four of five steps.
    pub is_even: bool,
    /// What it held at first.
    pub beginning: Beginning,
}

/// What a site held in the first snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// Nothing, until this position.
    Nothing {
        /// The position at which it first held memory.
        until: usize,
    },
    /// Some memory.
    Something,
    /// The lists do not tell; it was first listed at this position, holding memory.
    Unknown {
        /// The position at which it was first listed.
        listed: usize,
    },
}

impl Profile {
    /// Bytes gained from the first to the last known size.
    #[must_use]
    pub fn grown(&self) -> f64 {
        self.last_bytes.value - self.first_bytes.value
    }
}

/// A process series with its trend.
#[derive(Debug, Clone)]
pub struct JudgedProcess {
    /// The series.
    pub process: ProcessSeries,
    /// Its development.
    pub trend: Trend,
}

/// A site with its trend.
#[derive(Debug, Clone)]
pub struct JudgedSite {
    /// The site's history.
    pub history: SiteHistory,
    /// A summary of its series.
    pub profile: Profile,
    /// The development of its bytes.
    pub bytes: Trend,
    /// The details, where they were asked for.
    pub details: Option<Box<Details>>,
    pub(super) kind: SiteKind,
    pub(super) scale: SiteScale,
}

impl JudgedSite {
    /// Whether the site belongs to the profiler.
    #[must_use]
    pub fn is_profiler_overhead(&self) -> bool {
        self.kind == SiteKind::ProfilerOverhead
    }
}

/// Number of values of a sparkline.
pub const SPARKLINE_VALUES: usize = 24;

/// Facts that are worked out only for sites that are shown, in addition to all tests of their bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Details {
    /// The development of its number of blocks, where it is known.
    pub blocks: Option<Trend>,
    /// Its bytes at up to [`SPARKLINE_VALUES`] places of the recording.
    pub sparkline: Vec<Option<f64>>,
}
