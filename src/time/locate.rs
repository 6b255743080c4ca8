//! The place of a time stamp in its line.

use super::civil::{Date, TimeOfDay, Written, Zone};
use super::digits::{byte, epoch, is_epoch, iso, run, small, time_of_day, zone_close_by};
use super::pieces::{self, Extent};
use super::raw_stamp::nanos;

/// How far the start of a stamp may be from the start of its line.
const PREFIX: usize = 64;

/// How far into a JSON object its time is looked for.
const JSON_WINDOW: usize = 200;

/// Longer lines are no dates.
const LONGEST_DATE_LINE: usize = 100;

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
    let start = skip_prefix(line)?;
    if byte(text, start) == b'{' {
        let (written, end) = json(line, start)?;
        return Some(Found { written, start, end });
    }
    let (written, end) = stamp_at(line, start)?;
    let closing = start > 0 && matches!(byte(text, end), b']' | b')' | b'"' | b'\'' | b'>');
    let opened = closing && matches!(byte(text, start - 1), b'[' | b'(' | b'"' | b'\'' | b'<');
    let end = after_second_stamp(line, end + usize::from(closing));
    Some(Found { written, start: start - usize::from(opened), end })
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

/// Parses a line that is wholly a date.
pub(super) fn date_line(line: &str) -> Option<DateLine<'_>> {
    let line = line.trim();
    let text = line.as_bytes();
    // The longest is about 60 bytes; text need not be looked at word by word.
    if line.len() > LONGEST_DATE_LINE || !line.bytes().any(|b| b.is_ascii_digit()) || is_stamped_text(line) {
        return None;
    }
    if let Some((nanos, end)) = epoch(text, 0) {
        let written = Written::Epoch(nanos);
        return (end == line.len()).then_some(DateLine {
            text: line,
            written,
            afternoon: None,
            has_time: true,
        });
    }
    pieces::read_whole(line)
}

/// Whether a line is a stamp in the common form and text after it, too long to be a zone in any notation.
fn is_stamped_text(line: &str) -> bool {
    const LONGEST_DATE: usize = 48;
    let text = line.as_bytes();
    line.len() > LONGEST_DATE && iso(text, 0).is_some_and(|(.., end)| text_follows(text, end))
}

/// Whether what follows a stamp is certainly text: no zone, half-day or second stamp. The common case, told
/// quickly.
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

/// A stamp that begins exactly at `at`.
fn stamp_at(line: &str, at: usize) -> Option<(Written<'_>, usize)> {
    let text = line.as_bytes();
    if let Some((year, month, day, time, end)) = iso(text, at) {
        return Some(with_zone(line, Date::Full(year, month, day), time, end));
    }
    if let Some((seconds, end)) = epoch(text, at) {
        return Some((Written::Epoch(seconds), end));
    }
    if let Some(klog) = klog(line, at) {
        return Some(klog);
    }
    let first = line.get(at..)?.chars().next()?;
    let may_be_date = first.is_alphanumeric() && has_time_of_day(text, at);
    may_be_date.then(|| pieces::read(line, at, Extent::Head)).flatten()
}

/// The zone behind a date and time in the common form.
pub(super) fn with_zone(line: &str, date: Date, time: TimeOfDay, end: usize) -> (Written<'_>, usize) {
    let text = line.as_bytes();
    let civil = |zone, end| (Written::Civil { date, time, zone, chinese: false }, end);
    match byte(text, end) {
        // Most lines of a log have no zone: a space, and then no sign or capital letter.
        b' ' if !matches!(byte(text, end + 1), b'+' | b'-' | b'A'..=b'Z') => civil(Zone::None, end),
        b'Z' | b'z' | b'+' | b'-' => match zone_close_by(text, end) {
            Some((zone, end)) => civil(zone, end),
            None => civil(Zone::None, end),
        },
        // `AM`, `UTC`, `+0200` behind a space: rare enough for the slow way.
        b' ' | b',' => pieces::read_on(line, date, time, end).unwrap_or_else(|| civil(Zone::None, end)),
        _ => civil(Zone::None, end),
    }
}

/// `I0523 11:56:35.123456`: severity, month and day, time. The year is never written.
fn klog(line: &str, at: usize) -> Option<(Written<'_>, usize)> {
    let text = line.as_bytes();
    let shape = matches!(byte(text, at), b'I' | b'W' | b'E' | b'F' | b'D')
        && run(text, at + 1) == 4
        && byte(text, at + 5) == b' '
        && byte(text, at + 8) == b':'
        && byte(text, at + 11) == b':';
    if !shape {
        return None;
    }
    let date = Date::Yearless(small(text, at + 1, 2)?, small(text, at + 3, 2)?);
    let (time, end) = time_of_day(text, at + 6)?;
    Some((Written::Civil { date, time, zone: Zone::None, chinese: false }, end))
}

/// Whether something like `11:56` or `19時` comes soon: without it, no word need be looked up.
fn has_time_of_day(text: &[u8], at: usize) -> bool {
    let window = text.get(at..text.len().min(at + PREFIX)).unwrap_or(&[]);
    window.windows(3).any(|w| w[0].is_ascii_digit() && w[1] == b':' && w[2].is_ascii_digit())
        || window.windows(4).any(|w| w[0].is_ascii_digit() && w[1] >= 0xe3)
        || window.windows(9).any(|w| matches!(w[0], b'T' | b' ' | b'-' | b'_') && run(w, 1) >= 6)
}

/// A container's runtime and the program in it stamp the same line; the second stamp is no text of the
/// program.
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
        stamp_at(line, start)
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

/// Skips what stands before a stamp: brackets, quotes, comment signs, priorities, levels, labels.
fn skip_prefix(line: &str) -> Option<usize> {
    let text = line.as_bytes();
    let mut at = 0;
    while at < text.len() && at <= PREFIX {
        let rest = line.get(at..)?;
        at += match byte(text, at) {
            b' ' | b'\t' | b'#' | b'>' | b'[' | b'(' | b'"' | b'\'' | b'*' | b'|' | b'`' | b'=' | b'-'
            | b':' | b';' | b']' => 1,
            b'<' => priority(text, at)?,
            _ if rest.starts_with('\u{feff}') => 3,
            _ => match word_before_stamp(rest) {
                Some(length) => length,
                None => return Some(at),
            },
        };
    }
    None
}

/// The priority of syslog, `<34>`, and the version behind it, `<34>1 `.
fn priority(text: &[u8], at: usize) -> Option<usize> {
    let digits = run(text, at + 1);
    if !(1..=3).contains(&digits) || byte(text, at + 1 + digits) != b'>' {
        return None;
    }
    let end = digits + 2;
    let version = byte(text, at + end).is_ascii_digit() && byte(text, at + end + 1) == b' ';
    Some(end + 2 * usize::from(version))
}

/// Words that may stand before a stamp: a level, a label with its sign, a container's name with a bar.
fn word_before_stamp(rest: &str) -> Option<usize> {
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    const LEVELS: [&str; 12] = [
        "DEBUG", "INFO", "NOTICE", "WARNING", "WARN", "ERROR", "CRITICAL", "FATAL", "TRACE", "info", "debug",
        "warning",
    ];
    const LABELS: [&str; 10] =
        ["ts", "time", "timestamp", "t", "date", "datetime", "asctime", "Time", "Date", "Timestamp"];
    let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let word = rest.get(..length)?;
    let next = byte(rest.as_bytes(), length);
    if LEVELS.contains(&word) && matches!(next, b' ' | b':' | b']' | b'|' | b'\t' | b',' | b')') {
        return Some(length + usize::from(next == b','));
    }
    if LABELS.contains(&word) && matches!(next, b'=' | b':') {
        return Some(length + 1);
    }
    // `web-1  | 2024-05-23 …` of docker compose.
    let name = rest.find([' ', '|'])?;
    let bar = name + rest.get(name..)?.bytes().take_while(|b| *b == b' ').count();
    let behind = rest.get(bar..)?.strip_prefix("| ")?;
    let stamped = behind.bytes().next()?.is_ascii_digit();
    (stamped && bar < PREFIX / 2).then_some(bar + 2)
}

/// The time of a line that is a JSON object. If it is not the first of its fields, the text before it may be
/// the message: then the stamp takes up no more than the brace.
fn json(line: &str, start: usize) -> Option<(Written<'_>, usize)> {
    let text = line.as_bytes();
    let mut at = start + 1;
    let mut first = true;
    while at < text.len().min(start + JSON_WINDOW) {
        let open = at + text.get(at..)?.iter().position(|b| *b == b'"')?;
        let close = open + 1 + text.get(open + 1..)?.iter().position(|b| *b == b'"')?;
        let mut value = close + 1;
        while byte(text, value) == b' ' {
            value += 1;
        }
        if byte(text, value) == b':' {
            value += 1;
            while byte(text, value) == b' ' {
                value += 1;
            }
            let key = line.get(open + 1..close)?;
            let is_message = first && matches!(key, "log" | "message" | "msg" | "MESSAGE");
            if (is_time_key(key) || is_message)
                && let Some((written, end)) = json_value(line, value)
            {
                return Some((written, if first { end } else { start + 1 }));
            }
            first = false;
        }
        at = close + 1;
    }
    None
}

fn is_time_key(key: &str) -> bool {
    let key = key.strip_prefix('@').unwrap_or(key);
    [
        "ts",
        "time",
        "timestamp",
        "datetime",
        "date",
        "t",
        "asctime",
        "created",
        "eventtime",
        "_time",
        "logged_at",
    ]
    .iter()
    .any(|known| key.eq_ignore_ascii_case(known))
}

fn json_value(line: &str, at: usize) -> Option<(Written<'_>, usize)> {
    let text = line.as_bytes();
    if byte(text, at) == b'"' {
        let (written, end) = stamp_at(line, at + 1)?;
        return Some((written, end + usize::from(byte(text, end) == b'"')));
    }
    if let Some((seconds, end)) = epoch(text, at) {
        return Some((Written::Epoch(seconds), end));
    }
    // `1.716465395e9`, as Go's zap writes it.
    let number = line.get(at..)?.split(|c: char| !c.is_ascii_digit() && !"+-.eE".contains(c)).next()?;
    let seconds: f64 = number.parse().ok()?;
    let nanos = nanos(seconds).filter(|_| is_epoch(seconds))?;
    Some((Written::Epoch(nanos), at + number.len()))
}
