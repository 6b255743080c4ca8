//! The count of work, as the user describes it.

use regex::Regex;

use super::options::ColumnKey;

/// The count of work as the user describes it.
#[derive(Debug, Clone)]
pub enum WorkKey {
    /// Lines that match a pattern.
    Lines(WorkPattern),
    /// A column of a table or of JSON lines.
    Column(ColumnKey),
}

impl WorkKey {
    /// Parses a regular expression with a group, or else the name or number of a column.
    ///
    /// # Errors
    /// Returns the expectation if the text is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.contains("(?<") || text.contains("(?P<") {
            return WorkPattern::parse(text).map(Self::Lines);
        }
        let is_name = !text.contains(['(', '\\', '[', '*', '+', '^', '$']);
        let expected = || "expected a pattern with a group (?<n>...) for the count, or the name of a column";
        ColumnKey::parse(text).ok().filter(|_| is_name).map(Self::Column).ok_or_else(|| expected().to_owned())
    }

    /// Returns the name of one unit of the work, as the pattern or the column has it: `request`.
    #[must_use]
    pub fn unit(&self) -> &str {
        match self {
            Self::Lines(pattern) => &pattern.unit,
            Self::Column(ColumnKey::Name(name)) => singular(name),
            Self::Column(ColumnKey::Number(_)) => UNIT,
        }
    }

    /// Returns the column, if it is one.
    #[must_use]
    pub const fn column(&self) -> Option<&ColumnKey> {
        match self {
            Self::Column(key) => Some(key),
            Self::Lines(_) => None,
        }
    }
}

/// A unit of work whose name is not known.
const UNIT: &str = "unit of work";

/// A word without the ending of its plural.
fn singular(word: &str) -> &str {
    let bare = word.strip_suffix("_total").unwrap_or(word);
    bare.strip_suffix('s').filter(|rest| rest.len() > 2 && !rest.ends_with('s')).unwrap_or(bare)
}

/// A pattern of lines with a count of work: a regular expression with a group `n`, the work done so far, or `more`, the
/// work done since the last such line.
#[derive(Debug, Clone)]
pub struct WorkPattern {
    regex: Regex,
    unit: String,
}

impl WorkPattern {
    fn parse(text: &str) -> Result<Self, String> {
        let regex = Regex::new(text).map_err(|cause| {
            let cause = cause.to_string();
            let line = cause.lines().rev().find_map(|line| line.strip_prefix("error: "));
            format!("expected a regular expression: {}", line.unwrap_or("not valid"))
        })?;
        let names: Vec<&str> = regex.capture_names().flatten().collect();
        match names.as_slice() {
            ["n" | "more"] => Ok(Self { unit: unit(text).to_owned(), regex }),
            [] => Err("expected a group (?<n>...) for the work done so far".to_owned()),
            _ => Err(format!(
                "expected one group, n (the work done so far) or more (since the last line), found {}",
                names.join(", ")
            )),
        }
    }

    /// Returns the count in a line, and whether it is of the work since the last one.
    pub(super) fn count<'t>(&self, line: &'t str) -> Option<(&'t str, bool)> {
        let found = self.regex.captures(line)?;
        let of = |name: &str| found.name(name).map(|group| group.as_str());
        of("n").map(|text| (text, false)).or_else(|| of("more").map(|text| (text, true)))
    }
}

/// The word of a pattern that names its count: the one before `=` or `:`, else the one after the group, else the one
/// before it.
fn unit(pattern: &str) -> &str {
    let is_letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    let (before, rest) = pattern.split_once("(?").unwrap_or((pattern, ""));
    let after = rest.split_once(')').map_or("", |(_, after)| after);
    let bare = before.trim_end_matches(|c: char| !is_letter(c));
    let names = before[bare.len()..].contains(['=', ':']);
    let last = bare.rsplit(|c: char| !is_letter(c)).next().unwrap_or_default();
    let next = after.split(|c: char| !is_letter(c)).find(|word| word.len() > 1).unwrap_or_default();
    let word = if names || next.is_empty() { last } else { next };
    if word.len() > 1 { singular(word) } else { UNIT }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn work_has_a_unit() {
        for (text, unit) in [
            (r"requests=(?<n>\d+)", "request"),
            (r"processed (?<n>\d+) messages", "message"),
            (r"iteration (?P<n>\d+)", "iteration"),
            (r"done: (?<more>\d+) jobs", "done"),
            (r"(?<n>\d+)", UNIT),
            ("http_requests_total", "http_request"),
            ("requests", "request"),
            ("3", UNIT),
        ] {
            assert_eq!(WorkKey::parse(text).unwrap().unit(), unit, "{text}");
        }
    }

    #[test]
    fn a_pattern_has_one_count() {
        for (text, expected) in [
            (r"(?<n>\d+", "unclosed group"),
            (r"requests=(\d+)", "(?<n>...)"),
            (r"(?<requests>\d+)", "found requests"),
            (r"(?<n>\d+) (?<more>\d+)", "found n, more"),
            ("", "the name of a column"),
        ] {
            let error = WorkKey::parse(text).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
