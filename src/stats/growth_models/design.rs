//! The decompositions of all curves under all kinds of noise, worked out once for each number of blocks.

use std::ops::Range;
use std::sync::OnceLock;

use super::blocks::MOST_BLOCKS;
use super::column_blocks::ColumnBlocks;
use super::curves::{Curve, curves};
use super::types::GrowthModel;

/// Kinds of noise and how likely each is: scatter, AR(0.6), a random walk.
pub(super) const NOISES: [(f64, f64); 3] = [(0.0, 0.2), (0.6, 0.1), (1.0, 0.7)];
/// A coefficient below this share of the series' movement is zero, and zero is not growth: without this,
/// rounding errors decide whether an exactly even line has "a step, and a line".
const LEAST_COEFFICIENT: f64 = 1e-9;
/// A column shorter than this after whitening, and after taking off the one before it, is not there.
const SHORTEST_COLUMN: f64 = 1e-9;
/// Length of an array with one number for each curve, in full lanes; 99 curves at [`MOST_BLOCKS`].
pub(super) const MOST_CURVES: usize = 112;

/// One number for each curve.
pub(super) type PerCurve = [f64; MOST_CURVES];

/// PerCurve and their decompositions for one number of blocks; made once, shared by all series and threads.
pub(super) struct Design {
    pub(super) curves: Vec<Curve>,
    pub(super) noises: Vec<Whitened>,
}

static DESIGNS: [OnceLock<Design>; MOST_BLOCKS + 1] = [const { OnceLock::new() }; MOST_BLOCKS + 1];

impl Design {
    pub(super) fn of(m: usize) -> &'static Self {
        DESIGNS[m].get_or_init(|| {
            let curves = curves(m);
            let noises =
                NOISES.iter().map(|&(phi, prior)| Whitened::new(phi, prior.ln(), &curves, m)).collect();
            Self { curves, noises }
        })
    }
}

/// The least-squares solutions of all curves, up to the products of their columns with the data. All is 0 for a curve
/// that is not there.
pub(super) struct Solvers {
    /// Of the triangular factor: 1/r₀₀ (0 without a column), r₀₁ (0 with one), 1/r₁₁.
    pub(super) inverse_r00: PerCurve,
    pub(super) r01: PerCurve,
    pub(super) inverse_r11: PerCurve,
    /// 1, or −1 where the model falls.
    pub(super) direction: PerCurve,
    /// Bounds that the first and the second coefficient must exceed; −1 where there is none.
    pub(super) least: [PerCurve; 2],
    /// From the first coefficient to the rate at the end: the slope of t² there is twice its coefficient.
    pub(super) rate: PerCurve,
    /// The prior of the curve, times (2 / √(1 + g))^K for its K columns.
    pub(super) worth: PerCurve,
    /// Variance of the first coefficient for a rest of 1.
    pub(super) variance: PerCurve,
}

/// Everything about one kind of noise that does not depend on the data.
pub(super) struct Whitened {
    pub(super) phi: f64,
    pub(super) log_prior: f64,
    /// Values that are free before any curve is fitted.
    pub(super) free: usize,
    /// The first column of each curve, and the second of those that have one: they come first.
    pub(super) first: ColumnBlocks,
    pub(super) second: ColumnBlocks,
    pub(super) solvers: Solvers,
    /// The number of each curve in the design.
    pub(super) numbers: Vec<usize>,
    /// Runs of neighbouring curves of one model.
    pub(super) runs: Vec<(GrowthModel, Range<usize>)>,
}

impl Whitened {
    fn new(phi: f64, log_prior: f64, curves: &[Curve], m: usize) -> Self {
        let values = m - 1;
        let free = if phi < 1.0 { values - 1 } else { values };
        let g = values as f64;
        let mut solved: Vec<(usize, [f64; 3], Vec<Vec<f64>>)> = Vec::new();
        for (number, curve) in curves.iter().enumerate() {
            let mut own: Vec<Vec<f64>> = curve
                .columns
                .iter()
                .map(|column| {
                    let mut z = vec![0.0; values];
                    whiten(column, phi, &mut z);
                    z
                })
                .collect();
            if let Some(triangle) = orthonormalise(&mut own) {
                solved.push((number, triangle, own));
            }
        }
        solved.sort_by_key(|(number, _, columns)| (columns.len() < 2, *number));
        let each = |f: &dyn Fn(&Curve, [f64; 3], usize) -> f64| -> PerCurve {
            let one = |k: usize| {
                solved.get(k).map_or(0.0, |(curve, triangle, own)| f(&curves[*curve], *triangle, own.len()))
            };
            std::array::from_fn(one)
        };
        let least =
            |k: usize| move |_: &Curve, _: [f64; 3], n: usize| if k < n { LEAST_COEFFICIENT } else { -1.0 };
        let solvers = Solvers {
            inverse_r00: each(&|_, [r00, ..], n| if n > 0 { 1.0 / r00 } else { 0.0 }),
            r01: each(&|_, [_, r01, _], _| r01),
            inverse_r11: each(&|_, [.., r11], _| 1.0 / r11),
            direction: each(&|curve, _, _| if curve.model == GrowthModel::Shrinking { -1.0 } else { 1.0 }),
            least: [each(&least(0)), each(&least(1))],
            rate: each(&|curve, _, _| if curve.model == GrowthModel::Accelerating { 2.0 } else { 1.0 }),
            worth: each(&|curve, _, n| curve.prior * (2.0 / (1.0 + g).sqrt()).powi(n as i32)),
            variance: each(&|_, [r00, r01, r11], n| {
                let cross = r01 / (r00 * r11);
                if n > 0 {
                    (r00.powi(-2) + cross * cross) / free.saturating_sub(n).max(1) as f64
                } else {
                    0.0
                }
            }),
        };
        let two = solved.iter().take_while(|(.., columns)| columns.len() == 2).count();
        let nth = |n: usize| -> Vec<_> { solved.iter().map(|(.., own)| own.get(n).cloned()).collect() };
        let (first, second) = (ColumnBlocks::new(&nth(0), values), ColumnBlocks::new(&nth(1)[..two], values));
        let numbers: Vec<usize> = solved.iter().map(|&(curve, ..)| curve).collect();
        let mut runs: Vec<(GrowthModel, Range<usize>)> = Vec::new();
        for (k, &curve) in numbers.iter().enumerate() {
            match runs.last_mut().filter(|(model, _)| *model == curves[curve].model) {
                Some((_, run)) => run.end = k + 1,
                None => runs.push((curves[curve].model, k..k + 1)),
            }
        }
        Self { phi, log_prior, free, first, second, solvers, numbers, runs }
    }
}

/// QR of at most two columns by Gram–Schmidt, done twice for precision: r₀₀, r₀₁, r₁₁; `None` if a column is not there.
fn orthonormalise(columns: &mut [Vec<f64>]) -> Option<[f64; 3]> {
    let (mut r00, mut r01, mut r11) = (1.0, 0.0, 1.0);
    if let Some((first, others)) = columns.split_first_mut() {
        r00 = normalise(first)?;
        if let [second, ..] = others {
            for _ in 0..2 {
                let along = dot(first, second);
                r01 += along;
                second.iter_mut().zip(&*first).for_each(|(s, f)| *s -= along * f);
            }
            r11 = normalise(second)?;
        }
    }
    Some([r00, r01, r11])
}

fn normalise(column: &mut [f64]) -> Option<f64> {
    let length = dot(column, column).sqrt();
    if length < SHORTEST_COLUMN {
        return None;
    }
    column.iter_mut().for_each(|v| *v /= length);
    Some(length)
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Takes out the noise of this kind that carries over from block to block, and the mean where there is an
/// intercept.
pub(super) fn whiten(c: &[f64], phi: f64, z: &mut [f64]) {
    for (z, pair) in z.iter_mut().zip(c.windows(2)) {
        *z = pair[1] - phi * pair[0];
    }
    if phi < 1.0 {
        let mean = z.iter().sum::<f64>() / z.len() as f64;
        z.iter_mut().for_each(|v| *v -= mean);
    }
}

#[cfg(test)]
mod tests {
    use super::super::blocks::FEWEST_BLOCKS;
    use super::*;

    #[test]
    fn all_designs_fit_their_arrays() {
        for m in FEWEST_BLOCKS..=MOST_BLOCKS {
            for noise in &Design::of(m).noises {
                assert!(noise.numbers.len() <= MOST_CURVES, "m = {m}");
            }
        }
    }

    #[test]
    fn columns_are_orthonormal() {
        for m in [FEWEST_BLOCKS, 5, 12, MOST_BLOCKS] {
            for noise in &Design::of(m).noises {
                for k in (0..noise.numbers.len()).filter(|&k| noise.solvers.least[1][k] > 0.0) {
                    let (a, b) = (noise.first.column(k), noise.second.column(k));
                    assert!(dot(&a, &b).abs() < 1e-14 && (dot(&b, &b) - 1.0).abs() < 1e-14);
                }
            }
        }
    }
}
