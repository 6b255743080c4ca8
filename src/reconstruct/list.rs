//! One snapshot among others.

use std::ops::Range;
use std::sync::Arc;

use super::site_numbers::SiteNumbers;
use crate::model::{PackedReading, Readings, SiteId, SiteReading, Truncation};

/// One snapshot of a sequence.
#[derive(Debug, Clone)]
pub(super) struct List {
    /// Its time in seconds on the clock of its sequence, or its place on a count of work; not a number where the dump
    /// does not say.
    pub(super) seconds: f64,
    /// The meaning of absence.
    pub(super) truncation: Truncation,
    /// The readings of its source …
    readings: Arc<Readings>,
    /// … the numbers that the recording has for the source's sites …
    numbers: Arc<SiteNumbers>,
    /// … and the rows that are its own.
    pub(super) rows: Range<usize>,
}

impl List {
    pub(super) const fn new(
        seconds: f64,
        truncation: Truncation,
        readings: Arc<Readings>,
        numbers: Arc<SiteNumbers>,
        rows: Range<usize>,
    ) -> Self {
        Self { seconds, truncation, readings, numbers, rows }
    }

    /// Returns the number of readings.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Identifies its source among those of the recording.
    pub(super) fn source(&self) -> usize {
        Arc::as_ptr(&self.readings) as usize
    }

    /// Returns the recording's number for the site of a row.
    pub(super) fn site(&self, row: usize) -> SiteId {
        self.numbers.of(self.readings.site(row))
    }

    /// Returns the reading of a row, its site numbered as in the source.
    pub(super) fn reading(&self, row: usize) -> SiteReading {
        self.readings.get(row)
    }

    /// Whether another list shows the same sites in the same order, with the same numbers.
    pub(super) fn shows_the_same(&self, other: &Self) -> bool {
        let rows = || self.rows.clone().zip(other.rows.clone());
        let same = |(own, others): (usize, usize)| {
            let (a, b) = (self.reading(own), other.reading(others));
            (a.size, a.blocks, a.change) == (b.size, b.blocks, b.change)
                && self.site(own) == other.site(others)
        };
        self.len() == other.len() && rows().all(same)
    }

    /// Returns the reading of a row as it is kept.
    pub(super) fn packed(&self, row: usize) -> PackedReading {
        self.readings.packed(row)
    }

    /// Unpacks a reading of this list.
    pub(super) fn unpacked(&self, packed: PackedReading) -> SiteReading {
        self.readings.unpacked(packed)
    }

    /// Returns the truncation of the list if it is cut at its smallest reading.
    pub(super) fn top(&self) -> Truncation {
        Truncation::top_of(&self.readings, &self.rows)
    }
}

/// Returns the time of each position, or its place on a count of work; the first `offset` have none.
pub(super) fn places(lists: &[List], offset: usize) -> Vec<f64> {
    std::iter::repeat_n(f64::NAN, offset).chain(lists.iter().map(|list| list.seconds)).collect()
}
