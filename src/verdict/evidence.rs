//! From a series to the numbers that rules look at: takes units off, asks the statistics, puts units back.

use std::ops::Range;

use super::at_rest::AtRest;
use super::reading::{Reading, Weighed, weigh, weigh_lives};
use super::{Part, Parts, Since, Tests, Thresholds};
use crate::model::{Axis, Sample, Series, Transitions};
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

/// What is known of a series beside its statistics.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Form {
    /// What its positions count.
    pub axis: Axis,
    /// How many samples it has.
    pub samples: usize,
    /// Stretches without a restart.
    pub segments: usize,
    /// Steps between known values.
    pub steps: Transitions,
}

impl Form {
    fn of(series: &Series) -> Self {
        let (samples, segments) = (series.samples().len(), series.segments().len().max(1));
        Self { axis: series.axis(), samples, segments, steps: series.transitions() }
    }

    /// How many steps there are.
    pub const fn all_steps(&self) -> usize {
        self.steps.grew + self.steps.shrank + self.steps.held
    }
}

/// What was measured of one series on the life that is judged. It holds no samples, so that the evidence of all sites
/// can be held against each other.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The series itself.
    pub form: Form,
    /// How many values were judged, hidden ones bridged.
    pub values: usize,
    /// Rate per unit of the axis.
    pub slope: Option<Interval>,
    /// The named tests; those of a site wait until somebody wants to see them.
    pub tests: Tests,
    /// What it says of its future; `None` if it never moved or is too short.
    pub weighed: Option<Weighed>,
    /// Measured points that `weighed` rests on; what a cut list hides is bridged, and does not count.
    pub points: usize,
    /// What it does, if it does not grow.
    pub at_rest: AtRest,
    /// The sample at which the likeliest story has its corner.
    pub corner: Option<Since>,
}

/// The judged life of a series, and its values at each position.
pub struct Life {
    samples: Range<usize>,
    x: Vec<f64>,
    /// The values, hidden ones bridged.
    pub values: Vec<f64>,
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
) -> (Evidence, Life) {
    let life = Life::of(series, extent);
    let samples = &series.samples()[life.samples.clone()];
    let mut found = Evidence {
        form: Form::of(series),
        values: life.values.len(),
        slope: None,
        tests: Tests::default(),
        weighed: None,
        points: life.values.len().min(samples.len()),
        at_rest: AtRest::default(),
        corner: None,
    };
    let Ok(points) = Points::new(&life.x, &life.values) else { return (found, life) };
    let half_width = granularity(samples, subject);
    let weigh_all = || {
        let enough = points.len() >= thresholds.least_points;
        let main = enough.then(|| weigh(points.y(), half_width, thresholds.parts)).flatten()?;
        Some(through_restarts(main, series, half_width, found.points, thresholds.parts))
    };
    let weighed = match subject {
        Subject::Process => {
            let (tests, weighed) = rayon::join(|| named_tests(points, thresholds.least_points), weigh_all);
            found.tests = tests;
            weighed
        }
        Subject::Site => weigh_all(),
    };
    if let Some((weighed, points)) = weighed {
        (found.weighed, found.points) = (Some(weighed), points);
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
    if let Some(weighed) = &mut found.weighed {
        // Of a process the probability is known as it is; what it does at rest is asked where it is low.
        if subject == Subject::Site {
            found.at_rest = AtRest::of(points.y(), weighed, found.slope);
        }
        found.corner = corner(series, life.samples.start, weighed);
        weighed.places = None;
    }
    (found, life)
}

/// What a series says of its future, and nothing else: the score, the measured points that it rests on, and the life that
/// was judged.
#[must_use]
pub fn score(
    series: &Series,
    extent: &Range<usize>,
    thresholds: &Thresholds,
) -> (Option<(f64, usize)>, Life) {
    let life = Life::of(series, extent);
    let samples = &series.samples()[life.samples.clone()];
    let found = if life.values.len() >= thresholds.least_points {
        weigh(&life.values, granularity(samples, Subject::Site), thresholds.parts)
    } else {
        None
    };
    let points = life.values.len().min(samples.len());
    let found = found.map(|main| {
        let (weighed, points) =
            through_restarts(main, series, granularity(samples, Subject::Site), points, thresholds.parts);
        (weighed.log_odds, points)
    });
    (found, life)
}

/// The tests that have a name of their own, on the judged life of a series.
#[must_use]
pub fn tests_of(series: &Series, extent: &Range<usize>, thresholds: &Thresholds) -> Tests {
    let life = Life::of(series, extent);
    let points = Points::new(&life.x, &life.values);
    points.map_or_else(|_| Tests::default(), |points| named_tests(points, thresholds.least_points))
}

fn named_tests(points: Points<'_>, least_points: usize) -> Tests {
    Tests {
        mann_kendall: mann_kendall::mann_kendall(points.y()),
        theil_sen: theil_sen::theil_sen(points),
        ols: ols::ols(points),
        change_point: if points.len() >= least_points { change_point::hinge(points) } else { None },
    }
}

/// Where the corner of the likeliest story lies, as an index of the samples.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn corner(series: &Series, life_start: usize, weighed: &Weighed) -> Option<Since> {
    let told = &weighed.stories;
    let used = told.used.len().saturating_sub(1) as f64;
    let position = weighed.place(told.used.start + (told.since? * used).round() as usize);
    // Positions of bridged values are positions of the history; the sample at or behind it is meant.
    let index = match series.axis() {
        Axis::Snapshots => {
            let offset = series.samples().get(life_start).map_or(0.0, |s| s.at);
            series.samples().partition_point(|s| s.at < offset + position as f64)
        }
        Axis::Seconds | Axis::Samples => life_start + position,
    };
    series.samples().get(index).map(|sample| Since { index, at: sample.at })
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

/// Returns the segment that a verdict rests on: the last one if it has enough samples, else the longest.
#[must_use]
pub fn judged_segment(segments: &[Range<usize>]) -> Range<usize> {
    let longest = segments.iter().max_by_key(|s| s.len()).cloned().unwrap_or(0..0);
    match segments.last() {
        Some(last) if last.len() >= LEAST_LIFE.min(longest.len()) => last.clone(),
        _ => longest,
    }
}

impl Life {
    /// The judged segment of a series. Along snapshots a value is given at every position, what
    /// a cut list hides being bridged.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn of(series: &Series, extent: &Range<usize>) -> Self {
        let life = judged_segment(series.segments());
        let samples = &series.samples()[life.clone()];
        let (x, values) = match (series.axis(), samples) {
            (Axis::Seconds | Axis::Samples, samples) => samples.iter().map(|s| (s.at, s.value.value)).unzip(),
            (Axis::Snapshots, [first, .., last] | [first @ last]) => {
                let from = if life.start == 0 { extent.start } else { first.at as usize };
                let to = if life.end == series.samples().len() { extent.end } else { last.at as usize + 1 };
                ((from..to).map(|k| k as f64).collect(), series.bridged(from..to))
            }
            (Axis::Snapshots, []) => (Vec::new(), Vec::new()),
        };
        Self { samples: life, x, values }
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
