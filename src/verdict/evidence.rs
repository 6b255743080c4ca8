//! From a series to the numbers that a verdict rests on: units are taken off, statistics asked, units put back.

use std::ops::Range;

use super::non_growth::non_growth;
use super::rules::{Apply, Rule, Rules, Segments};
use super::shown_tests::named_tests;
use super::slope::{not_below_zero, plain_slope, process_slope, site_slope, widened};
use super::transform::score_segment;
use super::types::{
    Evidence, NamedTests, NonGrowth, ScoreFacts, Scored, SeriesForm, SeriesKind, Since, Thresholds, Transform,
};
use crate::model::{Axis, Sample, Series};
use crate::reconstruct::segments::has_just_begun;
use crate::stats::age_line::AgedSegment;
use crate::stats::growth_models::GrowthModel;
use crate::stats::order::{extent as extent_of, median};
use crate::stats::sawtooth::rise_of_envelopes;
use crate::stats::scatter::rises_out_of_scatter;
use crate::stats::{Points, spacing};

/// A series measured.
pub struct Measurement {
    /// Its evidence.
    pub evidence: Evidence,
    /// The score; `None` for a series that never moved or is too short.
    pub scored: Option<Scored>,
    /// The named tests of a process; those of a site are worked out on request, by [`Segment::tests`].
    pub named: NamedTests,
    /// The segment that was judged.
    pub segment: Segment,
}

/// The judged segment of a series, and its values at each position.
pub struct Segment {
    samples: Range<usize>,
    x: Vec<f64>,
    /// The values, hidden ones bridged; at even distances, where those of the samples change for good.
    pub values: Vec<f64>,
    /// Half of the step in which they are recorded.
    pub half_width: f64,
    /// Where they were brought to even distances.
    uneven: Option<Uneven>,
}

/// A segment as it was measured.
struct Uneven {
    x: Vec<f64>,
    values: Vec<f64>,
    /// For each even place the position that was measured next.
    positions: Vec<usize>,
}

/// A segment is judged if it has at least this many samples, or is the longest.
const LEAST_SEGMENT: usize = 8;

/// Measures a series. `extent` are the positions over which something is known, for series along snapshots.
#[must_use]
pub fn evidence(
    series: &Series,
    extent: &Range<usize>,
    kind: SeriesKind,
    thresholds: &Thresholds,
    rules: &Rules,
) -> Measurement {
    let mut segment = Segment::of(series, extent);
    let samples = &series.samples()[segment.samples.clone()];
    let half_width = granularity(samples, kind);
    segment.half_width = half_width;
    let mut found = Evidence {
        form: form(series),
        values: segment.values.len(),
        slope: None,
        score: None,
        points: segment.values.len().min(samples.len()),
        lasted: 0,
        recorded_steps: f64::INFINITY,
        non_growth: NonGrowth::default(),
        corner: None,
    };
    found.lasted = found.points;
    let Ok(points) = Points::new(&segment.x, &segment.values) else {
        return Measurement { evidence: found, scored: None, named: NamedTests::default(), segment };
    };
    let score_all = || {
        let enough = points.len() >= thresholds.least_points;
        let main = enough.then(|| score_segment(points.y(), half_width, kind, rules)).flatten()?;
        Some(through_restarts(main, series, half_width, kind, found.points, rules))
    };
    let (named, scored) = match kind {
        SeriesKind::Process => rayon::join(|| segment.tests(), score_all),
        SeriesKind::Site => (NamedTests::default(), score_all()),
    };
    let scored = scored.map(|(scored, points)| {
        found.points = points.saturating_sub(not_yet_growing(&scored, kind));
        found.lasted = found.points;
        found.recorded_steps = grown(series, &segment, &scored) / (2.0 * half_width);
        scored
    });
    found.slope = match kind {
        SeriesKind::Process => process_slope(points, &named, scored.as_ref()),
        // Bridged values are no evidence: too few measured values bound no rate.
        SeriesKind::Site if samples.len() >= thresholds.least_points => site_slope(points, scored.as_ref()),
        SeriesKind::Site => None,
    }
    .or_else(|| plain_slope(points))
    .map(|slope| widened(slope, samples, points));
    let never_shrank = match kind {
        SeriesKind::Site => points.y().is_sorted(),
        SeriesKind::Process => found.form.steps.shrank == 0,
    };
    if never_shrank {
        found.slope = found.slope.map(not_below_zero);
    }
    if let Some(scored) = &scored {
        // The probability of a process is final here; its development without growth matters only where that is low.
        if kind == SeriesKind::Site {
            found.non_growth = non_growth(points.y(), scored, found.slope);
        }
        found.corner = corner(series, &segment, scored);
        if let Some(since) = found.corner.filter(|_| scored.models.likeliest == GrowthModel::LateLeak) {
            found.lasted = found.points.min(series.samples().len() - since.index);
        }
    }
    found.score = scored.as_ref().map(ScoreFacts::of);
    Measurement { evidence: found, scored, named, segment }
}

/// The score of a site's series and nothing else; and the segment that was judged.
#[must_use]
pub fn score(
    series: &Series,
    extent: &Range<usize>,
    thresholds: &Thresholds,
    rules: &Rules,
) -> (Option<Scored>, Segment) {
    let segment = Segment::of(series, extent);
    let samples = &series.samples()[segment.samples.clone()];
    let half_width = granularity(samples, SeriesKind::Site);
    let enough = segment.values.len() >= thresholds.least_points;
    let main = enough.then(|| score_segment(&segment.values, half_width, SeriesKind::Site, rules)).flatten();
    let points = segment.values.len().min(samples.len());
    let found =
        main.map(|main| through_restarts(main, series, half_width, SeriesKind::Site, points, rules).0);
    (found, segment)
}

/// The judged segment of a site's series upside down, and its score; `None` where it is too short or constant.
pub fn upside_down(
    series: &Series,
    extent: &Range<usize>,
    thresholds: &Thresholds,
    rules: &Rules,
) -> Option<(f64, Vec<f64>)> {
    let segment = Segment::of(series, extent);
    if segment.values.len() < thresholds.least_points {
        return None;
    }
    let (low, high) = extent_of(&segment.values);
    let mirrored: Vec<f64> = segment.values.iter().map(|value| low + high - value).collect();
    let samples = &series.samples()[segment.samples.clone()];
    let scored = score_segment(&mirrored, granularity(samples, SeriesKind::Site), SeriesKind::Site, rules)?;
    Some((scored.log_odds, mirrored))
}

fn form(series: &Series) -> SeriesForm {
    let (samples, segments) = (series.samples().len(), series.segments().len().max(1));
    SeriesForm { axis: series.axis(), samples, segments, steps: series.transitions() }
}

/// The sample at which the likeliest growth model has its corner.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn corner(series: &Series, segment: &Segment, scored: &Scored) -> Option<Since> {
    let models = &scored.models;
    let used = models.used.len().saturating_sub(1) as f64;
    let place = scored.place(models.used.start + (models.since? * used).round() as usize);
    sample_at(series, segment, place)
}

/// The sample at a place of a segment.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn sample_at(series: &Series, segment: &Segment, place: usize) -> Option<Since> {
    let segment_start = segment.samples.start;
    let position = segment.uneven.as_ref().map_or(Some(place), |it| it.positions.get(place).copied())?;
    // Positions of bridged values are positions of the history; the sample at or after it is meant.
    let index = match series.axis() {
        Axis::Snapshots => {
            let offset = series.samples().get(segment_start).map_or(0.0, |s| s.at);
            series.samples().partition_point(|s| s.at < offset + position as f64)
        }
        Axis::Seconds | Axis::Samples | Axis::Work => segment_start + position,
    };
    series.samples().get(index).map(|sample| Since { index, at: sample.at })
}

/// The score of the judged segment together with the others, and the number of points that it rests on then.
fn through_restarts(
    main: Scored,
    series: &Series,
    half_width: f64,
    kind: SeriesKind,
    points: usize,
    rules: &Rules,
) -> (Scored, usize) {
    if series.segments().len() < 2 {
        return (main, points);
    }
    let whole: Vec<f64> = series.samples().iter().map(|s| s.value.value).collect();
    let aged: Vec<AgedSegment<'_>> =
        series.segments().iter().map(|segment| begun(&whole[segment.clone()], kind)).collect();
    let each = aged.iter().map(|segment| segment.values).collect();
    let segments = Segments { each, aged, whole: &whole, half_width, kind, rules };
    let apply = |scored, rule: Rule| match rule.apply {
        Apply::Segments(apply) => apply(scored, &segments),
        _ => scored,
    };
    let scored = rules.iter().fold(main, apply);
    let points = if scored.transform == Transform::BySegment { whole.len() } else { points };
    (scored, points)
}

/// A segment without a first sample far below the second: a process that had only just begun.
fn begun(segment: &[f64], kind: SeriesKind) -> AgedSegment<'_> {
    match segment {
        [first, second, ..] if kind == SeriesKind::Process && has_just_begun(*first, *second) => {
            AgedSegment { age: 1, values: &segment[1..] }
        }
        _ => AgedSegment { age: 0, values: segment },
    }
}

/// The number of points before the growth of a process began: they are no evidence of how long it lasts.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn not_yet_growing(scored: &Scored, kind: SeriesKind) -> usize {
    let late = matches!(scored.models.likeliest, GrowthModel::LateLeak);
    let until = scored.models.since.filter(|_| late && kind == SeriesKind::Process).unwrap_or(0.0);
    let within = (until * scored.models.used.len() as f64) as usize;
    match scored.transform {
        Transform::AfterStartUp => scored.place(within),
        Transform::None => within,
        _ => 0,
    }
}

/// The growth over the values that a score rests on; over all segments, where it rests on all.
fn grown(series: &Series, segment: &Segment, scored: &Scored) -> f64 {
    let over = |values: &[f64]| values.last().zip(values.first()).map_or(0.0, |(last, first)| last - first);
    // What lies beneath a sawtooth is a few values, however far they rise; a line through all of it rests on more, and
    // so do both envelopes.
    let envelopes_rise = || {
        let lower = scored.places.as_deref().unwrap_or_default();
        rise_of_envelopes(&segment.values, lower).is_some()
    };
    let of_few = scored.transform == Transform::LowerEnvelope;
    if of_few && !rises_out_of_scatter(&segment.values) && !envelopes_rise() {
        return 0.0;
    }
    if scored.transform != Transform::BySegment {
        // A start-up jump is not used.
        return over(segment.values.get(scored.place(scored.models.used.start)..).unwrap_or_default());
    }
    let value = |sample: Option<&Sample>| sample.map_or(0.0, |sample| sample.value.value);
    let of = |segment: &Range<usize>| {
        let samples = &series.samples()[segment.clone()];
        value(samples.last()) - value(samples.first())
    };
    series.segments().iter().map(of).filter(|grown| *grown > 0.0).sum()
}

/// Returns the segment that a verdict rests on: the last one if it has enough samples, else the longest.
#[must_use]
pub fn judged_segment(segments: &[Range<usize>]) -> Range<usize> {
    let longest = segments.iter().max_by_key(|s| s.len()).cloned().unwrap_or(0..0);
    match segments.last() {
        Some(last) if last.len() >= LEAST_SEGMENT.min(longest.len()) => last.clone(),
        _ => longest,
    }
}

impl Segment {
    /// The judged segment of a series. Along snapshots a value is given at every position, values that a cut list hides
    /// being bridged.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn of(series: &Series, extent: &Range<usize>) -> Self {
        let chosen = judged_segment(series.segments());
        let samples = &series.samples()[chosen.clone()];
        let (x, values) = match (series.axis(), samples) {
            (Axis::Seconds | Axis::Samples | Axis::Work, samples) => {
                samples.iter().map(|s| (s.at, s.value.value)).unzip()
            }
            (Axis::Snapshots, [first, .., last] | [first @ last]) => {
                let from = if chosen.start == 0 { extent.start } else { first.at as usize };
                let to = if chosen.end == series.samples().len() { extent.end } else { last.at as usize + 1 };
                ((from..to).map(|k| k as f64).collect(), series.bridged(from..to))
            }
            (Axis::Snapshots, []) => (Vec::new(), Vec::new()),
        };
        let segment = Self { samples: chosen, x, values, half_width: 0.0, uneven: None };
        match series.axis() {
            Axis::Seconds | Axis::Work => segment.evened(None),
            // Without times the places are numbers; a count of work may show that they are uneven.
            Axis::Snapshots | Axis::Samples => match series.uneven_times() {
                None => segment,
                times => segment.evened(times),
            },
        }
    }

    /// The segment at even distances, where those of its samples change for good: shapes and models count steps.
    /// `times` are those of all snapshots, for a segment along snapshots.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn evened(self, times: Option<&[f64]>) -> Self {
        let of_snapshots = || {
            let from = self.x.first().map_or(0, |x| *x as usize);
            // Of a metric that some samples lack nothing is known of its distances.
            let is_whole = self.x.last().is_some_and(|last| *last as usize + 1 == from + self.x.len());
            times.map(|times| times.get(from..from + self.x.len()).filter(|_| is_whole).unwrap_or_default())
        };
        let of_snapshots = of_snapshots();
        let at = of_snapshots.unwrap_or(&self.x);
        let Some(even) = spacing::changed(at).and_then(|step| spacing::even(at, &self.values, step)) else {
            return self;
        };
        let x = match of_snapshots {
            None => even.at,
            // A snapshot stands for the usual time between two.
            Some(times) => {
                let (first, usual) = (times[0], spacing::usual_distance(times));
                even.at.iter().map(|at| (at - first) / usual).collect()
            }
        };
        let uneven = Uneven { x: self.x.clone(), values: self.values.clone(), positions: even.indices };
        Self { x, values: even.values, uneven: Some(uneven), ..self }
    }

    /// The named tests, on the values as they were measured.
    #[must_use]
    pub fn tests(&self) -> NamedTests {
        let (x, values) = self.uneven.as_ref().map_or((&self.x, &self.values), |it| (&it.x, &it.values));
        Points::new(x, values).map_or_else(|_| NamedTests::default(), named_tests)
    }
}

/// Resident memory comes in pages of this many bytes.
const PAGE: f64 = 4096.0;

/// Half of the step in which values are recorded: rounding, and for a process the page.
fn granularity(samples: &[Sample], kind: SeriesKind) -> f64 {
    let rounding = samples.iter().map(|s| s.value.half_width).sum::<f64>() / samples.len().max(1) as f64;
    let rounding = if rounding > 0.0 { rounding.min(half_of_changes(samples)) } else { rounding };
    let pages = kind == SeriesKind::Process && samples.iter().all(|s| s.value.value % PAGE == 0.0);
    if pages { rounding.max(PAGE / 2.0) } else { rounding }
}

/// Half of the median of all changes. Values that are rounded to a step change by a step or more, so that half of it
/// is never more than this. The errors of a sampled heap may be: most blocks of one snapshot are still there in the
/// next, sampled or not as they were, so that both have the same error and their difference has little of it.
fn half_of_changes(samples: &[Sample]) -> f64 {
    let change = |pair: &[Sample]| (pair[1].value.value - pair[0].value.value).abs();
    let mut changes: Vec<f64> = samples.windows(2).map(change).filter(|change| *change > 0.0).collect();
    if changes.is_empty() { f64::INFINITY } else { median(&mut changes) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Measured;

    #[test]
    fn the_step_of_rounded_values_is_their_rounding_and_that_of_samples_is_seen_in_their_changes() {
        let samples = |values: &[f64], half: f64| -> Vec<Sample> {
            let sample =
                |(at, value): (usize, &f64)| Sample { at: at as f64, value: Measured::rounded(*value, half) };
            values.iter().enumerate().map(sample).collect()
        };
        for (values, half_width, expected) in [
            // Rounded to 100: changes are 100 or more.
            (&[1000.0, 1100.0, 1100.0, 1300.0][..], 50.0, 50.0),
            // Rounded, and never changed.
            (&[1000.0, 1000.0], 50.0, 50.0),
            // A sampled heap: each sampled block counts for 512, and most are the same in two profiles.
            (&[1024.0, 1536.0, 2048.0, 2560.0], 2000.0, 256.0),
            (&[1000.0, 1001.0], 0.0, 0.0),
        ] {
            assert_eq!(granularity(&samples(values, half_width), SeriesKind::Site), expected, "{values:?}");
        }
    }
}
