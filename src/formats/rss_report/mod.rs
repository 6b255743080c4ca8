//! The RSS report: what a loop of `date` and `grep Rss /proc/PID/status` leaves behind, in all its variants.
//!
//! Nothing of it is fixed: values stand alone or behind a log's prefix, times come from `date`, `watch` or
//! stamps, and processes are named in many ways or not at all. So the lines are read one by one into samples
//! with whatever might name them (`reader`), and only when all are known it is decided what does (`naming`).

mod current;
mod lines;
mod naming;
pub mod reader;
mod samples;
#[cfg(test)]
mod tests;
mod values;

use super::{InputFormat, Parsed, Recognition};
use reader::Reader;

/// The RSS report as an input format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RssReport;

impl InputFormat for RssReport {
    fn name(&self) -> &'static str {
        "rss-report"
    }

    fn looks_for(&self) -> &'static str {
        "values of a process's memory (\"RssAnon:  941804 kB\", VmRSS, a /proc/PID/status or smaps_rollup)"
    }

    fn recognise(&self, text: &str) -> Recognition {
        if text.lines().any(Reader::is_record) { Recognition::Yes } else { Recognition::No }
    }

    /// Reads a whole report: readings with values in bytes, in the order of the text, and notices on what
    /// was skipped or assumed. A text without values gives no readings.
    fn parse(&self, text: &str) -> Parsed {
        let mut reader = Reader::new();
        for (line, number) in text.split_inclusive('\n').zip(1..) {
            let (line, ended) = line.strip_suffix('\n').map_or((line, false), |line| (line, true));
            if !reader.takes(line, number) {
                reader.read(line, number, ended);
            }
        }
        reader.finish()
    }
}
