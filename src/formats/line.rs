//! A line of a source, and the answer of a parser to it.

/// Text of a line that is kept as an example.
pub const EXAMPLE_CHARS: usize = 120;

/// One line of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its text, without its line end and without escape sequences of terminals.
    pub text: &'a str,
    /// Its number, from 1.
    pub number: u64,
    /// Whether a line end follows; else it is the last of its source, and may be cut.
    pub ended: bool,
}

/// The answer of a parser to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// The line is a record of this format. It is shown to no other.
    Mine,
    /// The same, and the next line is to be shown to this parser first, whatever it holds.
    MoreBelow,
    /// The line does not concern this format.
    NotMine,
}

/// A record that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The column at which reading stopped, in characters from 1; `None` for the line as a whole.
    pub column: Option<usize>,
    /// A sentence: the expectation, and what stood there.
    pub message: String,
}
