//! The heap of a Java program while its log is read.

use super::collection::Sizes;
use super::full_heap::{FullHeap, Use};
use super::{AFTER_CONCURRENT, AFTER_CYCLE, AFTER_YOUNG, At, LIVE, Runs};
use crate::formats::line::Line;
use crate::formats::sink::Sink;
use crate::formats::size::Size;
use crate::model::{Measured, Metric, Subject, SubjectKind};

/// The extent of a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// The whole heap.
    Full,
    /// The young generation, or it and some old regions.
    Young,
    /// As many regions as Shenandoah needs.
    Concurrent,
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
    lowest: Option<(Size, Use)>,
    full: FullHeap,
}

impl JavaHeap {
    /// Adds a sample of a collection.
    pub(super) fn collected(
        &mut self,
        line: Line<'_>,
        at: At,
        extent: Extent,
        sizes: Sizes,
        out: &mut Sink<'_>,
    ) {
        let Sizes { after, usage, .. } = sizes;
        match extent {
            Extent::Full => self.push(line, at, LIVE, after, Some(usage), out),
            Extent::Concurrent => self.push(line, at, AFTER_CONCURRENT, after, None, out),
            Extent::Young => {
                if self.is_marked && self.lowest.is_none_or(|(lowest, _)| after.bytes < lowest.bytes) {
                    self.lowest = Some((after, usage));
                }
                self.push(line, at, AFTER_YOUNG, after, None, out);
            }
        }
    }

    /// Notes that old objects are marked: collections from here on free the garbage among them. Adds a sample of the
    /// cycle that ends with it.
    pub(super) fn marked(&mut self, line: Line<'_>, at: At, out: &mut Sink<'_>) {
        self.is_marked = true;
        if let Some((lowest, usage)) = self.lowest.take() {
            self.push(line, at, AFTER_CYCLE, lowest, Some(usage), out);
        }
    }

    /// Adds a sample, unless it is of a collection that does not count.
    fn push(
        &mut self,
        line: Line<'_>,
        at: At,
        metric: Metric,
        value: Size,
        usage: Option<Use>,
        out: &mut Sink<'_>,
    ) {
        let subject = self.subject(at);
        if usage.is_none_or(|usage| self.full.counts(at.time, usage, out)) {
            let sample = at.sample(line, subject, out).limit_if_known(self.limit);
            sample.set(metric, value.rounded()).push();
        }
    }

    /// Reports the collections that were left out.
    pub(super) fn note(&self, out: &mut Sink<'_>) {
        self.full.note(out);
    }

    /// Returns the subject of a record: the heap of the run that it is of.
    pub(super) fn subject(&mut self, at: At) -> Subject {
        let mut id = None;
        if let Some(seconds) = at.elapsed {
            let before = self.runs.id();
            self.runs.see(seconds);
            id = self.runs.id();
            if id != before {
                (self.is_marked, self.lowest) = (false, None);
                self.full.restart();
            }
        }
        Subject { kind: SubjectKind::Heap, name: None, id, parent: None }
    }
}
