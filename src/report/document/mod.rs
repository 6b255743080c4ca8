//! The report: everything that was found, field for field as the output contract has it.
//!
//! It is the complete truth; every output takes its part from here and computes nothing. Numbers are in base
//! units (bytes, seconds, blocks); a number that is not known is `null`, never NaN.

mod finding;
mod plot;
mod trend;

use serde::Serialize;

pub use finding::{CheckRow, Finding, Severity, SubjectKind};
pub use plot::{Fit, Plot, PlotAxis};
pub use trend::{
    ChangePointRow, MannKendallRow, OlsRow, RateUnit, ShapeRow, Since, Slope, StoriesRow, TestRows,
    TheilSenRow, TrendRow, VerdictWord,
};

/// The name of this layout, for programs that read it.
pub const SCHEMA: &str = "leakdiff/1";

/// All that one run found.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// Version of the program.
    pub version: &'static str,
    /// What was read, in the order in which it was used.
    pub inputs: Vec<Input>,
    /// What is known of the recording as a whole.
    pub recording: RecordingFacts,
    /// Memory of processes, a row per source, process and metric.
    pub processes: Vec<ProcessRow>,
    /// All sites that were analysed, ranked; `--top` cuts them.
    pub sites: Vec<SiteRow>,
    /// Sites that grow in lockstep.
    pub groups: Vec<Group>,
    /// How much of the process's growth the sites explain.
    pub attribution: Option<Attribution>,
    /// Complaints: what is not accepted.
    pub findings: Vec<Finding>,
    /// What came of `--check`; `null` without it.
    pub check: Option<CheckRow>,
    /// Places that were skipped or taken with doubt.
    pub warnings: Vec<WarningRow>,
}

/// One input.
#[derive(Debug, Clone, Serialize)]
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
}

/// What is known of the recording as a whole.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RecordingFacts {
    /// Snapshots of a heap in all.
    pub snapshots: u64,
    /// First time, RFC 3339.
    pub start: Option<String>,
    /// Last time.
    pub end: Option<String>,
    /// Seconds from the first to the last snapshot.
    pub duration_seconds: Option<f64>,
    /// What the differences in a log of differences refer to.
    pub differences_against: Option<DifferencesAgainst>,
    /// Lists of sites that are cut, so that a site that is not shown may still be there.
    pub cut_lists: u64,
    /// How the inputs were put in order.
    pub order: Option<&'static str>,
    /// Sites in all, before filters and `--top`.
    pub sites_seen: u64,
    /// Sites that no filter left out.
    pub sites_analysed: u64,
    /// Sites, of those analysed, that never changed; they are ranked with the others.
    pub sites_constant: u64,
    /// What cannot be concluded from this recording, in plain sentences.
    pub remarks: Vec<String>,
}

/// What the differences of a log refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DifferencesAgainst {
    /// The snapshot before, as the numbers show.
    Previous,
    /// One fixed first snapshot, as the numbers show.
    First,
    /// The snapshot before; assumed, since the numbers do not tell.
    AssumedPrevious,
}

/// Memory of one process in one metric.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ProcessRow {
    /// The input it was read from.
    pub source: String,
    /// The process's name, where the report names several.
    pub process: Option<String>,
    /// `RssAnon` and so on.
    pub metric: &'static str,
    /// Whether it is the sum of the parts and not itself in the report.
    pub derived: bool,
    /// Whether, of the metrics of its process, this one tells the story.
    pub leading: bool,
    /// Number of samples.
    pub samples: u64,
    /// Time of the first sample, RFC 3339.
    pub start: Option<String>,
    /// Time of the last sample.
    pub end: Option<String>,
    /// Seconds from the first to the last sample.
    pub duration_seconds: Option<f64>,
    /// First value.
    pub first_bytes: f64,
    /// Last value.
    pub last_bytes: f64,
    /// Smallest value.
    pub min_bytes: f64,
    /// Largest value.
    pub max_bytes: f64,
    /// How it develops.
    pub trend: TrendRow,
    /// Where it leads.
    pub forecast: Option<Forecast>,
    /// At most 24 values over its whole course, for a small drawing; `null` where nothing is known.
    pub outline: Vec<Option<f64>>,
    /// The series as it is drawn; only for outputs that draw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plot: Option<Plot>,
}

/// One allocation site.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SiteRow {
    /// Place in the ranking, from 1.
    pub rank: u64,
    /// The text that identifies it. Untrusted: as the dump has it.
    pub site: String,
    /// The input or worker process that it is of, where several are kept apart.
    pub source: Option<String>,
    /// Its file; of a traceback the innermost frame's.
    pub file: Option<String>,
    /// Its line; of a traceback the innermost frame's.
    pub line: Option<u32>,
    /// In how many snapshots it was shown.
    pub snapshots_seen: u64,
    /// Size when first known.
    pub first_bytes: f64,
    /// Size when last known.
    pub last_bytes: f64,
    /// Blocks when first known.
    pub first_blocks: Option<u64>,
    /// Blocks when last known.
    pub last_blocks: Option<u64>,
    /// How its bytes develop.
    pub trend: TrendRow,
    /// How its number of blocks develops.
    pub block_trend: Option<TrendRow>,
    /// Whether it belongs to the measuring code, and so is never a finding.
    pub instrument: bool,
    /// The group of sites that grow with it.
    pub group: Option<u64>,
    /// At most 24 sizes over the whole recording, for a small drawing; `null` where nothing is known.
    pub outline: Vec<Option<f64>>,
    /// Its file below `--source-root`, with `/` between folders.
    pub path: Option<String>,
    /// Its line of code, from there.
    pub code: Option<String>,
    /// The series as it is drawn; only for outputs that draw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plot: Option<Plot>,
}

/// Where growth leads.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Forecast {
    /// The limit asked for.
    pub limit_bytes: Option<f64>,
    /// When it is reached; `null`: not within ten years, or no limit was given.
    pub reaches_limit_at: Option<Reach>,
    /// Growth per day in bytes.
    pub per_day_bytes: Range,
}

/// A time with a range, RFC 3339; an end is `null` where it lies beyond ten years.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Reach {
    /// At the estimated rate.
    pub value: Option<String>,
    /// At the highest rate: the earliest.
    pub low: Option<String>,
    /// At the lowest rate: the latest.
    pub high: Option<String>,
    /// Seconds from the last sample at the estimated rate.
    pub in_seconds: Option<f64>,
}

/// A number with a range.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Range {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Sites that grow in lockstep: one cause.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Group {
    /// Number of the group, from 1.
    pub id: u64,
    /// Texts of its sites.
    pub sites: Vec<String>,
    /// Events so far.
    pub events: u64,
    /// What each event keeps.
    pub bytes_per_event: f64,
    /// Blocks that each event keeps.
    pub blocks_per_event: u64,
    /// What it rests on.
    pub evidence: Evidence,
}

/// What a group rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// Steps over many snapshots.
    Series,
    /// The ratios of one difference: a hint.
    SingleDiff,
}

/// How much of a process's growth its sites explain.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Attribution {
    /// Growth of the process.
    pub process_bytes_per_second: f64,
    /// Growth of the growing sites together.
    pub sites_bytes_per_second: f64,
    /// Share of the first that the second makes up.
    pub explained: Range,
    /// In words.
    pub remark: String,
}

/// A place that was skipped or taken with doubt.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WarningRow {
    /// The input, or `null` for the recording as a whole.
    pub path: Option<String>,
    /// Line from 1, or `null` for the input as a whole.
    pub line: Option<u64>,
    /// What was expected and what stood there, or what was assumed.
    pub message: String,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Report;

    /// The schema in docs/ is made from these types: `UPDATE_SCHEMA=1 cargo test schema` writes it anew.
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
