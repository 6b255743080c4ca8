//! Hints as outputs for people show them: those of a process below it, those of a heap below its sites.

use foldhash::HashMap;

use super::document::{HintRow, ProcessRow};
use super::untrusted::for_terminal;
use crate::model::SubjectKind;

/// The heading above hints.
pub const HEADING: &str = "To check next";

/// Hints by the processes that they are about.
pub struct OfProcesses<'a>(HashMap<(&'a str, Option<&'a str>), Vec<&'a HintRow>>);

impl<'a> OfProcesses<'a> {
    /// Sorts hints by their processes.
    pub fn new(hints: &'a [HintRow]) -> Self {
        let mut all: HashMap<_, Vec<_>> = HashMap::default();
        for hint in hints.iter().filter(|hint| is_of_process(hint)) {
            let Some(source) = hint.source.as_deref() else { continue };
            all.entry((source, hint.process.as_deref())).or_default().push(hint);
        }
        Self(all)
    }

    /// Returns the hints about the process of a row.
    pub fn of(&self, row: &'a ProcessRow) -> &[&'a HintRow] {
        let key = (row.source.as_str(), row.process.as_deref());
        self.0.get(&key).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Returns the hints about heaps.
pub fn of_heaps(hints: &[HintRow]) -> Vec<&HintRow> {
    hints.iter().filter(|hint| !is_of_process(hint)).collect()
}

fn is_of_process(hint: &HintRow) -> bool {
    hint.subject.kind != SubjectKind::Heap
}

/// Returns a hint in one paragraph, after the name of its process where the report names several.
pub fn named_line(hint: &HintRow) -> String {
    match &hint.process {
        Some(process) => format!("{}: {}", for_terminal(process), line(hint)),
        None => line(hint),
    }
}

/// Returns a hint in one paragraph: its name, what speaks for it, and a way to test it.
pub fn line(hint: &HintRow) -> String {
    let HintRow { id, text, test, .. } = hint;
    for_terminal(&format!("{}: {text}. {test}", id.as_str()))
}
