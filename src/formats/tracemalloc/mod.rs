//! `tracemalloc` output as people save it: statistics, differences, the documentation's recipe and
//! tracebacks, behind any prefix.

mod fast_path;
mod line;
mod place;
mod prefix_template;
mod reader;
mod recipe;
mod record_log;
mod site_cache;
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
