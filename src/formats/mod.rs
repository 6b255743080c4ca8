//! Bytes to records: one file per format, recognised by content and never by name.
//!
//! A format is one entry in [`INPUT_FORMATS`]. A source may hold several at once: a service log with both
//! `VmRSS` lines and `tracemalloc` lines is read by both.

mod escapes;
pub mod rss_report;
pub mod tracemalloc;
mod unread;
pub mod when;

pub use escapes::without_escapes;
pub use unread::looks_like;

use crate::error::Notice;
use crate::model::{ProcessReadings, SiteTable, Snapshot};

/// A way in which memory is written down. It is shown texts that went through [`without_escapes`].
pub trait InputFormat: std::fmt::Debug + Sync {
    /// Its name, for `--input-format`.
    fn name(&self) -> &'static str;

    /// What it looks for, in words, with an example.
    fn looks_for(&self) -> &'static str;

    /// Whether the text holds it; must be cheap.
    fn recognise(&self, text: &str) -> Recognition;

    /// Reads the text. Never fails: what cannot be read is counted and told as a notice.
    fn parse(&self, text: &str) -> Parsed;
}

/// Whether a text is in a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognition {
    /// Some of it is.
    Yes,
    /// Nothing in it is.
    No,
}

/// All formats, in the order in which they are tried.
pub const INPUT_FORMATS: &[&dyn InputFormat] = &[&rss_report::RssReport, &tracemalloc::Tracemalloc];

/// The formats that a text holds, in the order of the list; empty where none is recognised.
#[must_use]
pub fn detect(text: &str) -> Vec<&'static dyn InputFormat> {
    INPUT_FORMATS.iter().copied().filter(|format| format.recognise(text) == Recognition::Yes).collect()
}

/// The format of a name, if there is one.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static dyn InputFormat> {
    INPUT_FORMATS.iter().copied().find(|format| format.name() == name)
}

/// What a format found in one source.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// Readings of processes, in the order of the source.
    pub processes: ProcessReadings,
    /// Snapshots of a heap, in the order of the source.
    pub snapshots: Vec<Snapshot>,
    /// The sites that the snapshots number.
    pub sites: SiteTable,
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
