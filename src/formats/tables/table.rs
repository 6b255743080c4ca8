//! A tool that prints tables, and its columns.

use crate::formats::size::Multiples;
use crate::model::Metric;

/// The meaning of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The process id.
    Pid,
    /// The command line. It takes what the other columns leave.
    Command,
    /// The time since the start of the process: seconds, or `1-02:03:04`.
    Age,
    /// The start of the process, which may have several words.
    Started,
    /// The state of the process, in one word or two.
    State,
    /// A size.
    Memory(Metric),
    /// The name of a machine or a container that stands before each line: `web-1:`, `web-1 |`.
    Prefix,
    /// Anything else, in one word.
    Other,
}

/// A tool that prints tables of processes.
#[derive(Debug)]
pub struct Table {
    /// The words of its headers, in any language, with the column that each names.
    pub words: &'static [(&'static str, Column)],
    /// Words in headers of its relatives, and never in its own.
    pub words_of_others: &'static [&'static str],
    /// Whether the last column is that of the command, whatever its name in the language of the user.
    pub ends_with_command: bool,
    /// Bytes of a number without a unit.
    pub bare: f64,
    /// The meaning of `K`, `M` and `G`.
    pub multiples: Multiples,
}
