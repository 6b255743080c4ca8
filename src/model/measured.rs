//! A measured number of bytes, and its precision.

use std::ops::{Add, Sub};

/// A number of bytes with a half-width: the true value lies within `value ± half_width`.
///
/// `30.6 MiB` is 30.6 × 2²⁰ ± 0.05 × 2²⁰; `5868 B` is exact (half-width 0). Half-widths are bounds, not
/// standard deviations, so they add.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measured {
    /// The number of bytes as written.
    pub value: f64,
    /// Half of the rounding step, in bytes; 0 where the number is exact.
    pub half_width: f64,
}

impl Measured {
    /// An exactly known number of bytes.
    #[must_use]
    pub const fn exact(value: f64) -> Self {
        Self { value, half_width: 0.0 }
    }

    /// A number of bytes known to within `half_width`.
    #[must_use]
    pub const fn rounded(value: f64, half_width: f64) -> Self {
        Self { value, half_width }
    }

    /// Whether the number is known to the byte.
    #[must_use]
    pub fn is_exact(self) -> bool {
        self.half_width == 0.0
    }

    /// The least number of bytes it can be.
    #[must_use]
    pub fn low(self) -> f64 {
        self.value - self.half_width
    }

    /// The greatest number of bytes it can be.
    #[must_use]
    pub fn high(self) -> f64 {
        self.value + self.half_width
    }

    /// Narrows a size with `blocks × average`, which is often the more exact of the two.
    ///
    /// An average is a true division, so even in whole bytes it is rounded by up to half a byte a block. Where the two
    /// contradict each other the size is left alone.
    #[must_use]
    pub fn narrowed(self, blocks: u64, average: Self) -> Self {
        #[allow(clippy::cast_precision_loss)]
        let blocks = blocks as f64;
        let half_width = average.half_width.max(0.5) * blocks;
        let product = Self::rounded(average.value * blocks, half_width);
        if self.is_exact() || half_width >= self.half_width || !self.agrees_with(product) {
            return self;
        }
        let (low, high) = (self.low().max(product.low()), self.high().min(product.high()));
        if low > high { self } else { Self::rounded(f64::midpoint(low, high), (high - low) / 2.0) }
    }

    /// Whether both can be readings of one and the same number.
    #[must_use]
    pub fn agrees_with(self, other: Self) -> bool {
        // Half a byte of slack: a size printed in whole bytes was itself an integer or rounded to one.
        (self.value - other.value).abs() <= self.half_width + other.half_width + 0.5
    }
}

impl Add for Measured {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { value: self.value + other.value, half_width: self.half_width + other.half_width }
    }
}

impl Sub for Measured {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { value: self.value - other.value, half_width: self.half_width + other.half_width }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_widths_add_in_sums_and_differences() {
        let size = Measured::rounded(30.6 * 1_048_576.0, 52_428.8);
        let change = Measured::exact(5868.0);
        assert_eq!((size - change).half_width, 52_428.8);
        assert_eq!((size + size).half_width, 2.0 * 52_428.8);
        assert!(!size.is_exact() && change.is_exact());
    }

    #[test]
    fn the_average_narrows_a_rounded_size() {
        let size = Measured::rounded(30.6 * 1_048_576.0, 52_428.8);
        // 229,614 blocks of 140 B ± 0.5: too loose to help.
        assert_eq!(size.narrowed(229_614, Measured::exact(140.0)), size);
        // 6 blocks of 5351 KiB ± 0.5 KiB fix it to 3 KiB.
        let rounded = Measured::rounded(31.4 * 1_048_576.0, 52_428.8);
        let tighter = rounded.narrowed(6, Measured::rounded(5351.0 * 1024.0, 512.0));
        assert!(tighter.half_width <= 3072.0, "{tighter:?}");
        // A contradiction is left alone.
        assert_eq!(size.narrowed(2, Measured::exact(140.0)), size);
    }

    #[test]
    fn readings_agree_when_their_ranges_touch() {
        let a = Measured::rounded(1000.0, 10.0);
        assert!(a.agrees_with(Measured::rounded(1019.0, 9.0)));
        assert!(!a.agrees_with(Measured::rounded(1021.0, 9.0)));
        assert!(Measured::exact(7.0).agrees_with(Measured::exact(7.0)));
        assert!(!Measured::exact(7.0).agrees_with(Measured::exact(8.0)));
    }
}
