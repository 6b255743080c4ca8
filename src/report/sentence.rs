//! Sentences that every output for people says alike: of all sites, of groups, of the share that sites explain.

use super::Units;
use super::document::{
    AttributionRow, GroupRow, Input, RecordingFacts, Rows, SiteRow, SubjectRow, WarningRow, Worded,
};
use super::quantity::{count, counted, duration, share};
use super::selection::candidates;
use super::untrusted::for_terminal;
use crate::insight::{Attribution, ExplainingSites, GroupEvidence, NoAttribution};
use crate::stats::Interval;
use crate::verdict::Verdict;

/// `3 of 24 sites grow, 5 are unclear; 39 snapshots over 6 h 20 min`.
pub fn sites(facts: &RecordingFacts, rows: &Rows<SiteRow>) -> String {
    let (mut growing, mut unclear) = (0, 0);
    for site in candidates(rows) {
        growing += u64::from(site.trend.verdict == Verdict::Growing);
        unclear += u64::from(site.trend.verdict == Verdict::Unclear);
    }
    let verb = if growing == 1 { "grows" } else { "grow" };
    let mut text = match growing {
        0 => format!("None of {} grows", counted(facts.sites_analysed, "site")),
        n => format!("{} of {} {verb}", count(n), counted(facts.sites_analysed, "site")),
    };
    if unclear > 0 {
        text += &format!(", {} {} unclear", count(unclear), if unclear == 1 { "is" } else { "are" });
    }
    text += &format!("; {}", counted(facts.snapshots, "snapshot"));
    if let Some(seconds) = facts.duration_seconds.filter(|s| *s > 0.0) {
        text += &format!(" over {}", duration(seconds));
    }
    if facts.sites_analysed < facts.sites_seen {
        text +=
            &format!("; {} left out by filters", counted(facts.sites_seen - facts.sites_analysed, "site"));
    }
    text
}

/// `5 sites in lockstep: 63 events so far, each keeps 6 blocks and 816 B`.
pub fn group(group: &GroupRow, units: Units) -> String {
    let GroupRow { id: _, sites, events, bytes_per_event, blocks_per_event, evidence } = group;
    let hint = match evidence {
        GroupEvidence::Series | GroupEvidence::EvenSteps => "",
        GroupEvidence::SingleDiff => " (a hint: it rests on a single difference)",
    };
    format!(
        "{} in lockstep: {} so far, each keeps {} and {}{hint}",
        counted(sites.len() as u64, "site"),
        counted(*events, "event"),
        counted(*blocks_per_event, "block"),
        units.size(*bytes_per_event),
    )
}

/// The shares of the growth of processes that the growing sites make, a sentence each; with the process where there are
/// several.
pub fn attributions(all: &[AttributionRow], units: Units) -> impl Iterator<Item = String> + '_ {
    let name = |subject: &SubjectRow| match (&subject.name, &subject.id) {
        (Some(name), Some(id)) => format!("{name} {id}"),
        (Some(text), None) | (None, Some(text)) => text.clone(),
        (None, None) => String::new(),
    };
    let with_name = all.len() > 1;
    all.iter().map(move |found| {
        let name = Some(name(&found.subject)).filter(|name| with_name && !name.is_empty());
        let name = name.map(|name| format!("{}: ", for_terminal(&name))).unwrap_or_default();
        name + &attribution(found, units)
    })
}

/// The share of the process's growth that the growing sites make.
fn attribution(found: &AttributionRow, units: Units) -> String {
    let AttributionRow { subject: _, attribution, remark } = found;
    let Attribution { process_bytes_per_second, sites, sites_bytes_per_second, explained, .. } = attribution;
    let per_hour = |bytes_per_second: f64| units.size(bytes_per_second * 3600.0);
    let Interval { value, low, high, level: _ } = *explained;
    let (value, low, high) = (share(value), share(low), share(high));
    let interval = if low == high { String::new() } else { format!(" ({low} to {high})") };
    let (whole, of_sites) = (per_hour(*process_bytes_per_second), per_hour(*sites_bytes_per_second));
    let sites = match sites {
        ExplainingSites::Growing => "The growing sites",
        ExplainingSites::InLockstep => "The sites in lockstep",
    };
    if *sites_bytes_per_second == 0.0 {
        return format!("No site that matters grows beside the {whole}/h of the process: {}.", remark.text);
    }
    format!("{sites} account for {of_sites}/h of {whole}/h, {value}{interval}: {}.", remark.text)
}

/// The reason why no share is given, where that is worth a line: where a process grows and its sites might explain it.
pub fn no_attribution(reason: &Worded<NoAttribution>) -> Option<String> {
    let said = !matches!(reason.fact, NoAttribution::NoGrowth | NoAttribution::OneOfEach { .. });
    said.then(|| format!("No share of the growth is attributed to the sites: {}.", reason.text))
}

/// A warning in one line: `service.log:118: expected a size, found "4o.0 KiB"`.
pub fn warning(warning: &WarningRow) -> String {
    let WarningRow { path, line, code: _, message } = warning;
    let place = match (path, line) {
        (Some(path), Some(line)) => format!("{path}:{line}: "),
        (Some(path), None) => format!("{path}: "),
        (None, _) => String::new(),
    };
    for_terminal(&format!("{place}{message}"))
}

/// The contents of an input, in one line.
pub fn input(input: &Input) -> String {
    let Input { path, format, lines, records, snapshots, .. } = input;
    format!(
        "{}: {format}, {}, {}, {}",
        for_terminal(path),
        counted(*lines, "line"),
        counted(*records, "record"),
        counted(*snapshots, "snapshot"),
    )
}
