//! Occurrences of each site: from lists of sites to sites with lists.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::list::List;
use super::ordinals;
use crate::model::{Site, SiteReading, SiteTable};

/// One listing of a site: the position of the snapshot, and the row of its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Occurrence {
    pub(super) position: u32,
    pub(super) row: u32,
}

impl Occurrence {
    const fn packed(self) -> u64 {
        (self.position as u64) << 32 | self.row as u64
    }

    #[allow(clippy::cast_possible_truncation)]
    const fn unpacked(bits: u64) -> Self {
        Self { position: (bits >> 32) as u32, row: bits as u32 }
    }
}

/// The occurrences of all sites, those of each one together, in the order of the snapshots.
pub(super) struct Collected {
    occurrences: Vec<u64>,
    /// Each site with its occurrences; those of one text apart.
    pub(super) sites: Vec<(Site, Range<usize>)>,
}

/// The occurrences of one history, packed.
#[derive(Debug)]
pub(super) struct Occurrences(Vec<u64>);

impl Collected {
    pub(super) fn into_parts(self) -> (Occurrences, Vec<(Site, Range<usize>)>) {
        (Occurrences(self.occurrences), self.sites)
    }
}

impl Occurrences {
    /// Those of one site.
    pub(super) fn of(&self, range: Range<usize>) -> impl Iterator<Item = Occurrence> + Clone {
        self.0[range].iter().map(|&bits| Occurrence::unpacked(bits))
    }
}

/// Lists are sorted in so many groups at once.
const GROUPS: usize = 8;

/// Collects the occurrences of each site. `offset` is the position of the first list.
pub(super) fn occurrences(lists: &[List], offset: usize, table: &SiteTable) -> Collected {
    let (begins, mut occurrences) = sorted(lists, offset, table.len());
    let mut sites = Vec::with_capacity(table.len());
    for (place, ends) in table.places().iter().zip(begins.windows(2)) {
        let range = ends[0] as usize..ends[1] as usize;
        let own = &mut occurrences[range.clone()];
        if own.is_empty() {
            continue;
        }
        if own.windows(2).all(|pair| pair[0] >> 32 < pair[1] >> 32) {
            sites.push((Site::of(place.clone()), range));
            continue;
        }
        let mut from = range.start;
        for (ordinal, length) in (1..).zip(sort_by_ordinal(own, lists, offset)) {
            sites.push((Site { place: place.clone(), ordinal }, from..from + length));
            from += length;
        }
    }
    Collected { occurrences, sites }
}

/// A counting sort by site: where the occurrences of each begin, and all of them.
///
/// Groups of lists count their own, and know thereby where each of their occurrences goes; so they can all be put into
/// their places at once. Each place is written once, which is why the atomics need no order.
#[allow(clippy::cast_possible_truncation)]
fn sorted(lists: &[List], offset: usize, sites: usize) -> (Vec<u32>, Vec<u64>) {
    let size = lists.len().div_ceil(GROUPS).max(1);
    let mut counts: Vec<Vec<u32>> = lists
        .par_chunks(size)
        .map(|group| {
            let mut counts = vec![0; sites];
            for list in group {
                list.rows.clone().for_each(|row| counts[list.site(row).index()] += 1);
            }
            counts
        })
        .collect();
    // From how many there are to where they begin.
    let mut begins = Vec::with_capacity(sites + 1);
    let mut next = 0;
    for site in 0..sites {
        begins.push(next);
        for group in &mut counts {
            next += std::mem::replace(&mut group[site], next);
        }
    }
    begins.push(next);
    let places: Vec<AtomicU64> = (0..next).map(|_| AtomicU64::new(0)).collect();
    lists.par_chunks(size).zip(&mut counts).enumerate().for_each(|(group, (lists, next))| {
        for (position, list) in (offset + group * size..).zip(lists) {
            for row in list.rows.clone() {
                let place = &mut next[list.site(row).index()];
                let occurrence = Occurrence { position: position as u32, row: row as u32 };
                places[*place as usize].store(occurrence.packed(), Ordering::Relaxed);
                *place += 1;
            }
        }
    });
    (begins, places.into_iter().map(AtomicU64::into_inner).collect())
}

/// Puts the occurrences of one name in order of its ordinals, and says how many each of them has.
fn sort_by_ordinal(own: &mut [u64], lists: &[List], offset: usize) -> Vec<usize> {
    let position = |bits: u64| Occurrence::unpacked(bits).position as usize;
    let by_position: Vec<(usize, Vec<(u64, SiteReading)>)> = own
        .chunk_by(|&a, &b| position(a) == position(b))
        .map(|same| {
            let list = &lists[position(same[0]) - offset];
            let reading = |&bits: &u64| (bits, list.reading(Occurrence::unpacked(bits).row as usize));
            (position(same[0]), same.iter().map(reading).collect())
        })
        .collect();
    let apart = ordinals::sites_of_one_text(&by_position);
    own.iter_mut().zip(apart.iter().flatten()).for_each(|(slot, occurrence)| *slot = *occurrence);
    apart.iter().map(Vec::len).collect()
}
