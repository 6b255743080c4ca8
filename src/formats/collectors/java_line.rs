//! The heap of a Java program while its log is read.

use super::{AFTER_CYCLE, AFTER_YOUNG, LIVE, Runs, time};
use crate::formats::line::Line;
use crate::formats::sink::Sink;
use crate::formats::size::Size;
use crate::formats::source::Scope;
use crate::model::{Measured, Metric, Subject, SubjectKind, TimeRef};

/// The part of the heap that a collection frees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// The whole heap.
    Full,
    /// The young generation, or it and some old regions.
    Young,
}

/// The heap of a Java program, run after run.
#[derive(Debug, Default)]
pub(super) struct JavaHeap {
    runs: Runs,
    /// The most that it may have.
    pub limit: Option<Measured>,
    /// Whether old objects were marked, so that garbage among them is freed from here on.
    is_marked: bool,
    /// The smallest use after a young collection since they were marked last.
    lowest: Option<Size>,
}

impl JavaHeap {
    /// Adds a sample of a collection.
    pub(super) fn collected(
        &mut self,
        line: Line<'_>,
        at: At,
        extent: Extent,
        after: Size,
        out: &mut Sink<'_>,
    ) {
        if extent == Extent::Young && self.is_marked {
            self.lowest = Some(self.lowest.filter(|lowest| lowest.bytes <= after.bytes).unwrap_or(after));
        }
        let metric = if extent == Extent::Full { LIVE } else { AFTER_YOUNG };
        self.push(line, at, metric, after, out);
    }

    /// Notes that old objects are marked: collections from here on free the garbage among them. Adds a sample of the
    /// cycle that ends with it.
    pub(super) fn marked(&mut self, line: Line<'_>, at: At, out: &mut Sink<'_>) {
        self.is_marked = true;
        if let Some(lowest) = self.lowest.take() {
            self.push(line, at, AFTER_CYCLE, lowest, out);
        }
    }

    fn push(&mut self, line: Line<'_>, at: At, metric: Metric, value: Size, out: &mut Sink<'_>) {
        let (subject, time) = self.place(at, out);
        let sample = out.sample_at(line, subject, time).limit_if_known(self.limit);
        sample.set(metric, value.rounded()).push();
    }

    /// Returns the subject and the time of a record.
    pub(super) fn place(&mut self, at: At, out: &mut Sink<'_>) -> (Subject, Option<TimeRef>) {
        let mut id = None;
        if let Some(seconds) = at.elapsed.filter(|_| !at.scope.stamped) {
            let before = self.runs.id();
            self.runs.see(seconds);
            id = self.runs.id();
            if id != before {
                (self.is_marked, self.lowest) = (false, None);
            }
        }
        let time = time(at.scope, at.elapsed, out);
        (Subject { kind: SubjectKind::Heap, name: None, id, parent: None }, time)
    }
}

/// The time of a record as far as its line tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    pub scope: Scope,
    /// Seconds since the program began.
    pub elapsed: Option<f64>,
}
