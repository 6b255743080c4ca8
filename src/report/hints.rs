//! Hints as outputs for people show them: those of a process below it, those of a heap below its sites.

use super::document::{HintRow, ProcessRow};
use super::untrusted::for_terminal;
use crate::model::SubjectKind;

/// The heading above hints.
pub const HEADING: &str = "To check next";

/// Returns the hints about the process of a row.
pub fn of_process<'a>(hints: &'a [HintRow], row: &ProcessRow) -> Vec<&'a HintRow> {
    let is_of = |hint: &&HintRow| {
        is_of_process(hint) && hint.source.as_ref() == Some(&row.source) && hint.process == row.process
    };
    hints.iter().filter(is_of).collect()
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
