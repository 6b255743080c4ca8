//! Hints by the series of one process.

use super::facts::{ProcessFacts, change, grows, growth, last_segment};
use super::steps::{ARENA_BYTES, Rises, rises};
use super::types::{HintEvidence, HintId, MetricChange};
use crate::insight::{Attribution, NoAttribution};
use crate::model::{Metric, Role, Sample, SubjectKind};
use crate::verdict::{JudgedProcess, Transform, Verdict};

/// A predicate: the evidence for a hint, if there is some.
type Predicate = fn(&ProcessFacts<'_>) -> Option<HintEvidence>;

const PREDICATES: &[(HintId, Predicate)] = &[
    (HintId::Swap, swap),
    (HintId::Threads, threads),
    (HintId::Arenas, arenas),
    (HintId::SharedMemory, shared_memory),
    (HintId::MappedFiles, mapped_files),
    (HintId::SharedPages, shared_pages),
    (HintId::LazyFree, lazy_free),
    (HintId::HugePages, huge_pages),
    (HintId::Retained, retained),
    (HintId::OpenFiles, open_files),
    (HintId::Garbage, garbage),
    (HintId::LoadEnded, load_ended),
    (HintId::ProfilerOverhead, profiler_overhead),
];

/// Steps of an arena that are no accident.
const LEAST_STEPS: u64 = 3;
/// Shares of growth: most of it, and a small part.
const MOST_OF_IT: f64 = 0.5;
const SMALL_PART: f64 = 0.2;
/// A level is reached where this share of the growth is left.
const NEAR: f64 = 0.05;
/// Parts of the growth that are held against each other.
const EVEN_PARTS: u8 = 10;
/// Samples of growth that show whether it is even.
const LEAST_GROWING: usize = 20;
/// A change of less than this is too small to look for a cause.
const MATTERS_BYTES: f64 = 1_048_576.0;

/// Returns all hints of a process. `attribution` is the share that its sites explain, `live` as [`managed_heap`]
/// returns it.
pub fn found(
    facts: &ProcessFacts<'_>,
    attribution: Option<&Attribution>,
    reason: Option<NoAttribution>,
    live: Option<&JudgedProcess>,
) -> Vec<(HintId, HintEvidence)> {
    let mut found: Vec<_> =
        PREDICATES.iter().filter_map(|(id, predicate)| Some((*id, predicate(facts)?))).collect();
    found.extend(outside_managed_heap(facts, live).map(|evidence| (HintId::OutsideManagedHeap, evidence)));
    // Growth that is of files or shared memory is explained.
    let explained = found.iter().any(|(id, _)| matches!(id, HintId::SharedMemory | HintId::MappedFiles));
    if !explained {
        found.extend(native(facts, attribution, reason).map(|evidence| (HintId::Native, evidence)));
    }
    found
}

fn metrics(moving: &JudgedProcess, beside: Option<&JudgedProcess>) -> Option<HintEvidence> {
    Some(HintEvidence::Metrics { moving: change(moving)?, beside: beside.and_then(change) })
}

/// Swap grows, and the memory that is left in place does not.
fn swap(facts: &ProcessFacts<'_>) -> Option<HintEvidence> {
    let swap = facts.find(|judged| judged.process.metric.role == Role::Swap && grows(judged))?;
    let resident = facts.resident()?;
    let gained = change(swap)?.gained();
    (!grows(resident) && gained >= MATTERS_BYTES).then(|| metrics(swap, Some(resident)))?
}

/// Threads grow in number, and memory or address space with them.
fn threads(facts: &ProcessFacts<'_>) -> Option<HintEvidence> {
    let threads = facts.counter(&["thread"]).filter(|judged| grows(judged))?;
    let size = facts.metric(Metric::VM_SIZE).into_iter().chain(facts.resident()).find(|judged| grows(judged));
    metrics(threads, Some(size?))
}

/// Address space rises by the size of an arena again and again, while anonymous memory grows.
fn arenas(facts: &ProcessFacts<'_>) -> Option<HintEvidence> {
    let address_space = facts.find(|judged| judged.process.metric.role == Role::Virtual)?;
    let anonymous = facts.metric(Metric::RSS_ANON).or_else(|| facts.resident())?;
    let beside = change(anonymous)?;
    // Before the series is unfolded: it is long, and mostly no candidate.
    if change(address_space)?.gained() < ARENA_BYTES * 2.0 || beside.gained() < MATTERS_BYTES {
        return None;
    }
    let threads = facts.counter(&["thread"]).and_then(change).map(|threads| threads.last);
    let Rises { of_arenas, all } = rises(&last_segment(address_space), &last_segment(anonymous));
    // The first thread has the heap of the process and no arena.
    let with_threads = threads.is_none_or(|threads| threads > 1.0);
    (of_arenas >= LEAST_STEPS && of_arenas * 2 > all && with_threads).then(|| HintEvidence::Steps {
        metric: address_space.process.metric.name.to_owned(),
        steps: of_arenas,
        of: all,
        step_bytes: ARENA_BYTES,
        beside,
        threads,
    })
}

/// One part of the resident memory makes most of the growth of all parts.
fn part(facts: &ProcessFacts<'_>, metric: Metric) -> Option<HintEvidence> {
    let part = facts.metric(metric).filter(|judged| grows(judged))?;
    let all = [Metric::RSS_ANON, Metric::RSS_FILE, Metric::RSS_SHMEM];
    let all: f64 = all.iter().map(|metric| growth(facts.metric(*metric))).sum();
    let anonymous = facts.metric(Metric::RSS_ANON);
    (growth(Some(part)) > MOST_OF_IT * all).then(|| metrics(part, anonymous))?
}

fn shared_memory(facts: &ProcessFacts<'_>) -> Option<HintEvidence> {
    part(facts, Metric::RSS_SHMEM)
}

fn mapped_files(facts: &ProcessFacts<'_>) -> Option<HintEvidence> {
    part(facts, Metric::RSS_FILE)
}

/// The process's share of its pages grows by much less than the pages.
fn shared_pages(facts: &ProcessFacts<'_>) -> Option<HintEvidence> {
    let resident = facts.resident().filter(|judged| grows(judged))?;
    let share = facts.named(&["Pss", "PSS"]).filter(|share| share.trend.axis == resident.trend.axis)?;
    let small = growth(Some(share)) < MOST_OF_IT * growth(Some(resident));
    (small && change(resident)?.gained() >= MATTERS_BYTES).then(|| metrics(resident, Some(share)))?
}

/// A good part of the gain was given back, and not taken yet.
fn lazy_free(facts: &ProcessFacts<'_>) -> Option<HintEvidence> {
    let lazy = facts.metric(Metric::LAZY_FREE)?;
    let resident = facts.resident()?;
    let (freed, gained) = (change(lazy)?.last, change(resident)?.gained());
    (gained >= MATTERS_BYTES && freed > SMALL_PART * gained).then(|| metrics(lazy, Some(resident)))?
}

/// Memory in huge pages makes most of the growth.
fn huge_pages(facts: &ProcessFacts<'_>) -> Option<HintEvidence> {
    let huge = facts.metric(Metric::ANON_HUGE_PAGES).filter(|judged| grows(judged))?;
    let whole = facts.resident().filter(|judged| grows(judged))?;
    (growth(Some(huge)) > MOST_OF_IT * growth(Some(whole))).then(|| metrics(huge, Some(whole)))?
}

/// Pairs of metrics of an allocator: the memory that it has, and the part of it that is in use.
const ALLOCATORS: [(&str, &str); 3] = [("system", "in use"), ("resident", "allocated"), ("VmRSS", "in use")];

/// An allocator's memory grows, and the part that is in use does not.
fn retained(facts: &ProcessFacts<'_>) -> Option<HintEvidence> {
    ALLOCATORS.iter().find_map(|(whole, used)| {
        let whole = facts.named(&[whole]).filter(|judged| grows(judged))?;
        let used = facts.named(&[used])?;
        (growth(Some(used)) < SMALL_PART * growth(Some(whole))).then(|| metrics(whole, Some(used)))?
    })
}

/// Names of the memory of a heap that its collector found to be live.
const LIVE: [&str; 3] = ["live after full GC", "OU after old GC", "live heap"];

/// Returns the live memory of the only collected heap of a recording, if it is at its level, and the process that it is
/// of is the only one whose resident memory was recorded.
pub fn managed_heap(series: &[JudgedProcess]) -> Option<&JudgedProcess> {
    let mut live = series.iter().filter(|judged| LIVE.contains(&judged.process.metric.name));
    let (first, second) = (live.next()?, live.next());
    let mut groups = series
        .iter()
        .filter(|judged| judged.process.metric.role == Role::Resident)
        .map(|judged| judged.process.group);
    let process = groups.next()?;
    let rests = matches!(first.trend.verdict, Verdict::Settled | Verdict::Steady | Verdict::Shrinking);
    (second.is_none() && rests && groups.all(|group| group == process)).then_some(first)
}

/// Live memory of a collected heap is at its level, and the process grows.
fn outside_managed_heap(facts: &ProcessFacts<'_>, live: Option<&JudgedProcess>) -> Option<HintEvidence> {
    let whole = facts.find(|judged| judged.process.metric.role == Role::Resident && grows(judged))?;
    metrics(whole, Some(live?))
}

/// Open files grow in number; of their slots, which come in powers of two, there are four times as many.
fn open_files(facts: &ProcessFacts<'_>) -> Option<HintEvidence> {
    let resident = facts.resident().filter(|judged| grows(judged))?;
    let slots = facts.metric(Metric::FD_SIZE);
    let files = match slots {
        Some(slots) => slots,
        None => facts.counter(&["fd", "handle", "open files"]).filter(|judged| grows(judged))?,
    };
    let MetricChange { first, last, .. } = change(files)?;
    (slots.is_none() || last >= 4.0 * first && first > 0.0).then(|| metrics(files, Some(resident)))?
}

/// The series is a sawtooth whose floor rises.
fn garbage(facts: &ProcessFacts<'_>) -> Option<HintEvidence> {
    let resident = facts.resident().filter(|judged| grows(judged))?;
    // The memory of a machine falls when a program ends.
    let is_host = resident.process.subject.kind == SubjectKind::Host;
    if resident.trend.tests.transform != Some(Transform::LowerEnvelope) || is_host {
        return None;
    }
    let samples = last_segment(resident);
    let falls = samples.windows(2).map(|pair| fall(pair[0], pair[1])).filter(|fall| *fall > 0.0);
    let (number, largest) = falls.fold((0, 0.0_f64), |(n, largest), fall| (n + 1, largest.max(fall)));
    (number >= 2).then(|| HintEvidence::Falls {
        metric: resident.process.metric.name.to_owned(),
        falls: number,
        largest_bytes: largest,
    })
}

fn fall(before: Sample, after: Sample) -> f64 {
    before.value.value - after.value.value
}

/// Growth was even until it stopped at once. A cache that is full looks like this, and so does a load that ended.
fn load_ended(facts: &ProcessFacts<'_>) -> Option<HintEvidence> {
    let resident = facts.resident().filter(|judged| judged.trend.verdict == Verdict::Settled)?;
    let change = change(resident)?;
    if change.gained() < MATTERS_BYTES {
        return None;
    }
    let samples = last_segment(resident);
    let (first, last) = (samples.first()?.at, samples.last()?.at);
    let highest = samples.iter().map(|sample| sample.value.value).fold(f64::NEG_INFINITY, f64::max);
    // The end of the growth is the first sample near the highest.
    let end = samples.iter().position(|sample| highest - sample.value.value < NEAR * change.gained())?;
    let (until, flat_share) = (samples.get(end)?.at, (last - samples.get(end)?.at) / (last - first));
    // A start-up is no load: growth took half of the recording, and each tenth of it added about as much.
    let even = (1..EVEN_PARTS).all(|part| {
        let share = f64::from(part) / f64::from(EVEN_PARTS);
        let at = samples.partition_point(|sample| sample.at <= first + share * (until - first));
        let grown = samples.get(at.saturating_sub(1)).map_or(0.0, |sample| sample.value.value - change.first);
        (grown / (highest - change.first) - share).abs() < NEAR * 2.0
    });
    (end >= LEAST_GROWING && even && flat_share < 0.5).then_some(HintEvidence::Plateau {
        metric: change.metric.clone(),
        grown_bytes: change.gained(),
        flat_share,
    })
}

/// The tables of `tracemalloc` are large beside the memory that they describe.
fn profiler_overhead(facts: &ProcessFacts<'_>) -> Option<HintEvidence> {
    let tables = facts.metric(Metric::TRACEMALLOC_TABLES)?;
    let resident = facts.resident()?;
    let (size, of) = (change(tables)?.last, change(resident)?.last);
    (size >= MATTERS_BYTES && size > SMALL_PART * of).then(|| metrics(tables, Some(resident)))?
}

/// The process grows, and its traced allocations do not explain it.
fn native(
    facts: &ProcessFacts<'_>,
    attribution: Option<&Attribution>,
    reason: Option<NoAttribution>,
) -> Option<HintEvidence> {
    let anonymous = facts.metric(Metric::RSS_ANON).or_else(|| facts.resident())?;
    if !grows(anonymous) || change(anonymous)?.gained() < MATTERS_BYTES {
        return None;
    }
    if let Some(Attribution { process_bytes_per_second, explained, .. }) = attribution {
        return (explained.high < SMALL_PART).then_some(HintEvidence::Share {
            explained_at_most: explained.high,
            process_bytes_per_second: *process_bytes_per_second,
        });
    }
    // What was recorded at different times has no rates in common, but sizes.
    if let Some(NoAttribution::NoOverlap {
        process_gained: Some(process_bytes),
        sites_gained: sites_bytes,
        ..
    }) = reason
    {
        let little = sites_bytes < SMALL_PART * process_bytes;
        return little.then_some(HintEvidence::Gains { process_bytes, sites_bytes });
    }
    let traced = facts.metric(Metric::TRACED)?;
    (growth(Some(traced)) < SMALL_PART * growth(Some(anonymous))).then(|| metrics(anonymous, Some(traced)))?
}
