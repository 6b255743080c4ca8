//! The report: everything that was found, field for field as the output contract has it.
//!
//! It is the complete truth; every output takes its part from here and computes nothing. Numbers are in base
//! units (bytes, seconds, blocks); a number that is not known is `null`, never NaN.

mod finding;
mod hint;
mod input;
mod per_iteration;
mod plot;
mod remark;
mod rows;
mod timestamp;
mod trend;
mod warning;
mod worded;
mod work;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::insight::{Attribution, AttributionRemark, Folded, GroupEvidence, NoAttribution};
use crate::model::{Role, SiteUnit};
use crate::stats::Interval;

pub use finding::{CheckRow, Finding, SubjectKind};
pub use hint::HintRow;
pub use input::{Gap, InputSpan, MeasuredSubject, NotUnderstood, Recognised, SubjectRow, TimeBaseCode};
pub use per_iteration::PerIteration;
pub use plot::{Fit, Plot};
pub use remark::Remark;
pub use rows::{MakeRows, Rows};
pub use timestamp::Timestamp;
pub use trend::{SinceRow, TrendRow};
pub use warning::{WarningCode, WarningRow};
pub use worded::Worded;
pub use work::{PerWork, WorkRow};

/// The name of this layout, for programs that read it.
pub const SCHEMA: &str = "leakdiff/2";

/// The results of one run.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// Version of the program.
    pub version: String,
    /// The inputs, in the order in which they were used.
    pub inputs: Vec<Input>,
    /// Facts about the recording as a whole.
    pub recording: RecordingFacts,
    /// Memory of processes, a row per source, process and metric.
    pub processes: Vec<ProcessRow>,
    /// All sites that were analysed, ranked; `--top` cuts them.
    #[cfg_attr(test, schemars(with = "Vec<SiteRow>"))]
    pub sites: Rows<SiteRow>,
    /// Sites that grow in lockstep.
    pub groups: Vec<GroupRow>,
    /// The share of the process's growth that the sites explain, where there is one process with such a share.
    pub attribution: Option<AttributionRow>,
    /// The share of each process that grows and has a heap of its own.
    #[serde(default)]
    pub attributions: Vec<AttributionRow>,
    /// The reason why there is no `attribution`, where the recording has a process and a heap.
    pub attribution_reason: Option<Worded<NoAttribution>>,
    /// Next steps that the data suggest, at most three for each process and heap.
    #[serde(default)]
    pub hints: Vec<HintRow>,
    /// Growth and other facts that are not accepted.
    #[cfg_attr(test, schemars(with = "Vec<Finding>"))]
    pub findings: Rows<Finding>,
    /// The outcome of `--check`; `null` without it.
    pub check: Option<CheckRow>,
    /// Places that were skipped, or read with an assumption.
    pub warnings: Vec<WarningRow>,
}

impl Report {
    /// Returns the report with its first sites alone. The others, which may be a million, are not copied.
    #[must_use]
    pub fn with_first_sites(&self, sites: usize) -> Self {
        Self {
            schema: self.schema.clone(),
            version: self.version.clone(),
            inputs: self.inputs.clone(),
            recording: self.recording.clone(),
            processes: self.processes.clone(),
            sites: self.sites.first(sites),
            groups: self.groups.clone(),
            attribution: self.attribution.clone(),
            attributions: self.attributions.clone(),
            attribution_reason: self.attribution_reason.clone(),
            hints: self.hints.clone(),
            findings: self.findings.clone(),
            check: self.check.clone(),
            warnings: self.warnings.clone(),
        }
    }

    /// Returns the report without sites and findings.
    #[must_use]
    pub fn without_rows(&self) -> Self {
        Self { findings: Rows::default(), ..self.with_first_sites(0) }
    }
}

/// One input.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Input {
    /// Its name as given; `-` for standard input.
    pub path: String,
    /// Formats recognised in it, joined with `+`.
    pub format: String,
    /// Size in bytes after decompression.
    pub bytes: u64,
    /// Number of lines.
    pub lines: u64,
    /// Stat lines, and readings of one process at one time.
    pub records: u64,
    /// Lines that began like a record and could not be read.
    pub unreadable_lines: u64,
    /// Snapshots, or distinct times of sampling.
    pub snapshots: u64,
    /// The formats that it holds, with the evidence for each.
    pub recognised: Vec<Recognised>,
    /// The time that it covers; `null` if its records have no times.
    pub span: Option<InputSpan>,
    /// The subjects of its records, at most 100.
    pub subjects: Vec<MeasuredSubject>,
    /// The first places that were not understood, at most three.
    pub not_understood: Vec<NotUnderstood>,
}

/// Facts about the recording as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RecordingFacts {
    /// Snapshots of a heap in all.
    pub snapshots: u64,
    /// First time.
    pub start: Option<Timestamp>,
    /// Last time.
    pub end: Option<Timestamp>,
    /// Seconds from the first to the last snapshot.
    pub duration_seconds: Option<f64>,
    /// The snapshots that the differences in a log of differences refer to.
    pub differences_against: Option<DifferencesAgainst>,
    /// Number of lists of sites that are cut, so that a site that is not shown may still be there.
    pub cut_lists: u64,
    /// The rule by which several inputs were put in order.
    pub order: Option<InputOrder>,
    /// Sites in all, before filters and `--top`.
    pub sites_seen: u64,
    /// Sites that no filter left out.
    pub sites_analysed: u64,
    /// Sites, of those analysed, that never changed; they are ranked with the others.
    pub sites_constant: u64,
    /// The bytes below which sites are folded, the most of all heaps; `null` where no heap is of bytes.
    #[serde(default)]
    pub fold_below_bytes: Option<f64>,
    /// The limitations of this recording.
    pub remarks: Vec<Worded<Remark>>,
}

/// The snapshots that the differences of a log refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DifferencesAgainst {
    /// The snapshot before, as the numbers show.
    Previous,
    /// One fixed first snapshot, as the numbers show.
    First,
    /// The snapshot before; assumed, since the numbers do not show it.
    AssumedPrevious,
    /// A snapshot of each list's own, taken at the start of its pass, as the numbers show.
    OwnBase,
}

/// The rule by which several inputs were put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum InputOrder {
    /// By the times that they carry.
    ByTime,
    /// By their names, numbers in them counting as numbers.
    ByName,
    /// As they were given.
    AsGiven,
}

/// Memory of one process in one metric.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ProcessRow {
    /// The input it was read from.
    pub source: String,
    /// All inputs that it was read from, in the order of their times.
    pub sources: Vec<String>,
    /// The process's name, where the report names several.
    pub process: Option<String>,
    /// Its subject.
    pub subject: SubjectRow,
    /// `RssAnon` and so on.
    pub metric: String,
    /// The role of the metric: `resident`, `part`, `peak`, `resident-and-swap`, `virtual`, `swap`, `limit`, `free`,
    /// `with-garbage`, `cache`, `count` or `other`.
    pub role: Role,
    /// Whether it is the sum of the parts and not itself in the report.
    pub derived: bool,
    /// Whether it is the primary metric of its process.
    pub leading: bool,
    /// Number of samples.
    pub samples: u64,
    /// Time of the first sample.
    pub start: Option<Timestamp>,
    /// Time of the last sample.
    pub end: Option<Timestamp>,
    /// Seconds from the first to the last sample.
    pub duration_seconds: Option<f64>,
    /// The limit of the subject in bytes, where the recording has one.
    pub limit_bytes: Option<f64>,
    /// First value.
    pub first_bytes: f64,
    /// Last value.
    pub last_bytes: f64,
    /// Smallest value.
    pub min_bytes: f64,
    /// Largest value.
    pub max_bytes: f64,
    /// Its development.
    pub trend: TrendRow,
    /// Its development by the work done; only with `--per`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_work: Option<PerWork>,
    /// Its forecast.
    pub forecast: Option<ForecastRow>,
    /// At most 24 values from begin to end, for a sparkline; `null` where nothing is known.
    #[serde(rename = "outline")]
    pub sparkline: Vec<Option<f64>>,
    /// The series as it is drawn; only for outputs that draw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plot: Option<Box<Plot>>,
}

impl ProcessRow {
    /// Whether it is of memory that is free.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.role == Role::Free
    }

    /// Whether it is of things that are counted, not of bytes.
    #[must_use]
    pub fn is_count(&self) -> bool {
        self.role == Role::Count
    }

    /// Whether its growth is memory that the subject does not give back.
    #[must_use]
    pub const fn may_leak(&self) -> bool {
        self.role.may_leak(self.subject.kind)
    }
}

/// One allocation site.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SiteRow {
    /// Place in the ranking, from 1.
    pub rank: u64,
    /// The text that identifies it. Untrusted: as the dump has it.
    pub site: String,
    /// The input or worker process that it is of, where several are kept apart.
    pub source: Option<String>,
    /// The heap that it is a site of.
    pub subject: Arc<SubjectRow>,
    /// Its file; of a traceback the innermost frame's.
    pub file: Option<String>,
    /// Its line; of a traceback the innermost frame's.
    pub line: Option<u32>,
    /// The file of the frame of own code that is nearest to the allocation: neither of the standard library nor of an
    /// installed package.
    #[serde(default)]
    pub own_file: Option<String>,
    /// The line of that frame.
    #[serde(default)]
    pub own_line: Option<u32>,
    /// The unit of its sizes: `bytes`, or `objects` of a census that has no bytes.
    #[serde(default)]
    pub unit: SiteUnit,
    /// Number of snapshots that show it.
    pub snapshots_seen: u64,
    /// Size when first known, in its unit.
    pub first_bytes: f64,
    /// Size when last known, in its unit.
    pub last_bytes: f64,
    /// Blocks when first known.
    pub first_blocks: Option<u64>,
    /// Blocks when last known.
    pub last_blocks: Option<u64>,
    /// The development of its bytes.
    pub trend: TrendRow,
    /// The development of its number of blocks.
    pub block_trend: Option<Box<TrendRow>>,
    /// Its growth for each iteration of the program; only where a number of iterations was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_iteration: Option<Box<PerIteration>>,
    /// Whether it belongs to the profiler (`tracemalloc`, `linecache`, the importer), and so is never a finding.
    #[serde(rename = "instrument")]
    pub profiler_overhead: bool,
    /// The group of sites that grow with it.
    pub group: Option<u64>,
    /// The reason why it is folded with others into one line, and no finding unless a limit says so; `null` where it is
    /// not.
    #[serde(default)]
    pub folded: Option<Folded>,
    /// At most 24 sizes from begin to end of the recording, for a sparkline; `null` where nothing is known.
    #[serde(rename = "outline")]
    pub sparkline: Vec<Option<f64>>,
    /// Its file of own code below `--source-root`, with `/` between folders.
    pub path: Option<String>,
    /// Its line of code, from there.
    pub code: Option<String>,
    /// The series as it is drawn; only for outputs that draw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plot: Option<Box<Plot>>,
}

impl SiteRow {
    /// The frames of its traceback, innermost first; of another site its text alone.
    pub fn frames(&self) -> impl Iterator<Item = &str> {
        self.site.split(" < ")
    }

    /// Whether it is a traceback.
    #[must_use]
    pub fn is_traceback(&self) -> bool {
        self.frames().nth(1).is_some()
    }

    /// The frame of own code of its traceback.
    #[must_use]
    pub fn own_frame(&self) -> Option<&str> {
        let file = self.own_file.as_deref()?;
        let place = self.own_line.map_or_else(|| file.to_owned(), |line| format!("{file}:{line}"));
        self.frames().find(|frame| *frame == place || frame.ends_with(&format!(" ({place})")))
    }
}

/// A forecast of growth.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ForecastRow {
    /// The limit asked for.
    pub limit_bytes: Option<f64>,
    /// The time at which it is reached; `null`: not within ten years, or no limit was given.
    pub reaches_limit_at: Option<ReachRow>,
    /// Growth per day in bytes.
    pub per_day_bytes: Interval,
}

/// A time with a range; an end is `null` where it lies beyond ten years.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ReachRow {
    /// At the estimated rate.
    pub value: Option<Timestamp>,
    /// At the highest rate: the earliest.
    pub low: Option<Timestamp>,
    /// At the lowest rate: the latest.
    pub high: Option<Timestamp>,
    /// Seconds from the last sample at the estimated rate.
    pub in_seconds: Option<f64>,
}

/// Sites that grow in lockstep: one cause.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct GroupRow {
    /// Number of the group, from 1.
    pub id: u64,
    /// Texts of its sites.
    pub sites: Vec<String>,
    /// Events so far.
    pub events: u64,
    /// Bytes that each event keeps.
    pub bytes_per_event: f64,
    /// Blocks that each event keeps.
    pub blocks_per_event: u64,
    /// The evidence.
    pub evidence: GroupEvidence,
}

/// The share of a process's growth that its sites explain.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AttributionRow {
    /// The process.
    pub subject: SubjectRow,
    /// The share, and the rates that it is made of.
    #[serde(flatten)]
    pub attribution: Attribution,
    /// The meaning of the share.
    pub remark: Worded<AttributionRemark>,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Report;

    /// The schema in docs/ is made from these types: `UPDATE_SCHEMA=1 cargo test schema` updates it.
    #[test]
    fn the_schema_in_the_docs_is_that_of_the_types() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/report.schema.json");
        let schema = serde_json::to_string_pretty(&schemars::schema_for!(Report)).unwrap() + "\n";
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(path, &schema).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap(), schema);
    }
}
