//! A source among those of an analysis.

use crate::model::SourceRecords;
use crate::report::document::Input;
use crate::time::SourceTimes;

/// A source that was taken over, and waits until all are.
#[derive(Debug)]
pub(super) struct TakenSource {
    pub(super) records: SourceRecords,
    pub(super) times: SourceTimes,
    pub(super) input: Input,
    /// The time at which its file was last written, in seconds since 1970.
    pub(super) written_seconds: Option<f64>,
}
