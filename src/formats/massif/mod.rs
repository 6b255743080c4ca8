//! Recordings of massif, the heap profiler of valgrind (`massif.out.PID`), and what `ms_print` prints of them.
//!
//! Each snapshot has the bytes of the heap; a detailed one has the tree of the stacks that allocated them, without the
//! stacks below a threshold. While the program runs massif drops snapshots and takes fewer, so that their distances
//! differ.

mod ms_print;
mod snapshot;
mod tree;

pub use ms_print::FORMAT as MS_PRINT;

use super::contract::{Detect, Format, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::options::Grouping;
use super::sink::Sink;

use snapshot::{Run, Sizes, Unit};

/// Recordings of massif.
pub static FORMAT: Format = Format {
    name: "massif",
    reads: "recordings of valgrind's massif (massif.out.PID: \"mem_heap_B=14344392\", \"heap_tree=detailed\")",
    example: "desc: --time-unit=ms\ncmd: ./app\ntime_unit: ms\n#-----------\nsnapshot=0\n#-----------\ntime=0\n\
              mem_heap_B=1024\nmem_heap_extra_B=8\nmem_stacks_B=0\nheap_tree=empty\n",
    detect: Detect::Head(is_recording),
    parser: |options| {
        Parser::Lines(Box::new(Massif { grouping: options.grouping, run: None, snapshot: None }))
    },
};

/// Whether a text begins as a recording does.
fn is_recording(head: &str) -> bool {
    let mut lines = head.lines();
    let mut begins = |key: &str| lines.next().is_some_and(|line| line.starts_with(key));
    begins("desc:") && begins("cmd:") && begins("time_unit:")
}

/// The values of a snapshot that were read so far.
#[derive(Debug, Default)]
struct Values {
    time: Option<f64>,
    heap: Option<f64>,
    extra: Option<f64>,
    stacks: Option<f64>,
}

/// Reads the recordings of one source: files may be joined.
struct Massif {
    grouping: Grouping,
    run: Option<Run>,
    snapshot: Option<Values>,
}

impl LineParser for Massif {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if line.text.starts_with("desc:") {
            self.end_of_lines(out);
            let mut run = Run::new(self.grouping);
            run.counts_pages = line.text.contains("--pages-as-heap=yes");
            (self.run, self.snapshot) = (Some(run), None);
            return Ok(Claim::MoreBelow);
        }
        let Some(run) = &mut self.run else { return Ok(Claim::NotMine) };
        if line.text.starts_with('#') {
            run.end_tree(out);
            return Ok(Claim::MoreBelow);
        }
        if let Some((depth, bytes, label)) = node(line.text) {
            // The last line may be cut in a number.
            if line.ended {
                run.node(depth, bytes, label)?;
            }
            return Ok(Claim::MoreBelow);
        }
        if let Some(command) = line.text.strip_prefix("cmd:") {
            run.command = Some(command.trim()).filter(|command| !command.is_empty()).map(str::to_owned);
            return Ok(Claim::MoreBelow);
        }
        if let Some(unit) = line.text.strip_prefix("time_unit:") {
            let damage = || expected("ms, i or B as the unit of times");
            run.unit = Unit::parse(unit).ok_or_else(damage)?;
            return Ok(Claim::MoreBelow);
        }
        let Some((key, value)) = line.text.split_once('=') else { return Ok(Claim::NotMine) };
        if key == "snapshot" {
            run.end_tree(out);
            self.snapshot = Some(Values::default());
            return Ok(Claim::MoreBelow);
        }
        let Some(values) = &mut self.snapshot else { return Ok(Claim::NotMine) };
        if key == "heap_tree" {
            let damage = || expected("a snapshot with time, mem_heap_B, mem_heap_extra_B and mem_stacks_B");
            let Values { time, heap, extra, stacks } = std::mem::take(values);
            let sizes =
                heap.zip(extra).zip(stacks).map(|((heap, extra), stacks)| Sizes { heap, extra, stacks });
            let (time, sizes) = time.zip(sizes).ok_or_else(damage)?;
            run.sizes(line, time, sizes, out);
            return Ok(Claim::MoreBelow);
        }
        let place = match key {
            "time" => &mut values.time,
            "mem_heap_B" => &mut values.heap,
            "mem_heap_extra_B" => &mut values.extra,
            "mem_stacks_B" => &mut values.stacks,
            _ => return Ok(Claim::NotMine),
        };
        *place = number(value);
        if place.is_none() { Err(expected("a whole number")) } else { Ok(Claim::MoreBelow) }
    }

    fn end_of_lines(&mut self, out: &mut Sink<'_>) {
        if let Some(run) = &mut self.run {
            run.end_tree(out);
        }
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        (self.run, self.snapshot) = (None, None);
    }
}

fn expected(what: &str) -> Damage {
    Damage { column: None, message: format!("expected {what}") }
}

/// Parses a whole number, exact up to 2⁵³.
fn number(digits: &str) -> Option<f64> {
    let is_number = (1..=16).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

/// Returns the depth, the bytes and the rest of ` n1: 12247040 0x1091A9: keep (leaky.c:15)`.
fn node(line: &str) -> Option<(usize, Option<f64>, &str)> {
    let node = line.trim_start_matches(' ');
    let (children, rest) = node.strip_prefix('n')?.split_once(": ")?;
    number(children)?;
    let (bytes, label) = rest.split_once(' ')?;
    Some((line.len() - node.len(), number(bytes), label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes() {
        for (line, expected) in [
            ("n3: 14 (heap allocation functions)", Some((0, Some(14.0), "(heap allocation functions)"))),
            ("  n0: 14 0x1: a (b.c:1)", Some((2, Some(14.0), "0x1: a (b.c:1)"))),
            (" n0: -4 0x1: a (b.c:1)", Some((1, None, "0x1: a (b.c:1)"))),
            ("nginx: 14 workers", None),
            ("n1: 14", None),
        ] {
            assert_eq!(node(line), expected, "{line}");
        }
    }

    #[test]
    fn the_beginning_is_known() {
        assert!(is_recording("desc: (none)\ncmd: ./a\ntime_unit: i\n"));
        assert!(!is_recording("desc: (none)\ncommand: ./a\n"));
    }
}
