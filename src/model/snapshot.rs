//! The sites at one moment.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Change, Readings, SubjectId, TimeRef};

/// The notation of a dump. Snapshots of different dialects are different histories, never mixed in one
/// series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// `str(Statistic)`: `site: size=…, count=…, average=…`.
    Statistic,
    /// `str(StatisticDiff)`: `site: size=… (±…), count=… (±…), average=…`.
    Difference,
    /// The documentation's recipe: `#1: site: 62.5 KiB`.
    Recipe,
    /// `N memory blocks: 62.5 KiB` and the frames of a traceback.
    Traceback,
    /// A heap profile: the stacks that allocated what is in use.
    Profile,
    /// A census: the types of all objects, with their number and their bytes.
    Census,
    /// The changes from one census to the next.
    CensusDifference,
    /// The numbers of objects of each type that Python's garbage collector knows, without bytes.
    Counts,
    /// Those numbers for types of which there are more than ever before, and by how many.
    CountsAbovePeak,
}

impl Dialect {
    /// Whether its lists are of changes.
    #[must_use]
    pub const fn is_of_differences(self) -> bool {
        matches!(self, Self::Difference | Self::CensusDifference | Self::CountsAbovePeak)
    }

    /// The unit of its sizes.
    #[must_use]
    pub const fn unit(self) -> SiteUnit {
        match self {
            Self::Counts | Self::CountsAbovePeak => SiteUnit::Objects,
            _ => SiteUnit::Bytes,
        }
    }
}

/// The unit of the sizes of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum SiteUnit {
    /// Bytes.
    #[default]
    Bytes,
    /// Objects: a census that has no bytes.
    Objects,
}

impl SiteUnit {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Objects => "objects",
        }
    }
}

/// The meaning of a site's absence from a snapshot.
///
/// In a list of differences the amounts are changes: a site that is absent from a complete list did not
/// change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Truncation {
    /// Every site is listed: one that is not has no memory (or did not change).
    Complete,
    /// The list was cut: the size (or change) of a site that is not shown is unknown, but no more than `at_most`.
    TopK {
        /// The smallest size or change that is shown, in the unit of the sizes.
        at_most: f64,
    },
    /// Part of the list is missing: it breaks off or begins in the middle, a line of it could not be read, or its ranks
    /// or its total show that it has more. The size (or change) of a site that is not shown is unknown.
    Partial {
        /// The most that it can be, in bytes, where the order of the list or its total shows it.
        at_most: Option<f64>,
    },
    /// The dump does not say; other snapshots of the recording may.
    Unknown,
}

impl Truncation {
    /// The cut of a list of these readings, which shows the largest and ends with the smallest.
    #[must_use]
    pub fn top_of(readings: &Readings, list: &Range<usize>) -> Self {
        let least = |amounts: &mut dyn Iterator<Item = f64>| amounts.fold(f64::INFINITY, f64::min);
        let change = |c: Change| c.bytes.value.abs() + c.bytes.half_width;
        let changes = least(&mut list.clone().filter_map(|row| readings.change(row)).map(change));
        // A few statistics may stand in a list of differences.
        let sizes = || least(&mut list.clone().map(|row| readings.get(row).size.high()));
        let at_most = if changes.is_finite() { changes } else { sizes() };
        if at_most.is_finite() { Self::TopK { at_most } } else { Self::Unknown }
    }
}

/// All that was dumped of a heap at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Its time; `None` where the dump does not say.
    pub time: Option<TimeRef>,
    /// Its notation.
    pub dialect: Dialect,
    /// The range of its readings among those of its source, in the order of the dump.
    pub readings: Range<usize>,
    /// The meaning of absence.
    pub truncation: Truncation,
    /// The heap, by the number of its subject in the source, where the source names it.
    pub subject: Option<SubjectId>,
    /// The line of its first record in the source, counted from 1.
    pub line: u64,
}
