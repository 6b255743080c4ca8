//! `Get-Process` of PowerShell: its own table, and tables of chosen properties.

use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::sink::Sink;
use crate::formats::size::{Multiples, Size, size};
use crate::formats::tables::cut_row;
use crate::model::{Metric, Role, Subject, SubjectKind};

/// The working set.
const WS: Metric = Metric::bytes("WS", Role::Resident);
/// Pageable memory that is the process's own: its private bytes.
const PM: Metric = Metric::bytes("PM", Role::Other);
const NPM: Metric = Metric::bytes("NPM", Role::Other);
const VM: Metric = Metric::bytes("VM", Role::Virtual);
const PEAK_WS: Metric = Metric::bytes("PeakWorkingSet", Role::Peak);

/// The columns that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Id,
    Name,
    /// A size, and the number of bytes that a number without a unit counts.
    Memory(Metric, u32),
    /// Seconds of a processor. The field is empty for processes of other users.
    Processor,
    /// A whole number that is not read.
    Number,
    Other,
}

const WORDS: &[(&str, Metric)] = &[
    ("WS", WS),
    ("WorkingSet", WS),
    ("WorkingSet64", WS),
    // Of `wmic` and `Get-CimInstance Win32_Process`.
    ("WorkingSetSize", WS),
    ("PrivatePageCount", PM),
    ("VirtualSize", VM),
    ("PM", PM),
    ("PrivateMemorySize", PM),
    ("PrivateMemorySize64", PM),
    ("PagedMemorySize", PM),
    ("PagedMemorySize64", PM),
    ("NPM", NPM),
    ("VM", VM),
    ("VirtualMemorySize", VM),
    ("VirtualMemorySize64", VM),
    ("PeakWorkingSet", PEAK_WS),
    ("PeakWorkingSet64", PEAK_WS),
];

/// Tables of `Get-Process`.
pub static FORMAT: Format = Format {
    name: "get-process",
    reads: "Get-Process of PowerShell (\"Handles  NPM(K)    PM(K)      WS(K)     CPU(s)     Id  SI ProcessName\")",
    example: "Handles  NPM(K)    PM(K)      WS(K)     CPU(s)     Id  SI ProcessName\n\
              -------  ------    -----      -----     ------     --  -- -----------\n    \
              241      19   217420     226636       3.50  11284   1 python\n",
    detect: Detect::Needles(&["WS(", "PM(", "WorkingSet", "MemorySize", "ProcessName"]),
    parser: |_| Parser::Lines(Box::new(GetProcess::default())),
};

#[derive(Default)]
struct GetProcess {
    columns: Vec<Column>,
    /// Whether the ruler below the header was met.
    below_ruler: bool,
}

impl LineParser for GetProcess {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if let Some(columns) = header(line.text) {
            out.bare_scope();
            // `wmic` draws no ruler.
            let is_wmic = line.text.contains("WorkingSetSize") && !columns.contains(&Column::Other);
            (self.columns, self.below_ruler) = (columns, is_wmic);
            return Ok(Claim::Mine);
        }
        if self.columns.is_empty() {
            return Ok(Claim::NotMine);
        }
        let text = line.text.trim();
        let is_ruler = !text.is_empty() && text.bytes().all(|b| b == b'-' || b == b' ');
        if is_ruler && self.below_ruler {
            return Ok(Claim::Mine);
        }
        if !self.below_ruler {
            self.below_ruler = is_ruler;
            if !is_ruler {
                self.columns.clear();
            }
            return Ok(if is_ruler { Claim::Mine } else { Claim::NotMine });
        }
        let Some((subject, values)) = row(&self.columns, text) else {
            // A table ends with an empty line.
            if text.is_empty() {
                self.columns.clear();
            }
            return Ok(Claim::NotMine);
        };
        let scope = out.unstamped_row_scope();
        let is_none = values.iter().any(|(metric, size)| *metric == WS && size.bytes == 0.0);
        if !is_none && !values.is_empty() {
            if !line.ended && !out.has_subject(&subject) {
                return Err(cut_row());
            }
            let mut values = values;
            values.sort_by_key(|(metric, _)| metric.role);
            let sample = out.sample_in(line, subject, scope);
            sample.set_all(values.into_iter().map(|(metric, size)| (metric, size.rounded()))).push();
        }
        Ok(Claim::Mine)
    }

    fn follows(&self) -> bool {
        !self.columns.is_empty()
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        *self = Self::default();
    }
}

/// Returns the meaning of the name of a column, or of a property.
pub(super) fn column(word: &str) -> Column {
    let (name, unit) = word.split_once('(').unwrap_or((word, ""));
    let bytes = match unit {
        "" => 1,
        "K)" | "KB)" => 1024,
        "M)" | "MB)" => 1 << 20,
        "GB)" => 1 << 30,
        _ => return if name == "CPU" { Column::Processor } else { Column::Other },
    };
    if let Some((_, metric)) = WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        return Column::Memory(*metric, bytes);
    }
    match name {
        "Id" | "PID" | "ProcessId" | "ProcessID" => Column::Id,
        "ProcessName" | "Name" => Column::Name,
        "CPU" => Column::Processor,
        "SI" | "Handles" => Column::Number,
        _ => Column::Other,
    }
}

/// Parses the header of a table.
fn header(line: &str) -> Option<Vec<Column>> {
    let columns: Vec<Column> = line.split_ascii_whitespace().map(column).collect();
    let names = columns.iter().any(|column| matches!(column, Column::Id | Column::Name));
    let has_memory = columns.iter().any(|column| matches!(column, Column::Memory(..)));
    (columns.len() >= 2 && names && has_memory).then_some(columns)
}

type Values = Vec<(Metric, Size)>;

/// Parses a row. The time of the processor may be left out; the name may have blanks, at the end of the row.
fn row(columns: &[Column], text: &str) -> Option<(Subject, Values)> {
    fields(columns, text).or_else(|| {
        let without: Vec<Column> =
            columns.iter().copied().filter(|column| *column != Column::Processor).collect();
        if without.len() == columns.len() { None } else { fields(&without, text) }
    })
}

fn fields(columns: &[Column], text: &str) -> Option<(Subject, Values)> {
    let mut subject = Subject { kind: SubjectKind::Process, ..Subject::default() };
    let mut values = Values::new();
    let mut rest = text;
    // A name may have blanks.
    let more_words = text.split_ascii_whitespace().count().saturating_sub(columns.len());
    for (place, column) in columns.iter().enumerate() {
        let takes_rest = *column == Column::Name && place + 1 == columns.len();
        let blanks = if *column == Column::Name { more_words } else { 0 };
        let blank = rest.match_indices([' ', '\t']).filter(|(at, _)| !rest[..*at].ends_with([' ', '\t']));
        let end = if takes_rest { None } else { blank.map(|(at, _)| at).nth(blanks) }.unwrap_or(rest.len());
        let (field, after) = rest.split_at(end);
        rest = after.trim_start();
        if field.is_empty() {
            return None;
        }
        match column {
            Column::Id => {
                field.parse::<u32>().ok()?;
                subject.id = Some(field.to_owned());
            }
            Column::Name => {
                // A number and a name: a column is missing in front.
                let first = field.split_once(' ').map(|(first, _)| first);
                if first.is_some_and(|first| first.bytes().all(|b| b.is_ascii_digit())) {
                    return None;
                }
                subject.name = Some(field.to_owned());
            }
            Column::Memory(metric, bytes) => {
                values.push((*metric, size(field, f64::from(*bytes), Multiples::Binary)?));
            }
            Column::Processor => {
                field.starts_with(|first: char| first.is_ascii_digit()).then_some(())?;
            }
            Column::Number => field.bytes().all(|b| b.is_ascii_digit()).then_some(())?,
            Column::Other => {}
        }
    }
    rest.is_empty().then_some((subject, values))
}

#[cfg(test)]
mod tests {
    use super::{header, row};

    #[test]
    fn rows_with_and_without_the_time_of_the_processor() {
        const OF_5: &str = "Handles  NPM(K)    PM(K)      WS(K)     CPU(s)     Id  SI ProcessName";
        const OF_7: &str = " NPM(K)    PM(M)      WS(M)     CPU(s)      Id  SI ProcessName";
        const OF_2: &str = "Handles  NPM(K)    PM(K)      WS(K) VM(M)   CPU(s)     Id ProcessName";
        for (head, text, name, id, resident) in [
            (OF_5, "241  19  217420  226636  3.50  11284  1 python", "python", "11284", 226_636.0),
            (OF_5, "241  19  217420  226636    11284  1 python", "python", "11284", 226_636.0),
            (OF_5, "0  0  60  8  0 0 Idle", "Idle", "0", 8.0),
            (OF_5, "0  0  60  8   2212 0 Memory Compression", "Memory Compression", "2212", 8.0),
            (OF_7, "19.25  217.50  226.25  3.50  11284  1 python", "python", "11284", 231_680.0),
            (OF_7, "19,25  217,50  226,25  3,50  11284  1 python", "python", "11284", 231_680.0),
            (OF_2, "241  19  217420  226636  512  3.50  11284 python", "python", "11284", 226_636.0),
            ("   Id       WS ProcessName", "11284  1024000 python", "python", "11284", 1000.0),
        ] {
            let columns = header(head).unwrap_or_default();
            let found = row(&columns, text);
            let resident_of = |values: &super::Values| {
                values.iter().find(|(metric, _)| *metric == super::WS).map(|(_, size)| size.bytes / 1024.0)
            };
            let found = found.map(|(subject, values)| (subject.name, subject.id, resident_of(&values)));
            let expected = (Some(name.to_owned()), Some(id.to_owned()), Some(resident));
            assert_eq!(found, Some(expected), "{text}");
        }
    }
}
