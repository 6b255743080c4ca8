//! Tables of time and value with any header, with any character between the cells, and bare numbers without one.

mod bare;
pub mod cells;
mod evidence;
mod layout;
pub mod names;
mod pids;
pub mod row;
pub mod table;
mod times;
pub mod words;

use std::borrow::Cow;

use self::bare::{Bare, BareRow};
use self::cells::{
    Cell, Delimiter, LONGEST_NAME, ends_with_size, is_ruler, join_date_and_time, whole_digits,
    without_strokes,
};
use self::names::{Meaning, meaning};
use self::row::{Row, Style};
use self::table::Table;
use super::contract::{Detect, Format, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::options::{ColumnKey, ColumnOptions};
use super::sink::Sink;
use super::size::Multiples;

/// Tables and bare numbers.
pub static FORMAT: Format = Format {
    name: "csv",
    reads: "tables of time and memory (\"time,rss_mb\": CSV, TSV), and bare numbers with --value-unit",
    example: "time,rss_mb\n2026-11-26T10:34:08Z,9.836\n",
    detect: Detect::Head(is_table),
    parser: |options| Parser::Lines(Box::new(Reader::new(options.columns.clone()))),
};

/// Lines that may stand above a header.
const MOST_LINES_ABOVE: usize = 12;
/// Digits of a process id.
const LONGEST_ID: usize = 7;

/// A header, and what stands between its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Header {
    delimiter: Delimiter,
    names: Vec<String>,
}

impl Header {
    /// Parses a header; `None` if the line is none. Any names may be those of a header that the user knows.
    fn parse(line: &str, options: &ColumnOptions) -> Option<Self> {
        let line = &*without_strokes(line.trim_start_matches('\u{feff}').trim());
        // The counters of Windows have a header of their own.
        if line.len() < 3 || line.starts_with("\"(PDH-CSV") || line.starts_with('{') {
            return None;
        }
        let line = line.trim_start_matches(['#', ' ']);
        let mut delimiters = Delimiter::CHARACTERS.iter().chain(&[Delimiter::Blanks]);
        delimiters.find_map(|delimiter| {
            let cells = delimiter.split(line);
            let blanks = *delimiter == Delimiter::Blanks;
            is_header(&cells, blanks, options).then(|| Self {
                delimiter: *delimiter,
                names: cells.into_iter().map(Cow::into_owned).collect(),
            })
        })
    }

    fn style(&self) -> Style {
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

/// Columns of places of code.
const PLACES: [&str; 7] = ["location", "function", "file", "filename", "symbol", "site", "allocator"];

/// Whether cells are those of a header: names, among them one of a time or of memory.
fn is_header(cells: &[Cow<'_, str>], are_words: bool, options: &ColumnOptions) -> bool {
    // `time,4103,4104`: a column for each process.
    let is_first_time =
        !are_words && cells.first().is_some_and(|cell| matches!(meaning(cell), Meaning::Time(_)));
    let is_id =
        |cell: &str| is_first_time && cell.len() <= LONGEST_ID && cell.bytes().all(|b| b.is_ascii_digit());
    let is_name = |cell: &str| {
        is_id(cell)
            || cell.len() <= LONGEST_NAME
                && !cell.starts_with(|c: char| c.is_ascii_digit())
                // `Memory: 120 MB` has its value already.
                && !cell.split(": ").skip(1).any(|value| value.starts_with(|c: char| c.is_ascii_digit()))
                && !ends_with_size(cell)
                && !matches!(Cell::parse(cell, false, Multiples::Binary), Cell::Number(_))
    };
    if cells.len() < 2 || !cells.iter().all(|cell| is_name(cell)) {
        return false;
    }
    let meanings: Vec<Meaning> = cells.iter().map(|cell| meaning(cell)).collect();
    let has = |wanted: fn(&Meaning) -> bool| meanings.iter().any(wanted);
    let (has_time, has_memory) =
        (has(|m| matches!(m, Meaning::Time(_))), has(|m| matches!(m, Meaning::Memory(_))));
    let keys = || options.time.iter().chain(&options.values);
    let is_there = |key: &ColumnKey| cells.iter().enumerate().any(|(place, name)| key.is(place, name));
    let are_distinct = cells.iter().enumerate().all(|(place, cell)| !cells[..place].contains(cell));
    if keys().next().is_some() && keys().all(is_there) && are_distinct && !are_words {
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
fn is_table(head: &str) -> bool {
    let whole = head.rfind('\n').map_or(head, |end| &head[..end]);
    let lines: Vec<&str> = whole.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let is_headed = lines.iter().take(MOST_LINES_ABOVE).enumerate().any(|(place, line)| {
        Header::parse(line, &ColumnOptions::default())
            .is_some_and(|header| lines[place + 1..].iter().take(3).any(|line| header.is_row(line)))
    });
    is_headed || bare::has_plain_header(&lines) || bare::are_numbers(&lines)
}

/// What the reader is in the midst of.
#[derive(Debug, Default)]
enum State {
    /// No header was found yet: lines of numbers may be all there is.
    #[default]
    Searching,
    Table(Box<(Header, Table)>),
}

/// Reads tables.
#[derive(Debug)]
struct Reader {
    options: ColumnOptions,
    state: State,
    bare: Bare,
    /// Digits before the point of the last number of the row above.
    digits_above: Option<usize>,
}

impl Reader {
    fn new(options: ColumnOptions) -> Self {
        Self { bare: Bare::new(options.clone()), state: State::Searching, options, digits_above: None }
    }

    /// Whether the last line of the source, which has no end, has a shorter number than the one above it.
    fn is_cut(&mut self, line: Line<'_>) -> bool {
        let last = line.text.trim_end().rsplit(['\t', ';', ' ']).next().unwrap_or_default();
        let last = match &self.state {
            State::Table(current) if current.0.delimiter == Delimiter::Character(b',') => {
                last.rsplit(',').next().unwrap_or_default()
            }
            State::Table(_) => last,
            State::Searching => last.rsplit(',').next().unwrap_or_default(),
        };
        if !last.trim_matches('"').starts_with(|c: char| c.is_ascii_digit()) {
            return false;
        }
        let digits = whole_digits(last);
        let above = self.digits_above.replace(digits);
        !line.ended && above.is_some_and(|above| digits < above)
    }

    fn row(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if self.is_cut(line) {
            return Err(Damage {
                column: None,
                message: "the last line has no end: its number may be cut".to_owned(),
            });
        }
        let State::Table(current) = &mut self.state else {
            return Ok(match BareRow::of(line, out) {
                Some(row) => {
                    self.bare.push(row, out);
                    Claim::Mine
                }
                None => Claim::NotMine,
            });
        };
        let (header, table) = current.as_mut();
        let cells = header.delimiter.split(line.text);
        let mut cells: Vec<String> = cells.into_iter().map(Cow::into_owned).collect();
        if header.delimiter == Delimiter::Blanks && cells.len() > header.names.len() {
            join_date_and_time(&mut cells);
        }
        // Rows may have a number that the header has no name for: the index of a data frame.
        if cells.len() == header.names.len() + 1
            && !table.has_rows()
            && cells.last().is_some_and(|cell| !cell.is_empty())
        {
            header.names.insert(0, String::new());
            *table = Table::new(header.names.clone(), header.style(), self.options.clone());
        }
        while cells.len() > header.names.len() && cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        if cells == header.names {
            out.bare_scope();
            return Ok(Claim::Mine);
        }
        if cells.len() == 1 && !line.text.starts_with(|c: char| c.is_ascii_digit()) {
            return Ok(Claim::NotMine);
        }
        if cells.len() != header.names.len() {
            let message = format!("expected {} columns, found {}", header.names.len(), cells.len());
            return Err(Damage { column: None, message });
        }
        let scope = out.bare_scope();
        table.push(Row { line: line.number, scope, cells }, out);
        Ok(Claim::Mine)
    }

    fn end(&mut self, out: &mut Sink<'_>) {
        if let State::Table(current) = &mut self.state {
            current.1.finish(out);
        }
    }
}

impl LineParser for Reader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let line = Line { text: &without_strokes(line.text), ..line };
        let text = line.text.trim();
        if text.is_empty() {
            return Ok(Claim::NotMine);
        }
        if !text.starts_with(|c: char| c.is_ascii_digit())
            && let Some(header) = Header::parse(text, &self.options)
        {
            if !matches!(&self.state, State::Table(known) if known.0.names == header.names) {
                self.end(out);
                let table = Table::new(header.names.clone(), header.style(), self.options.clone());
                self.state = State::Table(Box::new((header, table)));
            }
            // A date above the header is that of the rows below it.
            out.bare_scope();
            return Ok(Claim::Mine);
        }
        if text.starts_with('#') || is_ruler(text) {
            return Ok(Claim::NotMine);
        }
        self.row(line, out)
    }

    fn end_of_lines(&mut self, out: &mut Sink<'_>) {
        self.bare.finish(out);
        self.end(out);
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        (self.state, self.digits_above) = (State::Searching, None);
    }
}

#[cfg(test)]
mod tests {
    use super::super::options::{ColumnKey, ColumnOptions, ValueUnit};
    use super::super::{Dispatcher, FormatOptions};
    use super::FORMAT;

    /// What is read of a text: time, subject and values of each sample, and the first notice.
    fn read(text: &str, (time, values, unit): (&str, &[&str], &str)) -> String {
        let columns = ColumnOptions {
            time: ColumnKey::parse(time).ok(),
            values: values.iter().filter_map(|key| ColumnKey::parse(key).ok()).collect(),
            unit: ValueUnit::parse(unit).ok(),
            work: None,
        };
        let options = FormatOptions { columns, ..FormatOptions::default() };
        let mut dispatcher = Dispatcher::with_options(&[&FORMAT], &options);
        dispatcher.read(text);
        let found = dispatcher.finish();
        let samples = &found.records.samples;
        let mut lines: Vec<String> = (0..samples.len())
            .map(|row| {
                let subject = found.records.subjects.get(samples.subject(row)).cloned().unwrap_or_default();
                let name: Vec<String> = [subject.name, subject.id].into_iter().flatten().collect();
                let seconds = samples.time(row).and_then(|time| found.times.seconds(time));
                let time = seconds.map_or("-".to_owned(), |seconds| seconds.to_string());
                let values = samples.values(row).map(|(metric, value)| format!("{metric}={}", value.value));
                let values: Vec<String> = values.collect();
                format!("{time} {} {}", name.join("#"), values.join(" ")).replace("  ", " ")
            })
            .collect();
        lines.extend(found.notices.iter().map(|notice| format!("{}: {}", notice.line, notice.message)));
        lines.join("; ")
    }

    const NONE: (&str, &[&str], &str) = ("", &[], "");

    #[test]
    fn numbers_without_a_header_need_a_unit() {
        let mut wrong = Vec::new();
        let kib = ("", [].as_slice(), "KiB");
        for (text, options, expected) in [
            (
                "1795689248 10072\n1795689249 10320\n",
                kib,
                "1795689248 memory=10313728; 1795689249 memory=10567680",
            ),
            (
                "1795689248,10072\n1795689249,10320\n",
                kib,
                "1795689248 memory=10313728; 1795689249 memory=10567680",
            ),
            ("1795689248123 10072\n", kib, "1795689248.123 memory=10313728"),
            ("10072\n0\n10320\n", kib, "- memory=10313728; - memory=10567680"),
            (
                "1795689248\n10072\n1795689249\n10320\n",
                kib,
                "1795689248 memory=10313728; 1795689249 memory=10567680",
            ),
            ("2026-11-26 10:34:08 10072\n", kib, "1795689248 memory=10313728"),
            ("2026-11-26T10:34:08Z,10072\n", kib, "1795689248 memory=10313728"),
            ("Thu Nov 26 10:34:08 UTC 2026\n10072\n", kib, "1795689248 memory=10313728"),
            ("Thu Nov 26 10:34:08 UTC 2026 10072\n", kib, "1795689248 memory=10313728"),
            ("1795689248 10072\n1795689249\n", kib, "1795689248 memory=10313728"),
            (
                "3249 2518 1553 1 0 1273 0\n",
                ("", &[], "pages"),
                "- size=13307904 resident=10313728 shared=6361088",
            ),
            (
                "1795689248 3249 2518 1553 1 0 1273 0\n",
                ("", &[], "pages:16K"),
                "1795689248 size=53231616 resident=41254912 shared=25444352",
            ),
            ("0.1 10072\n0.1 10320\n", ("", &["2"], "KiB"), "- memory=10313728; - memory=10567680"),
            ("0.0 10072\n1.5 10320\n", ("1", &["2"], "KiB"), "0 memory=10313728; 1.5 memory=10567680"),
            ("0.1 10072\n", kib, "1: 2 numbers in a line: choose one with --value-column"),
            (
                "1795689248 10072\n",
                NONE,
                "1: numbers without a unit: name it with --value-unit (B, KiB, MiB, pages, ...)",
            ),
            (
                "3249 2518 1553 1 0 1273 0\n",
                NONE,
                "1: seven numbers, as /proc/PID/statm has them, in pages: read them with --value-unit pages",
            ),
            ("Started 12\nDone 13\n", kib, ""),
        ] {
            let found = read(text, options);
            if found != expected {
                wrong.push(format!("{text}  expected {expected}\n  found    {found}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn columns_are_read_by_their_header() {
        let mut wrong = Vec::new();
        for (text, options, expected) in [
            ("time;Memory (MiB)\n2026-11-26 10:34:08;9,5\n", NONE, "1795689248 Memory (MiB)=9961472"),
            ("epoch\trss_kb\n1795689248\t10,072\n", NONE, "1795689248 rss_kb=10313728"),
            (",time,rss_mb\n0,1795689248,9.5\n", NONE, "1795689248 rss_mb=9961472"),
            ("time,rss_mb\n0,1795689248,9.5\n", NONE, "1795689248 rss_mb=9961472"),
            ("\"time\",\"rss, in kB\"\n\"1795689248\",\"10,072\"\n", NONE, "1795689248 rss, in kB=10313728"),
            ("date,time,rss_kb\n2026-11-26,10:34:08,4\n", NONE, "1795689248 rss_kb=4096"),
            ("elapsed_ms,rss_kb\n500,4\n1500,4\n", NONE, "0.5 rss_kb=4096; 1.5 rss_kb=4096"),
            (
                "now.iso,now.custom,mem.used_kb\n2026-11-26T10:34:08+00:00,x,4\n",
                NONE,
                "1795689248 mem.used_kb=4096",
            ),
            ("iteration,rss_kb\n1,4\n", NONE, "- rss_kb=4096"),
            (
                "ts,pid,name,rss_kb\n1795689248,7,web,4\n1795689248,8,web,\n",
                NONE,
                "1795689248 web#7 rss_kb=4096",
            ),
            ("ts,pod,container,mem_bytes\n1795689248,p-1,api,4\n", NONE, "1795689248 api mem_bytes=4"),
            (
                "Notes\n\n| Time | RSS (MB) |\n|---|:-:|\n| 2026-11-26 10:34:08 | 9.5 |\n\nDone\n",
                NONE,
                "1795689248 RSS (MB)=9961472",
            ),
            ("state | VRAM usage, MiB\nopen  | 9.5\n", NONE, "- VRAM usage, MiB=9961472"),
            (
                "ts,web_rss_kb,db_rss_kb\n1795689248,4,8\n",
                NONE,
                "1795689248 web web_rss_kb=4096; 1795689248 db db_rss_kb=8192",
            ),
            (
                "ts,metric,value\n1795689248,rss_kb,4\n1795689248,cpu_percent,90\n",
                NONE,
                "1795689248 rss_kb=4096",
            ),
            (
                "Series;Time;Value\napi;2026-03-14T20:00:00Z;222638727\n",
                NONE,
                "1773518400 api memory=222638727",
            ),
            ("\"Time\",\"api\"\n2026-03-14 20:00:00,212.5 MiB\n", NONE, "1773518400 api memory=222822400"),
            ("\"Time\",\"api\"\n2026-03-14 20:00:00,1.5 MB\n", NONE, "1773518400 api memory=1500000"),
            ("ts,x\n1795689248,9.5\n", ("", &["x"], "MiB"), "1795689248 x=9961472"),
            ("a,b\n1795689248,9.5\n", ("a", &["b"], "MiB"), "1795689248 b=9961472"),
            (
                "ts,rss\n1795689248,9.5\n",
                NONE,
                "2: the numbers of \"rss\" have no unit: name it with --value-unit (B, KiB, MiB, pages, ...), and the columns to read with --value-column",
            ),
            (
                "ts,rss_kb\n1795689248,4\n",
                ("", &["vsz"], ""),
                "2: no column is named \"vsz\": the columns are ts, rss_kb",
            ),
            (
                "ts,rss_kb\n1795689248,4\nyesterday,8\n1795689249,?\n1795689250,1,2,3\n",
                NONE,
                "1795689248 rss_kb=4096; 5: expected 2 columns, found 4; 3: expected a time, found \"yesterday\"; 4: rss_kb: expected a number, found \"?\"",
            ),
            ("ts,cpu\n1795689248,9.5\n", NONE, ""),
            ("allocator,num_allocations,size\nMALLOC,1,1340\n", NONE, ""),
        ] {
            let found = read(text, options);
            if found != expected {
                wrong.push(format!("{text}  expected {expected}\n  found    {found}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
