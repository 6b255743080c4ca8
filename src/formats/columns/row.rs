//! A row of a table, and how its numbers are written.

use super::super::scope::Scope;
use super::super::size::Multiples;
use super::cells::Cell;

/// A row, with the scope of its line.
#[derive(Debug)]
pub struct Row {
    /// The number of its line.
    pub line: u64,
    /// The time that the lines above it give, or the object around it.
    pub scope: Scope,
    /// Its cells.
    pub cells: Vec<String>,
}

/// How the numbers and times of a table are written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// Whether a comma is that of decimals.
    pub comma_is_decimal: bool,
    /// Whether it is an export of Grafana: numbers are in base units, and `MB` are powers of 1000.
    pub is_grafana: bool,
    /// Whether the names of columns are those of a library that counts bytes.
    pub are_bytes: bool,
}

impl Style {
    /// Parses a cell.
    #[must_use]
    pub fn cell(self, text: &str) -> Cell {
        let multiples = if self.is_grafana { Multiples::Decimal } else { Multiples::Binary };
        Cell::parse(text, self.comma_is_decimal, multiples)
    }
}
