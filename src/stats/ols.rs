//! s
use super::Points;
/// s
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub struct Ols {
    pub slope: f64,
    pub intercept: f64,
    pub r2: f64,
    pub stderr: f64,
    pub p: f64,
    pub low: f64,
    pub high: f64,
}
/// s
pub fn ols(p: Points<'_>) -> Option<Ols> {
    let n = p.len();
    if n < 3 {
        return None;
    }
    let nf = n as f64;
    let mx = p.x().iter().sum::<f64>() / nf;
    let my = p.y().iter().sum::<f64>() / nf;
    let sxx: f64 = p.x().iter().map(|x| (x - mx).powi(2)).sum();
    let sxy: f64 = p.x().iter().zip(p.y()).map(|(x, y)| (x - mx) * (y - my)).sum();
    let syy: f64 = p.y().iter().map(|y| (y - my).powi(2)).sum();
    let b = sxy / sxx;
    let sse = (syy - b * sxy).max(0.0);
    let se = (sse / (nf - 2.0) / sxx).sqrt();
    use statrs::distribution::{ContinuousCDF, StudentsT};
    let t = StudentsT::new(0.0, 1.0, nf - 2.0).ok()?;
    let q = t.inverse_cdf(0.975);
    let p_ = if se > 0.0 { 2.0 * t.sf((b / se).abs()) } else { 0.0 };
    Some(Ols {
        slope: b,
        intercept: my + b * (p.x()[0] - mx),
        r2: if syy > 0.0 { 1.0 - sse / syy } else { 0.0 },
        stderr: se,
        p: p_,
        low: b - q * se,
        high: b + q * se,
    })
}
