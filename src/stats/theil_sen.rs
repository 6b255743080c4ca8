//! Theil and Sen's slope: the median of the slopes of all pairs.

use serde::{Deserialize, Serialize};

use super::Points;
use super::order::median;

/// The median slope, and the line through the medians.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TheilSen {
    /// Median of the pairwise slopes.
    pub slope: f64,
    /// Value of the line at the first x: `median(y) − slope · (median(x) − x₁)`.
    pub intercept: f64,
}

/// Up to this many points all pairs are looked at; of longer series this many points are taken.
const MOST_POINTS: usize = 200;

/// Returns the median slope of at least two points.
///
/// *Question:* how steep is the line, if a quarter of the points may be anything? *Formula:* median of `(yⱼ − yᵢ)/(xⱼ −
/// xᵢ)` over `i < j`. *Assumes* nothing about the noise. *Source:* Theil 1950, Sen 1968; agrees with
/// `scipy.stats.theilslopes` up to 200 points. Of longer series 200 evenly spaced points are taken, the first and the
/// last among them: exact for a line, and as good as 200 points are for a scatter. *Cost:* O(n²) up to 200 points,
/// the same beyond; some 30 µs. *Misleads* for steps: half of the pairs lie on one side.
///
/// ```
/// use leakdiff::stats::{Points, theil_sen::theil_sen};
/// let line = theil_sen(Points::new(&[0.0, 1.0, 2.0, 3.0, 4.0], &[0.0, 1.0, 2.0, 3.0, 400.0]).unwrap()).unwrap();
/// assert_eq!(line.slope, 1.0);
/// ```
#[must_use]
pub fn theil_sen(points: Points<'_>) -> Option<TheilSen> {
    let slope = median_slope(points)?;
    let x0 = points.x()[0];
    let middle_x = median(&mut points.x().iter().map(|x| x - x0).collect::<Vec<_>>());
    let middle_y = median(&mut points.y().to_vec());
    Some(TheilSen { slope, intercept: middle_y - slope * middle_x })
}

fn median_slope(points: Points<'_>) -> Option<f64> {
    let (x, y) = (points.x(), points.y());
    if points.len() < 2 {
        return None;
    }
    // Most sites are constant.
    if y.iter().all(|value| *value == y[0]) {
        return Some(0.0);
    }
    let (most, last) = (points.len().min(MOST_POINTS), points.len() - 1);
    let chosen: Vec<usize> = (0..most).map(|i| i * last / (most - 1)).collect();
    let mut slopes = Vec::with_capacity(most * (most - 1) / 2);
    for (place, &i) in chosen.iter().enumerate() {
        slopes.extend(chosen[place + 1..].iter().map(|&j| (y[j] - y[i]) / (x[j] - x[i])));
    }
    Some(median(&mut slopes))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn two_points_have_one_slope() {
        let line = theil_sen(Points::new(&[1.0, 3.0], &[5.0, 9.0]).unwrap()).unwrap();
        assert_eq!((line.slope, line.intercept), (2.0, 5.0));
        assert!(theil_sen(Points::new(&[1.0], &[5.0]).unwrap()).is_none());
    }

    #[test]
    fn a_long_series_has_the_slope_of_all_its_pairs_nearly() {
        let x: Vec<f64> = (0..5000).map(f64::from).collect();
        let noise = |t: f64| 300.0 * (t * 12.989_8).sin() + 200.0 * (t * 78.233).cos();
        for (name, slope, tolerance, f) in [
            ("a line", 3.0, 1e-9, (&|t| 3.0 * t) as &dyn Fn(f64) -> f64),
            ("a line under noise", 3.0, 0.02, &|t| 3.0 * t + noise(t)),
            ("noise", 0.0, 0.02, &noise),
            ("a constant", 0.0, 0.0, &|_| 5.0),
        ] {
            let y: Vec<f64> = x.iter().map(|t| f(*t)).collect();
            let found = theil_sen(Points::new(&x, &y).unwrap()).unwrap().slope;
            assert!((found - slope).abs() <= tolerance, "{name}: {found}");
        }
    }
}
