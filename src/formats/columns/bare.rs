//! Lines of numbers without a header: what `ps -o rss=`, a file of `/proc` or `memory.current` leave in a loop.

use super::super::line::{Damage, Line};
use super::super::options::{ColumnKey, ColumnOptions, ColumnOptionsUsed, ValueUnit};
use super::super::scope::Scope;
use super::super::sink::Sink;
use super::super::size::{Multiples, Size};
use super::cells::{Cell, Delimiter, LONGEST_NAME, Number};
use super::pids::pid_columns;
use super::times::epoch;
use crate::model::{Measured, Metric, Role, Subject, TimeRef};
use crate::time::Timestamps;

const MEMORY: Metric = Metric::bytes("memory", Role::Resident);
/// The numbers of `/proc/PID/statm` that are memory: the first three of seven, in pages.
const STATM: [(usize, Metric); 3] = [
    (0, Metric::bytes("size", Role::Virtual)),
    (1, Metric::bytes("resident", Role::Resident)),
    (2, Metric::bytes("shared", Role::Part)),
];
const STATM_NUMBERS: usize = 7;
/// The unit of ps.
const KIB: ValueUnit = ValueUnit { bytes: 1024.0, is_pages: false };
/// Rows that are looked at before the first is read.
const ENOUGH_ROWS: usize = 64;

/// A line of numbers.
#[derive(Debug)]
pub struct BareRow {
    line: u64,
    scope: Scope,
    numbers: Vec<Number>,
}

impl BareRow {
    /// Whether it is nothing but a time since 1970.
    fn is_epoch(&self) -> bool {
        !self.scope.stamped && matches!(self.numbers[..], [number] if epoch(number.value).is_some())
    }

    /// Parses a line of numbers, perhaps after a time.
    #[must_use]
    pub fn of(line: Line<'_>, out: &mut Sink<'_>) -> Option<Self> {
        if let Some(numbers) = numbers(line.text) {
            return Some(Self { line: line.number, scope: out.bare_scope(), numbers });
        }
        if !line.text.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '[' | '"')) {
            return None;
        }
        // A line that is a date is that of the next number.
        numbers_at_end(line.text)?;
        let scope = out.row_scope(line);
        let rest = line.text.get(scope.stamp_end..).filter(|_| scope.stamped)?;
        let numbers = numbers(rest.trim_matches([' ', '\t', ',', ';', ':']))?;
        Some(Self { line: line.number, scope, numbers })
    }
}

/// Parses a text that is nothing but numbers.
fn numbers(text: &str) -> Option<Vec<Number>> {
    let is_plain = |c: char| c.is_ascii_digit() || " \t,;.|+-eE".contains(c);
    let text = text.trim();
    // `bc` writes `.49`.
    let first = text.strip_prefix('.').unwrap_or(text);
    if !first.starts_with(|c: char| c.is_ascii_digit()) || !text.chars().all(is_plain) {
        return None;
    }
    let parse = |delimiter: Delimiter| -> Option<Vec<Number>> {
        let decimal = delimiter.comma_is_decimal();
        let cells = delimiter.split(text);
        let number = |cell: &std::borrow::Cow<'_, str>| match Cell::parse(
            cell,
            decimal,
            super::super::size::Multiples::Binary,
        ) {
            Cell::Number(number) if number.value >= 0.0 && !cell.contains(' ') => Some(number),
            _ => None,
        };
        cells.iter().map(number).collect()
    };
    let mut delimiters = Delimiter::CHARACTERS.into_iter();
    delimiters
        .find_map(|delimiter| parse(delimiter).filter(|found| found.len() > 1))
        .or_else(|| parse(Delimiter::Blanks))
}

/// Returns the last word of a line, if it is a number and not the year of a date.
fn numbers_at_end(text: &str) -> Option<Number> {
    let word = text.trim_end().rsplit([' ', '\t', ',', ';']).next()?;
    numbers(word)?.first().copied()
}

/// Whether lines are numbers, dates, and at most a few others.
#[must_use]
pub fn are_numbers(lines: &[&str]) -> bool {
    let mut timestamps = Timestamps::new();
    let (mut rows, mut others) = (0, 0);
    for line in lines {
        let mut at_end = || {
            numbers_at_end(line)?;
            let stamp = timestamps.stamp(line)?;
            numbers(line.get(stamp.end..)?.trim_matches([' ', '\t', ',', ';', ':']))
        };
        if numbers(line).is_some() || at_end().is_some() {
            rows += 1;
        } else if timestamps.date_line(line).is_none() && !is_command(line) {
            others += 1;
            if others * 2 > lines.len() - others {
                return false;
            }
        }
    }
    rows > 0 && others * 2 <= rows
}

/// Whether a line is a command as a shell repeats it: after `+` with `set -x`, else after a prompt.
fn is_command(line: &str) -> bool {
    let line = line.trim_start();
    let after = line.trim_start_matches('+');
    after.len() < line.len() && after.starts_with(' ') || line.starts_with("$ ") || line.starts_with("# ")
}

/// Which numbers of a line are the time and the values.
#[derive(Debug, Clone)]
struct Layout {
    width: usize,
    /// The place of the time.
    time: Option<usize>,
    /// The place of the process id.
    pid: Option<usize>,
    values: Vec<(usize, Metric)>,
    unit: ValueUnit,
    /// Whether a line that is one number since 1970 is the time of the next.
    has_epoch_lines: bool,
}

/// The lines of numbers of one source.
#[derive(Debug)]
pub struct Bare {
    options: ColumnOptions,
    rows: Vec<BareRow>,
    /// `Some(None)` where the lines cannot be read.
    layout: Option<Option<Layout>>,
    /// The time of the line above, and the processes that it was the time of.
    above: Option<TimeRef>,
    seen: Vec<Option<String>>,
}

impl Bare {
    /// Returns a reader of lines.
    #[must_use]
    pub const fn new(options: ColumnOptions) -> Self {
        Self { options, rows: Vec::new(), layout: None, above: None, seen: Vec::new() }
    }

    /// Adds a line.
    pub fn push(&mut self, row: BareRow, out: &mut Sink<'_>) {
        match &self.layout {
            None => {
                self.rows.push(row);
                if self.rows.len() >= ENOUGH_ROWS {
                    self.decide(out);
                }
            }
            Some(Some(layout)) => {
                let layout = layout.clone();
                self.read(&layout, &row, out);
            }
            Some(None) => {}
        }
    }

    /// Reads the lines that wait, and forgets all.
    pub fn finish(&mut self, out: &mut Sink<'_>) {
        if self.layout.is_none() && !self.rows.is_empty() {
            self.decide(out);
        }
        (self.layout, self.above) = (None, None);
        self.seen.clear();
        self.rows.clear();
    }

    fn decide(&mut self, out: &mut Sink<'_>) {
        let rows = std::mem::take(&mut self.rows);
        let layout = match self.layout_of(&rows, out) {
            Ok(layout) => {
                rows.iter().for_each(|row| self.read(&layout, row, out));
                Some(layout)
            }
            Err(message) => {
                out.damaged(rows.first().map_or(0, |row| row.line), Damage { column: None, message });
                None
            }
        };
        self.layout = Some(layout);
    }

    fn layout_of(&self, rows: &[BareRow], out: &mut Sink<'_>) -> Result<Layout, String> {
        let (epochs, others): (Vec<&BareRow>, Vec<&BareRow>) = rows.iter().partition(|row| row.is_epoch());
        let has_epoch_lines = !others.is_empty() && !epochs.is_empty() && are_times(&epochs);
        let rows = if has_epoch_lines { others } else { rows.iter().collect() };
        let width = most_frequent(rows.iter().map(|row| row.numbers.len()));
        let usual: Vec<&BareRow> = rows.into_iter().filter(|row| row.numbers.len() == width).collect();
        let is_dated = usual.iter().filter(|row| row.scope.stamped).count() * 2 > usual.len();
        // A date before the numbers is the first column for the user.
        let shift = usize::from(is_dated);
        let place = |key: &ColumnKey| match key {
            ColumnKey::Number(number) => number.checked_sub(1 + shift).filter(|place| *place < width),
            ColumnKey::Name(_) => None,
        };
        let chosen_time = self.options.time.as_ref().and_then(place);
        let time = chosen_time.or_else(|| (!is_dated && width > 1 && are_times(&usual)).then_some(0));
        let mut used = ColumnOptionsUsed { time: chosen_time.is_some(), ..ColumnOptionsUsed::default() };
        let mut values: Vec<(usize, Metric)> = if self.options.values.is_empty() {
            (0..width).filter(|place| Some(*place) != time).map(|place| (place, MEMORY)).collect()
        } else {
            self.options.values.iter().filter_map(place).map(|place| (place, MEMORY)).collect()
        };
        used.values = !self.options.values.is_empty() && !values.is_empty();
        let is_statm = self.options.values.is_empty() && values.len() == STATM_NUMBERS;
        let places: Vec<usize> = values.iter().map(|(place, _)| *place).collect();
        let numbers: Vec<&[Number]> = usual.iter().map(|row| row.numbers.as_slice()).collect();
        let pids = self.options.values.is_empty().then(|| pid_columns(&numbers, &places)).flatten();
        let unit = self.options.unit.or_else(|| pids.as_ref().map(|_| KIB));
        if let Some(pids) = pids {
            if self.options.unit.is_none() {
                out.note(
                    "numbers without a header were taken as process ids and KiB, as ps -o pid=,vsz=,rss= prints them \
                     (another unit: --value-unit)",
                );
            }
            used.unit = self.options.unit.is_some();
            out.used_columns(used);
            let unit = unit.unwrap_or(KIB);
            return Ok(Layout {
                width,
                time,
                pid: Some(pids.pid),
                values: pids.values,
                unit,
                has_epoch_lines,
            });
        }
        let Some(unit) = unit else {
            return Err(if is_statm {
                "seven numbers, as /proc/PID/statm has them, in pages: read them with --value-unit pages"
                    .to_owned()
            } else {
                "numbers without a unit: name it with --value-unit (B, KiB, MiB, pages, ...)".to_owned()
            });
        };
        if is_statm && unit.is_pages {
            let first = values.first().map_or(0, |(place, _)| *place);
            values = STATM.iter().map(|(place, metric)| (first + place, *metric)).collect();
        }
        if values.is_empty() {
            return Err(format!("no column of the {width} has such a number: name it with --value-column"));
        }
        if values.len() > 1 && !(is_statm && unit.is_pages) && !used.values {
            return Err(format!("{} numbers in a line: choose one with --value-column", values.len()));
        }
        if let [_, _, ..] = values[..]
            && used.values
        {
            values = values
                .iter()
                .map(|(place, _)| {
                    let name = format!("column {}", place + 1 + shift);
                    (*place, Metric::of_recording(&name, Role::Resident))
                })
                .collect();
        }
        used.unit = true;
        out.used_columns(used);
        Ok(Layout { width, time, pid: None, values, unit, has_epoch_lines })
    }

    fn read(&mut self, layout: &Layout, row: &BareRow, out: &mut Sink<'_>) {
        if layout.has_epoch_lines && row.is_epoch() {
            let seconds = row.numbers.first().and_then(|number| epoch(number.value));
            self.above = seconds.and_then(|seconds| out.epoch_seconds(seconds));
            self.seen.clear();
            return;
        }
        if row.numbers.len() != layout.width {
            // Where a process is gone its line has a time and nothing else.
            if row.numbers.len() > 1 || layout.time.is_none() {
                let message = format!("expected {} numbers, found {}", layout.width, row.numbers.len());
                out.damaged(row.line, Damage { column: None, message });
            }
            return;
        }
        let mut values: Vec<(Metric, Measured)> = Vec::new();
        for (place, metric) in &layout.values {
            let Some(number) = row.numbers.get(*place) else { continue };
            values.push((*metric, measured(*number, layout.unit)));
        }
        let is_gone =
            |(metric, value): &(Metric, Measured)| metric.role == Role::Resident && value.value == 0.0;
        if values.iter().any(is_gone) {
            return;
        }
        let own = layout.time.and_then(|place| row.numbers.get(place)).and_then(|number| {
            match epoch(number.value) {
                Some(seconds) => out.epoch_seconds(seconds),
                None => out.elapsed_seconds(number.value),
            }
        });
        let line = Line { text: "", number: row.line, ended: true };
        let id = layout.pid.and_then(|place| row.numbers.get(place)).map(|number| number.value.to_string());
        let subject = Subject { id, ..Subject::process() };
        let sample = match (own, self.above) {
            (Some(time), _) => out.sample_at(line, subject, Some(time)),
            (None, Some(time)) => {
                // A time above is that of one row of each process.
                let is_first = !self.seen.contains(&subject.id);
                self.seen.extend(is_first.then(|| subject.id.clone()));
                out.sample_at(line, subject, is_first.then_some(time))
            }
            (None, None) => out.sample_in(line, subject, row.scope),
        };
        sample.set_all(values).push();
    }
}

/// Whether the first numbers of lines are times since 1970, in order.
fn are_times(rows: &[&BareRow]) -> bool {
    let mut before = 0.0;
    rows.iter().all(|row| {
        let time = row.numbers.first().and_then(|number| epoch(number.value));
        time.is_some_and(|time| std::mem::replace(&mut before, time) <= time)
    })
}

fn most_frequent(widths: impl Iterator<Item = usize> + Clone) -> usize {
    let count = |width: usize| widths.clone().filter(|other| *other == width).count();
    widths.clone().max_by_key(|width| (count(*width), *width)).unwrap_or(0)
}

fn measured(number: Number, unit: ValueUnit) -> Measured {
    let bytes = number.value * unit.bytes;
    match number.decimals {
        Some(decimals) if !(unit.is_pages || unit.bytes == 1.0) => {
            let step = unit.bytes / 10_f64.powi(i32::try_from(decimals).unwrap_or(0));
            Size { bytes, step }.rounded()
        }
        _ => Measured::exact(bytes),
    }
}
/// Whether a text begins with names and rows of as many cells: a table of which the user has to say what it holds.
pub fn has_plain_header(lines: &[&str]) -> bool {
    let [first, second, ..] = lines else { return false };
    Delimiter::CHARACTERS.iter().any(|delimiter| {
        let (names, cells) = (delimiter.split(first), delimiter.split(second));
        let is_number = |cell: &std::borrow::Cow<'_, str>| {
            matches!(Cell::parse(cell, false, Multiples::Binary), Cell::Number(_))
        };
        names.len() > 1
            && names.len() == cells.len()
            && cells.iter().any(is_number)
            && names.iter().all(|name| name.len() <= LONGEST_NAME && name.starts_with(char::is_alphabetic))
    })
}

#[cfg(test)]
mod tests {
    use super::{are_numbers, numbers};

    #[test]
    fn lines_of_numbers() {
        for (text, values) in [
            ("10072", Some(&[10072.0][..])),
            ("4300 10072", Some(&[4300.0, 10072.0])),
            // As bc writes decimals.
            (".49 1302", Some(&[0.49, 1302.0])),
            (".", None),
            ("4300 sh", None),
            ("-5", None),
        ] {
            let found =
                numbers(text).map(|found| found.iter().map(|number| number.value).collect::<Vec<_>>());
            assert_eq!(found.as_deref(), values, "{text}");
        }
        assert!(are_numbers(&["17:21:48 3865 .49", "17:21:50 3865 .50"]));
        assert!(!are_numbers(&["17:21:48 took 3865 ms", "17:21:50 done"]));
    }
}
