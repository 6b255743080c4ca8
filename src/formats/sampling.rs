//! Heaps of which a sample was recorded: each byte that is allocated is sampled with the same small probability, and
//! with it its block.

use super::stacks::InUse;

/// The mean number of bytes from one sampled byte to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval(f64);

impl Interval {
    /// Returns an interval; `None` where every block is recorded.
    pub fn new(bytes: f64) -> Option<Self> {
        (bytes > 1.0 && bytes.is_finite()).then_some(Self(bytes))
    }

    /// Returns the probability that a block of some bytes is sampled: distances are exponential.
    fn probability(self, block: f64) -> f64 {
        -(-block / self.0).exp_m1()
    }

    /// Returns the blocks in use of one stack, of which `blocks` with `bytes` were sampled.
    ///
    /// Of n sampled blocks of one size s, each sampled with probability p, the estimate is n/p blocks, and the variance
    /// of their bytes n(1-p)/p² · s².
    pub fn estimate(self, blocks: f64, bytes: f64) -> InUse {
        if blocks <= 0.0 || bytes <= 0.0 {
            return InUse::counted(bytes.max(0.0), Some(blocks.max(0.0)));
        }
        let p = self.probability(bytes / blocks);
        self.of_estimate(blocks / p, bytes / p)
    }

    /// Returns the blocks in use of one stack, whose numbers were estimated from a sample already.
    pub fn of_estimate(self, blocks: f64, bytes: f64) -> InUse {
        if blocks <= 0.0 || bytes <= 0.0 {
            return InUse::counted(bytes.max(0.0), Some(blocks.max(0.0)));
        }
        let block = bytes / blocks;
        let p = self.probability(block);
        InUse { bytes, variance: blocks * (1.0 - p) / p * block * block, blocks: Some(blocks) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_of_a_byte_samples_everything() {
        assert!(Interval::new(0.0).is_none() && Interval::new(1.0).is_none());
        assert!(Interval::new(f64::INFINITY).is_none() && Interval::new(f64::NAN).is_none());
    }

    #[test]
    fn blocks_are_estimated() {
        let interval = Interval(524_288.0);
        let one = interval.estimate(1.0, 1024.0);
        assert!((one.bytes - 524_800.2).abs() < 0.1, "{one:?}");
        assert_eq!(interval.of_estimate(one.blocks.unwrap_or_default(), one.bytes).variance, one.variance);
        // Large blocks are never missed.
        let large = interval.estimate(3.0, 3e9);
        assert_eq!((large.bytes, large.variance), (3e9, 0.0));
        assert_eq!(interval.estimate(0.0, 0.0), InUse::counted(0.0, Some(0.0)));
    }

    /// The variance against 2,000 samples of 500 blocks: a fixed sequence of pseudo-random numbers.
    #[test]
    fn the_variance_is_that_of_samples() {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            #[allow(clippy::cast_precision_loss)]
            let share = (state >> 11) as f64 / (1_u64 << 53) as f64;
            share
        };
        for block in [100.0, 4096.0, 20_000.0] {
            let interval = Interval(4096.0);
            let p = interval.probability(block);
            let estimates: Vec<InUse> = (0..2000)
                .map(|_| {
                    let sampled = f64::from((0..500).filter(|_| uniform() < p).count() as u32);
                    interval.estimate(sampled, sampled * block)
                })
                .collect();
            let mean = |of: &dyn Fn(&InUse) -> f64| estimates.iter().map(of).sum::<f64>() / 2000.0;
            let (bytes, variance) = (mean(&|e| e.bytes), mean(&|e| e.variance));
            let truth = 500.0 * block;
            let found = mean(&|e| (e.bytes - truth).powi(2));
            assert!((bytes / truth - 1.0).abs() < 0.02, "{block}: {bytes} of {truth}");
            assert!((found / variance.max(1.0) - 1.0).abs() < 0.12, "{block}: {found} of {variance}");
        }
    }
}
