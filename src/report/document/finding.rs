//! Findings, in the document.

use serde::{Deserialize, Serialize};

use crate::policy::{Rule, Severity};

/// A finding.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Finding {
    /// The rule that is broken; docs/rules.md explains each.
    pub rule: Rule,
    /// Its severity.
    pub severity: Severity,
    /// The kind of its subject.
    pub kind: SubjectKind,
    /// Its subject. Untrusted: as the dump or report has it.
    pub subject: String,
    /// The message, without the subject.
    pub message: String,
    /// The process it is about: its place in `processes`, from 0.
    pub process: Option<usize>,
    /// The sites it is about: their ranks. The first is the subject, the others grow in lockstep with it.
    pub sites: Vec<u64>,
}

/// The kind of a finding's subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

/// The outcome of `--check`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CheckRow {
    /// Whether there are no findings.
    pub passed: bool,
    /// Number of series that the baseline knows, and that got no worse.
    pub known: u64,
    /// Number of sites that the configuration allows, and that would be findings.
    pub allowed: u64,
}
