//! Tables: headings are phrases with blanks in them, and so are the fields of pairs.

use super::amount::{Amount, amount, pair};
use super::reading::Reading;

/// The meaning of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    /// A container's id, or its name where the user named it so.
    Container,
    Id,
    Name,
    /// The pod of a container, or the name of a pod.
    Pod,
    /// Usage and limit.
    Memory,
    /// Usage alone.
    Used,
    Swap,
    /// A pair of other things.
    OtherPair,
    /// One word of anything else.
    Other,
}

/// The headings, longer ones before those that they begin with.
const HEADINGS: &[(&str, Column)] = &[
    ("CONTAINER ID", Column::Id),
    ("CONTAINER NAME", Column::Name),
    ("CONTAINER", Column::Container),
    ("POD ID", Column::Id),
    ("POD", Column::Pod),
    ("CID", Column::Id),
    ("ID", Column::Id),
    ("NAME", Column::Name),
    ("AVG CPU %", Column::Other),
    ("CPU TIME", Column::Other),
    ("CPU %", Column::Other),
    ("MEM USAGE / LIMIT", Column::Memory),
    ("MEM USAGE/ LIMIT", Column::Memory),
    ("MEM USAGE/LIMIT", Column::Memory),
    ("MEM USAGE", Column::Used),
    ("PRIV WORKING SET", Column::Used),
    ("MEM %", Column::Other),
    ("MEM", Column::Used),
    ("SWAP", Column::Swap),
    ("NET I/O", Column::OtherPair),
    ("NET IO", Column::OtherPair),
    ("BLOCK I/O", Column::OtherPair),
    ("BLOCK IO", Column::OtherPair),
    ("PIDS", Column::Other),
    ("DISK", Column::Other),
    ("INODES", Column::Other),
];

/// The header of a table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    columns: Vec<Column>,
}

impl Header {
    /// Parses a line as a header, perhaps after a stamp.
    pub(super) fn parse(line: &str) -> Option<Self> {
        // Cheap for lines that are none.
        if !line.contains("MEM") && !line.contains("PRIV WORKING SET") {
            return None;
        }
        let (start, _) = line.split_ascii_whitespace().find_map(|word| {
            let at = word.as_ptr() as usize - line.as_ptr() as usize;
            heading(line.get(at..)?).map(|found| (at, found))
        })?;
        let mut rest = line.get(start..)?.trim();
        let mut columns = Vec::new();
        while !rest.is_empty() {
            let (column, after) = heading(rest).unwrap_or_else(|| {
                let end = rest.find([' ', '\t']).unwrap_or(rest.len());
                (Column::Other, rest.get(end..).unwrap_or(""))
            });
            columns.push(column);
            rest = after.trim_start();
        }
        // `MEM` is a word of other tables as well.
        let has = |wanted: Column| columns.contains(&wanted);
        let is_header = has(Column::Memory)
            || has(Column::Used) && (has(Column::Container) || has(Column::Id) || has(Column::Name));
        let has_numbers = line
            .get(start..)?
            .split_ascii_whitespace()
            .any(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        (is_header && !has_numbers).then_some(Self { columns })
    }

    /// Whether a line below this header may be a row: it has a size where the header has the memory.
    pub(super) fn may_hold_row(&self, line: &str) -> bool {
        let words = line.split_ascii_whitespace();
        let is_size = |word: &&str| matches!(Amount::parse(word), Some(Amount::Bytes(_)));
        let names_first = matches!(self.columns.first(), Some(Column::Container | Column::Name));
        if names_first && words.clone().next().as_ref().is_some_and(is_size) {
            return false;
        }
        let sizes = words.clone().filter(is_size).count();
        let pairs = self.columns.iter().filter(|column| **column == Column::Memory).count();
        sizes > 0 && (pairs == 0 || line.contains('/')) && words.count() >= self.columns.len() / 2
    }

    /// Splits a row that has a field for each heading. `None` if it has not.
    pub(super) fn row(&self, line: &str) -> Option<Reading> {
        // Old versions write `796 KiB/64 MiB`.
        let parted = line.replace('/', " / ");
        let fields: Vec<&str> = parted.split_ascii_whitespace().collect();
        if fields.len() < self.columns.len() {
            return None;
        }
        let mut rest = fields.as_slice();
        let mut reading = Reading::default();
        for column in &self.columns {
            let word = *rest.first()?;
            let known = Some(word.to_owned()).filter(|word| word != "--");
            let taken = match column {
                Column::Container if is_id(word) => set(&mut reading.id, known),
                Column::Container => {
                    reading.name = reading.name.or(known);
                    1
                }
                Column::Id => set(&mut reading.id, known),
                Column::Name => set(&mut reading.name, known),
                Column::Pod => set(&mut reading.parent, known),
                Column::Memory => {
                    let (usage, taken) = pair(rest)?;
                    reading.usage = usage;
                    taken
                }
                Column::Used => {
                    let (used, taken) = amount(rest)?;
                    reading.usage.used = used;
                    taken
                }
                Column::Swap => {
                    let (swap, taken) = amount(rest)?;
                    reading.swap = swap.bytes();
                    taken
                }
                Column::OtherPair => pair(rest)?.1,
                Column::Other => 1,
            };
            rest = rest.get(taken..)?;
        }
        if !self.columns.iter().any(|column| matches!(column, Column::Name | Column::Container))
            && let Some(pod) = reading.parent.take()
        {
            (reading.name, reading.is_pod) = (Some(pod), true);
        }
        rest.is_empty().then_some(reading)
    }
}

fn set(field: &mut Option<String>, value: Option<String>) -> usize {
    *field = value;
    1
}

/// Whether a word is the id of a container, whole or cut.
pub(super) fn is_id(word: &str) -> bool {
    matches!(word.len(), 12 | 13 | 64) && word.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Returns the column of the heading that a text begins with, and the text after it.
fn heading(text: &str) -> Option<(Column, &str)> {
    HEADINGS.iter().find_map(|(heading, column)| {
        let rest = text.strip_prefix(heading)?;
        (rest.is_empty() || rest.starts_with([' ', '\t'])).then_some((*column, rest))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_all_tools() {
        for (header, row, id, name, used) in [
            (
                "CONTAINER ID   NAME   CPU %   MEM USAGE / LIMIT   MEM %   NET I/O   BLOCK I/O   PIDS",
                "4b7d02c9a6f1   web   0.51%   212.3MiB / 512MiB   41.47%   1.2MB / 610kB   0B / 0B   4",
                Some("4b7d02c9a6f1"),
                Some("web"),
                Some(212.3 * 1_048_576.0),
            ),
            (
                "CONTAINER           CPU %               MEM USAGE/LIMIT     MEM %               NET I/O",
                "4b7d02c9a6f1        0.51%               212.3 MB / 512 MB   41.47%              1.2 MB/610 kB",
                Some("4b7d02c9a6f1"),
                None,
                Some(212.3e6),
            ),
            (
                "CONTAINER           CPU %               MEM USAGE / LIMIT   MEM %               NET I/O",
                "web                 0.51%               212.3 MiB / 512 MiB 41.47%              1.2 MB / 610 kB",
                None,
                Some("web"),
                Some(212.3 * 1_048_576.0),
            ),
            (
                "ID            NAME  CPU %  MEM USAGE / LIMIT  MEM %  NET IO   BLOCK IO    PIDS  CPU TIME   AVG CPU %",
                "9f3c1a7be2d4  web   0.64%  222.6MB / 8.2GB    2.72%  -- / --  2.6MB / 0B  11    3.000000s  0.21%",
                Some("9f3c1a7be2d4"),
                Some("web"),
                Some(222.6e6),
            ),
            (
                "CONTAINER      NAME    CPU %  MEM      DISK     INODES",
                "9f3c1a7be2d40  api     0.00   222.6MB  45.06kB  14",
                Some("9f3c1a7be2d40"),
                Some("api"),
                Some(222.6e6),
            ),
            ("NAME MEM USAGE / LIMIT", "web 212.3MiB / 512MiB", None, Some("web"), Some(212.3 * 1_048_576.0)),
            (
                "CONTAINER ID   NAME   CPU %   PRIV WORKING SET   NET I/O   BLOCK I/O",
                "4b7d02c9a6f1   web    0.51%   34.5MiB            1.2MB / 610kB   0B / 0B",
                Some("4b7d02c9a6f1"),
                Some("web"),
                Some(34.5 * 1_048_576.0),
            ),
            (
                "CONTAINER ID   NAME   CPU %   MEM USAGE / LIMIT   MEM %   NET I/O   BLOCK I/O   PIDS",
                "4b7d02c9a6f1   web    --      -- / --             --      --        --          --",
                Some("4b7d02c9a6f1"),
                Some("web"),
                None,
            ),
        ] {
            let header = Header::parse(header).unwrap();
            let reading = header.row(row).unwrap_or_default();
            let bytes = reading.usage.used.bytes().map(|bytes| bytes.value);
            assert_eq!(bytes.map(f64::round), used.map(f64::round), "{row}");
            if used.is_some() {
                assert_eq!((reading.id.as_deref(), reading.name.as_deref()), (id, name), "{row}");
            }
        }
        for line in
            ["PID USER MEM", "MEM 12.3 1716465395.1", "NAME CPU(cores) MEMORY(bytes)", "the CPU % of it"]
        {
            assert_eq!(Header::parse(line), None, "{line}");
        }
    }
}
