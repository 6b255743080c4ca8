//! The limitations of a recording.

use serde::{Deserialize, Serialize};

/// A fact about a recording that leaves something open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Remark {
    /// Lists of sites are cut, and hide small ones.
    CutLists {
        /// Number of cut lists.
        cut: u64,
        /// Number of lists.
        lists: u64,
        /// Bytes that each can hide.
        hidden_bytes: f64,
        /// Whether the lists are of differences, which hide changes.
        of_differences: bool,
        /// Whether `hidden_bytes` is a number of objects.
        #[serde(default)]
        of_objects: bool,
    },
    /// Snapshots without times have those of a log that shows the same sizes.
    TimesOfAnotherView,
    /// Snapshots without times have those that stand in the names of their files.
    TimesOfFileNames,
    /// Snapshots without times have those at which their files were written.
    TimesOfFiles,
    /// Snapshots without times are taken as one period apart.
    TimesOfPeriod,
    /// Resident memory is given without the tables of `tracemalloc`.
    WithoutTables,
    /// Objects are counted by Python's garbage collector, which does not know all.
    CollectorsCounts {
        /// Whether only counts beyond the highest so far are shown.
        above_peak: bool,
    },
    /// Parts of lists are missing, so that absence from them says nothing.
    PartialLists {
        /// Number of lists of which a part is missing.
        partial: u64,
        /// Number of lists.
        lists: u64,
    },
    /// Each list of differences has a base of its own.
    OwnBases,
    /// Differences are taken as against the previous snapshot.
    AssumedReference,
    /// The traced process restarted.
    HeapRestarted {
        /// Number of restarts.
        restarts: u64,
    },
    /// There are too few snapshots for a trend.
    TooFewSnapshots {
        /// Number of snapshots.
        snapshots: u64,
    },
    /// Nothing bounded the growth within the recording.
    GrowthIsUnbounded,
    /// Growth is as even as can be: its probability is the highest that a recording of this length allows.
    GrowthIsEven {
        /// Number of points.
        points: u64,
        /// That probability.
        highest: f64,
    },
    /// The times of a report go backward.
    TimesGoBack,
    /// A report has no times.
    NoTimes,
    /// No full garbage collection of a heap was recorded, so garbage counts with all of its sizes.
    NoFullCollection,
    /// Resident memory of a program on V8 grows within a recording that its young generation may still fill.
    YoungGenerationGrows,
    /// Series are of a whole machine, with everything that runs on it.
    HostWide {
        /// Whether some are of memory that is free.
        free: bool,
    },
}
