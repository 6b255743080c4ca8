//! Where sources are read, one after the other, by the readers of all formats side by side.

use memchr::memchr;

use super::escapes::without_escapes;
use super::unread::looks_like;
use super::{Date, INPUT_FORMATS, InputFormat, Line, Parsed, RecordReader};
use crate::model::SiteTable;

/// So much of a source is kept to say what it looks like, if nothing can be read in it.
const HEAD: usize = 64 * 1024;

/// A desk with a reader for each format. It takes a source in pieces, so that its memory grows with the records and not
/// with the bytes.
pub struct Desk {
    seats: Vec<(&'static dyn InputFormat, Box<dyn RecordReader>)>,
    lines: u64,
    head: String,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("lines", &self.lines).finish_non_exhaustive()
    }
}

/// What was found in one source.
#[derive(Debug, Default)]
pub struct Found {
    /// The formats that it holds, in the order of [`INPUT_FORMATS`], each with what it found.
    pub formats: Vec<(&'static dyn InputFormat, Parsed)>,
    /// How many lines it has.
    pub lines: u64,
    /// What it looks like, if no format was found but it is known by sight.
    pub looks_like: Option<&'static str>,
}

impl Desk {
    /// A desk for one format, or for all.
    #[must_use]
    pub fn new(only: Option<&'static dyn InputFormat>) -> Self {
        let formats = only.map_or_else(|| INPUT_FORMATS.to_vec(), |only| vec![only]);
        let seats = formats.into_iter().map(|format| (format, format.reader())).collect();
        Self { seats, lines: 0, head: String::new() }
    }

    /// Reads the next piece of a source: whole lines, of which the very last may lack its end.
    pub fn read(&mut self, piece: &str) {
        if self.head.len() < HEAD {
            let most = HEAD - self.head.len();
            let end = (0..=most.min(piece.len())).rfind(|&at| piece.is_char_boundary(at));
            self.head.push_str(&piece[..end.unwrap_or(0)]);
        }
        let mut rest = piece;
        while !rest.is_empty() {
            rest = match self.take(rest) {
                0 => self.read_line(rest),
                taken => &rest[taken..],
            };
        }
    }

    /// Lets each reader in turn take what is its own; returns how many bytes were taken.
    fn take(&mut self, text: &str) -> usize {
        for (at, (_, reader)) in self.seats.iter_mut().enumerate() {
            let taken = reader.take(text, self.lines + 1);
            if taken.bytes > 0 {
                self.lines += taken.lines;
                let date = taken.date.map(|Date { begins, ends, number }| Line {
                    text: &text[begins..ends],
                    number,
                    ended: true,
                });
                let last = last_line(&text[..taken.bytes], self.lines);
                let others = self.seats.iter_mut().enumerate().filter(|(other, _)| *other != at);
                for (_, (_, other)) in others {
                    date.into_iter().for_each(|date| other.read(date));
                    other.pass(last);
                }
                return taken.bytes;
            }
        }
        0
    }

    /// Shows one line to all readers, and returns what follows it.
    fn read_line<'a>(&mut self, text: &'a str) -> &'a str {
        let end = memchr(b'\n', text.as_bytes());
        let (line, rest) = end.map_or((text, ""), |end| (&text[..end], &text[end + 1..]));
        self.lines += 1;
        let line = without_escapes(line.strip_suffix('\r').unwrap_or(line));
        let line = Line { text: &line, number: self.lines, ended: end.is_some() };
        self.seats.iter_mut().for_each(|(_, reader)| reader.read(line));
        rest
    }

    /// Ends the source, and says what was found in it.
    pub fn finish(&mut self) -> Found {
        let only = self.seats.len() == 1;
        let found = self.seats.iter_mut().map(|(format, reader)| (*format, reader.finish()));
        // A format that was asked for is told of even where there is nothing of it.
        let formats: Vec<_> = found.filter(|(_, parsed)| parsed.recognised || only).collect();
        let head = std::mem::take(&mut self.head);
        let looks_like = if formats.is_empty() { looks_like(&without_escapes(&head)) } else { None };
        Found { formats, lines: std::mem::take(&mut self.lines), looks_like }
    }

    /// The places of all sites that were met: what the numbers in the sources' readings stand for.
    #[must_use]
    pub fn into_sites(self) -> SiteTable {
        let tables = self.seats.into_iter().map(|(_, reader)| reader.into_sites());
        // Formats of processes name no sites.
        tables.max_by_key(SiteTable::len).unwrap_or_default()
    }
}

/// The last of some lines, which has this number.
fn last_line(lines: &str, number: u64) -> Line<'_> {
    let lines = lines.trim_end_matches(['\n', '\r']);
    Line { text: lines.rsplit('\n').next().unwrap_or(lines), number, ended: true }
}
