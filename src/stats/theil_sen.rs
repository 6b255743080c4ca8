//! s
use super::Points;
/// s
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub struct TheilSen {
    pub slope: f64,
}
/// s
pub fn theil_sen(p: Points<'_>) -> Option<TheilSen> {
    if p.len() < 2 || p.len() > 2000 {
        return None;
    }
    let mut v = vec![];
    for i in 0..p.len() {
        for j in i + 1..p.len() {
            v.push((p.y()[j] - p.y()[i]) / (p.x()[j] - p.x()[i]));
        }
    }
    v.sort_by(f64::total_cmp);
    let m = v.len();
    Some(TheilSen { slope: (v[(m - 1) / 2] + v[m / 2]) / 2.0 })
}
