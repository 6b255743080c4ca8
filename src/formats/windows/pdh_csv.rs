//! Logs of performance counters: `typeperf`, `relog`, `logman` and the Performance Monitor write them alike.

use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::sink::Sink;
use crate::formats::tables::cut_row;
use crate::model::{Measured, Metric, MetricUnit, Role, Subject, SubjectKind};

/// Resident memory.
const WORKING_SET: Metric = Metric::bytes("Working Set", Role::Resident);
/// Memory that is the process's own, resident or not: this is what leaks.
const PRIVATE_BYTES: Metric = Metric::bytes("Private Bytes", Role::Other);
const COUNT: MetricUnit = MetricUnit::Count;

/// Counters of a process, by their names in English and where they differ in German and French.
const OF_PROCESS: &[(&str, Metric)] = &[
    ("Working Set", WORKING_SET),
    ("Arbeitsseiten", WORKING_SET),
    ("Plage de travail", WORKING_SET),
    ("Private Bytes", PRIVATE_BYTES),
    ("Private Bytes (Auslagerungsdatei)", PRIVATE_BYTES),
    ("Octets privés", PRIVATE_BYTES),
    ("Working Set - Private", Metric::bytes("Working Set - Private", Role::Part)),
    ("Arbeitsseiten - privat", Metric::bytes("Working Set - Private", Role::Part)),
    ("Working Set Peak", Metric::bytes("Working Set Peak", Role::Peak)),
    ("Page File Bytes", Metric::bytes("Page File Bytes", Role::Other)),
    ("Page File Bytes Peak", Metric::bytes("Page File Bytes Peak", Role::Peak)),
    ("Virtual Bytes", Metric::bytes("Virtual Bytes", Role::Virtual)),
    ("Virtual Bytes Peak", Metric::bytes("Virtual Bytes Peak", Role::Peak)),
    ("Pool Paged Bytes", Metric::bytes("Pool Paged Bytes", Role::Other)),
    ("Pool Nonpaged Bytes", Metric::bytes("Pool Nonpaged Bytes", Role::Other)),
    ("Handle Count", Metric { name: "Handle Count", unit: COUNT, role: Role::Count }),
    ("Thread Count", Metric { name: "Thread Count", unit: COUNT, role: Role::Count }),
    ("# Bytes in all Heaps", Metric::bytes("# Bytes in all Heaps", Role::Part)),
    ("Gen 2 heap size", Metric::bytes("Gen 2 heap size", Role::Part)),
];

/// Counters of the machine.
const OF_HOST: &[(&str, Metric)] = &[
    ("Available Bytes", Metric::bytes("Available Bytes", Role::Free)),
    ("Committed Bytes", Metric::bytes("Committed Bytes", Role::Other)),
    ("Pool Paged Bytes", Metric::bytes("Pool Paged Bytes", Role::Other)),
    ("Pool Nonpaged Bytes", Metric::bytes("Pool Nonpaged Bytes", Role::Other)),
];

/// Logs of performance counters.
pub static FORMAT: Format = Format {
    name: "pdh-csv",
    reads: "performance counters of Windows (\"(PDH-CSV 4.0)\" of typeperf, relog, logman)",
    example: "\"(PDH-CSV 4.0) (UTC)(0)\",\"\\\\NODE1\\Process(python)\\Private Bytes\"\n\
              \"03/14/2026 20:00:00.000\",\"222638727.000000\"\n",
    detect: Detect::Needles(&["\"(PDH-CSV ", "\"(PDH-TSV "]),
    parser: |_| Parser::Lines(Box::new(PdhCsv::default())),
};

#[derive(Default)]
struct PdhCsv {
    /// The text between two fields; empty above a header.
    separator: &'static str,
    /// The subjects of the log.
    subjects: Vec<Subject>,
    /// For each column after the time, the place of its subject, and its metric.
    columns: Vec<Option<(usize, Metric)>>,
}

impl LineParser for PdhCsv {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if line.text.starts_with("\"(PDH-") {
            self.header(line.text);
            return Ok(Claim::Mine);
        }
        if self.separator.is_empty() || !line.text.starts_with('"') {
            return Ok(Claim::NotMine);
        }
        let expected = |message: String| Damage { column: None, message };
        if !line.ended && !line.text.trim_end().ends_with('"') {
            return Err(cut_row());
        }
        let mut fields = line.text.split(self.separator).map(|field| field.trim_matches('"'));
        let written = fields.next().unwrap_or("");
        let Some(date) = year_first(written) else {
            return Err(expected(format!("expected a time MM/DD/YYYY, found \"{written}\"")));
        };
        let mut values: Vec<Vec<(Metric, f64)>> = vec![Vec::new(); self.subjects.len()];
        for column in &self.columns {
            let Some(field) = fields.next() else {
                let columns = self.columns.len() + 1;
                return Err(expected(format!("expected {columns} values, as the header has names")));
            };
            let Some((subject, metric)) = column else { continue };
            // Before the second reading of a rate, and while the process is gone, the field is blank.
            if field.trim().is_empty() || field == "-1" {
                continue;
            }
            let value =
                field.replace(',', ".").parse::<f64>().ok().filter(|value| (0.0..9e15).contains(value));
            let Some(value) = value else {
                return Err(expected(format!("expected a number, found \"{field}\"")));
            };
            values[*subject].push((*metric, value));
        }
        let time = out.date(&date);
        for (subject, values) in self.subjects.iter().zip(values).filter(|(_, values)| !values.is_empty()) {
            let values = values.into_iter().map(|(metric, value)| (metric, Measured::exact(value)));
            out.sample_at(line, subject.clone(), time).set_all(values).push();
        }
        Ok(Claim::Mine)
    }

    fn follows(&self) -> bool {
        !self.separator.is_empty()
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        *self = Self::default();
    }
}

impl PdhCsv {
    fn header(&mut self, text: &str) {
        self.separator = if text.contains("(PDH-TSV") { "\t" } else { "\",\"" };
        (self.subjects, self.columns) = (Vec::new(), Vec::new());
        let paths = || text.split(self.separator).skip(1).map(|name| name.trim_matches('"'));
        let mut hosts = paths().filter_map(host);
        let first = hosts.next();
        let has_several = hosts.any(|other| first != Some(other));
        let found: Vec<_> = paths()
            .map(|path| {
                let (mut subject, metric) = counter(path)?;
                // Programs of one name on several machines.
                if let (true, SubjectKind::Process, Some(host)) = (has_several, subject.kind, host(path)) {
                    subject.name = subject.name.map(|name| format!("{host}\\{name}"));
                }
                Some((subject, metric))
            })
            .collect();
        for counter in found {
            let column = counter.map(|(subject, metric)| {
                let known = self.subjects.iter().position(|known| *known == subject);
                let place = known.unwrap_or_else(|| {
                    self.subjects.push(subject);
                    self.subjects.len() - 1
                });
                (place, metric)
            });
            self.columns.push(column);
        }
    }
}

/// Returns the machine of the path of a counter.
fn host(path: &str) -> Option<&str> {
    path.strip_prefix("\\\\")?.split('\\').next()
}

/// Parses the path of a counter: `\\HOST\Process(python#1)\Working Set`, `\Memory\Available Bytes`.
pub(super) fn counter(path: &str) -> Option<(Subject, Metric)> {
    let (object, name) = path.rsplit_once('\\')?;
    let find = |names: &[(&str, Metric)]| {
        names.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, metric)| *metric)
    };
    if let Some(instance) = object.strip_suffix(')').and_then(|object| Some(object.split_once('(')?.1)) {
        let metric = find(OF_PROCESS)?;
        return Some((Subject::named(SubjectKind::Process, instance), metric));
    }
    let metric = find(OF_HOST)?;
    Some((
        Subject { kind: SubjectKind::Host, name: host(path).map(str::to_owned), ..Subject::default() },
        metric,
    ))
}

/// Returns a time in an order that no one takes for another: these logs have the month first in every language.
fn year_first(text: &str) -> Option<String> {
    let (date, clock) = text.trim().split_once(' ')?;
    let mut parts = date.split('/');
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    (year.len() == 4 && parts.next().is_none()).then(|| format!("{year}-{month:0>2}-{day:0>2} {clock}"))
}

#[cfg(test)]
mod tests {
    use super::{counter, year_first};

    #[test]
    fn paths_of_counters() {
        for (path, expected) in [
            (r"\\NODE1\Process(python)\Working Set", Some((Some("python"), "Working Set"))),
            (r"\\NODE1\Prozess(python#1)\Arbeitsseiten", Some((Some("python#1"), "Working Set"))),
            (r"\Memory\Available Bytes", Some((None, "Available Bytes"))),
            (r"\\NODE1\Memory\Committed Bytes", Some((Some("NODE1"), "Committed Bytes"))),
            (r"\\NODE1\Process(python)\% Processor Time", None),
            ("text", None),
        ] {
            let found = counter(path);
            let found = found.as_ref().map(|(subject, metric)| (subject.name.as_deref(), metric.name));
            assert_eq!(found, expected, "{path}");
        }
        assert_eq!(year_first("03/14/2026 20:00:00.007").as_deref(), Some("2026-03-14 20:00:00.007"));
    }
}
