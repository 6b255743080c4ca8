//! The scope of a record: its time, and the text before it.

use super::prefix::PrefixId;
use crate::model::TimeRef;

/// The scope of a record: its time, and the text before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scope {
    /// Its time: of a stamp on its own line, else of the last time above it.
    pub time: Option<TimeRef>,
    /// Whether the time is of a stamp on the record's own line.
    pub stamped: bool,
    /// The byte after that stamp.
    pub stamp_end: usize,
    /// Number of lines above the record that are dates and nothing else.
    pub date_lines_above: u32,
    /// Number of times that lines above the record gave, dates and stamps.
    pub times_above: u32,
    /// The text before it, without the stamp.
    pub prefix: PrefixId,
    /// The section in which it stands.
    pub section: Section,
}

/// The places of the last two lines above, among those of the source, that came in an earlier round.
pub(super) type LastTitles = [Option<usize>; 2];

/// A section: the place of its heading among those of the source, and the titles that came before.
pub(super) type Section = (Option<usize>, LastTitles);

/// The last time that a line above gave.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct TimeAbove {
    pub(super) time: Option<TimeRef>,
    /// Number of times that lines gave.
    times: u32,
    /// Number of lines that are dates and nothing else.
    date_lines: u32,
    /// The text before and after the stamp of that line: records without a prefix are lines of its message.
    pub(super) prefix: PrefixId,
    /// Whether the last date line is followed by no record yet.
    pub(super) waits: bool,
    /// Number of date lines that no record followed.
    pub(super) unused: u64,
}

impl TimeAbove {
    /// A line that is a date.
    pub(super) fn set_date(&mut self, time: TimeRef) {
        self.unused += u64::from(self.waits);
        self.waits = true;
        self.date_lines = self.date_lines.saturating_add(1);
        self.set(time, PrefixId::default());
    }

    /// Returns the number of times that lines gave.
    pub(super) const fn times(&self) -> u32 {
        self.times
    }

    /// A line with a stamp.
    pub(super) fn set(&mut self, time: TimeRef, prefix: PrefixId) {
        self.time = Some(time);
        self.times = self.times.saturating_add(1);
        self.prefix = prefix;
    }

    /// Returns the scope of a record that stands alone in its line, in a section.
    pub(super) const fn scope(&self, section: Section) -> Scope {
        Scope {
            section,
            time: self.time,
            stamped: false,
            stamp_end: 0,
            date_lines_above: self.date_lines,
            times_above: self.times,
            prefix: self.prefix,
        }
    }
}
