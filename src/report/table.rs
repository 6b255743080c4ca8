//! What people read: headlines, the ranked table, and what cannot be told.

use std::io;

use anstyle::Style as Paint;
use comfy_table::{Cell, CellAlignment, ContentArrangement, TableStyle};

use super::columns::{GAP, layout, verdict};
use super::document::{SiteRow, VerdictWord};
use super::headline::{headlines, since};
use super::page::{FAINT, Page, STRONG, paint};
use super::quantity::counted;
use super::selection::{left_out, shown};
use super::sentence;
use super::untrusted::{beginning, for_terminal};
use super::{Detail, OutputFormat, Report, Style};

/// The table output.
#[derive(Debug)]
pub struct Table;

impl OutputFormat for Table {
    fn name(&self) -> &'static str {
        "table"
    }

    /// People read from the top, and not far.
    fn default_top(&self) -> Option<usize> {
        Some(10)
    }

    fn adds_charts(&self) -> bool {
        true
    }

    fn render(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let mut page = Page::new(style);
        page.processes(report);
        page.sites(report);
        page.groups(report);
        page.attribution(report);
        if style.plot {
            page.charts(report);
        }
        if style.detail != Detail::Quiet {
            page.remarks(report);
        }
        page.warnings(report);
        match style.detail {
            Detail::Quiet => {}
            Detail::Normal => page.order(report),
            Detail::Verbose => page.inputs(report),
        }
        page.check(report);
        page.write(out)
    }
}

/// Blanks before a line of code.
const CODE: usize = 4;

impl Page<'_> {
    fn processes(&mut self, report: &Report) {
        for headline in headlines(&report.processes, self.style) {
            self.blank();
            self.paragraph(&headline.first, "", "  ", paint(headline.verdict));
            for line in &headline.below {
                self.paragraph(line, "  ", "    ", FAINT);
            }
        }
    }

    fn sites(&mut self, report: &Report) {
        if report.recording.sites_seen == 0 {
            return;
        }
        self.blank();
        self.paragraph(&sentence::sites(report), "", "  ", STRONG);
        let shown = shown(report, self.style);
        if !shown.is_empty() {
            self.blank();
            self.table(&shown);
        }
        self.reasons(&shown);
        let rest = left_out(report, &shown);
        if !rest.is_empty() {
            self.paragraph(&format!("Not shown: {}. --top 0 shows all.", rest.join(", ")), "", "  ", FAINT);
        }
    }

    fn table(&mut self, rows: &[&SiteRow]) {
        let layout = layout(rows, self.style);
        let mut table = comfy_table::Table::new();
        table.load_style(TableStyle::new()).set_content_arrangement(ContentArrangement::Disabled);
        let cell = |text: &str, right: bool| {
            Cell::new(text).set_alignment(if right { CellAlignment::Right } else { CellAlignment::Left })
        };
        table.set_header(layout.columns.iter().map(|(heading, right)| cell(heading, *right)));
        for row in &layout.rows {
            table.add_row(row.iter().zip(&layout.columns).map(|(text, (_, right))| cell(text, *right)));
        }
        #[allow(clippy::cast_possible_truncation)]
        for column in table.column_iter_mut() {
            column.set_padding((0, GAP as u16));
        }
        for (i, line) in table.lines().enumerate() {
            let line = line.trim_end().to_owned();
            let line = match i.checked_sub(1).and_then(|r| rows.get(r)) {
                None => self.painted(&line, FAINT),
                Some(row) if row.instrument => self.painted(&line, FAINT),
                Some(row) => {
                    let word = verdict(row);
                    line.replacen(word, &self.painted(word, paint(row.trend.verdict)), 1)
                }
            };
            self.line(line);
            if let Some(code) = i.checked_sub(1).and_then(|r| rows.get(r)).and_then(|row| row.code.as_ref()) {
                let code = beginning(code, self.style.width.saturating_sub(CODE), self.style.ascii);
                let line = format!("{}{}", " ".repeat(CODE), self.painted(&code, FAINT));
                self.line(line);
            }
        }
    }

    /// Why each shown site has its verdict, where everything is wanted; else since when those grow that began
    /// late, and why the first unclear one is, if nothing grows.
    fn reasons(&mut self, rows: &[&SiteRow]) {
        let grows = |row: &SiteRow| row.trend.verdict == VerdictWord::Growing && !row.instrument;
        let unclear = rows
            .iter()
            .find(|r| r.trend.verdict == VerdictWord::Unclear)
            .filter(|_| !rows.iter().any(|r| grows(r)));
        for row in rows {
            let told = match self.style.detail {
                Detail::Quiet => false,
                Detail::Normal => {
                    grows(row) && row.trend.since.is_some() || unclear.is_some_and(|u| u.rank == row.rank)
                }
                Detail::Verbose => true,
            };
            if told {
                let since = since(&row.trend, "reading").map(|text| format!("; {text}")).unwrap_or_default();
                let text = format!("#{} {}: {}{since}", row.rank, verdict(row), row.trend.reason);
                self.paragraph(&text, "", "    ", FAINT);
            }
        }
    }

    fn groups(&mut self, report: &Report) {
        if !report.groups.is_empty() {
            self.blank();
        }
        for group in &report.groups {
            let text = format!("[{}] {}", group.id, sentence::group(group, self.style.units));
            self.paragraph(&text, "", "    ", Paint::new());
        }
    }

    fn attribution(&mut self, report: &Report) {
        let Some(found) = &report.attribution else { return };
        self.blank();
        let text = sentence::attribution(found, self.style.units);
        self.paragraph(&text, "", "  ", Paint::new());
    }

    fn remarks(&mut self, report: &Report) {
        if report.recording.remarks.is_empty() {
            return;
        }
        self.blank();
        self.paragraph("What this cannot tell:", "", "", FAINT);
        for remark in &report.recording.remarks {
            self.paragraph(&for_terminal(remark), "  • ", "    ", FAINT);
        }
    }

    fn warnings(&mut self, report: &Report) {
        let unreadable: u64 = report.inputs.iter().map(|i| i.unreadable_lines).sum();
        let verbose = self.style.detail == Detail::Verbose;
        let others = report.warnings.iter().filter(|w| w.line.is_none());
        if self.style.detail != Detail::Quiet && !verbose {
            let others: Vec<String> = others.map(sentence::warning).collect();
            if unreadable > 0 || !others.is_empty() {
                self.blank();
            }
            for text in others.iter().take(5) {
                self.paragraph(text, "", "  ", FAINT);
            }
            if others.len() > 5 {
                self.paragraph(
                    &format!("and {} more notes (-v lists them)", others.len() - 5),
                    "",
                    "  ",
                    FAINT,
                );
            }
        }
        if unreadable > 0 && !verbose {
            let text = format!("{} could not be read; -v lists them.", counted(unreadable, "line"));
            self.paragraph(&text, "", "  ", paint(VerdictWord::Unclear));
        }
        if verbose && !report.warnings.is_empty() {
            self.blank();
            self.paragraph("Notes and lines that could not be read:", "", "", FAINT);
            for warning in &report.warnings {
                self.paragraph(&sentence::warning(warning), "  ", "    ", Paint::new());
            }
        }
    }

    /// The order in which several inputs were taken: it decides what grows.
    fn order(&mut self, report: &Report) {
        let Some(order) = report.recording.order else { return };
        self.blank();
        self.paragraph(
            &format!("{} read {order}; -v lists them.", counted(report.inputs.len() as u64, "input")),
            "",
            "  ",
            FAINT,
        );
    }

    fn inputs(&mut self, report: &Report) {
        self.blank();
        let order = report.recording.order.map(|order| format!(" {order}")).unwrap_or_default();
        self.paragraph(&format!("Read{order}:"), "", "", FAINT);
        for input in &report.inputs {
            let text = sentence::input(input);
            self.paragraph(&text, "  ", "    ", FAINT);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::super::sample;
    use super::*;

    fn drawn(report: &Report, style: Style) -> String {
        let mut out = Vec::new();
        Table.render(report, &style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn tables_at_usual_widths() {
        for width in [60, 80, 120] {
            let style = Style { width, ..Style::default() };
            insta::assert_snapshot!(format!("blog_{width}"), drawn(&sample::blog(), style));
            insta::assert_snapshot!(format!("mixed_{width}"), drawn(&sample::mixed(), style));
            insta::assert_snapshot!(format!("ten_lines_{width}"), drawn(&sample::ten_lines(), style));
        }
        let hostile = Style { detail: Detail::Verbose, ..Style::default() };
        insta::assert_snapshot!("hostile_verbose", drawn(&sample::hostile(), hostile));
        insta::assert_snapshot!(
            "mixed_ascii_quiet",
            drawn(&sample::mixed(), Style { ascii: true, detail: Detail::Quiet, ..Style::default() })
        );
        insta::assert_snapshot!(
            "mixed_colour",
            drawn(&sample::mixed(), Style { colour: true, ..Style::default() })
        );
    }

    /// A text without its colours, if it has any.
    fn without_paint(text: &str) -> String {
        let mut parts = text.split('\u{1b}');
        let first = parts.next().unwrap().to_owned();
        parts.fold(first, |all, part| all + part.split_once('m').unwrap().1)
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let reports =
            [sample::blog(), sample::mixed(), sample::ten_lines(), sample::hostile(), sample::empty()];
        for width in 40..=200 {
            for report in &reports {
                for (ascii, colour) in [(false, false), (true, false), (false, true)] {
                    let detail = Detail::Verbose;
                    let style = Style { width, detail, top: None, ascii, colour, ..Style::default() };
                    let text = without_paint(&drawn(report, style));
                    for line in text.lines() {
                        assert!(line.width() <= width, "{width}: {line}");
                    }
                    assert!(!ascii || text.is_ascii(), "{text}");
                }
            }
        }
    }

    #[test]
    fn nothing_in_a_name_steers_the_terminal() {
        let style = Style { top: None, detail: Detail::Verbose, width: 200, ..Style::default() };
        let text = drawn(&sample::hostile(), style);
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text}");
        assert!(!text.contains(['\u{202e}', '\u{200b}', '\u{3164}']), "{text}");
        // Shown, not swallowed: in the text of a site, a process, a source or a warning.
        for seen in ["\\x1b[31mred", "worker\\x1b[2J", "\\u{202e}", "\\x9b"] {
            assert!(text.contains(seen), "{seen}: {text}");
        }
    }

    #[test]
    fn a_date_is_not_broken_at_its_hyphens() {
        for width in 40..=200 {
            for line in drawn(&sample::blog(), Style { width, ..Style::default() }).lines() {
                assert!(!line.ends_with('-'), "{width}: {line}");
            }
        }
    }

    #[test]
    fn since_when_a_site_grows_is_said() {
        let mut report = sample::mixed();
        report.sites[1].trend.since =
            Some(super::super::document::Since { index: 7, time: Some("2024-05-23T11:56:35Z".to_owned()) });
        report.sites[2].trend.since = Some(super::super::document::Since { index: 7, time: None });
        report.sites[3].trend.verdict = VerdictWord::Settled;
        report.sites[3].trend.since = Some(super::super::document::Since { index: 7, time: None });
        let text = drawn(&report, Style { detail: Detail::Verbose, ..Style::default() });
        assert!(text.contains("; grew until reading 8\n"), "{text}");
        let text = drawn(&report, Style::default());
        assert!(!text.contains("grew until") && !text.contains("#1 growing"), "{text}");
        assert!(text.contains("evenly to the end; since 2024-05-23 11:56 UTC\n"), "{text}");
        assert!(text.contains("evenly to the end; since reading 8\n"), "{text}");
    }
}
