//! Sizes of container engines: `212.3MiB`, `92.3MB`, `1.5 MiB` of old versions, `--`.

use crate::formats::size::{Multiples, Size, size};
use crate::model::Measured;

/// A size, or none.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Amount {
    /// `--`: the container does not run. Or, as a limit, there is none.
    #[default]
    Missing,
    Bytes(Measured),
}

impl Amount {
    /// Parses a field that is wholly a size with its unit, or `--`.
    pub(super) fn parse(field: &str) -> Option<Self> {
        if field == "--" {
            return Some(Self::Missing);
        }
        // A unit that lacks its `B` may be one that was cut.
        if !field.ends_with('B') || !field.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        // No limit: 16EiB, 18.45EB.
        if field.ends_with("EiB") || field.ends_with("EB") {
            return Some(Self::Missing);
        }
        size(field, 1.0, Multiples::Decimal).map(|size| Self::Bytes(four_digits(size)))
    }

    pub(super) const fn bytes(self) -> Option<Measured> {
        match self {
            Self::Missing => None,
            Self::Bytes(bytes) => Some(bytes),
        }
    }
}

/// Usage and limit: `212.3MiB / 512MiB`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Usage {
    pub(super) used: Amount,
    pub(super) limit: Amount,
}

/// Returns a size that was written with four significant digits, of which zeros at the end are left out: `144MiB` is
/// 144.0.
pub(super) fn four_digits(size: Size) -> Measured {
    let Size { bytes, step } = size;
    let unit = [1e0, 1e3, 1e6, 1e9, 1e12, 1024.0, 1_048_576.0, 1_073_741_824.0, 1_099_511_627_776.0]
        .into_iter()
        .filter(|unit| (step / unit).log10().fract().abs() < 1e-9 && step <= *unit)
        .fold(f64::INFINITY, f64::min);
    if bytes < 1000.0 || !unit.is_finite() {
        return size.rounded();
    }
    let digits = (bytes / unit).max(1.0).log10().floor();
    Measured::rounded(bytes, (unit * 10_f64.powf(digits - 3.0)).min(step) / 2.0)
}

/// Parses `X / Y` at the beginning of some fields; returns the number of fields that it takes up.
///
/// Old versions part a number from its unit. A single `--` is a pair without values.
pub(super) fn pair(fields: &[&str]) -> Option<(Usage, usize)> {
    let (used, taken) = amount(fields)?;
    if fields.get(taken) != Some(&"/") {
        return (used == Amount::Missing).then_some((Usage::default(), taken));
    }
    let (limit, more) = amount(fields.get(taken + 1..)?)?;
    Some((Usage { used, limit }, taken + 1 + more))
}

/// Parses a size at the beginning of some fields, in one of them or two.
pub(super) fn amount(fields: &[&str]) -> Option<(Amount, usize)> {
    let first = *fields.first()?;
    if let Some(amount) = Amount::parse(first) {
        return Some((amount, 1));
    }
    let unit = fields.get(1).filter(|unit| unit.starts_with(|c: char| c.is_ascii_alphabetic()))?;
    Amount::parse(&format!("{first}{unit}")).map(|amount| (amount, 2))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_four_significant_digits() {
        const MIB: f64 = 1_048_576.0;
        for (field, bytes, half_width) in [
            ("212.3MiB", 212.3 * MIB, 0.05 * MIB),
            ("88.02MiB", 88.02 * MIB, 0.005 * MIB),
            ("144MiB", 144.0 * MIB, 0.05 * MIB),
            ("60MiB", 60.0 * MIB, 0.005 * MIB),
            ("1.281GiB", 1.281 * 1024.0 * MIB, 0.512 * MIB),
            ("1GiB", 1024.0 * MIB, 0.512 * MIB),
            ("1023MiB", 1023.0 * MIB, 0.5 * MIB),
            ("92.3MB", 92.3e6, 0.005e6),
            ("8.2GB", 8.2e9, 0.0005e9),
            ("512B", 512.0, 0.0),
        ] {
            let found = Amount::parse(field).and_then(Amount::bytes).unwrap();
            assert!((found.value - bytes).abs() < 1.0, "{field}: {found:?}");
            assert!((found.half_width - half_width).abs() < 1.0, "{field}: {found:?}");
        }
        assert_eq!(Amount::parse("16EiB"), Some(Amount::Missing));
        for field in ["", "512Mi", "512", "-5MiB", "MiB", "41.47%"] {
            assert_eq!(Amount::parse(field), None, "{field}");
        }
    }

    #[test]
    fn pairs_of_all_versions() {
        for (text, taken) in [
            ("212.3MiB / 512MiB 41.47%", 3),
            ("212.3 MiB / 512 MiB 41.47%", 5),
            ("-- / -- --", 3),
            ("-- --", 1),
            ("212.3MiB 41.47%", 0),
        ] {
            let fields: Vec<&str> = text.split(' ').collect();
            assert_eq!(pair(&fields).map_or(0, |(_, taken)| taken), taken, "{text}");
        }
    }
}
