//! The vocabulary of attribution.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::stats::Interval;

/// Growth of a process held against the growth of its sites.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Attribution {
    /// The metric whose growth is explained.
    pub metric: Cow<'static, str>,
    /// Growth of the process in bytes per second.
    pub process_bytes_per_second: f64,
    /// The sites that are held against it.
    #[serde(default)]
    pub sites: ExplainingSites,
    /// Growth of these sites together, likewise.
    pub sites_bytes_per_second: f64,
    /// The share of the first that the second makes up.
    pub explained: Interval,
    /// Whether lists of the heap are cut, and may hide other sites.
    #[serde(default)]
    pub lists_are_cut: bool,
    /// The growth outside of these sites, as far as the recording names it.
    #[serde(default)]
    pub others: Vec<OtherGrowth>,
}

/// The sites whose growth is held against that of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ExplainingSites {
    /// Those that grow.
    #[default]
    Growing,
    /// Those in lockstep by a single difference, which shows no growth for certain.
    InLockstep,
}

/// Growth of a process outside of its growing sites.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OtherGrowth {
    /// Its kind.
    pub kind: GrowthKind,
    /// Its rate in bytes per second.
    pub bytes_per_second: f64,
}

/// A kind of growth outside of the sites of a heap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum GrowthKind {
    /// Resident pages of mapped files.
    FilePages,
    /// Resident shared memory.
    SharedMemory,
    /// Blocks that are traced, of sites that do not grow for certain or that the lists leave out.
    OtherSites,
    /// Memory that is not traced.
    Untraced,
}

/// The meaning of a share of explained growth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum AttributionRemark {
    /// Most of the growth lies outside of the sites.
    OutsideSites,
    /// The sites explain it.
    Explained,
    /// The sites explain a part of it.
    InPart,
}

/// The reason why a process and a heap are not held against each other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum NoAttribution {
    /// One of them has no times.
    NoTimes,
    /// They were recorded at different times.
    NoOverlap {
        /// Seconds from the end of the one to the begin of the other.
        gap_seconds: f64,
        /// Bytes that the process gained in its time; `None` where not one process grows.
        #[serde(default)]
        process_gained: Option<f64>,
        /// Bytes that all sites together gained in theirs.
        #[serde(default)]
        sites_gained: f64,
    },
    /// They share less than half of the shorter recording.
    TooShort {
        /// Seconds that they share.
        shared_seconds: f64,
        /// Seconds of the shorter recording.
        shorter_seconds: f64,
    },
    /// Several processes were recorded, and nothing shows which of them the heap belongs to.
    WhichProcess {
        /// Number of processes.
        processes: usize,
    },
    /// Several heaps were recorded, and nothing shows which of them belongs to the process.
    WhichHeap {
        /// Number of heaps.
        heaps: usize,
    },
    /// Several processes have a share each.
    OneOfEach {
        /// Number of processes.
        processes: usize,
    },
    /// No process grows, or not the one that was recorded with the heap.
    NoGrowth,
}

impl Attribution {
    /// Returns the meaning of the share.
    #[must_use]
    pub const fn remark(&self) -> AttributionRemark {
        if self.explained.high < 0.5 {
            AttributionRemark::OutsideSites
        } else if self.explained.low > 0.8 {
            AttributionRemark::Explained
        } else {
            AttributionRemark::InPart
        }
    }
}

/// The shares of all processes of a recording.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Attributions {
    /// The share of each process that grows and has a heap of its own, with the index of the first series of the
    /// process.
    pub each: Vec<(usize, Attribution)>,
    /// The reason why there is no share, or not the one; `None` where there is one, or no process or no heap.
    pub reason: Option<NoAttribution>,
}
