//! The sites that people see, and a summary of the others.

use std::collections::HashSet;

use super::columns::verdict;
use super::document::SiteRow;
use super::quantity::count;
use super::{Detail, Style};
use crate::verdict::Verdict;

/// Sites that can be a finding.
pub fn candidates(sites: &[SiteRow]) -> impl Iterator<Item = &SiteRow> {
    sites.iter().filter(|s| !s.profiler_overhead)
}

/// The rows that are shown: in the order of the ranking, those that do not grow only where everything is wanted.
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

/// Numbers of the sites that are not shown, by verdict.
pub fn left_out(sites: &[SiteRow], shown: &[&SiteRow]) -> Vec<String> {
    let mut words: Vec<(&'static str, u64)> = Vec::new();
    let ranks: HashSet<u64> = shown.iter().map(|s| s.rank).collect();
    for site in sites.iter().filter(|s| !ranks.contains(&s.rank)) {
        let word = if site.profiler_overhead { "of the profiler" } else { verdict(site) };
        match words.iter_mut().find(|(w, _)| *w == word) {
            Some((_, n)) => *n += 1,
            None => words.push((word, 1)),
        }
    }
    words.into_iter().map(|(word, n)| format!("{} {word}", count(n))).collect()
}
