//! A row of a table: a reading of one process.

use super::ages::age;
use super::header::Header;
use super::table::{Column, Table};
use crate::formats::line::Damage;
use crate::formats::prefix::words::Lists;
use crate::formats::size::size;
use crate::model::{Measured, Metric, Role, Subject, SubjectKind};

/// No system numbers its processes higher: a larger number is a time.
const MOST_PID: u32 = 100_000_000;

/// The fields of a row that are read.
#[derive(Debug, PartialEq)]
pub struct Row<'a> {
    /// The process.
    pub subject: Subject,
    /// Its memory.
    pub values: Vec<(Metric, Measured)>,
    /// The seconds since its start.
    pub age: Option<f64>,
    /// Its start.
    pub started: Option<&'a str>,
}

impl<'a> Row<'a> {
    /// Parses a row. `None` if the text is none, and the damage of one whose size cannot be read.
    pub fn parse(header: &Header, text: &'a str, table: &Table) -> Option<Result<Self, Damage>> {
        let fields = header.split(text)?;
        let subject = Subject { kind: SubjectKind::Process, ..Subject::default() };
        let mut row = Self { subject, values: Vec::new(), age: None, started: None };
        let mut damage = None;
        for (column, field) in fields {
            match column {
                Column::Pid => {
                    field.parse::<u32>().ok().filter(|pid| *pid < MOST_PID)?;
                    row.subject.id = Some(field.to_owned());
                }
                Column::Command => row.subject.name = Some(field.to_owned()),
                Column::Age => row.age = age(field),
                Column::Started => row.started = Some(field),
                // The size of a process that has none, such as a zombie.
                Column::Memory(_) if field == "-" => {}
                Column::Memory(metric) => {
                    // macOS marks what rose or fell since the last report.
                    let number = field.trim_end_matches(['+', '-']);
                    // No tool prints decimals of KiB: the unit stands elsewhere, or thousands are parted.
                    let has_unit = !number.ends_with(|last: char| last.is_ascii_digit());
                    let is_clear = has_unit || !number.contains(['.', ',']);
                    match size(number, table.bare, table.multiples).filter(|_| is_clear) {
                        Some(size) => row.values.push((metric, size.rounded())),
                        None if number.starts_with(|first: char| first.is_ascii_digit()) => {
                            damage = Some((metric, field))
                        }
                        None => return None,
                    }
                }
                Column::Prefix => {
                    let name = field.trim_matches(['[', ']', ':', '|']);
                    let is_name = !name.is_empty() && !name.contains(':') && !Lists::of(name).is_level();
                    row.subject.parent = is_name.then(|| name.to_owned());
                }
                Column::State | Column::Other => {}
            }
        }
        if let Some((metric, field)) = damage {
            row.subject.id.as_ref()?;
            let message = format!("expected a size as {metric} of a process, found \"{field}\"");
            return Some(Err(Damage { column: None, message }));
        }
        // What is resident comes first, however wide its column is.
        row.values.sort_by_key(|(metric, _)| metric.role);
        Some(Ok(row))
    }

    /// Whether the row is a reading: not of a thread of the kernel or a process that has ended, which have no memory,
    /// nor of the filter through which the table came.
    #[must_use]
    pub fn is_sample(&self) -> bool {
        let name = self.subject.name.as_deref().unwrap_or("");
        let program = name.split(' ').next().and_then(|path| path.rsplit('/').next()).unwrap_or("");
        let is_filter = matches!(program, "grep" | "egrep" | "fgrep");
        !self.values.is_empty() && !self.has_no_memory() && !is_filter
    }

    /// Whether a size of the process is printed as exactly 0.
    #[must_use]
    pub fn has_no_memory(&self) -> bool {
        let is_none = |value: &Measured| value.value == 0.0 && value.half_width == 0.0;
        let is_whole = |metric: &Metric| matches!(metric.role, Role::Resident | Role::Virtual);
        self.values.iter().any(|(metric, value)| is_whole(metric) && is_none(value))
    }
}

/// The damage of the last row of a source without a line end, whose last field may be cut: a command that no other row
/// has would be another process.
pub fn cut_row() -> Damage {
    Damage { column: None, message: "the source ends within this row, or lacks its line end".to_owned() }
}
