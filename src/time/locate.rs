//! The place of a time stamp in its line.

use super::civil::{Date, TimeOfDay, Written, Zone};
use super::digits::{byte, epoch, iso, offset, run, zone_close_by};
use super::pieces::{self, Extent};
use super::prefix::{self, Admitted, Places, begins_object};
use super::{compact, dateless, headers, json};

/// How far a stamp itself is looked at, in bytes.
const STAMP: usize = 64;

/// How much of a line is looked through for anything like a time.
const WINDOW: usize = 200;

/// Longer lines have no date at their end, as the header of `watch` does.
const LONGEST_HEADER: usize = 400;

/// Longer lines are no dates.
const LONGEST_DATE_LINE: usize = 160;

/// Longer lines without anything like a time are no dates.
const LONGEST_WITHOUT_TIME: usize = 48;

/// A stamp and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found<'a> {
    pub(super) written: Written<'a>,
    pub(super) start: usize,
    /// Where the time itself begins, after a bracket.
    pub(super) at: usize,
    pub(super) end: usize,
}

/// Returns the time of a stamp in the common form at the start of a line that text without a zone follows, and where it
/// ends: the case of most logs.
#[inline]
pub(super) fn common(line: &str) -> Option<((i16, i8, i8), TimeOfDay, usize)> {
    let text = line.as_bytes();
    let (year, month, day, time, end) = iso(text, 0)?;
    text_follows(text, end).then_some(((year, month, day), time, end))
}

/// Finds the stamp at the head of a line; brackets and quotes around it are part of it.
pub(super) fn stamp(line: &str) -> Option<Found<'_>> {
    if let Some(found) = common_at(line, 0) {
        return Some(found);
    }
    let text = line.as_bytes();
    if byte(text, 0) == b'{' && begins_object(text) {
        return json::find(line, 0);
    }
    if !(has_time_shape(text) || may_begin_with_number(text) || begins_object(text)) {
        return None;
    }
    for place in Places::new(line) {
        if place.object {
            return json::find(line, place.at);
        }
        if let Some((written, end)) = stamp_at(line, place.at, place.admitted) {
            return Some(with_brackets(line, place.at, written, end));
        }
    }
    None
}

/// Returns the stamp in the common form that begins at a place.
pub(super) fn common_at(line: &str, at: usize) -> Option<Found<'_>> {
    let (year, month, day, time, end) = iso(line.as_bytes(), at)?;
    let (written, end) = with_zone(line, Date::Full(year, month, day), time, end);
    Some(with_brackets(line, at, written, end))
}

/// Extends a stamp by the bracket or quote around it, and by a second stamp right after it.
fn with_brackets<'a>(line: &str, at: usize, written: Written<'a>, end: usize) -> Found<'a> {
    let text = line.as_bytes();
    let closing = at > 0 && matches!(byte(text, end), b']' | b')' | b'"' | b'\'' | b'>');
    let before = text.get(..at).unwrap_or(&[]).trim_ascii_end();
    let opened = closing && before.last().is_some_and(|sign| b"[(\"'<".contains(sign));
    let start = if opened { before.len() - 1 } else { at };
    Found { written, start, at, end: after_second_stamp(line, end + usize::from(closing)) }
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
        return if line.len() > LONGEST_HEADER { None } else { headers::date(line) };
    }
    // A date without a time of day, or the time since a start.
    let is_short = line.len() <= LONGEST_WITHOUT_TIME;
    let has_shape = has_time_shape(line.as_bytes());
    if !has_shape && !is_short {
        return headers::date(line);
    }
    let bare = without_decoration(line);
    let found =
        whole(line).or_else(|| if bare.len() < line.len() { whole(bare) } else { None }).or_else(|| {
            if has_shape || line.starts_with('[') || prefix::begins_with_label(line) {
                after_prefix(line)
            } else {
                None
            }
        });
    found.or_else(|| headers::date(line)).map(|date| DateLine { text: line, ..date })
}

/// Parses a date that takes up the rest of a line after a prefix or a label.
fn after_prefix(line: &str) -> Option<DateLine<'_>> {
    let mut places = Places::new(line).skip_while(|place| place.at == 0);
    places.find_map(|place| match place.admitted {
        Admitted::WholeDates { .. } => None,
        admitted => {
            let rest = without_decoration(line.get(place.at..)?);
            let stamped = || {
                let (written, end) = stamp_at(line, place.at, admitted)?;
                without_decoration(line.get(end..)?).is_empty().then_some(simple(line, written))
            };
            let elapsed_only = matches!(admitted, Admitted::ElapsedOnly { .. });
            if elapsed_only { stamped() } else { whole(rest).or_else(stamped) }
        }
    })
}

const fn simple<'a>(text: &'a str, written: Written<'a>) -> DateLine<'a> {
    DateLine { text, written, afternoon: None, has_time: true }
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

/// Whether the start of a text holds anything like a date or a time with it: `11:56`, `2024-`, `20240523`, ten digits of
/// seconds since 1970, `19時`. Most lines without a time are refused here.
fn has_time_shape(text: &[u8]) -> bool {
    let window = text.get(..text.len().min(WINDOW)).unwrap_or(text);
    let mut at = 0;
    while let Some(first) = window.get(at..).and_then(|rest| rest.iter().position(u8::is_ascii_digit)) {
        let start = at + first;
        let digits = run(window, start);
        let next = byte(window, start + digits);
        let century = matches!(window.get(start..start + 2), Some(b"19" | b"20" | b"21"));
        let like_a_time = match digits {
            1 | 2 => next == b':' && byte(window, start + digits + 1).is_ascii_digit(),
            4 => century && matches!(next, b'-' | b'/' | b'.' | b'_'),
            8 | 14 | 17 => century,
            10 | 13 | 16 | 19 => matches!(byte(window, start), b'1' | b'2'),
            _ => false,
        };
        if like_a_time || next >= 0xe3 {
            return true;
        }
        at = start + digits;
    }
    false
}

/// Whether a line may begin with the time since a start, `600s`, with a label of it, or with a label of TAI64N.
fn may_begin_with_number(text: &[u8]) -> bool {
    let Some(first) = text.iter().position(|letter| !b" \t[(+<#>*=-~\"'".contains(letter)) else {
        return false;
    };
    match byte(text, first) {
        b'0'..=b'9' | b'@' => true,
        b't' | b'T' => matches!(byte(text, first + 1), b'=' | b'+' | b' '),
        _ => ["elapsed", "uptime"].iter().any(|label| {
            let word = text.get(first..first + label.len());
            word.is_some_and(|word| word.eq_ignore_ascii_case(label.as_bytes()))
        }),
    }
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
fn with_zone(line: &str, date: Date, time: TimeOfDay, end: usize) -> (Written<'_>, usize) {
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
    colons.any(|colon| byte(window, colon - 1).is_ascii_digit() && byte(window, colon + 1).is_ascii_digit())
        || (!window.is_ascii() && window.windows(2).any(|pair| pair[0].is_ascii_digit() && pair[1] >= 0xe3))
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
