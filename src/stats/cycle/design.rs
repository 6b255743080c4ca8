//! The frequencies of the search for one number of means, made once; and the bounds by which most of them are refused.
//!
//! A random walk has most of its squares in waves slower than any candidate, and noise has them everywhere. So
//! neighbouring frequencies share a band, of which two things are known before any of its waves is tried, r being the
//! series without its trend:
//!
//! - With S an orthonormal basis of slow waves, and σ the largest singular value of QᵀS over the waves Q of the band,
//!   |Qᵀr| ≤ σ·|Sᵀr| + |r − SSᵀr|.
//! - With G an orthonormal basis that all first waves of the band leave by at most τ, |Q₁ᵀr| ≤ |Gᵀr| + τ·|r|; and a
//!   first wave must explain half of the squares that the cycle explains.
//!
//! Both hold exactly, so a band that is refused has no candidate that could have been chosen.

use std::f64::consts::{PI, TAU};
use std::sync::OnceLock;

use crate::stats::least_squares::dot;

/// The most means of blocks.
pub(super) const MOST_POINTS: usize = 120;
/// Fewer periods are a slow wave.
const FEWEST_PERIODS: f64 = 2.0;
/// More periods than this are scatter to blocks of a 24th of the series.
const MOST_PERIODS: f64 = 24.0;
/// Points that a period must have at least.
const POINTS_PER_PERIOD: f64 = 2.6;
/// Steps of the search, in periods.
const STEP: f64 = 0.125;
/// Frequencies of a band.
const BAND: usize = 8;
/// The part of a first wave that may lie outside of its band's basis.
const OUTSIDE: f64 = 0.1;
/// Half periods of the slow waves.
const SLOW: usize = 6;
/// Rows are filled up with zeros to a multiple of this.
const ROW: usize = 8;
/// Rounding does not refuse a band.
const ROUNDING: f64 = 1e-9;

/// All frequencies for one number of means.
pub(super) struct Design {
    /// Orthonormal columns of the straight line.
    pub(super) trend: Vec<Vec<f64>>,
    /// The length of a row: that of the means, filled up.
    pub(super) row: usize,
    pub(super) bands: Vec<Band>,
    /// Orthonormal slow waves without trend, row after row.
    slow: Vec<f64>,
}

/// Neighbouring frequencies.
pub(super) struct Band {
    pub(super) candidates: Vec<Candidate>,
    /// A basis of the first waves, row after row.
    basis: Vec<f64>,
    /// The most that a first wave of length 1 sticks out of it.
    outside: f64,
    /// The largest singular value between any candidate's waves and the first one, two … slow waves.
    with_slow: [f64; SLOW],
}

/// One frequency of the search.
pub(super) struct Candidate {
    pub(super) periods: f64,
    /// 1, or 2 where blocks are fine enough to show it.
    pub(super) harmonics: usize,
    /// Its waves without trend, orthonormal, row after row.
    basis: Vec<f64>,
}

/// The part of a series in the first one, two … slow waves: its length, and that of the rest.
pub(super) struct Slow {
    parts: [(f64, f64); SLOW],
    length: f64,
}

static DESIGNS: [OnceLock<Design>; MOST_POINTS + 1] = [const { OnceLock::new() }; MOST_POINTS + 1];

pub(super) fn design(n: usize) -> &'static Design {
    DESIGNS[n].get_or_init(|| Design::new(n))
}

impl Design {
    fn new(n: usize) -> Self {
        let row = n.next_multiple_of(ROW);
        let trend = orthonormal(&[], trend(n)).unwrap_or_default();
        let half_periods = (1..=SLOW).map(|k| places(n).map(|t| (PI * k as f64 * t).cos()).collect());
        let slow = rows(orthonormal(&trend, half_periods.collect()).unwrap_or_default(), row);
        let most = MOST_PERIODS.min(n as f64 / POINTS_PER_PERIOD);
        let mut candidates = (0_u32..)
            .map(|k| FEWEST_PERIODS + STEP * f64::from(k))
            .take_while(|&periods| periods < most)
            .filter_map(|periods| {
                let harmonics = if 2.0 * periods < n as f64 / 2.2 { 2 } else { 1 };
                let candidate = Candidate::single(periods);
                let candidate = Candidate { harmonics, ..candidate };
                let basis = rows(orthonormal(&trend, waves(n, &candidate))?, row);
                Some(Candidate { basis, ..candidate })
            })
            .peekable();
        let mut bands = Vec::new();
        while candidates.peek().is_some() {
            bands.push(Band::new(candidates.by_ref().take(BAND).collect(), &slow, row));
        }
        Self { trend, row, bands, slow }
    }

    /// Returns the slow part of `rest`.
    pub(super) fn slow(&self, rest: &[f64], total: f64) -> Slow {
        let mut parts = [(0.0, total.sqrt()); SLOW];
        let mut squares = 0.0;
        for (part, wave) in parts.iter_mut().zip(self.slow.chunks_exact(self.row)) {
            squares += dot(wave, rest).powi(2);
            *part = (squares.sqrt(), (total - squares).max(0.0).sqrt());
        }
        Slow { parts, length: total.sqrt() }
    }
}

impl Band {
    fn new(candidates: Vec<Candidate>, slow: &[f64], row: usize) -> Self {
        let (basis, outside) = spanned(&candidates, row);
        let with_slow = std::array::from_fn(|last| {
            let slow: Vec<&[f64]> = slow.chunks_exact(row).take(last + 1).collect();
            candidates.iter().map(|candidate| largest(candidate, &slow, row)).fold(0.0, f64::max)
        });
        Self { candidates, basis, outside, with_slow }
    }

    /// Whether any of the frequencies may explain `least` of the squares.
    pub(super) fn may_explain(&self, least: f64, slow: &Slow, rest: &[f64]) -> bool {
        let least = least * (1.0 - ROUNDING);
        let whole = self.with_slow.iter().zip(&slow.parts).map(|(most, (part, left))| most * part + left);
        if whole.fold(f64::INFINITY, f64::min).powi(2) < least {
            return false;
        }
        let within: f64 = self.basis.chunks_exact(rest.len()).map(|q| dot(q, rest).powi(2)).sum();
        (within.sqrt() + self.outside * slow.length).powi(2) >= least / 2.0
    }
}

impl Candidate {
    /// A wave without its second harmonic, and without its place in a search.
    pub(super) const fn single(periods: f64) -> Self {
        Self { periods, harmonics: 1, basis: Vec::new() }
    }

    /// Returns the squares of `rest` that its waves explain, 0 if not `least`: the first must explain as much as the
    /// second, or half its frequency is the cycle's.
    pub(super) fn explained(&self, rest: &[f64], least: f64) -> f64 {
        let mut waves = self.basis.chunks_exact(rest.len()).map(|q| dot(q, rest).powi(2));
        let first: f64 = waves.by_ref().take(2).sum();
        if 2.0 * first < least {
            return 0.0;
        }
        let second: f64 = waves.sum();
        if first >= second { first + second } else { 0.0 }
    }

    /// The wave with these coefficients (sin, cos, and again for the second harmonic) at place `t`.
    pub(super) fn at(&self, t: f64, b: &[f64]) -> f64 {
        let of = |harmonic: usize| {
            let angle = TAU * self.periods * t * (harmonic + 1) as f64;
            b[2 * harmonic] * angle.sin() + b[2 * harmonic + 1] * angle.cos()
        };
        (0..self.harmonics).map(of).sum()
    }
}

/// An orthonormal basis that the first waves of all candidates leave by at most [`OUTSIDE`], and the most by which they
/// do: the longest remainder is taken in until none is too long (Gram–Schmidt with pivoting).
fn spanned(candidates: &[Candidate], row: usize) -> (Vec<f64>, f64) {
    let mut left: Vec<Vec<f64>> =
        candidates.iter().flat_map(|c| c.basis.chunks_exact(row).take(2)).map(<[f64]>::to_vec).collect();
    let mut basis = Vec::new();
    loop {
        let squares: Vec<f64> = left.iter().map(|column| dot(column, column)).collect();
        // The two waves of one frequency stick out by no more than this together.
        let outside = squares.chunks(2).map(|pair| pair.iter().sum::<f64>().sqrt()).fold(0.0, f64::max);
        let longest = (0..left.len()).max_by(|&a, &b| squares[a].total_cmp(&squares[b]));
        let Some(longest) = longest.filter(|_| outside > OUTSIDE) else { return (basis, outside) };
        let length = squares[longest].sqrt();
        let next: Vec<f64> = left[longest].iter().map(|v| v / length).collect();
        for column in &mut left {
            let along = dot(column, &next);
            column.iter_mut().zip(&next).for_each(|(c, q)| *c -= along * q);
        }
        basis.extend(next);
    }
}

/// The largest singular value between a candidate's waves and slow ones, at most 2 % too large: of the Gram matrix M of
/// their products it is below (trace Mᵖ)^(1/2p), here with p = 32.
fn largest(candidate: &Candidate, slow: &[&[f64]], row: usize) -> f64 {
    let waves: Vec<&[f64]> = candidate.basis.chunks_exact(row).collect();
    let count = waves.len();
    let products: Vec<Vec<f64>> = waves.iter().map(|q| slow.iter().map(|s| dot(q, s)).collect()).collect();
    let mut gram = [[0.0; 4]; 4];
    for i in 0..count {
        for j in 0..count {
            gram[i][j] = dot(&products[i], &products[j]);
        }
    }
    for _ in 0..5 {
        let before = gram;
        for i in 0..count {
            for j in 0..count {
                gram[i][j] = (0..count).map(|k| before[i][k] * before[k][j]).sum();
            }
        }
    }
    let trace: f64 = (0..count).map(|i| gram[i][i]).sum();
    trace.powf(1.0 / 64.0)
}

/// The columns one after the other, each filled up with zeros.
fn rows(columns: Vec<Vec<f64>>, row: usize) -> Vec<f64> {
    columns
        .into_iter()
        .flat_map(|column| column.into_iter().chain(std::iter::repeat(0.0)).take(row))
        .collect()
}

/// The columns 1 and t.
pub(super) fn trend(n: usize) -> Vec<Vec<f64>> {
    vec![vec![1.0; n], places(n).collect()]
}

/// Even places of t = 0 … 1.
pub(super) fn places(n: usize) -> impl Iterator<Item = f64> {
    (0..n).map(move |i| i as f64 / (n - 1) as f64)
}

/// The columns sin and cos of each harmonic.
pub(super) fn waves(n: usize, candidate: &Candidate) -> Vec<Vec<f64>> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bands_hold_all_frequencies_and_few_rows() {
        for (n, frequencies) in [(12, 21), (60, 169), (120, 176)] {
            let design = design(n);
            let all: Vec<f64> =
                design.bands.iter().flat_map(|b| b.candidates.iter().map(|c| c.periods)).collect();
            assert_eq!(all.len(), frequencies, "n = {n}");
            assert!(all.is_sorted());
            let rows: usize = design.bands.iter().map(|band| band.basis.len() / design.row).sum();
            assert!(rows <= all.len(), "n = {n}: {rows}");
            assert!(design.bands.iter().all(|band| band.outside <= OUTSIDE));
        }
    }

    proptest! {
        /// A wave of any frequency, phase and harmonic, a slow drift and noise: a refused band explains too little.
        #[test]
        fn no_band_is_refused_that_explains_enough(
            n in 12..=120_usize,
            periods in 0.3..26.0_f64,
            phase in 0.0..TAU,
            second in 0.0..1.2_f64,
            drift in -2.0..2.0_f64,
            noise in prop::collection::vec(-1.0..1.0_f64, 120),
        ) {
            let design = design(n);
            let mut rest: Vec<f64> = places(n)
                .zip(&noise)
                .map(|(t, noise)| {
                    let angle = TAU * periods * t + phase;
                    angle.sin() + second * (2.0 * angle).cos() + drift * (2.5 * t).cos() + 0.5 * noise
                })
                .collect();
            for q in &design.trend {
                let along = dot(q, &rest);
                rest.iter_mut().zip(q).for_each(|(r, q)| *r -= along * q);
            }
            rest.resize(design.row, 0.0);
            let total = dot(&rest, &rest);
            let slow = design.slow(&rest, total);
            for band in &design.bands {
                let most = band.candidates.iter().map(|c| c.explained(&rest, 0.0)).fold(0.0, f64::max);
                for share in [0.2, 0.5, 0.7, 0.9] {
                    prop_assert!(most < share * total || band.may_explain(share * total, &slow, &rest));
                }
            }
        }
    }
}
