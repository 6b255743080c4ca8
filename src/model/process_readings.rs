//! Readings of subjects, packed: a report of a million samples has a million of them.

use super::column::Column;
use super::{Measured, Metric, SubjectId, TimeRef};

/// A reading without its values.
#[derive(Debug, Clone, Copy)]
struct Row {
    time: Option<TimeRef>,
    /// The line of the first value; it saturates at 2³² − 1.
    line: u32,
    subject: SubjectId,
}

/// Readings of the subjects of one source, in its order: 12 bytes each, and 8 for each metric that moves.
#[derive(Debug, Clone, Default)]
pub struct ProcessReadings {
    rows: Vec<Row>,
    columns: Vec<(Metric, Column)>,
}

impl ProcessReadings {
    /// Returns the number of readings.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no readings.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Appends a reading: its subject, its time, the line of its first value, and its values in bytes.
    pub fn push(
        &mut self,
        subject: SubjectId,
        time: Option<TimeRef>,
        line: u64,
        values: &[(Metric, Measured)],
    ) {
        let row = self.rows.len();
        for (place, &(metric, value)) in values.iter().enumerate() {
            let column = self.column_at(place, metric);
            if column.length() <= row {
                column.lengthen(row);
                column.push(Some(value));
            }
        }
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        self.rows.push(Row { time, line, subject });
    }

    /// Returns the column of a metric, most likely at this place: readings of one source have the same metrics.
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

    /// Appends all readings of others, which are of the same source and number its subjects and times alike.
    pub fn append(&mut self, others: Self) {
        if self.is_empty() {
            *self = others;
            return;
        }
        let length = self.len();
        for (place, (metric, column)) in others.columns.iter().enumerate() {
            let own = self.column_at(place, *metric);
            own.lengthen(length);
            (0..others.rows.len()).for_each(|index| own.push(column.get(index)));
        }
        self.rows.extend(others.rows);
    }

    /// Returns the time of a reading.
    #[must_use]
    pub fn time(&self, index: usize) -> Option<TimeRef> {
        self.rows.get(index)?.time
    }

    /// Returns the times of all readings.
    pub fn times(&self) -> impl ExactSizeIterator<Item = Option<TimeRef>> + Clone {
        self.rows.iter().map(|row| row.time)
    }

    /// Returns the line of a reading's first value, counted from 1.
    #[must_use]
    pub fn line(&self, index: usize) -> u64 {
        self.rows.get(index).map_or(0, |row| u64::from(row.line))
    }

    /// Returns the subject of a reading.
    #[must_use]
    pub fn subject(&self, index: usize) -> SubjectId {
        self.rows.get(index).map_or_else(SubjectId::default, |row| row.subject)
    }

    /// Returns the subjects of all readings.
    pub fn subjects(&self) -> impl ExactSizeIterator<Item = SubjectId> + Clone {
        self.rows.iter().map(|row| row.subject)
    }

    /// Returns the number of readings of the subject that has the most of them.
    #[must_use]
    pub fn most_of_one(&self) -> usize {
        let mut counts: Vec<usize> = Vec::new();
        for subject in self.subjects().map(SubjectId::index) {
            if counts.len() <= subject {
                counts.resize(subject + 1, 0);
            }
            counts[subject] += 1;
        }
        counts.into_iter().max().unwrap_or(0)
    }

    /// Gives each reading another subject, made of its index and the one that it had.
    pub fn assign(&mut self, mut to: impl FnMut(usize, SubjectId) -> SubjectId) {
        for (index, row) in self.rows.iter_mut().enumerate() {
            row.subject = to(index, row.subject);
        }
    }

    /// Sets the time of a reading.
    pub fn set_time(&mut self, index: usize, time: Option<TimeRef>) {
        if let Some(row) = self.rows.get_mut(index) {
            row.time = time;
        }
    }

    /// Keeps the readings whose time satisfies a condition.
    pub fn retain(&mut self, wanted: impl Fn(Option<TimeRef>) -> bool) {
        let kept: Vec<usize> = (0..self.len()).filter(|&index| wanted(self.time(index))).collect();
        if kept.len() < self.len() {
            self.select(&kept);
        }
    }

    /// Keeps the readings of these indices, in this order.
    pub fn select(&mut self, kept: &[usize]) {
        self.columns =
            self.columns.iter().map(|(metric, c)| (*metric, c.select(kept.iter().copied()))).collect();
        self.rows = kept.iter().filter_map(|&index| self.rows.get(index).copied()).collect();
    }

    /// Puts the readings in the order of their lines.
    pub fn sort_by_line(&mut self) {
        if !self.rows.is_sorted_by_key(|row| row.line) {
            let mut order: Vec<usize> = (0..self.len()).collect();
            order.sort_by_key(|index| self.line(*index));
            self.select(&order);
        }
    }

    /// Turns the order of the readings around.
    pub fn reverse(&mut self) {
        let backward: Vec<usize> = (0..self.len()).rev().collect();
        self.select(&backward);
    }

    /// Returns the metrics in the order in which the source has them.
    pub fn metrics(&self) -> impl Iterator<Item = Metric> {
        self.columns.iter().map(|(metric, _)| *metric)
    }

    /// Returns the values of a metric of one reading.
    #[must_use]
    pub fn value(&self, metric: Metric, index: usize) -> Option<Measured> {
        self.columns.iter().find(|(known, _)| *known == metric)?.1.get(index)
    }

    /// Returns the values of one reading.
    pub fn values(&self, index: usize) -> impl Iterator<Item = (Metric, Measured)> {
        self.columns.iter().filter_map(move |(metric, column)| Some((*metric, column.get(index)?)))
    }

    /// Returns the columns of all metrics.
    #[must_use]
    pub fn columns(&self) -> &[(Metric, Column)] {
        &self.columns
    }
}
