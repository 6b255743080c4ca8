//! Families of processes that grow by a few times their noise: levels from ten to nine hundred megabytes.

use super::parts::{autoregressive, level, path, plus};
use super::{Draw, Facts};
use crate::dice::Dice;

/// Growth of `ratio` times the noise over the prefix, the noise lingering with this lag-1 correlation.
fn line(ratio: f64, lingers: f64, n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = dice.power(7.0, 8.95);
    let growth = from * dice.power(-2.5, 0.0);
    let (rate, noise) = (growth / n as f64, growth / ratio);
    let y = plus(path(len, |t| from + rate * t), &autoregressive(len, lingers, noise, dice));
    Draw::leak(y, rate, Facts { snr: ratio, growth, noise, white: lingers == 0.0, periods: 0.0 })
}

/// A line of five times the noise.
pub fn process_5(n: usize, len: usize, dice: &mut Dice) -> Draw {
    line(5.0, 0.0, n, len, dice)
}

/// A line of ten times the noise.
pub fn process_10(n: usize, len: usize, dice: &mut Dice) -> Draw {
    line(10.0, 0.0, n, len, dice)
}

/// A line of thirty times the noise.
pub fn process_30(n: usize, len: usize, dice: &mut Dice) -> Draw {
    line(30.0, 0.0, n, len, dice)
}

/// A line of ten times the noise, which lingers.
pub fn process_ar6_10(n: usize, len: usize, dice: &mut Dice) -> Draw {
    line(10.0, 0.6, n, len, dice)
}

/// A line of ten times the noise, which lingers for long.
pub fn process_ar9_10(n: usize, len: usize, dice: &mut Dice) -> Draw {
    line(10.0, 0.9, n, len, dice)
}

/// A start-up of one to three samples, a fifth of the prefix at most, that dwarfs the leak after it.
pub fn start_up_leak(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice).max(1e7);
    let lasts = dice.whole(1, (n / 5).clamp(1, 3) + 1) as f64;
    let start_up = from * dice.uniform(0.3, 2.0);
    let growth = start_up * dice.power(-1.3, -0.3);
    let (rate, noise) = (growth / n as f64, growth / dice.one_of([30.0, 300.0]));
    let smooth = path(len, |t| from + start_up * (t / lasts).min(1.0) + rate * t);
    Draw::leak(plus(smooth, &dice.white(len, noise)), rate, Facts::beside_noise(growth, growth / noise))
}
