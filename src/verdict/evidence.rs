//! From a series to the numbers that rules look at: takes units off, asks the statistics, puts units back.

use std::ops::Range;

use super::reading::{Reading, Weighed, weigh, weigh_lives};
use super::{Part, Parts, Tests, Thresholds};
use crate::model::{Axis, Sample, Series};
use crate::stats::stories::Story;
use crate::stats::{Interval, Points, autocorrelation, change_point, hac, mann_kendall, ols, theil_sen};

/// What kind of series is judged: the rules differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Memory of a process: noisy, long, with restarts.
    Process,
    /// An allocation site: clean, often a perfect line.
    Site,
}

/// What was measured of one series on the life that is judged.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The samples that were judged, as indices of the series.
    pub life: Range<usize>,
    /// Their values, hidden ones bridged.
    pub values: Vec<f64>,
    /// Rate per unit of the axis.
    pub slope: Option<Interval>,
    /// The tests.
    pub tests: Tests,
    /// What it says of its future; `None` if it never moved or is too short.
    pub weighed: Option<Weighed>,
    /// Measured points that `weighed` rests on; what a cut list hides is bridged, and does not count.
    pub points: usize,
}

/// A life of the process is judged if it has at least so many samples, or is the longest.
const LEAST_LIFE: usize = 8;

/// Measures a series. `extent` are the positions over which something is known, for series along snapshots.
#[must_use]
pub fn evidence(
    series: &Series,
    extent: &Range<usize>,
    subject: Subject,
    thresholds: &Thresholds,
) -> Evidence {
    let life = judged_life(series);
    let samples = &series.samples()[life.clone()];
    let (x, values) = coordinates(series, samples, extent, &life);
    let points = values.len().min(samples.len());
    let mut found = Evidence { life, values, slope: None, tests: Tests::default(), weighed: None, points };
    let Ok(points) = Points::new(&x, &found.values) else { return found };
    let half_width = granularity(samples, subject);
    found.tests.mann_kendall = mann_kendall::mann_kendall(points.y());
    found.tests.theil_sen = theil_sen::theil_sen(points);
    found.tests.ols = ols::ols(points);
    if points.len() >= thresholds.least_points {
        found.tests.change_point = change_point::hinge(points);
        found.weighed = weigh(points.y(), half_width, thresholds.parts);
    }
    if let Some(main) = found.weighed.take() {
        let (weighed, points) = through_restarts(main, series, half_width, found.points, thresholds.parts);
        found.weighed = Some(weighed);
        found.points = points;
    }
    found.slope = match subject {
        Subject::Process => process_slope(points, &found.tests, found.weighed.as_ref()),
        // What is bridged is no evidence: too few measured values bound no rate.
        Subject::Site if samples.len() >= thresholds.least_points => {
            let late = found.weighed.as_ref().filter(|w| w.stories.likeliest == Story::Late);
            // A growth that began late goes on at its later rate, which is that of its story.
            late.map(|w| per_unit(w, points.x())).or_else(|| hac::slope_interval(points))
        }
        Subject::Site => None,
    }
    .or_else(|| plain_slope(points))
    .map(|slope| widened(slope, samples, points));
    found
}

/// The judged life together with the others, and the number of points of all of them.
fn through_restarts(
    main: Weighed,
    series: &Series,
    half_width: f64,
    points: usize,
    parts: Parts,
) -> (Weighed, usize) {
    if series.segments().len() < 2 || !parts.has(Part::Lives) {
        return (main, points);
    }
    let values: Vec<f64> = series.samples().iter().map(|s| s.value.value).collect();
    let lives: Vec<&[f64]> = series.segments().iter().map(|life| &values[life.clone()]).collect();
    (weigh_lives(main, &lives, &values, half_width, parts), values.len())
}

/// The last life that has enough samples, else the longest.
fn judged_life(series: &Series) -> Range<usize> {
    let segments = series.segments();
    let longest = segments.iter().max_by_key(|s| s.len()).cloned().unwrap_or(0..0);
    match segments.last() {
        Some(last) if last.len() >= LEAST_LIFE.min(longest.len()) => last.clone(),
        _ => longest,
    }
}

/// Positions and values of the judged life. Along snapshots a value is given at every position, what a cut
/// list hides being bridged.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn coordinates(
    series: &Series,
    samples: &[Sample],
    extent: &Range<usize>,
    life: &Range<usize>,
) -> (Vec<f64>, Vec<f64>) {
    match series.axis() {
        Axis::Seconds | Axis::Samples => samples.iter().map(|s| (s.at, s.value.value)).unzip(),
        Axis::Snapshots => {
            let (Some(first), Some(last)) = (samples.first(), samples.last()) else {
                return (Vec::new(), Vec::new());
            };
            let from = if life.start == 0 { extent.start } else { first.at as usize };
            let to = if life.end == series.samples().len() { extent.end } else { last.at as usize + 1 };
            ((from..to).map(|k| k as f64).collect(), series.bridged(from..to))
        }
    }
}

/// Resident memory comes in pages of this many bytes.
const PAGE: f64 = 4096.0;

/// Half of the step in which values are told: rounding, and for a process the page.
fn granularity(samples: &[Sample], subject: Subject) -> f64 {
    let rounding = samples.iter().map(|s| s.value.half_width).sum::<f64>() / samples.len().max(1) as f64;
    let pages = subject == Subject::Process && samples.iter().all(|s| s.value.value % PAGE == 0.0);
    if pages { rounding.max(PAGE / 2.0) } else { rounding }
}

/// With fewer samples the stories cannot tell a late growth from an even one, and the straight line is as good.
const LEAST_FOR_STORIES: usize = 8;
/// From this probability on the stories that go on give the rate: they are the likelier ones.
const CARRIES_THE_DAY: f64 = 0.5;

/// The rate of a process: that of the stories that go on, if they carry the day; else of the straight line.
///
/// A growth that began late, or after a warm-up, goes on at its later rate. The interval of the straight line is
/// widened for noise that lingers: memory after ten minutes resembles memory now, so `n` samples are worth fewer, and
/// with a lag-1 correlation `r` of the residuals the standard error grows by `√((1+r)/(1−r))` (Bartlett 1935; Santer
/// et al. 2000).
fn process_slope(points: Points<'_>, tests: &Tests, weighed: Option<&Weighed>) -> Option<Interval> {
    if let Some(Weighed { reading: Reading::Lawful(law), .. }) = weighed {
        let steps = points.len() - 1;
        return Some(scaled(law.rate(steps), spacing(points.x(), 0, steps, steps)));
    }
    if let Some(weighed) = weighed
        && weighed.stories.used.len() >= LEAST_FOR_STORIES
        && weighed.stories_probability() >= CARRIES_THE_DAY
        && weighed.stories.rate > 0.0
    {
        return Some(per_unit(weighed, points.x()));
    }
    let line = tests.ols?;
    let widening = autocorrelation::widening(points, line.slope, line.intercept);
    let half = (line.high - line.low) / 2.0 * widening;
    Some(Interval { value: line.slope, low: line.slope - half, high: line.slope + half, level: 0.95 })
}

/// The stories' rate per unit of the axis.
fn per_unit(weighed: &Weighed, x: &[f64]) -> Interval {
    let used = &weighed.stories.used;
    let (first, last) = (weighed.place(used.start), weighed.place(used.end - 1));
    scaled(weighed.stories.rate_interval(), spacing(x, first, last, used.len() - 1))
}

/// The mean distance of `steps` steps between two places.
fn spacing(x: &[f64], first: usize, last: usize, steps: usize) -> f64 {
    (x[last] - x[first]) / steps.max(1) as f64
}

/// A rate per step as a rate per unit.
fn scaled(per_step: Interval, spacing: f64) -> Interval {
    let by = |rate: f64| rate / spacing;
    Interval { value: by(per_step.value), low: by(per_step.low), high: by(per_step.high), ..per_step }
}

/// With two points there is a rate, and nothing that bounds it.
fn plain_slope(points: Points<'_>) -> Option<Interval> {
    let (x, y) = (points.x(), points.y());
    let (Some(&from), Some(&to)) = (x.first(), x.last()) else { return None };
    let rate = (y.last()? - y.first()?) / (to - from);
    let unbounded = Interval { value: rate, low: f64::NEG_INFINITY, high: f64::INFINITY, level: 0.95 };
    rate.is_finite().then_some(unbounded)
}

/// Adds what rounding leaves open: the ends of the series may each be off by their half-width.
fn widened(slope: Interval, samples: &[Sample], points: Points<'_>) -> Interval {
    let half = |s: Option<&Sample>| s.map_or(0.0, |s: &Sample| s.value.half_width);
    let span = match (points.x().first(), points.x().last()) {
        (Some(a), Some(b)) if b > a => b - a,
        _ => return slope,
    };
    let slack = (half(samples.first()) + half(samples.last())) / 3.0_f64.sqrt() / span;
    Interval { low: slope.low - slack, high: slope.high + slack, ..slope }
}
