//! Rows of a table whose columns have names: they wait until enough of them show what the columns hold.

use super::super::line::{Damage, Line};
use super::super::options::{ColumnKey, ColumnOptions};
use super::super::sink::Sink;
use super::cells::{Cell, Number};
use super::layout::{Column, Layout};
use super::names::{Meaning, meaning_beside_unit};
use super::naming::naming_columns;
use super::row::{Row, Style};
use super::times::{CellTime, cell_time};
use crate::model::{Subject, SubjectKind, TimeRef};

/// Rows that are looked at before the first is read.
const ENOUGH_ROWS: usize = 64;
/// Rows that wait where a column may name the subject, and their bytes: those of one subject may stand together.
const MOST_ROWS: usize = 1 << 15;
const MOST_BYTES: usize = 16 << 20;
/// Bytes of a cell beside its text.
const BYTES_OF_CELL: usize = 48;
/// Cells that could not be read and are named in a message each.
const LONGEST_CELL: usize = 40;

/// A table that is being read.
#[derive(Debug)]
pub struct Table {
    names: Vec<String>,
    style: Style,
    options: ColumnOptions,
    /// The rows that wait, and the bytes of their cells.
    first_rows: Vec<Row>,
    bytes: usize,
    layout: Option<Layout>,
    /// Whether rows are held though the layout is known, until enough show whom they are of.
    holds: bool,
}

impl Table {
    /// Returns a table with columns of these names.
    #[must_use]
    pub const fn new(names: Vec<String>, style: Style, options: ColumnOptions) -> Self {
        Self { names, style, options, first_rows: Vec::new(), bytes: 0, layout: None, holds: false }
    }

    /// Returns the names of the columns.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether a row was added.
    #[must_use]
    pub const fn has_rows(&self) -> bool {
        self.layout.is_some() || !self.first_rows.is_empty()
    }

    /// Adds a column, unless the rows are being read already; returns whether it was added.
    pub fn add_column(&mut self, name: &str) -> bool {
        let may_add = self.layout.is_none();
        if may_add {
            self.names.push(name.to_owned());
        }
        may_add
    }

    /// Adds a row.
    pub fn push(&mut self, row: Row, out: &mut Sink<'_>) {
        if self.layout.is_some() && !self.holds {
            self.read(&row, None, out);
            return;
        }
        self.bytes += row.cells.iter().map(|cell| cell.len() + BYTES_OF_CELL).sum::<usize>();
        self.first_rows.push(row);
        if self.layout.is_none() && self.first_rows.len() >= ENOUGH_ROWS {
            self.decide(out);
        }
        if self.holds && (self.first_rows.len() >= MOST_ROWS || self.bytes >= MOST_BYTES) {
            self.read_held(out);
        }
    }

    /// Reads the rows that wait, at the end of the table.
    pub fn finish(&mut self, out: &mut Sink<'_>) {
        if self.layout.is_none() && !self.first_rows.is_empty() {
            self.decide(out);
        }
        if self.holds {
            self.read_held(out);
        }
    }

    fn decide(&mut self, out: &mut Sink<'_>) {
        let rows = std::mem::take(&mut self.first_rows);
        if self.style.comma_is_decimal && self.commas_part_thousands(&rows) {
            self.style.comma_is_decimal = false;
        }
        let layout = Layout::of(&self.names, &rows, self.style, &self.options);
        out.used_columns(layout.used);
        let line = rows.first().map_or(0, |row| row.line);
        let missing: Vec<String> = self.options.values.iter().filter_map(|key| self.missing(key)).collect();
        if let Some(name) = missing.first().filter(|_| missing.len() == self.options.values.len()) {
            let names = self.names.join(", ");
            out.damaged(line, damage(format!("no column is named {name:?}: the columns are {names}")));
        } else if !layout.without_unit.is_empty() {
            let names = layout.without_unit.join(", ");
            let message = format!(
                "the numbers of {names} have no unit: name it with --value-unit (B, KiB, MiB, pages, ...), and the \
                 columns to read with --value-column"
            );
            if layout.columns.is_empty() && !layout.is_long() {
                out.damaged(line, damage(message));
            } else {
                out.note(message);
                out.note_not_read(
                    line,
                    format!("memory in columns without a unit ({names}; --value-unit names it)"),
                );
            }
        }
        layout.notes.iter().for_each(|note| out.note(note.clone()));
        self.holds = !layout.may_name.is_empty();
        self.layout = Some(layout);
        self.first_rows = rows;
        if !self.holds {
            self.read_held(out);
        }
    }

    /// Reads the rows that wait, now that they show which columns name their subjects.
    fn read_held(&mut self, out: &mut Sink<'_>) {
        let rows = std::mem::take(&mut self.first_rows);
        let mut times: Vec<Option<RowTime>> = Vec::new();
        if let Some(layout) = self.layout.as_mut().filter(|_| self.holds) {
            let is_read = |row: &Row| !layout.numbers(std::slice::from_ref(row), self.style, &[]).is_empty();
            times.extend(rows.iter().map(|row| is_read(row).then(|| time(layout, row, self.style, out))));
            let seconds = |(row, time): (&Row, &Option<RowTime>)| {
                let time = time.as_ref()?.as_ref().ok()?.or(row.scope.time)?;
                out.seconds_so_far(time)
            };
            let at: Vec<Option<f64>> = rows.iter().zip(&times).map(seconds).collect();
            let numbers = layout.numbers(&rows, self.style, &at);
            let candidates = std::mem::take(&mut layout.may_name);
            layout.named_by_rows = naming_columns(&rows, &numbers, &layout.known_names(), candidates);
            let named = layout.named_by_rows.iter().filter_map(|place| self.names.get(*place));
            let named: Vec<String> = named.map(|name| format!("{name:?}")).collect();
            if !named.is_empty() {
                out.note(format!(
                    "the rows are of several subjects by {}, since the memory of each follows itself",
                    named.join(", ")
                ));
            }
        }
        self.holds = false;
        let times = times.into_iter().chain(std::iter::repeat_with(|| None));
        rows.iter().zip(times).for_each(|(row, time)| self.read(row, time, out));
    }

    /// Whether the commas in numbers of bytes or KiB are those of thousands: three digits follow each, and such numbers
    /// have no decimals. The same holds where the unit stands in each cell: people write so, and not `1,500 MB` for
    /// 1.5 MB.
    fn commas_part_thousands(&self, rows: &[Row]) -> bool {
        let digits = |part: &str| part.bytes().take_while(u8::is_ascii_digit).count();
        let has_unit = |cell: &str| cell.trim_end().ends_with(char::is_alphabetic);
        let quantity = |name: &str| match meaning_beside_unit(name) {
            Meaning::Memory(quantity) => Some(quantity),
            _ => None,
        };
        let of_column = |(place, name): (usize, &String)| {
            let unit = quantity(name)?.unit;
            let is_small = unit.is_some_and(|unit| unit <= 1024.0);
            let cells = rows.iter().filter_map(move |row| row.cells.get(place));
            Some(cells.filter(move |cell| cell.contains(',') && (is_small || has_unit(cell))))
        };
        let mut with_comma = self.names.iter().enumerate().filter_map(of_column).flatten().peekable();
        with_comma.peek().is_some()
            && with_comma
                .all(|cell| !cell.starts_with("0,") && cell.split(',').skip(1).all(|part| digits(part) == 3))
    }

    /// Returns a column that was asked for and does not exist.
    fn missing(&self, key: &ColumnKey) -> Option<String> {
        let is_there = self.names.iter().enumerate().any(|(place, name)| key.is(place, name));
        match key {
            _ if is_there => None,
            ColumnKey::Name(name) => Some(name.clone()),
            ColumnKey::Number(number) => Some(number.to_string()),
        }
    }

    /// Reads a row; `known` is its time where that was read before.
    fn read(&mut self, row: &Row, known: Option<RowTime>, out: &mut Sink<'_>) {
        let Some(layout) = &mut self.layout else { return };
        if let Err(message) = read_row(layout, row, known, self.style, out) {
            out.damaged(row.line, damage(message));
        }
    }
}

const fn damage(message: String) -> Damage {
    Damage { column: None, message }
}

/// The values of one subject.
type Values = Vec<(Subject, Vec<(crate::model::Metric, crate::model::Measured)>)>;

/// The time of a row by its columns, or what stands in its place.
type RowTime = Result<Option<TimeRef>, String>;

fn read_row(
    layout: &mut Layout,
    row: &Row,
    known: Option<RowTime>,
    style: Style,
    out: &mut Sink<'_>,
) -> Result<(), String> {
    let of_row = subject(layout, row);
    let mut values: Values = Vec::new();
    // Where the values of each owner are.
    let mut places = vec![None; layout.groups.max(1)];
    let mut add = |column: &mut Column, cell: &str| -> Result<(), String> {
        let number = match style.cell(cell) {
            Cell::Number(number) if number.value >= 0.0 => number,
            Cell::Gap => return Ok(()),
            _ => {
                let cell: String = cell.chars().take(LONGEST_CELL).collect();
                return Err(format!("{}: expected a number, found {cell:?}", column.metric));
            }
        };
        let value = column.measured(number);
        let place = *places[column.group].get_or_insert_with(|| {
            let subject = match &column.owner {
                Some(owner) => Subject { name: Some(owner.clone()), ..of_row.clone() },
                None => of_row.clone(),
            };
            values.push((subject, Vec::new()));
            values.len() - 1
        });
        values[place].1.push((column.metric, value));
        Ok(())
    };
    if layout.is_long() {
        if let Some((column, cell)) = layout.long_column(row) {
            add(column, &cell)?;
        }
    } else {
        for column in &mut layout.columns {
            let cell = row.cells.get(column.place).map_or("", String::as_str);
            add(column, cell)?;
        }
    }
    // Where a process is gone, its memory is 0.
    values.retain(|(_, values)| {
        values.iter().all(|(metric, value)| value.value > 0.0 || !is_never_zero(metric.role))
    });
    if values.is_empty() {
        return Ok(());
    }
    let time = known.unwrap_or_else(|| time(layout, row, style, out))?;
    let work = layout.work.and_then(|place| row.cells.get(place)).map(|cell| style.cell(cell));
    if let Some(Cell::Number(done)) = work {
        out.add_work(time.or(row.scope.time), done.value);
    }
    for (subject, values) in values {
        let line = Line { text: "", number: row.line, ended: true };
        let sample = match time {
            Some(time) => out.sample_at(line, subject, Some(time)),
            None => out.sample_in(line, subject, row.scope),
        };
        sample.set_all(values).push();
    }
    Ok(())
}

const fn is_never_zero(role: crate::model::Role) -> bool {
    use crate::model::Role;
    matches!(role, Role::Resident | Role::Virtual)
}

/// Returns the time of a row by its columns; `None` where they have none.
fn time(layout: &Layout, row: &Row, style: Style, out: &mut Sink<'_>) -> RowTime {
    if row.scope.stamped && !layout.used.time {
        return Ok(None);
    }
    let cell = |place: usize| row.cells.get(place).map_or("", String::as_str);
    let (text, seconds) = match layout.time[..] {
        [] => return Ok(None),
        [(place, seconds)] => (cell(place).to_owned(), seconds),
        [(date, _), (time, _), ..] => (format!("{} {}", cell(date), cell(time)), None),
    };
    let number = match style.cell(&text) {
        Cell::Number(Number { value, unit: None, .. }) => Some(value),
        _ => None,
    };
    let time = match cell_time(&text, number, seconds) {
        CellTime::Epoch(seconds) => out.epoch_seconds(seconds),
        CellTime::Elapsed(seconds) => out.elapsed_seconds(seconds),
        CellTime::Text => out.stamp(text.trim()).or_else(|| out.date(text.trim())),
    };
    time.map(Some).ok_or_else(|| {
        let text: String = text.chars().take(LONGEST_CELL).collect();
        format!("expected a time, found {text:?}")
    })
}

/// Returns the subject that the columns of a row name.
fn subject(layout: &Layout, row: &Row) -> Subject {
    let cell = |place: usize| {
        row.cells.get(place).map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).map(str::to_owned)
    };
    let named = |kind: SubjectKind| {
        layout.names.iter().find(|(known, _)| *known == kind).and_then(|(_, place)| cell(*place))
    };
    let id = layout.pid.and_then(cell);
    let by_rows: Vec<String> = layout.named_by_rows.iter().copied().filter_map(cell).collect();
    let with_rows = |name: Option<String>| {
        let all: Vec<String> = name.into_iter().chain(by_rows.iter().cloned()).collect();
        (!all.is_empty()).then(|| all.join(" "))
    };
    let (container, pod) = (named(SubjectKind::Container), named(SubjectKind::Pod));
    let (process, host) = (named(SubjectKind::Process), named(SubjectKind::Host));
    let (container, pod, process) = if container.is_some() {
        (with_rows(container), pod, process)
    } else if pod.is_some() {
        (None, with_rows(pod), process)
    } else {
        (None, None, with_rows(process))
    };
    let (kind, name, parent) = if container.is_some() {
        (SubjectKind::Container, container, pod)
    } else if pod.is_some() {
        (SubjectKind::Pod, pod, None)
    } else if process.is_some() || id.is_some() || host.is_none() {
        (SubjectKind::Process, process, host)
    } else {
        (SubjectKind::Host, host, None)
    };
    Subject { kind, name, id, parent }
}
