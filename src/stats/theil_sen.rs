//! Theil and Sen's slope: the median of the slopes of all pairs.

use statrs::distribution::{ContinuousCDF, Normal};

use super::Points;

/// The median slope and the line through the medians.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TheilSen {
    /// Median of the pairwise slopes.
    pub slope: f64,
    /// Value of the line at the first x: `median(y) − slope · (median(x) − x₁)`.
    pub intercept: f64,
    /// Lower end of the 95 % interval of the slope, by ranks.
    pub low: f64,
    /// Upper end of the 95 % interval of the slope.
    pub high: f64,
}

/// Points up to which all pairs are looked at; beyond, as many pairs as these points have are drawn.
const ALL_PAIRS_UP_TO: usize = 1000;

/// The median slope of at least two points.
///
/// *Question:* how steep, whatever a quarter of the points do? *Formula:* median of `(yⱼ − yᵢ)/(xⱼ − xᵢ)`
/// over `i < j`; interval by the ranks `(N ± 1.96 σ)/2` of the `N` slopes with Mann–Kendall's `σ`, ties
/// taken out. *Assumes* independent noise for the interval (memory's is not: too narrow), nothing for the
/// slope. *Source:* Theil 1950, Sen 1968; agrees with `scipy.stats.theilslopes`. *Cost:* O(n²) up to 1,000
/// points; beyond, the median of 499,500 pairs drawn with a fixed seed, whose rank is off by less than 0.2 %
/// of all pairs. *Misleads* for steps: half of the pairs lie on one side.
///
/// ```
/// use leakdiff::stats::{Points, theil_sen::theil_sen};
/// let line = theil_sen(Points::new(&[0.0, 1.0, 2.0, 3.0, 4.0], &[0.0, 1.0, 2.0, 3.0, 400.0]).unwrap()).unwrap();
/// assert_eq!(line.slope, 1.0);
/// ```
#[must_use]
pub fn theil_sen(points: Points<'_>) -> Option<TheilSen> {
    let n = points.len();
    if n < 2 {
        return None;
    }
    let mut slopes = if n <= ALL_PAIRS_UP_TO { all_slopes(points) } else { drawn_slopes(points) };
    let slope = median(&mut slopes);
    let (low, high) = interval(points, &mut slopes);
    let x0 = points.x()[0];
    let middle_x = median(&mut points.x().iter().map(|x| x - x0).collect::<Vec<f64>>());
    let middle_y = median(&mut points.y().to_vec());
    Some(TheilSen { slope, intercept: middle_y - slope * middle_x, low, high })
}

fn all_slopes(points: Points<'_>) -> Vec<f64> {
    let (x, y) = (points.x(), points.y());
    let mut slopes = Vec::with_capacity(x.len() * (x.len() - 1) / 2);
    for i in 0..x.len() {
        slopes.extend((i + 1..x.len()).map(|j| (y[j] - y[i]) / (x[j] - x[i])));
    }
    slopes
}

/// Slopes of pairs drawn evenly from all pairs, always the same ones for as many points.
#[allow(clippy::cast_possible_truncation)]
fn drawn_slopes(points: Points<'_>) -> Vec<f64> {
    let (x, y, n) = (points.x(), points.y(), points.len() as u64);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    // SplitMix64 (Steele, Lea and Flood 2014).
    let mut below = |limit: u64| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    };
    let wanted = ALL_PAIRS_UP_TO * (ALL_PAIRS_UP_TO - 1) / 2;
    let mut slopes = Vec::with_capacity(wanted);
    while slopes.len() < wanted {
        let (i, j) = (below(n) as usize, below(n) as usize);
        if i != j {
            slopes.push((y[j] - y[i]) / (x[j] - x[i]));
        }
    }
    slopes
}

fn median(values: &mut [f64]) -> f64 {
    let (n, middle) = (values.len(), values.len() / 2);
    let (below, &mut upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    if n % 2 == 1 {
        return upper;
    }
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    f64::midpoint(lower, upper)
}

/// The slopes at the two ranks that hold the true one in 95 of 100 cases.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn interval(points: Points<'_>, slopes: &mut [f64]) -> (f64, f64) {
    let n = points.len() as f64;
    let mut sorted = points.y().to_vec();
    sorted.sort_by(f64::total_cmp);
    let tied: f64 = sorted
        .chunk_by(|a, b| a == b)
        .map(|run| {
            let t = run.len() as f64;
            t * (t - 1.0) * (2.0 * t + 5.0)
        })
        .sum();
    let sigma = ((n * (n - 1.0) * (2.0 * n + 5.0) - tied) / 18.0).max(0.0).sqrt();
    let z = Normal::standard().inverse_cdf(0.975);
    let pairs = n * (n - 1.0) / 2.0;
    // Ranks among all pairs, then among those at hand.
    let scale = slopes.len() as f64 / pairs;
    let upper = ((pairs + z * sigma) / 2.0 * scale).round_ties_even() as usize;
    let lower = ((pairs - z * sigma) / 2.0 * scale).round_ties_even() - 1.0;
    let last = slopes.len() - 1;
    let mut at = |rank: usize| *slopes.select_nth_unstable_by(rank.min(last), f64::total_cmp).1;
    (at(lower.max(0.0) as usize), at(upper))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn drawn_pairs_come_near_all_pairs() {
        let x: Vec<f64> = (0..3000).map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|x| 3.0 * x + 500.0 * (x * 12.9898).sin()).collect();
        let points = Points::new(&x, &y).unwrap();
        let exact = median(&mut all_slopes(points));
        let drawn = theil_sen(points).unwrap();
        assert!((drawn.slope - exact).abs() < 0.002, "{exact} {drawn:?}");
        assert!(drawn.low < exact && exact < drawn.high && drawn.high - drawn.low < 0.2, "{drawn:?}");
    }

    #[test]
    fn two_points_have_one_slope() {
        let line = theil_sen(Points::new(&[1.0, 3.0], &[5.0, 9.0]).unwrap()).unwrap();
        assert_eq!((line.slope, line.intercept, line.low, line.high), (2.0, 5.0, 2.0, 2.0));
        assert!(theil_sen(Points::new(&[1.0], &[5.0]).unwrap()).is_none());
    }
}
