//! What is not accepted, in words.

use crate::assessment::Assessment;
use crate::policy::{
    BaselineEntry, Cause, Checked, Finding, GrowthLimit, Rate, Severity, Stale, Subject, Unit,
};
use crate::report::document as wire;
use crate::report::quantity::{Units, count, counted, duration, percent, rate};
use crate::verdict::{Trend, Verdict};

/// Where the entries stand that findings were held against, for what is said of them.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// The file of the baseline, and what it holds.
    pub baseline: Option<(String, Vec<BaselineEntry>)>,
    /// The file of the configuration, and the globs of allowed sites.
    pub allowed: Option<(String, Vec<String>)>,
}

/// The rows of all findings. `rank_of` are the ranks of the sites, by their index.
pub fn rows(assessment: &Assessment, checked: &Checked, rank_of: &[u64]) -> Vec<wire::Finding> {
    checked.findings.iter().map(|finding| row(assessment, finding, rank_of)).collect()
}

fn row(assessment: &Assessment, finding: &Finding, rank_of: &[u64]) -> wire::Finding {
    let Finding { rule, subject, cause, known } = finding;
    let (kind, process, sites) = match subject {
        Subject::Process(index) => (wire::SubjectKind::Process, Some(*index as u64), Vec::new()),
        Subject::Sites(sites) => (wire::SubjectKind::Site, None, sites.iter().map(|&i| rank_of[i]).collect()),
        Subject::History(_) => (wire::SubjectKind::Snapshots, None, Vec::new()),
        Subject::Input(_) => (wire::SubjectKind::Input, None, Vec::new()),
    };
    wire::Finding {
        rule: rule.id(),
        severity: match rule.severity() {
            Severity::Error => wire::Severity::Error,
            Severity::Warning => wire::Severity::Warning,
        },
        kind,
        subject: name(assessment, subject),
        message: message(assessment, subject, cause, *known),
        process,
        sites,
    }
}

/// What a finding is about, as a reader would call it.
fn name(assessment: &Assessment, subject: &Subject) -> String {
    let joined = |source: Option<&str>, name: String| match source {
        Some(source) => format!("{source}: {name}"),
        None => name,
    };
    match subject {
        Subject::Process(index) => {
            let process = &assessment.processes[*index].process;
            let sources = assessment.processes.windows(2).any(|w| w[0].process.source != w[1].process.source);
            let name = match &process.process {
                Some(name) => format!("{name} {}", process.metric.name()),
                None => process.metric.name().to_owned(),
            };
            joined(Some(process.source.as_str()).filter(|_| sources), name)
        }
        Subject::Sites(sites) => {
            let history = &assessment.sites[sites[0]].history;
            joined(assessment.histories[history.history].source.as_deref(), history.site.text())
        }
        Subject::History(number) => {
            joined(assessment.histories[*number].source.as_deref(), "heap".to_owned())
        }
        Subject::Input(name) => name.clone(),
    }
}

fn message(assessment: &Assessment, subject: &Subject, cause: &Cause, known: Option<Rate>) -> String {
    let trend = match subject {
        Subject::Process(index) => Some(&assessment.processes[*index].trend),
        Subject::Sites(sites) => Some(&assessment.sites[sites[0]].bytes),
        Subject::History(_) | Subject::Input(_) => None,
    };
    let mut text = match cause {
        Cause::Verdict => trend.map(verdict).unwrap_or_default(),
        Cause::TooFast { rate, limit } => too_fast(*rate, *limit, trend),
        Cause::Limit { bytes, now, in_seconds } => reached(*bytes, *now, *in_seconds),
        Cause::TooFew { points, all, least } => {
            let what = if matches!(subject, Subject::History(_)) { "snapshot" } else { "sample" };
            let least = count(*least as u64);
            let of_all = if points == all {
                String::new()
            } else {
                format!(" between restarts ({} in all)", count(*all as u64))
            };
            let points = counted(*points as u64, what);
            format!("has {points}{of_all}, fewer than {least}: too few for a verdict to rest on")
        }
        Cause::Incomplete(reason) => format!("is an incomplete input: {reason}"),
        Cause::NotComparable(limit) => {
            format!(
                "grows, and how fast cannot be held against a limit {}: there are no times",
                per(limit.per)
            )
        }
    };
    if let Subject::Sites(sites) = subject
        && sites.len() > 1
    {
        text += &format!("; in lockstep with {}", counted(sites.len() as u64 - 1, "other site"));
    }
    if let Some(known) = known {
        text += &format!("; known at {}", shown(&slope(known)));
    }
    text
}

/// `grows 1.68 MiB/h (1.44 to 1.92), 58 % sure`, or why it is not decided.
fn verdict(trend: &Trend) -> String {
    let rate = Rate::of(trend).map(|rate| format!(" {}", shown(&slope(rate)))).unwrap_or_default();
    match trend.verdict {
        Verdict::Growing => format!("grows{rate}, {} sure that it goes on", percent(trend.probability)),
        Verdict::Unclear => format!("is unclear: {}", trend.reason),
        Verdict::Settled => format!("has settled: {}", trend.reason),
        Verdict::Steady => format!("is steady: {}", trend.reason),
        Verdict::Shrinking => format!("shrinks: {}", trend.reason),
    }
}

fn too_fast(rate: Rate, limit: GrowthLimit, trend: Option<&Trend>) -> String {
    let accepted = Rate { value: limit.bytes, low: None, high: None, unit: limit.per };
    let sure =
        trend.map(|t| format!(", {} sure that it goes on", percent(t.probability))).unwrap_or_default();
    let all = if rate.low.is_some_and(|low| low > limit.bytes) { "" } else { ", though perhaps no more" };
    format!("grows {}, more than {}{all}{sure}", shown(&slope(rate)), shown(&slope(accepted)))
}

fn reached(limit: f64, now: f64, in_seconds: (f64, f64)) -> String {
    let size = |bytes: f64| Units::Auto.size(bytes);
    if now >= limit {
        return format!("is at {}, beyond its limit of {}", size(now), size(limit));
    }
    let (likely, earliest) = (duration(in_seconds.0), duration(in_seconds.1));
    format!(
        "is at {} and reaches its limit of {} in {likely}, at the earliest in {earliest}",
        size(now),
        size(limit)
    )
}

const fn unit(of: Unit) -> wire::RateUnit {
    match of {
        Unit::Second => wire::RateUnit::BytesPerSecond,
        Unit::Snapshot => wire::RateUnit::BytesPerSnapshot,
        Unit::Sample => wire::RateUnit::BytesPerSample,
    }
}

fn slope(rate: Rate) -> wire::Slope {
    let Rate { value, low, high, unit: of } = rate;
    wire::Slope { value, low, high, level: 0.95, unit: unit(of) }
}

/// `1.68 MiB/h (1.44 to 1.92)`.
fn shown(slope: &wire::Slope) -> String {
    let shown = rate(slope, Units::Auto);
    let interval = if shown.interval.is_empty() { String::new() } else { format!(" ({})", shown.interval) };
    format!("{}{}{interval}", shown.value, shown.per)
}

const fn per(unit: Unit) -> &'static str {
    match unit {
        Unit::Second => "per unit of time",
        Unit::Snapshot => "per snapshot",
        Unit::Sample => "per sample",
    }
}

/// What is to be said of the lists themselves: entries that have moved, and those that are of no use any more.
pub fn notes(assessment: &Assessment, checked: &Checked, lists: &Lists) -> Vec<wire::WarningRow> {
    let note =
        |path: &str, message: String| wire::WarningRow { path: Some(path.to_owned()), line: None, message };
    let mut notes = Vec::new();
    if let Some((path, known)) = &lists.baseline {
        for &(entry, site) in &checked.moved {
            let now = assessment.sites[site].history.site.text();
            let was = known[entry].name();
            notes.push(note(path, format!("{now} is taken for {was}, whose lines seem to have moved")));
        }
        for &(entry, why) in &checked.stale_known {
            let name = known[entry].name();
            let message = match why {
                Stale::Gone => format!("{name} is known, and not in the recording: a stale entry"),
                Stale::NoFinding => format!("{name} is known, and no finding any more: a stale entry"),
            };
            notes.push(note(path, message));
        }
    }
    if let Some((path, globs)) = &lists.allowed {
        for &entry in &checked.stale_allowed {
            let message = format!("\"{}\" is allowed, and no finding is of it: a stale entry", globs[entry]);
            notes.push(note(path, message));
        }
    }
    notes
}
