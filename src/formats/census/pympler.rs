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

/// Types of which the interpreter and its modules alone have this many, and of which a program makes no more.
const OF_INTERPRETER: [&str; 9] = [
    "code",
    "type",
    "wrapper_descriptor",
    "method_descriptor",
    "getset_descriptor",
    "builtin_function_or_method",
    "member_descriptor",
    "classmethod_descriptor",
    "module",
];
const LEAST_OF_INTERPRETER: i64 = 100;

/// Reads summaries.
#[derive(Debug, Default)]
struct Summaries {
    lists: Lists,
    is_open: bool,
}

impl LineParser for Summaries {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let mut cells = line.text.split(" | ");
        let cells = (cells.next(), cells.next(), cells.next(), cells.next());
        let (Some(name), Some(count), Some(size), None) = cells else {
            self.is_open = false;
            return Ok(Claim::NotMine);
        };
        if count.trim() == "# objects" && size.trim() == "total size" {
            let scope = out.bare_scope();
            self.lists.begin(scope, line.number);
            self.is_open = true;
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
        match (whole(count.trim()), pympler_size(size)) {
            (Some(count), bytes @ Some(_)) => {
                self.lists.push(Entry { name: name.trim(), count, bytes, above_peak: None }, out);
            }
            _ => {
                let found = format!("{} | {}", count.trim(), size.trim());
                let message =
                    format!("expected a number of objects and a size of pympler, found \"{found}\"");
                self.lists.set_extent(Extent::BrokenOff);
                out.damaged(line.number, Damage { column: None, message });
            }
        }
        Ok(Claim::MoreBelow)
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        let of_changes = self.lists.has_negative() || !is_of_all(self.lists.counts(out));
        if of_changes {
            self.lists.cut_at(MOST_OF_CHANGES);
            out.note("summaries of pympler are taken as changes since the summary before, and added up");
        } else {
            self.lists.cut_if_short();
        }
        self.lists.finish(if of_changes { Dialect::CensusDifference } else { Dialect::Census }, out);
        *self = Self::default();
    }
}

/// Whether lists are of all objects of a process: all have those of the interpreter, or the first has, and a leak
/// pushed them out of others of the same length. (The first changes may have them too, where modules were imported.)
fn is_of_all<'a>(lists: impl Iterator<Item = Vec<(&'a str, i64)>>) -> bool {
    let of_interpreter =
        |(name, count): &(&str, i64)| *count >= LEAST_OF_INTERPRETER && OF_INTERPRETER.contains(name);
    let (mut first, mut in_all, mut one_length) = (None, true, true);
    for list in lists {
        let has_them = list.iter().any(of_interpreter);
        let (first_length, _) = *first.get_or_insert((list.len(), has_them));
        in_all &= has_them;
        one_length &= list.len() == first_length;
    }
    in_all || one_length && first.is_some_and(|(_, has_them)| has_them)
}

#[cfg(test)]
mod tests {
    use super::is_of_all;

    #[test]
    fn a_census_of_all_has_the_objects_of_the_interpreter() {
        let all = || vec![("code", 2835), ("str", 9110), ("dict", 1802)];
        let pushed_out = || vec![("bytes", 9000), ("Session", 8000), ("str", 9110)];
        let leak = || vec![("dict", 200), ("str", 400)];
        let imports = || vec![("code", 900), ("str", 4000), ("dict", 300), ("cell", 3)];
        for (lists, of_all) in [
            (vec![all(), all()], true),
            (vec![all(), pushed_out()], true),
            (vec![leak(), leak()], false),
            (vec![imports(), leak(), leak()], false),
        ] {
            assert_eq!(is_of_all(lists.clone().into_iter()), of_all, "{lists:?}");
        }
    }
}
