//! A report's place at the desk: it waits until the first value comes.

use memchr::memchr;

use super::reader::Reader;
use crate::formats::waiting::Waiting;
use crate::formats::{Date, Line, Parsed, RecordReader, Taken};
use crate::model::SiteTable;

/// Reads source after source. Most sources hold no report, so nothing of a source is looked at until a value is met.
#[derive(Default)]
pub(super) struct Seat {
    reader: Option<Reader>,
    /// What stood before the first value: it may tell its time and its process.
    before: Waiting,
}

impl Seat {
    /// A reader that has read what stood before.
    fn begin(before: &mut Waiting) -> Reader {
        let mut reader = Reader::new();
        before.take_all(|line| reader.read(line.text, line.number, line.ended));
        reader
    }
}

impl RecordReader for Seat {
    fn take(&mut self, text: &str, number: u64) -> Taken {
        let mut taken = Taken::default();
        let Some(reader) = &mut self.reader else { return taken };
        while let Some(length) = memchr(b'\n', &text.as_bytes()[taken.bytes..]) {
            let (begins, ends) = (taken.bytes, taken.bytes + length);
            let (line, number) = (&text[begins..ends], number + taken.lines);
            if reader.takes_date(line) {
                taken.date = Some(Date { begins, ends, number });
            } else if !reader.takes(line, number) {
                break;
            }
            taken.bytes = ends + 1;
            taken.lines += 1;
        }
        taken
    }

    fn pass(&mut self, last: Line<'_>) {
        // A value without a time has that of the line above it, whoever wrote that.
        self.read(last);
    }

    fn read(&mut self, line: Line<'_>) {
        match &mut self.reader {
            Some(reader) => reader.read(line.text, line.number, line.ended),
            None if Reader::is_record(line.text) => {
                let mut reader = Self::begin(&mut self.before);
                reader.read(line.text, line.number, line.ended);
                self.reader = Some(reader);
            }
            None => self.before.push(line),
        }
    }

    fn finish(&mut self) -> Parsed {
        let reader = self.reader.take();
        let recognised = reader.is_some();
        // What looked like a value and is none is told where the format was asked for.
        let parsed = reader.unwrap_or_else(|| Self::begin(&mut self.before)).finish();
        Parsed { recognised, ..parsed }
    }

    fn into_sites(self: Box<Self>) -> SiteTable {
        SiteTable::new()
    }
}
