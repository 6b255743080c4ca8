//! The rows of processes.

use rayon::prelude::*;

use super::plots::plot;
use super::trend::trend_row;
use crate::assessment::Assessment;
use crate::insight::{Forecast, GrowthByWork, Reach, primary_metric, processes};
use crate::model::Sample;
use crate::reconstruct::{NoWork, ProcessSeries};
use crate::report::document::{ForecastRow, PerWork, ProcessRow, ReachRow, Timestamp, Worded, WorkRow};
use crate::report::wording;
use crate::verdict::{JudgedProcess, SPARKLINE_VALUES};

/// Points of a plot.
const PLOTTED: usize = 600;

/// Returns the rows of all processes, in the order of the recording.
pub fn process_rows(assessment: &Assessment, plots: bool) -> Vec<ProcessRow> {
    let mut rows: Vec<ProcessRow> = assessment
        .processes
        .par_iter()
        .zip(&assessment.forecasts)
        .zip(&assessment.work)
        .map(|((process, forecast), work)| process_row(process, forecast.as_ref(), work.as_ref(), plots))
        .collect();
    for range in processes(&assessment.processes) {
        rows[range.start + primary_metric(&assessment.processes[range.clone()])].leading = true;
    }
    rows
}

fn process_row(
    judged: &JudgedProcess,
    forecast: Option<&Forecast>,
    work: Option<&Result<GrowthByWork, NoWork>>,
    plots: bool,
) -> ProcessRow {
    let JudgedProcess { process, trend } = judged;
    let in_time = work.and_then(|work| work.as_ref().ok()?.in_time.as_ref());
    let (first, last) = (process.samples().next(), process.samples().next_back());
    let time = |sample: Option<Sample>| {
        sample.and_then(|sample| process.calendar(sample.at)).and_then(Timestamp::new)
    };
    let mut samples = 0;
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    for sample in process.samples() {
        samples += 1;
        (least, most) = (least.min(sample.value.value), most.max(sample.value.value));
    }
    ProcessRow {
        source: process.source().to_owned(),
        sources: process.sources.clone(),
        subject: (&process.subject).into(),
        role: process.metric.role,
        limit_bytes: process.limit_bytes,
        process: process.process.clone(),
        metric: process.metric.name().to_owned(),
        derived: process.derived,
        leading: false,
        samples,
        start: time(first),
        end: time(last),
        duration_seconds: process.seconds(),
        first_bytes: first.map_or(0.0, |s| s.value.value),
        last_bytes: last.map_or(0.0, |s| s.value.value),
        min_bytes: least,
        max_bytes: most,
        trend: trend_row(trend, |since| process.moment(since.index).and_then(Timestamp::new)),
        per_work: work.map(per_work),
        forecast: forecast.map(|f| forecast_row(f, process, last.map_or(0.0, |s| s.at))),
        sparkline: process.sparkline(SPARKLINE_VALUES),
        // A plot is along time.
        plot: plots.then(|| Box::new(plot(&process.series(), in_time.unwrap_or(trend), PLOTTED))),
    }
}

/// The row of the growth by the work done.
fn per_work(work: &Result<GrowthByWork, NoWork>) -> PerWork {
    match work {
        Ok(GrowthByWork { unit, done, trend, in_time }) => PerWork::Known(Box::new(WorkRow {
            unit: unit.clone(),
            done: *done,
            trend: trend_row(trend, |_| None),
            in_time: in_time.as_ref().map(|trend| trend_row(trend, |_| None)),
        })),
        Err(reason) => PerWork::Unknown(Worded { fact: *reason, text: wording::no_work(*reason).to_owned() }),
    }
}

/// The row of a forecast; `now` is the position of the last sample.
fn forecast_row(forecast: &Forecast, process: &ProcessSeries, now: f64) -> ForecastRow {
    let Forecast { per_day_bytes, limit } = *forecast;
    let at = |seconds: Option<f64>| {
        seconds.and_then(|seconds| process.calendar(now + seconds)).and_then(Timestamp::new)
    };
    ForecastRow {
        limit_bytes: limit.map(|(limit, _)| limit),
        reaches_limit_at: limit.filter(|(_, reach)| reach.earliest.is_some()).map(|(_, reach)| {
            let Reach { value, earliest, latest } = reach;
            ReachRow { value: at(value), low: at(earliest), high: at(latest), in_seconds: value }
        }),
        per_day_bytes,
    }
}
