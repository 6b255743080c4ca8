//! Records on their way from the formats into a recording.

use super::{ProcessReadings, SiteTable, Snapshot};

/// What one source holds.
#[derive(Debug, Clone, Default)]
pub struct SourceRecords {
    /// Name of the source.
    pub name: String,
    /// Readings of processes.
    pub processes: ProcessReadings,
    /// Snapshots of a heap.
    pub snapshots: Vec<Snapshot>,
    /// The sites that the snapshots number.
    pub sites: SiteTable,
}
