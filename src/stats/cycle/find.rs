//! The search for a cycle.

use super::design::{Candidate, Design, MOST_POINTS, design, places, trend, waves};
use crate::stats::least_squares::{coefficients, dot};

/// Fewer points carry no cycle.
const LEAST_POINTS: usize = 12;
/// Share of a line's squared residuals that a cycle must explain.
const LEAST_SHARE: f64 = 0.7;
/// Cosine of the angle between the waves of both halves.
const LEAST_AGREEMENT: f64 = 0.6;
/// Share of falls in the movement.
const LEAST_FALLS: f64 = 0.15;
/// Number of blocks of a period in which falls are looked for.
const BLOCKS_PER_PERIOD: f64 = 8.0;

/// A cycle that a series repeats.
#[derive(Debug, Clone, PartialEq)]
pub struct Cycle {
    /// Number of periods.
    pub periods: f64,
    /// Share of a straight line's squared residuals that the cycle explains, adjusted for its coefficients: 0.7 … 1.
    pub share: f64,
    /// The series without the cycle: at most 120 means of blocks, the cycle's part taken off each.
    pub rest: Vec<f64>,
    /// For each of `rest` the index of the value in the middle of its block.
    pub places: Vec<usize>,
}

/// Returns the cycle of `y`, if there is one.
#[must_use]
pub fn cycle(y: &[f64]) -> Option<Cycle> {
    let means = Means::of(y);
    let z = &means.values;
    let n = z.len();
    if n < LEAST_POINTS || z.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let design = design(n);
    let mut buffer = [0.0; MOST_POINTS];
    let rest = &mut buffer[..design.row];
    rest[..n].copy_from_slice(z);
    for q in &design.trend {
        let along = dot(q, &rest[..n]);
        rest.iter_mut().zip(q).for_each(|(r, q)| *r -= along * q);
    }
    let total = dot(rest, rest);
    if total <= 0.0 || !total.is_finite() {
        return None;
    }
    let (best, explained) = likeliest(design, rest, total, least_explained(n, 1)? * total)?;
    if explained < least_explained(n, best.harmonics)? * total {
        return None;
    }
    let share = 1.0 - (1.0 - explained / total) / free_share(n, best.harmonics)?;
    if !halves_agree(z, best.periods) || !falls_too(z, best.periods) {
        return None;
    }
    let columns: Vec<Vec<f64>> = trend(n).into_iter().chain(waves(n, best)).collect();
    let b = coefficients(&columns, z)?;
    let rest = z.iter().zip(places(n)).map(|(mean, t)| mean - best.at(t, &b[2..])).collect();
    Some(Cycle { periods: best.periods, share, rest, places: means.middles().collect() })
}

/// The coefficients that are left free by a line (two), a wave (its own, and one more for the choice of its frequency),
/// as a share of those that the line alone leaves.
fn free_share(n: usize, harmonics: usize) -> Option<f64> {
    let free = n.checked_sub(2 + 2 * harmonics + 1).filter(|&free| free > 0)?;
    Some(free as f64 / (n - 2) as f64)
}

/// The share of the squares that a wave must explain at least.
fn least_explained(n: usize, harmonics: usize) -> Option<f64> {
    Some(1.0 - (1.0 - LEAST_SHARE) * free_share(n, harmonics)?)
}

/// The frequency that explains most of `rest`, whose squared sum is `total`; `None` if none explains `least`.
fn likeliest<'a>(design: &'a Design, rest: &[f64], total: f64, least: f64) -> Option<(&'a Candidate, f64)> {
    let slow = design.slow(rest, total);
    let mut best: Option<(&Candidate, f64)> = None;
    for band in design.bands.iter().filter(|band| band.may_explain(least, &slow, rest)) {
        for candidate in &band.candidates {
            let explained = candidate.explained(rest, least);
            if best.is_none_or(|(_, most)| explained > most) {
                best = Some((candidate, explained));
            }
        }
    }
    best
}

/// Means of blocks of equal length, counted from the end.
struct Means {
    values: Vec<f64>,
    length: usize,
    /// Number of values before the first block.
    before: usize,
}

impl Means {
    fn of(y: &[f64]) -> Self {
        let length = y.len().div_ceil(MOST_POINTS).max(1);
        let before = y.len() % length;
        let mean = |block: &[f64]| block.iter().sum::<f64>() / length as f64;
        Self { values: y[before..].chunks_exact(length).map(mean).collect(), length, before }
    }

    /// The indices in the middle of the blocks.
    fn middles(&self) -> impl Iterator<Item = usize> {
        let first = self.before + self.length / 2;
        (0..self.values.len()).map(move |block| first + block * self.length)
    }
}

/// Whether the first wave, fitted to each half by itself, is the same in both.
fn halves_agree(z: &[f64], periods: f64) -> bool {
    let n = z.len();
    let single = Candidate::single(periods);
    let columns: Vec<Vec<f64>> = trend(n).into_iter().chain(waves(n, &single)).collect();
    let fit = |range: std::ops::Range<usize>| {
        let part: Vec<Vec<f64>> = columns.iter().map(|c| c[range.clone()].to_vec()).collect();
        coefficients(&part, &z[range])
    };
    let (Some(a), Some(b)) = (fit(0..n / 2), fit(n - n / 2..n)) else { return false };
    let (a, b) = (&a[2..], &b[2..]);
    dot(a, b) >= LEAST_AGREEMENT * (dot(a, a) * dot(b, b)).sqrt()
}

/// Whether enough of the movement between parts of a period is downward.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn falls_too(z: &[f64], periods: f64) -> bool {
    let length = ((z.len() as f64 / periods / BLOCKS_PER_PERIOD) as usize).max(1);
    let means: Vec<f64> = z[z.len() % length..].chunks_exact(length).map(|b| b.iter().sum()).collect();
    let (mut moved, mut fell) = (0.0, 0.0);
    for pair in means.windows(2) {
        let d = pair[1] - pair[0];
        moved += d.abs();
        fell += (-d).max(0.0);
    }
    fell >= LEAST_FALLS * moved
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    fn series(n: i32, f: impl Fn(f64) -> f64) -> Vec<f64> {
        (0..n).map(|i| f(f64::from(i) / f64::from(n - 1))).collect()
    }

    #[test]
    fn a_cycle_is_found_and_taken_out_at_any_length() {
        for n in [24, 60, 120, 121, 500, 4320] {
            let y = series(n, |t| 10.0 * t + (TAU * 5.0 * t).sin() + 0.3 * (TAU * 10.0 * t + 1.0).cos());
            let found = cycle(&y).unwrap();
            assert!((found.periods - 5.0).abs() <= 0.125, "n = {n}: {}", found.periods);
            let line = |place: usize| 10.0 * place as f64 / f64::from(n - 1);
            let off = |(rest, &place): (&f64, &usize)| (rest - line(place)).abs();
            let worst = found.rest.iter().zip(&found.places).map(off).fold(0.0, f64::max);
            assert!(worst < 0.25, "n = {n}: {worst}");
        }
    }

    #[test]
    fn a_series_that_does_not_repeat_has_no_cycle() {
        let step = |t: f64, at: f64| if t >= at { 1.0 } else { 0.0 };
        type Curve = fn(f64, &dyn Fn(f64, f64) -> f64) -> f64;
        let cases: [(&str, Curve); 6] = [
            ("a line", |t, _| t),
            ("a constant", |_, _| 3.0),
            ("a filling cache", |t, _| 1.0 - (-t / 0.2).exp()),
            ("stairs", |t, step| step(t, 0.2) + step(t, 0.5) + step(t, 0.8)),
            ("one hump", |t, _| (std::f64::consts::PI * t).sin()),
            ("a wave in the first half alone", |t, step| {
                (1.0 - step(t, 0.5)) * (TAU * 6.0 * t).sin() + 3.0 * t
            }),
        ];
        for (name, curve) in cases {
            assert_eq!(cycle(&series(90, |t| curve(t, &step))), None, "{name}");
        }
        assert_eq!(cycle(&series(11, |t| (TAU * 3.0 * t).sin())), None, "too short");
    }
}
