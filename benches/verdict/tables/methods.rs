//! leakdiff and other rules.

use super::{Page, percent, percent_to_a_tenth};
use crate::bench::{Bench, Judged, PRIOR, mean};
use crate::families::Truth;
use crate::rivals;
use crate::subject::Says;

/// Adds the tables of methods.
pub fn add(page: &mut Page, bench: &Bench<'_>) {
    let lengths = &bench.options.lengths;
    page.heading("Methods: recall % / false alarms % / F1");
    page.say(&format!(
        "Families weigh the same; F1 with {:.0} % leaks. Leaks hidden by rounding and open families are in none of these.",
        100.0 * PRIOR
    ));
    page.head(&["method"], lengths);
    for (name, says) in methods(bench) {
        let mut row = vec![name];
        row.extend(lengths.iter().map(|&n| scores(bench, n, &says)));
        page.row(&row);
    }
    page.end();
    page.heading("Mean F1 over the lengths, and said growing where nothing decides (open families, %)");
    page.head(&["method", "mean F1"], lengths);
    for (name, says) in methods(bench) {
        let all: Vec<f64> = lengths.iter().filter_map(|&n| f1(bench, n, &says)).collect();
        let mut row = vec![name, mean(&all).map_or_else(|| "–".to_owned(), |f1| format!("{f1:.3}"))];
        row.extend(lengths.iter().map(|&n| percent(bench.share(Truth::Open, n, &says))));
        page.row(&row);
    }
    page.end();
}

/// A name, and whether it says that a series leaks.
type Method = (String, Box<dyn Fn(&Judged) -> bool>);

fn methods(bench: &Bench<'_>) -> Vec<Method> {
    let mut all: Vec<Method> = Vec::new();
    for (k, subject) in bench.options.subjects.iter().enumerate() {
        let name = format!("**leakdiff, {}**", subject.name());
        all.push((name, Box::new(move |judged| judged.opinions[k].says == Says::Growing)));
    }
    for (k, (name, _)) in rivals::ALL.iter().enumerate() {
        all.push(((*name).to_owned(), Box::new(move |judged| judged.rival_says(k))));
    }
    all
}

fn scores(bench: &Bench<'_>, n: usize, says: &dyn Fn(&Judged) -> bool) -> String {
    let recall = bench.share(Truth::Leak, n, says);
    let alarms = bench.share(Truth::Not, n, says);
    let f1 = f1(bench, n, says).map_or_else(|| "–".to_owned(), |f1| format!("{f1:.2}"));
    format!("{} / {} / {f1}", percent(recall), percent_to_a_tenth(alarms))
}

fn f1(bench: &Bench<'_>, n: usize, says: &dyn Fn(&Judged) -> bool) -> Option<f64> {
    let found = PRIOR * bench.share(Truth::Leak, n, says)?;
    let wrong = (1.0 - PRIOR) * bench.share(Truth::Not, n, says)?;
    Some(2.0 * found / (found + wrong + PRIOR))
}
