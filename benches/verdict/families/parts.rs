//! The parts of families: levels, noise, cycles and pools of blocks.

use crate::dice::Dice;

/// Standard deviation of [`Noise::Heavy`] over the `sd` it is asked for: half of that of Student's t with two
/// degrees cut at ±40, whose variance is 2·(asinh(c/√2) − c/√(c²+2)) + c²·(1 − c/√(c²+2)) for c = 40.
pub const HEAVY: f64 = 1.329_65;

/// Scatter about a path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Noise {
    /// Independent and normal.
    White,
    /// Normal, lingering with a lag-1 correlation of 0.5 to 0.95.
    Lingering,
    /// Independent, with the tails of Student's t of two degrees.
    Heavy,
    /// Nothing.
    None,
}

impl Noise {
    /// Noise of (about) this standard deviation.
    pub fn draw(self, len: usize, sd: f64, dice: &mut Dice) -> Vec<f64> {
        match self {
            Self::White => dice.white(len, sd),
            Self::Lingering => {
                let phi = dice.uniform(0.5, 0.95);
                autoregressive(len, phi, sd, dice)
            }
            Self::Heavy => (0..len).map(|_| dice.heavy() * sd / 2.0).collect(),
            Self::None => vec![0.0; len],
        }
    }

    /// The standard deviation of the noise that [`Self::draw`] returns for `sd`.
    pub fn deviation(self, sd: f64) -> f64 {
        match self {
            Self::White | Self::Lingering => sd,
            Self::Heavy => HEAVY * sd,
            Self::None => 0.0,
        }
    }

    /// One of two kinds of noise.
    pub fn either(self, other: Self, dice: &mut Dice) -> Self {
        if dice.chance(0.5) { self } else { other }
    }
}

/// An AR(1) process of lag-1 correlation `phi` and standard deviation `sd`.
pub fn autoregressive(len: usize, phi: f64, sd: f64, dice: &mut Dice) -> Vec<f64> {
    let shock = sd * (1.0 - phi * phi).sqrt();
    let mut x = 0.0;
    let mut next = || {
        x = phi * x + dice.normal() * shock;
        x
    };
    for _ in 0..100 {
        next();
    }
    (0..len).map(|_| next()).collect()
}

/// A level in bytes: 20 kB to 200 MB.
pub fn level(dice: &mut Dice) -> f64 {
    dice.power(4.3, 8.3)
}

/// Growth over the prefix, over the noise.
pub fn ratio(dice: &mut Dice) -> f64 {
    dice.one_of([3.0, 5.0, 10.0, 30.0, 300.0])
}

/// As [`ratio`], for families in which noise is not the point.
pub fn high_ratio(dice: &mut Dice) -> f64 {
    dice.one_of([10.0, 30.0, 300.0])
}

/// The size of a block of Python's.
pub fn block(dice: &mut Dice) -> f64 {
    dice.one_of([56.0, 64.0, 72.0, 112.0, 128.0, 240.0, 512.0, 1072.0, 4096.0])
}

/// The sum of values up to each.
pub fn running_sum(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    values
        .into_iter()
        .scan(0.0, |sum, v| {
            *sum += v;
            Some(*sum)
        })
        .collect()
}

/// The values of `f` at 0, 1, 2 …
pub fn path(len: usize, f: impl Fn(f64) -> f64) -> Vec<f64> {
    (0..len).map(|k| f(k as f64)).collect()
}

/// Adds value by value.
pub fn plus(mut a: Vec<f64>, b: &[f64]) -> Vec<f64> {
    for (a, b) in a.iter_mut().zip(b) {
        *a += b;
    }
    a
}

/// An irregular sawtooth of height 1 with 5 to 25 periods in the prefix, and their number.
pub fn saw(n: usize, len: usize, dice: &mut Dice) -> (Vec<f64>, f64) {
    let period = (n as f64 * dice.uniform(0.04, 0.2)).max(2.5);
    let mut x = dice.uniform(0.0, 1.0);
    let mut next = || {
        let now = x;
        x += dice.uniform(0.5, 1.5) / period;
        if x > 1.0 {
            x = dice.uniform(0.0, 0.08);
        }
        now
    };
    ((0..len).map(|_| next()).collect(), n as f64 / period)
}

/// A daily cycle of amplitude 1, with 2.2 to 8 days in the prefix, and their number.
pub fn days(n: usize, len: usize, dice: &mut Dice) -> (Vec<f64>, f64) {
    let days = dice.uniform(2.2, 8.0);
    let turn = std::f64::consts::TAU;
    let phase = dice.uniform(0.0, turn);
    let wave = path(len, |t| {
        let at = turn * t * days / n as f64 + phase;
        at.sin().max(-0.6) + 0.3 * (2.0 * at).sin()
    });
    (wave, days)
}

/// Numbers of blocks that are born at rate `mean / lifetime` and live `lifetime` steps on average, beginning with none
/// or with the usual number.
pub fn pool(len: usize, mean: f64, lifetime: f64, from_nothing: bool, dice: &mut Dice) -> Vec<f64> {
    let stays = (-1.0 / lifetime).exp();
    let mut x = if from_nothing { 0.0 } else { dice.poisson(mean) };
    let mut next = || {
        x = dice.binomial(x, stays) + dice.poisson(mean / lifetime);
        x
    };
    (0..len).map(|_| next()).collect()
}
