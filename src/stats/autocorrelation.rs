//! The widening of a slope's interval for noise that lingers.

use super::Points;

/// With fewer residuals the correlation cannot be distinguished from zero.
const LEAST_POINTS: usize = 8;
/// A correlation nearer to one than this would widen without end.
const MOST: f64 = 0.98;

/// The factor by which the standard error of a least-squares slope grows when residuals follow an AR(1)
/// process: `√((1 + r) / (1 − r))`, with `r` the lag-1 correlation of the residuals about `intercept + slope
/// · (x − x₀)`.
///
/// *Question:* how wide is the interval really? *Source:* Bartlett (1935), Santer et al. (2000, "adjusted
/// degrees of freedom"). A negative correlation is taken as zero, so the factor is at least 1. *Cost:* O(n).
/// *Misleads* for noise with a longer memory than one step (cycles), where it still widens too little.
///
/// ```
/// use leakdiff::stats::{Points, autocorrelation::widening};
/// let x: Vec<f64> = (0..20).map(f64::from).collect();
/// let zigzag: Vec<f64> = (0..20).map(|k| f64::from(k % 2)).collect();
/// assert_eq!(widening(Points::new(&x, &zigzag).unwrap(), 0.0, 0.5), 1.0);
/// ```
#[must_use]
pub fn widening(points: Points<'_>, slope: f64, intercept: f64) -> f64 {
    if points.len() < LEAST_POINTS {
        return 1.0;
    }
    let x0 = points.x()[0];
    let residuals: Vec<f64> =
        points.x().iter().zip(points.y()).map(|(x, y)| y - intercept - slope * (x - x0)).collect();
    let total: f64 = residuals.iter().map(|r| r * r).sum();
    let lagged: f64 = residuals.windows(2).map(|w| w[0] * w[1]).sum();
    if total <= 0.0 {
        return 1.0;
    }
    let r = (lagged / total).clamp(0.0, MOST);
    ((1.0 + r) / (1.0 - r)).sqrt()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_wave_widens_and_a_line_does_not() {
        let x: Vec<f64> = (0..40).map(f64::from).collect();
        let wave: Vec<f64> = x.iter().map(|x| (x / 6.0).sin()).collect();
        assert!(widening(Points::new(&x, &wave).unwrap(), 0.0, 0.0) > 3.0);
        assert_eq!(widening(Points::new(&x, &x).unwrap(), 1.0, 0.0), 1.0);
        assert_eq!(widening(Points::new(&x[..5], &wave[..5]).unwrap(), 0.0, 0.0), 1.0);
    }
}
