//! `objgraph`: numbers of objects by type, all of them or those above their peak, as tables and as lists of tuples.
//!
//! `show_growth` prints those types of which there are more than ever before, and nothing where there are none: a line
//! that stands above each table and has none below it is an empty one.

use super::lists::{Entry, Extent, Lists};
use super::literals::{Literal, tuples};
use super::rows::{is_common_type, is_type_name, last_word, whole};
use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::scope::Scope;
use crate::formats::sink::Sink;
use crate::model::Dialect;

/// Tables and lists of objgraph.
pub static FORMAT: Format = Format {
    name: "objgraph",
    reads: "objgraph's show_growth, show_most_common_types and lists of growth (\"Memory Growth: [('State', 1313, 2)]\")",
    example: "1716458195 CRITICAL Memory Growth: [('State', 1313, 2), ('list', 301, 1)]\n",
    detect: Detect::Needles(&["   +", "rowth: [", "[('", "_descriptor ", "function  ", "dict  "]),
    parser: |_| Parser::Lines(Box::<Objgraph>::default()),
};

/// Rows of a table without signs that are no accident.
const ENOUGH: usize = 3;

/// Reads what objgraph prints.
#[derive(Debug, Default)]
struct Objgraph {
    growth: Lists,
    common: Lists,
    open: Option<Table>,
    heading: Heading,
}

/// A table that is being read.
#[derive(Debug)]
struct Table {
    is_growth: bool,
    last_line: u64,
    /// The number that it is sorted by, in its last row.
    least: i64,
    /// Where the numbers of a table without signs begin.
    column: usize,
    /// The number of the list, and of its rows.
    list: usize,
    rows: usize,
    /// Whether it may be a first look, of which each type is more than ever before by all that there is of it.
    is_first: bool,
    /// The first row, which is the evidence of the format.
    first: (u64, String),
}

/// The line above each table of growth.
#[derive(Debug, Default)]
struct Heading {
    /// Its text without its numbers; empty before the first table.
    text: String,
    /// The number and the text of the last line that was no row.
    last: (u64, String),
    /// The line of a heading that no table followed so far.
    waits: Option<u64>,
}

/// A row: a type, its number, and how many more there are than ever before.
#[derive(Debug, Clone, Copy)]
struct Row<'a> {
    name: &'a str,
    count: i64,
    above_peak: Option<i64>,
    column: usize,
}

impl<'a> Row<'a> {
    /// Parses `list      316       +30` or `list      316`.
    fn parse(text: &'a str) -> Option<Self> {
        let (before, last) = last_word(text)?;
        let column = text.len() - text.trim_end().len() + last.len();
        let column = text.len() - column;
        let number = whole(last).filter(|number| *number >= 0)?;
        let (name, count, above_peak) = if last.starts_with('+') {
            let (name, count) = last_word(before)?;
            // Both stand in columns of nine.
            let is_narrow = last.len() <= 9 && count.len() <= 9;
            if is_narrow && (text.trim_end().len() - before.trim_end().len() != 10 || !ends_in_nine(before)) {
                return None;
            }
            (name, whole(count).filter(|count| *count >= number && number > 0)?, Some(number))
        } else {
            (before, number, None)
        };
        let name = name.trim_end();
        is_type_name(name).then_some(Self { name, count, above_peak, column })
    }

    const fn sorted_by(&self) -> i64 {
        match self.above_peak {
            Some(above_peak) => above_peak,
            None => self.count,
        }
    }

    const fn entry(&self) -> Entry<'a> {
        Entry { name: self.name, count: self.count, bytes: None, above_peak: self.above_peak }
    }
}

impl LineParser for Objgraph {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        // The first look lists all types: before it there is nothing that could have grown.
        if let Some((start, entries)) = growth_list(line.text)
            && (self.growth.len() > 0 || is_first_look(line.text, &entries))
        {
            self.close(out);
            let scope = out.scope(line, start);
            self.growth.begin(scope, line.number);
            out.count_records(u64::from(entries.is_empty()));
            entries.into_iter().for_each(|entry| self.growth.push(entry, out));
            return Ok(Claim::Mine);
        }
        if self.may_be_row(line) {
            let scope = out.row_scope(line);
            let text = line.text.get(if scope.stamped { scope.stamp_end } else { 0 }..).unwrap_or("");
            let text = if scope.stamped { text.trim_start() } else { text };
            if let Some(row) = Row::parse(text)
                && self.take(row, line, scope, out)
            {
                return Ok(Claim::MoreBelow);
            }
        }
        self.other_line(line, out);
        Ok(Claim::NotMine)
    }

    fn follows(&self) -> bool {
        !self.heading.text.is_empty()
    }

    fn end_of_lines(&mut self, out: &mut Sink<'_>) {
        self.close(out);
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.growth.cut_the_longest();
        self.growth.finish(Dialect::CountsAbovePeak, out);
        self.common.cut_if_short();
        self.common.finish(Dialect::Counts, out);
        *self = Self::default();
    }
}

impl Objgraph {
    /// Whether a line ends like a row.
    fn may_be_row(&self, line: Line<'_>) -> bool {
        let text = line.text.trim_end();
        text.ends_with(|c: char| c.is_ascii_digit()) && text.contains(' ') && text.len() < 400
    }

    /// Takes a row; returns whether it is one of a table.
    fn take(&mut self, row: Row<'_>, line: Line<'_>, scope: Scope, out: &mut Sink<'_>) -> bool {
        let is_growth = row.above_peak.is_some();
        let goes_on = self.open.as_ref().is_some_and(|table| {
            table.is_growth == is_growth
                && table.last_line + 1 == line.number
                && row.sorted_by() <= table.least
                && (is_growth || row.column == table.column)
                && !(table.is_first && table.rows >= ENOUGH && row.above_peak != Some(row.count))
                && !self.lists(is_growth).last_has(row.name, out)
        });
        if !goes_on {
            let follows_table = self.open.as_ref().is_some_and(|table| table.last_line + 1 == line.number);
            self.close(out);
            if !is_growth && !follows_table && !is_common(line.text) {
                return false;
            }
            self.begin(row, line, scope, follows_table, out);
        }
        let lists = if is_growth { &mut self.growth } else { &mut self.common };
        let Some(table) = &mut self.open else { return false };
        table.last_line = line.number;
        if line.ended {
            if is_growth {
                lists.push(row.entry(), out);
            } else {
                lists.push_uncounted(row.entry(), out);
            }
            (table.least, table.rows) = (row.sorted_by(), table.rows + 1);
            table.is_first &= row.above_peak == Some(row.count);
        } else {
            // Its last digits may be missing.
            lists.set_extent(Extent::BrokenOff);
        }
        true
    }

    const fn lists(&self, is_growth: bool) -> &Lists {
        if is_growth { &self.growth } else { &self.common }
    }

    fn begin(&mut self, row: Row<'_>, line: Line<'_>, scope: Scope, follows_table: bool, out: &mut Sink<'_>) {
        let is_growth = row.above_peak.is_some();
        let lists = if is_growth { &mut self.growth } else { &mut self.common };
        let list = lists.len();
        lists.begin(scope, line.number);
        let (least, column) = (row.sorted_by(), row.column);
        let first = (line.number, line.text.to_owned());
        let mut table = Table {
            is_growth,
            last_line: line.number,
            least,
            column,
            list,
            rows: 0,
            is_first: is_growth && list == 0,
            first,
        };
        let above = out.take_above();
        if is_growth {
            let number = line.number.saturating_sub(1);
            if self.heading.last.0 != number
                && let Some((_, text)) = above.lines().next_back().filter(|(last, _)| *last == number)
            {
                self.heading.last = (number, masked(text));
            }
            self.heading.found_table(number);
        } else if !follows_table && !scope.stamped {
            table.rows += self.take_rows_above(row, line.number, &above, out);
        }
        out.recycle(above);
        self.open = Some(table);
    }

    /// Takes the rows above the first one by which a table is recognised; returns their number.
    fn take_rows_above(
        &mut self,
        row: Row<'_>,
        line: u64,
        above: &crate::formats::look_behind::LinesAbove,
        out: &mut Sink<'_>,
    ) -> usize {
        let (mut rows, mut most) = (Vec::new(), row.count);
        for ((number, text), expected) in above.lines().rev().zip((0..line).rev()) {
            let found = Row::parse(text).filter(|found| {
                number == expected
                    && found.above_peak.is_none()
                    && found.column == row.column
                    && found.count >= most
            });
            let Some(found) = found else { break };
            most = found.count;
            rows.push(found);
        }
        rows.iter().rev().for_each(|row| self.common.push_uncounted(row.entry(), out));
        rows.len()
    }

    fn close(&mut self, out: &mut Sink<'_>) {
        let Some(table) = self.open.take() else { return };
        if !table.is_growth && table.rows < ENOUGH {
            self.common.drop_from(table.list);
        } else if !table.is_growth {
            out.count_records(table.rows as u64);
            if table.list == 0 && self.growth.len() == 0 {
                out.note_first_line(table.first.0, &table.first.1);
            }
        }
    }

    /// Takes a line that is no row: it may be a heading.
    fn other_line(&mut self, line: Line<'_>, out: &mut Sink<'_>) {
        self.close(out);
        if self.heading.text.is_empty() || line.text.trim().is_empty() {
            return;
        }
        let text = masked(line.text);
        if text == self.heading.text
            && let Some(waiting) = self.heading.waits.replace(line.number)
        {
            // The time is that of the heading before.
            let scope = out.bare_scope();
            self.growth.begin(scope, waiting);
            out.count_records(1);
        }
        self.heading.last = (line.number, text);
    }
}

impl Heading {
    /// Takes note that a table begins below a line.
    fn found_table(&mut self, number: u64) {
        self.waits = None;
        if self.text.is_empty() && self.last.0 == number {
            self.text.clone_from(&self.last.1);
        }
    }
}

/// Whether a text ends with a number in a column of nine.
fn ends_in_nine(text: &str) -> bool {
    let text = text.trim_end();
    let column = text.len().checked_sub(9).and_then(|from| text.get(from..));
    column.is_some_and(|column| column.trim_start().bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns the list of growth in a line, and where it begins.
fn growth_list(text: &str) -> Option<(usize, Vec<Entry<'_>>)> {
    if let Some(at) = text.find("rowth: []").filter(|at| at + "rowth: []".len() == text.trim_end().len()) {
        return Some((at + "rowth: ".len(), Vec::new()));
    }
    let Literal { at, tuples } = tuples(text)?;
    let (mut last, mut entries) = (i64::MAX, Vec::new());
    for (name, count, above_peak) in tuples {
        let increase = above_peak.filter(|above| (1..=last).contains(above) && *above <= count)?;
        last = increase;
        entries.push(Entry { name, count, bytes: None, above_peak });
    }
    entries.iter().all(|entry| is_type_name(entry.name)).then_some((at, entries))
}

/// Whether a list is of types for certain: by its name, or by a type that every program has.
fn is_first_look(text: &str, entries: &[Entry<'_>]) -> bool {
    let is_named = text.contains("rowth");
    !entries.is_empty() && (is_named || entries.iter().any(|entry| is_common_type(entry.name)))
}

/// Whether a row is of a type that all Python programs have many of.
fn is_common(text: &str) -> bool {
    let Detect::Needles(needles) = FORMAT.detect else { return false };
    needles.iter().skip(3).any(|needle| text.contains(needle))
}

/// Returns a line without its numbers and its names of days and months.
fn masked(text: &str) -> String {
    const NAMES: &str = "Mon Tue Wed Thu Fri Sat Sun Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";
    let words = text.split_ascii_whitespace().map(|word| {
        if word.len() == 3 && NAMES.split(' ').any(|name| name == word) {
            return "@".to_owned();
        }
        let mut masked = String::new();
        for c in word.chars().take(200) {
            match c {
                '0'..='9' if masked.ends_with('#') => {}
                '0'..='9' => masked.push('#'),
                other => masked.push(other),
            }
        }
        masked
    });
    words.take(40).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_tables() {
        for (text, expected) in [
            ("list         316       +30", Some(("list", 316, Some(30)))),
            ("builtin_function_or_method 806", Some(("builtin_function_or_method", 806, None))),
            ("list         316       +999", None),
            ("eth0 316 +30", None),
            ("eth0   316   +3", None),
            ("a b         316       +30", None),
            ("list", None),
            ("list -3", None),
            ("2026-11-26 10", None),
        ] {
            let row = Row::parse(text).map(|row| (row.name, row.count, row.above_peak));
            assert_eq!(row, expected, "{text}");
        }
        assert_eq!(Row::parse("dict      3 ").map(|row| row.column), Some(10));
    }

    #[test]
    fn lists_of_growth() {
        let of = |text: &str| growth_list(text).map(|(at, entries)| (at, entries.len()));
        for (text, expected) in [
            ("Memory Growth: [('list', 301, 16), ('State', 7, 1)]", Some((15, 2))),
            ("Memory Growth: []", Some((15, 0))),
            ("growth: [1]", None),
            // Sorted by another number, or of no growth.
            ("[('list', 301, 1), ('State', 70, 16)]", None),
            ("[('list', 301, -1)]", None),
            ("[('GET /', 301, 16)]", None),
            ("[('list', 301)]", None),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }

    #[test]
    fn headings_differ_in_numbers_and_days() {
        let dates = ["Thu Nov 26 10:41:01 2026", "Fri Dec  4 09:00:00 2026"];
        assert_eq!(masked(dates[0]), masked(dates[1]));
        assert_eq!(masked("--- iteration 15"), "--- iteration #");
    }
}
