//! Families that go on growing after the prefix.

use super::parts::{Noise, block, days, high_ratio, level, path, plus, pool, ratio, running_sum, saw};
use super::{Draw, Facts};
use crate::dice::Dice;

/// A line under noise of this kind.
fn line(noise: Noise, n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice);
    let growth = from * dice.power(-2.5, 0.3);
    let snr = ratio(dice);
    let rate = growth / n as f64;
    let y = plus(path(len, |t| from + rate * t), &noise.draw(len, growth / snr, dice));
    let facts = Facts {
        snr,
        growth,
        noise: noise.deviation(growth / snr),
        white: noise == Noise::White,
        ..Facts::default()
    };
    Draw::leak(y, rate, facts)
}

/// A line under white noise.
pub fn linear_white(n: usize, len: usize, dice: &mut Dice) -> Draw {
    line(Noise::White, n, len, dice)
}

/// A line under noise that lingers.
pub fn linear_ar(n: usize, len: usize, dice: &mut Dice) -> Draw {
    line(Noise::Lingering, n, len, dice)
}

/// A line under noise of heavy tails.
pub fn linear_heavy(n: usize, len: usize, dice: &mut Dice) -> Draw {
    line(Noise::Heavy, n, len, dice)
}

/// A line.
pub fn linear_exact(n: usize, len: usize, dice: &mut Dice) -> Draw {
    line(Noise::None, n, len, dice)
}

/// The same step at every second, third … step, at least four times in the prefix.
pub fn every_kth(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let k = dice.whole(2, (n / 4 + 1).max(3)) as f64;
    let from = level(dice);
    let step = from * dice.power(-3.0, -0.5);
    let phase = dice.whole(0, k as usize) as f64;
    let y = path(len, |t| from + step * ((t + phase) / k).floor());
    let rate = step / k;
    Draw::leak(y, rate, Facts { snr: 300.0, growth: rate * n as f64, ..Facts::default() })
}

/// A table that grows when it is full (a list by an eighth, a dict to the double), filled by a constant stream.
pub fn random_steps(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let factor = dice.one_of([1.125, 1.5, 2.0]);
    let (first, per_prefix) = (dice.uniform(0.02, 1.0), dice.uniform(2.0, 12.0));
    let unit = level(dice);
    let items = |t: f64| first + t / n as f64 * per_prefix;
    let capacity = |t: f64| factor.powf((items(t).ln() / factor.ln()).ceil());
    let y = path(len, |t| unit * 0.2 + unit * capacity(t));
    let growth = unit * (capacity((n - 1) as f64) - capacity(0.0));
    Draw::leak(y, unit * per_prefix / n as f64, Facts { snr: 300.0, growth, ..Facts::default() })
}

/// A leak under a sawtooth.
pub fn saw_leak(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice);
    let growth = from * dice.power(-1.5, 0.3);
    let height = growth * dice.power(-1.0, 0.3);
    let (saw_values, periods) = saw(n, len, dice);
    let rate = growth / n as f64;
    let smooth: Vec<f64> =
        saw_values.iter().enumerate().map(|(t, x)| from + rate * t as f64 + height * x).collect();
    let noise = height * 0.02;
    let facts = Facts { snr: growth / height, growth, noise, white: true, periods };
    Draw::leak(plus(smooth, &dice.white(len, noise)), rate, facts)
}

/// A leak under a daily cycle.
pub fn diurnal_leak(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice);
    let growth = from * dice.power(-1.5, 0.3);
    let swing = growth * dice.power(-1.0, 0.1);
    let (wave, periods) = days(n, len, dice);
    let rate = growth / n as f64;
    let smooth: Vec<f64> = wave.iter().enumerate().map(|(t, x)| from + rate * t as f64 + swing * x).collect();
    let noise = swing * dice.uniform(0.02, 0.3);
    let facts = Facts { snr: growth / swing, growth, noise, white: true, periods };
    Draw::leak(plus(smooth, &dice.white(len, noise)), rate, facts)
}

/// A leak that begins within the prefix.
pub fn late_start(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice);
    let growth = from * dice.power(-2.0, 0.3);
    let start = n as f64 * dice.uniform(0.25, 0.7);
    let snr = high_ratio(dice);
    let rate = growth / (n as f64 - start);
    let smooth = path(len, |t| from + rate * (t - start).max(0.0));
    Draw::leak(plus(smooth, &dice.white(len, growth / snr)), rate, Facts::beside_noise(growth, snr))
}

/// A warm-up, then a leak; only the leak counts as growth.
pub fn warm_then_leak(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice);
    let growth = from * dice.power(-2.0, 0.3);
    let snr = high_ratio(dice);
    let (warm, lasts) = (growth * dice.uniform(0.5, 4.0), n as f64 * dice.uniform(0.02, 0.12));
    let rate = growth / n as f64;
    let smooth = path(len, |t| from + warm * (1.0 - (-t / lasts).exp()) + rate * t);
    Draw::leak(plus(smooth, &dice.white(len, growth / snr)), rate, Facts::beside_noise(growth, snr))
}

/// A restart that takes away less than this share of the level looks like a collection: memory falls as far, and rises
/// again.
const RESTART: f64 = 0.25;

/// A leak that starts again after each of one to three restarts; growth is that of all segments together.
struct Restarted {
    /// Memory at the beginning of each segment.
    base: f64,
    /// Samples since the last restart.
    age: Vec<f64>,
    /// Growth per sample.
    rate: f64,
    /// The least share of the level that a restart takes away.
    least_fall: f64,
}

impl Restarted {
    /// Draws the segments of a process.
    fn draw(n: usize, len: usize, dice: &mut Dice) -> Self {
        let from = level(dice);
        let growth = from * dice.power(-0.5, 0.7);
        let count = if n < 20 { 1 } else { dice.whole(1, 4) };
        let mut starts: Vec<usize> =
            (0..count).map(|_| (dice.uniform(0.15, 0.85) * n as f64) as usize).collect();
        starts.sort_unstable();
        if let Some(last) = starts.last_mut().filter(|last| n >= 20 && **last > n - 8) {
            *last = n - 8;
        }
        let (base, rate) = (from * 0.7, growth / n as f64);
        let mut age: Vec<f64> = path(len, |t| t);
        let mut least_fall = f64::INFINITY;
        for start in starts {
            let grown = rate * age[start.saturating_sub(1)];
            least_fall = least_fall.min(grown / (base + grown));
            for (t, age) in age.iter_mut().enumerate().skip(start) {
                *age = (t - start) as f64;
            }
        }
        Self { base, age, rate, least_fall }
    }

    /// Draws segments until `is_wanted`.
    fn until(is_wanted: impl Fn(&Self) -> bool, n: usize, len: usize, dice: &mut Dice) -> Self {
        loop {
            let drawn = Self::draw(n, len, dice);
            if is_wanted(&drawn) {
                return drawn;
            }
        }
    }

    /// The memory of the process under noise, and the facts about it.
    fn under_noise(&self, n: usize, dice: &mut Dice) -> (Vec<f64>, Facts) {
        let growth = self.rate * n as f64;
        let snr = high_ratio(dice);
        let smooth = self.age.iter().map(|age| self.base + self.rate * age).collect();
        (plus(smooth, &dice.white(self.age.len(), growth / snr)), Facts::beside_noise(growth, snr))
    }

    /// The same with each segment's first sample in its start-up: a tenth to six tenths of what it begins with.
    fn seen_starting(&self, n: usize, dice: &mut Dice) -> (Vec<f64>, Facts) {
        let (mut y, facts) = self.under_noise(n, dice);
        for (value, ages) in y.iter_mut().skip(1).zip(self.age.windows(2)) {
            if ages[1] < ages[0] {
                *value = self.base * dice.uniform(0.1, 0.6);
            }
        }
        (y, facts)
    }
}

/// A leak across restarts.
pub fn restart_leak(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let drawn = Restarted::draw(n, len, dice);
    let (y, facts) = drawn.under_noise(n, dice);
    Draw::leak(y, drawn.rate, facts)
}

/// A leak across restarts, each of which takes away a quarter of the memory or more.
pub fn restart_deep(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let drawn = Restarted::until(|drawn| drawn.least_fall >= RESTART, n, len, dice);
    let (y, facts) = drawn.under_noise(n, dice);
    Draw::leak(y, drawn.rate, facts)
}

/// A leak across restarts that take away however little, each sampled while the process starts.
pub fn restart_seen(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let drawn = Restarted::draw(n, len, dice);
    let (y, facts) = drawn.seen_starting(n, dice);
    Draw::leak(y, drawn.rate, facts)
}

/// A leak across restarts, one of which takes away less than a quarter of the memory, as a collector does.
pub fn restart_shallow(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let drawn = Restarted::until(|drawn| drawn.least_fall < RESTART, n, len, dice);
    let (y, facts) = drawn.under_noise(n, dice);
    Draw::leak(y, drawn.rate, facts)
}

/// Every step leaks a random number of blocks, nothing is ever freed. The noise is that of the sum.
pub fn poisson_leak(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let events = dice.uniform(0.3, 5.0);
    let size = dice.power(1.7, 5.0);
    let from = level(dice);
    let steps: Vec<f64> = (0..len).map(|_| size * dice.poisson(events)).collect();
    let y = running_sum(steps).into_iter().map(|v| from + v).collect();
    let (rate, noise) = (size * events, size * (events * n as f64).sqrt());
    Draw::leak(y, rate, Facts { snr: 30.0, growth: rate * n as f64, noise, ..Facts::default() })
        .of_blocks(size)
}

/// Births outnumber deaths: a random walk with a drift that makes, over the prefix, 3 to 30 standard deviations
/// of the walk.
pub fn churn_leak(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let drift = dice.one_of([3.0, 5.0, 10.0, 30.0]);
    let step = level(dice) * dice.power(-3.0, -1.0);
    let root = (n as f64).sqrt();
    let rate = step * drift / root;
    let walk = running_sum(dice.white(len, step).into_iter().map(|e| rate + e));
    let y = walk.into_iter().map(|v| 20.0 * step * root + v).collect();
    let facts = Facts { snr: drift, growth: rate * n as f64, noise: step * root, ..Facts::default() };
    Draw::leak(y, rate, facts)
}

/// Leaks in busy spells only; the noise is their distance from even growth.
pub fn bursty_leak(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice);
    let per_prefix = from * dice.power(-2.0, 0.3);
    let turns = 4.0 / n as f64 * dice.uniform(1.0, 3.0) + 0.02;
    let mut busy = true;
    let mut steps = Vec::with_capacity(len);
    for _ in 0..len {
        busy ^= dice.chance(turns);
        let leaks = busy || dice.chance(0.05);
        let size = dice.uniform(0.5, 1.5);
        steps.push(if leaks { per_prefix / n as f64 * size } else { 0.0 });
    }
    let rate = steps[n..].iter().sum::<f64>() / (len - n) as f64;
    let y: Vec<f64> = running_sum(steps).into_iter().map(|v| from + v).collect();
    let growth = y[n - 1] - from;
    let off = |(t, v): (usize, &f64)| (v - from - growth * (t + 1) as f64 / n as f64).powi(2);
    let noise = (y[..n].iter().enumerate().map(off).sum::<f64>() / n as f64).sqrt();
    Draw::leak(y, rate, Facts { snr: 30.0, growth, noise, ..Facts::default() })
}

/// A leak that becomes faster.
pub fn accelerating(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let from = level(dice);
    let growth = from * dice.power(-2.0, 0.0);
    let snr = high_ratio(dice);
    let bend = dice.uniform(0.2, 1.0);
    let smooth = path(len, |t| {
        let t = t / n as f64;
        from + growth * (t + bend * t * t)
    });
    let rate = (smooth[len - 1] - smooth[n - 1]) / (len - n) as f64;
    let noise = growth / snr;
    let facts = Facts { snr, growth: growth * (1.0 + bend), noise, white: false, periods: 0.0 };
    Draw::leak(plus(smooth, &dice.white(len, noise)), rate, facts)
}

/// Some events a step (a whole number or a fraction), each keeping some blocks, nothing freed; the trace starts
/// from nothing or from a warm-up.
pub fn count_leak(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let per_step = dice.one_of([0.5, 1.0, 1.0, 1.0, 2.0, 5.0, 20.0]);
    let size = block(dice);
    let events = if dice.chance(0.6) {
        let phase = dice.uniform(0.0, 1.0);
        path(len, |t| (per_step * t + phase).floor())
    } else {
        running_sum((0..len).map(|_| dice.poisson(per_step)))
    };
    let warm = if dice.chance(0.5) { 0.0 } else { size * dice.whole(1, 200) as f64 };
    let kept = size * dice.whole(1, 30) as f64;
    let from = dice.one_of([0.0, 1e5]);
    let y: Vec<f64> = events
        .iter()
        .enumerate()
        .map(|(t, events)| from + kept * events + if t > 0 { warm } else { 0.0 })
        .collect();
    let rate = (y[len - 1] - y[n - 1]) / (len - n) as f64;
    let growth = kept * per_step * n as f64;
    Draw::leak(y, rate, Facts { snr: 300.0, growth, ..Facts::default() }).of_blocks(size)
}

/// A leak in a site that also churns: growth over the prefix is 3 to 30 times the pool's standard deviation,
/// which counts as noise.
pub fn pool_leak(n: usize, len: usize, dice: &mut Dice) -> Draw {
    let size = block(dice);
    let mean = dice.power(0.5, 2.5);
    let lifetime = (n as f64 * dice.even_ratio(0.01, 0.15)).max(1.2);
    let snr = dice.one_of([3.0, 5.0, 10.0, 30.0]);
    let per_step = snr * mean.sqrt() / n as f64;
    let churning = pool(len, mean, lifetime, true, dice);
    let kept = running_sum((0..len).map(|_| dice.poisson(per_step)));
    let y = plus(churning, &kept).into_iter().map(|blocks| blocks * size).collect();
    let (rate, noise) = (size * per_step, size * mean.sqrt());
    Draw::leak(y, rate, Facts { snr, growth: rate * n as f64, noise, ..Facts::default() }).of_blocks(size)
}
