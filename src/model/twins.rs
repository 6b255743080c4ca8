//! Twins: several sites that the dump prints with one text.
//!
//! Tracebacks of which only the oldest frame is printed, and paths whose line numbers were lost, are several
//! sites under one name. They are told apart by their numbers: a site's next reading is the one whose past
//! (count − change, where it is told) or whose count and average block size lie nearest.

use super::SiteReading;

/// Two readings farther apart than this (sum of the absolute logarithms of the ratios of counts and of
/// averages) are not one site: a factor of four in count, or in average, or a factor of two in both.
const FARTHEST: f64 = 1.4;

/// Splits the readings of one place into those of its twins.
///
/// `lists` are the readings of the place by position, positions ascending. A place that is never listed
/// twice at one position has no twins, however much its numbers move while a cut list hides it.
#[must_use]
pub fn tell_apart(lists: &[(usize, Vec<SiteReading>)]) -> Vec<Vec<(usize, SiteReading)>> {
    if lists.iter().all(|(_, readings)| readings.len() == 1) {
        return vec![
            lists.iter().flat_map(|(at, readings)| readings.iter().map(move |r| (*at, *r))).collect(),
        ];
    }
    let mut twins: Vec<Vec<(usize, SiteReading)>> = Vec::new();
    for (position, readings) in lists {
        let mut pairs = Vec::new();
        for (r, reading) in readings.iter().enumerate() {
            for (t, twin) in twins.iter().enumerate() {
                if let Some((_, last)) = twin.last() {
                    pairs.push((distance(last, reading), t, r));
                }
            }
        }
        // The nearest pairs first; equally near ones in the order of the dump.
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        let known = twins.len();
        let (mut taken, mut placed) = (vec![false; known], vec![false; readings.len()]);
        for (distance, t, r) in pairs {
            if distance <= FARTHEST && !taken[t] && !placed[r] {
                (taken[t], placed[r]) = (true, true);
                twins[t].push((*position, readings[r]));
            }
        }
        for (r, reading) in readings.iter().enumerate() {
            if !placed[r] {
                twins.push(vec![(*position, *reading)]);
            }
        }
    }
    twins
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
        SiteReading { site: SiteId(0), size: Measured::exact(size), blocks: Some(blocks), change, line: 1 }
    }

    #[test]
    fn twins_are_followed_by_their_numbers_and_not_by_their_order() {
        let lists = vec![
            (1, vec![reading(140_000.0, 1000, None), reading(50_000.0, 100, None)]),
            (2, vec![reading(60_000.0, 120, None), reading(154_000.0, 1100, None)]),
            (3, vec![reading(168_000.0, 1200, None)]),
        ];
        let twins = tell_apart(&lists);
        assert_eq!(twins.len(), 2);
        assert_eq!(
            twins[0].iter().map(|(p, r)| (*p, r.blocks)).collect::<Vec<_>>(),
            [(1, Some(1000)), (2, Some(1100)), (3, Some(1200))]
        );
        assert_eq!(twins[1].len(), 2);
    }

    #[test]
    fn a_told_past_decides() {
        // Two sites of nearly one size: only size − change tells which is which.
        let lists = vec![
            (1, vec![reading(1000.0, 10, Some((100.0, 1))), reading(1010.0, 10, Some((90.0, 1)))]),
            (2, vec![reading(1110.0, 11, Some((100.0, 1))), reading(1105.0, 11, Some((105.0, 1)))]),
        ];
        let twins = tell_apart(&lists);
        assert_eq!(twins[0][1].1.size.value, 1105.0);
        assert_eq!(twins[1][1].1.size.value, 1110.0);
    }

    #[test]
    fn a_place_that_never_stands_twice_is_one_site() {
        let lists = vec![(1, vec![reading(3488.0, 30, None)]), (15, vec![reading(90_000.0, 4000, None)])];
        assert_eq!(tell_apart(&lists).len(), 1);
    }

    #[test]
    fn ten_lines_with_one_name_are_ten_sites() {
        let ten: Vec<_> = (1..=10).map(|k| reading(1e6 / f64::from(k), 100, None)).collect();
        assert_eq!(tell_apart(&[(1, ten)]).len(), 10);
    }
}
