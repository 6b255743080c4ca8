//! Readings of processes become series: a process each, a metric each, cut where a life of the process ends.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::segments;
use super::timeline::timeline;
use crate::model::column::Column;
use crate::model::process_readings::{IdentityId, ProcessReadings};
use crate::model::series::{Sample, Series, Transitions, outline};
use crate::model::{Axis, Measured, Metric, Moment};

/// Memory of one process in one metric. It is kept as it was read, and unfolded where it is looked at: a series takes
/// 24 bytes a sample, and most processes have several that hardly move.
#[derive(Debug, Clone)]
pub struct ProcessSeries {
    /// The source it was read from.
    pub source: String,
    /// The process's name, where the source names several.
    pub process: Option<String>,
    /// What was measured.
    pub metric: Metric,
    /// Whether it is the sum of `RssAnon`, `RssFile` and `RssShmem` and not itself in the source.
    pub derived: bool,
    /// Whether times went backward in it.
    pub went_back: bool,
    /// What was read of the process, in all metrics.
    readings: Arc<Readings>,
}

/// The readings of one process along its axis.
#[derive(Debug)]
struct Readings {
    axis: Axis,
    /// One position a reading.
    positions: Vec<f64>,
    /// Readings with which a new life begins, in order.
    lives: Vec<usize>,
    columns: Vec<(Metric, Column)>,
}

/// The values of one metric among the readings of a process.
#[derive(Clone, Copy)]
enum Values<'a> {
    /// As they were read.
    Read(&'a Column),
    /// The sum of the parts of resident memory.
    Sum([&'a Column; 3]),
}

impl Values<'_> {
    fn get(self, index: usize) -> Option<u64> {
        match self {
            Self::Read(column) => column.get(index),
            Self::Sum([anon, file, shmem]) => {
                Some(anon.get(index)?.saturating_add(file.get(index)?).saturating_add(shmem.get(index)?))
            }
        }
    }

    fn is_complete(self, length: usize) -> bool {
        match self {
            Self::Read(column) => column.is_complete(length),
            Self::Sum(parts) => parts.iter().all(|part| part.is_complete(length)),
        }
    }

    fn is_steady(self) -> bool {
        match self {
            Self::Read(column) => column.is_steady(),
            Self::Sum(parts) => parts.iter().all(|part| part.is_steady()),
        }
    }
}

impl Readings {
    /// The values of a metric, if any was read; resident memory is added up from its parts where it was not read itself.
    fn values(&self, metric: Metric) -> Option<Values<'_>> {
        let column =
            |metric| self.columns.iter().find(|(known, _)| *known == metric).map(|(_, column)| column);
        let of = |column| (0..self.positions.len()).any(|index| Column::get(column, index).is_some());
        if let Some(column) = column(metric).filter(|column| of(column)) {
            return Some(Values::Read(column));
        }
        if metric != Metric::VmRss {
            return None;
        }
        let sum =
            Values::Sum([column(Metric::RssAnon)?, column(Metric::RssFile)?, column(Metric::RssShmem)?]);
        (0..self.positions.len()).any(|index| sum.get(index).is_some()).then_some(sum)
    }

    /// The values by which restarts are told: resident memory, or the largest part of it that is there; none if they
    /// never move.
    #[allow(clippy::cast_precision_loss, reason = "no machine has 2^53 bytes")]
    fn main_metric(&self) -> Vec<f64> {
        let length = self.positions.len();
        let metrics = [Metric::VmRss, Metric::Rss, Metric::RssAnon, Metric::Pss];
        let values = metrics.into_iter().filter_map(|metric| self.values(metric));
        match values.into_iter().find(|values| values.is_complete(length)) {
            Some(values) if !values.is_steady() => {
                (0..length).filter_map(|index| values.get(index)).map(|bytes| bytes as f64).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The series of one source: for each process each metric.
#[must_use]
pub fn process_series(source: &str, readings: ProcessReadings) -> Vec<ProcessSeries> {
    let mut all = Vec::new();
    if readings.is_empty() {
        return all;
    }
    let pids: Vec<Option<u64>> = readings.identities().iter().map(|identity| identity.pid).collect();
    let groups = by_process(&readings);
    let mut rest = Some(readings);
    let last = groups.len() - 1;
    for (number, Group { name, indices }) in groups.into_iter().enumerate() {
        let Some(readings) = rest.take() else { break };
        let (times, restarts) = times_and_pids(&readings, indices.as_deref(), &pids);
        let columns = if number == last {
            readings.columns(indices.as_deref())
        } else {
            let columns = readings.selected(indices.as_deref().unwrap_or_default());
            rest = Some(readings);
            columns
        };
        let line = timeline(times);
        let went_back = !line.backward.is_empty();
        let mut lives = [line.backward, restarts].concat();
        let mut process = Readings { axis: line.axis, positions: line.positions, lives: Vec::new(), columns };
        lives.extend(segments::of_process(&process.main_metric()));
        lives.sort_unstable();
        lives.dedup();
        process.lives = lives;
        let process = Arc::new(process);
        for metric in Metric::ALL {
            let Some(values) = process.values(metric) else { continue };
            all.push(ProcessSeries {
                source: source.to_owned(),
                process: name.clone(),
                metric,
                derived: matches!(values, Values::Sum(_)),
                went_back,
                readings: Arc::clone(&process),
            });
        }
    }
    all
}

/// When the readings at some indices (or all) were taken, and those before which the process id changed.
fn times_and_pids(
    readings: &ProcessReadings,
    indices: Option<&[u32]>,
    pids: &[Option<u64>],
) -> (Vec<f64>, Vec<usize>) {
    let several = pids.len() > 1;
    let mut restarts = Vec::new();
    let mut before = None;
    let mut follow = |index: usize, whose: IdentityId| {
        let pid = pids.get(whose.index()).copied().flatten();
        if matches!((before, pid), (Some(a), Some(b)) if a != b) {
            restarts.push(index);
        }
        before = pid;
    };
    let times = match indices {
        None => {
            if several {
                readings.whose().enumerate().for_each(|(index, whose)| follow(index, whose));
            }
            readings.seconds().collect()
        }
        Some(indices) => {
            let rows = indices.iter().filter_map(|&index| readings.row(index as usize));
            rows.enumerate()
                .map(|(index, (seconds, whose))| {
                    follow(index, whose);
                    seconds
                })
                .collect()
        }
    };
    (times, restarts)
}

/// The readings of one process.
struct Group {
    /// Its name, where the source has several.
    name: Option<String>,
    /// Where its readings stand among all; `None` if all are its own.
    indices: Option<Vec<u32>>,
}

/// Readings by process, in order of appearance. Process ids alone tell processes apart only where two of
/// them are read at one time; otherwise a new id is a restart.
fn by_process(readings: &ProcessReadings) -> Vec<Group> {
    let names = readings.names();
    let side_by_side = pids_side_by_side(readings, &names);
    let mut places: FxHashMap<(u32, Option<u64>), usize> = FxHashMap::default();
    let mut of_identity: Vec<Option<usize>> = vec![None; names.len()];
    let mut groups: Vec<(Option<String>, Vec<u32>)> = Vec::new();
    let several = names.iter().any(|name| *name != 0) || (side_by_side && names.len() > 1);
    if !several {
        return vec![Group { name: None, indices: None }];
    }
    for (index, whose) in readings.whose().enumerate() {
        let Some(known) = of_identity.get_mut(whose.index()) else { continue };
        let place = *known.get_or_insert_with(|| {
            let identity = readings.identity(whose).cloned().unwrap_or_default();
            let pid = identity.pid.filter(|_| side_by_side);
            let name = names.get(whose.index()).copied().unwrap_or(0);
            *places.entry((name, pid)).or_insert_with(|| {
                groups.push((group_name(identity.process, pid), Vec::new()));
                groups.len() - 1
            })
        });
        if let Some((_, indices)) = groups.get_mut(place) {
            indices.push(u32::try_from(index).unwrap_or(u32::MAX));
        }
    }
    if groups.len() < 2 {
        return vec![Group { name: None, indices: None }];
    }
    groups.into_iter().map(|(name, indices)| Group { name, indices: Some(indices) }).collect()
}

fn group_name(name: Option<String>, pid: Option<u64>) -> Option<String> {
    match (name, pid) {
        (Some(name), Some(pid)) if name != pid.to_string() => Some(format!("{name} [{pid}]")),
        (Some(name), _) => Some(name),
        (None, Some(pid)) => Some(format!("pid {pid}")),
        (None, None) => None,
    }
}

/// Whether two readings of one time and name, one behind the other, have different process ids.
fn pids_side_by_side(readings: &ProcessReadings, names: &[u32]) -> bool {
    if readings.identities().len() < 2 {
        return false;
    }
    let rows = readings.seconds().zip(readings.whose());
    rows.clone().zip(rows.skip(1)).any(|((before, one), (now, other))| {
        let pid = |whose: IdentityId| readings.identity(whose).and_then(|identity| identity.pid);
        one != other
            && before == now
            && names.get(one.index()) == names.get(other.index())
            && matches!((pid(one), pid(other)), (Some(a), Some(b)) if a != b)
    })
}

impl ProcessSeries {
    /// The samples in bytes, unfolded.
    #[must_use]
    pub fn series(&self) -> Series {
        let Readings { axis, positions, lives, .. } = &*self.readings;
        let mut samples: Vec<Sample> = Vec::with_capacity(positions.len());
        let mut starts = Vec::with_capacity(lives.len());
        let mut steps = Transitions::default();
        let mut lives = lives.iter().peekable();
        let mut before = None;
        for (index, sample) in self.numbered() {
            // A life begins at its first sample of this metric.
            while lives.next_if(|life| **life <= index).is_some() {
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
        Series::new(*axis, samples, &starts, steps)
    }

    /// The samples with the numbers of their readings.
    #[allow(clippy::cast_precision_loss, reason = "no machine has 2^53 bytes")]
    fn numbered(&self) -> impl DoubleEndedIterator<Item = (usize, Sample)> {
        let values = self.readings.values(self.metric);
        self.readings.positions.iter().enumerate().filter_map(move |(index, &at)| {
            let bytes = values?.get(index)? as f64;
            Some((index, Sample { at, value: Measured::exact(bytes) }))
        })
    }

    /// The samples in bytes, one after the other; they need not be unfolded to be looked through.
    pub fn samples(&self) -> impl DoubleEndedIterator<Item = Sample> {
        self.numbered().map(|(_, sample)| sample)
    }

    /// How many readings there are, in whatever metric.
    #[must_use]
    pub fn readings(&self) -> usize {
        self.readings.positions.len()
    }

    /// The moment of a sample, where the axis is time.
    #[must_use]
    pub fn moment(&self, index: usize) -> Option<Moment> {
        let sample = self.samples().nth(index).filter(|_| self.readings.axis == Axis::Seconds);
        sample.map(|sample| Moment::from_seconds(sample.at))
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
    pub fn outline(&self, most: usize) -> Vec<Option<f64>> {
        outline(self.samples(), self.samples().count(), self.extent(), most)
    }

    /// The last value in bytes.
    #[must_use]
    pub fn last_bytes(&self) -> Option<f64> {
        self.samples().next_back().map(|sample| sample.value.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::model::ProcessReading;

    fn series_of(readings: &[ProcessReading]) -> Vec<ProcessSeries> {
        process_series("r", readings.iter().cloned().collect())
    }

    fn reading(
        seconds: f64,
        pid: Option<u64>,
        name: Option<&str>,
        values: &[(Metric, u64)],
    ) -> ProcessReading {
        ProcessReading {
            process: name.map(str::to_owned),
            pid,
            at: Some(Moment::from_seconds(seconds)),
            line: 1,
            values: values.to_vec(),
        }
    }

    #[test]
    fn parts_add_up_to_resident_memory_where_it_was_not_read() {
        let parts = [(Metric::RssAnon, 100), (Metric::RssFile, 20), (Metric::RssShmem, 3)];
        let series = series_of(&[reading(0.0, None, None, &parts), reading(60.0, None, None, &parts)]);
        let metrics: Vec<_> =
            series.iter().map(|s| (s.metric, s.derived, s.series().samples()[0].value.value)).collect();
        assert_eq!(
            metrics,
            [
                (Metric::VmRss, true, 123.0),
                (Metric::RssAnon, false, 100.0),
                (Metric::RssFile, false, 20.0),
                (Metric::RssShmem, false, 3.0)
            ]
        );
        let whole =
            [(Metric::VmRss, 130), (Metric::RssAnon, 100), (Metric::RssFile, 20), (Metric::RssShmem, 3)];
        let series = series_of(&[reading(0.0, None, None, &whole)]);
        assert!(!series[0].derived && series[0].series().samples()[0].value.value == 130.0);
    }

    #[test]
    fn each_process_and_each_metric_has_its_own_samples() {
        let read =
            |k: u32, name, values: &[(Metric, u64)]| reading(60.0 * f64::from(k), None, Some(name), values);
        let found = series_of(&[
            read(0, "a", &[(Metric::VmRss, 10), (Metric::VmSwap, 1)]),
            read(0, "b", &[(Metric::VmRss, 20)]),
            read(1, "a", &[(Metric::VmRss, 11)]),
            read(1, "b", &[(Metric::VmRss, 20)]),
            read(2, "a", &[(Metric::VmRss, 9), (Metric::VmSwap, 2)]),
        ]);
        let row = |found: &ProcessSeries| {
            let series = found.series();
            let samples: Vec<(f64, f64)> = series.samples().iter().map(|s| (s.at, s.value.value)).collect();
            assert_eq!(found.samples().map(|s| (s.at, s.value.value)).collect::<Vec<_>>(), samples);
            assert_eq!(found.last_bytes(), samples.last().map(|s| s.1));
            let Transitions { grew, shrank, held } = series.transitions();
            (
                found.process.clone().unwrap_or_default(),
                found.metric,
                samples,
                (grew, shrank, held),
                found.extent(),
            )
        };
        assert_eq!(
            found.iter().map(row).collect::<Vec<_>>(),
            [
                (
                    "a".to_owned(),
                    Metric::VmRss,
                    vec![(0.0, 10.0), (60.0, 11.0), (120.0, 9.0)],
                    (1, 1, 0),
                    0.0..120.0
                ),
                ("a".to_owned(), Metric::VmSwap, vec![(0.0, 1.0), (120.0, 2.0)], (1, 0, 0), 0.0..120.0),
                ("b".to_owned(), Metric::VmRss, vec![(0.0, 20.0), (60.0, 20.0)], (0, 0, 1), 0.0..60.0),
            ]
        );
    }

    #[test]
    fn a_new_process_id_is_a_restart_unless_both_are_read_at_one_time() {
        let rss = [(Metric::VmRss, 100)];
        let one = [reading(0.0, Some(7), None, &rss), reading(60.0, Some(8), None, &rss)];
        let series = series_of(&one);
        assert_eq!((series.len(), series[0].series().segments().len()), (1, 2));
        let two = [reading(0.0, Some(7), None, &rss), reading(0.0, Some(8), None, &rss)];
        let names: Vec<_> = series_of(&two).into_iter().map(|s| s.process).collect();
        assert_eq!(names, [Some("pid 7".to_owned()), Some("pid 8".to_owned())]);
    }
}
