//! The share of leaks that are found at a given share of false alarms, wherever the threshold would have to be.

use crate::families::Truth;

/// The name of the row.
pub const NAME: &str = "leaks found % if 1 % of the controls are called (2 % at n = 8)";

/// The share of controls that may be called growing at a length.
const fn allowed(n: usize) -> f64 {
    if n <= 8 { 0.02 } else { 0.01 }
}

/// Returns the share of leaks whose probability is above that of all controls but those that may be called growing;
/// `judged` are the truths and the probabilities of series of `n` points.
pub fn found(judged: impl Iterator<Item = (Truth, f64)>, n: usize) -> Option<f64> {
    let judged: Vec<(Truth, f64)> = judged.collect();
    let of = |truth: Truth| judged.iter().filter(move |one| one.0 == truth).map(|one| one.1);
    let mut controls: Vec<f64> = of(Truth::Not).collect();
    controls.sort_by(|a, b| b.total_cmp(a));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let threshold = *controls.get((allowed(n) * controls.len() as f64) as usize)?;
    let above = of(Truth::Leak).filter(|probability| *probability > threshold).count();
    let leaks = of(Truth::Leak).count();
    (leaks > 0).then(|| above as f64 / leaks as f64)
}
