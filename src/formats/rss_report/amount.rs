//! A number of bytes as people and programs write it: `941804 kB`, `1,026,404 kB`, `88.5 MB`.

use crate::model::Measured;

/// The meaning of a dot before three digits, as far as the report has shown it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Dots {
    /// Nothing was seen of it.
    #[default]
    Unknown,
    /// It begins decimals: `1263.6 kB`.
    Decimals,
    /// It parts thousands: `1.026.404 kB`.
    Thousands,
}

/// The reason for which no number of bytes was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault<'a> {
    /// No number stands there.
    NoNumber,
    /// Nothing stands after this number.
    NoUnit(&'a str),
    /// Another word stands after the number.
    Unit {
        /// The number.
        number: &'a str,
        /// The text from the word on.
        rest: &'a str,
    },
    /// The number has more digits than any machine has bytes.
    TooLarge(&'a str),
}

/// The units, in lower case, with their bytes. All are powers of 1024: the kernel's kB is one, and those who turn it
/// into MB divide by 1024 again. (`88.5 MB` would be 4.6 % less if they did not.)
const UNITS: [(&str, f64); 14] = [
    ("kb", 1024.0),
    ("kib", 1024.0),
    ("mb", 1_048_576.0),
    ("mib", 1_048_576.0),
    ("gb", 1_073_741_824.0),
    ("gib", 1_073_741_824.0),
    ("tb", 1_099_511_627_776.0),
    ("tib", 1_099_511_627_776.0),
    ("b", 1.0),
    ("byte", 1.0),
    ("bytes", 1.0),
    ("kbytes", 1024.0),
    ("mbytes", 1_048_576.0),
    ("gbytes", 1_073_741_824.0),
];

/// Beyond 2⁵³ a sum of values would no longer be exact.
const TOO_MANY_BYTES: f64 = 9_007_199_254_740_992.0;
/// The digits of the largest number that is looked at.
const MOST_DIGITS: usize = 18;
/// The smallest page of memory in KiB: the kernel counts whole pages.
const PAGE_KIB: u64 = 4;

/// Parses a number and its unit at the beginning of a text. `pages` says that it counts whole pages.
///
/// Whole numbers of kB and of bytes are exact; all others are known to half of the step of their last digit.
pub(super) fn amount<'a>(text: &'a str, pages: bool, dots: &mut Dots) -> Result<Measured, Fault<'a>> {
    let (number, rest) = number(text).ok_or(Fault::NoNumber)?;
    let at_unit = unit(rest);
    let unit = word(at_unit);
    let usual = (unit == "kB").then_some(&UNITS[0]);
    let Some(&(_, bytes)) = usual.or_else(|| UNITS.iter().find(|(name, _)| is_unit(unit, name))) else {
        let fault = Fault::Unit { number: number.text, rest: at_unit };
        return Err(if unit.is_empty() { Fault::NoUnit(number.text) } else { fault });
    };
    let (digits, decimals) = number.read(bytes, pages, dots).ok_or(Fault::TooLarge(number.text))?;
    #[allow(clippy::cast_precision_loss, reason = "numbers beyond 2^53 are refused")]
    let step = bytes / 10_f64.powi(i32::from(decimals));
    let value = digits as f64 * step;
    if value >= TOO_MANY_BYTES {
        return Err(Fault::TooLarge(number.text));
    }
    let is_exact = decimals == 0 && bytes <= 1024.0;
    Ok(if is_exact { Measured::exact(value) } else { Measured::rounded(value, step / 2.0) })
}

/// A lone `k` is what is left of a `kB` that was cut off.
fn is_unit(unit: &str, name: &str) -> bool {
    let is_letter = matches!(unit, "K" | "M" | "G" | "T") && name.len() == 2;
    unit.eq_ignore_ascii_case(name)
        || is_letter && name.starts_with(&unit.to_ascii_lowercase()) && name.ends_with('b')
}

/// A number as it is written.
struct Number<'a> {
    text: &'a str,
    /// The sign between its groups of digits; none if there is but one group.
    separator: Option<char>,
    groups: usize,
    /// The digits after the sign of decimals, which is another than that between the groups.
    decimals: usize,
}

/// Parses digits in groups, and decimals; returns the number and the text after it.
fn number(text: &str) -> Option<(Number<'_>, &str)> {
    let first = digits(text);
    if first == 0 {
        return None;
    }
    let mut end = first;
    let mut separator = None;
    let mut groups = 1;
    while let Some((sign, length)) =
        group(text.get(end..)?, first).filter(|(sign, _)| separator.is_none_or(|s| s == *sign))
    {
        separator = Some(sign);
        groups += 1;
        end += length;
    }
    let rest = text.get(end..)?;
    let after_sign = rest.strip_prefix(['.', ',']).map_or(0, digits);
    let is_other_sign = rest.chars().next() != separator;
    let decimals = if is_other_sign { after_sign } else { 0 };
    if decimals > 0 {
        end += 1 + decimals;
    }
    let number = Number { text: text.get(..end)?, separator, groups, decimals };
    Some((number, text.get(end..)?))
}

/// A sign and the group of digits after it, with their length: `,026`, and `,26` of `10,26,404`.
fn group(text: &str, first: usize) -> Option<(char, usize)> {
    let sign = text.chars().next().filter(|sign| is_separator(*sign))?;
    let rest = text.get(sign.len_utf8()..)?;
    let count = digits(rest);
    let goes_on = || sign == ',' && rest.as_bytes().get(count) == Some(&b',');
    let is_group = first <= 3 && (count == 3 || count == 2 && goes_on());
    is_group.then_some((sign, sign.len_utf8() + count))
}

const fn is_separator(sign: char) -> bool {
    matches!(sign, ',' | '.' | '\'' | '’' | '_' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

impl Number<'_> {
    /// Returns the digits as a whole number, and how many of them are decimals; `None` if there are too many.
    fn read(&self, unit: f64, pages: bool, dots: &mut Dots) -> Option<(u64, u8)> {
        let all: String = self.text.chars().filter(char::is_ascii_digit).collect();
        if all.len() > MOST_DIGITS {
            return None;
        }
        let digits = all.parse().ok()?;
        let has_one_group = self.groups == 2 && self.decimals == 0;
        let decimals = match self.separator {
            Some('.') if has_one_group => {
                // `998.404 kB`: the kernel prints whole pages, and no decimals.
                let is_whole = pages && digits % PAGE_KIB == 0 && !all.starts_with('0');
                let are_thousands = *dots == Dots::Thousands || *dots == Dots::Unknown && is_whole;
                if unit == 1024.0 && are_thousands {
                    *dots = Dots::Thousands;
                    0
                } else {
                    3
                }
            }
            // `1,234 GB` is no size of a process in thousands.
            Some(',') if has_one_group && unit > 1_048_576.0 => 3,
            Some('.') => {
                *dots = Dots::Thousands;
                self.decimals
            }
            _ => self.decimals,
        };
        if self.separator.is_none() && self.decimals > 0 && self.text.contains('.') && unit == 1024.0 {
            *dots = Dots::Decimals;
        }
        Some((digits, u8::try_from(decimals).ok()?))
    }
}

/// The text from the word after a number on: blanks, marks of Markdown and the bar of a table may stand between.
fn unit(rest: &str) -> &str {
    let near = blanks(blanks(rest).trim_start_matches(['*', '`']));
    if !word(near).is_empty() {
        return near;
    }
    let cell = blanks(rest).strip_prefix('|').map_or("", blanks);
    if UNITS.iter().any(|(name, _)| word(cell).eq_ignore_ascii_case(name)) { cell } else { "" }
}

/// Returns the letters at the beginning of a text.
pub(super) fn word(text: &str) -> &str {
    let end = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    text.get(..end).unwrap_or("")
}

/// Returns a text without the blanks at its beginning, be they of a web page or not.
pub(super) fn blanks(text: &str) -> &str {
    let mut rest = text;
    loop {
        let bare = rest.trim_start_matches([' ', '\t', '\u{a0}', '\u{202f}', '\u{2009}']);
        rest = bare.strip_prefix("&nbsp;").unwrap_or(bare);
        if rest.len() == bare.len() {
            return rest;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Measured, Fault<'_>> {
        amount(text, true, &mut Dots::Unknown)
    }

    #[test]
    fn numbers_are_read_with_their_exactness() {
        const KIB: f64 = 1024.0;
        const MIB: f64 = KIB * KIB;
        const GIB: f64 = MIB * KIB;
        for (text, value, half_width) in [
            ("941804 kB", 941_804.0 * KIB, 0.0),
            ("90000 KiB", 90_000.0 * KIB, 0.0),
            ("90000 KB", 90_000.0 * KIB, 0.0),
            ("90000K", 90_000.0 * KIB, 0.0),
            ("0 kB", 0.0, 0.0),
            ("92160000 B", 92_160_000.0, 0.0),
            ("92160000 bytes", 92_160_000.0, 0.0),
            ("88.5 MB", 88.5 * MIB, 0.05 * MIB),
            ("88.5 MiB", 88.5 * MIB, 0.05 * MIB),
            ("88,5 MB", 88.5 * MIB, 0.05 * MIB),
            ("88 MB", 88.0 * MIB, 0.5 * MIB),
            ("88.50 M", 88.5 * MIB, 0.005 * MIB),
            ("1.234 GB", 1.234 * GIB, 0.0005 * GIB),
            ("1,234 GB", 1.234 * GIB, 0.0005 * GIB),
            ("1,234 MB", 1234.0 * MIB, 0.5 * MIB),
            ("1263.6 kB", 1263.6 * KIB, 0.05 * KIB),
            // thousands
            ("1,026,404 kB", 1_026_404.0 * KIB, 0.0),
            ("998,404 kB", 998_404.0 * KIB, 0.0),
            ("1.026.404 kB", 1_026_404.0 * KIB, 0.0),
            ("998.404 kB", 998_404.0 * KIB, 0.0),
            ("1 026 404 kB", 1_026_404.0 * KIB, 0.0),
            ("1\u{a0}026\u{202f}404 kB", 1.0, -1.0),
            ("1\u{202f}026\u{202f}404 kB", 1_026_404.0 * KIB, 0.0),
            ("1'026'404 kB", 1_026_404.0 * KIB, 0.0),
            ("1’026’404 kB", 1_026_404.0 * KIB, 0.0),
            ("1_026_404 kB", 1_026_404.0 * KIB, 0.0),
            ("10,26,404 kB", 1_026_404.0 * KIB, 0.0),
            ("1,026.5 MB", 1026.5 * MIB, 0.05 * MIB),
            ("1.026,5 MB", 1026.5 * MIB, 0.05 * MIB),
            // no whole pages
            ("1.234 kB", 1.234 * KIB, 0.0005 * KIB),
            ("0.512 kB", 0.512 * KIB, 0.0005 * KIB),
            // between number and unit
            ("90000** kB", 90_000.0 * KIB, 0.0),
            ("90000&nbsp;kB<br>", 90_000.0 * KIB, 0.0),
            ("90000 | kB |", 90_000.0 * KIB, 0.0),
        ] {
            let found = read(text);
            if half_width < 0.0 {
                assert!(found.is_err(), "{text}: {found:?}");
                continue;
            }
            let found = found.unwrap();
            assert!((found.value - value).abs() < 1e-6 * value.max(1.0), "{text}: {found:?}");
            assert!((found.half_width - half_width).abs() < 1e-6 * half_width.max(1.0), "{text}: {found:?}");
        }
    }

    #[test]
    fn what_is_no_number_of_bytes_is_said() {
        for (text, fault) in [
            ("kB", Fault::NoNumber),
            ("-5 kB", Fault::NoNumber),
            ("90000", Fault::NoUnit("90000")),
            ("90000, \"a\"", Fault::NoUnit("90000")),
            ("1,026,404", Fault::NoUnit("1,026,404")),
            ("9418 k", Fault::Unit { number: "9418", rest: "k" }),
            ("9 pages", Fault::Unit { number: "9", rest: "pages" }),
            ("12 | 13 |", Fault::NoUnit("12")),
            ("99999999999999999999 kB", Fault::TooLarge("99999999999999999999")),
            ("9999999999999 kB", Fault::TooLarge("9999999999999")),
        ] {
            assert_eq!(read(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn dots_mean_one_thing_throughout() {
        let mut dots = Dots::Unknown;
        let mut read = |text| amount(text, false, &mut dots).unwrap().value / 1024.0;
        assert_eq!(read("998.403 kB"), 998.403);
        assert_eq!(read("1.012.403 kB"), 1_012_403.0);
        assert_eq!(read("998.403 kB"), 998_403.0);
        let mut dots = Dots::Unknown;
        let mut read = |text| amount(text, true, &mut dots).unwrap().value / 1024.0;
        assert_eq!(read("998.5 kB"), 998.5);
        assert_eq!(read("998.404 kB"), 998.404);
    }
}
