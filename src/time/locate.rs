//! The place of a time stamp in its line.

use super::civil::{Date, TimeOfDay, Written, Zone};
use super::digits::{byte, epoch, iso, run, zone_close_by};
use super::pieces::{self, Extent};
use super::prefix::{Admitted, Places};
use super::{compact, dateless, json};

/// How far a stamp itself is looked at, in bytes.
const STAMP: usize = 64;

/// How much of a line is looked through for anything like a time.
const WINDOW: usize = 200;

/// Longer lines are no dates.
const LONGEST_DATE_LINE: usize = 160;

/// A stamp and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found<'a> {
    pub(super) written: Written<'a>,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Finds the stamp at the head of a line; brackets and quotes around it are part of it.
pub(super) fn stamp(line: &str) -> Option<Found<'_>> {
    let text = line.as_bytes();
    if let Some((year, month, day, time, end)) = iso(text, 0)
        && text_follows(text, end)
    {
        let date = Date::Full(year, month, day);
        return Some(Found {
            written: Written::Civil { date, time, zone: Zone::None, chinese: false },
            start: 0,
            end,
        });
    }
    if !may_have_time(text) {
        return None;
    }
    for place in Places::new(line) {
        let start = place.at;
        if place.object {
            return json::find(line, start);
        }
        if let Some((written, end)) = stamp_at(line, start, place.admitted) {
            let closing = start > 0 && matches!(byte(text, end), b']' | b')' | b'"' | b'\'' | b'>');
            let before = text.get(..start).unwrap_or(&[]).trim_ascii_end();
            let opened = closing && before.last().is_some_and(|sign| b"[(\"'<".contains(sign));
            let start = if opened { before.len() - 1 } else { start };
            return Some(Found { written, start, end: after_second_stamp(line, end + usize::from(closing)) });
        }
    }
    None
}

/// A line that is wholly a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DateLine<'a> {
    /// The line without blanks around it.
    pub(super) text: &'a str,
    pub(super) written: Written<'a>,
    /// The half of the day, where it is named.
    pub(super) afternoon: Option<bool>,
    /// Whether it has a time of day.
    pub(super) has_time: bool,
}

/// Parses a line that is wholly a date, perhaps decorated, and after a prefix or a label.
pub(super) fn date_line(line: &str) -> Option<DateLine<'_>> {
    let line = line.trim();
    if line.len() > LONGEST_DATE_LINE || !line.bytes().any(|b| b.is_ascii_digit()) || is_stamped_text(line) {
        return None;
    }
    let bare = without_decoration(line);
    let found = whole(line).or_else(|| whole(bare)).or_else(|| {
        let mut places = Places::new(line).skip_while(|place| place.at == 0);
        places.find_map(|place| match place.admitted {
            Admitted::All | Admitted::Labelled => {
                whole(without_decoration(line.get(place.at..)?)).or_else(|| {
                    let (written, end) = stamp_at(line, place.at, place.admitted)?;
                    without_decoration(line.get(end..)?).is_empty().then_some(simple(line, written))
                })
            }
            Admitted::ElapsedOnly { bare } => {
                let rest = without_decoration(line.get(place.at..)?);
                let (nanos, end) = dateless::labelled_elapsed(rest.as_bytes(), 0, bare)?;
                (end == rest.len()).then_some(simple(rest, Written::Elapsed(nanos)))
            }
            Admitted::WholeDates { .. } => None,
        })
    });
    found.map(|date| DateLine { text: line, ..date })
}

const fn simple<'a>(text: &'a str, written: Written<'a>) -> DateLine<'a> {
    DateLine { text, written, afternoon: None, has_time: true }
}

/// Parses a text that is wholly a date.
fn whole(text: &str) -> Option<DateLine<'_>> {
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let stamped = || {
        let (written, end) = stamp_at(text, 0, Admitted::All)?;
        (end == text.len()).then_some(simple(text, written))
    };
    let elapsed = || dateless::elapsed_line(text).map(|nanos| simple(text, Written::Elapsed(nanos)));
    pieces::read_whole(text).or_else(stamped).or_else(elapsed)
}

/// Returns a text without the signs around it: `=== … ===`, `[…]`, `# …`, `"…",`.
fn without_decoration(text: &str) -> &str {
    text.trim_matches(|sign: char| "=-*#~<>[](){}|_ \t.:\"',`".contains(sign))
}

/// Whether a line is a stamp in the common form and text after it, too long to be a zone in any notation.
fn is_stamped_text(line: &str) -> bool {
    const LONGEST_DATE: usize = 48;
    let text = line.as_bytes();
    line.len() > LONGEST_DATE && iso(text, 0).is_some_and(|(.., end)| text_follows(text, end))
}

/// Whether the text after a stamp is certainly no zone, half of a day or second stamp: the common case, found out quickly.
fn text_follows(text: &[u8], end: usize) -> bool {
    const LEVELS: [&[u8]; 5] = [b"DEBU", b"INFO", b"WARN", b"ERRO", b"CRIT"];
    let next = byte(text, end + 1);
    byte(text, end) == b' '
        && match next {
            b'0'..=b'9' => byte(text, end + 5) != b'-' && byte(text, end + 3) != b':',
            b'-' | b'|' => byte(text, end + 2) == b' ',
            b'A'..=b'Z' => text.get(end + 1..end + 5).is_some_and(|word| LEVELS.contains(&word)),
            b'b'..=b'o' | b'q'..=b'z' => text.get(end + 1..end + 4) != Some(b"std"),
            _ => false,
        }
}

/// Whether the start of a line holds anything that a time can be made of. Most lines without a stamp are refused here.
fn may_have_time(text: &[u8]) -> bool {
    let window = text.get(..text.len().min(WINDOW)).unwrap_or(text);
    let mut digits = 0_usize;
    for (at, letter) in window.iter().enumerate() {
        let next = byte(window, at + 1);
        match letter {
            b'0'..=b'9' => {
                digits += 1;
                // `11:56`, 6 digits and more, `11-56`, `19時`, `600s`, `[0.123`
                if digits >= 6
                    || next >= 0xe3
                    || (next == b's' && !byte(window, at + 2).is_ascii_alphanumeric())
                {
                    return true;
                }
            }
            b':' if digits > 0 && next.is_ascii_digit() => return true,
            b'{' if matches!(next, b'"' | b'\'' | b' ') => return true,
            _ => digits = 0,
        }
    }
    // A time since a start stands at the head.
    let head = window.iter().find(|letter| !b" \t[(+<#>*\"'".contains(letter));
    head.is_some_and(|letter| letter.is_ascii_digit() || b"tTeEuU".contains(letter))
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
    if first.is_ascii_digit() || first == b'@' {
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
        Admitted::Labelled => time_alone().or_else(|| elapsed(dateless::labelled_elapsed(text, at, false))),
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
fn with_zone(line: &str, date: Date, time: TimeOfDay, end: usize) -> (Written<'_>, usize) {
    let text = line.as_bytes();
    let civil = |zone, end| (Written::Civil { date, time, zone, chinese: false }, end);
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
        // `AM`, `UTC`, `+0200` after a space: rare enough for the slow way.
        b' ' | b',' => pieces::read_on(line, date, time, end).unwrap_or_else(|| civil(Zone::None, end)),
        _ => civil(Zone::None, end),
    }
}

/// Whether something like `11:56` or `19時` comes soon: without it, no word need be looked up.
fn has_time_of_day(text: &[u8], at: usize) -> bool {
    let window = text.get(at..text.len().min(at + STAMP)).unwrap_or(&[]);
    window.windows(3).any(|w| w[0].is_ascii_digit() && w[1] == b':' && w[2].is_ascii_digit())
        || window.windows(4).any(|w| w[0].is_ascii_digit() && w[1] >= 0xe3)
        || window.windows(9).any(|w| matches!(w[0], b'T' | b' ' | b'-' | b'_') && run(w, 1) >= 6)
}

/// Returns where a second stamp right after the first ends. A container's runtime and the program in it stamp the same
/// line; the second stamp is no text of the program.
fn after_second_stamp(line: &str, end: usize) -> usize {
    let text = line.as_bytes();
    let rest = line.get(end..).unwrap_or("");
    let stream = ["stdout", "stderr"].iter().find_map(|stream| {
        let rest = rest.strip_prefix(' ')?.strip_prefix(stream)?;
        ["F", "P"].iter().find_map(|tag| rest.strip_prefix(' ')?.strip_prefix(tag)?.strip_prefix(' '))
    });
    let from = stream.map_or(end, |message| line.len() - message.len());
    let mut start = from;
    while start < from + 3 && matches!(byte(text, start), b' ' | b'\t' | b'[' | b'(' | b'"') {
        start += 1;
    }
    let second = if stream.is_some() || (byte(text, start).is_ascii_digit() && start > end) {
        stamp_at(line, start, Admitted::Labelled)
    } else {
        None
    };
    match second {
        Some((Written::Civil { .. }, end)) => {
            end + usize::from(start > from && matches!(byte(text, end), b']' | b')' | b'"'))
        }
        _ => from,
    }
}
