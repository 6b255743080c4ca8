//! The layout of a table: which columns are times, which name the subject, which are memory, and in what unit.

use foldhash::HashMap;

use super::super::notices::first_names;
use super::super::options::{ColumnKey, ColumnOptions, ColumnOptionsUsed, ValueUnit};
use super::super::size::Size;
use super::cells::{self, Cell};
use super::evidence::Evidence;
use super::names::{Meaning, Quantity, meaning, meaning_beside_unit, memory_of_subject};
use super::naming::Number;
use super::row::{Row, Style};
use crate::model::{Measured, Metric, Role, SubjectKind};

/// Names of a column of dates, and of one of times of day beside it.
const DATES: [&str; 3] = ["date", "datum", "fecha"];
const CLOCKS: [&str; 5] = ["time", "zeit", "uhrzeit", "hora", "heure"];
/// The unit of numbers that have none, where only their ratios are of interest.
const MIB: f64 = 1_048_576.0;
/// Resident memory in exports of procpath.
const PAGES_OF_STAT: &str = "stat_rss";

/// A column of values.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its place, counted from 0.
    pub place: usize,
    /// The metric of its values.
    pub metric: Metric,
    /// The name of its subject, where the table has a column for each.
    pub owner: Option<String>,
    /// The number of its owner among those of the table, counted from 0.
    pub group: usize,
    unit: f64,
    is_pages: bool,
    decimals: u32,
}

impl Column {
    /// Returns a number in bytes, with the rounding of the most exact number of its column.
    pub fn measured(&mut self, number: cells::Number) -> Measured {
        let unit = number.unit.unwrap_or(self.unit);
        let Some(decimals) = number.decimals else { return Measured::exact(number.value * unit) };
        // Programs print `12.0` for a number that they rounded to three places.
        if number.value.fract() != 0.0 {
            self.decimals = self.decimals.max(decimals);
        }
        let bytes = number.value * unit;
        if self.is_pages || unit == 1.0 && number.value.fract() == 0.0 {
            return Measured::exact(bytes);
        }
        let decimals = if number.unit.is_some() { decimals } else { self.decimals };
        Size { bytes, step: unit / 10_f64.powi(i32::try_from(decimals).unwrap_or(0)) }.rounded()
    }
}

/// The columns of a table by their use.
#[derive(Debug, Default)]
pub struct Layout {
    /// The times: one column, or a date and a time of day, each with the seconds of one where the name tells.
    pub time: Vec<(usize, Option<f64>)>,
    /// The process id.
    pub pid: Option<usize>,
    /// Names of the subject.
    pub names: Vec<(SubjectKind, usize)>,
    /// Columns of text that may name the subject, though nothing but the rows says so.
    pub may_name: Vec<usize>,
    /// Those that do, beside [`Self::names`].
    pub named_by_rows: Vec<usize>,
    /// The values.
    pub columns: Vec<Column>,
    /// The number of their owners.
    pub groups: usize,
    /// The place of the column that counts work.
    pub work: Option<usize>,
    /// The columns of a name and of its value.
    long: Option<(usize, usize)>,
    of_series: HashMap<String, Option<Column>>,
    fallback: Option<ValueUnit>,
    /// Names of columns that are memory of an unknown unit.
    pub without_unit: Vec<String>,
    /// Assumptions.
    pub notes: Vec<String>,
    /// The options that were of use.
    pub used: ColumnOptionsUsed,
}

impl Layout {
    /// Returns the layout of a table by the names of its columns and its first rows.
    #[must_use]
    pub fn of(names: &[String], rows: &[Row], style: Style, options: &ColumnOptions) -> Self {
        let evidence: Vec<Evidence> =
            (0..names.len()).map(|place| Evidence::of(rows, place, style)).collect();
        let meaning_of = |(place, (name, evidence)): (usize, (&String, &Evidence))| {
            let meaning = if evidence.have_units { meaning_beside_unit(name) } else { meaning(name) };
            match meaning {
                // Nor is it one of sizes without a unit.
                Meaning::Name(_) if evidence.are_numbers() && mostly_differs(rows, place) => Meaning::Other,
                known => known,
            }
        };
        let mut meanings: Vec<Meaning> = names.iter().zip(&evidence).enumerate().map(meaning_of).collect();
        let mut layout = Self { fallback: options.unit, ..Self::default() };
        layout.find_time(names, rows, &meanings, options);
        let is_work = |place: &usize| options.work.as_ref().is_some_and(|key| key.is(*place, &names[*place]));
        layout.work = (0..names.len()).find(is_work);
        layout.pid = meanings.iter().position(|meaning| *meaning == Meaning::Pid);
        layout.names = meanings
            .iter()
            .enumerate()
            .filter_map(|(place, meaning)| match meaning {
                Meaning::Name(kind) => Some((*kind, place)),
                _ => None,
            })
            .collect();
        if layout.names.is_empty()
            && let Some(place) = meanings.iter().position(|meaning| *meaning == Meaning::Run)
            && comes_again(rows, place)
        {
            layout.names.push((SubjectKind::Process, place));
        }
        let chosen = |place: usize| options.values.iter().any(|key: &ColumnKey| key.is(place, &names[place]));
        let places: Vec<usize> = (0..names.len()).filter(|place| chosen(*place)).collect();
        layout.used.values = !places.is_empty();
        let is_time = |place: &usize| layout.time.iter().any(|(time, _)| time == place);
        let mut places = places;
        let mut is_guess = false;
        if options.values.is_empty() {
            let holds = |wanted: fn(&Meaning) -> bool| -> Vec<usize> {
                (0..names.len()).filter(|place| wanted(&meanings[*place]) && !is_time(place)).collect()
            };
            places = holds(|meaning| matches!(meaning, Meaning::Memory(_)));
            let (series, value) = (holds(|m| *m == Meaning::Series), holds(|m| *m == Meaning::Value));
            if let (true, Some(value)) = (places.is_empty(), value.first()) {
                match series.first() {
                    Some(series) => layout.long = Some((*series, *value)),
                    None => places = vec![*value],
                }
            } else if places.is_empty() && !layout.time.is_empty() {
                // A column for each subject.
                is_guess = true;
                places = holds(|meaning| *meaning == Meaning::Other);
                places.retain(|place| evidence[*place].are_numbers());
                let with_unit: Vec<(usize, Quantity)> = places
                    .iter()
                    .filter_map(|place| Some((*place, memory_of_subject(&names[*place])?)))
                    .collect();
                // What names no unit beside those that do is something else.
                if !with_unit.is_empty() {
                    places = with_unit.iter().map(|(place, _)| *place).collect();
                    let named: Vec<String> =
                        places.iter().map(|place| format!("{:?}", names[*place])).collect();
                    layout.notes.push(format!(
                        "taken for memory by the units in their names: {} (--value-column names others)",
                        first_names(&named)
                    ));
                    with_unit
                        .into_iter()
                        .for_each(|(place, memory)| meanings[place] = Meaning::Memory(memory));
                }
            }
        }
        layout.may_name = layout.columns_that_may_name(rows, &places, &meanings, &evidence);
        if let Some((_, value)) = layout.long {
            layout.decide_long(&evidence[value], options, style);
            return layout;
        }
        let owners = owners(&places, &meanings);
        let is_rss =
            |place: usize| matches!(&meanings[place], Meaning::Memory(quantity) if quantity.is_rss());
        let siblings = (
            places.iter().any(|place| evidence[*place].are_whole_pages()),
            places.iter().any(|place| is_rss(*place) && evidence[*place].are_kibibytes_of_pages()),
        );
        let mut groups: HashMap<Option<String>, usize> = HashMap::default();
        for place in places {
            let quantity = match &meanings[place] {
                Meaning::Memory(quantity) => Some(quantity),
                _ => None,
            };
            let unit =
                layout.unit(quantity, &evidence[place], options, style, siblings, (&names[place], is_guess));
            let Some(unit) = unit else {
                layout.without_unit.push(format!("{:?}", names[place]));
                continue;
            };
            let (name, owner) = if is_guess {
                ("memory", Some(quantity.map_or(&names[place], |quantity| &quantity.owner).clone()))
            } else {
                (names[place].as_str(), owners.get(&place).cloned())
            };
            let role = quantity.map_or(Role::Resident, |quantity| quantity.role);
            let metric = Metric::of_recording(if name.is_empty() { "memory" } else { name }, role);
            let decimals = evidence[place].decimals;
            let ValueUnit { bytes: unit, is_pages } = unit;
            let next = groups.len();
            let group = *groups.entry(owner.clone()).or_insert(next);
            layout.columns.push(Column { place, metric, owner, group, unit, is_pages, decimals });
        }
        layout.groups = groups.len();
        layout
    }

    /// Returns the columns of text whose header says nothing of them, and numbers that may be ids.
    fn columns_that_may_name(
        &self,
        rows: &[Row],
        values: &[usize],
        meanings: &[Meaning],
        evidence: &[Evidence],
    ) -> Vec<usize> {
        let is_used = |place: usize| {
            values.contains(&place)
                || self.long.is_some_and(|(series, value)| place == series || place == value)
                || self.time.iter().any(|(time, _)| *time == place)
                || self.names.iter().any(|(_, name)| *name == place)
                || self.work == Some(place)
        };
        let may_name = |place: &usize| match meanings[*place] {
            Meaning::Index => true,
            Meaning::Other | Meaning::Series | Meaning::Run | Meaning::Value => {
                !evidence[*place].are_numbers() && !holds_dates(rows, *place)
            }
            _ => false,
        };
        (0..meanings.len()).filter(|place| !is_used(*place)).filter(may_name).collect()
    }

    /// Returns the numbers of rows by which subjects are told apart, with the times of the rows.
    #[must_use]
    pub fn numbers<'r>(&self, rows: &'r [Row], style: Style, at: &[Option<f64>]) -> Vec<Number<'r>> {
        let mut found = Vec::new();
        for (nth, row) in rows.iter().enumerate() {
            let mut add = |series, place: usize| {
                if let Cell::Number(number) = style.cell(row.cells.get(place).map_or("", String::as_str)) {
                    // The levels of numbers are compared as those of bytes: a number in GiB is small.
                    let value = number.value * number.unit.unwrap_or(MIB);
                    found.push(Number { row: nth, series, value, at: at.get(nth).copied().flatten() });
                }
            };
            match self.long {
                Some((series, place)) => add((0, row.cells.get(series).map_or("", String::as_str)), place),
                None => self.columns.iter().for_each(|column| add((column.place, ""), column.place)),
            }
        }
        found
    }

    /// Returns the places of the columns that are known to name the subject.
    #[must_use]
    pub fn known_names(&self) -> Vec<usize> {
        self.names.iter().map(|(_, place)| *place).chain(self.pid).collect()
    }

    /// Whether each row names what its value is.
    #[must_use]
    pub const fn is_long(&self) -> bool {
        self.long.is_some()
    }

    fn find_time(&mut self, names: &[String], rows: &[Row], meanings: &[Meaning], options: &ColumnOptions) {
        let seconds = |place: usize| match meanings[place] {
            Meaning::Time(seconds) => seconds,
            _ => None,
        };
        if let Some(key) = &options.time
            && let Some(place) = (0..names.len()).find(|place| key.is(*place, &names[*place]))
        {
            self.time = vec![(place, seconds(place))];
            self.used.time = true;
            return;
        }
        let mut places = (0..names.len()).filter(|place| matches!(meanings[*place], Meaning::Time(_)));
        self.time.extend(places.next().map(|place| (place, seconds(place))));
        let is = |place: usize, name: &str| names[place].trim().eq_ignore_ascii_case(name);
        if let (Some(&(first, _)), Some(second)) = (self.time.first(), places.next())
            && DATES.iter().any(|name| is(first, name))
            && CLOCKS.iter().any(|name| is(second, name))
        {
            self.time.push((second, None));
        }
        if self.time.is_empty() {
            let may_be_time = |place: &usize| meanings[*place] == Meaning::Other && holds_dates(rows, *place);
            self.time.extend((0..names.len()).find(may_be_time).map(|place| (place, None)));
        }
    }

    /// Returns the unit of a column: of its name, of its cells, as the user says, or by its numbers.
    fn unit(
        &mut self,
        quantity: Option<&Quantity>,
        evidence: &Evidence,
        options: &ColumnOptions,
        style: Style,
        (siblings, has_kibibytes): (bool, bool),
        (name, is_guess): (&str, bool),
    ) -> Option<ValueUnit> {
        let of_name = quantity.and_then(|quantity| quantity.unit);
        let overrules = !options.values.is_empty();
        if let Some(unit) = options.unit.filter(|_| overrules || of_name.is_none() && !evidence.have_units) {
            self.used.unit = true;
            return Some(unit);
        }
        let plain = |bytes: f64| Some(ValueUnit { bytes, is_pages: false });
        if let Some(unit) = of_name {
            return plain(unit);
        }
        if evidence.have_units || evidence.is_empty() && !is_guess {
            return plain(1.0);
        }
        if style.is_grafana && evidence.may_be_bytes() || style.are_bytes && evidence.are_whole {
            return plain(1.0);
        }
        if name == PAGES_OF_STAT && evidence.are_whole {
            self.notes.push(format!(
                "{name:?} is taken as pages of 4 KiB, as /proc/PID/stat has them (--value-unit pages:16K overrules)"
            ));
            return Some(ValueUnit { bytes: 4096.0, is_pages: true });
        }
        if evidence.are_whole_pages() {
            self.notes.push(format!("{name:?} is taken as bytes: all its numbers are multiples of 4096"));
            return plain(1.0);
        }
        if is_guess {
            return None;
        }
        if siblings && evidence.are_whole {
            self.notes.push(format!("{name:?} is taken as bytes, as the other columns are"));
            return plain(1.0);
        }
        // `ps` counts both in KiB.
        if quantity.is_some_and(|quantity| quantity.role == Role::Virtual)
            && evidence.are_whole
            && has_kibibytes
        {
            self.notes.push(format!("{name:?} is taken as KiB, as resident memory is"));
            return plain(1024.0);
        }
        // Resident memory is whole pages, of 4 KiB at least.
        if quantity.is_some_and(Quantity::is_rss) && evidence.are_kibibytes_of_pages() {
            self.notes.push(format!(
                "{name:?} is taken as KiB: all its numbers are multiples of 4, and not of 4096"
            ));
            return plain(1024.0);
        }
        None
    }

    fn decide_long(&mut self, evidence: &Evidence, options: &ColumnOptions, style: Style) {
        let may_be_bytes = style.is_grafana && evidence.may_be_bytes();
        if options.unit.is_none() && (may_be_bytes || evidence.have_units || evidence.are_whole_pages()) {
            self.fallback = Some(ValueUnit { bytes: 1.0, is_pages: false });
        }
    }

    /// Returns the column of a row that names what its value is, and the cell of the value.
    pub fn long_column(&mut self, row: &Row) -> Option<(&mut Column, String)> {
        let (series, place) = self.long?;
        let name = row.cells.get(series)?;
        let cell = row.cells.get(place)?.clone();
        if !self.of_series.contains_key(name) {
            let column = self.series(name, place);
            self.of_series.insert(name.clone(), column);
        }
        let column = self.of_series.get_mut(name)?.as_mut()?;
        Some((column, cell))
    }

    fn series(&mut self, name: &str, place: usize) -> Option<Column> {
        let (role, unit, owner) = match meaning(name) {
            Meaning::Memory(Quantity { role, unit, .. }) => (role, unit, None),
            Meaning::Other | Meaning::Index => (Role::Resident, None, Some(name.to_owned())),
            _ => return None,
        };
        let metric = Metric::of_recording(if owner.is_some() { "memory" } else { name }, role);
        self.used.unit |= unit.is_none();
        let unit = unit.map(|bytes| ValueUnit { bytes, is_pages: false }).or(self.fallback)?;
        let ValueUnit { bytes: unit, is_pages } = unit;
        Some(Column { place, metric, owner, group: 0, unit, is_pages, decimals: 0 })
    }
}

/// Whether the names of a column come again, so that rows of one name are a series.
fn comes_again(rows: &[Row], place: usize) -> bool {
    let mut names: Vec<&str> =
        rows.iter().filter_map(|row| row.cells.get(place)).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names.len() > 1 && 2 * names.len() <= rows.len()
}

/// Whether most cells of a column are unlike one another, as sizes are and names are not.
fn mostly_differs(rows: &[Row], place: usize) -> bool {
    let mut cells: Vec<&str> =
        rows.iter().filter_map(|row| row.cells.get(place)).map(String::as_str).collect();
    let all = cells.len();
    cells.sort_unstable();
    cells.dedup();
    all > 2 && 2 * cells.len() > all
}

/// Whether all cells of a column look like dates with a time of day.
fn holds_dates(rows: &[Row], place: usize) -> bool {
    let is_date = |cell: &String| {
        let digits = cell.bytes().filter(u8::is_ascii_digit).count();
        digits >= 10 && cell.contains(':') && cell.contains(['-', '/', '.'])
    };
    !rows.is_empty() && rows.iter().all(|row| row.cells.get(place).is_some_and(is_date))
}

/// Returns the subjects of columns that are the same memory of several.
fn owners(places: &[usize], meanings: &[Meaning]) -> HashMap<usize, String> {
    let quantity = |place: usize| match &meanings[place] {
        Meaning::Memory(quantity) => Some(quantity),
        _ => None,
    };
    let mut owners = HashMap::default();
    for &place in places {
        let Some(own) = quantity(place) else { continue };
        let mut alike = places.iter().filter_map(|other| quantity(*other));
        let is_of_several =
            alike.any(|other| other.kind == own.kind && other.role == own.role && other.owner != own.owner);
        if is_of_several && !own.owner.is_empty() {
            owners.insert(place, own.owner.clone());
        }
    }
    owners
}
