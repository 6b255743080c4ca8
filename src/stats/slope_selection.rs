//! The middle one of the slopes of all pairs, without looking at all pairs.
//!
//! A pair `i < j` has a slope below `t` if `y − t·x` falls from `i` to `j`; so the pairs below `t` are the
//! inversions of that sequence, counted in O(n log n) while sorting it. Slopes of pairs drawn at random bracket the
//! middle, and since slopes lie nearly evenly within a narrow bracket, counting where it should be closes in on it; until so
//! few pairs are left inside that they can be listed (Matoušek 1991, Dillencourt, Mount and Netanyahu 1992). Where many
//! slopes are equal, a sample of the bracket's own pairs finds them. The draws have a fixed seed, and the result does not
//! depend on them.

use super::Points;
use super::inversions::{self, Ranked, Ties};
use super::order::extent;

/// Up to so many points all pairs are listed.
const ALL_PAIRS_UP_TO: usize = 64;
/// Pairs for each point that may be listed in the end.
const LISTED_PER_POINT: u64 = 4;
/// How far the ranks may be off, as a share of a bracket's pairs, where slopes are taken to lie evenly.
const UNEVEN: f64 = 0.002;

/// The median of the slopes of all pairs of at least two points; exact, but for ties nearer to each other than the rounding
/// of `y − t·x`.
#[must_use]
pub fn middle_slope(points: Points<'_>) -> Option<f64> {
    let n = points.len() as u64;
    if n < 2 {
        return None;
    }
    if points.y().iter().all(|y| *y == points.y()[0]) {
        return Some(0.0);
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
        let mut bracket = Bracket { low: f64::NEG_INFINITY, high: f64::INFINITY, below: 0, up_to: pairs };
        loop {
            if bracket.pairs() <= limit {
                return pick(self.listed(bracket), (ranks.0 - bracket.below, ranks.1 - bracket.below));
            }
            // Inside a narrow bracket slopes lie evenly, unless many are equal.
            let evenly = self.where_evenly(bracket, ranks);
            if let Some(next) = evenly.map(|(low, high)| bracket.cut(self.around(low, high), ranks))
                && next.pairs() < bracket.pairs() / 4
            {
                bracket = next;
                continue;
            }
            let sample = self.sample(bracket, pairs);
            let Some(tie) = sample.get(sample.len() / 2).copied() else {
                // What cannot even be drawn is one slope for all purposes.
                let middle = f64::midpoint(bracket.low, bracket.high);
                return (middle, middle);
            };
            let (low, high) = where_sampled(bracket, ranks, &sample);
            let next = if low < high { bracket.cut(self.around(low, high), ranks) } else { bracket };
            if next.pairs() > bracket.pairs() / 10 * 9 {
                // Many equal slopes: look at the middle one alone.
                let tie = if low < high { tie } else { low };
                let around = self.around(tie, tie);
                if around.holds(ranks) {
                    if around.pairs() > limit {
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
                bracket = bracket.cut(around, ranks);
                continue;
            }
            bracket = next;
        }
    }

    /// A bracket around slopes that were met, wide enough for what sorting cannot tell apart.
    fn around(&self, low: f64, high: f64) -> Bracket {
        let slack = |t: f64| self.blur + 4.0 * f64::EPSILON * t.abs();
        let (low, high) = (low - slack(low), high + slack(high));
        Bracket { low, high, below: self.count(low, Ties::Left), up_to: self.count(high, Ties::Counted) }
    }

    /// Slopes between which the ranks lie if slopes lie evenly between the ends of the bracket; `None` where an end is
    /// infinite.
    #[allow(clippy::cast_precision_loss)]
    fn where_evenly(&self, bracket: Bracket, ranks: (u64, u64)) -> Option<(f64, f64)> {
        let (width, pairs) = (bracket.high - bracket.low, bracket.pairs() as f64);
        let margin = self.x.len() as f64 + pairs * UNEVEN;
        let at = |rank: f64| bracket.low + width * (rank / pairs).clamp(0.0, 1.0);
        let expected = |rank: u64| (rank - bracket.below) as f64;
        let found = (at(expected(ranks.0) - margin), at(expected(ranks.1) + margin));
        (width.is_finite() && found.0 < found.1).then_some(found)
    }

    /// Slopes of pairs from the bracket, sorted: pairs drawn at random from all of them, or evenly from those that lie in
    /// a bracket.
    fn sample(&self, bracket: Bracket, pairs: u64) -> Vec<f64> {
        let n = self.x.len();
        let wanted = (n / 2).clamp(64, 20_000);
        let mut sample = Vec::with_capacity(wanted);
        if bracket.pairs() == pairs {
            let mut draws = Draws::new();
            sample.extend((0..wanted).map(|_| draws.pair(n)).map(|(i, j)| self.slope(i, j)));
        } else {
            self.visit(bracket, (bracket.pairs() / wanted as u64).max(1), |slope| sample.push(slope));
        }
        sample.sort_unstable_by(f64::total_cmp);
        sample
    }

    /// Keys in the order of `y − t·x`. Beyond every slope the order is that of x, one way or the other.
    fn keys(&self, t: f64) -> impl Iterator<Item = i64> {
        self.x.iter().zip(&self.y).zip(0_i64..).map(move |((x, y), i)| match t {
            f64::NEG_INFINITY => i,
            f64::INFINITY => -i,
            t => inversions::key(y - t * x),
        })
    }

    /// Pairs whose slope is below `t`, or not above it.
    fn count(&self, t: f64, ties: Ties) -> u64 {
        inversions::count_sorting(&mut self.keys(t).collect::<Vec<_>>(), ties)
    }

    /// The slopes in the bracket.
    fn listed(&self, bracket: Bracket) -> Vec<f64> {
        let mut slopes = Vec::new();
        self.visit(bracket, 1, |slope| slopes.push(slope));
        slopes
    }

    /// Tells the slope of each `stride`-th pair in the bracket: those pairs change places between the orders at its ends.
    fn visit(&self, bracket: Bracket, stride: u64, mut tell: impl FnMut(f64)) {
        let mut order: Vec<Place> =
            self.keys(bracket.low).zip(0_usize..).map(|(key, index)| Place { key, index }).collect();
        inversions::count_sorting(&mut order, Ties::Left);
        let high: Vec<i64> = self.keys(bracket.high).collect();
        order.iter_mut().for_each(|place| place.key = high[place.index]);
        let mut spare = order.clone();
        let mut skip = 0;
        swaps(&mut order, &mut spare, &mut |earlier, later| {
            while let Some(place) = usize::try_from(skip).ok().and_then(|skip| earlier.get(skip)) {
                if place.index < later.index {
                    tell(self.slope(place.index, later.index));
                }
                skip += stride;
            }
            skip -= earlier.len() as u64;
        });
    }
}

impl Bracket {
    const fn pairs(&self) -> u64 {
        self.up_to.saturating_sub(self.below)
    }

    const fn holds(&self, ranks: (u64, u64)) -> bool {
        self.below <= ranks.0 && ranks.1 < self.up_to
    }

    /// What is left of the bracket when another one says where the ranks lie.
    const fn cut(self, inner: Self, ranks: (u64, u64)) -> Self {
        let mut next = self;
        if inner.below <= ranks.0 {
            (next.low, next.below) = (inner.low, inner.below);
        } else if ranks.1 < inner.below {
            (next.high, next.up_to) = (inner.low, inner.below);
        }
        if ranks.1 < inner.up_to {
            // Both ranks may lie below the inner bracket, which then says nothing of its upper end.
            if ranks.1 >= inner.below {
                (next.high, next.up_to) = (inner.high, inner.up_to);
            }
        } else if ranks.0 >= inner.up_to {
            (next.low, next.below) = (inner.high, inner.up_to);
        }
        next
    }
}

/// The slopes between which a sorted sample leads to expect the ranks.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn where_sampled(bracket: Bracket, ranks: (u64, u64), sample: &[f64]) -> (f64, f64) {
    let size = sample.len() as f64;
    let expected = |rank: u64| (rank - bracket.below) as f64 / bracket.pairs() as f64 * size;
    let at = |place: f64| sample[(place.max(0.0) as usize).min(sample.len() - 1)];
    (at(expected(ranks.0) - size.sqrt()), at((expected(ranks.1) + size.sqrt()).ceil()))
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

/// A point in some order.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    key: i64,
    index: usize,
}

impl Ranked for Place {
    fn key(self) -> i64 {
        self.key
    }

    fn weight(self) -> u64 {
        1
    }
}

/// Up to so many places are sorted by insertion.
const INSERTED_UP_TO: usize = 12;

/// Sorts an order by its keys and tells for each place which ones before it swap (or draw level) with it on the way.
fn swaps(order: &mut [Place], spare: &mut [Place], tell: &mut impl FnMut(&[Place], Place)) {
    let n = order.len();
    if n <= INSERTED_UP_TO {
        for end in 1..n {
            let moved = order[end];
            let higher = order[..end].iter().rev().take_while(|place| place.key >= moved.key).count();
            if higher > 0 {
                tell(&order[end - higher..end], moved);
                order[end - higher..=end].rotate_right(1);
            }
        }
        return;
    }
    let (left, right) = order.split_at_mut(n / 2);
    let (spare_left, spare_right) = spare.split_at_mut(n / 2);
    swaps(left, spare_left, tell);
    swaps(right, spare_right, tell);
    // Orders at the ends of a narrow bracket are nearly the same: what does not move is not touched.
    let from = left.partition_point(|place| place.key < right[0].key);
    let left = &left[from..];
    let Some(last) = left.last() else { return };
    let to = right.partition_point(|place| place.key <= last.key);
    let (mut i, mut j) = (0, 0);
    for slot in &mut spare[..left.len() + to] {
        if j == to || i < left.len() && left[i].key < right[j].key {
            *slot = left[i];
            i += 1;
        } else {
            tell(&left[i..], right[j]);
            *slot = right[j];
            j += 1;
        }
    }
    let moved = left.len() + to;
    order[from..from + moved].copy_from_slice(&spare[..moved]);
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
