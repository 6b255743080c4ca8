//! GC logs of Java 9 and later: `-Xlog:gc`, `-Xlog:gc*`, with any decorations.

use super::collection::last_sizes;
use super::java_line::{Extent, JavaHeap};
use super::{AFTER_CONCURRENT, At};
use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::scope::Scope;
use crate::formats::sink::Sink;
use crate::formats::size::{Multiples, Size, size};
use crate::model::Subject;

/// Unified logging.
pub static FORMAT: Format = Format {
    name: "java-gc",
    reads: "GC logs of Java 9 and later (\"[13.129s][info][gc] GC(7) Pause Full (Ergonomics) 6M->4M(15M) 14.8ms\")",
    example: "[12.204s][info][gc] GC(6) Pause Young (Allocation Failure) 7M->5M(15M) 1.6ms\n\
              [13.129s][info][gc] GC(7) Pause Full (Allocation Failure) 6M->4M(15M) 14.8ms\n",
    detect: Detect::Needles(&["GC(", "][gc"]),
    parser: |_| Parser::Lines(Box::<Reader>::default()),
};

#[derive(Debug, Default)]
struct Reader {
    heap: JavaHeap,
    /// The last cleanup of Shenandoah: of those of one collection only the last is its end.
    cleanup: Option<Cleanup>,
}

/// A cleanup of Shenandoah.
#[derive(Debug)]
struct Cleanup {
    collection: u64,
    line: u64,
    subject: Subject,
    at: At,
    after: Size,
}

/// The meaning of a line for the heap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    Collection(Extent),
    /// Old objects are marked.
    Marked,
    /// Shenandoah freed regions.
    Cleanup,
}

/// Lines by their beginnings.
const EVENTS: &[(&str, Event)] = &[
    ("Pause Full", Event::Collection(Extent::Full)),
    ("Pause Young", Event::Collection(Extent::Young)),
    ("Pause Remark", Event::Marked),
    ("Pause Cleanup", Event::Marked),
    // ZGC; without generations it has no other collections.
    ("Garbage Collection (", Event::Collection(Extent::Full)),
    ("Major Collection (", Event::Collection(Extent::Full)),
    ("Minor Collection (", Event::Collection(Extent::Young)),
    ("Concurrent cleanup", Event::Cleanup),
    ("Pause Degenerated GC (", Event::Collection(Extent::Concurrent)),
];

/// Returns the number of a collection, the byte at which `GC(` begins, and what follows.
fn record(text: &str) -> Option<(u64, usize, &str)> {
    let start = text.find("GC(")?;
    // Decorations end with a bracket; there may be none.
    let before = text.get(..start)?.trim_end();
    if !before.is_empty() && !before.ends_with(']') {
        return None;
    }
    let (number, rest) = text.get(start + 3..)?.split_once(") ")?;
    Some((number.parse().ok()?, start, rest.trim_start()))
}

/// Seconds since 1970 are more than these, those since a start fewer.
const EPOCH_SECONDS: f64 = 1e9;

/// Returns the seconds that decorations give: `[13.129s]`, `[13129ms]`, `[13129123456ns]`.
fn seconds(decorations: &str) -> Option<f64> {
    decorations.split('[').find_map(|field| {
        let field = field.split(']').next()?.trim();
        let (number, unit) = field.split_at(field.find(|c: char| c.is_ascii_alphabetic())?);
        let factor = match unit {
            "s" => 1.0,
            "ms" => 1e-3,
            "ns" => 1e-9,
            _ => return None,
        };
        let is_number = number.starts_with(|c: char| c.is_ascii_digit());
        is_number
            .then(|| number.replace(',', ".").parse::<f64>().ok())
            .flatten()
            .map(|number| number * factor)
    })
}

/// Whether a line has decorations, one of which names the collector: `[1.750s][info][gc,ergo]`.
fn is_tagged(text: &str) -> bool {
    let tagged = text.split_once("][gc").map(|(_, rest)| rest.trim_start_matches([',', '+']));
    text.starts_with('[')
        && tagged.is_some_and(|rest| {
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_lowercase() || c == ',' || c == ' ');
            rest.starts_with(']')
        })
}

/// Whether one of the decorations is a date.
fn has_date(decorations: &str) -> bool {
    decorations.split('[').any(|field| {
        let digits = field.bytes().take_while(u8::is_ascii_digit).count();
        digits == 4 && field.as_bytes().get(4) == Some(&b'-')
    })
}

impl Reader {
    /// Adds the sample of the last collection of Shenandoah.
    fn flush(&mut self, out: &mut Sink<'_>) {
        let Some(Cleanup { line, subject, at, after, .. }) = self.cleanup.take() else { return };
        out.count_records(1);
        let sample = match at.elapsed {
            Some(_) => out.gathered_sample_at(line, subject, at.time),
            None => out.gathered_sample(line, subject, at.scope),
        };
        sample.limit_if_known(self.heap.limit).set(AFTER_CONCURRENT, after.rounded()).push();
    }
}

impl LineParser for Reader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if let Some((before, limit)) = line.text.split_once("Heap Max Capacity: ") {
            let limit =
                size(limit.trim(), 1.0, Multiples::Binary).filter(|_| before.trim_end().ends_with(']'));
            self.heap.limit = limit.map(Size::rounded).or(self.heap.limit);
            return Ok(if limit.is_some() { Claim::Mine } else { Claim::NotMine });
        }
        let Some((number, start, rest)) = record(line.text) else {
            // Other lines of the collector have sizes as well, which are none of the heap in use.
            return Ok(if is_tagged(line.text) { Claim::Mine } else { Claim::NotMine });
        };
        let event = EVENTS.iter().find(|(beginning, _)| rest.starts_with(beginning)).map(|(_, event)| *event);
        // The start of a collection has no sizes, and other lines tell of its parts.
        let (Some(event), Some(sizes)) = (event, last_sizes(rest)) else { return Ok(Claim::Mine) };
        let decorations = line.text.get(..start).unwrap_or("");
        let seconds = seconds(decorations);
        // The seconds of a decoration would be taken for a stamp themselves.
        let is_dated = seconds.is_none() || !decorations.starts_with('[') || has_date(decorations);
        let mut scope = if is_dated { out.scope(line, start) } else { Scope::default() };
        if let Some(epoch) = seconds.filter(|seconds| *seconds > EPOCH_SECONDS && !scope.stamped) {
            scope.time = out.epoch_seconds(epoch);
        }
        let at = At::new(scope, seconds.filter(|seconds| *seconds <= EPOCH_SECONDS), out);
        if self.cleanup.as_ref().is_some_and(|cleanup| cleanup.collection != number) {
            self.flush(out);
        }
        match event {
            Event::Marked => self.heap.marked(line, at, out),
            // Collections of one generation of Shenandoah say so.
            Event::Collection(_) | Event::Cleanup if rest.contains("(Young)") => {
                self.heap.collected(line, at, Extent::Young, sizes, out);
            }
            Event::Collection(extent) => self.heap.collected(line, at, extent, sizes, out),
            Event::Cleanup => {
                let subject = self.heap.subject(at);
                self.cleanup =
                    Some(Cleanup { collection: number, line: line.number, subject, at, after: sizes.after });
            }
        }
        Ok(Claim::Mine)
    }

    fn end_of_lines(&mut self, out: &mut Sink<'_>) {
        self.flush(out);
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.heap.note(out);
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::{record, seconds};

    #[test]
    fn records_and_their_seconds() {
        for (text, expected) in [
            ("[13.129s][info][gc] GC(7) Pause Full 6M->4M(15M)", Some((7, "Pause Full 6M->4M(15M)"))),
            (
                "[2026-11-26T10:40:36.272+0000][2.201s][info][gc,start    ] GC(0) Pause Young",
                Some((0, "Pause Young")),
            ),
            ("GC(12) Pause Full", Some((12, "Pause Full"))),
            ("called GC(7) of it", None),
            ("[gc] GC(x) Pause", None),
            ("[gc] GC(7)", None),
        ] {
            assert_eq!(record(text).map(|(number, _, rest)| (number, rest)), expected, "{text}");
        }
        for (text, expected) in [
            ("[13.129s][info][gc] ", Some(13.129)),
            ("[3,167s][info][gc ] ", Some(3.167)),
            ("[1606387234073ms][gc] ", Some(1_606_387_234.073)),
            ("[2026-11-26T10:40:36.272+0000][2.201s][gc] ", Some(2.201)),
            ("[info][gc] ", None),
            ("[s][gc] ", None),
        ] {
            let found = seconds(text);
            assert_eq!(found.is_some(), expected.is_some(), "{text}");
            let difference =
                found.zip(expected).map_or(0.0, |(found, expected): (f64, f64)| found - expected);
            assert!(difference.abs() < 1e-6, "{text}");
        }
    }
}
