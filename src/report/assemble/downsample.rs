//! Fewer points of the same shape, for drawings.

/// Returns the indices of at most about `most` values that look like all of them: the first and the last, and of each
/// stretch between the lowest and the highest.
#[must_use]
pub fn downsample(values: &[f64], most: usize) -> Vec<usize> {
    let n = values.len();
    let stretches = most.saturating_sub(2) / 2;
    if n <= most || stretches == 0 {
        return (0..n).collect();
    }
    let mut kept = Vec::with_capacity(most);
    kept.push(0);
    let inner = n - 2;
    for stretch in 0..stretches {
        let range = 1 + stretch * inner / stretches..1 + (stretch + 1) * inner / stretches;
        let by = |a: &usize, b: &usize| values[*a].total_cmp(&values[*b]);
        let (Some(low), Some(high)) = (range.clone().min_by(by), range.max_by(by)) else { continue };
        kept.push(low.min(high));
        if low != high {
            kept.push(low.max(high));
        }
    }
    kept.push(n - 1);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_extremes_stay() {
        let mut values: Vec<f64> = (0..10_000).map(f64::from).collect();
        values[4321] = 1e6;
        values[7000] = -1e6;
        let kept = downsample(&values, 100);
        assert!(kept.len() <= 100 && kept.is_sorted());
        for place in [0, 4321, 7000, 9999] {
            assert!(kept.contains(&place), "{place}");
        }
        assert_eq!(downsample(&values[..7], 100), [0, 1, 2, 3, 4, 5, 6]);
        assert!(downsample(&[], 100).is_empty());
        assert_eq!(downsample(&[5.0; 300], 12).len(), 12);
    }
}
