//! The times of growth, where nothing is ever given back.
//!
//! Each kind of growth spreads over time in its own way, as a density p over m ≤ 24 equal stretches.
//! With f_b the share of the growth in stretch b and E the number of equal steps that the growth is worth,
//! its weight is prior · exp(E/φ · Σ f_b ln(m p_b)); "a few jumps and done" has 0.6 · exp(−0.35 (E/φ − 1) +
//! 0.25). It keeps single resizes, and start-ups such as 0, 2480, 2800, …, 2960, from being leaks.
//!
//! Growth in bursts fits no spread: its steps are not independent, and E counts too many. So E is divided by the
//! dispersion φ = max(1, D / (m − 3)), D = 2E Σ f_b ln(f_b / p_b) being the deviance of the spread that fits best
//! (quasi-likelihood: Wedderburn 1974, McCullagh 1983).

use std::sync::OnceLock;

use super::curves::pairs;
use super::types::Outlook;
use crate::stats::least_squares::dot;
use crate::stats::steps::{GIVEN_BACK, Movement};

/// The most stretches of time.
const MOST_STRETCHES: usize = 24;
/// No stretch is impossible: a density is at least about this share of its mean.
const FLOOR: f64 = 0.02;

/// Free numbers that the best spread is taken to have used up.
const FITTED: f64 = 3.0;

/// The evidence of the times of growth.
pub(super) struct Timing {
    pub(super) p_continues: f64,
    pub(super) open: f64,
}

/// A spread of growth over time, with its grid; `u` runs from 0 to 1.
enum Spread {
    /// 1.
    Even,
    /// 2u.
    Rising,
    /// `[u > a]`.
    From(&'static [f64]),
    /// 1 − s + s e^(−u/τ)/τ, τ and s.
    EvenAfterBurst(&'static [f64], &'static [f64]),
    /// e^(−u/τ).
    Fading(&'static [f64]),
    /// 1/(u + a).
    Hyperbola(&'static [f64]),
    /// `[u < a]`.
    Until(&'static [f64]),
    /// `[a < u < b]`.
    Between(&'static [f64], &'static [f64]),
}

/// The outlook, the prior of **each** grid point, and the spread.
const SPREADS: [(Outlook, f64, Spread); 10] = [
    (Outlook::Continues, 0.35, Spread::Even),
    (Outlook::Continues, 0.03, Spread::Rising),
    (Outlook::Continues, 0.016, Spread::From(&[0.15, 0.3, 0.45, 0.6, 0.75])),
    (Outlook::Continues, 0.0133, Spread::EvenAfterBurst(&[0.03, 0.07, 0.15], &[0.3, 0.6])),
    (Outlook::Stops, 0.04, Spread::Fading(&[0.05, 0.1, 0.2, 0.3, 0.45])),
    (Outlook::Undetermined, 0.0125, Spread::Fading(&[0.6, 0.8, 1.0, 1.4])),
    (Outlook::Stops, 0.015, Spread::Hyperbola(&[0.005, 0.03])),
    (Outlook::Undetermined, 0.015, Spread::Hyperbola(&[0.1, 0.3])),
    (Outlook::Stops, 0.012, Spread::Until(&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.87, 0.93])),
    (Outlook::Stops, 0.004, Spread::Between(&[0.15, 0.3, 0.45, 0.6], &[0.6, 0.75, 0.87, 0.93])),
];

/// A spread, ready for dot products.
struct Density {
    outlook: Outlook,
    log_prior: f64,
    /// ln(m p_b).
    logs: Vec<f64>,
}

static DENSITIES: [OnceLock<Vec<Density>>; MOST_STRETCHES + 1] =
    [const { OnceLock::new() }; MOST_STRETCHES + 1];

fn densities(m: usize) -> &'static [Density] {
    DENSITIES[m].get_or_init(|| {
        let u: Vec<f64> = (0..m).map(|i| (i as f64 + 0.5) / m as f64).collect();
        SPREADS
            .iter()
            .flat_map(|(outlook, prior, spread)| {
                spread.over(&u).into_iter().map(|mut p| {
                    let mean = p.iter().sum::<f64>() / m as f64;
                    p.iter_mut().for_each(|v| *v += FLOOR * mean + 1e-9);
                    let sum: f64 = p.iter().sum();
                    p.iter_mut().for_each(|v| *v = (*v / sum * m as f64).ln());
                    Density { outlook: *outlook, log_prior: prior.ln(), logs: p }
                })
            })
            .collect()
    })
}

impl Spread {
    fn over(&self, u: &[f64]) -> Vec<Vec<f64>> {
        let each = |f: &dyn Fn(f64) -> f64| u.iter().map(|&x| f(x)).collect::<Vec<f64>>();
        let when = |yes: bool| if yes { 1.0 } else { 0.0 };
        match *self {
            Self::Even => vec![each(&|_| 1.0)],
            Self::Rising => vec![each(&|x| 2.0 * x)],
            Self::From(grid) => grid.iter().map(|&a| each(&|x| when(x > a))).collect(),
            Self::EvenAfterBurst(taus, shares) => taus
                .iter()
                .flat_map(|&tau| shares.iter().map(move |&s| (tau, s)))
                .map(|(tau, s)| each(&|x| 1.0 - s + s * (-x / tau).exp() / tau))
                .collect(),
            Self::Fading(taus) => taus.iter().map(|&tau| each(&|x| (-x / tau).exp())).collect(),
            Self::Hyperbola(grid) => grid.iter().map(|&a| each(&|x| 1.0 / (x + a))).collect(),
            Self::Until(grid) => grid.iter().map(|&a| each(&|x| when(x < a))).collect(),
            Self::Between(first, second) => {
                pairs(first, second).map(|(a, b)| each(&|x| when(x > a && x < b))).collect()
            }
        }
    }
}

/// Compares the spreads; `None` where something was given back or nothing grew.
///
/// `movement` is that of `y`. Cost: O(n), and 49 dot products of at most 24 numbers.
pub(super) fn timing(y: &[f64], movement: &Movement) -> Option<Timing> {
    if movement.up <= 0.0 || movement.gives_back(GIVEN_BACK) {
        return None;
    }
    let steps = y.len().saturating_sub(1);
    let m = steps.min(MOST_STRETCHES);
    let mut shares = [0.0; MOST_STRETCHES];
    let shares = &mut shares[..m];
    for (stretch, share) in shares.iter_mut().enumerate() {
        // Step i lies in stretch ⌊i · m / steps⌋.
        let (from, to) = ((stretch * steps).div_ceil(m), ((stretch + 1) * steps).div_ceil(m));
        *share = Movement::of(&y[from..=to]).up / movement.up;
    }

    let all = densities(m);
    let fits: Vec<f64> = all.iter().map(|d| dot(&d.logs, shares)).collect();
    let best = fits.iter().fold(f64::NEG_INFINITY, |a, &b| a.max(b));
    let own: f64 = shares.iter().filter(|s| **s > 0.0).map(|s| s * (s * m as f64).ln()).sum();
    let rises = movement.effective_rises();
    let deviance = 2.0 * rises * (own - best);
    let rises = rises / (deviance / (m as f64 - FITTED).max(1.0)).max(1.0);
    // A few jumps and done, each jump one more a third less likely.
    let jumps = 0.6_f64.ln() - 0.35 * (rises - 1.0) + 0.25;
    let logs: Vec<f64> = all.iter().zip(&fits).map(|(d, fit)| d.log_prior + rises * fit).collect();
    let top = logs.iter().fold(jumps, |a, &b| a.max(b));
    let mut total = (jumps - top).exp();
    let (mut p_continues, mut open) = (0.0, 0.0);
    for (density, log) in all.iter().zip(&logs) {
        let weight = (log - top).exp();
        total += weight;
        match density.outlook {
            Outlook::Continues => p_continues += weight,
            Outlook::Undetermined => open += weight,
            Outlook::Stops => {}
        }
    }
    Some(Timing { p_continues: p_continues / total, open: open / total })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn timed(y: &[f64]) -> Option<Timing> {
        timing(y, &Movement::of(y))
    }

    #[test]
    fn one_jump_at_the_start_is_no_leak_and_even_growth_is() {
        let settled = [0.0, 2480.0, 2800.0, 2880.0, 2920.0, 2960.0, 2960.0, 2960.0];
        let p = timed(&settled).unwrap();
        assert!(p.p_continues < 0.3, "{}", p.p_continues);
        let even: Vec<f64> = (0..40).map(f64::from).collect();
        let p = timed(&even).unwrap();
        assert!(p.p_continues > 0.95, "{}", p.p_continues);
    }

    #[test]
    fn no_evidence_where_something_is_given_back() {
        assert!(timed(&[0.0, 10.0, 5.0, 20.0]).is_none());
        assert!(timed(&[5.0, 5.0, 5.0, 5.0]).is_none());
        assert!(timed(&[9.0, 8.0, 7.0, 6.0]).is_none());
    }
}
