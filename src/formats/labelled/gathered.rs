//! The readings of one source, in the order of its lines.

use std::collections::HashMap;

use super::super::prefix::{PrefixId, Prefixes};
use super::super::scope::{Scope, Section};
use super::labels::LabelId;
use super::tokens::Number;
use crate::model::TimeRef;

/// Readings of one source that are kept.
const MOST_READINGS: usize = 1 << 22;

/// A number whose words speak of memory.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// Its label.
    pub label: LabelId,
    /// The text of the label among those that differ in their digits.
    pub variant: u16,
    /// The text before the label.
    pub prefix: PrefixId,
    /// The number of its line.
    pub line: u64,
    /// The number as it is written.
    pub number: Number,
    /// The bytes of one, if the line says so.
    pub unit: Option<f64>,
    /// The number that bounds it, in bytes.
    pub bound: Option<f64>,
    /// Whether its line, or one before it, says that it is memory.
    pub is_sure: bool,
    /// The number in its label, or the one before it in its line: an index, most likely.
    pub index: Option<f64>,
    /// Its time.
    pub time: Option<TimeRef>,
}

/// The readings of one source.
#[derive(Debug, Default)]
pub struct Gathered {
    /// All readings.
    pub readings: Vec<Reading>,
    /// The texts before the labels, by which workers are known apart.
    pub prefixes: Prefixes,
    /// Readings that were not kept.
    pub left_out: u64,
    /// For each label, the number of times above its last reading with its section, and its digits.
    last: HashMap<(LabelId, u16), ((u32, Section), u32)>,
}

impl Gathered {
    /// Whether no more readings are kept.
    pub const fn is_full(&self) -> bool {
        self.readings.len() >= MOST_READINGS
    }

    /// Returns the digits of the last number of a label.
    pub fn digits_of_last(&self, label: LabelId) -> Option<u32> {
        self.readings.iter().rev().take(1000).find(|one| one.label == label).map(|one| one.number.digits)
    }

    /// Adds a reading. A time above is that of one reading of each label in each section.
    pub fn push(&mut self, mut reading: Reading, scope: Scope) {
        let key = (reading.label, reading.variant);
        let now = (scope.times_above, scope.section);
        let last = self.last.insert(key, (now, reading.number.digits));
        let is_first_below = last.is_none_or(|(times, _)| times != now);
        reading.time = scope.time.filter(|_| scope.stamped || is_first_below);
        self.readings.push(reading);
    }
}
