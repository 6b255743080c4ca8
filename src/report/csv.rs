//! One row per series, processes first, then sites in the order of the ranking (RFC 4180).

use std::borrow::Cow;
use std::io;

use serde::Serialize;

use super::document::{ProcessRow, SiteRow, Timestamp, TrendRow};
use super::untrusted::for_sheet;
use super::{OutputFormat, Report, Style};
use crate::model::Transitions;

/// The CSV output, for spreadsheets and shell tools.
#[derive(Debug)]
pub struct Csv;

impl OutputFormat for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn render(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        // Fields without a place in an output are left out by name, so that no new field goes missing unseen.
        let Report {
            schema: _,
            version: _,
            inputs: _,
            recording: _,
            processes,
            sites,
            groups: _,
            attribution: _,
            attributions: _,
            attribution_reason: _,
            hints: _,
            findings: _,
            check: _,
            warnings: _,
        } = report;
        if processes.is_empty() && sites.is_empty() {
            return write_header(out);
        }
        let mut writer = ::csv::Writer::from_writer(out);
        for row in processes {
            writer.serialize(of_process(row)).map_err(io::Error::other)?;
        }
        for row in sites.one_by_one().take(style.top.unwrap_or(usize::MAX)) {
            writer.serialize(of_site(&row)).map_err(io::Error::other)?;
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
    metric: Cow<'a, str>,
    file: String,
    line: Option<u32>,
    verdict: &'static str,
    probability: f64,
    reason: &'a str,
    points: usize,
    segments: usize,
    grew: usize,
    shrank: usize,
    held: usize,
    slope: Option<f64>,
    slope_low: Option<f64>,
    slope_high: Option<f64>,
    slope_unit: &'static str,
    first_bytes: f64,
    last_bytes: f64,
    first_blocks: Option<u64>,
    last_blocks: Option<u64>,
    since: Option<Timestamp>,
    group: Option<u64>,
    #[serde(rename = "instrument")]
    profiler_overhead: bool,
    bytes_per_iteration: Option<f64>,
    blocks_per_iteration: Option<f64>,
}

fn of_process(row: &ProcessRow) -> Row<'_> {
    let ProcessRow {
        source,
        sources: _,
        process,
        subject: _,
        metric,
        role: _,
        derived: _,
        leading: _,
        samples: _,
        start: _,
        end: _,
        duration_seconds: _,
        limit_bytes: _,
        first_bytes,
        last_bytes,
        min_bytes: _,
        max_bytes: _,
        trend,
        per_work: _,
        forecast: _,
        sparkline: _,
        plot: _,
    } = row;
    Row {
        kind: "process",
        source: for_sheet(source),
        subject: process.as_deref().map(for_sheet).unwrap_or_default(),
        metric: for_sheet(metric).into(),
        first_bytes: *first_bytes,
        last_bytes: *last_bytes,
        ..of_trend(trend)
    }
}

fn of_site(row: &SiteRow) -> Row<'_> {
    let SiteRow {
        rank,
        site,
        source,
        subject: _,
        file,
        line,
        unit,
        snapshots_seen: _,
        first_bytes,
        last_bytes,
        first_blocks,
        last_blocks,
        trend,
        block_trend: _,
        profiler_overhead,
        per_iteration,
        group,
        folded: _,
        sparkline: _,
        own_file: _,
        own_line: _,
        path: _,
        code: _,
        plot: _,
    } = row;
    Row {
        kind: "site",
        rank: Some(*rank),
        source: source.as_deref().map(for_sheet).unwrap_or_default(),
        subject: for_sheet(site),
        metric: unit.as_str().into(),
        file: file.as_deref().map(for_sheet).unwrap_or_default(),
        line: *line,
        first_bytes: *first_bytes,
        last_bytes: *last_bytes,
        first_blocks: *first_blocks,
        last_blocks: *last_blocks,
        group: *group,
        profiler_overhead: *profiler_overhead,
        bytes_per_iteration: per_iteration.as_ref().and_then(|each| each.bytes),
        blocks_per_iteration: per_iteration.as_ref().and_then(|each| each.blocks),
        ..of_trend(trend)
    }
}

/// The cells that processes and sites have in common.
fn of_trend(trend: &TrendRow) -> Row<'_> {
    let TrendRow {
        verdict,
        reason,
        probability,
        points,
        segments,
        transitions: Transitions { grew, shrank, held },
        never_shrank: _,
        slope,
        tests: _,
        since,
    } = trend;
    Row {
        verdict: verdict.as_str(),
        probability: *probability,
        reason: &reason.text,
        points: *points,
        segments: *segments,
        grew: *grew,
        shrank: *shrank,
        held: *held,
        slope: slope.map(|slope| slope.value),
        slope_low: slope.and_then(|slope| slope.low),
        slope_high: slope.and_then(|slope| slope.high),
        slope_unit: slope.map_or("", |slope| slope.unit.as_str()),
        since: since.as_ref().and_then(|since| since.time),
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
                          since,group,instrument,bytes_per_iteration,blocks_per_iteration";

    fn rendered(report: &Report) -> String {
        let mut out = Vec::new();
        Csv.render(report, &Style { top: None, ..Style::default() }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_table_of_a_small_recording() {
        insta::assert_snapshot!("csv", rendered(&sample::small()));
    }

    #[test]
    fn every_series_is_a_row_under_one_header() {
        for (name, report) in sample::all() {
            let text = rendered(&report);
            assert_eq!(text.lines().next(), Some(HEADER), "{name}");
            let mut reader = ::csv::Reader::from_reader(text.as_bytes());
            let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
            assert_eq!(rows.len(), report.processes.len() + report.sites.len(), "{name}");
            for (row, site) in rows[report.processes.len()..].iter().zip(&report.sites) {
                assert_eq!((&row[0], &row[7]), ("site", site.trend.verdict.as_str()), "{name}");
                assert_eq!(row[1].parse::<u64>().unwrap(), site.rank, "{name}");
            }
        }
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
