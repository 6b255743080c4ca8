//! Truncation lists: which lists are, and what can be known of a site that such a list no longer shows.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::tracks::List;
use crate::model::Truncation;
use crate::model::series::Sample;

/// Lengths at which people cut lists.
const USUAL_CUTS: [usize; 10] = [3, 5, 10, 15, 20, 25, 30, 40, 50, 100];

/// Decides for lists that do not say it whether they are cut. They are where nearly all have one length,
/// since a heap's number of sites moves (unless they all list the same sites); and where every length is one
/// at which people cut. `sites` is how many sites there are at all.
pub(super) fn settle(lists: &mut [List], sites: usize) {
    let unsaid = || lists.iter().filter(|list| list.truncation == Truncation::Unknown);
    let lengths: Vec<usize> = unsaid().map(List::len).collect();
    let mut times: FxHashMap<usize, usize> = FxHashMap::default();
    for &length in &lengths {
        *times.entry(length).or_default() += 1;
    }
    let Some((&usual, &often)) = times.iter().max_by_key(|&(length, often)| (*often, *length)) else {
        return;
    };
    let one_length = lengths.len() >= 3 && often * 10 >= lengths.len() * 9;
    let usual_cuts = lengths.iter().all(|length| USUAL_CUTS.contains(length));
    let same_sites = lengths.len() > 1 && often == lengths.len() && one_set(unsaid(), usual, sites);
    for list in lists.iter_mut().filter(|list| list.truncation == Truncation::Unknown) {
        let cut = !same_sites && (usual_cuts || one_length && list.len() >= usual);
        list.truncation = if cut { list.top() } else { Truncation::Complete };
    }
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

/// The positions over which something is known; `hidden` is what each list can hide.
///
/// A site that leaves a cut list has stopped, unless it goes on growing by less than the list can hide. The rate at
/// either end is what counts, and where steps get smaller, that they will go on doing so.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
pub(super) fn known_extent(bytes: &[Sample], hidden: &[f64]) -> Range<usize> {
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
