//! One row per series, processes first, then sites in the order of the ranking (RFC 4180).

use std::io;

use serde::Serialize;

use super::document::{ProcessRow, SiteRow, TrendRow};
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
        if report.processes.is_empty() && report.sites.is_empty() {
            return write_header(out);
        }
        let mut writer = ::csv::Writer::from_writer(out);
        for row in &report.processes {
            writer.serialize(of_process(row)).map_err(io::Error::other)?;
        }
        for row in report.sites.iter().take(style.top.unwrap_or(usize::MAX)) {
            writer.serialize(of_site(row)).map_err(io::Error::other)?;
        }
        writer.flush()
    }
}

/// The header alone: a file with a header and nothing else is still a table.
fn write_header(out: &mut dyn io::Write) -> io::Result<()> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.serialize(Row::default()).map_err(io::Error::other)?;
    let table = writer.into_inner().map_err(|e| e.into_error())?;
    out.write_all(table.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default())
}

/// The row as it is written; the document's fields may change without it.
#[derive(Default, Serialize)]
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
    Row {
        kind: "process",
        source: for_sheet(&row.source),
        subject: row.process.as_deref().map(for_sheet).unwrap_or_default(),
        metric: row.metric,
        first_bytes: row.first_bytes,
        last_bytes: row.last_bytes,
        ..of_trend(&row.trend)
    }
}

fn of_site(row: &SiteRow) -> Row<'_> {
    Row {
        kind: "site",
        rank: Some(row.rank),
        source: row.source.as_deref().map(for_sheet).unwrap_or_default(),
        subject: for_sheet(&row.site),
        metric: "bytes",
        file: row.file.as_deref().map(for_sheet).unwrap_or_default(),
        line: row.line,
        first_bytes: row.first_bytes,
        last_bytes: row.last_bytes,
        first_blocks: row.first_blocks,
        last_blocks: row.last_blocks,
        group: row.group,
        instrument: row.instrument,
        ..of_trend(&row.trend)
    }
}

/// The cells that processes and sites have in common.
fn of_trend(trend: &TrendRow) -> Row<'_> {
    let slope = trend.slope.as_ref();
    Row {
        verdict: trend.verdict.as_str(),
        probability: trend.probability,
        reason: &trend.reason,
        points: trend.points,
        segments: trend.segments,
        grew: trend.grew,
        shrank: trend.shrank,
        held: trend.held,
        slope: slope.map(|s| s.value),
        slope_low: slope.and_then(|s| s.low),
        slope_high: slope.and_then(|s| s.high),
        slope_unit: slope.map_or("", |s| s.unit.as_str()),
        since: trend.since.as_ref().and_then(|s| s.time.as_deref()),
        ..Row::default()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample;
    use super::*;

    const HEADER: &str = "kind,rank,source,subject,metric,file,line,verdict,probability,reason,points,segments,grew,shrank,\
                          held,slope,slope_low,slope_high,slope_unit,first_bytes,last_bytes,first_blocks,last_blocks,\
                          since,group,instrument";

    fn rendered(report: &Report) -> String {
        let mut out = Vec::new();
        Csv.render(report, &Style { top: None, ..Style::default() }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn tables() {
        for (name, report) in sample::all() {
            insta::assert_snapshot!(format!("csv_{name}"), rendered(&report));
        }
    }

    #[test]
    fn every_series_is_a_row_under_one_header() {
        let text = rendered(&sample::mixed());
        let mut lines = text.lines();
        assert_eq!(lines.next().unwrap(), HEADER);
        assert_eq!(lines.count(), sample::mixed().processes.len() + sample::mixed().sites.len());
        assert_eq!(rendered(&sample::empty()), format!("{HEADER}\n"));
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
