//! A comment for a pull request: the answer first, a short table, the rest folded.

use std::io;

use super::check::{accepted, outcome};
use super::columns::filled;
use super::document::{CheckRow, Finding, GroupRow, ProcessRow, Rows, SiteRow};
use super::headline::headlines;
use super::hints;
use super::output_format::DEFAULT_TOP;
use super::quantity::{count, counted};
use super::selection::{Selection, candidates};
use super::sentence;
use super::untrusted::{for_markdown, sentence_for_markdown, shortened_from};
use super::{Detail, OutputFormat, Report, Style};
use crate::verdict::Verdict;

/// The Markdown output, in the dialect of GitHub and GitLab.
#[derive(Debug)]
pub struct Markdown;

/// A comment may have 65,536 characters; a longer one is cut, with a note.
const MOST_BYTES: usize = 60_000;
/// Findings that are listed.
const LISTED: usize = 10;
/// Columns of a site's name; the end of a path matters most.
const SITE: usize = 60;
/// Columns of the table, by their headings; the others are for a wider page.
const COLUMNS: [&str; 7] =
    ["#", "verdict", "P(keeps growing)", "per snapshot", "an iteration", "from → to", "trend"];

impl OutputFormat for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    /// A comment is read from the top, and not far.
    fn default_top(&self) -> Option<usize> {
        Some(DEFAULT_TOP)
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
        let style = Style { ascii: false, colour: false, ..*style };
        let mut comment = Comment::default();
        match check {
            Some(check) => {
                comment.line(&format!("**{}**", outcome(findings.len(), check)));
                comment.findings(check, findings);
            }
            None => comment.line(&format!("**{}**", answer(processes, sites))),
        }
        let quiet = Style { detail: Detail::Quiet, ..style };
        comment.list(headlines(processes, &quiet).iter().map(|headline| headline.first.as_str()));
        let selection = Selection::of(sites, &style);
        let rows: Vec<&SiteRow> = selection.shown.iter().map(|row| &**row).collect();
        if recording.sites_seen > 0 {
            comment.paragraph(&sentence_for_markdown(&sentence::sites(recording, sites)));
            comment.table(&rows, &style);
            if let Some(text) = selection.folded(recording, &style) {
                comment.paragraph(&text);
            }
            let rest = selection.left_out();
            if !rest.is_empty() {
                comment.paragraph(&format!("Not shown: {}.", rest.join(", ")));
            }
        }
        for text in sentence::attributions(attributions, style.units) {
            comment.paragraph(&sentence_for_markdown(&text));
        }
        if let Some(text) = attribution_reason.as_ref().and_then(sentence::no_attribution) {
            comment.paragraph(&sentence_for_markdown(&text));
        }
        comment.list_under(hints::HEADING, hints.iter().map(hints::named_line));
        let normal = headlines(processes, &style);
        let mut why: Vec<String> = normal.iter().flat_map(|headline| headline.below.clone()).collect();
        why.extend(rows.iter().map(|row| format!("{}: {}", row.rank, row.trend.reason.text)));
        comment.folded("Why", why.into_iter());
        let group = |group: &GroupRow| format!("[{}] {}", group.id, sentence::group(group, style.units));
        comment.folded("Sites in lockstep", groups.iter().map(group));
        let remarks = recording.remarks.iter().map(|remark| remark.text.clone());
        comment.folded("Limitations of this recording", remarks);
        let notes = warnings.iter().map(sentence::warning);
        comment.folded("Notes, and lines that could not be read", notes);
        comment.folded("Inputs", inputs.iter().map(sentence::input));
        out.write_all(comment.text.as_bytes())
    }
}

/// Whether something grows, in one line.
fn answer(processes: &[ProcessRow], sites: &Rows<SiteRow>) -> String {
    let grows = |word: &Verdict| *word == Verdict::Growing;
    let processes =
        processes.iter().filter(|row| row.leading && row.may_leak() && grows(&row.trend.verdict)).count()
            as u64;
    let sites = candidates(sites).filter(|row| grows(&row.trend.verdict)).count() as u64;
    let of = |n: u64, noun: &str| match n {
        1 => format!("1 {noun} grows"),
        n => format!("{} {noun} grow", count(n)),
    };
    match (processes, sites) {
        (0, 0) => "Nothing grows".to_owned(),
        (1, 0) => "The process grows".to_owned(),
        (0, n) => of(n, if n == 1 { "site" } else { "sites" }),
        (1, n) => format!(
            "The process and {}",
            of(n, if n == 1 { "site" } else { "sites" }).replace("grows", "grow")
        ),
        (p, 0) => of(p, "processes"),
        (p, n) => format!("{} processes and {}", count(p), of(n, "sites")),
    }
}

/// A comment while it is written: nothing is added after its greatest length.
#[derive(Default)]
struct Comment {
    text: String,
    /// Whether something had to be left out.
    full: bool,
}

impl Comment {
    fn line(&mut self, line: &str) {
        if self.full {
            return;
        }
        if self.text.len() + line.len() > MOST_BYTES {
            self.full = true;
            self.text.push_str("\n*The rest does not fit into a comment.*\n");
            return;
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn paragraph(&mut self, text: &str) {
        self.line("");
        self.line(text);
    }

    fn list<'a>(&mut self, sentences: impl Iterator<Item = &'a str>) {
        for (i, sentence) in sentences.enumerate() {
            if i == 0 {
                self.line("");
            }
            self.line(&format!("- {}", sentence_for_markdown(sentence)));
        }
    }

    /// A list below a line of its own, if there is something to list.
    fn list_under(&mut self, heading: &str, lines: impl Iterator<Item = String>) {
        let lines: Vec<String> = lines.collect();
        if !lines.is_empty() {
            self.paragraph(&format!("{heading}:"));
            self.list(lines.iter().map(String::as_str));
        }
    }

    fn findings(&mut self, check: &CheckRow, findings: &Rows<Finding>) {
        let line_of = |finding: &Finding| {
            let Finding { rule, severity, kind: _, subject, message, process: _, sites: _ } = finding;
            let (subject, message) = (for_markdown(subject), sentence_for_markdown(message));
            format!("- {} `{}`: {subject} {message}", severity.as_str(), rule.id())
        };
        for (i, finding) in findings.one_by_one().take(LISTED).enumerate() {
            if i == 0 {
                self.line("");
            }
            self.line(&line_of(&finding));
        }
        if findings.len() > LISTED {
            let more = counted((findings.len() - LISTED) as u64, "more finding");
            self.line(&format!("- and {more}"));
        }
        for line in accepted(check) {
            self.line(&format!("- {line}"));
        }
    }

    fn table(&mut self, rows: &[&SiteRow], style: &Style) {
        if rows.is_empty() {
            return;
        }
        let columns: Vec<_> =
            filled(rows, style).into_iter().filter(|column| COLUMNS.contains(&column.heading)).collect();
        let line = |cells: &mut dyn Iterator<Item = String>| {
            format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
        };
        self.line("");
        let headings = columns.iter().map(|column| column.heading.to_owned());
        self.line(&line(&mut headings.chain(["site".to_owned()])));
        let rules = columns.iter().map(|column| if column.right { "---:" } else { "---" }.to_owned());
        self.line(&line(&mut rules.chain(["---".to_owned()])));
        for (r, row) in rows.iter().enumerate() {
            let site = for_markdown(&shortened_from(&row.site, row.own_frame(), SITE, false));
            let mark = row.group.map(|id| format!("\\[{id}\\] ")).unwrap_or_default();
            let cells = columns.iter().map(|column| column.cells[r].replace('|', "\\|"));
            self.line(&line(&mut cells.chain([mark + &site])));
        }
    }

    /// Details under a heading that opens, if there are any.
    fn folded(&mut self, summary: &str, lines: impl Iterator<Item = String>) {
        let lines: Vec<String> = lines.collect();
        if lines.is_empty() || self.full {
            return;
        }
        self.paragraph(&format!("<details><summary>{summary} ({})</summary>", lines.len()));
        self.list(lines.iter().map(String::as_str));
        // A fold that was opened is closed, even if something had to be left out.
        self.text.push_str("\n</details>\n");
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample;
    use super::*;

    fn rendered(report: &Report, style: &Style) -> String {
        let mut out = Vec::new();
        Markdown.render(report, style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_comment_on_a_small_recording() {
        insta::assert_snapshot!("markdown", rendered(&sample::small(), &Style::default()));
    }

    #[test]
    fn a_comment_has_its_answer_first_and_the_rest_folded() {
        for (name, report) in sample::all() {
            let style = Style::default();
            let text = rendered(&report, &style);
            assert!(text.starts_with("**") && text.lines().next().unwrap().ends_with("**"), "{name}: {text}");
            let rows = text.lines().filter(|line| line.starts_with("| ")).count();
            let shown = Selection::of(&report.sites, &style).shown.len();
            assert_eq!(rows, if shown > 0 { shown + 2 } else { 0 }, "{name}: {text}");
            let (before, _) = text.split_once("<details>").unwrap_or((&text, ""));
            assert!(before.lines().count() < 40, "{name}: {text}");
            assert_eq!(text.matches("<details>").count(), text.matches("</details>").count(), "{name}");
        }
    }

    #[test]
    fn a_comment_is_never_too_long() {
        let mut report = sample::checked();
        let finding = report.findings[0].clone();
        report.findings = vec![finding; 5000].into();
        report.sites = report.sites.iter().cycle().take(5000).cloned().collect::<Vec<_>>().into();
        let text = rendered(&report, &Style { top: None, ..Style::default() });
        assert!(text.len() < 65_536 && text.contains("and 4,990 more findings"), "{}", text.len());
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
        assert!(text.contains("does not fit into a comment"));
    }

    #[test]
    fn names_stay_in_their_code() {
        let text = rendered(&sample::hostile(), &Style { top: None, ..Style::default() });
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
        for line in text.lines().filter(|line| line.contains("<script>")) {
            assert!(line.contains("`<script>alert(1)</script>:3`"), "{line}");
        }
        let columns = |line: &str| line.replace("\\|", "").matches('|').count();
        let table: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
        assert!(table.iter().all(|line| columns(line) == columns(table[0])), "{table:?}");
    }
}
