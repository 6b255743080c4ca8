//! The sites that people see, and a summary of the others.

use std::collections::HashSet;

use super::columns::verdict;
use super::document::{RecordingFacts, SiteRow};
use super::quantity::{count, counted};
use super::{Detail, Style};
use crate::insight::Folded;
use crate::model::SiteUnit;
use crate::verdict::Verdict;

/// Sites that matter and are not of the profiler.
pub fn candidates(sites: &[SiteRow]) -> impl Iterator<Item = &SiteRow> {
    sites.iter().filter(|site| !site.profiler_overhead && site.folded.is_none())
}

/// The rows that are shown: in the order of the ranking; all of them where everything is wanted.
pub fn shown<'a>(sites: &'a [SiteRow], style: &Style) -> Vec<&'a SiteRow> {
    let Some(top) = style.top else { return sites.iter().collect() };
    let quiet = style.detail == Detail::Quiet;
    candidates(sites)
        .filter(|s| match s.trend.verdict {
            Verdict::Growing => true,
            Verdict::Unclear | Verdict::Settled | Verdict::Shrinking => !quiet,
            Verdict::Steady => false,
        })
        .take(top)
        .collect()
}

/// Numbers of the sites that are neither shown nor folded, by verdict.
pub fn left_out(sites: &[SiteRow], shown: &[&SiteRow]) -> Vec<String> {
    let mut words: Vec<(&'static str, u64)> = Vec::new();
    let ranks: HashSet<u64> = shown.iter().map(|s| s.rank).collect();
    for site in sites.iter().filter(|site| site.folded.is_none() && !ranks.contains(&site.rank)) {
        add(&mut words, if site.profiler_overhead { "of the profiler" } else { verdict(site) });
    }
    listed(words)
}

/// The sites that are folded, in one line; `None` where none is, or where all sites are shown.
pub fn folded(facts: &RecordingFacts, sites: &[SiteRow], style: &Style) -> Option<String> {
    style.top?;
    let of = |reason: Folded| sites.iter().filter(move |site| site.folded == Some(reason));
    let (small, rare) = (of(Folded::BelowFloor).count() as u64, of(Folded::SeenRarely).count() as u64);
    let mut parts = Vec::new();
    if small > 0 {
        let mut words = Vec::new();
        of(Folded::BelowFloor).for_each(|site| add(&mut words, verdict(site)));
        let (words, is_of_bytes) = (listed(words).join(", "), |site: &&SiteRow| site.unit == SiteUnit::Bytes);
        let gained: f64 =
            of(Folded::BelowFloor).filter(is_of_bytes).map(|site| site.last_bytes - site.first_bytes).sum();
        let floor = facts.fold_below_bytes.map(|floor| style.units.size(floor));
        parts.push(match floor {
            Some(floor) => format!(
                "{} that gained less than {floor} each, {} together ({words})",
                counted(small, "site"),
                style.units.size(gained.max(0.0))
            ),
            None => format!("{} that gained too little to matter ({words})", counted(small, "site")),
        });
    }
    if rare > 0 {
        parts.push(format!("{} listed too rarely to judge", counted(rare, "site")));
    }
    (!parts.is_empty()).then(|| format!("Folded: {}.", parts.join("; ")))
}

fn add(words: &mut Vec<(&'static str, u64)>, word: &'static str) {
    match words.iter_mut().find(|(known, _)| *known == word) {
        Some((_, n)) => *n += 1,
        None => words.push((word, 1)),
    }
}

fn listed(words: Vec<(&'static str, u64)>) -> Vec<String> {
    words.into_iter().map(|(word, n)| format!("{} {word}", count(n))).collect()
}
