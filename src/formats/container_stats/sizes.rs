//! Lines that are a time, perhaps a name, and one size: what `awk` leaves of `docker stats` and `kubectl top`.
//!
//! A binary unit (`MiB`) is of memory. Decimal ones (`MB`) are of files and transfers, too: they are sizes of a name
//! that comes again, or of none.

use std::collections::BTreeMap;

use super::MEM_USAGE;
use super::amid::Amid;
use super::amount::amount;
use super::free_form::is_label;
use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::kubectl_top::{MEMORY, quantity};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::other_things::is_other_thing;
use crate::formats::sink::Sink;
use crate::model::{Measured, Metric, Subject, SubjectKind};
use crate::time::Timestamps;

/// Lines of a time, a name and a size.
pub static FORMAT: Format = Format {
    name: "sizes",
    reads: "lines of a time, a name and a size (\"2026-03-14T20:00:00Z web 212.3MiB\")",
    example: "2026-03-14T20:00:00Z web 212.3MiB\n2026-03-14T20:01:00Z web 213.1MiB\n",
    detect: Detect::Head(are_sizes),
    parser: |_| Parser::Lines(Box::new(Sizes::default())),
};

/// Lines that must agree.
const ENOUGH_LINES: usize = 2;

/// Whether lines are sizes with times, and at most a few others.
fn are_sizes(head: &str) -> bool {
    let whole = head.rfind('\n').map_or(head, |end| &head[..end]);
    if whole.lines().filter(|line| line.contains(['i', 'B'])).nth(ENOUGH_LINES - 1).is_none() {
        return false;
    }
    let mut timestamps = Timestamps::new();
    let (mut dates, mut others) = (0, 0);
    let mut with_times = Found::default();
    let mut without = Found::default();
    for line in whole.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        let stamp = timestamps.stamp(line);
        let rest = stamp.as_ref().and_then(|stamp| line.get(stamp.end..));
        let of_memory = |text| reading(text).filter(|reading| reading.is_binary || !reading.is_labelled);
        if let Some(reading) = rest.and_then(of_memory) {
            with_times.add(reading);
        } else if let Some(reading) = of_memory(line) {
            without.add(reading);
        } else if timestamps.date_line(line).is_some() {
            dates += 1;
        } else {
            others += 1;
        }
    }
    let found = with_times.sizes() + if dates > 0 { without.sizes() } else { 0 };
    let once = with_times.once() + without.once();
    found >= ENOUGH_LINES && (others + once) * 8 <= found
}

/// Sizes of the beginning of a source.
#[derive(Default)]
struct Found {
    binary: usize,
    /// The number of sizes with a decimal unit, by their name.
    decimal: BTreeMap<Option<String>, usize>,
}

impl Found {
    fn add(&mut self, reading: Reading) {
        if reading.is_binary {
            self.binary += 1;
        } else {
            *self.decimal.entry(reading.subject.name).or_default() += 1;
        }
    }

    /// The number of sizes of memory.
    fn sizes(&self) -> usize {
        self.binary + self.decimal.values().filter(|lines| **lines > 1).sum::<usize>()
    }

    /// The number of sizes whose name stands in one line, such as those of files.
    fn once(&self) -> usize {
        self.decimal.values().filter(|lines| **lines == 1).count()
    }
}

/// A size, and the name before it.
struct Reading {
    subject: Subject,
    metric: Metric,
    memory: Measured,
    is_binary: bool,
    /// Whether its name is a label: other formats read those that name memory.
    is_labelled: bool,
}

/// Whether a word is the unit of the number before it: `212.3 MiB`. The kernel parts `kB` from its numbers, which have
/// formats of their own.
fn is_unit(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic()) && word != "kB"
}

/// A size at the end of some words.
struct AtEnd {
    kind: SubjectKind,
    metric: Metric,
    memory: Measured,
    is_binary: bool,
    /// The number of words that it takes up.
    words: usize,
}

fn at_end(words: &[&str]) -> Option<AtEnd> {
    let last = *words.last()?;
    let is_binary = last.contains('i');
    if !last.ends_with('B') {
        let memory = quantity(last)?;
        return Some(AtEnd { kind: SubjectKind::Pod, metric: MEMORY, memory, is_binary, words: 1 });
    }
    let from = words.len().checked_sub(if is_unit(last) { 2 } else { 1 })?;
    let (found, words) = amount(&words[from..])?;
    Some(AtEnd { kind: SubjectKind::Container, metric: MEM_USAGE, memory: found.bytes()?, is_binary, words })
}

/// Parses a text without its stamp.
fn reading(text: &str) -> Option<Reading> {
    let words = text.split([' ', '\t', ',', ';', '|', '=', '"', '(', ')', '[', ']']);
    let mut words: Vec<&str> =
        words.map(|word| word.trim_matches(':')).filter(|word| !word.is_empty()).collect();
    let AtEnd { kind, metric, memory, is_binary, words: taken } = at_end(&words)?;
    words.truncate(words.len() - taken);
    words.retain(|word| !is_label(word) && word.contains(|c: char| c.is_ascii_alphanumeric()));
    let name = match words[..] {
        [] => None,
        [name] if name.contains(char::is_alphabetic) && !is_other_thing(name) => Some(name.to_owned()),
        _ => return None,
    };
    let is_labelled = text.contains([':', '=']);
    Some(Reading {
        subject: Subject { kind, name, ..Subject::default() },
        metric,
        memory,
        is_binary,
        is_labelled,
    })
}

#[derive(Default)]
struct Sizes {
    /// Those amid the lines of other formats.
    amid: Amid,
}

impl LineParser for Sizes {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if !line.text.contains(['i', 'B']) {
            return Ok(Claim::NotMine);
        }
        let scope = out.row_scope(line);
        let rest = line.text.get(if scope.stamped { scope.stamp_end } else { 0 }..).unwrap_or_default();
        let Some(Reading { subject, metric, memory, .. }) = reading(rest) else { return Ok(Claim::NotMine) };
        // A container that is down.
        if memory.value > 0.0 {
            out.sample_in(line, subject, scope).set(metric, memory).push();
        }
        Ok(Claim::Mine)
    }

    fn amid(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        // `| 10:34 | web | 212.3 MiB |`.
        let text = line.text.trim_end_matches([' ', '\t', '|', ';', '"', ')']);
        if line.ended && text.ends_with(['i', 'B']) && may_be_size(text) {
            let scope = out.row_scope(line);
            let rest = line.text.get(if scope.stamped { scope.stamp_end } else { 0 }..).unwrap_or_default();
            if let Some(Reading { subject, metric, memory, .. }) = reading(rest) {
                let above = out.record_above();
                self.amid.push(subject, metric, memory, line.number, scope, above);
            }
        }
        Ok(Claim::NotMine)
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        std::mem::take(&mut self.amid).hand_over(out);
    }
}

/// Words of a line that may be a time, a name and a size.
const MOST_WORDS: usize = 10;

/// Whether a line ends with a size, and the words before it may be a time and a name.
fn may_be_size(text: &str) -> bool {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    at_end(&words).is_some_and(|size| words.len() - size.words < MOST_WORDS)
}
