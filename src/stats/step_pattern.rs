//! Growth by few, large steps that follow a pattern: a leak at every k-th snapshot, a table that doubles when it is
//! full.
//!
//! **Question.** The series rises in jumps and is constant between them. Do the jumps follow a pattern, so that the
//! next one can be predicted? Step by step such a leak looks like a load of two or three modules, which ends.
//!
//! **Patterns.** A series that gives nothing back (falls at most 0.02 of its movement) and jumps J ≥ 3 times, in at
//! most half of its steps, is
//!
//! - [`StepPattern::Periodic`] if all jumps are of one size (within 3 %, and within rounding), all waits between them
//!   of one length (within a step, or 15 %), and the trailing plateau is no longer than a wait and a step;
//! - [`StepPattern::Geometric`] if each jump is larger than the one before by one factor (within 3 %), the levels
//!   before the jumps lie on a straight line over their times (within a step of it), and that line has not yet outgrown
//!   the last level. So grows a table that is filled evenly and multiplies its capacity when it is full: lists by 9/8,
//!   dicts and sets by 2. The first jump may be several of them between two samples.
//!
//! **Source.** CPython's `list_resize` and `dictresize`; the tolerances by simulation (docs/statistics.md).
//! **Cost.** O(n).
//!
//! **When it misleads.** Three equal jumps at equal distances could be chance; one or two
//! jumps follow no pattern that could be recognised.

use super::Interval;
use super::order::extent;
use super::steps::{GIVEN_BACK, Movement};

/// Growth between the jumps, as a share of all growth.
const BETWEEN_JUMPS: f64 = 0.05;
/// A jump is more than this share of the range.
const LEAST_JUMP: f64 = 0.01;
/// Fewer jumps follow every pattern.
const FEWEST_JUMPS: usize = 3;
/// Sizes and factors agree within this.
const TOLERANCE: f64 = 0.03;
/// Waits agree within this, or within one step.
const WAIT_TOLERANCE: f64 = 0.15;
/// The least factor of a geometric pattern.
const LEAST_FACTOR: f64 = 1.05;

/// The pattern that the jumps of a series follow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StepPattern {
    /// Equal jumps after equal waits.
    Periodic {
        /// Steps from one jump to the next, on average.
        every: f64,
        /// The size of a jump.
        size: f64,
        /// Number of jumps.
        jumps: usize,
    },
    /// Each jump larger by one factor, as the capacity of a table that fills evenly.
    Geometric {
        /// From the size of one jump to that of the next.
        factor: f64,
        /// Growth of the contents of the table in a step.
        filling: f64,
        /// Number of jumps.
        jumps: usize,
    },
}

impl StepPattern {
    /// Number of jumps that follow the pattern.
    #[must_use]
    pub const fn jumps(&self) -> usize {
        match *self {
            Self::Periodic { jumps, .. } | Self::Geometric { jumps, .. } => jumps,
        }
    }

    /// The rate per step that the pattern predicts, with its bounds. Periodic: one jump in each wait, one more or less
    /// in the time to come. Geometric: the capacity grows like the contents, but ahead of them by up to the factor.
    #[must_use]
    pub fn rate(&self, steps: usize) -> Interval {
        let (value, low, high) = match *self {
            Self::Periodic { every, size, .. } => {
                let (rate, one) = (size / every, size / steps.max(1) as f64);
                (rate, rate - one, rate + one)
            }
            Self::Geometric { factor, filling, .. } => (filling, filling / factor, filling * factor),
        };
        Interval { value, low, high, level: 0.95 }
    }
}

/// Returns the pattern of the jumps of `y`, whose values are rounded to ± `half_width`; `None` if there is none.
#[must_use]
pub fn step_pattern(y: &[f64], half_width: f64) -> Option<StepPattern> {
    let jumps = Jumps::of(y, half_width)?;
    let tolerance = TOLERANCE.max(2.5 * half_width / jumps.smallest());
    jumps
        .periodic(tolerance)
        .or_else(|| jumps.geometric(tolerance))
        .or_else(|| jumps.without_first()?.geometric(tolerance))
}

/// Returns, at each place, the level that the series never falls below again.
#[must_use]
pub fn lasting(y: &[f64]) -> Vec<f64> {
    let mut levels = y.to_vec();
    for i in (1..levels.len()).rev() {
        levels[i - 1] = levels[i - 1].min(levels[i]);
    }
    levels
}

struct Jumps {
    sizes: Vec<f64>,
    /// The index after each jump.
    times: Vec<f64>,
    /// The level before each jump.
    before: Vec<f64>,
    /// The last index and the last level.
    end: (f64, f64),
}

impl Jumps {
    fn of(y: &[f64], half_width: f64) -> Option<Self> {
        let movement = Movement::of(y);
        if movement.up <= 0.0 || movement.gives_back(GIVEN_BACK) {
            return None;
        }
        let (low, high) = extent(y);
        let least = (1.5 * half_width).max(LEAST_JUMP * (high - low));
        let mut found =
            Self { sizes: vec![], times: vec![], before: vec![], end: (y.len() as f64 - 1.0, *y.last()?) };
        let mut small = 0.0;
        for (i, pair) in y.windows(2).enumerate() {
            let d = pair[1] - pair[0];
            if d > least {
                found.sizes.push(d);
                found.times.push(i as f64 + 1.0);
                found.before.push(pair[0]);
            } else {
                small += d;
            }
        }
        let in_jumps = small <= BETWEEN_JUMPS * (movement.up - movement.down);
        let few = (FEWEST_JUMPS..=(y.len() / 2).max(FEWEST_JUMPS)).contains(&found.sizes.len());
        (in_jumps && few).then_some(found)
    }

    /// The jumps but the first, where enough are left.
    fn without_first(&self) -> Option<Self> {
        let rest = |of: &[f64]| of.get(1..).filter(|of| of.len() >= FEWEST_JUMPS).map(<[f64]>::to_vec);
        Some(Self {
            sizes: rest(&self.sizes)?,
            times: rest(&self.times)?,
            before: rest(&self.before)?,
            end: self.end,
        })
    }

    fn smallest(&self) -> f64 {
        self.sizes.iter().fold(f64::INFINITY, |a, &s| a.min(s))
    }

    fn periodic(&self, tolerance: f64) -> Option<StepPattern> {
        let largest = self.sizes.iter().fold(0.0_f64, |a, &s| a.max(s));
        let waits = || self.times.windows(2).map(|w| w[1] - w[0]);
        let (shortest, longest) = waits().fold((f64::INFINITY, 0.0_f64), |(a, b), w| (a.min(w), b.max(w)));
        let last = *self.times.last()?;
        let every = (last - self.times[0]) / (self.times.len() - 1) as f64;
        let regular = largest <= self.smallest() * (1.0 + 2.0 * tolerance)
            && longest - shortest <= (WAIT_TOLERANCE * every).max(1.0)
            && self.end.0 - last <= longest + 1.0;
        let size = self.sizes.iter().sum::<f64>() / self.sizes.len() as f64;
        regular.then_some(StepPattern::Periodic { every, size, jumps: self.sizes.len() })
    }

    fn geometric(&self, tolerance: f64) -> Option<StepPattern> {
        let factors = || self.sizes.windows(2).map(|w| w[1] / w[0]);
        let (least, most) = factors().fold((f64::INFINITY, 0.0_f64), |(a, b), f| (a.min(f), b.max(f)));
        if least < LEAST_FACTOR || most / least > 1.0 + 2.0 * tolerance + 0.02 {
            return None;
        }
        let line = Line::through(&self.times, &self.before);
        let (first, last) = (self.before[0], *self.before.last()?);
        let slack = line.slope + TOLERANCE * (last - first);
        let on_the_line =
            self.times.iter().zip(&self.before).all(|(&t, &level)| (level - line.at(t)).abs() <= slack);
        let not_yet_outgrown = line.at(self.end.0) <= self.end.1 + slack;
        let count = (self.sizes.len() - 1) as f64;
        let factor = (self.sizes[self.sizes.len() - 1] / self.sizes[0]).powf(1.0 / count);
        (line.slope > 0.0 && on_the_line && not_yet_outgrown).then_some(StepPattern::Geometric {
            factor,
            filling: line.slope,
            jumps: self.sizes.len(),
        })
    }
}

/// A least-squares line.
struct Line {
    slope: f64,
    intercept: f64,
}

impl Line {
    fn through(x: &[f64], y: &[f64]) -> Self {
        let n = x.len() as f64;
        let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
        let (sxy, sxx) = x
            .iter()
            .zip(y)
            .fold((0.0, 0.0), |(xy, xx), (x, y)| (xy + (x - mx) * (y - my), xx + (x - mx) * (x - mx)));
        let slope = sxy / sxx;
        Self { slope, intercept: my - slope * mx }
    }

    fn at(&self, x: f64) -> f64 {
        self.intercept + self.slope * x
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    /// Capacity of a table that begins with `first` and multiplies by `factor` when its items outgrow it.
    fn capacity(n: i32, first: f64, factor: f64) -> Vec<f64> {
        let mut capacity = first;
        (0..n)
            .map(|i| {
                let items = 1.0 + f64::from(i);
                while items > capacity {
                    capacity *= factor;
                }
                1024.0 * capacity
            })
            .collect()
    }

    #[test]
    fn every_kth_step_is_periodic() {
        for (n, k) in [(20, 5), (40, 10), (40, 3), (500, 37)] {
            let y: Vec<f64> = (0..n).map(|i| 7000.0 + 128.0 * f64::from(i / k)).collect();
            let Some(StepPattern::Periodic { every, size, .. }) = step_pattern(&y, 0.0) else {
                panic!("n = {n}, k = {k}")
            };
            assert_eq!((every, size), (f64::from(k), 128.0));
        }
    }

    #[test]
    fn a_table_that_is_filled_is_geometric() {
        for (n, first, factor) in [(40, 4.0, 2.0), (100, 6.0, 1.5), (500, 8.0, 2.0)] {
            let Some(StepPattern::Geometric { factor: found, filling, .. }) =
                step_pattern(&capacity(n, first, factor), 0.0)
            else {
                panic!("n = {n}, factor {factor}")
            };
            assert!(
                (found - factor).abs() < 0.01 && (filling / 1024.0 - 1.0).abs() < 0.1,
                "{found}, {filling}"
            );
        }
    }

    #[test]
    fn the_first_jump_may_be_several() {
        let table = capacity(80, 4.0, 2.0);
        let doubles = table.iter().map(|v| v.max(16.0 * 1024.0)).collect::<Vec<_>>();
        let late = [vec![2048.0], doubles[6..].to_vec()].concat();
        assert!(matches!(step_pattern(&late, 0.0), Some(StepPattern::Geometric { jumps: 3, .. })));
        assert_eq!(step_pattern(&late[..40], 0.0), None, "two jumps follow no pattern");
    }

    #[test]
    fn lasting_levels_leave_out_what_comes_and_goes() {
        assert_eq!(lasting(&[3.0, 5.0, 4.0, 4.0, 6.0, 5.0]), [3.0, 4.0, 4.0, 4.0, 5.0, 5.0]);
        let y: Vec<f64> = (0..40).map(|i| f64::from(i / 5 + i32::from(i % 10 == 2))).collect();
        assert_eq!(step_pattern(&y, 0.0), None);
        assert_eq!(
            step_pattern(&lasting(&y), 0.0),
            Some(StepPattern::Periodic { every: 5.0, size: 1.0, jumps: 7 })
        );
        assert_eq!(lasting(&[]), Vec::<f64>::new());
    }

    #[test]
    fn steps_without_a_pattern_have_none() {
        let cases: [(&str, Vec<f64>); 6] = [
            ("loads of modules", steps(&[(4, 700.0), (11, 90.0), (13, 420.0)])),
            ("equal jumps at odd times", steps(&[(3, 50.0), (5, 50.0), (20, 50.0)])),
            ("equal jumps that stopped", steps(&[(4, 50.0), (8, 50.0), (12, 50.0)])),
            ("doubling that stopped", steps(&[(2, 10.0), (4, 20.0), (8, 40.0)])),
            ("two jumps", steps(&[(10, 50.0), (20, 50.0)])),
            ("something given back", steps(&[(10, 50.0), (20, 50.0), (25, -20.0), (30, 50.0)])),
        ];
        for (name, y) in cases {
            assert_eq!(step_pattern(&y, 0.0), None, "{name}");
        }
        assert_eq!(step_pattern(&[], 0.0), None);
        assert_eq!(step_pattern(&[3.0; 20], 0.0), None);
    }

    fn steps(at: &[(usize, f64)]) -> Vec<f64> {
        (0..40).map(|i| at.iter().filter(|(t, _)| *t <= i).map(|(_, s)| s).sum()).collect()
    }
}
