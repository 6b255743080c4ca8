//! Lines between records that tell of the lists: headings, lines left out, records that were cut before their size.

/// A record that a pager or a terminal cut before its size ends so, and nothing else does.
const CUT_WORDS: [&str; 6] = ["size=", "size", "siz", "si", "s", ""];
/// Marks of a pager, a terminal or a web page for the rest of a line.
const CUT_MARKS: [&str; 8] = ["<truncated>", "[truncated]", "(truncated)", "[...]", "[…]", "...", "…", ">"];
/// A line that stands for lines that are left out begins with one of these, …
const OMISSION_MARKS: [&str; 8] = ["...", "…", "⋮", "[", "(", "<", "--", "***"];
/// … and has one of these words, …
const OMISSION_WORDS: [&str; 7] = ["truncated", "snip", "snipped", "more", "omitted", "skipped", "cut"];
/// … perhaps with some of these.
const BESIDE_OMISSION: [&str; 6] = ["line", "lines", "output", "and", "entries", "left"];
/// Longer lines are text.
const LONGEST_OMISSION: usize = 60;

/// The heading of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heading {
    /// The byte at which its first word begins.
    pub start: usize,
    /// The length that it declares.
    pub declared: Option<u32>,
}

/// Returns the heading that a line is: `[ Top 10 differences ]`.
#[must_use]
pub fn top_heading(line: &str) -> Option<Heading> {
    let bytes = line.as_bytes();
    let mut from = 0;
    while let Some(at) =
        bytes[from..].windows(3).position(|w| w.eq_ignore_ascii_case(b"top")).map(|p| p + from)
    {
        let is_word = |b: Option<&u8>| {
            b.is_none_or(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/')))
        };
        if is_word(at.checked_sub(1).and_then(|p| bytes.get(p))) && is_word(bytes.get(at + 3)) {
            let digits: String =
                line[at + 3..].trim_start().chars().take_while(char::is_ascii_digit).collect();
            return Some(Heading { start: at, declared: digits.parse().ok() });
        }
        from = at + 3;
    }
    None
}

/// Returns whether a line, without its prefix, stands for lines that are left out: `...`, `[…]`, `(truncated)`,
/// `--More--(42%)`, `... 12 more lines ...`.
#[must_use]
pub fn is_omission(line: &str) -> bool {
    let line = line.trim();
    if line.len() > LONGEST_OMISSION || !OMISSION_MARKS.iter().any(|mark| line.starts_with(mark)) {
        return false;
    }
    let mut words = line.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).peekable();
    if words.peek().is_none() {
        let bare = line.trim_matches(['[', ']', '(', ')', '<', '>', ' ']);
        return matches!(bare, "..." | "…" | "⋮");
    }
    let is = |known: &[&str], word: &str| known.iter().any(|known| known.eq_ignore_ascii_case(word));
    let (mut said, mut other) = (false, false);
    for word in words {
        said |= is(&OMISSION_WORDS, word);
        other |= !is(&OMISSION_WORDS, word) && !is(&BESIDE_OMISSION, word);
    }
    said && !other
}

/// Returns a text without the mark of a pager, a terminal or a web page for the rest of a line, and whether it had one.
#[must_use]
pub fn without_cut_mark(text: &str) -> (&str, bool) {
    let cut = CUT_MARKS.iter().find_map(|mark| text.strip_suffix(mark));
    (cut.unwrap_or(text), cut.is_some())
}

/// Returns the byte at which a record breaks off before its size: `app/c.py:258: s>`. A line that
/// is not `ended` is the last of its source, and may break off within the size.
#[must_use]
pub fn cut_before_size(line: &str, ended: bool) -> Option<usize> {
    let (rest, marked) = without_cut_mark(line.trim_end());
    let digits = rest.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let rest = if ended || !digits.ends_with(" size=") { rest } else { digits };
    CUT_WORDS.iter().filter(|word| marked || !word.is_empty()).find_map(|word| {
        let site = rest.strip_suffix(word)?;
        let (file, number) = site.trim_end().strip_suffix(':')?.rsplit_once(':')?;
        let blank = site.ends_with(' ') || word.is_empty();
        let path = file.rsplit(' ').next().unwrap_or_default().contains(['.', '/', '\\', '>']);
        let named = path && number.bytes().all(|b| b.is_ascii_digit());
        (blank && named && !number.is_empty()).then_some(rest.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_declare_a_length() {
        for (line, expected) in [
            ("[ Top 10 differences ]", Some(Some(10))),
            ("TOP 3 lines", Some(Some(3))),
            ("内存 Top 10", Some(Some(10))),
            ("[ Top differences ]", Some(None)),
            ("laptop 10, stop 3, top_stats, /top", None),
            ("", None),
        ] {
            assert_eq!(top_heading(line).map(|heading| heading.declared), expected, "{line}");
        }
    }

    #[test]
    fn lines_that_stand_for_others() {
        for (line, expected) in [
            ("...", true),
            ("   … ", true),
            ("[...]", true),
            ("(truncated)", true),
            ("<truncated>", true),
            ("-- more --", true),
            ("--More--(42%)", true),
            ("[ 12 lines omitted ]", true),
            ("... 12 more lines ...", true),
            ("... and 3 more", true),
            ("", false),
            ("more", false),
            ("- skipped", false),
            ("......", false),
            ("---", false),
            ("...     print(stat)", false),
            ("... loading the model", false),
            ("[12:00] cut the rope", false),
        ] {
            assert_eq!(is_omission(line), expected, "{line}");
        }
    }

    #[test]
    fn records_that_were_cut_before_their_size() {
        for (line, ended, expected) in [
            ("app/c.py:258: s>", true, Some(15)),
            ("May 06 07:00:00 host svc[12]: app/c.py:258: size=…", true, Some(49)),
            ("app/c.py:258: si", true, Some(16)),
            ("app/c.py:258:>", true, Some(13)),
            ("app/c.py:258: size=11", false, Some(19)),
            ("app/c.py:258: size=11", true, None),
            ("app/c.py:258:", true, None),
            ("app/c.py:258: started", true, None),
            ("app/c.py: s>", true, None),
            ("12:00: s", true, None),
        ] {
            assert_eq!(cut_before_size(line, ended), expected, "{line}");
        }
    }
}
