//! The axes that a series can run along.

use serde::{Deserialize, Serialize};

/// The unit of a series' positions, and so the "per" of its slope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Axis {
    /// Seconds of real time.
    Seconds,
    /// Snapshots of a heap: 0, 1, 2 …
    Snapshots,
    /// Samples of a process without any times: 0, 1, 2 …
    Samples,
    /// Work that was done: requests, messages, iterations.
    Work,
}
