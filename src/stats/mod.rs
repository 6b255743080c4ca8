//! Statistics: pure numbers in, pure numbers out. Nothing here knows of memory.
//!
//! One method per file; each states its question, formula, source and cost, and the cases in which it misleads.

pub mod age_line;
pub mod autocorrelation;
pub mod cycle;
pub mod discovery;
pub mod growth_models;
pub mod hac;
mod inversions;
pub mod late_start;
mod least_squares;
pub mod lockstep;
pub mod mann_kendall;
pub mod ols;
pub(crate) mod order;
pub mod pauses;
pub mod sawtooth;
pub mod scatter;
pub mod shape;
pub mod spacing;
pub mod start_up;
pub mod step_pattern;
pub mod steps;
mod students_t;
pub mod theil_sen;
pub mod trailing_plateau;

use serde::{Deserialize, Serialize};

/// Points with finite coordinates and strictly increasing `x`: the input of every method.
#[derive(Debug, Clone, Copy)]
pub struct Points<'a> {
    x: &'a [f64],
    y: &'a [f64],
}

/// The reason why coordinates are not [`Points`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadPoints {
    /// `x` and `y` differ in length.
    Lengths,
    /// A coordinate is not finite.
    NotFinite,
    /// `x` does not increase strictly.
    NotIncreasing,
}

impl<'a> Points<'a> {
    /// Checks the coordinates.
    ///
    /// # Errors
    /// [`BadPoints`], the problem with them.
    pub fn new(x: &'a [f64], y: &'a [f64]) -> Result<Self, BadPoints> {
        if x.len() != y.len() {
            return Err(BadPoints::Lengths);
        }
        if x.iter().chain(y).any(|v| !v.is_finite()) {
            return Err(BadPoints::NotFinite);
        }
        if x.windows(2).any(|w| w[1] <= w[0]) {
            return Err(BadPoints::NotIncreasing);
        }
        Ok(Self { x, y })
    }

    /// The positions, strictly increasing.
    #[must_use]
    pub const fn x(&self) -> &'a [f64] {
        self.x
    }

    /// The values.
    #[must_use]
    pub const fn y(&self) -> &'a [f64] {
        self.y
    }

    /// Number of points.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.x.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.x.is_empty()
    }
}

/// An estimate with an interval at a stated level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Interval {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Share of cases in which the interval should hold the truth, such as 0.95.
    pub level: f64,
}
