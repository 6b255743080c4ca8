//! Truncated lists: which lists are, and what can be known of a site that such a list does not show.

use std::ops::Range;

use foldhash::{HashMap, HashSet};

use super::Reference;
use super::list::List;
use crate::model::series::Sample;
use crate::model::{Measured, SiteId, Truncation};

/// Lengths at which people cut lists.
const USUAL_CUTS: [usize; 10] = [3, 5, 10, 15, 20, 25, 30, 40, 50, 100];
/// From one list to the next a site's place in the order may change by this factor of its size.
const ORDER_SLACK: f64 = 1.25;
/// A site of sizes that this many last lists or fewer lack may have been overtaken for a while.
const BRIEFLY: usize = 5;
/// Lists to compare with before a list of a source is held to begin amid, or one of differences to break off: the first
/// list of a program may lack what it allocates later.
const LEAST_TO_COMPARE: usize = 2;

/// Decides for lists that do not say it whether they are truncated. They are where a source begins or ends amid one
/// (see [`break_off`]); where nearly all have one length, since a heap's number of sites moves (unless they all list
/// the same sites); and where every length is one at which people cut. `sites` is the number of sites of all lists.
pub(super) fn settle(lists: &mut [List], sites: usize) {
    break_off(lists);
    let unknown = || lists.iter().filter(|list| list.truncation == Truncation::Unknown);
    let lengths: Vec<usize> = unknown().map(List::len).collect();
    let mut times: HashMap<usize, usize> = HashMap::default();
    for &length in &lengths {
        *times.entry(length).or_default() += 1;
    }
    let Some((&usual, &often)) = times.iter().max_by_key(|&(length, often)| (*often, *length)) else {
        return;
    };
    let one_length = lengths.len() >= 3 && often * 10 >= lengths.len() * 9;
    let usual_cuts = lengths.iter().all(|length| USUAL_CUTS.contains(length));
    let same_sites = lengths.len() > 1 && often == lengths.len() && one_set(unknown(), usual, sites);
    for list in lists.iter_mut().filter(|list| list.truncation == Truncation::Unknown) {
        let cut = !same_sites && (usual_cuts || one_length && list.len() >= usual);
        list.truncation = if cut { list.top() } else { Truncation::Complete };
    }
}

/// A list at which its source begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Edge {
    list: usize,
    /// Whether other lists of its source follow; else it is the last.
    begins: bool,
    /// Whether its source has other lists.
    of_several: bool,
}

/// Finds lists amid which their source begins or ends: a log of which the last lines were taken, or that is still being
/// written. They are shorter than every other list, and what they lack is what would stand before their first line or
/// after their last.
fn break_off(lists: &mut [List]) {
    let edges = edges(lists);
    let mut outer = vec![false; lists.len()];
    edges.iter().filter(|edge| edge.of_several).for_each(|edge| outer[edge.list] = true);
    let mut inner: Vec<usize> = (0..lists.len()).filter(|&at| !outer[at]).collect();
    if inner.is_empty() {
        inner = (0..lists.len()).collect();
        outer.fill(false);
    }
    let shortest = inner.iter().map(|&at| lists[at].len()).min().unwrap_or(0);
    let shortest_is_one = inner.iter().filter(|&&at| lists[at].len() == shortest).count() == 1;
    let mut whole: Option<Common> = None;
    let mut broken = Vec::new();
    for Edge { list: at, begins, of_several } in edges {
        let list = &lists[at];
        if list.truncation != Truncation::Unknown || list.len() == 0 || inner.len() < 2 && !outer[at] {
            continue;
        }
        // At most one list is shorter than all others of those that it stands among.
        let common = if outer[at] && list.len() < shortest {
            *whole.get_or_insert_with(|| Common::of(inner.iter().map(|&at| &lists[at])))
        } else if !outer[at] && list.len() == shortest && shortest_is_one {
            Common::of(inner.iter().filter(|&&other| other != at).map(|&at| &lists[at]))
        } else {
            continue;
        };
        let neighbour = &lists[if begins || at == 0 { at + 1 } else { at - 1 }];
        if begins && common.lists >= LEAST_TO_COMPARE && lacks_its_beginning(list, neighbour, &common) {
            broken.push((at, Truncation::Partial { at_most: None }));
        } else if !begins && lacks_its_end(list, neighbour, &common, of_several) {
            let at_most = amounts(list).map(|(_, amount)| amount.high()).fold(f64::INFINITY, f64::min);
            broken.push((at, Truncation::Partial { at_most: Some(at_most) }));
        }
    }
    broken.into_iter().for_each(|(list, truncation)| lists[list].truncation = truncation);
}

/// Facts about the lists with which one is compared.
#[derive(Debug, Clone, Copy)]
struct Common {
    lists: usize,
    /// Whether all have one length, at which they were cut.
    one_length: bool,
    /// The greatest of their least amounts, and the least of their greatest.
    least: f64,
    greatest: f64,
}

impl Common {
    fn of<'a>(lists: impl Iterator<Item = &'a List>) -> Self {
        let mut common =
            Self { lists: 0, one_length: true, least: f64::NEG_INFINITY, greatest: f64::INFINITY };
        let mut length = None;
        for list in lists {
            common.lists += 1;
            common.one_length &= *length.get_or_insert(list.len()) == list.len();
            let (least, greatest) = extremes(list);
            common.least = common.least.max(least);
            common.greatest = common.greatest.min(greatest);
        }
        common.one_length &= common.lists > 1;
        common
    }
}

/// The first list of each source that has several, and the last list of each.
fn edges(lists: &[List]) -> Vec<Edge> {
    let mut edges = Vec::new();
    let mut from = 0;
    while from < lists.len() {
        let length = lists[from..].iter().take_while(|list| list.source() == lists[from].source()).count();
        if length > 1 {
            edges.push(Edge { list: from, begins: true, of_several: true });
        }
        edges.push(Edge { list: from + length - 1, begins: false, of_several: length > 1 });
        from += length;
    }
    edges
}

/// The sites of a list with their sizes, or the magnitudes of their changes.
fn amounts(list: &List) -> impl Iterator<Item = (SiteId, Measured)> {
    list.rows.clone().map(|row| {
        let reading = list.reading(row);
        let change = reading.change.map(|c| Measured::rounded(c.bytes.value.abs(), c.bytes.half_width));
        (list.site(row), change.unwrap_or(reading.size))
    })
}

/// The least and the greatest amount of a list.
fn extremes(list: &List) -> (f64, f64) {
    let values = amounts(list).map(|(_, amount)| amount.value);
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

/// The amounts that the sites which a list lacks have in its neighbour.
fn lacking(list: &List, neighbour: &List) -> Vec<f64> {
    let own: HashSet<SiteId> = list.rows.clone().map(|row| list.site(row)).collect();
    amounts(neighbour).filter(|(site, _)| !own.contains(site)).map(|(_, amount)| amount.value).collect()
}

/// Whether changes are listed: they differ from list to list, and the same sites need not come again.
fn is_of_differences(list: &List) -> bool {
    list.rows.clone().any(|row| list.reading(row).change.is_some())
}

fn lacks_its_beginning(list: &List, next: &List, others: &Common) -> bool {
    let (_, largest) = extremes(list);
    if is_of_differences(list) {
        return others.one_length || largest < others.greatest;
    }
    let lacking = lacking(list, next);
    !lacking.is_empty() && lacking.iter().all(|amount| amount * ORDER_SLACK >= largest)
}

fn lacks_its_end(list: &List, before: &List, others: &Common, of_several: bool) -> bool {
    let (smallest, _) = extremes(list);
    if is_of_differences(list) {
        let enough = others.lists >= LEAST_TO_COMPARE;
        return enough && (of_several && others.one_length || smallest > others.least);
    }
    let lacking = lacking(list, before);
    !lacking.is_empty() && lacking.iter().all(|amount| *amount <= smallest * ORDER_SLACK)
}

/// Whether the lists have exactly so many different sites in all.
fn one_set<'a>(lists: impl Iterator<Item = &'a List>, expected: usize, sites: usize) -> bool {
    let mut met = vec![false; sites];
    let mut different = 0;
    for list in lists {
        for row in list.rows.clone() {
            different += usize::from(!std::mem::replace(&mut met[list.site(row).index()], true));
        }
        if different > expected {
            return false;
        }
    }
    different == expected
}

/// The positions over which something is known; `hidden` is what each list can hide: a change of this many bytes, or a
/// size where the lists have no `reference` that differences are from.
pub(super) fn known_extent(bytes: &[Sample], hidden: &[f64], reference: Option<Reference>) -> Range<usize> {
    match reference {
        Some(_) => known_extent_of_changes(bytes, hidden),
        None => known_extent_of_sizes(bytes, hidden),
    }
}

/// A site that leaves a cut list has stopped, unless it goes on growing by less than the list can hide. The rate at
/// either end is what counts, and where steps get smaller, that they will go on doing so.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
fn known_extent_of_changes(bytes: &[Sample], hidden: &[f64]) -> Range<usize> {
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return 0..hidden.len() };
    let (from, to) = (first.at as usize, last.at as usize + 1);
    let rates: Vec<(f64, f64)> = bytes
        .windows(2)
        .map(|p| {
            let distance = (p[1].at - p[0].at).max(1.0);
            (p[1].at, (p[1].value.value - p[0].value.value).abs() / distance)
        })
        .collect();
    let hides = |rate: &dyn Fn(usize) -> f64, hidden: &[f64]| {
        let wide = hidden.iter().enumerate().filter(|(k, h)| rate(*k) <= **h).count();
        wide * 2 > hidden.len()
    };
    let early = rates.first().map_or(0.0, |r| r.1);
    let late = rates.last().map_or(0.0, |r| r.1);
    let change = decline(&rates);
    let start = if hides(&|_| early, &hidden[..from]) { from } else { 0 };
    let end = if hides(&|k| late + change * (k + 1) as f64, &hidden[to..]) { to } else { hidden.len() };
    start..end
}

/// The same for lists of sizes: a site that keeps growing stays in a list of the largest. One that would stand in most
/// of the lists after its last, had it gone on at the mean rate of its later half, has stopped; else they may hide it.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
fn known_extent_of_sizes(bytes: &[Sample], hidden: &[f64]) -> Range<usize> {
    let Range { start, end } = known_extent_of_changes(bytes, hidden);
    let (Some(middle), Some(last)) = (bytes.get(bytes.len() / 2), bytes.last()) else { return start..end };
    let rate = (last.value.value - middle.value.value) / (last.at - middle.at).max(1.0);
    let after = hidden.get(last.at as usize + 1..).unwrap_or_default();
    let expected = |k: usize| last.value.low() + rate * (k + 1) as f64;
    let stands = after.iter().enumerate().filter(|(k, hidden)| expected(*k) > **hidden).count();
    if rate > 0.0 && after.len() > BRIEFLY && stands * 2 > after.len() {
        start..hidden.len()
    } else {
        start..end
    }
}

/// By how much steps get smaller per position: the change from the first to the last half of them; 0 if they do not.
fn decline(rates: &[(f64, f64)]) -> f64 {
    if rates.len() < 4 {
        return 0.0;
    }
    let mean = |half: &[(f64, f64)]| {
        let n = half.len() as f64;
        (half.iter().map(|r| r.0).sum::<f64>() / n, half.iter().map(|r| r.1).sum::<f64>() / n)
    };
    let (earlier, later) = (mean(&rates[..rates.len() / 2]), mean(&rates[rates.len() / 2..]));
    ((later.1 - earlier.1) / (later.0 - earlier.0).max(1.0)).min(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_that_would_stand_in_the_lists_has_stopped() {
        let sizes = |sizes: &[f64]| -> Vec<Sample> {
            let sample = |(k, size): (usize, &f64)| Sample { at: k as f64, value: Measured::exact(*size) };
            sizes.iter().enumerate().map(sample).collect()
        };
        let grows = sizes(&[100.0, 200.0, 300.0, 400.0]);
        for (name, listed, smallest, expected) in [
            ("it would be larger than the smallest listed", &grows, 450.0, 0..10),
            ("the lists hide it", &grows, 5000.0, 0..4),
            ("they come to hide it no longer", &grows, 650.0, 0..10),
            ("it stood still, and others grew", &sizes(&[400.0; 4]), 450.0, 0..4),
            ("nothing is known", &Vec::new(), 450.0, 0..10),
        ] {
            assert_eq!(known_extent_of_sizes(listed, &[smallest; 10]), expected, "{name}");
        }
    }
}
