//! One row per series, processes first, then sites in the order of the ranking (RFC 4180).

use std::io;

use serde::Serialize;

use super::document::{ProcessRow, SiteRow, Slope, TrendRow};
use super::untrusted::for_sheet;
use super::{OutputFormat, Report, Style};

/// The CSV output, for spreadsheets and shell tools.
#[derive(Debug)]
pub struct Csv;

impl OutputFormat for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn render(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let mut writer = ::csv::WriterBuilder::new().has_headers(true).from_writer(out);
        for row in &report.processes {
            writer.serialize(of_process(row)).map_err(io::Error::other)?;
        }
        for row in report.sites.iter().take(style.top.unwrap_or(usize::MAX)) {
            writer.serialize(of_site(row)).map_err(io::Error::other)?;
        }
        if report.processes.is_empty() && report.sites.is_empty() {
            writer.write_record(HEADER)?;
        }
        writer.flush()
    }
}

/// What is written where there are no rows: a file with a header and nothing else is still a table.
const HEADER: [&str; 26] = [
    "kind",
    "rank",
    "source",
    "subject",
    "metric",
    "file",
    "line",
    "verdict",
    "probability",
    "reason",
    "points",
    "segments",
    "grew",
    "shrank",
    "held",
    "slope",
    "slope_low",
    "slope_high",
    "slope_unit",
    "first_bytes",
    "last_bytes",
    "first_blocks",
    "last_blocks",
    "since",
    "group",
    "instrument",
];

/// The row as it is written; the document's fields may change without it.
#[derive(Serialize)]
struct Row<'a> {
    kind: &'static str,
    rank: Option<u64>,
    source: String,
    subject: String,
    metric: &'static str,
    file: String,
    line: Option<u32>,
    verdict: &'static str,
    probability: f64,
    reason: &'a str,
    points: u64,
    segments: u64,
    grew: u64,
    shrank: u64,
    held: u64,
    slope: Option<f64>,
    slope_low: Option<f64>,
    slope_high: Option<f64>,
    slope_unit: &'static str,
    first_bytes: f64,
    last_bytes: f64,
    first_blocks: Option<u64>,
    last_blocks: Option<u64>,
    since: Option<&'a str>,
    group: Option<u64>,
    instrument: bool,
}

fn of_process(row: &ProcessRow) -> Row<'_> {
    let mut csv = of_trend(&row.trend);
    csv.kind = "process";
    csv.source = for_sheet(&row.source);
    csv.subject = row.process.as_deref().map(for_sheet).unwrap_or_default();
    csv.metric = row.metric;
    csv.first_bytes = row.first_bytes;
    csv.last_bytes = row.last_bytes;
    csv
}

fn of_site(row: &SiteRow) -> Row<'_> {
    let mut csv = of_trend(&row.trend);
    csv.kind = "site";
    csv.rank = Some(row.rank);
    csv.source = row.source.as_deref().map(for_sheet).unwrap_or_default();
    csv.subject = for_sheet(&row.site);
    csv.metric = "bytes";
    csv.file = row.file.as_deref().map(for_sheet).unwrap_or_default();
    csv.line = row.line;
    csv.first_bytes = row.first_bytes;
    csv.last_bytes = row.last_bytes;
    csv.first_blocks = row.first_blocks;
    csv.last_blocks = row.last_blocks;
    csv.group = row.group;
    csv.instrument = row.instrument;
    csv
}

fn of_trend(trend: &TrendRow) -> Row<'_> {
    let TrendRow {
        verdict,
        reason,
        probability,
        points,
        segments,
        grew,
        shrank,
        held,
        slope,
        since,
        never_shrank: _,
        tests: _,
    } = trend;
    Row {
        kind: "",
        rank: None,
        source: String::new(),
        subject: String::new(),
        metric: "",
        file: String::new(),
        line: None,
        verdict: verdict.as_str(),
        probability: *probability,
        reason,
        points: *points,
        segments: *segments,
        grew: *grew,
        shrank: *shrank,
        held: *held,
        slope: slope.as_ref().map(|s: &Slope| s.value),
        slope_low: slope.as_ref().and_then(|s| s.low),
        slope_high: slope.as_ref().and_then(|s| s.high),
        slope_unit: slope.as_ref().map_or("", |s| s.unit.as_str()),
        first_bytes: 0.0,
        last_bytes: 0.0,
        first_blocks: None,
        last_blocks: None,
        since: since.as_ref().and_then(|s| s.time.as_deref()),
        group: None,
        instrument: false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample;
    use super::*;

    fn rendered(report: &Report) -> String {
        let mut out = Vec::new();
        Csv.render(report, &Style { top: None, ..Style::default() }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_series_is_a_row_under_one_header() {
        let text = rendered(&sample::mixed());
        let mut lines = text.lines();
        assert_eq!(lines.next().unwrap(), HEADER.join(","));
        assert_eq!(lines.count(), sample::mixed().processes.len() + sample::mixed().sites.len());
        assert_eq!(rendered(&sample::empty()).trim_end(), HEADER.join(","));
    }

    #[test]
    fn a_site_cannot_smuggle_a_formula_in() {
        let text = rendered(&sample::hostile());
        assert!(text.contains("'@SUM") && text.contains("'=a"), "{text}");
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text}");
        for record in ::csv::Reader::from_reader(text.as_bytes()).records() {
            for cell in &record.unwrap() {
                // A number may be negative; anything else that begins like a formula has its apostrophe.
                let formula = cell.starts_with(['=', '+', '-', '@']) && cell.parse::<f64>().is_err();
                assert!(!formula, "{cell}");
            }
        }
    }
}
