//! Products of one vector with many columns at once.

/// Products are summed for so many columns side by side.
const LANES: usize = 16;

/// Columns of one length, cut into strips of sixteen; a strip holds its rows one behind the other, so that the sums of its
/// columns stay in the processor.
#[derive(Debug, Default)]
pub(super) struct Strips {
    rows: usize,
    strips: Vec<[f64; LANES]>,
}

impl Strips {
    /// Columns of `rows` values; those that are not there are zero.
    pub(super) fn new(columns: &[Option<Vec<f64>>], rows: usize) -> Self {
        let value = |column: usize, row: usize| {
            columns.get(column).and_then(Option::as_ref).map_or(0.0, |column| column[row])
        };
        let strips = (0..columns.len().div_ceil(LANES))
            .flat_map(|strip| {
                (0..rows).map(move |row| std::array::from_fn(|lane| value(strip * LANES + lane, row)))
            })
            .collect();
        Self { rows, strips }
    }

    /// The products of `z`, one value a row, with all columns. What is in `into` behind them stays.
    pub(super) fn products(&self, z: &[f64], into: &mut [f64]) {
        let strips = self.strips.chunks_exact(self.rows.max(1));
        for (strip, into) in strips.zip(into.as_chunks_mut::<LANES>().0) {
            let mut sums = [0.0; LANES];
            for (z, row) in z.iter().zip(strip) {
                for lane in 0..LANES {
                    sums[lane] += z * row[lane];
                }
            }
            *into = sums;
        }
    }

    #[cfg(test)]
    pub(super) fn column(&self, column: usize) -> Vec<f64> {
        let strip = column / LANES * self.rows;
        self.strips[strip..strip + self.rows].iter().map(|row| row[column % LANES]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_those_of_the_columns() {
        let columns: Vec<_> =
            (0..11).map(|c| (c != 4).then(|| (0..5).map(|r| f64::from(c * 10 + r)).collect())).collect();
        let strips = Strips::new(&columns, 5);
        let (z, mut found) = ([1.0, -2.0, 0.5, 0.0, 3.0], vec![7.0; 16]);
        strips.products(&z, &mut found);
        for (column, found) in columns.iter().zip(&found) {
            let expected: f64 = column.iter().flatten().zip(&z).map(|(a, b)| a * b).sum();
            assert_eq!(*found, expected);
        }
        assert_eq!(strips.column(10), [100.0, 101.0, 102.0, 103.0, 104.0]);
    }
}
