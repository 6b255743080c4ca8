//! Pairs that fall in a sequence, counted while merge-sorting it in O(n log n) (Knight 1966), for Kendall's `S`.
//!
//! Numbers are compared as integers in the same order, eight at a time by all their pairs, and merged from both ends at
//! once: no branch depends on the values, and two merges wait for memory instead of one. Stretches that are in order
//! already are left as they are.

/// An item with a place in an order: one value, or several equal ones.
pub trait Ranked: Copy + Default + Send {
    /// Its place in the order.
    fn key(self) -> i64;
    /// Number of values that it represents.
    fn weight(self) -> u64;
}

impl Ranked for i64 {
    fn key(self) -> i64 {
        self
    }

    fn weight(self) -> u64 {
        1
    }
}

/// A run of equal values.
#[derive(Debug, Clone, Copy, Default)]
pub struct Run {
    /// The values' key.
    pub key: i64,
    /// Number of values.
    pub length: u64,
}

impl Ranked for Run {
    fn key(self) -> i64 {
        self.key
    }

    fn weight(self) -> u64 {
        self.length
    }
}

/// An integer in the order of finite numbers; 0 and −0 are one.
pub const fn key(value: f64) -> i64 {
    let bits = (value + 0.0).to_bits().cast_signed();
    // Of negative numbers the bits rise where the number falls.
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

/// Sorts `values` and counts the pairs that fall; ties do not.
pub fn count_sorting<R: Ranked>(values: &mut [R]) -> u64 {
    sort(values, &mut vec![R::default(); values.len()])
}

/// From this many values on both halves are sorted at once.
const WORTH_A_THREAD: usize = 20_000;
/// This many values are sorted by comparing all their pairs.
const AT_ONCE: usize = 8;

/// Whether a pair counts, and changes places.
fn falls<R: Ranked>(earlier: R, later: R) -> bool {
    earlier.key() > later.key()
}

fn sort<R: Ranked>(values: &mut [R], scratch: &mut [R]) -> u64 {
    let n = values.len();
    if n <= AT_ONCE {
        return match <&mut [R; AT_ONCE]>::try_from(&mut *values) {
            Ok(eight) => by_all_pairs(eight),
            Err(_) => by_insertion(values),
        };
    }
    // The left half is a multiple of eight, and never longer than the right one.
    let half = n / 2;
    let middle = if half >= AT_ONCE { half / AT_ONCE * AT_ONCE } else { half };
    let (scratch_left, scratch_right) = scratch.split_at_mut(middle);
    let (left, right) = values.split_at_mut(middle);
    let mut sort_left = || sort(left, scratch_left);
    let mut sort_right = || sort(right, scratch_right);
    let (of_left, of_right) =
        if n < WORTH_A_THREAD { (sort_left(), sort_right()) } else { rayon::join(sort_left, sort_right) };
    let mut count = of_left + of_right;
    if falls(left[middle - 1], right[0]) {
        count += merge(left, right, scratch);
        values.copy_from_slice(scratch);
    }
    count
}

fn by_insertion<R: Ranked>(values: &mut [R]) -> u64 {
    let mut count = 0;
    for end in 1..values.len() {
        let moved = values[end];
        let mut place = end;
        while place > 0 && falls(values[place - 1], moved) {
            values[place] = values[place - 1];
            count += values[place].weight() * moved.weight();
            place -= 1;
        }
        values[place] = moved;
    }
    count
}

/// The place of a value is the number of those that go before it.
fn by_all_pairs<R: Ranked>(values: &mut [R; AT_ONCE]) -> u64 {
    let mut places = [0_usize; AT_ONCE];
    let mut count = 0;
    for i in 0..AT_ONCE {
        for j in i + 1..AT_ONCE {
            let changes = falls(values[i], values[j]);
            places[i] += usize::from(changes);
            places[j] += usize::from(!changes);
            count += u64::from(changes) * values[i].weight() * values[j].weight();
        }
    }
    let before = *values;
    for (place, value) in places.into_iter().zip(before) {
        values[place % AT_ONCE] = value;
    }
    count
}

/// Merges two sorted stretches, of which the left one is not the longer: from both ends at once, and the rest in the
/// middle from the front.
fn merge<R: Ranked>(left: &[R], right: &[R], merged: &mut [R]) -> u64 {
    // A pair that changes places is counted with its right value: against the values of the left stretch that are not
    // taken yet from the front, or against those that are taken already from the back.
    let mut ahead: u64 = left.iter().map(|value| value.weight()).sum();
    let (mut taken_last, mut count) = (0, 0);
    let (mut i, mut j) = (0, 0);
    let (mut i_end, mut j_end) = (left.len(), right.len());
    // The length of the left stretch does not run beyond either one.
    let (lower, others) = merged.split_at_mut(left.len());
    let (middle, upper) = others.split_at_mut(right.len() - left.len());
    for (low, high) in lower.iter_mut().zip(upper.iter_mut().rev()) {
        let (l, r) = (left[i], right[j]);
        let right_first = falls(l, r);
        *low = if right_first { r } else { l };
        count += if right_first { r.weight() * ahead } else { 0 };
        ahead -= if right_first { 0 } else { l.weight() };
        i += usize::from(!right_first);
        j += usize::from(right_first);

        let (l, r) = (left[i_end.wrapping_sub(1)], right[j_end - 1]);
        let left_last = falls(l, r);
        *high = if left_last { l } else { r };
        count += if left_last { 0 } else { r.weight() * taken_last };
        taken_last += if left_last { l.weight() } else { 0 };
        i_end -= usize::from(left_last);
        j_end -= usize::from(!left_last);
    }
    for slot in middle {
        if j == j_end || i < i_end && !falls(left[i], right[j]) {
            *slot = left[i];
            ahead -= left[i].weight();
            i += 1;
        } else {
            *slot = right[j];
            count += right[j].weight() * ahead;
            j += 1;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn falling_pairs(values: &[f64]) -> u64 {
        let of = |i: usize| values[i + 1..].iter().filter(|later| values[i] > **later).count();
        (0..values.len()).map(of).sum::<usize>() as u64
    }

    #[test]
    fn keys_are_in_the_order_of_numbers() {
        let numbers = [f64::MIN, -2.0, -1.0, -f64::MIN_POSITIVE, 0.0, 5e-324, 0.5, 1.0, 3.0, f64::MAX];
        assert!(numbers.map(key).is_sorted_by(|a, b| a < b));
        assert_eq!(key(-0.0), key(0.0));
    }

    proptest! {
        #[test]
        fn it_is_the_count_over_all_pairs(values in prop::collection::vec((-5..5_i8).prop_map(f64::from), 0..120)) {
            let falling = falling_pairs(&values);
            let keys: Vec<i64> = values.iter().map(|v| key(*v)).collect();
            let mut sorted = keys.clone();
            prop_assert_eq!(count_sorting(&mut sorted), falling);
            prop_assert!(sorted.is_sorted());
            let mut runs: Vec<Run> =
                keys.chunk_by(|a, b| a == b).map(|run| Run { key: run[0], length: run.len() as u64 }).collect();
            prop_assert_eq!(count_sorting(&mut runs), falling);
        }

        #[test]
        fn of_distinct_values_too(values in prop::collection::vec(-1e3..1e3_f64, 0..200)) {
            let mut keys: Vec<i64> = values.iter().map(|v| key(*v)).collect();
            prop_assert_eq!(count_sorting(&mut keys), falling_pairs(&values));
            prop_assert!(keys.is_sorted());
        }
    }
}
