//! A heap profile in text, as far as its lines are read.

use super::header::{Counts, Header, Writer, addresses, counts_of, thread_counts};
use super::maps::Maps;
use crate::formats::allocators;
use crate::formats::options::{GroupBy, Grouping};
use crate::formats::sink::Sink;
use crate::formats::stacks::{FrameId, InUse, Moment, Stacks};
use crate::model::{Frame, Measured, Metric, Role, Subject, TimeRef, Truncation};

/// The blocks in use of all stacks.
const IN_USE: Metric = Metric::bytes("heap in use", Role::Part);
/// The same, as Go calls it.
const INUSE_SPACE: Metric = Metric::bytes("inuse_space", Role::Part);
/// Bytes of the objects in Go's heap, those that wait to be collected included.
const HEAP_ALLOC: Metric = Metric::bytes("HeapAlloc", Role::Part);
/// Bytes of the parts of Go's heap that hold objects.
const HEAP_INUSE: Metric = Metric::bytes("HeapInuse", Role::Part);

/// Two estimates of one sum differ by less than this share.
const SAME_SUM: f64 = 0.02;

/// A stack, and the names of its frames where the profile has them.
#[derive(Debug, Default)]
struct Stack {
    counts: Counts,
    addresses: Vec<u64>,
    /// Its frames, each with whether it is one of an allocator.
    named: Vec<(FrameId, bool)>,
}

/// The part of a profile that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Stacks,
    Maps,
    /// `runtime.MemStats` of Go.
    MemStats,
}

/// A profile that is being read.
#[derive(Debug)]
pub struct Profile {
    header: Header,
    time: Option<TimeRef>,
    line: u64,
    part: Part,
    all: Stacks,
    stacks: Vec<Stack>,
    maps: Maps,
    /// The sum of all stacks as they are written.
    sum: Counts,
    /// The bytes of all lines.
    bytes: usize,
    /// Whether a line could not be read.
    is_damaged: bool,
    heap_alloc: Option<u64>,
    heap_inuse: Option<u64>,
    /// Nanoseconds since 1970 of the collection that the profile is of.
    last_collection: Option<u64>,
}

impl Profile {
    /// Begins a profile with its first line.
    pub fn begin(header: Header, time: Option<TimeRef>, line: u64) -> Self {
        Self {
            header,
            time,
            line,
            part: Part::Stacks,
            all: Stacks::default(),
            stacks: Vec::new(),
            maps: Maps::default(),
            sum: Counts::default(),
            bytes: 0,
            is_damaged: false,
            heap_alloc: None,
            heap_inuse: None,
            last_collection: None,
        }
    }

    /// Reads a line below the first. Returns whether it is one of the profile.
    pub fn line(&mut self, line: &str, ended: bool) -> bool {
        self.bytes += line.len() + 1;
        if line.trim().is_empty() {
            return true;
        }
        if is_maps(line) {
            self.part = Part::Maps;
            return true;
        }
        match self.part {
            // The last number of a line that breaks off may be another.
            Part::Stacks | Part::MemStats if !ended => {
                self.is_damaged |= self.part == Part::Stacks;
                true
            }
            Part::Stacks => self.line_of_stacks(line),
            Part::Maps => self.maps.add(line) || is_build(line),
            Part::MemStats => self.line_of_mem_stats(line),
        }
    }

    fn line_of_stacks(&mut self, line: &str) -> bool {
        if let Some(comment) = line.strip_prefix('#') {
            if comment.trim() == "runtime.MemStats" {
                self.part = Part::MemStats;
            } else if let (Some(frame), Some(stack)) = (symbol(comment), self.stacks.last_mut())
                && stack.counts.bytes > 0
            {
                let is_allocator = frame.function.as_deref().is_some_and(allocators::is_function);
                stack.named.push((self.all.frame(frame), is_allocator));
            }
            return true;
        }
        if self.header.writer == Writer::JeMalloc {
            return self.line_of_jemalloc(line);
        }
        let Some((counts, stack)) = line.split_once('@') else { return false };
        let Some(counts) = counts_of(counts) else { return false };
        self.stacks.push(Stack { addresses: addresses(stack), ..Stack::default() });
        self.count(counts);
        true
    }

    fn line_of_jemalloc(&mut self, line: &str) -> bool {
        if let Some(stack) = line.strip_prefix('@') {
            self.stacks.push(Stack { addresses: addresses(stack), ..Stack::default() });
            return true;
        }
        match thread_counts(line) {
            None => false,
            // Those of a thread are part of those of all.
            Some(None) => true,
            Some(Some(counts)) if self.stacks.is_empty() => {
                self.header.sum = Some(counts);
                true
            }
            Some(Some(counts)) => {
                self.count(counts);
                true
            }
        }
    }

    /// Adds the numbers of the last stack.
    fn count(&mut self, counts: Counts) {
        let Some(stack) = self.stacks.last_mut() else { return };
        stack.counts = counts;
        self.sum.blocks = self.sum.blocks.saturating_add(counts.blocks);
        self.sum.bytes = self.sum.bytes.saturating_add(counts.bytes);
        if counts.bytes == 0 {
            // Its blocks were all freed.
            stack.addresses = Vec::new();
        }
    }

    /// Reads a line of Go's statistics: `# HeapAlloc = 16351160`.
    fn line_of_mem_stats(&mut self, line: &str) -> bool {
        let Some((name, value)) = line.strip_prefix('#').and_then(|line| line.split_once('=')) else {
            return line.starts_with('#');
        };
        let value = value.trim().parse().ok();
        match name.trim() {
            "HeapAlloc" => self.heap_alloc = value,
            "HeapInuse" => self.heap_inuse = value,
            "LastGC" => self.last_collection = value.filter(|nanoseconds| *nanoseconds > 0),
            _ => {}
        }
        true
    }

    /// Whether its stacks, of which `total` is in use, are all there: they make up its sum.
    fn is_complete(&self, total: InUse) -> bool {
        !self.is_damaged
            && match (self.header.sum, self.header.writer) {
                (None, _) => self.part == Part::Maps,
                (Some(sum), Writer::TcMalloc | Writer::Go) => sum == self.sum,
                // The numbers of each stack are such that its estimate is right, and do not add up. Maps stand below
                // the last stack, and are missing where the system has none.
                (Some(sum), Writer::JeMalloc) => {
                    let all = self.header.in_use(sum);
                    self.part == Part::Maps || (all.bytes - total.bytes).abs() <= all.bytes * SAME_SUM
                }
            }
    }

    /// Hands the profile over.
    #[allow(clippy::cast_precision_loss, reason = "no heap has 2^53 bytes")]
    pub fn finish(mut self, grouping: Grouping, out: &mut Sink<'_>) {
        let has_names = self.stacks.iter().any(|stack| !stack.named.is_empty());
        self.maps.sort();
        for stack in std::mem::take(&mut self.stacks) {
            if stack.counts.bytes == 0 {
                continue;
            }
            let in_use = self.header.in_use(stack.counts);
            let frames = self.frames(stack);
            self.all.push(frames, in_use);
        }
        let is_complete = self.is_complete(self.all.total());
        // The time of a collection is that of the blocks; a date above may be of another profile.
        let collected = self.last_collection.and_then(|time| out.epoch_seconds(time as f64 / 1e9));
        let time = collected.or(self.time);
        let exact = |bytes: u64| Measured::exact(bytes as f64);
        // Of an incomplete profile the sum is known where it is written as it is.
        let total = match (is_complete, self.header.interval, self.header.sum) {
            (true, ..) => Some(self.all.total().measured()),
            (false, None, Some(sum)) => Some(exact(sum.bytes)),
            (false, ..) => None,
        };
        let metric = if self.header.writer == Writer::Go { INUSE_SPACE } else { IN_USE };
        let mut sample = total.map(|total| (metric, total)).into_iter().collect::<Vec<_>>();
        sample.extend(self.heap_alloc.map(|bytes| (HEAP_ALLOC, exact(bytes))));
        sample.extend(self.heap_inuse.map(|bytes| (HEAP_INUSE, exact(bytes))));
        if !sample.is_empty() {
            out.count_records(1);
            out.gathered_sample_at(self.line, Subject::process(), time).set_all(sample).push();
        }
        let truncation =
            if is_complete { Truncation::Complete } else { Truncation::Partial { at_most: None } };
        let moment = Moment { time, subject: None, line: self.line, truncation };
        let unless_asked = if has_names { GroupBy::Function } else { GroupBy::Traceback };
        let line = self.line;
        if let Err(damage) = self.all.finish(grouping, unless_asked, moment, self.bytes, out) {
            out.damaged(line, damage);
        }
    }

    /// Returns the frames of a stack without those of the allocator, innermost first.
    fn frames(&mut self, stack: Stack) -> Vec<FrameId> {
        let frames = if stack.named.is_empty() {
            let (maps, all) = (&self.maps, &mut self.all);
            let of_address = |address: u64| {
                let (name, is_allocator) = maps.name(address);
                (all.frame(Frame { function: Some(name.into()), ..Frame::at("", 0) }), is_allocator)
            };
            stack.addresses.into_iter().map(of_address).collect()
        } else {
            stack.named
        };
        let own = allocators::innermost(frames.iter().map(|(_, is_allocator)| *is_allocator));
        frames.into_iter().skip(own).map(|(frame, _)| frame).collect()
    }
}

/// Whether a line begins the list of mapped binaries.
fn is_maps(line: &str) -> bool {
    matches!(line.trim(), "MAPPED_LIBRARIES:" | "--- Memory map: ---" | "/proc/self/maps:")
}

/// Whether a line in the list of mapped binaries names the binary or a variable of it: `build=/srv/app`.
fn is_build(line: &str) -> bool {
    line.trim().split_once('=').is_some_and(|(name, _)| !name.is_empty() && !name.contains(' '))
}

/// Parses the frame of a comment, whose columns are separated by tabs: `0x674dd2`, `main.remember+0x212` and
/// `/srv/app/main.go:24`.
fn symbol(comment: &str) -> Option<Frame> {
    let mut columns = comment.split('\t').map(str::trim).filter(|column| !column.is_empty());
    columns.next().filter(|column| column.starts_with("0x"))?;
    let (name, place) = (columns.next()?, columns.next().unwrap_or_default());
    let name = name.rsplit_once("+0x").map_or(name, |(name, _)| name);
    let place = place.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)));
    let (file, line) = place.unwrap_or_default();
    Some(Frame { function: Some(name.into()), ..Frame::at(file, line) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_comments() {
        for (comment, expected) in [
            (
                "\t0x674dd2\tmain.remember+0x212\t\t\t/srv/app/main.go:24",
                Some("main.remember (/srv/app/main.go:24)"),
            ),
            (
                "\t0x63e1c6\tnet/http.(*conn).serve+0x606\t/usr/lib/go/src/net/http/server.go:1991",
                Some("net/http.(*conn).serve (/usr/lib/go/src/net/http/server.go:1991)"),
            ),
            (
                "\t0x1\tmain.Pool[go.shape.int].Get.func1+0x2\t/srv/app/pool.go:7",
                Some("main.Pool[go.shape.int].Get.func1 (/srv/app/pool.go:7)"),
            ),
            ("\t0x1\tmain.keep", Some("main.keep")),
            ("\t0x1", None),
            (" HeapAlloc = 1", None),
        ] {
            assert_eq!(symbol(comment).map(|frame| frame.to_string()).as_deref(), expected, "{comment}");
        }
    }
}
