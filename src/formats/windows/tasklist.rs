//! `tasklist` as a table, as CSV and as a list, in any language, with or without its header.
//!
//! The headers are translated, so the shape tells: a ruler above the rows, or a size with separators of thousands and
//! `K` at the end.

use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::sink::Sink;
use crate::model::{Measured, Metric, Role, Subject, SubjectKind};

/// The working set, as `tasklist` calls it.
const MEM_USAGE: Metric = Metric::bytes("Mem Usage", Role::Resident);

/// The ruler of a table: widths of the name of the image, the process id and the name of the session.
const RULER: &str = "========================= ======== ================ =========== ============";
/// First characters of the columns: name, process id, name of the session, its number, memory, and what `/V` adds.
const COLUMNS: [usize; 6] = [0, 26, 35, 52, 64, 77];

/// Tables of `tasklist`.
pub static FORMAT: Format = Format {
    name: "tasklist",
    reads: "tasklist of Windows (\"python.exe   11284 Console   1   217,420 K\"), also /FO CSV and /FO LIST",
    example: "python.exe                   11284 Console                    1    217,420 K\n",
    detect: Detect::Needles(&["========================= ========", ".exe", " K\"", " Ko\""]),
    parser: |_| Parser::Lines(Box::new(Tasklist::default())),
};

#[derive(Default)]
struct Tasklist {
    /// Whether the lines below are rows of a table with a ruler.
    in_table: bool,
    /// Blanks before each line of the table.
    indent: usize,
    /// The name, and perhaps the id, of the process in a list of keys and values, and the lines of it so far.
    entry: Option<(String, Option<String>, u8)>,
}

/// Lines of one process in a list without `/V`.
const LINES_OF_ENTRY: u8 = 5;

impl LineParser for Tasklist {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let text = line.text;
        if text.trim_start().starts_with(RULER) {
            out.bare_scope();
            (self.in_table, self.indent) = (true, text.len() - text.trim_start().len());
            return Ok(Claim::Mine);
        }
        if let Some(row) = self.list(text) {
            return Ok(match row {
                Some(row) => {
                    push(&row, line, out);
                    Claim::Mine
                }
                None => {
                    // A date above the list is that of all processes in it.
                    out.bare_scope();
                    Claim::MoreBelow
                }
            });
        }
        let row = csv(text).or_else(|| table(text.get(self.indent..).unwrap_or(""), self.in_table));
        self.in_table &= row.is_some();
        if !self.in_table {
            self.indent = 0;
        }
        let Some(row) = row else { return Ok(Claim::NotMine) };
        push(&row, line, out);
        Ok(Claim::Mine)
    }

    fn follows(&self) -> bool {
        self.in_table || self.entry.is_some()
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        *self = Self::default();
    }
}

impl Tasklist {
    /// Takes a line of a list, `KEY: VALUE`; returns the row that it completes.
    fn list(&mut self, text: &str) -> Option<Option<Row>> {
        let value = || text.split_once(':').map(|(_, value)| value.trim());
        let Some((name, pid, lines)) = &mut self.entry else {
            // The first value is the name of a program, after the key and blanks.
            let name = value().filter(|name| name.ends_with(".exe") && text.contains(":  "))?;
            let is_key = text.starts_with(char::is_alphabetic) && !name.contains(['\\', '/', ':']);
            self.entry = is_key.then(|| (name.to_owned(), None, 1));
            return is_key.then_some(None);
        };
        *lines += 1;
        let fits = match (value(), *lines) {
            (Some(value), 2) => {
                *pid = is_number(value).then(|| value.to_owned());
                pid.is_some()
            }
            (Some(value), LINES_OF_ENTRY) => match (kib(value), pid.take()) {
                (Some(bytes), Some(pid)) => {
                    let row = Row { name: std::mem::take(name), pid, bytes };
                    self.entry = None;
                    return Some(Some(row));
                }
                _ => false,
            },
            (value, _) => value.is_some(),
        };
        if !fits {
            self.entry = None;
        }
        fits.then_some(None)
    }
}

struct Row {
    name: String,
    pid: String,
    bytes: f64,
}

fn push(row: &Row, line: Line<'_>, out: &mut Sink<'_>) {
    let subject = Subject::named(SubjectKind::Process, row.name.as_str()).with_id(&row.pid);
    let scope = out.unstamped_row_scope();
    // The System process of a container has no memory.
    if row.bytes > 0.0 {
        out.sample_in(line, subject, scope).set(MEM_USAGE, Measured::exact(row.bytes)).push();
    }
}

/// Parses a row of a table, whose columns have fixed widths.
fn table(text: &str, below_ruler: bool) -> Option<Row> {
    if !below_ruler && !text.contains(".exe ") || !text.contains('K') {
        return None;
    }
    let mut starts =
        COLUMNS.map(|column| text.char_indices().nth(column).map_or(text.len(), |(at, _)| at)).into_iter();
    let mut at = starts.next()?;
    let mut fields = starts.map(|next| {
        let field = text.get(at..next).unwrap_or("");
        at = next;
        field.trim()
    });
    let (name, pid, _, session) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let bytes = kib(fields.next()?)?;
    let is_row = !name.is_empty() && is_number(pid) && is_number(session);
    is_row.then(|| Row { name: name.to_owned(), pid: pid.to_owned(), bytes })
}

/// Parses a row of `/FO CSV`.
fn csv(text: &str) -> Option<Row> {
    let mut fields = text.trim_end().strip_prefix('"')?.strip_suffix('"')?.split("\",\"");
    let (name, pid, _, session) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let bytes = kib(fields.next()?)?;
    (is_number(pid) && is_number(session)).then(|| Row { name: name.to_owned(), pid: pid.to_owned(), bytes })
}

/// Parses a number of KiB with separators of thousands, which differ by language: `217,420 K`, `217.420 K`,
/// `217 420 Ko`.
fn kib(field: &str) -> Option<f64> {
    let number = field.trim().strip_suffix("Ko").or_else(|| field.trim().strip_suffix('K'))?.trim_end();
    let mut digits = String::with_capacity(number.len());
    for (place, group) in
        number.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).enumerate()
    {
        if place > 0 && group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    let is_number = number.starts_with(|first: char| first.is_ascii_digit());
    let letters = number.chars().any(|c| c.is_ascii_alphabetic());
    let kib: f64 = digits.parse().ok().filter(|_| is_number && !letters && digits.len() < 13)?;
    Some(kib * 1024.0)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() < 11 && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{csv, kib, table};

    #[test]
    fn rows_of_any_language() {
        for (text, name, memory) in [
            (
                "python.exe                   11284 Console                    1    217,420 K",
                "python.exe",
                217_420.0,
            ),
            (
                "python.exe                   11284 Console                    1    217.420 K",
                "python.exe",
                217_420.0,
            ),
            (
                "python.exe                   11284 Console                    1   217\u{a0}420 Ko",
                "python.exe",
                217_420.0,
            ),
            (
                "Memory Compression            2212 Services                   0  1,017,420 K",
                "Memory Compression",
                1_017_420.0,
            ),
            ("System                           4 Services                   0        140 K", "System", 140.0),
            ("\"python.exe\",\"11284\",\"Console\",\"1\",\"217.420 K\"", "python.exe", 217_420.0),
        ] {
            let row = csv(text).or_else(|| table(text, true)).map(|row| (row.name, row.bytes / 1024.0));
            assert_eq!(row, Some((name.to_owned(), memory)), "{text}");
        }
        for text in ["N/A", "1,2 K", "K", "12a K", ",5 K"] {
            assert_eq!(kib(text), None, "{text}");
        }
    }
}
