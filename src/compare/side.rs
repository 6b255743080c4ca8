//! One side of a comparison: what is needed of a document, made just now or read from a file.

use serde::Deserialize;

use super::document::{SideRow, State};
use crate::report::document::{RateUnit, Report, VerdictWord};

/// A recording as it is compared.
#[derive(Debug, Clone)]
pub struct Side {
    /// What it is called.
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
    pub(super) verdict: VerdictWord,
    pub(super) probability: f64,
    pub(super) points: u64,
    pub(super) rate: Option<Rate>,
    /// Mean size of a site's blocks.
    pub(super) block_bytes: Option<f64>,
    /// Whether it tells the story of its process, or is a site.
    pub(super) leading: bool,
}

/// A rate with its interval; an end is `None` where nothing bounds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rate {
    pub(super) value: f64,
    pub(super) low: Option<f64>,
    pub(super) high: Option<f64>,
    pub(super) unit: RateUnit,
    /// What one of the original unit counts in this one.
    pub(super) scale: f64,
}

impl Rate {
    /// The same per second, where a snapshot takes so many.
    pub(super) fn per(self, seconds: Option<f64>) -> Self {
        let Some(seconds) = seconds else { return self };
        let by = |rate: f64| rate / seconds;
        Self {
            value: by(self.value),
            low: self.low.map(by),
            high: self.high.map(by),
            unit: super::per_second(self.unit),
            scale: self.scale / seconds,
        }
    }
}

/// The fields that are read of a document; all others are of no matter here.
#[derive(Deserialize)]
struct Document {
    schema: String,
    recording: Facts,
    processes: Vec<ProcessFields>,
    sites: Vec<SiteFields>,
}

#[derive(Deserialize)]
struct Facts {
    snapshots: u64,
    duration_seconds: Option<f64>,
    #[serde(default)]
    cut_lists: u64,
}

#[derive(Deserialize)]
struct ProcessFields {
    process: Option<String>,
    metric: String,
    leading: bool,
    trend: TrendFields,
}

#[derive(Deserialize)]
struct SiteFields {
    site: String,
    instrument: bool,
    last_bytes: f64,
    last_blocks: Option<u64>,
    trend: TrendFields,
}

#[derive(Deserialize)]
struct TrendFields {
    verdict: VerdictWord,
    probability: f64,
    points: u64,
    slope: Option<SlopeFields>,
}

#[derive(Deserialize)]
struct SlopeFields {
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
    unit: RateUnit,
}

impl Side {
    /// A side from a document in JSON.
    ///
    /// # Errors
    /// In words, if the text is no such document.
    pub fn read(name: &str, json: &str) -> Result<Self, String> {
        let document: Document =
            serde_json::from_str(json).map_err(|e| format!("this is no report of leakdiff: {e}"))?;
        let expected = crate::report::document::SCHEMA;
        if document.schema != expected {
            return Err(format!("expected a report of layout {expected}, found {:?}", document.schema));
        }
        Ok(Self::of_document(name, document))
    }

    /// A side from a report that was just made.
    ///
    /// # Errors
    /// In words, if the report cannot be written as JSON.
    pub fn of(name: &str, report: &Report) -> Result<Self, String> {
        // The same way as a report from a file, so that both say the same.
        let document = serde_json::to_value(report).and_then(serde_json::from_value);
        Ok(Self::of_document(name, document.map_err(|e| e.to_string())?))
    }

    fn of_document(name: &str, document: Document) -> Self {
        let Document {
            recording: Facts { snapshots, duration_seconds, cut_lists }, processes, sites, ..
        } = document;
        let process = |fields: ProcessFields| {
            let name = match fields.process {
                Some(process) => format!("{process} {}", fields.metric),
                None => fields.metric,
            };
            Row { leading: fields.leading, ..row(name, fields.trend, None) }
        };
        #[allow(clippy::cast_precision_loss)]
        let site = |fields: SiteFields| {
            let blocks = fields.last_blocks.filter(|blocks| *blocks > 0);
            row(fields.site, fields.trend, blocks.map(|blocks| fields.last_bytes / blocks as f64))
        };
        Self {
            name: name.to_owned(),
            cut_lists: cut_lists > 0,
            snapshots,
            duration_seconds,
            processes: processes.into_iter().map(process).collect(),
            // The measuring code grows because somebody measures.
            sites: sites.into_iter().filter(|site| !site.instrument).map(site).collect(),
        }
    }

    /// Seconds from one snapshot to the next, where they carry times.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn seconds_per_snapshot(&self) -> Option<f64> {
        let steps = self.snapshots.checked_sub(1).filter(|steps| *steps > 0)?;
        self.duration_seconds.filter(|seconds| *seconds > 0.0).map(|seconds| seconds / steps as f64)
    }

    pub(super) fn row(&self) -> SideRow {
        let growing =
            |rows: &[Row]| rows.iter().filter(|row| row.verdict == VerdictWord::Growing).count() as u64;
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

fn row(name: String, trend: TrendFields, block_bytes: Option<f64>) -> Row {
    let TrendFields { verdict, probability, points, slope } = trend;
    let rate =
        slope.map(|SlopeFields { value, low, high, unit }| Rate { value, low, high, unit, scale: 1.0 });
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
