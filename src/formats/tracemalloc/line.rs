//! The grammar of one statistic: `SITE:LINE: size=SIZE (±SIZE), count=N (±N), average=SIZE`.

use std::ops::Range;

use memchr::memmem;

use super::between::without_cut_mark;
use super::place::{Left, left_of_size, place};
use super::size::{count, signed_count, signed_size, size, unit_length};
use crate::model::{Amount, Dialect, Frame, Measured, Place};

/// The content of one statistic.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistic {
    /// The site.
    pub place: Place,
    /// The part of the line that names the site; `None` where it does so in a way of its own.
    pub named: Option<Range<usize>>,
    /// Its numbers.
    pub numbers: Numbers,
}

/// The numbers of a statistic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Numbers {
    /// Size of the site's blocks.
    pub size: Amount,
    /// Number of its blocks.
    pub blocks: u64,
    /// Size of a block on average.
    pub average: Option<Amount>,
    /// Change of the size, in a difference, and of the number of blocks.
    pub change: Option<(Amount, Option<i64>)>,
}

impl Statistic {
    /// Whether it is a statistic of one snapshot or a difference of two.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        if self.numbers.change.is_some() { Dialect::Difference } else { Dialect::Statistic }
    }
}

/// One thing that was found in a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// A statistic.
    Statistic(Statistic),
    /// A statistic that is damaged: the byte at which reading stopped, and what was expected there.
    Damaged {
        /// Offset in the line, in bytes.
        at: usize,
        /// The expectation, and the text that stood there.
        message: String,
    },
    /// The size of the sites that the list does not show: `N other: size=…`.
    Others(Amount),
    /// The size of all memory together: `Total: size=…`, `Traced Python memory: size=…`.
    Total(Amount),
}

/// Reads all statistics of a line, wherever in it they stand, and passes over what only looks like one. A line that is
/// not `ended` is the last of its source, and may be cut anywhere.
pub fn statistics(line: &str, ended: bool, mut found: impl FnMut(Found)) {
    let mut from = 0;
    for size in memmem::find_iter(line.as_bytes(), b"size=") {
        // The word begins after a blank, perhaps with decoration between.
        let before = line.get(from..size).unwrap_or_default();
        let undecorated = before.trim_end_matches(['*', '_', '"', '\'', '(', '[']);
        let Some(left) = undecorated.strip_suffix([' ', '\t', '|']) else { continue };
        match read(left, &line[size + "size=".len()..], ended) {
            Ok(Some((mut item, rest))) => {
                if let Found::Statistic(Statistic { named: Some(named), .. }) = &mut item {
                    *named = from + named.start..from + named.end;
                }
                from = line.len() - rest.len();
                found(item);
            }
            // No site holds the word: what follows stands after it.
            Ok(None) => from = size + "size=".len(),
            Err(Broken { rest, expected }) => {
                from = line.len() - rest.len();
                found(Found::Damaged { at: from, message: expectation(expected, rest) });
            }
        }
    }
}

/// Whether a number stands here, and no unit after it. (A number that is too long has one, and is damaged.)
fn is_plain_number(right: &str) -> bool {
    let after = right.trim_start_matches(|c: char| c.is_ascii_digit());
    size(right).is_err()
        && after.len() < right.len()
        && (after.is_empty() || after.starts_with([',', ' ', ';', ')']))
        && unit_length(after.trim_start()).is_none()
}

/// The place at which a statistic broke off.
struct Broken<'a> {
    rest: &'a str,
    expected: &'static str,
}

/// Returns the expectation, and the text that stood there.
fn expectation(expected: &str, rest: &str) -> String {
    let stood: String = rest.chars().take(24).collect();
    if stood.trim().is_empty() {
        format!("expected {expected}, found the end of the line")
    } else {
        format!("expected {expected}, found \"{}\"", stood.trim_end())
    }
}

fn read<'a>(left: &str, right: &'a str, ended: bool) -> Result<Option<(Found, &'a str)>, Broken<'a>> {
    let (place, named) = match repr_place(left) {
        Some(place) => (Some(place), None),
        None => match left_of_size(left) {
            Left::Site(place, start) => (Some(place), Some(start..left.len())),
            Left::Nothing => (None, None),
            Left::Other => return Ok(size(right).ok().and_then(|(_, size)| Some((sum(left, size)?, right)))),
        },
    };
    match (place, numbers(right, left.ends_with('>'))) {
        // The input ends with a count: digits of it may be missing.
        (Some(_), Ok((_, rest))) if !ended && rest.is_empty() && ends_with_count(right) => {
            Err(Broken { rest, expected: "the rest of a count" })
        }
        (Some(place), Ok((numbers, rest))) => {
            Ok(Some((Found::Statistic(Statistic { place, named, numbers }), rest)))
        }
        (None, Ok((.., rest))) => Err(Broken { rest, expected: "a site before the size" }),
        // A number without a unit is some other program's `size`.
        (Some(_), Err(_)) if is_plain_number(right) => Ok(None),
        (Some(_), Err(broken)) => Err(broken),
        // Neither a site nor a statistic's numbers: somebody else's words.
        (None, Err(_)) => Ok(None),
    }
}

fn ends_with_count(text: &str) -> bool {
    text.trim_end_matches(|c: char| c.is_ascii_digit() || c == ',').ends_with("count=")
}

/// The numbers of a statistic, from the size on. In a `repr` they stand without units and commas.
fn numbers(right: &str, is_repr: bool) -> Result<(Numbers, &str), Broken<'_>> {
    if is_repr {
        return repr_numbers(right);
    }
    let (rest, size_of_all) = size(right).map_err(|_| Broken { rest: right, expected: "a size" })?;
    let rest = undecorated(rest);
    let (rest, size_change) = match rest.strip_prefix(' ') {
        Some(bracket) if bracket.starts_with('(') => match signed_size(bracket) {
            Ok((rest, change)) => (undecorated(rest), Some(change)),
            Err(_) if is_remark(bracket) => (rest, None),
            Err(_) => return Err(Broken { rest: bracket, expected: "a change of the size" }),
        },
        _ => (rest, None),
    };
    let Some(after) = rest.strip_prefix(", count=") else {
        return Err(Broken { rest, expected: "\", count=\"" });
    };
    let (rest, blocks) = count(after).map_err(|_| Broken { rest: after, expected: "a count" })?;
    if rest.starts_with("..") || without_cut_mark(rest) == ("", true) {
        return Err(Broken { rest, expected: "the rest of a count" });
    }
    let mut rest = rest;
    let mut block_change = None;
    if let Some(bracket) = rest.strip_prefix(' ').filter(|b| b.starts_with('(')) {
        match signed_count(bracket) {
            Ok((after, change)) => (rest, block_change) = (after, Some(change)),
            Err(_) if size_change.is_some() => {
                return Err(Broken { rest: bracket, expected: "a change of the count" });
            }
            Err(_) => {}
        }
    } else if rest.is_empty() && blocks > 1 {
        // CPython leaves the average out only for no blocks (its 2013 forerunner for one): a line that ends
        // right after a larger count may have been cut within the count.
        return Err(Broken { rest, expected: "an average after the count" });
    }
    let mut average = None;
    if let Some(after) = rest.strip_prefix(", average=") {
        // A cut average is no loss: size and count are whole.
        if let Ok((after, found)) = size(after) {
            (rest, average) = (after, Some(found));
        }
    }
    let change = size_change.map(|bytes| (bytes, block_change));
    Ok((Numbers { size: size_of_all, blocks, average, change }, rest))
}

/// Returns the text after a size, without the end of its decoration.
fn undecorated(rest: &str) -> &str {
    let bare = rest.trim_start_matches(['*', '_', '"', '\'']);
    if bare.starts_with([',', ' ']) { bare } else { rest }
}

/// Whether a bracket holds words that somebody added, and no change cut short.
fn is_remark(bracket: &str) -> bool {
    bracket[1..].starts_with(|c: char| c.is_alphabetic())
}

/// Sums over many sites, in the forerunner of `tracemalloc` and in recipes.
fn sum(left: &str, size: Amount) -> Option<Found> {
    let left = left.trim_end().trim_end_matches(':');
    let mut words = left.split_whitespace().rev();
    let last = words.next().unwrap_or_default();
    let before = words.next().unwrap_or_default();
    if matches!(last, "more" | "other") && before.bytes().all(|b| b.is_ascii_digit()) && !before.is_empty() {
        Some(Found::Others(size))
    } else if left.ends_with("Traced Python memory") || last == "Total" {
        Some(Found::Total(size))
    } else {
        None
    }
}

/// `size=64000 (+64000) count=1000 (+1000)>`: bytes in full.
#[allow(clippy::cast_precision_loss)]
fn repr_numbers(right: &str) -> Result<(Numbers, &str), Broken<'_>> {
    let broken = |rest| Broken { rest, expected: "the numbers of a statistic's repr" };
    let (rest, bytes) = count(right).map_err(|_| broken(right))?;
    let (rest, size_change) = optional_change(rest);
    let rest = rest.strip_prefix(" count=").ok_or_else(|| broken(rest))?;
    let (rest, blocks) = count(rest).map_err(|_| broken(rest))?;
    let (rest, block_change) = optional_change(rest);
    let change = size_change.map(|bytes| (Measured::exact(bytes as f64).into(), block_change));
    Ok((Numbers { size: Measured::exact(bytes as f64).into(), blocks, average: None, change }, rest))
}

fn optional_change(rest: &str) -> (&str, Option<i64>) {
    match rest.strip_prefix(' ').map(signed_count) {
        Some(Ok((after, change))) => (after, Some(change)),
        _ => (rest, None),
    }
}

/// The frames of `<StatisticDiff traceback=<Traceback (<Frame filename='F' lineno=N>,)>`, oldest first as
/// CPython keeps them since 3.7.
fn repr_place(left: &str) -> Option<Place> {
    if !left.ends_with('>') {
        return None;
    }
    let (_, list) = left.rsplit_once("traceback=<Traceback (")?;
    let mut frames = Vec::new();
    for part in list.split("<Frame filename=").skip(1) {
        let quote = part.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        let (file, after) = part[1..].split_once(&format!("{quote} lineno="))?;
        let (_, line) = count(after).ok()?;
        frames.push(Frame::at(file, u32::try_from(line).ok()?));
    }
    frames.reverse();
    match frames.len() {
        0 => None,
        1 => frames.pop().map(|frame| place(&frame.file, frame.line)),
        _ => Some(Place::Traceback(frames)),
    }
}
