//! Where growth began or ended: a line with one corner.

use statrs::distribution::{ContinuousCDF, FisherSnedecor};

use super::Points;

/// A continuous line with one corner, and what it gains over a straight one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hinge {
    /// Index of the point at which the corner lies.
    pub index: usize,
    /// Slope before the corner.
    pub before: f64,
    /// Slope behind it.
    pub after: f64,
    /// Share of the straight line's squared residuals that the corner removes.
    pub gain: f64,
    /// F of that gain.
    pub f: f64,
    /// Its p, times the number of corners that were tried, at most 1.
    pub p: f64,
}

/// With fewer points a corner says nothing.
const LEAST_POINTS: usize = 6;
/// Share of the points that a corner leaves on either side.
const MARGIN: f64 = 0.1;

/// The best corner among the points.
///
/// *Question:* did growth begin, or end, somewhere inside? *Formula:* for each candidate corner `τ = xₖ` the
/// least-squares fit of `a + b·x + c·max(0, x − τ)`; with `r` the residuals of the straight line and `h' =
/// max(0, x − τ)` freed of `1` and `x`, it removes `⟨h', r⟩²/⟨h', h'⟩` of the squares. `F = removed / (left
/// / (n − 3))`. *Assumes* independent normal noise; the Bonferroni factor for the search is conservative,
/// since neighbouring corners fit alike, while lingering noise makes p too small. *Source:* Hudson 1966
/// (join points). *Cost:* O(n), by suffix sums. *Misleads* for steps, which two corners would fit.
///
/// ```
/// use leakdiff::stats::{Points, change_point::hinge};
/// let x: Vec<f64> = (0..20).map(f64::from).collect();
/// let y: Vec<f64> = x.iter().map(|x| (x - 12.0).max(0.0) * 5.0).collect();
/// let corner = hinge(Points::new(&x, &y).unwrap()).unwrap();
/// assert_eq!(corner.index, 12);
/// ```
#[must_use]
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn hinge(points: Points<'_>) -> Option<Hinge> {
    let n = points.len();
    if n < LEAST_POINTS {
        return None;
    }
    let count = n as f64;
    // x runs from 0 to 1, and y is freed of its straight line: large offsets cancel before anything is
    // squared.
    let (first, span) = (points.x()[0], points.x()[n - 1] - points.x()[0]);
    let x: Vec<f64> = points.x().iter().map(|x| (x - first) / span).collect();
    let mean_x = x.iter().sum::<f64>() / count;
    let mean_y = points.y().iter().map(|y| y - points.y()[0]).sum::<f64>() / count;
    let centred: Vec<f64> = points.y().iter().map(|y| y - points.y()[0] - mean_y).collect();
    let sxx: f64 = x.iter().map(|x| (x - mean_x).powi(2)).sum();
    let slope = x.iter().zip(&centred).map(|(x, y)| (x - mean_x) * y).sum::<f64>() / sxx;
    let residuals: Vec<f64> = x.iter().zip(&centred).map(|(x, y)| y - slope * (x - mean_x)).collect();
    let squares: f64 = residuals.iter().map(|r| r * r).sum();
    let total: f64 = centred.iter().map(|y| y * y).sum();
    let straight = Hinge { index: 0, before: slope / span, after: slope / span, gain: 0.0, f: 0.0, p: 1.0 };
    // What is left of an exact line is the dust of rounding.
    if squares <= 1e-18 * total || total == 0.0 {
        return Some(straight);
    }
    let margin = ((MARGIN * count).ceil() as usize).max(2);
    let (mut best, mut removed, mut change) = (straight, 0.0, (0.0, 0.0));
    let mut tail = Tail::default();
    let mut tried = 0_usize;
    for k in (margin..n).rev() {
        tail.take(x[k], residuals[k]);
        if k >= n - margin {
            continue;
        }
        tried += 1;
        let (h, hh, xh, rh) = tail.hinged_at(x[k]);
        let on_x = (xh - mean_x * h) / sxx;
        let free = hh - h * h / count - on_x * on_x * sxx;
        if free <= 1e-12 * hh {
            continue;
        }
        let here = rh * rh / free;
        if here > removed {
            removed = here;
            change = (rh / free, on_x);
            best.index = k;
        }
    }
    if removed == 0.0 {
        return Some(straight);
    }
    let (c, on_x) = change;
    best.before = (slope - c * on_x) / span;
    best.after = best.before + c / span;
    best.gain = (removed / squares).min(1.0);
    let left = (squares - removed).max(1e-18 * total);
    best.f = removed / (left / (count - 3.0));
    let fisher = FisherSnedecor::new(1.0, count - 3.0).ok()?;
    best.p = (fisher.sf(best.f) * tried as f64).min(1.0);
    Some(best)
}

/// Sums over the points from some point to the last.
#[derive(Default)]
struct Tail {
    n: f64,
    x: f64,
    xx: f64,
    r: f64,
    xr: f64,
}

impl Tail {
    fn take(&mut self, x: f64, r: f64) {
        self.n += 1.0;
        self.x += x;
        self.xx += x * x;
        self.r += r;
        self.xr += x * r;
    }

    /// `Σh`, `Σh²`, `Σxh` and `Σrh` for `h = max(0, x − τ)`.
    fn hinged_at(&self, corner: f64) -> (f64, f64, f64, f64) {
        let h = self.x - corner * self.n;
        let xh = self.xx - corner * self.x;
        (h, xh - corner * h, xh, self.xr - corner * self.r)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn corner(y: &[f64]) -> Hinge {
        let x: Vec<f64> = (0..y.len()).map(|k| 1.7e9 + 60.0 * k as f64).collect();
        hinge(Points::new(&x, y).unwrap()).unwrap()
    }

    #[test]
    fn corners_are_found_where_they_are() {
        let late: Vec<f64> = (0..40).map(|k| 1e9 + (f64::from(k) - 25.0).max(0.0) * 600.0).collect();
        let stopped: Vec<f64> = (0..40).map(|k| 1e9 + f64::from(k).min(15.0) * 600.0).collect();
        for (y, index, before, after) in [(late, 25, 0.0, 10.0), (stopped, 15, 10.0, 0.0)] {
            let found = corner(&y);
            assert_eq!(found.index, index);
            assert!((found.before - before).abs() < 1e-6 && (found.after - after).abs() < 1e-6, "{found:?}");
            assert!(found.gain > 0.999 && found.p < 1e-9, "{found:?}");
        }
    }

    #[test]
    fn a_straight_line_and_noise_have_no_corner_worth_the_name() {
        let line: Vec<f64> = (0..40).map(|k| 1e9 + 600.0 * f64::from(k)).collect();
        assert_eq!((corner(&line).gain, corner(&line).p), (0.0, 1.0));
        let zigzag: Vec<f64> = (0..40).map(|k| f64::from(k % 2)).collect();
        assert!(corner(&zigzag).p > 0.5);
        assert_eq!(corner(&[5.0; 10]).p, 1.0);
        assert!(hinge(Points::new(&[0.0, 1.0], &[0.0, 1.0]).unwrap()).is_none());
    }

    #[test]
    fn the_fit_is_what_normal_equations_give() {
        // By hand for seven points: corner at index 3, slopes 1 and 3.
        let found = corner(&[0.0, 60.0, 120.0, 180.0, 360.0, 540.0, 720.0]);
        assert_eq!(found.index, 3);
        assert!((found.before - 1.0).abs() < 1e-9 && (found.after - 3.0).abs() < 1e-9, "{found:?}");
    }
}
