//! Which story tells the blocks best: the posterior over all paths and three kinds of noise.
//!
//! Blocks c₁ … c_m, whitened for noise φ: z = c_i − φ c_(i−1), the same for each column of a path; φ = 0 is
//! scatter about the path, φ = 1 noise that adds up (a random walk). For φ < 1 the mean is taken off (the
//! intercept). With N = g = m − 1 values, ν of them free (N − 1 where the mean was taken off), r₀ = |z|² + N
//! h²/3 for rounding ± h, and r₁ the rest after least squares on the path's K columns, the logarithm of a
//! path's weight is
//!
//! ```text
//! ln prior(φ) + ln prior(path) − ν/2 ln r₀ − [φ < 1] ½ ln N                        the level itself
//!   + K ln 2 − K/2 ln(1 + N) − ν/2 ln((r₀ + N r₁) / ((1 + N) r₀))                  what the path adds
//! ```
//!
//! and −∞ where a coefficient has the wrong sign; K ln 2 is what the knowledge of the sign is worth.

use super::design::{Design, MOST_PATHS, Paths, Solvers, Whitened, dot, whiten};
use super::paths::{Path, TELLINGS};
use super::{Future, Story};

/// The most blocks that are ever compared.
pub(super) const MOST_BLOCKS: usize = 24;
/// The fewest: below, a path with two columns leaves nothing over to judge it by.
pub(super) const FEWEST_BLOCKS: usize = 4;

/// What the squared sum of an exact zero counts as, so that its logarithm exists.
const TINY: f64 = 1e-18;

/// What the blocks say.
pub(super) struct Posterior {
    /// Weight of the stories that go on.
    pub(super) goes_on: f64,
    /// Weight of the stories whose future is open.
    pub(super) open: f64,
    /// The story with the most weight.
    pub(super) likeliest: Story,
    /// The corner of that story's heaviest path.
    pub(super) corner: Option<f64>,
    /// Growth over t = 0 … 1 if it goes on; 0 where no such story fits.
    pub(super) rate: f64,
    /// The standard deviation of `rate`, within and between stories.
    pub(super) deviation: f64,
}

/// All paths under one kind of noise.
struct Terms {
    /// 0 where a coefficient has the wrong sign.
    weights: Paths,
    rates: Paths,
    variances: Paths,
}

/// Weighs all stories for the blocks `c`, between [`FEWEST_BLOCKS`] and [`MOST_BLOCKS`] of them, rounded to
/// ± `h`.
///
/// Cost: some 9,000 multiply-adds and 300 square roots for 24 blocks; about 3 µs.
pub(super) fn posterior(c: &[f64], h: f64) -> Posterior {
    let design = Design::of(c.len());
    let values = c.len() - 1;
    let g = values as f64;
    let scale = c.iter().fold(0.0_f64, |a, v| a.max((v - c[0]).abs()));
    let scale = if scale > 0.0 { scale } else { 1.0 };
    let mut room = [0.0; MOST_BLOCKS];
    let scaled = &mut room[..c.len()];
    scaled.iter_mut().zip(c).for_each(|(s, v)| *s = (v - c[0]) / scale);
    // Beyond this, rounding drowns everything all the same, and squares stay finite.
    let h = (h / scale).min(1e100);

    // The level of each kind of noise, relative to the highest.
    let mut whitened = [[0.0; MOST_BLOCKS]; NOISES];
    let (mut squares, mut levels) = ([0.0; NOISES], [0.0; NOISES]);
    for (k, noise) in design.noises.iter().enumerate() {
        let z = &mut whitened[k][..values];
        whiten(scaled, noise.phi, z);
        squares[k] = dot(z, z) + g * h * h / 3.0 + TINY;
        let intercept = if noise.phi < 1.0 { 0.5 * g.ln() } else { 0.0 };
        levels[k] = noise.log_prior - noise.free as f64 / 2.0 * squares[k].ln() - intercept;
    }
    let highest = levels.iter().fold(f64::NEG_INFINITY, |a, &level| a.max(level));

    let mut sums = Sums { by_path: [0.0; MOST_PATHS], by_story: [0.0; Story::COUNT], rate: 0.0 };
    let mut all: [Terms; NOISES] = std::array::from_fn(|_| Terms {
        weights: [0.0; MOST_PATHS],
        rates: [0.0; MOST_PATHS],
        variances: [0.0; MOST_PATHS],
    });
    let mut spare = [[0.0; MOST_PATHS]; 2];
    for (k, (noise, terms)) in design.noises.iter().zip(&mut all).enumerate() {
        terms.fit(noise, &whitened[k][..values], squares[k], (levels[k] - highest).exp(), &mut spare);
        sums.add(noise, terms);
    }
    sums.posterior(design, &all, scale)
}

/// How many kinds of noise there are.
const NOISES: usize = super::design::NOISES.len();

impl Terms {
    /// Fits all paths to `z`, whose squares (and what rounding adds) sum up to `r0`. What is in `spare` does not matter.
    fn fit(&mut self, noise: &Whitened, z: &[f64], r0: f64, level: f64, spare: &mut [Paths; 2]) {
        let g = z.len() as f64;
        let [second_products, powers] = spare;
        // Each array holds what becomes of its numbers: products become rates, rests variances, fits weights.
        let Self { weights, rates, variances } = self;
        second_products.fill(0.0);
        noise.first.products(z, rates);
        noise.second.products(z, second_products);
        for k in 0..MOST_PATHS {
            let fitted = rates[k] * rates[k] + second_products[k] * second_products[k];
            variances[k] = (r0 - fitted).max(0.0);
            weights[k] = (r0 + g * variances[k]) / ((1.0 + g) * r0);
        }
        to_minus_half(weights, noise.free, powers);
        let Solvers { inverse_r00, r01, inverse_r11, direction, least, rate, worth, variance, .. } =
            &noise.solvers;
        for k in 0..MOST_PATHS {
            let second = second_products[k] * inverse_r11[k];
            let first = (rates[k] - r01[k] * second) * inverse_r00[k];
            let fits = (direction[k] * first > least[0][k]) & (second > least[1][k]);
            let weight = level * worth[k] * weights[k];
            weights[k] = if fits { weight } else { 0.0 };
            rates[k] = rate[k] * first;
            variances[k] *= variance[k];
        }
    }
}

/// Raises each `x` to the power −ν/2, by square roots and multiplications alone: the exponent is a whole number of halves,
/// and each x is no less than 1/(1 + g). All take the same steps, so a processor takes several at once.
fn to_minus_half(x: &mut Paths, nu: usize, powers: &mut Paths) {
    powers.iter_mut().zip(x.iter_mut()).for_each(|(power, x)| {
        *power = 1.0 / x.sqrt();
        *x = 1.0;
    });
    let mut left = nu;
    while left > 0 {
        if left % 2 == 1 {
            x.iter_mut().zip(powers.iter()).for_each(|(x, power)| *x *= power);
        }
        powers.iter_mut().for_each(|power| *power *= *power);
        left /= 2;
    }
}

/// Weights of all terms, not yet made to add to one.
struct Sums {
    by_path: Paths,
    by_story: [f64; Story::COUNT],
    /// The rates of what goes on, each times its weight.
    rate: f64,
}

impl Sums {
    fn add(&mut self, noise: &Whitened, terms: &Terms) {
        for (&path, weight) in noise.who.iter().zip(&terms.weights) {
            self.by_path[path] += weight;
        }
        let mut rate = 0.0;
        for (story, run) in &noise.runs {
            let sum = &mut self.by_story[*story as usize];
            *sum = terms.weights[run.clone()].iter().fold(*sum, |sum, weight| sum + weight);
            if story.future() == Future::GoesOn {
                let each = terms.weights[run.clone()].iter().zip(&terms.rates[run.clone()]);
                rate = each.fold(rate, |sum, (weight, rate)| sum + weight * rate);
            }
        }
        self.rate += rate;
    }

    fn posterior(&self, design: &Design, all: &[Terms], scale: f64) -> Posterior {
        let total: f64 = self.by_story.iter().sum();
        let of = |future: Future| -> f64 {
            let stories = TELLINGS.iter().map(|telling| telling.story);
            stories.filter(|s| s.future() == future).map(|s| self.by_story[s as usize]).sum()
        };
        let goes_on = of(Future::GoesOn);
        let rate = if goes_on > 0.0 { self.rate / goes_on } else { 0.0 };
        let mut spread = 0.0;
        for (noise, terms) in design.noises.iter().zip(all) {
            let goes_on = noise.runs.iter().filter(|(story, _)| story.future() == Future::GoesOn);
            for k in goes_on.flat_map(|(_, run)| run.clone()) {
                let off = terms.rates[k] - rate;
                spread += terms.weights[k] * (terms.variances[k] + off * off);
            }
        }
        let variance = if goes_on > 0.0 { spread / goes_on } else { 0.0 };
        let paths = &design.paths;
        let story_weight = |path: &Path| self.by_story[path.story as usize];
        let mut best = 0;
        for (i, path) in paths.iter().enumerate() {
            let heavier = story_weight(path) > story_weight(&paths[best]);
            if heavier || path.story == paths[best].story && self.by_path[i] > self.by_path[best] {
                best = i;
            }
        }
        Posterior {
            goes_on: goes_on / total,
            open: of(Future::Open) / total,
            likeliest: paths[best].story,
            corner: paths[best].corner,
            rate: rate * scale,
            deviation: variance.sqrt() * scale,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_probabilities() {
        let p = posterior(&[0.0, 3.0, 1.0, 4.0, 1.0, 5.0, 9.0], 0.5);
        assert!(p.goes_on > 0.0 && p.open > 0.0 && p.goes_on + p.open < 1.0);
    }
}
