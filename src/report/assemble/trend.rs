//! The development of a series: from the trend to the document.

use crate::report::document::{SinceRow, Timestamp, TrendRow, Worded};
use crate::report::wording;
use crate::verdict::{Since, Trend};

/// Returns the row of a trend; `time_of` returns the time of a sample.
pub fn trend_row(trend: &Trend, time_of: impl Fn(Since) -> Option<Timestamp>) -> TrendRow {
    let Trend {
        verdict,
        reason,
        probability,
        points,
        segments,
        transitions,
        slope,
        axis,
        tests,
        since,
        judged: _,
    } = trend;
    TrendRow {
        verdict: *verdict,
        reason: Worded { text: wording::reason(reason, *axis), fact: reason.clone() },
        probability: *probability,
        points: *points,
        segments: *segments,
        transitions: *transitions,
        never_shrank: transitions.shrank == 0,
        slope: *slope,
        tests: tests.clone(),
        since: since.map(|since| SinceRow { index: since.index, time: time_of(since) }),
    }
}
