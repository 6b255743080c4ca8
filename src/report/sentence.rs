//! Sentences that every output for people says alike: of all sites, of groups, of the share that sites explain.

use super::document::{Attribution, Evidence, Group, Input, Range, VerdictWord, WarningRow};
use super::quantity::{count, counted, duration, share};
use super::selection::findings;
use super::untrusted::for_terminal;
use super::{Report, Units};

/// `3 of 24 sites grow, 5 are unclear; 39 snapshots over 6 h 20 min`.
pub fn sites(report: &Report) -> String {
    let facts = &report.recording;
    let of = |word: VerdictWord| findings(report).filter(|s| s.trend.verdict == word).count() as u64;
    let (growing, unclear) = (of(VerdictWord::Growing), of(VerdictWord::Unclear));
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
pub fn group(group: &Group, units: Units) -> String {
    let hint = match group.evidence {
        Evidence::Series => "",
        Evidence::SingleDiff => " (a hint: it rests on a single difference)",
    };
    format!(
        "{} in lockstep: {} so far, each keeps {} and {}{hint}",
        counted(group.sites.len() as u64, "site"),
        counted(group.events, "event"),
        counted(group.blocks_per_event, "block"),
        units.size(group.bytes_per_event),
    )
}

/// How much of the process's growth the growing sites make.
pub fn attribution(found: &Attribution, units: Units) -> String {
    let per_hour = |bytes_per_second: f64| units.size(bytes_per_second * 3600.0);
    let Range { value, low, high } = &found.explained;
    let (value, low, high) = (share(*value), share(*low), share(*high));
    let interval = if low == high { String::new() } else { format!(" ({low} to {high})") };
    format!(
        "The growing sites make {} of {}/h, {value}{interval}: {}.",
        per_hour(found.sites_bytes_per_second),
        per_hour(found.process_bytes_per_second),
        found.remark
    )
}

/// A warning in one line: `service.log:118: expected a size, found "4o.0 KiB"`.
pub fn warning(warning: &WarningRow) -> String {
    let place = match (&warning.path, warning.line) {
        (Some(path), Some(line)) => format!("{path}:{line}: "),
        (Some(path), None) => format!("{path}: "),
        (None, _) => String::new(),
    };
    for_terminal(&format!("{place}{}", warning.message))
}

/// What an input held, in one line.
pub fn input(input: &Input) -> String {
    format!(
        "{}: {}, {}, {}, {}",
        for_terminal(&input.path),
        input.format,
        counted(input.lines, "line"),
        counted(input.records, "record"),
        counted(input.snapshots, "snapshot"),
    )
}
