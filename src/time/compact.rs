//! Dates and times of digits and separators in other shapes than the common one: as file names have them, with a
//! month's name, packed, or with a year of two digits.

use super::calendar::{NANOS, day_number, is_year, of_day, of_week};
use super::civil::{Date, TimeOfDay};
use super::date_order::Numbers;
use super::digits::{byte, fraction, number, run, small, time_of_day};
use super::names;

/// Parses a date with the year first and a time: `2022-10-06_14-54-51`, `20221006145451`, `2022-Oct-06 14:54:51`,
/// `2022/10/06 - 14:54:51`, `[2022-10-06][14:54:51]`, `date=2022-10-06 time=14:54:51`, `2022-W40-4 14:54:51`,
/// `2022-279T14:54:51`; returns where it ends.
pub(super) fn year_first(line: &str, at: usize) -> Option<(Date, TimeOfDay, usize)> {
    let text = line.as_bytes();
    let (year, month, day, end) = counted_date(text, at).or_else(|| date(line, at))?;
    day_number(year, month, day)?;
    let start = time_after(text, end)?;
    let glued = start - end <= 1;
    let (time, end) = time(text, start, glued)?;
    Some((Date::Full(year, month, day), time, end))
}

/// Parses a date of six digits and a time: `240506 07:00:00`.
pub(super) fn short_year_first(text: &[u8], at: usize) -> Option<(Date, TimeOfDay, usize)> {
    if run(text, at) != 6 || byte(text, at + 6) != b' ' {
        return None;
    }
    let date =
        Date::Full(2000 + i16::from(small(text, at, 2)?), small(text, at + 2, 2)?, small(text, at + 4, 2)?);
    let start = at + 7 + usize::from(byte(text, at + 7) == b' ');
    let (time, end) = time_of_day(text, start).filter(|(_, end)| end - start >= 7)?;
    Some((date, time, end))
}

/// Parses the severity, date and time of Google's loggers: `I0506 07:00:00.123456`, `I20240506 07:00:00.123456`,
/// `I240506 07:00:00.123456`. Four digits are month and day.
pub(super) fn google(text: &[u8], at: usize) -> Option<(Date, TimeOfDay, usize)> {
    if !matches!(byte(text, at), b'I' | b'W' | b'E' | b'F' | b'D') {
        return None;
    }
    let digits = run(text, at + 1);
    let part = |from: usize| small(text, at + from, 2);
    let date = match digits {
        4 => Date::Yearless(part(1)?, part(3)?),
        6 => Date::Full(2000 + i16::from(part(1)?), part(3)?, part(5)?),
        8 => Date::Full(i16::try_from(number(text, at + 1, 4)?).ok()?, part(5)?, part(7)?),
        _ => return None,
    };
    let start = at + 2 + digits;
    let shape = byte(text, start - 1) == b' ' && run(text, start) == 2 && byte(text, start + 5) == b':';
    let (time, end) = time_of_day(text, start).filter(|_| shape)?;
    Some((date, time, end))
}

/// Parses month and day with milliseconds, as Android's logcat writes them: `05-06 07:00:00.123`; or in brackets as
/// detectron's logger does: `[05/06 07:00:00 d2.engine]`.
pub(super) fn month_and_day(text: &[u8], at: usize) -> Option<(Date, TimeOfDay, usize)> {
    let separator = byte(text, at + 2);
    let shape = run(text, at) == 2
        && run(text, at + 3) == 2
        && byte(text, at + 5) == b' '
        && run(text, at + 6) == 2
        && byte(text, at + 11) == b':';
    let (time, end) = time_of_day(text, at + 6).filter(|_| shape)?;
    let bracket = at > 0 && byte(text, at - 1) == b'[';
    let known = match separator {
        b'-' => matches!(end - at, 18 | 21),
        b'/' => bracket && matches!(byte(text, end), b' ' | b']'),
        _ => false,
    };
    known.then_some((Date::Yearless(small(text, at, 2)?, small(text, at + 3, 2)?), time, end))
}

/// Parses the label of daemontools and runit, TAI64N: `@4000000066388370075bca00`; returns nanoseconds since 1970.
pub(super) fn tai64n(text: &[u8], at: usize) -> Option<(i64, usize)> {
    /// The label of 1970, as multilog and svlogd count it: ten seconds ahead.
    const ZERO: i64 = (1 << 62) + 10;
    let digits = text.get(at + 1..at + 25).filter(|_| byte(text, at) == b'@')?;
    if byte(text, at + 25).is_ascii_alphanumeric() {
        return None;
    }
    let hexadecimal = |part: &[u8]| i64::from_str_radix(std::str::from_utf8(part).ok()?, 16).ok();
    let (seconds, nanos) = (hexadecimal(digits.get(..16)?)?, hexadecimal(digits.get(16..)?)?);
    let nanos = (seconds - ZERO).checked_mul(NANOS)?.checked_add(nanos)?;
    (nanos > 0).then_some((nanos, at + 25))
}

/// Parses day and month in unknown order with a year, `23.05.2024`; returns the numbers, and where they end. A year of
/// two digits stands only before a time.
pub(super) fn numbers(text: &[u8], at: usize) -> Option<(Numbers, usize)> {
    let first = run(text, at);
    let separator = byte(text, at + first);
    let middle = at + first + 1;
    let second = run(text, middle);
    let last = middle + second + 1;
    let shape = (1..=2).contains(&first)
        && (1..=2).contains(&second)
        && matches!(separator, b'.' | b'/' | b'-')
        && byte(text, last - 1) == separator;
    if !shape {
        return None;
    }
    let digits = run(text, last);
    let end = last + digits;
    let year = match digits {
        4 => number(text, last, 4).filter(|year| is_year(*year))?,
        2 if separator != b'.' || (first, second) == (2, 2) => {
            time_after(text, end).and_then(|start| time_of_day(text, start))?;
            number(text, last, 2)?
        }
        _ => return None,
    };
    // `1.2.2024.7` and `1/2/2024/x` are something else.
    let next = byte(text, end);
    if (next == separator && byte(text, end + 1) != b' ') || next == b'/' {
        return None;
    }
    let (a, b) = (small(text, at, first)?, small(text, middle, second)?);
    Some((Numbers::new(a, b, i16::try_from(year).ok()?, (first, second) == (2, 2), separator)?, end))
}

/// Parses year, month and day; the separators are equal, and there may be none.
fn date(line: &str, at: usize) -> Option<(i16, i8, i8, usize)> {
    let text = line.as_bytes();
    let digits = run(text, at);
    let year = number(text, at, 4).filter(|year| is_year(*year))?;
    let year = i16::try_from(year).ok()?;
    match digits {
        8 => Some((year, small(text, at + 4, 2)?, small(text, at + 6, 2)?, at + 8)),
        // All in one word: of numbers that long only those of this century are dates.
        14 | 17 if (2000..2100).contains(&year) => {
            Some((year, small(text, at + 4, 2)?, small(text, at + 6, 2)?, at + 8))
        }
        4 => {
            let separator = byte(text, at + 4);
            // Cameras write `2022:10:06 14:54:51`.
            let two_digits = run(text, at + 5) == 2 && run(text, at + 8) == 2;
            let camera = separator == b':' && two_digits && byte(text, at + 10) == b' ';
            if !(camera || matches!(separator, b'-' | b'/' | b'.' | b'_')) {
                return None;
            }
            let (month, end) = month(line, at + 5)?;
            let day = run(text, end + 1);
            if byte(text, end) != separator || !(1..=2).contains(&day) {
                return None;
            }
            Some((year, month, small(text, end + 1, day)?, end + 1 + day))
        }
        _ => None,
    }
}

/// Parses a date that counts weeks, `2022-W40-4`, or days, `2022-279`; days only where a `T` follows, since the number
/// of a ticket looks alike.
fn counted_date(text: &[u8], at: usize) -> Option<(i16, i8, i8, usize)> {
    if run(text, at) != 4 || byte(text, at + 4) != b'-' {
        return None;
    }
    let year = i16::try_from(number(text, at, 4).filter(|year| is_year(*year))?).ok()?;
    if byte(text, at + 5) == b'W' {
        let shape = run(text, at + 6) == 2 && byte(text, at + 8) == b'-' && run(text, at + 9) == 1;
        let (year, month, day) = of_week(year, small(text, at + 6, 2)?, small(text, at + 9, 1)?)?;
        return shape.then_some((year, month, day, at + 10));
    }
    let shape = run(text, at + 5) == 3 && byte(text, at + 8) == b'T';
    let (month, day) = of_day(year, i16::try_from(number(text, at + 5, 3)?).ok()?)?;
    shape.then_some((year, month, day, at + 8))
}

/// Parses the number or the name of a month.
fn month(line: &str, at: usize) -> Option<(i8, usize)> {
    let text = line.as_bytes();
    let digits = run(text, at);
    if (1..=2).contains(&digits) {
        return Some((small(text, at, digits)?, at + digits));
    }
    let word = line.get(at..)?.split(|letter: char| !letter.is_alphabetic()).next()?;
    Some((names::month(word)?, at + word.len()))
}

/// Returns the start of the time that follows a date.
pub(super) fn time_after(text: &[u8], end: usize) -> Option<usize> {
    const BETWEEN: [&[u8]; 14] = [
        b" - ",
        b"][",
        b"] [",
        b", ",
        b"::",
        b"  ",
        b" time=",
        b"\" time=\"",
        b" ",
        b"T",
        b"t",
        b"_",
        b"-",
        b":",
    ];
    if byte(text, end).is_ascii_digit() {
        return Some(end);
    }
    let rest = text.get(end..)?;
    let between = BETWEEN.iter().find(|between| rest.starts_with(between))?;
    let start = end + between.len();
    byte(text, start).is_ascii_digit().then_some(start)
}

/// Parses a time with any separator. Without colons it is one only right after its date, with all its parts.
fn time(text: &[u8], at: usize, glued: bool) -> Option<(TimeOfDay, usize)> {
    let digits = run(text, at);
    let part = |from: usize| small(text, from, 2);
    let separator = byte(text, at + digits);
    let (time, end) = match (digits, separator) {
        (6 | 9, _) => {
            let (mut nanos, mut end) = fraction(text, at + 6);
            if digits == 9 {
                (nanos, end) = (u32::try_from(number(text, at + 6, 3)? * 1_000_000).ok()?, at + 9);
            }
            (TimeOfDay::new(part(at)?, part(at + 2)?, part(at + 4)?, nanos)?, end)
        }
        (1..=2, b':') => {
            let (time, end) = time_of_day(text, at)?;
            // structlog once wrote `07:00.35`.
            if end - at == digits + 3 && byte(text, end) == b'.' && run(text, end + 1) == 2 {
                (TimeOfDay::new(time.hour, time.minute, part(end + 1)?, 0)?, end + 3)
            } else {
                (time, end)
            }
        }
        (2, b'-' | b'_' | b'.' | b'h') if glued || separator == b'.' => separated(text, at, separator)?,
        _ => return None,
    };
    let next = byte(text, end);
    let goes_on = next.is_ascii_digit()
        || (next.is_ascii_alphabetic() && !matches!(next, b'Z' | b'z'))
        || (matches!(next, b':' | b'.') && byte(text, end + 1).is_ascii_digit());
    (!goes_on).then_some((time, end))
}

/// Parses `14-54-51`, `14_54_51`, `14.54.51` or `14h54m51s`, perhaps with a fraction after the same separator.
fn separated(text: &[u8], at: usize, separator: u8) -> Option<(TimeOfDay, usize)> {
    let part = |from: usize| small(text, from, 2);
    let second = if separator == b'h' { b'm' } else { separator };
    if run(text, at + 3) != 2 {
        return None;
    }
    // Hour and minute are enough if they are joined otherwise than a date.
    if byte(text, at + 5) != second || run(text, at + 6) != 2 {
        let joined = byte(text, at.checked_sub(1)?);
        let alone = matches!(joined, b'_' | b'T') && joined != separator && matches!(separator, b'-' | b'h');
        let end = at + 5 + usize::from(separator == b'h' && byte(text, at + 5) == b'm');
        return Some((TimeOfDay::new(part(at)?, part(at + 3)?, 0, 0)?, end)).filter(|_| alone);
    }
    let mut end = at + 8;
    let mut nanos = 0;
    let digits = run(text, end + 1);
    if matches!(byte(text, end), b'.' | b',' | b'-' | b'_') && matches!(digits, 3 | 6) {
        nanos = u32::try_from(number(text, end + 1, digits)? * if digits == 3 { 1_000_000 } else { 1_000 })
            .ok()?;
        end += 1 + digits;
    }
    end += usize::from(separator == b'h' && byte(text, end) == b's');
    Some((TimeOfDay::new(part(at)?, part(at + 3)?, part(at + 6)?, nanos)?, end))
}
