//! One picture of the sites at one moment.

use std::ops::Range;

use super::{Change, Readings, SubjectId, TimeRef};

/// How a dump tells its sites. Snapshots of different dialects are different histories, never mixed in one
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
}

/// What it means that a site is not in a snapshot.
///
/// In a list of differences the amounts are changes: a site that is absent from a complete list did not
/// change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Truncation {
    /// Every site is listed: one that is not has no memory (or did not change).
    Complete,
    /// The list was cut: the size (or change) of a site that is not shown is unknown, but at most so many
    /// bytes.
    TopK {
        /// The smallest size or change that is shown, in bytes.
        at_most: f64,
    },
    /// Part of the list is missing: it breaks off or begins amid, a line of it could not be read, its ranks or its total
    /// say that it has more. The size (or change) of a site that is not shown is unknown.
    Partial {
        /// The most that it can be, in bytes, where the order of the list or its total tells.
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
    /// How it is told.
    pub dialect: Dialect,
    /// Which of its source's readings are its own, in the order of the dump.
    pub readings: Range<usize>,
    /// What absence means.
    pub truncation: Truncation,
    /// The heap, by the number of its subject in the source, where the source names it.
    pub subject: Option<SubjectId>,
    /// The line of its first record in the source, counted from 1.
    pub line: u64,
}
