//! The series that two recordings have in common.

use super::side::Row;
use crate::policy::{Named, find_named};

/// A series before and after; one of them may be missing.
pub(super) type Pair<'a> = (Option<&'a Row>, Option<&'a Row>);

/// Series by their names, those whose lines have moved by file, nearness and the size of their blocks; then those that
/// only the second recording has. Of several sites of one name those of one heap belong together, then the fastest of
/// both.
pub(super) fn pairs<'a>(before: &'a [Row], after: &'a [Row]) -> Vec<Pair<'a>> {
    let (fast_before, fast_after) = (by_rate(before), by_rate(after));
    let mut found = vec![None; before.len()];
    let mut taken = vec![false; after.len()];
    for (&b, place) in
        fast_before.iter().zip(find_named(&named(before, &fast_before), &named(after, &fast_after)))
    {
        found[b] = place.map(|place| fast_after[place]);
        found[b].iter().for_each(|&a| taken[a] = true);
    }
    let of_both = before.iter().zip(found).map(|(row, place)| (Some(row), place.map(|i| &after[i])));
    let of_after = after.iter().zip(taken).filter(|(_, taken)| !taken).map(|(row, _)| (None, Some(row)));
    of_both.chain(of_after).collect()
}

/// The indices of rows, the fastest first.
fn by_rate(rows: &[Row]) -> Vec<usize> {
    let rate = |i: usize| rows[i].rate.map_or(f64::NEG_INFINITY, |rate| rate.value);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| rate(*b).total_cmp(&rate(*a)));
    order
}

fn named<'a>(rows: &'a [Row], order: &[usize]) -> Vec<Named<'a>> {
    let named = |&i: &usize| {
        let Row { name, block_bytes, heap, .. } = &rows[i];
        Named { text: name, block_bytes: *block_bytes, function: None, heap: heap.as_deref() }
    };
    order.iter().map(named).collect()
}
