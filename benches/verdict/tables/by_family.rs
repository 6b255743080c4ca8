//! leakdiff's verdicts on each family.

use super::{Page, percent};
use crate::bench::{Bench, share};
use crate::families::Truth;
use crate::subject::Says;

/// Adds a table for each subject.
pub fn add(page: &mut Page, bench: &Bench<'_>) {
    let lengths = &bench.options.lengths;
    for (k, subject) in bench.options.subjects.iter().enumerate() {
        page.heading(&format!("leakdiff, {}: growing / not growing in %, by family", subject.name()));
        page.say("The rest is `unclear`.");
        page.head(&["family", "truth"], lengths);
        for truth in [Truth::Leak, Truth::Not, Truth::Open] {
            for family in bench.families(truth) {
                let mut row = vec![family.name.to_owned(), truth.name().to_owned()];
                row.extend(lengths.iter().map(|&n| {
                    let growing = share(bench.cell(family, n), |j| j.opinions[k].says == Says::Growing);
                    let not_growing = share(bench.cell(family, n), |j| j.opinions[k].says.not_growing());
                    format!("{} / {}", percent(growing), percent(not_growing))
                }));
                page.row(&row);
            }
        }
        page.end();
    }
}
