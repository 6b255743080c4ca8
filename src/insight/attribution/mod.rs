//! The share of a process's growth that its sites explain.

mod pair;
mod types;

use std::borrow::Cow;

use self::pair::{NotPaired, pairs};
pub use self::types::{
    Attribution, AttributionRemark, Attributions, ExplainingSites, GrowthKind, NoAttribution, OtherGrowth,
};
use super::groups::{Group, GroupEvidence};
use super::materiality::{Folded, gained};
use super::primary_metric::processes;
use crate::model::{Metric, Role, SiteUnit, SubjectKind};
use crate::reconstruct::HistoryFacts;
use crate::stats::Interval;
use crate::verdict::{JudgedProcess, JudgedSite, Verdict};

/// Growth below this share of the whole is not named.
const LEAST_NAMED: f64 = 0.05;

/// Returns the shares of growth that sites explain.
///
/// A process and a heap are held against each other if they were recorded at the same time, and no other could be meant
/// or the recording says that they belong together. Both need times: a process's growth is per second, a site's per
/// snapshot. Sites that are `folded` do not count: together they are too little.
#[must_use]
pub fn attribution(
    all_processes: &[JudgedProcess],
    sites: &[JudgedSite],
    groups: &[Group],
    folded: &[Option<Folded>],
    heaps: &[HistoryFacts],
) -> Attributions {
    let processes: Vec<(usize, &[JudgedProcess])> = processes(all_processes)
        .map(|range| (range.start, &all_processes[range]))
        .filter(|(_, group)| !is_host(group))
        .collect();
    // Numbers of objects explain no bytes.
    let has_bytes = heaps.iter().any(|heap| heap.dialect.unit() == SiteUnit::Bytes);
    if processes.is_empty() || !has_bytes {
        return Attributions::default();
    }
    let none = |reason| Attributions { each: Vec::new(), reason: Some(reason) };
    // Where nothing grows there is nothing to explain, even if something else is missing.
    if processes.iter().all(|(_, process)| growing_series(process).is_none()) {
        return none(NoAttribution::NoGrowth);
    }
    let pairs = match pairs(&processes, heaps) {
        Ok(pairs) => pairs,
        Err(NotPaired::NoOverlap { gap_seconds }) => {
            let (process_gained, sites_gained) = gains(&processes, sites);
            return none(NoAttribution::NoOverlap { gap_seconds, process_gained, sites_gained });
        }
        Err(NotPaired::Other(reason)) => return none(reason),
    };
    let of_heaps = growth_of_heaps(sites, groups, folded, heaps);
    let mut each = Vec::new();
    let mut first_reason = None;
    for (process, heap) in pairs {
        let (first, process) = processes[process];
        match share(process, heaps, &of_heaps[heap]) {
            Ok(found) => each.push((first, found)),
            Err(reason) => {
                first_reason.get_or_insert(reason);
            }
        }
    }
    let reason = match each.len() {
        0 => first_reason,
        1 => None,
        processes => Some(NoAttribution::OneOfEach { processes }),
    };
    Attributions { each, reason }
}

/// The growth of a heap that is held against that of its process.
#[derive(Default)]
struct HeapGrowth<'a> {
    /// The sites that grow and matter.
    growing: Vec<&'a JudgedSite>,
    /// The groups that a single difference hints at, each by its history with its bytes a snapshot.
    hints: Vec<(usize, f64)>,
    lists_are_cut: bool,
}

/// The growth of each heap, by its number.
fn growth_of_heaps<'a>(
    sites: &'a [JudgedSite],
    groups: &[Group],
    folded: &[Option<Folded>],
    heaps: &[HistoryFacts],
) -> Vec<HeapGrowth<'a>> {
    let number = heaps.iter().map(|facts| facts.heap + 1).max().unwrap_or(0);
    let mut all: Vec<HeapGrowth<'a>> = (0..number).map(|_| HeapGrowth::default()).collect();
    for facts in heaps {
        all[facts.heap].lists_are_cut |= facts.cut_lists > 0;
    }
    let matters = |(site, folded): &(&JudgedSite, &Option<Folded>)| {
        site.bytes.verdict == Verdict::Growing && folded.is_none()
    };
    for (site, _) in sites.iter().zip(folded).filter(matters) {
        all[heaps[site.history.history].heap].growing.push(site);
    }
    for group in groups.iter().filter(|group| group.evidence == GroupEvidence::SingleDiff) {
        let Some(history) = group.members.first().map(|&i| sites[i].history.history) else { continue };
        all[heaps[history].heap].hints.push((history, group.bytes_per_event));
    }
    all
}

/// Whether series are those of a machine: it has no heap.
fn is_host(group: &[JudgedProcess]) -> bool {
    group.iter().all(|judged| judged.process.subject.kind == SubjectKind::Host)
}

/// Bytes that the one process which grows gained in its recording, and those that all sites together gained in theirs.
fn gains(processes: &[(usize, &[JudgedProcess])], sites: &[JudgedSite]) -> (Option<f64>, f64) {
    let mut growing = processes.iter().filter_map(|(_, process)| growing_series(process));
    let process = growing.next().filter(|_| growing.next().is_none());
    let of_process = process.and_then(|judged| {
        let mut samples = judged.process.samples();
        let first = samples.next()?.value.value;
        Some(samples.next_back()?.value.value - first).filter(|gained| *gained > 0.0)
    });
    let of_sites = sites
        .iter()
        .filter(|site| site.history.unit() == SiteUnit::Bytes && !site.is_profiler_overhead())
        .map(|site| gained(site).max(0.0))
        .sum();
    (of_process, of_sites)
}

/// The share of a process's growth that the growing sites of its heap make; of a heap with a single difference, the
/// groups that it hints at.
fn share(
    process: &[JudgedProcess],
    facts: &[HistoryFacts],
    heap: &HeapGrowth<'_>,
) -> Result<Attribution, NoAttribution> {
    let HeapGrowth { growing, hints, lists_are_cut } = heap;
    let judged = growing_series(process).ok_or(NoAttribution::NoGrowth)?;
    let rate = judged.trend.slope.map(|slope| slope.interval()).ok_or(NoAttribution::NoGrowth)?;
    let mut sum = Interval { value: 0.0, low: 0.0, high: 0.0, level: rate.level };
    let mut explaining = ExplainingSites::Growing;
    let seconds = |history: usize| facts[history].seconds_per_snapshot().ok_or(NoAttribution::NoTimes);
    for site in growing {
        let Some(slope) = site.bytes.slope.map(|slope| slope.interval()) else { continue };
        let seconds = seconds(site.history.history)?;
        sum.value += slope.value / seconds;
        sum.low += slope.low / seconds;
        sum.high += slope.high / seconds;
    }
    for (history, bytes) in hints {
        let rate = bytes / seconds(*history)?;
        (sum.value, sum.low, sum.high) = (sum.value + rate, sum.low + rate, sum.high + rate);
        explaining = ExplainingSites::InLockstep;
    }
    let share = |a: f64, b: f64| if b > 0.0 { (a / b).max(0.0) } else { 1.0 };
    Ok(Attribution {
        metric: Cow::Borrowed(judged.process.metric.name),
        process_bytes_per_second: rate.value,
        sites: explaining,
        sites_bytes_per_second: sum.value,
        explained: Interval {
            value: share(sum.value, rate.value),
            low: share(sum.low.max(0.0), rate.high),
            high: share(sum.high, rate.low.max(rate.value * 0.01)),
            level: rate.level,
        },
        lists_are_cut: *lists_are_cut,
        others: others(process, judged, sum.value),
    })
}

/// The series of the resident memory of a process that grows, or of the part of it that does.
fn growing_series(process: &[JudgedProcess]) -> Option<&JudgedProcess> {
    process
        .iter()
        .filter(|judged| judged.trend.verdict == Verdict::Growing && judged.process.metric != Metric::TRACED)
        .filter(|judged| judged.process.metric.resident_rank().is_some() && rate(judged).is_some())
        .min_by_key(|judged| judged.process.metric.resident_rank())
}

/// The rate at which a series grows, in bytes per unit of its axis.
fn rate(judged: &JudgedProcess) -> Option<f64> {
    let grows = judged.trend.verdict == Verdict::Growing;
    judged.trend.slope.filter(|slope| grows && slope.value > 0.0).map(|slope| slope.value)
}

/// The growth of a process outside of its growing sites, as far as other series show it.
fn others(process: &[JudgedProcess], judged: &JudgedProcess, of_sites: f64) -> Vec<OtherGrowth> {
    let of = |metric: Metric| process.iter().find(|other| other.process.metric == metric);
    let whole = rate(judged).unwrap_or(0.0);
    let mut all = Vec::new();
    if judged.process.metric.role == Role::Resident {
        for (metric, kind) in
            [(Metric::RSS_FILE, GrowthKind::FilePages), (Metric::RSS_SHMEM, GrowthKind::SharedMemory)]
        {
            let rate = of(metric).and_then(rate);
            all.extend(rate.map(|bytes_per_second| OtherGrowth { kind, bytes_per_second }));
        }
    }
    // All that is traced, less the sites that were listed and grow.
    if let Some(traced) = of(Metric::TRACED) {
        let below = rate(traced).unwrap_or(0.0) - of_sites;
        if below > LEAST_NAMED * whole {
            all.push(OtherGrowth { kind: GrowthKind::OtherSites, bytes_per_second: below });
        }
        let named: f64 = all.iter().map(|other| other.bytes_per_second).sum();
        let left = whole - of_sites - named;
        if left > LEAST_NAMED * whole {
            all.push(OtherGrowth { kind: GrowthKind::Untraced, bytes_per_second: left });
        }
    }
    all
}
