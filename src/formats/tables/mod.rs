//! Tables of processes: a header names the columns, each row below it is a reading of one process.
//!
//! A tool is a [`Table`]: the words of its header, and the units of its numbers. The header may stand above each report
//! or once; dates may stand between the rows, or a time at the head of each.

mod column;
mod header;

use rustc_hash::FxHashMap;

pub use self::column::Column;
use self::header::Header;
use super::contract::LineParser;
use super::line::{Claim, Damage, Line};
use super::sink::Sink;
use super::size::{Multiples, size};
use crate::model::{Measured, Metric, Subject, SubjectKind};

/// A tool that prints tables of processes.
#[derive(Debug)]
pub struct Table {
    /// The words of its headers, in any language, with the column that each names.
    pub words: &'static [(&'static str, Column)],
    /// Bytes of a number without a unit.
    pub bare: f64,
    /// The meaning of `K`, `M` and `G`.
    pub multiples: Multiples,
    /// Whether a row is none of a process, such as that of an average.
    pub is_no_row: fn(&str) -> bool,
}

/// Reads the tables of one tool.
#[derive(Debug)]
pub struct TableReader {
    table: &'static Table,
    header: Option<Header>,
    ages: Ages,
}

impl TableReader {
    /// Returns a reader for the tables of a tool.
    #[must_use]
    pub fn new(table: &'static Table) -> Self {
        Self { table, header: None, ages: Ages::default() }
    }

    /// Reads a row, whose time is that of its line, or the age of its process where the recording has no times.
    fn row(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Option<()> {
        let header = self.header.as_ref()?;
        let text = line.text;
        if text.split_ascii_whitespace().take(header.len()).count() + 1 < header.len() {
            return None;
        }
        let scope = out.row_scope(line);
        let row = text.get(if scope.stamped { scope.stamp_end } else { 0 }..)?;
        if (self.table.is_no_row)(row) {
            return None;
        }
        let fields = header.split(row)?;
        let mut subject = Subject { kind: SubjectKind::Process, ..Subject::default() };
        let mut values: Vec<(Metric, Measured)> = Vec::new();
        let mut age = None;
        for (column, field) in fields {
            match column {
                Column::Pid => {
                    field.parse::<u32>().ok()?;
                    subject.id = Some(field.to_owned());
                }
                Column::Name | Column::Command => subject.name = Some(field.to_owned()),
                Column::Age => age = field.parse::<f64>().ok(),
                Column::Memory(metric) => {
                    let size = size(field, self.table.bare, self.table.multiples)?;
                    values.push((metric, size.rounded()));
                }
                Column::Other => {}
            }
        }
        let sample = match age {
            Some(age) if scope.time.is_none() => {
                let elapsed = self.ages.elapsed(&subject, age);
                let time = out.elapsed_seconds(elapsed);
                out.sample_at(line, subject, time)
            }
            _ => out.sample_in(line, subject, scope),
        };
        values.into_iter().fold(sample, |sample, (metric, value)| sample.set(metric, value)).push();
        Some(())
    }
}

impl LineParser for TableReader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if let Some(header) = Header::parse(line.text, self.table.words) {
            // A date above the header is that of the rows below it.
            out.bare_scope();
            self.ages.begin_report();
            self.header = Some(header);
            return Ok(Claim::Mine);
        }
        Ok(if self.row(line, out).is_some() { Claim::Mine } else { Claim::NotMine })
    }

    fn follows(&self) -> bool {
        self.header.is_some()
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        (self.header, self.ages) = (None, Ages::default());
    }
}

/// A clock made of the ages of processes, where nothing else gives the time: all rows of one report have one time.
#[derive(Debug, Default)]
struct Ages {
    /// The start of each process on that clock.
    starts: FxHashMap<Subject, f64>,
    now: f64,
    /// Whether the time of the current report is known.
    is_known: bool,
}

impl Ages {
    const fn begin_report(&mut self) {
        self.is_known = false;
    }

    /// Returns the time of the current report, in seconds since the first one.
    fn elapsed(&mut self, subject: &Subject, age: f64) -> f64 {
        match self.starts.get(subject) {
            Some(start) if start + age >= self.now => {
                if !self.is_known {
                    (self.now, self.is_known) = (start + age, true);
                }
            }
            // A new process, or another one with the same id.
            _ => drop(self.starts.insert(subject.clone(), self.now - age)),
        }
        self.now
    }
}
