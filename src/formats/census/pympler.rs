//! Summaries of `pympler`: of all objects (`muppy`), or of what changed since the last one (`SummaryTracker`).
//!
//! Both look alike. A census of all objects has hundreds of those that the interpreter itself needs.

use super::lists::{Entry, Extent, Lists};
use super::rows::{pympler_size, whole};
use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::sink::Sink;
use crate::model::Dialect;

/// Summaries of pympler.
pub static FORMAT: Format = Format {
    name: "pympler",
    reads: "pympler's SummaryTracker and muppy (\"types |   # objects |   total size\")",
    example: "             types |   # objects |   total size\n\
              ================== | =========== | ============\n             \
              bytes |        1000 |   1000.00 KB\n",
    detect: Detect::Needles(&["# objects |"]),
    parser: |_| Parser::Lines(Box::<Summaries>::default()),
};

/// Rows that `print_diff` shows at most.
const MOST_OF_CHANGES: usize = 15;

/// Types of which the interpreter alone has this many …
const OF_INTERPRETER: [&str; 12] = [
    "code",
    "type",
    "wrapper_descriptor",
    "method_descriptor",
    "getset_descriptor",
    "builtin_function_or_method",
    "module",
    "weakref.ReferenceType",
    "weakref",
    "function (<lambda>)",
    "str",
    "dict",
];
const LEAST_OF_INTERPRETER: i64 = 100;
/// … of at least this many of them in each list.
const LEAST_TYPES: usize = 2;

/// Reads summaries.
#[derive(Debug, Default)]
struct Summaries {
    lists: Lists,
    is_open: bool,
    rows: usize,
}

impl LineParser for Summaries {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let mut cells = line.text.split(" | ");
        let cells = (cells.next(), cells.next(), cells.next(), cells.next());
        let (Some(name), Some(count), Some(size), None) = cells else {
            self.close();
            return Ok(Claim::NotMine);
        };
        if count.trim() == "# objects" && size.trim() == "total size" {
            self.close();
            let scope = out.bare_scope();
            self.lists.begin(scope, line.number);
            (self.is_open, self.rows) = (true, 0);
            return Ok(Claim::MoreBelow);
        }
        if !self.is_open {
            return Ok(Claim::NotMine);
        }
        if count.trim().bytes().all(|byte| byte == b'=') {
            return Ok(Claim::MoreBelow);
        }
        if !line.ended {
            self.is_open = false;
            self.lists.set_extent(Extent::BrokenOff);
            return Ok(Claim::Mine);
        }
        let damage = |expected: &str, found: &str| Damage {
            column: None,
            message: format!("expected {expected} in a summary of pympler, found \"{}\"", found.trim()),
        };
        let count = whole(count.trim()).ok_or_else(|| damage("a number of objects", count))?;
        let bytes = Some(pympler_size(size).ok_or_else(|| damage("a size", size))?);
        self.lists.push(Entry { name: name.trim(), count, bytes, above_peak: None }, out);
        self.rows += 1;
        Ok(Claim::MoreBelow)
    }

    fn end_of_lines(&mut self, _out: &mut Sink<'_>) {
        self.close();
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        let of_changes = self.lists.has_negative() || !self.lists.counts(out).all(|list| is_of_all(&list));
        if of_changes {
            self.lists.cut_at(MOST_OF_CHANGES);
            out.note("summaries of pympler are taken as changes since the summary before, and added up");
        }
        self.lists.finish(if of_changes { Dialect::CensusDifference } else { Dialect::Census }, out);
        *self = Self::default();
    }
}

impl Summaries {
    fn close(&mut self) {
        self.is_open = false;
    }
}

/// Whether a list is of all objects of a process.
fn is_of_all(list: &[(&str, i64)]) -> bool {
    let of_interpreter =
        |(name, count): &&(&str, i64)| *count >= LEAST_OF_INTERPRETER && OF_INTERPRETER.contains(name);
    list.iter().filter(of_interpreter).count() >= LEAST_TYPES
}
