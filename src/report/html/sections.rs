//! The page as it stands without a script: headlines, findings, the first sites, what cannot be told, what was read.

use super::markup::Markup;
use crate::report::columns::{Filled, filled};
use crate::report::complaints::{accepted, outcome};
use crate::report::document::{Finding, ProcessRow, Report, Severity, SiteRow, VerdictWord};
use crate::report::headline::{Headline, by_process, headlines, name, of_several_sources};
use crate::report::quantity::{count, counted, duration, time};
use crate::report::{Style, sentence};

/// Sites that the page shows where no script runs.
const FIRST_SITES: usize = 25;
/// Findings of a check that stand open; the others are folded away.
const FIRST_FINDINGS: usize = 10;
/// Notes, and inputs, that the page lists.
const LISTED: usize = 1000;

/// All of them, one below the other.
pub fn all(report: &Report, style: &Style) -> String {
    let mut page = Markup::default();
    let told = headlines(&report.processes, style);
    head(&mut page, report);
    page.tags("<main>\n");
    verdicts(&mut page, report, &told);
    findings(&mut page, report);
    processes(&mut page, report, &told);
    sites(&mut page, report, style);
    groups(&mut page, report, style);
    remarks(&mut page, report);
    unread(&mut page, report);
    inputs(&mut page, report);
    page.tags("</main>\n<footer><p>Written by leakdiff ").text(report.version).tags(
        ". One file that fetches nothing; <code>--format json</code> has the same in full.</p></footer>",
    );
    page.finish()
}

fn head(page: &mut Markup, report: &Report) {
    page.tags("<a class=\"skip\" href=\"#sites\">To the sites</a>\n<header>\n<div>\n");
    page.element("<p class=\"brand\">", "leakdiff", "</p>");
    page.element("<h1>", "What grows", "</h1>");
    let mut facts = Vec::new();
    if report.recording.snapshots > 0 {
        facts.push(counted(report.recording.snapshots, "snapshot"));
    }
    if let (Some(start), Some(end)) = extent(report) {
        facts.push(if start == end { time(start) } else { format!("{} to {}", time(start), time(end)) });
    }
    if let Some(seconds) = report.recording.duration_seconds.filter(|s| *s > 0.0) {
        facts.push(duration(seconds));
    }
    facts.push(counted(report.inputs.len() as u64, "input"));
    page.element("<p class=\"meta\">", &facts.join(" · "), "</p>");
    page.tags("</div>\n<button id=\"theme\" type=\"button\" hidden>Dark</button>\n</header>\n");
}

/// From when to when: of the snapshots, or where there are none of the samples.
fn extent(report: &Report) -> (Option<&str>, Option<&str>) {
    let rows = || report.processes.iter();
    let start = report.recording.start.as_deref().or_else(|| rows().filter_map(|r| r.start.as_deref()).min());
    let end = report.recording.end.as_deref().or_else(|| rows().filter_map(|r| r.end.as_deref()).max());
    (start, end)
}

const fn badge(verdict: VerdictWord) -> &'static str {
    match verdict {
        VerdictWord::Growing => "<span class=\"badge growing\">",
        VerdictWord::Unclear => "<span class=\"badge unclear\">",
        VerdictWord::Settled => "<span class=\"badge settled\">",
        VerdictWord::Steady => "<span class=\"badge steady\">",
        VerdictWord::Shrinking => "<span class=\"badge shrinking\">",
    }
}

fn verdicts(page: &mut Markup, report: &Report, told: &[Headline]) {
    page.tags("<section class=\"verdicts\" aria-label=\"Verdicts\">\n<ul>\n");
    for (i, headline) in told.iter().enumerate() {
        page.tags("<li>").tags(badge(headline.verdict)).text(headline.verdict.as_str()).tags("</span> ");
        page.tags("<a href=\"#process-").number(i).tags("\">").text(&headline.first).tags("</a></li>\n");
    }
    if report.recording.sites_seen > 0 {
        let grows = report.sites.iter().any(|s| !s.instrument && s.trend.verdict == VerdictWord::Growing);
        let word = if grows { VerdictWord::Growing } else { VerdictWord::Steady };
        page.tags("<li>").tags(badge(word)).text("sites").tags("</span> ");
        page.tags("<a href=\"#sites\">").text(&sentence::sites(report)).tags("</a></li>\n");
    }
    if told.is_empty() && report.recording.sites_seen == 0 {
        page.element("<li>", "Nothing was found that could be judged.", "</li>");
    }
    page.tags("</ul>\n</section>\n");
}

fn findings(page: &mut Markup, report: &Report) {
    if report.check.is_none() && report.findings.is_empty() {
        return;
    }
    page.tags("<section aria-labelledby=\"findings\">\n");
    page.element("<h2 id=\"findings\">", "Findings", "</h2>");
    if let Some(check) = &report.check {
        let open = if check.passed { "<p class=\"passed\">" } else { "<p class=\"failed\">" };
        page.element(open, &outcome(report, check), "</p>");
        for line in accepted(check) {
            page.element("<p class=\"faint\">", &line, "</p>");
        }
    }
    // Without a check they only say once more what verdicts say.
    let open = if report.check.is_some() { FIRST_FINDINGS.min(report.findings.len()) } else { 0 };
    let (first, others) = report.findings.split_at(open);
    complaints(page, first);
    if !others.is_empty() {
        let more = if first.is_empty() { "" } else { "more " };
        page.folded(&counted(others.len() as u64, &format!("{more}finding")), |page| {
            complaints(page, others)
        });
    }
    page.tags("</section>\n");
}

fn complaints(page: &mut Markup, findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    page.tags("<ul class=\"findings\">\n");
    for finding in findings {
        page.tags("<li>").tags(match finding.severity {
            Severity::Error => "<span class=\"badge growing\">",
            Severity::Warning => "<span class=\"badge unclear\">",
        });
        page.text(finding.severity.as_str()).tags("</span> <code>").text(&finding.subject).tags("</code> ");
        page.text(&finding.message).tags(" <span class=\"faint\">").text(finding.rule).tags("</span></li>\n");
    }
    page.tags("</ul>\n");
}

fn processes(page: &mut Markup, report: &Report, told: &[Headline]) {
    if report.processes.is_empty() {
        return;
    }
    let several = of_several_sources(&report.processes);
    let place = |row: &ProcessRow| report.processes.iter().position(|other| std::ptr::eq(other, row));
    page.tags("<section aria-labelledby=\"processes\">\n");
    page.element("<h2 id=\"processes\">", if told.len() == 1 { "Process" } else { "Processes" }, "</h2>");
    for (i, (group, headline)) in by_process(&report.processes).iter().zip(told).enumerate() {
        let Some(main) = group.iter().find(|row| row.leading).or_else(|| group.first()) else { continue };
        page.tags("<article class=\"card\" id=\"process-").number(i).tags("\">\n<h3>");
        page.text(&name(main, several)).tags("</h3>\n<ul class=\"below\">\n");
        for line in &headline.below {
            page.element("<li>", line, "</li>");
        }
        page.tags("</ul>\n");
        figure(page, place(main));
        let others = group.iter().filter(|row| row.metric != main.metric).count();
        if others > 0 {
            page.folded(&format!("{} of this process", counted(others as u64, "other metric")), |page| {
                for row in group.iter().filter(|row| row.metric != main.metric) {
                    let said = headlines(std::slice::from_ref(row), &Style::default()).pop();
                    page.tags("<h4>").tags(badge(row.trend.verdict)).text(row.trend.verdict.as_str());
                    page.tags("</span> ").text(&said.map(|h| h.first).unwrap_or_default()).tags("</h4>\n");
                    figure(page, place(row));
                }
            });
        }
        page.tags("</article>\n");
    }
    page.tags("</section>\n");
}

/// The place of a plot, which the script draws.
fn figure(page: &mut Markup, process: Option<usize>) {
    if let Some(process) = process {
        page.tags("<figure data-process=\"").number(process).tags("\"></figure>\n");
    }
}

fn sites(page: &mut Markup, report: &Report, style: &Style) {
    if report.recording.sites_seen == 0 {
        return;
    }
    page.tags("<section aria-labelledby=\"sites\">\n").element("<h2 id=\"sites\">", "Sites", "</h2>");
    page.element("<p>", &format!("{}.", sentence::sites(report)), "</p>");
    if let Some(found) = &report.attribution {
        page.element("<p>", &sentence::attribution(found, style.units), "</p>");
    }
    let in_all = report.sites.len().min(style.top.unwrap_or(usize::MAX));
    if in_all < report.sites.len() {
        page.element(
            "<p class=\"faint\">",
            &format!("Here are the first {}, as was asked.", count(in_all as u64)),
            "</p>",
        );
    }
    let shown: Vec<&SiteRow> = report.sites.iter().take(in_all.min(FIRST_SITES)).collect();
    page.tags("<div id=\"table\">\n");
    if shown.len() < in_all {
        let text = format!(
            "The first {} of {}; with JavaScript all of them.",
            count(shown.len() as u64),
            counted(in_all as u64, "site")
        );
        page.element("<p class=\"faint\">", &text, "</p>");
    }
    if !shown.is_empty() {
        table(page, &shown, &filled(&shown, style));
    }
    page.tags("</div>\n</section>\n");
}

fn table(page: &mut Markup, rows: &[&SiteRow], columns: &[Filled]) {
    page.tags("<div class=\"scroll\" role=\"region\" aria-label=\"Sites, ranked\" tabindex=\"0\">\n<table>\n<thead><tr>");
    for column in columns {
        page.tags("<th scope=\"col\">").text(column.heading).tags("</th>");
    }
    page.tags("<th scope=\"col\">site</th></tr></thead>\n<tbody>\n");
    for (i, row) in rows.iter().enumerate() {
        page.tags("<tr>");
        for column in columns {
            page.tags(if column.right { "<td class=\"right\">" } else { "<td>" });
            page.text(&column.cells[i]).tags("</td>");
        }
        page.tags("<th scope=\"row\">");
        if let Some(id) = row.group {
            page.text(&format!("[{id}] "));
        }
        if let Some(source) = &row.source {
            page.text(source).text(": ");
        }
        page.text(&row.site).tags("</th></tr>\n");
    }
    page.tags("</tbody>\n</table>\n</div>\n");
}

fn groups(page: &mut Markup, report: &Report, style: &Style) {
    if report.groups.is_empty() {
        return;
    }
    page.tags("<section aria-labelledby=\"groups\">\n");
    page.element("<h2 id=\"groups\">", "Groups", "</h2>");
    page.element("<p class=\"faint\">", "Sites that grow in lockstep have one cause.", "</p>");
    for (i, group) in (1..).zip(&report.groups) {
        page.tags("<div class=\"group\" id=\"group-").number(i).tags("\"><p>");
        page.text(&format!("[{}] {}", group.id, sentence::group(group, style.units))).tags("</p>\n<ul>\n");
        for site in &group.sites {
            page.element("<li><code>", site, "</code></li>");
        }
        page.tags("</ul></div>\n");
    }
    page.tags("</section>\n");
}

fn remarks(page: &mut Markup, report: &Report) {
    if report.recording.remarks.is_empty() {
        return;
    }
    page.tags("<section aria-labelledby=\"remarks\">\n");
    page.element("<h2 id=\"remarks\">", "What this cannot tell", "</h2>").tags("<ul>\n");
    for remark in &report.recording.remarks {
        page.element("<li>", remark, "</li>");
    }
    page.tags("</ul>\n</section>\n");
}

fn unread(page: &mut Markup, report: &Report) {
    if report.warnings.is_empty() {
        return;
    }
    let lines: u64 = report.inputs.iter().map(|input| input.unreadable_lines).sum();
    page.tags("<section aria-labelledby=\"unread\">\n");
    let heading = if lines > 0 { "What could not be read" } else { "Notes" };
    page.element("<h2 id=\"unread\">", heading, "</h2>");
    if lines > 0 {
        page.element("<p>", &format!("{} could not be read.", counted(lines, "line")), "</p>");
    }
    page.folded(&counted(report.warnings.len() as u64, "note"), |page| {
        let told: Vec<String> = report.warnings.iter().map(sentence::warning).collect();
        list(page, &told);
    });
    page.tags("</section>\n");
}

fn inputs(page: &mut Markup, report: &Report) {
    if report.inputs.is_empty() {
        return;
    }
    page.tags("<section aria-labelledby=\"inputs\">\n").element("<h2 id=\"inputs\">", "Inputs", "</h2>");
    let order = report.recording.order.map(|order| format!(", read {order}")).unwrap_or_default();
    page.folded(&format!("{}{order}", counted(report.inputs.len() as u64, "input")), |page| {
        let told: Vec<String> = report.inputs.iter().map(sentence::input).collect();
        list(page, &told);
    });
    page.tags("</section>\n");
}

/// The first of many lines, and how many more there are.
fn list(page: &mut Markup, lines: &[String]) {
    page.tags("<ul class=\"lines\">\n");
    for line in lines.iter().take(LISTED) {
        page.element("<li>", line, "</li>");
    }
    if let Some(more) = lines.len().checked_sub(LISTED).filter(|more| *more > 0) {
        page.element("<li>", &format!("and {} more", count(more as u64)), "</li>");
    }
    page.tags("</ul>\n");
}
