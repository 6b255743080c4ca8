//! Whether the interval of a rate holds the rate to come.

use super::{Page, percent};
use crate::bench::{Bench, Judged};
use crate::families::{Family, Truth};
use crate::subject::{Rate, Says};

/// Its rate to come differs from its rate now, which an interval is about.
const LEFT_OUT: [&str; 1] = ["accelerating"];

/// Adds the coverage by length and by family.
pub fn add(page: &mut Page, bench: &Bench<'_>) {
    let lengths = &bench.options.lengths;
    page.heading("The 95 % interval of the rate against the rate to come, of leaks called growing");
    page.say("Covered in %, and the median half-width in % of the rate; `accelerating` left out.");
    page.head(&["interval"], lengths);
    for (k, subject) in bench.options.subjects.iter().enumerate() {
        let mut own = vec![format!("**leakdiff, {}**", subject.name())];
        let mut line = vec![format!("OLS on the same ({})", subject.name())];
        let mut count = vec!["how many".to_owned()];
        for &n in lengths {
            let called: Vec<&Judged> =
                families(bench).flat_map(|family| called(bench, family, n, k)).collect();
            own.push(summary(&called, |j| j.opinions[k].rate));
            line.push(summary(&called, |j| j.line));
            count.push(called.len().to_string());
        }
        page.row(&own);
        page.row(&line);
        page.row(&count);
    }
    page.end();
    for (k, subject) in bench.options.subjects.iter().enumerate() {
        page.heading(&format!(
            "leakdiff, {}: rates covered in %, and ± median half-width in % of the rate, by family",
            subject.name()
        ));
        page.say("Cells of fewer than ten leaks called growing are left out.");
        page.head(&["family"], lengths);
        for family in families(bench) {
            let mut row = vec![family.name.to_owned()];
            row.extend(lengths.iter().map(|&n| {
                let called: Vec<&Judged> = called(bench, family, n, k).collect();
                if called.len() < 10 { "–".to_owned() } else { summary(&called, |j| j.opinions[k].rate) }
            }));
            page.row(&row);
        }
        page.end();
    }
}

fn families(bench: &Bench<'_>) -> impl Iterator<Item = &'static Family> {
    bench.families(Truth::Leak).filter(|family| !LEFT_OUT.contains(&family.name))
}

/// The leaks of a cell that are called growing.
fn called<'a>(bench: &'a Bench<'_>, family: &Family, n: usize, k: usize) -> impl Iterator<Item = &'a Judged> {
    bench.cell(family, n).filter(move |j| j.opinions[k].says == Says::Growing && j.rate > 0.0)
}

fn summary(called: &[&Judged], rate: impl Fn(&Judged) -> Option<Rate>) -> String {
    let mut widths: Vec<f64> =
        called.iter().map(|j| rate(j).map_or(f64::INFINITY, |r| (r.high - r.low) / 2.0 / j.rate)).collect();
    widths.sort_by(f64::total_cmp);
    let width = widths.get(widths.len() / 2).copied();
    format!("{} ± {}", percent(covered(called, rate)), percent(width))
}

fn covered(called: &[&Judged], rate: impl Fn(&Judged) -> Option<Rate>) -> Option<f64> {
    let holds = |j: &&&Judged| rate(j).is_some_and(|r| r.low <= j.rate && j.rate <= r.high);
    (!called.is_empty()).then(|| called.iter().filter(holds).count() as f64 / called.len() as f64)
}
