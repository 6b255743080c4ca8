//! Least squares: the straight line nearest to the points.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::Points;
use super::students_t::two_sided_95;

/// A least-squares line, with the uncertainty of its slope.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Ols {
    /// Slope, in units of y per unit of x.
    pub slope: f64,
    /// Value of the line at the first x. (At x = 0 it would mean nothing where x is a time.)
    pub intercept: f64,
    /// Share of the variance of y that lies on the line; 0 for a constant y.
    pub r2: f64,
    /// Standard error of the slope.
    pub stderr: f64,
    /// Two-sided p of the slope under independent normal noise.
    pub p: f64,
    /// Lower end of the 95 % interval of the slope.
    pub low: f64,
    /// Upper end of the 95 % interval of the slope.
    pub high: f64,
}

/// Fits a straight line to at least three points.
///
/// *Question:* how steep is the line, and could it be level? *Formula:* `b = Σ(x−x̄)(y−ȳ) / Σ(x−x̄)²`, `se =
/// √(SSE / (n−2) / Σ(x−x̄)²)`, interval `b ± t(0.975, n−2)·se`. Sums are centred, so times of 1.7·10⁹
/// seconds lose nothing. *Assumes* independent noise of equal spread; memory is neither (see
/// [`super::autocorrelation`]), so p and interval are too narrow for it. *Source:* any textbook; reference
/// values from `scipy.stats.linregress`. *Cost:* O(n). *Misleads* for caches that fill: their trend is
/// overwhelming, and over.
///
/// ```
/// use leakdiff::stats::{Points, ols::ols};
/// let line = ols(Points::new(&[0.0, 1.0, 2.0, 3.0], &[1.0, 3.0, 5.0, 7.0]).unwrap()).unwrap();
/// assert_eq!((line.slope, line.intercept, line.r2), (2.0, 1.0, 1.0));
/// ```
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn ols(points: Points<'_>) -> Option<Ols> {
    let n = points.len() as f64;
    if points.len() < 3 {
        return None;
    }
    let (x0, y0) = (points.x()[0], points.y()[0]);
    // Shifted to the first point before the mean is taken, so that large offsets cancel exactly.
    let mean_x = points.x().iter().map(|x| x - x0).sum::<f64>() / n;
    let mean_y = points.y().iter().map(|y| y - y0).sum::<f64>() / n;
    let (mut sxx, mut sxy, mut syy) = (0.0, 0.0, 0.0);
    for (x, y) in points.x().iter().zip(points.y()) {
        let (dx, dy) = (x - x0 - mean_x, y - y0 - mean_y);
        sxx += dx * dx;
        sxy += dx * dy;
        syy += dy * dy;
    }
    let slope = sxy / sxx;
    let sse: f64 = points
        .x()
        .iter()
        .zip(points.y())
        .map(|(x, y)| (y - y0 - mean_y - slope * (x - x0 - mean_x)).powi(2))
        .sum();
    if !slope.is_finite() || !sse.is_finite() {
        return None;
    }
    let r2 = if syy > 0.0 { (sxy * sxy / (sxx * syy)).min(1.0) } else { 0.0 };
    let stderr = (sse / (n - 2.0) / sxx).sqrt();
    let student = StudentsT::new(0.0, 1.0, n - 2.0).ok()?;
    let p = match (slope == 0.0, stderr == 0.0) {
        (true, _) => 1.0,
        (false, true) => 0.0,
        (false, false) => (2.0 * student.sf((slope / stderr).abs())).min(1.0),
    };
    let half = two_sided_95(points.len() - 2) * stderr;
    Some(Ols {
        slope,
        intercept: y0 + mean_y - slope * mean_x,
        r2,
        stderr,
        p,
        low: slope - half,
        high: slope + half,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_blog_s_report() {
        // Five samples of RssAnon in kB, ten minutes apart; one of them a second late.
        let x: Vec<f64> = [0.0, 600.0, 1201.0, 1801.0, 2401.0].iter().map(|s| 1_716_465_395.0 + s).collect();
        let y = [941_804.0, 942_056.0, 942_336.0, 942_704.0, 942_912.0];
        let line = ols(Points::new(&x, &y).unwrap()).unwrap();
        let mib_per_hour = |kb_per_second: f64| kb_per_second * 3600.0 / 1024.0;
        assert!((mib_per_hour(line.slope) - 1.677_291_68).abs() < 1e-8);
        assert!((mib_per_hour(line.low) - 1.439_477_96).abs() < 1e-8);
        assert!((mib_per_hour(line.high) - 1.915_105_40).abs() < 1e-8);
    }

    #[test]
    fn lines_without_noise_and_without_slope() {
        for (y, slope, p, r2) in [
            ([0.0, 1.0, 2.0, 3.0], 1.0, 0.0, 1.0),
            ([5.0, 5.0, 5.0, 5.0], 0.0, 1.0, 0.0),
            ([1.0, -1.0, -1.0, 1.0], 0.0, 1.0, 0.0),
        ] {
            let line = ols(Points::new(&[0.0, 1.0, 2.0, 3.0], &y).unwrap()).unwrap();
            assert_eq!((line.slope, line.p, line.r2), (slope, p, r2), "{y:?}");
        }
        assert!(ols(Points::new(&[0.0, 1.0], &[0.0, 1.0]).unwrap()).is_none());
    }
}
