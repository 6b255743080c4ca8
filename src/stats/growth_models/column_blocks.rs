//! Products of one vector with many columns at once.

/// Number of columns whose products are summed side by side.
const LANES: usize = 16;

/// Columns of one length, cut into blocks of sixteen; a block holds its rows one after the other, so that the sums of
/// its columns stay in the processor.
#[derive(Debug, Default)]
pub(super) struct ColumnBlocks {
    rows: usize,
    blocks: Vec<[f64; LANES]>,
}

impl ColumnBlocks {
    /// Columns of `rows` values; those that are not there are zero.
    pub(super) fn new(columns: &[Option<Vec<f64>>], rows: usize) -> Self {
        let value = |column: usize, row: usize| {
            columns.get(column).and_then(Option::as_ref).map_or(0.0, |column| column[row])
        };
        let blocks = (0..columns.len().div_ceil(LANES))
            .flat_map(|block| {
                (0..rows).map(move |row| std::array::from_fn(|lane| value(block * LANES + lane, row)))
            })
            .collect();
        Self { rows, blocks }
    }

    /// The products of `z`, one value a row, with all columns. The rest of `into` stays.
    pub(super) fn products(&self, z: &[f64], into: &mut [f64]) {
        let blocks = self.blocks.chunks_exact(self.rows.max(1));
        for (block, into) in blocks.zip(into.as_chunks_mut::<LANES>().0) {
            let mut sums = [0.0; LANES];
            for (z, row) in z.iter().zip(block) {
                for lane in 0..LANES {
                    sums[lane] += z * row[lane];
                }
            }
            *into = sums;
        }
    }

    #[cfg(test)]
    pub(super) fn column(&self, column: usize) -> Vec<f64> {
        let block = column / LANES * self.rows;
        self.blocks[block..block + self.rows].iter().map(|row| row[column % LANES]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_those_of_the_columns() {
        let columns: Vec<_> =
            (0..11).map(|c| (c != 4).then(|| (0..5).map(|r| f64::from(c * 10 + r)).collect())).collect();
        let found_of = ColumnBlocks::new(&columns, 5);
        let (z, mut found) = ([1.0, -2.0, 0.5, 0.0, 3.0], vec![7.0; 16]);
        found_of.products(&z, &mut found);
        for (column, found) in columns.iter().zip(&found) {
            let expected: f64 = column.iter().flatten().zip(&z).map(|(a, b)| a * b).sum();
            assert_eq!(*found, expected);
        }
        assert_eq!(found_of.column(10), [100.0, 101.0, 102.0, 103.0, 104.0]);
    }
}
