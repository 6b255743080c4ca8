//! Processes and heaps that belong together.

use std::ops::Range;

use foldhash::HashSet;

use super::types::NoAttribution;
use crate::model::{Axis, SiteUnit, SnapshotClock, SubjectKind};
use crate::reconstruct::HistoryFacts;
use crate::verdict::JudgedProcess;

/// Less than this share of the shorter recording is too little to compare rates on.
const LEAST_SHARED: f64 = 0.5;

/// The reason why no process has a heap.
pub(super) enum NotPaired {
    /// All of them were recorded at different times.
    NoOverlap {
        /// Seconds from the end of the one to the begin of the other, the least of all.
        gap_seconds: f64,
    },
    /// Any other.
    Other(NoAttribution),
}

/// A process and a heap that were recorded at one time.
struct Met {
    /// The place of the process.
    process: usize,
    /// The index of a history of the heap.
    history: usize,
    /// Whether both have one identifier.
    is_own: bool,
    shared_seconds: f64,
    shorter_seconds: f64,
}

/// Returns the processes, by their places in order, and the numbers of the heaps that are theirs. Where
/// identifiers say which heap is whose, each process has its own; else there is one process and one heap. Views of one
/// heap are one.
pub(super) fn pairs(
    processes: &[(usize, &[JudgedProcess])],
    facts: &[HistoryFacts],
) -> Result<Vec<(usize, usize)>, NotPaired> {
    let timed: Vec<_> = processes
        .iter()
        .enumerate()
        .filter_map(|(place, (_, series))| Some((place, *series, span_of_process(series)?)))
        .collect();
    let heaps: Vec<usize> = (0..facts.len())
        .filter(|&at| facts[at].dialect.unit() == SiteUnit::Bytes && has_times(&facts[at]))
        .collect();
    if timed.is_empty() || heaps.is_empty() {
        return Err(NotPaired::Other(NoAttribution::NoTimes));
    }
    let mut met: Vec<Met> = Vec::new();
    let mut gap_seconds = f64::INFINITY;
    for (process, series, of_process) in &timed {
        let mut met_heaps: HashSet<usize> = HashSet::default();
        for &history in &heaps {
            // The moment of a first snapshot that nobody recorded is that of the process.
            let of_heap = match facts[history].clock {
                SnapshotClock::Period => Some(of_process.clone()),
                _ => span_of_heap(&facts[history]),
            };
            let Some(of_heap) = of_heap else { continue };
            let shared_seconds = of_process.end.min(of_heap.end) - of_process.start.max(of_heap.start);
            let shorter_seconds = (of_process.end - of_process.start).min(of_heap.end - of_heap.start);
            gap_seconds = gap_seconds.min(-shared_seconds);
            let heap = facts[history].heap;
            if !met_heaps.contains(&heap)
                && (shared_seconds > 0.0 || shared_seconds == 0.0 && shorter_seconds == 0.0)
            {
                let is_own = are_of_one(series, &facts[history]);
                met_heaps.insert(heap);
                met.push(Met { process: *process, history, is_own, shared_seconds, shorter_seconds });
            }
        }
    }
    if met.is_empty() {
        return Err(NotPaired::NoOverlap { gap_seconds });
    }
    let any_own = met.iter().any(|met| met.is_own);
    let met: Vec<Met> = met.into_iter().filter(|met| met.is_own || !any_own).collect();
    let distinct = |of: &dyn Fn(&Met) -> usize| met.iter().map(of).collect::<HashSet<usize>>().len();
    let (processes, heaps) = (distinct(&|met| met.process), distinct(&|met| facts[met.history].heap));
    match met.as_slice() {
        [only] if only.is_too_short() => Err(NotPaired::Other(NoAttribution::TooShort {
            shared_seconds: only.shared_seconds,
            shorter_seconds: only.shorter_seconds,
        })),
        // Each process has one heap, and each heap one process.
        all if processes == all.len() && heaps == all.len() => Ok(all
            .iter()
            .filter(|met| !met.is_too_short())
            .map(|met| (met.process, facts[met.history].heap))
            .collect()),
        _ if processes == 1 => Err(NotPaired::Other(NoAttribution::WhichHeap { heaps })),
        _ => Err(NotPaired::Other(NoAttribution::WhichProcess { processes })),
    }
}

impl Met {
    fn is_too_short(&self) -> bool {
        self.shared_seconds == 0.0 || self.shared_seconds < LEAST_SHARED * self.shorter_seconds
    }
}

/// Whether a process and a heap have one identifier.
fn are_of_one(process: &[JudgedProcess], facts: &HistoryFacts) -> bool {
    let Some(process) = process.first().map(|judged| &judged.process.subject) else { return false };
    let heap = &facts.subject;
    process.kind == SubjectKind::Process
        && heap.id.is_some()
        && heap.id == process.id
        && (heap.name.is_none() || heap.name == process.name)
}

fn has_times(heap: &HistoryFacts) -> bool {
    heap.seconds.iter().any(|seconds| seconds.is_finite())
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
