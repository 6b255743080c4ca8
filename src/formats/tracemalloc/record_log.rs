//! The records of a source in order, until its lists can be told apart.

use std::ops::Range;

use foldhash::HashMap;

use crate::formats::prefix::PrefixId;
use crate::model::{Dialect, Measured, Readings, TimeRef, WrittenReading};

/// Runs of damaged lines that may follow each other; of more, those between are one with the last.
const MOST_DAMAGED_RUNS: usize = 16;

/// The lines between a record and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gap {
    /// Other text.
    pub text: bool,
    /// An empty line.
    pub blank: bool,
    /// A heading such as `[ Top 10 differences ]`.
    pub heading: bool,
    /// A line that says that lines are left out (`...`), before any heading or other text.
    pub omission_before: bool,
    /// Such a line after a heading or other text.
    pub omission_after: bool,
}

impl Gap {
    /// Whether nothing stood there.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// The kind of a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A statistic.
    Reading,
    /// Statistics that could not be read: any number of lines, wherever they stand up to the next record.
    Damaged,
    /// The sum of the sites that the list does not show, `12 other: …`: it ends a list and says that it is cut.
    Others(Box<Measured>),
    /// The total, which ends a list.
    Total(Box<Measured>),
}

/// Records that follow each other and have all of this in common: readings on consecutive lines, or a single record of
/// another kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Their kind.
    pub kind: Kind,
    /// Their dialect.
    pub dialect: Dialect,
    /// Their readings; none if they are of another kind.
    pub rows: Range<usize>,
    /// Their time, if they have one.
    pub time: Option<TimeRef>,
    /// The same in seconds, once the source is read; not a number where it is unknown.
    pub seconds: f64,
    /// The lines before the first of them.
    pub gap: Gap,
    /// The length that the heading before it declared.
    pub declared: Option<u32>,
    /// The rank of the first reading in its list (`#1: `), from 1, the others counting on; 0 where none is printed.
    pub rank: u32,
    /// The text before them, without its time stamp.
    pub prefix: PrefixId,
    /// The line of the first, from 1.
    pub line: u64,
}

/// A record at which a list begins: its run, and its row there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Start {
    /// Index of the run.
    pub run: usize,
    /// The row, the run's first unless the list begins amid the run.
    pub row: usize,
}

/// The context of a record beside its numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecordContext {
    /// Its dialect.
    pub dialect: Dialect,
    /// Its time, if it has one.
    pub time: Option<TimeRef>,
    /// Its rank in its list; 0 where none is printed.
    pub rank: u32,
    /// The text before it, without its time stamp.
    pub prefix: PrefixId,
    /// Its line, from 1.
    pub line: u64,
}

/// The records of a worker, and the last prefix of its lines.
pub type OfWorker = (PrefixId, Vec<Run>);

/// All records of a source.
#[derive(Debug, Default)]
pub struct RecordLog {
    /// The readings.
    pub readings: Readings,
    /// The records by runs.
    pub runs: Vec<Run>,
    headings: Vec<Heading>,
}

/// A heading above a run.
#[derive(Debug, Clone, Copy)]
struct Heading {
    /// The run below it.
    run: usize,
    /// The text before it.
    prefix: PrefixId,
    /// The length that it declared.
    declared: Option<u32>,
}

impl RecordLog {
    /// Notes whose line the heading above the next record is.
    pub fn push_heading(&mut self, prefix: PrefixId, declared: Option<u32>) {
        self.headings.push(Heading { run: self.runs.len(), prefix, declared });
    }

    /// Gives each heading to the next run of its worker: lists of several workers may be printed at once.
    fn give_headings(&mut self, number_of: impl Fn(PrefixId) -> u32) {
        let mut headings = self.headings.iter().peekable();
        let mut pending: HashMap<u32, Option<u32>> = HashMap::default();
        for (index, run) in self.runs.iter_mut().enumerate() {
            let own = number_of(run.prefix);
            let (mut is_headed, mut is_of_others) = (false, false);
            while let Some(heading) = headings.next_if(|heading| heading.run <= index) {
                match number_of(heading.prefix) {
                    owner if owner == 0 || owner == own => is_headed = true,
                    owner => {
                        is_of_others = true;
                        pending.insert(owner, heading.declared);
                    }
                }
            }
            if is_of_others && !is_headed {
                (run.gap.heading, run.declared) = (false, None);
            }
            if let Some(declared) = pending.remove(&own) {
                run.gap.heading = true;
                run.declared = run.declared.or(declared);
            }
        }
    }

    /// Number of readings and of runs; tells whether something was added.
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

    /// Adds the context of the reading that was added last.
    pub fn surround_last(&mut self, with: &RecordContext, gap: Gap, declared: Option<u32>) {
        let row = self.readings.len() - 1;
        if gap.is_empty()
            && declared.is_none()
            && let Some(run) = self.runs.last_mut()
            && run.kind == Kind::Reading
            && run.line + run.rows.len() as u64 == with.line
            && (run.dialect, run.time, run.prefix) == (with.dialect, with.time, with.prefix)
            && (run.rank == 0 && with.rank == 0
                || run.rank > 0 && run.rank as usize + run.rows.len() == with.rank as usize)
        {
            run.rows.end = row + 1;
            return;
        }
        self.push(Kind::Reading, row..row + 1, with, gap, declared);
    }

    /// Adds a record of another kind. Returns the part of the gap before it that stands before the next record as well.
    pub fn push_other(
        &mut self,
        kind: Kind,
        with: &RecordContext,
        gap: Gap,
        declared: Option<u32>,
    ) -> (Gap, Option<u32>) {
        if kind == Kind::Damaged {
            let damaged = self.runs.iter().rev().take_while(|run| run.kind == Kind::Damaged);
            let same = damaged.clone().take(MOST_DAMAGED_RUNS).any(|run| run.prefix == with.prefix);
            if same && !gap.heading || damaged.take(MOST_DAMAGED_RUNS).count() == MOST_DAMAGED_RUNS {
                return (gap, declared);
            }
        }
        let row = self.readings.len();
        self.push(kind, row..row, with, gap, declared);
        (Gap::default(), None)
    }

    fn push(
        &mut self,
        kind: Kind,
        rows: Range<usize>,
        with: &RecordContext,
        gap: Gap,
        declared: Option<u32>,
    ) {
        let RecordContext { dialect, time, rank, prefix, line } = *with;
        let seconds = f64::NAN;
        self.runs.push(Run { kind, dialect, rows, time, seconds, gap, declared, rank, prefix, line });
    }

    /// Returns the records of each worker; `number_of` numbers the workers of prefixes. Each worker comes with its last
    /// prefix.
    ///
    /// Records without a worker stand by themselves where others have one.
    pub fn by_worker(mut self, number_of: impl Fn(PrefixId) -> u32) -> (Readings, Vec<OfWorker>) {
        self.give_headings(&number_of);
        // Most logs have one worker, whose runs need not be copied.
        let numbers = || self.runs.iter().map(|run| number_of(run.prefix));
        if numbers().zip(numbers().skip(1)).all(|(before, number)| before == number) {
            let group = self.runs.last().map(|run| run.prefix).map(|prefix| (prefix, self.runs));
            return (self.readings, group.into_iter().collect());
        }
        let mut places: HashMap<u32, usize> = HashMap::default();
        let mut groups: Vec<OfWorker> = Vec::new();
        for run in self.runs {
            let place = *places.entry(number_of(run.prefix)).or_insert_with(|| {
                groups.push((run.prefix, Vec::new()));
                groups.len() - 1
            });
            groups[place].0 = run.prefix;
            groups[place].1.push(run);
        }
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
