//! Reasons of verdicts: codes with the numbers that they rest on. Their text is made where it is shown.

use serde::{Deserialize, Serialize};

/// The reason of a verdict. Counts are of samples or snapshots, depending on the axis of the series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Reason {
    /// It grew, and keeps growing.
    Grew {
        /// The form of growth.
        form: GrowthForm,
        /// Steps in which it grew.
        grew: usize,
        /// Steps in which it shrank.
        shrank: usize,
        /// All steps.
        steps: usize,
    },
    /// It grew with the work that was done, of which little is done at the end.
    GrewWithWork {
        /// Steps in which it grew.
        grew: usize,
        /// Steps in which it shrank.
        shrank: usize,
        /// All steps.
        steps: usize,
    },
    /// It rose in a step or two and held.
    Stepped,
    /// Growth slowed down and came to rest.
    FilledUp,
    /// It grew for a while and stopped.
    Stopped,
    /// It grew and no longer does.
    NoLongerGrows,
    /// It moves without a trend.
    NoTrend {
        /// Steps in which it grew.
        grew: usize,
        /// Steps in which it shrank.
        shrank: usize,
        /// All steps.
        steps: usize,
    },
    /// It never moved.
    NeverMoved {
        /// Number of points.
        points: usize,
    },
    /// It fell.
    Fell {
        /// Steps in which it shrank.
        shrank: usize,
        /// All steps.
        steps: usize,
    },
    /// A maximum that never falls says nothing about the future.
    HighWaterMark,
    /// Garbage that no full collection has freed counts with it.
    GarbageIncluded,
    /// It belongs to the profiler, which grows because it runs.
    ProfilerOverhead,
    /// Its file begins after the first snapshot, as far as the lists show, and it gains about one small block a
    /// snapshot, as the code that takes them does.
    Sampler,
    /// There are fewer points than any verdict needs.
    TooFewPoints {
        /// Number of points.
        points: usize,
        /// Number that a verdict needs.
        least: usize,
    },
    /// The lists are cut, and show it in fewer snapshots than any verdict needs.
    RarelyListed {
        /// Number of snapshots.
        points: usize,
        /// Number that a verdict needs.
        least: usize,
    },
    /// It looks like a start-up as much as like growth.
    MayBeStartUp {
        /// Number of points.
        points: usize,
        /// Number of further points that would decide.
        more: usize,
    },
    /// A new maximum is overdue.
    MayHaveStopped {
        /// Number of further points that would decide.
        more: usize,
    },
    /// It rests, as it did before it went on.
    Paused {
        /// Steps of the rest.
        rest: usize,
        /// Steps of the longest earlier one.
        longest_before: usize,
        /// Number of earlier ones as long as this one, or nearly.
        ended: usize,
    },
    /// It rose as it does now, and fell back.
    FellBack {
        /// Number of further points that would decide.
        more: usize,
    },
    /// It grows more and more slowly.
    SlowingDown {
        /// Number of further points that would decide.
        more: usize,
    },
    /// It rises and falls too much for a trend to be seen.
    TooNoisy {
        /// Steps in which it grew.
        grew: usize,
        /// Steps in which it shrank.
        shrank: usize,
        /// Number of further points that would decide.
        more: usize,
    },
    /// It grows in places.
    GrowsInPlaces {
        /// Number of further points that would decide.
        more: usize,
    },
    /// Small blocks build up slowly, as in free lists.
    FreeListDrift {
        /// Number of further points that would decide.
        more: usize,
    },
    /// One container was resized.
    ResizedContainer {
        /// Number of times.
        times: usize,
        /// Number of further points that would decide.
        more: usize,
    },
    /// Among this many sites some look like this by chance.
    ByChance {
        /// Number of further points that would decide.
        more: usize,
    },
    /// It has no shape that could be judged.
    NoShape {
        /// Number of further points that would decide.
        more: usize,
    },
}

/// The form of growth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum GrowthForm {
    /// In every step.
    Evenly,
    /// To the end of the recording.
    ToTheEnd,
    /// Since a sample later than the first.
    Late,
    /// Faster and faster.
    Accelerating,
    /// With one jump in addition.
    WithJump,
    /// By equal jumps at equal distances.
    PeriodicSteps,
    /// By jumps that grow by one factor, as those of a table that is resized when it is full.
    GeometricSteps,
    /// With plateaus.
    WithPlateaus,
    /// Beneath a sawtooth, whose lower envelope rises.
    LowerEnvelope,
    /// Beneath a cycle.
    BeneathCycle,
    /// After a start-up.
    AfterStartUp,
    /// By one factor each time.
    ByOneFactor,
    /// Anew in each segment between restarts.
    InEachSegment,
    /// Since the last restart, and not before.
    SinceRestart,
}
