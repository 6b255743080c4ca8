//! Heaps with a garbage collector, as their runtimes log them: V8, Java, Go.
//!
//! Only the memory that a full collection leaves is live. All other sizes count garbage and climb between collections:
//! they are metrics of [`Role::WithGarbage`], which are no evidence of a leak.

mod collection;
mod full_heap;
pub mod go;
pub mod java_legacy;
mod java_line;
pub mod java_unified;
pub mod jstat;
pub mod native_memory;
pub mod v8;

use super::line::Line;
use super::sample_entry::SampleEntry;
use super::scope::Scope;
use super::sink::Sink;
use crate::model::{Metric, Role, Subject, TimeRef};

/// The memory in use after a collection of the whole heap.
const LIVE: Metric = Metric::bytes("live after full GC", Role::Part);
/// The memory in use after a collection of a part of the heap.
const AFTER_YOUNG: Metric = Metric::bytes("used after young GC", Role::WithGarbage);
/// The memory in use after Shenandoah freed regions: only as many as it needs, whatever garbage there is in others.
const AFTER_CONCURRENT: Metric = Metric::bytes("used after concurrent GC", Role::WithGarbage);
/// The lowest use after a young collection from one marking of old objects to the next: between them G1 frees all old
/// regions that are worth it.
const AFTER_CYCLE: Metric = Metric::bytes("lowest use of a GC cycle", Role::Part);

/// The time of a record as far as its line tells.
#[derive(Debug, Clone, Copy)]
struct At {
    scope: Scope,
    /// Seconds since the program began, where no stamp in the line tells the time.
    elapsed: Option<f64>,
    /// The time that they are.
    time: Option<TimeRef>,
}

impl At {
    /// Returns the time of a record by the stamp in its line, else by the seconds that it gives itself, else by the
    /// lines above.
    fn new(scope: Scope, elapsed: Option<f64>, out: &mut Sink<'_>) -> Self {
        let elapsed = elapsed.filter(|_| !scope.stamped);
        Self { scope, elapsed, time: elapsed.map_or(scope.time, |seconds| out.elapsed_seconds(seconds)) }
    }

    /// Begins a sample.
    fn sample<'o>(self, line: Line<'_>, subject: Subject, out: &'o mut Sink<'_>) -> SampleEntry<'o> {
        match self.elapsed {
            Some(_) => out.sample_at(line, subject, self.time),
            None => out.sample_in(line, subject, self.scope),
        }
    }
}

/// The runs of a program that are in one source, by the seconds since its start, which begin anew in each.
#[derive(Debug, Default)]
struct Runs {
    last: Option<f64>,
    /// Number of the run, from 0.
    run: u32,
}

/// Seconds by which records of one run may go back: a collection that runs beside the program is logged late.
const TOLERANCE_SECONDS: f64 = 2.0;

impl Runs {
    /// Takes the seconds of a record.
    fn see(&mut self, seconds: f64) {
        if self.last.is_some_and(|last| seconds < last - TOLERANCE_SECONDS) {
            self.run += 1;
            self.last = None;
        }
        self.last = Some(self.last.map_or(seconds, |last| last.max(seconds)));
    }

    /// Returns the name of the current run, if it is not the first.
    fn id(&self) -> Option<String> {
        (self.run > 0).then(|| format!("run {}", self.run + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::Runs;

    #[test]
    fn runs_begin_where_seconds_go_back() {
        let mut runs = Runs::default();
        let mut ids = Vec::new();
        for seconds in [0.5, 7.0, 6.5, 20.0, 0.4, 3.0] {
            runs.see(seconds);
            ids.push(runs.id());
        }
        assert_eq!(ids[..4], [None, None, None, None]);
        assert_eq!(ids[4..], [Some("run 2".to_owned()), Some("run 2".to_owned())]);
    }
}
