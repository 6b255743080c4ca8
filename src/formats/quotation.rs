//! Marks in front of all lines of a source: a quotation of an e-mail, or the name of the one service that wrote them.

use std::borrow::Cow;

/// Lines that must agree.
const ENOUGH_LINES: usize = 3;

/// The mark in front of the lines of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// `> ` once or several times, in front of most lines.
    Quotation,
    /// `web-1  |` in front of all lines.
    Service(String),
}

impl Mark {
    /// Returns the mark of a source by its beginning.
    #[must_use]
    pub fn of(beginning: &str) -> Option<Self> {
        let whole = beginning.rfind('\n').map_or(beginning, |end| &beginning[..end]);
        let lines = || whole.lines().filter(|line| !line.trim().is_empty());
        let count = lines().count();
        if count < ENOUGH_LINES {
            return None;
        }
        let quoted = lines().filter(|line| line.starts_with('>')).count();
        // `<` and `>` are the two sides of a difference, which is no recording.
        if quoted >= ENOUGH_LINES && quoted * 2 > count && !lines().any(|line| line.starts_with('<')) {
            return Some(Self::Quotation);
        }
        let service = service(lines().next()?)?;
        lines().all(|line| line.starts_with(service)).then(|| Self::Service(service.to_owned()))
    }

    /// Returns a text without the mark, with its lines where they were.
    #[must_use]
    pub fn strip<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut bare = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            bare.push_str(self.strip_line(line));
        }
        if bare.len() == text.len() { Cow::Borrowed(text) } else { Cow::Owned(bare) }
    }

    fn strip_line<'l>(&self, line: &'l str) -> &'l str {
        let without_blank = |rest: &'l str| rest.strip_prefix(' ').unwrap_or(rest);
        match self {
            Self::Service(service) => line.strip_prefix(service.as_str()).map_or(line, without_blank),
            Self::Quotation => {
                let mut rest = line;
                while let Some(inner) = rest.strip_prefix('>') {
                    rest = without_blank(inner);
                }
                rest
            }
        }
    }
}

/// Returns the name of a service at the beginning of a line, with the bar after it: `web-1  |` of `docker compose
/// logs`.
fn service(line: &str) -> Option<&str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let end = line.find(|c| !is_name(c)).filter(|end| *end > 0)?;
    let after = line.get(end..)?;
    let bar = after.trim_start_matches(' ').strip_prefix('|')?;
    (after.starts_with(' ') && (bar.is_empty() || bar.starts_with(' '))).then(|| {
        let length = line.len() - bar.len();
        &line[..length]
    })
}

#[cfg(test)]
mod tests {
    use super::Mark;

    #[test]
    fn marks_in_front_of_lines() {
        for (text, expected) in [
            ("On Monday:\n> a\n>\n> > b\n> c\n", Some("On Monday:\na\n\nb\nc\n")),
            ("web-1  | a\nweb-1  |   b\nweb-1  |\n", Some("a\n  b\n\n")),
            ("web-1  | a\ndb-1   | b\nweb-1  | c\n", None),
            ("< a\n< b\n> c\n> d\n> e\n> f\n", None),
            ("> a\n> b\n", None),
            ("| a | b |\n| c | d |\n| e | f |\n", None),
        ] {
            let bare = Mark::of(text).map(|mark| mark.strip(text).into_owned());
            assert_eq!(bare.as_deref(), expected, "{text}");
        }
    }
}
