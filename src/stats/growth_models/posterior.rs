//! The posterior of all models, over all curves and three kinds of noise.
//!
//! Blocks c₁ … c_m, whitened for noise φ: z = c_i − φ c_(i−1), the same for each column of a curve; φ = 0 is
//! scatter about the curve, φ = 1 noise that adds up (a random walk). For φ < 1 the mean is taken off (the
//! intercept). With N = g = m − 1 values, ν of them free (N − 1 where the mean was taken off), r₀ = |z|² + N
//! h²/3 for rounding ± h, and r₁ the rest after least squares on the curve's K columns, the logarithm of a
//! curve's weight is
//!
//! ```text
//! ln prior(φ) + ln prior(curve) − ν/2 ln r₀ − [φ < 1] ½ ln N                        the level itself
//!   + K ln 2 − K/2 ln(1 + N) − ν/2 ln((r₀ + N r₁) / ((1 + N) r₀))                  the curve in addition
//! ```
//!
//! and −∞ where a coefficient has the wrong sign; K ln 2 is the worth of knowing the sign.

use super::blocks::MOST_BLOCKS;
use super::curves::{Curve, MODELS};
use super::design::{Design, MOST_CURVES, PerCurve, Solvers, Whitened, dot, whiten};
use super::types::{GrowthModel, Outlook};

/// The squared sum of an exact zero, so that its logarithm exists.
const TINY: f64 = 1e-18;

/// The posterior given the blocks.
pub(super) struct Posterior {
    /// Weight of the models that keep growing.
    pub(super) p_continues: f64,
    /// The same, if the noise is known to be scatter.
    pub(super) under_scatter: f64,
    /// Weight of the models whose outlook is undetermined.
    pub(super) open: f64,
    /// The model with the most weight.
    pub(super) likeliest: GrowthModel,
    /// The corner of that model's heaviest curve.
    pub(super) corner: Option<f64>,
    /// Growth over t = 0 … 1 if it continues; 0 where no such model fits.
    pub(super) rate: f64,
    /// The standard deviation of `rate`, within and between models.
    pub(super) deviation: f64,
}

/// All curves under one kind of noise.
struct Terms {
    /// 0 where a coefficient has the wrong sign.
    weights: PerCurve,
    rates: PerCurve,
    variances: PerCurve,
}

/// Returns the posterior of all models for the blocks `c`, between [`FEWEST_BLOCKS`] and [`MOST_BLOCKS`] of them,
/// rounded to ± `h`.
///
/// Cost: some 9,000 multiply-adds and 300 square roots for 24 blocks; about 3 µs.
pub(super) fn posterior(c: &[f64], h: f64) -> Posterior {
    let design = Design::of(c.len());
    let values = c.len() - 1;
    let g = values as f64;
    let scale = c.iter().fold(0.0_f64, |a, v| a.max((v - c[0]).abs()));
    let scale = if scale > 0.0 { scale } else { 1.0 };
    let mut buffer = [0.0; MOST_BLOCKS];
    let scaled = &mut buffer[..c.len()];
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

    let mut sums = Sums { by_curve: [0.0; MOST_CURVES], by_model: [0.0; MODELS.len()], rate: 0.0 };
    let mut all: [Terms; NOISES] = std::array::from_fn(|_| Terms {
        weights: [0.0; MOST_CURVES],
        rates: [0.0; MOST_CURVES],
        variances: [0.0; MOST_CURVES],
    });
    let mut scratch = [[0.0; MOST_CURVES]; 2];
    for (k, (noise, terms)) in design.noises.iter().zip(&mut all).enumerate() {
        terms.fit(noise, &whitened[k][..values], squares[k], (levels[k] - highest).exp(), &mut scratch);
        sums.add(noise, terms);
    }
    sums.posterior(design, &all, scale)
}

/// Number of kinds of noise.
const NOISES: usize = super::design::NOISES.len();
/// The kind that is scatter about the curve.
const SCATTER: usize = 0;

impl Terms {
    /// Fits all curves to `z`; its squares, and the part that rounding adds, sum up to `r0`. `scratch` is overwritten.
    fn fit(&mut self, noise: &Whitened, z: &[f64], r0: f64, level: f64, scratch: &mut [PerCurve; 2]) {
        let g = z.len() as f64;
        let [second_products, powers] = scratch;
        // The arrays are used twice: products become rates, rests variances, fits weights.
        let Self { weights, rates, variances } = self;
        second_products.fill(0.0);
        noise.first.products(z, rates);
        noise.second.products(z, second_products);
        for k in 0..MOST_CURVES {
            let fitted = rates[k] * rates[k] + second_products[k] * second_products[k];
            variances[k] = (r0 - fitted).max(0.0);
            weights[k] = (r0 + g * variances[k]) / ((1.0 + g) * r0);
        }
        to_minus_half(weights, noise.free, powers);
        let Solvers { inverse_r00, r01, inverse_r11, direction, least, rate, worth, variance, .. } =
            &noise.solvers;
        for k in 0..MOST_CURVES {
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

/// Raises each `x` to the power −ν/2, by square roots and multiplications alone: the exponent is a whole number of
/// halves, and each x is no less than 1/(1 + g). All take the same steps, so a processor takes several at once.
fn to_minus_half(x: &mut PerCurve, nu: usize, powers: &mut PerCurve) {
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
    by_curve: PerCurve,
    by_model: [f64; MODELS.len()],
    /// The rates of the models that keep growing, each times its weight.
    rate: f64,
}

impl Sums {
    fn add(&mut self, noise: &Whitened, terms: &Terms) {
        for (&curve, weight) in noise.numbers.iter().zip(&terms.weights) {
            self.by_curve[curve] += weight;
        }
        let mut rate = 0.0;
        for (model, run) in &noise.runs {
            let sum = &mut self.by_model[*model as usize];
            *sum = terms.weights[run.clone()].iter().fold(*sum, |sum, weight| sum + weight);
            if model.outlook() == Outlook::Continues {
                let each = terms.weights[run.clone()].iter().zip(&terms.rates[run.clone()]);
                rate = each.fold(rate, |sum, (weight, rate)| sum + weight * rate);
            }
        }
        self.rate += rate;
    }

    fn posterior(&self, design: &Design, all: &[Terms], scale: f64) -> Posterior {
        let total: f64 = self.by_model.iter().sum();
        let of = |outlook: Outlook| -> f64 {
            let models = MODELS.iter().map(|candidate| candidate.model);
            models.filter(|s| s.outlook() == outlook).map(|s| self.by_model[s as usize]).sum()
        };
        let p_continues = of(Outlook::Continues);
        let rate = if p_continues > 0.0 { self.rate / p_continues } else { 0.0 };
        let mut spread = 0.0;
        for (noise, terms) in design.noises.iter().zip(all) {
            let p_continues = noise.runs.iter().filter(|(model, _)| model.outlook() == Outlook::Continues);
            for k in p_continues.flat_map(|(_, run)| run.clone()) {
                let off = terms.rates[k] - rate;
                spread += terms.weights[k] * (terms.variances[k] + off * off);
            }
        }
        let variance = if p_continues > 0.0 { spread / p_continues } else { 0.0 };
        let curves = &design.curves;
        let model_weight = |curve: &Curve| self.by_model[curve.model as usize];
        let mut best = 0;
        for (i, curve) in curves.iter().enumerate() {
            let heavier = model_weight(curve) > model_weight(&curves[best]);
            if heavier || curve.model == curves[best].model && self.by_curve[i] > self.by_curve[best] {
                best = i;
            }
        }
        Posterior {
            p_continues: p_continues / total,
            under_scatter: continuing(&design.noises[SCATTER], &all[SCATTER]),
            open: of(Outlook::Undetermined) / total,
            likeliest: curves[best].model,
            corner: curves[best].corner,
            rate: rate * scale,
            deviation: variance.sqrt() * scale,
        }
    }
}

/// Weight of the models that keep growing among all models under one kind of noise; 0 where no model fits.
fn continuing(noise: &Whitened, terms: &Terms) -> f64 {
    let (mut continues, mut total) = (0.0, 0.0);
    for (model, run) in &noise.runs {
        let weight: f64 = terms.weights[run.clone()].iter().sum();
        total += weight;
        continues += if model.outlook() == Outlook::Continues { weight } else { 0.0 };
    }
    if total > 0.0 { continues / total } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_probabilities() {
        let p = posterior(&[0.0, 3.0, 1.0, 4.0, 1.0, 5.0, 9.0], 0.5);
        assert!(p.p_continues > 0.0 && p.open > 0.0 && p.p_continues + p.open < 1.0);
    }
}
