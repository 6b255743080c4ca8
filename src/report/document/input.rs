//! The contents of an input, and the evidence for them.

use serde::{Deserialize, Serialize};

use super::Timestamp;
use crate::model::{Subject, SubjectKind, TimeBase};

/// A format that an input holds, and the evidence for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Recognised {
    /// The format.
    pub format: String,
    /// Stat lines, and readings of one subject at one time.
    pub records: u64,
    /// Lines that are records of the format and could not be read.
    pub unreadable_lines: u64,
    /// The number of the first line that is a record; `null` for a document.
    pub line: Option<u64>,
    /// The beginning of that line. Untrusted: as the input has it.
    pub text: Option<String>,
}

/// The time that an input covers, on its own clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct InputSpan {
    /// The origin of its times.
    pub base: TimeBaseCode,
    /// The first time, where the calendar is known.
    pub start: Option<Timestamp>,
    /// The last time, where the calendar is known.
    pub end: Option<Timestamp>,
    /// The first time in seconds since the origin.
    pub start_seconds: f64,
    /// The last time in seconds since the origin.
    pub end_seconds: f64,
    /// The usual seconds from one time to the next: the median.
    pub usual_step_seconds: Option<f64>,
    /// The longest steps that are more than three times as long as usual, at most three.
    pub gaps: Vec<Gap>,
}

/// A stretch of time without records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Gap {
    /// The last time before it, where the calendar is known.
    pub after: Option<Timestamp>,
    /// That time in seconds from the first time of the input.
    pub after_seconds: f64,
    /// Its length in seconds.
    pub seconds: f64,
}

/// The origin of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TimeBaseCode {
    /// 1970-01-01T00:00:00Z.
    Utc,
    /// The start of a year that is not known.
    Yearless,
    /// Midnight of a day that is not known.
    Clock,
    /// The start of the source.
    Elapsed,
    /// No time: positions are counted.
    Index,
}

impl From<TimeBase> for TimeBaseCode {
    fn from(base: TimeBase) -> Self {
        match base {
            TimeBase::Utc => Self::Utc,
            TimeBase::Yearless => Self::Yearless,
            TimeBase::Clock => Self::Clock,
            TimeBase::Elapsed => Self::Elapsed,
            TimeBase::Index => Self::Index,
        }
    }
}

/// The subject of a measurement, as far as the recording names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SubjectRow {
    /// Its kind.
    pub kind: SubjectKind,
    /// Its name. Untrusted: as the input has it.
    pub name: Option<String>,
    /// The identifier that changes with a restart: a process id, a container's id.
    pub id: Option<String>,
    /// The name of the subject that it is part of.
    pub parent: Option<String>,
}

impl SubjectRow {
    /// Returns a subject; `None` where the recording names none.
    #[must_use]
    pub fn named(subject: &Subject) -> Option<Self> {
        (!subject.is_anonymous()).then(|| subject.into())
    }
}

impl From<&Subject> for SubjectRow {
    fn from(subject: &Subject) -> Self {
        let Subject { kind, name, id, parent } = subject.clone();
        Self { kind, name, id, parent }
    }
}

/// The records of one subject in an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MeasuredSubject {
    /// The subject; `null` where the input names none.
    pub subject: Option<SubjectRow>,
    /// Number of samples.
    pub samples: u64,
    /// Number of snapshots.
    pub snapshots: u64,
}

/// A place of an input that was not understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct NotUnderstood {
    /// Its line, from 1.
    pub line: u64,
    /// The expected and the actual content.
    pub message: String,
}
