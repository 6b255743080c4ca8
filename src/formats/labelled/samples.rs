//! The samples of the series that are handed over: all values of one subject in one line are one.

use super::super::sink::Sink;
use super::super::size::Size;
use super::gathered::Reading;
use super::subjects::Subjects;
use crate::model::{Measured, Metric, Role, Subject, TimeRef};

/// A series that is handed over.
#[derive(Debug, Clone, Copy)]
pub struct Series {
    /// Its metric.
    pub metric: Metric,
    /// The bytes of a number without a unit.
    pub bytes: f64,
    /// Digits after the point of its most exact number. Programs print `101.5` for one that they rounded to two places.
    pub decimals: u32,
    /// The bound that all its readings have, in bytes.
    pub limit: Option<f64>,
}

impl Series {
    /// Returns the value of a reading; `None` where the process is gone, whose memory is 0.
    fn value(&self, reading: &Reading) -> Option<Measured> {
        let unit = reading.unit.unwrap_or(self.bytes);
        let decimals = i32::try_from(self.decimals).unwrap_or(0);
        let size = Size { bytes: reading.number.value * unit, step: unit / 10_f64.powi(decimals) };
        let is_gone = size.bytes == 0.0 && matches!(self.metric.role, Role::Resident | Role::Virtual);
        (!is_gone).then(|| size.rounded())
    }
}

/// A sample that is being gathered.
struct Sample {
    subject: Subject,
    time: Option<TimeRef>,
    values: Vec<(Metric, Measured)>,
    limit: Option<f64>,
}

/// Hands over readings, each with its series, in the order of their lines.
pub fn push(
    mut readings: Vec<(&Reading, usize)>,
    series: &[Series],
    subjects: &Subjects,
    out: &mut Sink<'_>,
) {
    readings.sort_by_key(|(reading, _)| reading.line);
    // Times that most readings lack are those of other lines.
    let timed = readings.iter().filter(|(reading, _)| reading.time.is_some()).count();
    let is_timed = 2 * timed > readings.len();
    for of_line in readings.chunk_by(|(a, _), (b, _)| a.line == b.line) {
        let mut samples: Vec<Sample> = Vec::new();
        for (reading, place) in of_line {
            let Some(one) = series.get(*place) else { continue };
            let Some(value) = one.value(reading) else { continue };
            let (subject, time) = (subjects.of(reading), reading.time.filter(|_| is_timed));
            let known = samples.iter_mut().find(|sample| {
                sample.subject == subject && sample.values.iter().all(|(known, _)| *known != one.metric)
            });
            match known {
                Some(sample) => {
                    sample.values.push((one.metric, value));
                    sample.time = sample.time.or(time);
                    sample.limit = sample.limit.or(one.limit);
                }
                None => samples.push(Sample {
                    subject,
                    time,
                    values: vec![(one.metric, value)],
                    limit: one.limit,
                }),
            }
        }
        out.count_records(samples.len() as u64);
        let line = of_line.first().map_or(0, |(reading, _)| reading.line);
        for Sample { subject, time, values, limit } in samples {
            let limit = limit.map(Measured::exact);
            out.gathered_sample_at(line, subject, time).limit_if_known(limit).set_all(values).push();
        }
    }
}
