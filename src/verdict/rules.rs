//! The rules: evidence in, a verdict out.
//!
//! A series is read ([`super::reading`]), its score becomes a probability ([`super::score`]), and one threshold makes
//! `growing` of it, for sites and processes alike. What each step is worth stands in docs/statistics.md.

use super::at_rest::AtRest;
use super::container::is_filling;
use super::evidence::{Evidence, Subject, evidence, score};
use super::prevalence::by_chance;
use super::profile::Profile;
use super::reading::Weighed;
use super::score::{even_score, probability, unbroken};
use super::trail::is_trail;
use super::{JudgedSite, Part, Parts, Since, Thresholds, Trend, Verdict, reason};
use crate::model::{Metric, Site, Transitions};
use crate::reconstruct::{Course, ProcessSeries, SiteHistory};
use crate::stats::rhythm::{lasting, rhythm};
use crate::stats::stories::Story;

/// The measuring code grows because somebody measures: its growth ends with the measurement.
const INSTRUMENT_PROBABILITY: f64 = 0.1;
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
    let (mut found, life) = evidence(series, &(0..series.samples().len()), Subject::Process, thresholds);
    if let Some(reason) = too_little(&found, thresholds) {
        return undecided(found, reason);
    }
    let Some(weighed) = &found.weighed else {
        let chance = by_succession(found.form.steps);
        return unmoved(found, chance);
    };
    let scale = unbroken(weighed.log_odds, found.points, Subject::Process);
    let probability = probability(scale, found.points, Subject::Process);
    if probability < thresholds.not_growing {
        found.at_rest = AtRest::of(&life.values, weighed, found.slope);
    }
    let verdict = word(probability, &found, thresholds);
    let probability = with_room(probability, verdict, found.form.steps);
    let (verdict, reason) = match (verdict, process.metric) {
        (Verdict::Growing, Metric::VmHwm) => (Verdict::Unclear, reason::high_water_mark()),
        (verdict, _) => (verdict, reason::of(verdict, &found)),
    };
    trend(found, verdict, reason, probability)
}

/// The word that a probability makes, by one threshold for `growing` and one for what does not grow.
fn word(probability: f64, found: &Evidence, thresholds: &Thresholds) -> Verdict {
    if probability >= thresholds.growing {
        Verdict::Growing
    } else if probability < thresholds.not_growing {
        found.at_rest.verdict()
    } else {
        Verdict::Unclear
    }
}

/// Beneath noise there is room for a slow leak, so that a low probability is no more than low.
fn with_room(probability: f64, verdict: Verdict, steps: Transitions) -> f64 {
    let least = UP_AND_DOWN * (steps.grew + steps.shrank + steps.held) as f64;
    let noisy = steps.grew as f64 >= least && steps.shrank as f64 >= least;
    if verdict == Verdict::Steady && noisy { probability.max(ROOM_UNDER_NOISE) } else { probability }
}

/// A site whose evidence is gathered; the verdict waits for what the other sites say.
#[derive(Debug)]
pub struct WeighedSite {
    /// What is to be known of its course beside the evidence.
    pub profile: Profile,
    bytes: Evidence,
    /// The score of bytes and blocks together; `None` where there is too little, or nothing moved.
    pub score: Option<f64>,
    kind: Kind,
}

/// What can be told of a site beside its trend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
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

/// Gathers the evidence of a site: its bytes, helped by its blocks. Its course is unfolded here, and dropped.
#[must_use]
pub fn weigh_site(history: &SiteHistory, thresholds: &Thresholds) -> WeighedSite {
    let course = history.unfold();
    let Course { bytes: byte_series, blocks: block_series, extent, .. } = &course;
    let (bytes, byte_life) = evidence(byte_series, extent, Subject::Site, thresholds);
    let (of_blocks, block_life) = score(block_series, extent, thresholds);
    let block_life = (!block_series.samples().is_empty()).then_some(block_life);
    let enough = measured(&bytes) >= thresholds.least_points;
    let score = bytes.weighed.as_ref().filter(|_| enough).map(|own| {
        let of_blocks = of_blocks.filter(|_| thresholds.parts.has(Part::Blocks));
        of_blocks.map_or(own.log_odds, |(blocks, _)| f64::midpoint(own.log_odds, blocks))
    });
    let nearly_even = even_score(bytes.points, Subject::Site) - FILLING;
    let block_values = block_life.as_ref().map(|life| life.values.as_slice());
    let complete = byte_series.samples().len() >= history.positions;
    let kind = kind(&history.site, &byte_life.values, block_values, complete, thresholds.parts);
    let (kind, score) = match (kind, score) {
        (Kind::Trail, Some(score)) if score > TRAIL => (Kind::Trail, Some(TRAIL)),
        (Kind::Container, Some(score)) if score < nearly_even => (Kind::Container, Some(nearly_even)),
        (Kind::Instrument, score) => (Kind::Instrument, score),
        (_, score) => (Kind::Plain, score),
    };
    WeighedSite { profile: Profile::of(history, &course), bytes, score, kind }
}

/// What kind of site it is, from the values of its bytes and of its blocks; `complete` if no list can have hidden it.
fn kind(site: &Site, bytes: &[f64], blocks: Option<&[f64]>, complete: bool, parts: Parts) -> Kind {
    if site.is_instrument() {
        return Kind::Instrument;
    }
    let (Some(blocks), Some(&last)) = (blocks, bytes.last()) else { return Kind::Plain };
    // Without the first quarter, in which everything starts up.
    let lawful = || rhythm(&lasting(blocks)[blocks.len() / 4..], 0.0).is_some();
    if parts.has(Part::Trails) && is_trail(blocks, last, complete) && !lawful() {
        Kind::Trail
    } else if parts.has(Part::Containers) && is_filling(bytes, blocks) {
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
    let probability = weighed.unbroken().map(|u| probability(u + shift, weighed.bytes.points, Subject::Site));
    let WeighedSite { profile, bytes, kind, .. } = weighed;
    let bytes = site_trend(bytes, probability, kind, thresholds);
    JudgedSite { history, bytes, profile, kind, shift, details: None }
}

/// Judges the blocks of a site by themselves, as its bytes were judged.
#[must_use]
pub fn block_trend(site: &JudgedSite, course: &Course, thresholds: &Thresholds) -> Option<Trend> {
    if course.blocks.samples().is_empty() {
        return None;
    }
    let (found, _) = evidence(&course.blocks, &course.extent, Subject::Site, thresholds);
    let chance = |w: &Weighed| {
        let scale = unbroken(w.log_odds, found.points, Subject::Site) + site.shift;
        probability(scale, found.points, Subject::Site)
    };
    let chance = found.weighed.as_ref().map(chance);
    Some(site_trend(found, chance, site.kind, thresholds))
}

fn site_trend(found: Evidence, probability: Option<f64>, kind: Kind, thresholds: &Thresholds) -> Trend {
    if let Some(reason) = too_little(&found, thresholds) {
        return undecided(found, reason);
    }
    let Some(probability) = probability else { return unmoved(found, 0.0) };
    let verdict = word(probability, &found, thresholds);
    let form = &found.form;
    let (verdict, reason, probability) = match (kind, verdict) {
        (Kind::Instrument, _) => {
            (Verdict::Unclear, reason::instrument(), probability.min(INSTRUMENT_PROBABILITY))
        }
        (Kind::Trail, verdict) if verdict != Verdict::Growing => {
            (Verdict::Unclear, reason::trail(form), probability)
        }
        (Kind::Container, Verdict::Unclear) => (Verdict::Unclear, reason::container(form), probability),
        (Kind::Chance, Verdict::Growing) => {
            (Verdict::Unclear, reason::chance(form), probability.min(BY_CHANCE_PROBABILITY))
        }
        (_, verdict) => (verdict, reason::of(verdict, &found), with_room(probability, verdict, form.steps)),
    };
    trend(found, verdict, reason, probability)
}

/// Samples that were measured. What lies between those of a cut list is bridged, and does not count.
fn measured(found: &Evidence) -> usize {
    found.form.samples.min(found.values)
}

/// With fewer samples than a verdict needs nothing is said but what is missing.
fn too_little(found: &Evidence, thresholds: &Thresholds) -> Option<String> {
    let (measured, least) = (measured(found), thresholds.least_points);
    if measured >= least {
        return None;
    }
    Some(if found.values >= least {
        reason::too_rare(measured, least)
    } else {
        reason::too_few(&found.form, found.values, least)
    })
}

fn undecided(found: Evidence, reason: String) -> Trend {
    let probability = by_succession(found.form.steps);
    trend(found, Verdict::Unclear, reason, probability)
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
fn unmoved(found: Evidence, probability: f64) -> Trend {
    let reason = reason::unmoved(&found.form);
    trend(found, Verdict::Steady, reason, probability)
}

fn trend(found: Evidence, verdict: Verdict, reason: String, probability: f64) -> Trend {
    let since = since(&found, verdict);
    Trend {
        verdict,
        reason,
        probability,
        points: found.form.samples,
        judged: measured(&found),
        segments: found.form.segments,
        transitions: found.form.steps,
        slope: found.slope,
        axis: found.form.axis,
        tests: found.tests,
        weighed: found.weighed,
        since,
    }
}

/// Where growth began, if late, or where it ended: the corner of the likeliest story.
fn since(found: &Evidence, verdict: Verdict) -> Option<Since> {
    let fits = match found.weighed.as_ref()?.stories.likeliest {
        Story::Late | Story::StepAndLeak => verdict == Verdict::Growing,
        Story::Step | Story::Steps | Story::Stop | Story::Ramp => verdict == Verdict::Settled,
        _ => false,
    };
    found.corner.filter(|_| fits)
}
