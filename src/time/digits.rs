//! The parts of a time that are made of digits. All work on bytes and a position, and allocate nothing.

use super::calendar::NANOS;
use super::civil::{TimeOfDay, Zone};

/// Returns the byte at a position; 0 after the end.
pub(super) fn byte(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}

/// Returns the number of digits at a position.
pub(super) fn run(text: &[u8], at: usize) -> usize {
    text.get(at..).map_or(0, |rest| rest.iter().take_while(|b| b.is_ascii_digit()).count())
}

/// Whether a colon is one of a time of day, and not that of an address and a port, `10.0.0.1:4000`.
pub(super) fn is_time_colon(text: &[u8], colon: usize) -> bool {
    let before = text.get(..colon).unwrap_or(&[]);
    let digits = before.iter().rev().take(3).take_while(|b| b.is_ascii_digit()).count();
    let sign_before = before.len().checked_sub(digits + 1).map_or(0, |at| byte(before, at));
    digits > 0 && sign_before != b'.' && (1..=2).contains(&run(text, colon + 1))
}

/// Returns the number that `count` digits at a position make; `None` if one of them is none, or the number is too
/// large.
pub(super) fn number(text: &[u8], at: usize, count: usize) -> Option<i64> {
    let digits = text.get(at..at.checked_add(count)?)?;
    digits.iter().try_fold(0_i64, |sum, digit| {
        let digit = digit.is_ascii_digit().then(|| i64::from(digit - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    })
}

/// Returns the number of a few digits, as small as all parts of a date but the year.
pub(super) fn small(text: &[u8], at: usize, count: usize) -> Option<i8> {
    i8::try_from(number(text, at, count)?).ok()
}

/// Parses the common shape `2024-05-23 11:56:35`, also with `T` or `_` between; returns year, month, day, time and
/// where it ends.
pub(super) fn iso(text: &[u8], at: usize) -> Option<(i16, i8, i8, TimeOfDay, usize)> {
    let shape = text.get(at..at + 19)?;
    let separators = shape[4] == b'-'
        && shape[7] == b'-'
        && matches!(shape[10], b'T' | b' ' | b'_' | b't')
        && shape[13] == b':'
        && shape[16] == b':';
    if !separators {
        return None;
    }
    let year = i16::try_from(number(shape, 0, 4)?).ok()?;
    let (month, day) = (small(shape, 5, 2)?, small(shape, 8, 2)?);
    let (nanos, end) = fraction(text, at + 19);
    let time = TimeOfDay::new(small(shape, 11, 2)?, small(shape, 14, 2)?, small(shape, 17, 2)?, nanos)?;
    (!byte(text, end).is_ascii_digit()).then_some((year, month, day, time, end))
}

/// Parses a fraction of a second with `.` or `,`; returns nanoseconds, 0 if there is none, and where it ends.
pub(super) fn fraction(text: &[u8], at: usize) -> (u32, usize) {
    let digits = match byte(text, at) {
        b'.' => run(text, at + 1),
        // In a table the next column may follow.
        b',' => {
            let digits = run(text, at + 1);
            let next = byte(text, at + 1 + digits);
            let fits = matches!(digits, 3 | 6 | 9) && next != b'.';
            if fits || matches!(next, b'Z' | b'z' | b'+' | b'-') { digits } else { 0 }
        }
        // `11:56:35:123`, as some loggers write milliseconds.
        b':' if run(text, at + 1) == 3 => 3,
        _ => 0,
    };
    if digits == 0 {
        return (0, at);
    }
    let kept = digits.min(9);
    let mut nanos = number(text, at + 1, kept).unwrap_or(0);
    for _ in kept..9 {
        nanos *= 10;
    }
    (u32::try_from(nanos).unwrap_or(0), at + 1 + digits)
}

/// Parses a time of day `11:56`, `11:56:35` or `11:56:35.329`; returns where it ends.
pub(super) fn time_of_day(text: &[u8], at: usize) -> Option<(TimeOfDay, usize)> {
    let hours = run(text, at);
    if !(1..=2).contains(&hours) || byte(text, at + hours) != b':' || run(text, at + hours + 1) != 2 {
        return None;
    }
    let (hour, minute) = (small(text, at, hours)?, small(text, at + hours + 1, 2)?);
    let end = at + hours + 3;
    if byte(text, end) != b':' || run(text, end + 1) != 2 {
        return Some((TimeOfDay::new(hour, minute, 0, 0)?, end));
    }
    let (nanos, end_of_fraction) = fraction(text, end + 3);
    Some((TimeOfDay::new(hour, minute, small(text, end + 1, 2)?, nanos)?, end_of_fraction))
}

/// Parses an offset `+02`, `+0200`, `+02:00` or `+2`; returns seconds, and where it ends.
pub(super) fn offset(text: &[u8], at: usize) -> Option<(i32, usize)> {
    let sign = match byte(text, at) {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = run(text, at + 1);
    let (hours, minutes, end) = match digits {
        1 | 2 if byte(text, at + 1 + digits) == b':' && run(text, at + 2 + digits) == 2 => {
            (number(text, at + 1, digits)?, number(text, at + 2 + digits, 2)?, at + 4 + digits)
        }
        1 | 2 => (number(text, at + 1, digits)?, 0, at + 1 + digits),
        4 => (number(text, at + 1, 2)?, number(text, at + 3, 2)?, at + 5),
        _ => return None,
    };
    if hours > 14 || minutes > 59 || byte(text, end).is_ascii_alphanumeric() || byte(text, end) == b':' {
        return None;
    }
    Some((sign * i32::try_from(hours * 3600 + minutes * 60).ok()?, end))
}

/// Parses a zone without a gap before it: `Z`, `+00:00`, `-0500`; returns where it ends.
pub(super) fn zone_close_by(text: &[u8], at: usize) -> Option<(Zone<'static>, usize)> {
    if matches!(byte(text, at), b'Z' | b'z') && !byte(text, at + 1).is_ascii_alphanumeric() {
        return Some((Zone::Offset(0), at + 1));
    }
    // A single digit is no offset here: `11:56:35-1` counts something.
    let (offset, end) = offset(text, at)?;
    (end - at >= 3).then_some((Zone::Offset(offset), end))
}

/// From 2010 to the day when 32 bits run out. Numbers of ten digits outside of it are bytes, not seconds
/// (2 GiB is just after it, 1 GiB before).
const EPOCH: std::ops::RangeInclusive<i64> = 1_262_304_000..=2_147_483_647;

/// The start of the year 2200 in seconds: no log is of a later time.
pub(super) const END_OF_TIME: i64 = 7_258_118_400;

/// Parses seconds since 1970, perhaps with a fraction, or milli-, micro- or nanoseconds; returns nanoseconds, and the
/// end of the number.
pub(super) fn epoch(text: &[u8], at: usize) -> Option<(i64, usize)> {
    let marked = byte(text, at) == b'@';
    let at = at + usize::from(marked);
    let digits = run(text, at);
    let end = at + digits;
    let (whole, nanos, end) = match digits {
        10 => {
            let (nanos, end) = if byte(text, end) == b'.' { fraction(text, end) } else { (0, end) };
            (number(text, at, 10)?, nanos, end)
        }
        13 => (number(text, at, 10)?, 1_000_000 * u32::try_from(number(text, at + 10, 3)?).ok()?, end),
        16 => (number(text, at, 10)?, 1_000 * u32::try_from(number(text, at + 10, 6)?).ok()?, end),
        19 => (number(text, at, 10)?, u32::try_from(number(text, at + 10, 9)?).ok()?, end),
        1..=9 if marked => (number(text, at, digits)?, 0, end),
        _ => return None,
    };
    let within = (marked && whole < END_OF_TIME) || EPOCH.contains(&whole);
    let next = byte(text, end);
    let whole_number = !next.is_ascii_alphanumeric() && !matches!(next, b'.' | b'_' | b'-' | b'%' | b'/');
    (within && whole_number).then(|| (whole * NANOS + i64::from(nanos), end))
}

/// Whether a number of seconds, as JSON has it, can be a time.
pub(super) fn is_epoch(seconds: f64) -> bool {
    #[allow(clippy::cast_precision_loss, reason = "both ends are small")]
    (*EPOCH.start() as f64..=*EPOCH.end() as f64).contains(&seconds)
}
