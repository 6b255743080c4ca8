//! The share of a process's growth that its sites explain.

use std::ops::Range;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::primary_metric::processes;
use crate::model::{Axis, SiteUnit, SubjectKind};
use crate::reconstruct::HistoryFacts;
use crate::stats::Interval;
use crate::verdict::{JudgedProcess, JudgedSite, Verdict};

/// Growth of a process held against the growth of its sites.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Attribution {
    /// Growth of the process in bytes per second.
    pub process_bytes_per_second: f64,
    /// Growth of the growing sites together, likewise.
    pub sites_bytes_per_second: f64,
    /// The share of the first that the second makes up.
    pub explained: Interval,
}

/// The meaning of a share of explained growth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum AttributionRemark {
    /// Most of the growth lies outside of the sites.
    OutsideSites,
    /// The sites explain it.
    Explained,
    /// The sites explain a part of it.
    InPart,
}

/// The reason why a process and a heap are not held against each other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum NoAttribution {
    /// One of them has no times.
    NoTimes,
    /// They were recorded at different times.
    NoOverlap {
        /// Seconds from the end of the one to the begin of the other.
        gap_seconds: f64,
    },
    /// They share less than half of the shorter recording.
    TooShort {
        /// Seconds that they share.
        shared_seconds: f64,
        /// Seconds of the shorter recording.
        shorter_seconds: f64,
    },
    /// Several processes were recorded, and nothing shows which of them the heap belongs to.
    WhichProcess {
        /// Number of processes.
        processes: usize,
    },
    /// Several heaps were recorded, and nothing shows which of them belongs to the process.
    WhichHeap {
        /// Number of heaps.
        heaps: usize,
    },
    /// No process grows, or not the one that was recorded with the heap.
    NoGrowth,
}

/// Less than this share of the shorter recording is too little to compare rates on.
const LEAST_SHARED: f64 = 0.5;

impl Attribution {
    /// Returns the meaning of the share.
    #[must_use]
    pub const fn remark(&self) -> AttributionRemark {
        if self.explained.high < 0.5 {
            AttributionRemark::OutsideSites
        } else if self.explained.low > 0.8 {
            AttributionRemark::Explained
        } else {
            AttributionRemark::InPart
        }
    }
}

/// Returns the share of a process's growth that its growing sites explain, or why there is none; `None` where the
/// recording has no process or no heap.
///
/// A process and a heap are held against each other if they were recorded at the same time and no other could be meant.
/// Both need times: a process's growth is per second, a site's per snapshot.
#[must_use]
pub fn attribution(
    all_processes: &[JudgedProcess],
    sites: &[JudgedSite],
    heaps: &[HistoryFacts],
) -> Option<Result<Attribution, NoAttribution>> {
    let processes: Vec<&[JudgedProcess]> =
        processes(all_processes).map(|range| &all_processes[range]).filter(|group| !is_host(group)).collect();
    // Numbers of objects explain no bytes.
    let has_bytes = heaps.iter().any(|heap| heap.dialect.unit() == SiteUnit::Bytes);
    if processes.is_empty() || !has_bytes {
        return None;
    }
    // Where nothing grows there is nothing to explain, even if something else is missing.
    if processes.iter().all(|process| growth(process).is_none()) {
        return Some(Err(NoAttribution::NoGrowth));
    }
    Some(pair(&processes, heaps).and_then(|(process, heap)| share(process, heap, heaps, sites)))
}

/// Whether series are those of a machine: it has no heap.
fn is_host(group: &[JudgedProcess]) -> bool {
    group.iter().all(|judged| judged.process.subject.kind == SubjectKind::Host)
}

/// The process and the number of the heap that were recorded at the same time. Views of one heap are one.
fn pair<'a>(
    processes: &[&'a [JudgedProcess]],
    facts: &[HistoryFacts],
) -> Result<(&'a [JudgedProcess], usize), NoAttribution> {
    let processes: Vec<_> = processes.iter().filter_map(|p| Some((*p, span_of_process(p)?))).collect();
    let heaps: Vec<_> = facts
        .iter()
        .enumerate()
        .filter(|(_, heap)| heap.dialect.unit() == SiteUnit::Bytes)
        .filter_map(|(i, h)| Some((i, span_of_heap(h)?)))
        .collect();
    let mut met: Vec<(usize, usize, f64, f64)> = Vec::new();
    let mut gap_seconds = f64::INFINITY;
    for (p, (_, of_process)) in processes.iter().enumerate() {
        for (heap, of_heap) in &heaps {
            let shared = of_process.end.min(of_heap.end) - of_process.start.max(of_heap.start);
            let shorter = (of_process.end - of_process.start).min(of_heap.end - of_heap.start);
            let number = facts[*heap].heap;
            if (shared > 0.0 || shared == 0.0 && shorter == 0.0)
                && !met
                    .iter()
                    .rev()
                    .take_while(|known| known.0 == p)
                    .any(|known| facts[known.1].heap == number)
            {
                met.push((p, *heap, shared, shorter));
            }
            gap_seconds = gap_seconds.min(-shared);
        }
    }
    let (owned, of_nobody): (Vec<_>, Vec<_>) = met.iter().partition(|(p, heap, ..)| {
        let process = &processes[*p].0[0].process.subject;
        let heap = &facts[*heap].subject;
        process.kind == SubjectKind::Process
            && heap.id.is_some()
            && heap.id == process.id
            && (heap.name.is_none() || heap.name == process.name)
    });
    let met = if owned.is_empty() { of_nobody } else { owned };
    match met.as_slice() {
        _ if processes.is_empty() || heaps.is_empty() => Err(NoAttribution::NoTimes),
        [] => Err(NoAttribution::NoOverlap { gap_seconds }),
        &[(_, _, shared_seconds, shorter_seconds)]
            if shared_seconds == 0.0 || shared_seconds < LEAST_SHARED * shorter_seconds =>
        {
            Err(NoAttribution::TooShort { shared_seconds, shorter_seconds })
        }
        &[(p, heap, ..)] => Ok((processes[p].0, facts[heap].heap)),
        several => {
            let distinct = |of: fn(&(usize, usize, f64, f64)) -> usize| {
                several.iter().map(of).collect::<FxHashSet<usize>>().len()
            };
            Err(match distinct(|(p, ..)| *p) {
                1 => NoAttribution::WhichHeap { heaps: distinct(|(_, heap, ..)| *heap) },
                processes => NoAttribution::WhichProcess { processes },
            })
        }
    }
}

/// From the first to the last sample of a process, in seconds.
fn span_of_process(process: &[JudgedProcess]) -> Option<Range<f64>> {
    let first = process.first().filter(|judged| judged.trend.axis == Axis::Seconds)?;
    Some(first.process.extent())
}

/// From the first to the last snapshot of a heap, in seconds.
fn span_of_heap(heap: &HistoryFacts) -> Option<Range<f64>> {
    let times = || heap.seconds.iter().copied().filter(|seconds| seconds.is_finite());
    Some(times().min_by(f64::total_cmp)?..times().max_by(f64::total_cmp)?)
}

/// The share of a process's growth that the growing sites of a heap make.
fn share(
    process: &[JudgedProcess],
    heap: usize,
    facts: &[HistoryFacts],
    sites: &[JudgedSite],
) -> Result<Attribution, NoAttribution> {
    let rate = growth(process).ok_or(NoAttribution::NoGrowth)?;
    let seconds: Vec<Option<f64>> = facts.iter().map(HistoryFacts::seconds_per_snapshot).collect();
    let mut sum = Interval { value: 0.0, low: 0.0, high: 0.0, level: rate.level };
    let growing = |site: &&JudgedSite| {
        facts[site.history.history].heap == heap && site.bytes.verdict == Verdict::Growing
    };
    for site in sites.iter().filter(growing) {
        let Some(slope) = site.bytes.slope.map(|slope| slope.interval()) else { continue };
        let seconds = seconds[site.history.history].ok_or(NoAttribution::NoTimes)?;
        sum.value += slope.value / seconds;
        sum.low += slope.low / seconds;
        sum.high += slope.high / seconds;
    }
    let share = |a: f64, b: f64| if b > 0.0 { (a / b).max(0.0) } else { 1.0 };
    Ok(Attribution {
        process_bytes_per_second: rate.value,
        sites_bytes_per_second: sum.value,
        explained: Interval {
            value: share(sum.value, rate.value),
            low: share(sum.low.max(0.0), rate.high),
            high: share(sum.high, rate.low.max(rate.value * 0.01)),
            level: rate.level,
        },
    })
}

/// The rate at which the resident memory of a process grows, or the part of it that does.
fn growth(process: &[JudgedProcess]) -> Option<Interval> {
    let growing = process
        .iter()
        .filter(|judged| judged.trend.verdict == Verdict::Growing)
        .filter(|judged| judged.process.metric.resident_rank().is_some())
        .min_by_key(|judged| judged.process.metric.resident_rank())?;
    growing.trend.slope.filter(|slope| slope.value > 0.0).map(|slope| slope.interval())
}
