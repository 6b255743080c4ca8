//! Readings of one subject become series: one for each metric, cut where a life of the subject ends.

use std::ops::Range;
use std::sync::Arc;

use super::derived::{Derived, column, derived};
use super::segments;
use super::timeline::timeline;
use crate::model::column::Column;
use crate::model::series::{Sample, Series, Transitions, sparkline};
use crate::model::{Axis, Measured, Metric, Moment, Role, Subject, SubjectKind, TimeBase};
use crate::stats::spacing;

/// Memory of one subject in one metric. It is kept as it was read, and made a series where it is looked at: a series
/// takes 24 bytes a sample, and most subjects have several that hardly move.
#[derive(Debug, Clone)]
pub struct ProcessSeries {
    /// The sources that it was read from, in the order of their times.
    pub sources: Vec<String>,
    /// The subject.
    pub subject: Subject,
    /// The subject's name for people, where a source has several subjects.
    pub process: Option<String>,
    /// The metric.
    pub metric: Metric,
    /// The metric by which its values are kept: its role may be another beside others.
    kept_as: Metric,
    /// Whether it is made of other metrics and not itself in the source.
    pub derived: bool,
    /// Whether times went backward in it.
    pub went_back: bool,
    /// The clock of its times.
    pub base: TimeBase,
    /// The limit of the subject in bytes, where the recording has one.
    pub limit_bytes: Option<f64>,
    /// The number of its subject among those of the recording: all metrics of one subject share it.
    pub group: usize,
    /// All readings of the subject, in all metrics.
    readings: Arc<Readings>,
}

/// The readings of one subject along its axis.
#[derive(Debug)]
struct Readings {
    axis: Axis,
    /// One position for each reading.
    positions: Vec<f64>,
    /// Readings with which a segment begins, in order.
    starts: Vec<usize>,
    columns: Vec<(Metric, Column)>,
    /// Metrics that are made of others.
    derived: Vec<Derived>,
    /// For each reading its place on a count of work, where their distances change for good.
    uneven_times: Option<Arc<[f64]>>,
}

/// The values of one metric among the readings of a subject.
#[derive(Clone, Copy)]
enum Values<'a> {
    /// As they were read.
    Read(&'a Column),
    /// Made of those of others.
    Derived(&'a Derived, &'a [(Metric, Column)]),
}

impl Values<'_> {
    fn get(self, index: usize) -> Option<Measured> {
        match self {
            Self::Read(column) => column.get(index),
            Self::Derived(derived, columns) => derived.value(columns, index),
        }
    }

    fn is_complete(self, length: usize) -> bool {
        match self {
            Self::Read(column) => column.is_complete(length),
            Self::Derived(derived, columns) => derived.is_complete(columns, length),
        }
    }

    fn is_constant(self) -> bool {
        match self {
            Self::Read(column) => column.is_constant(),
            Self::Derived(derived, columns) => derived.is_constant(columns),
        }
    }
}

impl Readings {
    /// Returns the values of a metric, if there are any: read, or made of others.
    fn values(&self, metric: Metric) -> Option<Values<'_>> {
        let derived = self.derived.iter().find(|derived| derived.metric == metric);
        let values = match derived {
            Some(derived) => Values::Derived(derived, &self.columns),
            None => Values::Read(column(&self.columns, metric)?),
        };
        (0..self.positions.len()).any(|index| values.get(index).is_some()).then_some(values)
    }

    /// Returns the metrics of the subject in the order in which they are shown: the kernel's own first, then those that
    /// are made of others, then others as they come.
    fn metrics(&self) -> Vec<Metric> {
        let derived = self.derived.iter().map(|derived| derived.metric);
        let read = self.columns.iter().map(|(metric, _)| *metric);
        let others = derived.chain(read).filter(|metric| !Metric::KERNEL.contains(metric));
        Metric::KERNEL.into_iter().chain(others).collect()
    }

    /// Returns a metric with the role that it has beside the others: memory of a group is one with page cache, where
    /// it is known without.
    fn in_context(&self, metric: Metric) -> Metric {
        let is_known_without = metric.role == Role::Resident
            && self.derived.iter().any(|derived| derived.is_without_cache_of(metric));
        if is_known_without { Metric { role: Role::Cache, ..metric } } else { metric }
    }

    /// Returns the values by which restarts are found: resident memory, or the largest part of it that is there; none
    /// if they never move.
    fn main_metric(&self) -> Vec<f64> {
        let length = self.positions.len();
        let mut metrics = self.metrics();
        metrics.retain(|metric| metric.resident_rank().is_some());
        metrics.sort_by_key(|metric| metric.resident_rank());
        let values = metrics.into_iter().filter_map(|metric| self.values(metric));
        match values.into_iter().find(|values| values.is_complete(length)) {
            Some(values) if !values.is_constant() => {
                (0..length).filter_map(|index| values.get(index)).map(|bytes| bytes.value).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// All readings of one subject, joined.
#[derive(Debug, Default)]
pub(super) struct JoinedReadings {
    pub(super) sources: Vec<String>,
    pub(super) subject: Subject,
    pub(super) process: Option<String>,
    pub(super) base: TimeBase,
    /// Seconds of each reading on the clock; not a number where unknown.
    pub(super) seconds: Vec<f64>,
    /// Readings before which another life of the subject begins.
    pub(super) restarts: Vec<usize>,
    /// Readings before which a time without any value was written.
    pub(super) away: Vec<usize>,
    pub(super) columns: Vec<(Metric, Column)>,
    pub(super) limit_bytes: Option<f64>,
}

/// Returns the series of one subject. `group` is its number.
pub(super) fn to_series(joined: JoinedReadings, group: usize) -> Vec<ProcessSeries> {
    let JoinedReadings { sources, subject, process, base, seconds, restarts, away, columns, limit_bytes } =
        joined;
    // A count of work is no time, and shows whether samples are at even distances.
    let (seconds, work) = if base == TimeBase::Index {
        (vec![f64::NAN; seconds.len()], seconds)
    } else {
        (seconds, Vec::new())
    };
    let uneven_times = spacing::changed(&work).map(|_| work.as_slice().into());
    let set_back = set_back(&seconds);
    let line = timeline(seconds);
    let went_back = !line.backward.is_empty();
    let mut readings = Readings {
        axis: line.axis,
        positions: line.positions,
        starts: Vec::new(),
        columns,
        derived: Vec::new(),
        uneven_times,
    };
    readings.derived = derived(&readings.columns, readings.positions.len());
    let main = readings.main_metric();
    let goes_on = |at: &usize| set_back == Some(*at) && segments::goes_on(&main, *at);
    let mut starts: Vec<usize> = line.backward.into_iter().filter(|at| !goes_on(at)).collect();
    starts.extend(restarts);
    // The memory of a machine falls when one of its processes ends: that is no new life.
    if subject.kind != SubjectKind::Host {
        starts.extend(segments::of_process(&main, &away));
        // What comes after a process without memory is another one.
        starts.extend((1..main.len()).filter(|&at| main[at - 1] == 0.0 && main[at] > 0.0));
    }
    starts.sort_unstable();
    starts.dedup();
    readings.starts = starts;
    let readings = Arc::new(readings);
    let series = |metric: Metric| {
        let values = readings.values(metric)?;
        Some(ProcessSeries {
            sources: sources.clone(),
            subject: subject.clone(),
            process: process.clone(),
            metric: readings.in_context(metric),
            kept_as: metric,
            derived: matches!(values, Values::Derived(..)),
            went_back,
            base,
            limit_bytes,
            group,
            readings: Arc::clone(&readings),
        })
    };
    readings.metrics().into_iter().filter(|metric| metric.role != Role::Limit).filter_map(series).collect()
}

/// The most seconds by which a clock is set back: at the end of summer time, and a little more.
const MOST_SET_BACK: f64 = 3700.0;

/// Returns the reading before which the clock was set back, if it was so once: then it is the clock, and no other
/// process.
fn set_back(seconds: &[f64]) -> Option<usize> {
    let known = || seconds.iter().copied().enumerate().filter(|(_, at)| !at.is_nan());
    let mut back = known().zip(known().skip(1)).filter(|((_, before), (_, now))| now < before);
    let ((_, before), (place, now)) = back.next()?;
    (before - now <= MOST_SET_BACK && back.next().is_none()).then_some(place)
}

impl ProcessSeries {
    /// The samples in bytes, unfolded.
    #[must_use]
    pub fn series(&self) -> Series {
        let Readings { axis, positions, starts: segments, .. } = &*self.readings;
        let mut samples: Vec<Sample> = Vec::with_capacity(positions.len());
        let mut starts = Vec::with_capacity(segments.len());
        let mut steps = Transitions::default();
        let mut segments = segments.iter().peekable();
        let mut before = None;
        for (index, sample) in self.numbered() {
            // A segment begins at its first sample of this metric.
            while segments.next_if(|start| **start <= index).is_some() {
                starts.push(samples.len());
                before = None;
            }
            let value = sample.value.value;
            if let Some(before) = before {
                steps.count(value - before);
            }
            before = Some(value);
            samples.push(sample);
        }
        Series::new(*axis, samples, &starts, steps).with_uneven_times(self.readings.uneven_times.clone())
    }

    /// The samples with the numbers of their readings.
    #[allow(clippy::cast_precision_loss, reason = "no machine has 2^53 bytes")]
    fn numbered(&self) -> impl DoubleEndedIterator<Item = (usize, Sample)> {
        let values = self.readings.values(self.kept_as);
        let sample = move |(index, &at)| Some((index, Sample { at, value: values?.get(index)? }));
        let all = self.readings.positions.iter().enumerate().filter_map(sample);
        let resident = self.metric.role == Role::Resident;
        let was_there = resident && all.clone().any(|(_, sample)| sample.value.value > 0.0);
        // A process without resident memory is gone.
        all.filter(move |(_, sample)| !was_there || sample.value.value > 0.0)
    }

    /// The samples in bytes, one after the other; they need not be unfolded to be looked through.
    pub fn samples(&self) -> impl DoubleEndedIterator<Item = Sample> {
        self.numbered().map(|(_, sample)| sample)
    }

    /// Number of readings, of all metrics.
    #[must_use]
    pub fn readings(&self) -> usize {
        self.readings.positions.len()
    }

    /// The first of its sources.
    #[must_use]
    pub fn source(&self) -> &str {
        self.sources.first().map_or("", String::as_str)
    }

    /// Returns a position as a moment, where the axis is time and the calendar is known.
    #[must_use]
    pub fn calendar(&self, position: f64) -> Option<Moment> {
        let known = self.readings.axis == Axis::Seconds && self.base == TimeBase::Utc;
        known.then(|| Moment::from_seconds(position))
    }

    /// Whether positions are seconds.
    #[must_use]
    pub fn has_times(&self) -> bool {
        self.readings.axis == Axis::Seconds
    }

    /// The moment of a sample, where the axis is time and the calendar is known.
    #[must_use]
    pub fn moment(&self, index: usize) -> Option<Moment> {
        self.calendar(self.samples().nth(index)?.at)
    }

    /// The range of positions, for drawings.
    #[must_use]
    pub fn extent(&self) -> Range<f64> {
        let mut samples = self.samples();
        let first = samples.next().map_or(0.0, |sample| sample.at);
        first..samples.next_back().map_or(first, |sample| sample.at)
    }

    /// Seconds from the first to the last sample, where there are times.
    #[must_use]
    pub fn seconds(&self) -> Option<f64> {
        let extent = self.extent();
        (self.readings.axis == Axis::Seconds).then_some(extent.end - extent.start)
    }

    /// At most `most` values over the whole extent, for a small drawing; `None` where nothing is known.
    #[must_use]
    pub fn sparkline(&self, most: usize) -> Vec<Option<f64>> {
        sparkline(self.samples(), self.samples().count(), self.extent(), most)
    }

    /// The last value in bytes.
    #[must_use]
    pub fn last_bytes(&self) -> Option<f64> {
        self.samples().next_back().map(|sample| sample.value.value)
    }
}
