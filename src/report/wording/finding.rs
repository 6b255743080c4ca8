//! Findings of a check in English.

use super::{no_work, reason};
use crate::assessment::Assessment;
use crate::model::SeenForm;
use crate::policy::{Cause, Finding, GrowthLimit, Subject};
use crate::report::quantity::{Units, count, counted, duration, percent, rate, share};
use crate::verdict::{Rate, RateUnit, Trend, Verdict};

/// Returns the message of a finding, without its subject.
#[must_use]
pub fn finding(assessment: &Assessment, finding: &Finding) -> String {
    let Finding { rule: _, subject, cause, known } = finding;
    let trend = match subject {
        Subject::Process(index) => Some(&assessment.processes[*index].trend),
        Subject::Sites(site, _) => Some(&assessment.sites[*site].bytes),
        Subject::History(_) | Subject::Input(_) => None,
    };
    let mut text = match cause {
        Cause::Verdict => trend.map(verdict).unwrap_or_default(),
        Cause::TooFast { rate, limit } => too_fast(**rate, *limit, trend),
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
            format!("has {points}{of_all}, fewer than {least}: too few for a verdict")
        }
        Cause::FellAtEnd { points, least } => format!(
            "grew until it fell, and has {} since then, fewer than {}: too few for a verdict",
            counted(*points as u64, "sample"),
            count(*least as u64)
        ),
        Cause::WorkUnknown(reason) => format!("growth by work is unknown: {}", no_work(*reason)),
        Cause::Incomplete(reason) => format!("is an incomplete input: {reason}"),
        Cause::Unread { unreadable, all, most } => format!(
            "is an incomplete input: {} of {} records could not be read, more than {}; --allow-unread accepts more",
            count(*unreadable),
            count(*all),
            share(*most)
        ),
        Cause::Recurs(alike) => format!(
            "is an incomplete input: {} records of one kind could not be read, which may be a series of its own; the \
             first on line {}: {}",
            count(alike.records),
            count(alike.line),
            alike.message
        ),
        Cause::NotRead(SeenForm { kind, line }) => {
            // The kind of a whole file may end with advice.
            match line {
                0 => format!("is not read, since it is {kind}; growth may lie in it"),
                line => format!(
                    "holds from line {} on {kind}, which is not read: growth may lie in it",
                    count(*line)
                ),
            }
        }
        Cause::NotComparable(limit) => {
            format!(
                "grows, but its rate cannot be compared with a limit {}: there are no times",
                per(limit.per)
            )
        }
    };
    if let Subject::Sites(_, others) = subject
        && !others.is_empty()
    {
        text += &format!("; in lockstep with {}", counted(others.len() as u64, "other site"));
    }
    if let Some(known) = known {
        text += &format!("; known at {}", shown(**known));
    }
    text
}

/// `grows 1.68 MiB/h (1.44 to 1.92), 58 % likely to keep growing`, or the reason why it is not decided.
fn verdict(trend: &Trend) -> String {
    let rate = trend.slope.map(|rate| format!(" {}", shown(rate))).unwrap_or_default();
    match trend.verdict {
        Verdict::Growing => format!("grows{rate}, {} likely to keep growing", percent(trend.probability)),
        Verdict::Unclear => format!("is unclear: {}", reason(&trend.reason, trend.axis)),
        Verdict::Settled => format!("has settled: {}", reason(&trend.reason, trend.axis)),
        Verdict::Steady => format!("is steady: {}", reason(&trend.reason, trend.axis)),
        Verdict::Shrinking => format!("shrinks: {}", reason(&trend.reason, trend.axis)),
    }
}

fn too_fast(rate: Rate, limit: GrowthLimit, trend: Option<&Trend>) -> String {
    let accepted = Rate { value: limit.bytes, low: None, high: None, unit: limit.per };
    let likely =
        trend.map(|t| format!(", {} likely to keep growing", percent(t.probability))).unwrap_or_default();
    let all = if rate.low.is_some_and(|low| low > limit.bytes) {
        ""
    } else {
        ", though its interval includes that"
    };
    format!("grows {}, more than {}{all}{likely}", shown(rate), shown(accepted))
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

/// `1.68 MiB/h (1.44 to 1.92)`.
fn shown(of: Rate) -> String {
    let shown = rate(&of, Units::Auto);
    let interval = if shown.interval.is_empty() { String::new() } else { format!(" ({})", shown.interval) };
    format!("{}{}{interval}", shown.value, shown.per)
}

const fn per(unit: RateUnit) -> &'static str {
    match unit {
        RateUnit::BytesPerSecond => "per unit of time",
        RateUnit::BytesPerSnapshot | RateUnit::BlocksPerSnapshot | RateUnit::ObjectsPerSnapshot => {
            "per snapshot"
        }
        RateUnit::BytesPerSample => "per sample",
        RateUnit::BytesPerWork => "per unit of work",
    }
}
