//! Series as they are drawn.

use super::downsample::downsample;
use crate::model::Series;
use crate::report::document as wire;
use crate::verdict::Trend;

/// A plot of a series with the line of its trend, of at most about `most` points.
pub fn plot(series: &Series, trend: &Trend, most: usize) -> wire::Plot {
    let samples = series.samples();
    let values: Vec<f64> = samples.iter().map(|sample| sample.value.value).collect();
    let kept = downsample(&values, most);
    let of = |f: fn(&crate::model::Sample) -> f64| kept.iter().map(|&i| f(&samples[i])).collect::<Vec<_>>();
    let half_width = of(|sample| sample.value.half_width);
    wire::Plot {
        axis: series.axis(),
        at: of(|sample| sample.at),
        bytes: of(|sample| sample.value.value),
        half_width: if half_width.iter().all(|half| *half == 0.0) { Vec::new() } else { half_width },
        restarts: series.segments().iter().skip(1).map(|segment| samples[segment.start].at).collect(),
        fit: fit(series, trend),
        corner: trend.since.map(|since| since.at),
        samples: samples.len() as u64,
    }
}

/// The line of the rate through the middle of the samples that it was measured on: the last segment, or its part after
/// a late begin.
#[allow(clippy::cast_precision_loss)]
fn fit(series: &Series, trend: &Trend) -> Option<wire::Fit> {
    let slope = trend.slope?;
    let segment = series.segments().last()?.clone();
    let samples = &series.samples()[segment];
    let begins = trend.since.filter(|_| trend.verdict == crate::verdict::Verdict::Growing);
    let from = begins.map_or(0, |since| samples.partition_point(|sample| sample.at < since.at));
    let samples = samples.get(from..).filter(|samples| samples.len() > 1)?;
    let (first, last) = (samples.first()?.at, samples.last()?.at);
    let n = samples.len() as f64;
    let middle = samples.iter().map(|sample| sample.at - first).sum::<f64>() / n + first;
    let level = samples.iter().map(|sample| sample.value.value).sum::<f64>() / n;
    let line = |rate: f64| [level + rate * (first - middle), level + rate * (last - middle)];
    Some(wire::Fit {
        at: [first, last],
        bytes: line(slope.value),
        low: slope.low.map(line),
        high: slope.high.map(line),
    })
}
