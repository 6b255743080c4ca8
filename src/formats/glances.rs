//! `glances --stdout-csv`, `--export csv` and `--stdout`: the memory of the machine, in bytes.

use super::contract::{Detect, Format, LineParser, Parser};
use super::host::{Gathered, When, host};
use super::line::{Claim, Damage, Line};
use super::sink::Sink;
use super::size::{Multiples, size};
use crate::model::{Measured, Metric, Role};

static METRICS: &[Metric] = &[
    Metric::bytes("mem.total", Role::Limit),
    Metric::bytes("mem.used", Role::Resident),
    Metric::bytes("mem.available", Role::Free),
    Metric::bytes("mem.free", Role::Free),
    Metric::bytes("mem.active", Role::Other),
    Metric::bytes("mem.inactive", Role::Other),
    Metric::bytes("mem.buffers", Role::Other),
    Metric::bytes("mem.cached", Role::Other),
    Metric::bytes("mem.shared", Role::Other),
    Metric::bytes("memswap.used", Role::Swap),
    Metric::bytes("memswap.free", Role::Free),
];

/// `glances`.
pub static FORMAT: Format = Format {
    name: "glances",
    reads: "glances --stdout-csv now,mem.used (\"now.iso,now.custom,mem.used\")",
    example: "now.iso,mem.used\n2026-11-26T10:45:42+00:00,2186932224\n",
    detect: Detect::Needles(&["mem.used", "mem.available", "mem.free", "mem_used", "mem_available"]),
    parser: |_| Parser::Lines(Box::<Reader>::default()),
};

#[derive(Debug, Clone, Copy)]
enum Column {
    Time,
    Memory(Metric),
    Other,
}

#[derive(Debug, Default)]
struct Reader {
    columns: Option<Vec<Column>>,
    lines: Gathered,
}

impl LineParser for Reader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if let Some(columns) = header(line.text) {
            self.columns = Some(columns);
            return Ok(Claim::Mine);
        }
        let read = match &self.columns {
            Some(columns) => row(line, columns, out),
            None => self.one_value(line, out),
        };
        Ok(if read.is_some() { Claim::Mine } else { Claim::NotMine })
    }

    fn follows(&self) -> bool {
        self.columns.is_some()
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.lines.push(out);
        self.columns = None;
    }
}

impl Reader {
    /// `mem.used: 2186932224`, which `--stdout mem.used` prints.
    fn one_value(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Option<()> {
        let start = line.text.find("mem")?;
        let (key, number) = line.text.get(start..)?.split_once(": ")?;
        let metric = METRICS.iter().find(|metric| metric.name == key && metric.role != Role::Limit)?;
        let value = bytes(number.trim())?;
        let scope = out.scope(line, start);
        self.lines.add(&host(), When::Scope(scope), line.number, (*metric, value), out);
        Some(())
    }
}

fn header(line: &str) -> Option<Vec<Column>> {
    let mut has_memory = false;
    let columns: Vec<Column> = line
        .split([',', ';'])
        .map(|word| {
            let word = word.trim().trim_matches('"');
            if matches!(word, "now" | "now.iso" | "timestamp" | "now.custom") {
                return Column::Time;
            }
            let is_named = |metric: &&Metric| {
                metric.name == word
                    || metric.name.len() == word.len() && metric.name.replace('.', "_") == word
            };
            METRICS.iter().find(is_named).map_or(Column::Other, |metric| {
                has_memory |= metric.role != Role::Limit;
                Column::Memory(*metric)
            })
        })
        .collect();
    let is_row = line.split([',', ';']).any(|word| word.trim().parse::<f64>().is_ok());
    (has_memory && columns.len() > 1 && !is_row).then_some(columns)
}

fn row(line: Line<'_>, columns: &[Column], out: &mut Sink<'_>) -> Option<()> {
    let fields: Vec<&str> = line.text.split([',', ';']).map(|field| field.trim().trim_matches('"')).collect();
    if fields.len() != columns.len() {
        return None;
    }
    let (mut values, mut time, mut limit) = (Vec::new(), None, None);
    for (field, column) in fields.iter().zip(columns) {
        match column {
            Column::Time if time.is_none() => time = out.stamp(field),
            Column::Memory(metric) if metric.role == Role::Limit => limit = bytes(field),
            Column::Memory(metric) => values.extend(bytes(field).map(|value| (*metric, value))),
            Column::Time | Column::Other => {}
        }
    }
    if values.is_empty() {
        return None;
    }
    let sample = match time {
        Some(time) => out.sample_at(line, host(), Some(time)),
        None => {
            let scope = out.bare_scope();
            out.sample_in(line, host(), scope)
        }
    };
    sample.set_all(values).limit_if_known(limit).push();
    Some(())
}

fn bytes(field: &str) -> Option<Measured> {
    let whole = field.strip_suffix(".0").unwrap_or(field);
    Some(size(whole, 1.0, Multiples::Binary)?.rounded())
}
