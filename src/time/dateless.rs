//! Times without a date: a time of day, and the time since a start.

use super::calendar::NANOS;
use super::civil::{TimeOfDay, Written, Zone};
use super::digits::{byte, fraction, number, run, small, time_of_day, zone_close_by};
use super::zones;

/// Parses a time of day: `07:00:00.123`, `02:52:49Z`, `7:00AM`, `14:54`; returns where it ends.
///
/// Hour and minute alone are one only if two digits each stand alone.
pub(super) fn time_alone(line: &str, at: usize) -> Option<(Written<'_>, usize)> {
    if let Some((time, end)) = counted_time(line, at) {
        return Some((Written::Clock { time, zone: Zone::None }, end));
    }
    let text = line.as_bytes();
    let hours = run(text, at);
    let (time, mut end) = time_of_day(text, at)?;
    let has_seconds = byte(text, at + hours + 3) == b':';
    let mut time = Some(time);
    let half = usize::from(byte(text, end) == b' ') + end;
    let afternoon = match text.get(half..half + 2) {
        Some(b"AM" | b"am") => Some(false),
        Some(b"PM" | b"pm") => Some(true),
        _ => None,
    };
    if let Some(afternoon) = afternoon.filter(|_| !byte(text, half + 2).is_ascii_alphanumeric()) {
        (time, end) = (time.and_then(|time| time.twelve_hours(afternoon)), half + 2);
    } else if hours != 2 {
        return None;
    }
    let mut zone = Zone::None;
    // `12:30-13:00` is a stretch of time.
    let zone_follows = has_seconds || matches!(byte(text, end), b'Z' | b'z');
    if let Some((offset, after)) = zone_close_by(text, end).filter(|_| zone_follows) {
        (zone, end) = (offset, after);
    } else if let Some(word) = zone_word(line, end) {
        (zone, end) = (Zone::Word(word), end + 1 + word.len());
    }
    let next = byte(text, end);
    let ends = match next {
        0 | b' ' | b'\t' | b']' | b')' | b',' | b'|' | b'"' | b'\'' | b'>' | b';' => true,
        b':' => matches!(byte(text, end + 1), 0 | b' '),
        b'[' | b'<' | b'{' | b'-' | b'=' => has_seconds && !byte(text, end + 1).is_ascii_digit(),
        _ => false,
    };
    ends.then_some((Written::Clock { time: time?, zone }, end))
}

/// Parses `10時34分08秒`, as Chinese, Japanese and Korean machines write it: `10时34分08秒`, `10시 34분 08초`.
fn counted_time(line: &str, at: usize) -> Option<(TimeOfDay, usize)> {
    const UNITS: [[char; 3]; 3] = [['時', '时', '시'], ['分', '分', '분'], ['秒', '秒', '초']];
    let mut rest = line.get(at..)?;
    let mut parts = [0; 3];
    for (part, units) in parts.iter_mut().zip(UNITS) {
        rest = rest.strip_prefix(' ').unwrap_or(rest);
        let digits = run(rest.as_bytes(), 0);
        *part = small(rest.as_bytes(), 0, digits).filter(|_| digits <= 2)?;
        rest = rest.get(digits..)?.strip_prefix(units)?;
    }
    let [hour, minute, second] = parts;
    Some((TimeOfDay::new(hour, minute, second, 0)?, line.len() - rest.len()))
}

/// Returns the zone word after a blank.
fn zone_word(line: &str, end: usize) -> Option<&str> {
    let rest = line.get(end..)?.strip_prefix(' ')?;
    let word = rest.get(..rest.bytes().take_while(u8::is_ascii_alphabetic).count())?;
    let alone = word.len() >= 3 && word.bytes().all(|letter| letter.is_ascii_uppercase());
    (alone && zones::lookup(word, false).is_some()).then_some(word)
}

/// Parses the time since a start at the head of a line: `600s`, `+12.5s`, `1h2m3s`, `00:10:00 elapsed`,
/// `[  160.123456]`, `[0.123s]`; returns nanoseconds, and where it ends.
pub(super) fn elapsed(text: &[u8], at: usize) -> Option<(i64, usize)> {
    if let Some(found) = in_brackets(text, at) {
        return Some(found);
    }
    let start = at + usize::from(byte(text, at) == b'+');
    let (nanos, end) = match hours_minutes_seconds(text, start) {
        Some((hours, nanos, end)) => {
            let word = word_after(text, end).is_some_and(|word| word.eq_ignore_ascii_case(b"elapsed"));
            (word || start > at || hours > 23).then_some((nanos, end))?
        }
        None => amount(text, start)?,
    };
    Some((nanos, after_elapsed(text, end)))
}

/// Parses the time since a start after a label such as `t=`, `elapsed: ` or `T+`; a number without unit is seconds if
/// `bare` allows it.
pub(super) fn labelled_elapsed(text: &[u8], at: usize, bare: bool) -> Option<(i64, usize)> {
    let start = at + usize::from(byte(text, at) == b'+');
    if let Some((_, nanos, end)) = hours_minutes_seconds(text, start) {
        return Some((nanos, end));
    }
    if let Some(found) = amount(text, start) {
        return Some(found);
    }
    let (nanos, end) = decimal(text, start)?;
    let has_fraction = text.get(start..end)?.contains(&b'.');
    let ends = !byte(text, end).is_ascii_alphanumeric()
        && !matches!(byte(text, end), b'.' | b':' | b'%' | b'/' | b'-');
    // A number that may be a date or bytes is no small count of seconds.
    (ends && (bare || has_fraction) && nanos < 1_000_000_000 * NANOS).then_some((nanos, end))
}

/// Parses a line that is a time since a start: `600s`, `2 hours`, `Day 2`, `after 10 minutes`, `T+00:10:00`, or the two
/// numbers of `/proc/uptime`.
pub(super) fn elapsed_line(line: &str) -> Option<i64> {
    if let Some(nanos) = proc_uptime(line) {
        return Some(nanos);
    }
    let lower = line.trim_end_matches([':', '.']).to_ascii_lowercase();
    let rest = lower.strip_prefix("after ").unwrap_or(&lower);
    let rest = ["later", "in", "elapsed", "passed"].iter().fold(rest, |rest, word| {
        rest.strip_suffix(word).and_then(|rest| rest.strip_suffix(' ')).unwrap_or(rest)
    });
    if let Some((word, count)) = rest.split_once(' ')
        && let Some(unit) = unit(word.as_bytes()).filter(|_| word.len() > 1 && !word.ends_with('s'))
        && (1..=6).contains(&count.len())
        && run(count.as_bytes(), 0) == count.len()
    {
        return number(count.as_bytes(), 0, count.len())?.checked_mul(unit);
    }
    let text = rest.as_bytes();
    let label = rest.starts_with("t+") || rest.starts_with("t=");
    let (nanos, end) = if label { labelled_elapsed(text, 2, true)? } else { elapsed(text, 0)? };
    (end == text.len()).then_some(nanos)
}

/// `12345.67 98765.43` of `/proc/uptime`: seconds since the start, and those in which all processors were idle.
fn proc_uptime(line: &str) -> Option<i64> {
    let (uptime, idle) = line.split_once(' ')?;
    let has_hundredths =
        |number: &str| number.split_once('.').is_some_and(|(_, fraction)| fraction.len() == 2);
    let whole = |number: &str| {
        decimal(number.as_bytes(), 0).filter(|(_, end)| *end == number.len() && has_hundredths(number))
    };
    whole(idle)?;
    Some(whole(uptime)?.0)
}

/// `[160.123456]` of the kernel, `[12.345]` of X, `[0.123s]` of Java: the number is not in the first place of a list.
fn in_brackets(text: &[u8], at: usize) -> Option<(i64, usize)> {
    if at == 0 || !text.get(..at)?.trim_ascii_end().ends_with(b"[") {
        return None;
    }
    let (nanos, end) = decimal(text, at)?;
    let decimals = text.get(at..end)?.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let has_fraction = text.get(at..end)?.contains(&b'.') && (3..=9).contains(&decimals);
    let end = end + usize::from(byte(text, end) == b's');
    (has_fraction && byte(text, end) == b']').then_some((nanos, end))
}

/// Parses `10:00:00`, hours beyond a day included; returns the hours, nanoseconds, and where it ends.
fn hours_minutes_seconds(text: &[u8], at: usize) -> Option<(i64, i64, usize)> {
    let digits = run(text, at);
    let minute = at + digits + 1;
    let shape = (1..=4).contains(&digits)
        && byte(text, minute - 1) == b':'
        && run(text, minute) == 2
        && byte(text, minute + 2) == b':'
        && run(text, minute + 3) == 2;
    if !shape {
        return None;
    }
    let (hours, minutes, seconds) =
        (number(text, at, digits)?, number(text, minute, 2)?, number(text, minute + 3, 2)?);
    let (nanos, end) = fraction(text, minute + 5);
    let exists =
        minutes < 60 && seconds < 60 && byte(text, end) != b':' && !byte(text, end).is_ascii_alphanumeric();
    exists.then(|| (hours, ((hours * 60 + minutes) * 60 + seconds) * NANOS + i64::from(nanos), end))
}

/// Parses amounts with units, from the largest unit to the smallest: `600s`, `1h2m3s`, `1 hour 5 min`.
fn amount(text: &[u8], at: usize) -> Option<(i64, usize)> {
    let mut sum = 0_i64;
    let mut end = at;
    let mut last_unit = i64::MAX;
    loop {
        let start = end + usize::from(end > at && byte(text, end) == b' ');
        let Some((count, after)) = decimal(text, start) else { break };
        let after = after + usize::from(byte(text, after) == b' ');
        let letters = text.get(after..)?.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let Some(unit) = unit(text.get(after..after + letters)?).filter(|unit| *unit < last_unit) else {
            break;
        };
        let after = after + letters;
        // `1h2m3s`: the next amount may follow without a blank.
        if matches!(byte(text, after), b'_' | b'/' | b'-' | b'%' | b'(') {
            break;
        }
        // Nanoseconds of a count: the whole and the fraction by themselves, so that neither overflows.
        let whole = (count / NANOS).checked_mul(unit)?;
        let part = i64::try_from(i128::from(count % NANOS) * i128::from(unit) / i128::from(NANOS)).ok()?;
        sum = sum.checked_add(whole)?.checked_add(part)?;
        (end, last_unit) = (after, unit);
    }
    (end > at).then_some((sum, end))
}

/// Returns the nanoseconds of a unit.
fn unit(word: &[u8]) -> Option<i64> {
    Some(match word {
        b"ms" | b"msec" | b"millis" | b"milliseconds" => NANOS / 1000,
        b"s" | b"sec" | b"secs" | b"second" | b"seconds" => NANOS,
        b"m" | b"min" | b"mins" | b"minute" | b"minutes" => 60 * NANOS,
        b"h" | b"hr" | b"hrs" | b"hour" | b"hours" => 3600 * NANOS,
        b"d" | b"day" | b"days" => 86_400 * NANOS,
        b"week" | b"weeks" => 7 * 86_400 * NANOS,
        _ => return None,
    })
}

/// Parses a number with an optional fraction, in thousand-millionths.
fn decimal(text: &[u8], at: usize) -> Option<(i64, usize)> {
    let digits = run(text, at);
    if !(1..=9).contains(&digits) {
        return None;
    }
    let whole = number(text, at, digits)?;
    let end = at + digits;
    if byte(text, end) != b'.' || !byte(text, end + 1).is_ascii_digit() {
        return Some((whole * NANOS, end));
    }
    let (nanos, end) = fraction(text, end);
    Some((whole * NANOS + i64::from(nanos), end))
}

/// Returns where the word `elapsed` ends, if it follows.
fn after_elapsed(text: &[u8], end: usize) -> usize {
    match word_after(text, end) {
        Some(word) if word.eq_ignore_ascii_case(b"elapsed") => end + 1 + word.len(),
        _ => end,
    }
}

fn word_after(text: &[u8], end: usize) -> Option<&[u8]> {
    let rest = text.get(end..)?.strip_prefix(b" ")?;
    rest.get(..rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count())
}
