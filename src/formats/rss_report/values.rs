//! A kernel counter on a line: `RssAnon:\t  941804 kB`, wherever on the line it stands.

use crate::model::Metric;
use memchr::{memchr_iter, memchr3_iter};
use nom::bytes::complete::take_while;
use nom::character::complete::{alpha0, digit1};
use nom::sequence::preceded;
use nom::{IResult, Parser};

/// A key with what stands behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found<'a> {
    /// What was measured.
    pub(super) metric: Metric,
    /// Where the key begins, in bytes.
    pub(super) start: usize,
    /// The value in bytes, or what is wrong with it.
    pub(super) bytes: Result<u64, Damage<'a>>,
}

/// Why a value cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Damage<'a> {
    /// Nothing stands behind the key.
    Nothing,
    /// There is no number, but this.
    NoNumber(&'a str),
    /// The number has no unit, so it may have been cut.
    NoUnit(&'a str),
    /// The number has another unit than kB.
    Unit(&'a str),
    /// The number has more digits than a machine has bytes.
    TooLarge(&'a str),
}

impl Damage<'_> {
    /// The sentence for a notice: what was expected and what stood there.
    pub(super) fn message(&self, key: &str, at_end: bool) -> String {
        let cut = if at_end { ", where the input ends" } else { "" };
        match self {
            Self::Nothing => format!("expected a number of kB behind {key}:, found nothing{cut}"),
            Self::NoNumber(text) => format!("expected a number of kB behind {key}:, found {text:?}"),
            Self::NoUnit(number) => {
                format!("expected kB behind {key}: {number}, found nothing{cut}; the number may be cut")
            }
            Self::Unit(unit) => format!("expected kB behind the number of {key}:, found {unit:?}{cut}"),
            Self::TooLarge(number) => format!("{key}: {number} kB is more than any machine has"),
        }
    }
}

/// All keys of a line with their values, from left to right.
pub(super) fn values(line: &str) -> impl Iterator<Item = Found<'_>> {
    memchr_iter(b':', line.as_bytes()).filter_map(move |colon| {
        let (metric, start) = key_before(line, colon)?;
        let rest = line.get(colon + 1..)?;
        match amount(rest) {
            // What looks like a unit may be the next key.
            Ok((rest, (number, _))) if rest.starts_with(':') => {
                Some(Found { metric, start, bytes: bytes(number, "") })
            }
            Ok((_, (number, unit))) => Some(Found { metric, start, bytes: bytes(number, unit) }),
            Err(_) => no_number(line, start, rest).map(|damage| Found { metric, start, bytes: Err(damage) }),
        }
    })
}

/// The metric and the value in bytes of a line that is nothing but `RssAnon:\t  941804 kB`, as the kernel writes it;
/// `None` for all others, and for what needs a closer look.
pub(super) fn bare(line: &str) -> Option<(Metric, u64)> {
    let line = line.as_bytes();
    let (metric, key) = match line.first_chunk()? {
        b"RssAnon:" => (Metric::RssAnon, 8),
        b"RssFile:" => (Metric::RssFile, 8),
        b"RssShmem" if line.get(8) == Some(&b':') => (Metric::RssShmem, 9),
        [b'V', b'm', b'R', b'S', b'S', b':', ..] => (Metric::VmRss, 6),
        [b'V', b'm', b'S', b'w', b'a', b'p', b':', _] => (Metric::VmSwap, 7),
        [b'V', b'm', b'S', b'i', b'z', b'e', b':', _] => (Metric::VmSize, 7),
        [b'V', b'm', b'H', b'W', b'M', b':', ..] => (Metric::VmHwm, 6),
        [b'R', b's', b's', b':', ..] => (Metric::Rss, 4),
        [b'P', b's', b's', b':', ..] => (Metric::Pss, 4),
        _ => return None,
    };
    let text = line.get(key..)?;
    // Terminals end lines with both.
    let text = text.strip_suffix(b"\r").unwrap_or(text).strip_suffix(b" kB")?;
    let blanks = text.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let digits = text.get(blanks..)?;
    // Twelve digits of kB are less than 2^53 bytes.
    if !(1..=12).contains(&digits.len()) {
        return None;
    }
    let mut kib = 0_u64;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        kib = kib * 10 + u64::from(digit);
    }
    Some((metric, kib * 1024))
}

/// Whether a line may hold a key, told without looking at its words: all keys have `Rs`, `Ps` or `Vm`.
pub(super) fn may_hold_key(line: &str) -> bool {
    let line = line.as_bytes();
    memchr3_iter(b'R', b'P', b'V', line).any(|at| {
        matches!((line.get(at), line.get(at + 1)), (Some(b'R' | b'P'), Some(b's')) | (Some(b'V'), Some(b'm')))
    })
}

/// The metric whose name ends at a colon, and where the name begins.
fn key_before(line: &str, colon: usize) -> Option<(Metric, usize)> {
    let before = line.get(..colon)?;
    // Most colons of a log end no key: one look at the letter before tells.
    let candidates: &[Metric] = match before.bytes().next_back()? {
        b'n' => &[Metric::RssAnon],
        b'e' => &[Metric::RssFile, Metric::VmSize],
        b'm' => &[Metric::RssShmem],
        b'S' => &[Metric::VmRss],
        b's' => &[Metric::Rss, Metric::Pss],
        b'p' => &[Metric::VmSwap],
        b'M' => &[Metric::VmHwm],
        _ => return None,
    };
    let metric = candidates.iter().copied().find(|metric| before.ends_with(metric.name()))?;
    let start = colon - metric.name().len();
    // `SwapPss:` and `Xrss` are other counters.
    let joined = before.get(..start)?.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
    (!joined).then_some((metric, start))
}

fn is_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\u{a0}')
}

/// A number and the word behind it, blanks between them.
fn amount(text: &str) -> IResult<&str, (&str, &str)> {
    let blanks = || take_while(is_blank);
    (preceded(blanks(), digit1), preceded(blanks(), alpha0)).parse(text)
}

fn bytes<'a>(number: &'a str, unit: &'a str) -> Result<u64, Damage<'a>> {
    match unit {
        "kB" | "KB" | "kb" | "Kb" => number
            .parse::<u64>()
            .ok()
            .and_then(|kib| kib.checked_mul(1024))
            // Beyond 2^53 a sum of values would no longer be exact.
            .filter(|bytes| *bytes < 1 << 53)
            .ok_or(Damage::TooLarge(number)),
        "" => Err(Damage::NoUnit(number)),
        _ => Err(Damage::Unit(unit)),
    }
}

/// What is wrong behind a key without a number; `None` if the key is but a word in a sentence.
fn no_number<'a>(line: &str, start: usize, rest: &'a str) -> Option<Damage<'a>> {
    let text = rest.trim_matches(is_blank);
    let at_head = line.get(..start)?.chars().all(|c| !c.is_alphanumeric());
    if text.is_empty() {
        return Some(Damage::Nothing);
    }
    let end = text.char_indices().nth(24).map_or(text.len(), |(end, _)| end);
    let like_a_number =
        text.starts_with(['-', '+', '?', '.', '~']) || text.bytes().take(8).any(|b| b.is_ascii_digit());
    (at_head && like_a_number).then(|| Damage::NoNumber(text.get(..end).unwrap_or(text)))
}
