//! A comparison for people and for programs.

use std::io::{self, Write};

use comfy_table::{Cell, CellAlignment, ContentArrangement, TableStyle};
use serde::Serialize;

use super::document::{Change, Comparison, Difference, Direction, Kind, SideRow, State};
use crate::report::page::{FAINT, Page, STRONG};
use crate::report::quantity::{count, counted, duration, p_value, rate};
use crate::report::untrusted::{for_markdown, for_sheet, for_terminal, shortened};
use crate::report::{Detail, Style};
use crate::verdict::Rate;

/// The outputs that a comparison has.
pub const FORMATS: [&str; 4] = ["table", "json", "csv", "markdown"];

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
        _ => return None,
    })
}

/// The changes that are shown; all series where everything is wanted.
fn shown<'a>(comparison: &'a Comparison, style: &Style) -> Vec<&'a Change> {
    let changed = |change: &&Change| !matches!(change.direction, Direction::Unchanged | Direction::Unclear);
    match (style.top, style.detail) {
        (None, _) | (_, Detail::Verbose) => comparison.changes.iter().collect(),
        (Some(top), _) => comparison.changes.iter().filter(changed).take(top).collect(),
    }
}

/// `2 grow faster, 1 stopped`, or that nothing changed.
fn answer(comparison: &Comparison) -> String {
    let of = |direction| comparison.changes.iter().filter(|c| c.direction == direction).count() as u64;
    let parts: Vec<String> = Direction::ALL
        .into_iter()
        .filter(|direction| !matches!(direction, Direction::Unchanged | Direction::Unclear))
        .filter_map(|direction| {
            let words = match direction {
                Direction::New => "new and growing",
                Direction::Started => "started to grow",
                Direction::Faster => "faster",
                Direction::Slower => "slower",
                Direction::Stopped => "stopped",
                _ => "gone",
            };
            let n = of(direction);
            (n > 0).then(|| format!("{} {words}", count(n)))
        })
        .collect();
    let compared = format!("{} series", count(comparison.changes.len() as u64));
    if parts.is_empty() {
        format!("No change: {compared} compared")
    } else {
        format!("{} of {compared}", parts.join(", "))
    }
}

/// The series that are not shown, counted.
fn rest(comparison: &Comparison, shown: usize) -> Option<String> {
    let of = |direction| comparison.changes.iter().filter(|c| c.direction == direction).count();
    let (unchanged, unclear) = (of(Direction::Unchanged), of(Direction::Unclear));
    let others = comparison.changes.len().saturating_sub(unchanged + unclear + shown);
    let parts: Vec<String> = [(others, "changed"), (unchanged, "unchanged"), (unclear, "unclear")]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{} {word}", count(n as u64)))
        .collect();
    let all = comparison.changes.len() > shown && !parts.is_empty();
    all.then(|| format!("Not shown: {}. --top 0 shows all.", parts.join(", ")))
}

/// `before/: 39 snapshots over 6 h 20 min, 7 of 22 sites grow`.
fn side(row: &SideRow) -> String {
    let SideRow { name, snapshots, duration_seconds, sites, sites_growing, processes_growing } = row;
    let mut parts = Vec::new();
    if *snapshots > 0 {
        let over = duration_seconds.filter(|s| *s > 0.0).map(|s| format!(" over {}", duration(s)));
        parts.push(counted(*snapshots, "snapshot") + &over.unwrap_or_default());
        parts.push(format!("{sites_growing} of {} grow", counted(*sites, "site")));
    }
    if *processes_growing > 0 {
        parts.push(format!("{processes_growing} growing metrics of processes"));
    }
    format!("{}: {}", for_terminal(name), parts.join(", "))
}

/// A rate as the table shows it, or the verdict where there is none.
fn rate_or_verdict(state: Option<&State>, style: &Style) -> String {
    let Some(State { verdict, probability: _, rate: value, low, high, unit }) = state else {
        return "not there".to_owned();
    };
    match (*value, *unit) {
        (Some(value), Some(unit)) => {
            let slope = Rate { value, low: *low, high: *high, unit };
            let shown = rate(&slope, style.units);
            format!("{}{}", shown.value, shown.per)
        }
        _ => verdict.as_str().to_owned(),
    }
}

/// The difference with its interval.
fn difference(difference: Option<&Difference>, style: &Style) -> (String, String, String) {
    let Some(Difference { value, low, high, unit, p }) = difference else { return Default::default() };
    let slope = Rate { value: *value, low: Some(*low), high: Some(*high), unit: *unit };
    let shown = rate(&slope, style.units);
    let sign = if *value > 0.0 { "+" } else { "" };
    (format!("{sign}{}", shown.value), shown.interval, p_value(*p))
}

const HEADINGS: [(&str, bool); 7] = [
    ("change", false),
    ("before", true),
    ("after", true),
    ("difference", true),
    ("95 %", false),
    ("p", true),
    ("what", false),
];

fn cells(change: &Change, style: &Style) -> [String; 6] {
    let (value, interval, p) = difference(change.difference.as_ref(), style);
    let Change { kind: _, name: _, moved_from: _, direction, before, after, difference: _ } = change;
    [
        direction.as_str().to_owned(),
        rate_or_verdict(before.as_ref(), style),
        rate_or_verdict(after.as_ref(), style),
        value,
        interval,
        p,
    ]
}

/// Columns that a name has at least.
const LEAST_NAME: usize = 24;

fn table(comparison: &Comparison, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(style);
    page.paragraph(&answer(comparison), "", "  ", STRONG);
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
    if let Some(rest) = rest(comparison, shown.len()) {
        page.paragraph(&rest, "", "  ", FAINT);
    }
    page.write(out)
}

fn markdown(comparison: &Comparison, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "**{}**\n", answer(comparison))?;
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
    rest(comparison, shown.len()).map_or(Ok(()), |rest| writeln!(out, "\n{rest}"))
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
