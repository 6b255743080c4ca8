//! One side of a comparison: the parts of a report that are compared.

use super::document::{SideRow, State};
use crate::report::document::{ProcessRow, RecordingFacts, Report, SiteRow, TrendRow};
use crate::verdict::{Rate, Verdict};

/// A recording as it is compared.
#[derive(Debug, Clone)]
pub struct Side {
    /// Its name.
    pub name: String,
    /// Whether lists of sites are cut, so that a site that is not shown may still be there.
    pub(super) cut_lists: bool,
    snapshots: u64,
    duration_seconds: Option<f64>,
    pub(super) processes: Vec<Row>,
    pub(super) sites: Vec<Row>,
}

/// A series as it is compared.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) verdict: Verdict,
    pub(super) probability: f64,
    pub(super) points: usize,
    pub(super) rate: Option<Rate>,
    /// Mean size of a site's blocks.
    pub(super) block_bytes: Option<f64>,
    /// Whether it is the primary metric of its process, or a site.
    pub(super) leading: bool,
}

impl Side {
    /// The side of a report.
    #[must_use]
    pub fn of(name: &str, report: &Report) -> Self {
        let Report { recording, processes, sites, .. } = report;
        let RecordingFacts { snapshots, duration_seconds, cut_lists, .. } = recording;
        Self {
            name: name.to_owned(),
            cut_lists: *cut_lists > 0,
            snapshots: *snapshots,
            duration_seconds: *duration_seconds,
            processes: processes.iter().filter(|row| row.may_leak()).map(of_process).collect(),
            // The profiler's own sites grow because it runs.
            sites: sites.iter().filter(|site| !site.profiler_overhead).map(of_site).collect(),
        }
    }

    /// Seconds from one snapshot to the next, where they carry times.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn seconds_per_snapshot(&self) -> Option<f64> {
        let steps = self.snapshots.checked_sub(1).filter(|steps| *steps > 0)?;
        self.duration_seconds.filter(|seconds| *seconds > 0.0).map(|seconds| seconds / steps as f64)
    }

    pub(super) fn row(&self) -> SideRow {
        let growing = |rows: &[Row]| rows.iter().filter(|row| row.verdict == Verdict::Growing).count() as u64;
        SideRow {
            name: self.name.clone(),
            snapshots: self.snapshots,
            duration_seconds: self.duration_seconds,
            sites: self.sites.len() as u64,
            sites_growing: growing(&self.sites),
            processes_growing: growing(&self.processes),
        }
    }
}

fn of_process(row: &ProcessRow) -> Row {
    let ProcessRow { process, metric, leading, trend, .. } = row;
    let name = match process {
        Some(process) => format!("{process} {metric}"),
        None => metric.clone(),
    };
    Row { leading: *leading, ..of_trend(name, trend, None) }
}

#[allow(clippy::cast_precision_loss)]
fn of_site(row: &SiteRow) -> Row {
    let SiteRow { site, last_bytes, last_blocks, trend, .. } = row;
    let blocks = last_blocks.filter(|blocks| *blocks > 0);
    of_trend(site.clone(), trend, blocks.map(|blocks| last_bytes / blocks as f64))
}

fn of_trend(name: String, trend: &TrendRow, block_bytes: Option<f64>) -> Row {
    let TrendRow { verdict, probability, points, slope, .. } = trend;
    let (verdict, probability, points, rate) = (*verdict, *probability, *points, *slope);
    Row { name, verdict, probability, points, rate, block_bytes, leading: true }
}

impl Row {
    /// The row as the comparison shows it, at this rate.
    pub(super) fn state(&self, rate: Option<Rate>) -> State {
        State {
            verdict: self.verdict,
            probability: self.probability,
            rate: rate.map(|rate| rate.value),
            low: rate.and_then(|rate| rate.low),
            high: rate.and_then(|rate| rate.high),
            unit: rate.map(|rate| rate.unit),
        }
    }
}
