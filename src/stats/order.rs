//! Order statistics: the middle and the ends.

/// The middle value, or the mean of the two in the middle; reorders `values`, which must not be empty.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    let middle = values.len() / 2;
    let odd = values.len() % 2 == 1;
    let (below, &mut upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    if odd {
        return upper;
    }
    let lower = below.iter().fold(f64::NEG_INFINITY, |a, &v| a.max(v));
    (lower + upper) / 2.0
}

/// The lowest and the highest value; (∞, −∞) of nothing.
pub(crate) fn extent(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &v| (low.min(v), high.max(v)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        for (values, expected) in [(vec![3.0], 3.0), (vec![4.0, 1.0], 2.5), (vec![9.0, 1.0, 5.0], 5.0)] {
            assert_eq!(median(&mut values.clone()), expected);
        }
    }
}
