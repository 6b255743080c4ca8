//! The text before and after a record in its line, as far as it tells of the worker that wrote it.

/// Returns the text before a record, or nothing if that is a cell of a table with a number: the rank of the record.
pub(super) fn without_cell_of_rank(before: &str) -> &str {
    let bar = before.trim_start().starts_with('|');
    if !bar && !before.contains("<td") {
        return before;
    }
    let is_tag = |text: &str| ["tr", "td", "/td"].contains(&text.split(' ').next().unwrap_or(""));
    let mut texts = before.split(['<', '>', '|', '`', '*']).map(str::trim).filter(|text| !text.is_empty());
    let is_rank = texts.all(|text| is_tag(text) || text.bytes().all(|b| b.is_ascii_digit()));
    if is_rank { "" } else { before }
}

/// Returns the fields after a record that begins at a byte: structlog prints `EVENT   pid=1201 worker=3`.
pub(super) fn fields_at_end(line: &str, start: usize) -> &str {
    let is_field = |word: &str| {
        let label =
            word.split_once('=').filter(|(_, value)| !value.is_empty()).map_or("", |(label, _)| label);
        label.starts_with(|c: char| c.is_ascii_alphabetic())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
    };
    let record = line.get(start..).unwrap_or("");
    let mut before = record.trim_end();
    loop {
        let rest = before.trim_end_matches([' ', '\t']);
        let word = rest.rsplit([' ', '\t']).next().unwrap_or("");
        // `, count=3` is a part of the record.
        let left = &rest[..rest.len() - word.len()];
        if !is_field(word) || left.trim_end().ends_with([',', '(']) || left.is_empty() {
            return record.get(before.len()..).unwrap_or("");
        }
        before = left;
    }
}
