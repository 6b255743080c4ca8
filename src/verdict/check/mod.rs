//! Gates: what a team does not accept, less what it knows and accepts.

mod known;
mod ledger;
mod limits;
mod named;
mod rate;
mod rule;

use super::telling::{processes, telling};
use super::{GroupEvidence, Judged, JudgedProcess, JudgedSite, Verdict};

pub use known::{Baseline, FunctionOf, Known, SCHEMA as BASELINE_SCHEMA};
pub use named::{Named, find_named};
pub use rate::{Rate, Unit};
pub use rule::{Rule, Severity};

use ledger::Ledger;
use limits::{Broken, limit_reached, of_process, of_site, too_few_samples, too_few_snapshots};

/// What is not accepted. Every field's doc ends with its default.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Verdicts that are findings. Default: growing.
    pub fail_on: Vec<Verdict>,
    /// What is less likely to go on growing than this is no finding. Default: 0.
    pub least_probability: f64,
    /// Growth of a process up to this rate is accepted. Default: none is.
    pub process_growth: Option<GrowthLimit>,
    /// Growth of a site up to this rate is accepted. Default: none is.
    pub site_growth: Option<GrowthLimit>,
    /// No process may be beyond so many bytes. Default: no limit.
    pub limit_bytes: Option<f64>,
    /// None may be expected to get there within so many seconds. Default: it may.
    pub within_seconds: Option<f64>,
    /// Fewer samples of a process, or snapshots of a heap, are a finding. Default: they are not.
    pub least_points: Option<usize>,
}

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
        }
    }
}

/// A rate that is accepted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GrowthLimit {
    /// Bytes …
    pub bytes: f64,
    /// … per second, snapshot or sample.
    pub per: Unit,
}

/// What a finding is about. Numbers are indices into what was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A process in one metric.
    Process(usize),
    /// A site; the others that are in lockstep with it and break the same rule stand behind it.
    Sites(Vec<usize>),
    /// The snapshots of a history.
    History(usize),
    /// An input, by its name.
    Input(String),
}

/// What makes a finding of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Cause {
    /// The verdict alone.
    Verdict,
    /// It grows at this rate, in units of the limit, and that is too fast.
    TooFast {
        /// The rate.
        rate: Rate,
        /// What is accepted.
        limit: GrowthLimit,
    },
    /// It reaches its limit in so many seconds; 0 if it is there.
    Limit {
        /// The limit.
        bytes: f64,
        /// The last value.
        now: f64,
        /// Seconds at the estimated rate, and at the highest.
        in_seconds: (f64, f64),
    },
    /// The verdict rests on only so many points.
    TooFew {
        /// How many points the judged segment has.
        points: usize,
        /// How many there are in all.
        all: usize,
        /// How many are wanted.
        least: usize,
    },
    /// This limit has a unit that the recording has no measure of.
    NotComparable(GrowthLimit),
    /// It was not read to its end, for this reason.
    Incomplete(String),
}

/// A complaint.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Which rule is broken.
    pub rule: Rule,
    /// By whom.
    pub subject: Subject,
    /// In what way.
    pub cause: Cause,
    /// The rate that was known, if it got worse.
    pub known: Option<Rate>,
}

impl Finding {
    /// An input of which not everything could be read, and why.
    #[must_use]
    pub fn incomplete(input: String, reason: String) -> Self {
        let (rule, cause) = (Rule::IncompleteInput, Cause::Incomplete(reason));
        Self { rule, subject: Subject::Input(input), cause, known: None }
    }
}

/// What is accepted, for reasons that somebody gave.
pub struct Accepted<'a> {
    /// The growth that is known.
    pub known: &'a [Known],
    /// Which entry of a list of allowed sites a site is on.
    pub allowed: &'a (dyn Fn(&JudgedSite) -> Option<usize> + Sync),
    /// How many entries that list has.
    pub allowances: usize,
    /// Where functions are looked up.
    pub function_of: &'a FunctionOf<'a>,
}

/// What came of a check.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// What is not accepted: processes first, then sites by their rank.
    pub findings: Vec<Finding>,
    /// How many series are known and no worse.
    pub known: usize,
    /// How many sites are allowed that would be findings.
    pub allowed: usize,
    /// Entries of the baseline whose lines have moved, with the site that each is now.
    pub moved: Vec<(usize, usize)>,
    /// Entries of the baseline that are of no use any more.
    pub stale_known: Vec<(usize, Stale)>,
    /// Allowances that no site made use of.
    pub stale_allowed: Vec<usize>,
    /// What a new baseline would hold.
    pub baseline: Vec<Known>,
}

/// Why an entry of a baseline is of no use any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stale {
    /// Nothing in the recording has its name.
    Gone,
    /// What it knows would be no finding.
    AtRest,
}

impl Checked {
    /// Takes all growth that was found for known. What no baseline can know (a limit that is reached, too few points)
    /// stays.
    pub fn accept(&mut self) {
        let known = &mut self.known;
        self.findings.retain(|finding| {
            let accepted = finding.rule.can_be_known();
            if accepted {
                *known += match &finding.subject {
                    Subject::Sites(sites) => sites.len(),
                    Subject::Process(_) | Subject::History(_) | Subject::Input(_) => 1,
                };
            }
            !accepted
        });
    }
}

/// Holds what was judged against limits.
#[must_use]
pub fn check(judged: &Judged, limits: &Limits, accepted: &Accepted<'_>) -> Checked {
    let mut checked = Checked::default();
    let mut ledger = Ledger::new(accepted);
    for range in processes(&judged.processes) {
        check_process(&judged.processes[range.clone()], range.start, limits, &mut ledger, &mut checked);
    }
    checked.findings.extend(too_few_snapshots(judged, limits));
    let site_of = known::find(accepted.known, &judged.sites, accepted.function_of);
    checked.moved = moved(judged, accepted, &site_of);
    check_sites(judged, limits, &site_of, &mut ledger, &mut checked);
    ledger.close(judged, &site_of, &mut checked);
    checked
}

/// Checks one process, of which `group` are all metrics, the first of them at `begin` among all series.
fn check_process(
    group: &[JudgedProcess],
    begin: usize,
    limits: &Limits,
    ledger: &mut Ledger<'_>,
    checked: &mut Checked,
) {
    let first = telling(group);
    checked.findings.extend(too_few_samples(group, begin, first, limits));
    let order = std::iter::once(first).chain((0..group.len()).filter(|i| *i != first));
    let broken: Vec<_> = order.filter_map(|i| Some((i, of_process(&group[i], limits)?))).collect();
    // One complaint a process: about the metric that is known, else the one that tells its story, else the first that
    // breaks a rule.
    let is_known = |(i, _): &&(usize, Broken)| ledger.entry_of(&group[*i]).is_some();
    if let Some((i, Broken { rule, cause })) =
        broken.iter().find(is_known).or_else(|| broken.first()).cloned()
    {
        let entry = ledger.entry_of(&group[i]);
        match ledger.accepts(entry, Known::process(&group[i]), &group[i].trend, checked) {
            Ok(()) => checked.known += 1,
            Err(known) => {
                let subject = Subject::Process(begin + i);
                checked.findings.push(Finding { rule, subject, cause, known });
            }
        }
    }
    checked.findings.extend(limit_reached(group, begin, limits));
}

/// Checks all sites in the order of their ranks. Those that are in lockstep and break one rule are one finding.
fn check_sites(
    judged: &Judged,
    limits: &Limits,
    site_of: &[Option<usize>],
    ledger: &mut Ledger<'_>,
    checked: &mut Checked,
) {
    let mut entry_of = vec![None; judged.sites.len()];
    site_of.iter().enumerate().for_each(|(entry, site)| site.iter().for_each(|&i| entry_of[i] = Some(entry)));
    let group_of = group_of(judged);
    let mut finding_of: Vec<Option<usize>> = vec![None; judged.groups.len()];
    for &i in &judged.ranking {
        let site = &judged.sites[i];
        let Some(Broken { rule, cause }) = of_site(site, judged, limits) else { continue };
        if ledger.allows(site) {
            checked.allowed += 1;
            continue;
        }
        let now = Known::site(site, ledger.accepted.function_of);
        let Err(known) = ledger.accepts(entry_of[i], now, &site.bytes, checked) else {
            checked.known += 1;
            continue;
        };
        let group = group_of[i].filter(|_| known.is_none());
        let before =
            group.and_then(|group| finding_of[group]).and_then(|place| checked.findings.get_mut(place));
        match before {
            Some(Finding { rule: same, subject: Subject::Sites(sites), .. }) if *same == rule => {
                sites.push(i)
            }
            _ => {
                group.iter().for_each(|&group| finding_of[group] = Some(checked.findings.len()));
                checked.findings.push(Finding { rule, subject: Subject::Sites(vec![i]), cause, known });
            }
        }
    }
}

/// Entries of the baseline that were found under another name.
fn moved(judged: &Judged, accepted: &Accepted<'_>, site_of: &[Option<usize>]) -> Vec<(usize, usize)> {
    let found = site_of.iter().enumerate().filter_map(|(entry, site)| Some((entry, (*site)?)));
    found
        .filter(|&(entry, site)| accepted.known[entry].name() != judged.sites[site].history.site.text())
        .collect()
}

/// The group of each site, of those groups that rest on a series.
fn group_of(judged: &Judged) -> Vec<Option<usize>> {
    let mut group_of = vec![None; judged.sites.len()];
    for (number, group) in judged.groups.iter().enumerate() {
        if group.evidence == GroupEvidence::Series {
            group.members.iter().for_each(|&member| group_of[member] = Some(number));
        }
    }
    group_of
}
