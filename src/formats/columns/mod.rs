//! Tables of time and value with any header, with any character between the cells, and bare numbers without one.

mod bare;
pub mod cells;
mod evidence;
mod header;
mod known_words;
mod layout;
pub mod names;
mod naming;
mod pids;
pub mod row;
pub mod table;
mod times;
pub mod words;

use std::borrow::Cow;

use self::bare::{Bare, BareRow};
use self::cells::{Delimiter, is_ruler, join_date_and_time, whole_digits, without_strokes};
pub use self::header::is_header_amid;
use self::header::{Header, is_table};
use self::row::Row;
use self::table::Table;
use super::contract::{Detect, Format, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::options::ColumnOptions;
use super::sink::Sink;

/// Tables and bare numbers.
pub static FORMAT: Format = Format {
    name: "csv",
    reads: "tables of time and memory (\"time,rss_mb\": CSV, TSV), and bare numbers with --value-unit",
    example: "time,rss_mb\n2026-11-26T10:34:08Z,9.836\n",
    detect: Detect::Head(is_table),
    parser: |options| Parser::Lines(Box::new(Reader::new(options.columns.clone()))),
};

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
            (
                "time,api (MiB),job_kb,cpu,rx_mb,requests\n1795689248,9.5,4,3.5,7.5,1\n",
                NONE,
                "1795689248 api memory=9961472; 1795689248 job memory=4096; 0: taken for memory by the units in their names: \"api (MiB)\", \"job_kb\" (--value-column names others)",
            ),
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
            ("api.rss:7000|g\napi.rss:8000|g\n", NONE, ""),
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
