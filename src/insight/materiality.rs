//! Sites that gained too little to matter, or were listed too rarely to say anything: they are folded into one line.

use serde::{Deserialize, Serialize};

use super::groups::Group;
use crate::model::SiteUnit;
use crate::reconstruct::HistoryFacts;
use crate::verdict::{JudgedSite, Reason, Verdict};

/// Sites that gained fewer bytes in the recording do not matter: a page of memory.
const LEAST_GAINED_BYTES: f64 = 4096.0;
/// Nor do those that gained less than this share of all that still grows. What filled up or started up does not count
/// as that, or a large cache would hide a slow leak.
const LEAST_SHARE: f64 = 0.01;
/// Sites that do not matter one by one do so together, from this share of all that grows on.
const SHARE_TOGETHER: f64 = 0.1;

/// The reason why a site is folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Folded {
    /// It gained less than the floor.
    BelowFloor,
    /// It was listed too rarely for a verdict.
    SeenRarely,
}

/// The sites that are folded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Materiality {
    /// The reason for each site, in the order of the sites; `None` for those that are shown.
    pub folded: Vec<Option<Folded>>,
    /// The largest floor of a heap, in bytes; `None` where no site is of bytes.
    pub floor_bytes: Option<f64>,
}

/// Returns the bytes, or objects, that a site gained in the recording.
///
/// The ends say little of growth over a restart: what grows gained at least its rate times its steps.
#[must_use]
pub fn gained(site: &JudgedSite) -> f64 {
    let between_ends = site.profile.grown();
    match (site.bytes.verdict, site.bytes.slope) {
        (Verdict::Growing, Some(slope)) if site.bytes.segments > 1 => {
            #[allow(clippy::cast_precision_loss)]
            let steps = site.bytes.judged.saturating_sub(1) as f64;
            between_ends.max(slope.value * steps)
        }
        _ => between_ends,
    }
}

/// Returns the sites that are folded. `floor_bytes` replaces the default floor: 4 KiB, and 1 % of what still grows.
#[must_use]
pub fn materiality(
    sites: &[JudgedSite],
    groups: &[Group],
    heaps: &[HistoryFacts],
    floor_bytes: Option<f64>,
    least_points: usize,
) -> Materiality {
    let moved = moved_together(sites, groups);
    let mut materiality = Materiality { folded: vec![None; sites.len()], floor_bytes: None };
    let mut of_heap: Vec<Vec<usize>> = vec![Vec::new(); heaps.len()];
    for (i, site) in sites.iter().enumerate().filter(|(_, site)| !site.is_profiler_overhead()) {
        of_heap[heaps[site.history.history].heap].push(i);
    }
    for members in of_heap {
        for unit in [SiteUnit::Bytes, SiteUnit::Objects] {
            // Of a few snapshots nothing is known but what moved.
            let is_long = |i: &usize| heaps[sites[*i].history.history].positions >= least_points;
            let of_unit = |i: &usize| sites[*i].history.unit() == unit && is_long(i);
            let members: Vec<usize> = members.iter().copied().filter(of_unit).collect();
            if !members.is_empty() {
                let floor = fold(&members, sites, &moved, floor_bytes, &mut materiality.folded);
                if unit == SiteUnit::Bytes {
                    materiality.floor_bytes =
                        Some(materiality.floor_bytes.map_or(floor, |most| most.max(floor)));
                }
            }
        }
    }
    materiality
}

/// Bytes that each site gained or lost, those of its group together: a group has one cause.
fn moved_together(sites: &[JudgedSite], groups: &[Group]) -> Vec<f64> {
    let mut moved: Vec<f64> = sites.iter().map(|site| gained(site).abs()).collect();
    for group in groups {
        let together: f64 = group.members.iter().map(|&i| gained(&sites[i])).sum();
        group.members.iter().for_each(|&i| moved[i] = moved[i].max(together));
    }
    moved
}

/// Folds the sites of one heap and unit; returns the floor.
fn fold(
    members: &[usize],
    sites: &[JudgedSite],
    moved: &[f64],
    floor_bytes: Option<f64>,
    folded: &mut [Option<Folded>],
) -> f64 {
    let is_growing = |i: &&usize| sites[**i].bytes.verdict == Verdict::Growing;
    let grows: f64 = members.iter().filter(is_growing).map(|&i| gained(&sites[i])).sum();
    let all: f64 = members.iter().map(|&i| gained(&sites[i]).abs()).sum();
    let least = if sites[members[0]].history.unit() == SiteUnit::Bytes { LEAST_GAINED_BYTES } else { 0.0 };
    let floor = floor_bytes.unwrap_or_else(|| least.max(LEAST_SHARE * grows));
    for &i in members.iter().filter(|&&i| sites[i].bytes.verdict != Verdict::Steady) {
        folded[i] = if moved[i] < floor {
            Some(Folded::BelowFloor)
        } else if floor > 0.0 && is_rare(&sites[i]) && moved[i] < SHARE_TOGETHER * all {
            Some(Folded::SeenRarely)
        } else {
            None
        };
    }
    let small = || members.iter().filter(is_growing).filter(|&&i| folded[i].is_some());
    let together: f64 = small().map(|&i| gained(&sites[i])).sum();
    if floor_bytes.is_none() && together >= least.max(SHARE_TOGETHER * grows) {
        let small: Vec<usize> = small().copied().collect();
        small.into_iter().for_each(|i| folded[i] = None);
    }
    floor
}

const fn is_rare(site: &JudgedSite) -> bool {
    matches!(site.bytes.reason, Reason::RarelyListed { .. } | Reason::TooFewPoints { .. })
}
