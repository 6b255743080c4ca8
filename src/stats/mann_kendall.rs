//! s
/// s
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub struct MannKendall {
    pub s: i64,
    pub variance: f64,
    pub z: f64,
    pub p: f64,
    pub tau: f64,
    pub exact_p: Option<f64>,
}
/// s
pub fn mann_kendall(y: &[f64]) -> Option<MannKendall> {
    let n = y.len();
    if n < 3 || n > 3000 {
        return None;
    }
    let mut s = 0i64;
    for i in 0..n {
        for j in i + 1..n {
            s += (y[j] > y[i]) as i64 - (y[j] < y[i]) as i64;
        }
    }
    let nf = n as f64;
    let v = nf * (nf - 1.0) * (2.0 * nf + 5.0) / 18.0;
    let z = if s > 0 {
        (s - 1) as f64 / v.sqrt()
    } else if s < 0 {
        (s + 1) as f64 / v.sqrt()
    } else {
        0.0
    };
    Some(MannKendall { s, variance: v, z, p: 0.5, tau: s as f64 / (nf * (nf - 1.0) / 2.0), exact_p: None })
}
