//! Counts of work beside the memory of processes: the axis along which a leak goes on whatever the load does.

use serde::{Deserialize, Serialize};

use super::processes::ProcessSeries;
use crate::model::series::{Sample, Series, Transitions};
use crate::model::{Axis, SourceRecords, TimeBase};

/// The counts of one source, in the order of their times.
#[derive(Debug, Clone)]
struct Counter {
    source: String,
    base: TimeBase,
    /// Seconds, and the work done since the begin of the source.
    counts: Vec<(f64, f64)>,
}

/// All counts of work of a recording.
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// The name of one unit.
    pub unit: String,
    counters: Vec<Counter>,
}

/// The reason why the memory of a process is not held against the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum NoWork {
    /// The samples or the counts have no times.
    NoTimes,
    /// No count is of the time of the samples.
    NoOverlap,
    /// Several counters run at that time, and nothing shows which is of the process.
    SeveralCounters,
    /// No work was done.
    NoneDone,
}

impl Work {
    /// Gathers the counts of all sources. `unit` is the name of one unit.
    #[must_use]
    pub fn of(sources: &[SourceRecords], unit: &str) -> Self {
        let counters = sources.iter().filter(|source| !source.work.is_empty()).map(|source| {
            let mut counts: Vec<(f64, f64)> =
                source.work.iter().map(|(time, count)| (source.times.seconds(*time), *count)).collect();
            counts.retain(|(seconds, _)| !seconds.is_nan());
            counts.sort_by(|a, b| a.0.total_cmp(&b.0));
            Counter { source: source.name.clone(), base: source.times.base, counts: summed(counts) }
        });
        Self { unit: unit.to_owned(), counters: counters.collect() }
    }

    /// Whether there is no count at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counters.is_empty()
    }

    /// Returns the series of a process along the work that was done until each sample, without samples before the first
    /// count. Of samples between which no work was done the last is kept.
    ///
    /// # Errors
    /// The reason why there is none.
    pub fn series(&self, process: &ProcessSeries) -> Result<Series, NoWork> {
        let counts = self.counts(process)?;
        let series = process.series();
        let mut samples: Vec<Sample> = Vec::new();
        let mut starts = Vec::new();
        let mut steps = Transitions::default();
        for segment in series.segments() {
            let begin = samples.len();
            for sample in series.samples().get(segment.clone()).unwrap_or_default() {
                let Some(at) = done_until(&counts, sample.at) else { continue };
                let moved = Sample { at, ..*sample };
                let in_segment = samples.len() > begin;
                match samples.last_mut().filter(|last| last.at >= at) {
                    None => samples.push(moved),
                    Some(last) if in_segment => last.value = moved.value,
                    // No work was done since the restart.
                    Some(_) => {}
                }
            }
            if begin > 0 && begin < samples.len() {
                starts.push(begin);
            }
            let of_segment = samples.get(begin..).unwrap_or_default();
            of_segment.windows(2).for_each(|pair| steps.count(pair[1].value.value - pair[0].value.value));
        }
        match samples.as_slice() {
            [] => Err(NoWork::NoOverlap),
            [_] => Err(NoWork::NoneDone),
            _ => Ok(Series::new(Axis::Work, samples, &starts, steps)),
        }
    }

    /// The counts that belong to a process: those of its own sources, else those of the only counter at its time.
    fn counts(&self, process: &ProcessSeries) -> Result<Vec<(f64, f64)>, NoWork> {
        if !process.has_times() {
            return Err(NoWork::NoTimes);
        }
        let extent = process.extent();
        let timed: Vec<&Counter> = self
            .counters
            .iter()
            .filter(|counter| counter.base == process.base && !counter.counts.is_empty())
            .collect();
        if timed.is_empty() {
            return Err(NoWork::NoTimes);
        }
        let own = |counter: &&&Counter| process.sources.contains(&counter.source);
        let mut members: Vec<&Counter> = timed.iter().filter(own).copied().collect();
        if members.is_empty() {
            members = timed;
        }
        let ends = |counter: &Counter| {
            let first = counter.counts.first().map_or(f64::NAN, |count| count.0);
            (first, counter.counts.last().map_or(f64::NAN, |count| count.0))
        };
        members.retain(|counter| ends(counter).0 <= extent.end && ends(counter).1 >= extent.start);
        members.sort_by(|a, b| ends(a).0.total_cmp(&ends(b).0));
        if members.is_empty() {
            return Err(NoWork::NoOverlap);
        }
        if members.windows(2).any(|pair| ends(pair[0]).1 > ends(pair[1]).0) {
            return Err(NoWork::SeveralCounters);
        }
        let mut all: Vec<(f64, f64)> = Vec::new();
        for counter in members {
            let before = all.last().map_or(0.0, |count| count.1);
            all.extend(counter.counts.iter().map(|(seconds, done)| (*seconds, before + done)));
        }
        Ok(all)
    }
}

/// The work done since the first count: a count that falls began anew.
fn summed(counts: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let mut before: Option<f64> = None;
    let mut done = 0.0;
    counts
        .into_iter()
        .map(|(seconds, count)| {
            done += match before {
                None => 0.0,
                Some(before) if count >= before => count - before,
                Some(_) => count,
            };
            before = Some(count);
            (seconds, done)
        })
        .collect()
}

/// The work done until a time: between two counts in proportion, after the last as much as then; `None` before the
/// first.
fn done_until(counts: &[(f64, f64)], seconds: f64) -> Option<f64> {
    let next = counts.partition_point(|(at, _)| *at <= seconds);
    let (at, done) = *counts.get(next.checked_sub(1)?)?;
    let Some((then, more)) = counts.get(next) else { return Some(done) };
    Some(done + (more - done) * (seconds - at) / (then - at))
}
