//! Everything that was found in one source.

use super::contract::Format;
use super::options::ColumnOptionsUsed;
use super::source::{FormatFound, Source};
use crate::bounds::Passed;
use crate::error::Notice;
use crate::model::SourceRecords;
use crate::time::SourceTimes;

/// Everything that was found in one source.
#[derive(Debug, Default)]
pub struct Found {
    /// The formats that it holds, in the order of the list, with the evidence for each.
    pub formats: Vec<(&'static Format, FormatFound)>,
    /// Its records. Their times are resolved when all sources of a recording are known.
    pub records: SourceRecords,
    /// Its times.
    pub times: SourceTimes,
    /// Places that were skipped or taken with doubt.
    pub notices: Vec<Notice>,
    /// Number of lines.
    pub lines: u64,
    /// The options of columns that were of use.
    pub columns_used: ColumnOptionsUsed,
    /// Whether stacks were folded into groups.
    pub folds_stacks: bool,
    /// The bound that it passed, if it did.
    pub passed: Option<Passed>,
    /// The kind of source that it looks like, if no format was found.
    pub looks_like: Option<&'static str>,
}

impl Found {
    /// Returns what was found in a source by these formats. A format that was asked for is reported even where nothing
    /// of it was found, and damage alone is reported where nothing else was found.
    pub(super) fn new(source: Source, formats: &[&'static Format], lines: u64, asked_for: bool) -> Self {
        let read_any = source.records() > 0;
        let is_reported =
            |found: &FormatFound| found.records > 0 || asked_for || !read_any && found.damaged > 0;
        // Records may have waited for the end of the source.
        let with_example = |found: FormatFound| {
            let FormatFound { first, claimed, .. } = found;
            FormatFound { first: first.or(claimed), claimed: None, ..found }
        };
        let of_each = formats.iter().copied().zip(source.formats);
        let formats = of_each.filter(|(_, found)| is_reported(found));
        let formats = formats.map(|(format, found)| (format, with_example(found))).collect();
        let records = SourceRecords {
            subjects: source.subjects,
            samples: source.samples,
            limits: source.limits,
            guessed: source.guessed,
            snapshots: source.snapshots,
            readings: source.readings,
            work: source.work,
            ..SourceRecords::default()
        };
        Self {
            formats,
            records,
            times: source.times.unwrap_or_default(),
            notices: source.notices.into_notices(),
            lines,
            columns_used: source.columns_used,
            folds_stacks: source.folds_stacks,
            passed: None,
            looks_like: None,
        }
    }

    /// Returns the number of lines that are records and could not be read.
    #[must_use]
    pub fn unreadable_lines(&self) -> u64 {
        self.formats.iter().map(|(_, found)| found.damaged).sum()
    }

    /// Returns the number of records; guesses count where there are no others.
    #[must_use]
    pub fn records(&self) -> u64 {
        let of = |is_guess: bool| -> u64 {
            let formats = self.formats.iter().filter(|(format, _)| format.is_guess() == is_guess);
            formats.map(|(_, found)| found.records).sum()
        };
        let known = of(false);
        if known > 0 { known } else { of(true) }
    }
}
