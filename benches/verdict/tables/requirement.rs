//! The requirements, compared with the results.
//!
//! From 20 points on at most 2 % of the series of every control family are called growing, at most 5 % of random walks,
//! queues and trickles. Of every family of leaks whose growth over the recording is at least thirty times the noise
//! about its path (ten times for even growth under white noise; under a cycle, three periods or more seen) at least 75
//! % are called growing at 20 points, 90 % from 40 on. In no family is more than 1 % said wrongly and surely: a leak
//! `steady` at a probability below 0.05, a control `growing` above 0.95.

use super::{Page, percent_to_a_tenth};
use crate::bench::{Bench, Judged, share};
use crate::families::{Family, Truth};
use crate::options::Subject;
use crate::subject::Says;

/// The least length of which something is required.
const FROM: usize = 20;
/// Families that move like a leak for a while.
const WANDERING: [&str; 4] = ["walk", "walk_zero", "lattice_walk", "trickle"];

/// Adds the tables, and the list of requirements that do not hold.
pub fn add(page: &mut Page, bench: &Bench<'_>) {
    for (k, subject) in bench.options.subjects.iter().enumerate() {
        let mut failures = Vec::new();
        false_alarms(page, bench, k, *subject, &mut failures);
        recall(page, bench, k, *subject, &mut failures);
        wrongly_sure(page, bench, k, *subject, &mut failures);
        page.heading(&format!("Required, {}: what does not hold", subject.name()));
        if failures.is_empty() {
            page.say("Nothing.");
        }
        for failure in failures {
            page.text += &format!("- {failure}\n");
        }
        page.end();
    }
}

/// The lengths of which something is required.
fn lengths(bench: &Bench<'_>) -> Vec<usize> {
    bench.options.lengths.iter().copied().filter(|n| *n >= FROM).collect()
}

fn false_alarms(page: &mut Page, bench: &Bench<'_>, k: usize, subject: Subject, failures: &mut Vec<String>) {
    let lengths = lengths(bench);
    page.heading(&format!("Required, {}: false alarms in % of controls", subject.name()));
    page.say("Bold: too many.");
    page.head(&["family", "at most"], &lengths);
    for family in bench.families(Truth::Not) {
        let most = if WANDERING.contains(&family.name) { 0.05 } else { 0.02 };
        let mut row = vec![family.name.to_owned(), format!("{:.0}", 100.0 * most)];
        for &n in &lengths {
            let found = share(bench.cell(family, n), |j| j.opinions[k].says == Says::Growing);
            let fails = found.is_some_and(|found| found > most);
            row.push(marked(percent_to_a_tenth(found), fails));
            if fails {
                failures.push(format!(
                    "{} at n = {n}: {} % false alarms (at most {:.0} %)",
                    family.name,
                    percent_to_a_tenth(found),
                    100.0 * most
                ));
            }
        }
        page.row(&row);
    }
    let mut row = vec!["mean".to_owned(), String::new()];
    row.extend(
        lengths.iter().map(|&n| {
            percent_to_a_tenth(bench.share(Truth::Not, n, |j| j.opinions[k].says == Says::Growing))
        }),
    );
    page.row(&row);
    page.end();
}

fn recall(page: &mut Page, bench: &Bench<'_>, k: usize, subject: Subject, failures: &mut Vec<String>) {
    let lengths = lengths(bench);
    page.heading(&format!("Required, {}: recall in % of clear leaks", subject.name()));
    page.say(
        "At least 75 % at n = 20 (to 39), 90 % from 40 on; in brackets how many are clear. Bold: too few.",
    );
    page.head(&["family"], &lengths);
    for family in bench.families(Truth::Leak).filter(|family| is_shown_as(family, subject)) {
        let mut row = vec![family.name.to_owned()];
        for &n in &lengths {
            let clear: Vec<&Judged> = bench.cell(family, n).filter(|j| is_clear(j)).collect();
            let found = share(clear.iter().copied(), |j| j.opinions[k].says == Says::Growing);
            let least = if n < 40 { 0.75 } else { 0.9 };
            let fails = found.is_some_and(|found| found < least);
            let cell = marked(percent_to_a_tenth(found), fails);
            row.push(if found.is_some() { format!("{cell} ({})", clear.len()) } else { cell });
            if fails {
                failures.push(format!(
                    "{} at n = {n}: recall {} % of {} (at least {:.0} %)",
                    family.name,
                    percent_to_a_tenth(found),
                    clear.len(),
                    100.0 * least
                ));
            }
        }
        page.row(&row);
    }
    page.end();
}

/// Whether something is required of a family shown as this subject. A site that falls was flushed: only all sites of a
/// heap together show that its process restarted, and the bench has one.
fn is_shown_as(family: &Family, subject: Subject) -> bool {
    subject == Subject::Process || !family.name.starts_with("restart")
}

/// Whether a leak is clear enough to be found.
fn is_clear(judged: &Judged) -> bool {
    let facts = &judged.facts;
    let least = if facts.white { 10.0 } else { 30.0 };
    let cycle_seen = facts.periods == 0.0 || facts.periods >= 3.0;
    // A series drawn at ten times the noise must not be lost to rounding.
    facts.growth > 0.0 && facts.clarity() >= least * (1.0 - 1e-9) && cycle_seen
}

fn wrongly_sure(page: &mut Page, bench: &Bench<'_>, k: usize, subject: Subject, failures: &mut Vec<String>) {
    let lengths = &bench.options.lengths;
    page.heading(&format!("Required, {}: wrong and sure of it, in %", subject.name()));
    page.say("Leaks called `steady` below 0.05, controls called `growing` above 0.95: at most 1 %. Families without any are left out. Bold: too many.");
    page.head(&["family", "truth"], lengths);
    for truth in [Truth::Leak, Truth::Not] {
        let mut row = vec!["mean".to_owned(), truth.name().to_owned()];
        row.extend(lengths.iter().map(|&n| percent_to_a_tenth(bench.share(truth, n, |j| wrong(j, k)))));
        page.row(&row);
        for family in bench.families(truth).filter(|family| is_shown_as(family, subject)) {
            let share_of = |n: &usize| share(bench.cell(family, *n), |j| wrong(j, k));
            let found: Vec<Option<f64>> = lengths.iter().map(share_of).collect();
            if found.iter().flatten().all(|share| *share == 0.0) {
                continue;
            }
            let mut row = vec![family.name.to_owned(), truth.name().to_owned()];
            for (&n, found) in lengths.iter().zip(found) {
                let fails = found.is_some_and(|found| found > 0.01);
                row.push(marked(percent_to_a_tenth(found), fails));
                if fails {
                    failures.push(format!(
                        "{} at n = {n}: {} % wrong and sure of it (at most 1 %)",
                        family.name,
                        percent_to_a_tenth(found)
                    ));
                }
            }
            page.row(&row);
        }
    }
    page.end();
}

/// Whether a series is judged wrongly and surely.
fn wrong(judged: &Judged, k: usize) -> bool {
    let said = &judged.opinions[k];
    match judged.truth {
        Truth::Leak => said.says == Says::Steady && said.probability < 0.05,
        Truth::Not => said.says == Says::Growing && said.probability > 0.95,
        Truth::Open => false,
    }
}

fn marked(text: String, fails: bool) -> String {
    if fails { format!("**{text}**") } else { text }
}
