//! One side of a comparison: the parts of a report that are compared.

use std::collections::BTreeSet;

use foldhash::HashMap;

use super::document::{SideRow, State, ValueUnit};
use crate::model::SiteUnit;
use crate::report::document::{Input, ProcessRow, RecordingFacts, Report, Rows, SiteRow, TrendRow};
use crate::verdict::{Rate, Verdict};

/// A recording as it is compared.
#[derive(Debug, Clone)]
pub struct Side {
    /// Its name.
    pub name: String,
    /// Whether lists of sites are cut, so that a site that is not shown may still be there.
    pub(super) cut_lists: bool,
    snapshots: u64,
    /// Heaps that the snapshots are of.
    heaps: usize,
    duration_seconds: Option<f64>,
    pub(super) processes: Vec<Row>,
    pub(super) sites: Vec<Row>,
}

/// A series as it is compared.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) name: String,
    /// The process that it is a metric of; `None` for a site.
    pub(super) process: Option<String>,
    /// Its last value.
    pub(super) last: f64,
    pub(super) unit: ValueUnit,
    pub(super) verdict: Verdict,
    pub(super) probability: f64,
    pub(super) points: usize,
    pub(super) rate: Option<Rate>,
    /// Mean size of a site's blocks.
    pub(super) block_bytes: Option<f64>,
    /// The heap that a site is of: the name of its process, else its input.
    pub(super) heap: Option<String>,
    /// Whether it is the primary metric of its process, or a site.
    pub(super) leading: bool,
}

impl Side {
    /// The side of a report.
    #[must_use]
    pub fn of(name: &str, report: &Report) -> Self {
        let Report { inputs, recording, processes, sites, .. } = report;
        let RecordingFacts { snapshots, duration_seconds, cut_lists, .. } = recording;
        let (sites, heaps) = of_sites(sites, inputs);
        Self {
            name: name.to_owned(),
            cut_lists: *cut_lists > 0,
            snapshots: *snapshots,
            heaps,
            duration_seconds: *duration_seconds,
            processes: of_processes(processes),
            sites,
        }
    }

    /// Seconds from one snapshot to the next, where they carry times.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn seconds_per_snapshot(&self) -> Option<f64> {
        // All heaps together cover the time once.
        let steps = self.snapshots as f64 / self.heaps as f64 - 1.0;
        self.duration_seconds.filter(|seconds| *seconds > 0.0 && steps > 0.0).map(|seconds| seconds / steps)
    }

    pub(super) fn row(&self) -> SideRow {
        let growing = |row: &&Row| row.verdict == Verdict::Growing;
        let processes: BTreeSet<_> = self.processes.iter().map(|row| &row.process).collect();
        let of_growing: BTreeSet<_> = self.processes.iter().filter(growing).map(|row| &row.process).collect();
        SideRow {
            name: self.name.clone(),
            snapshots: self.snapshots,
            duration_seconds: self.duration_seconds,
            sites: self.sites.len() as u64,
            sites_growing: self.sites.iter().filter(growing).count() as u64,
            processes: processes.len() as u64,
            processes_growing: of_growing.len() as u64,
        }
    }
}

/// The rows of the metrics that may leak. Processes of one name, or of none, are told apart by their inputs.
fn of_processes(rows: &[ProcessRow]) -> Vec<Row> {
    let leading = |row: &&ProcessRow| row.leading;
    let mut sources_of: HashMap<Option<&str>, Vec<&str>> = HashMap::default();
    for row in rows.iter().filter(leading) {
        sources_of.entry(row.process.as_deref()).or_default().push(&row.source);
    }
    let folder_of: HashMap<Option<&str>, &str> =
        sources_of.iter().map(|(process, sources)| (*process, common_folder(sources))).collect();
    let of_row = |row: &ProcessRow| {
        let process = row.process.as_deref();
        let has_namesakes = sources_of.get(&process).is_some_and(|sources| sources.len() > 1);
        let folder = folder_of.get(&process).copied().unwrap_or_default();
        let source = row.source.get(folder.len()..).filter(|_| has_namesakes);
        of_process(row, source)
    };
    rows.iter().filter(|row| row.may_leak()).map(of_row).collect()
}

/// The folder that all inputs are in, with its last slash.
fn common_folder<'a>(sources: &[&'a str]) -> &'a str {
    let Some((first, others)) = sources.split_first() else { return "" };
    let same = |other: &&str| first.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let shared = others.iter().map(same).min().unwrap_or(first.len());
    let end = first.get(..shared).and_then(|shared| shared.rfind('/')).map_or(0, |slash| slash + 1);
    first.get(..end).unwrap_or_default()
}

fn of_process(row: &ProcessRow, source: Option<&str>) -> Row {
    let ProcessRow { process, metric, leading, last_bytes, trend, .. } = row;
    let owner = match (source, process) {
        (Some(source), Some(process)) => format!("{source}: {process}"),
        (Some(source), None) => format!("{source}:"),
        (None, process) => process.clone().unwrap_or_default(),
    };
    let name = if owner.is_empty() { metric.clone() } else { format!("{owner} {metric}") };
    let unit = if row.is_count() { ValueUnit::Count } else { ValueUnit::Bytes };
    Row { leading: *leading, process: Some(owner), last: *last_bytes, unit, ..of_trend(name, trend, None) }
}

/// The rows of all sites but the profiler's own, which grow because it runs. Those of processes without names are told
/// apart by their inputs. And the number of heaps, one at least.
fn of_sites(rows: &Rows<SiteRow>, inputs: &[Input]) -> (Vec<Row>, usize) {
    let only = inputs.first().filter(|_| inputs.len() == 1).map(|input| input.path.as_str());
    let mut sources: BTreeSet<Option<String>> = BTreeSet::new();
    let mut found = Vec::new();
    for row in rows.one_by_one() {
        let source = row.source.as_deref().or(only).map(str::to_owned);
        if !row.profiler_overhead {
            found.push((row.subject.name.clone(), source.clone(), of_site(&row)));
        }
        sources.insert(source);
    }
    let paths: Vec<&str> = sources.iter().flatten().map(String::as_str).collect();
    let folder = common_folder(&paths).len();
    let below = |source: String| source.get(folder..).map(str::to_owned);
    let heap = |name: Option<String>, source: Option<String>| name.or_else(|| source.and_then(below));
    let rows = found.into_iter().map(|(name, source, row)| Row { heap: heap(name, source), ..row });
    (rows.collect(), sources.len().max(1))
}

#[allow(clippy::cast_precision_loss)]
fn of_site(row: &SiteRow) -> Row {
    let SiteRow { site, last_bytes, last_blocks, trend, .. } = row;
    let blocks = last_blocks.filter(|blocks| *blocks > 0);
    let unit = match row.unit {
        SiteUnit::Bytes => ValueUnit::Bytes,
        SiteUnit::Objects => ValueUnit::Objects,
    };
    let block_bytes = blocks.map(|blocks| last_bytes / blocks as f64);
    Row { last: *last_bytes, unit, ..of_trend(site.clone(), trend, block_bytes) }
}

fn of_trend(name: String, trend: &TrendRow, block_bytes: Option<f64>) -> Row {
    let TrendRow { verdict, probability, points, slope, .. } = trend;
    let (verdict, probability, points, rate) = (*verdict, *probability, *points, *slope);
    let (process, last, unit) = (None, 0.0, ValueUnit::Bytes);
    let heap = None;
    Row { name, process, last, unit, verdict, probability, points, rate, block_bytes, heap, leading: true }
}

/// What a series does from the end of its recording on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outlook {
    /// It keeps growing.
    Grows,
    /// It does not grow.
    Rests,
    /// The evidence does not decide.
    Unknown,
}

impl Row {
    /// The outlook of the series: where it does not grow it stays at its level, whatever the rate at which it got
    /// there.
    pub(super) fn outlook(&self) -> Outlook {
        match self.verdict {
            Verdict::Growing => Outlook::Grows,
            Verdict::Settled | Verdict::Steady | Verdict::Shrinking => Outlook::Rests,
            Verdict::Unclear => Outlook::Unknown,
        }
    }

    /// The rate at which the series goes on, and its interval: nothing for one that has settled or is steady.
    pub(super) fn rate_ahead(&self) -> Option<Rate> {
        let nothing = |rate: Rate| Rate { value: 0.0, low: Some(0.0), high: Some(0.0), ..rate };
        match self.verdict {
            Verdict::Settled | Verdict::Steady => self.rate.map(nothing),
            Verdict::Growing | Verdict::Unclear | Verdict::Shrinking => self.rate,
        }
    }

    /// The row as the comparison shows it, at this rate.
    pub(super) fn state(&self, rate: Option<Rate>) -> State {
        State {
            verdict: self.verdict,
            last: self.last,
            value_unit: self.unit,
            probability: self.probability,
            rate: rate.map(|rate| rate.value),
            low: rate.and_then(|rate| rate.low),
            high: rate.and_then(|rate| rate.high),
            unit: rate.map(|rate| rate.unit),
        }
    }
}
