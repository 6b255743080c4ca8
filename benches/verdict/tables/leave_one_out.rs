//! The worth of each rule: the same series judged without it.

use leakdiff::verdict::{RULES, Rules};

use super::Page;
use crate::bench::{Bench, PRIOR, mean};
use crate::families::Truth;
use crate::options::Options;
use crate::subject::Says;

/// The least length that counts.
const FROM: usize = 20;

/// Adds the table: a row for each part, its figures the means over lengths from 20 points on.
pub fn add(page: &mut Page, options: &mut Options) {
    options.lengths.retain(|n| *n >= FROM);
    page.heading("What each part adds: recall % / false alarms % / F1 without it");
    page.say("Means over the lengths from 20 points on; families weigh the same. Parts that need several sites, or real blocks, show nothing here.");
    let names: Vec<&str> = options.subjects.iter().map(|s| s.name()).collect();
    page.head(&[&["without"], names.as_slice()].concat(), &[]);
    let all = Rules::default();
    let without = RULES.map(|rule| (rule.name, all.without(rule.name)));
    for (name, rules) in std::iter::once(("nothing", all)).chain(without) {
        options.question.judge.rules = rules;
        let bench = Bench::run(options);
        let mut row = vec![name.to_owned()];
        row.extend((0..bench.options.subjects.len()).map(|k| figures(&bench, k)));
        page.row(&row);
    }
    page.end();
}

fn figures(bench: &Bench<'_>, k: usize) -> String {
    let over = |truth: Truth| -> f64 {
        let of = |n: &usize| bench.share(truth, *n, |j| j.opinions[k].says == Says::Growing);
        mean(&bench.options.lengths.iter().filter_map(of).collect::<Vec<_>>()).unwrap_or(f64::NAN)
    };
    let (recall, alarms) = (over(Truth::Leak), over(Truth::Not));
    let (found, wrong) = (PRIOR * recall, (1.0 - PRIOR) * alarms);
    format!("{:.1} / {:.2} / {:.3}", 100.0 * recall, 100.0 * alarms, 2.0 * found / (found + wrong + PRIOR))
}
