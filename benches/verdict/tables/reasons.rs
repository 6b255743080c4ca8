//! Wrong verdicts: the reasons given, and their numbers.

use std::collections::BTreeMap;

use super::Page;
use crate::bench::Bench;
use crate::families::{Family, Truth};
use crate::subject::{Opinion, Says};

/// The columns of a table of reasons.
const HEAD: [&str; 5] = ["family", "n", "verdict", "reason", "times"];
/// The sentence above such a table.
const ABOUT: &str =
    "Leaks not called growing, controls called growing; numbers in the reasons are written as #.";

/// Adds a table for each subject.
pub fn add(page: &mut Page, bench: &Bench<'_>) {
    for (k, subject) in bench.options.subjects.iter().enumerate() {
        page.heading(&format!("leakdiff, {}: reasons of wrong verdicts", subject.name()));
        page.say(ABOUT);
        page.head(&HEAD, &[]);
        for truth in [Truth::Leak, Truth::Not] {
            for family in bench.families(truth) {
                for &n in &bench.options.lengths {
                    let said = bench.cell(family, n).map(|judged| &judged.opinions[k]);
                    add_rows(page, family.name, n, truth, said);
                }
            }
        }
        page.end();
    }
}

/// Adds a table of the families of these names; `judged` gives the series of the length at a place among `lengths`.
pub fn add_families<'a, I: Iterator<Item = (&'a Family, &'a Opinion)>>(
    page: &mut Page,
    names: impl Iterator<Item = &'a str>,
    lengths: &[usize],
    judged: impl Fn(usize) -> I,
) {
    page.say(ABOUT);
    page.head(&HEAD, &[]);
    for name in names {
        for (column, n) in lengths.iter().enumerate() {
            let own: Vec<_> = judged(column).filter(|(family, _)| family.name == name).collect();
            let Some((family, _)) = own.first() else { continue };
            add_rows(page, name, *n, family.truth, own.iter().map(|(_, said)| *said));
        }
    }
    page.end();
}

/// Adds a row for each reason of the wrong verdicts among `opinions` on series of one family, length and truth.
fn add_rows<'a>(
    page: &mut Page,
    family: &str,
    n: usize,
    truth: Truth,
    opinions: impl Iterator<Item = &'a Opinion>,
) {
    let mut times: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for said in opinions {
        if (said.says == Says::Growing) != (truth == Truth::Leak) {
            *times.entry((said.says.name(), without_numbers(&said.reason))).or_default() += 1;
        }
    }
    let mut often: Vec<_> = times.into_iter().collect();
    often.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    for ((verdict, reason), times) in often {
        page.row(&[family, &n.to_string(), verdict, &reason, &times.to_string()].map(str::to_owned));
    }
}

/// A reason with each number written as one sign.
fn without_numbers(reason: &str) -> String {
    let mut text = String::with_capacity(reason.len());
    for c in reason.chars() {
        if !c.is_ascii_digit() {
            text.push(c);
        } else if !text.ends_with('#') {
            text.push('#');
        }
    }
    text
}
