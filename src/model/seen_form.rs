//! Forms of memory logs that are known by sight, and not read.

/// A form of memory log that is known by sight, and not read: growth may lie in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenForm {
    /// Its kind, in words.
    pub kind: String,
    /// The first line of it, counted from 1; 0 where it is the source as a whole.
    pub line: u64,
}
