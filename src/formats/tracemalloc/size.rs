//! Sizes as CPython prints them, and how exactly each text fixes the number behind it.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{char, space0};
use nom::combinator::{map, opt, verify};
use nom::{IResult, Parser};

use crate::model::Measured;

/// Units of size texts, largest exponent last. `KB` and `MB` stand in retyped dumps and mean the same.
const UNITS: [(&str, f64); 8] = [
    ("KiB", 1024.0),
    ("MiB", 1_048_576.0),
    ("GiB", 1_073_741_824.0),
    ("TiB", 1_099_511_627_776.0),
    ("KB", 1024.0),
    ("MB", 1_048_576.0),
    ("GB", 1_073_741_824.0),
    ("B", 1.0),
];

/// A size without sign: `5868 B`, `30.6 MiB`, `1,182 MiB`.
///
/// The half-width is half of the last digit's step: `Statistic.__str__` prints whole bytes below 10,240 B,
/// one decimal below 100 units and whole units above, each rounded from the exact number (CPython,
/// `Lib/tracemalloc.py`, `_format_size`).
pub fn size(input: &str) -> IResult<&str, Measured> {
    let (rest, (number, decimals)) = number(input)?;
    let (rest, _) = space0(rest)?;
    let (rest, unit) = unit(rest)?;
    Ok((rest, Measured::rounded(number * unit, half_step(decimals, unit))))
}

/// A size with its sign, in brackets: `(+5868 B)`.
pub fn signed_size(input: &str) -> IResult<&str, Measured> {
    let (rest, _) = char('(').parse(input)?;
    let (rest, sign) = sign(rest)?;
    let (rest, magnitude) = size(rest)?;
    let (rest, _) = char(')').parse(rest)?;
    Ok((rest, Measured::rounded(sign * magnitude.value, magnitude.half_width)))
}

/// A count: digits, perhaps with thousands separators that people put in.
pub fn count(input: &str) -> IResult<&str, u64> {
    let mut digits = verify(take_while1(|c: char| c.is_ascii_digit() || c == ','), |s: &str| {
        s.starts_with(|c: char| c != ',')
    });
    let (mut rest, text) = digits.parse(input)?;
    // A comma behind the last digit ends the count and belongs to the line.
    let kept = text.trim_end_matches(',');
    if kept.len() < text.len() {
        rest = &input[kept.len()..];
    }
    match kept.replace(',', "").parse() {
        Ok(n) => Ok((rest, n)),
        Err(_) => Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Digit))),
    }
}

/// A count with its sign, in brackets: `(+42)`.
pub fn signed_count(input: &str) -> IResult<&str, i64> {
    let (rest, _) = char('(').parse(input)?;
    let (rest, sign) = sign(rest)?;
    let (rest, magnitude) = count(rest)?;
    let (rest, _) = char(')').parse(rest)?;
    let magnitude = i64::try_from(magnitude).unwrap_or(i64::MAX);
    Ok((rest, if sign < 0.0 { -magnitude } else { magnitude }))
}

/// The number and how many decimals it was written with.
fn number(input: &str) -> IResult<&str, (f64, usize)> {
    let (rest, whole) = count(input)?;
    let (rest, decimals) = opt((char('.'), take_while1(|c: char| c.is_ascii_digit()))).parse(rest)?;
    #[allow(clippy::cast_precision_loss)]
    let whole = whole as f64;
    let Some((_, digits)) = decimals else { return Ok((rest, (whole, 0))) };
    let fraction = format!("0.{digits}").parse::<f64>().unwrap_or(0.0);
    Ok((rest, (whole + fraction, digits.len())))
}

fn sign(input: &str) -> IResult<&str, f64> {
    alt((map(char('+'), |_| 1.0), map(alt((tag("-"), tag("−"))), |_| -1.0))).parse(input)
}

fn unit(input: &str) -> IResult<&str, f64> {
    for (name, bytes) in UNITS {
        if let Some(rest) = input.strip_prefix(name) {
            return Ok((rest, bytes));
        }
    }
    Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Tag)))
}

/// Half of the step of the last digit, in bytes. Whole bytes up to CPython's limit of 10,239 are exact.
fn half_step(decimals: usize, unit: f64) -> f64 {
    if unit == 1.0 && decimals == 0 {
        return 0.0;
    }
    0.5 * unit * 0.1_f64.powi(i32::try_from(decimals).unwrap_or(i32::MAX))
}

/// Narrows a size with `count × average`, which is often the more exact of the two.
///
/// An average is a true division, so even in whole bytes it is rounded by up to half a byte a block.
pub fn narrowed(size: Measured, blocks: u64, average: Measured) -> Measured {
    #[allow(clippy::cast_precision_loss)]
    let blocks = blocks as f64;
    let half_width = average.half_width.max(0.5) * blocks;
    let product = Measured::rounded(average.value * blocks, half_width);
    if size.is_exact() || half_width >= size.half_width || !size.agrees_with(product) {
        return size;
    }
    let (low, high) = (size.low().max(product.low()), size.high().min(product.high()));
    if low > high { size } else { Measured::rounded(f64::midpoint(low, high), (high - low) / 2.0) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_text_fixes_the_number_to_half_its_last_digit() {
        let kib: f64 = 1024.0;
        for (text, value, half_width) in [
            ("0 B", 0.0, 0.0),
            ("10239 B", 10_239.0, 0.0),
            ("10.0 KiB", 10.0 * kib, 51.2),
            ("99.9 KiB", 99.9 * kib, 51.2),
            ("100.0 KiB", 100.0 * kib, 51.2),
            ("100 KiB", 100.0 * kib, 512.0),
            ("10240 KiB", 10_240.0 * kib, 512.0),
            ("30.6 MiB", 30.6 * kib * kib, 52_428.8),
            ("6000 MiB", 6000.0 * kib * kib, 524_288.0),
            ("27.7 GiB", 27.7 * kib * kib * kib, 53_687_091.2),
            ("10.0 TiB", 10.0 * kib.powi(4), 0.05 * kib.powi(4)),
            ("1,182 MiB", 1182.0 * kib * kib, 524_288.0),
            ("62.5KiB", 62.5 * kib, 51.2),
            ("93 MB", 93.0 * kib * kib, 524_288.0),
        ] {
            let (rest, read) = size(text).unwrap();
            assert!(rest.is_empty(), "{text}: left {rest}");
            assert!((read.value - value).abs() < 1e-6 * value.max(1.0), "{text}: {read:?}");
            assert!((read.half_width - half_width).abs() < 1e-6 * half_width.max(1.0), "{text}: {read:?}");
        }
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for text in
            ["", "B", "30.6", "4o.0 KiB", "5, count=920", "-3 B", ".5 KiB", ",5 B", "18446744073709551616 B"]
        {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_change_carries_its_sign() {
        for (text, value) in [("(+5868 B)", 5868.0), ("(-816 B)", -816.0), ("(+0 B)", 0.0), ("(−1 B)", -1.0)]
        {
            assert_eq!(signed_size(text).unwrap().1, Measured::exact(value), "{text}");
        }
        for text in ["(5868 B)", "+5868 B", "(+5868)", "(+58"] {
            assert!(signed_size(text).is_err(), "{text}");
        }
        assert_eq!(signed_count("(-1974)").unwrap().1, -1974);
        assert_eq!(count("12,238,515, average").unwrap(), (", average", 12_238_515));
    }

    #[test]
    fn the_average_narrows_a_rounded_size() {
        let size = Measured::rounded(30.6 * 1_048_576.0, 52_428.8);
        // 229,614 blocks of 140 B ± 0.5: too loose to help.
        assert_eq!(narrowed(size, 229_614, Measured::exact(140.0)), size);
        // 6 blocks of 5351 KiB ± 0.5 KiB fix it to 3 KiB.
        let tighter = narrowed(
            Measured::rounded(31.4 * 1_048_576.0, 52_428.8),
            6,
            Measured::rounded(5351.0 * 1024.0, 512.0),
        );
        assert!(tighter.half_width <= 3072.0, "{tighter:?}");
        // A contradiction is left alone.
        assert_eq!(narrowed(size, 2, Measured::exact(140.0)), size);
    }
}
