//! Values that depend on the length of a series, given at a few lengths.

/// Returns the value of a table of (length, value) pairs at a length: along the logarithm of the length between two,
/// and the nearest beyond them.
pub(super) fn by_length(table: &[(f64, f64)], length: usize) -> f64 {
    let length = length as f64;
    let between = table.windows(2).find(|pair| length < pair[1].0);
    match (between, table) {
        (Some(&[(short, from), (long, to)]), _) => {
            let along = ((length / short).ln() / (long / short).ln()).max(0.0);
            from + (to - from) * along
        }
        (_, [.., (_, last)]) => *last,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_along_the_logarithm_of_the_length() {
        let table = [(5.0, 1.0), (20.0, 3.0), (80.0, 1.0)];
        for (length, expected) in [(0, 1.0), (5, 1.0), (10, 2.0), (20, 3.0), (40, 2.0), (80, 1.0), (900, 1.0)]
        {
            assert!((by_length(&table, length) - expected).abs() < 1e-12, "{length}");
        }
    }
}
