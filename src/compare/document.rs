//! The document of a comparison, for programs.

use serde::Serialize;

use crate::verdict::{RateUnit, Verdict};

/// The name of this layout.
pub const SCHEMA: &str = "leakdiff-comparison/1";

/// A comparison of two recordings.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Comparison {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// Version of the program.
    pub version: &'static str,
    /// The first recording.
    pub before: SideRow,
    /// The second recording.
    pub after: SideRow,
    /// Whether rates of sites are per second, since the snapshots of both are not equally far apart.
    pub per_second: bool,
    /// All series that were compared: processes, then sites; those that changed come first.
    pub changes: Vec<Change>,
}

/// One of the recordings.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SideRow {
    /// As it was named on the command line.
    pub name: String,
    /// Snapshots of a heap.
    pub snapshots: u64,
    /// Seconds from the first to the last snapshot.
    pub duration_seconds: Option<f64>,
    /// Sites, without those of the profiler.
    pub sites: u64,
    /// Sites that grow.
    pub sites_growing: u64,
    /// Processes.
    pub processes: u64,
    /// Processes of which a metric grows.
    pub processes_growing: u64,
}

/// The change of one series.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Change {
    /// The kind of the series.
    pub kind: Kind,
    /// Its name in the second recording, or in the first if it is not there any more. Untrusted.
    pub name: String,
    /// Its name in the first, if its lines have moved.
    pub moved_from: Option<String>,
    /// The judgement.
    pub direction: Direction,
    /// Its state before.
    pub before: Option<State>,
    /// Its state after.
    pub after: Option<State>,
    /// The difference of the rates; `null` where one of them is not known or not bounded.
    pub difference: Option<Difference>,
}

impl Change {
    /// Whether it grows in the second recording, and was not seen in the first.
    #[must_use]
    pub fn grows_unseen(&self) -> bool {
        self.before.is_none() && self.after.as_ref().is_some_and(|state| state.verdict == Verdict::Growing)
    }
}

/// The kind of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A process in one metric.
    Process,
    /// An allocation site.
    Site,
}

/// A judgement on two rates. All but `unclear` and `unchanged` are differences that chance does not explain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// It is only in the second recording, and grows.
    New,
    /// It did not grow, and does now.
    Started,
    /// It grows faster.
    Faster,
    /// It grows more slowly.
    Slower,
    /// It grew, and does not any more.
    Stopped,
    /// It grew, and is not in the second recording.
    Gone,
    /// Too little is known of one side to say whether it grows, or how fast.
    Unclear,
    /// It grows on neither side, or no faster than chance would explain.
    Unchanged,
}

impl Direction {
    /// All words, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::New,
        Self::Started,
        Self::Faster,
        Self::Slower,
        Self::Stopped,
        Self::Gone,
        Self::Unclear,
        Self::Unchanged,
    ];

    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Started => "started",
            Self::Faster => "faster",
            Self::Slower => "slower",
            Self::Stopped => "stopped",
            Self::Gone => "gone",
            Self::Unclear => "unclear",
            Self::Unchanged => "unchanged",
        }
    }

    /// Whether things got worse.
    #[must_use]
    pub const fn is_worse(self) -> bool {
        matches!(self, Self::New | Self::Started | Self::Faster)
    }
}

/// A series in one of the recordings.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct State {
    /// Its verdict there.
    pub verdict: Verdict,
    /// Its last value there.
    pub last: f64,
    /// The unit of that value.
    pub value_unit: ValueUnit,
    /// The probability that it keeps growing.
    pub probability: f64,
    /// The rate at which it goes on: 0 for a series that has settled or is steady.
    pub rate: Option<f64>,
    /// Lower end of the rate's 95 % interval; `null` where nothing bounds it.
    pub low: Option<f64>,
    /// Upper end, likewise.
    pub high: Option<f64>,
    /// The unit of the rate.
    pub unit: Option<RateUnit>,
}

/// The unit of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ValueUnit {
    /// Bytes.
    Bytes,
    /// Objects of a census without bytes.
    Objects,
    /// Things that are counted.
    Count,
}

/// The difference of two rates.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Difference {
    /// After less before.
    pub value: f64,
    /// Lower end of its 95 % interval, which includes the variation between recordings of one program.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The unit of the rates.
    pub unit: RateUnit,
    /// The chance of a difference as large if nothing changed, two-sided.
    pub p: f64,
}
