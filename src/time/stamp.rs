//! A time stamp that begins at a known place of its line.

use super::civil::{Date, DateLine, TimeOfDay, Written, Zone};
use super::digits::{byte, epoch, is_time_colon, iso, offset, run, zone_close_by};
use super::pieces::{self, Extent};
use super::prefix::Admitted;
use super::{compact, dateless};

/// Bytes of a stamp that are looked at.
const STAMP: usize = 64;

/// A stamp and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found<'a> {
    pub(super) written: Written<'a>,
    pub(super) start: usize,
    /// The byte at which the time itself begins, after a bracket.
    pub(super) at: usize,
    pub(super) end: usize,
}

/// Parses a stamp that begins exactly at a place, of the kinds that are believed there; returns where it ends.
pub(super) fn stamp_at(line: &str, at: usize, admitted: Admitted) -> Option<(Written<'_>, usize)> {
    let text = line.as_bytes();
    if let Admitted::ElapsedOnly { bare } = admitted {
        return dateless::labelled_elapsed(text, at, bare).map(|(nanos, end)| (Written::Elapsed(nanos), end));
    }
    let (any, worded) = match admitted {
        Admitted::WholeDates { worded } => (false, worded),
        _ => (true, true),
    };
    if let Some((year, month, day, time, end)) = iso(text, at) {
        return Some(with_zone(line, Date::Full(year, month, day), time, end));
    }
    let first = byte(text, at);
    if (first.is_ascii_digit() && run(text, at) > 3) || first == b'@' {
        if let Some((nanos, end)) = epoch(text, at).or_else(|| compact::tai64n(text, at)).filter(|_| any) {
            return Some((Written::Epoch(nanos), end));
        }
        let short = || compact::short_year_first(text, at);
        if let Some((date, time, end)) = compact::year_first(line, at).or_else(short) {
            return Some(with_zone(line, date, time, end));
        }
    }
    let yearless = || compact::month_and_day(text, at);
    if let Some((date, time, end)) = compact::google(text, at).or_else(yearless)
        && (any || matches!(date, Date::Full(..)))
    {
        return Some((Written::Civil { date, time, zone: Zone::None, chinese: false }, end));
    }
    let first = line.get(at..)?.chars().next()?;
    if first.is_alphanumeric()
        && (worded || first.is_ascii_digit())
        && has_time_of_day(text, at)
        && let Some((written, end)) = pieces::read(line, at, Extent::Head)
        && is_believed(text, at, written, any)
    {
        return Some((written, end));
    }
    let elapsed = |found: Option<(i64, usize)>| found.map(|(nanos, end)| (Written::Elapsed(nanos), end));
    let time_alone = || dateless::time_alone(line, at);
    match admitted {
        Admitted::Labelled => {
            // `t=600` at the very start of a line.
            let bare = line.get(..at).is_some_and(|label| label.eq_ignore_ascii_case("t="));
            time_alone().or_else(|| elapsed(dateless::labelled_elapsed(text, at, bare)))
        }
        _ if any && matches!(text.get(at..at + 2), Some(b"T+" | b"t+")) => {
            elapsed(dateless::labelled_elapsed(text, at + 2, true))
        }
        _ if any => elapsed(dateless::elapsed(text, at)).or_else(time_alone),
        _ => None,
    }
}

/// Whether a date in words is believed: one without a year at the head of a line only, and only before its time.
fn is_believed(text: &[u8], at: usize, written: Written<'_>, any: bool) -> bool {
    match written {
        Written::Civil { date: Date::Yearless(..), .. } => {
            let time_first = byte(text, at + 1) == b':' || byte(text, at + 2) == b':';
            any && !(time_first && byte(text, at).is_ascii_digit())
        }
        _ => true,
    }
}

/// Parses the zone after a date and time.
pub(super) fn with_zone(line: &str, date: Date, time: TimeOfDay, end: usize) -> (Written<'_>, usize) {
    let text = line.as_bytes();
    let civil = |zone, end| (Written::Civil { date, time, zone, chinese: false }, end);
    // `+0200` after a space, but not `+02:00[Europe/Berlin]`.
    if byte(text, end) == b' '
        && let Some((east, after)) = offset(text, end + 1)
        && after - end >= 6
        && byte(text, after) != b'['
    {
        return civil(Zone::Offset(east), after);
    }
    let half_day = matches!(byte(text, end + 1), b'a' | b'p') && matches!(byte(text, end + 2), b'm' | b'.');
    match byte(text, end) {
        // Most lines of a log have no zone: a space, and then no sign or capital letter.
        b' ' if !half_day && !matches!(byte(text, end + 1), b'+' | b'-' | b'A'..=b'Z') => {
            civil(Zone::None, end)
        }
        b'Z' | b'z' | b'+' | b'-' => match zone_close_by(text, end) {
            Some((zone, end)) => civil(zone, end),
            None => civil(Zone::None, end),
        },
        // `AM`, `UTC` after a space: rare enough for the slow way.
        b' ' | b',' => pieces::read_on(line, date, time, end).unwrap_or_else(|| civil(Zone::None, end)),
        _ => civil(Zone::None, end),
    }
}

/// Whether something like `11:56` or `19時` comes soon: without it, no word need be looked up.
fn has_time_of_day(text: &[u8], at: usize) -> bool {
    let window = text.get(at..text.len().min(at + STAMP)).unwrap_or(&[]);
    let mut colons = memchr::memchr_iter(b':', window).filter(|colon| *colon > 0);
    colons.any(|colon| is_time_colon(window, colon))
        || (!window.is_ascii() && window.windows(2).any(|pair| pair[0].is_ascii_digit() && pair[1] >= 0xe3))
}

/// Parses a text that is wholly a date.
pub(super) fn whole(text: &str) -> Option<DateLine<'_>> {
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let stamped = || {
        let (written, end) = stamp_at(text, 0, Admitted::All)?;
        (end == text.len()).then_some(simple(text, written))
    };
    let elapsed = || {
        let begins =
            text.starts_with(|first: char| first.is_ascii_digit() || "+tTaAdDhHmMwW".contains(first));
        let nanos = begins.then(|| dateless::elapsed_line(text)).flatten()?;
        Some(simple(text, Written::Elapsed(nanos)))
    };
    pieces::read_whole(text).or_else(stamped).or_else(elapsed)
}

/// Returns a line with both a date and a time of day.
pub(super) const fn simple<'a>(text: &'a str, written: Written<'a>) -> DateLine<'a> {
    DateLine { text, written, afternoon: None, has_time: true }
}
