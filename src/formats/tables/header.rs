//! The header of a table: a line of words, each of which names the column below it.

use super::column::Column;

/// The columns of a table, in the order of its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    columns: Vec<Column>,
}

/// Words that a header has at least.
const LEAST_WORDS: usize = 2;

impl Header {
    /// Parses a line as a header, by the words that a tool has for its columns: letters are compared without their
    /// case. Other words name columns that are skipped. `None` if the line is no header.
    #[must_use]
    pub fn parse(line: &str, words: &[(&str, Column)]) -> Option<Self> {
        let line = without_time(line);
        let column = |word: &str| {
            let known = words.iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
            known.map_or(Column::Other, |(_, column)| *column)
        };
        // A row has numbers; a header has none but in the name of a unit.
        let columns: Vec<Column> = line.split_ascii_whitespace().map(column).collect();
        let has = |wanted: fn(&Column) -> bool| columns.iter().any(wanted);
        let names_memory = has(|column| matches!(column, Column::Memory(_)));
        let is_number = |word: &str| word.trim_end_matches('%').parse::<f64>().is_ok();
        let is_header = columns.len() >= LEAST_WORDS
            && names_memory
            && !line.split_ascii_whitespace().any(is_number)
            && has(|column| !matches!(column, Column::Memory(_) | Column::Other));
        is_header.then_some(Self { columns })
    }

    /// Returns the number of columns.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.columns.len()
    }

    /// Splits a row into its fields, with the column of each; the last column takes the rest of the row if it is that
    /// of a command. `None` if the row has fewer fields than the header, or more where no command takes them.
    #[must_use]
    pub fn split<'r>(&self, row: &'r str) -> Option<Vec<(Column, &'r str)>> {
        let mut rest = row.trim();
        let mut fields = Vec::with_capacity(self.columns.len());
        for (place, column) in self.columns.iter().enumerate() {
            let is_last = place + 1 == self.columns.len();
            if rest.is_empty() {
                // The command of a kernel's thread may be empty.
                return (is_last && *column == Column::Command).then_some(fields);
            }
            let takes_rest = is_last && *column == Column::Command;
            let end = if takes_rest { rest.len() } else { rest.find([' ', '\t']).unwrap_or(rest.len()) };
            let (field, after) = rest.split_at(end);
            fields.push((*column, field));
            rest = after.trim_start();
        }
        rest.is_empty().then_some(fields)
    }
}

/// Returns a header without the time, or the heading of the times, at its beginning: `10:34:08 AM  UID`, `# Time  UID`.
fn without_time(line: &str) -> &str {
    let mut rest = line.trim_start_matches(['#', ' ', '\t']);
    loop {
        let end = rest.find([' ', '\t']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let is_time = word.starts_with(|first: char| first.is_ascii_digit())
            || ["am", "pm", "time"].iter().any(|known| known.eq_ignore_ascii_case(word));
        if !is_time || after.is_empty() {
            return rest;
        }
        rest = after.trim_start();
    }
}
