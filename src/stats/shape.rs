//! The shape of a series in seven numbers: how straight it is, whether it slows down, and whether growth is
//! overdue.
//!
//! **Question.** A series grew. Is its growth of the kind that continues? No single measurement says so,
//! and a test for a trend does not even ask: warm-ups and filling caches have trends too. Seven
//! measurements, each O(n) and each with a plain meaning, are taken here; the verdict weighs them.
//!
//! **Formulas.** For n values, m = n − 1 steps and the range R = max − min:
//!
//! | term | formula |
//! | --- | --- |
//! | `ln_n` | ln min(n, 100) |
//! | `fit` | sign(slope) · r² · `ln_n` of the least-squares line |
//! | `overdue` | max(0, ln((plateau + 1) / (mean wait + 1))): steps since the last new maximum against the mean wait between two |
//! | `slowing` | min(0, s(g₃, g₂), s(g₃, g₁)), s(a, b) = (a − b) / (\|a\| + \|b\| + 0.05 R) |
//! | `bend` | max(0, −c₂ · sign(slope) / R), at most 8; c₂ is the coefficient of x² in 1, x, x² on x = 0 … 1 |
//! | `parts` | the share of min(6, m) nearly equal runs of steps in which a new maximum is set |
//! | `steady` | 3 · min(g₂, g₃) / R, clipped to 0 … 1 |
//!
//! g₁, g₂, g₃ are the growth over the thirds of the recording, between edge levels that are medians of
//! max(1, n / 10) values. Logarithms stop at n = 100, since the weights were fitted to no longer series.
//!
//! **Assumptions.** One segment of one process or site, without restarts; values in time order. Shift and scale
//! do not matter.
//!
//! **Source.** Own measurements: of some forty candidate terms these seven predicted best, on real recordings
//! and simulated series, whether growth continued after the recording.
//!
//! **When it misleads.** Steps that double look like steps that ended; a leak under a daily cycle looks
//! like a cycle; a cache that is still filling is a perfect line.
//!
//! ```
//! let leak: Vec<f64> = (0..40).map(|i| 8192.0 * f64::from(i)).collect();
//! let shape = leakdiff::stats::shape::shape(&leak).ok_or("constant or too short")?;
//! assert!(shape.fit > 3.6 && shape.bend < 1e-9 && shape.parts == 1.0);
//! # Ok::<(), &str>(())
//! ```

use serde::{Deserialize, Serialize};

use super::order::{extent, median};

/// Measurements of a series' shape; none depends on the unit or the level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Shape {
    /// Natural logarithm of the number of values, at most ln 100.
    pub ln_n: f64,
    /// Straightness of the least-squares line, with the sign of its slope, times `ln_n`: −`ln_n` … `ln_n`.
    pub fit: f64,
    /// Time since the last new maximum, against the usual wait; logarithmic, 0 when nothing is overdue.
    pub overdue: f64,
    /// Slowing of the last third against the first two: −1 … 0.
    pub slowing: f64,
    /// Flattening of the curve: 0 … 8, 0 for a line or a curve that steepens.
    pub bend: f64,
    /// Share of the recording's parts that set a new maximum: 0 … 1.
    pub parts: f64,
    /// Whether both later thirds grew as an even line would: 0 … 1.
    pub steady: f64,
}

impl Shape {
    /// The straightness of the least-squares line, with the sign of its slope: −1 … 1.
    #[must_use]
    pub fn straightness(&self) -> f64 {
        self.fit / self.ln_n
    }
}

/// Lengths above this count as this.
const LONGEST: usize = 100;
/// `bend` says nothing more beyond this.
const SHARPEST_BEND: f64 = 8.0;
/// Number of parts that the steps are cut into.
const PARTS: usize = 6;
/// A slope below this share of the range over the whole recording has no sign: it is zero but for rounding.
const FLAT: f64 = 1e-12;

/// Measures the shape of `y`, or `None` where there is none: fewer than 3 values, a constant, or a value not
/// finite.
///
/// Cost: O(n) time, one copy of `y`.
#[must_use]
pub fn shape(y: &[f64]) -> Option<Shape> {
    let n = y.len();
    if n < 3 || y.iter().any(|v| !v.is_finite()) {
        return None;
    }
    // Shift and scale change none of the terms, but they keep sums and squares precise and finite.
    let factor = safe_factor(y);
    let first = y[0] * factor;
    let y: Vec<f64> = y.iter().map(|v| v * factor - first).collect();
    let (low, high) = extent(&y);
    let range = high - low;
    if range == 0.0 {
        return None;
    }
    let ln_n = (n.min(LONGEST) as f64).ln();
    let line = Line::fit(&y, range);
    let [first_third, second_third, last_third] = thirds(&y);
    let relative = |a: f64, b: f64| (a - b) / (a.abs() + b.abs() + 0.05 * range);
    let records = Records::of(&y);
    Some(Shape {
        ln_n,
        fit: line.sign * line.r_squared * ln_n,
        overdue: records.overdue,
        slowing: relative(last_third, second_third).min(relative(last_third, first_third)).min(0.0),
        bend: line.bend,
        parts: records.parts,
        steady: (3.0 * second_third.min(last_third) / range).clamp(0.0, 1.0),
    })
}

/// A power of two that brings numbers near the ends of `f64` to where squares neither overflow nor vanish;
/// else 1.
///
/// Being a power of two, it changes no digit.
pub(super) fn safe_factor(y: &[f64]) -> f64 {
    let (low, high) = extent(y);
    let largest = high.max(-low);
    if largest > 1e100 {
        2.0_f64.powi(-600)
    } else if largest < 1e-100 && largest > 0.0 {
        2.0_f64.powi(600)
    } else {
        1.0
    }
}

/// Least-squares line and parabola over x = 0 … 1.
struct Line {
    /// Sign of the slope; 0 where it is nothing but rounding.
    sign: f64,
    r_squared: f64,
    bend: f64,
}

impl Line {
    fn fit(y: &[f64], range: f64) -> Self {
        let (count, steps) = (y.len() as f64, (y.len() - 1) as f64);
        let mean = sum(y) / count;
        // The positions i/m − ½ are even, so their moments are known: of x² the mean, which also makes it orthogonal to
        // 1, and of that the squared sum.
        let mean_square = (steps + 2.0) / (12.0 * steps);
        let squares = count * mean_square * (4.0 * mean_square / 5.0 - 1.0 / (5.0 * steps * steps));
        let (mut with_line, mut with_square, mut total) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        let mut take = |lane: usize, i: f64, v: f64| {
            let (at, off) = (i / steps - 0.5, v - mean);
            with_line[lane] += at * off;
            with_square[lane] += (at * at - mean_square) * off;
            total[lane] += off * off;
        };
        let (chunks, left) = y.as_chunks::<LANES>();
        let mut first: [f64; LANES] = std::array::from_fn(|lane| lane as f64);
        for chunk in chunks {
            for lane in 0..LANES {
                take(lane, first[lane], chunk[lane]);
                first[lane] += LANES as f64;
            }
        }
        for (v, i) in left.iter().zip((y.len() - left.len())..) {
            take(0, i as f64, *v);
        }
        let [with_line, with_square, total] =
            [with_line, with_square, total].map(|lanes| lanes.iter().sum::<f64>());
        let slope = with_line / (mean_square * count);
        let sign = if slope.abs() < FLAT * range { 0.0 } else { slope.signum() };
        let direction = if sign < 0.0 { -1.0 } else { 1.0 };
        // Adding 0 turns -0 into 0.
        let bend = (-direction * with_square / squares / range).clamp(0.0, SHARPEST_BEND) + 0.0;
        Self { sign, r_squared: (slope * with_line / total).min(1.0), bend }
    }
}

/// Number of sums that run side by side.
const LANES: usize = 4;

fn sum(y: &[f64]) -> f64 {
    let (chunks, left) = y.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for chunk in chunks {
        sums.iter_mut().zip(chunk).for_each(|(sum, v)| *sum += v);
    }
    sums.iter().chain(left).sum()
}

/// Growth over each third of the recording, between medians at its edges.
fn thirds(y: &[f64]) -> [f64; 3] {
    let steps = (y.len() - 1) as f64;
    let width = (y.len() / 10).max(1);
    let mut window = Vec::with_capacity(width);
    let mut level = |place: f64| {
        // Half to even, as the code that the weights were fitted with rounds.
        let centre = place.round_ties_even() as usize;
        let start = centre.saturating_sub(width / 2).min(y.len() - width);
        window.clear();
        window.extend_from_slice(&y[start..start + width]);
        median(&mut window)
    };
    let levels = [level(0.0), level(steps / 3.0), level(2.0 * steps / 3.0), level(steps)];
    [levels[1] - levels[0], levels[2] - levels[1], levels[3] - levels[2]]
}

/// The times of new maxima.
struct Records {
    overdue: f64,
    parts: f64,
}

impl Records {
    fn of(y: &[f64]) -> Self {
        let steps = y.len() - 1;
        let parts = PARTS.min(steps);
        let mut touched = [false; PARTS];
        let (mut highest, mut count, mut last) = (y[0], 0_usize, 0);
        for (i, &v) in y.iter().enumerate().skip(1) {
            if v > highest {
                highest = v;
                count += 1;
                last = i;
                touched[part_of(i - 1, steps, parts)] = true;
            }
        }
        let plateau = (steps - last) as f64;
        let mean_wait = if count == 0 { 0.0 } else { last as f64 / count as f64 };
        Self {
            overdue: ((plateau + 1.0) / (mean_wait + 1.0)).ln().max(0.0),
            parts: touched.iter().filter(|t| **t).count() as f64 / parts as f64,
        }
    }
}

/// The index of the run that a step belongs to, among `parts` nearly equal runs of `steps`; the first runs are the
/// longer ones.
const fn part_of(step: usize, steps: usize, parts: usize) -> usize {
    let (short, longer) = (steps / parts, steps % parts);
    let in_longer = longer * (short + 1);
    if step < in_longer { step / (short + 1) } else { longer + (step - in_longer) / short }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_measured_where_there_is_no_shape() {
        let cases: [&[f64]; 5] =
            [&[], &[1.0, 2.0], &[5.0; 9], &[1.0, f64::NAN, 2.0], &[1.0, f64::INFINITY, 2.0]];
        for y in cases {
            assert_eq!(shape(y), None, "{y:?}");
        }
    }

    #[test]
    fn a_straight_line_is_straight_whatever_its_length() {
        for n in [5, 8, 40, 100, 1000] {
            let y: Vec<f64> = (0..n).map(|i| 17.0 + 3.0 * f64::from(i)).collect();
            let s = shape(&y).unwrap();
            assert_eq!((s.overdue, s.parts), (0.0, 1.0), "n = {n}");
            assert!((s.fit - s.ln_n).abs() < 1e-12 && s.bend < 1e-9, "n = {n}: {s:?}");
            // Not quite 1 and 0: the edges are medians, and thirds of m steps are whole only now and then.
            assert!(s.steady > 0.7 && s.slowing > -0.4, "n = {n}: {s:?}");
        }
        assert_eq!(shape(&(0..500).map(f64::from).collect::<Vec<_>>()).unwrap().ln_n, 100.0_f64.ln());
    }

    #[test]
    fn each_term_answers_its_own_question() {
        let shape_of =
            |f: &dyn Fn(f64) -> f64| shape(&(0..40).map(|i| f(f64::from(i))).collect::<Vec<_>>()).unwrap();
        let cache = shape_of(&|t| 1.0 - (-t / 6.0).exp());
        assert!(cache.bend > 1.5 && cache.slowing < -0.8 && cache.steady < 0.1, "{cache:?}");
        let step = shape_of(&|t| if t < 10.0 { 0.0 } else { 1.0 });
        assert!(step.overdue > 0.9 && step.parts < 0.2, "{step:?}");
        let falling = shape_of(&|t| -t);
        assert!(falling.fit < -3.6 && falling.parts == 0.0 && falling.steady == 0.0, "{falling:?}");
        // A curve that steepens does not bend, in either direction.
        assert_eq!(shape_of(&|t| t * t).bend, 0.0);
        assert_eq!(shape_of(&|t| -t * t).bend, 0.0);
    }

    #[test]
    fn parts_are_cut_as_evenly_as_they_can_be() {
        let sizes = |steps, parts| {
            (0..parts)
                .map(|p| (0..steps).filter(|s| part_of(*s, steps, parts) == p).count())
                .collect::<Vec<_>>()
        };
        assert_eq!(sizes(7, 6), [2, 1, 1, 1, 1, 1]);
        assert_eq!(sizes(39, 6), [7, 7, 7, 6, 6, 6]);
        assert_eq!(sizes(2, 2), [1, 1]);
    }
}
