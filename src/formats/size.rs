//! A size as tools print it in a field of its own: `13408`, `13.1M`, `251,5`, `123.4MiB`.

use crate::model::Measured;

/// The meaning of `K`, `M` and `G` without an `i`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Multiples {
    /// Powers of 1024: most tools.
    Binary,
    /// Powers of 1000: podman, crictl, `free --si`.
    Decimal,
}

/// A number of bytes, and the step of its last digit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// The number as it is written, in bytes.
    pub bytes: f64,
    /// One in its last digit, in bytes.
    pub step: f64,
}

impl Size {
    /// Returns the size as a tool rounds it. Whole bytes, and whole KiB of a kernel that counts pages, are exact.
    #[must_use]
    pub fn rounded(self) -> Measured {
        if self.step <= 1024.0 && self.bytes % self.step == 0.0 && (self.step == 1.0 || self.step == 1024.0) {
            return Measured::exact(self.bytes);
        }
        Measured::rounded(self.bytes, self.step / 2.0)
    }
}

/// Beyond 2⁵³ a sum of values would no longer be exact.
const TOO_MANY_BYTES: f64 = 9_007_199_254_740_992.0;

/// Parses a field that is wholly a size. `bare` is the number of bytes that a number without a unit counts.
///
/// Decimals stand after a dot or a comma; a number has no sign and no separators of thousands.
#[must_use]
pub fn size(field: &str, bare: f64, multiples: Multiples) -> Option<Size> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(field);
    let after = field.get(whole..)?;
    let decimals = after.strip_prefix(['.', ',']).map_or(0, digits);
    let end = whole + if decimals > 0 { 1 + decimals } else { 0 };
    if whole == 0 || end > 20 {
        return None;
    }
    let number: f64 = field.get(..end)?.replace(',', ".").parse().ok()?;
    let unit = field.get(end..)?.trim_start();
    let unit_bytes = if unit.is_empty() { bare } else { unit_bytes(unit, multiples)? };
    let step = unit_bytes / 10_f64.powi(i32::try_from(decimals).ok()?);
    let bytes = number * unit_bytes;
    (bytes < TOO_MANY_BYTES).then_some(Size { bytes, step })
}

/// Returns the bytes of a unit: `B`, `K`, `kB`, `KiB`, `Ki`, and so on.
#[must_use]
pub fn unit_bytes(unit: &str, multiples: Multiples) -> Option<f64> {
    let lower = unit.to_ascii_lowercase();
    if matches!(lower.as_str(), "b" | "byte" | "bytes") {
        return Some(1.0);
    }
    let power = "kmgtp".find(lower.chars().next()?)? + 1;
    let base: f64 = match (lower.get(1..)?, multiples) {
        ("i" | "ib" | "ibyte" | "ibytes", _) | ("" | "b" | "byte" | "bytes", Multiples::Binary) => 1024.0,
        ("" | "b" | "byte" | "bytes", Multiples::Decimal) => 1000.0,
        _ => return None,
    };
    Some(base.powi(i32::try_from(power).ok()?))
}

#[cfg(test)]
mod tests {
    use super::{Multiples, size};

    #[test]
    fn sizes_of_tools() {
        const MIB: f64 = 1_048_576.0;
        for (field, bare, multiples, bytes, half_width) in [
            ("13408", 1024.0, Multiples::Binary, 13408.0 * 1024.0, 0.0),
            ("13408", 1.0, Multiples::Binary, 13408.0, 0.0),
            ("13.1M", 1024.0, Multiples::Binary, 13.1 * MIB, 0.05 * MIB),
            ("1.234g", 1024.0, Multiples::Binary, 1.234 * 1024.0 * MIB, 0.512 * MIB),
            ("12m", 1024.0, Multiples::Binary, 12.0 * MIB, 0.5 * MIB),
            ("123.4MiB", 1.0, Multiples::Decimal, 123.4 * MIB, 0.05 * MIB),
            ("12.5MB", 1.0, Multiples::Decimal, 12.5e6, 0.05e6),
            ("12,5", MIB, Multiples::Binary, 12.5 * MIB, 0.05 * MIB),
            ("4 kB", 1.0, Multiples::Binary, 4096.0, 0.0),
            ("0B", 1.0, Multiples::Decimal, 0.0, 0.0),
        ] {
            let found = size(field, bare, multiples).map(super::Size::rounded);
            let found = found.map(|found| (found.value, found.half_width));
            assert!(
                found.is_some_and(
                    |(value, half)| (value - bytes).abs() < 0.01 && (half - half_width).abs() < 0.01
                ),
                "{field}: {found:?}"
            );
        }
        for field in ["", "-", "--", "1.2.3", "-5", "12q", "0,0%", "1e400", "999999999999999999999", "9E"] {
            assert_eq!(size(field, 1024.0, Multiples::Binary), None, "{field}");
        }
    }
}
