//! The axes that a series can run along.

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
