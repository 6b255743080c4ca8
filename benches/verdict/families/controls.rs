//! Families of processes that do not go on growing.

use super::parts::{Noise, autoregressive, days, level, path, plus, running_sum, saw};
use super::{Draw, Facts};
use crate::dice::Dice;

/// Independent normal noise about a level.
pub fn white(_: usize, len: usize, dice: &mut Dice) -> Draw {
    let at = level(dice);
    let noise = at * dice.power(-3.0, -0.8);
    Draw::about(plus(vec![at; len], &dice.white(len, noise)), noise, true)
}

/// Noise that lingers.
pub fn ar(_: usize, len: usize, dice: &mut Dice) -> Draw {
    let at = level(dice);
    let noise = at * dice.power(-3.0, -0.8);
    Draw::about(plus(vec![at; len], &Noise::Lingering.draw(len, noise, dice)), noise, false)
}

/// Noise of heavy tails.
pub fn heavy(_: usize, len: usize, dice: &mut Dice) -> Draw {
    let at = level(dice);
    let sd = 2.0 * at * dice.power(-3.0, -2.0);
    Draw::about(plus(vec![at; len], &Noise::Heavy.draw(len, sd, dice)), Noise::Heavy.deviation(sd), false)
}

/// A level with short spikes; the noise is that between them.
pub fn spikes(_: usize, len: usize, dice: &mut Dice) -> Draw {
    let at = level(dice);
    let (noise, often) = (at * 0.003, dice.uniform(0.01, 0.1));
    let mut y = plus(vec![at; len], &dice.white(len, noise));
    for v in &mut y {
        if dice.chance(often) {
            *v += at * dice.exponential(0.5);
        }
    }
    Draw::about(y, noise, true)
}

/// Nothing moves.
pub fn constant(_: usize, len: usize, dice: &mut Dice) -> Draw {
    let at = level(dice);
    Draw::about(vec![at; len], 0.0, false)
}

/// A random walk far from zero; its noise is the standard deviation that it has at the end of the prefix.
pub fn walk(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let step = level(dice) * dice.power(-3.0, -1.0);
    let from = 20.0 * step * (len as f64).sqrt();
    let y = running_sum(dice.white(len, step)).into_iter().map(|v| from + v).collect();
    Draw::about(y, step * (n as f64).sqrt(), false)
}

/// A random walk reflected at zero: the excursion of a queue, which begins low.
pub fn walk_zero(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let step = level(dice) * dice.power(-3.0, -1.0);
    let sd = step * (n as f64).sqrt();
    let from = dice.uniform(0.0, 2.0) * sd;
    let y = running_sum(dice.white(len, step)).into_iter().map(|v| (from + v).abs()).collect();
    Draw::about(y, sd, false)
}

/// A step in the first fifth, under noise that lingers.
pub fn step_start(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice);
    let at = ((n as f64 * dice.uniform(0.02, 0.2)) as usize).max(1);
    let sd = from * dice.power(-4.0, -2.0);
    let height = from * dice.uniform(0.1, 1.5);
    let smooth = path(len, |t| if t >= at as f64 { from + height } else { from });
    Draw::after(plus(smooth, &Noise::Lingering.draw(len, sd, dice)), height, sd, false)
}

/// A step in the middle.
pub fn step_mid(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice);
    let at = (n as f64 * dice.uniform(0.3, 0.8)) as usize;
    let sd = from * dice.power(-4.0, -2.0);
    let height = from * dice.uniform(0.05, 1.0);
    let noise = Noise::Lingering.either(Noise::None, dice);
    let smooth = path(len, |t| if t >= at as f64 { from + height } else { from });
    Draw::after(plus(smooth, &noise.draw(len, sd, dice)), height, noise.deviation(sd), false)
}

/// A step of a few times the noise.
pub fn noisy_step(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let (from, at) = (level(dice), n as f64 * dice.uniform(0.3, 0.7));
    let (noise, ratio) = (from * dice.power(-3.0, -1.0), dice.uniform(2.5, 5.0));
    let smooth = path(len, |t| if t >= at { from + ratio * noise } else { from });
    Draw::after(plus(smooth, &dice.white(len, noise)), ratio * noise, noise, true)
}

/// A rise of a few times the noise, which ends before the last third.
pub fn noisy_ramp(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice);
    let (begins, ends) = (n as f64 * dice.uniform(0.0, 0.3), n as f64 * dice.uniform(0.45, 0.66));
    let (noise, ratio) = (from * dice.power(-3.0, -1.0), dice.uniform(2.5, 5.0));
    let smooth = path(len, |t| from + ratio * noise * ((t - begins) / (ends - begins)).clamp(0.0, 1.0));
    Draw::after(plus(smooth, &dice.white(len, noise)), ratio * noise, noise, true)
}

/// Two to four steps, none in the last quarter: modules and tables that are loaded when first needed.
pub fn lazy_steps(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice);
    let mut smooth = vec![from; len];
    let mut growth = 0.0;
    for _ in 0..dice.whole(2, 5) {
        let at = (n as f64 * dice.uniform(0.05, 0.75)) as usize;
        let height = from * dice.uniform(0.02, 0.3);
        growth += height;
        smooth[at..].iter_mut().for_each(|v| *v += height);
    }
    let noise = Noise::White.either(Noise::None, dice);
    let y = plus(smooth, &noise.draw(len, from * 1e-3, dice));
    Draw::after(y, growth, noise.deviation(from * 1e-3), noise == Noise::White)
}

/// A cache that fills with a time constant between these shares of the prefix.
pub fn filling(low: f64, high: f64, n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice);
    let size = from * dice.power(-1.5, 0.5);
    let lasts = n as f64 * dice.uniform(low, high);
    let noise = size / super::parts::high_ratio(dice);
    let full = |t: f64| size * (1.0 - (-t / lasts).exp());
    let y = plus(path(len, |t| from + full(t)), &dice.white(len, noise));
    Draw::after(y, full((n - 1) as f64), noise, true)
}

/// A cache that fills early.
pub fn cache(n: usize, len: usize, dice: &mut Dice) -> Draw {
    filling(0.05, 0.3, n, len, dice)
}

/// A cache that is nearly full at the end.
pub fn cache_mid(n: usize, len: usize, dice: &mut Dice) -> Draw {
    filling(0.3, 0.5, n, len, dice)
}

/// Even growth that stops between these shares of the prefix.
pub fn stopping(low: f64, high: f64, n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice);
    let size = from * dice.power(-1.5, 0.5);
    let stop = n as f64 * dice.uniform(low, high);
    let noise = Noise::White.either(Noise::None, dice);
    let sd = size / dice.one_of([30.0, 300.0]);
    let y = plus(path(len, |t| from + size * (t / stop).min(1.0)), &noise.draw(len, sd, dice));
    let growth = size * ((n - 1) as f64 / stop).min(1.0);
    Draw::after(y, growth, noise.deviation(sd), noise == Noise::White)
}

/// Growth that stops within the prefix.
pub fn fill_stops(n: usize, len: usize, dice: &mut Dice) -> Draw {
    stopping(0.15, 0.8, n, len, dice)
}

/// A sawtooth.
pub fn saw_only(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice);
    let height = from * dice.power(-1.5, 0.3);
    let (saw_values, periods) = saw(n, len, dice);
    let smooth = saw_values.iter().map(|x| from + height * x).collect();
    let noise = height * 0.02;
    let facts = Facts { noise, white: true, periods, ..Facts::default() };
    Draw::not_growing(plus(smooth, &dice.white(len, noise)), facts)
}

/// A daily cycle.
pub fn diurnal(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice);
    let swing = from * dice.power(-1.5, -0.2);
    let (wave, periods) = days(n, len, dice);
    let smooth = wave.iter().map(|x| from + swing * x).collect();
    let noise = swing * dice.uniform(0.02, 0.3);
    let facts = Facts { noise, white: true, periods, ..Facts::default() };
    Draw::not_growing(plus(smooth, &dice.white(len, noise)), facts)
}

/// A level that falls and comes back with each of one or two restarts, under noise that lingers.
pub fn restart_flat(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let at = level(dice);
    let count = if n < 20 { 1 } else { 2 };
    let mut starts: Vec<usize> = (0..count).map(|_| (dice.uniform(0.2, 0.8) * n as f64) as usize).collect();
    starts.sort_unstable();
    let lasts = (n as f64 * dice.uniform(0.01, 0.05)).max(1.0);
    let depth = dice.uniform(0.55, 0.8);
    let smooth = path(len, |t| {
        let start = starts.iter().rev().find(|start| **start as f64 <= t).map_or(0.0, |start| *start as f64);
        at * (1.0 - depth * (-(t - start) / lasts).exp())
    });
    let noise = at * 0.01;
    Draw::about(plus(smooth, &autoregressive(len, 0.5, noise, dice)), noise, false)
}

/// Pages are not given back: the highest need so far of a need that does not grow.
pub fn ratchet(_: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice);
    let phi = dice.uniform(0.0, 0.8);
    let noise = from * dice.power(-2.0, -0.5);
    let mut highest = f64::NEG_INFINITY;
    let y = autoregressive(len, phi, noise, dice)
        .into_iter()
        .map(|need| {
            highest = highest.max(need);
            from + highest
        })
        .collect();
    Draw::about(y, noise, false)
}

/// It shrinks.
pub fn shrinking(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice);
    let size = |t: f64| from * (0.2 + (-t / n as f64).exp());
    let y = plus(path(len, size), &Noise::Lingering.draw(len, from * 0.02, dice));
    Draw::after(y, size((n - 1) as f64) - size(0.0), from * 0.02, false)
}
