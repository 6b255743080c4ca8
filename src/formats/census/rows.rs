//! Rows of tables of types.

use crate::formats::size::{Multiples, size};
use crate::model::Measured;

/// Parses a whole number with a sign, which may have commas between thousands.
pub fn whole(text: &str) -> Option<i64> {
    let digits = text.trim_start_matches(['+', '-']);
    if text.len() > digits.len() + 1 || digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let number: i64 = digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    Some(if text.starts_with('-') { -number } else { number })
}

/// Whether a text may be the name of a type.
pub fn is_type_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '<' | '['))
        && text.chars().all(|c| !c.is_whitespace() && !matches!(c, ',' | ';' | '|' | '"' | '\'' | '=' | ':'))
}

/// Whether a type is one that every Python program has, at least one of which is among the commonest.
pub fn is_common_type(name: &str) -> bool {
    const COMMON: [&str; 14] = [
        "function",
        "dict",
        "tuple",
        "list",
        "type",
        "cell",
        "set",
        "method",
        "module",
        "wrapper_descriptor",
        "getset_descriptor",
        "builtin_function_or_method",
        "ReferenceType",
        "weakref",
    ];
    COMMON.contains(&name)
}

/// Parses a size as pympler prints it, `10.49 KB` or `-320     B`; the last digit is rounded.
pub fn pympler_size(text: &str) -> Option<Measured> {
    let text = text.trim();
    let (sign, text) = text.strip_prefix('-').map_or((1.0, text), |text| (-1.0, text));
    let Measured { value, half_width } = size(text, 1.0, Multiples::Binary)?.rounded();
    Some(Measured::rounded(sign * value, half_width))
}

/// Splits the last word off a text.
pub fn last_word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_end();
    let at = text.rfind(char::is_whitespace)?;
    Some((text.get(..at)?, text.get(at..)?.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_sizes() {
        for (text, expected) in [
            ("+2320", Some(2320)),
            ("-8", Some(-8)),
            ("7", Some(7)),
            ("+-7", None),
            ("1.5", None),
            ("", None),
            ("+", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(whole(text), expected, "{text}");
        }
        for (text, expected) in [
            ("  400     B", Some((400.0, 0.0))),
            (" -320     B", Some((-320.0, 0.0))),
            ("1000.00 KB", Some((1_024_000.0, 5.12))),
            ("KB", None),
            ("-", None),
        ] {
            let found = pympler_size(text).map(|size| (size.value, size.half_width));
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(last_word("a b  12 "), Some(("a b ", "12")));
        assert_eq!(last_word("ab"), None);
    }
}
