//! The bound on the length of a line.

use memchr::memchr;

use crate::error::{Bytes, Notice};

/// Whether the bytes begin with a line that is too long to be read.
pub(super) fn begins_overlong(bytes: &[u8], most: usize) -> bool {
    bytes.get(..=most).is_some_and(|line| memchr(b'\n', line).is_none())
}

/// The lines that were left out because they are too long.
#[derive(Debug)]
pub(super) struct Overlong {
    first: u64,
    lines: u64,
    most: usize,
}

impl Overlong {
    /// Returns the count with the first such line.
    pub(super) const fn new(first: u64, most: usize) -> Self {
        Self { first, lines: 1, most }
    }

    /// Counts another line.
    pub(super) const fn add(&mut self) {
        self.lines += 1;
    }

    /// Returns the notice of all of them.
    pub(super) fn notice(&self) -> Notice {
        let Self { first, lines, most } = *self;
        let others = match lines {
            1 => "was".to_owned(),
            2 => "was, like 1 more,".to_owned(),
            _ => format!("was, like {} more,", lines - 1),
        };
        let bound = Bytes(most as u64);
        let message =
            format!("line {first} is longer than {bound} and {others} left out; --max-line raises the bound");
        Notice { line: first, message }
    }
}
