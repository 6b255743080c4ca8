//! From what was concluded to the document: the wire form of every number, and sentences where people want them.

mod findings;
mod plots;
mod remarks;
mod thin;
mod trend;

use jiff::Timestamp;
use rayon::prelude::*;

pub use findings::Lists;
use plots::plot;
use remarks::remarks;
pub(super) use thin::thin;
use trend::{Unit, trend_row};

use super::document as wire;
use crate::assessment::Assessment;
use crate::insight::{Forecast, GroupEvidence, primary_metric, processes};
use crate::model::{Axis, Moment, Sample, SourceCode};
use crate::policy::Checked;
use crate::reconstruct::{HistoryFacts, Reference};
use crate::verdict::{JudgedProcess, JudgedSite, OUTLINE, Since};

/// Fewer rows than this are no work for another thread.
const LEAST_ROWS: usize = 1000;
/// Points of the plot of a process, and of a site.
const PLOTTED: (usize, usize) = (600, 120);

/// What the document needs to know beside the conclusions.
#[derive(Debug, Clone)]
pub struct Circumstances<'a> {
    /// The inputs as they were read.
    pub inputs: Vec<wire::Input>,
    /// Places that were skipped or taken with doubt.
    pub warnings: Vec<wire::WarningRow>,
    /// How the inputs were put in order.
    pub order: Option<&'static str>,
    /// Whether times may be shown as calendar dates.
    pub calendar: bool,
    /// Sites before any filter.
    pub sites_seen: usize,
    /// Whether the series are wanted as they are drawn.
    pub plots: bool,
    /// Whether a check was asked for.
    pub check: bool,
    /// What findings were held against.
    pub lists: Lists,
    /// The source code of the sites, as far as it is at hand.
    pub code: &'a SourceCode,
}

/// Puts the document together.
#[must_use]
pub fn assemble(assessment: &Assessment, checked: &Checked, with: Circumstances<'_>) -> wire::Report {
    let Circumstances { calendar, plots, .. } = with;
    let name = |site: usize| assessment.sites[site].history.site.text();
    let mut group_of = vec![None; assessment.sites.len()];
    let mut groups = Vec::new();
    for (id, group) in (1_u64..).zip(&assessment.groups) {
        for &member in &group.members {
            group_of[member] = Some(id);
        }
        groups.push(wire::Group {
            id,
            sites: group.members.iter().map(|&m| name(m)).collect(),
            events: group.events,
            bytes_per_event: group.bytes_per_event,
            blocks_per_event: group.blocks_per_event,
            evidence: match group.evidence {
                GroupEvidence::Series => wire::Evidence::Series,
                GroupEvidence::SingleDiff => wire::Evidence::SingleDiff,
            },
        });
    }
    let mut rank_of = vec![0; assessment.sites.len()];
    (1_u64..).zip(&assessment.ranking).for_each(|(rank, &i)| rank_of[i] = rank);
    let row = |&i: &usize| {
        let judged = &assessment.sites[i];
        let mut row = site_row(rank_of[i], judged, name(i), group_of[i], &assessment.histories, calendar);
        let JudgedSite { history, bytes, .. } = judged;
        row.plot = plots.then(|| plot(&history.unfold().bytes, bytes, PLOTTED.1));
        row.path = row.file.as_ref().and_then(|file| Some(with.code.file(file)?.path.clone()));
        row.code = row.file.as_ref().and_then(|file| with.code.line(file, row.line?)?.code.clone());
        row
    };
    let sites = assessment.ranking.par_iter().with_min_len(LEAST_ROWS).map(row).collect();
    let mut warnings = with.warnings.clone();
    warnings.extend(findings::notes(assessment, checked, &with.lists));
    wire::Report {
        schema: wire::SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        recording: facts(assessment, &with),
        inputs: with.inputs,
        processes: process_rows(assessment, calendar, plots),
        sites,
        groups,
        attribution: assessment.attribution.as_ref().map(|a| wire::Attribution {
            process_bytes_per_second: a.process_bytes_per_second,
            sites_bytes_per_second: a.sites_bytes_per_second,
            explained: wire::Range { value: a.explained.value, low: a.explained.low, high: a.explained.high },
            remark: a.remark.clone(),
        }),
        findings: findings::rows(assessment, checked, &rank_of),
        check: with.check.then_some(wire::CheckRow {
            passed: checked.findings.is_empty(),
            known: checked.known as u64,
            allowed: checked.allowed as u64,
        }),
        warnings,
    }
}

/// A moment in RFC 3339, in whole seconds; `None` where the source's times have no year.
fn rfc3339(at: Option<Moment>, calendar: bool) -> Option<String> {
    #[allow(clippy::cast_possible_truncation)]
    let second = at.filter(|_| calendar)?.seconds.round() as i64;
    Timestamp::from_second(second).ok().map(|t| t.to_string())
}

fn facts(assessment: &Assessment, with: &Circumstances<'_>) -> wire::RecordingFacts {
    let times = || assessment.histories.iter().flat_map(|h| h.times.iter().flatten());
    let reference = assessment.histories.iter().find_map(|h| h.reference);
    let (start, end) =
        (times().copied().min_by(Moment::total_cmp), times().copied().max_by(Moment::total_cmp));
    wire::RecordingFacts {
        snapshots: assessment.histories.iter().map(|h| h.snapshots as u64).sum(),
        start: rfc3339(start, with.calendar),
        end: rfc3339(end, with.calendar),
        duration_seconds: start.zip(end).map(|(a, b)| b.seconds - a.seconds),
        differences_against: reference.map(|found| match (found.reference, found.assumed) {
            (Reference::Previous, false) => wire::DifferencesAgainst::Previous,
            (Reference::Previous, true) => wire::DifferencesAgainst::AssumedPrevious,
            (Reference::First, _) => wire::DifferencesAgainst::First,
        }),
        cut_lists: assessment.histories.iter().map(|h| h.cut_lists as u64).sum(),
        order: if assessment.histories.iter().any(|h| h.by_time) {
            Some("by the times they carry")
        } else {
            with.order
        },
        sites_seen: with.sites_seen as u64,
        sites_analysed: assessment.sites.len() as u64,
        sites_constant: assessment.sites.iter().filter(|s| is_constant(s)).count() as u64,
        remarks: remarks(assessment),
    }
}

fn is_constant(site: &JudgedSite) -> bool {
    let steps = site.bytes.transitions;
    steps.grew + steps.shrank == 0 && steps.held > 0
}

fn process_rows(assessment: &Assessment, calendar: bool, plots: bool) -> Vec<wire::ProcessRow> {
    let mut rows: Vec<wire::ProcessRow> = assessment
        .processes
        .par_iter()
        .zip(&assessment.forecasts)
        .map(|(process, forecast)| process_row(process, forecast.as_ref(), calendar, plots))
        .collect();
    for range in processes(&assessment.processes) {
        rows[range.start + primary_metric(&assessment.processes[range.clone()])].leading = true;
    }
    rows
}

fn process_row(
    judged: &JudgedProcess,
    forecast: Option<&Forecast>,
    calendar: bool,
    plots: bool,
) -> wire::ProcessRow {
    let JudgedProcess { process, trend } = judged;
    let (first, last) = (process.samples().next(), process.samples().next_back());
    let moment = |sample: Option<Sample>| {
        sample.filter(|_| trend.axis == Axis::Seconds).map(|sample| Moment::from_seconds(sample.at))
    };
    let mut samples = 0;
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    for sample in process.samples() {
        samples += 1;
        (least, most) = (least.min(sample.value.value), most.max(sample.value.value));
    }
    wire::ProcessRow {
        source: process.source.clone(),
        process: process.process.clone(),
        metric: process.metric.name(),
        derived: process.derived,
        leading: false,
        samples,
        start: rfc3339(moment(first), calendar),
        end: rfc3339(moment(last), calendar),
        duration_seconds: process.seconds(),
        first_bytes: first.map_or(0.0, |s| s.value.value),
        last_bytes: last.map_or(0.0, |s| s.value.value),
        min_bytes: least,
        max_bytes: most,
        trend: trend_row(trend, Unit::Bytes, |since| rfc3339(process.moment(since.index), calendar)),
        forecast: forecast.map(|f| forecast_row(f, last.map_or(0.0, |s| s.at), calendar)),
        outline: process.outline(OUTLINE),
        plot: plots.then(|| plot(&process.series(), trend, PLOTTED.0)),
    }
}

/// `now` is the position of the last sample.
fn forecast_row(forecast: &Forecast, now: f64, calendar: bool) -> wire::Forecast {
    let day = forecast.per_day_bytes;
    let at =
        |seconds: Option<f64>| seconds.and_then(|s| rfc3339(Some(Moment::from_seconds(now + s)), calendar));
    wire::Forecast {
        limit_bytes: forecast.limit.map(|(limit, _)| limit),
        reaches_limit_at: forecast.limit.filter(|(_, reach)| reach.earliest.is_some()).map(|(_, reach)| {
            wire::Reach {
                value: at(reach.value),
                low: at(reach.earliest),
                high: at(reach.latest),
                in_seconds: reach.value,
            }
        }),
        per_day_bytes: wire::Range { value: day.value, low: day.low, high: day.high },
    }
}

fn site_row(
    rank: u64,
    judged: &JudgedSite,
    text: String,
    group: Option<u64>,
    histories: &[HistoryFacts],
    calendar: bool,
) -> wire::SiteRow {
    let JudgedSite { history, profile, bytes, details, .. } = judged;
    let facts = &histories[history.history];
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let time_of = |since: Since| rfc3339(facts.times.get(since.at as usize).copied().flatten(), calendar);
    let blocks = details.as_ref().and_then(|details| details.blocks.as_ref());
    wire::SiteRow {
        rank,
        site: text,
        source: facts.source.clone(),
        file: history.site.file().map(str::to_owned),
        line: history.site.line(),
        snapshots_seen: history.seen as u64,
        first_bytes: profile.first_bytes.value,
        last_bytes: profile.last_bytes.value,
        first_blocks: profile.first_blocks,
        last_blocks: profile.last_blocks,
        trend: trend_row(bytes, Unit::Bytes, time_of),
        block_trend: blocks.map(|trend| trend_row(trend, Unit::Blocks, time_of)),
        instrument: judged.is_profiler_overhead(),
        group,
        outline: details.as_ref().map(|details| details.outline.clone()).unwrap_or_default(),
        path: None,
        code: None,
        plot: None,
    }
}
