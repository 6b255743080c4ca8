//! The place of a time stamp in its line.

use super::civil::{Date, TimeOfDay, Written};
use super::digits::{byte, is_time_colon, iso, run};
use super::json;
use super::prefix::{Admitted, Places, begins_object};
use super::stamp::{Found, stamp_at, with_zone};

/// Bytes of a line that are searched for anything like a time.
const WINDOW: usize = 200;

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

/// Whether the text after a stamp is certainly no zone, half of a day or second stamp: the common case, found out
/// quickly.
pub(super) fn text_follows(text: &[u8], end: usize) -> bool {
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

/// Whether the start of a text holds anything like a date or a time with it: `11:56`, `2024-`, `20240523`, ten digits
/// of seconds since 1970, `19時`. Most lines without a time are refused here.
pub(super) fn has_time_shape(text: &[u8]) -> bool {
    let window = text.get(..text.len().min(WINDOW)).unwrap_or(text);
    let mut at = 0;
    while let Some(first) = window.get(at..).and_then(|rest| rest.iter().position(u8::is_ascii_digit)) {
        let start = at + first;
        let digits = run(window, start);
        let next = byte(window, start + digits);
        let century = matches!(window.get(start..start + 2), Some(b"19" | b"20" | b"21"));
        let like_a_time = match digits {
            1 | 2 => next == b':' && is_time_colon(window, start + digits),
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
