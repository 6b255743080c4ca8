//! Where each site was seen: from lists of sites to sites with lists.

use std::ops::Range;

use super::tracks::List;
use super::twins;
use super::{Site, SiteReading, SiteTable};

/// One listing of a site: the position of the snapshot, and the row of its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sighting {
    pub(super) position: u32,
    pub(super) row: u32,
}

/// The sightings of all sites, those of one behind each other in the order of the snapshots.
pub(super) struct Sighted {
    pub(super) sightings: Vec<Sighting>,
    /// Each site with its sightings; twins apart.
    pub(super) sites: Vec<(Site, Range<usize>)>,
}

/// Collects the sightings of each site. `offset` is the position of the first list.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn sightings(lists: &[List], offset: usize, table: &SiteTable) -> Sighted {
    // A counting sort: how many there are of each, where each begins, and then all into their places.
    let mut next = vec![0_u32; table.len() + 1];
    for list in lists {
        list.rows.clone().for_each(|row| next[list.site(row).index() + 1] += 1);
    }
    for site in 1..next.len() {
        next[site] += next[site - 1];
    }
    let begins = next.clone();
    let mut sightings = vec![Sighting { position: 0, row: 0 }; *begins.last().unwrap_or(&0) as usize];
    for (position, list) in (offset..).zip(lists) {
        for row in list.rows.clone() {
            let place = &mut next[list.site(row).index()];
            sightings[*place as usize] = Sighting { position: position as u32, row: row as u32 };
            *place += 1;
        }
    }
    let mut sites = Vec::with_capacity(table.len());
    for (place, ends) in table.places().iter().zip(begins.windows(2)) {
        let range = ends[0] as usize..ends[1] as usize;
        let own = &mut sightings[range.clone()];
        if own.is_empty() {
            continue;
        }
        if own.windows(2).all(|pair| pair[0].position < pair[1].position) {
            sites.push((Site::of(place.clone()), range));
            continue;
        }
        let mut from = range.start;
        for (twin, length) in (1..).zip(sort_by_twin(own, lists, offset)) {
            sites.push((Site { place: place.clone(), twin }, from..from + length));
            from += length;
        }
    }
    Sighted { sightings, sites }
}

/// Puts the sightings of one name in order of its twins, and says how many each of them has.
fn sort_by_twin(own: &mut [Sighting], lists: &[List], offset: usize) -> Vec<usize> {
    let by_position: Vec<(usize, Vec<(Sighting, SiteReading)>)> = own
        .chunk_by(|a, b| a.position == b.position)
        .map(|same| {
            let position = same[0].position as usize;
            let list = &lists[position - offset];
            (position, same.iter().map(|s| (*s, list.reading(s.row as usize))).collect())
        })
        .collect();
    let twins = twins::tell_apart(&by_position);
    own.iter_mut().zip(twins.iter().flatten()).for_each(|(slot, sighting)| *slot = *sighting);
    twins.iter().map(Vec::len).collect()
}
