//! Long lists converted to others, a batch at a time.

/// Items of a batch.
const BATCH: usize = 1 << 16;

/// Converts a list batch by batch, from its end to its beginning, and gives the memory of each batch back before the
/// next: the two lists are never whole at one time. `convert` is given the place of the first item of a batch.
pub fn converted<T, U>(mut items: Vec<T>, mut convert: impl FnMut(usize, Vec<T>) -> Vec<U>) -> Vec<U> {
    if items.len() <= BATCH {
        return convert(0, items);
    }
    let mut all = Vec::with_capacity(items.len());
    while !items.is_empty() {
        let first = items.len().saturating_sub(BATCH);
        let batch = items.split_off(first);
        items.shrink_to_fit();
        all.extend(convert(first, batch).into_iter().rev());
    }
    all.reverse();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_converted_in_order() {
        for length in [0, 1, BATCH, BATCH + 1, 3 * BATCH + 7] {
            let items: Vec<usize> = (0..length).collect();
            let all = converted(items, |first, batch| {
                assert!(batch.first().is_none_or(|item| *item == first));
                batch.into_iter().map(|item| item.to_string()).collect()
            });
            assert!(all.len() == length && all.iter().enumerate().all(|(n, text)| n.to_string() == *text));
        }
    }
}
