//! The limitations of a recording.

use crate::assessment::Assessment;
use crate::insight::{primary_metric, processes};
use crate::model::{Axis, Dialect, Metric, Role, SiteUnit, SnapshotClock, SubjectKind};
use crate::reconstruct::{HistoryFacts, Reference};
use crate::report::document::{Remark, Worded};
use crate::report::wording;
use crate::verdict::{JudgedProcess, SeriesKind, Trend, Verdict, highest_probability};

/// Returns the limitations of a recording.
pub fn remarks(assessment: &Assessment) -> Vec<Worded<Remark>> {
    let growing = assessment.sites.iter().any(|s| s.bytes.verdict == Verdict::Growing)
        || assessment.processes.iter().any(|p| {
            p.trend.verdict == Verdict::Growing && p.process.metric.role.may_leak(p.process.subject.kind)
        });
    let of_host = || assessment.processes.iter().filter(|p| p.process.subject.kind == SubjectKind::Host);
    let mut all: Vec<Remark> = assessment
        .histories
        .iter()
        .flat_map(|history| history_remarks(history, assessment.least_points))
        .collect();
    let any_list = |is: fn(Dialect) -> bool| assessment.histories.iter().any(|history| is(history.dialect));
    let counts_all = || assessment.processes.iter().any(|p| p.process.metric == Metric::GC_OBJECTS);
    if any_list(|dialect| dialect.unit() == SiteUnit::Objects) || counts_all() {
        let above_peak = any_list(|dialect| dialect == Dialect::CountsAbovePeak);
        all.push(Remark::CollectorsCounts { above_peak });
    }
    if assessment.processes.iter().any(|p| p.process.metric == Metric::TRACEMALLOC_TABLES) {
        all.push(Remark::WithoutTables);
    }
    match even_growth(assessment) {
        Some(remark) => all.push(remark),
        None if growing => all.push(Remark::GrowthIsUnbounded),
        None => {}
    }
    if assessment.processes.iter().any(|p| p.process.went_back) {
        all.push(Remark::TimesGoBack);
    }
    if assessment.processes.iter().any(|p| p.trend.axis == Axis::Samples) {
        all.push(Remark::NoTimes);
    }
    if processes(&assessment.processes).any(|range| lacks_full_collection(&assessment.processes[range])) {
        all.push(Remark::NoFullCollection);
    }
    if processes(&assessment.processes).any(|range| may_be_young_generation(&assessment.processes[range])) {
        all.push(Remark::YoungGenerationGrows);
    }
    if of_host().next().is_some() {
        all.push(Remark::HostWide { free: of_host().any(|p| p.process.metric.role == Role::Free) });
    }
    all.into_iter().map(|remark| Worded { text: wording::remark(&remark), fact: remark }).collect()
}

/// A probability is the highest one if no more than this is missing.
const NEARLY: f64 = 0.01;

/// The growing series whose probability is the highest that its length allows; of several the longest.
fn even_growth(assessment: &Assessment) -> Option<Remark> {
    let highest = |trend: &Trend, kind: SeriesKind| {
        let highest = highest_probability(trend.judged, kind);
        let is_even = trend.verdict == Verdict::Growing && trend.probability >= highest - NEARLY;
        is_even.then_some((trend.judged, highest))
    };
    let primary = processes(&assessment.processes).map(|range| {
        let group = &assessment.processes[range];
        highest(&group[primary_metric(group)].trend, SeriesKind::Process)
    });
    let sites = assessment.sites.iter().zip(&assessment.materiality.folded);
    let sites = sites.filter(|(_, folded)| folded.is_none());
    let sites = sites.map(|(site, _)| highest(&site.bytes, SeriesKind::Site));
    let (points, highest) = primary.chain(sites).flatten().max_by_key(|(points, _)| *points)?;
    Some(Remark::GrowthIsEven { points: points as u64, highest })
}

/// Whether all sizes of a heap count garbage.
fn lacks_full_collection(group: &[JudgedProcess]) -> bool {
    let has = |is: fn(Role) -> bool| group.iter().any(|judged| is(judged.process.metric.role));
    has(|role| role == Role::WithGarbage) && !has(|role| matches!(role, Role::Resident | Role::Part))
}

/// Seconds in which V8 may still enlarge the young generation of a program that is not busy.
const YOUNG_SECONDS: f64 = 900.0;

/// Whether resident memory of a program on V8 grows in a recording that is too short to tell.
fn may_be_young_generation(group: &[JudgedProcess]) -> bool {
    let is_v8 =
        group.iter().any(|judged| matches!(judged.process.metric.name, "heapUsed" | "used_heap_size"));
    let grows = |judged: &JudgedProcess| {
        let mut samples = judged.process.samples();
        let length = samples.next().zip(samples.next_back()).map_or(0.0, |(first, last)| last.at - first.at);
        let is_short = judged.trend.axis == Axis::Samples || length < YOUNG_SECONDS;
        judged.process.metric.role == Role::Resident && judged.trend.verdict == Verdict::Growing && is_short
    };
    is_v8 && group.iter().any(grows)
}

fn history_remarks(history: &HistoryFacts, least_points: usize) -> Vec<Remark> {
    let mut all = Vec::new();
    if let (true, Some(hidden_bytes)) =
        (history.cut_lists > 0, history.hidden_bytes.filter(|hidden| *hidden > 0.0))
    {
        all.push(Remark::CutLists {
            cut: history.cut_lists as u64,
            lists: history.snapshots as u64,
            hidden_bytes,
            of_differences: history.reference.is_some(),
            of_objects: history.dialect.unit() == SiteUnit::Objects,
        });
    }
    if history.partial_lists > 0 {
        all.push(Remark::PartialLists {
            partial: history.partial_lists as u64,
            lists: history.snapshots as u64,
        });
    }
    if history.reference.is_some_and(|r| r.assumed) {
        all.push(Remark::AssumedReference);
    }
    if history.reference.is_some_and(|r| r.reference == Reference::Own) {
        all.push(Remark::OwnBases);
    }
    match history.clock {
        SnapshotClock::Recorded => {}
        SnapshotClock::OtherView => all.push(Remark::TimesOfAnotherView),
        SnapshotClock::FileNames => all.push(Remark::TimesOfFileNames),
        SnapshotClock::FileTimes => all.push(Remark::TimesOfFiles),
        SnapshotClock::Period => all.push(Remark::TimesOfPeriod),
    }
    if !history.restarts.is_empty() {
        all.push(Remark::HeapRestarted { restarts: history.restarts.len() as u64 });
    }
    if history.positions < least_points {
        all.push(Remark::TooFewSnapshots { snapshots: history.snapshots as u64 });
    }
    all
}
