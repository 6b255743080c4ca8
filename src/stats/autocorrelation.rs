//! Intervals of a slope under noise that lingers.

use super::ols::ols;
use super::students_t::two_sided_95;
use super::{Interval, Points};

/// With fewer residuals the correlation cannot be distinguished from zero.
const LEAST_POINTS: usize = 8;
/// With fewer points a start-up bends the line unseen.
const LEAST_FOR_A_LINE: usize = 12;
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
    let r = correlation(points, slope, intercept).clamp(0.0, MOST);
    ((1.0 + r) / (1.0 - r)).sqrt()
}

/// Noise of a correlation that is not a standard error below this one may as well add up, and no line has an interval.
const SCATTERS: f64 = 0.5;

/// Noise that scatters about one line or several.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scatter {
    /// The factor by which the standard error of a slope grows.
    pub(super) widening: f64,
    /// Half of the width of a slope's 95 % interval, in standard errors that are not widened.
    pub(super) half_width: f64,
}

impl Scatter {
    /// Returns the scatter of `n` values about lines of one slope, whose residuals have this lag-1 correlation; `None`
    /// where they may as well add up.
    ///
    /// Each line takes some of the correlation away: it is freed of that bias, `r + lines·(1 + 4r)/n`.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub(super) fn of(correlation: f64, n: f64, lines: f64) -> Option<Self> {
        let r = (correlation + lines * (1.0 + 4.0 * correlation) / n).max(0.0);
        if r > SCATTERS - 1.0 / n.sqrt() {
            return None;
        }
        let widening = ((1.0 + r) / (1.0 - r)).sqrt();
        let degrees = (n * (1.0 - r) / (1.0 + r) - lines - 1.0).max(2.0);
        Some(Self { widening, half_width: two_sided_95(degrees as usize) * widening })
    }
}

/// The 95 % interval of a least-squares slope where the noise is a scatter about the line; `None` below twelve points,
/// and where the lag-1 correlation of the residuals is not at least a standard error, 1/√n, below a half.
///
/// *Formula:* `slope ± t(0.975, m − 2) · stderr · √((1 + r)/(1 − r))`, `r` being the lag-1 correlation of the residuals
/// freed of its bias, `r + (1 + 4r)/n`, and `m = n·(1 − r)/(1 + r)` the number of independent values that `n` are
/// worth. *Source:* Bartlett (1935), Santer et al. (2000); the bias by Kendall (1954). *Cost:* O(n). *Misleads* for a
/// curve that residuals do not show.
///
/// ```
/// use leakdiff::stats::{Points, autocorrelation::line_interval};
/// let x: Vec<f64> = (0..20).map(f64::from).collect();
/// let line: Vec<f64> = (0..20).map(|k| f64::from(3 * k + k % 2)).collect();
/// let rate = line_interval(Points::new(&x, &line).unwrap()).unwrap();
/// assert!(rate.low < 3.0 && 3.0 < rate.high && rate.high - rate.low < 0.2);
/// ```
#[must_use]
pub fn line_interval(points: Points<'_>) -> Option<Interval> {
    let n = points.len() as f64;
    let line = ols(points).filter(|_| points.len() >= LEAST_FOR_A_LINE)?;
    let scatter = Scatter::of(correlation(points, line.slope, line.intercept), n, 1.0)?;
    let half = line.stderr * scatter.half_width;
    Some(Interval { value: line.slope, low: line.slope - half, high: line.slope + half, level: 0.95 })
}

/// The lag-1 correlation of the residuals about a line; 0 where they are too few, or all zero.
fn correlation(points: Points<'_>, slope: f64, intercept: f64) -> f64 {
    if points.len() < LEAST_POINTS {
        return 0.0;
    }
    let x0 = points.x()[0];
    let residuals: Vec<f64> =
        points.x().iter().zip(points.y()).map(|(x, y)| y - intercept - slope * (x - x0)).collect();
    let total: f64 = residuals.iter().map(|r| r * r).sum();
    let lagged: f64 = residuals.windows(2).map(|w| w[0] * w[1]).sum();
    if total > 0.0 { lagged / total } else { 0.0 }
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

    #[test]
    fn a_line_has_an_interval_where_noise_scatters_and_none_where_it_adds_up() {
        let x: Vec<f64> = (0..40).map(f64::from).collect();
        let scatter = |x: &f64| (x * 12.989_8).sin() + 0.7 * (x * 78.233).cos();
        let line: Vec<f64> = x.iter().map(|x| x + scatter(x)).collect();
        let found = line_interval(Points::new(&x, &line).unwrap()).unwrap();
        assert!(found.low < 1.0 && 1.0 < found.high && found.high - found.low < 0.2, "{found:?}");
        let mut sum = 0.0;
        let wanders: Vec<f64> = x
            .iter()
            .map(|x| {
                sum += 1.0 + scatter(x);
                sum
            })
            .collect();
        let curve: Vec<f64> = x.iter().map(|x| x.sqrt()).collect();
        for (name, y) in [("wanders", wanders), ("curve", curve)] {
            assert_eq!(line_interval(Points::new(&x, &y).unwrap()), None, "{name}");
        }
        assert_eq!(line_interval(Points::new(&x[..8], &line[..8]).unwrap()), None, "too short");
    }
}
