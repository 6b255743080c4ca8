//! Time and the axes that a series can run along.

use std::cmp::Ordering;

/// A point in time: seconds since 1970-01-01T00:00:00Z, fractions included.
///
/// A log whose times carry no year still has moments; whether they may be shown as calendar dates is known
/// to the reader of the log, not to the moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// Seconds since the Unix epoch; always finite.
    pub seconds: f64,
}

impl Moment {
    /// The moment `seconds` after the Unix epoch.
    #[must_use]
    pub const fn from_seconds(seconds: f64) -> Self {
        Self { seconds }
    }

    /// Compares two moments; a total order, since moments are finite.
    #[must_use]
    pub fn total_cmp(&self, other: &Self) -> Ordering {
        self.seconds.total_cmp(&other.seconds)
    }
}

/// What a series' positions count, and so what "per" means in its slope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Axis {
    /// Seconds of real time.
    Seconds,
    /// Snapshots of a heap: 0, 1, 2 …
    Snapshots,
    /// Samples of a process without any times: 0, 1, 2 …
    Samples,
}
