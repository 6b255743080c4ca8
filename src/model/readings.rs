//! Readings of processes, packed: a report of a million samples has a million of them.

use rustc_hash::FxHashMap;

use super::{Metric, Moment, ProcessReading};

/// What tells one process from another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Identity {
    /// What names the process, where the report names it.
    pub process: Option<String>,
    /// The process id, where the report gives it apart from the name.
    pub pid: Option<u64>,
}

/// The number of an [`Identity`] among those of one source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct IdentityId(pub u32);

impl IdentityId {
    /// The number as an index.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The values of one metric, one a reading, in bytes. A metric that never moves takes no room.
#[derive(Debug, Clone)]
pub enum Column {
    /// One value (or none) throughout.
    Steady {
        /// The value; `None` where the metric was not read.
        value: Option<u64>,
        /// How many readings.
        length: usize,
    },
    /// A value a reading; `u64::MAX` where the metric was not read.
    Moving(Vec<u64>),
}

impl Column {
    /// Stands for a metric that was not read; no machine has so many bytes.
    const ABSENT: u64 = u64::MAX;

    const fn new() -> Self {
        Self::Steady { value: None, length: 0 }
    }

    const fn length(&self) -> usize {
        match self {
            Self::Steady { length, .. } => *length,
            Self::Moving(values) => values.len(),
        }
    }

    fn push(&mut self, bytes: Option<u64>) {
        match self {
            Self::Steady { value, length } if *length == 0 || *value == bytes => {
                (*value, *length) = (bytes, *length + 1);
            }
            Self::Steady { value, length } => {
                let mut values = Vec::with_capacity((*length + 1).next_power_of_two());
                values.resize(*length, packed(*value));
                values.push(packed(bytes));
                *self = Self::Moving(values);
            }
            Self::Moving(values) => values.push(packed(bytes)),
        }
    }

    /// Makes it this long: the readings at its end did not have the metric.
    fn lengthen(&mut self, to: usize) {
        while self.length() < to {
            self.push(None);
        }
    }

    /// The value of one reading, if the metric was read.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<u64> {
        match self {
            Self::Steady { value, length } => value.filter(|_| index < *length),
            Self::Moving(values) => values.get(index).copied().filter(|bytes| *bytes != Self::ABSENT),
        }
    }

    /// Whether one value was read throughout.
    #[must_use]
    pub const fn is_steady(&self) -> bool {
        matches!(self, Self::Steady { .. })
    }

    /// Whether `length` readings all have a value.
    #[must_use]
    pub fn is_complete(&self, length: usize) -> bool {
        match self {
            Self::Steady { value, length: known } => value.is_some() && *known >= length,
            Self::Moving(values) => values.len() >= length && !values.contains(&Self::ABSENT),
        }
    }

    /// The values at these indices.
    fn select(&self, indices: impl Iterator<Item = usize>) -> Self {
        let mut column = Self::new();
        indices.for_each(|index| column.push(self.get(index)));
        column
    }
}

fn packed(bytes: Option<u64>) -> u64 {
    // A sum of mappings that met the end of numbers still counts as read.
    bytes.map_or(Column::ABSENT, |bytes| bytes.min(Column::ABSENT - 1))
}

/// A reading without its values.
#[derive(Debug, Clone, Copy)]
struct Row {
    /// Seconds since the Unix epoch; not a number where the report has no time.
    at: f64,
    /// The line of the first value; those behind 2³² are told as 2³² − 1.
    line: u32,
    identity: IdentityId,
}

/// Readings of the processes of one source, in its order: 16 bytes each, and 8 for each metric that moves.
#[derive(Debug, Clone, Default)]
pub struct ProcessReadings {
    rows: Vec<Row>,
    columns: Vec<(Metric, Column)>,
    identities: Vec<Identity>,
    numbers: FxHashMap<Identity, IdentityId>,
}

impl ProcessReadings {
    /// How many readings there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The number of an identity, the same for the same one.
    pub fn intern(&mut self, identity: Identity) -> IdentityId {
        if let Some(number) = self.numbers.get(&identity) {
            return *number;
        }
        let number = IdentityId(u32::try_from(self.identities.len()).unwrap_or(u32::MAX));
        self.identities.push(identity.clone());
        self.numbers.insert(identity, number);
        number
    }

    /// Adds a reading: whose it is, when it was taken, the line of its first value, and its values in bytes.
    pub fn push(&mut self, whose: IdentityId, at: Option<Moment>, line: u64, values: &[(Metric, u64)]) {
        let row = self.rows.len();
        for (place, &(metric, bytes)) in values.iter().enumerate() {
            let column = self.column_at(place, metric);
            if column.length() <= row {
                column.lengthen(row);
                column.push(Some(bytes));
            }
        }
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        self.rows.push(Row { at: at.map_or(f64::NAN, |at| at.seconds), line, identity: whose });
    }

    /// The column of a metric, most likely at this place: readings of one source have the same metrics.
    fn column_at(&mut self, place: usize, metric: Metric) -> &mut Column {
        let is_here = self.columns.get(place).is_some_and(|(known, _)| *known == metric);
        let place = if is_here {
            place
        } else {
            self.columns.iter().position(|(known, _)| *known == metric).unwrap_or_else(|| {
                self.columns.push((metric, Column::new()));
                self.columns.len() - 1
            })
        };
        &mut self.columns[place].1
    }

    /// When a reading was taken.
    #[must_use]
    pub fn at(&self, index: usize) -> Option<Moment> {
        let seconds = self.rows.get(index)?.at;
        (!seconds.is_nan()).then_some(Moment { seconds })
    }

    /// When the readings were taken, in seconds; not a number where that is not known.
    pub fn seconds(&self) -> impl ExactSizeIterator<Item = f64> + Clone {
        self.rows.iter().map(|row| row.at)
    }

    /// The line of a reading's first value, counted from 1.
    #[must_use]
    pub fn line(&self, index: usize) -> u64 {
        self.rows.get(index).map_or(0, |row| u64::from(row.line))
    }

    /// Whose the readings are.
    pub fn whose(&self) -> impl ExactSizeIterator<Item = IdentityId> + Clone {
        self.rows.iter().map(|row| row.identity)
    }

    /// What the number of an identity stands for.
    #[must_use]
    pub fn identity(&self, number: IdentityId) -> Option<&Identity> {
        self.identities.get(number.index())
    }

    /// All identities, by their numbers.
    #[must_use]
    pub fn identities(&self) -> &[Identity] {
        &self.identities
    }

    /// Gives each reading another owner, told from its index and the one that it had.
    pub fn assign(&mut self, mut to: impl FnMut(usize, IdentityId) -> IdentityId) {
        for (index, row) in self.rows.iter_mut().enumerate() {
            row.identity = to(index, row.identity);
        }
    }

    /// Sets or takes away the time of a reading.
    pub fn set_time(&mut self, index: usize, at: Option<Moment>) {
        if let Some(row) = self.rows.get_mut(index) {
            row.at = at.map_or(f64::NAN, |at| at.seconds);
        }
    }

    /// Keeps the readings whose time satisfies a condition.
    pub fn retain(&mut self, wanted: impl Fn(Option<Moment>) -> bool) {
        let kept: Vec<usize> = (0..self.len()).filter(|&index| wanted(self.at(index))).collect();
        if kept.len() < self.len() {
            self.columns =
                self.columns.iter().map(|(metric, c)| (*metric, c.select(kept.iter().copied()))).collect();
            self.rows = kept.iter().filter_map(|&index| self.rows.get(index).copied()).collect();
        }
    }

    /// All metrics, in the order in which the source has them; only of the readings at these indices, if there are any.
    #[must_use]
    pub fn columns(self, indices: Option<&[u32]>) -> Vec<(Metric, Column)> {
        match indices {
            None => self.columns,
            Some(indices) => self.selected(indices),
        }
    }

    /// All metrics of the readings at these indices.
    #[must_use]
    pub fn selected(&self, indices: &[u32]) -> Vec<(Metric, Column)> {
        let select = |column: &Column| column.select(indices.iter().map(|&index| index as usize));
        self.columns.iter().map(|(metric, column)| (*metric, select(column))).collect()
    }

    /// When a reading was taken, in seconds (not a number where that is not known), and whose it is.
    #[must_use]
    pub fn row(&self, index: usize) -> Option<(f64, IdentityId)> {
        self.rows.get(index).map(|row| (row.at, row.identity))
    }

    /// The readings one by one, unpacked.
    pub fn iter(&self) -> impl Iterator<Item = ProcessReading> {
        (0..self.len()).map(|index| {
            let identity = self.rows.get(index).and_then(|row| self.identity(row.identity));
            let value = |(metric, column): &(Metric, Column)| Some((*metric, column.get(index)?));
            ProcessReading {
                process: identity.and_then(|identity| identity.process.clone()),
                pid: identity.and_then(|identity| identity.pid),
                at: self.at(index),
                line: self.line(index),
                values: self.columns.iter().filter_map(value).collect(),
            }
        })
    }

    /// The number of each identity's name: identities that differ in the process id alone share one.
    #[must_use]
    pub fn names(&self) -> Vec<u32> {
        let mut numbers: FxHashMap<Option<&str>, u32> = FxHashMap::default();
        let names = self.identities.iter().map(|identity| identity.process.as_deref());
        names
            .map(|name| {
                let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                *numbers.entry(name).or_insert(next)
            })
            .collect()
    }

    /// At how many distinct times was sampled: readings of different processes at one time count once, repeated
    /// readings of one process at one time (clocks have seconds, loops need not) each for themselves. Without
    /// times: the readings of the process that was read most often.
    #[must_use]
    pub fn distinct_times(&self) -> usize {
        let names = self.names();
        let name = |row: &Row| names.get(row.identity.index()).copied().unwrap_or(0);
        // No number comes last; that of two of them is one and the same.
        let time = |row: &Row| if row.at.is_nan() { f64::INFINITY } else { row.at };
        let mut run_names: Vec<u32> = Vec::new();
        let mut most_of_run = |run: &mut dyn Iterator<Item = u32>| {
            run_names.clear();
            run_names.extend(run);
            run_names.sort_unstable();
            run_names.chunk_by(|a, b| a == b).map(<[u32]>::len).max().unwrap_or(0)
        };
        if self.rows.is_sorted_by(|a, b| time(a) <= time(b)) {
            let runs = self.rows.chunk_by(|a, b| time(a) == time(b));
            return runs
                .map(|run| if run.len() == 1 { 1 } else { most_of_run(&mut run.iter().map(name)) })
                .sum();
        }
        let mut sorted: Vec<(f64, u32)> = self.rows.iter().map(|row| (time(row), name(row))).collect();
        sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let runs = sorted.chunk_by(|a, b| a.0 == b.0);
        runs.map(|run| if run.len() == 1 { 1 } else { most_of_run(&mut run.iter().map(|r| r.1)) }).sum()
    }
}

impl FromIterator<ProcessReading> for ProcessReadings {
    fn from_iter<T: IntoIterator<Item = ProcessReading>>(readings: T) -> Self {
        let mut packed = Self::default();
        for ProcessReading { process, pid, at, line, values } in readings {
            let whose = packed.intern(Identity { process, pid });
            packed.push(whose, at, line, &values);
        }
        packed
    }
}
