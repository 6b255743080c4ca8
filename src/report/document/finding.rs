//! Complaints, in the document.

use serde::Serialize;

/// A complaint.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Finding {
    /// Stable name of the rule; docs/rules.md explains each.
    pub rule: &'static str,
    /// How grave.
    pub severity: Severity,
    /// What kind of thing it is about.
    pub kind: SubjectKind,
    /// What it is about. Untrusted: as the dump or report has it.
    pub subject: String,
    /// In words, without the subject.
    pub message: String,
    /// The process it is about: its place in `processes`, from 0.
    pub process: Option<u64>,
    /// The sites it is about: their ranks. The first is the subject, the others grow in lockstep with it.
    pub sites: Vec<u64>,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum SubjectKind {
    /// A process in one metric.
    Process,
    /// An allocation site, or several in lockstep.
    Site,
    /// The snapshots of a heap.
    Snapshots,
    /// An input, by its path.
    Input,
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It should stop a release.
    Error,
    /// It should be looked at.
    Warning,
}

impl Severity {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// What came of `--check`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CheckRow {
    /// Whether there is nothing to complain of.
    pub passed: bool,
    /// Series that the baseline knows, and that got no worse.
    pub known: u64,
    /// Sites that the configuration allows, and that would be findings.
    pub allowed: u64,
}
