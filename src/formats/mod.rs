//! Bytes to records: one file per format, recognised by content and never by name.

pub mod rss_report;
pub mod when;

use crate::error::Notice;
use crate::model::{ProcessReading, SiteTable, Snapshot};

/// What a format found in one source.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// Readings of processes, in the order of the source.
    pub processes: Vec<ProcessReading>,
    /// Snapshots of a heap, in the order of the source.
    pub snapshots: Vec<Snapshot>,
    /// The sites that the snapshots number.
    pub sites: SiteTable,
    /// Places that were skipped or taken with doubt.
    pub notices: Vec<Notice>,
    /// Lines that began like a record and could not be read.
    pub unreadable_lines: u64,
    /// Whether times in it can be shown as calendar dates (false where they lack a year).
    pub calendar: bool,
}
