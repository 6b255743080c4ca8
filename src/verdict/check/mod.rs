//! Gates: what a team does not accept, less what it knows and accepts.

mod known;
mod rate;
mod rule;

use super::telling::{processes, telling};
use super::{GroupEvidence, Judged, JudgedProcess, JudgedSite, Trend, Verdict};
use crate::model::Metric;

pub use known::{Baseline, FunctionOf, Known, SCHEMA as BASELINE_SCHEMA};
pub use rate::{Rate, Unit};
pub use rule::{Rule, Severity};

use super::attribution::seconds_per_snapshot;

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
    /// There are only so many points.
    TooFew {
        /// How many there are.
        points: usize,
        /// How many are wanted.
        least: usize,
    },
    /// This limit has a unit that the recording has no measure of.
    NotComparable(GrowthLimit),
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
                    Subject::Process(_) | Subject::History(_) => 1,
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
    let mut used_known = vec![false; accepted.known.len()];
    let mut used_allowed = vec![false; accepted.allowances];
    let site_of = known::find(accepted.known, &judged.sites, accepted.function_of);

    for range in processes(&judged.processes) {
        let group = &judged.processes[range.clone()];
        let first = telling(group);
        checked.findings.extend(too_few_samples(group, range.start + first, first, limits));
        // One complaint a process: about the metric that is known, else the one that tells its story, else the first that breaks a rule.
        let order = std::iter::once(first).chain((0..group.len()).filter(|i| *i != first));
        let broken: Vec<_> = order
            .filter(|&i| has_a_future(group[i].process.metric))
            .filter_map(|i| of_process(&group[i], limits).map(|(rule, cause)| (i, rule, cause)))
            .collect();
        let entry = |i: usize| accepted.known.iter().position(|known| known.is_of(&group[i]));
        let is_known = |(i, _, _): &&(usize, Rule, Cause)| entry(*i).is_some();
        if let Some((i, rule, cause)) = broken.iter().find(is_known).or_else(|| broken.first()).cloned() {
            entry(i).into_iter().for_each(|entry| used_known[entry] = true);
            let known = entry(i).map(|entry| &accepted.known[entry]);
            checked.baseline.push(renewed(Known::process(&group[i]), known));
            if known.is_some_and(|known| known.covers(&group[i].trend)) {
                checked.known += 1;
            } else {
                let subject = Subject::Process(range.start + i);
                checked.findings.push(Finding { rule, subject, cause, known: known.and_then(Known::rate) });
            }
        }
        checked.findings.extend(limit_reached(group, range.start, limits));
    }
    checked.findings.extend(too_few_snapshots(judged, limits));

    let mut entry_of = vec![None; judged.sites.len()];
    for (entry, site) in site_of.iter().enumerate() {
        let Some(site) = *site else { continue };
        entry_of[site] = Some(entry);
        if accepted.known[entry].name() != judged.sites[site].history.site.text() {
            checked.moved.push((entry, site));
        }
    }
    let mut by_group = vec![None; judged.groups.len()];
    let group_of = group_of(judged);
    for &i in &judged.ranking {
        let site = &judged.sites[i];
        let Some((rule, cause)) = of_site(site, judged, limits) else { continue };
        if let Some(entry) = (accepted.allowed)(site) {
            used_allowed[entry] = true;
            checked.allowed += 1;
            continue;
        }
        let known = entry_of[i].map(|entry| &accepted.known[entry]);
        entry_of[i].into_iter().for_each(|entry| used_known[entry] = true);
        checked.baseline.push(renewed(Known::site(site, accepted.function_of), known));
        if known.is_some_and(|known| known.covers(&site.bytes)) {
            checked.known += 1;
            continue;
        }
        let known = known.and_then(Known::rate);
        let together = group_of[i].filter(|_| known.is_none());
        let place = together.and_then(|group| by_group[group]);
        match place.and_then(|place: usize| checked.findings.get_mut(place)) {
            Some(Finding { rule: of_group, subject: Subject::Sites(sites), .. }) if *of_group == rule => {
                sites.push(i);
            }
            _ => {
                together.into_iter().for_each(|group| by_group[group] = Some(checked.findings.len()));
                checked.findings.push(Finding { rule, subject: Subject::Sites(vec![i]), cause, known });
            }
        }
    }
    let is_there = |entry: usize| match accepted.known[entry] {
        Known::Site { .. } => site_of[entry].is_some(),
        Known::Process { .. } => judged.processes.iter().any(|p| accepted.known[entry].is_of(p)),
    };
    let unused = |used: Vec<bool>| (0..used.len()).filter(move |&entry| !used[entry]).collect::<Vec<_>>();
    checked.stale_known = unused(used_known)
        .into_iter()
        .map(|entry| (entry, if is_there(entry) { Stale::AtRest } else { Stale::Gone }))
        .collect();
    checked.stale_allowed = unused(used_allowed);
    checked
}

/// A baseline's entry as it would be written now.
fn renewed(mut now: Known, before: Option<&Known>) -> Known {
    before.into_iter().for_each(|before| now.keep_reason(before));
    now
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

/// Address space need not be backed by memory, and a high-water mark has no future.
const fn has_a_future(metric: Metric) -> bool {
    !matches!(metric, Metric::VmHwm | Metric::VmSize)
}

fn of_process(judged: &JudgedProcess, limits: &Limits) -> Option<(Rule, Cause)> {
    let rule = Rule::of_process(judged.trend.verdict).filter(|_| is_unwanted(&judged.trend, limits))?;
    let limit = limits.process_growth.filter(|_| rule == Rule::ProcessGrowing);
    let Some(limit) = limit else { return Some((rule, Cause::Verdict)) };
    let factor = (Unit::from(judged.trend.axis) == limit.per).then_some(1.0);
    too_fast(&judged.trend, factor, limit, Rule::ProcessGrowth)
}

fn of_site(site: &JudgedSite, judged: &Judged, limits: &Limits) -> Option<(Rule, Cause)> {
    if site.is_instrument() {
        return None;
    }
    let rule = Rule::of_site(site.bytes.verdict).filter(|_| is_unwanted(&site.bytes, limits))?;
    let limit = limits.site_growth.filter(|_| rule == Rule::SiteGrowing);
    let Some(limit) = limit else { return Some((rule, Cause::Verdict)) };
    let factor = match limit.per {
        Unit::Snapshot => Some(1.0),
        Unit::Second => {
            seconds_per_snapshot(&judged.histories[site.history.history]).map(|seconds| 1.0 / seconds)
        }
        Unit::Sample => None,
    };
    too_fast(&site.bytes, factor, limit, Rule::SiteGrowth)
}

fn is_unwanted(trend: &Trend, limits: &Limits) -> bool {
    limits.fail_on.contains(&trend.verdict)
        && (trend.verdict != Verdict::Growing || trend.probability >= limits.least_probability)
}

/// Whether growth is beyond what is accepted; `factor` makes units of the limit from those of the trend.
fn too_fast(trend: &Trend, factor: Option<f64>, limit: GrowthLimit, rule: Rule) -> Option<(Rule, Cause)> {
    let Some(factor) = factor else { return Some((Rule::NotComparable, Cause::NotComparable(limit))) };
    let rate = Rate::of(trend)?.per(limit.per, factor);
    (rate.value > limit.bytes).then_some((rule, Cause::TooFast { rate, limit }))
}

/// The resident memory of a process beyond its limit, or soon to be.
fn limit_reached(group: &[JudgedProcess], begin: usize, limits: &Limits) -> Option<Finding> {
    let bytes = limits.limit_bytes?;
    let of = |metric: Metric| group.iter().position(|p| p.process.metric == metric);
    let i = [Metric::VmRss, Metric::Rss, Metric::RssAnon, Metric::Pss].into_iter().find_map(of)?;
    let now = group[i].process.last_bytes()?;
    let reach = group[i].forecast.as_ref().and_then(|forecast| forecast.limit).map(|(_, reach)| reach);
    let in_seconds = if now >= bytes {
        (0.0, 0.0)
    } else {
        let reach = reach?;
        let likely = reach.value.filter(|seconds| *seconds <= limits.within_seconds.unwrap_or(-1.0))?;
        (likely, reach.earliest.unwrap_or(likely))
    };
    Some(Finding {
        rule: Rule::LimitReached,
        subject: Subject::Process(begin + i),
        cause: Cause::Limit { bytes, now, in_seconds },
        known: None,
    })
}

fn too_few_samples(group: &[JudgedProcess], index: usize, first: usize, limits: &Limits) -> Option<Finding> {
    let least = limits.least_points?;
    let points = group[first].trend.points;
    (points < least).then_some(Finding {
        rule: Rule::TooFewPoints,
        subject: Subject::Process(index),
        cause: Cause::TooFew { points, least },
        known: None,
    })
}

fn too_few_snapshots(judged: &Judged, limits: &Limits) -> Vec<Finding> {
    let Some(least) = limits.least_points else { return Vec::new() };
    let histories = judged.histories.iter().enumerate();
    histories
        .filter(|(_, history)| history.snapshots < least)
        .map(|(number, history)| Finding {
            rule: Rule::TooFewPoints,
            subject: Subject::History(number),
            cause: Cause::TooFew { points: history.snapshots, least },
            known: None,
        })
        .collect()
}
