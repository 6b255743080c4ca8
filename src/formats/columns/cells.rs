//! The cells of a row, and the numbers in them.

use std::borrow::Cow;

use super::super::size::{Multiples, unit_bytes};

/// Characters of the name of a column.
pub const LONGEST_NAME: usize = 200;

/// What stands between the cells of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    /// One character, which may stand within quotes.
    Character(u8),
    /// Any number of blanks.
    Blanks,
}

impl Delimiter {
    /// The characters that are tried, the least ambiguous first.
    pub const CHARACTERS: [Self; 4] =
        [Self::Character(b'|'), Self::Character(b'\t'), Self::Character(b';'), Self::Character(b',')];

    /// Whether a comma in a number is that of its decimals: it parts neither cells nor thousands.
    #[must_use]
    pub const fn comma_is_decimal(self) -> bool {
        !matches!(self, Self::Character(b','))
    }

    /// Whether it stands anywhere in a row, which has one cell without it.
    #[must_use]
    pub fn stands_in(self, row: &str) -> bool {
        match self {
            Self::Character(character) => memchr::memchr(character, row.as_bytes()).is_some(),
            Self::Blanks => true,
        }
    }

    /// Splits a row into its cells, without the quotes and blanks around them.
    #[must_use]
    pub fn split<'r>(self, row: &'r str) -> Vec<Cow<'r, str>> {
        let character = match self {
            Self::Blanks => return row.split_ascii_whitespace().map(Cow::Borrowed).collect(),
            Self::Character(character) => character,
        };
        // Markdown has one before the first cell and after the last.
        let row = if character == b'|' {
            let row = row.trim();
            row.strip_prefix('|').and_then(|row| row.strip_suffix('|')).unwrap_or(row)
        } else {
            row
        };
        // Cells without quotes, or with one around each.
        let bare = |cell: &'r str| {
            let cell = cell.trim();
            let bare = cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')).unwrap_or(cell);
            (!bare.contains('"')).then_some(Cow::Borrowed(bare.trim()))
        };
        if let Some(cells) = row.split(char::from(character)).map(bare).collect() {
            return cells;
        }
        quoted_cells(row, char::from(character))
    }
}

/// Splits a row in which a delimiter may stand within quotes (RFC 4180): a cell that begins with a quote ends after the
/// next one that is not doubled.
fn quoted_cells(row: &str, delimiter: char) -> Vec<Cow<'static, str>> {
    // A reader of the csv crate costs more to make than ten such rows to split, and each line of a log may be one.
    let mut cells = Vec::new();
    let mut rest = Some(row);
    while let Some(row) = rest {
        let mut cell = String::new();
        let mut after = row;
        if let Some(mut quoted) = row.strip_prefix('"') {
            loop {
                let end = quoted.find('"').unwrap_or(quoted.len());
                cell.push_str(&quoted[..end]);
                after = quoted.get(end + 1..).unwrap_or("");
                let Some(next) = after.strip_prefix('"') else { break };
                cell.push('"');
                quoted = next;
            }
        }
        let (bare, next) =
            after.split_once(delimiter).map_or((after, None), |(bare, next)| (bare, Some(next)));
        cell.push_str(bare);
        cells.push(Cow::Owned(cell.trim().to_owned()));
        rest = next;
    }
    cells
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// A number.
    Number(Number),
    /// Nothing was measured.
    Gap,
    /// Something else.
    Text,
}

/// A number as it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// Its value.
    pub value: f64,
    /// Digits after the point; `None` in scientific notation.
    pub decimals: Option<u32>,
    /// The bytes of the unit that stands in the cell.
    pub unit: Option<f64>,
}

/// Words of a cell in which nothing was measured.
const GAPS: [&str; 13] =
    ["", "-", "--", "nan", "null", "none", "n/a", "na", "nil", "undefined", "inf", "+inf", "-inf"];

impl Cell {
    /// Parses a cell.
    #[must_use]
    pub fn parse(text: &str, comma_is_decimal: bool, multiples: Multiples) -> Self {
        let text = text.trim();
        if GAPS.iter().any(|gap| gap.eq_ignore_ascii_case(text)) {
            return Self::Gap;
        }
        number(text, comma_is_decimal, multiples).map_or(Self::Text, Self::Number)
    }
}

fn number(text: &str, comma_is_decimal: bool, multiples: Multiples) -> Option<Number> {
    let end = text.find(|c: char| c.is_alphabetic() && !matches!(c, 'e' | 'E')).unwrap_or(text.len());
    let (digits, unit) = text.split_at_checked(end)?;
    let unit = match unit.trim() {
        "" => None,
        unit => Some(unit_bytes(unit, multiples)?),
    };
    let digits = digits.trim();
    if !digits.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return None;
    }
    let plain = plain(digits, comma_is_decimal)?;
    let value: f64 = plain.parse().ok().filter(|value: &f64| value.is_finite())?;
    let is_scientific = plain.contains(['e', 'E']);
    let decimals = plain.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let decimals = if is_scientific { None } else { u32::try_from(decimals).ok() };
    Some(Number { value, decimals, unit })
}

/// Returns a number without separators of thousands, and with a point.
fn plain(digits: &str, comma_is_decimal: bool) -> Option<Cow<'_, str>> {
    if !digits.contains([',', ' ', '\u{a0}', '\u{202f}', '\'']) && digits.matches('.').count() < 2 {
        return Some(Cow::Borrowed(digits));
    }
    let (comma, point) = (digits.rfind(','), digits.rfind('.'));
    let decimal = match (comma, point) {
        (Some(comma), Some(point)) => Some(if comma > point { ',' } else { '.' }),
        (Some(_), None) if digits.matches(',').count() > 1 => None,
        (Some(_), None) => comma_is_decimal.then_some(','),
        (None, Some(_)) if digits.matches('.').count() > 1 => None,
        (None, Some(_)) => Some('.'),
        (None, None) => None,
    };
    let (whole, decimals) = match decimal.and_then(|decimal| digits.rsplit_once(decimal)) {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (digits, None),
    };
    // Thousands stand in groups of three.
    let mut groups = whole.split([',', '.', ' ', '\u{a0}', '\u{202f}', '\'']);
    let first = groups.next()?;
    let groups: Vec<&str> = groups.collect();
    let are_thousands =
        groups.iter().all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()))
            && (groups.is_empty() || (1..=3).contains(&first.trim_start_matches(['+', '-']).len()));
    if !are_thousands {
        return None;
    }
    let whole = first.to_owned() + &groups.concat();
    Some(Cow::Owned(decimals.map_or(whole.clone(), |decimals| format!("{whole}.{decimals}"))))
}

/// Returns a line of a table that is drawn with the strokes of a terminal as one that is drawn with letters.
#[must_use]
pub fn without_strokes(line: &str) -> Cow<'_, str> {
    let is_stroke = |letter: char| ('\u{2500}'..='\u{257f}').contains(&letter);
    if !line.trim_start().starts_with(is_stroke) {
        return Cow::Borrowed(line);
    }
    let plain = |letter: char| match letter {
        '\u{2502}' | '\u{2503}' | '\u{2551}' | '\u{2506}' => '|',
        '\u{2500}' | '\u{2501}' | '\u{2550}' => '-',
        _ if is_stroke(letter) => '+',
        _ => letter,
    };
    Cow::Owned(line.chars().map(plain).collect())
}

/// Whether a cell ends with a size that has a unit, after other words: `Memory: total 412.5 MB`.
#[must_use]
pub fn ends_with_size(cell: &str) -> bool {
    let is_size = |text: &str| {
        matches!(Cell::parse(text, false, Multiples::Binary), Cell::Number(Number { unit: Some(_), .. }))
    };
    let last = cell.rfind(' ').map(|end| (end, &cell[end + 1..]));
    let last_two = last.and_then(|(end, _)| cell[..end].rfind(' ')).map(|start| &cell[start + 1..]);
    last.is_some_and(|(_, last)| is_size(last)) || last_two.is_some_and(is_size)
}

/// Whether a line is the one between the header and the rows of a table in Markdown.
#[must_use]
pub fn is_ruler(line: &str) -> bool {
    line.contains("--") && line.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b'+' | b' ' | b'\t'))
}

/// Joins a date and the time of day after it, which blanks part as they part all cells.
pub fn join_date_and_time(cells: &mut Vec<String>) {
    let is_date = |cell: &str| cell.len() >= 8 && cell.matches(['-', '/', '.']).count() == 2;
    let is_time = |cell: &str| (1..=2).contains(&cell.matches(':').count());
    if let Some(place) = cells.windows(2).position(|pair| is_date(&pair[0]) && is_time(&pair[1])) {
        let time = cells.remove(place + 1);
        cells[place] = format!("{} {time}", cells[place]);
    }
}

/// Returns the digits before the point of the number at the end of a cell.
#[must_use]
pub fn whole_digits(cell: &str) -> usize {
    let cell = cell.trim().trim_matches('"');
    cell.find(['.', ','])
        .filter(|point| point + 1 < cell.len())
        .unwrap_or(cell.trim_end_matches(['.', ',']).len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Cell, Delimiter, Multiples, ends_with_size, without_strokes};

    #[test]
    fn numbers_in_cells() {
        for (text, comma_is_decimal, value, unit) in [
            ("9.836", false, 9.836, None),
            ("9,836", true, 9.836, None),
            ("9,836", false, 9836.0, None),
            ("1,234,567", true, 1_234_567.0, None),
            ("1.234.567", true, 1_234_567.0, None),
            ("1.234,5", true, 1234.5, None),
            ("1 234 567", true, 1_234_567.0, None),
            ("1.0313728e+07", false, 10_313_728.0, None),
            ("212 MiB", false, 212.0, Some(1_048_576.0)),
            ("1.5 GB", false, 1.5, Some(1e9)),
        ] {
            let found = Cell::parse(text, comma_is_decimal, Multiples::Decimal);
            let is_right = matches!(found, Cell::Number(n) if n.value == value && n.unit == unit);
            assert!(is_right, "{text}: {found:?}");
        }
        for text in ["", "NaN", "-", "None", " null "] {
            assert_eq!(Cell::parse(text, false, Multiples::Binary), Cell::Gap, "{text}");
        }
        for text in ["abc", "12 apples", "1,23,4", "10:34", "2026-11-26", "1.2.3"] {
            assert_eq!(Cell::parse(text, false, Multiples::Binary), Cell::Text, "{text}");
        }
    }

    #[test]
    fn sizes_after_words() {
        for (cell, ends) in
            [("Memory: total 412.5 MB", true), ("free 5MB", true), ("RSS (MB)", false), ("step 5", false)]
        {
            assert_eq!(ends_with_size(cell), ends, "{cell}");
        }
    }

    #[test]
    fn strokes_of_a_terminal_are_plain() {
        assert_eq!(without_strokes("  │ RSS │ 5 │"), "  | RSS | 5 |");
        assert_eq!(without_strokes("├─────┼───┤"), "+-----+---+");
        assert_eq!(without_strokes("RSS │ 5"), "RSS │ 5");
    }

    #[test]
    fn quotes_hold_delimiters() {
        assert_eq!(Delimiter::Character(b',').split("\"a, b\",\"1,024\", 3"), ["a, b", "1,024", "3"]);
        assert_eq!(Delimiter::Blanks.split("1  2\t3"), ["1", "2", "3"]);
        for (row, cells) in [
            ("\"say \"\"hi\"\"\",2", &["say \"hi\"", "2"][..]),
            ("5\" pipe,\"a,b\"c,", &["5\" pipe", "a,bc", ""]),
            ("\"no end, of it", &["no end, of it"]),
        ] {
            assert_eq!(Delimiter::Character(b',').split(row), cells, "{row}");
        }
    }

    proptest! {
        #[test]
        fn quoted_cells_are_those_of_csv(row in "[a\",; ]{1,24}") {
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .trim(csv::Trim::All)
                .from_reader(row.as_bytes());
            let expected = reader.records().next().and_then(Result::ok).unwrap_or_default();
            prop_assert_eq!(super::quoted_cells(&row, ','), expected.iter().collect::<Vec<_>>());
        }
    }
}
