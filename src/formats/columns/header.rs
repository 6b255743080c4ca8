//! Headers of tables.

use std::borrow::Cow;

use foldhash::HashSet;

use super::bare;
use super::cells::{Cell, Delimiter, LONGEST_NAME, ends_with_size, without_strokes};
use super::known_words::known_word;
use super::names::{Meaning, meaning};
use super::row::Style;
use super::words::words;
use crate::formats::options::{ColumnKey, ColumnOptions};
use crate::formats::size::Multiples;

/// Lines that may stand above a header.
const MOST_LINES_ABOVE: usize = 12;
/// Digits of a process id.
const LONGEST_ID: usize = 7;

/// A header, and what stands between its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// The character between its cells.
    pub(super) delimiter: Delimiter,
    /// The names of the columns.
    pub(super) names: Vec<String>,
}

impl Header {
    /// Parses a header; `None` if the line is none. Any names may be those of a header that the user knows.
    pub(super) fn parse(line: &str, options: &ColumnOptions) -> Option<Self> {
        let by_characters = Self::parse_by(&Delimiter::CHARACTERS, line, options);
        by_characters.or_else(|| Self::parse_by(&[Delimiter::Blanks], line, options))
    }

    /// Parses a header whose cells stand between the first of these delimiters that does.
    fn parse_by(delimiters: &[Delimiter], line: &str, options: &ColumnOptions) -> Option<Self> {
        let line = &*without_strokes(line.trim_start_matches('\u{feff}').trim());
        // The counters of Windows have a header of their own.
        if line.len() < 3 || line.starts_with("\"(PDH-CSV") || line.starts_with('{') {
            return None;
        }
        let line = line.trim_start_matches(['#', ' ']);
        delimiters.iter().filter(|delimiter| delimiter.stands_in(line)).find_map(|delimiter| {
            let cells = delimiter.split(line);
            let blanks = *delimiter == Delimiter::Blanks;
            is_header(&cells, blanks, options).then(|| Self {
                delimiter: *delimiter,
                names: cells.into_iter().map(Cow::into_owned).collect(),
            })
        })
    }

    /// Returns the notation of the rows below.
    pub(super) fn style(&self) -> Style {
        // Grafana writes `"Time"`, or `Series;Time;Value`.
        let is = |place: usize, name: &str| self.names.get(place).is_some_and(|found| found == name);
        let is_grafana = is(0, "Time") || is(0, "Series") && is(1, "Time") && is(2, "Value");
        Style { comma_is_decimal: self.delimiter.comma_is_decimal(), is_grafana, are_bytes: false }
    }

    /// Whether a line is a row below this header.
    fn is_row(&self, line: &str) -> bool {
        let line = without_strokes(line);
        let cells = self.delimiter.split(&line);
        let style = self.style();
        let has_number = cells.iter().any(|cell| matches!(style.cell(cell), Cell::Number(_)));
        (self.names.len()..=self.names.len() + 1).contains(&cells.len()) && has_number
    }
}

/// Whether a line amid a file is the header of a table of times and sizes. Words with blanks between them may be a
/// sentence.
pub fn is_header_amid(line: &str) -> bool {
    let line = &*without_strokes(line.trim());
    // Most lines of a log begin with a date, and most others have no word of a time.
    if line.starts_with(|c: char| c.is_ascii_digit())
        || !Delimiter::CHARACTERS.iter().any(|delimiter| delimiter.stands_in(line))
        || !words(line).iter().any(|word| known_word(word).is_time)
    {
        return false;
    }
    let names_both = |header: &Header| {
        let has = |wanted: fn(&Meaning) -> bool| header.names.iter().any(|name| wanted(&meaning(name)));
        has(|meaning| matches!(meaning, Meaning::Time(_)))
            && has(|meaning| matches!(meaning, Meaning::Memory(_)))
    };
    let header = Header::parse_by(&Delimiter::CHARACTERS, line, &ColumnOptions::default());
    header.is_some_and(|header| names_both(&header))
}

/// Columns of places of code.
const PLACES: [&str; 7] = ["location", "function", "file", "filename", "symbol", "site", "allocator"];

/// Whether a name has its value already: `Memory: 120 MB`, `api.rss:7000|g` of statsd.
fn has_value(cell: &str) -> bool {
    let is_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let of_memory =
        |(name, value): (&str, &str)| is_number(value) && matches!(meaning(name), Meaning::Memory(_));
    cell.split(": ").skip(1).any(is_number) || cell.split_once(':').is_some_and(of_memory)
}

/// Whether cells are those of a header: names, among them one of a time or of memory.
fn is_header(cells: &[Cow<'_, str>], are_words: bool, options: &ColumnOptions) -> bool {
    if cells.len() < 2 {
        return false;
    }
    // `time,4103,4104`: a column for each process.
    let is_first_time =
        || !are_words && cells.first().is_some_and(|cell| matches!(meaning(cell), Meaning::Time(_)));
    let is_id =
        |cell: &str| cell.len() <= LONGEST_ID && cell.bytes().all(|b| b.is_ascii_digit()) && is_first_time();
    let is_name = |cell: &str| {
        is_id(cell)
            || cell.len() <= LONGEST_NAME
                && !cell.starts_with(|c: char| c.is_ascii_digit())
                && !has_value(cell)
                && !ends_with_size(cell)
                && !matches!(Cell::parse(cell, false, Multiples::Binary), Cell::Number(_))
    };
    if !cells.iter().all(|cell| is_name(cell)) {
        return false;
    }
    let meanings: Vec<Meaning> = cells.iter().map(|cell| meaning(cell)).collect();
    let has = |wanted: fn(&Meaning) -> bool| meanings.iter().any(wanted);
    let (has_time, has_memory) =
        (has(|m| matches!(m, Meaning::Time(_))), has(|m| matches!(m, Meaning::Memory(_))));
    let keys = || options.time.iter().chain(&options.values);
    let is_there = |key: &ColumnKey| cells.iter().enumerate().any(|(place, name)| key.is(place, name));
    let are_distinct = || cells.iter().collect::<HashSet<_>>().len() == cells.len();
    if keys().next().is_some() && keys().all(is_there) && !are_words && are_distinct() {
        return true;
    }
    // Sizes by places of code are a list of one moment.
    let is_place = |cell: &Cow<'_, str>| PLACES.iter().any(|place| place.eq_ignore_ascii_case(cell.trim()));
    if !has_time && cells.iter().any(is_place) {
        return false;
    }
    // Words of a sentence are names too, unless one has a unit: `RSS(MB)`.
    let is_with_unit =
        |cell: &Cow<'_, str>| cell.find('(') > Some(0) && matches!(meaning(cell), Meaning::Memory(_));
    if are_words {
        has_memory && (has_time || cells.iter().any(is_with_unit))
    } else {
        has_time || has_memory
    }
}

/// Whether a text begins with a table, or is one of bare numbers.
pub(super) fn is_table(head: &str) -> bool {
    let whole = head.rfind('\n').map_or(head, |end| &head[..end]);
    let lines: Vec<&str> = whole.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    // The last line is no header: no row stands below it.
    let above_rows = lines.len().saturating_sub(1).min(MOST_LINES_ABOVE);
    let is_headed = lines.iter().take(above_rows).enumerate().any(|(place, line)| {
        Header::parse(line, &ColumnOptions::default())
            .is_some_and(|header| lines[place + 1..].iter().take(3).any(|line| header.is_row(line)))
    });
    is_headed || bare::has_plain_header(&lines) || bare::are_numbers(&lines)
}
