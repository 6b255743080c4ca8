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

/// Sorts `values`, none of which is NaN, and counts the pairs that fall, ties as told.
pub fn count_sorting(values: &mut [f64], ties: Ties) -> u64 {
    let mut keys: Vec<u64> = values.iter().map(|&value| key(value)).collect();
    let mut spare = keys.clone();
    let count = sort(&mut keys, &mut spare, ties, Into::Values);
    values.iter_mut().zip(keys).for_each(|(value, key)| *value = value_of(key));
    count
}

const SIGN: u64 = 1 << 63;

/// A whole number in the order of the values: a processor can choose between two of those without a branch.
const fn key(value: f64) -> u64 {
    // Adding 0 makes one zero of the two.
    let bits = (value + 0.0).to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

const fn value_of(key: u64) -> f64 {
    f64::from_bits(if key & SIGN == 0 { !key } else { key ^ SIGN })
}

/// Runs up to this length are sorted by insertion.
const SHORT: usize = 12;

/// Where the sorted values are wanted.
#[derive(Clone, Copy)]
enum Into {
    Values,
    Spare,
}

fn sort(values: &mut [u64], spare: &mut [u64], ties: Ties, into: Into) -> u64 {
    let n = values.len();
    if n <= SHORT {
        let count = insert(values, ties);
        if let Into::Spare = into {
            spare.copy_from_slice(values);
        }
        return count;
    }
    // The halves are sorted to the other side, so that merging them brings them here without a copy.
    let halves = match into {
        Into::Values => Into::Spare,
        Into::Spare => Into::Values,
    };
    let (left, right) = values.split_at_mut(n / 2);
    let (spare_left, spare_right) = spare.split_at_mut(n / 2);
    let count = sort(left, spare_left, ties, halves) + sort(right, spare_right, ties, halves);
    count
        + match into {
            Into::Values => merge_by(spare_left, spare_right, values, ties),
            Into::Spare => merge_by(left, right, spare, ties),
        }
}

/// Sorts by insertion: a value passes as many as stand above it.
fn insert(values: &mut [u64], ties: Ties) -> u64 {
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

fn merge_by(left: &[u64], right: &[u64], into: &mut [u64], ties: Ties) -> u64 {
    match ties {
        Ties::Left => merge(left, right, into, |earlier, later| later < earlier),
        Ties::Counted => merge(left, right, into, |earlier, later| later <= earlier),
    }
}

/// Merges two sorted runs, the right as long as the left or longer by one, and counts how many of the left each of the
/// right passes.
///
/// Which of two values comes first cannot be foretold, so nothing branches on it; and since each step has to wait for the
/// one before, two merges run side by side, one from the front and one from the back, and meet in the middle.
fn merge(left: &[u64], right: &[u64], into: &mut [u64], passes: impl Fn(u64, u64) -> bool) -> u64 {
    let (half, last) = (left.len(), into.len() - 1);
    let (mut i, mut j) = (0, 0);
    let (mut left_end, mut right_end) = (left.len(), right.len());
    let mut count = 0;
    for step in 0..half {
        let (earlier, later) = (left[i], right[j]);
        let pass = passes(earlier, later);
        into[step] = if pass { later } else { earlier };
        count += if pass { half - i } else { 0 };
        i += usize::from(!pass);
        j += usize::from(pass);

        let (earlier, later) = (left[left_end - 1], right[right_end - 1]);
        let pass = passes(earlier, later);
        into[last - step] = if pass { earlier } else { later };
        count += if pass { 0 } else { half - left_end };
        left_end -= usize::from(pass);
        right_end -= usize::from(!pass);
    }
    if i < left_end {
        into[half] = left[i];
    } else if j < right_end {
        into[half] = right[j];
        count += half - i;
    }
    count as u64
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
