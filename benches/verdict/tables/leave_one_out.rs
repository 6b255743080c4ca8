//! The worth of each rule: the same series judged without it.

use leakdiff::verdict::{RULES, Rules};

use super::Page;
use crate::bench::{Bench, PRIOR, mean};
use crate::families::Truth;
use crate::options::Options;
use crate::subject::Says;

/// Below this length rules for few values apply.
const MANY: usize = 20;

/// Adds the table: a row for each part, its figures the means over the shorter lengths, then over the others.
pub fn add(page: &mut Page, options: &mut Options) {
    page.heading("What each part adds: recall % / false alarms % / F1 without it");
    page.say("Means over the lengths; families weigh the same. Parts that need several sites, or real blocks, show nothing here.");
    let (few, many): (Vec<usize>, Vec<usize>) = options.lengths.iter().partition(|n| **n < MANY);
    let up_to = few.iter().max().map(|most| format!("up to {most}"));
    let from = many.iter().min().map(|least| format!("from {least}"));
    let of_lengths: Vec<(String, Vec<usize>)> =
        [(up_to, few), (from, many)].into_iter().filter_map(|(name, of)| Some((name?, of))).collect();
    let mut head = vec!["without".to_owned()];
    for (name, _) in &of_lengths {
        head.extend(options.subjects.iter().map(|subject| format!("{}, {name}", subject.name())));
    }
    page.head(&head.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
    let all = Rules::default();
    let without = RULES.map(|rule| (rule.name, all.without(rule.name)));
    for (name, rules) in std::iter::once(("nothing", all)).chain(without) {
        options.question.judge.rules = rules;
        let bench = Bench::run(options);
        let mut row = vec![name.to_owned()];
        for (_, lengths) in &of_lengths {
            row.extend((0..bench.options.subjects.len()).map(|k| figures(&bench, lengths, k)));
        }
        page.row(&row);
    }
    page.end();
}

fn figures(bench: &Bench<'_>, lengths: &[usize], k: usize) -> String {
    let over = |truth: Truth| -> f64 {
        let of = |n: &usize| bench.share(truth, *n, |j| j.opinions[k].says == Says::Growing);
        mean(&lengths.iter().filter_map(of).collect::<Vec<_>>()).unwrap_or(f64::NAN)
    };
    let (recall, alarms) = (over(Truth::Leak), over(Truth::Not));
    let (found, wrong) = (PRIOR * recall, (1.0 - PRIOR) * alarms);
    format!("{:.1} / {:.2} / {:.3}", 100.0 * recall, 100.0 * alarms, 2.0 * found / (found + wrong + PRIOR))
}
