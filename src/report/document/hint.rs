//! Next steps in the document.

use serde::{Deserialize, Serialize};

use super::SubjectRow;
use crate::insight::{HintEvidence, HintId};

/// A next step that the data suggest. It is no part of a verdict, of a finding or of an exit code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct HintRow {
    /// The step, by its stable name.
    pub id: HintId,
    /// The process or heap that it is about.
    pub subject: SubjectRow,
    /// The input of the process, or the input or worker of the heap, where several are kept apart.
    pub source: Option<String>,
    /// The name of the process, where the report names several.
    pub process: Option<String>,
    /// The likely cause, and what speaks for it.
    pub text: String,
    /// The same as data.
    pub evidence: HintEvidence,
    /// A way to test it.
    pub test: String,
}
