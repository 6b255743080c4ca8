//! What is common to the recordings of massif and to their print.

use super::tree::{Label, Tree};
use crate::formats::line::{Damage, Line};
use crate::formats::options::{GroupBy, Grouping};
use crate::formats::sink::Sink;
use crate::formats::stacks::{Moment, Stacks};
use crate::model::{Measured, Metric, Role, Subject, SubjectKind, TimeRef, Truncation};

/// Bytes that the program asked for and has not freed.
const HEAP: Metric = Metric::bytes("mem_heap_B", Role::Part);
/// The same with the allocator's own headers and padding.
const WITH_EXTRA: Metric = Metric::bytes("mem_heap_B+extra", Role::Part);
/// With `--pages-as-heap=yes`: all that is mapped.
const PAGES: Metric = Metric::bytes("mem_heap_B", Role::Virtual);
/// With `--stacks=yes`: the stacks of all threads.
const STACKS: Metric = Metric::bytes("mem_stacks_B", Role::Part);

/// The unit of the times of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Milliseconds since the start.
    Milliseconds,
    /// Instructions.
    Instructions,
    /// Bytes that were allocated and freed.
    Bytes,
}

impl Unit {
    /// Parses `ms`, `i` or `B`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "ms" => Some(Self::Milliseconds),
            "i" => Some(Self::Instructions),
            "B" => Some(Self::Bytes),
            _ => None,
        }
    }
}

/// The sizes of a snapshot, in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sizes {
    pub heap: f64,
    pub extra: f64,
    pub stacks: f64,
}

/// The run of a program under massif, with the tree that is being read.
#[derive(Debug)]
pub struct Run {
    pub command: Option<String>,
    pub unit: Unit,
    /// Whether whole pages are counted, and not blocks.
    pub counts_pages: bool,
    grouping: Grouping,
    tree: Tree,
    stacks: Stacks,
    /// The time and the line of the last snapshot.
    last: (Option<TimeRef>, u64),
    tree_bytes: usize,
    is_noted: bool,
    is_damaged: bool,
}

impl Run {
    /// Returns a run of which nothing was read.
    pub fn new(grouping: Grouping) -> Self {
        Self {
            command: None,
            unit: Unit::Instructions,
            counts_pages: false,
            grouping,
            tree: Tree::default(),
            stacks: Stacks::default(),
            last: (None, 0),
            tree_bytes: 0,
            is_noted: false,
            is_damaged: false,
        }
    }

    /// Adds the sizes of a snapshot at a time in the unit of the run. Its tree follows.
    pub fn sizes(&mut self, line: Line<'_>, time: f64, sizes: Sizes, out: &mut Sink<'_>) {
        if !std::mem::replace(&mut self.is_noted, true) {
            self.note(out);
        }
        let elapsed = match self.unit {
            Unit::Milliseconds => out.elapsed_seconds(time / 1000.0),
            Unit::Instructions | Unit::Bytes => out.work(time),
        };
        self.last = (elapsed, line.number);
        let subject =
            Subject { kind: SubjectKind::Process, name: self.command.clone(), ..Subject::default() };
        let Sizes { heap, extra, stacks } = sizes;
        let sample = out.sample_at(line, subject, elapsed);
        let sample = if self.counts_pages {
            sample.set(PAGES, Measured::exact(heap))
        } else {
            sample.set(HEAP, Measured::exact(heap)).set(WITH_EXTRA, Measured::exact(heap + extra))
        };
        sample.set_all((stacks > 0.0).then_some((STACKS, Measured::exact(stacks)))).push();
    }

    fn note(&self, out: &mut Sink<'_>) {
        if self.counts_pages {
            out.note(
                "massif counted pages that are mapped (--pages-as-heap=yes), and not blocks of the heap",
            );
        }
        let counted = match self.unit {
            Unit::Milliseconds => return,
            Unit::Instructions => "instructions",
            Unit::Bytes => "bytes that were allocated and freed",
        };
        out.note(format!(
            "the times of massif count {counted}, and no seconds: snapshots are taken in their order; for rates record \
             with --time-unit=ms"
        ));
    }

    /// Adds a node of the tree of the last snapshot.
    ///
    /// # Errors
    /// Returns the damage of a node that is none of the tree.
    pub fn node(&mut self, depth: usize, bytes: Option<f64>, label: &str) -> Result<(), Damage> {
        self.tree_bytes += label.len();
        let node = bytes.zip(Label::parse(label));
        let is_of_tree = node.is_some_and(|(bytes, label)| {
            !self.is_damaged && self.tree.node(depth, bytes, label, self.grouping, &mut self.stacks)
        });
        if is_of_tree || std::mem::replace(&mut self.is_damaged, true) {
            return Ok(());
        }
        let message = "expected a node of the tree: bytes, and a place; the rest of the tree is left out";
        Err(Damage { column: None, message: message.to_owned() })
    }

    /// Ends the tree of the last snapshot, if it has one.
    pub fn end_tree(&mut self, out: &mut Sink<'_>) {
        let bytes = std::mem::take(&mut self.tree_bytes);
        let is_damaged = std::mem::take(&mut self.is_damaged);
        if self.tree.is_empty() {
            return;
        }
        let mut truncation = self.tree.finish(self.grouping, &mut self.stacks);
        if is_damaged {
            truncation = Truncation::Partial { at_most: None };
        }
        let (time, line) = self.last;
        let moment = Moment { time, subject: None, line, truncation };
        let done = self.stacks.hand_over(self.grouping, GroupBy::Line, moment, bytes, out);
        if let Err(damage) = done {
            out.damaged(line, damage);
        }
    }
}
