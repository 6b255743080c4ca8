//! A container that is resized: its line holds one block throughout, and the block gets larger.
//!
//! A list or a dict allocates ahead of need and moves to a larger block when it is full; tracemalloc shows the same
//! count and a larger size, and nothing of its contents between two moves. A table that fills evenly and doubles its
//! capacity moves after as long again as it took so far, so a leak in a short recording may be one jump and a plateau.

/// Whether the bytes of a site with a constant number of blocks rose, never fell, and have not been constant for more
/// than twice as long as it took to their last rise.
#[must_use]
pub fn is_filling(bytes: &[f64], counts: &[f64]) -> bool {
    let steady = counts.first().is_some_and(|&first| first > 0.0 && counts.iter().all(|&c| c == first));
    let only_rises = bytes.windows(2).all(|w| w[1] >= w[0]);
    // The steps up to the last rise, that one included.
    let last_rise = bytes.windows(2).rposition(|w| w[1] > w[0]).map(|i| i + 1);
    steady && only_rises && last_rise.is_some_and(|at| bytes.len() - 1 - at <= 2 * at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_fills_while_its_count_stands_still() {
        let list = [64.0, 64.0, 64.0, 64.0, 128.0, 128.0, 128.0, 128.0];
        for (name, bytes, counts, expected) in [
            ("a list that doubled", list.to_vec(), vec![1.0; 8], true),
            ("new blocks", list.to_vec(), vec![1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0], false),
            ("made anew", vec![64.0, 128.0, 64.0, 128.0], vec![1.0; 4], false),
            ("long done", vec![64.0, 128.0, 128.0, 128.0, 128.0, 128.0], vec![1.0; 6], false),
            ("constant", vec![64.0; 5], vec![1.0; 5], false),
            ("nothing", Vec::new(), Vec::new(), false),
        ] {
            assert_eq!(is_filling(&bytes, &counts), expected, "{name}");
        }
    }
}
