//! Ordinals: several sites that the dump prints with one text are numbered.
//!
//! Tracebacks of which only the oldest frame is printed, and paths whose line numbers were lost, are several
//! sites under one name. They are told apart by their numbers: a site's next reading is the one whose past
//! (count − change, where it is told) or whose count and average block size lie nearest. A place that is never listed
//! twice in one snapshot is one site, however much its numbers move while a cut list hides it.

use crate::model::SiteReading;

/// Two readings farther apart than this (sum of the absolute logarithms of the ratios of counts and of
/// averages) are not one site: a factor of four in count, or in average, or a factor of two in both.
const FARTHEST: f64 = 1.4;

/// Pairs of a known site and a listing that are compared one by one. Of more, which no list grouped by traceback has,
/// sites and listings are matched in the order of their sizes.
const MOST_PAIRS: usize = 1 << 16;
/// If more sites than these have one name, those that were absent for so many lists do not come back.
const MOST_SITES: usize = 4096;
const LONGEST_ABSENCE: usize = 64;

/// A site of the name, by its last reading.
struct Known<T> {
    last: SiteReading,
    /// Index of the list that showed it last.
    seen: usize,
    listings: Vec<T>,
}

/// Splits the listings of one place into those of its sites, in the order of their ordinals.
///
/// `lists` are the listings by position, positions ascending; each is an identifier of the caller's, and its reading.
#[must_use]
pub fn sites_of_one_text<T: Copy>(lists: &[(usize, Vec<(T, SiteReading)>)]) -> Vec<Vec<T>> {
    let mut sites: Vec<Known<T>> = Vec::new();
    // Indices of the sites that may be listed again.
    let mut present: Vec<usize> = Vec::new();
    for (at, (_, readings)) in lists.iter().enumerate() {
        if present.len() > MOST_SITES {
            present.retain(|&site| sites[site].seen + LONGEST_ABSENCE > at);
        }
        let last: Vec<SiteReading> = present.iter().map(|&site| sites[site].last).collect();
        let pairs = if last.len() * readings.len() > MOST_PAIRS {
            in_order_of_size(&last, readings)
        } else {
            nearest_first(&last, readings)
        };
        let (mut taken, mut placed) = (vec![false; last.len()], vec![false; readings.len()]);
        for (distance, p, r) in pairs {
            if distance <= FARTHEST && !taken[p] && !placed[r] {
                (taken[p], placed[r]) = (true, true);
                let (own, reading) = readings[r];
                let site = &mut sites[present[p]];
                (site.last, site.seen) = (reading, at);
                site.listings.push(own);
            }
        }
        for (&(own, last), _) in readings.iter().zip(placed).filter(|(_, placed)| !placed) {
            present.push(sites.len());
            sites.push(Known { last, seen: at, listings: vec![own] });
        }
    }
    sites.into_iter().map(|site| site.listings).collect()
}

/// All pairs of a site and a listing with their distance, the nearest first; equally near ones in the order of the
/// dump.
fn nearest_first<T>(sites: &[SiteReading], readings: &[(T, SiteReading)]) -> Vec<(f64, usize, usize)> {
    let mut pairs = Vec::with_capacity(sites.len() * readings.len());
    for (r, (_, reading)) in readings.iter().enumerate() {
        for (site, last) in sites.iter().enumerate() {
            pairs.push((distance(last, reading), site, r));
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    pairs
}

/// The n-th largest site with the n-th largest listing, or what it was before its change.
fn in_order_of_size<T>(sites: &[SiteReading], readings: &[(T, SiteReading)]) -> Vec<(f64, usize, usize)> {
    let before =
        |reading: &SiteReading| reading.change.map_or(reading.size, |c| reading.size - c.bytes).value;
    let sorted = |sizes: &mut dyn Iterator<Item = f64>| {
        let mut sizes: Vec<(f64, usize)> = sizes.zip(0..).collect();
        sizes.sort_by(|a, b| b.0.total_cmp(&a.0));
        sizes
    };
    let known = sorted(&mut sites.iter().map(|last| last.size.value));
    let listed = sorted(&mut readings.iter().map(|(_, reading)| before(reading)));
    let pair =
        |((_, site), (_, r)): ((f64, usize), (f64, usize))| (distance(&sites[site], &readings[r].1), site, r);
    known.into_iter().zip(listed).map(pair).collect()
}

/// Returns the distance of a later reading from an earlier one: 0 where the later one's own past is the earlier one.
#[allow(clippy::cast_precision_loss)]
fn distance(earlier: &SiteReading, later: &SiteReading) -> f64 {
    let (Some(before), Some(after)) = (earlier.blocks, later.blocks) else {
        return log_ratio(earlier.size.value, later.size.value);
    };
    if let Some(change) = later.change
        && change.blocks.is_some_and(|d| after.checked_add_signed(d.wrapping_neg()) == Some(before))
        && (later.size - change.bytes).agrees_with(earlier.size)
    {
        return 0.0;
    }
    let average = |size: f64, blocks: u64| size / (blocks.max(1) as f64);
    // A hair above zero, so that a told past goes before a mere likeness.
    1e-9 + log_ratio(before as f64, after as f64)
        + log_ratio(average(earlier.size.value, before), average(later.size.value, after))
}

fn log_ratio(a: f64, b: f64) -> f64 {
    ((a.max(0.0) + 1.0) / (b.max(0.0) + 1.0)).ln().abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Change, Measured, SiteId};

    fn reading(size: f64, blocks: u64, change: Option<(f64, i64)>) -> SiteReading {
        let change = change.map(|(bytes, n)| Change { bytes: Measured::exact(bytes), blocks: Some(n) });
        SiteReading { site: SiteId(0), size: Measured::exact(size), blocks: Some(blocks), change }
    }

    /// The sizes of the sites, one after the other; a listing is identified by its size.
    fn sizes(lists: Vec<Vec<SiteReading>>) -> Vec<Vec<i64>> {
        let listing = |r: SiteReading| (r.size.value as i64, r);
        let lists: Vec<_> =
            (1..).zip(lists).map(|(at, list)| (at, list.into_iter().map(listing).collect())).collect();
        sites_of_one_text(&lists)
    }

    #[test]
    fn sites_of_one_name_are_followed_by_their_numbers_and_not_by_their_order() {
        let lists = vec![
            vec![reading(140_000.0, 1000, None), reading(50_000.0, 100, None)],
            vec![reading(60_000.0, 120, None), reading(154_000.0, 1100, None)],
            vec![reading(168_000.0, 1200, None)],
        ];
        assert_eq!(sizes(lists), [vec![140_000, 154_000, 168_000], vec![50_000, 60_000]]);
    }

    #[test]
    fn a_told_past_decides() {
        // Two sites of nearly one size: only size − change tells which is which.
        let lists = vec![
            vec![reading(1000.0, 10, Some((100.0, 1))), reading(1010.0, 10, Some((90.0, 1)))],
            vec![reading(1110.0, 11, Some((100.0, 1))), reading(1105.0, 11, Some((105.0, 1)))],
        ];
        assert_eq!(sizes(lists), [[1000, 1105], [1010, 1110]]);
    }

    #[test]
    fn thousands_of_one_name_are_matched_by_size() {
        let list = |grown: u32| {
            (1..=2000_u32).map(|k| reading(f64::from(1000 * k + grown), 100, None)).collect::<Vec<_>>()
        };
        let apart = sizes(vec![list(0), list(1)]);
        assert_eq!(apart.len(), 2000);
        assert!(apart.iter().all(|site| site.len() == 2 && site[1] == site[0] + 1));
    }

    #[test]
    fn ten_lines_with_one_name_are_ten_sites() {
        let ten: Vec<_> = (1..=10).map(|k| reading(1e6 / f64::from(k), 100, None)).collect();
        assert_eq!(sizes(vec![ten]).len(), 10);
    }
}
