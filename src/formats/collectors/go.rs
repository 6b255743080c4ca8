//! Lines of `GODEBUG=gctrace=1`: `4->5->2 MB` are the heap before, after and its live part. `MB` means MiB.

use super::{At, Runs};
use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::scope::Scope;
use crate::formats::sink::Sink;
use crate::formats::size::{Multiples, size};
use crate::model::{Measured, Metric, Role, Subject, SubjectKind};

/// `gctrace`.
pub static FORMAT: Format = Format {
    name: "gctrace",
    reads: "GODEBUG=gctrace=1 (\"gc 12 @3.4s 0%: … 4->5->2 MB, 5 MB goal, …\")",
    example: "gc 2 @3.858s 0%: 9.1+8.3+0.005 ms clock, 18+0.15/0.17/0+0.01 ms cpu, 4->5->2 MB, 5 MB goal, 2 P\n",
    detect: Detect::Needles(&[" MB goal,"]),
    parser: |_| Parser::Lines(Box::<Reader>::default()),
};

/// The part of the heap that a collection marked.
const LIVE: Metric = Metric::bytes("live heap", Role::Part);
/// Stacks of goroutines.
const STACKS: Metric = Metric::bytes("stacks", Role::Part);

const MIB: f64 = 1_048_576.0;

#[derive(Debug, Default)]
struct Reader {
    runs: Runs,
}

/// A collection.
#[derive(Debug, PartialEq)]
struct Collection {
    start: usize,
    seconds: f64,
    live: Measured,
    stacks: Option<Measured>,
}

/// Parses a collection; `Ok(None)` if the line is none.
fn collection(line: &str) -> Result<Option<Collection>, Damage> {
    let found = line.match_indices("gc ").find_map(|(at, _)| Some((at, head(line.get(at..)?)?)));
    let Some((start, (seconds, rest))) = found else { return Ok(None) };
    let damage = || Damage { column: None, message: "expected three sizes: \"4->5->2 MB\"".to_owned() };
    let mebibytes = |text: &str| Some(size(text.trim(), MIB, Multiples::Binary)?.rounded());
    let sizes = rest.split(", ").find(|field| field.contains("->")).ok_or_else(damage)?;
    let live = sizes.strip_suffix(" MB").and_then(|sizes| {
        let mut sizes = sizes.split("->");
        let live = sizes.nth(2)?;
        sizes.next().is_none().then_some(live)
    });
    let live = live.and_then(mebibytes).ok_or_else(damage)?;
    let stacks = rest.split(", ").find_map(|field| field.strip_suffix(" MB stacks")).and_then(mebibytes);
    Ok(Some(Collection { start, seconds, live, stacks }))
}

/// Parses `gc 12 @3.4s 0%: …`, and returns the seconds and what follows.
fn head(text: &str) -> Option<(f64, &str)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.strip_prefix("gc ")?;
    let rest = rest.get(digits(rest)..)?.strip_prefix(" @")?;
    let whole = digits(rest);
    let decimals = rest.get(whole..)?.strip_prefix('.').map_or(0, |decimals| 1 + digits(decimals));
    let (seconds, rest) = rest.split_at_checked(whole + decimals)?;
    let rest = rest.strip_prefix("s ")?;
    let rest = rest.get(digits(rest)..)?.strip_prefix("%: ")?;
    Some((seconds.parse().ok()?, rest))
}

impl LineParser for Reader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let Some(found) = collection(line.text)? else { return Ok(Claim::NotMine) };
        self.runs.see(found.seconds);
        // Lines of the program above may have times of another base.
        let scope = if found.start == 0 { Scope::default() } else { out.scope(line, found.start) };
        let at = At::new(scope, Some(found.seconds), out);
        let id = self.runs.id().filter(|_| at.elapsed.is_some());
        let subject = Subject { kind: SubjectKind::Heap, name: None, id, parent: None };
        let stacks = found.stacks.map(|stacks| (STACKS, stacks));
        at.sample(line, subject, out).set(LIVE, found.live).set_all(stacks).push();
        Ok(Claim::Mine)
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::{MIB, collection};

    #[test]
    fn collections_of_many_versions() {
        for (line, expected) in [
            (
                "gc 12 @3.4s 0%: 0.01+0.8+0.003 ms clock, 20+0/0.2/0+0.007 ms cpu, 4->5->2 MB, 5 MB goal, 4 P",
                Some((3.4, 2.0)),
            ),
            (
                "app: gc 1 @0.124s 5%: 1+2+3 ms clock, 4->4->0 MB, 4 MB goal, 0 MB stacks, 0 MB globals, 2 P (forced)",
                Some((0.124, 0.0)),
            ),
            ("scvg: 4 MB released, 5 MB goal, x", None),
            ("gc 12 @s 0%: 4->5->2 MB, 5 MB goal,", None),
        ] {
            let found = collection(line).ok().flatten().map(|found| (found.seconds, found.live.value / MIB));
            assert_eq!(found, expected, "{line}");
        }
        for line in ["gc 2 @1.5s 0%: 1 ms clock, 5 MB goal, 2 P", "gc 2 @1.5s 0%: 4->5 MB, 5 MB goal, 2 P"] {
            assert!(collection(line).is_err(), "{line}");
        }
    }
}
