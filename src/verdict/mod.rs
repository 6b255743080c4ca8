//! Rules over statistics: what a series' numbers say, in one word, with a reason.
//!
//! All series of a recording are judged together ([`judge`]), since sites in lockstep share one cause.

mod at_rest;
mod attribution;
pub mod check;
mod container;
mod details;
mod evidence;
mod forecast;
mod groups;
mod parts;
mod prevalence;
mod profile;
mod rank;
mod reading;
mod reason;
mod rules;
mod score;
mod telling;
mod trail;

pub use attribution::Attribution;
pub use details::{Detailed, Details, OUTLINE};
pub use evidence::{Subject, judged_segment};
pub use forecast::{Forecast, Reach};
pub use groups::{Group, GroupEvidence};
pub use parts::{Part, Parts};
pub use profile::Profile;
pub use rank::SortKey;
pub use reading::{Reading, Weighed};
pub use score::shape_probability;
pub use telling::{processes, telling};

use rayon::prelude::*;

use crate::model::{Axis, Transitions};
use crate::reconstruct::{HistoryFacts, ProcessSeries, Recording, SiteHistory};
use crate::stats::Interval;
use crate::stats::change_point::Hinge;
use crate::stats::mann_kendall::MannKendall;
use crate::stats::ols::Ols;
use crate::stats::theil_sen::TheilSen;

/// What a series does, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It keeps growing at the end of the recording; a leak if nothing bounds it.
    Growing,
    /// The evidence does not decide.
    Unclear,
    /// It grew and has stopped or is stopping.
    Settled,
    /// No trend.
    Steady,
    /// It falls.
    Shrinking,
}

/// The numbers behind a verdict, each on the last segment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tests {
    /// Mann–Kendall's test.
    pub mann_kendall: Option<MannKendall>,
    /// Theil and Sen's slope.
    pub theil_sen: Option<TheilSen>,
    /// Least squares.
    pub ols: Option<Ols>,
    /// One corner against a straight line.
    pub change_point: Option<Hinge>,
}

/// Where a growth began, or ended: one of the series' samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Since {
    /// Index of the sample.
    pub index: usize,
    /// Its position on the axis of the series.
    pub at: f64,
}

/// How a series develops.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in one short sentence.
    pub reason: String,
    /// The chance that it goes on growing, 0 to 1.
    pub probability: f64,
    /// Samples in all.
    pub points: usize,
    /// Samples of the segment that was judged.
    pub judged: usize,
    /// Stretches without a restart.
    pub segments: usize,
    /// Steps between known values.
    pub transitions: Transitions,
    /// Rate per unit of the axis, with a 95 % interval; `None` for fewer than two samples.
    pub slope: Option<Interval>,
    /// The axis of the rate.
    pub axis: Axis,
    /// The named tests, each on the last segment; of sites only where they were asked for.
    pub tests: Tests,
    /// The shape and the stories that the probability rests on; `None` for a series too short, or without a move.
    pub weighed: Option<Weighed>,
    /// Where growth began late, or ended.
    pub since: Option<Since>,
}

/// What must be reached for a verdict. Every threshold has a unit, a default and an origin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Least number of samples for a verdict other than `unclear`. Five: the exact one-sided p of five
    /// rising points is 1/120.
    pub least_points: usize,
    /// Least probability for `growing`. 0.5: it is likelier to go on than not.
    pub growing: f64,
    /// Below this probability a series does not grow. 0.15: of 431 judgements so of the recorded programs'
    /// sites, one grew after all.
    pub not_growing: f64,
    /// Which parts of the procedure speak: all, unless it is to be seen what one is worth.
    pub parts: Parts,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { least_points: 5, growing: 0.5, not_growing: 0.15, parts: Parts::default() }
    }
}

/// What is asked of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Question {
    /// What must be reached for a verdict.
    pub thresholds: Thresholds,
    /// A limit in bytes for the forecast.
    pub limit_bytes: Option<f64>,
    /// What sites are ranked by.
    pub sort: SortKey,
    /// Which sites are looked at in detail.
    pub detailed: Detailed,
}

/// A process series with its trend.
#[derive(Debug, Clone)]
pub struct JudgedProcess {
    /// The series.
    pub process: ProcessSeries,
    /// How it develops.
    pub trend: Trend,
    /// Where its growth leads, if it grows in time.
    pub forecast: Option<Forecast>,
}

/// A site with its trend.
#[derive(Debug, Clone)]
pub struct JudgedSite {
    /// The site's history.
    pub history: SiteHistory,
    /// Its course in a few numbers.
    pub profile: Profile,
    /// How its bytes develop.
    pub bytes: Trend,
    /// What else there is to say of it, where it was asked for.
    pub details: Option<Details>,
    kind: rules::Kind,
    /// What the other sites of its history add to its log-odds.
    shift: f64,
}

impl JudgedSite {
    /// Whether the site belongs to the measuring code.
    #[must_use]
    pub fn is_instrument(&self) -> bool {
        self.kind == rules::Kind::Instrument
    }
}

/// Everything that was concluded from a recording.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Processes, in the order of the recording.
    pub processes: Vec<JudgedProcess>,
    /// What is known of each history of a heap as a whole.
    pub histories: Vec<HistoryFacts>,
    /// Sites, in the order of the recording.
    pub sites: Vec<JudgedSite>,
    /// The sites in the order asked for, as indices into `sites`.
    pub ranking: Vec<usize>,
    /// Sites in lockstep, as indices into `sites`.
    pub groups: Vec<Group>,
    /// How much of a process's growth its sites explain.
    pub attribution: Option<Attribution>,
    /// What had to be reached.
    pub thresholds: Thresholds,
}

/// Judges all series of a recording, on all cores. The result does not depend on how many there are.
#[must_use]
pub fn judge(recording: Recording, question: &Question) -> Judged {
    let Recording { processes, histories, sites } = recording;
    let thresholds = question.thresholds;
    let trends = on_all_cores(processes.iter().collect(), |p| rules::process_trend(p, &thresholds));
    let processes: Vec<JudgedProcess> = processes
        .into_iter()
        .zip(trends)
        .map(|(process, trend)| {
            let forecast = forecast::forecast(&process, &trend, question.limit_bytes);
            JudgedProcess { process, trend, forecast }
        })
        .collect();
    let (mut sites, groups) = judge_sites(sites, histories.len(), &thresholds);
    let ranking = rank::ranking(&sites, &groups, question.sort, &thresholds);
    details::look_closer(&mut sites, &ranking, question.detailed, &thresholds);
    let attribution = attribution::attribution(&processes, &sites, &histories);
    Judged { processes, histories, sites, ranking, groups, attribution, thresholds }
}

/// Below so many samples in all it takes longer to wake other threads than to do the work.
const WORTH_A_THREAD: usize = 20_000;

/// Judges the sites of all histories: each by itself, then with its group, then with all of its history.
fn judge_sites(
    sites: Vec<SiteHistory>,
    histories: usize,
    thresholds: &Thresholds,
) -> (Vec<JudgedSite>, Vec<Group>) {
    let mut weighed = on_all_cores(sites.iter().collect(), |site| rules::weigh_site(site, thresholds));
    let profiles: Vec<&Profile> = weighed.iter().map(|w| &w.profile).collect();
    let groups = groups::groups(&sites, &profiles);
    let mut scores: Vec<Option<f64>> = weighed.iter().map(|w| w.score).collect();
    if thresholds.parts.has(Part::Groups) {
        groups::agree(&mut scores, &groups);
    }
    weighed.iter_mut().zip(scores).for_each(|(w, score)| w.score = score);
    let mut shifts = vec![0.0; histories];
    if thresholds.parts.has(Part::Prevalence) {
        for (history, shift) in shifts.iter_mut().enumerate() {
            *shift = held_against_all(&sites, &mut weighed, history);
        }
    }
    let judged = sites.into_iter().zip(weighed).map(|(site, weighed)| {
        let shift = shifts[site.history];
        rules::judge_site(site, weighed, shift, thresholds)
    });
    (judged.collect(), groups)
}

/// How much work there is in judging something.
trait Work {
    /// Samples that are to be looked at.
    fn amount(&self) -> usize;
}

impl Work for &SiteHistory {
    fn amount(&self) -> usize {
        self.positions
    }
}

impl Work for &ProcessSeries {
    fn amount(&self) -> usize {
        self.readings()
    }
}

impl Work for &mut JudgedSite {
    fn amount(&self) -> usize {
        self.history.positions
    }
}

/// What `f` makes of each item, in their order; on all cores where there is enough to do.
fn on_all_cores<T: Work + Send, R: Send>(items: Vec<T>, f: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    let work: usize = items.iter().map(Work::amount).sum();
    if work < WORTH_A_THREAD {
        return items.into_iter().map(f).collect();
    }
    items.into_par_iter().map(f).collect()
}

/// Holds the sites of a history against each other: what their log-odds change by; those that chance may have brought
/// are marked.
fn held_against_all(sites: &[SiteHistory], weighed: &mut [rules::WeighedSite], history: usize) -> f64 {
    let moving: Vec<usize> = (0..sites.len())
        .filter(|&i| {
            sites[i].history == history && !sites[i].site.is_instrument() && weighed[i].score.is_some()
        })
        .collect();
    let chances: Vec<f64> = moving.iter().filter_map(|&i| weighed[i].by_chance()).collect();
    let bar = prevalence::bar(&chances);
    for (&i, _) in moving.iter().zip(&chances).filter(|(_, chance)| **chance > bar) {
        weighed[i].doubt();
    }
    let unbroken: Vec<f64> = moving.iter().filter_map(|&i| weighed[i].unbroken()).collect();
    prevalence::shift(&unbroken)
}
