//! Output of `diff`: two states of a file in one text, and of each no more than the lines that changed.

/// Follows a report line by line, and knows which of its lines are of a `diff`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Diff {
    /// The last line was none.
    #[default]
    Outside,
    /// In a hunk of `diff -u`, whose lines begin with a blank, `-` or `+`.
    Unified,
    /// In a change of a plain `diff`, whose lines begin with `<` or `>`.
    Plain,
}

impl Diff {
    /// Whether the last line was one of a `diff`.
    pub(super) fn is_inside(self) -> bool {
        self != Self::Outside
    }

    /// Takes the next line; returns whether it is one of a `diff`.
    pub(super) fn take(&mut self, line: &str) -> bool {
        *self = if line.starts_with("@@ -") {
            Self::Unified
        } else if is_change(line) {
            Self::Plain
        } else {
            let goes_on = match self {
                Self::Outside => false,
                Self::Unified => line.is_empty() || line.starts_with([' ', '-', '+', '\\']),
                Self::Plain => line.starts_with(['<', '>', '\\']) || line == "---",
            };
            if goes_on { *self } else { Self::Outside }
        };
        self.is_inside()
    }
}

/// Whether a line is `22c22`, `3,4d2` or `5a6,7`.
fn is_change(line: &str) -> bool {
    if line.len() > 40 || !line.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let is_range = |text: &str| {
        let mut ends = text.splitn(2, ',');
        ends.all(|end| !end.is_empty() && end.bytes().all(|b| b.is_ascii_digit()))
    };
    line.split_once(['a', 'c', 'd']).is_some_and(|(old, new)| is_range(old) && is_range(new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_diff_are_known() {
        let lines = [
            ("--- a/smaps", false),
            ("+++ b/smaps", false),
            ("@@ -1,3 +1,3 @@", true),
            (" Size: 1 kB", true),
            ("-Rss: 1 kB", true),
            ("+Rss: 2 kB", true),
            ("Rss: 3 kB", false),
            ("-Rss: 3 kB", false),
            ("22c22", true),
            ("< VmRSS: 1 kB", true),
            ("---", true),
            ("> VmRSS: 2 kB", true),
            ("3,4d2", true),
            ("12", false),
            ("> VmRSS: 2 kB", false),
        ];
        let mut diff = Diff::default();
        for (line, inside) in lines {
            assert_eq!(diff.take(line), inside, "{line}");
        }
    }
}
