//! What glibc says of its own heap: `malloc_stats()` and `malloc_info()`.

mod malloc_info;
mod malloc_stats;

pub use malloc_info::FORMAT as MALLOC_INFO;
pub use malloc_stats::FORMAT as MALLOC_STATS;

use super::line::Damage;
use crate::model::{Metric, Role};

/// Bytes that the heap has from the kernel.
const SYSTEM: Metric = Metric::bytes("system", Role::Part);
/// Bytes of blocks that the program has not freed, with their headers.
const IN_USE: Metric = Metric::bytes("in use", Role::Part);

fn expected(what: &str) -> Damage {
    Damage { column: None, message: format!("expected {what}") }
}

/// Parses a whole number, exact up to 2⁵³.
fn number(digits: &str) -> Option<f64> {
    let digits = digits.trim();
    let is_number = (1..=16).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}
