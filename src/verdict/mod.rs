//! Rules over statistics: what a series' numbers say, in one word, with a reason.
//!
//! All series of a recording are judged together ([`judge`]), since sites in lockstep share one cause.

mod attribution;
mod evidence;
mod forecast;
mod groups;
mod rank;
mod reason;
mod rules;
mod score;

pub use attribution::{Attribution, attribution};
pub use evidence::{Evidence, Subject, evidence};
pub use forecast::{Forecast, Reach, forecast};
pub use groups::{Group, GroupEvidence, groups};
pub use rank::{SortKey, ranking};

use crate::model::{Axis, ProcessSeries, Recording, SiteHistory, Transitions};
use crate::stats::Interval;
use crate::stats::change_point::Hinge;
use crate::stats::mann_kendall::MannKendall;
use crate::stats::ols::Ols;
use crate::stats::shape::Shape;
use crate::stats::stories::Stories;
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
    /// The seven terms of the shape, and the probability they add up to.
    pub shape: Option<(Shape, f64)>,
    /// The stories compared, and the calibrated probability of those that go on growing.
    pub stories: Option<(Stories, f64)>,
}

/// Where a growth began, or ended: an index among the series' samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// Index of the sample.
    pub index: usize,
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
    /// Samples that it rests on.
    pub points: usize,
    /// Stretches without a restart.
    pub segments: usize,
    /// Steps between known values.
    pub transitions: Transitions,
    /// Rate per unit of the axis, with a 95 % interval; `None` for fewer than two samples.
    pub slope: Option<Interval>,
    /// The axis of the rate.
    pub axis: Axis,
    /// The numbers behind it.
    pub tests: Tests,
    /// Where growth began late, or ended.
    pub since: Option<Since>,
}

/// What must be reached for a verdict. Every threshold has a unit, a default and an origin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Least number of samples for a verdict other than `unclear`. Five: the exact one-sided p of five
    /// rising points is 1/120.
    pub least_points: usize,
    /// Least probability for `growing` of a site with up to 8 points. 0.65: docs/statistics.md, "sites".
    pub site_growing_short: f64,
    /// Least probability for `growing` of a site with 40 points or more; between, on the logarithm of the
    /// length. 0.72.
    pub site_growing_long: f64,
    /// Least probability for `growing` of a process. 0.5: docs/statistics.md, "processes".
    pub process_growing: f64,
    /// Below this probability a series does not grow. 0.2: of all recordings judged so, five in a thousand
    /// grew after all.
    pub not_growing: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            least_points: 5,
            site_growing_short: 0.65,
            site_growing_long: 0.72,
            process_growing: 0.5,
            not_growing: 0.2,
        }
    }
}

/// A process series with its trend.
#[derive(Debug, Clone)]
pub struct JudgedProcess {
    /// The series.
    pub process: ProcessSeries,
    /// How it develops.
    pub trend: Trend,
}

/// A site with its trends.
#[derive(Debug, Clone)]
pub struct JudgedSite {
    /// The site's history.
    pub history: SiteHistory,
    /// How its bytes develop.
    pub bytes: Trend,
    /// How its number of blocks develops, where it is known.
    pub blocks: Option<Trend>,
    /// Whether the site belongs to the measuring code.
    pub instrument: bool,
}

/// Everything that was concluded from a recording.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Processes, in the order of the recording.
    pub processes: Vec<JudgedProcess>,
    /// Sites, in the order of the recording.
    pub sites: Vec<JudgedSite>,
    /// Sites in lockstep, as indices into `sites`.
    pub groups: Vec<Group>,
}

/// Judges all series of a recording.
#[must_use]
pub fn judge(recording: &Recording, thresholds: &Thresholds) -> Judged {
    let processes = recording
        .processes
        .iter()
        .map(|process| JudgedProcess {
            process: process.clone(),
            trend: rules::process_trend(process, thresholds),
        })
        .collect();
    let mut sites: Vec<JudgedSite> =
        recording.sites.iter().map(|site| rules::judge_site(site, thresholds)).collect();
    let groups = groups::groups(&sites);
    groups::agree(&mut sites, &groups);
    Judged { processes, sites, groups }
}
