//! From the conclusions to the document: the wire form of every number, and sentences where people want them.

mod downsample;
mod findings;
mod hints;
mod plots;
mod process;
mod remarks;
mod rows;
mod site;
mod trend;

use std::sync::Arc;

pub(super) use downsample::downsample;
pub use findings::Lists;
use hints::hint_rows;
use process::process_rows;
use remarks::remarks;
use rows::{Conclusions, FindingRows, SiteRows};

use super::document::{self as wire, Timestamp, Worded};
use super::wording;
use crate::assessment::Assessment;
use crate::insight::{Attribution, Group};
use crate::model::{Moment, SourceCode, Subject, TimeBase};
use crate::policy::Checked;
use crate::reconstruct::Reference;
use crate::verdict::JudgedSite;

/// Facts of a run that the document needs in addition to the conclusions.
#[derive(Debug, Clone)]
pub struct Circumstances {
    /// The inputs as they were read.
    pub inputs: Vec<wire::Input>,
    /// Places that were skipped, or read with an assumption.
    pub warnings: Vec<wire::WarningRow>,
    /// The rule by which the inputs were put in order.
    pub order: Option<wire::InputOrder>,
    /// Sites before any filter.
    pub sites_seen: usize,
    /// Iterations of the program between the two snapshots of a difference.
    pub iterations: Option<u64>,
    /// Whether the series are wanted as they are drawn.
    pub plots: bool,
    /// Whether a check was asked for.
    pub check: bool,
    /// The lists that findings were held against.
    pub lists: Lists,
    /// The source code of the sites, as far as it is at hand.
    pub code: SourceCode,
}

/// Puts the document together. The rows of sites and findings, which may be a million, are made when they are wanted.
#[must_use]
pub fn assemble(assessment: Assessment, checked: Checked, with: Circumstances) -> wire::Report {
    let (groups, group_of) = group_rows(&assessment);
    let without_rows = report(&assessment, &checked, &with, groups);
    let Circumstances { inputs, plots, code, iterations, .. } = with;
    let mut rank_of = vec![0; assessment.sites.len()];
    (1_u64..).zip(&assessment.ranking).for_each(|(rank, &i)| rank_of[i] = rank);
    let conclusions = Arc::new(Conclusions {
        findings: checked.findings,
        rank_of,
        group_of,
        subjects: assessment.histories.iter().map(|heap| Arc::new((&heap.subject).into())).collect(),
        code,
        iterations,
        plots,
        with_sources: findings::need_sources_of(&assessment),
        assessment,
    });
    let sites = wire::Rows::made_by(SiteRows(Arc::clone(&conclusions)));
    let findings = wire::Rows::made_by(FindingRows(conclusions));
    wire::Report { inputs, sites, findings, ..without_rows }
}

/// The document without inputs, sites and findings.
fn report(
    assessment: &Assessment,
    checked: &Checked,
    with: &Circumstances,
    groups: Vec<wire::GroupRow>,
) -> wire::Report {
    let mut warnings = with.warnings.clone();
    warnings.extend(findings::notes(assessment, checked, &with.lists));
    let attributions: Vec<wire::AttributionRow> = assessment
        .attributions
        .each
        .iter()
        .map(|(first, found)| attribution_row(assessment.processes[*first].process.subject.clone(), found))
        .collect();
    wire::Report {
        schema: wire::SCHEMA.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        recording: facts(assessment, with),
        inputs: Vec::new(),
        processes: process_rows(assessment, with.plots),
        sites: wire::Rows::default(),
        groups,
        attribution: Some(&*attributions).filter(|all| all.len() == 1).and_then(|all| all.first().cloned()),
        attributions,
        attribution_reason: assessment
            .attributions
            .reason
            .map(|reason| Worded { text: wording::no_attribution(&reason), fact: reason }),
        hints: hint_rows(assessment),
        findings: wire::Rows::default(),
        check: with.check.then_some(wire::CheckRow {
            passed: checked.findings.is_empty(),
            known: checked.known as u64,
            allowed: checked.allowed as u64,
        }),
        warnings,
    }
}

/// The rows of all groups, and the number of the group of each site.
fn group_rows(assessment: &Assessment) -> (Vec<wire::GroupRow>, Vec<Option<u64>>) {
    let mut group_of = vec![None; assessment.sites.len()];
    let mut groups = Vec::new();
    for (id, group) in (1_u64..).zip(&assessment.groups) {
        let Group { members, events, bytes_per_event, blocks_per_event, evidence } = group;
        members.iter().for_each(|&member| group_of[member] = Some(id));
        groups.push(wire::GroupRow {
            id,
            sites: members.iter().map(|&i| assessment.sites[i].history.site.text()).collect(),
            events: *events,
            bytes_per_event: *bytes_per_event,
            blocks_per_event: *blocks_per_event,
            evidence: *evidence,
        });
    }
    (groups, group_of)
}

fn attribution_row(subject: Subject, attribution: &Attribution) -> wire::AttributionRow {
    let remark = Worded { fact: attribution.remark(), text: wording::attribution_remark(attribution) };
    wire::AttributionRow { subject: (&subject).into(), attribution: attribution.clone(), remark }
}

fn facts(assessment: &Assessment, with: &Circumstances) -> wire::RecordingFacts {
    // Times of several clocks have neither a first nor a last one.
    let base = assessment.histories.iter().map(|history| history.base).min();
    let of_base = assessment.histories.iter().filter(|history| Some(history.base) == base);
    let times = || of_base.clone().flat_map(|h| (0..h.positions).filter_map(|at| h.seconds_at(at)));
    let (first, last) = (times().min_by(f64::total_cmp), times().max_by(f64::total_cmp));
    let moment = |at: Option<f64>| at.filter(|_| base == Some(TimeBase::Utc)).map(Moment::from_seconds);
    let reference = assessment.histories.iter().find_map(|h| h.reference);
    wire::RecordingFacts {
        snapshots: assessment.histories.iter().map(|h| (h.snapshots - h.repeated) as u64).sum(),
        start: moment(first).and_then(Timestamp::new),
        end: moment(last).and_then(Timestamp::new),
        duration_seconds: first.zip(last).map(|(a, b)| b - a),
        differences_against: reference.map(|found| match (found.reference, found.assumed) {
            (Reference::Previous, false) => wire::DifferencesAgainst::Previous,
            (Reference::Previous, true) => wire::DifferencesAgainst::AssumedPrevious,
            (Reference::First, _) => wire::DifferencesAgainst::First,
            (Reference::Own, _) => wire::DifferencesAgainst::OwnBase,
        }),
        cut_lists: assessment.histories.iter().map(|h| h.cut_lists as u64).sum(),
        order: if assessment.histories.iter().any(|h| h.by_time) {
            Some(wire::InputOrder::ByTime)
        } else {
            with.order
        },
        sites_seen: with.sites_seen as u64,
        sites_analysed: assessment.sites.len() as u64,
        sites_constant: assessment.sites.iter().filter(|s| is_constant(s)).count() as u64,
        fold_below_bytes: assessment.materiality.floor_bytes,
        remarks: remarks(assessment),
    }
}

fn is_constant(site: &JudgedSite) -> bool {
    let steps = site.bytes.transitions;
    steps.grew + steps.shrank == 0 && steps.held > 0
}
