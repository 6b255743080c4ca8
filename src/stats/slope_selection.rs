//! The middle one of the slopes of all pairs, without looking at all pairs.
//!
//! A pair `i < j` has a slope below `t` if `y − t·x` falls from `i` to `j`; so the pairs below `t` are the
//! inversions of that sequence, counted in O(n log n) while sorting it. Slopes of pairs drawn at random bracket the
//! middle, and the rule of three between the ends of the bracket does so ever more closely, until so few pairs are left
//! inside that they can be listed (Matoušek 1991, Dillencourt, Mount and Netanyahu 1992). The draws have a fixed seed, and the result does not depend on them.

use super::Points;
use super::inversions::{self, Ties};
use super::order::extent;

/// Up to so many points all pairs are listed.
const ALL_PAIRS_UP_TO: usize = 64;
/// Pairs for each point that may be listed in the end.
const LISTED_PER_POINT: u64 = 4;
/// From so many points on both ends of a bracket are counted at once.
const WORTH_A_THREAD: usize = 20_000;
/// Between the ends of a bracket with at most this share of all pairs slopes are taken as evenly spread.
const WIDEST_INTERPOLATED: f64 = 0.05;
/// Draws are given up after so many that fell outside the bracket for each one wanted.
const PATIENCE: usize = 2_000;

/// The median of the slopes of all pairs of at least two points; exact, but for ties nearer to each other than the rounding
/// of `y − t·x`.
#[must_use]
pub fn middle_slope(points: Points<'_>) -> Option<f64> {
    let n = points.len() as u64;
    if n < 2 {
        return None;
    }
    let pairs = n * (n - 1) / 2;
    let ranks = ((pairs - 1) / 2, pairs / 2);
    let selection = Selection::new(points);
    let (lower, upper) = if points.len() <= ALL_PAIRS_UP_TO {
        pick(selection.all(), ranks)
    } else {
        selection.between(ranks, pairs)
    };
    Some(f64::midpoint(lower, upper))
}

/// Pairs whose slopes lie between two bounds; how many lie below the lower one, and not above the upper one.
#[derive(Clone, Copy)]
struct Bracket {
    low: f64,
    high: f64,
    below: u64,
    up_to: u64,
}

struct Selection {
    x: Vec<f64>,
    y: Vec<f64>,
    /// Slopes nearer to each other than this are not told apart by sorting.
    blur: f64,
}

impl Selection {
    fn new(points: Points<'_>) -> Self {
        let (x0, y0) = (points.x()[0], points.y()[0]);
        let x: Vec<f64> = points.x().iter().map(|x| x - x0).collect();
        let y: Vec<f64> = points.y().iter().map(|y| y - y0).collect();
        let nearest = x.windows(2).map(|w| w[1] - w[0]).fold(f64::INFINITY, f64::min);
        let (low, high) = extent(&y);
        let blur = 16.0 * f64::EPSILON * (high - low) / nearest;
        Self { x, y, blur }
    }

    fn slope(&self, i: usize, j: usize) -> f64 {
        (self.y[j] - self.y[i]) / (self.x[j] - self.x[i])
    }

    fn all(&self) -> Vec<f64> {
        let n = self.x.len();
        (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j))).map(|(i, j)| self.slope(i, j)).collect()
    }

    /// The slopes of two neighbouring ranks, counted from 0.
    fn between(&self, ranks: (u64, u64), pairs: u64) -> (f64, f64) {
        let limit = LISTED_PER_POINT * self.x.len() as u64 + 1000;
        let mut draws = Draws::new();
        let mut bracket = Bracket { low: f64::NEG_INFINITY, high: f64::INFINITY, below: 0, up_to: pairs };
        loop {
            if bracket.up_to - bracket.below <= limit {
                return pick(self.listed(bracket), (ranks.0 - bracket.below, ranks.1 - bracket.below));
            }
            if let Some(closer) = self.interpolated(bracket, ranks, limit) {
                bracket = closer;
                continue;
            }
            let Some(sample) = self.drawn(bracket, &mut draws) else {
                // What cannot even be drawn is one slope for all purposes.
                let middle = f64::midpoint(bracket.low, bracket.high);
                return (middle, middle);
            };
            let narrowed = self.narrowed(bracket, ranks, &sample);
            if narrowed.up_to - narrowed.below > (bracket.up_to - bracket.below) / 10 * 9 {
                // Many equal slopes: look at the middle one alone.
                let tie = sample[sample.len() / 2];
                let around = self.around(tie, tie);
                if around.below <= ranks.0 && ranks.1 < around.up_to {
                    if around.up_to - around.below > limit {
                        return (tie, tie);
                    }
                    bracket = around;
                    continue;
                }
                if around.below <= ranks.1 && ranks.0 < around.up_to {
                    // The two ranks lie on either side of the edge of the ties: one by one.
                    let alone = |rank| self.between((rank, rank), pairs).0;
                    return (alone(ranks.0), alone(ranks.1));
                }
                bracket = if ranks.1 < around.below {
                    Bracket { high: around.low, up_to: around.below, ..bracket }
                } else {
                    Bracket { low: around.high, below: around.up_to, ..bracket }
                };
                continue;
            }
            bracket = narrowed;
        }
    }

    /// A closer bracket, by the rule of three between the ends of one that holds few of the pairs: there the slopes lie nearly
    /// evenly. `None` where the bracket is too wide for that, or it did not help, as with many equal slopes.
    ///
    /// To draw pairs from a narrow bracket takes many draws for each that lies in it; to count takes one sort.
    #[allow(clippy::cast_precision_loss)]
    fn interpolated(&self, bracket: Bracket, ranks: (u64, u64), limit: u64) -> Option<Bracket> {
        let (inside, n) = ((bracket.up_to - bracket.below) as f64, self.x.len() as f64);
        if inside > WIDEST_INTERPOLATED * n * n / 2.0 || !(bracket.high - bracket.low).is_finite() {
            return None;
        }
        // How far the ends lie off the rank that was aimed at falls with the square of the width.
        let margin = (0.02 * inside).max(0.3 * limit as f64);
        let at = |rank: f64| {
            let share = (rank - bracket.below as f64) / inside;
            bracket.low + (bracket.high - bracket.low) * share.clamp(0.0, 1.0)
        };
        let (low, high) = (at(ranks.0 as f64 - margin), at(ranks.1 as f64 + margin));
        let inner = self.around(low, high);
        let mut next = bracket;
        if inner.below <= ranks.0 && inner.low > bracket.low {
            (next.low, next.below) = (inner.low, inner.below);
        } else if ranks.1 < inner.below {
            (next.high, next.up_to) = (inner.low, inner.below);
        }
        if ranks.1 < inner.up_to && inner.high < next.high {
            (next.high, next.up_to) = (inner.high, inner.up_to);
        } else if ranks.0 >= inner.up_to {
            (next.low, next.below) = (inner.high, inner.up_to);
        }
        ((next.up_to - next.below) as f64 <= 0.5 * inside).then_some(next)
    }

    /// A bracket around slopes that were met, wide enough for what sorting cannot tell apart.
    fn around(&self, low: f64, high: f64) -> Bracket {
        let slack = |t: f64| self.blur + 4.0 * f64::EPSILON * t.abs();
        let (low, high) = (low - slack(low), high + slack(high));
        let (below, up_to) = (|| self.count(low, Ties::Left), || self.count(high, Ties::Counted));
        let (below, up_to) =
            if self.x.len() < WORTH_A_THREAD { (below(), up_to()) } else { rayon::join(below, up_to) };
        Bracket { low, high, below, up_to }
    }

    /// The bracket that a sorted sample leads to expect, if the ranks lie in it; else the side on which they lie.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn narrowed(&self, bracket: Bracket, ranks: (u64, u64), sample: &[f64]) -> Bracket {
        let inside = (bracket.up_to - bracket.below) as f64;
        let size = sample.len() as f64;
        let expected = |rank: u64| (rank - bracket.below) as f64 / inside * size;
        let from = expected(ranks.0) - size.sqrt();
        let to = expected(ranks.1) + size.sqrt();
        let last = sample.len() - 1;
        let inner =
            self.around(sample[(from.max(0.0) as usize).min(last)], sample[(to.ceil() as usize).min(last)]);
        let low_holds = from >= 0.0 && inner.below <= ranks.0;
        let high_holds = to <= last as f64 && ranks.1 < inner.up_to;
        let mut next = bracket;
        if low_holds {
            (next.low, next.below) = (inner.low, inner.below);
        } else if from >= 0.0 && ranks.1 < inner.below {
            (next.high, next.up_to) = (inner.low, inner.below);
        }
        if high_holds {
            (next.high, next.up_to) = (inner.high, inner.up_to);
        } else if to <= last as f64 && ranks.0 >= inner.up_to {
            (next.low, next.below) = (inner.high, inner.up_to);
        }
        next
    }

    /// Slopes of pairs drawn from the bracket, sorted.
    fn drawn(&self, bracket: Bracket, draws: &mut Draws) -> Option<Vec<f64>> {
        let n = self.x.len();
        let wanted = (n / 2).clamp(64, 20_000);
        let mut sample = Vec::with_capacity(wanted);
        for _ in 0..wanted * PATIENCE {
            let (i, j) = draws.pair(n);
            let slope = self.slope(i, j);
            if slope >= bracket.low && slope <= bracket.high {
                sample.push(slope);
                if sample.len() == wanted {
                    break;
                }
            }
        }
        sample.sort_unstable_by(f64::total_cmp);
        (!sample.is_empty()).then_some(sample)
    }

    /// `y − t·x`.
    fn sheared(&self, t: f64) -> Vec<f64> {
        self.x.iter().zip(&self.y).map(|(x, y)| y - t * x).collect()
    }

    /// Pairs whose slope is below `t`, or not above it.
    fn count(&self, t: f64, ties: Ties) -> u64 {
        inversions::count_sorting(&mut self.sheared(t), ties)
    }

    /// The slopes in the bracket.
    fn listed(&self, bracket: Bracket) -> Vec<f64> {
        let key = |t: f64, infinite: fn(usize) -> f64| -> Vec<f64> {
            // Beyond every slope the order is that of x, one way or the other.
            if t.is_finite() { self.sheared(t) } else { (0..self.x.len()).map(infinite).collect() }
        };
        #[allow(clippy::cast_precision_loss)]
        let (low, high) = (key(bracket.low, |i| i as f64), key(bracket.high, |i| -(i as f64)));
        let mut order: Vec<usize> = (0..self.x.len()).collect();
        order.sort_by(|&a, &b| low[a].total_cmp(&low[b]).then(a.cmp(&b)));
        let mut slopes = Vec::new();
        let mut spare = order.clone();
        swaps(&mut order, &mut spare, &high, &mut |i, j| {
            if i < j {
                slopes.push(self.slope(i, j));
            }
        });
        slopes
    }
}

/// The values of two neighbouring ranks.
#[allow(clippy::cast_possible_truncation)]
fn pick(mut slopes: Vec<f64>, ranks: (u64, u64)) -> (f64, f64) {
    let last = slopes.len() - 1;
    let (low, high) = ((ranks.0 as usize).min(last), (ranks.1 as usize).min(last));
    let (below, &mut upper, _) = slopes.select_nth_unstable_by(high, f64::total_cmp);
    let lower = if low == high { upper } else { below.iter().copied().fold(f64::NEG_INFINITY, f64::max) };
    (lower, upper)
}

/// Sorts an order by another key and tells each pair that swaps (or draws level) on the way.
fn swaps(order: &mut [usize], spare: &mut [usize], key: &[f64], tell: &mut impl FnMut(usize, usize)) {
    let n = order.len();
    if n < 2 {
        return;
    }
    let (left, right) = order.split_at_mut(n / 2);
    let (spare_left, spare_right) = spare.split_at_mut(n / 2);
    swaps(left, spare_left, key, tell);
    swaps(right, spare_right, key, tell);
    let (mut i, mut j) = (0, 0);
    for slot in spare.iter_mut() {
        if j == right.len() || i < left.len() && key[left[i]] < key[right[j]] {
            *slot = left[i];
            i += 1;
        } else {
            left[i..].iter().for_each(|&earlier| tell(earlier, right[j]));
            *slot = right[j];
            j += 1;
        }
    }
    order.copy_from_slice(spare);
}

/// SplitMix64 (Steele, Lea and Flood 2014), always from the same state.
struct Draws(u64);

impl Draws {
    const fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    #[allow(clippy::cast_possible_truncation)]
    const fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }

    /// Two different indices, the smaller first.
    const fn pair(&mut self, n: usize) -> (usize, usize) {
        let i = self.below(n);
        let j = self.below(n - 1);
        let j = if j >= i { j + 1 } else { j };
        if i < j { (i, j) } else { (j, i) }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by_all_pairs(points: Points<'_>) -> f64 {
        let n = points.len() as u64;
        let pairs = n * (n - 1) / 2;
        let (lower, upper) = pick(Selection::new(points).all(), ((pairs - 1) / 2, pairs / 2));
        f64::midpoint(lower, upper)
    }

    fn agree(x: &[f64], y: &[f64]) {
        let points = Points::new(x, y).unwrap();
        let (fast, slow) = (middle_slope(points).unwrap(), by_all_pairs(points));
        let range = y.iter().fold(f64::NEG_INFINITY, |m, v| m.max(*v))
            - y.iter().fold(f64::INFINITY, |m, v| m.min(*v));
        assert!((fast - slow).abs() <= 1e-12 * slow.abs().max(range), "{fast} {slow}");
    }

    #[test]
    fn shapes_with_ties_and_without() {
        let x: Vec<f64> = (0..700).map(f64::from).collect();
        let shapes: [fn(f64) -> f64; 8] = [
            |_| 5.0,
            |k| 3.0 * k,
            |k| (k / 7.0).floor() * 4096.0,
            |k| 3.0 * k + 500.0 * (k * 12.9898).sin(),
            |k| if k < 350.0 { 0.0 } else { 1e6 },
            |k| 1e9 + (k * 78.233).sin().round(),
            |k| (k % 8.0) * 100.0,
            |k| -k * k,
        ];
        for shape in shapes {
            agree(&x, &x.iter().map(|k| shape(*k)).collect::<Vec<_>>());
        }
        let uneven: Vec<f64> = x.iter().map(|k| 1.7e9 + 600.0 * k + (k * 3.3).sin().round()).collect();
        agree(&uneven, &x.iter().map(|k| 28.0 * k + 400.0 * (k * 12.9898).sin()).collect::<Vec<_>>());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn it_is_the_median_of_all_pairs(steps in prop::collection::vec((1..5_u32, -20..20_i32), 65..400)) {
            let mut x = 0.0;
            let (mut xs, mut ys) = (Vec::new(), Vec::new());
            for (dx, y) in steps {
                x += f64::from(dx);
                xs.push(x);
                ys.push(f64::from(y));
            }
            agree(&xs, &ys);
        }

        #[test]
        fn of_random_walks_too(steps in prop::collection::vec(-1e6..1e6_f64, 65..300)) {
            let xs: Vec<f64> = (0..steps.len()).map(|k| k as f64).collect();
            let ys: Vec<f64> = steps.iter().scan(0.0, |sum, step| { *sum += step; Some(*sum) }).collect();
            agree(&xs, &ys);
        }
    }
}
