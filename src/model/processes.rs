//! Readings of processes become series: a process each, a metric each, cut where a life of the process ends.

use std::ops::Range;

use super::series::{Sample, Series, Transitions};
use super::timeline::timeline;
use super::{Axis, Measured, Metric, Moment, ProcessReading, segments};

/// Memory of one process in one metric.
#[derive(Debug, Clone, PartialEq)]
pub struct ProcessSeries {
    /// The source it was read from.
    pub source: String,
    /// The process's name, where the source names several.
    pub process: Option<String>,
    /// What was measured.
    pub metric: Metric,
    /// Whether it is the sum of `RssAnon`, `RssFile` and `RssShmem` and not itself in the source.
    pub derived: bool,
    /// The samples, in bytes.
    pub series: Series,
    /// Whether times went backward in it.
    pub went_back: bool,
}

/// The series of one source: for each process each metric.
#[must_use]
pub fn process_series(source: &str, readings: &[ProcessReading]) -> Vec<ProcessSeries> {
    let mut all = Vec::new();
    for (name, group) in by_process(readings) {
        let times: Vec<Option<Moment>> = group.iter().map(|r| r.at).collect();
        let line = timeline(&times);
        let mut lives: Vec<usize> = line.backward.clone();
        lives.extend(
            (1..group.len())
                .filter(|&i| matches!((group[i - 1].pid, group[i].pid), (Some(a), Some(b)) if a != b)),
        );
        let main = main_metric(&group);
        lives.extend(segments::of_process(&main));
        lives.sort_unstable();
        lives.dedup();
        for metric in Metric::ALL {
            let (values, derived) = metric_values(&group, metric);
            let samples: Vec<(usize, Sample)> = values
                .into_iter()
                .enumerate()
                .filter_map(|(i, v)| {
                    v.map(|v| (i, Sample { at: line.positions[i], value: Measured::exact(v) }))
                })
                .collect();
            if samples.is_empty() {
                continue;
            }
            // A life begins at its first sample of this metric.
            let starts: Vec<usize> =
                lives.iter().map(|&life| samples.partition_point(|(i, _)| *i < life)).collect();
            let samples: Vec<Sample> = samples.into_iter().map(|(_, s)| s).collect();
            let mut steps = Transitions::default();
            for i in 1..samples.len() {
                if !starts.contains(&i) {
                    steps.count(samples[i].value.value - samples[i - 1].value.value);
                }
            }
            let series = Series::new(line.axis, samples, &starts, steps);
            let went_back = !line.backward.is_empty();
            all.push(ProcessSeries {
                source: source.to_owned(),
                process: name.clone(),
                metric,
                derived,
                series,
                went_back,
            });
        }
    }
    all
}

/// Readings by process, in order of appearance. Process ids alone tell processes apart only where two of
/// them are read at one time; otherwise a new id is a restart.
fn by_process(readings: &[ProcessReading]) -> Vec<(Option<String>, Vec<&ProcessReading>)> {
    let side_by_side = pids_side_by_side(readings);
    type Key = (Option<String>, Option<u64>);
    let mut groups: Vec<(Key, Vec<&ProcessReading>)> = Vec::new();
    let mut places = rustc_hash::FxHashMap::default();
    for reading in readings {
        let key = (reading.process.clone(), reading.pid.filter(|_| side_by_side));
        let place = *places.entry(key.clone()).or_insert_with(|| {
            groups.push((key, Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(reading);
    }
    let several = groups.len() > 1;
    let named = |(name, pid): Key| match (name, pid) {
        (Some(name), Some(pid)) if name != pid.to_string() => Some(format!("{name} [{pid}]")),
        (Some(name), _) => Some(name),
        (None, Some(pid)) => Some(format!("pid {pid}")),
        (None, None) => None,
    };
    groups.into_iter().map(|(key, group)| (named(key).filter(|_| several), group)).collect()
}

/// Whether two readings of one time and name have different process ids.
fn pids_side_by_side(readings: &[ProcessReading]) -> bool {
    readings.windows(2).any(|w| {
        w[0].process == w[1].process
            && matches!((w[0].pid, w[1].pid), (Some(a), Some(b)) if a != b)
            && w[0].at.is_some()
            && w[0].at == w[1].at
    })
}

/// The values by which restarts are told: resident memory, or the largest part of it that is there.
#[allow(clippy::cast_precision_loss)]
fn main_metric(group: &[&ProcessReading]) -> Vec<f64> {
    let metrics = [Metric::VmRss, Metric::Rss, Metric::RssAnon, Metric::Pss];
    let values =
        metrics.into_iter().map(|m| metric_values(group, m).0).find(|v| v.iter().all(Option::is_some));
    values.map(|v| v.into_iter().flatten().collect()).unwrap_or_default()
}

/// The values of a metric; resident memory is added up from its parts where it was not read itself.
#[allow(clippy::cast_precision_loss)]
fn metric_values(group: &[&ProcessReading], metric: Metric) -> (Vec<Option<f64>>, bool) {
    let read: Vec<Option<f64>> = group.iter().map(|r| r.get(metric).map(|v| v as f64)).collect();
    if metric != Metric::VmRss || read.iter().any(Option::is_some) {
        return (read, false);
    }
    let sum = |r: &&ProcessReading| {
        Some(r.get(Metric::RssAnon)? + r.get(Metric::RssFile)? + r.get(Metric::RssShmem)?)
    };
    (group.iter().map(|r| sum(r).map(|v| v as f64)).collect(), true)
}

impl ProcessSeries {
    /// The range of positions, for drawings.
    #[must_use]
    pub fn extent(&self) -> Range<f64> {
        match (self.series.first(), self.series.last()) {
            (Some(first), Some(last)) => first.at..last.at,
            _ => 0.0..0.0,
        }
    }

    /// Seconds from the first to the last sample, where there are times.
    #[must_use]
    pub fn seconds(&self) -> Option<f64> {
        let extent = self.extent();
        (self.series.axis() == Axis::Seconds).then_some(extent.end - extent.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let series =
            process_series("r", &[reading(0.0, None, None, &parts), reading(60.0, None, None, &parts)]);
        let metrics: Vec<_> =
            series.iter().map(|s| (s.metric, s.derived, s.series.samples()[0].value.value)).collect();
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
        let series = process_series("r", &[reading(0.0, None, None, &whole)]);
        assert!(!series[0].derived && series[0].series.samples()[0].value.value == 130.0);
    }

    #[test]
    fn a_new_process_id_is_a_restart_unless_both_are_read_at_one_time() {
        let rss = [(Metric::VmRss, 100)];
        let one = [reading(0.0, Some(7), None, &rss), reading(60.0, Some(8), None, &rss)];
        let series = process_series("r", &one);
        assert_eq!((series.len(), series[0].series.segments().len()), (1, 2));
        let two = [reading(0.0, Some(7), None, &rss), reading(0.0, Some(8), None, &rss)];
        let names: Vec<_> = process_series("r", &two).into_iter().map(|s| s.process).collect();
        assert_eq!(names, [Some("pid 7".to_owned()), Some("pid 8".to_owned())]);
    }
}
