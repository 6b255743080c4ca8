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

/// Splits the listings of one place into those of its sites, in the order of their ordinals.
///
/// `lists` are the listings by position, positions ascending; each is an identifier of the caller's, and its reading.
#[must_use]
pub fn tell_apart<T: Copy>(lists: &[(usize, Vec<(T, SiteReading)>)]) -> Vec<Vec<T>> {
    let mut sites: Vec<(SiteReading, Vec<T>)> = Vec::new();
    for (_, readings) in lists {
        let mut pairs = Vec::new();
        for (r, (_, reading)) in readings.iter().enumerate() {
            for (t, (last, _)) in sites.iter().enumerate() {
                pairs.push((distance(last, reading), t, r));
            }
        }
        // The nearest pairs first; equally near ones in the order of the dump.
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        let known = sites.len();
        let (mut taken, mut placed) = (vec![false; known], vec![false; readings.len()]);
        for (distance, t, r) in pairs {
            if distance <= FARTHEST && !taken[t] && !placed[r] {
                (taken[t], placed[r]) = (true, true);
                let (own, reading) = readings[r];
                sites[t].0 = reading;
                sites[t].1.push(own);
            }
        }
        for (r, &(own, reading)) in readings.iter().enumerate() {
            if !placed[r] {
                sites.push((reading, vec![own]));
            }
        }
    }
    sites.into_iter().map(|(_, listings)| listings).collect()
}

/// How unlike a later reading is to an earlier one: 0 where the later one's own past is the earlier one.
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
        tell_apart(&lists)
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
    fn ten_lines_with_one_name_are_ten_sites() {
        let ten: Vec<_> = (1..=10).map(|k| reading(1e6 / f64::from(k), 100, None)).collect();
        assert_eq!(sizes(vec![ten]).len(), 10);
    }
}
