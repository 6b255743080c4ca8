//! s
use super::Points;
/// s
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub struct Hinge {
    pub index: usize,
    pub before: f64,
    pub after: f64,
    pub gain: f64,
    pub f: f64,
    pub p: f64,
}
/// s
pub fn hinge(_p: Points<'_>) -> Option<Hinge> {
    None
}
