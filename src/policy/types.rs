//! The vocabulary of a check: limits, findings and the outcome.

use super::baseline::BaselineEntry;
use super::rule::Rule;
use crate::model::{SeenForm, SourceCode};
use crate::reconstruct::NoWork;
use crate::verdict::{JudgedSite, Rate, RateUnit, Verdict};

/// The limits of a check. Every field's doc ends with its default.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Verdicts that are findings. Default: growing.
    pub fail_on: Vec<Verdict>,
    /// Growth of a lower probability is no finding. Default: 0.
    pub least_probability: f64,
    /// Growth of a process up to this rate is accepted. Default: none is.
    pub process_growth: Option<GrowthLimit>,
    /// Growth of a site up to this rate is accepted. Default: none is.
    pub site_growth: Option<GrowthLimit>,
    /// A process beyond this many bytes is a finding. Default: no limit.
    pub limit_bytes: Option<f64>,
    /// A process that reaches `limit_bytes` within this many seconds is a finding. Default: none.
    pub within_seconds: Option<f64>,
    /// Fewer samples of a process, or snapshots of a heap, are a finding. Default: they are not.
    pub least_points: Option<usize>,
    /// The share of an input's records that may be unreadable. Default: [`MOST_UNREAD`], of which none recur as often
    /// as a process is sampled.
    pub most_unread: Option<f64>,
}

/// The share of an input's records that may be unreadable where nothing else is said.
pub const MOST_UNREAD: f64 = 0.01;

impl Default for Limits {
    fn default() -> Self {
        Self {
            fail_on: vec![Verdict::Growing],
            least_probability: 0.0,
            process_growth: None,
            site_growth: None,
            limit_bytes: None,
            within_seconds: None,
            least_points: None,
            most_unread: None,
        }
    }
}

/// A rate that is accepted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GrowthLimit {
    /// Bytes …
    pub bytes: f64,
    /// … per second, snapshot or sample.
    pub per: RateUnit,
}

/// The subject of a finding. Numbers are indices into the assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A process in one metric.
    Process(usize),
    /// A site, and the others that are in lockstep with it and break the same rule.
    Sites(usize, Vec<usize>),
    /// The snapshots of a history.
    History(usize),
    /// An input, by its name.
    Input(String),
}

/// The cause of a finding.
#[derive(Debug, Clone, PartialEq)]
pub enum Cause {
    /// The verdict alone.
    Verdict,
    /// It grows faster than the limit; the rate is in units of the limit.
    TooFast {
        /// The rate.
        rate: Box<Rate>,
        /// The accepted rate.
        limit: GrowthLimit,
    },
    /// It reaches its limit, or is beyond it.
    Limit {
        /// The limit.
        bytes: f64,
        /// The last value.
        now: f64,
        /// Seconds at the estimated rate, and at the highest.
        in_seconds: (f64, f64),
    },
    /// The verdict rests on fewer points than are wanted.
    TooFew {
        /// Number of points of the judged segment.
        points: usize,
        /// Number of points in all.
        all: usize,
        /// Number of points that is wanted.
        least: usize,
    },
    /// It grew until it fell, and the samples since then are fewer than are wanted.
    FellAtEnd {
        /// Number of samples since it fell.
        points: usize,
        /// Number of points that is wanted.
        least: usize,
    },
    /// The recording has no measure of the limit's unit.
    NotComparable(GrowthLimit),
    /// The input was not read to its end, for this reason.
    Incomplete(String),
    /// More of the input's records could not be read than are accepted.
    Unread {
        /// Number of records that could not be read.
        unreadable: u64,
        /// Number of records in all.
        all: u64,
        /// The share that is accepted.
        most: f64,
    },
    /// Records of one kind could not be read as often as a process was sampled.
    Recurs(Box<Recurring>),
    /// The input holds a form of memory log that is not read.
    NotRead(SeenForm),
    /// Growth by the work done was asked for, and is unknown.
    WorkUnknown(NoWork),
}

/// Unreadable records that differ in nothing but their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurring {
    /// Number of records.
    pub records: u64,
    /// The line of the first, counted from 1.
    pub line: u64,
    /// The expected and the actual content of the first.
    pub message: String,
}

/// A finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule that is broken.
    pub rule: Rule,
    /// Its subject.
    pub subject: Subject,
    /// Its cause.
    pub cause: Cause,
    /// The rate that was known, if it got worse.
    pub known: Option<Box<Rate>>,
}

/// Accepted growth.
pub struct Accepted<'a> {
    /// The growth that a baseline knows.
    pub known: &'a [BaselineEntry],
    /// Returns the entry of the list of allowed sites that a site is on.
    pub allowed: &'a (dyn Fn(&JudgedSite) -> Option<usize> + Sync),
    /// Number of entries of that list.
    pub allowances: usize,
    /// The code of the sites, by which sites on moved lines are found again.
    pub code: &'a SourceCode,
    /// Whether the entries of a new baseline are made.
    pub renewed: bool,
}

/// The outcome of a check.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// Findings: processes first, then sites by their rank.
    pub findings: Vec<Finding>,
    /// Number of series that are known and no worse.
    pub known: usize,
    /// Number of sites that are allowed and would be findings.
    pub allowed: usize,
    /// Entries of the baseline on moved lines, with the index of the site that each is now.
    pub moved: Vec<(usize, usize)>,
    /// Entries of the baseline that are of no use any more.
    pub stale_known: Vec<(usize, Stale)>,
    /// Allowances that no site made use of.
    pub stale_allowed: Vec<usize>,
    /// The entries of a new baseline, where one is made.
    pub baseline: Vec<BaselineEntry>,
}

/// The reason why an entry of a baseline is of no use any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stale {
    /// Nothing in the recording has its name.
    Gone,
    /// Its series would be no finding.
    NoFinding,
}

impl Checked {
    /// Accepts all growth that was found. A finding that no baseline can hold (a limit that is reached, too few points)
    /// stays.
    pub fn accept(&mut self) {
        let known = &mut self.known;
        self.findings.retain(|finding| {
            let accepted = finding.rule.can_be_known();
            if accepted {
                *known += match &finding.subject {
                    Subject::Sites(_, others) => 1 + others.len(),
                    Subject::Process(_) | Subject::History(_) | Subject::Input(_) => 1,
                };
            }
            !accepted
        });
    }
}
