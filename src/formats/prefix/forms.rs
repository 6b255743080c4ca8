//! The forms of words: numbers, times, paths.

use super::words;

/// Returns what stands before the first word that is a part of a time.
pub(super) fn before_time(text: &str) -> &str {
    // Most stamps begin with a year.
    let first = text.bytes().position(|b| !matches!(b, b' ' | b'[' | b'(' | b'"')).unwrap_or(0);
    let is_year = |digits: &[u8]| digits.iter().all(u8::is_ascii_digit);
    if text
        .as_bytes()
        .get(first..first + 5)
        .is_some_and(|year| is_year(&year[..4]) && matches!(year[4], b'-' | b'/'))
    {
        return text.get(..first).unwrap_or("");
    }
    let mut at = 0;
    let is_blank = |c: char| c.is_whitespace() || "[](){}<>\"'|".contains(c);
    for word in text.split_inclusive(is_blank) {
        let bare = word.trim_end_matches(is_blank).trim_end_matches([',', ':']);
        let is_epoch = bare.len() >= 9 && bare.bytes().all(|b| b.is_ascii_digit());
        let is_klog = bare.len() == 5 && bare.starts_with(['I', 'W', 'E', 'F', 'D']) && is_number(&bare[1..]);
        let label = bare.rsplit_once(['=', ':']).map_or(bare, |(_, value)| value);
        if is_epoch || is_klog || is_time(bare) || is_time(label) || is_month_or_day(bare) {
            break;
        }
        at += word.len();
    }
    text.get(..at).unwrap_or("")
}

/// Whether a text is a whole number without sign.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The process id in `/proc/12/status`, wherever in a word.
pub(super) fn pid_of_path(text: &str) -> Option<&str> {
    if !text.contains('/') {
        return None;
    }
    let (_, rest) = text.split_once("/proc/")?;
    let (pid, _) = rest.split_once('/')?;
    is_number(pid).then_some(pid)
}

/// The two parts of a word that holds two fields.
pub(super) fn parted(text: &str) -> Option<(&str, &str)> {
    if let Some((left, right)) = text.split_once('/')
        && words::Lists::of(left).is_level()
    {
        return Some((left, right));
    }
    if let Some((left, right)) = text.split_once('#')
        && is_number(left)
        && is_number(right)
    {
        return Some((left, right));
    }
    if text.contains("://") {
        return None;
    }
    let (left, right) = text.split_once(':')?;
    let all_numbers = is_number(left) && is_number(right);
    // `app.py:84` and `10.0.0.1:4000` are one.
    let is_port_or_line = is_number(right.rsplit(':').next().unwrap_or(right)) && !all_numbers;
    (!left.is_empty() && !right.is_empty() && !is_port_or_line).then_some((left, right))
}

/// Whether a word is a level of one letter, as Android and klog have them.
pub(super) fn is_short_level(word: &str) -> bool {
    matches!(word, "D" | "I" | "W" | "E" | "C" | "F" | "V")
}

pub(super) fn is_month_or_day(word: &str) -> bool {
    const NAMES: [&str; 19] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mon", "tue",
        "wed", "thu", "fri", "sat", "sun",
    ];
    word.len() == 3 && NAMES.iter().any(|name| word.eq_ignore_ascii_case(name))
}

/// Whether a word is a time, a date, a number with a fraction, or one number of several: `12:00:00,123`,
/// `2024-05-06`, `0.53`, `3/10`, `+0000`.
pub(super) fn is_time(word: &str) -> bool {
    let bytes = word.as_bytes();
    let body = word.strip_prefix(['+', '-']).unwrap_or(word);
    if !body.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    if body.len() < word.len() {
        return true;
    }
    let digits_at = |at: usize| bytes.get(at..at + 2).is_some_and(|two| two.iter().all(u8::is_ascii_digit));
    // `12:00`, anywhere in `2024-05-06T12:00:00Z`
    let has_clock = (2..bytes.len()).any(|at| {
        bytes[at] == b':'
            && digits_at(at - 2)
            && digits_at(at + 1)
            && !bytes.get(at + 3).is_some_and(u8::is_ascii_digit)
    });
    let others = word.bytes().filter(|b| !b.is_ascii_digit());
    let signs = |sign: u8| word.bytes().filter(|b| *b == sign).count();
    let only = |sign: u8, count: usize| others.clone().all(|b| b == sign) && signs(sign) == count;
    has_clock
        || only(b'.', 1)
        || only(b'/', 1)
        || only(b'-', 2)
        || only(b'/', 2)
        || (only(b'.', 2) && word.len() >= 8)
        || (word.len() >= 16 && others.clone().all(|b| b"TZ-_:.,+".contains(&b)) && others.count() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_known_by_their_form() {
        for (word, time) in [
            ("12:00:00", true),
            ("12:00:00,123", true),
            ("2024-05-06", true),
            ("06.05.2024", true),
            ("0.53", true),
            ("+0000", true),
            ("2024-05-06T12:00:00Z", true),
            ("3/10", true),
            ("20240506T120000Z", true),
            ("1201", false),
            ("10.0.0.1:4000", false),
            ("1,0", false),
            ("1201:1210", false),
            ("web-1", false),
            ("3f2a9c1b77aa", false),
            ("10.0.0.12", false),
        ] {
            assert_eq!(is_time(word), time, "{word}");
        }
    }
}
