//! From what was concluded to the document: the wire form of every number, and the sentences on what cannot
//! be known.

use jiff::Timestamp;
use rayon::prelude::*;

use super::document as wire;
use super::quantity::{self, Units};
use crate::model::{Axis, HistoryFacts, Moment, Reference, Sample};
use crate::verdict::{
    Forecast, GroupEvidence, Judged, JudgedProcess, JudgedSite, OUTLINE, Since, Trend, Verdict, Weighed,
    shape_probability,
};

/// Fewer rows than this are no work for another thread.
const LEAST_ROWS: usize = 1000;

/// What the document needs to know beside the conclusions.
#[derive(Debug, Clone, Default)]
pub struct Circumstances {
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
}

/// Puts the document together.
#[must_use]
pub fn assemble(judged: &Judged, with: Circumstances) -> wire::Report {
    let calendar = with.calendar;
    let name = |site: usize| judged.sites[site].history.site.text();
    let mut group_of = vec![None; judged.sites.len()];
    let mut groups = Vec::new();
    for (id, group) in (1_u64..).zip(&judged.groups) {
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
    let row = |(place, &i): (usize, &usize)| {
        site_row(place as u64 + 1, &judged.sites[i], name(i), group_of[i], &judged.histories, calendar)
    };
    let sites = judged.ranking.par_iter().with_min_len(LEAST_ROWS).enumerate().map(row).collect();
    wire::Report {
        schema: wire::SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        recording: facts(judged, &with),
        inputs: with.inputs,
        processes: judged.processes.iter().map(|p| process_row(p, calendar)).collect(),
        sites,
        groups,
        attribution: judged.attribution.as_ref().map(|a| wire::Attribution {
            process_bytes_per_second: a.process_bytes_per_second,
            sites_bytes_per_second: a.sites_bytes_per_second,
            explained: wire::Range { value: a.explained.value, low: a.explained.low, high: a.explained.high },
            remark: a.remark.clone(),
        }),
        findings: Vec::new(),
        warnings: with.warnings,
    }
}

/// A moment in RFC 3339, in whole seconds; `None` where the source's times have no year.
fn rfc3339(at: Option<Moment>, calendar: bool) -> Option<String> {
    #[allow(clippy::cast_possible_truncation)]
    let second = at.filter(|_| calendar)?.seconds.round() as i64;
    Timestamp::from_second(second).ok().map(|t| t.to_string())
}

fn facts(judged: &Judged, with: &Circumstances) -> wire::RecordingFacts {
    let times = || judged.histories.iter().flat_map(|h| h.times.iter().flatten());
    let reference = judged.histories.iter().find_map(|h| h.reference);
    let (start, end) =
        (times().copied().min_by(Moment::total_cmp), times().copied().max_by(Moment::total_cmp));
    wire::RecordingFacts {
        snapshots: judged.histories.iter().map(|h| h.snapshots as u64).sum(),
        start: rfc3339(start, with.calendar),
        end: rfc3339(end, with.calendar),
        duration_seconds: start.zip(end).map(|(a, b)| b.seconds - a.seconds),
        differences_against: reference.map(|found| match (found.reference, found.assumed) {
            (Reference::Previous, false) => wire::DifferencesAgainst::Previous,
            (Reference::Previous, true) => wire::DifferencesAgainst::AssumedPrevious,
            (Reference::First, _) => wire::DifferencesAgainst::First,
        }),
        order: if judged.histories.iter().any(|h| h.by_time) {
            Some("by the times they carry")
        } else {
            with.order
        },
        sites_seen: with.sites_seen as u64,
        sites_analysed: judged.sites.len() as u64,
        sites_constant: judged.sites.iter().filter(|s| is_constant(s)).count() as u64,
        remarks: remarks(judged),
    }
}

fn is_constant(site: &JudgedSite) -> bool {
    let steps = site.bytes.transitions;
    steps.grew + steps.shrank == 0 && steps.held > 0
}

/// What cannot be concluded, in plain sentences.
fn remarks(judged: &Judged) -> Vec<String> {
    let mut all = Vec::new();
    let growing = judged.sites.iter().any(|s| s.bytes.verdict == Verdict::Growing)
        || judged.processes.iter().any(|p| p.trend.verdict == Verdict::Growing);
    for history in &judged.histories {
        all.extend(history_remarks(history, judged.thresholds.least_points));
    }
    if growing {
        all.push(
            "Growing means that nothing bounded it within the recording: a cache that fills later looks the same until it is full."
                .to_owned(),
        );
    }
    if judged.processes.iter().any(|p| p.process.went_back) {
        all.push(
            "The times of a report go backward; its time axis counts elapsed time from there on.".to_owned(),
        );
    }
    if judged.processes.iter().any(|p| p.trend.axis == Axis::Samples) {
        all.push("A report has no times, so its rates are per sample.".to_owned());
    }
    all
}

fn history_remarks(history: &HistoryFacts, least_points: usize) -> Vec<String> {
    let mut all = Vec::new();
    if let (true, Some(hidden)) = (history.cut_lists > 0, history.hidden_bytes) {
        let what = if history.reference.is_some() { "changes of up to" } else { "sites of up to" };
        let (cut, hidden) = (quantity::count(history.cut_lists as u64), Units::Auto.size(hidden));
        let lists = quantity::counted(history.snapshots as u64, "list");
        all.push(format!("{cut} of {lists} cut short: {what} {hidden} in each stay hidden."));
    }
    if history.reference.is_some_and(|r| r.assumed) {
        all.push(
            "Differences are taken as against the previous snapshot; the numbers do not tell.".to_owned(),
        );
    }
    if !history.restarts.is_empty() {
        let times = quantity::counted(history.restarts.len() as u64, "time");
        all.push(format!("The traced process restarted {times}; rates are those of its last life."));
    }
    if history.positions < least_points {
        let snapshots = quantity::counted(history.snapshots as u64, "snapshot");
        all.push(format!("{snapshots}: enough for a difference, not for a trend."));
    }
    all
}

fn process_row(judged: &JudgedProcess, calendar: bool) -> wire::ProcessRow {
    let JudgedProcess { process, trend, forecast } = judged;
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
        samples,
        start: rfc3339(moment(first), calendar),
        end: rfc3339(moment(last), calendar),
        duration_seconds: process.seconds(),
        first_bytes: first.map_or(0.0, |s| s.value.value),
        last_bytes: last.map_or(0.0, |s| s.value.value),
        min_bytes: least,
        max_bytes: most,
        trend: trend_row(trend, Unit::Bytes, |since| rfc3339(process.moment(since.index), calendar)),
        forecast: forecast.as_ref().map(|f| forecast_row(f, last.map_or(0.0, |s| s.at), calendar)),
        outline: process.outline(OUTLINE),
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
        instrument: judged.is_instrument(),
        group,
        outline: details.as_ref().map(|details| details.outline.clone()).unwrap_or_default(),
    }
}

/// What a series counts.
#[derive(Clone, Copy)]
enum Unit {
    Bytes,
    Blocks,
}

const fn rate_unit(unit: Unit, axis: Axis) -> wire::RateUnit {
    match (unit, axis) {
        (Unit::Blocks, _) => wire::RateUnit::BlocksPerSnapshot,
        (Unit::Bytes, Axis::Seconds) => wire::RateUnit::BytesPerSecond,
        (Unit::Bytes, Axis::Snapshots) => wire::RateUnit::BytesPerSnapshot,
        (Unit::Bytes, Axis::Samples) => wire::RateUnit::BytesPerSample,
    }
}

fn trend_row(trend: &Trend, unit: Unit, time_of: impl Fn(Since) -> Option<String>) -> wire::TrendRow {
    let steps = trend.transitions;
    wire::TrendRow {
        verdict: match trend.verdict {
            Verdict::Growing => wire::VerdictWord::Growing,
            Verdict::Unclear => wire::VerdictWord::Unclear,
            Verdict::Settled => wire::VerdictWord::Settled,
            Verdict::Steady => wire::VerdictWord::Steady,
            Verdict::Shrinking => wire::VerdictWord::Shrinking,
        },
        reason: trend.reason.clone(),
        probability: trend.probability,
        points: trend.points as u64,
        segments: trend.segments as u64,
        grew: steps.grew as u64,
        shrank: steps.shrank as u64,
        held: steps.held as u64,
        never_shrank: steps.shrank == 0,
        slope: trend.slope.map(|s| wire::Slope {
            value: s.value,
            low: Some(s.low).filter(|v| v.is_finite()),
            high: Some(s.high).filter(|v| v.is_finite()),
            level: s.level,
            unit: rate_unit(unit, trend.axis),
        }),
        tests: test_rows(trend),
        since: trend.since.map(|s| wire::Since { index: s.index as u64, time: time_of(s) }),
    }
}

fn test_rows(trend: &Trend) -> wire::TestRows {
    let (tests, weighed) = (&trend.tests, trend.weighed.as_ref());
    wire::TestRows {
        mann_kendall: tests.mann_kendall.as_ref().map(|mk| wire::MannKendallRow {
            s: mk.s,
            variance: mk.variance,
            z: mk.z,
            p: mk.p,
            tau: mk.tau,
            exact_p: mk.exact_p,
        }),
        theil_sen: tests.theil_sen.as_ref().map(|ts| wire::TheilSenRow { slope: ts.slope }),
        ols: tests.ols.as_ref().map(|ols| wire::OlsRow {
            slope: ols.slope,
            intercept: ols.intercept,
            r2: ols.r2,
            stderr: ols.stderr,
            p: ols.p,
            low: ols.low,
            high: ols.high,
        }),
        change_point: tests.change_point.as_ref().map(|hinge| wire::ChangePointRow {
            index: hinge.index as u64,
            before: hinge.before,
            after: hinge.after,
            gain: hinge.gain,
            p: hinge.p,
        }),
        reading: weighed.map(|w| w.reading.name()),
        score: weighed.map(|w| w.log_odds),
        shape: weighed.map(|Weighed { shape, .. }| wire::ShapeRow {
            fit: shape.fit,
            overdue: shape.overdue,
            slowing: shape.slowing,
            bend: shape.bend,
            parts: shape.parts,
            steady: shape.steady,
            probability: shape_probability(shape),
        }),
        stories: weighed.map(|w| wire::StoriesRow {
            likeliest: w.stories.likeliest.name(),
            probability: w.stories_probability(),
            open: w.stories.open,
        }),
    }
}
