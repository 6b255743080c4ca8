//! A series in few blocks.

/// The most blocks that are ever compared.
pub(super) const MOST_BLOCKS: usize = 24;
/// The fewest: below, a curve with two columns leaves nothing over to judge it by.
pub(super) const FEWEST_BLOCKS: usize = 4;

/// A series cut into few blocks of equal length, counted from its end, one number for each.
pub(super) struct Blocks {
    buffer: [f64; MOST_BLOCKS],
    pub(super) count: usize,
    pub(super) length: usize,
}

impl Blocks {
    pub(super) fn cut(y: &[f64], most: usize, summary: impl Fn(&mut [f64]) -> f64) -> Self {
        let length = y.len().div_ceil(most).max(1);
        let count = y.len() / length;
        let mut blocks = Self { buffer: [0.0; MOST_BLOCKS], count, length };
        let mut block = Vec::with_capacity(length);
        for (value, part) in blocks.buffer.iter_mut().zip(y[y.len() - count * length..].chunks_exact(length))
        {
            block.clear();
            block.extend_from_slice(part);
            *value = summary(&mut block);
        }
        blocks
    }

    pub(super) fn values(&self) -> &[f64] {
        &self.buffer[..self.count]
    }

    /// Steps of the index from the centre of the first block to that of the last.
    pub(super) fn span(&self) -> f64 {
        ((self.count - 1) * self.length) as f64
    }
}
