//! The rules: evidence in, a verdict out.
//!
//! Sites: a logistic formula over the seven terms of a series' shape, for bytes and for blocks. Processes:
//! the weight of those stories about the series that go on growing. Both, and what they were measured to be
//! worth, are in docs/statistics.md.

use super::evidence::{Evidence, Subject, evidence};
use super::reason;
use super::score::{logistic, shape_log_odds};
use super::{JudgedSite, Since, Thresholds, Trend, Verdict};
use crate::model::{Metric, ProcessSeries, Series, SiteHistory};
use crate::stats::shape::Shape;
use crate::stats::stories::Story;

/// The measuring code grows because somebody measures: its growth ends with the measurement.
const INSTRUMENT_PROBABILITY: f64 = 0.1;
/// With too few points nothing is known but that few series grow.
const UNKNOWN_PROBABILITY: f64 = 0.3;
/// The stories must find a site's growth at least this likely as well: two opinions on one series.
const SECOND_OPINION: f64 = 0.5;

/// Judges a process series.
#[must_use]
pub fn process_trend(process: &ProcessSeries, thresholds: &Thresholds) -> Trend {
    let series = &process.series;
    let found = evidence(series, &(0..series.samples().len()), Subject::Process, thresholds);
    if let Some(trend) = too_little(series, &found, thresholds) {
        return trend;
    }
    let Some((stories, probability)) = &found.tests.stories else {
        return unmoved(series, found);
    };
    let (probability, open) = (*probability, stories.open);
    let verdict = if probability >= thresholds.process_growing {
        Verdict::Growing
    } else if probability + open.min(1.0 - probability) <= thresholds.process_growing / 2.0 {
        at_rest(&found)
    } else {
        Verdict::Unclear
    };
    let (verdict, reason) = match (verdict, process.metric) {
        (Verdict::Growing, Metric::VmHwm) => (Verdict::Unclear, reason::high_water_mark()),
        (verdict, _) => (verdict, reason::of(verdict, series, &found)),
    };
    trend(series, found, verdict, reason, probability)
}

/// Judges a site: its bytes, helped by its blocks.
#[must_use]
pub fn judge_site(history: &SiteHistory, thresholds: &Thresholds) -> JudgedSite {
    let instrument = history.site.is_instrument();
    let bytes = evidence(&history.bytes, &history.extent, Subject::Site, thresholds);
    let blocks = (!history.blocks.samples().is_empty())
        .then(|| evidence(&history.blocks, &history.extent, Subject::Site, thresholds));
    let block_shape = blocks.as_ref().and_then(|b| b.tests.shape).map(|(shape, _)| shape);
    let block_trend = blocks.map(|found| site_trend(&history.blocks, found, None, instrument, thresholds));
    let byte_trend = site_trend(&history.bytes, bytes, block_shape.as_ref(), instrument, thresholds);
    JudgedSite { history: history.clone(), bytes: byte_trend, blocks: block_trend, instrument }
}

fn site_trend(
    series: &Series,
    found: Evidence,
    blocks: Option<&Shape>,
    instrument: bool,
    thresholds: &Thresholds,
) -> Trend {
    if let Some(trend) = too_little(series, &found, thresholds) {
        return trend;
    }
    let Some((shape, _)) = &found.tests.shape else { return unmoved(series, found) };
    let own = shape_log_odds(shape);
    let probability = logistic(blocks.map_or(own, |blocks| f64::midpoint(own, shape_log_odds(blocks))));
    if instrument {
        let reason = reason::instrument();
        return trend(series, found, Verdict::Unclear, reason, probability.min(INSTRUMENT_PROBABILITY));
    }
    let second = found.tests.stories.as_ref().map_or(1.0, |(_, p)| *p);
    let verdict = if probability >= site_threshold(found.values.len(), thresholds) {
        if second >= SECOND_OPINION { Verdict::Growing } else { Verdict::Unclear }
    } else if probability < thresholds.not_growing {
        at_rest(&found)
    } else {
        Verdict::Unclear
    };
    let reason = reason::of(verdict, series, &found);
    trend(series, found, verdict, reason, probability)
}

/// The least probability for `growing`: from its value at 8 points to that at 40, along the logarithm of the
/// length.
#[allow(clippy::cast_precision_loss)]
fn site_threshold(points: usize, thresholds: &Thresholds) -> f64 {
    let along = ((points as f64 / 8.0).ln() / 5.0_f64.ln()).clamp(0.0, 1.0);
    thresholds.site_growing_short + (thresholds.site_growing_long - thresholds.site_growing_short) * along
}

/// With fewer samples than a verdict needs nothing is said but what is missing. What lies between samples of
/// a cut list is bridged, not measured: it does not count.
fn too_little(series: &Series, found: &Evidence, thresholds: &Thresholds) -> Option<Trend> {
    let measured = series.samples().len().min(found.values.len());
    if measured >= thresholds.least_points {
        return None;
    }
    let reason = if found.values.len() >= thresholds.least_points {
        reason::too_rare(measured, thresholds.least_points)
    } else {
        reason::too_few(series, found.values.len(), thresholds.least_points)
    };
    Some(trend(series, found.clone(), Verdict::Unclear, reason, UNKNOWN_PROBABILITY))
}

/// A series that never moved.
fn unmoved(series: &Series, found: Evidence) -> Trend {
    let reason = reason::unmoved(series);
    trend(series, found, Verdict::Steady, reason, 0.0)
}

/// What a series that does not grow does instead.
fn at_rest(found: &Evidence) -> Verdict {
    match found.tests.stories.as_ref().map(|(told, _)| told.likeliest) {
        Some(Story::Shrink) => Verdict::Shrinking,
        _ if falls(found) => Verdict::Shrinking,
        _ if has_risen(found) => Verdict::Settled,
        _ => Verdict::Steady,
    }
}

/// Whether the series falls beyond doubt: the interval of its slope and Mann–Kendall at 1 % both say so, and
/// it ends in its lower half.
fn falls(found: &Evidence) -> bool {
    let down = found.tests.mann_kendall.is_some_and(|mk| mk.z < -2.326);
    let (low, high) = extent(&found.values);
    let last = found.values.last().copied().unwrap_or(0.0);
    down && found.slope.is_some_and(|s| s.high < 0.0) && last <= f64::midpoint(low, high)
}

/// Whether it stands clearly higher at its end than it began, by more than half its range: the last third
/// against the first, or against the very first value if it never came back near it.
fn has_risen(found: &Evidence) -> bool {
    let (low, high) = extent(&found.values);
    let third = found.values.len().div_ceil(3).max(1);
    let last = &found.values[found.values.len() - third..];
    let rose = median(last) - median(&found.values[..third]);
    let rose_at_once = extent(last).0 - found.values.first().copied().unwrap_or(low);
    rose.max(rose_at_once) > 0.5 * (high - low)
}

fn extent(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &v| (low.min(v), high.max(v)))
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => 0.0,
        n if n % 2 == 1 => sorted[n / 2],
        n => f64::midpoint(sorted[n / 2 - 1], sorted[n / 2]),
    }
}

fn trend(series: &Series, found: Evidence, verdict: Verdict, reason: String, probability: f64) -> Trend {
    let since = since(series, &found, verdict);
    Trend {
        verdict,
        reason,
        probability,
        points: series.samples().len(),
        segments: series.segments().len().max(1),
        transitions: series.transitions(),
        slope: found.slope,
        axis: series.axis(),
        tests: found.tests,
        since,
    }
}

/// Where growth began, if late, or where it ended: the corner of the likeliest story.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn since(series: &Series, found: &Evidence, verdict: Verdict) -> Option<Since> {
    let (told, _) = found.tests.stories.as_ref()?;
    let fits = match told.likeliest {
        Story::Late | Story::StepAndLeak => verdict == Verdict::Growing,
        Story::Step | Story::Steps | Story::Stop | Story::Ramp => verdict == Verdict::Settled,
        _ => false,
    };
    let share = told.since.filter(|_| fits)?;
    let used = told.used.len().saturating_sub(1) as f64;
    let position = told.used.start + (share * used).round() as usize;
    // Positions of bridged values are positions of the history; the sample at or behind it is meant.
    let index = match series.axis() {
        crate::model::Axis::Snapshots => {
            let from = found.life.start;
            let offset = series.samples().get(from).map_or(0.0, |s| s.at);
            series.samples().partition_point(|s| s.at < offset + position as f64)
        }
        _ => found.life.start + position,
    };
    (index < series.samples().len()).then_some(Since { index })
}
