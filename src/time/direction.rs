//! Sources whose newest record stands first.

/// Steps back that tell such a source …
const LEAST_STEPS_BACK: usize = 2;
/// … if there are this many of them for each step forward.
const STEPS_BACK_PER_STEP_FORWARD: usize = 8;

/// Whether the newest of some times stands first: nearly all go back. Those that are not a number are passed over.
pub(super) fn is_newest_first(times: impl IntoIterator<Item = f64>) -> bool {
    let (mut forward, mut back) = (0_usize, 0_usize);
    let mut before = f64::NAN;
    for at in times.into_iter().filter(|at| !at.is_nan()) {
        forward += usize::from(at > before);
        back += usize::from(at < before);
        before = at;
    }
    back >= LEAST_STEPS_BACK && forward * STEPS_BACK_PER_STEP_FORWARD <= back
}

#[cfg(test)]
mod tests {
    use super::is_newest_first;

    #[test]
    fn nearly_all_steps_go_back() {
        for (times, expected) in [
            (&[9.0, 8.0, 8.0, f64::NAN, 7.0][..], true),
            (&[9.0, 8.0], false),
            (&[9.0, 8.0, 7.0, 8.0, 6.0], false),
            (&[1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 0.5], false),
        ] {
            assert_eq!(is_newest_first(times.iter().copied()), expected, "{times:?}");
        }
    }
}
