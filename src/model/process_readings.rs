//! Readings of processes, packed: a report of a million samples has a million of them.

use rustc_hash::FxHashMap;

use super::column::Column;
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
        (!seconds.is_nan()).then_some(Moment::from_seconds(seconds))
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn reading() -> impl Strategy<Value = ProcessReading> {
        let name = prop_oneof![Just(None), Just(Some("a".to_owned())), Just(Some("b".to_owned()))];
        let time = prop_oneof![Just(None), (0..6_u32).prop_map(|s| Some(Moment::from_seconds(f64::from(s))))];
        let value = proptest::option::of(0..3_u64);
        (name, proptest::option::of(7..9_u64), time, value.clone(), value).prop_map(
            |(process, pid, at, anon, file)| {
                let values = [(Metric::RssAnon, anon), (Metric::RssFile, file)];
                let values =
                    values.into_iter().filter_map(|(metric, value)| Some((metric, value?))).collect();
                ProcessReading { process, pid, at, line: 1, values }
            },
        )
    }

    /// What `distinct_times` says, from its words.
    fn distinct_times(readings: &[ProcessReading]) -> usize {
        let mut counts: BTreeMap<_, BTreeMap<_, usize>> = BTreeMap::new();
        for reading in readings {
            let of_time = counts.entry(reading.at.map(|at| at.seconds.to_bits())).or_default();
            *of_time.entry(&reading.process).or_default() += 1;
        }
        counts.values().filter_map(|of_time| of_time.values().max()).sum()
    }

    proptest! {
        #[test]
        fn what_is_packed_is_what_was_read(readings in prop::collection::vec(reading(), 0..30), sort in any::<bool>()) {
            let mut readings = readings;
            if sort {
                readings.sort_by_key(|reading| reading.at.map_or(99, |at| at.seconds as u64));
            }
            let mut packed: ProcessReadings = readings.iter().cloned().collect();
            let values = |reading: &ProcessReading| {
                Metric::ALL.map(|metric| reading.get(metric))
            };
            let unpacked: Vec<_> = packed.iter().collect();
            prop_assert_eq!(unpacked.len(), readings.len());
            for (found, reading) in unpacked.iter().zip(&readings) {
                prop_assert_eq!(values(found), values(reading));
                prop_assert_eq!((&found.process, found.pid, found.at), (&reading.process, reading.pid, reading.at));
            }
            prop_assert_eq!(packed.distinct_times(), distinct_times(&readings));
            let late = |at: Option<Moment>| at.is_none_or(|at| at.seconds >= 3.0);
            packed.retain(late);
            readings.retain(|reading| late(reading.at));
            prop_assert_eq!(packed.iter().map(|r| values(&r)).collect::<Vec<_>>(), readings.iter().map(values).collect::<Vec<_>>());
        }
    }
}
