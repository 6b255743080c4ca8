//! The check: an assessment held against limits, less the growth that is known or allowed.

use std::ops::Range;

use super::baseline::{BaselineEntry, find};
use super::limits::{
    Broken, limit_reached, of_process, of_site, too_few_samples, too_few_snapshots, work_unknown,
};
use super::matcher::BaselineMatcher;
use super::types::{Accepted, Checked, Finding, Limits, Subject};
use crate::assessment::Assessment;
use crate::insight::{GroupEvidence, primary_metric, processes};
use crate::model::Role;

/// Holds an assessment against limits.
#[must_use]
pub fn check(assessment: &Assessment, limits: &Limits, accepted: &Accepted<'_>) -> Checked {
    let mut checked = Checked::default();
    let mut matcher = BaselineMatcher::new(accepted);
    for range in processes(&assessment.processes) {
        check_process(assessment, range, limits, &mut matcher, &mut checked);
    }
    checked.findings.extend(too_few_snapshots(assessment, limits));
    let would_be_finding = |site: usize| of_site(site, assessment, limits).is_some();
    let site_of = find(accepted.known, &assessment.sites, accepted.code, would_be_finding);
    checked.moved = moved(assessment, accepted, &site_of);
    check_sites(assessment, limits, &site_of, &mut matcher, &mut checked);
    matcher.close(assessment, &site_of, &mut checked);
    checked
}

/// Checks one process, whose metrics are the series of this range.
fn check_process(
    assessment: &Assessment,
    range: Range<usize>,
    limits: &Limits,
    matcher: &mut BaselineMatcher<'_>,
    checked: &mut Checked,
) {
    let group = &assessment.processes[range.clone()];
    let first = primary_metric(group);
    checked.findings.extend(too_few_samples(assessment, range.start + first, limits));
    // Memory that moves between its place and swap grows in neither.
    let is_part = |role: Role| matches!(role, Role::Resident | Role::Part | Role::Swap);
    let with_swap = group.iter().any(|judged| judged.process.metric.role == Role::ResidentAndSwap);
    let counts = |i: &usize| !(with_swap && is_part(group[*i].process.metric.role));
    let order = std::iter::once(first).chain((0..group.len()).filter(|i| *i != first)).filter(counts);
    let broken: Vec<_> = order.filter_map(|i| Some((i, of_process(&group[i], limits)?))).collect();
    // One finding a process: of the metric that is known, else of the primary one, else of the first that breaks a
    // rule.
    let is_known = |(i, _): &&(usize, Broken)| matcher.entry_of(&group[*i]).is_some();
    if let Some((i, Broken { rule, cause })) =
        broken.iter().find(is_known).or_else(|| broken.first()).cloned()
    {
        let entry = matcher.entry_of(&group[i]);
        let now = || BaselineEntry::process(&group[i]);
        match matcher.accepts(entry, now, &group[i].trend, checked) {
            Ok(()) => checked.known += 1,
            Err(known) => {
                let subject = Subject::Process(range.start + i);
                checked.findings.push(Finding { rule, subject, cause, known });
            }
        }
    }
    checked.findings.extend(work_unknown(assessment, range.start + first));
    checked.findings.extend(limit_reached(assessment, range, limits));
}

/// Checks all sites in the order of their ranks. Those that are in lockstep and break one rule are one finding.
fn check_sites(
    assessment: &Assessment,
    limits: &Limits,
    site_of: &[Option<usize>],
    matcher: &mut BaselineMatcher<'_>,
    checked: &mut Checked,
) {
    let mut entry_of = vec![None; assessment.sites.len()];
    site_of.iter().enumerate().for_each(|(entry, site)| site.iter().for_each(|&i| entry_of[i] = Some(entry)));
    let group_of = group_of(assessment);
    let mut finding_of: Vec<Option<usize>> = vec![None; assessment.groups.len()];
    for &i in &assessment.ranking {
        let site = &assessment.sites[i];
        let Some(Broken { rule, cause }) = of_site(i, assessment, limits) else { continue };
        if matcher.allows(site) {
            checked.allowed += 1;
            continue;
        }
        let code = matcher.accepted.code;
        let now = || BaselineEntry::site(site, code);
        let Err(known) = matcher.accepts(entry_of[i], now, &site.bytes, checked) else {
            checked.known += 1;
            continue;
        };
        let group = group_of[i].filter(|_| known.is_none());
        let before =
            group.and_then(|group| finding_of[group]).and_then(|place| checked.findings.get_mut(place));
        match before {
            Some(Finding { rule: same, subject: Subject::Sites(_, others), .. }) if *same == rule => {
                others.push(i)
            }
            _ => {
                group.iter().for_each(|&group| finding_of[group] = Some(checked.findings.len()));
                checked.findings.push(Finding { rule, subject: Subject::Sites(i, Vec::new()), cause, known });
            }
        }
    }
}

/// Entries of the baseline that were found under another name.
fn moved(assessment: &Assessment, accepted: &Accepted<'_>, site_of: &[Option<usize>]) -> Vec<(usize, usize)> {
    let found = site_of.iter().enumerate().filter_map(|(entry, site)| Some((entry, (*site)?)));
    found
        .filter(|&(entry, site)| accepted.known[entry].name() != assessment.sites[site].history.site.text())
        .collect()
}

/// The group of each site, of those groups that rest on several snapshots.
fn group_of(assessment: &Assessment) -> Vec<Option<usize>> {
    let mut group_of = vec![None; assessment.sites.len()];
    for (number, group) in assessment.groups.iter().enumerate() {
        if group.evidence != GroupEvidence::SingleDiff {
            group.members.iter().for_each(|&member| group_of[member] = Some(number));
        }
    }
    group_of
}
