//! Tables of processes: a header names the columns, each row below it is a reading of one process.
//!
//! A tool is a [`Table`]: the words of its header, and the units of its numbers. The header may stand above each report
//! or once; dates may stand between the rows, or a time at the head of each.

mod ages;
mod header;
mod namesakes;
mod row;
mod starts;
mod table;
#[cfg(test)]
mod tests;

use self::ages::Ages;
pub use self::header::Header;
use self::header::{is_of_other, may_be_header, unquoted};
use self::namesakes::Namesakes;
pub use self::row::{Row, cut_row};
use self::starts::Starts;
pub use self::table::{Column, Table};
use super::contract::LineParser;
use super::line::{Claim, Damage, Line};
use super::sink::Sink;
use crate::model::{Measured, Metric, Role, TimeRef};

/// Reads the tables of one tool.
#[derive(Debug)]
pub struct TableReader {
    table: &'static Table,
    header: Option<Header>,
    ages: Ages,
    namesakes: Namesakes,
    starts: Starts,
    /// The time of the rows to come, where a line of the tool's own gave it.
    time: Option<TimeRef>,
    /// A resident memory that was printed as 0, and half of its last digit in bytes.
    unresolved: Option<(Metric, f64)>,
}

impl TableReader {
    /// Returns a reader for the tables of a tool.
    #[must_use]
    pub fn new(table: &'static Table) -> Self {
        Self {
            table,
            header: None,
            ages: Ages::default(),
            namesakes: Namesakes::default(),
            starts: Starts::default(),
            time: None,
            unresolved: None,
        }
    }

    /// Sets the time of the rows to come.
    pub const fn begin_report(&mut self, time: Option<TimeRef>) {
        self.time = time;
    }

    /// Whether a header stands above.
    #[must_use]
    pub const fn has_header(&self) -> bool {
        self.header.is_some()
    }

    /// Returns the number of words in front of the rows below the header, the last of which is that of a time.
    #[must_use]
    pub fn words_before(&self) -> usize {
        self.header.as_ref().map_or(0, Header::words_before)
    }

    /// Forgets the header: the lines below are of another table.
    pub fn end_table(&mut self) {
        self.header = None;
    }

    /// Takes a line that is a header, of this table or of another one. Returns whether it was one of this table.
    pub fn take_header(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> bool {
        let mut header = Header::parse(line.text, self.table);
        if header.is_none() && self.names_memory(line.text) && !is_of_other(line.text, self.table) {
            // `Nov 26 10:34:08     PID   RSS CMD`, as `ts` writes it.
            let scope = out.row_scope(line);
            let rest = line.text.get(scope.stamp_end..).filter(|_| scope.stamped);
            let words = line.text.get(..scope.stamp_end).unwrap_or("").split_ascii_whitespace().count();
            header = rest.and_then(|rest| Header::parse(rest, self.table));
            header = header.map(|header| header.below_times(words));
        }
        let Some(header) = header else {
            if self.header.is_some() && is_header_of_other(line.text) {
                self.header = None;
            }
            return false;
        };
        // A date above the header is that of the rows below it.
        out.bare_scope();
        self.ages.begin_report();
        self.namesakes.begin_table();
        self.header = Some(header);
        true
    }

    fn names_memory(&self, line: &str) -> bool {
        let is_memory = |word: &str| {
            self.table.words.iter().any(|(name, column)| *name == word && matches!(column, Column::Memory(_)))
        };
        line.split_ascii_whitespace().any(is_memory)
    }

    /// Reads a row, whose time is that of its line or of the lines above it, or else the age of its process. Returns
    /// whether it was one.
    ///
    /// # Errors
    /// Returns the damage of a row whose size cannot be read.
    pub fn take_row(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<bool, Damage> {
        let Some(header) = self.header.as_ref() else { return Ok(false) };
        let words = line.text.split_ascii_whitespace().take(header.len()).count();
        if words + 1 < header.len() {
            return Ok(false);
        }
        // A row that begins with its pid has no time in front, whatever stands in it.
        let text = unquoted(line.text);
        let whole = header.has_bare_rows().then(|| Row::parse(header, text, self.table)).flatten();
        let (row, scope) = if let Some(row) = whole {
            (row, out.unstamped_row_scope())
        } else {
            let scope = out.row_scope(line);
            let start = header.start(line.text, if scope.stamped { scope.stamp_end } else { 0 });
            match Row::parse(header, line.text.get(start..).unwrap_or(""), self.table) {
                Some(row) => (row, scope),
                None => return Ok(false),
            }
        };
        let row = row?;
        if !row.is_sample() {
            // A process that was measured has ended.
            if row.has_no_memory() && out.has_subject(&row.subject) {
                out.count_records(1);
            }
            return Ok(true);
        }
        let Row { subject, values, age, started } = row;
        let subject = self.namesakes.subject(subject, &scope, self.time.is_some());
        let is_whole = line.ended || header.ends_with_command() && out.has_subject(&subject);
        if !is_whole {
            return Err(cut_row());
        }
        let zero =
            |(metric, value): &&(Metric, Measured)| metric.role == Role::Resident && value.value == 0.0;
        if let Some((metric, value)) = values.iter().find(zero) {
            self.unresolved = Some((*metric, value.half_width));
        }
        let written = subject.clone();
        let subject = self.starts.subject(subject, age, started);
        let sample = if self.time.is_some() {
            out.sample_at(line, subject, self.time)
        } else if let Some(age) = age.filter(|_| scope.time.is_none()) {
            let elapsed = self.ages.elapsed(written, &subject, age);
            let time = out.elapsed_seconds(elapsed);
            out.sample_at(line, subject, time)
        } else {
            out.sample_in(line, subject, scope)
        };
        sample.set_all(values).push();
        Ok(true)
    }
}

/// Whether a line is the header of some table of processes.
fn is_header_of_other(line: &str) -> bool {
    may_be_header(line) && line.split_ascii_whitespace().any(|word| word == "PID")
}

impl LineParser for TableReader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let claimed = self.take_header(line, out) || self.take_row(line, out)?;
        Ok(if claimed { Claim::Mine } else { Claim::NotMine })
    }

    fn follows(&self) -> bool {
        self.header.is_some()
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        if let Some((metric, half)) = self.unresolved {
            let mebibytes = half / 1_048_576.0;
            out.note(format!(
                "{metric} is printed as 0 where it is less than {mebibytes:.0} MiB, so its growth cannot be seen there: \
                 record in KiB (top without -e, or ps -o pid,rss,args)"
            ));
        }
        *self = Self::new(self.table);
    }
}
