//! The notices of one source: few are kept, all are counted.

use crate::bounds;
use crate::error::Notice;

/// Names that a notice lists.
const MOST_NAMED: usize = 6;

/// Returns the first names, and the number of the others: `a, b, and 3 more`.
#[must_use]
pub fn first_names(names: &[String]) -> String {
    let (listed, others) = names.split_at(names.len().min(MOST_NAMED));
    let more = if others.is_empty() { String::new() } else { format!(", and {} more", others.len()) };
    listed.join(", ") + &more
}

/// Notices in the order in which they came.
#[derive(Debug, Default)]
pub struct Notices {
    kept: Vec<Notice>,
    /// Number of notices on single lines.
    lines: u64,
}

impl Notices {
    /// Adds a notice on one line. The message is made only where it is kept.
    pub fn of_line(&mut self, line: u64, message: impl FnOnce() -> String) {
        self.lines += 1;
        if self.lines <= bounds::NOTICES {
            self.kept.push(Notice { line, message: message() });
        }
    }

    /// Adds a notice on the source as a whole. There are few of these.
    pub fn of_source(&mut self, message: impl Into<String>) {
        self.kept.push(Notice::whole(message));
    }

    /// Returns all notices that were kept, and one for the rest.
    #[must_use]
    pub fn into_notices(mut self) -> Vec<Notice> {
        if self.lines > bounds::NOTICES {
            let rest = self.lines - bounds::NOTICES;
            self.kept.push(Notice::whole(format!("{rest} more lines have notices that are not listed")));
        }
        self.kept
    }
}
