//! A comparison for people and for programs.

use std::io::{self, Write};

use anstyle::Style as Paint;
use comfy_table::{Cell, CellAlignment, ContentArrangement, TableStyle};
use serde::Serialize;

use super::cells::{HEADINGS, cells};
use super::document::{Change, Comparison, Kind, State};
use super::html::html;
use super::words::{answer, rest, sentences, shown, side};
use crate::report::Style;
use crate::report::page::{FAINT, Page, STRONG};
use crate::report::untrusted::{for_markdown, for_sheet, for_terminal, sentence_for_markdown, shortened};

/// The outputs that a comparison has.
pub const FORMATS: [&str; 5] = ["table", "json", "csv", "markdown", "html"];

/// Writes a comparison; `None` if it has no output of this name.
///
/// # Errors
/// Those of writing to `out`.
pub fn render(
    comparison: &Comparison,
    format: &str,
    style: &Style,
    out: &mut dyn Write,
) -> Option<io::Result<()>> {
    Some(match format {
        "table" => table(comparison, style, out),
        "json" => serde_json::to_writer_pretty(&mut *out, comparison)
            .map_err(io::Error::from)
            .and_then(|()| writeln!(out)),
        "csv" => csv(comparison, out),
        "markdown" => markdown(comparison, style, out),
        "html" => html(comparison, style, out),
        _ => return None,
    })
}

/// Columns that a name has at least.
const LEAST_NAME: usize = 24;

fn table(comparison: &Comparison, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(style);
    page.paragraph(&answer(comparison), "", "  ", STRONG);
    for sentence in sentences(comparison, style.units) {
        page.paragraph(&sentence, "  ", "    ", Paint::new());
    }
    page.paragraph(&side(&comparison.before), "  ", "    ", FAINT);
    page.paragraph(&side(&comparison.after), "  ", "    ", FAINT);
    if comparison.per_second {
        let text = "The snapshots of the two are not equally far apart, so rates of sites are compared per unit of time.";
        page.paragraph(text, "  ", "    ", FAINT);
    }
    let shown = shown(comparison, style);
    if !shown.is_empty() {
        page.blank();
        let rows: Vec<[String; 6]> = shown.iter().map(|change| cells(change, style)).collect();
        // The least informative column gives way first: the interval, then p.
        let mut columns: Vec<usize> = (0..6).collect();
        let width = |column: usize| {
            let cells = rows.iter().map(|row| row[column].chars().count());
            cells.max().unwrap_or(0).max(HEADINGS[column].0.len()) + 2
        };
        for gives_way in [4, 5, 3] {
            let taken: usize = columns.iter().map(|&column| width(column)).sum();
            if taken + LEAST_NAME > style.width {
                columns.retain(|&column| column != gives_way);
            }
        }
        let taken: usize = columns.iter().map(|&column| width(column)).sum();
        let left = style.width.saturating_sub(taken).max(8);
        let mut table = comfy_table::Table::new();
        table.load_style(TableStyle::new()).set_content_arrangement(ContentArrangement::Disabled);
        let cell = |text: &str, right: bool| {
            Cell::new(text).set_alignment(if right { CellAlignment::Right } else { CellAlignment::Left })
        };
        let headings = columns.iter().map(|&column| HEADINGS[column]).chain([HEADINGS[6]]);
        table.set_header(headings.map(|(heading, right)| cell(heading, right)));
        for (row, change) in rows.iter().zip(&shown) {
            let name = shortened(&change.name, left, style.ascii);
            let cells = columns.iter().map(|&column| cell(&row[column], HEADINGS[column].1));
            table.add_row(cells.chain([cell(&name, false)]));
        }
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        table.lines().for_each(|line| page.line(line.trim_end().to_owned()));
        for change in shown.iter().filter(|change| change.moved_from.is_some()) {
            let was = change.moved_from.as_deref().unwrap_or_default();
            let text = format!(
                "{} is taken for {}, whose lines seem to have moved.",
                for_terminal(&change.name),
                for_terminal(was)
            );
            page.paragraph(&text, "", "  ", FAINT);
        }
    }
    if let Some(rest) = rest(comparison, &shown) {
        page.paragraph(&rest, "", "  ", FAINT);
    }
    page.write(out)
}

fn markdown(comparison: &Comparison, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "**{}**\n", answer(comparison))?;
    for sentence in sentences(comparison, style.units) {
        writeln!(out, "- {}", sentence_for_markdown(&sentence))?;
    }
    for row in [&comparison.before, &comparison.after] {
        writeln!(out, "- {}", for_markdown(&side(row)))?;
    }
    let shown = shown(comparison, style);
    if !shown.is_empty() {
        let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
        let headings = HEADINGS.map(|(heading, _)| heading.to_owned());
        let rules = HEADINGS.map(|(_, right)| if right { "---:" } else { "---" }.to_owned());
        writeln!(out, "\n{}\n{}", line(&headings), line(&rules))?;
        for change in &shown {
            let mut row = cells(change, style).to_vec();
            row.push(for_markdown(&change.name));
            writeln!(out, "{}", line(&row))?;
        }
    }
    rest(comparison, &shown).map_or(Ok(()), |rest| writeln!(out, "\n{rest}"))
}

/// A row as it is written.
#[derive(Serialize)]
struct Row {
    kind: Kind,
    change: &'static str,
    name: String,
    moved_from: String,
    verdict_before: &'static str,
    verdict_after: &'static str,
    rate_before: Option<f64>,
    rate_after: Option<f64>,
    difference: Option<f64>,
    difference_low: Option<f64>,
    difference_high: Option<f64>,
    unit: &'static str,
    p: Option<f64>,
}

fn csv(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = ::csv::Writer::from_writer(out);
    for change in &comparison.changes {
        let Change { kind, name, moved_from, direction, before, after, difference } = change;
        let verdict = |state: &Option<State>| state.as_ref().map_or("", |state| state.verdict.as_str());
        let unit = after.as_ref().or(before.as_ref()).and_then(|state| state.unit);
        let row = Row {
            kind: *kind,
            change: direction.as_str(),
            name: for_sheet(name),
            moved_from: for_sheet(moved_from.as_deref().unwrap_or_default()),
            verdict_before: verdict(before),
            verdict_after: verdict(after),
            rate_before: before.as_ref().and_then(|state| state.rate),
            rate_after: after.as_ref().and_then(|state| state.rate),
            difference: difference.as_ref().map(|d| d.value),
            difference_low: difference.as_ref().map(|d| d.low),
            difference_high: difference.as_ref().map(|d| d.high),
            unit: unit.map_or("", |unit| unit.as_str()),
            p: difference.as_ref().map(|d| d.p),
        };
        writer.serialize(row).map_err(io::Error::other)?;
    }
    writer.flush()
}
