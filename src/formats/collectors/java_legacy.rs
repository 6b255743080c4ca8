//! GC logs of Java 8 and earlier: `-verbose:gc`, `-XX:+PrintGCDetails`, with dates, with seconds since the start, or
//! without.

use super::At;
use super::collection::last_sizes;
use super::java_line::{Extent, JavaHeap};
use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::scope::Scope;
use crate::formats::sink::Sink;

/// Logs of Java 8.
pub static FORMAT: Format = Format {
    name: "java-8-gc",
    reads: "GC logs of Java 8 and earlier (\"1.234: [Full GC (Ergonomics)  65536K->10720K(251392K), 0.0123 secs]\")",
    example: "1.234: [GC (Allocation Failure)  65536K->20000K(251392K), 0.0101 secs]\n\
              9.871: [Full GC (Ergonomics)  95536K->10720K(251392K), 0.0523 secs]\n",
    detect: Detect::Needles(&["[GC", "[Full GC", "(concurrent mode failure): ", " Survivors: "]),
    parser: |_| Parser::Lines(Box::<Reader>::default()),
};

#[derive(Debug, Default)]
struct Reader {
    heap: JavaHeap,
    /// A collection whose sizes stand below it: the time and the extent.
    open: Option<(At, Extent)>,
}

/// Texts of collections of the old generation within those that began as young ones.
const OLD: &[&str] = &["[Tenured: ", "[CMS: ", "[ParOldGen: ", "[PSOldGen: ", "(concurrent mode failure): "];

/// Returns the seconds since the start that stand before a collection, `1.234: `, `1.234: #7: `, and whether they stand
/// alone.
fn seconds(before: &str) -> Option<(f64, bool)> {
    let before = before.trim_end().strip_suffix(':')?;
    let before = match before.rsplit_once(": #") {
        Some((before, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => before,
        _ => before,
    };
    let digits = before.rfind(|c: char| !matches!(c, '0'..='9' | '.' | ',')).map_or(0, |at| at + 1);
    let number = before.get(digits..)?;
    // The seconds of a time of day are no such number.
    let head = before.get(..digits)?;
    let is_number = (head.is_empty() || head.ends_with(char::is_whitespace)) && number.contains(['.', ',']);
    let seconds = is_number.then(|| number.replace(',', ".").parse().ok()).flatten()?;
    Some((seconds, head.trim().is_empty()))
}

impl Reader {
    /// Reads the line of G1 with the sizes of the whole heap.
    fn sizes_of_open(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Claim {
        let sizes = line.text.rsplit_once("Heap: ").and_then(|(_, heap)| last_sizes(heap));
        let Some(((at, extent), sizes)) = self.open.take().zip(sizes) else { return Claim::NotMine };
        self.heap.collected(line, at, extent, sizes, out);
        Claim::Mine
    }
}

impl LineParser for Reader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let text = line.text;
        if text.contains(" Survivors: ") {
            return Ok(self.sizes_of_open(line, out));
        }
        let start = ["[Full GC", "[GC"].iter().find_map(|head| text.find(head));
        let failure = text.find("(concurrent mode failure): ");
        let (Some(start), is_head) = (start.or(failure), start.is_some()) else { return Ok(Claim::NotMine) };
        let rest = text.get(start..).unwrap_or("");
        let within = rest.strip_prefix('[').unwrap_or(rest);
        // Details of G1 are `[GC Worker Start (ms): …]`; `[GC]` is a word of a program.
        let after_name = within.trim_start_matches("Full ").as_bytes().get(2);
        if is_head && (within.starts_with("GC Worker") || !matches!(after_name, Some(b' ' | b'-' | b'['))) {
            return Ok(Claim::NotMine);
        }
        let seconds = seconds(text.get(..start).unwrap_or(""));
        // Seconds would be taken for a stamp themselves.
        let is_undated = seconds.is_some_and(|(_, are_alone)| are_alone);
        let scope = if is_undated { Scope::default() } else { out.scope(line, start) };
        let at = At::new(scope, seconds.map(|(seconds, _)| seconds), out);
        let is_full = rest.starts_with("[Full GC") || OLD.iter().any(|old| rest.contains(old));
        let extent = if is_full { Extent::Full } else { Extent::Young };
        let sizes = last_sizes(within);
        let is_marking = ["GC remark", "GC cleanup", "GC (CMS Final Remark)"]
            .iter()
            .any(|marking| within.starts_with(marking))
            || within.contains("CMS-remark");
        if is_marking {
            self.heap.marked(line, at, out);
            return Ok(Claim::Mine);
        }
        match sizes {
            Some(sizes) => {
                // The second half of a line that CMS broke has the time of the first.
                let at = if is_head { at } else { self.open.map_or(at, |(at, _)| at) };
                self.open = None;
                self.heap.collected(line, at, extent, sizes, out);
                Ok(Claim::Mine)
            }
            None if within.starts_with("GC concurrent") => Ok(Claim::Mine),
            None => {
                self.open = Some((at, extent));
                Ok(Claim::Mine)
            }
        }
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.heap.note(out);
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn seconds_since_the_start() {
        for (text, expected) in [
            ("1.234: ", Some(1.234)),
            ("2026-11-26T10:40:36.272+0100: 151.126: ", Some(151.126)),
            ("1.234: #7: ", Some(1.234)),
            ("2002,085: ", Some(2002.085)),
            ("2026-11-26T10:40:36.272+0000: ", None),
            ("2026-11-26T10:40:36.272: ", None),
            ("", None),
            (": ", None),
            ("worker 12: ", None),
        ] {
            assert_eq!(seconds(text).map(|(seconds, _)| seconds), expected, "{text}");
        }
    }
}
