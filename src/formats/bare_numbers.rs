//! Rows of numbers between the records of other formats, without a word that says that they are memory:
//! `4103 10072 12996` of `ps -o pid=,rss=,vsz=`, `2026-03-14T20:00:00Z worker 10072` of a loop with `awk`.
//!
//! Nothing in them says so but that memory comes in pages of 4 KiB: its numbers, in KiB, are multiples of 4, and one
//! number in four is by chance.

use std::collections::BTreeMap;

use super::other_things::is_other_thing;
use crate::time::Timestamps;

/// Numbers of a row that are looked at.
const MOST_COLUMNS: usize = 6;
/// The least number that may be memory, in KiB.
const LEAST: u64 = 1024;
/// Digits of a number.
const MOST_DIGITS: usize = 15;
/// Different numbers that are no chance.
const ENOUGH: usize = 5;
/// Different numbers of a column that are kept.
const MOST_KEPT: usize = 64;
/// Names of rows. Those of messages are without number.
const MOST_NAMES: usize = 256;
/// Bytes of a row with a name or a time.
const LONGEST: usize = 160;
/// Lines of a text that are looked at.
const MOST_LINES: usize = 2000;
/// Words before the numbers of a row; messages have more.
const MOST_WORDS: usize = 2;

/// The rows of numbers of one source, by the words before their numbers and the places of their numbers.
#[derive(Debug, Default)]
pub(super) struct BareNumbers {
    rows: BTreeMap<String, [Column; MOST_COLUMNS]>,
    timestamps: Timestamps,
}

#[derive(Debug, Default)]
struct Column {
    first: Option<u64>,
    rows: u64,
    kept: Vec<u64>,
    /// Whether a number is no multiple of 4, or too small.
    is_other: bool,
}

impl BareNumbers {
    /// Takes a line that is no record and no date.
    pub(super) fn line(&mut self, number: u64, line: &str) {
        let line = line.trim();
        let line = line.strip_suffix("kB").map_or(line, str::trim_end);
        let begins_with_number = line.starts_with(|c: char| c.is_ascii_digit());
        // After a name nothing but numbers stands in a row.
        let ends_with_number = line
            .trim_end_matches(is_separator)
            .trim_end_matches(['k', 'K'])
            .ends_with(|c: char| c.is_ascii_digit());
        if !begins_with_number && !ends_with_number {
            return;
        }
        let stamp = (line.len() <= LONGEST).then(|| self.timestamps.stamp(line)).flatten();
        let rest =
            line.get(stamp.map_or(0, |stamp| stamp.end)..).unwrap_or("").trim_start_matches(is_separator);
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            let words = rest.split([' ', '\t', ',', ';']).filter(|word| !word.is_empty());
            self.row(number, "", words.map_while(number_of));
        } else if ends_with_number
            && rest.len() <= LONGEST
            && let Some((name, numbers)) = named_row(rest)
        {
            self.row(number, &name, numbers.into_iter());
        }
    }

    fn row(&mut self, line: u64, name: &str, numbers: impl Iterator<Item = u64>) {
        if !self.rows.contains_key(name) {
            if self.rows.len() >= MOST_NAMES {
                return;
            }
            self.rows.insert(name.to_owned(), Default::default());
        }
        let columns = self.rows.get_mut(name).into_iter().flatten();
        columns.zip(numbers).for_each(|(column, value)| column.add(line, value));
    }

    /// Returns the line of the first row, if one of the columns may be memory; `samples`: those of the subject that has
    /// the most of them.
    pub(super) fn first_line(&self, samples: u64) -> Option<u64> {
        let columns = self.rows.values().flatten().filter(|column| column.may_be_memory(samples));
        columns.filter_map(|column| column.first).min()
    }
}

/// Whether the lines of a text are rows of numbers that may be memory, dates between them.
pub(super) fn are_rows(text: &str) -> bool {
    let (mut numbers, mut timestamps) = (BareNumbers::default(), Timestamps::new());
    for (number, line) in (1..).zip(text.lines().take(MOST_LINES)) {
        if timestamps.date_line(line.trim()).is_none() {
            numbers.line(number, line);
        }
    }
    numbers.first_line(0).is_some()
}

/// Returns the words before the numbers of a row, and its numbers.
fn named_row(text: &str) -> Option<(String, Vec<u64>)> {
    let mut words = text.split(is_separator).filter(|word| !word.is_empty()).peekable();
    let mut name = String::new();
    for _ in 0..MOST_WORDS {
        if let Some(word) = words.next_if(|word| number_of(word).is_none()) {
            if is_other_thing(word) {
                return None;
            }
            name.push(' ');
            name.push_str(word);
        }
    }
    let numbers: Vec<u64> = words.map(number_of).collect::<Option<_>>()?;
    (!numbers.is_empty()).then_some((name, numbers))
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '\t' | ',' | ';' | '|' | '=' | ':' | '"' | '\'' | '(' | ')' | '[' | ']' | '{' | '}')
}

fn number_of(word: &str) -> Option<u64> {
    let digits = word.strip_suffix(['k', 'K']).unwrap_or(word);
    let is_number = digits.len() <= MOST_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

impl Column {
    fn add(&mut self, line: u64, value: u64) {
        self.first.get_or_insert(line);
        self.rows += 1;
        // A thread of the kernel has no memory.
        self.is_other |= !value.is_multiple_of(4) || value != 0 && value < LEAST;
        if value != 0 && !self.is_other && self.kept.len() < MOST_KEPT && !self.kept.contains(&value) {
            self.kept.push(value);
        }
    }

    fn may_be_memory(&self, samples: u64) -> bool {
        // Counts are told in round numbers.
        let round = self.kept.iter().filter(|value| value.is_multiple_of(10)).count();
        !self.is_other
            && self.kept.len() >= ENOUGH
            && 2 * round <= self.kept.len()
            && 4 * self.rows >= samples
    }
}

#[cfg(test)]
mod tests {
    use super::{BareNumbers, are_rows};

    #[test]
    fn rows_of_numbers_below_dates() {
        let text = |row: &dyn Fn(u64) -> String| {
            let sample = |k| format!("Thu Nov 26 10:{k:02}:00 UTC 2026\n{}\n", row(k));
            (10..30).map(sample).collect::<String>()
        };
        assert!(are_rows(&text(&|k| format!("  4103 {} python3", 10_072 + 4 * k))));
        assert!(!are_rows(&text(&|k| format!("  {k} connections"))));
        assert!(!are_rows(&text(&|_| String::new())));
    }

    #[test]
    fn numbers_of_pages_are_no_chance() {
        let rows = |row: &dyn Fn(u64) -> String| {
            let mut numbers = BareNumbers::default();
            (0..20).for_each(|k| numbers.line(10 + k, &row(k)));
            numbers.first_line(20)
        };
        for (row, expected) in [
            (&(|k: u64| format!("{}", 10_072 + 4 * k)) as &dyn Fn(u64) -> String, Some(10)),
            (&|k: u64| format!("  4103 {} {} python3 app.py", 10_072 + 4 * k, 12_996 + 4 * k), Some(10)),
            (&|k: u64| format!("{} python3 app.py", 10_072 + 4 * k), Some(10)),
            (&|k: u64| format!("{}", 10_072 * 4096 + 4096 * k), Some(10)),
            (&|k: u64| format!("2026-03-14T20:{:02}:00Z {}", k, 10_072 + 4 * k), Some(10)),
            (&|k: u64| format!("2026-03-14 20:{:02}:00,job,4103,{}", k, 10_072 + 4 * k), Some(10)),
            (
                &|k: u64| format!("2026-03-14T20:{:02}:00Z 4103 {} python3 app.py", k, 10_072 + 4 * k),
                Some(10),
            ),
            (&|k: u64| format!("job: {}K", 10_072 + 4 * k), Some(10)),
            (&|k: u64| format!("job {} kB", 10_072 + 4 * k), Some(10)),
            (&|k: u64| format!("{{'job': {}}}", 10_072 + 4 * k), Some(10)),
            (&|k: u64| format!("[{}, {}]", 10_072 + 4 * k, 12_996 + 4 * k), Some(10)),
            // One size, counts, round numbers, small ones, and what is told by the way.
            (&|_| "10072".to_owned(), None),
            (&|k: u64| format!("{} connections", 1021 + k), None),
            (&|k: u64| format!("{} requests", 2000 + 100 * k), None),
            (&|k: u64| format!("{} of {}", 4 * k, 4 * k), None),
            (&|k: u64| format!("wrote {}", 10_072 + 4 * k), None),
            (&|k: u64| format!("the next of them {}", 10_072 + 4 * k), None),
            (&|k: u64| format!("job {}", 10_072 + 3 * k), None),
            (&|k: u64| format!("10:{k}:00 0.{k} 1.{k}"), None),
        ] {
            assert_eq!(rows(row), expected, "{}", row(1));
        }
        let mut few = BareNumbers::default();
        (0..20).for_each(|k| few.line(k, &format!("{}", 10_072 + 4 * k)));
        assert_eq!(few.first_line(1000), None);
    }
}
