//! What was found in a source, in order, until the snapshots can be told apart.

use std::ops::Range;

use crate::model::{Dialect, Moment, Readings, WrittenReading};

/// What stood between a record and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gap {
    /// Other text, or an empty line.
    pub text: bool,
    /// A heading such as `[ Top 10 differences ]`.
    pub heading: bool,
}

/// What kind of record one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A statistic.
    Reading,
    /// A statistic that could not be read.
    Damaged,
    /// What is not in the list, `12 other: …`: it ends a list and says that it is cut.
    Others,
    /// The total, which ends a list.
    Total,
}

/// Records that follow each other and have all of this in common: readings on consecutive lines, or a single record of
/// another kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// What they are.
    pub kind: Kind,
    /// Their dialect.
    pub dialect: Dialect,
    /// Their readings; none if they are of another kind.
    pub rows: Range<usize>,
    /// Their time, if they have one.
    pub at: Option<Moment>,
    /// What stood before the first of them.
    pub gap: Gap,
    /// The length that the heading before it declared.
    pub declared: Option<u32>,
    /// The process that wrote them, where their prefix tells.
    pub worker: Option<u32>,
    /// The line of the first, from 1.
    pub line: u64,
}

/// What is said of a record beside its numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecordContext {
    /// Its dialect.
    pub dialect: Dialect,
    /// Its time, if it has one.
    pub at: Option<Moment>,
    /// The process that wrote it.
    pub worker: Option<u32>,
    /// Its line, from 1.
    pub line: u64,
}

/// The records of a worker process, which may not be known.
pub type OfWorker = (Option<u32>, Vec<Run>);

/// All records of a source.
#[derive(Debug, Default)]
pub struct RecordLog {
    /// The readings.
    pub readings: Readings,
    /// What surrounds them.
    pub runs: Vec<Run>,
}

impl RecordLog {
    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// How many readings and other records there are; tells whether something was added.
    pub const fn count(&self) -> (usize, usize) {
        (self.readings.len(), self.runs.len())
    }

    /// The dialect of the last record.
    pub fn last_dialect(&self) -> Option<Dialect> {
        self.runs.last().map(|run| run.dialect)
    }

    /// Adds a reading, and returns its row.
    pub fn push_reading(
        &mut self,
        reading: &WrittenReading,
        with: &RecordContext,
        gap: Gap,
        declared: Option<u32>,
    ) -> usize {
        self.readings.push(reading);
        self.surround_last(with, gap, declared);
        self.readings.len() - 1
    }

    /// Says what surrounds the reading that was just put behind the others.
    pub fn surround_last(&mut self, with: &RecordContext, gap: Gap, declared: Option<u32>) {
        let row = self.readings.len() - 1;
        if gap == Gap::default()
            && declared.is_none()
            && let Some(run) = self.runs.last_mut()
            && run.kind == Kind::Reading
            && run.line + run.rows.len() as u64 == with.line
            && (run.dialect, run.at, run.worker) == (with.dialect, with.at, with.worker)
        {
            run.rows.end = row + 1;
            return;
        }
        self.push(Kind::Reading, row..row + 1, with, gap, declared);
    }

    /// Adds a record of another kind.
    pub fn push_other(&mut self, kind: Kind, with: &RecordContext, gap: Gap, declared: Option<u32>) {
        let row = self.readings.len();
        self.push(kind, row..row, with, gap, declared);
    }

    fn push(
        &mut self,
        kind: Kind,
        rows: Range<usize>,
        with: &RecordContext,
        gap: Gap,
        declared: Option<u32>,
    ) {
        let RecordContext { dialect, at, worker, line } = *with;
        self.runs.push(Run { kind, dialect, rows, at, gap, declared, worker, line });
    }

    /// The records of each worker process, where several take turns in one log; all together where not. (A process id
    /// that comes once and is followed by another is a restart.)
    pub fn by_worker(self) -> (Readings, Vec<OfWorker>) {
        let mut turns: Vec<u32> = self.runs.iter().filter_map(|run| run.worker).collect();
        turns.dedup();
        let mut workers = turns.clone();
        workers.sort_unstable();
        workers.dedup();
        if turns.len() == workers.len() {
            return (self.readings, vec![(None, self.runs)]);
        }
        let mut groups: Vec<OfWorker> =
            workers.into_iter().map(|worker| (Some(worker), Vec::new())).collect();
        groups.push((None, Vec::new()));
        for run in self.runs {
            if let Some((_, group)) = groups.iter_mut().find(|(worker, _)| *worker == run.worker) {
                group.push(run);
            }
        }
        groups.retain(|(_, group)| !group.is_empty());
        // A snapshot is a range of readings, so those of one worker have to stand together.
        let mut readings = Readings::new();
        for run in groups.iter_mut().flat_map(|(_, runs)| runs) {
            let first = readings.len();
            run.rows.clone().for_each(|row| readings.push_from(&self.readings, row));
            run.rows = first..readings.len();
        }
        (readings, groups)
    }
}
