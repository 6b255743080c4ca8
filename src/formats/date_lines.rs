//! Lines that give the time of the records below them: a date alone, decorated, after a label, in the header of
//! `watch`, or with one word after it.

use std::borrow::Cow;

use memchr::memchr_iter;

use crate::model::TimeRef;
use crate::time::Timestamps;

/// A longer line is no date with a decoration.
const LONGEST: usize = 160;

/// A line that is a date.
#[derive(Debug, PartialEq, Eq)]
pub struct DateLine<'a> {
    /// The time.
    pub time: TimeRef,
    /// The rest of the line, where it has another meaning as well: the command of `watch`, after a prompt; a name.
    pub rest: Option<Cow<'a, str>>,
}

/// Returns the date of a line, if it is one.
pub fn date_line<'a>(line: &'a str, timestamps: &mut Timestamps) -> Option<DateLine<'a>> {
    if line.len() > LONGEST || !line.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let text = line.trim_start_matches([' ', '\t', '>', '|', '\u{a0}']).trim_end();
    let whole = |time| DateLine { time, rest: None };
    if let Some((command, date)) = watch(text)
        && let Some(time) = timestamps.date_line(date)
    {
        return Some(DateLine { time, rest: Some(Cow::Owned(format!("$ {}", command.trim()))) });
    }
    if let Some(time) = timestamps.date_line(text) {
        return Some(whole(time));
    }
    let bare = undecorated(text);
    if bare.len() < text.len()
        && let Some(time) = timestamps.date_line(bare)
    {
        return Some(whole(time));
    }
    // `Thu May 23 11:56:35 UTC 2024 pod-a`: other stamped lines leave no trace.
    if !text.contains(':') {
        return None;
    }
    let stamp = timestamps.stamp_if(line, is_name)?;
    let rest = line.get(stamp.end..).map(str::trim).map(Cow::Borrowed);
    Some(DateLine { time: stamp.time, rest })
}

/// Whether a text is one word that may be a name.
fn is_name(text: &str) -> bool {
    let word = text.trim();
    !word.contains(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '{'))
        && word.starts_with(char::is_alphabetic)
        && !word.ends_with(['.', '!', '?', ';', ','])
}

/// Returns a date without decoration or label: `=== … ===`, `[…]`, `Time: …`.
fn undecorated(text: &str) -> &str {
    let bare = text.trim_matches(|c: char| "=-*#~<>[]|_ \t".contains(c)).trim_end_matches(':');
    let label = ["date", "time", "timestamp", "at"].iter().find(|label| {
        bare.get(..label.len()).is_some_and(|head| head.eq_ignore_ascii_case(label))
            && bare.get(label.len()..).is_some_and(|rest| rest.starts_with([':', '=', ' ']))
    });
    label.map_or(bare, |label| bare.get(label.len() + 1..).unwrap_or("").trim())
}

/// The longest text before the `s: ` of a header of `watch`, in bytes.
const LONGEST_INTERVAL: usize = 23;

/// Returns command and date of a header of `watch`: `Every 2.0s: COMMAND      HOST: DATE`.
fn watch(line: &str) -> Option<(&str, &str)> {
    // An interval has less than 24 bytes: no long line need be searched.
    let head = line.as_bytes().get(..LONGEST_INTERVAL + 3).unwrap_or(line.as_bytes());
    let ends =
        |colon: &usize| head.get(colon + 1) == Some(&b' ') && head.get(colon.wrapping_sub(1)) == Some(&b's');
    let end = memchr_iter(b':', head).find(ends)? - 1;
    let (interval, rest) = (line.get(..end)?, line.get(end + 3..)?);
    let number = interval.rsplit(' ').next()?;
    let is_interval = number.starts_with(|c: char| c.is_ascii_digit());
    // The date is set to the right end of the line, after the host's name.
    let (command, host_and_date) = rest.rsplit_once("  ").filter(|_| is_interval)?;
    if let Some((_, date)) = host_and_date.split_once(": ") {
        return Some((command, date));
    }
    // A date of one digit has two spaces inside: `titan: Sat Feb  7 23:12:18 2026`.
    let (command, host) = command.rsplit_once("  ")?;
    let date = host.split_once(": ").and_then(|(host, _)| rest.get(rest.find(host)? + host.len() + 2..))?;
    Some((command, date))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn lines_give_the_time_of_what_stands_below() {
        for (line, expected) in [
            ("Thu May 23 11:56:35 UTC 2024", Some(None)),
            ("=== 2024-05-23 11:56:35 ===", Some(None)),
            ("> [2024-05-23T11:56:35Z]", Some(None)),
            ("Date: Thu May 23 11:56:35 UTC 2024", Some(None)),
            ("Thu May 23 11:56:35 UTC 2024 pod-a", Some(Some("pod-a"))),
            (
                "Every 2.0s: grep Rss /proc/1/status      titan: Sat Feb  7 23:12:18 2026",
                Some(Some("$ grep Rss /proc/1/status")),
            ),
            ("2024-05-23 11:56:35 INFO started", None),
            ("RssAnon:   941804 kB", None),
            ("=== pod-1 ===", None),
        ] {
            let found = date_line(line, &mut Timestamps::new());
            let rest = found.map(|found| found.rest.map(Cow::into_owned));
            assert_eq!(rest, expected.map(|rest| rest.map(str::to_owned)), "{line}");
        }
    }
}
