//! Charts in the terminal, below the table: the leading series of each process, and the first sites.

mod axis;
mod canvas;
mod draw;

use unicode_width::UnicodeWidthStr;

use self::canvas::Ink;
use self::draw::{ASCII_SIGNS, CROWDED, Drawing, SIGNS, Signs};
use super::document::{Plot, ProcessRow, SiteRow, TrendRow};
use super::headline::{name, of_several_sources};
use super::page::{FAINT, Page, STRONG, paint};
use super::quantity::{Units, count, counted, rate};
use super::selection::Selection;
use super::untrusted::{shortened, shortened_from};
use super::{Report, Style};
use crate::model::{Axis, SiteUnit};
use crate::verdict::Verdict;

/// Largest number of charts of processes, and of sites: more would push the table off the screen.
const MOST_CHARTS: usize = 5;
/// Least width of a chart in columns.
const LEAST_WIDTH: usize = 40;
/// Largest width of a chart in columns.
const MOST_WIDTH: usize = 200;
/// Rows for the readings of a process, and of a site.
const ROWS: (usize, usize) = (10, 7);

/// A series with its heading.
struct Charted<'a> {
    heading: String,
    plot: &'a Plot,
    trend: &'a TrendRow,
    rows: usize,
    /// Whether its values are no bytes but numbers of things.
    is_count: bool,
    /// Whether the year of its times is known.
    with_year: bool,
}

impl Page<'_> {
    /// Adds the charts.
    pub fn charts(&mut self, report: &Report) {
        self.blank();
        if self.style.width < LEAST_WIDTH {
            let text = format!("No charts: they need {LEAST_WIDTH} columns.");
            return self.paragraph(&text, "", "  ", FAINT);
        }
        let mut processes: Vec<&ProcessRow> = report.processes.iter().filter(|row| row.leading).collect();
        if processes.len() > MOST_CHARTS {
            processes.sort_by_key(|row| row.trend.verdict != Verdict::Growing);
        }
        let sites = Selection::of(&report.sites, self.style).shown;
        let several = of_several_sources(&report.processes);
        let mut all: Vec<Charted<'_>> = processes
            .iter()
            .take(MOST_CHARTS)
            .filter_map(|row| of_process(row, several, self.style))
            .collect();
        let with_year = report.recording.start.is_some();
        all.extend(sites.iter().take(MOST_CHARTS).filter_map(|row| of_site(row, with_year, self.style)));
        if all.is_empty() {
            return;
        }
        let legend = legend(&all, self.style);
        self.paragraph(&legend, "", "  ", FAINT);
        for charted in &all {
            self.blank();
            self.chart(charted);
        }
        let left = [(processes.len(), "process", "processes"), (sites.len(), "site", "sites")]
            .into_iter()
            .filter(|(there, _, _)| *there > MOST_CHARTS)
            .map(|(there, one, several)| match there - MOST_CHARTS {
                1 => format!("1 {one}"),
                more => format!("{} {several}", count(more as u64)),
            })
            .collect::<Vec<_>>();
        if !left.is_empty() {
            self.blank();
            self.paragraph(&format!("Without a chart: {}.", left.join(", ")), "", "  ", FAINT);
        }
    }

    fn chart(&mut self, charted: &Charted<'_>) {
        let Charted { heading, plot, trend, .. } = charted;
        let width = self.style.width.min(MOST_WIDTH);
        // Labels may take a third of the width.
        let units = if charted.is_count { Units::Bytes } else { self.style.units };
        let Some(mut sizes) = axis::sizes(&plot.bytes, units, width / 3) else { return };
        if charted.is_count {
            sizes.labels.iter_mut().for_each(|label| *label = label.trim_end_matches(" B").to_owned());
        }
        let columns = width - sizes.labels.iter().map(String::len).max().unwrap_or(0) - 1;
        self.line(self.painted(heading, STRONG));
        let lines = draw::draw(&Drawing {
            plot,
            sizes: &sizes,
            positions: axis::positions(plot, charted.with_year, columns),
            with_fit: has_fit(charted),
            width,
            rows: charted.rows,
            ascii: self.style.ascii,
        });
        for pieces in lines {
            let mut line = String::new();
            let end = pieces.iter().rposition(|(text, _)| !text.trim().is_empty()).map_or(0, |last| last + 1);
            for (text, ink) in &pieces[..end] {
                match ink {
                    Ink::Label => line += text,
                    Ink::Axis | Ink::Restart => line += &self.painted(text, FAINT),
                    Ink::Reading => line += &self.painted(text, STRONG),
                    Ink::Fit => line += &self.painted(text, paint(trend.verdict)),
                }
            }
            self.line(line.trim_end().to_owned());
        }
    }
}

/// Returns whether the line of the rate is drawn: where there is a trend, or may be one.
fn has_fit(charted: &Charted<'_>) -> bool {
    let trending = match charted.trend.verdict {
        Verdict::Growing | Verdict::Unclear | Verdict::Shrinking => true,
        Verdict::Settled | Verdict::Steady => false,
    };
    trending && charted.plot.fit.is_some()
}

fn of_process<'a>(row: &'a ProcessRow, several_sources: bool, style: &Style) -> Option<Charted<'a>> {
    let tail = tail(&row.trend, style);
    let name = name(row, several_sources);
    let width = style.width.saturating_sub(tail.width());
    Some(Charted {
        heading: shortened(&name, width, style.ascii) + &tail,
        plot: row.plot.as_deref().filter(has_several_points)?,
        trend: &row.trend,
        rows: ROWS.0,
        is_count: row.is_count(),
        with_year: row.start.is_some(),
    })
}

fn of_site<'a>(row: &'a SiteRow, with_year: bool, style: &Style) -> Option<Charted<'a>> {
    let rank = format!("#{} ", row.rank);
    let tail = tail(&row.trend, style);
    let width = style.width.saturating_sub(rank.width() + tail.width());
    Some(Charted {
        heading: rank + &shortened_from(&row.site, row.own_frame(), width, style.ascii) + &tail,
        plot: row.plot.as_deref().filter(has_several_points)?,
        trend: &row.trend,
        rows: ROWS.1,
        is_count: row.unit == SiteUnit::Objects,
        with_year,
    })
}

/// Returns whether there is more than one point.
fn has_several_points(plot: &&Plot) -> bool {
    plot.at.len() > 1
}

/// Returns the end of a heading: `: growing, 1.68 MiB/h`.
fn tail(trend: &TrendRow, style: &Style) -> String {
    let word = trend.verdict.as_str();
    match trend.slope.as_ref().filter(|_| trend.verdict == Verdict::Growing) {
        Some(slope) => {
            let shown = rate(slope, style.units);
            format!(": {word}, {}{}", shown.value, shown.per)
        }
        None => format!(": {word}"),
    }
}

/// Returns the legend of the signs that are drawn.
fn legend(all: &[Charted<'_>], style: &Style) -> String {
    let Signs { reading, fit, restart, .. } = if style.ascii { ASCII_SIGNS } else { SIGNS };
    let width = style.width.min(MOST_WIDTH);
    let is_crowded = |charted: &Charted<'_>| draw::is_crowded(charted.plot, width, style.ascii);
    let mut parts = Vec::new();
    if !all.iter().all(is_crowded) {
        parts.push(format!("{reading} reading"));
    }
    if all.iter().any(is_crowded) {
        parts.push(format!("{CROWDED} readings close together"));
    }
    if all.iter().any(has_fit) {
        parts.push(format!("{fit} line of the rate"));
    }
    if all.iter().any(|charted| !charted.plot.restarts.is_empty()) {
        parts.push(format!("{restart} restart"));
    }
    if all.iter().any(|charted| charted.plot.axis == Axis::Seconds) {
        parts.push("times in UTC".to_owned());
    }
    format!("{}: {}", counted(all.len() as u64, "chart"), parts.join(", "))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::super::{Detail, OutputFormat as _, sample, table::Table};
    use super::*;

    /// The whole page with charts.
    fn drawn(report: &Report, style: Style) -> String {
        let mut out = Vec::new();
        Table.render(report, &Style { plot: true, ..style }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// A text without its colours.
    fn without_paint(text: &str) -> String {
        let mut parts = text.split('\u{1b}');
        let first = parts.next().unwrap().to_owned();
        parts.fold(first, |all, part| all + part.split_once('m').unwrap().1)
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_and_nothing_steers_it() {
        let reports = [
            sample::blog(),
            sample::mixed(),
            sample::ten_lines(),
            sample::hostile(),
            sample::restarts(),
            sample::empty(),
        ];
        for width in (20..=200).step_by(3).chain([65_535]) {
            for report in &reports {
                for (ascii, colour, units) in [
                    (false, false, super::super::Units::Bytes),
                    (true, false, Default::default()),
                    (false, true, Default::default()),
                ] {
                    let style =
                        Style { width, ascii, colour, units, plot: true, top: None, ..Style::default() };
                    let mut page = Page::new(&style);
                    page.charts(report);
                    let mut out = Vec::new();
                    page.write(&mut out).unwrap();
                    let painted = String::from_utf8(out).unwrap();
                    let text = without_paint(&painted);
                    for line in text.lines() {
                        assert!(line.width() <= width, "{width}: {line}");
                    }
                    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text}");
                    assert!(!ascii || text.is_ascii(), "{text}");
                    assert_eq!(colour && !text.is_empty(), painted.contains('\u{1b}'));
                }
            }
        }
    }

    #[test]
    fn what_has_no_chart_is_counted() {
        let mut report = sample::mixed();
        let text = drawn(&report, Style { top: Some(8), ..Style::default() });
        assert!(text.contains("\nWithout a chart: 3 sites.\n"), "{text}");
        for (n, verdict) in (0..6).zip([Verdict::Steady; 5].into_iter().chain([Verdict::Growing])) {
            let mut row = report.processes.iter().find(|row| row.leading).unwrap().clone();
            row.process = Some(format!("worker-{n}"));
            row.trend.verdict = verdict;
            report.processes.push(row);
        }
        let text = drawn(&report, Style { top: Some(1), detail: Detail::Quiet, ..Style::default() });
        assert!(text.contains("\nWithout a chart: 2 processes.\n"), "{text}");
        let (_, charts) = text.split_once(" charts: ").unwrap();
        assert!(
            charts.contains("worker-5 ") && !charts.contains("worker-4 "),
            "growing ones first: {charts}"
        );
    }

    #[test]
    fn without_plots_there_are_no_charts() {
        let mut report = sample::blog();
        report.processes.iter_mut().for_each(|row| row.plot = None);
        assert!(!drawn(&report, Style::default()).contains("chart"));
    }
}
