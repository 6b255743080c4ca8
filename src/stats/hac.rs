//! The mean of the differences, with an error that allows for noise that lingers; and the interval of a
//! site's rate.

use super::autocorrelation::line_interval;
use super::least_squares::dot;
use super::students_t::two_sided_95;
use super::{Interval, Points};

/// The mean change from one point to the next, per unit of x.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanChange {
    /// Mean of the differences over the mean spacing.
    pub mean: f64,
    /// Its long-run standard error.
    pub stderr: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end of its 95 % interval.
    pub high: f64,
    /// Lags that the error takes in.
    pub lags: usize,
}

/// The mean of the `m` differences of at least three points, with a Newey–West error.
///
/// *Question:* does it drift, be the noise a scatter about a line or a random walk? *Formula:* `d̄ = (yₙ − y₁)/m`, `v =
/// γ₀ + 2 Σ (1 − l/(L+1)) γₗ`, `L = max(1, round(m^⅓))`, `se = √(v/m)`, interval by Student's t with `m − 1` degrees;
/// all divided by the mean spacing of x (differences over uneven steps are first freed of the effect of the mean
/// slope). *Assumes* differences of one mean. *Source:* Newey and West 1987 (Bartlett kernel); reference values by
/// numpy. *Cost:* O(n · L). *Misleads* on exact lines (error 0) and on caches, whose mean difference is positive though
/// they have stopped.
///
/// ```
/// use leakdiff::stats::{Points, hac::mean_change};
/// let drift = mean_change(Points::new(&[0.0, 1.0, 2.0, 3.0], &[0.0, 2.0, 4.0, 6.0]).unwrap()).unwrap();
/// assert_eq!((drift.mean, drift.stderr), (2.0, 0.0));
/// ```
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn mean_change(points: Points<'_>) -> Option<MeanChange> {
    let differences = differences(points)?;
    let (mean, half, stderr, lags) = drift(&differences)?;
    let spacing = spacing(points);
    Some(MeanChange {
        mean: mean / spacing,
        stderr: stderr / spacing,
        low: (mean - half) / spacing,
        high: (mean + half) / spacing,
        lags,
    })
}

/// Margin added to both ends: exact lines drift by one or two per cent in the future, which no formula knows.
const MARGIN: f64 = 0.045;
/// Widening of the formula's interval, from the coverage of real futures.
const WIDENING: f64 = 1.5;
/// The factor by which a decline within the recording lowers the lower end …
const DECLINE: f64 = 8.0;
/// … where it is more than this share …
const LEAST_DECLINE: f64 = 0.02;
/// … and, on more than a few points, this many standard errors.
const CLEAR_DECLINE: f64 = 2.0;
/// With fewer points the error is taken over all of them, and that of growth models is not.
const LAST_TWO_THIRDS_FROM: usize = 12;

/// The rate of a site for the time to come, with a 95 % interval that covers real futures. `by_models` is the rate of
/// the growth models, where they say that growth continues.
///
/// *Question:* how fast will it go on growing? The later two thirds count, since a start-up goes faster: `c` is the
/// mean step without the first third, `a` and `w` mean and 1.5 half-widths of [`mean_change`] over the later two thirds
/// (all, below 12 points), and `min(c, a) − w … max(c, a) + w` the interval; its middle is the estimate. That error
/// allows for noise that adds up, and is up to √n times too wide where noise is a scatter about a line; so from 12
/// points on that of the models or of [`line_interval`] counts where it is narrower. Both ends get a margin of 4.5 %.
/// With `A`, `B` the mean steps of the first and the last half and `q = (A − B)/A`: where `q > 0.02`, and from 12
/// points on `A − B` is more than two standard errors by the scatter of second differences, the lower end is at most
/// `rate·(1 − min(1, 8q))` less the margin. What never fell has no interval that reaches below zero. *Source:* measured
/// on recordings whose future is known (docs/statistics.md). *Cost:* O(n · m^⅓). *Misleads* where a program changes its
/// ways: from 40 snapshots on one future in twenty lies outside.
///
/// ```
/// use leakdiff::stats::{Points, hac::slope_interval};
/// let points = Points::new(&[0.0, 1.0, 2.0, 3.0], &[0.0, 100.0, 200.0, 300.0]).unwrap();
/// let rate = slope_interval(points, None).unwrap();
/// assert_eq!((rate.low, rate.value, rate.high), (95.5, 100.0, 104.5));
/// ```
#[must_use]
pub fn slope_interval(points: Points<'_>, by_models: Option<Interval>) -> Option<Interval> {
    let d = differences(points)?;
    let spacing = spacing(points);
    let c = mean(&d[d.len() / 3..]);
    let is_long = points.len() >= LAST_TWO_THIRDS_FROM;
    let (a, half, ..) = drift(if is_long { &d[d.len() / 3..] } else { &d[..] })?;
    let half = f64::midpoint(0.0, (c - a).abs()) + WIDENING * half;
    // Per step, as all that follows.
    let per_step = |rate: Interval| (rate.value * spacing, (rate.high - rate.value) * spacing);
    let others = [by_models, line_interval(points)].into_iter().flatten().map(per_step).filter(|_| is_long);
    let narrower = |best: (f64, f64), other: (f64, f64)| if other.1 < best.1 { other } else { best };
    let (rate, half) = others.fold((f64::midpoint(a, c), half), narrower);
    let margin = MARGIN * rate.abs();
    let mut low = rate - half - margin;
    let high = rate + half + margin;
    if let Some(decline) = decline(&d, if is_long { CLEAR_DECLINE } else { 0.0 }) {
        low = low.min(rate * (1.0 - (DECLINE * decline).min(1.0)) - margin);
    }
    if points.y().is_sorted() {
        low = low.max(0.0);
    }
    Some(Interval { value: rate / spacing, low: low / spacing, high: high / spacing, level: 0.95 })
}

/// The share by which the mean step of the last half is smaller than that of the first, where that is more than `clear`
/// standard errors.
fn decline(d: &[f64], clear: f64) -> Option<f64> {
    let (first, last) = (mean(&d[..d.len() / 2]), mean(&d[d.len() / 2..]));
    let seconds: Vec<f64> = d.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).collect();
    // The scatter of a value about a line has a sixth of the variance of second differences, and `first − last` holds
    // six of its variances over (n/2)².
    let stderr = 2.0 * mean(&seconds).sqrt() / d.len() as f64;
    let share = (first - last) / first.abs();
    (share > LEAST_DECLINE && first - last > clear * stderr).then_some(share)
}

/// The differences of y, freed of the effect that uneven steps of x have on the mean slope `b`: `d − b·(Δx − mean
/// spacing)`, so that a straight line has equal differences however it was sampled.
fn differences(points: Points<'_>) -> Option<Vec<f64>> {
    let (x, y) = (points.x(), points.y());
    let n = points.len();
    if n < 3 {
        return None;
    }
    let (slope, spacing) = ((y[n - 1] - y[0]) / (x[n - 1] - x[0]), spacing(points));
    let steps = x.windows(2).zip(y.windows(2));
    Some(steps.map(|(x, y)| y[1] - y[0] - slope * (x[1] - x[0] - spacing)).collect())
}

/// Mean spacing of x.
#[allow(clippy::cast_precision_loss)]
fn spacing(points: Points<'_>) -> f64 {
    let x = points.x();
    (x[x.len() - 1] - x[0]) / (x.len() - 1) as f64
}

#[allow(clippy::cast_precision_loss)]
fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// Mean, half-width, standard error and lags of differences.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn drift(d: &[f64]) -> Option<(f64, f64, f64, usize)> {
    let m = d.len();
    if m < 2 {
        return None;
    }
    let average = mean(d);
    let centred: Vec<f64> = d.iter().map(|v| v - average).collect();
    let lags = ((m as f64).cbrt().round() as usize).clamp(1, m - 1);
    let covariance = |lag: usize| dot(&centred[lag..], &centred[..m - lag]) / m as f64;
    let mut variance = covariance(0);
    for lag in 1..=lags {
        variance += 2.0 * (1.0 - lag as f64 / (lags + 1) as f64) * covariance(lag);
    }
    let stderr = (variance.max(0.0) / m as f64).sqrt();
    Some((average, two_sided_95(m - 1) * stderr, stderr, lags))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn rate(y: &[f64]) -> Interval {
        let x: Vec<f64> = (0..y.len()).map(|k| k as f64).collect();
        slope_interval(Points::new(&x, y).unwrap(), None).unwrap()
    }

    #[test]
    fn intervals_hold_their_estimate_and_feel_a_decline() {
        let even: Vec<f64> = (0..40).map(|k| 100.0 * f64::from(k)).collect();
        let found = rate(&even);
        assert!((found.low - 95.5).abs() < 1e-9 && (found.high - 104.5).abs() < 1e-9);
        // Steps that fall from 312 by 8 each time may end anywhere below.
        let mut y = vec![0.0];
        for k in 0..8 {
            y.push(y[k] + 312.0 - 8.0 * k as f64);
        }
        let falling = rate(&y);
        assert!(falling.low < 0.3 * falling.value && falling.value < 300.0, "{falling:?}");
        let down: Vec<f64> = even.iter().map(|v| -v).collect();
        let found = rate(&down);
        assert!(found.low < found.value && found.value < found.high && found.high < 0.0, "{found:?}");
    }

    #[test]
    fn a_straight_line_is_exact_however_it_was_sampled() {
        let drift =
            mean_change(Points::new(&[0.0, 1.0, 5.0, 6.0, 30.0], &[0.0, 7.0, 35.0, 42.0, 210.0]).unwrap())
                .unwrap();
        assert!((drift.low - 7.0).abs() < 1e-12 && (drift.high - 7.0).abs() < 1e-12, "{drift:?}");
    }

    #[test]
    fn two_points_have_no_interval() {
        assert!(slope_interval(Points::new(&[0.0, 1.0], &[1.0, 2.0]).unwrap(), None).is_none());
        assert!(mean_change(Points::new(&[0.0, 1.0], &[1.0, 2.0]).unwrap()).is_none());
    }
}
