//! Pairs that fall in a sequence, counted while merge-sorting it in O(n log n) (Knight 1966); what Kendall's `S` and the
//! selection of slopes both stand on.

/// What a pair of equal values counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ties {
    /// Nothing: only pairs that fall count.
    Left,
    /// As if it fell: all pairs that do not rise count.
    Counted,
}

/// Sorts `values` and counts the pairs that fall, ties as told.
pub fn count_sorting(values: &mut [f64], ties: Ties) -> u64 {
    let mut spare = values.to_vec();
    sort(values, &mut spare, ties)
}

fn sort(values: &mut [f64], spare: &mut [f64], ties: Ties) -> u64 {
    let n = values.len();
    if n < 2 {
        return 0;
    }
    let (left, right) = values.split_at_mut(n / 2);
    let (spare_left, spare_right) = spare.split_at_mut(n / 2);
    let mut count = sort(left, spare_left, ties) + sort(right, spare_right, ties);
    let in_order = |earlier: f64, later: f64| match ties {
        Ties::Left => earlier <= later,
        Ties::Counted => earlier < later,
    };
    let (mut i, mut j) = (0, 0);
    for slot in spare.iter_mut() {
        if j == right.len() || i < left.len() && in_order(left[i], right[j]) {
            *slot = left[i];
            i += 1;
        } else {
            *slot = right[j];
            j += 1;
            count += (left.len() - i) as u64;
        }
    }
    values.copy_from_slice(spare);
    count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_the_count_over_all_pairs(values in prop::collection::vec((-5..5_i8).prop_map(f64::from), 0..60)) {
            let pairs = |counts: fn(f64, f64) -> bool| {
                let of = |i: usize| values[i + 1..].iter().filter(|later| counts(values[i], **later)).count();
                (0..values.len()).map(of).sum::<usize>() as u64
            };
            let (falling, not_rising) = (pairs(|a, b| a > b), pairs(|a, b| a >= b));
            let mut sorted = values.clone();
            prop_assert_eq!(count_sorting(&mut sorted, Ties::Left), falling);
            prop_assert!(sorted.is_sorted());
            prop_assert_eq!(count_sorting(&mut values.clone(), Ties::Counted), not_rising);
        }
    }
}
