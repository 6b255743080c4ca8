//! Recall over how clear a leak is.

use super::{Page, percent};
use crate::bench::{Bench, Judged, share};
use crate::families::{self, Truth};
use crate::subject::Says;

/// Families of varying noise, grouped by growth over noise.
const NOISY: [&str; 12] = [
    "linear_white",
    "linear_ar",
    "linear_heavy",
    "late_start",
    "warm_then_leak",
    "restart_leak",
    "poisson_leak",
    "bursty_leak",
    "churn_leak",
    "pool_leak",
    "diurnal_leak",
    "saw_leak",
];
/// Growth over noise. Series drawn at 3, 5, 10, 30 and 300 lie inside of a band.
const NOISE_BANDS: [Band; 6] =
    [(0.0, 4.0), (4.0, 8.0), (8.0, 15.0), (15.0, 25.0), (25.0, 100.0), (100.0, f64::INFINITY)];
/// Families under a cycle, grouped by growth over its height.
const CYCLIC: [&str; 2] = ["diurnal_leak", "saw_leak"];
/// Growth over the height of the cycle.
const CYCLE_BANDS: [Band; 4] = [(0.0, 1.0), (1.0, 2.0), (2.0, 5.0), (5.0, f64::INFINITY)];
/// Families without noise that grow in jumps, grouped by their number.
const JUMPING: [&str; 2] = ["random_steps", "every_kth"];
/// Jumps seen.
const JUMP_BANDS: [Band; 6] =
    [(0.0, 2.0), (2.0, 3.0), (3.0, 5.0), (5.0, 9.0), (9.0, 17.0), (17.0, f64::INFINITY)];

/// From … to less than.
type Band = (f64, f64);

/// Adds a table for each subject.
pub fn add(page: &mut Page, bench: &Bench<'_>) {
    for (k, subject) in bench.options.subjects.iter().enumerate() {
        page.heading(&format!("leakdiff, {}: recall in %, by how clear a leak is", subject.name()));
        page.say(
            "Growth over noise; growth over the height of the cycle, of which at least three periods are seen; \
             jumps seen. Bands reach from … to less than. Cells of fewer than ten series are left out.",
        );
        page.head(&["family", "clear by"], &bench.options.lengths);
        let mut rows = |names: &[&str], bands: &[Band], what, measure: fn(&Judged) -> Option<f64>| {
            for name in names {
                for band in bands {
                    row(page, bench, k, name, what, *band, measure);
                }
            }
        };
        rows(&NOISY, &NOISE_BANDS, "growth / noise", |j| Some(j.facts.clarity()));
        rows(&CYCLIC, &CYCLE_BANDS, "growth / cycle", |j| (j.facts.periods >= 3.0).then_some(j.facts.snr));
        rows(&JUMPING, &JUMP_BANDS, "jumps", |j| Some(j.rises as f64));
        page.end();
    }
}

/// A row of the series that have their measure in the band.
fn row(
    page: &mut Page,
    bench: &Bench<'_>,
    k: usize,
    name: &str,
    what: &str,
    (from, to): Band,
    measure: fn(&Judged) -> Option<f64>,
) {
    let Some(family) =
        families::named(name).filter(|f| bench.families(Truth::Leak).any(|g| g.name == f.name))
    else {
        return;
    };
    let band = match (from == 0.0, to.is_finite()) {
        (true, _) => format!("{what} under {to}"),
        (_, true) => format!("{what} {from} to {to}"),
        _ => format!("{what} {from} and more"),
    };
    let cells: Vec<String> = bench
        .options
        .lengths
        .iter()
        .map(|&n| {
            let series = || bench.cell(family, n).filter(|j| measure(j).is_some_and(|m| from <= m && m < to));
            let found = share(series(), |j| j.opinions[k].says == Says::Growing);
            percent(found.filter(|_| series().nth(9).is_some()))
        })
        .collect();
    if cells.iter().any(|cell| cell != "–") {
        page.row(&[&[name.to_owned(), band][..], &cells].concat());
    }
}
