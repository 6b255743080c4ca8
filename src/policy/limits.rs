//! Limits, each held against one thing.

use std::ops::Range;

use super::rule::Rule;
use super::types::{Cause, Finding, GrowthLimit, Limits, Subject};
use crate::assessment::Assessment;
use crate::model::{SiteUnit, SubjectKind};
use crate::reconstruct::HistoryFacts;
use crate::verdict::{JudgedProcess, RateUnit, Trend, Verdict, judged_segment};

/// A broken rule and the cause.
#[derive(Debug, Clone)]
pub struct Broken {
    pub rule: Rule,
    pub cause: Cause,
}

/// The rule that a process breaks in one metric.
pub fn of_process(judged: &JudgedProcess, limits: &Limits) -> Option<Broken> {
    if !judged.process.metric.role.may_leak(judged.process.subject.kind) {
        return None;
    }
    let rule = Rule::of_process(judged.trend.verdict).filter(|_| is_unwanted(&judged.trend, limits))?;
    let limit = limits.process_growth.filter(|_| rule == Rule::ProcessGrowing);
    let Some(limit) = limit else { return Some(Broken { rule, cause: Cause::Verdict }) };
    let factor = (RateUnit::of_bytes(judged.trend.axis) == limit.per).then_some(1.0);
    too_fast(&judged.trend, factor, limit, Rule::ProcessGrowth)
}

/// The rule that a site breaks.
pub fn of_site(index: usize, assessment: &Assessment, limits: &Limits) -> Option<Broken> {
    let site = &assessment.sites[index];
    if site.is_profiler_overhead() {
        return None;
    }
    let rule = Rule::of_site(site.bytes.verdict).filter(|_| is_unwanted(&site.bytes, limits))?;
    // A limit in bytes says nothing of numbers of objects.
    let of_bytes = site.history.unit() == SiteUnit::Bytes;
    let limit = limits.site_growth.filter(|_| rule == Rule::SiteGrowing && of_bytes);
    let is_folded = assessment.materiality.folded[index].is_some();
    let Some(limit) = limit else {
        // Growth that does not matter is no finding, unless a limit says how much does.
        return (!is_folded).then_some(Broken { rule, cause: Cause::Verdict });
    };
    let factor = match limit.per {
        RateUnit::BytesPerSnapshot => Some(1.0),
        RateUnit::BytesPerSecond => {
            assessment.histories[site.history.history].seconds_per_snapshot().map(|seconds| 1.0 / seconds)
        }
        RateUnit::BytesPerSample
        | RateUnit::BytesPerWork
        | RateUnit::BlocksPerSnapshot
        | RateUnit::ObjectsPerSnapshot => None,
    };
    too_fast(&site.bytes, factor, limit, Rule::SiteGrowth)
}

fn is_unwanted(trend: &Trend, limits: &Limits) -> bool {
    limits.fail_on.contains(&trend.verdict)
        && (trend.verdict != Verdict::Growing || trend.probability >= limits.least_probability)
}

/// Whether growth is beyond the accepted rate; `factor` makes units of the limit from those of the trend.
fn too_fast(trend: &Trend, factor: Option<f64>, limit: GrowthLimit, rule: Rule) -> Option<Broken> {
    let Some(factor) = factor else {
        return Some(Broken { rule: Rule::NotComparable, cause: Cause::NotComparable(limit) });
    };
    let rate = trend.slope?.per(limit.per, factor);
    (rate.value > limit.bytes).then(|| Broken { rule, cause: Cause::TooFast { rate: Box::new(rate), limit } })
}

/// The resident memory of a process beyond its limit, or soon to be.
pub fn limit_reached(assessment: &Assessment, range: Range<usize>, limits: &Limits) -> Option<Finding> {
    let group = &assessment.processes[range.clone()];
    // The limit of the recording is its own affair, unless the user asks when it will be reached.
    let recorded = || group.iter().find_map(|judged| judged.process.limit_bytes);
    let recorded = limits.within_seconds.and_then(|_| recorded());
    let bytes = limits.limit_bytes.or(recorded)?;
    // Beside a process, a limit is not that of the machine that it runs on.
    let is_host = |judged: &JudgedProcess| judged.process.subject.kind == SubjectKind::Host;
    if limits.limit_bytes.is_some() && group.iter().any(is_host) && !assessment.processes.iter().all(is_host)
    {
        return None;
    }
    let ranked = group.iter().enumerate().filter_map(|(i, p)| Some((p.process.metric.resident_rank()?, i)));
    let (_, i) = ranked.min()?;
    let now = group[i].process.last_bytes()?;
    let reach = assessment.forecasts[range.clone()].iter().flatten().find_map(|forecast| forecast.limit);
    let reach = reach.map(|(_, reach)| reach);
    let in_seconds = if now >= bytes {
        (0.0, 0.0)
    } else {
        let reach = reach?;
        let likely = reach.value.filter(|seconds| *seconds <= limits.within_seconds.unwrap_or(-1.0))?;
        (likely, reach.earliest.unwrap_or(likely))
    };
    Some(Finding {
        rule: Rule::LimitReached,
        subject: Subject::Process(range.start + i),
        cause: Cause::Limit { bytes, now, in_seconds },
        known: None,
    })
}

/// A process whose growth by the work done was asked for, and is unknown.
pub fn work_unknown(assessment: &Assessment, process: usize) -> Option<Finding> {
    let reason = assessment.work.get(process)?.as_ref()?.as_ref().err()?;
    Some(Finding {
        rule: Rule::IncompleteInput,
        subject: Subject::Process(process),
        cause: Cause::WorkUnknown(*reason),
        known: None,
    })
}

/// A process whose verdict rests on fewer samples than are wanted: between two restarts, or since it fell.
pub fn too_few_samples(assessment: &Assessment, process: usize, limits: &Limits) -> Option<Finding> {
    let least = limits.least_points?;
    let Trend { points: all, judged: points, .. } = assessment.processes[process].trend;
    let cause = if points < least {
        Cause::TooFew { points, all, least }
    } else {
        let points = assessment.falls[process].filter(|points| *points < least)?;
        Cause::FellAtEnd { points, least }
    };
    let subject = Subject::Process(process);
    Some(Finding { rule: Rule::TooFewPoints, subject, cause, known: None })
}

/// Heaps whose verdicts rest on fewer snapshots than are wanted.
pub fn too_few_snapshots(assessment: &Assessment, limits: &Limits) -> Vec<Finding> {
    let Some(least) = limits.least_points else { return Vec::new() };
    let histories = assessment.histories.iter().enumerate();
    histories
        .map(|(number, history)| (number, judged_snapshots(history), history.snapshots))
        .filter(|&(_, points, _)| points < least)
        .map(|(number, points, all)| Finding {
            rule: Rule::TooFewPoints,
            subject: Subject::History(number),
            cause: Cause::TooFew { points, all, least },
            known: None,
        })
        .collect()
}

/// Snapshots of the segment on which the verdicts on most sites rest.
fn judged_snapshots(history: &HistoryFacts) -> usize {
    let ends = history.restarts.iter().copied().chain([history.positions]);
    let mut begin = 0;
    let segments: Vec<Range<usize>> = ends.map(|end| std::mem::replace(&mut begin, end)..end).collect();
    judged_segment(&segments).len().min(history.snapshots)
}
