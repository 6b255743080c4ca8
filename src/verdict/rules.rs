//! The rules: evidence in, a verdict out.
//!
//! A series is read ([`super::reading`]), its score becomes a probability ([`super::score`]), and one threshold makes
//! `growing` of it, for sites and processes alike. What each step is worth stands in docs/statistics.md.

use super::container::is_filling;
use super::evidence::{Evidence, Subject, evidence};
use super::prevalence::by_chance;
use super::reading::{Reading, Weighed};
use super::score::{even_score, probability, unbroken};
use super::trail::is_trail;
use super::{JudgedSite, Part, Parts, Since, Thresholds, Trend, Verdict, reason};
use crate::model::{Axis, Metric, ProcessSeries, Series, SiteHistory, Transitions};
use crate::stats::mann_kendall::mann_kendall;
use crate::stats::order::{extent, median};
use crate::stats::rhythm::{lasting, rhythm};
use crate::stats::stories::Story;

/// The measuring code grows because somebody measures: its growth ends with the measurement.
const INSTRUMENT_PROBABILITY: f64 = 0.1;
/// Among fewer values than this noise cannot be told from a trend.
const LEAST_FOR_STEADY: usize = 24;
/// Where Mann–Kendall's score of the whole, of the later half or of the last third is above this, something may be growing beneath the
/// noise: 5 %, one-sided.
const HINT: f64 = 1.645;
/// The least probability of what moves up and down all the time without a trend …
const ROOM_UNDER_NOISE: f64 = 0.05;
/// … in at least this share of its steps either way.
const UP_AND_DOWN: f64 = 0.25;
/// What chance among many sites may have brought is at most so likely.
const BY_CHANCE_PROBABILITY: f64 = 0.4;
/// What a few steps upward can make likely at most.
const FEW_STEPS_PROBABILITY: f64 = 0.5;
/// The score of a trail is at most this.
const TRAIL: f64 = -1.0;
/// The score of a container that fills is at least the even one less this: nearly as likely to go on as not.
const FILLING: f64 = 0.25;

/// Judges a process series.
#[must_use]
pub fn process_trend(process: &ProcessSeries, thresholds: &Thresholds) -> Trend {
    let series = &process.series();
    let found = evidence(series, &(0..series.samples().len()), Subject::Process, thresholds);
    if let Some(trend) = too_little(series, &found, thresholds) {
        return trend;
    }
    let Some(weighed) = &found.weighed else {
        return unmoved(series, found, by_succession(series.transitions()));
    };
    let scale = unbroken(weighed.log_odds, found.points, Subject::Process);
    let probability = probability(scale, found.points, Subject::Process);
    let verdict = word(probability, &found, thresholds);
    let probability = with_room(probability, verdict, series);
    let (verdict, reason) = match (verdict, process.metric) {
        (Verdict::Growing, Metric::VmHwm) => (Verdict::Unclear, reason::high_water_mark()),
        (verdict, _) => (verdict, reason::of(verdict, series, &found)),
    };
    trend(series, found, verdict, reason, probability)
}

/// The word that a probability makes, by one threshold for `growing` and one for what does not grow.
fn word(probability: f64, found: &Evidence, thresholds: &Thresholds) -> Verdict {
    if probability >= thresholds.growing {
        Verdict::Growing
    } else if probability < thresholds.not_growing {
        match at_rest(found) {
            Verdict::Steady if hints_at_growth(found) => Verdict::Unclear,
            rest => rest,
        }
    } else {
        Verdict::Unclear
    }
}

/// Beneath noise there is room for a slow leak, so that a low probability is no more than low.
fn with_room(probability: f64, verdict: Verdict, series: &Series) -> f64 {
    let steps = series.transitions();
    let least = UP_AND_DOWN * (steps.grew + steps.shrank + steps.held) as f64;
    let noisy = steps.grew as f64 >= least && steps.shrank as f64 >= least;
    if verdict == Verdict::Steady && noisy { probability.max(ROOM_UNDER_NOISE) } else { probability }
}

/// Whether a test for a trend points upward though the probability is low: noise, most likely; but a leak beneath it
/// would look the same, so it is not called steady.
fn hints_at_growth(found: &Evidence) -> bool {
    let n = found.values.len();
    let rises = |from: usize| mann_kendall(&found.values[from..]).is_some_and(|mk| mk.z > HINT);
    // Of a wave and of a sawtooth it was seen that nothing grows beneath them; their last part alone rises or falls.
    let seen_through = found
        .weighed
        .as_ref()
        .is_some_and(|w| matches!(w.reading, Reading::Floors | Reading::WithoutCycle { .. }));
    n < LEAST_FOR_STEADY || !seen_through && [0, n / 2, 2 * n / 3].into_iter().any(rises)
}

/// A site whose evidence is gathered; the verdict waits for what the other sites say.
#[derive(Debug)]
pub struct WeighedSite {
    bytes: Evidence,
    blocks: Option<Evidence>,
    /// The score of bytes and blocks together; `None` where there is too little, or nothing moved.
    pub score: Option<f64>,
    kind: Kind,
}

/// What can be told of a site beside its trend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Nothing.
    Plain,
    /// It belongs to the measuring code.
    Instrument,
    /// Small blocks that pile up slowly.
    Trail,
    /// One container that was resized.
    Container,
    /// Among so many sites some look like this by chance.
    Chance,
}

/// Gathers the evidence of a site: its bytes, helped by its blocks.
#[must_use]
pub fn weigh_site(history: &SiteHistory, thresholds: &Thresholds) -> WeighedSite {
    let bytes = evidence(&history.bytes, &history.extent, Subject::Site, thresholds);
    let blocks = (!history.blocks.samples().is_empty())
        .then(|| evidence(&history.blocks, &history.extent, Subject::Site, thresholds));
    let enough = measured(&history.bytes, &bytes) >= thresholds.least_points;
    let score = bytes.weighed.as_ref().filter(|_| enough).map(|own| {
        let of_blocks = blocks.as_ref().and_then(|b| b.weighed.as_ref());
        let of_blocks = of_blocks.filter(|_| thresholds.parts.has(Part::Blocks));
        of_blocks.map_or(own.log_odds, |blocks| f64::midpoint(own.log_odds, blocks.log_odds))
    });
    let nearly_even = even_score(bytes.points, Subject::Site) - FILLING;
    let (kind, score) = match (kind(history, &bytes, blocks.as_ref(), thresholds.parts), score) {
        (Kind::Trail, Some(score)) if score > TRAIL => (Kind::Trail, Some(TRAIL)),
        (Kind::Container, Some(score)) if score < nearly_even => (Kind::Container, Some(nearly_even)),
        (Kind::Instrument, score) => (Kind::Instrument, score),
        (_, score) => (Kind::Plain, score),
    };
    WeighedSite { bytes, blocks, score, kind }
}

fn kind(history: &SiteHistory, bytes: &Evidence, blocks: Option<&Evidence>, parts: Parts) -> Kind {
    if history.site.is_instrument() {
        return Kind::Instrument;
    }
    let (Some(blocks), Some(&last)) = (blocks, bytes.values.last()) else { return Kind::Plain };
    let complete = history.bytes.samples().len() >= history.positions;
    // Without the first quarter, in which everything starts up.
    let lawful = || rhythm(&lasting(&blocks.values)[blocks.values.len() / 4..], 0.0).is_some();
    if parts.has(Part::Trails) && is_trail(&blocks.values, last, complete) && !lawful() {
        Kind::Trail
    } else if parts.has(Part::Containers) && is_filling(&bytes.values, &blocks.values) {
        Kind::Container
    } else {
        Kind::Plain
    }
}

impl WeighedSite {
    /// The chance of its score if it only wanders.
    #[must_use]
    pub fn by_chance(&self) -> Option<f64> {
        let points = self.bytes.points;
        self.score.map(|score| by_chance(score - even_score(points, Subject::Site), points))
    }

    /// Says that so many sites move that some look like this by chance.
    pub fn doubt(&mut self) {
        if self.kind == Kind::Plain {
            self.kind = Kind::Chance;
        }
    }

    /// The score on the scale on which other sites' evidence is added.
    #[must_use]
    pub fn unbroken(&self) -> Option<f64> {
        self.score.map(|score| unbroken(score, self.bytes.points, Subject::Site))
    }
}

/// Judges a site; `shift` is what the other sites of the recording add to its log-odds.
#[must_use]
pub fn judge_site(
    history: SiteHistory,
    weighed: WeighedSite,
    shift: f64,
    thresholds: &Thresholds,
) -> JudgedSite {
    let chance = |unbroken: f64, points: usize| probability(unbroken + shift, points, Subject::Site);
    let whole = weighed.unbroken().map(|u| chance(u, weighed.bytes.points));
    let by_itself = |w: &Weighed, points: usize| chance(unbroken(w.log_odds, points, Subject::Site), points);
    let of_blocks = weighed.blocks.as_ref().and_then(|b| Some(by_itself(b.weighed.as_ref()?, b.points)));
    let kind = weighed.kind;
    let bytes = site_trend(&history.bytes, weighed.bytes, whole, kind, thresholds);
    let blocks = weighed.blocks.map(|found| site_trend(&history.blocks, found, of_blocks, kind, thresholds));
    JudgedSite { history, bytes, blocks, instrument: kind == Kind::Instrument }
}

fn site_trend(
    series: &Series,
    found: Evidence,
    probability: Option<f64>,
    kind: Kind,
    thresholds: &Thresholds,
) -> Trend {
    if let Some(trend) = too_little(series, &found, thresholds) {
        return trend;
    }
    let Some(probability) = probability else { return unmoved(series, found, 0.0) };
    let verdict = word(probability, &found, thresholds);
    let (verdict, reason, probability) = match (kind, verdict) {
        (Kind::Instrument, _) => {
            (Verdict::Unclear, reason::instrument(), probability.min(INSTRUMENT_PROBABILITY))
        }
        (Kind::Trail, verdict) if verdict != Verdict::Growing => {
            (Verdict::Unclear, reason::trail(series), probability)
        }
        (Kind::Container, Verdict::Unclear) => (Verdict::Unclear, reason::container(series), probability),
        (Kind::Chance, Verdict::Growing) => {
            (Verdict::Unclear, reason::chance(series), probability.min(BY_CHANCE_PROBABILITY))
        }
        (_, verdict) => {
            (verdict, reason::of(verdict, series, &found), with_room(probability, verdict, series))
        }
    };
    trend(series, found, verdict, reason, probability)
}

/// Samples that were measured. What lies between those of a cut list is bridged, and does not count.
fn measured(series: &Series, found: &Evidence) -> usize {
    series.samples().len().min(found.values.len())
}

/// With fewer samples than a verdict needs nothing is said but what is missing.
fn too_little(series: &Series, found: &Evidence, thresholds: &Thresholds) -> Option<Trend> {
    let measured = measured(series, found);
    if measured >= thresholds.least_points {
        return None;
    }
    let reason = if found.values.len() >= thresholds.least_points {
        reason::too_rare(measured, thresholds.least_points)
    } else {
        reason::too_few(series, found.values.len(), thresholds.least_points)
    };
    Some(trend(series, found.clone(), Verdict::Unclear, reason, by_succession(series.transitions())))
}

/// The rule of succession on the steps: of a series that rose each time the next step is likely to rise, but no more; of
/// one that never moved, the less likely the longer it stood still.
fn by_succession(steps: Transitions) -> f64 {
    let all = steps.grew + steps.shrank + steps.held;
    let net = steps.grew.saturating_sub(steps.shrank);
    FEW_STEPS_PROBABILITY * (net + 1) as f64 / (all + 2) as f64
}

/// A series that never moved. Most sites never do, and of a process that stood still for five samples it is not known what
/// it will do.
fn unmoved(series: &Series, found: Evidence, probability: f64) -> Trend {
    let reason = reason::unmoved(series);
    trend(series, found, Verdict::Steady, reason, probability)
}

/// What a series that does not grow does instead.
fn at_rest(found: &Evidence) -> Verdict {
    match found.weighed.as_ref().map(|w| w.stories.likeliest) {
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
    let third = found.values.len().div_ceil(3);
    if third == 0 {
        return false;
    }
    let last = &found.values[found.values.len() - third..];
    let rose = median(&mut last.to_vec()) - median(&mut found.values[..third].to_vec());
    let rose_at_once = extent(last).0 - found.values.first().copied().unwrap_or(low);
    rose.max(rose_at_once) > 0.5 * (high - low)
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
        weighed: found.weighed,
        since,
    }
}

/// Where growth began, if late, or where it ended: the corner of the likeliest story.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn since(series: &Series, found: &Evidence, verdict: Verdict) -> Option<Since> {
    let weighed = found.weighed.as_ref()?;
    let told = &weighed.stories;
    let fits = match told.likeliest {
        Story::Late | Story::StepAndLeak => verdict == Verdict::Growing,
        Story::Step | Story::Steps | Story::Stop | Story::Ramp => verdict == Verdict::Settled,
        _ => false,
    };
    let share = told.since.filter(|_| fits)?;
    let used = told.used.len().saturating_sub(1) as f64;
    let position = weighed.place(told.used.start + (share * used).round() as usize);
    // Positions of bridged values are positions of the history; the sample at or behind it is meant.
    let index = match series.axis() {
        Axis::Snapshots => {
            let offset = series.samples().get(found.life.start).map_or(0.0, |s| s.at);
            series.samples().partition_point(|s| s.at < offset + position as f64)
        }
        Axis::Seconds | Axis::Samples => found.life.start + position,
    };
    (index < series.samples().len()).then_some(Since { index })
}
