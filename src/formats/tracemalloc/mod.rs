//! `tracemalloc` output as people save it: statistics, differences, the documentation's recipe and
//! tracebacks, behind any prefix.

mod glance;
mod habit;
mod items;
mod known;
mod line;
mod place;
mod reader;
mod recipe;
mod size;
mod split;
mod traceback;
mod worker;

use super::{InputFormat, RecordReader};

/// All dialects of `tracemalloc`.
#[derive(Debug)]
pub struct Tracemalloc;

impl InputFormat for Tracemalloc {
    fn name(&self) -> &'static str {
        "tracemalloc"
    }

    fn looks_for(&self) -> &'static str {
        "tracemalloc lines (\"file.py:84: size=30.6 MiB (+5868 B), count=229614 (+42), average=140 B\", \"#1: file.py:84: 62.5 KiB\")"
    }

    fn reader(&self) -> Box<dyn RecordReader> {
        Box::new(reader::Reader::default())
    }
}
