//! Mann and Kendall's test: do later values tend to be larger?

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};

use super::inversions::{self, Run};

/// The result of the test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MannKendall {
    /// Rising pairs less falling pairs.
    pub s: i64,
    /// Variance of `s` without a trend, corrected for ties.
    pub variance: f64,
    /// Normal score, with continuity correction.
    pub z: f64,
    /// Two-sided p by the normal approximation.
    pub p: f64,
    /// Kendall's tau: `s` over the number of pairs.
    pub tau: f64,
    /// Exact two-sided p, for at most 40 values without ties.
    pub exact_p: Option<f64>,
}

/// Values up to which the exact distribution is worked out.
const EXACT_UP_TO: usize = 40;

/// Tests at least three values for a trend of any shape.
///
/// *Question:* could the order of these values be chance? *Formula:* `S = Σ sign(yⱼ − yᵢ)` over `i < j`,
/// `Var S = (n(n−1)(2n+5) − Σ t(t−1)(2t+5)) / 18` over ties of `t` values, `z = (S ∓ 1) / √Var S`. The exact
/// p counts the permutations with at least that `|S|`. *Assumes* independent values: for a random walk or a
/// slow cycle p is far too small, and a cache that fills is as significant as a leak. *Source:* Mann 1945,
/// Kendall 1975; agrees with `pymannkendall.original_test`. *Cost:* O(n log n) by counting inversions while
/// sorting runs of equal values; the exact distribution of each length is worked out once.
///
/// ```
/// use leakdiff::stats::mann_kendall::mann_kendall;
/// let test = mann_kendall(&[941804.0, 942056.0, 942336.0, 942704.0, 942912.0]).unwrap();
/// assert_eq!(test.s, 10);
/// assert!((test.z - 2.2045).abs() < 1e-4);
/// assert!((test.exact_p.unwrap() - 2.0 / 120.0).abs() < 1e-12);
/// ```
#[must_use]
#[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap)]
pub fn mann_kendall(y: &[f64]) -> Option<MannKendall> {
    let n = y.len();
    if n < 3 || y.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let Order { falling, tied_pairs, tied_variance } = Order::of(y);
    let ties = tied_pairs > 0;
    let pairs = n as u64 * (n as u64 - 1) / 2;
    let s = (pairs - tied_pairs - falling) as i64 - falling as i64;
    let count = n as f64;
    let variance = (count * (count - 1.0) * (2.0 * count + 5.0) - tied_variance) / 18.0;
    let z = if s == 0 || variance <= 0.0 { 0.0 } else { (s - s.signum()) as f64 / variance.sqrt() };
    let p = if z == 0.0 { 1.0 } else { (2.0 * Normal::standard().sf(z.abs())).min(1.0) };
    let exact_p = (n <= EXACT_UP_TO && !ties).then(|| exact(n, s.unsigned_abs() as usize));
    Some(MannKendall { s, variance: variance.max(0.0), z, p, tau: s as f64 / pairs as f64, exact_p })
}

/// The facts about the order of values that the test needs.
struct Order {
    /// Pairs that fall.
    falling: u64,
    /// Pairs of equal values.
    tied_pairs: u64,
    /// The amount that ties take off 18 times the variance.
    tied_variance: f64,
}

impl Order {
    fn of(y: &[f64]) -> Self {
        // A site is constant in most steps: runs of equal values are far fewer than values.
        let mut runs: Vec<Run> = Vec::with_capacity(y.len());
        for &value in y {
            let key = inversions::key(value);
            match runs.last_mut() {
                Some(run) if run.key == key => run.length += 1,
                _ => runs.push(Run { key, length: 1 }),
            }
        }
        if 2 * runs.len() < y.len() {
            let falling = inversions::count_sorting(&mut runs);
            let levels = runs.chunk_by(|a, b| a.key == b.key);
            Self::new(falling, levels.map(|level| level.iter().map(|run| run.length).sum()))
        } else {
            let mut keys: Vec<i64> = y.iter().map(|v| inversions::key(*v)).collect();
            let falling = inversions::count_sorting(&mut keys);
            Self::new(falling, keys.chunk_by(|a, b| a == b).map(|level| level.len() as u64))
        }
    }

    #[allow(clippy::cast_precision_loss)]
    fn new(falling: u64, ties: impl Iterator<Item = u64>) -> Self {
        let mut order = Self { falling, tied_pairs: 0, tied_variance: 0.0 };
        for tied in ties.filter(|tied| *tied > 1) {
            let t = tied as f64;
            order.tied_pairs += tied * (tied - 1) / 2;
            order.tied_variance += t * (t - 1.0) * (2.0 * t + 5.0);
        }
        order
    }
}

/// For each number of values the share of their permutations that have at most a given number of inversions.
static AT_MOST: [OnceLock<Vec<f64>>; EXACT_UP_TO + 1] = [const { OnceLock::new() }; EXACT_UP_TO + 1];

/// The share of the permutations of `n` values whose `|S|` is at least `s`; `S = pairs − 2·inversions`.
fn exact(n: usize, s: usize) -> f64 {
    if s == 0 {
        return 1.0;
    }
    let pairs = n * (n - 1) / 2;
    let at_most = AT_MOST[n].get_or_init(|| at_most(n));
    (2.0 * at_most[(pairs - s.min(pairs)) / 2]).min(1.0)
}

/// The number of permutations by inversions grows value by value: a new largest value adds 0 to `k` inversions.
#[allow(clippy::cast_precision_loss)]
fn at_most(n: usize) -> Vec<f64> {
    let mut shares = vec![1.0_f64];
    for k in 1..n {
        let mut next = vec![0.0; shares.len() + k];
        for (inversions, share) in shares.iter().enumerate() {
            let part = share / (k + 1) as f64;
            next[inversions..=inversions + k].iter_mut().for_each(|sum| *sum += part);
        }
        shares = next;
    }
    let mut sum = 0.0;
    shares.iter_mut().for_each(|share| {
        sum += *share;
        *share = sum;
    });
    shares
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn brute_force(y: &[f64]) -> i64 {
        let sign = |a: f64, b: f64| i64::from(b > a) - i64::from(b < a);
        (0..y.len()).flat_map(|j| (0..j).map(move |i| (i, j))).map(|(i, j)| sign(y[i], y[j])).sum()
    }

    #[test]
    fn constants_and_short_series() {
        let flat = mann_kendall(&[3.0; 5]).unwrap();
        assert_eq!((flat.s, flat.variance, flat.z, flat.p, flat.exact_p), (0, 0.0, 0.0, 1.0, None));
        assert!(mann_kendall(&[1.0, 2.0]).is_none());
        assert!(mann_kendall(&[1.0, f64::NAN, 2.0]).is_none());
    }

    #[test]
    fn exact_shares() {
        // Of the 6 orders of three values one has S = 3 and one S = −3.
        assert!((mann_kendall(&[1.0, 2.0, 3.0]).unwrap().exact_p.unwrap() - 1.0 / 3.0).abs() < 1e-12);
        // Kendall's table: n = 8, S ≥ 16 one-sided 0.031.
        assert!((exact(8, 16) / 2.0 - 0.0305).abs() < 5e-4, "{}", exact(8, 16) / 2.0);
    }

    proptest! {
        #[test]
        fn s_is_what_counting_all_pairs_gives(y in prop::collection::vec(-5..5_i32, 3..60)) {
            let y: Vec<f64> = y.into_iter().map(f64::from).collect();
            prop_assert_eq!(mann_kendall(&y).unwrap().s, brute_force(&y));
        }

        #[test]
        fn only_the_order_counts(y in prop::collection::vec(-1e3..1e3_f64, 3..40)) {
            let stretched: Vec<f64> = y.iter().map(|v| v * 8.0 + 1e4).collect();
            prop_assert_eq!(mann_kendall(&y).unwrap().s, mann_kendall(&stretched).unwrap().s);
        }
    }
}
