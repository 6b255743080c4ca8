//! Sizes and counts as CPython prints them.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{char, space0};
use nom::combinator::{map, opt, verify};
use nom::{IResult, Parser};

use crate::model::{Amount, Measured, Printed, Unit};

/// Units of size texts. `KB`, `MB` and the like stand in retyped lists and in those of other printers, who divide by
/// 1024 or its powers whatever they call it, and mean the same.
const UNITS: [(&str, Unit); 15] = [
    ("KiB", Unit::Kibi),
    ("MiB", Unit::Mebi),
    ("GiB", Unit::Gibi),
    ("TiB", Unit::Tebi),
    ("KB", Unit::Kibi),
    ("MB", Unit::Mebi),
    ("GB", Unit::Gibi),
    ("TB", Unit::Tebi),
    ("kB", Unit::Kibi),
    ("kb", Unit::Kibi),
    ("mb", Unit::Mebi),
    ("gb", Unit::Gibi),
    ("bytes", Unit::Bytes),
    ("byte", Unit::Bytes),
    ("B", Unit::Bytes),
];

/// A size without sign: `5868 B`, `30.6 MiB`, `1,182 MiB`.
pub fn size(input: &str) -> IResult<&str, Amount> {
    let (rest, (whole, decimals)) = number(input)?;
    let (rest, _) = space0(rest)?;
    let (rest, unit) = unit(rest)?;
    Ok((rest, amount(whole, decimals, unit)))
}

/// A size with its sign, in brackets: `(+5868 B)`.
pub fn signed_size(input: &str) -> IResult<&str, Amount> {
    let (rest, _) = char('(').parse(input)?;
    let (rest, sign) = sign(rest)?;
    let (rest, magnitude) = size(rest)?;
    let (rest, _) = char(')').parse(rest)?;
    Ok((rest, if sign < 0.0 { magnitude.negative() } else { magnitude }))
}

/// A count: digits, perhaps with thousands separators that people put in.
pub fn count(input: &str) -> IResult<&str, u64> {
    let mut digits = verify(take_while1(|c: char| c.is_ascii_digit() || c == ','), |s: &str| {
        s.starts_with(|c: char| c != ',')
    });
    let (mut rest, text) = digits.parse(input)?;
    // A comma after the last digit ends the count and belongs to the line.
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

/// The whole part of a number and the decimals that it was written with.
fn number(input: &str) -> IResult<&str, (u64, &str)> {
    let (rest, whole) = count(input)?;
    let (rest, decimals) = opt((char('.'), take_while1(|c: char| c.is_ascii_digit()))).parse(rest)?;
    Ok((rest, (whole, decimals.map_or("", |(_, digits)| digits))))
}

/// The amount that whole part, decimals and unit make.
fn amount(whole: u64, decimals: &str, unit: Unit) -> Amount {
    let places = u32::try_from(decimals.len()).unwrap_or(u32::MAX);
    let digits = 10_u64
        .checked_pow(places)
        .and_then(|power| whole.checked_mul(power))
        .and_then(|digits| digits.checked_add(decimals.parse().unwrap_or(0)));
    let printed = digits.zip(u8::try_from(places).ok()).and_then(|(d, n)| Printed::new(d, n, unit));
    printed.map_or_else(|| Amount::Long(long(whole, decimals, unit)), Amount::Printed)
}

/// An amount with more digits than CPython prints. Whole bytes are exact, all else is known to half of the last step.
fn long(whole: u64, decimals: &str, unit: Unit) -> Measured {
    #[allow(clippy::cast_precision_loss)]
    let whole = whole as f64;
    let fraction = format!("0.{decimals}").parse::<f64>().unwrap_or(0.0);
    let half_width = match (unit, decimals.len()) {
        (Unit::Bytes, 0) => 0.0,
        (_, places) => 0.5 * unit.bytes() * 0.1_f64.powi(i32::try_from(places).unwrap_or(i32::MAX)),
    };
    Measured::rounded((whole + fraction) * unit.bytes(), half_width)
}

fn sign(input: &str) -> IResult<&str, f64> {
    alt((map(char('+'), |_| 1.0), map(alt((tag("-"), tag("−"))), |_| -1.0))).parse(input)
}

fn unit(input: &str) -> IResult<&str, Unit> {
    for (name, unit) in UNITS {
        // A unit that begins a word is none: `3 Bananas`. Where line ends were lost the next word begins with a
        // capital.
        if let Some(rest) =
            input.strip_prefix(name).filter(|rest| !rest.starts_with(|c: char| c.is_lowercase()))
        {
            return Ok((rest, unit));
        }
    }
    Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Tag)))
}

/// Returns the length of the unit at the beginning of a text.
#[must_use]
pub fn unit_length(input: &str) -> Option<usize> {
    unit(input).ok().map(|(rest, _)| input.len() - rest.len())
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
            ("123456789 B", 123_456_789.0, 0.0),
            ("0.12345 MiB", 0.12345 * kib * kib, 0.000_005 * kib * kib),
        ] {
            let (rest, read) = size(text).unwrap();
            let read = read.measured();
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
            assert_eq!(signed_size(text).unwrap().1.measured(), Measured::exact(value), "{text}");
        }
        for text in ["(5868 B)", "+5868 B", "(+5868)", "(+58"] {
            assert!(signed_size(text).is_err(), "{text}");
        }
        assert_eq!(signed_count("(-1974)").unwrap().1, -1974);
        assert_eq!(count("12,238,515, average").unwrap(), (", average", 12_238_515));
    }
}
