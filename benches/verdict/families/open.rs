//! Families in which nothing in the prefix shows the future: the plateau, the collection or the fall comes
//! after it. The right answer is `unclear`.

use super::controls::{filling, stopping};
use super::parts::{level, path, plus};
use super::{Draw, Facts};
use crate::dice::Dice;

/// A cache that is half full at the end of the prefix.
pub fn cache_slow(n: usize, len: usize, dice: &mut Dice) -> Draw {
    filling(0.5, 1.0, n, len, dice)
}

/// Even growth that stops after the prefix.
pub fn fill_later(n: usize, len: usize, dice: &mut Dice) -> Draw {
    stopping(1.02, 1.6, n, len, dice)
}

/// Growth like a logarithm.
pub fn log_growth(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice);
    let unit = from * dice.power(-1.5, 0.3);
    let scale = n as f64 * dice.uniform(0.02, 0.3);
    let grown = |t: f64| unit * (t / scale).ln_1p();
    let growth = grown((n - 1) as f64);
    let y = plus(path(len, |t| from + grown(t)), &dice.white(len, growth / 100.0));
    Draw::after(y, growth, growth / 100.0, true)
}

/// A wave longer than the prefix, which rises in it.
pub fn slow_wave(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let period = n as f64 * dice.uniform(2.5, 5.0);
    let size = level(dice);
    let phase = dice.uniform(0.3, 1.2);
    let at = |t: f64| size * (1.5 + (std::f64::consts::TAU * t / period - phase).sin());
    let noise = size * 0.01;
    let facts = Facts {
        growth: at((n - 1) as f64) - at(0.0),
        noise,
        white: true,
        periods: n as f64 / period,
        ..Facts::default()
    };
    Draw::not_growing(plus(path(len, at), &dice.white(len, noise)), facts)
}

/// The first period of a sawtooth.
pub fn slow_saw(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice);
    let period = n as f64 * dice.uniform(1.02, 2.0);
    let height = from * dice.power(-1.5, 0.3);
    let at = |t: f64| from + height * (t % period) / period;
    let noise = height * 0.01;
    let facts = Facts {
        growth: at((n - 1) as f64) - at(0.0),
        noise,
        white: true,
        periods: n as f64 / period,
        ..Facts::default()
    };
    Draw::not_growing(plus(path(len, at), &dice.white(len, noise)), facts)
}
