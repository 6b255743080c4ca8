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

/// Runs up to this length are sorted by insertion.
const SHORT: usize = 12;

fn sort(values: &mut [f64], spare: &mut [f64], ties: Ties) -> u64 {
    let n = values.len();
    if n <= SHORT {
        return insert(values, ties);
    }
    let (left, right) = values.split_at_mut(n / 2);
    let (spare_left, spare_right) = spare.split_at_mut(n / 2);
    let count = sort(left, spare_left, ties) + sort(right, spare_right, ties);
    let passed = match ties {
        Ties::Left => merge(left, right, spare, |earlier, later| later < earlier),
        Ties::Counted => merge(left, right, spare, |earlier, later| later <= earlier),
    };
    values.copy_from_slice(spare);
    count + passed
}

/// Sorts by insertion: a value passes as many as stand above it.
fn insert(values: &mut [f64], ties: Ties) -> u64 {
    let mut count = 0;
    for end in 1..values.len() {
        let value = values[end];
        let mut at = end;
        while at > 0 && (values[at - 1] > value || ties == Ties::Counted && values[at - 1] == value) {
            values[at] = values[at - 1];
            at -= 1;
        }
        values[at] = value;
        count += (end - at) as u64;
    }
    count
}

/// Merges two sorted runs. Which of two values comes first cannot be foretold, so nothing branches on it.
fn merge(left: &[f64], right: &[f64], into: &mut [f64], passes: impl Fn(f64, f64) -> bool) -> u64 {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while i < left.len() && j < right.len() {
        let (earlier, later) = (left[i], right[j]);
        let pass = passes(earlier, later);
        into[i + j] = if pass { later } else { earlier };
        count += if pass { left.len() - i } else { 0 } as u64;
        i += usize::from(!pass);
        j += usize::from(pass);
    }
    into[i + j..i + right.len()].copy_from_slice(&right[j..]);
    into[i + right.len()..].copy_from_slice(&left[i..]);
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
