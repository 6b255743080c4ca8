//! Properties of processes, one a line: `Get-Process | Format-List`, `wmic process get … /value`.

use super::get_process::{Column, column};
use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::scope::Scope;
use crate::formats::sink::Sink;
use crate::formats::size::{Multiples, size};
use crate::model::{Measured, Metric, Subject, SubjectKind};

/// Lists of properties.
pub static FORMAT: Format = Format {
    name: "process-properties",
    reads: "properties of processes of Windows (\"WorkingSet64 : 209715200\", \"WorkingSetSize=209715200\")",
    example: "ProcessName  : python\nWorkingSet64 : 209715200\n\n",
    detect: Detect::Needles(&["WorkingSet"]),
    parser: |_| Parser::Lines(Box::new(Properties::default())),
};

#[derive(Default)]
struct Properties {
    open: Option<Process>,
}

/// The properties of one process so far.
struct Process {
    line: u64,
    scope: Scope,
    subject: Subject,
    values: Vec<(Metric, Measured)>,
}

impl Process {
    /// Takes a property; returns whether it is one that the process does not have yet.
    fn take(&mut self, (key, value): (&str, &str)) -> bool {
        match column(key) {
            Column::Id if self.subject.id.is_none() => self.subject.id = Some(value.to_owned()),
            Column::Name if self.subject.name.is_none() => self.subject.name = Some(value.to_owned()),
            Column::Memory(metric, bytes) if self.values.iter().all(|(known, _)| *known != metric) => {
                let found = size(value, f64::from(bytes), Multiples::Binary);
                self.values.extend(found.map(|size| (metric, size.rounded())));
            }
            Column::Id | Column::Memory(..) => return false,
            // `Name` and `ProcessName` say the same.
            Column::Name | Column::Processor | Column::Number | Column::Other => {}
        }
        true
    }
}

/// Parses `KEY : VALUE` or `KEY=VALUE`.
fn property(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.split_once(" : ").or_else(|| text.split_once('='))?;
    let key = key.trim();
    let is_key = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric());
    is_key.then(|| (key, value.trim()))
}

/// Whether a property is the working set.
fn is_working_set((key, value): (&str, &str)) -> bool {
    matches!(column(key), Column::Memory(..)) && value.starts_with(|c: char| c.is_ascii_digit())
}

impl Properties {
    fn flush(&mut self, out: &mut Sink<'_>) {
        let Some(Process { line, scope, subject, mut values }) = self.open.take() else { return };
        values.sort_by_key(|(metric, _)| metric.role);
        // Idle and System have no memory.
        if values.first().is_some_and(|(_, value)| value.value > 0.0) {
            let line = Line { text: "", number: line, ended: true };
            out.sample_in(line, subject, scope).set_all(values).push();
        }
    }

    fn begin(line: Line<'_>, property: (&str, &str), scope: Scope) -> Process {
        let subject = Subject { kind: SubjectKind::Process, ..Subject::default() };
        let mut process = Process { line: line.number, scope, subject, values: Vec::new() };
        process.take(property);
        process
    }
}

impl LineParser for Properties {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let found = property(line.text);
        if let Some(process) = &mut self.open {
            match found {
                Some(property) if line.ended && process.take(property) => return Ok(Claim::MoreBelow),
                _ => self.flush(out),
            }
        }
        if !line.text.contains("WorkingSet") {
            return Ok(Claim::NotMine);
        }
        if !line.ended {
            return Ok(Claim::NotMine);
        }
        if let Some(property) = found.filter(|property| is_working_set(*property)) {
            let scope = out.bare_scope();
            let mut process = Self::begin(line, property, scope);
            let above = out.take_above();
            for (_, text) in above.lines().rev() {
                if !self::property(text).is_some_and(|property| process.take(property)) {
                    break;
                }
            }
            out.recycle(above);
            self.open = Some(process);
            return Ok(Claim::MoreBelow);
        }
        // After a time.
        let scope = out.row_scope(line);
        let rest = line
            .text
            .get(scope.stamp_end..)
            .filter(|_| scope.stamped)
            .and_then(|text| self::property(text.trim()));
        let Some(property) = rest.filter(|property| is_working_set(*property)) else {
            return Ok(Claim::NotMine);
        };
        self.open = Some(Self::begin(line, property, scope));
        self.flush(out);
        Ok(Claim::Mine)
    }

    fn end_of_lines(&mut self, out: &mut Sink<'_>) {
        self.flush(out);
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        self.open = None;
    }
}
