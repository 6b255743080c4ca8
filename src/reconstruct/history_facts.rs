//! Facts about a history as a whole.

use super::reference::Reference;
use crate::model::{Dialect, Moment, SnapshotClock, Subject, TimeBase};

/// The reference of a history's differences, and whether the numbers show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundReference {
    /// The reference.
    pub reference: Reference,
    /// Whether it is assumed, since the numbers do not tell.
    pub assumed: bool,
}

/// Facts about a history as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryFacts {
    /// Number of positions: snapshots, and the one before the first list of differences.
    pub positions: usize,
    /// Snapshots that the sources hold.
    pub snapshots: usize,
    /// Snapshots among them that an earlier history shows in another dialect.
    pub repeated: usize,
    /// The notation of its lists.
    pub dialect: Dialect,
    /// The number of the heap: histories of one heap are several views of it.
    pub heap: usize,
    /// The heap, as far as the recording names it.
    pub subject: Subject,
    /// The clock of the times.
    pub base: TimeBase,
    /// Time of each position in seconds on that clock; not a number where it is unknown.
    pub seconds: Vec<f64>,
    /// The reference of differences; `None` for statistics.
    pub reference: Option<FoundReference>,
    /// Number of lists that are cut.
    pub cut_lists: usize,
    /// Number of lists of which a part is missing.
    pub partial_lists: usize,
    /// The median of what the cut lists can hide, in bytes per list.
    pub hidden_bytes: Option<f64>,
    /// Positions at which a new life of the process begins.
    pub restarts: Vec<usize>,
    /// Whether several sources were put in order by the times that they carry.
    pub by_time: bool,
    /// The clock that the times are taken from.
    pub clock: SnapshotClock,
    /// The source or worker process of this history, where it stands beside others.
    pub source: Option<String>,
}

impl HistoryFacts {
    /// Sets the times of snapshots that have none: they are taken as these seconds apart.
    #[allow(clippy::cast_precision_loss, reason = "numbers of snapshots are small")]
    pub(super) fn set_period(&mut self, period_seconds: f64) {
        if self.seconds.iter().all(|seconds| seconds.is_nan()) {
            self.seconds = (0..self.positions).map(|at| at as f64 * period_seconds).collect();
            (self.base, self.clock) = (TimeBase::Elapsed, SnapshotClock::Period);
        }
    }

    /// Returns the time of a position in seconds, where it is known.
    #[must_use]
    pub fn seconds_at(&self, position: usize) -> Option<f64> {
        self.seconds.get(position).copied().filter(|seconds| !seconds.is_nan())
    }

    /// Returns the time of a position, where it and the calendar are known.
    #[must_use]
    pub fn moment(&self, position: usize) -> Option<Moment> {
        self.seconds_at(position).filter(|_| self.base == TimeBase::Utc).map(Moment::from_seconds)
    }

    /// Returns the usual seconds from one snapshot to the next, where they carry times: the median, since a pause of
    /// the recording does not show when.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "numbers of snapshots are small")]
    pub fn seconds_per_snapshot(&self) -> Option<f64> {
        let known: Vec<(usize, f64)> =
            (0..self.seconds.len()).filter_map(|at| Some((at, self.seconds_at(at)?))).collect();
        let step = |pair: &[(usize, f64)]| (pair[1].1 - pair[0].1) / (pair[1].0 - pair[0].0) as f64;
        let mut steps: Vec<f64> = known.windows(2).map(step).filter(|seconds| *seconds > 0.0).collect();
        steps.sort_by(f64::total_cmp);
        steps.get(steps.len() / 2).copied()
    }
}
