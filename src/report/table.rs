//! The table for people: headlines, ranked sites, and limitations.

use std::io;

use anstyle::Style as Paint;
use comfy_table::{Cell, CellAlignment, ContentArrangement, TableStyle};

use super::columns::{GAP, layout, verdict};
use super::document::{
    AttributionRow, GroupRow, HintRow, Input, InputOrder, ProcessRow, RecordingFacts, Remark, Rows, SiteRow,
    WarningRow, Worded,
};
use super::headline::{by_process, headlines, since};
use super::hints;
use super::output_format::DEFAULT_TOP;
use super::page::{FAINT, Page, STRONG, paint};
use super::quantity::counted;
use super::selection::Selection;
use super::sentence;
use super::untrusted::{beginning, for_terminal};
use super::{Detail, OutputFormat, Report, Style, wording};
use crate::insight::NoAttribution;
use crate::verdict::Verdict;

/// The table output.
#[derive(Debug)]
pub struct Table;

impl OutputFormat for Table {
    fn name(&self) -> &'static str {
        "table"
    }

    /// People read from the top, and not far.
    fn default_top(&self) -> Option<usize> {
        Some(DEFAULT_TOP)
    }

    fn adds_charts(&self) -> bool {
        true
    }

    fn render(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let Report {
            schema: _,
            version: _,
            inputs,
            recording,
            processes,
            sites,
            groups,
            attribution: _,
            attributions,
            attribution_reason,
            hints,
            findings,
            check,
            warnings,
        } = report;
        let mut page = Page::new(style);
        page.processes(processes, hints);
        page.sites(recording, sites);
        page.groups(groups);
        page.attribution(attributions, attribution_reason.as_ref());
        page.hints(&hints::of_heaps(hints), "");
        if style.plot {
            page.charts(report);
        }
        if style.detail != Detail::Quiet {
            page.remarks(&recording.remarks);
        }
        page.warnings(inputs, warnings);
        match style.detail {
            Detail::Quiet | Detail::Normal => {}
            Detail::Verbose => page.inputs(recording.order, inputs),
        }
        if let Some(check) = check {
            page.check(check, findings);
        }
        page.write(out)
    }
}

/// Blanks before a line of code.
const CODE: usize = 4;

impl Page<'_> {
    fn processes(&mut self, rows: &[ProcessRow], hints: &[HintRow]) {
        let of_processes = hints::OfProcesses::new(hints);
        for (headline, group) in headlines(rows, self.style).iter().zip(by_process(rows)) {
            self.blank();
            self.paragraph(&headline.first, "", "  ", paint(headline.verdict));
            for line in &headline.below {
                self.paragraph(line, "  ", "    ", FAINT);
            }
            self.hints(of_processes.of(group[0]), "  ");
        }
    }

    /// Next steps below the result that they are of.
    fn hints(&mut self, hints: &[&HintRow], indent: &str) {
        if hints.is_empty() || self.style.detail == Detail::Quiet {
            return;
        }
        self.paragraph(&format!("{}:", hints::HEADING), indent, indent, Paint::new());
        for hint in hints {
            let (first, further) = (format!("{indent}  • "), format!("{indent}    "));
            self.paragraph(&hints::line(hint), &first, &further, Paint::new());
        }
    }

    fn sites(&mut self, facts: &RecordingFacts, rows: &Rows<SiteRow>) {
        if facts.sites_seen == 0 {
            return;
        }
        self.blank();
        self.paragraph(&sentence::sites(facts, rows), "", "  ", STRONG);
        let selection = Selection::of(rows, self.style);
        let shown: Vec<&SiteRow> = selection.shown.iter().map(|row| &**row).collect();
        if !shown.is_empty() {
            self.blank();
            self.table(&shown);
        }
        self.reasons(&shown);
        if let Some(text) = selection.folded(facts, self.style).filter(|_| self.style.detail != Detail::Quiet)
        {
            self.paragraph(&format!("{text} --fold-below 0 shows them."), "", "  ", FAINT);
        }
        let rest = selection.left_out();
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
                Some(row) if row.profiler_overhead => self.painted(&line, FAINT),
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

    /// The reason of each shown site's verdict, where everything is wanted; else the begin of late growth, and the
    /// reason of the first unclear site, if nothing grows.
    fn reasons(&mut self, rows: &[&SiteRow]) {
        let grows = |row: &SiteRow| row.trend.verdict == Verdict::Growing && !row.profiler_overhead;
        let unclear = rows
            .iter()
            .find(|r| r.trend.verdict == Verdict::Unclear)
            .filter(|_| !rows.iter().any(|r| grows(r)));
        for row in rows {
            let is_shown = match self.style.detail {
                Detail::Quiet => false,
                Detail::Normal => {
                    grows(row) && row.trend.since.is_some() || unclear.is_some_and(|u| u.rank == row.rank)
                }
                Detail::Verbose => true,
            };
            if is_shown {
                let since = since(&row.trend, "point").map(|text| format!("; {text}")).unwrap_or_default();
                let text = format!("#{} {}: {}{since}", row.rank, verdict(row), row.trend.reason.text);
                self.paragraph(&text, "", "    ", FAINT);
                if self.style.detail == Detail::Verbose {
                    self.frames(row);
                }
            }
        }
    }

    /// All frames of a traceback, innermost first: the table has two of them.
    fn frames(&mut self, row: &SiteRow) {
        if !row.is_traceback() {
            return;
        }
        for frame in row.frames() {
            self.paragraph(&for_terminal(frame), "    ", "      ", FAINT);
        }
    }

    fn groups(&mut self, groups: &[GroupRow]) {
        if !groups.is_empty() {
            self.blank();
        }
        for group in groups {
            let text = format!("[{}] {}", group.id, sentence::group(group, self.style.units));
            self.paragraph(&text, "", "    ", Paint::new());
        }
    }

    fn attribution(&mut self, found: &[AttributionRow], reason: Option<&Worded<NoAttribution>>) {
        self.blank();
        for text in sentence::attributions(found, self.style.units) {
            self.paragraph(&text, "", "  ", Paint::new());
        }
        if let Some(text) = reason.and_then(sentence::no_attribution) {
            self.paragraph(&text, "", "  ", FAINT);
        }
    }

    fn remarks(&mut self, remarks: &[Worded<Remark>]) {
        // What holds of all growth is said where all is asked for.
        let verbose = self.style.detail == Detail::Verbose;
        let remarks: Vec<_> =
            remarks.iter().filter(|remark| verbose || remark.fact != Remark::GrowthIsUnbounded).collect();
        if remarks.is_empty() {
            return;
        }
        self.blank();
        self.paragraph("Limitations of this recording:", "", "", FAINT);
        for remark in remarks {
            self.paragraph(&for_terminal(&remark.text), "  • ", "    ", FAINT);
        }
    }

    fn warnings(&mut self, inputs: &[Input], warnings: &[WarningRow]) {
        let unreadable: u64 = inputs.iter().map(|i| i.unreadable_lines).sum();
        let verbose = self.style.detail == Detail::Verbose;
        let others = warnings.iter().filter(|w| w.line.is_none());
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
            self.paragraph(&text, "", "  ", paint(Verdict::Unclear));
        }
        if verbose && !warnings.is_empty() {
            self.blank();
            self.paragraph("Notes and lines that could not be read:", "", "", FAINT);
            for warning in warnings {
                self.paragraph(&sentence::warning(warning), "  ", "    ", Paint::new());
            }
        }
    }

    /// The order in which several inputs were taken, on which all growth depends.
    fn inputs(&mut self, order: Option<InputOrder>, inputs: &[Input]) {
        self.blank();
        let order = order.map(|order| format!(" {}", wording::input_order(order))).unwrap_or_default();
        self.paragraph(&format!("Read{order}:"), "", "", FAINT);
        for input in inputs {
            let text = sentence::input(input);
            self.paragraph(&text, "  ", "    ", FAINT);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::super::document::SinceRow;
    use super::super::sample;
    use super::*;

    fn drawn(report: &Report, style: Style) -> String {
        let mut out = Vec::new();
        Table.render(report, &style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_table_of_a_small_recording() {
        insta::assert_snapshot!("table", drawn(&sample::small(), Style::default()));
    }

    #[test]
    fn columns_give_way_to_the_site() {
        for (width, headings) in [
            (60, "#, verdict, per snapshot, site"),
            (80, "#, verdict, per snapshot, grown, site"),
            (100, "#, verdict, P(keeps growing), per snapshot, grown, steps up, site"),
            (120, "#, verdict, P(keeps growing), per snapshot, grown, from → to, steps up, site"),
            (
                160,
                "#, verdict, P(keeps growing), per snapshot, 95 %, grown, from → to, blocks, trend, steps up, site",
            ),
        ] {
            let text = drawn(&sample::mixed(), Style { width, ..Style::default() });
            let line = text.lines().find(|line| line.contains("verdict")).unwrap();
            let found: Vec<&str> = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
            assert_eq!(found.join(", "), headings, "{width}");
        }
    }

    #[test]
    fn colours_are_all_that_they_add() {
        for (name, report) in sample::all() {
            let plain = drawn(&report, Style::default());
            let painted = drawn(&report, Style { colour: true, ..Style::default() });
            assert_eq!(without_paint(&painted), plain, "{name}");
            assert_eq!(plain.is_empty(), painted == plain, "{name}");
        }
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
            Some(SinceRow { index: 7, time: Some("2024-05-23T11:56:35Z".parse().unwrap()) });
        report.sites[2].trend.since = Some(SinceRow { index: 7, time: None });
        report.sites[3].trend.verdict = Verdict::Settled;
        report.sites[3].trend.since = Some(SinceRow { index: 7, time: None });
        let text = drawn(&report, Style { detail: Detail::Verbose, ..Style::default() });
        assert!(text.contains("; grew until point 8\n"), "{text}");
        let text = drawn(&report, Style::default());
        assert!(!text.contains("grew until") && !text.contains("#1 growing"), "{text}");
        assert!(text.contains("evenly to the end; since 2024-05-23 11:56 UTC\n"), "{text}");
        assert!(text.contains("evenly to the end; since point 8\n"), "{text}");
    }
}
