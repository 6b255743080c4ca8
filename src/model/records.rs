//! Records on their way from the formats into a recording.

use super::{ProcessReadings, Readings, Snapshot};

/// What one source holds.
#[derive(Debug, Clone, Default)]
pub struct SourceRecords {
    /// Name of the source.
    pub name: String,
    /// Readings of processes.
    pub processes: ProcessReadings,
    /// Snapshots of a heap, in the order of the source.
    pub snapshots: Vec<Snapshot>,
    /// The readings of all snapshots.
    pub readings: Readings,
    /// Which of the recording's site tables numbers their sites.
    pub table: usize,
}
