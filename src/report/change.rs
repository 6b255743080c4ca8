//! What changed from one report to the next of a recording that goes on.

use std::collections::HashMap;

use super::document::{ProcessRow, Report, SiteRow, SubjectRow, TrendRow};
use super::headline::{by_process, headlines};
use super::quantity::{percent, rate};
use super::untrusted::for_terminal;
use super::{Detail, Style, Units};
use crate::verdict::Verdict;

/// Returns a line for each process whose verdict is another than before, and for each site that grows now or no longer
/// does. Sites that are folded or of the profiler are left out, as from a table.
#[must_use]
pub fn changes(before: &Report, after: &Report, style: &Style) -> Vec<String> {
    let mut lines = of_processes(&before.processes, &after.processes, style);
    lines.extend(of_sites(&before.sites, &after.sites, style.units));
    lines
}

fn of_processes(before: &[ProcessRow], after: &[ProcessRow], style: &Style) -> Vec<String> {
    let known: HashMap<_, _> =
        by_process(before).iter().map(|group| (process(group), leading(group))).collect();
    let quiet = Style { detail: Detail::Quiet, ..*style };
    let headlines = headlines(after, &quiet);
    let groups = by_process(after);
    let changed = groups.iter().zip(headlines).filter_map(|(group, headline)| {
        let was = known.get(&process(group)).copied();
        (was != Some(leading(group))).then(|| format!("{} ({})", headline.first, formerly(was)))
    });
    changed.collect()
}

/// The source and the process of a group of rows.
fn process<'a>(group: &[&'a ProcessRow]) -> Option<(&'a str, Option<&'a str>)> {
    group.first().map(|row| (row.source.as_str(), row.process.as_deref()))
}

/// The verdict of the metric that leads a process.
fn leading(group: &[&ProcessRow]) -> Verdict {
    let row = group.iter().find(|row| row.leading).or(group.first());
    row.map_or(Verdict::Unclear, |row| row.trend.verdict)
}

fn of_sites(before: &[SiteRow], after: &[SiteRow], units: Units) -> Vec<String> {
    let known: HashMap<_, _> = before.iter().map(|row| (name(row), seen(row))).collect();
    let changed = after.iter().filter_map(|row| {
        let was = known.get(&name(row)).copied().flatten();
        let now = seen(row)?;
        let grows_or_grew = [Some(now), was].contains(&Some(Verdict::Growing));
        (grows_or_grew && was != Some(now)).then(|| {
            format!("{} {} ({})", for_terminal(&row.site), outlook(&row.trend, units), formerly(was))
        })
    });
    changed.collect()
}

/// The source, the heap and the site of a row.
fn name(row: &SiteRow) -> (Option<&str>, &SubjectRow, &str) {
    (row.source.as_deref(), &row.subject, &row.site)
}

/// The verdict of a site that people see.
fn seen(row: &SiteRow) -> Option<Verdict> {
    (!row.profiler_overhead && row.folded.is_none()).then_some(row.trend.verdict)
}

/// `grows 212 KiB/snapshot (199 to 226), 84 % likely to keep growing`, or the verdict and its reason.
fn outlook(trend: &TrendRow, units: Units) -> String {
    match (trend.verdict, &trend.slope) {
        (Verdict::Growing, Some(slope)) => {
            let shown = rate(slope, units);
            let interval =
                if shown.interval.is_empty() { String::new() } else { format!(" ({})", shown.interval) };
            let likely = percent(trend.probability);
            format!("grows {}{}{interval}, {likely} likely to keep growing", shown.value, shown.per)
        }
        (verdict, _) => format!("is {}: {}", verdict.as_str(), trend.reason.text),
    }
}

fn formerly(verdict: Option<Verdict>) -> String {
    verdict.map_or_else(|| "new".to_owned(), |verdict| format!("was {}", verdict.as_str()))
}
