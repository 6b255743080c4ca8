//! From the shape of a series to the probability that it goes on growing.

use crate::stats::shape::Shape;

/// Coefficients of the seven terms, fitted with fixed signs on 24 recorded programs and 26 simulated
/// families.
mod coefficients {
    pub const CONSTANT: f64 = -1.28;
    pub const LN_N: f64 = -0.66;
    pub const FIT: f64 = 1.00;
    pub const OVERDUE: f64 = -1.03;
    pub const SLOWING: f64 = 0.37;
    pub const BEND: f64 = -0.73;
    pub const PARTS: f64 = 1.07;
    pub const STEADY: f64 = 0.94;
}

/// The log-odds of going on that a shape makes: a weighted sum of its seven terms.
#[must_use]
pub fn shape_log_odds(shape: &Shape) -> f64 {
    use coefficients as c;
    c::CONSTANT
        + c::LN_N * shape.ln_n
        + c::FIT * shape.fit
        + c::OVERDUE * shape.overdue
        + c::SLOWING * shape.slowing
        + c::BEND * shape.bend
        + c::PARTS * shape.parts
        + c::STEADY * shape.steady
}

/// The probability of going on that a shape makes by itself.
#[must_use]
pub fn shape_probability(shape: &Shape) -> f64 {
    logistic(shape_log_odds(shape))
}

/// The probability of log-odds.
#[must_use]
pub fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}
