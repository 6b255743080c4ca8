//! The share of leaks that are found at a given share of false alarms, wherever the threshold would have to be.

/// The row's name; the shares are those of [`allowed`].
pub const NAME: &str = "leaks found % if 1 % of the controls are called (2 % at n = 8)";

/// The share of controls that may be called growing at a length.
pub const fn allowed(n: usize) -> f64 {
    if n <= 8 { 0.02 } else { 0.01 }
}

/// Returns the share of leaks whose probability is above that of all controls but the `allowed` share of them.
pub fn recall_at(leaks: &[f64], mut controls: Vec<f64>, allowed: f64) -> Option<f64> {
    controls.sort_by(|a, b| b.total_cmp(a));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let threshold = *controls.get((allowed * controls.len() as f64) as usize)?;
    let found = leaks.iter().filter(|probability| **probability > threshold).count();
    (!leaks.is_empty()).then(|| found as f64 / leaks.len() as f64)
}
