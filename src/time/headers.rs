//! Lines that tools print above their tables, with a date in them.

use super::civil::{Date, DateLine, TimeOfDay, Written, Zone};
use super::stamp::whole;

/// Bytes of a line within which the interval of `watch` ends.
const INTERVAL: usize = 26;

/// Parses the date of a header of `watch` or of sysstat's tools.
pub(super) fn date(line: &str) -> Option<DateLine<'_>> {
    watch(line).or_else(|| sysstat(line))
}

/// `Every 2.0s: COMMAND      HOST: DATE`, the host not always.
fn watch(line: &str) -> Option<DateLine<'_>> {
    let head = line.get(..line.len().min(INTERVAL)).unwrap_or(line);
    let (interval, _) = head.split_once("s: ")?;
    if !interval.rsplit(' ').next()?.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    // A day of one digit has two blanks before it: the gap before the date need not be the last one.
    line.rmatch_indices("  ").take(3).find_map(|(gap, _)| {
        let host_and_date = line.get(gap..)?.trim();
        let date = host_and_date.split_once(": ").map(|(_, date)| date);
        whole(host_and_date).or_else(|| whole(date?)).filter(|date| date.has_time)
    })
}

/// `Linux 6.8.0-79-generic (host)  10/23/2025  _x86_64_  (2 CPU)`
fn sysstat(line: &str) -> Option<DateLine<'_>> {
    let (_, rest) = line.strip_prefix("Linux ")?.split_once(')')?;
    rest.split_ascii_whitespace().take(2).find_map(date_alone)
}

/// Parses a date that may have no time of day, also in a form that another number may have.
pub(super) fn date_alone(text: &str) -> Option<DateLine<'_>> {
    if let Some(date) = whole(text) {
        return Some(date);
    }
    let with_time = format!("{text} 00:00:00");
    match whole(&with_time)?.written {
        Written::Civil { date, chinese, .. } if !matches!(date, Date::Yearless(..)) => {
            let written = Written::Civil { date, time: TimeOfDay::MIDNIGHT, zone: Zone::None, chinese };
            Some(DateLine { text, written, afternoon: None, has_time: false })
        }
        _ => None,
    }
}
