//! The judge: from series to verdicts. It alone knows all steps and all rules.

use std::ops::Range;

use foldhash::HashMap;

use super::evidence::{Measurement, Segment, evidence, sample_at, score};
use super::non_growth::non_growth;
use super::parallel::on_all_cores;
use super::process::process_probability;
use super::profile::{even_step, is_comparable, profile, rises};
use super::rate::{Rate, RateUnit};
use super::reason::Reason;
use super::rules::{Peers, Rule, Rules, SiteFacts, SiteScore};
use super::score::{Gain, Growth, probability, site_break_even};
use super::shown_tests::all_tests;
use super::site::score_site;
use super::types::{
    Details, Evidence, JudgedProcess, JudgedSite, SPARKLINE_VALUES, Scored, ScoredSite, SeriesKind, Since,
    SiteKind, SiteScale, Tests, Thresholds, Trend, Verdict,
};
use super::{explain, mirror, peers, plain, process, sampler, site, transform};
use crate::model::{Metric, Role, Series, SiteUnit, Transitions, converted};
use crate::reconstruct::{ProcessSeries, SiteHistory, SiteSeries};
use crate::stats::growth_models::GrowthModel;
use crate::stats::pauses::Pause;

/// All rules, in the order in which they are applied within each step.
pub const RULES: [Rule; 25] = [
    plain::SHAPE,
    plain::MODELS_RULE,
    site::BLOCKS,
    transform::STEP_PATTERNS,
    transform::PLATEAUS,
    transform::SAWTEETH,
    process::FEW_PERIODS,
    transform::CYCLES,
    process::LOG_SCALE,
    process::START_UP,
    process::CREEP_AFTER_START_UP,
    process::PAUSES,
    transform::SEGMENTS,
    transform::COMMON_LINE,
    plain::START_UPS,
    plain::RATE_DIFFERS_FROM_ZERO,
    plain::SCATTER,
    plain::LATE_START,
    plain::LAST_STEPS,
    plain::FLATTENING,
    site::FREE_LIST_DRIFT,
    site::RESIZED_CONTAINER,
    sampler::SAMPLER,
    peers::GROUPS,
    peers::CHANCE,
];

impl Default for Rules {
    fn default() -> Self {
        Self::new(RULES)
    }
}

/// The profiler's own sites grow because it runs: their growth ends with the measurement.
const OVERHEAD_PROBABILITY: f64 = 0.02;
/// The highest probability of a site of the code that takes the snapshots: a leak of one small object each looks alike.
const SAMPLER_PROBABILITY: f64 = 0.05;
/// The least probability of a series that moves up and down all the time without a trend …
const UNDER_NOISE_PROBABILITY: f64 = 0.05;
/// … in at least this share of its steps either way.
const UP_AND_DOWN: f64 = 0.25;
/// The highest probability of a site that chance among many sites may have brought.
const BY_CHANCE_PROBABILITY: f64 = 0.4;
/// The highest probability that a few steps upward make.
const FEW_STEPS_PROBABILITY: f64 = 0.5;

/// Judges series by its thresholds and rules.
///
/// Sites are judged in two steps, since sites in lockstep share one cause: [`Judge::score_sites`] gathers the
/// evidence of each by itself, [`Judge::judge_sites`] judges all of them with the evidence that they have
/// for each other.
#[derive(Debug, Clone, Default)]
pub struct Judge {
    /// The thresholds of a verdict.
    pub thresholds: Thresholds,
    /// The rules; all of them by default.
    pub rules: Rules,
}

impl Judge {
    /// Judges processes, each by itself.
    #[must_use]
    pub fn judge_processes(&self, processes: Vec<ProcessSeries>) -> Vec<JudgedProcess> {
        let trends = on_all_cores(processes.iter().collect(), |process| self.process_trend(process));
        processes.into_iter().zip(trends).map(|(process, trend)| JudgedProcess { process, trend }).collect()
    }

    fn process_trend(&self, process: &ProcessSeries) -> Trend {
        self.trend_of_process(&process.series(), process.metric)
    }

    /// Returns the development of a series of a process in one metric, along any axis.
    #[must_use]
    pub fn trend_of_process(&self, series: &Series, metric: Metric) -> Trend {
        let all = 0..series.samples().len();
        let Measurement { evidence: found, scored, named, segment } =
            evidence(series, &all, SeriesKind::Process, &self.thresholds, &self.rules);
        let mut trend = self.process_trend_of(found, scored.as_ref(), series, &segment, metric);
        trend.tests = all_tests(named, scored.as_ref());
        trend
    }

    fn process_trend_of(
        &self,
        mut found: Evidence,
        scored: Option<&Scored>,
        series: &Series,
        segment: &Segment,
        metric: Metric,
    ) -> Trend {
        if let Some(reason) = self.too_little(&found) {
            return undecided(found, reason);
        }
        let Some(scored) = scored else {
            let chance = by_succession(found.form.steps);
            return unmoved(found, chance);
        };
        let probability = process_probability(scored.log_odds, found.points, found.recorded_steps);
        if probability < self.thresholds.not_growing {
            found.non_growth = non_growth(&segment.values, scored, found.slope);
        }
        let verdict = self.word(probability, &found);
        if let Some(pause) = process::rest(verdict, scored, segment, &self.rules) {
            let chance = FEW_STEPS_PROBABILITY * (pause.ended + 1) as f64 / (pause.ended + 2) as f64;
            found.corner = sample_at(series, segment, pause.since);
            let Pause { rest, longest_before, ended, .. } = pause;
            let reason = Reason::Paused { rest, longest_before, ended };
            return trend(found, Verdict::Unclear, reason, probability.max(chance));
        }
        let probability = under_noise(probability, verdict, found.form.steps);
        let (verdict, reason) = match (verdict, metric) {
            (Verdict::Growing, Metric::VM_HWM) => (Verdict::Unclear, Reason::HighWaterMark),
            (Verdict::Growing, Metric { role: Role::WithGarbage, .. }) => {
                (Verdict::Unclear, Reason::GarbageIncluded)
            }
            (verdict, _) => (verdict, explain::reason(verdict, &found)),
        };
        trend(found, verdict, reason, probability)
    }

    /// Gathers the evidence of each site by itself: its bytes, helped by its blocks.
    #[must_use]
    pub fn score_sites(&self, sites: &[SiteHistory]) -> Vec<ScoredSite> {
        on_all_cores(sites.iter().collect(), |site| self.score_site(site))
    }

    /// The series of the site are made here, and dropped.
    fn score_site(&self, history: &SiteHistory) -> ScoredSite {
        let series = history.to_series();
        let SiteSeries { bytes: byte_series, blocks: block_series, extent, last_change } = &series;
        let (thresholds, rules) = (&self.thresholds, &self.rules);
        let Measurement { evidence: bytes, scored: of_bytes, segment: byte_segment, .. } =
            self.site_evidence(byte_series, extent);
        let (of_blocks, block_segment) = score(block_series, extent, thresholds, rules);
        let plain = if history.site.is_profiler() { SiteKind::ProfilerOverhead } else { SiteKind::Plain };
        let enough = bytes.measured() >= thresholds.least_points;
        let own = of_bytes.as_ref().filter(|_| enough);
        let own = own.map(|own| SiteScore { score: own.log_odds, kind: plain });
        let complete = byte_series.samples().len() >= history.positions;
        let points = bytes.lasted;
        let decided = own.map(|own| {
            if block_series.samples().is_empty() {
                return own;
            }
            let facts = SiteFacts {
                bytes: &byte_segment.values,
                blocks: &block_segment.values,
                blocks_score: of_blocks.as_ref().map(|of_blocks| of_blocks.log_odds),
                complete,
                points,
            };
            score_site(own, &facts, rules)
        });
        let gain = Gain::of(
            after_start_jump(&byte_segment.values, of_bytes.as_ref()),
            after_start_jump(&block_segment.values, of_blocks.as_ref()),
        );
        let scored = of_bytes.iter().chain(&of_blocks);
        let straightest = scored.map(|scored| scored.shape.straightness()).fold(0.0, f64::max);
        let comparable = is_comparable(history, block_series);
        let even_step = even_step(block_series);
        ScoredSite {
            history: history.history,
            profile: profile(&series, even_step.is_some()),
            rises: comparable.then(|| rises(block_series)).flatten(),
            comparable,
            even_step,
            last_change: *last_change,
            score: decided.map(|decided| decided.score),
            mirrored: own.and_then(|_| mirror::mirrored_score(&series, complete, points, thresholds, rules)),
            scale: SiteScale {
                points,
                break_even: site_break_even(points, gain),
                growth: Growth::of_site(straightest),
            },
            kind: decided.map_or(plain, |decided| decided.kind),
            bytes,
            by_chance: 0.0,
        }
    }

    /// Judges sites with the evidence that they have for each other; `scored` are their scores in the same order,
    /// `groups` the sites that grow in lockstep, as indices.
    #[must_use]
    pub fn judge_sites(
        &self,
        sites: Vec<SiteHistory>,
        mut scored: Vec<ScoredSite>,
        groups: &[Vec<usize>],
    ) -> Vec<JudgedSite> {
        let histories = scored.iter().map(|site| site.history + 1).max().unwrap_or(0);
        let files = &of_files(&sites);
        peers::score_together(&mut scored, &Peers { groups, files, histories }, &self.rules);
        let mut sites = sites;
        converted(scored, |first, scored| {
            let batch = sites.split_off(first);
            sites.shrink_to_fit();
            batch.into_iter().zip(scored).map(|(site, scored)| self.judge_site(site, scored)).collect()
        })
    }

    fn judge_site(&self, history: SiteHistory, scored: ScoredSite) -> JudgedSite {
        let ScoredSite { profile, bytes, score, kind, scale, .. } = scored;
        let probability = score.map(|score| scale.probability(score));
        let mut bytes = self.site_trend(bytes, probability, kind);
        if history.unit() == SiteUnit::Objects {
            bytes.slope = bytes.slope.map(|slope| slope.per(RateUnit::ObjectsPerSnapshot, 1.0));
        }
        JudgedSite { history, bytes, profile, kind, scale, details: None }
    }

    /// Works out the details of a site, and all tests of its bytes.
    pub fn add_details(&self, site: &mut JudgedSite) {
        let SiteSeries { bytes, blocks, extent, .. } = &site.history.to_series();
        let Measurement { scored, segment, .. } = self.site_evidence(bytes, extent);
        site.bytes.tests = all_tests(segment.tests(), scored.as_ref());
        let blocks = (!blocks.samples().is_empty()).then(|| self.block_trend(site, blocks, extent));
        #[allow(clippy::cast_precision_loss)]
        let positions = 0.0..site.history.positions.saturating_sub(1) as f64;
        let sparkline = bytes.sparkline(positions, SPARKLINE_VALUES);
        site.details = Some(Box::new(Details { blocks, sparkline }));
    }

    /// Judges the blocks of a site by themselves, as its bytes were judged.
    fn block_trend(&self, site: &JudgedSite, blocks: &Series, extent: &Range<usize>) -> Trend {
        let Measurement { evidence: found, scored, segment, .. } = self.site_evidence(blocks, extent);
        let probability = found.score.map(|score| site.scale.probability(score.log_odds));
        let mut trend = self.site_trend(found, probability, site.kind);
        trend.tests = all_tests(segment.tests(), scored.as_ref());
        trend.slope = trend.slope.map(|slope| slope.per(RateUnit::BlocksPerSnapshot, 1.0));
        trend
    }

    /// The rate of a site's number of blocks; `None` where its blocks are not counted.
    #[must_use]
    pub fn block_rate(&self, history: &SiteHistory) -> Option<f64> {
        let SiteSeries { blocks, extent, .. } = history.to_series();
        self.site_evidence(&blocks, &extent).evidence.slope.map(|slope| slope.value)
    }

    fn site_evidence(&self, series: &Series, extent: &Range<usize>) -> Measurement {
        evidence(series, extent, SeriesKind::Site, &self.thresholds, &self.rules)
    }

    fn site_trend(&self, found: Evidence, probability: Option<f64>, kind: SiteKind) -> Trend {
        if let Some(reason) = self.too_little(&found) {
            return undecided(found, reason);
        }
        let Some(probability) = probability else { return unmoved(found, 0.0) };
        let form = &found.form;
        let more = explain::more(form.samples);
        let (verdict, reason, probability) = match (kind, self.word(probability, &found)) {
            (SiteKind::ProfilerOverhead, _) => {
                (Verdict::Unclear, Reason::ProfilerOverhead, probability.min(OVERHEAD_PROBABILITY))
            }
            (SiteKind::Sampler, Verdict::Growing | Verdict::Unclear) => {
                (Verdict::Unclear, Reason::Sampler, probability.min(SAMPLER_PROBABILITY))
            }
            (SiteKind::FreeListDrift, verdict) if verdict != Verdict::Growing => {
                (Verdict::Unclear, Reason::FreeListDrift { more }, probability)
            }
            (SiteKind::ResizedContainer, Verdict::Unclear) => {
                (Verdict::Unclear, Reason::ResizedContainer { times: form.steps.grew, more }, probability)
            }
            (SiteKind::ByChance, Verdict::Growing) => {
                (Verdict::Unclear, Reason::ByChance { more }, probability.min(BY_CHANCE_PROBABILITY))
            }
            (_, verdict) => {
                (verdict, explain::reason(verdict, &found), under_noise(probability, verdict, form.steps))
            }
        };
        trend(found, verdict, reason, probability)
    }

    /// The word for a probability, by one threshold for `growing` and one for series that do not grow.
    fn word(&self, probability: f64, found: &Evidence) -> Verdict {
        if probability >= self.thresholds.growing {
            Verdict::Growing
        } else if probability < self.thresholds.not_growing {
            found.non_growth.verdict()
        } else {
            Verdict::Unclear
        }
    }

    /// With fewer samples than a verdict needs the reason is that they are too few.
    fn too_little(&self, found: &Evidence) -> Option<Reason> {
        let (points, least) = (found.measured(), self.thresholds.least_points);
        if points >= least {
            return None;
        }
        Some(if found.values >= least {
            Reason::RarelyListed { points, least }
        } else {
            Reason::TooFewPoints { points: found.values, least }
        })
    }
}

/// The sites of each file of each heap, as indices.
fn of_files(sites: &[SiteHistory]) -> Vec<Vec<usize>> {
    let mut places: HashMap<(usize, &str), usize> = HashMap::default();
    let mut files: Vec<Vec<usize>> = Vec::new();
    for (i, site) in sites.iter().enumerate() {
        let Some(file) = site.site.file() else { continue };
        let place = *places.entry((site.history, file)).or_insert(files.len());
        match files.get_mut(place) {
            Some(file) => file.push(i),
            None => files.push(vec![i]),
        }
    }
    files
}

impl SiteScale {
    /// The probability that a site of this score keeps growing.
    fn probability(self, score: f64) -> f64 {
        probability(score, self.break_even, self.points, self.growth)
    }
}

/// The values that a score rests on: a start-up jump is no growth.
fn after_start_jump<'a>(values: &'a [f64], scored: Option<&Scored>) -> &'a [f64] {
    let start = scored.map_or(0, |scored| scored.place(scored.models.used.start));
    values.get(start..).unwrap_or_default()
}

/// A slow leak may hide beneath noise, so that a low probability is bounded from below.
fn under_noise(probability: f64, verdict: Verdict, steps: Transitions) -> f64 {
    let least = UP_AND_DOWN * (steps.grew + steps.shrank + steps.held) as f64;
    let noisy = steps.grew as f64 >= least && steps.shrank as f64 >= least;
    if verdict == Verdict::Steady && noisy { probability.max(UNDER_NOISE_PROBABILITY) } else { probability }
}

fn undecided(found: Evidence, reason: Reason) -> Trend {
    let probability = by_succession(found.form.steps);
    trend(found, Verdict::Unclear, reason, probability)
}

/// The rule of succession on the steps: of a series that rose each time the next step is likely to rise, but no more;
/// of one that never moved, the less likely the more steps it has.
fn by_succession(steps: Transitions) -> f64 {
    let all = steps.grew + steps.shrank + steps.held;
    let net = steps.grew.saturating_sub(steps.shrank);
    FEW_STEPS_PROBABILITY * (net + 1) as f64 / (all + 2) as f64
}

/// A series that never moved. Most sites never do, and of a process that was constant for five samples the outlook is
/// unknown.
fn unmoved(found: Evidence, probability: f64) -> Trend {
    let reason = Reason::NeverMoved { points: found.form.samples };
    trend(found, Verdict::Steady, reason, probability)
}

fn trend(found: Evidence, verdict: Verdict, reason: Reason, probability: f64) -> Trend {
    let since = if matches!(reason, Reason::Paused { .. }) { found.corner } else { since(&found, verdict) };
    Trend {
        verdict,
        reason,
        probability,
        points: found.form.samples,
        judged: found.measured(),
        segments: found.form.segments,
        transitions: found.form.steps,
        slope: found.slope.map(|slope| Rate::new(slope, RateUnit::of_bytes(found.form.axis))),
        axis: found.form.axis,
        tests: Tests {
            transform: found.score.map(|score| score.transform),
            score: found.score.map(|score| score.log_odds),
            ..Tests::default()
        },
        since,
    }
}

/// The sample at which growth began, if late, or ended: the corner of the likeliest growth model.
fn since(found: &Evidence, verdict: Verdict) -> Option<Since> {
    let fits = match found.score?.likeliest {
        GrowthModel::LateLeak | GrowthModel::StepAndLeak => verdict == Verdict::Growing,
        GrowthModel::OneStep | GrowthModel::TwoSteps | GrowthModel::Stopped | GrowthModel::Ramp => {
            verdict == Verdict::Settled
        }
        _ => false,
    };
    found.corner.filter(|_| fits)
}
