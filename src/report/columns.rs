//! The columns of the table of sites, and the order in which they give way where there is
//! little space.

use unicode_width::UnicodeWidthStr;

use super::document::SiteRow;
use super::quantity::{count, grouped, per_iteration, percent, rate};
use super::sparkline::{coarser, sparkline};
use super::untrusted::{shortened, shortened_from};
use super::{Detail, Style};
use crate::model::{SiteUnit, Transitions};

/// Characters of a sparkline.
const SPARKLINE: usize = 8;
/// Least width of a site while other columns can give way.
const LEAST_SITE: usize = 28;
/// Most columns of a source in front of a site; it also takes at most a third of the site's.
const SOURCE: usize = 16;
/// Least width of a source; with less it is left out.
const LEAST_SOURCE: usize = 6;
/// Blanks between columns.
pub const GAP: usize = 2;

/// One column.
pub struct Column {
    /// Its heading.
    pub heading: &'static str,
    /// Whether it is aligned to the right.
    pub right: bool,
    /// Those with a higher number give way first; 0 never does.
    gives_way: u8,
    /// Whether the column is shown at all.
    shown: fn(&[&SiteRow], &Style) -> bool,
    /// The text of a row.
    cell: fn(&SiteRow, &Style) -> String,
    /// The sort key of a row, where the reader may sort.
    number: fn(&SiteRow) -> Option<f64>,
}

const fn always(_: &[&SiteRow], _: &Style) -> bool {
    true
}

/// All columns but the site, from left to right.
#[allow(clippy::cast_precision_loss)]
const COLUMNS: [Column; 11] = [
    Column {
        heading: "#",
        right: true,
        gives_way: 0,
        shown: always,
        cell: |row, _| row.rank.to_string(),
        number: |row| Some(row.rank as f64),
    },
    Column {
        heading: "verdict",
        right: false,
        gives_way: 0,
        shown: always,
        cell: |row, _| verdict(row).to_owned(),
        number: |row| {
            Some(f64::from(row.trend.verdict as u8) + if row.profiler_overhead { 8.0 } else { 0.0 })
        },
    },
    Column {
        heading: "P(keeps growing)",
        right: true,
        gives_way: 3,
        shown: |_, style| style.detail != Detail::Quiet,
        cell: |row, _| percent(row.trend.probability),
        number: |row| Some(row.trend.probability),
    },
    Column {
        heading: "per snapshot",
        right: true,
        gives_way: 0,
        shown: always,
        cell: |row, style| row.trend.slope.map(|slope| rate(&slope, style.units).value).unwrap_or_default(),
        number: |row| row.trend.slope.map(|slope| slope.value),
    },
    Column {
        heading: "an iteration",
        right: true,
        gives_way: 0,
        shown: |rows, _| rows.iter().any(|row| row.per_iteration.is_some()),
        cell: |row, style| {
            row.per_iteration
                .as_deref()
                .map(|each| per_iteration(*each, row.unit, style.units))
                .unwrap_or_default()
        },
        number: |row| row.per_iteration.as_ref().and_then(|each| each.bytes.or(each.blocks)),
    },
    Column {
        heading: "95 %",
        right: false,
        gives_way: 5,
        shown: |rows, _| rows.iter().any(|r| r.trend.slope.is_some_and(|slope| slope.low.is_some())),
        cell: |row, style| {
            row.trend.slope.map(|slope| rate(&slope, style.units).interval).unwrap_or_default()
        },
        number: |row| row.trend.slope.and_then(|slope| slope.low),
    },
    Column {
        heading: "grown",
        right: true,
        gives_way: 1,
        shown: always,
        cell: |row, style| grown(row, style),
        number: |row| Some(row.last_bytes - row.first_bytes),
    },
    Column {
        heading: "from → to",
        right: true,
        gives_way: 4,
        shown: always,
        cell: |row, style| match row.unit {
            SiteUnit::Bytes => style.units.span(row.first_bytes, row.last_bytes, arrow(style)),
            SiteUnit::Objects => {
                format!("{} {} {}", grouped(row.first_bytes), arrow(style), grouped(row.last_bytes))
            }
        },
        number: |row| Some(row.last_bytes),
    },
    Column {
        heading: "blocks",
        right: true,
        gives_way: 6,
        // Of a census without bytes the sizes are the counts.
        shown: |rows, _| rows.iter().any(|r| r.unit == SiteUnit::Bytes && r.last_blocks.is_some()),
        cell: |row, style| match (row.first_blocks, row.last_blocks) {
            (Some(from), Some(to)) if row.unit == SiteUnit::Bytes => {
                format!("{} {} {}", count(from), arrow(style), count(to))
            }
            _ => String::new(),
        },
        number: |row| row.last_blocks.map(|blocks| blocks as f64),
    },
    Column {
        heading: "trend",
        right: false,
        gives_way: 7,
        shown: |rows, _| rows.iter().any(|r| r.sparkline.len() > 2),
        cell: |row, style| sparkline(&coarser(&row.sparkline, SPARKLINE), style.ascii),
        number: |row| Some(row.last_bytes - row.first_bytes),
    },
    Column {
        heading: "steps up",
        right: false,
        gives_way: 2,
        shown: always,
        cell: |row, _| steps(row),
        number: |row| Some(row.trend.transitions.grew as f64),
    },
];

const fn arrow(style: &Style) -> &'static str {
    if style.ascii { "->" } else { "→" }
}

/// The verdict, or the kind of a site that is no finding.
pub fn verdict(row: &SiteRow) -> &'static str {
    if row.profiler_overhead { "profiler" } else { row.trend.verdict.as_str() }
}

/// `39 of 39`, or `37 of 39, 2 down`.
fn steps(row: &SiteRow) -> String {
    let Transitions { grew, shrank, held } = row.trend.transitions;
    let down = if shrank > 0 { format!(", {shrank} down") } else { String::new() };
    format!("{grew} of {}{down}", grew + shrank + held)
}

/// The growth from the first known size to the last.
fn grown(row: &SiteRow, style: &Style) -> String {
    let grown = row.last_bytes - row.first_bytes;
    match row.unit {
        SiteUnit::Bytes => style.units.size(grown),
        SiteUnit::Objects => grouped(grown),
    }
}

/// A column with all its cells, where every column fits.
pub struct Filled {
    /// Its heading.
    pub heading: &'static str,
    /// Whether it is aligned to the right.
    pub right: bool,
    /// The cells, a row each.
    pub cells: Vec<String>,
    /// The sort key of each row.
    pub numbers: Vec<Option<f64>>,
}

/// All columns but the site that these rows have something for.
pub fn filled(rows: &[&SiteRow], style: &Style) -> Vec<Filled> {
    COLUMNS
        .iter()
        .filter(|column| (column.shown)(rows, style))
        .map(|column| Filled {
            heading: column.heading,
            right: column.right,
            cells: rows.iter().map(|row| (column.cell)(row, style)).collect(),
            numbers: rows.iter().map(|row| (column.number)(row)).collect(),
        })
        .collect()
}

/// A table ready to be drawn: headings, alignments and cells; the site is the last column.
pub struct Layout {
    /// Headings and whether each column is aligned to the right.
    pub columns: Vec<(String, bool)>,
    /// The cells of each row.
    pub rows: Vec<Vec<String>>,
}

/// Chooses the columns that fit and shortens sites to the rest.
pub fn layout(rows: &[&SiteRow], style: &Style) -> Layout {
    let site = |row: &SiteRow, width: usize| {
        let mut mark = row.group.map(|id| format!("[{id}] ")).unwrap_or_default();
        let share = SOURCE.min(width / 3);
        if let Some(source) = row.source.as_ref().filter(|_| share >= LEAST_SOURCE) {
            mark += &format!("{}: ", shortened(source, share, style.ascii));
        }
        let space = width.saturating_sub(mark.width());
        mark + &shortened_from(&row.site, row.own_frame(), space, style.ascii)
    };
    let least = LEAST_SITE + if rows.iter().any(|r| r.source.is_some()) { SOURCE / 2 } else { 0 };
    let wanted = rows.iter().map(|r| site(r, usize::MAX).width()).max().unwrap_or(0).max("site".len());
    let mut chosen: Vec<(&Column, Vec<String>, usize)> = COLUMNS
        .iter()
        .filter(|c| (c.shown)(rows, style))
        .map(|column| {
            let cells: Vec<String> = rows.iter().map(|row| (column.cell)(row, style)).collect();
            let width =
                cells.iter().map(|c| c.width()).max().unwrap_or(0).max(heading(column, style).width());
            (column, cells, width)
        })
        .collect();
    let left = |chosen: &[(&Column, Vec<String>, usize)]| {
        style.width.saturating_sub(chosen.iter().map(|(_, _, width)| width + GAP).sum())
    };
    while left(&chosen) < wanted.min(least) {
        let gives =
            chosen.iter().enumerate().filter(|(_, c)| c.0.gives_way > 0).max_by_key(|(_, c)| c.0.gives_way);
        let Some((at, _)) = gives else { break };
        chosen.remove(at);
    }
    let space = left(&chosen).max(8);
    let mut columns: Vec<(String, bool)> =
        chosen.iter().map(|(c, _, _)| (heading(c, style), c.right)).collect();
    columns.push(("site".to_owned(), false));
    let cells = (0..rows.len())
        .map(|r| {
            let mut line: Vec<String> = chosen.iter().map(|(_, cells, _)| cells[r].clone()).collect();
            line.push(site(rows[r], space));
            line
        })
        .collect();
    Layout { columns, rows: cells }
}

fn heading(column: &Column, style: &Style) -> String {
    if style.ascii { column.heading.replace('→', "->") } else { column.heading.to_owned() }
}
