//! Bytes to records: one file per format, recognised by content and never by name.
//!
//! A format is one entry in [`INPUT_FORMATS`]. A source may hold several at once: a service log with both
//! `VmRSS` lines and `tracemalloc` lines is read by both. Sources are read line by line at a [`Desk`], so that none need
//! ever be in memory as a whole.

mod desk;
mod escapes;
pub mod prefix;
pub mod rss_report;
pub mod tracemalloc;
mod unread;
mod waiting;

pub use desk::{Desk, Found};

use crate::error::Notice;
use crate::model::{ProcessReadings, Readings, SiteTable, Snapshot};

/// A way in which memory is written down.
pub trait InputFormat: std::fmt::Debug + Sync {
    /// Its name, for `--input-format`.
    fn name(&self) -> &'static str;

    /// What it looks for, in words, with an example.
    fn looks_for(&self) -> &'static str;

    /// A reader, which takes one source after the other.
    fn reader(&self) -> Box<dyn RecordReader>;
}

/// One line of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its text, without its line end and without escape sequences of terminals.
    pub text: &'a str,
    /// Its number, from 1.
    pub number: u64,
    /// Whether a line end follows; else it is the last, and may be cut.
    pub ended: bool,
}

/// Lines at the beginning of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taken {
    /// How many bytes they take up, line ends included.
    pub bytes: usize,
    /// How many they are.
    pub lines: u64,
    /// The last of them that is no record and tells the time of those below it.
    pub date: Option<Date>,
}

/// A line among those taken that tells a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    /// Where it begins, in bytes from the first line taken.
    pub begins: usize,
    /// Where it ends, without its line end.
    pub ends: usize,
    /// Its number.
    pub number: u64,
}

/// Reads the records of one format, source after source. What is met in one source (the names of sites) makes the next
/// one quicker to read.
///
/// Never fails: what cannot be read is counted and told as a notice.
pub trait RecordReader: Send {
    /// Takes the lines at the beginning of `text` that hold nothing but records of this format and their times, as far as
    /// that can be told at a glance; the first has the number `number`. Whether a line is taken here or by [`RecordReader::read`] makes no
    /// difference but in time.
    fn take(&mut self, text: &str, number: u64) -> Taken;

    /// Is told that another format took lines, the last of which is given. A date among them was shown before.
    fn pass(&mut self, last: Line<'_>);

    /// Reads a line, whatever it holds.
    fn read(&mut self, line: Line<'_>);

    /// What was found since the last call; ends the source.
    fn finish(&mut self) -> Parsed;

    /// The places that the sites of all sources stand for.
    fn into_sites(self: Box<Self>) -> SiteTable;
}

/// All formats, in the order in which they are tried.
pub const INPUT_FORMATS: &[&dyn InputFormat] = &[&rss_report::RssReport, &tracemalloc::Tracemalloc];

/// The format of a name, if there is one.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static dyn InputFormat> {
    INPUT_FORMATS.iter().copied().find(|format| format.name() == name)
}

/// What a format found in one source.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// Whether the source holds the format at all: at least one record, be it a damaged one.
    pub recognised: bool,
    /// Readings of processes, in the order of the source.
    pub processes: ProcessReadings,
    /// Snapshots of a heap, in the order of the source.
    pub snapshots: Vec<Snapshot>,
    /// The readings of all snapshots.
    pub readings: Readings,
    /// Places that were skipped or taken with doubt.
    pub notices: Vec<Notice>,
    /// Lines that began like a record and could not be read.
    pub unreadable_lines: u64,
    /// Whether times in it can be shown as calendar dates (false where they lack a year).
    pub calendar: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for (i, format) in INPUT_FORMATS.iter().enumerate() {
            assert!(INPUT_FORMATS[..i].iter().all(|other| other.name() != format.name()));
            assert!(by_name(format.name()).is_some());
        }
        assert!(by_name("pickle").is_none());
    }
}
