//! A kernel counter on a line: `RssAnon:\t  941804 kB`, wherever on the line and in whatever notation it stands.

use memchr::memchr3_iter;

use super::amount::{Dots, Fault, amount, blanks, word};
use crate::model::{Measured, Metric};

/// A key with the value after it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found<'a> {
    /// The metric.
    pub(super) metric: Metric,
    /// The byte at which the key begins.
    pub(super) start: usize,
    /// The value in bytes, or the reason for which there is none.
    pub(super) value: Result<Measured, Damage<'a>>,
}

/// The reason for which a value cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Damage<'a> {
    /// Nothing stands after the key.
    Nothing,
    /// There is no number, but this.
    NoNumber(&'a str),
    /// The number has no unit, so it may have been cut.
    NoUnit(&'a str),
    /// The number has an unknown unit.
    Unit(&'a str),
    /// The number has more digits than a machine has bytes.
    TooLarge(&'a str),
}

impl Damage<'_> {
    /// Returns the sentence for a notice: the expectation, and what stood there.
    pub(super) fn message(&self, key: &str, at_end: bool) -> String {
        let cut = if at_end { ", where the input ends" } else { "" };
        match self {
            Self::Nothing => format!("expected a number of kB after {key}:, found nothing{cut}"),
            Self::NoNumber(text) => format!("expected a number of kB after {key}:, found {text:?}"),
            Self::NoUnit(number) => {
                format!("expected kB after {key}: {number}, found nothing{cut}; the number may be cut")
            }
            Self::Unit(unit) => format!("expected kB after the number of {key}:, found {unit:?}{cut}"),
            Self::TooLarge(number) => format!("{key}: {number} kB is more than any machine has"),
        }
    }
}

/// Returns all keys of a line with their values, from left to right.
pub(super) fn values<'a, 'd>(
    line: &'a str,
    dots: &'d mut Dots,
) -> impl Iterator<Item = Found<'a>> + use<'a, 'd> {
    memchr3_iter(b'R', b'P', b'V', line.as_bytes()).filter_map(move |start| {
        let (metric, rest) = key(line, start)?;
        let start = if metric == Metric::SWAP_PSS { start - "Swap".len() } else { start };
        let (rest, sign) = after_key(rest)?;
        // Shares of pages are no whole pages.
        let pages = !metric.name().contains("Pss");
        let value = match amount(rest, pages, dots) {
            Ok(value) => Ok(value),
            Err(Fault::TooLarge(number)) => Err(Damage::TooLarge(number)),
            Err(Fault::NoUnit(number)) => Err(Damage::NoUnit(number)),
            // The word may be the next key.
            Err(Fault::Unit { number, rest }) if key(rest, 0).is_some() => Err(Damage::NoUnit(number)),
            Err(Fault::Unit { rest, .. }) => Err(Damage::Unit(word(rest))),
            Err(Fault::NoNumber) => Err(no_number(line, start, rest, sign)?),
        };
        Some(Found { metric, start, value })
    })
}

/// The metric and the value in bytes of a line that is nothing but `RssAnon:\t  941804 kB`, as the kernel writes it;
/// `None` for all others, and for what needs a closer look.
pub(super) fn bare(line: &str) -> Option<(Metric, u64)> {
    let line = line.as_bytes();
    let (metric, key) = match line.first_chunk()? {
        b"RssAnon:" => (Metric::RSS_ANON, 8),
        b"RssFile:" => (Metric::RSS_FILE, 8),
        b"RssShmem" if line.get(8) == Some(&b':') => (Metric::RSS_SHMEM, 9),
        [b'V', b'm', b'R', b'S', b'S', b':', ..] => (Metric::VM_RSS, 6),
        [b'V', b'm', b'S', b'w', b'a', b'p', b':', _] => (Metric::VM_SWAP, 7),
        [b'V', b'm', b'S', b'i', b'z', b'e', b':', _] => (Metric::VM_SIZE, 7),
        [b'V', b'm', b'H', b'W', b'M', b':', ..] => (Metric::VM_HWM, 6),
        [b'R', b's', b's', b':', ..] => (Metric::RSS, 4),
        [b'P', b's', b's', b':', ..] => (Metric::PSS, 4),
        b"Pss_Anon" if line.get(8) == Some(&b':') => (Metric::PSS_ANON, 9),
        b"Pss_File" if line.get(8) == Some(&b':') => (Metric::PSS_FILE, 9),
        b"Pss_Shme" if line.get(8..10) == Some(b"m:") => (Metric::PSS_SHMEM, 10),
        b"SwapPss:" => (Metric::SWAP_PSS, 8),
        b"Private_" if line.get(8..14) == Some(b"Dirty:") => (Metric::PRIVATE_DIRTY, 14),
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

/// Whether a line may hold a key, without a look at its words: all keys have `Rs`, `Ps`, `Pr` or `Vm`.
pub(super) fn may_hold_key(line: &str) -> bool {
    let line = line.as_bytes();
    memchr3_iter(b'R', b'P', b'V', line).any(|at| {
        matches!(
            (line.get(at), line.get(at + 1)),
            (Some(b'R' | b'P'), Some(b's')) | (Some(b'P'), Some(b'r')) | (Some(b'V'), Some(b'm'))
        )
    })
}

/// The metric whose name begins at a byte, and the text after the name.
fn key(line: &str, start: usize) -> Option<(Metric, &str)> {
    let text = line.get(start..)?;
    let (metric, length) = match text.as_bytes() {
        [b'V', b'm', b'R', b'S', b'S', ..] => (Metric::VM_RSS, 5),
        [b'V', b'm', b'H', b'W', b'M', ..] => (Metric::VM_HWM, 5),
        [b'V', b'm', b'S', b'i', b'z', b'e', ..] => (Metric::VM_SIZE, 6),
        [b'V', b'm', b'S', b'w', b'a', b'p', ..] => (Metric::VM_SWAP, 6),
        [b'R', b's', b's', b'A', b'n', b'o', b'n', ..] => (Metric::RSS_ANON, 7),
        [b'R', b's', b's', b'F', b'i', b'l', b'e', ..] => (Metric::RSS_FILE, 7),
        [b'R', b's', b's', b'S', b'h', b'm', b'e', b'm', ..] => (Metric::RSS_SHMEM, 8),
        [b'R', b's', b's', ..] => (Metric::RSS, 3),
        [b'P', b's', b's', b'_', b'A', b'n', b'o', b'n', ..] => (Metric::PSS_ANON, 8),
        [b'P', b's', b's', b'_', b'F', b'i', b'l', b'e', ..] => (Metric::PSS_FILE, 8),
        [b'P', b's', b's', b'_', b'S', b'h', b'm', b'e', b'm', ..] => (Metric::PSS_SHMEM, 9),
        [b'P', b's', b's', ..] if line.get(..start)?.ends_with("Swap") => (Metric::SWAP_PSS, 3),
        [b'P', b's', b's', ..] => (Metric::PSS, 3),
        [b'P', b'r', b'i', ..] if text.starts_with("Private_Dirty") => (Metric::PRIVATE_DIRTY, 13),
        _ => return None,
    };
    let rest = text.get(length..)?;
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    // `Pss_Dirty:` and `Rssi:` are other counters.
    let before = line.get(..start)?;
    let before = if metric == Metric::SWAP_PSS { before.strip_suffix("Swap")? } else { before };
    let is_joined = rest.starts_with(is_word) || before.ends_with(is_word);
    (!is_joined).then_some((metric, rest))
}

/// The text after a key and its sign, and the sign: a colon, `=`, or the bar of a table. Quotes, marks of Markdown
/// and of web pages may stand around it.
fn after_key(rest: &str) -> Option<(&str, char)> {
    let (rest, cell) = undecorated(rest);
    let sign = rest.chars().next().filter(|sign| matches!(sign, ':' | '：' | '=' | '|'));
    match sign {
        Some(sign) => Some((undecorated(rest.get(sign.len_utf8()..)?).0, sign)),
        None => cell.then_some((rest, '|')),
    }
}

/// A text without the blanks, quotes and marks at its beginning; and whether a cell of a table begins among them.
fn undecorated(text: &str) -> (&str, bool) {
    let mut rest = text;
    let mut cell = false;
    loop {
        let bare = blanks(rest).trim_start_matches(['"', '\'', '`', '*']);
        let tag = bare.strip_prefix('<').and_then(|tag| tag.split_once('>'));
        let is_tag =
            |name: &str| name.len() < 32 && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        match tag.filter(|(name, _)| is_tag(name)) {
            Some((name, after)) => {
                cell |= name.starts_with("td");
                rest = after;
            }
            None if bare.len() == rest.len() => return (rest, cell),
            None => rest = bare,
        }
    }
}

/// The fault after a key without a number; `None` if the key is but a word in a sentence.
fn no_number<'a>(line: &str, start: usize, rest: &'a str, sign: char) -> Option<Damage<'a>> {
    let text = blanks(rest).trim_end();
    let at_head = line.get(..start)?.chars().all(|c| !c.is_alphanumeric());
    if text.is_empty() {
        return (sign != '|').then_some(Damage::Nothing);
    }
    let end = text.char_indices().nth(24).map_or(text.len(), |(end, _)| end);
    let like_a_number =
        text.starts_with(['-', '+', '?', '.', '~']) || text.chars().take(8).any(char::is_numeric);
    (at_head && like_a_number && sign != '|').then(|| Damage::NoNumber(text.get(..end).unwrap_or(text)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_in_any_notation() {
        for line in [
            "VmRSS:\t   90000 kB",
            "VmRSS=90000 kB",
            "VmRSS = 90000 kB",
            "VmRSS:90000kB",
            "{\"VmRSS\": \"90000 kB\"}",
            "{'VmRSS': '90000 kB'}",
            "**VmRSS**: 90000 kB",
            "**VmRSS:** 90000 kB",
            "**VmRSS: 90000 kB**",
            "- `VmRSS`: 90000 kB",
            "`VmRSS: 90000 kB`",
            "| VmRSS | 90000 kB |",
            "| `VmRSS` | **90000** kB |",
            "| VmRSS | 90000 | kB |",
            "<td>VmRSS</td><td>90000 kB</td>",
            "<b>VmRSS</b>:&nbsp;90000&nbsp;kB<br>",
            "VmRSS:\u{a0}90000\u{a0}kB",
            "VmRSS： 90000 kB",
            "VmRSS: 90,000 kB",
            "mem VmRSS: 90 000 kB now",
        ] {
            let mut dots = Dots::default();
            let found: Vec<_> = values(line, &mut dots).collect();
            assert_eq!(found.len(), 1, "{line}");
            assert_eq!(
                (found[0].metric, found[0].value.as_ref().unwrap().value),
                (Metric::VM_RSS, 92_160_000.0),
                "{line}"
            );
        }
    }

    #[test]
    fn digits_of_other_scripts_are_damage() {
        for line in ["VmRSS: １００ kB", "VmRSS:\t٩٠٠٠٠ kB", "VmRSS: ९०००० kB"] {
            let mut dots = Dots::default();
            let found: Vec<_> = values(line, &mut dots).map(|found| found.value).collect();
            assert!(matches!(found[..], [Err(Damage::NoNumber(_))]), "{line}: {found:?}");
        }
    }

    #[test]
    fn other_counters_and_sentences_are_no_keys() {
        for line in [
            "XSwapPss: 5 kB",
            "Pss_Dirty: 5 kB",
            "Private_Clean: 5 kB",
            "XRss: 5 kB",
            "the VmRSS: of a process",
            "VmRSS | RssAnon | time",
            "| VmRSS | growing |",
            "Rss 5 kB",
            "RSS: 5 kB",
        ] {
            let mut dots = Dots::default();
            assert_eq!(values(line, &mut dots).next(), None, "{line}");
        }
    }
}
