//! Escape sequences of terminals, which `grep --color` and coloured logs leave in what people save.

use std::borrow::Cow;

const ESCAPE: char = '\u{1b}';

/// The text without escape sequences, line by line: a sequence that is never ended hurts no line but its own, and
/// lines keep their numbers.
#[must_use]
pub fn without_escapes(text: &str) -> Cow<'_, str> {
    if memchr::memchr(ESCAPE as u8, text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if line.contains(ESCAPE) {
            push_plain(&mut plain, line);
        } else {
            plain.push_str(line);
        }
    }
    Cow::Owned(plain)
}

/// Adds a line without its sequences. Of one that is not ended in the line (a title without its bell) only the
/// beginning is taken away, so that what follows is read, or told as unreadable.
fn push_plain(plain: &mut String, line: &str) {
    let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
    let unended = line
        .rfind("\u{1b}]")
        .filter(|&at| !line[at..].contains(['\u{7}', '\u{9c}']) && !line[at..].contains("\u{1b}\\"));
    let (ended, rest) = unended.map_or((line, ""), |at| (&line[..at], &line[at + 2..]));
    for part in anstream::adapter::strip_str(ended) {
        plain.push_str(part);
    }
    plain.push_str(rest);
    plain.push_str(end);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_go_and_lines_stay() {
        for (text, plain) in [
            ("RssAnon: 5 kB\n", "RssAnon: 5 kB\n"),
            ("\u{1b}[01;31m\u{1b}[KRssAnon\u{1b}[m\u{1b}[K:\t 5 kB\r\n", "RssAnon:\t 5 kB\r\n"),
            ("\u{1b}]0;title\u{7}RssAnon: 5 kB", "RssAnon: 5 kB"),
            ("\u{1b}]8;;file:///x\u{1b}\\x.py:3\u{1b}]8;;\u{1b}\\: size=3 B", "x.py:3: size=3 B"),
            ("a\n\u{1b}]RssAnon: 5 kB\nRssAnon: 6 kB\n", "a\nRssAnon: 5 kB\nRssAnon: 6 kB\n"),
            ("\u{1b}", ""),
            ("", ""),
        ] {
            assert_eq!(without_escapes(text), plain, "{text:?}");
            assert_eq!(without_escapes(text).matches('\n').count(), text.matches('\n').count(), "{text:?}");
        }
    }
}
