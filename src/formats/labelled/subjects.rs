//! The subjects of readings: workers by the text before their words, runs by their indexes.

use super::super::prefix::{Worker, Workers};
use super::gathered::Reading;
use super::runs::Runs;
use crate::model::{Subject, SubjectKind};

/// The name of the process where the same source has another form that speaks of it.
const AS_LOGGED: &str = "as logged";

/// The subjects of readings.
#[derive(Debug)]
pub struct Subjects {
    /// The workers of the source.
    pub workers: Workers,
    /// The runs of its program.
    pub runs: Runs,
    /// Whether another format speaks of the process, too.
    pub is_beside: bool,
}

impl Subjects {
    /// Returns the subject of a reading.
    pub fn of(&self, reading: &Reading) -> Subject {
        let Worker { name, pid } = self.workers.of(reading.prefix).cloned().unwrap_or_default();
        let run = self.runs.of_line(reading.line).map(|run| format!("run {run}"));
        let beside = self.is_beside.then(|| AS_LOGGED.to_owned());
        let words: Vec<String> = [name, run, beside].into_iter().flatten().collect();
        let name = (!words.is_empty()).then(|| words.join(" "));
        Subject { kind: SubjectKind::Process, name, id: pid.map(|pid| pid.to_string()), parent: None }
    }
}
