//! A cycle in a series (a day, a week, a batch that runs every hour): found, so that it can be taken out.
//!
//! **Question.** Does the series repeat itself, and what is left of it if that is taken away? A leak under a daily cycle
//! is hidden from every test for a trend, and a cycle that is cut off in its rise looks like one.
//!
//! **Procedure.** At most 120 means of blocks; for each number of periods f = 2, 2.125 … 24 least squares of the means
//! on 1, t, sin 2πft, cos 2πft and, where the blocks are fine enough, sin 4πft, cos 4πft. The f with the smallest rest
//! (among those whose first wave explains as much as the second) is *the* cycle if
//!
//! - it explains at least 0.7 of what a straight line leaves (adjusted for the coefficients and for the search),
//! - both halves of the series, fitted apart, tell of the same wave: the cosine of the angle between their (sin, cos)
//!   coefficients is at least 0.6,
//! - it goes down as well as up: of the movement between blocks of an eighth of a period at least 0.15 is falls. A
//!   staircase is no cycle.
//!
//! **Assumptions.** Even steps in time; one wave of one length over the whole recording.
//!
//! **Source.** Harmonic regression, and the choice of frequency by least squares (the periodogram of Lomb 1976 with a
//! trend); the three conditions by simulation (docs/statistics.md).
//!
//! **Cost.** One pass for the means, and 177 frequencies × 4 dot products of 120 numbers; some 50 µs.
//!
//! **When it misleads.** Fewer than two periods are a slow wave, of which nothing can be said; a wave that grows or
//! drifts in length is found only in part.
//!
//! ```
//! let y: Vec<f64> = (0..96).map(|h| f64::from(h) + 40.0 * (f64::from(h) * std::f64::consts::TAU / 24.0).sin()).collect();
//! let found = leakdiff::stats::cycle::cycle(&y).ok_or("four days without a cycle")?;
//! assert!((found.periods - 4.0).abs() < 0.2 && found.share > 0.99);
//! # Ok::<(), &str>(())
//! ```

use std::f64::consts::TAU;
use std::sync::OnceLock;

use super::least_squares::{coefficients, dot};
use super::strips::Strips;

/// The most means that are taken.
const MOST_POINTS: usize = 120;
/// Fewer points carry no cycle.
const LEAST_POINTS: usize = 12;
/// Fewer periods are a slow wave.
const FEWEST_PERIODS: f64 = 2.0;
/// More periods than this are scatter to blocks of a 24th of the series.
const MOST_PERIODS: f64 = 24.0;
/// Points that a period must have at least.
const POINTS_PER_PERIOD: f64 = 2.6;
/// Steps of the search, in periods.
const STEP: f64 = 0.125;
/// Share of what a line leaves that a cycle must explain.
const LEAST_SHARE: f64 = 0.7;
/// Cosine of the angle between the waves of both halves.
const LEAST_AGREEMENT: f64 = 0.6;
/// Share of falls in the movement.
const LEAST_FALLS: f64 = 0.15;
/// Into so many blocks a period is cut to look for falls.
const BLOCKS_PER_PERIOD: f64 = 8.0;

/// A cycle that a series repeats.
#[derive(Debug, Clone, PartialEq)]
pub struct Cycle {
    /// How many periods were seen.
    pub periods: f64,
    /// Share of what a straight line leaves that the cycle explains, adjusted for its coefficients: 0.7 … 1.
    pub share: f64,
    /// The series without the cycle: at most 120 means of blocks, the cycle's part taken off each.
    pub rest: Vec<f64>,
    /// For each of `rest` the index of the value in the middle of its block.
    pub places: Vec<usize>,
}

/// The cycle of `y`, if there is one.
#[must_use]
pub fn cycle(y: &[f64]) -> Option<Cycle> {
    let means = Means::of(y);
    let z = &means.values;
    let n = z.len();
    if n < LEAST_POINTS || z.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let design = design(n);
    let mut rest = z.clone();
    for q in &design.trend {
        let along = dot(q, &rest);
        rest.iter_mut().zip(q).for_each(|(r, q)| *r -= along * q);
    }
    let total = dot(&rest, &rest);
    if total <= 0.0 || !total.is_finite() {
        return None;
    }
    // The first wave must explain as much as the second, or half its frequency is the cycle's.
    let explained = |c: &Candidate| {
        let of = |q: &[f64]| dot(q, &rest).powi(2);
        let first: f64 = c.basis.chunks_exact(n).take(2).map(of).sum();
        let second: f64 = c.basis.chunks_exact(n).skip(2).map(of).sum();
        if first >= second { first + second } else { 0.0 }
    };
    let (best, explained) = design
        .candidates
        .iter()
        .zip(may_be_cycles(design, &rest, total))
        .filter(|(_, may_be)| *may_be)
        .map(|(c, _)| (c, explained(c)))
        .max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.periods.total_cmp(&a.0.periods)))?;
    // The line has two coefficients, the wave its own and the choice of its frequency one more.
    let free = best.free(n)?;
    let share = 1.0 - ((total - explained) / free) / (total / (n - 2) as f64);
    if share < LEAST_SHARE || !halves_agree(z, best.periods) || !falls_too(z, best.periods) {
        return None;
    }
    let columns: Vec<Vec<f64>> = trend(n).into_iter().chain(waves(n, best)).collect();
    let b = coefficients(&columns, z)?;
    let rest = z.iter().zip(places(n)).map(|(mean, t)| mean - best.at(t, &b[2..])).collect();
    Some(Cycle { periods: best.periods, share, rest, places: means.middles().collect() })
}

/// Means of blocks of equal length, counted from the end.
struct Means {
    values: Vec<f64>,
    length: usize,
    /// What comes before the first block.
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

/// One frequency of the search.
struct Candidate {
    periods: f64,
    /// 1, or 2 where blocks are fine enough to show it.
    harmonics: usize,
    /// Its waves without trend, orthonormal, one after the other.
    basis: Vec<f64>,
    /// A bound on how much of its waves is not slow: their Frobenius norm without the slow part, at most 1.
    beside_slow: f64,
    /// Share of the squares that it must explain to be the cycle.
    least: f64,
}

impl Candidate {
    /// Degrees of freedom that are left beside the line, the wave and the choice of its frequency.
    fn free(&self, n: usize) -> Option<f64> {
        n.checked_sub(2 + 2 * self.harmonics + 1).filter(|&free| free > 0).map(|free| free as f64)
    }

    /// The wave with these coefficients (sin, cos, and again for the second harmonic) at place `t`.
    fn at(&self, t: f64, b: &[f64]) -> f64 {
        let of = |harmonic: usize| {
            let angle = TAU * self.periods * t * (harmonic + 1) as f64;
            b[2 * harmonic] * angle.sin() + b[2 * harmonic + 1] * angle.cos()
        };
        (0..self.harmonics).map(of).sum()
    }
}

/// Which candidates the slow part of a series leaves room for.
///
/// Most series that come and go wander: nearly all of their squares lie in a few slow waves. With `P` the projection to
/// those, a candidate's waves `Q` explain `‖Qᵀr‖² ≤ (‖QᵀPr‖ + ‖Q − PQ‖ ‖r − Pr‖)²` of the squares. `QᵀP` is worked out
/// once, and `‖QᵀPr‖` takes a tenth of the products that `‖Qᵀr‖` takes; where the bound is below what a cycle must explain,
/// the candidate is none.
fn may_be_cycles(design: &Design, rest: &[f64], total: f64) -> Vec<bool> {
    let mut along = vec![0.0; design.slow.width()];
    design.slow.products(rest, &mut along);
    let beside = (total - dot(&along, &along)).max(0.0).sqrt();
    let mut products = vec![0.0; design.with_slow.width()];
    design.with_slow.products(&along, &mut products);
    let mut products = products.as_slice();
    let may_be = |candidate: &Candidate| {
        let (own, others) = products.split_at(2 * candidate.harmonics);
        products = others;
        let slow = dot(own, own).sqrt();
        // A little more, for rounding.
        (slow + candidate.beside_slow * beside).powi(2) >= (candidate.least - 1e-9) * total
    };
    design.candidates.iter().map(may_be).collect()
}

/// All frequencies for one number of means, made once.
struct Design {
    trend: Vec<Vec<f64>>,
    /// Cosines of up to so many half periods, without trend, orthonormal.
    slow: Strips,
    /// The products of all candidates' waves with the slow ones.
    with_slow: Strips,
    candidates: Vec<Candidate>,
}

/// How many slow waves are looked at.
const SLOW_WAVES: usize = 12;

static DESIGNS: [OnceLock<Design>; MOST_POINTS + 1] = [const { OnceLock::new() }; MOST_POINTS + 1];

fn design(n: usize) -> &'static Design {
    DESIGNS[n].get_or_init(|| {
        let trend = orthonormal(&[], trend(n)).unwrap_or_default();
        let most = MOST_PERIODS.min(n as f64 / POINTS_PER_PERIOD);
        let half_periods = |k: usize| places(n).map(|t| (TAU / 2.0 * k as f64 * t).cos()).collect();
        let slow = orthonormal(&trend, (1..=SLOW_WAVES.min(n / 2)).map(half_periods).collect());
        let slow = slow.unwrap_or_default();
        let strips = Strips::new(&slow.iter().cloned().map(Some).collect::<Vec<_>>(), n);
        let mut with_slow = Vec::new();
        let candidates = (0_u32..)
            .map(|k| FEWEST_PERIODS + STEP * f64::from(k))
            .take_while(|&periods| periods < most)
            .filter_map(|periods| {
                let harmonics = if 2.0 * periods < n as f64 / 2.2 { 2 } else { 1 };
                let mut candidate =
                    Candidate { periods, harmonics, basis: Vec::new(), beside_slow: 1.0, least: 0.0 };
                let basis = orthonormal(&trend, waves(n, &candidate))?;
                candidate.least = 1.0 - (1.0 - LEAST_SHARE) * candidate.free(n)? / (n - 2) as f64;
                let products = basis.iter().map(|q| {
                    let mut products: Vec<f64> = slow.iter().map(|wave| dot(q, wave)).collect();
                    products.resize(strips.width(), 0.0);
                    products
                });
                let products: Vec<Vec<f64>> = products.collect();
                let slow_part: f64 = products.iter().flatten().map(|p| p * p).sum();
                candidate.beside_slow = (basis.len() as f64 - slow_part).clamp(0.0, 1.0).sqrt();
                with_slow.extend(products.into_iter().map(Some));
                candidate.basis = basis.concat();
                Some(candidate)
            })
            .collect();
        let with_slow = Strips::new(&with_slow, strips.width());
        Design { trend, slow: strips, with_slow, candidates }
    })
}

/// The columns 1 and t.
fn trend(n: usize) -> Vec<Vec<f64>> {
    vec![vec![1.0; n], places(n).collect()]
}

fn places(n: usize) -> impl Iterator<Item = f64> {
    (0..n).map(move |i| i as f64 / (n - 1) as f64)
}

/// The columns sin and cos of each harmonic.
fn waves(n: usize, candidate: &Candidate) -> Vec<Vec<f64>> {
    (0..2 * candidate.harmonics)
        .map(|k| {
            let mut one = vec![0.0; 2 * candidate.harmonics];
            one[k] = 1.0;
            places(n).map(|t| candidate.at(t, &one)).collect()
        })
        .collect()
}

/// The columns made orthonormal to `before` and to each other; `None` where one of them is not there.
fn orthonormal(before: &[Vec<f64>], columns: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    let mut all = before.to_vec();
    for mut column in columns {
        for q in &all {
            let along = dot(q, &column);
            column.iter_mut().zip(q).for_each(|(c, q)| *c -= along * q);
        }
        let length = dot(&column, &column).sqrt();
        if length < 1e-6 {
            return None;
        }
        column.iter_mut().for_each(|c| *c /= length);
        all.push(column);
    }
    Some(all.split_off(before.len()))
}

/// Whether the first wave, fitted to each half by itself, is the same in both.
fn halves_agree(z: &[f64], periods: f64) -> bool {
    let n = z.len();
    let single = Candidate { periods, harmonics: 1, basis: Vec::new(), beside_slow: 1.0, least: 0.0 };
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
    fn what_does_not_repeat_is_no_cycle() {
        let step = |t: f64, at: f64| if t >= at { 1.0 } else { 0.0 };
        type Path = fn(f64, &dyn Fn(f64, f64) -> f64) -> f64;
        let cases: [(&str, Path); 6] = [
            ("a line", |t, _| t),
            ("a constant", |_, _| 3.0),
            ("a filling cache", |t, _| 1.0 - (-t / 0.2).exp()),
            ("stairs", |t, step| step(t, 0.2) + step(t, 0.5) + step(t, 0.8)),
            ("one hump", |t, _| (std::f64::consts::PI * t).sin()),
            ("a wave in the first half alone", |t, step| {
                (1.0 - step(t, 0.5)) * (TAU * 6.0 * t).sin() + 3.0 * t
            }),
        ];
        for (name, path) in cases {
            assert_eq!(cycle(&series(90, |t| path(t, &step))), None, "{name}");
        }
        assert_eq!(cycle(&series(11, |t| (TAU * 3.0 * t).sin())), None, "too short");
    }
}
