//! Lines that are parts of one sample become one: those of one worker among the lines of others, and those of all
//! mappings of a process.

use std::collections::BTreeMap;

use super::samples::{KindId, Samples};
use crate::model::{Measured, Metric, TimeRef};

/// Stamps of the lines of one sample may differ by this many seconds.
pub(super) const ONE_SAMPLE: f64 = 2.0;

/// A process of which some mapping holds less is read mapping by mapping: no whole process is that small, in bytes.
const SMALL_PROCESS: f64 = 256.0 * 1024.0;

/// The way in which rows of a process are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Join {
    /// Each row is a sample.
    Never,
    /// Rows of different metrics are one sample.
    Parts,
    /// Rows below one date are one sample, the sum of all.
    Sum,
}

/// A row that may still be joined by others.
#[derive(Debug)]
struct Row {
    kind: KindId,
    tick: u32,
    /// Whether its lines have stamps: then times that other lines give are not its own.
    stamped: bool,
    time: Option<TimeRef>,
    seconds: f64,
    line: u64,
    values: Vec<(Metric, Measured)>,
    /// The line after its last value.
    next_line: u64,
}

/// What may have parted a sample.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts {
    /// The text before its values differs.
    pub(super) prefixes: bool,
    /// Values of `Rss` come again without a header of their mapping.
    pub(super) mappings: bool,
}

/// Joins the parts of samples, names being resolved; returns whether values without a header of their mapping were
/// added up.
pub(super) fn join(samples: &mut Samples, parts: Parts) -> bool {
    let Parts { prefixes, mappings } = parts;
    if !prefixes && !mappings {
        return false;
    }
    let processes = samples.processes();
    let mut ways = vec![if prefixes { Join::Parts } else { Join::Never }; processes.len()];
    if mappings {
        mark_mappings(samples, &processes, &mut ways);
    }
    if ways.iter().all(|way| *way == Join::Never) {
        return false;
    }
    let readings = std::mem::take(&mut samples.readings);
    let ticks = std::mem::take(&mut samples.ticks);
    let seconds = std::mem::take(&mut samples.seconds);
    // By process, in the order of their numbers.
    let mut open: BTreeMap<usize, Row> = BTreeMap::new();
    for (index, ((kind, tick), seconds)) in readings.subjects().zip(ticks).zip(seconds).enumerate() {
        let process = processes.get(kind.index()).copied().unwrap_or(0);
        let values: Vec<_> = readings.values(index).collect();
        let (time, line) = (readings.time(index), readings.line(index));
        let way = ways.get(process).copied().unwrap_or(Join::Never);
        let next_line = line + values.len() as u64;
        let stamped = samples.kind(kind).is_some_and(|kind| kind.stamped);
        let row = Row { kind, tick, stamped, time, seconds, line, values, next_line };
        match open.get_mut(&process) {
            Some(before) if before.takes(&row, way) => before.join(row),
            _ => {
                if let Some(before) = open.insert(process, row) {
                    push(samples, before);
                }
            }
        }
    }
    let mut rest: Vec<Row> = open.into_values().collect();
    rest.sort_by_key(|row| row.line);
    rest.into_iter().for_each(|row| push(samples, row));
    ways.contains(&Join::Sum)
}

fn push(samples: &mut Samples, row: Row) {
    samples.readings.push(row.kind, row.time, row.line, &row.values);
    samples.ticks.push(row.tick);
    samples.seconds.push(row.seconds);
}

impl Row {
    /// Whether another row of the same process is a part of this sample.
    fn takes(&self, row: &Self, way: Join) -> bool {
        let apart = (row.seconds - self.seconds).abs();
        let is_near = apart.is_nan() || apart < ONE_SAMPLE;
        let is_one_time = self.tick == row.tick && is_near;
        match way {
            Join::Never => false,
            Join::Parts => {
                (is_one_time || self.stamped && row.stamped && is_near)
                    && row.values.iter().all(|(metric, _)| self.values.iter().all(|(own, _)| own != metric))
            }
            // Without a date, other lines end a reading.
            Join::Sum => is_one_time && (row.tick > 0 || self.next_line == row.line),
        }
    }

    fn join(&mut self, row: Self) {
        self.next_line = row.next_line;
        for (metric, value) in row.values {
            match self.values.iter_mut().find(|(known, _)| *known == metric) {
                Some((_, sum)) => *sum = *sum + value,
                None => self.values.push((metric, value)),
            }
        }
    }
}

/// Marks the processes whose rows are mappings: `grep Rss /proc/PID/smaps` prints a value of each, and nothing else.
///
/// The same lines come from `smaps_rollup` of several processes. Those are no fewer at one time than at another, and
/// none of them is as small as a mapping may be.
fn mark_mappings(samples: &Samples, processes: &[usize], ways: &mut [Join]) {
    #[derive(Clone, Default)]
    struct Seen {
        others: bool,
        is_small: bool,
        /// The date of the last row, the number of rows below it, and that below the first date.
        tick: u32,
        rows: usize,
        first_rows: usize,
        differ: bool,
        several: bool,
    }
    impl Seen {
        fn end_of_time(&mut self) {
            self.first_rows = if self.first_rows == 0 { self.rows } else { self.first_rows };
            self.differ |= self.rows != self.first_rows;
            self.several |= self.rows > 1;
            self.rows = 0;
        }
    }
    let mut seen = vec![Seen::default(); ways.len()];
    let readings = &samples.readings;
    for (index, (kind, tick)) in readings.subjects().zip(&samples.ticks).enumerate() {
        let process = processes.get(kind.index()).copied().unwrap_or(0);
        let Some(seen) = seen.get_mut(process) else { continue };
        let is_other =
            |metric: Metric| Metric::KERNEL.contains(&metric) && !matches!(metric, Metric::RSS | Metric::PSS);
        seen.others |= readings.values(index).any(|(metric, _)| is_other(metric));
        seen.is_small |= readings.value(Metric::RSS, index).is_some_and(|rss| rss.value < SMALL_PROCESS);
        if seen.tick != *tick {
            seen.end_of_time();
            seen.tick = *tick;
        }
        seen.rows += 1;
    }
    for (seen, way) in seen.iter_mut().zip(ways) {
        let last = std::mem::take(&mut seen.rows);
        seen.several |= last > 1;
        // The last may be cut.
        seen.differ |= last > seen.first_rows && seen.first_rows > 0;
        if !seen.others && seen.several && (seen.differ || seen.is_small) {
            *way = Join::Sum;
        }
    }
}
