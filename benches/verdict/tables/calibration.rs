//! Calibration: whether events come true as often as their probability says.

use super::Page;
use crate::bench::{Bench, Judged, PRIOR};
use crate::families::Truth;

/// Share of the open families: their growth ends after the recording.
const OPEN: f64 = 0.1;
/// Upper ends of the bins.
const BINS: [f64; 8] = [0.02, 0.05, 0.15, 0.3, 0.5, 0.65, 0.8, f64::INFINITY];

/// Adds the bins and Brier's score.
pub fn add(page: &mut Page, bench: &Bench<'_>) {
    page.heading("Calibration");
    page.say(&format!(
        "Families weigh the same, with {:.0} % leaks and {:.0} % open series, whose growth ends later; hidden leaks left out.",
        100.0 * PRIOR,
        100.0 * OPEN
    ));
    for (k, subject) in bench.options.subjects.iter().enumerate() {
        let all: Vec<Weighted> = bench.options.lengths.iter().flat_map(|&n| weighted(bench, k, n)).collect();
        page.head(&["probability", &format!("{}: said", subject.name()), "came true", "series"], &[]);
        let mut from = 0.0;
        for to in BINS {
            let bin: Vec<Weighted> = all.iter().copied().filter(|w| (from..to).contains(&w.said)).collect();
            let of = |value: fn(&Weighted) -> f64| {
                average(&bin, value).map_or_else(|| "–".to_owned(), |v| format!("{v:.3}"))
            };
            let range = if to.is_finite() { format!("{from} to {to}") } else { format!("{from} and more") };
            page.row(&[range, of(|w| w.said), of(|w| w.leaks), bin.len().to_string()]);
            from = to;
        }
        page.end();
    }
    page.heading("Brier's score over that of the base rate");
    page.head(&["subject", "all"], &bench.options.lengths);
    for (k, subject) in bench.options.subjects.iter().enumerate() {
        let by_length: Vec<Vec<Weighted>> =
            bench.options.lengths.iter().map(|&n| weighted(bench, k, n)).collect();
        let score = |of: &[Weighted]| brier(of).map_or_else(|| "–".to_owned(), |b| format!("{b:.2}"));
        let mut row = vec![subject.name().to_owned(), score(&by_length.concat())];
        row.extend(by_length.iter().map(|of| score(of)));
        page.row(&row);
    }
    page.end();
}

/// A probability, whether it came true, and how much it weighs.
#[derive(Clone, Copy)]
struct Weighted {
    said: f64,
    leaks: f64,
    weight: f64,
}

/// All series of a length: families of one truth weigh the same, leaks together [`PRIOR`], open ones [`OPEN`].
fn weighted(bench: &Bench<'_>, k: usize, n: usize) -> Vec<Weighted> {
    let mut all = Vec::new();
    let shares = [(Truth::Leak, 1.0, PRIOR), (Truth::Open, 0.0, OPEN), (Truth::Not, 0.0, 1.0 - PRIOR - OPEN)];
    for (truth, leaks, prior) in shares {
        let cells: Vec<Vec<&Judged>> = bench
            .families(truth)
            .map(|family| bench.cell(family, n).collect::<Vec<_>>())
            .filter(|cell| !cell.is_empty())
            .collect();
        for cell in &cells {
            let weight = prior / cells.len() as f64 / cell.len() as f64;
            all.extend(cell.iter().map(|j| Weighted { said: j.opinions[k].probability, leaks, weight }));
        }
    }
    all
}

fn average(of: &[Weighted], value: impl Fn(&Weighted) -> f64) -> Option<f64> {
    let weight: f64 = of.iter().map(|w| w.weight).sum();
    (weight > 0.0).then(|| of.iter().map(|w| w.weight * value(w)).sum::<f64>() / weight)
}

fn brier(of: &[Weighted]) -> Option<f64> {
    let base = average(of, |w| w.leaks)?;
    let score = average(of, |w| (w.said - w.leaks).powi(2))?;
    (base > 0.0 && base < 1.0).then(|| score / (base * (1.0 - base)))
}
