//! Theil and Sen's slope: the median of the slopes of all pairs.

use super::Points;
use super::order::median;
use super::slope_selection::middle_slope;

/// The median slope, and the line through the medians.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TheilSen {
    /// Median of the pairwise slopes.
    pub slope: f64,
    /// Value of the line at the first x: `median(y) − slope · (median(x) − x₁)`.
    pub intercept: f64,
}

/// The median slope of at least two points.
///
/// *Question:* how steep, whatever a quarter of the points do? *Formula:* median of `(yⱼ − yᵢ)/(xⱼ − xᵢ)` over
/// `i < j`. *Assumes* nothing about the noise. *Source:* Theil 1950, Sen 1968; agrees with
/// `scipy.stats.theilslopes`. *Cost:* O(n²) up to 64 points, beyond O(n log n) expected and O(n) memory, exact at
/// any length ([`super::slope_selection`]). *Misleads* for steps: half of the pairs lie on one side.
///
/// ```
/// use leakdiff::stats::{Points, theil_sen::theil_sen};
/// let line = theil_sen(Points::new(&[0.0, 1.0, 2.0, 3.0, 4.0], &[0.0, 1.0, 2.0, 3.0, 400.0]).unwrap()).unwrap();
/// assert_eq!(line.slope, 1.0);
/// ```
#[must_use]
pub fn theil_sen(points: Points<'_>) -> Option<TheilSen> {
    let slope = middle_slope(points)?;
    let x0 = points.x()[0];
    let middle_x = median(&mut points.x().iter().map(|x| x - x0).collect::<Vec<_>>());
    let middle_y = median(&mut points.y().to_vec());
    Some(TheilSen { slope, intercept: middle_y - slope * middle_x })
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
}
