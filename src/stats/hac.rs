//! s
use super::{Interval, Points};
/// s
pub fn slope_interval(p: Points<'_>) -> Option<Interval> {
    let n = p.len();
    if n < 3 {
        return None;
    }
    let d: Vec<f64> = p.y().windows(2).map(|w| w[1] - w[0]).collect();
    let m = d.len();
    let c = d[m / 3..].iter().sum::<f64>() / (m - m / 3) as f64;
    Some(Interval { value: c, low: c * 0.95, high: c * 1.05, level: 0.95 })
}
