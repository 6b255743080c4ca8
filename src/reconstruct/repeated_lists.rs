//! Lists that two sources have in common: a log that was copied while it was rotated, or that is given twice.

use foldhash::HashMap;

use super::list::List;
use super::span::is_shared;
use super::stretches::Stretch;
use crate::model::{Dialect, Span};

/// So many lists, not all alike, that two sources have in common say that one is a copy of the other.
const LEAST_REPEATED: usize = 2;

/// Returns the lists of a stretch, by their places, that a heap has as well: a log that was copied while it was
/// rotated, or that is given twice. `None` if the two have time in common and one of them shows something else there.
pub(super) fn repeated_lists(
    stretches: &[Stretch],
    span: Option<Span>,
    stretch: &Stretch,
    same_family: bool,
) -> Option<Vec<usize>> {
    let same_worker = stretches.first().is_some_and(|first| first.worker == stretch.worker);
    if !same_worker {
        return None;
    }
    let (Some(before), Some(after)) = (span, stretch.span) else {
        return repeated_sequence(stretches, stretch);
    };
    if before.base() != after.base() || !is_shared(before.base()) && !same_family {
        return None;
    }
    if before.end() < after.start() || after.end() < before.start() {
        return Some(Vec::new());
    }
    let is_common = |list: &List, span: Span| {
        list.seconds >= span.start().seconds() && list.seconds <= span.end().seconds()
    };
    let key = |(dialect, list): &(Dialect, List)| (*dialect, list.seconds.to_bits());
    let mut known: HashMap<(Dialect, u64), Vec<&List>> = HashMap::default();
    let mut number = 0;
    for entry in stretches.iter().flat_map(|stretch| &stretch.lists) {
        if is_common(&entry.1, after) {
            known.entry(key(entry)).or_default().push(&entry.1);
            number += 1;
        }
    }
    let touches = before.end() == after.start() || after.end() == before.start();
    let mut repeated = Vec::new();
    for (place, entry) in stretch.lists.iter().enumerate().filter(|(_, (_, list))| is_common(list, before)) {
        let same = known.get_mut(&key(entry)).and_then(|lists| {
            let at = lists.iter().position(|list| list.shows_the_same(&entry.1))?;
            Some(lists.swap_remove(at))
        });
        match same {
            Some(_) => repeated.push(place),
            None if touches => {}
            None => return None,
        }
    }
    let enough = same_family || repeated.len() >= LEAST_REPEATED && !repeat_one(stretch, &repeated);
    (touches || repeated.len() == number).then_some(repeated).filter(|repeated| enough || repeated.is_empty())
}

/// All lists of a stretch without times, if a heap has a stretch with the same, and they differ.
fn repeated_sequence(stretches: &[Stretch], stretch: &Stretch) -> Option<Vec<usize>> {
    let all: Vec<usize> = (0..stretch.lists.len()).collect();
    let is_same = |known: &Stretch| {
        let lists = || known.lists.iter().zip(&stretch.lists);
        known.source != stretch.source
            && known.lists.len() == stretch.lists.len()
            && lists().all(|((one, a), (other, b))| {
                one == other && a.seconds.total_cmp(&b.seconds).is_eq() && a.shows_the_same(b)
            })
    };
    let copied = all.len() >= LEAST_REPEATED && stretches.iter().any(is_same) && !repeat_one(stretch, &all);
    copied.then_some(all)
}

/// Whether some lists of a stretch all show the same.
fn repeat_one(stretch: &Stretch, places: &[usize]) -> bool {
    let lists: Vec<&List> = places.iter().filter_map(|&at| Some(&stretch.lists.get(at)?.1)).collect();
    lists.windows(2).all(|pair| pair[0].shows_the_same(pair[1]))
}
