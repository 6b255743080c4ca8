//! Counts of the places that are not valid in a text.

use crate::error::Notice;

/// Number of places that were replaced, and the lines they are on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Damage {
    places: u64,
    lines: u64,
    first: u64,
    last: u64,
}

impl Damage {
    /// Adds places on a line. Lines come in ascending order.
    pub(super) fn add(&mut self, line: u64, places: u64) {
        if places == 0 {
            return;
        }
        if self.places == 0 {
            self.first = line;
        }
        if self.last != line {
            self.lines += 1;
            self.last = line;
        }
        self.places += places;
    }

    /// Returns one notice for all places, at the line of the first.
    pub(super) fn notice(&self, encoding: &str) -> Option<Notice> {
        (self.places > 0).then(|| Notice {
            line: self.first,
            message: format!(
                "not valid {encoding}: {} on {} replaced by U+FFFD, the first on line {}",
                counted(self.places, "place"),
                counted(self.lines, "line"),
                self.first
            ),
        })
    }
}

/// Returns a number with its noun: `1 place`, `3 places`.
pub(super) fn counted(number: u64, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}
