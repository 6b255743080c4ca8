//! Times in the names of files.

use super::timestamps::Timestamps;
use crate::model::{TimeBase, TimeRef};

/// Letters of a calendar date with its separators: `2024-05-23`.
const DATE_CHARS: usize = 10;

/// Returns the time in a file's name in seconds since 1970: `2024-05-23_12-00-05.txt`, `dump.20240523T1200.log`,
/// `2024-05-23`, `1716465600.txt`. Without a zone it is UTC.
#[must_use]
pub fn time_of_file_name(path: &str) -> Option<f64> {
    let name = path.rsplit(['/', '\\']).next()?;
    let mut at = 0;
    while let Some(first) = name.get(at..).and_then(|rest| rest.find(|letter: char| letter.is_ascii_digit()))
    {
        let rest = without_ending(&name[at + first..]);
        if let Some(seconds) = time(rest).or_else(|| date_and_hyphen(rest)).or_else(|| to_the_minute(rest)) {
            return Some(seconds);
        }
        at += first + rest.bytes().take_while(u8::is_ascii_digit).count();
    }
    None
}

/// A name up to its ending, which begins with a letter.
fn without_ending(name: &str) -> &str {
    let is_ending =
        |(at, _): &(usize, &str)| name[at + 1..].starts_with(|letter: char| letter.is_ascii_alphabetic());
    name.match_indices('.').find(is_ending).map_or(name, |(at, _)| &name[..at])
}

/// A time or a date that the text begins with; a number that goes on is none.
fn time(text: &str) -> Option<f64> {
    let mut times = Timestamps::new();
    let goes_on = |end: usize| text[end..].starts_with(|letter: char| letter.is_ascii_digit());
    let stamp = times.stamp(text).filter(|stamp| stamp.start == 0 && !goes_on(stamp.end));
    let found: TimeRef = stamp.map(|stamp| stamp.time).or_else(|| times.date(text))?;
    let timeline = times.finish().timeline();
    Some(timeline.seconds(Some(found))).filter(|seconds| timeline.base == TimeBase::Utc && !seconds.is_nan())
}

/// `2024-05-23-12-00-05`.
fn date_and_hyphen(text: &str) -> Option<f64> {
    let (date, rest) = text.split_at_checked(DATE_CHARS)?;
    time(&format!("{date}T{}", rest.strip_prefix(['-', '_', '.'])?))
}

/// `20240523T1200`.
fn to_the_minute(text: &str) -> Option<f64> {
    let (date, minutes) = text.split_once(['T', '-', '_'])?;
    let shape =
        date.len() == 8 && minutes.len() == 4 && minutes.bytes().all(|letter| letter.is_ascii_digit());
    time(&format!("{text}00")).filter(|_| shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_times_in_many_forms() {
        const NOON: f64 = 1_716_465_600.0;
        for (name, expected) in [
            ("snapshots/2024-05-23_12-00-05.txt", Some(NOON + 5.0)),
            ("2024-05-23T12:00:05.txt.gz", Some(NOON + 5.0)),
            ("snap-2024-05-23_12-00.txt", Some(NOON)),
            ("2024-05-23-12-00-05.log", Some(NOON + 5.0)),
            ("C:\\dumps\\dump.20240523T1200.log", Some(NOON)),
            ("heap_20240523_120005", Some(NOON + 5.0)),
            ("20240523120005.txt", Some(NOON + 5.0)),
            ("2024-05-23.txt", Some(NOON - 43_200.0)),
            ("20240523.txt", Some(NOON - 43_200.0)),
            ("1716465600.txt", Some(NOON)),
            ("snap-1716465600500.txt", Some(NOON + 0.5)),
            ("worker-3-1716465600.txt", Some(NOON)),
            ("2024-05-23/0001.txt", None),
            ("0042.txt", None),
            ("report.0.txt", None),
            ("99999999.txt", None),
            ("2024-13-40.txt", None),
            ("build-1234567890123456.txt", None),
            ("", None),
        ] {
            assert_eq!(time_of_file_name(name), expected, "{name}");
        }
    }
}
