//! Which story tells the blocks best: the posterior over all paths and three kinds of noise.
//!
//! Blocks c₁ … c_m, whitened for noise φ: z = c_i − φ c_(i−1), the same for each column of a path; φ = 0 is
//! scatter about the path, φ = 1 noise that adds up (a random walk). For φ < 1 the mean is taken off (the
//! intercept). With N = g = m − 1 values, ν of them free (N − 1 where the mean was taken off), r₀ = |z|² + N
//! h²/3 for rounding ± h, and r₁ the rest after least squares on the path's K columns, the logarithm of a
//! path's weight is
//!
//! ```text
//! ln prior(φ) + ln prior(path) − ν/2 ln r₀ − [φ < 1] ½ ln N                        the level itself
//!   + K ln 2 − K/2 ln(1 + N) − ν/2 ln((r₀ + N r₁) / ((1 + N) r₀))                  what the path adds
//! ```
//!
//! and −∞ where a coefficient has the wrong sign; K ln 2 is what the knowledge of the sign is worth.

use std::sync::OnceLock;

use super::paths::{Path, paths};
use super::{Future, Story};

/// The most blocks that are ever compared.
pub(super) const MOST_BLOCKS: usize = 24;
/// The fewest: below, a path with two columns leaves nothing over to judge it by.
pub(super) const FEWEST_BLOCKS: usize = 4;

/// Kinds of noise and how likely each is: scatter, AR(0.6), a random walk.
const NOISES: [(f64, f64); 3] = [(0.0, 0.2), (0.6, 0.1), (1.0, 0.7)];
/// What the squared sum of an exact zero counts as, so that its logarithm exists.
const TINY: f64 = 1e-18;
/// A coefficient below this share of the series' movement is zero, and zero is not growth: without this,
/// rounding errors decide whether an exactly even line has "a step, and a line".
const LEAST_COEFFICIENT: f64 = 1e-9;
/// A column shorter than this after whitening, and after taking off the one before it, is not there.
const SHORTEST_COLUMN: f64 = 1e-9;
/// Room for the dot products of one kind of noise; 98 paths with 126 columns at [`MOST_BLOCKS`].
const MOST_COLUMNS: usize = 128;

/// What the blocks say.
pub(super) struct Posterior {
    /// Weight of the stories that go on.
    pub(super) goes_on: f64,
    /// Weight of the stories whose future is open.
    pub(super) open: f64,
    /// The story with the most weight.
    pub(super) likeliest: Story,
    /// The corner of that story's heaviest path.
    pub(super) corner: Option<f64>,
    /// Growth over t = 0 … 1 if it goes on; 0 where no such story fits.
    pub(super) rate: f64,
    /// The standard deviation of `rate`, within and between stories.
    pub(super) deviation: f64,
}

/// The least-squares solution of one path, up to the dot products with the data.
struct Solver {
    path: usize,
    columns: usize,
    first_column: usize,
    // The triangular factor.
    r00: f64,
    r01: f64,
    r11: f64,
    /// Variance of the first coefficient for residual variance 1.
    variance: f64,
}

/// Everything about one kind of noise that does not depend on the data.
struct Whitened {
    phi: f64,
    log_prior: f64,
    /// Orthonormal columns of all paths, row by row: a row's multiply-adds then run over many columns at
    /// once.
    rows: Vec<f64>,
    width: usize,
    solvers: Vec<Solver>,
}

/// Paths and their decompositions for one number of blocks; made once, shared by all series and threads.
struct Design {
    paths: Vec<Path>,
    noises: Vec<Whitened>,
}

static DESIGNS: [OnceLock<Design>; MOST_BLOCKS + 1] = [const { OnceLock::new() }; MOST_BLOCKS + 1];

impl Design {
    fn of(m: usize) -> &'static Self {
        DESIGNS[m].get_or_init(|| {
            let paths = paths(m);
            let noises =
                NOISES.iter().map(|&(phi, prior)| Whitened::new(phi, prior.ln(), &paths, m)).collect();
            Self { paths, noises }
        })
    }
}

impl Whitened {
    fn new(phi: f64, log_prior: f64, paths: &[Path], m: usize) -> Self {
        let mut columns: Vec<Vec<f64>> = Vec::new();
        let mut solvers = Vec::new();
        for (number, path) in paths.iter().enumerate() {
            let mut own: Vec<Vec<f64>> = path
                .columns
                .iter()
                .map(|column| {
                    let mut z = vec![0.0; m - 1];
                    whiten(column, phi, &mut z);
                    z
                })
                .collect();
            if let Some(solver) = orthonormalise(&mut own, number, columns.len()) {
                solvers.push(solver);
                columns.append(&mut own);
            }
        }
        let rows = (0..m - 1).flat_map(|row| columns.iter().map(move |column| column[row])).collect();
        Self { phi, log_prior, rows, width: columns.len(), solvers }
    }

    /// Values that are free before any path is fitted.
    fn free(&self, values: usize) -> usize {
        if self.phi < 1.0 { values - 1 } else { values }
    }
}

/// QR of at most two columns by Gram–Schmidt, done twice for precision; `None` if a column is not there.
fn orthonormalise(columns: &mut [Vec<f64>], path: usize, first_column: usize) -> Option<Solver> {
    let mut solver =
        Solver { path, columns: columns.len(), first_column, r00: 1.0, r01: 0.0, r11: 1.0, variance: 0.0 };
    let Some((first, others)) = columns.split_first_mut() else { return Some(solver) };
    solver.r00 = normalise(first)?;
    if let [second, ..] = others {
        for _ in 0..2 {
            let along = dot(first, second);
            solver.r01 += along;
            second.iter_mut().zip(&*first).for_each(|(s, f)| *s -= along * f);
        }
        solver.r11 = normalise(second)?;
    }
    let cross = solver.r01 / (solver.r00 * solver.r11);
    solver.variance = solver.r00.powi(-2) + cross * cross;
    Some(solver)
}

fn normalise(column: &mut [f64]) -> Option<f64> {
    let length = dot(column, column).sqrt();
    if length < SHORTEST_COLUMN {
        return None;
    }
    column.iter_mut().for_each(|v| *v /= length);
    Some(length)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Takes out what noise of this kind carries over from block to block, and the mean where there is an
/// intercept.
fn whiten(c: &[f64], phi: f64, z: &mut [f64]) {
    for (z, pair) in z.iter_mut().zip(c.windows(2)) {
        *z = pair[1] - phi * pair[0];
    }
    if phi < 1.0 {
        let mean = z.iter().sum::<f64>() / z.len() as f64;
        z.iter_mut().for_each(|v| *v -= mean);
    }
}

/// One path under one kind of noise.
struct Term {
    path: usize,
    weight: f64,
    rate: f64,
    variance: f64,
}

/// Weighs all stories for the blocks `c`, between [`FEWEST_BLOCKS`] and [`MOST_BLOCKS`] of them, rounded to
/// ± `h`.
///
/// Cost: some 9,000 multiply-adds, 300 square roots and 3,000 multiplications for 24 blocks.
pub(super) fn posterior(c: &[f64], h: f64) -> Posterior {
    let design = Design::of(c.len());
    let values = c.len() - 1;
    let g = values as f64;
    // What K columns are worth before they are fitted: (2 / √(1 + g))^K.
    let worth = [1.0, 2.0 / (1.0 + g).sqrt(), 4.0 / (1.0 + g)];
    let scale = c.iter().fold(0.0_f64, |a, v| a.max((v - c[0]).abs()));
    let scale = if scale > 0.0 { scale } else { 1.0 };
    let mut room = [0.0; MOST_BLOCKS];
    let scaled = &mut room[..c.len()];
    scaled.iter_mut().zip(c).for_each(|(s, v)| *s = (v - c[0]) / scale);
    // Beyond this, rounding drowns everything all the same, and squares stay finite.
    let h = (h / scale).min(1e100);

    let mut terms = Vec::with_capacity(NOISES.len() * design.paths.len());
    let mut levels = Vec::with_capacity(NOISES.len());
    let mut z_room = [0.0; MOST_BLOCKS];
    let mut q_room = [0.0; MOST_COLUMNS];
    let (mut rest_room, mut worth_room, mut power_room) =
        ([0.0; MOST_COLUMNS], [0.0; MOST_COLUMNS], [0.0; MOST_COLUMNS]);
    for noise in &design.noises {
        let z = &mut z_room[..values];
        whiten(scaled, noise.phi, z);
        let free = noise.free(values);
        let nu = free as f64;
        let r0 = dot(z, z) + g * h * h / 3.0 + TINY;
        let intercept = if noise.phi < 1.0 { 0.5 * g.ln() } else { 0.0 };
        levels.push((terms.len(), noise.log_prior - nu / 2.0 * r0.ln() - intercept));
        let q = &mut q_room[..noise.width];
        q.fill(0.0);
        for (z, row) in z.iter().zip(noise.rows.chunks_exact(noise.width)) {
            q.iter_mut().zip(row).for_each(|(q, x)| *q += z * x);
        }
        // What each path leaves over, and x^(−ν/2) for all of them at once.
        let rests = &mut rest_room[..noise.solvers.len()];
        let worths = &mut worth_room[..noise.solvers.len()];
        for ((solver, rest), x) in noise.solvers.iter().zip(rests.iter_mut()).zip(worths.iter_mut()) {
            let own = &q[solver.first_column..solver.first_column + solver.columns];
            let fitted: f64 = own.iter().map(|q| q * q).sum();
            *rest = (r0 - fitted).max(0.0);
            *x = (r0 + g * *rest) / ((1.0 + g) * r0);
        }
        to_minus_half(worths, free, &mut power_room[..noise.solvers.len()]);
        for ((solver, &rest), &fits) in noise.solvers.iter().zip(&*rests).zip(&*worths) {
            let path = &design.paths[solver.path];
            let own = &q[solver.first_column..solver.first_column + solver.columns];
            let Some(rate) = solver.first_coefficient(own, path.story) else { continue };
            let added = if solver.columns == 0 { 1.0 } else { worth[solver.columns] * fits };
            let left = free.saturating_sub(solver.columns).max(1) as f64;
            terms.push(Term {
                path: solver.path,
                weight: path.prior * added,
                rate,
                variance: solver.variance * rest / left,
            });
        }
    }
    level_out(&mut terms, &levels);
    weigh(&design.paths, &terms, scale)
}

/// Raises each `x` to the power −ν/2, by square roots and multiplications alone: the exponent is a whole number of halves,
/// and each x is no less than 1/(1 + g). All take the same steps, so a processor takes several at once.
fn to_minus_half(x: &mut [f64], nu: usize, powers: &mut [f64]) {
    powers.iter_mut().zip(&mut *x).for_each(|(power, x)| {
        *power = 1.0 / x.sqrt();
        *x = 1.0;
    });
    let mut left = nu;
    while left > 0 {
        if left % 2 == 1 {
            x.iter_mut().zip(&*powers).for_each(|(x, power)| *x *= power);
        }
        powers.iter_mut().for_each(|power| *power *= *power);
        left /= 2;
    }
}

/// Multiplies the weights of each kind of noise, which begin at the terms told, by its level, relative to the highest.
fn level_out(terms: &mut [Term], levels: &[(usize, f64)]) {
    let highest = levels.iter().fold(f64::NEG_INFINITY, |a, &(_, level)| a.max(level));
    let ends = levels.iter().skip(1).map(|&(from, _)| from).chain([terms.len()]);
    for (&(from, level), end) in levels.iter().zip(ends) {
        let factor = (level - highest).exp();
        terms[from..end].iter_mut().for_each(|term| term.weight *= factor);
    }
}

impl Solver {
    /// The coefficient that is the growth rate, or `None` where the story needs another sign.
    fn first_coefficient(&self, q: &[f64], story: Story) -> Option<f64> {
        let b = match *q {
            [] => return Some(0.0),
            [q0] => q0 / self.r00,
            [q0, q1, ..] => {
                let second = q1 / self.r11;
                if second <= LEAST_COEFFICIENT {
                    return None;
                }
                (q0 - self.r01 * second) / self.r00
            }
        };
        let upwards = if story == Story::Shrink { -b } else { b };
        if upwards <= LEAST_COEFFICIENT {
            return None;
        }
        // The slope of t² at its end, where "goes on" begins, is twice its coefficient.
        Some(if story == Story::Accelerating { 2.0 * b } else { b })
    }
}

/// Makes the weights add to one, and sums them up.
fn weigh(paths: &[Path], terms: &[Term], scale: f64) -> Posterior {
    let total: f64 = terms.iter().map(|term| term.weight).sum();
    let mut by_path = vec![0.0; paths.len()];
    let mut by_story = [0.0; Story::COUNT];
    let (mut goes_on, mut open, mut weighted_rate) = (0.0, 0.0, 0.0);
    for term in terms.iter() {
        let weight = term.weight / total;
        let path = &paths[term.path];
        by_path[term.path] += weight;
        by_story[path.story as usize] += weight;
        match path.future() {
            Future::GoesOn => {
                goes_on += weight;
                weighted_rate += weight * term.rate;
            }
            Future::Open => open += weight,
            Future::Ends => {}
        }
    }
    let rate = if goes_on > 0.0 { weighted_rate / goes_on } else { 0.0 };
    let spread: f64 = terms
        .iter()
        .filter(|t| paths[t.path].future() == Future::GoesOn)
        .map(|t| t.weight / total * (t.variance + (t.rate - rate) * (t.rate - rate)))
        .sum();
    let variance = if goes_on > 0.0 { spread / goes_on } else { 0.0 };

    let story_weight = |path: &Path| by_story[path.story as usize];
    let mut best = 0;
    for (i, path) in paths.iter().enumerate() {
        let heavier = story_weight(path) > story_weight(&paths[best]);
        if heavier || (path.story == paths[best].story && by_path[i] > by_path[best]) {
            best = i;
        }
    }
    Posterior {
        goes_on,
        open,
        likeliest: paths[best].story,
        corner: paths[best].corner,
        rate: rate * scale,
        deviation: variance.sqrt() * scale,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_designs_fit_their_rooms() {
        for m in FEWEST_BLOCKS..=MOST_BLOCKS {
            for noise in &Design::of(m).noises {
                assert!(noise.width <= MOST_COLUMNS, "m = {m}");
                assert_eq!(noise.rows.len(), noise.width * (m - 1));
            }
        }
    }

    #[test]
    fn columns_are_orthonormal() {
        for m in [FEWEST_BLOCKS, 5, 12, MOST_BLOCKS] {
            for noise in &Design::of(m).noises {
                let column =
                    |j: usize| -> Vec<f64> { noise.rows.chunks(noise.width).map(|r| r[j]).collect() };
                for s in noise.solvers.iter().filter(|s| s.columns == 2) {
                    let (a, b) = (column(s.first_column), column(s.first_column + 1));
                    assert!(dot(&a, &b).abs() < 1e-14 && (dot(&b, &b) - 1.0).abs() < 1e-14);
                }
            }
        }
    }

    #[test]
    fn weights_are_probabilities() {
        let p = posterior(&[0.0, 3.0, 1.0, 4.0, 1.0, 5.0, 9.0], 0.5);
        assert!(p.goes_on > 0.0 && p.open > 0.0 && p.goes_on + p.open < 1.0);
    }
}
