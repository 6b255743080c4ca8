//! `jcmd PID VM.native_memory`, also against a baseline: the memory that Java asked the system for, by its use.

use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::scope::Scope;
use crate::formats::sink::Sink;
use crate::formats::size::{Multiples, size};
use crate::model::{Measured, Metric, Role, Subject};

/// Native Memory Tracking.
pub static FORMAT: Format = Format {
    name: "java-native-memory",
    reads: "jcmd VM.native_memory (\"Total: reserved=1508811KB, committed=75463KB\")",
    example: "Native Memory Tracking:\n\nTotal: reserved=1508811KB, committed=75463KB\n\n\
              -                 Java Heap (reserved=98304KB, committed=38912KB)\n",
    detect: Detect::Needles(&["Total: reserved=", " (reserved="]),
    parser: |_| Parser::Lines(Box::<Reader>::default()),
};

const COMMITTED: Metric = Metric::bytes("committed", Role::WithGarbage);
const RESERVED: Metric = Metric::bytes("reserved", Role::Virtual);
/// All but the heap, whose size is the choice of its collector.
const OUTSIDE: Metric = Metric::bytes("committed outside the Java heap", Role::Part);
const HEAP: &str = "Java Heap";

/// Uses of memory in one report.
const MOST_USES: usize = 64;

/// Reads reports, each complete when the next begins.
#[derive(Debug, Default)]
struct Reader {
    open: Option<Report>,
}

#[derive(Debug)]
struct Report {
    line: u64,
    scope: Scope,
    pid: Option<String>,
    total: Measured,
    reserved: Measured,
    uses: Vec<(String, Measured)>,
}

/// Parses `reserved=1508811KB +12KB, committed=75463KB -4KB`: the totals stand before the differences.
fn sizes(text: &str) -> Option<(Measured, Measured)> {
    let of = |key: &str| {
        let field = text.split_once(key)?.1;
        let end = field.find([' ', ',', ')']).unwrap_or(field.len());
        Some(size(field.get(..end)?, 1.0, Multiples::Binary)?.rounded())
    };
    Some((of("reserved=")?, of("committed=")?))
}

impl Reader {
    fn flush(&mut self, out: &mut Sink<'_>) {
        let Some(Report { line, scope, pid, total, reserved, uses }) = self.open.take() else { return };
        let heap = uses.iter().find(|(name, _)| name == HEAP).map(|(_, size)| *size);
        let outside = heap.map(|heap| {
            let value = (total.value - heap.value).max(0.0);
            (OUTSIDE, Measured::rounded(value, total.half_width + heap.half_width))
        });
        let of_use = |(name, size): (String, Measured)| {
            let role = if name == HEAP { Role::WithGarbage } else { Role::Part };
            (Metric::of_recording(&name, role), size)
        };
        let sample = out.gathered_sample(line, Subject { id: pid, ..Subject::process() }, scope);
        let sample = sample.set_all(outside).set(COMMITTED, total).set(RESERVED, reserved);
        sample.set_all(uses.into_iter().map(of_use)).push();
    }
}

impl LineParser for Reader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let text = line.text.trim();
        if let Some(total) = text.strip_prefix("Total: ") {
            let damage =
                || Damage { column: None, message: "expected reserved and committed sizes".to_owned() };
            let (reserved, total) = match sizes(total) {
                Some(sizes) => sizes,
                // The last line of a recording may be cut.
                None if line.ended => return Err(damage()),
                None => return Ok(Claim::NotMine),
            };
            self.flush(out);
            let scope = out.bare_scope();
            let above = out.take_above();
            let pid = above.lines().rev().find_map(|(_, line)| pid(line)).map(str::to_owned);
            out.recycle(above);
            out.count_records(1);
            self.open = Some(Report { line: line.number, scope, pid, total, reserved, uses: Vec::new() });
            return Ok(Claim::Mine);
        }
        let (Some(report), Some(rest)) = (&mut self.open, text.strip_prefix('-')) else {
            return Ok(Claim::NotMine);
        };
        let Some((name, sizes)) =
            rest.split_once(" (reserved=").and_then(|(name, _)| Some((name.trim(), sizes(rest)?)))
        else {
            return Ok(Claim::NotMine);
        };
        if report.uses.len() < MOST_USES && line.ended {
            report.uses.push((name.to_owned(), sizes.1));
        }
        Ok(Claim::Mine)
    }

    fn end_of_lines(&mut self, out: &mut Sink<'_>) {
        self.flush(out);
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        *self = Self::default();
    }
}

/// Returns the process in `4242:`, which jcmd writes above its answer.
fn pid(line: &str) -> Option<&str> {
    let pid = line.trim().strip_suffix(':')?;
    ((1..=10).contains(&pid.len()) && pid.bytes().all(|byte| byte.is_ascii_digit())).then_some(pid)
}

#[cfg(test)]
mod tests {
    use super::sizes;

    #[test]
    fn totals_stand_before_differences() {
        for (text, expected) in [
            ("reserved=1500KB, committed=75KB", Some((1500.0, 75.0))),
            ("reserved=1500KB +12KB, committed=75KB -4KB", Some((1500.0, 75.0))),
            ("reserved=2MB, committed=1MB)", Some((2048.0, 1024.0))),
            ("reserved=-2KB, committed=1KB", None),
            ("reserved=2KB", None),
        ] {
            let found =
                sizes(text).map(|(reserved, committed)| (reserved.value / 1024.0, committed.value / 1024.0));
            assert_eq!(found, expected, "{text}");
        }
    }
}
