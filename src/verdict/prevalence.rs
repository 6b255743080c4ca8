//! How common leaks are in this recording: evidence that a site takes from all the others.
//!
//! Among ten thousand sites that come and go a few look like leaks by chance. How many of them leak is estimated from all
//! of them together (empirical Bayes; the local false discovery rate of Efron et al. 2001): with prior odds π/(1 − π) in
//! place of those the score was made for, π = (a + Σ p_i) / (a + b + N), where p_i are the probabilities under π
//! itself, and a, b stand for ten sites of the usual kind. The step is repeated until it stands still. π is only
//! lowered: that many sites grow is no evidence for the next one, since one cache has many lines.

use super::score::{logistic, logit};

/// The share of the moving sites that leak where nothing else is known, as on the recorded programs.
const USUAL: f64 = 0.15;
/// For so many sites the usual share speaks.
const WORTH: f64 = 10.0;
/// Steps until π stands still.
const STEPS: usize = 50;

/// What the log-odds of each site change by, given those of all; 0 or less.
#[must_use]
pub fn shift(log_odds: &[f64]) -> f64 {
    let mut share = USUAL;
    let by = |share: f64| logit(share) - logit(USUAL);
    for _ in 0..STEPS {
        let shift = by(share);
        let expected: f64 = log_odds.iter().map(|l| logistic(l + shift)).sum();
        share = (WORTH * USUAL + expected) / (WORTH + log_odds.len() as f64);
    }
    by(share).min(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_sites_change_nothing_and_thousands_of_healthy_ones_raise_the_bar() {
        assert!(shift(&[]).abs() < 1e-9);
        assert!(shift(&[3.0]) > -0.2);
        assert!(shift(&[4.0; 60]).abs() < 1e-9, "many leaks are no evidence for the next");
        let healthy = |n: usize| (0..n).map(|i| if i % 50 == 0 { 1.0 } else { -4.0 }).collect::<Vec<_>>();
        let (few, many) = (shift(&healthy(50)), shift(&healthy(10_000)));
        assert!(many < -4.0 && few > -2.5, "{few}, {many}");
    }
}
