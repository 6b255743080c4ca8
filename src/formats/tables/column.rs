//! The meaning of a column.

use crate::model::Metric;

/// The meaning of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The process id.
    Pid,
    /// The name of a program, in one word.
    Name,
    /// The command line, to the end of the row.
    Command,
    /// Seconds since the start of the process.
    Age,
    /// A size.
    Memory(Metric),
    /// Anything else.
    Other,
}
