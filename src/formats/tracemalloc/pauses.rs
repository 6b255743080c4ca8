//! Pauses in the times of records, which tell lists apart.

use super::record_log::{Run, Start};

/// A pause between records that ends a list is at least this many times a usual one within a list …
const PAUSE_FACTOR: f64 = 10.0;
/// … at least so many seconds, since a logger may stall (times in whole seconds need two) …
const LEAST_PAUSE_SECONDS: f64 = 1.0;
/// … and at least this share of the usual pause between lists.
const PAUSE_SHARE: f64 = 0.05;
/// Where a site comes back, a shorter pause ends a list too, if it is at least this many times the longest other one
/// since the list began.
const STEP_FACTOR: f64 = 3.0;

/// The pauses between records.
#[derive(Debug, Default)]
pub struct Pauses {
    /// The shortest pause, in seconds, that ends a list; `None` where records have no times.
    least: Option<f64>,
    /// The shortest that may end a list where a site comes back.
    pub least_where_sites_return: f64,
}

impl Pauses {
    /// The pauses between the records of a source.
    pub fn of(runs: &[Run]) -> Self {
        let timed = || {
            runs.iter()
                .filter_map(|run| (!run.seconds.is_nan()).then_some((run.seconds, run.rows.len().max(1))))
        };
        let times: Vec<f64> = timed().map(|(seconds, _)| seconds).collect();
        // Within a run no time passes.
        let nothing: usize = timed().map(|(_, records)| records - 1).sum();
        let mut deltas: Vec<f64> = times.windows(2).map(|w| w[1] - w[0]).filter(|d| *d >= 0.0).collect();
        if deltas.len() + nothing == 0 {
            return Self::default();
        }
        deltas.sort_by(f64::total_cmp);
        let whole_seconds = times.iter().all(|t| t.fract() == 0.0);
        let quarter = (deltas.len() + nothing) / 4;
        let within = quarter.checked_sub(nothing).map_or(0.0, |index| deltas[index]);
        let least = if whole_seconds { 2.0 * LEAST_PAUSE_SECONDS } else { LEAST_PAUSE_SECONDS };
        let pause = (PAUSE_FACTOR * within).max(least);
        let longer = &deltas[deltas.partition_point(|d| *d <= pause)..];
        let usual = longer.get(longer.len() / 2).copied().unwrap_or(0.0);
        // Printing a list takes time too; where lists are known to lie far apart, a moment ends none.
        let least_where_sites_return = if usual > 0.0 { least } else { 0.0 };
        Self { least: Some(pause.max(PAUSE_SHARE * usual)), least_where_sites_return }
    }

    /// Whether the pause between two runs ends a list.
    pub fn ends_list(&self, before: &Run, run: &Run) -> bool {
        self.least.is_some_and(|least| run.seconds - before.seconds > least)
    }
}

/// The steps of time within a list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Steps {
    last: Option<f64>,
    longest: Option<(f64, Start)>,
    /// The longest but one.
    other: f64,
}

impl Steps {
    /// Adds a record of this time, at which a list may begin.
    pub fn then(&mut self, at: Option<f64>, start: Start) {
        let Some(at) = at else { return };
        if let Some(step) = self.last.map(|last| at - last).filter(|step| *step > 0.0) {
            match self.longest {
                Some((longest, _)) if step <= longest => self.other = self.other.max(step),
                longest => {
                    self.other = longest.map_or(self.other, |(longest, _)| longest);
                    self.longest = Some((step, start));
                }
            }
        }
        self.last = Some(at);
    }

    /// The record after the longest step, if that is long enough to end a list and follows a row.
    pub fn longest_after(&self, row: usize, least: f64) -> Option<Start> {
        let (step, start) = self.longest?;
        (start.row > row && step >= least && step >= STEP_FACTOR * self.other).then_some(start)
    }

    /// The steps of a list that begins with the record that was added last.
    pub const fn again(self) -> Self {
        Self { last: self.last, longest: None, other: 0.0 }
    }
}
