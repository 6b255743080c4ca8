//! The user's own pattern of lines with sizes.

use regex::{CaptureMatches, Regex};

/// A pattern of lines with a size: a regular expression with a group `value`, and perhaps `unit`, `name` and `time`.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// The groups that mean something.
    const GROUPS: [&str; 5] = ["value", "unit", "name", "metric", "time"];

    /// Parses a regular expression.
    ///
    /// # Errors
    /// Returns the expectation if it is none, or has no group `value`, or a group of another name.
    pub fn parse(text: &str) -> Result<Self, String> {
        let regex = Regex::new(text).map_err(|cause| {
            let cause = cause.to_string();
            let line =
                cause.lines().rev().find_map(|line| line.strip_prefix("error: ")).unwrap_or("not valid");
            format!("expected a regular expression: {line}")
        })?;
        let names: Vec<&str> = regex.capture_names().flatten().collect();
        if let Some(other) = names.iter().find(|name| !Self::GROUPS.contains(name)) {
            return Err(format!("expected groups of the names {}, found {other:?}", Self::GROUPS.join(", ")));
        }
        if !names.contains(&"value") {
            return Err("expected a group (?<value>...) for the number".to_owned());
        }
        Ok(Self(regex))
    }

    /// Returns all matches in a line.
    pub(super) fn matches<'t>(&self, line: &'t str) -> CaptureMatches<'_, 't> {
        self.0.captures_iter(line)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_have_a_value() {
        for (text, expected) in
            [("(", "unclosed group"), ("rss", "(?<value>...)"), (r"(?<value>\d+)(?<size>M)", "\"size\"")]
        {
            assert!(Pattern::parse(text).unwrap_err().contains(expected), "{text}");
        }
    }
}
