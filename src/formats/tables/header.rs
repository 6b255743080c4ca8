//! The header of a table: a line of words, each of which names the column below it.

use super::table::{Column, Table};

/// The columns of a table, in the order of its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    columns: Vec<Column>,
    /// The column of the command, whose text may have blanks: the last one of its kind.
    command: Option<usize>,
    /// Number of words in front that end with a time, or with the heading of times.
    words_before: usize,
}

/// Words that a header has at least.
const LEAST_WORDS: usize = 2;

impl Header {
    /// Parses a line as a header, by the words that a tool has for its columns: letters are compared without their
    /// case. Other words name columns that are skipped. `None` if the line is no header of the tool.
    #[must_use]
    pub fn parse(line: &str, table: &Table) -> Option<Self> {
        // Cells between strokes are those of a table in Markdown.
        let is_markdown = line.trim_start().starts_with('|');
        let (words_before, line) = without_time(line);
        if is_markdown || !may_be_header(line) || is_of_other(line, table) {
            return None;
        }
        let column = |word: &str| {
            let known = table.words.iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
            known.map_or(Column::Other, |(_, column)| *column)
        };
        let words = line.split_ascii_whitespace().flat_map(|word| joined(word).unwrap_or([word, ""]));
        let mut columns: Vec<Column> = words.filter(|word| !word.is_empty()).map(column).collect();
        let before = columns.iter().take_while(|column| **column == Column::Other).count();
        let ends_prefix = |word: &&str| word.ends_with([':', '|', ']']);
        if line.split_ascii_whitespace().take(before).any(|word| ends_prefix(&word))
            && let Some(first) = columns.first_mut()
        {
            *first = Column::Prefix;
        }
        let has = |wanted: fn(&Column) -> bool| columns.iter().any(wanted);
        let names_memory = has(|column| matches!(column, Column::Memory(_)));
        let is_header = columns.len() >= LEAST_WORDS
            && names_memory
            && has(|column| {
                !matches!(column, Column::Memory(_) | Column::Prefix | Column::Other | Column::State)
            });
        if !is_header {
            return None;
        }
        if table.ends_with_command
            && columns.contains(&Column::Pid)
            && !columns.contains(&Column::Command)
            && line.trim_end().ends_with(|last: char| last.is_alphabetic() || last == '.')
            && !line.split_ascii_whitespace().next_back().is_some_and(|word| word.starts_with('%'))
            && let Some(last @ Column::Other) = columns.last_mut()
        {
            *last = Column::Command;
        }
        let command = columns.iter().rposition(|column| *column == Column::Command);
        Some(Self { columns, command, words_before })
    }

    /// Returns the header of a table whose rows begin with a time of some words, before all that the header itself has.
    #[must_use]
    pub fn below_times(self, words: usize) -> Self {
        Self { words_before: self.words_before + words, ..self }
    }

    /// Returns the number of words in front of each row, the last of which is that of a time.
    #[must_use]
    pub const fn words_before(&self) -> usize {
        self.words_before
    }

    /// Returns the byte of a row at which its columns begin: after its stamp, which ends at byte `stamp_end`, and after
    /// the words that stand in front of the header.
    #[must_use]
    pub fn start(&self, row: &str, stamp_end: usize) -> usize {
        let mut rest = unquoted(row);
        for _ in 0..self.words_before {
            rest = rest.trim_start_matches([' ', '\t']);
            rest = rest.find([' ', '\t']).and_then(|end| rest.get(end..)).unwrap_or("");
        }
        stamp_end.max(row.len() - rest.len())
    }

    /// Returns the number of columns.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether the rows end with the command, which may be cut where the source is.
    #[must_use]
    pub fn ends_with_command(&self) -> bool {
        self.command.is_some_and(|command| command + 1 == self.columns.len())
    }

    /// Whether rows begin without a time, as far as the header tells: ids of processes are no times.
    #[must_use]
    pub fn has_bare_rows(&self) -> bool {
        self.words_before == 0 && self.columns.contains(&Column::Pid)
    }

    /// Splits a row into its fields, with the column of each; the command takes what the columns on both sides of it
    /// leave. `None` if the row has fewer fields than the header, or more where no command takes them.
    #[must_use]
    pub fn split<'r>(&self, row: &'r str) -> Option<Vec<(Column, &'r str)>> {
        let mut rest = row.trim();
        let mut fields = Vec::with_capacity(self.columns.len());
        let command = self.command.unwrap_or(self.columns.len());
        for &column in &self.columns[..command] {
            let (field, after) = rest.split_at(length(column, rest)?);
            fields.push((column, field));
            rest = after.trim_start();
        }
        let Some(after) = self.columns.get(command + 1..) else { return rest.is_empty().then_some(fields) };
        for &column in after.iter().rev() {
            let start = rest.rfind([' ', '\t'])?;
            fields.push((column, &rest[start + 1..]));
            rest = rest[..start].trim_end();
        }
        // The command of a kernel's thread may be empty, at the end of its row.
        if !rest.is_empty() {
            fields.push((Column::Command, rest));
        } else if !after.is_empty() {
            return None;
        }
        Some(fields)
    }
}

/// Returns the names of two columns that are joined in one word: by the usage of toybox in `S[%CPU]`, or by the mark of
/// the order in busybox's `VSZ^VSZRW`.
fn joined(word: &str) -> Option<[&str; 2]> {
    let (first, second) = word.split_once(['[', '^', '_'])?;
    let is_joined = match first {
        "S" => word.ends_with(']'),
        "VSZ" => second == "VSZRW",
        "RSS" | "DIRTY" => second == "(SHR)",
        _ => false,
    };
    is_joined.then_some([first, second])
}

/// Whether a line has a word that is in headers of the table's relatives alone.
pub(super) fn is_of_other(line: &str, table: &Table) -> bool {
    let has_word = |known: &&str| line.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(known));
    table.words_of_others.iter().any(has_word)
}

/// Whether a line may be the header of a table: a row has numbers, a header has none but in the name of a unit.
pub(super) fn may_be_header(line: &str) -> bool {
    let is_number = |word: &str| word.trim_end_matches('%').parse::<f64>().is_ok();
    !line.split_ascii_whitespace().any(is_number)
}

/// Returns the length of the field with which a text begins; `None` if it is empty.
fn length(column: Column, text: &str) -> Option<usize> {
    let ends =
        text.match_indices([' ', '\t']).map(|(at, _)| at).filter(|&at| !text[..at].ends_with([' ', '\t']));
    let mut ends = ends.chain(std::iter::once(text.len())).take(LONGEST_DATE);
    let first = ends.next().filter(|_| !text.is_empty())?;
    let word_after = |end: usize| text[end..].trim_start().split([' ', '\t']).next().unwrap_or("");
    Some(match column {
        // busybox: `S <` of a process with a high priority.
        Column::State if matches!(word_after(first), "<" | "N" | "<s" | "Ns") => {
            text.len() - text[first..].trim_start().len() + word_after(first).len()
        }
        Column::Started => {
            let mut before = "";
            let year = |end: &usize| {
                let word = text[..*end].rsplit([' ', '\t']).next().unwrap_or("");
                let last = std::mem::replace(&mut before, word);
                word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()) && is_time_of_day(last)
            };
            // `Thu Nov 26 10:34:08 2026`, else `Nov 26`, else one word.
            let month_alone = text[..first].chars().all(char::is_alphabetic);
            let day = word_after(first);
            let is_day = day.len() <= 2 && day.bytes().all(|b| b.is_ascii_digit()) && !day.is_empty();
            match std::iter::once(first).chain(ends).find(year) {
                Some(end) => end,
                None if month_alone && is_day => text.len() - text[first..].trim_start().len() + day.len(),
                None => first,
            }
        }
        _ => first,
    })
}

/// Words of a date with a time and a year.
const LONGEST_DATE: usize = 6;

/// Whether a word is `10:34:08`.
fn is_time_of_day(word: &str) -> bool {
    word.len() == 8 && word.bytes().filter(|b| *b == b':').count() == 2
}

/// Returns a header without the time, or the heading of the times, at its beginning, and the number of words that it
/// lost: `10:34:08 AM  UID`, `# Time  UID`. Names may stand before a time of day: `web-1  | 10:34:08  UID`.
fn without_time(line: &str) -> (usize, &str) {
    let mut rest = unquoted(line).trim_start_matches(['#', ' ', '\t']);
    let (mut words, mut lost) = (0, (0, rest));
    while let Some(end) = rest.find([' ', '\t']) {
        let (word, after) = rest.split_at(end);
        // A short number is the id of a process.
        let is_id = word.len() < SHORTEST_EPOCH && word.bytes().all(|b| b.is_ascii_digit());
        let begins_with_digit = word.starts_with(|first: char| first.is_ascii_digit()) && !is_id;
        let is_marked = ["am", "pm", "time"].iter().any(|known| known.eq_ignore_ascii_case(word));
        let follows = words == lost.0;
        if words >= MOST_WORDS_BEFORE || word == "PID" {
            break;
        }
        rest = after.trim_start();
        words += 1;
        if follows && (begins_with_digit || is_marked) || begins_with_digit && word.contains(':') {
            lost = (words, rest);
        }
    }
    lost
}

/// Digits of the seconds since 1970.
const SHORTEST_EPOCH: usize = 10;
/// Words that may stand in front of a header.
const MOST_WORDS_BEFORE: usize = 6;

/// Returns a line without the marks of a quotation.
pub(super) fn unquoted(line: &str) -> &str {
    line.trim_start_matches(['>', ' ', '\t'])
}
