//! The series that two recordings have in common.

use foldhash::HashMap;

use super::side::Row;
use crate::policy::{Named, find_named};

/// A series before and after; one of them may be missing.
pub(super) type Pair<'a> = (Option<&'a Row>, Option<&'a Row>);

/// Series by their names, those whose lines have moved by file, nearness and the size of their blocks; then those that
/// only the second recording has.
pub(super) fn pairs<'a>(before: &'a [Row], after: &'a [Row]) -> Vec<Pair<'a>> {
    fn named(rows: &[Row]) -> Vec<Named<'_>> {
        let rows = rows.iter();
        rows.map(|row| Named { text: &row.name, block_bytes: row.block_bytes, function: None }).collect()
    }
    let found = find_named(&named(before), &named(after));
    let mut all: Vec<Pair<'a>> =
        before.iter().zip(&found).map(|(row, place)| (Some(row), place.map(|i| &after[i]))).collect();
    let taken: HashMap<usize, ()> = found.into_iter().flatten().map(|i| (i, ())).collect();
    all.extend(
        after.iter().enumerate().filter(|(i, _)| !taken.contains_key(i)).map(|(_, row)| (None, Some(row))),
    );
    all
}
