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
    const LANES: usize = 8;
    let (mut low, mut high) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
    let (chunks, left) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for lane in 0..LANES {
            low[lane] = lower(low[lane], chunk[lane]);
            high[lane] = higher(high[lane], chunk[lane]);
        }
    }
    let lowest = low.iter().chain(left).fold(f64::INFINITY, |a, &v| lower(a, v));
    let highest = high.iter().chain(left).fold(f64::NEG_INFINITY, |a, &v| higher(a, v));
    (lowest, highest)
}

/// The lower of a number and one that may be none; one instruction, unlike `f64::min`.
const fn lower(a: f64, b: f64) -> f64 {
    if b < a { b } else { a }
}

const fn higher(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extents() {
        for (values, expected) in [
            (vec![], (f64::INFINITY, f64::NEG_INFINITY)),
            (vec![3.0, -1.0], (-1.0, 3.0)),
            ((0..23).map(f64::from).collect(), (0.0, 22.0)),
            (vec![f64::NAN, 2.0, f64::NAN], (2.0, 2.0)),
        ] {
            assert_eq!(extent(&values), expected, "{values:?}");
        }
    }

    #[test]
    fn medians() {
        for (values, expected) in [(vec![3.0], 3.0), (vec![4.0, 1.0], 2.5), (vec![9.0, 1.0, 5.0], 5.0)] {
            assert_eq!(median(&mut values.clone()), expected);
        }
    }
}
