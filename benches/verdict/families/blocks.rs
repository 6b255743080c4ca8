//! Families of allocation sites that do not go on growing: whole blocks, and a trace that starts from nothing.

use super::Draw;
use super::parts::{block, plus, pool, running_sum};
use crate::dice::Dice;

/// Blocks come and go about a mean, each staying one step to a fifth of the prefix.
pub fn churn(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let mean = dice.power(0.5, 3.0);
    let lifetime = (n as f64 / 5.0 * dice.uniform(0.0, 1.0)).max(1.0);
    let goes = 1.0 / (1.0 + lifetime);
    let mut x = dice.poisson(mean);
    let mut next = || {
        x = dice.binomial(x, 1.0 - goes) + dice.poisson(mean * goes);
        x
    };
    let counts: Vec<f64> = (0..len).map(|_| next()).collect();
    let size = dice.power(1.7, 4.0);
    Draw::about(scaled(counts, size), size * mean.sqrt(), false).of_blocks(size)
}

/// Churning sites start from nothing and fill to an equilibrium: one to three kinds of lifetimes.
pub fn relax(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let size = block(dice);
    let (mut y, mut growth, mut variance) = (vec![0.0; len], 0.0, 0.0);
    for _ in 0..dice.whole(1, 4) {
        let mean = dice.power(0.3, 2.7);
        let lifetime = n as f64 * dice.even_ratio(0.01, 0.3);
        growth += mean * (1.0 - (-(n as f64) / lifetime).exp());
        variance += mean;
        y = plus(y, &pool(len, mean, lifetime, true, dice));
    }
    Draw::after(scaled(y, size), size * growth, size * variance.sqrt(), false).of_blocks(size)
}

/// A pool that is far from its equilibrium at the end of the prefix.
pub fn relax_slow(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let size = block(dice);
    let mean = dice.power(1.3, 3.0);
    let lifetime = n as f64 * dice.uniform(0.5, 1.2);
    let growth = mean * (1.0 - (-(n as f64) / lifetime).exp());
    let y = scaled(pool(len, mean, lifetime, true, dice), size);
    Draw::after(y, size * growth, size * mean.sqrt(), false).of_blocks(size)
}

/// A cache of a number of keys asked for at random, with a time constant that is a share of the prefix: it only ever
/// grows, ever more slowly.
pub fn keys(low: f64, high: f64, n: usize, len: usize, dice: &mut Dice) -> Draw {
    let all = dice.power(1.0, 3.5).floor();
    let lasts = n as f64 * dice.uniform(low, high);
    let asked = 1.0 - (-1.0 / lasts).exp();
    let mut left = all;
    let mut next = || {
        left -= dice.binomial(left, asked);
        all - left
    };
    let counts: Vec<f64> = (0..len).map(|_| next()).collect();
    let (size, from) = (block(dice), dice.one_of([0.0, 1e4]));
    let growth = size * (counts[n - 1] - counts[0]);
    let y = scaled(counts, size).into_iter().map(|v| from + v).collect();
    Draw::after(y, growth, 0.0, false).of_blocks(size)
}

/// A cache of keys that fills within the prefix.
pub fn coupons(n: usize, len: usize, dice: &mut Dice) -> Draw {
    keys(0.05, 0.33, n, len, dice)
}

/// A cache of keys that is still filling at the end of the prefix.
pub fn coupons_slow(n: usize, len: usize, dice: &mut Dice) -> Draw {
    keys(0.5, 1.2, n, len, dice)
}

/// Most at once when tracing starts, then rare small additions at a rate like 1/t: free lists, interned strings,
/// high-water marks.
pub fn trickle(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let size = block(dice);
    let at_once = dice.whole(5, 60) as f64;
    let often = dice.uniform(0.5, 4.0);
    let steps: Vec<f64> =
        (0..len).map(|t| if t > 0 { dice.poisson(often / (t + 1) as f64) } else { 0.0 }).collect();
    let grown = running_sum(steps);
    let growth = size * (at_once + grown[n - 1]);
    let mut counts: Vec<f64> = grown.into_iter().map(|up| at_once + up).collect();
    let mut noise = 0.0;
    if dice.chance(0.4) {
        counts = plus(counts, &pool(len, 1.0, 2.0, true, dice));
        noise = size;
    }
    counts[0] = 0.0;
    Draw::after(scaled(counts, size), growth, noise, false).of_blocks(size)
}

/// A handful of blocks come and go.
pub fn few_blocks(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let size = block(dice);
    let mean = dice.uniform(0.3, 6.0);
    let lifetime = (n as f64 * dice.uniform(0.02, 0.3)).max(1.5);
    let from_nothing = dice.chance(0.6);
    let y = scaled(pool(len, mean, lifetime, from_nothing, dice), size);
    Draw::about(y, size * mean.sqrt(), false).of_blocks(size)
}

/// A queue of whole blocks without drift, reflected at zero.
pub fn lattice_walk(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let slow = dice.chance(0.5);
    let (steps, variance): (Vec<f64>, f64) = if slow {
        ((0..len).map(|_| dice.one_of([-1.0, 0.0, 0.0, 1.0])).collect(), 0.5)
    } else {
        ((0..len).map(|_| dice.poisson(1.0) - dice.poisson(1.0)).collect(), 2.0)
    };
    let root = (n as f64).sqrt();
    let from = dice.uniform(0.0, 1.0) * root;
    let size = block(dice);
    let counts = running_sum(steps).into_iter().map(|v| (v + from).round_ties_even().abs()).collect();
    Draw::about(scaled(counts, size), size * root * variance.sqrt(), false).of_blocks(size)
}

/// Counts of blocks as bytes.
fn scaled(counts: Vec<f64>, size: f64) -> Vec<f64> {
    counts.into_iter().map(|count| count * size).collect()
}
