//! Rows of numbers without names between the records of other formats: `4103 10072 12996` of `ps -o pid=,rss=,vsz=`.
//!
//! Nothing in them says that they are memory but that it comes in pages of 4 KiB: its numbers, in KiB, are multiples of
//! 4, and one number in four is by chance.

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

/// The rows of numbers of one source, by the places of their numbers.
#[derive(Debug, Default)]
pub(super) struct BareNumbers([Column; MOST_COLUMNS]);

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
        let line = line.trim_start();
        if !line.starts_with(|c: char| c.is_ascii_digit()) {
            return;
        }
        let words = line.split([' ', '\t', ',', ';']).filter(|word| !word.is_empty());
        let numbers = words.map_while(|word| {
            let is_number = word.len() <= MOST_DIGITS && word.bytes().all(|byte| byte.is_ascii_digit());
            word.parse().ok().filter(|_| is_number)
        });
        for (column, value) in self.0.iter_mut().zip(numbers) {
            column.add(number, value);
        }
    }

    /// Returns the line of the first row, if one of the columns may be memory; `samples`: those of the subject that has
    /// the most of them.
    pub(super) fn first_line(&self, samples: u64) -> Option<u64> {
        self.0.iter().find(|column| column.may_be_memory(samples)).and_then(|column| column.first)
    }
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
    use super::BareNumbers;

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
            // One size, counts, round numbers, small ones, and what is told by the way.
            (&|_| "10072".to_owned(), None),
            (&|k: u64| format!("{} connections", 1021 + k), None),
            (&|k: u64| format!("{} requests", 2000 + 100 * k), None),
            (&|k: u64| format!("{} of {}", 4 * k, 4 * k), None),
            (&|k: u64| format!("size {}", 10_072 + 4 * k), None),
            (&|k: u64| format!("10:{k}:00 0.{k} 1.{k}"), None),
        ] {
            assert_eq!(rows(row), expected, "{}", row(1));
        }
        let mut few = BareNumbers::default();
        (0..20).for_each(|k| few.line(k, &format!("{}", 10_072 + 4 * k)));
        assert_eq!(few.first_line(1000), None);
    }
}
