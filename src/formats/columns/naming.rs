//! Columns that name the subjects of a table without a header that says so: `module`, `env`, `tag`.
//!
//! The rows show it: the memory of each value follows itself, and not that of the others. Whether it does is decided as
//! for the words before the records of a log, see [`crate::formats::prefix`].

use std::hash::{BuildHasher, RandomState};

use foldhash::HashMap;

use super::super::prefix::{Observation, PrefixId, are_of_several};
use super::row::Row;

/// Columns of text that are looked at.
const MOST_COLUMNS: usize = 16;
/// Values of one column. One with more names requests or the like.
const MOST_VALUES: usize = 1024;
/// Columns that name a subject together, at most.
const MOST_DEPTH: usize = 4;

/// A number of a row, with what is known of its subject.
#[derive(Debug, Clone)]
pub struct Number<'r> {
    /// The place of its row among those that are looked at.
    pub row: usize,
    /// The place of its column, or the name of the series that the row is of.
    pub series: (usize, &'r str),
    /// The number, in any unit.
    pub value: f64,
    /// The time of its row in seconds, if it has one.
    pub at: Option<f64>,
}

/// Returns the columns among `candidates` by which rows are of several subjects, where `known` does not part them.
///
/// Of several the one with the fewest values comes first: what lasts longest names best.
#[must_use]
pub fn naming_columns(
    rows: &[Row],
    numbers: &[Number<'_>],
    known: &[usize],
    mut candidates: Vec<usize>,
) -> Vec<usize> {
    // The texts are from outside.
    let hasher = RandomState::new();
    let cell = |row: usize, place: usize| {
        rows.get(row).and_then(|row| row.cells.get(place)).map_or("", |cell| cell.trim())
    };
    let texts_of = |row: usize, places: &[usize]| -> Vec<&str> {
        places.iter().map(|place| cell(row, *place)).collect()
    };
    candidates.truncate(MOST_COLUMNS);
    let mut found: Vec<usize> = Vec::new();
    // The numbers of the texts of some columns in each row; `None` where too many differ, or none comes again.
    let values_of = |places: &[usize]| -> Option<(usize, Vec<u32>)> {
        let mut known: HashMap<Vec<&str>, u32> = HashMap::default();
        let mut values = Vec::with_capacity(rows.len());
        for row in 0..rows.len() {
            let next = u32::try_from(known.len()).ok()?;
            values.push(*known.entry(texts_of(row, places)).or_insert(next));
            if known.len() > MOST_VALUES {
                return None;
            }
        }
        (known.len() > 1 && 2 * known.len() <= rows.len()).then_some((known.len(), values))
    };
    let are_apart = |values: &[u32], found: &[usize]| {
        are_of_several(numbers.iter().filter_map(|number| {
            let key = (number.series, texts_of(number.row, known), texts_of(number.row, found));
            let observation = Observation {
                prefix: PrefixId::default(),
                key: hasher.hash_one(&key),
                bytes: number.value,
                rank: None,
                at: number.at,
            };
            Some((*values.get(number.row)?, observation))
        }))
    };
    candidates.retain(|place| values_of(&[*place]).is_some());
    while found.len() < MOST_DEPTH {
        let apart = candidates.iter().enumerate().filter_map(|(nth, place)| {
            let (count, values) = values_of(&[*place])?;
            are_apart(&values, &found).then_some((count, nth))
        });
        let Some((_, nth)) = apart.min() else { break };
        found.push(candidates.remove(nth));
    }
    // `env` and `module` may part together what neither parts alone.
    if found.is_empty()
        && candidates.len() > 1
        && let Some((_, values)) = values_of(&candidates)
        && are_apart(&values, &[])
    {
        candidates.truncate(MOST_DEPTH);
        return candidates;
    }
    found
}
