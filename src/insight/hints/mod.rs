//! Next steps: causes of growth that the data themselves suggest, each with what speaks for it.
//!
//! A hint is never part of a verdict nor of an exit code. Each has a predicate of its own over the series of one
//! process, or over the sites of one heap, and is given only where the recording shows more than growth: a false hint
//! sends its reader the wrong way.

mod cgroups;
mod facts;
mod processes;
mod replicas;
mod sites;
mod steps;
mod types;

pub use types::{Hint, HintEvidence, HintId, HintSubject, MetricChange};

use self::facts::ProcessFacts;
use super::Attributions;
use super::primary_metric::processes;
use crate::model::SiteUnit;
use crate::reconstruct::HistoryFacts;
use crate::verdict::{JudgedProcess, JudgedSite};

/// Hints that one subject has at most.
const MOST: usize = 3;

/// Returns the hints of all processes, then those of all heaps; of each subject the most telling first, at most
/// three.
#[must_use]
pub fn hints(
    series: &[JudgedProcess],
    sites: &[JudgedSite],
    heaps: &[HistoryFacts],
    attributions: &Attributions,
    work_is_known: bool,
) -> Vec<Hint> {
    let ranges: Vec<_> = processes(series).collect();
    let live = processes::managed_heap(series);
    let replicas = replicas::outliers(&ranges, series);
    // Shares are in the order of the processes.
    let mut shares = attributions.each.iter().peekable();
    let mut all = Vec::new();
    for (number, range) in ranges.into_iter().enumerate() {
        let facts = ProcessFacts::of(&series[range.clone()]);
        let share = shares.next_if(|(first, _)| *first == range.start).map(|(_, share)| share);
        let mut found = processes::found(&facts, share, attributions.reason, live);
        // Growth by the work done says whether the load ended.
        found.retain(|(id, _)| !(work_is_known && *id == HintId::LoadEnded));
        found.extend(cgroups::found(&facts));
        found.extend(replicas[number].clone().map(|evidence| (HintId::Outlier, evidence)));
        all.extend(first_of(found, HintSubject::Process(range.start)));
    }
    let mut of_heap: Vec<Vec<&JudgedSite>> = vec![Vec::new(); heaps.len()];
    for site in sites.iter().filter(|site| site.history.unit() == SiteUnit::Bytes) {
        of_heap[site.history.history].push(site);
    }
    for (number, sites) in of_heap.iter().enumerate() {
        all.extend(first_of(sites::found(sites), HintSubject::Heap(number)));
    }
    all
}

/// The most telling hints of one subject.
fn first_of(mut found: Vec<(HintId, HintEvidence)>, subject: HintSubject) -> impl Iterator<Item = Hint> {
    found.sort_by_key(|(id, _)| *id);
    found.into_iter().take(MOST).map(move |(id, evidence)| Hint { id, subject, evidence })
}
