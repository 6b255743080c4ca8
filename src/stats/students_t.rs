//! Quantiles of Student's t, remembered: each costs microseconds, and thousands of series ask for the same.

use std::sync::OnceLock;

use statrs::distribution::{ContinuousCDF, StudentsT};

/// Quantiles up to this many degrees of freedom are remembered.
const REMEMBERED: usize = 1024;

static QUANTILES: [OnceLock<f64>; REMEMBERED] = [const { OnceLock::new() }; REMEMBERED];

/// The 0.975 quantile of Student's t: half of the width of a 95 % interval, in standard errors. ∞ without a degree of
/// freedom.
pub(super) fn two_sided_95(degrees: usize) -> f64 {
    let quantile =
        || StudentsT::new(0.0, 1.0, degrees as f64).map_or(f64::INFINITY, |t| t.inverse_cdf(0.975));
    QUANTILES.get(degrees).map_or_else(quantile, |known| *known.get_or_init(quantile))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (degrees, quantile) in
            [(1, 12.706), (4, 2.776), (10, 2.228), (30, 2.042), (1000, 1.962), (5000, 1.960)]
        {
            for _ in 0..2 {
                assert!((two_sided_95(degrees) - quantile).abs() < 1e-3, "{degrees}");
            }
        }
        assert_eq!(two_sided_95(0), f64::INFINITY);
    }
}
