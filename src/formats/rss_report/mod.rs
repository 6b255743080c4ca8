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
mod seat;
#[cfg(test)]
mod tests;
mod values;

use super::{InputFormat, RecordReader};

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

    fn reader(&self) -> Box<dyn RecordReader> {
        Box::new(seat::Seat::default())
    }
}
