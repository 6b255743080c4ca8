//! Everything that was found in one source.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::contract::Format;
use super::options::ColumnOptionsUsed;
use super::source::{FormatFound, Source};
use crate::bounds::Passed;
use crate::error::Notice;
use crate::model::{SeenForm, SourceRecords};
use crate::time::SourceTimes;

/// Numbers of lines that are records and could not be read.
#[derive(Debug, Clone, Copy)]
struct Damaged {
    /// All of them.
    lines: u64,
    /// Those that are the last of the source and lack their end.
    broken_off: u64,
}

impl Damaged {
    /// Adds up the lines of all formats: those of one that reads nothing else, too.
    fn of(formats: &[FormatFound]) -> Self {
        let lines = formats.iter().map(|found| found.damaged).sum();
        Self { lines, broken_off: formats.iter().map(|found| found.broken_off).sum() }
    }
}

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
    /// Forms that it holds beside others, known by sight and not read.
    pub not_read: Vec<SeenForm>,
    /// Number of lines that are records and could not be read.
    unreadable_lines: u64,
    /// Number of those that are the last of the source and lack their end.
    broken_off: u64,
}

impl Found {
    /// Returns what was found in a source by these formats. A format that was asked for is reported even where nothing
    /// of it was found, and damage alone is reported where nothing else was found. Returns the memory of what was found
    /// in the formats, too.
    pub(super) fn new(
        mut source: Source,
        formats: &[&'static Format],
        lines: u64,
        asked_for: bool,
    ) -> (Self, Vec<FormatFound>) {
        let Damaged { lines: unreadable_lines, broken_off } = Damaged::of(&source.formats);
        let read_any = source.records() > 0;
        let is_reported =
            |found: &FormatFound| found.records > 0 || asked_for || !read_any && found.damaged > 0;
        // Records may have waited for the end of the source.
        let with_example = |found: &mut FormatFound| {
            let FormatFound { first, claimed, .. } = found;
            let claimed = claimed.take();
            let first = first.take().or(claimed);
            FormatFound { first, ..found.clone() }
        };
        let of_each = formats.iter().copied().zip(&mut source.formats);
        let formats = of_each.filter(|(_, found)| is_reported(found));
        let formats = formats.map(|(format, found)| (format, with_example(found))).collect();
        // What is gathered to the end of a source stands among what was read before.
        let mut samples = source.samples;
        samples.sort_by_line();
        let records = SourceRecords {
            subjects: source.subjects,
            samples,
            limits: source.limits,
            guessed: source.guessed,
            snapshots: source.snapshots,
            readings: source.readings,
            work: source.work,
            ..SourceRecords::default()
        };
        let found = Self {
            formats,
            not_read: source.not_read.into_forms(most_samples(&records)),
            records,
            times: source.times.unwrap_or_default(),
            notices: source.notices.into_notices(),
            lines,
            columns_used: source.columns_used,
            folds_stacks: source.folds_stacks,
            passed: None,
            looks_like: None,
            unreadable_lines,
            broken_off,
        };
        (found, source.formats)
    }

    /// Returns the number of lines that are records and could not be read.
    #[must_use]
    pub const fn unreadable_lines(&self) -> u64 {
        self.unreadable_lines
    }

    /// Returns the number of records that could not be read, without a last line that was still being written.
    #[must_use]
    pub fn unreadable_records(&self) -> u64 {
        self.unreadable_lines - self.broken_off
    }

    /// Returns the number of unreadable records that differ in nothing but their numbers, as far as the kept notices
    /// tell, and the notice of the first.
    #[must_use]
    pub fn unreadable_alike(&self) -> Option<(u64, &Notice)> {
        let of_lines = || self.notices.iter().filter(|notice| notice.line > 0);
        let mut kinds: BTreeMap<String, (u64, &Notice)> = BTreeMap::new();
        for notice in of_lines() {
            let kind = notice.message.replace(|c: char| c.is_ascii_digit(), "");
            kinds.entry(kind).or_insert((0, notice)).0 += 1;
        }
        let (alike, first) =
            kinds.into_values().max_by_key(|(alike, first)| (*alike, Reverse(first.line)))?;
        let all = (of_lines().count() as u64).max(1);
        Some((self.unreadable_records().saturating_mul(alike) / all, first))
    }

    /// Returns the number of samples of the subject that has the most of them, or of snapshots if there are more.
    #[must_use]
    pub fn most_samples(&self) -> u64 {
        most_samples(&self.records)
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

fn most_samples(records: &SourceRecords) -> u64 {
    records.samples.most_of_one().max(records.snapshots.len()) as u64
}
