//! Lines of `node --trace-gc`, and the last of them in the report of a heap that is full. `MB` means MiB.

use std::collections::{HashMap, VecDeque};

use super::full_heap::{FullHeap, Use};
use super::{AFTER_YOUNG, At, LIVE, Runs};
use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::scope::Scope;
use crate::formats::sink::Sink;
use crate::formats::size::{Multiples, Size, size};
use crate::model::{Metric, Subject, SubjectKind};

/// `--trace-gc`.
pub static FORMAT: Format = Format {
    name: "v8-gc",
    reads: "node --trace-gc (\"[42:0x5f2a]  7096 ms: Mark-Compact 9.8 (17.6) -> 4.7 (17.5) MB, …\")",
    example: "[42:0x5f2a]     1021 ms: Scavenge 4.5 (4.6) -> 3.7 (5.4) MB, 0.3 / 0.0 ms  task; \n\
              [42:0x5f2a]     7096 ms: Mark-Compact 9.8 (17.6) -> 4.7 (17.5) MB, 2.1 / 0.0 ms  task; \n",
    detect: Detect::Needles(&[" ms: Mark-", " ms: Scavenge ", " ms: Minor "]),
    parser: |_| Parser::Lines(Box::<Reader>::default()),
};

const MIB: f64 = 1_048_576.0;
/// Heaps that are told apart in one source.
const MOST_HEAPS: usize = 1024;

/// A heap of a process: each thread of workers has one.
#[derive(Debug, Default)]
struct Heap {
    runs: Runs,
    /// The last collections: lines of the report of a full heap repeat those above.
    last: VecDeque<(f64, Size, Size)>,
    full: FullHeap,
}

#[derive(Debug, Default)]
struct Reader {
    heaps: HashMap<String, Heap>,
    /// The first heap of each process, which is that of its main thread.
    main: HashMap<String, String>,
}

/// A collection.
#[derive(Debug, PartialEq)]
struct Collection<'a> {
    pid: Option<&'a str>,
    isolate: Option<&'a str>,
    seconds: f64,
    is_full: bool,
    before: Size,
    after: Size,
    /// The capacity after it.
    capacity: Size,
}

/// Texts before the kind of a collection.
const MILLISECONDS: &str = " ms: ";

/// Parses the collection around a `ms:` at a byte of its line; `Ok(None)` if there is none.
fn collection(line: &str, at: usize) -> Result<Option<Collection<'_>>, Damage> {
    let (Some(before), Some(after)) = (line.get(..at), line.get(at + MILLISECONDS.len()..)) else {
        return Ok(None);
    };
    let is_minor = after.starts_with("Scavenge ") || after.starts_with("Minor ");
    if !is_minor && !after.starts_with("Mark-") {
        return Ok(None);
    }
    let digits = before.rfind(|c: char| !c.is_ascii_digit() && c != '.').map_or(0, |end| end + 1);
    let Some(seconds) = before.get(digits..).and_then(|text| text.parse::<f64>().ok()) else {
        return Ok(None);
    };
    let head = before.get(..digits).unwrap_or("").trim_end();
    let bracket = head.strip_suffix(']').and_then(|head| head.rsplit_once('[')).map(|(_, inner)| inner);
    let (pid, isolate) = match bracket.map(|inner| inner.split_once(':').unwrap_or((inner, ""))) {
        Some((pid, isolate)) if !pid.is_empty() && pid.bytes().all(|byte| byte.is_ascii_digit()) => {
            (Some(pid), Some(isolate).filter(|isolate| !isolate.is_empty()))
        }
        _ => (None, None),
    };
    let damage = || Damage {
        column: None,
        message: "expected sizes before and after a collection: \"4.5 (4.6) -> 3.7 (5.4) MB\"".to_owned(),
    };
    let sizes = after.split_once(" MB").map(|(sizes, _)| sizes).ok_or_else(damage)?;
    let (left, right) = sizes.split_once(" -> ").ok_or_else(damage)?;
    // Words such as `(reduce)` and `(interleaved)` stand before the first size.
    let left = left.rsplit_once(" (").map_or(left, |(left, _)| left);
    let name = left.rsplit_once(' ').map_or("", |(name, _)| name);
    let of = |text: Option<&str>| text.and_then(|text| size(text, MIB, Multiples::Binary)).ok_or_else(damage);
    Ok(Some(Collection {
        pid,
        isolate,
        seconds: seconds / 1000.0,
        is_full: !is_minor && !name.contains("minor"),
        before: of(left.split_ascii_whitespace().last())?,
        after: of(right.split_ascii_whitespace().next())?,
        capacity: of(right.split(['(', ')']).nth(1))?,
    }))
}

impl Reader {
    fn push(&mut self, line: Line<'_>, start: usize, found: &Collection<'_>, out: &mut Sink<'_>) {
        let pid = found.pid.unwrap_or("");
        let isolate = found.isolate.unwrap_or("");
        let main = match self.main.get(pid) {
            Some(main) => main,
            None if self.main.len() < MOST_HEAPS => {
                self.main.entry(pid.to_owned()).or_insert_with(|| isolate.to_owned())
            }
            None => return out.damaged_alike(),
        };
        let is_main = main == isolate;
        let key = if is_main { pid.to_owned() } else { format!("{pid}:{isolate}") };
        if self.heaps.len() >= MOST_HEAPS && !self.heaps.contains_key(&key) {
            return out.damaged_alike();
        }
        let heap = self.heaps.entry(key.clone()).or_default();
        let this = (found.seconds, found.before, found.after);
        if heap.last.contains(&this) {
            return;
        }
        if heap.last.len() >= MOST_REPEATED {
            heap.last.pop_front();
        }
        heap.last.push_back(this);
        let run = heap.runs.id();
        heap.runs.see(found.seconds);
        if heap.runs.id() != run {
            heap.full.restart();
        }
        // Lines of the program above may have times of another base.
        let scope = if start == 0 { Scope::default() } else { out.scope(line, start) };
        let id = match (key.is_empty(), heap.runs.id().filter(|_| !scope.stamped)) {
            (true, run) => run,
            (false, None) => Some(key),
            (false, Some(run)) => Some(format!("{key}, {run}")),
        };
        let subject = Subject { kind: SubjectKind::Heap, name: None, id, parent: None };
        let metric: Metric = if found.is_full { LIVE } else { AFTER_YOUNG };
        let at = At::new(scope, Some(found.seconds), out);
        let capacity = found.capacity.bytes;
        let share = if capacity > 0.0 { found.after.bytes / capacity } else { 0.0 };
        if found.is_full && !heap.full.counts(at.time, Use { share, capacity, follows_use: true }, out) {
            return;
        }
        at.sample(line, subject, out).set(metric, found.after.rounded()).push();
    }
}

/// Parts of a line that are looked at: the report of a full heap has some collections in one.
const MOST_IN_LINE: usize = 64;
/// Collections that the report of a full heap repeats at most.
const MOST_REPEATED: usize = 16;

impl LineParser for Reader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let mut claim = Claim::NotMine;
        // The report of a full heap may have several in a line.
        for (at, _) in line.text.match_indices(MILLISECONDS).take(MOST_IN_LINE) {
            match collection(line.text, at) {
                Ok(None) => {}
                Ok(Some(found)) => {
                    let start = line.text.get(..at).and_then(|before| before.rfind('[')).unwrap_or(0);
                    self.push(line, start, &found, out);
                    claim = Claim::Mine;
                }
                // The last line of a recording may be cut.
                Err(damage) if line.ended || claim == Claim::Mine => return Err(damage),
                Err(_) => return Ok(Claim::NotMine),
            }
        }
        Ok(claim)
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        let mut keys: Vec<&String> = self.heaps.keys().collect();
        keys.sort_unstable();
        keys.iter().filter_map(|key| self.heaps.get(*key)).for_each(|heap| heap.full.note(out));
        *self = Self::default();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{MIB, collection};

    #[test]
    fn collections_of_many_versions() {
        for (line, pid, seconds, is_full, after) in [
            (
                "[42:0x5f2a]  7096 ms: Mark-Compact 9.8 (17.6) -> 4.7 (17.5) MB, 2.1 / 0 ms",
                Some("42"),
                7.096,
                true,
                4.7,
            ),
            (
                "[42:0x5f2a] 865 ms: Mark-sweep (reduce) 19.0 (19.8) -> 14.5 (18.7) MB, 1 / 0 ms",
                Some("42"),
                0.865,
                true,
                14.5,
            ),
            (
                "[7:0x71] 1258 ms: Scavenge (interleaved) 43.0 (49.4) -> 42.2 (50.9) MB, pooled: 0 MB",
                Some("7"),
                1.258,
                false,
                42.2,
            ),
            (
                "[7:0x71] 12 ms: Minor Mark-Sweep 3.0 (4.0) -> 2.5 (4.0) MB, 1 / 0 ms",
                Some("7"),
                0.012,
                false,
                2.5,
            ),
            (
                "[7:0x71] 12 ms: Mark-Compact (minor) 3.0 (4.0) -> 2.5 (4.0) MB, 1 / 0 ms",
                Some("7"),
                0.012,
                false,
                2.5,
            ),
            (
                "[5760] 1500.5 ms: Mark-sweep 3.0 (4.0) -> 2.5 (4.0) MB, 9 / 0 ms",
                Some("5760"),
                1.5005,
                true,
                2.5,
            ),
            (
                "   12345 ms: Scavenge 1.9 (37.5) -> 1.8 (37.5) MB, 0.9 / 0 ms [allocation failure].",
                None,
                12.345,
                false,
                1.8,
            ),
        ] {
            let found = collection(line, line.find(" ms: ").unwrap()).unwrap().unwrap();
            assert_eq!((found.pid, found.is_full), (pid, is_full), "{line}");
            assert!((found.seconds - seconds).abs() < 1e-9, "{line}");
            assert!((found.after.bytes / MIB - after).abs() < 1e-6, "{line}");
        }
        for line in ["took 5 ms: Mark-Compact", "5 ms: Scavenge 1.9 (37.5) ->"] {
            assert!(collection(line, line.find(" ms: ").unwrap()).is_err(), "{line}");
        }
        for line in ["x ms: Scavenge 1.9 (37.5) -> 1.8 (37.5) MB", "5 ms: done"] {
            assert_eq!(collection(line, line.find(" ms: ").unwrap()), Ok(None), "{line}");
        }
    }
}
