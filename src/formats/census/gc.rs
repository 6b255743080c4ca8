//! Numbers of objects that Python's garbage collector knows: `len(gc.get_objects())`, and those of the commonest types.

use super::lists::{Entry, Lists};
use super::literals::{counter, tuples};
use super::rows::{is_common_type, is_type_name, whole};
use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::sink::Sink;
use crate::model::{Dialect, Measured, Metric, Subject};

/// Counts of objects.
pub static FORMAT: Format = Format {
    name: "gc-objects",
    reads: "counts of gc.get_objects(), in all (\"gc objects 8540\") or by type (\"[('function', 1610), ('dict', 783)]\")",
    example: "1716458195 gc objects 8540\n",
    detect: Detect::Needles(&["gc objects", "gc_objects", "gc.get_objects", "[('", "Counter({'"]),
    parser: |_| Parser::Lines(Box::<Objects>::default()),
};

/// Reads counts of objects.
#[derive(Debug, Default)]
struct Objects {
    counts: Lists,
}

impl LineParser for Objects {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if let Some((at, entries)) = types(line.text) {
            let scope = out.scope(line, at);
            self.counts.begin(scope, line.number);
            entries.into_iter().for_each(|entry| self.counts.push(entry, out));
            return Ok(Claim::Mine);
        }
        let Some((at, count)) = total(line) else { return Ok(Claim::NotMine) };
        let scope = out.scope(line, at);
        #[allow(clippy::cast_precision_loss, reason = "numbers of objects are small")]
        let count = Measured::exact(count as f64);
        let subject = Subject::process();
        let number = line.number;
        out.count_records(1);
        out.gathered_sample(number, subject, scope).set(Metric::GC_OBJECTS, count).push();
        Ok(Claim::Mine)
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.counts.cut_if_short();
        self.counts.finish(Dialect::Counts, out);
        *self = Self::default();
    }
}

/// Returns the numbers of a line by type, and where they begin: sorted, and with a type among them that is common.
fn types(text: &str) -> Option<(usize, Vec<Entry<'_>>)> {
    let literal = counter(text).or_else(|| tuples(text))?;
    let mut entries = Vec::new();
    for (name, count, above_peak) in literal.tuples {
        let is_sorted = entries.last().is_none_or(|last: &Entry<'_>| last.count >= count);
        if above_peak.is_some() || !is_sorted || count < 0 || !is_type_name(name) {
            return None;
        }
        entries.push(Entry { name, count, bytes: None, above_peak: None });
    }
    let has_common = entries.iter().any(|entry| is_common_type(entry.name));
    has_common.then_some((literal.at, entries))
}

/// Returns the number of all objects in a line, and where its name begins: `gc objects 8540`,
/// `len(gc.get_objects()) = 8540`.
fn total(line: Line<'_>) -> Option<(usize, i64)> {
    const NAMES: [&str; 3] = ["gc objects", "gc_objects", "gc.get_objects"];
    let (name, at) = NAMES.iter().find_map(|name| Some((name, line.text.find(name)?)))?;
    let rest = line.text.get(at + name.len()..)?;
    let rest = rest.trim_start_matches(['(', ')', ':', '=', '"', '\'', ' ']);
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let goes_on = rest.get(end..)?.starts_with(['.', '%', '/']);
    let is_whole = line.ended || end < rest.len();
    let count = whole(rest.get(..end)?).filter(|_| is_whole && !goes_on)?;
    let at = at - if line.text.get(..at)?.ends_with("len(") { "len(".len() } else { 0 };
    Some((at, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals() {
        for (text, expected) in [
            ("iteration 0: gc objects 8548 gc.get_count=(1, 0, 0)", Some((13, 8548))),
            ("len(gc.get_objects()) = 8540", Some((0, 8540))),
            ("gc_objects=77", Some((0, 77))),
            ("gc objects: none", None),
            ("gc objects 1.5", None),
            ("calls gc.get_objects() often", None),
        ] {
            assert_eq!(total(Line { text, number: 1, ended: true }), expected, "{text}");
        }
        assert_eq!(total(Line { text: "gc objects 85", number: 1, ended: false }), None);
    }

    #[test]
    fn counts_by_type() {
        let of = |text: &str| types(text).map(|(at, entries)| (at, entries.len()));
        for (text, expected) in [
            ("objects: [('function', 1610), ('dict', 783)]", Some((9, 2))),
            ("Counter({'function': 1610, 'Session': 783})", Some((0, 2))),
            ("[('/index', 1610), ('/login', 783)]", None),
            ("[('the', 1610), ('of', 783)]", None),
            ("[('dict', 3), ('tuple', 783)]", None),
            ("[('dict', 783, 2)]", None),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }
}
