//! Many tests at once: the chance up to which they may be believed.

use statrs::distribution::{ContinuousCDF, Normal};

/// The chance that a normal score is as far from 0 as `z`, on either side.
#[must_use]
pub fn two_sided(z: f64) -> f64 {
    2.0 * Normal::standard().sf(z.abs())
}

/// The largest chance at which one of many tests may be believed, so that of those that are at most `share` are so by
/// chance; 0 where none may. `chances` are the p values of all.
///
/// *Formula:* the largest p₍ₖ₎ ≤ share · k / n of the sorted p values. *Source:* Benjamini and Hochberg 1995. *Assumes*
/// tests that are independent, or depend positively. *Cost:* a sort.
///
/// ```
/// use leakdiff::stats::discovery::bar;
/// assert_eq!(bar(&[0.001, 0.02, 0.5, 0.9], 0.05), 0.02);
/// assert_eq!(bar(&[0.04, 0.2, 0.5, 0.9], 0.05), 0.0);
/// ```
#[must_use]
pub fn bar(chances: &[f64], share: f64) -> f64 {
    let mut sorted = chances.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let passes = |(k, p): &(usize, &f64)| **p <= share * (*k + 1) as f64 / n;
    sorted.iter().enumerate().rfind(passes).map_or(0.0, |(_, p)| *p)
}
