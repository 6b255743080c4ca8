//! The RSS report: what a loop of `date` and `grep Rss /proc/PID/status` leaves behind, in all its variants.
//!
//! Nothing of it is fixed: values stand alone or behind a log's prefix, times come from `date`, `watch` or
//! stamps, and processes are named in many ways or not at all. So the lines are read one by one into samples
//! with whatever might name them (`reader`), and only when all are known it is decided what does (`naming`).

mod lines;
mod naming;
mod reader;
// TEMPORARY
#[cfg(any())]
mod tests;
mod values;

use super::{InputFormat, Line, Parsed, RecordReader, Taken};

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
        Box::new(Whole::default())
    }
}

#[derive(Default)]
struct Whole {
    text: String,
}

impl RecordReader for Whole {
    fn take(&mut self, _: &str, _: u64) -> Taken {
        Taken::default()
    }
    fn pass(&mut self, last: Line<'_>) {
        self.text.push_str(last.text);
        self.text.push('\n');
    }
    fn read(&mut self, line: Line<'_>) {
        self.text.push_str(line.text);
        if line.ended {
            self.text.push('\n');
        }
    }
    fn finish(&mut self) -> Parsed {
        let text = std::mem::take(&mut self.text);
        if text.lines().any(is_record_line) { RssReport.parse(&text) } else { Parsed::default() }
    }
    fn into_sites(self: Box<Self>) -> crate::model::SiteTable {
        crate::model::SiteTable::new()
    }
}

impl RssReport {
    /// Reads a whole report: readings with values in bytes, in the order of the text, and notices on what
    /// was skipped or assumed. A text without values gives no readings.
    pub fn parse(&self, text: &str) -> Parsed {
        let mut reader = reader::Reader::new(text);
        let mut lines = text.split('\n').enumerate().peekable();
        while let Some((index, line)) = lines.next() {
            // What follows the last newline is no line, or one that was cut.
            let last = lines.peek().is_none();
            reader.line(line, index as u64 + 1, last);
        }
        let mut parsed = reader.finish();
        parsed.recognised = true;
        parsed
    }
}

/// Whether a line carries a value such as `RssAnon:  941804 kB`, also behind other text. Cheap: it looks at
/// the colons of the line and allocates nothing.
fn is_record_line(line: &str) -> bool {
    values::values(line).any(|found| found.bytes.is_ok())
}
