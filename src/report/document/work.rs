//! Growth by the work done, in the document.

use serde::{Deserialize, Serialize};

use super::{TrendRow, Worded};
use crate::reconstruct::NoWork;

/// The growth of a process by the work done: requests, messages, iterations.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WorkRow {
    /// The name of one unit of work, as the pattern or the column has it. Untrusted.
    pub unit: String,
    /// Units that were done from the first to the last sample.
    pub done: f64,
    /// The development along the work; its rate is in bytes for one unit.
    pub trend: TrendRow,
    /// The development in time, where that along the work took its place, since the process grows by the work and not
    /// in time: the load paused.
    pub in_time: Option<TrendRow>,
}

/// The growth of a process by the work done, or the reason why it is unknown.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum PerWork {
    /// The growth.
    Known(Box<WorkRow>),
    /// The reason.
    Unknown(Worded<NoWork>),
}
