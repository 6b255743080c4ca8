//! Families of the sites of one recording: whole blocks, from a few to hundreds.

use super::parts::{autoregressive, block, path, plus};
use super::{Draw, Facts};
use crate::dice::Dice;

/// Growth of `ratio` times the noise over the prefix, the noise lingering with this lag-1 correlation.
fn line(ratio: f64, lingers: f64, n: usize, len: usize, dice: &mut Dice) -> Draw {
    let (size, noise) = (block(dice), dice.power(0.0, 2.0));
    let rate = ratio * noise / n as f64;
    let from = 4.0 * noise + dice.power(0.0, 2.0);
    let scatter = autoregressive(len, lingers, noise, dice);
    let y = whole(plus(path(len, |t| from + rate * t), &scatter), size);
    let white = lingers == 0.0;
    Draw::leak(
        y,
        size * rate,
        Facts { snr: ratio, growth: size * ratio * noise, noise: size * noise, white, periods: 0.0 },
    )
    .of_blocks(size)
}

/// Counts in whole blocks, as bytes.
fn whole(counts: Vec<f64>, size: f64) -> Vec<f64> {
    counts.into_iter().map(|count| count.round().max(0.0) * size).collect()
}

/// A line of five times the noise.
pub fn line_5(n: usize, len: usize, dice: &mut Dice) -> Draw {
    line(5.0, 0.0, n, len, dice)
}

/// A line of ten times the noise.
pub fn line_10(n: usize, len: usize, dice: &mut Dice) -> Draw {
    line(10.0, 0.0, n, len, dice)
}

/// A line of thirty times the noise.
pub fn line_30(n: usize, len: usize, dice: &mut Dice) -> Draw {
    line(30.0, 0.0, n, len, dice)
}

/// A line of ten times the noise, which lingers.
pub fn line_ar6_10(n: usize, len: usize, dice: &mut Dice) -> Draw {
    line(10.0, 0.6, n, len, dice)
}

/// A line of ten times the noise, which lingers for long.
pub fn line_ar9_10(n: usize, len: usize, dice: &mut Dice) -> Draw {
    line(10.0, 0.9, n, len, dice)
}

/// One block in every second, third … snapshot, four times in the prefix or more.
pub fn one_block(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let (size, every) = (block(dice), dice.whole(1, (n / 4).max(2)) as f64);
    let (from, phase) = (dice.power(0.0, 2.0).floor(), dice.whole(0, every as usize) as f64);
    let y = path(len, |t| size * (from + ((t + phase) / every).floor()));
    Draw::leak(y, size / every, Facts { snr: 300.0, growth: size * n as f64 / every, ..Facts::default() })
        .of_blocks(size)
}

/// Noise of few blocks or many about a level.
fn level(lingers: f64, len: usize, dice: &mut Dice) -> Draw {
    let (size, noise) = (block(dice), dice.power(-0.3, 2.0));
    let from = 4.0 * noise + dice.power(0.0, 2.0);
    let scatter = autoregressive(len, lingers, noise, dice);
    Draw::about(whole(scatter.into_iter().map(|x| from + x).collect(), size), size * noise, lingers == 0.0)
        .of_blocks(size)
}

/// White noise.
pub fn level_white(_: usize, len: usize, dice: &mut Dice) -> Draw {
    level(0.0, len, dice)
}

/// Noise that lingers.
pub fn level_ar6(_: usize, len: usize, dice: &mut Dice) -> Draw {
    level(0.6, len, dice)
}

/// Noise that lingers for long.
pub fn level_ar9(_: usize, len: usize, dice: &mut Dice) -> Draw {
    level(0.9, len, dice)
}

/// A random walk that turns at 0 and at a limit.
pub fn walk_within(_: usize, len: usize, dice: &mut Dice) -> Draw {
    let (size, limit) = (block(dice), dice.power(0.7, 2.0).floor());
    let mut at = (limit * dice.uniform(0.0, 1.0)).floor();
    let steps = (0..len).map(|_| {
        at = (at + if dice.chance(0.5) { 1.0 } else { -1.0 }).clamp(0.0, limit);
        at
    });
    Draw::about(whole(steps.collect(), size), size * limit / 3.5, false).of_blocks(size)
}

/// A queue with one server, nearly fully loaded: what waits at each snapshot.
pub fn queue(_: usize, len: usize, dice: &mut Dice) -> Draw {
    let (size, load, served) = (block(dice), dice.uniform(0.8, 0.98), dice.power(0.0, 1.3));
    let mut waits = 0.0_f64;
    let counts: Vec<f64> = (0..len + 200)
        .map(|_| {
            waits = (waits + dice.poisson(load * served) - dice.poisson(served)).max(0.0);
            waits
        })
        .collect();
    Draw::about(whole(counts[200..].to_vec(), size), size * served.sqrt(), false).of_blocks(size)
}
