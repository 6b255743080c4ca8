//! Restarts told by a heap: one snapshot is of another life of the process than the one before it.

use rayon::prelude::*;

use super::Reference;
use super::list::List;
use crate::model::{Measured, SiteReading};

/// The sites of two snapshots together fall to less than this share of their size in a restart …
const TOTAL_SHARE: f64 = 0.5;
/// … and at least this share of the sites listed in both must fall: a flushed cache is a few sites, a
/// restart is all of them.
const FALLEN_SHARE: f64 = 0.8;
/// Fewer sites than these in common say nothing.
const LEAST_SITES: usize = 4;

/// Sums over the sites that two lists have in common, in bytes.
#[derive(Debug, Clone, Copy, Default)]
struct Common {
    sites: usize,
    fallen: usize,
    before: f64,
    after: f64,
}

impl Common {
    fn add(&mut self, before: Measured, after: Measured) {
        self.sites += 1;
        self.fallen += usize::from(after.value < before.value && !after.agrees_with(before));
        self.before += before.value;
        self.after += after.value;
    }

    /// Whether one heap became another.
    fn restarted(&self) -> bool {
        self.sites >= LEAST_SITES
            && self.after < TOTAL_SHARE * self.before
            && self.fallen as f64 >= FALLEN_SHARE * self.sites as f64
    }

    /// Whether so many sites stood that the heap has not collapsed, whatever comes, as two lists of at most so many
    /// sites have no more than those in common.
    fn stands(&self, most: usize) -> bool {
        (self.sites - self.fallen) as f64 > (1.0 - FALLEN_SHARE) * most as f64 + 1.0
    }
}

/// The indices of the lists at which a new life begins; `sites` is how many sites there are at all.
///
/// Statistics are compared with the list before. Differences say themselves what a site was before (`size − change`):
/// where that is far less than what the list before said, the differences are of another process. (The sizes in a cut
/// list of differences say nothing: it shows just those that moved.) Differences against a fixed first snapshot are of
/// another process where that snapshot collapsed. Where each list has a base of its own, only sizes can be compared.
pub(super) fn restarts(lists: &[List], reference: Option<Reference>, sites: usize) -> Vec<usize> {
    let base = |r: SiteReading| match r.change {
        Some(change) if reference != Some(Reference::Own) => r.size - change.bytes,
        _ => r.size,
    };
    let was = |r: SiteReading| if reference == Some(Reference::First) { base(r) } else { r.size };
    // Where each site stands in the list before; lists take turns with what other lists left in it.
    let nowhere = || vec![(0_u32, 0_u32); sites];
    let begins = |rows: &mut Vec<(u32, u32)>, i: &usize| {
        let (before, after) = (&lists[*i - 1], &lists[*i]);
        let mark = *i as u32;
        before.rows.clone().for_each(|row| rows[before.site(row).index()] = (mark, row as u32));
        let most = before.len().min(after.len());
        let mut common = Common::default();
        for row in after.rows.clone() {
            let (marked, row_before) = rows[after.site(row).index()];
            if marked == mark {
                common.add(was(before.reading(row_before as usize)), base(after.reading(row)));
                if common.stands(most) {
                    return false;
                }
            }
        }
        common.restarted()
    };
    (1..lists.len())
        .into_par_iter()
        .map_init(nowhere, |rows, i| (i, begins(rows, &i)))
        .filter_map(|(i, begins)| begins.then_some(i))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Change, Dialect, Frame, Place, Readings, SiteTable, Snapshot, SourceRecords, Truncation,
    };
    use crate::reconstruct::Recording;

    fn common(sites: &[(f64, f64)]) -> Common {
        let mut common = Common::default();
        let exact = Measured::exact;
        sites.iter().for_each(|&(before, after)| common.add(exact(before), exact(after)));
        common
    }

    #[test]
    fn a_heap_collapses_only_as_a_whole() {
        let all = [(100.0, 10.0); 8];
        assert!(common(&all).restarted());
        let mut one_cache = [(10.0, 11.0); 8];
        one_cache[0] = (10_000.0, 0.0);
        assert!(!common(&one_cache).restarted());
        assert!(!common(&all[..3]).restarted());
        // With three in ten standing the rest need not be looked at.
        assert!(common(&[(10.0, 11.0); 4]).stands(10));
        assert!(!common(&[(10.0, 11.0); 2]).stands(10));
    }

    /// The restarts of lists of five sites, of this size each, that changed by so much.
    fn restarts_of(lists: &[(f64, Option<f64>)]) -> Vec<usize> {
        let (mut table, mut readings, mut snapshots) = (SiteTable::new(), Readings::new(), Vec::new());
        for &(size, change) in lists {
            let from = readings.len();
            for line in 1..=5 {
                let site = table.intern(Place::Line(Frame::at("a.py", line)));
                let change = change.map(|c| Change { bytes: Measured::exact(c), blocks: Some(0) });
                let size = Measured::exact(size);
                readings.push(&SiteReading { site, size, blocks: Some(1), change }.into());
            }
            let dialect = if change.is_some() { Dialect::Difference } else { Dialect::Statistic };
            let readings = from..readings.len();
            snapshots.push(Snapshot {
                time: None,
                dialect,
                readings,
                truncation: Truncation::Unknown,
                subject: None,
                line: 1,
            });
        }
        let source = SourceRecords { snapshots, readings, ..SourceRecords::default() };
        Recording::build(vec![source], &[table]).histories.swap_remove(0).restarts
    }

    #[test]
    fn differences_tell_a_restart_by_what_they_say_of_before() {
        // Position 0 of differences is the snapshot before the first.
        for (what, lists, starts) in [
            ("freed", vec![(900.0, Some(10.0)), (100.0, Some(-800.0))], vec![]),
            ("restarted", vec![(890.0, Some(10.0)), (900.0, Some(10.0)), (100.0, Some(10.0))], vec![3]),
            ("one base", vec![(200.0, Some(100.0)), (900.0, Some(800.0)), (100.0, Some(0.0))], vec![]),
            (
                "another base",
                vec![(910.0, Some(20.0)), (930.0, Some(40.0)), (920.0, Some(30.0)), (100.0, Some(10.0))],
                vec![4],
            ),
            ("statistics", vec![(900.0, None), (100.0, None)], vec![1]),
        ] {
            assert_eq!(restarts_of(&lists), starts, "{what}");
        }
    }
}
