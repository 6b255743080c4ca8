//! A comparison as a page: one file that fetches nothing and needs no script.

use std::io::{self, Write};

use super::cells::{HEADINGS, cells};
use super::document::{Change, Comparison, Direction};
use super::words::{answer, sentences, side};
use crate::report::Style;
use crate::report::html::markup::Markup;
use crate::report::html::write_plain;

/// Writes the page. It has all changes; those of no interest are folded away.
pub(super) fn html(comparison: &Comparison, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Markup::default();
    page.tags("<header>\n<div>\n").element("<p class=\"brand\">", "leakdiff", "</p>");
    page.element("<h1>", "Before and after", "</h1>").tags("</div>\n</header>\n<main>\n");
    page.tags("<section aria-labelledby=\"answer\">\n");
    page.element("<h2 id=\"answer\">", &answer(comparison), "</h2>").tags("<ul>\n");
    for sentence in sentences(comparison, style.units) {
        page.element("<li>", &sentence, "</li>");
    }
    for row in [&comparison.before, &comparison.after] {
        page.element("<li>", &side(row), "</li>");
    }
    page.tags("</ul>\n</section>\n");
    let of_interest = |change: &&Change| change.direction != Direction::Unchanged;
    let (changed, others): (Vec<&Change>, Vec<&Change>) = comparison.changes.iter().partition(of_interest);
    page.tags("<section aria-labelledby=\"changes\">\n");
    page.element("<h2 id=\"changes\">", "Changes", "</h2>");
    table(&mut page, &changed, style);
    if !others.is_empty() {
        page.folded(&format!("{} unchanged", others.len()), |page| table(page, &others, style));
    }
    page.tags("</section>\n</main>\n<footer><p>Written by leakdiff ").text(comparison.version);
    page.tags(". One file that fetches nothing.</p></footer>");
    write_plain(&page.finish(), out)
}

fn table(page: &mut Markup, changes: &[&Change], style: &Style) {
    if changes.is_empty() {
        return;
    }
    page.tags(
        "<div class=\"scroll\" role=\"region\" aria-label=\"Changes\" tabindex=\"0\">\n<table>\n<thead><tr>",
    );
    for (heading, _) in HEADINGS {
        page.tags("<th scope=\"col\">").text(heading).tags("</th>");
    }
    page.tags("</tr></thead>\n<tbody>\n");
    for change in changes {
        page.tags("<tr>");
        for (cell, (_, right)) in cells(change, style).iter().zip(HEADINGS) {
            page.tags(if right { "<td class=\"right\">" } else { "<td>" }).text(cell).tags("</td>");
        }
        page.tags("<th scope=\"row\">").text(&change.name);
        if let Some(from) = &change.moved_from {
            page.tags(" <span class=\"faint\">").text("was ").text(from).tags("</span>");
        }
        page.tags("</th></tr>\n");
    }
    page.tags("</tbody>\n</table>\n</div>\n");
}
