//! A whole run over the texts of a recording: dispatcher, judgement, document, outputs.

use leakdiff::analysis::Options;
use leakdiff::model::SubjectKind;
use leakdiff::report::document::Report;
use leakdiff::verdict::Verdict;

use super::outputs::hold;
use super::recording::{Judged, options};
use super::{lines, texts};

/// Bytes of text for each that may be printed of it, beside that of an output without rows.
const MOST_PRINTED: usize = 4000;

/// The first two bytes choose an output and its style; the rest are up to three sources.
pub fn document(data: &[u8]) {
    let Some((&[output, style], sources)) = data.split_first_chunk() else { return };
    let sources = texts(sources, 3);
    let options = || Options { plots: output & 8 != 0, ..options() };
    let judged = Judged::whole(options(), &sources);
    let in_lines = Judged::of(options(), &sources, lines);
    assert_eq!(judged.described(), in_lines.described(), "in one piece and line by line");
    let Some(outcome) = judged.outcome else { return };
    let bytes = hold(&outcome.report, output, style) + hold(&outcome.report, 1, style);
    let most = 400_000 + MOST_PRINTED * data.len();
    assert!(bytes <= most, "{bytes} bytes are printed of {}", data.len());
    if judged.errors.is_empty() && outcome.report.findings.is_empty() {
        is_calm(&outcome.report);
    }
}

/// Holds a check without findings to its promise: no series grows, and nearly all records were read.
fn is_calm(report: &Report) {
    for input in &report.inputs {
        // The last line may have been broken off while it was written.
        let unread = input.unreadable_lines.saturating_sub(1);
        assert!(100 * unread <= input.records + input.unreadable_lines, "{unread} unread: {input:?}");
    }
    for row in report.processes.iter().filter(|row| row.leading && row.trend.verdict == Verdict::Growing) {
        let is_host = row.subject.kind == SubjectKind::Host;
        assert!(is_host || !row.role.has_outlook(), "grows: {row:?}");
    }
    for row in report.sites.iter().filter(|row| !row.profiler_overhead) {
        assert!(row.trend.verdict != Verdict::Growing, "grows: {row:?}");
    }
}
