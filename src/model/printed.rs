//! A number of bytes as it was printed: digits and unit, in four bytes.

use super::Measured;

/// The unit after a printed size. `tracemalloc` counts in powers of 1024.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Unit {
    /// `B`.
    Bytes = 0,
    /// `KiB`.
    Kibi = 1,
    /// `MiB`.
    Mebi = 2,
    /// `GiB`.
    Gibi = 3,
    /// `TiB`.
    Tebi = 4,
}

impl Unit {
    /// One of it, in bytes.
    #[must_use]
    pub const fn bytes(self) -> f64 {
        UNIT_BYTES[self as usize]
    }
}

const UNIT_BYTES: [f64; 8] = [1.0, 1024.0, 1_048_576.0, 1_073_741_824.0, 1_099_511_627_776.0, 0.0, 0.0, 0.0];
const POWERS_OF_TEN: [f64; 4] = [1.0, 10.0, 100.0, 1000.0];

/// Half of the step of the last digit, by decimals and unit; 0 for whole bytes.
const HALF_WIDTHS: [f64; 32] = {
    let mut all = [0.0; 32];
    let mut at = 1;
    while at < 32 {
        all[at] = 0.5 * UNIT_BYTES[at & 7] / POWERS_OF_TEN[at >> 3];
        at += 1;
    }
    all
};

const DIGITS: u32 = 24;
const MOST_DIGITS: u32 = (1 << DIGITS) - 1;
const UNIT_AT: u32 = DIGITS;
const DECIMALS_AT: u32 = UNIT_AT + 3;
const SIGN: u32 = 1 << (DECIMALS_AT + 2);

/// A size as it was printed, `30.6 MiB` or `-816 B`: all that is known of it, in four bytes.
///
/// From the lowest bit: 24 for the digits as a whole number, 3 for the unit, 2 for the number of decimals, 1 for the
/// sign. The two highest are free for collections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Printed(u32);

impl Printed {
    /// The size with these digits (`306` with 1 decimal is 30.6); `None` where they do not fit: beyond 16,777,215, or
    /// with more than three decimals.
    #[must_use]
    pub const fn new(digits: u64, decimals: u8, unit: Unit) -> Option<Self> {
        if digits > MOST_DIGITS as u64 || decimals > 3 {
            return None;
        }
        #[allow(clippy::cast_possible_truncation)]
        Some(Self(digits as u32 | (unit as u32) << UNIT_AT | (decimals as u32) << DECIMALS_AT))
    }

    /// The same with a minus sign before it.
    #[must_use]
    pub const fn negative(self) -> Self {
        Self(self.0 | SIGN)
    }

    /// The number of bytes. It is known to half of the step of the last digit: `Statistic.__str__` prints whole bytes
    /// below 10,240 B, one decimal below 100 units and whole units above, each rounded from the exact number (CPython,
    /// `Lib/tracemalloc.py`, `_format_size`). Whole bytes are exact.
    #[must_use]
    pub fn measured(self) -> Measured {
        let unit = UNIT_BYTES[(self.0 >> UNIT_AT & 7) as usize];
        let decimals = self.0 >> DECIMALS_AT & 3;
        let mut value = f64::from(self.0 & MOST_DIGITS) * unit;
        // A division takes longer than all else here, and most sizes have no decimals.
        if decimals > 0 {
            value /= POWERS_OF_TEN[decimals as usize];
        }
        if self.0 & SIGN != 0 {
            value = -value;
        }
        Measured::rounded(value, HALF_WIDTHS[(self.0 >> UNIT_AT & 31) as usize])
    }

    pub(super) const fn bits(self) -> u32 {
        self.0
    }

    pub(super) const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }
}

/// A number of bytes as it was written: nearly always a [`Printed`] one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// As CPython prints it.
    Printed(Printed),
    /// With more digits than fit.
    Long(Measured),
}

impl Amount {
    /// The number of bytes, and its precision.
    #[must_use]
    pub fn measured(self) -> Measured {
        match self {
            Self::Printed(printed) => printed.measured(),
            Self::Long(measured) => measured,
        }
    }

    /// The same with a minus sign before it.
    #[must_use]
    pub fn negative(self) -> Self {
        match self {
            Self::Printed(printed) => Self::Printed(printed.negative()),
            Self::Long(Measured { value, half_width }) => Self::Long(Measured::rounded(-value, half_width)),
        }
    }
}

impl From<Measured> for Amount {
    /// Whole bytes become a printed number where they fit.
    fn from(measured: Measured) -> Self {
        let magnitude = measured.value.abs();
        if measured.is_exact() && magnitude.fract() == 0.0 && magnitude <= f64::from(MOST_DIGITS) {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let printed = Printed(magnitude as u32);
            Self::Printed(if measured.value < 0.0 { printed.negative() } else { printed })
        } else {
            Self::Long(measured)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_was_printed_says_what_it_was_rounded_from() {
        let (kib, mib) = (1024.0, 1_048_576.0);
        for (digits, decimals, unit, value, half_width) in [
            (10_239, 0, Unit::Bytes, 10_239.0, 0.0),
            (0, 0, Unit::Bytes, 0.0, 0.0),
            (100, 1, Unit::Kibi, 10.0 * kib, 51.2),
            (10_240, 0, Unit::Kibi, 10_240.0 * kib, 512.0),
            (306, 1, Unit::Mebi, 30.6 * mib, 0.05 * mib),
            (16_777_215, 3, Unit::Tebi, 16_777.215 * mib * mib, 0.0005 * mib * mib),
        ] {
            let printed = Printed::new(digits, decimals, unit).unwrap();
            let measured = printed.measured();
            assert!((measured.value - value).abs() <= 1e-15 * value, "{measured:?}, {value}");
            assert!((measured.half_width - half_width).abs() <= 1e-15 * half_width, "{measured:?}");
            assert_eq!(printed.negative().measured().value, -measured.value);
        }
        assert_eq!(Printed::new(16_777_216, 0, Unit::Bytes), None);
        assert_eq!(Printed::new(1, 4, Unit::Mebi), None);
    }

    #[test]
    fn whole_bytes_are_printed_numbers() {
        for value in [0.0, 816.0, -816.0, 16_777_215.0] {
            let amount = Amount::from(Measured::exact(value));
            assert!(matches!(amount, Amount::Printed(_)));
            assert_eq!(amount.measured(), Measured::exact(value));
        }
        for measured in [Measured::exact(0.5), Measured::exact(2e7), Measured::rounded(8.0, 0.5)] {
            assert_eq!(Amount::from(measured).measured(), measured);
        }
    }
}
