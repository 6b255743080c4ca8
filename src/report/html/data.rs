//! The data for the script of the page: series to draw, and the table of sites column by column, its cells ready to be
//! read.

use std::collections::HashMap;

use serde::{Serialize, Serializer};

use super::curve::{Curve, SharedAxis};
use crate::model::{Axis, SiteUnit};
use crate::report::columns::{filled, verdict};
use crate::report::document::{ProcessRow, ReachRow, Report, SiteRow, Timestamp};
use crate::report::headline::{headlines, of_several_sources, since, tests};
use crate::report::quantity::{counted, rate};
use crate::report::untrusted::for_terminal;
use crate::report::{Style, document::TrendRow};
use crate::verdict::RateUnit;

/// The first sites are drawn with all points that the document has.
const FULL: usize = 500;
/// Number of points that the others share, at least [`LEAST_POINTS`] each.
const SHARED_POINTS: usize = 300_000;
/// Points that a plot has in any case.
const LEAST_POINTS: usize = 24;

/// The data for the script.
#[derive(Debug, Serialize)]
pub struct Data {
    units: Vec<(&'static str, f64)>,
    /// Whether positions in seconds are calendar times.
    calendar: bool,
    processes: Vec<Process>,
    sites: Sites,
}

impl Data {
    /// The data of a report.
    pub fn of(report: &Report, style: &Style) -> Self {
        let several = of_several_sources(&report.processes);
        Self {
            units: style.units.scales(),
            calendar: report.recording.start.is_some()
                || report.processes.iter().any(|row| row.start.is_some()),
            processes: report.processes.iter().map(|row| Process::of(row, several, style)).collect(),
            sites: Sites::of(&report.sites[..style.top.unwrap_or(usize::MAX).min(report.sites.len())], style),
        }
    }
}

/// A number that is as short as it can be: whole ones without a point, others in six figures, none as `null`.
#[derive(Debug, Clone, Copy)]
struct Number(Option<f64>);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.filter(|value| value.is_finite()) {
            None => serializer.serialize_none(),
            #[allow(clippy::cast_possible_truncation)]
            Some(value) if value.fract() == 0.0 && value.abs() < 1e15 => {
                serializer.serialize_i64(value as i64)
            }
            Some(value) => serializer.serialize_f64(format!("{value:.5e}").parse().unwrap_or(value)),
        }
    }
}

/// Texts of which many are alike: each different one once, and the index of each row's.
#[derive(Debug, Default, Serialize)]
struct Texts {
    texts: Vec<String>,
    of: Vec<usize>,
}

impl Texts {
    fn of(rows: impl Iterator<Item = String>) -> Self {
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut all = Self::default();
        for text in rows {
            let place = *places.entry(text).or_insert_with_key(|text| {
                all.texts.push(text.clone());
                all.texts.len() - 1
            });
            all.of.push(place);
        }
        all
    }
}

/// A process in one metric.
#[derive(Debug, Serialize)]
struct Process {
    label: String,
    verdict: &'static str,
    axis: Option<Axis>,
    positions: Vec<f64>,
    curve: Option<Curve>,
    limit: Option<f64>,
    /// The positions at which the limit is reached: at the highest, at the estimated and at the lowest rate.
    reach: Option<[Option<f64>; 3]>,
}

impl Process {
    fn of(row: &ProcessRow, several: bool, style: &Style) -> Self {
        let axis = SharedAxis::of(row.plot.as_deref().into_iter());
        let said = headlines(std::slice::from_ref(row), style).pop().map(|h| h.first).unwrap_or_default();
        let forecast = row.forecast.as_ref();
        let reach = forecast.and_then(|f| f.reaches_limit_at.as_ref()).map(|reach| {
            let last = row.plot.as_deref().and_then(|plot| plot.at.last().copied());
            let ReachRow { value: _, low, high, in_seconds } = reach;
            let value = last.zip(*in_seconds).map(|(last, seconds)| last + seconds);
            [low.map(Timestamp::seconds), value, high.map(Timestamp::seconds)]
        });
        Self {
            label: if several { format!("{}: {said}", for_terminal(&row.source)) } else { said },
            verdict: row.trend.verdict.as_str(),
            axis: row.plot.as_deref().map(|plot| plot.axis),
            curve: row
                .plot
                .as_deref()
                .map(|plot| Curve::of(plot, &axis, usize::MAX).of_counts(row.is_count())),
            positions: axis.positions().to_vec(),
            limit: forecast.and_then(|f| f.limit_bytes),
            reach,
        }
    }
}

/// A column of the table.
#[derive(Debug, Serialize)]
struct Column {
    heading: &'static str,
    right: bool,
    cells: Texts,
    /// The sort key of each row.
    numbers: Vec<Number>,
}

/// The sites, column by column.
#[derive(Debug, Serialize)]
struct Sites {
    columns: Vec<Column>,
    names: Vec<String>,
    /// The frame of own code of each traceback.
    owners: Texts,
    sources: Texts,
    verdicts: Texts,
    groups: Vec<Number>,
    /// The facts of a site that is opened: their names, and the text of each row, empty where there is none.
    facts: Vec<(&'static str, Texts)>,
    axis: Option<Axis>,
    positions: Vec<f64>,
    curves: Vec<Option<Curve>>,
}

impl Sites {
    fn of(rows: &[SiteRow], style: &Style) -> Self {
        let all: Vec<&SiteRow> = rows.iter().collect();
        let texts = |text: &dyn Fn(&SiteRow) -> String| Texts::of(rows.iter().map(text));
        let axis = SharedAxis::of(rows.iter().filter_map(|row| row.plot.as_deref()));
        let least = (SHARED_POINTS / rows.len().max(1)).max(LEAST_POINTS);
        let curve = |(i, row): (usize, &SiteRow)| {
            let counts = row.unit == SiteUnit::Objects;
            let most = if i < FULL { usize::MAX } else { least };
            row.plot.as_deref().map(|plot| Curve::of(plot, &axis, most).of_counts(counts))
        };
        Self {
            columns: filled(&all, style)
                .into_iter()
                .map(|column| Column {
                    heading: column.heading,
                    right: column.right,
                    cells: Texts::of(column.cells.into_iter()),
                    numbers: column.numbers.into_iter().map(Number).collect(),
                })
                .collect(),
            names: rows.iter().map(|row| for_terminal(&row.site)).collect(),
            owners: texts(&|row| row.own_frame().map(for_terminal).unwrap_or_default()),
            sources: texts(&|row| row.source.as_deref().map(for_terminal).unwrap_or_default()),
            verdicts: texts(&|row| verdict(row).to_owned()),
            #[allow(clippy::cast_precision_loss)]
            groups: rows.iter().map(|row| Number(row.group.map(|id| id as f64))).collect(),
            facts: vec![
                ("rate", texts(&|row| rated(&row.trend, style))),
                ("why", texts(&|row| row.trend.reason.text.clone())),
                ("since", texts(&|row| since(&row.trend, "point").unwrap_or_default())),
                (
                    "blocks",
                    texts(&|row| row.block_trend.as_ref().map(|t| blocks(t, style)).unwrap_or_default()),
                ),
                ("tests", texts(&|row| tests(&row.trend, style).unwrap_or_default())),
                ("seen", texts(&|row| format!("in {}", counted(row.snapshots_seen, "snapshot")))),
                ("code", texts(&|row| row.code.as_deref().map(for_terminal).unwrap_or_default())),
            ],
            axis: rows.iter().find_map(|row| row.plot.as_deref()).map(|plot| plot.axis),
            positions: axis.positions().to_vec(),
            curves: rows.iter().enumerate().map(curve).collect(),
        }
    }
}

/// A rate with its interval in one text: `1.68 MiB/h (1.44 to 1.91)`.
fn rated(trend: &TrendRow, style: &Style) -> String {
    trend.slope.as_ref().map_or_else(String::new, |slope| {
        let shown = rate(slope, style.units);
        let interval =
            if shown.interval.is_empty() { String::new() } else { format!(" ({})", shown.interval) };
        format!("{}{}{interval}", shown.value, shown.per)
    })
}

/// The development of the number of blocks.
fn blocks(trend: &TrendRow, style: &Style) -> String {
    let of_blocks = trend.slope.as_ref().is_some_and(|slope| slope.unit == RateUnit::BlocksPerSnapshot);
    let rate = if of_blocks { format!(", {}", rated(trend, style)) } else { String::new() };
    format!("{}{rate}", trend.verdict.as_str())
}
