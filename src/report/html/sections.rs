//! The page without a script: headlines, findings, the first sites, limitations, and the inputs.

use foldhash::HashMap;

use super::markup::Markup;
use crate::policy::Severity;
use crate::report::check::{accepted, outcome};
use crate::report::columns::{Filled, filled};
use crate::report::document::{
    CheckRow, Finding, GroupRow, HintRow, Input, InputOrder, ProcessRow, RecordingFacts, Remark, Report,
    Rows, SiteRow, Timestamp, WarningRow, Worded,
};
use crate::report::headline::{Headline, by_process, headlines, name, of_several_sources};
use crate::report::hints::{self, OfProcesses};
use crate::report::quantity::{count, counted, duration};
use crate::report::selection::candidates;
use crate::report::untrusted::shortened_from;
use crate::report::{Style, sentence, wording};
use crate::verdict::Verdict;

/// Sites that the page shows where no script runs.
const FIRST_SITES: usize = 25;
/// Columns of a traceback that is not opened.
const SHORT_SITE: usize = 60;
/// Findings of a check that are shown at once; the others are folded away.
const FIRST_FINDINGS: usize = 10;
/// Notes, and inputs, that the page lists.
const LISTED: usize = 1000;

/// All of them, one below the other.
pub fn all(report: &Report, style: &Style) -> String {
    let Report {
        schema: _,
        version,
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
    let mut page = Markup::default();
    let first = headlines(processes, style);
    head(&mut page, recording, processes, inputs.len());
    page.tags("<main>\n");
    verdict_section(&mut page, recording, sites, &first);
    check_section(&mut page, check.as_ref(), findings);
    process_section(&mut page, processes, &first, hints);
    let reason = attribution_reason.as_ref().and_then(sentence::no_attribution);
    let explained: Vec<String> = sentence::attributions(attributions, style.units).chain(reason).collect();
    site_section(&mut page, recording, sites, &explained, style);
    group_section(&mut page, groups, style);
    hint_section(&mut page, &hints::of_heaps(hints));
    remark_section(&mut page, &recording.remarks);
    warning_section(&mut page, inputs, warnings);
    input_section(&mut page, recording.order, inputs);
    page.tags("</main>\n<footer><p>Written by leakdiff ").text(version).tags(
        ". One file that fetches nothing; <code>--format json</code> has the same in full.</p></footer>",
    );
    page.finish()
}

fn head(page: &mut Markup, recording: &RecordingFacts, processes: &[ProcessRow], inputs: usize) {
    page.tags("<a class=\"skip\" href=\"#sites\">To the sites</a>\n<header>\n<div>\n");
    page.element("<p class=\"brand\">", "leakdiff", "</p>");
    page.element("<h1>", "What grows", "</h1>");
    let mut facts = Vec::new();
    if recording.snapshots > 0 {
        facts.push(counted(recording.snapshots, "snapshot"));
    }
    if let (Some(start), Some(end)) = extent(recording, processes) {
        facts.push(if start == end {
            start.to_minute()
        } else {
            format!("{} to {}", start.to_minute(), end.to_minute())
        });
    }
    if let Some(seconds) = recording.duration_seconds.filter(|s| *s > 0.0) {
        facts.push(duration(seconds));
    }
    facts.push(counted(inputs as u64, "input"));
    page.element("<p class=\"meta\">", &facts.join(" · "), "</p>");
    page.tags("</div>\n<button id=\"theme\" type=\"button\" hidden>Dark</button>\n</header>\n");
}

/// The first and the last time: of the snapshots, or where there are none of the samples.
fn extent(recording: &RecordingFacts, processes: &[ProcessRow]) -> (Option<Timestamp>, Option<Timestamp>) {
    let rows = || processes.iter();
    let start = recording.start.or_else(|| rows().filter_map(|row| row.start).min());
    let end = recording.end.or_else(|| rows().filter_map(|row| row.end).max());
    (start, end)
}

const fn badge(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Growing => "<span class=\"badge growing\">",
        Verdict::Unclear => "<span class=\"badge unclear\">",
        Verdict::Settled => "<span class=\"badge settled\">",
        Verdict::Steady => "<span class=\"badge steady\">",
        Verdict::Shrinking => "<span class=\"badge shrinking\">",
    }
}

fn verdict_section(
    page: &mut Markup,
    recording: &RecordingFacts,
    sites: &Rows<SiteRow>,
    headings: &[Headline],
) {
    page.tags("<section class=\"verdicts\" aria-label=\"Verdicts\">\n<ul>\n");
    for (i, headline) in headings.iter().enumerate() {
        page.tags("<li>").tags(badge(headline.verdict)).text(headline.verdict.as_str()).tags("</span> ");
        page.tags("<a href=\"#process-").number(i).tags("\">").text(&headline.first).tags("</a></li>\n");
    }
    if recording.sites_seen > 0 {
        let grows = candidates(sites).any(|site| site.trend.verdict == Verdict::Growing);
        let word = if grows { Verdict::Growing } else { Verdict::Steady };
        page.tags("<li>").tags(badge(word)).text("sites").tags("</span> ");
        page.tags("<a href=\"#sites\">").text(&sentence::sites(recording, sites)).tags("</a></li>\n");
    }
    if headings.is_empty() && recording.sites_seen == 0 {
        page.element("<li>", "Nothing was found that could be judged.", "</li>");
    }
    page.tags("</ul>\n</section>\n");
}

fn check_section(page: &mut Markup, check: Option<&CheckRow>, findings: &[Finding]) {
    if check.is_none() && findings.is_empty() {
        return;
    }
    page.tags("<section aria-labelledby=\"findings\">\n");
    page.element("<h2 id=\"findings\">", "Findings", "</h2>");
    if let Some(check) = check {
        let open = if check.passed { "<p class=\"passed\">" } else { "<p class=\"failed\">" };
        page.element(open, &outcome(findings.len(), check), "</p>");
        for line in accepted(check) {
            page.element("<p class=\"faint\">", &line, "</p>");
        }
    }
    // Without a check they only repeat the verdicts.
    let open = if check.is_some() { FIRST_FINDINGS.min(findings.len()) } else { 0 };
    let (first, others) = findings.split_at(open);
    finding_list(page, first);
    if !others.is_empty() {
        let more = if first.is_empty() { "" } else { "more " };
        page.folded(&counted(others.len() as u64, &format!("{more}finding")), |page| {
            finding_list(page, others)
        });
    }
    page.tags("</section>\n");
}

fn finding_list(page: &mut Markup, findings: &[Finding]) {
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
        page.text(&finding.message)
            .tags(" <span class=\"faint\">")
            .text(finding.rule.id())
            .tags("</span></li>\n");
    }
    page.tags("</ul>\n");
}

fn process_section(page: &mut Markup, rows: &[ProcessRow], headings: &[Headline], hints: &[HintRow]) {
    if rows.is_empty() {
        return;
    }
    let several = of_several_sources(rows);
    let places: HashMap<*const ProcessRow, usize> =
        rows.iter().enumerate().map(|(place, row)| (std::ptr::from_ref(row), place)).collect();
    let place = |row: &ProcessRow| places.get(&std::ptr::from_ref(row)).copied();
    let of_processes = OfProcesses::new(hints);
    page.tags("<section aria-labelledby=\"processes\">\n");
    page.element("<h2 id=\"processes\">", if headings.len() == 1 { "Process" } else { "Processes" }, "</h2>");
    for (i, (group, headline)) in by_process(rows).iter().zip(headings).enumerate() {
        let Some(main) = group.iter().find(|row| row.leading).or_else(|| group.first()) else { continue };
        page.tags("<article class=\"card\" id=\"process-").number(i).tags("\">\n<h3>");
        page.text(&name(main, several)).tags("</h3>\n<ul class=\"below\">\n");
        for line in &headline.below {
            page.element("<li>", line, "</li>");
        }
        page.tags("</ul>\n");
        hint_list(page, of_processes.of(main));
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

/// Next steps by the sites of heaps, if there are any.
fn hint_section(page: &mut Markup, hints: &[&HintRow]) {
    if !hints.is_empty() {
        page.tags("<section aria-labelledby=\"hints\">\n");
        page.element("<h2 id=\"hints\">", "Next steps", "</h2>");
        hint_list(page, hints);
        page.tags("</section>\n");
    }
}

/// Next steps, if there are any.
fn hint_list(page: &mut Markup, hints: &[&HintRow]) {
    if hints.is_empty() {
        return;
    }
    page.element("<p>", &format!("{}:", hints::HEADING), "</p>").tags("<ul class=\"below\">\n");
    for hint in hints {
        page.tags("<li><code>").text(hint.id.as_str()).tags("</code> ").text(&hint.text).tags(". ");
        page.text(&hint.test).tags("</li>\n");
    }
    page.tags("</ul>\n");
}

/// The place of a plot, which the script draws.
fn figure(page: &mut Markup, process: Option<usize>) {
    if let Some(process) = process {
        page.tags("<figure data-process=\"").number(process).tags("\"></figure>\n");
    }
}

fn site_section(
    page: &mut Markup,
    recording: &RecordingFacts,
    rows: &Rows<SiteRow>,
    explained: &[String],
    style: &Style,
) {
    if recording.sites_seen == 0 {
        return;
    }
    page.tags("<section aria-labelledby=\"sites\">\n").element("<h2 id=\"sites\">", "Sites", "</h2>");
    page.element("<p>", &format!("{}.", sentence::sites(recording, rows)), "</p>");
    for text in explained {
        page.element("<p>", text, "</p>");
    }
    let in_all = rows.len().min(style.top.unwrap_or(usize::MAX));
    if in_all < rows.len() {
        page.element(
            "<p class=\"faint\">",
            &format!("Here are the first {}, as requested.", count(in_all as u64)),
            "</p>",
        );
    }
    let shown: Vec<&SiteRow> = rows.iter().take(in_all.min(FIRST_SITES)).collect();
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
        site(page, row);
        page.tags("</th></tr>\n");
    }
    page.tags("</tbody>\n</table>\n</div>\n");
}

/// The name of a site; of a traceback in short, with all frames, innermost first, where it is opened.
fn site(page: &mut Markup, row: &SiteRow) {
    if !row.is_traceback() {
        page.text(&row.site);
        return;
    }
    page.element(
        "<details><summary>",
        &shortened_from(&row.site, row.own_frame(), SHORT_SITE, false),
        "</summary>",
    );
    page.tags("<ol class=\"frames\">");
    for frame in row.frames() {
        page.element("<li><code>", frame, "</code></li>");
    }
    page.tags("</ol></details>");
}

fn group_section(page: &mut Markup, groups: &[GroupRow], style: &Style) {
    if groups.is_empty() {
        return;
    }
    page.tags("<section aria-labelledby=\"groups\">\n");
    page.element("<h2 id=\"groups\">", "Groups", "</h2>");
    page.element("<p class=\"faint\">", "Sites that grow in lockstep have one cause.", "</p>");
    for (i, group) in (1..).zip(groups) {
        page.tags("<div class=\"group\" id=\"group-").number(i).tags("\"><p>");
        page.text(&format!("[{}] {}", group.id, sentence::group(group, style.units))).tags("</p>\n<ul>\n");
        for site in &group.sites {
            page.element("<li><code>", site, "</code></li>");
        }
        page.tags("</ul></div>\n");
    }
    page.tags("</section>\n");
}

fn remark_section(page: &mut Markup, remarks: &[Worded<Remark>]) {
    if remarks.is_empty() {
        return;
    }
    page.tags("<section aria-labelledby=\"remarks\">\n");
    page.element("<h2 id=\"remarks\">", "Limitations of this recording", "</h2>").tags("<ul>\n");
    for remark in remarks {
        page.element("<li>", &remark.text, "</li>");
    }
    page.tags("</ul>\n</section>\n");
}

fn warning_section(page: &mut Markup, inputs: &[Input], warnings: &[WarningRow]) {
    if warnings.is_empty() {
        return;
    }
    let lines: u64 = inputs.iter().map(|input| input.unreadable_lines).sum();
    page.tags("<section aria-labelledby=\"unread\">\n");
    let heading = if lines > 0 { "Lines that could not be read" } else { "Notes" };
    page.element("<h2 id=\"unread\">", heading, "</h2>");
    if lines > 0 {
        page.element("<p>", &format!("{} could not be read.", counted(lines, "line")), "</p>");
    }
    page.folded(&counted(warnings.len() as u64, "note"), |page| {
        let lines: Vec<String> = warnings.iter().map(sentence::warning).collect();
        list(page, &lines);
    });
    page.tags("</section>\n");
}

fn input_section(page: &mut Markup, order: Option<InputOrder>, inputs: &[Input]) {
    if inputs.is_empty() {
        return;
    }
    page.tags("<section aria-labelledby=\"inputs\">\n").element("<h2 id=\"inputs\">", "Inputs", "</h2>");
    let order = order.map(|order| format!(", read {}", wording::input_order(order))).unwrap_or_default();
    page.folded(&format!("{}{order}", counted(inputs.len() as u64, "input")), |page| {
        let lines: Vec<String> = inputs.iter().map(sentence::input).collect();
        list(page, &lines);
    });
    page.tags("</section>\n");
}

/// The first of many lines, and the number of the others.
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
