//! Lines amid those of other formats whose own format has no needle: they are known by their ends.

use memchr::memmem::Finder;

/// Ends of lines that may be a size with its unit, of lines that end as Unix's do and as Windows' do.
const ENDS: [[&str; 2]; 2] = [["B\n", "i\n"], ["B\r", "i\r"]];

/// Bytes of a line that may be a time, a name and a size.
const LONGEST: usize = 160;

/// Finds lines that end with a size with its unit.
#[derive(Debug)]
pub(super) struct SizeEnds([[Finder<'static>; 2]; 2]);

impl Default for SizeEnds {
    fn default() -> Self {
        Self(ENDS.map(|ends| ends.map(Finder::new)))
    }
}

impl SizeEnds {
    /// Begins the search of a text.
    pub(super) fn search(&self, text: &str) -> Search<'_> {
        let end = memchr::memchr(b'\n', text.as_bytes());
        let has_returns = end.is_some_and(|end| text[..end].ends_with('\r'));
        let finders = &self.0[usize::from(has_returns)];
        Search { finders, next: [0, 1].map(|kind| finders[kind].find(text.as_bytes())) }
    }
}

/// The search of one text, from its beginning to its end.
#[derive(Debug)]
pub(super) struct Search<'a> {
    finders: &'a [Finder<'static>; 2],
    /// The place of the next end of each kind.
    next: [Option<usize>; 2],
}

impl Search<'_> {
    /// Returns where the next line begins that ends with a size, at `at` or later. The text is the same at each call,
    /// and `at` never falls.
    pub(super) fn next_line(&mut self, text: &str, at: usize) -> Option<usize> {
        let mut first: Option<usize> = None;
        let find = |finder: &Finder<'_>, from: usize| {
            text.as_bytes().get(from..).and_then(|rest| finder.find(rest)).map(|end| from + end)
        };
        for (finder, next) in self.finders.iter().zip(&mut self.next) {
            if next.is_some_and(|end| end < at) {
                *next = find(finder, at);
            }
            while let Some(end) = next.filter(|end| !is_size(text.as_bytes(), at, *end)) {
                *next = find(finder, end + 1);
            }
            first = match (first, *next) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        let end = first?;
        Some(memchr::memrchr(b'\n', &text.as_bytes()[at..end]).map_or(at, |end| at + end + 1))
    }
}

/// Whether a size stands before the last letter of its unit, at `end`, in a line of moderate length; the text before
/// `at` is no part of the line.
fn is_size(text: &[u8], at: usize, end: usize) -> bool {
    let before = text.get(at.max(end.saturating_sub(LONGEST))..end).unwrap_or_default();
    let begins = end - before.len() == at || before.contains(&b'\n');
    let unit =
        if text.get(end) == Some(&b'B') { before.strip_suffix(b"i").unwrap_or(before) } else { before };
    let number = match unit {
        [number @ .., b' ', b'M' | b'G'] => number,
        [number @ .., prefix] if b"kKMGT".contains(prefix) => number,
        _ => return false,
    };
    begins && number.last().is_some_and(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::SizeEnds;

    #[test]
    fn lines_are_found_by_their_ends() {
        let ends = SizeEnds::default();
        for (text, expected) in [
            ("a\n11:00 job 68.4MiB\nb\njob 5Mi\n", &["11:00 job 68.4MiB", "job 5Mi"][..]),
            ("a\r\n11:00 job 68.4MiB\r\nb\r\njob 5Ki\r\n", &["11:00 job 68.4MiB", "job 5Ki"]),
            ("i\n5MiB\n", &["5MiB"]),
            ("B\n5MB\n", &["5MB"]),
            ("B\n", &[]),
            ("68.4MiB\n69MB\n70 MB\n", &["68.4MiB", "69MB", "70 MB"]),
            ("ski\nwifi\nMiB\n5MiB of it\nB\n5B\nDB\nPB\n5  MiB\n5 kB\ni\n5MiB", &[]),
        ] {
            let (mut search, mut at, mut found) = (ends.search(text), 0, Vec::new());
            while let Some(begin) = search.next_line(text, at) {
                let line = text[begin..].lines().next().unwrap_or_default();
                found.push(line);
                at = begin + text[begin..].find('\n').map_or(0, |end| end + 1);
            }
            assert_eq!(found, expected, "{text:?}");
        }
        let long = format!("{} 5MiB\n", "x".repeat(300));
        assert_eq!(ends.search(&long).next_line(&long, 0), None);
    }
}
