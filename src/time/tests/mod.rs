#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bounds;
mod date_lines;
mod properties;
mod recordings;
mod sources;
mod stamps;

use super::{SourceTimes, Stamp, TimeRef, Timestamps};
use crate::model::TimeBase;

/// Returns a time as RFC 3339 to the millisecond, or as base and seconds.
fn text(times: &SourceTimes, time: TimeRef) -> String {
    let seconds = times.seconds(time).unwrap_or(f64::NAN);
    match times.base() {
        TimeBase::Utc if seconds.is_finite() => {
            jiff::Timestamp::from_millisecond((seconds * 1e3).round() as i64).unwrap().to_string()
        }
        base => format!("{base:?} {}", (seconds * 1e6).round() / 1e6),
    }
}

/// Returns the time of a date line that is a source of its own.
fn date(line: &str) -> Option<String> {
    let mut timestamps = Timestamps::new();
    let time = timestamps.date_line(line)?;
    Some(text(&timestamps.finish(), time))
}

/// Returns the stamp of a line that is a source of its own, and its time.
fn stamp(line: &str) -> Option<(String, Stamp)> {
    let mut timestamps = Timestamps::new();
    let stamp = timestamps.stamp(line)?;
    Some((text(&timestamps.finish(), stamp.time), stamp))
}

/// Parses lines, each a date or with a stamp, as one source.
fn parse(lines: &[&str]) -> (SourceTimes, Vec<TimeRef>) {
    let mut timestamps = Timestamps::new();
    let mut time = |line: &str| timestamps.date_line(line).or_else(|| Some(timestamps.stamp(line)?.time));
    let times = lines.iter().map(|line| time(line).unwrap_or_else(|| panic!("no time: {line}"))).collect();
    (timestamps.finish(), times)
}

/// Returns the times of lines of one source.
fn times(lines: &[&str]) -> Vec<String> {
    let (source, times) = parse(lines);
    times.into_iter().map(|time| text(&source, time)).collect()
}

/// Returns the notices of a source as sentences.
fn notices(source: &SourceTimes) -> Vec<String> {
    source.notices().iter().map(ToString::to_string).collect()
}
