//! Warnings in the document.

use serde::{Deserialize, Serialize};

/// A place that was skipped, or read with an assumption.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WarningRow {
    /// The input, or `null` for the recording as a whole.
    pub path: Option<String>,
    /// Line from 1, or `null` for the input as a whole.
    pub line: Option<u64>,
    /// The kind of the warning, where that is known.
    pub code: Option<WarningCode>,
    /// The expected and the actual content, or the assumption.
    pub message: String,
}

/// A kind of warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum WarningCode {
    /// An entry of the baseline was found on other lines.
    BaselineEntryMoved,
    /// An entry of the baseline is of nothing in the recording.
    BaselineEntryGone,
    /// An entry of the baseline is of a series that is no finding any more.
    BaselineEntryUnused,
    /// A site that the configuration allows is no finding, or not there.
    AllowanceUnused,
}
