//! Lists that show one moment in two dialects: a log may print the statistics of a snapshot and its differences.

use foldhash::HashMap;

use super::heaps::Sequence;
use super::list::List;
use crate::model::{Measured, SiteId};

/// For each sequence, the number of its lists that show the moment of a list of an earlier sequence, right before or
/// after it in its source.
pub(super) fn repeated(sequences: &[Sequence]) -> Vec<usize> {
    let mut repeated = vec![0; sequences.len()];
    if sequences.len() < 2 {
        return repeated;
    }
    // Lists by the rows of their source at which they begin, and end.
    let mut begins: HashMap<(usize, usize), &List> = HashMap::default();
    let mut ends: HashMap<(usize, usize), &List> = HashMap::default();
    for (sequence, repeated) in sequences.iter().zip(&mut repeated) {
        for list in &sequence.lists {
            let (before, after) = ((list.source(), list.rows.start), (list.source(), list.rows.end));
            let mut neighbours = [ends.get(&before), begins.get(&after)].into_iter().flatten();
            *repeated += usize::from(neighbours.any(|other| are_of_one_moment(list, other)));
        }
        for list in &sequence.lists {
            begins.insert((list.source(), list.rows.start), list);
            ends.insert((list.source(), list.rows.end), list);
        }
    }
    repeated
}

/// Whether two lists show some of the same sites, all with the same sizes.
fn are_of_one_moment(list: &List, other: &List) -> bool {
    let sizes = |list: &List| -> Vec<(SiteId, Measured)> {
        list.rows.clone().map(|row| (list.site(row), list.reading(row).size)).collect()
    };
    let known: HashMap<SiteId, Measured> = sizes(other).into_iter().collect();
    let mut agree =
        sizes(list).into_iter().filter_map(|(site, size)| Some(size.agrees_with(*known.get(&site)?)));
    agree.next().is_some_and(|first| first && agree.all(|agrees| agrees))
}
