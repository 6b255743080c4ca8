//! The kind of an input by its head: text in some encoding, or binary data of some kind.

use std::fmt;
use std::io;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use super::magic;

/// Bytes by which text is distinguished from binary data.
pub const BINARY_HEAD: usize = 4096;
/// Bytes by which UTF-16 without a byte order mark is recognised.
pub(super) const UTF16_HEAD: usize = 512;
/// Bytes by which EBCDIC is recognised at least.
const LEAST_EBCDIC: usize = 32;

/// Binary data of a kind that is not known.
pub(super) const BINARY: &str = "binary data";
const UTF32: &str = "UTF-32: convert it to UTF-8 (iconv -f UTF-32 -t UTF-8)";
const EBCDIC: &str = "EBCDIC: convert it to UTF-8 (iconv -f IBM1047 -t UTF-8)";
const UTF16_AMID: &str = "UTF-8 with UTF-16 amid it, as from >> in PowerShell: convert that part to UTF-8";

/// Returns the error for binary data, by its kind if that is known.
pub(super) fn binary(head: &[u8]) -> io::Error {
    if let Some((found, may_hold_log)) = magic::of_binary(head) {
        return Refused::NotText { found, may_hold_log }.into();
    }
    if is_ebcdic(head) {
        return perhaps_a_log(EBCDIC);
    }
    if is_partly_utf16(head) {
        return perhaps_a_log(UTF16_AMID);
    }
    no_text(BINARY)
}

/// Returns the error for bytes that do not look binary and are no text that can be read all the same; `None` for text.
pub(super) fn unread(head: &[u8]) -> Option<io::Error> {
    if let Some((found, may_hold_log)) = magic::of_any(head) {
        return Some(Refused::NotText { found, may_hold_log }.into());
    }
    is_ebcdic(head).then(|| perhaps_a_log(EBCDIC))
}

/// Reasons to refuse an input that could be read: the cause of an error of kind [`io::ErrorKind::InvalidData`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// The input is this instead of text.
    NotText {
        /// Its kind.
        found: &'static str,
        /// Whether that kind may hold a recording.
        may_hold_log: bool,
    },
    /// The input is a document of more bytes than this.
    TooLarge(u64),
    /// The input is compressed, has more bytes than this when unpacked, and is nearly nothing but repetition.
    UnpacksToMore(u64),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotText { found, .. } => write!(f, "it is not text but {found}"),
            Self::TooLarge(most) => write!(f, "it is larger than {most} bytes"),
            Self::UnpacksToMore(most) => write!(f, "it unpacks to more than {most} bytes"),
        }
    }
}

impl std::error::Error for Refused {}

impl From<Refused> for io::Error {
    fn from(refused: Refused) -> Self {
        Self::new(io::ErrorKind::InvalidData, refused)
    }
}

impl Refused {
    /// Returns the same with what the name of the input adds: the kind of binary data that has no magic, and whether it
    /// should be a text.
    pub(super) fn named(self, name: &str) -> Self {
        match self {
            Self::NotText { found: BINARY, .. } => match magic::by_name(name) {
                Some(found) => Self::NotText { found, may_hold_log: true },
                None => Self::NotText { found: BINARY, may_hold_log: magic::is_name_of_text(name) },
            },
            other => other,
        }
    }
}

/// Returns the error for a kind of bytes that hold no recording.
pub(super) fn no_text(kind: &'static str) -> io::Error {
    Refused::NotText { found: kind, may_hold_log: false }.into()
}

/// Returns the error for a kind of bytes that may hold a recording.
fn perhaps_a_log(kind: &'static str) -> io::Error {
    Refused::NotText { found: kind, may_hold_log: true }.into()
}

/// Returns the byte order of UTF-16, and the length of its mark, if the head is UTF-16; `whole` if the input is no
/// longer than the head.
pub(super) fn utf16(head: &[u8], whole: bool) -> Option<(&'static Encoding, usize)> {
    match head {
        [0xFF, 0xFE, ..] => return Some((UTF_16LE, 2)),
        [0xFE, 0xFF, ..] => return Some((UTF_16BE, 2)),
        _ => {}
    }
    // Without a mark: of each pair, one byte is NUL and the other never. One pair in ten may be a character beyond
    // Latin-1. No UTF-16 has an odd length.
    if whole && !head.len().is_multiple_of(2) {
        return None;
    }
    let (pairs, _) = head.get(..UTF16_HEAD).unwrap_or(head).as_chunks::<2>();
    let (mut first, mut second) = (0, 0);
    for pair in pairs {
        first += usize::from(pair[0] == 0);
        second += usize::from(pair[1] == 0);
    }
    let most = |nuls: usize| nuls > 0 && nuls * 10 >= pairs.len() * 9;
    match (first, second) {
        (0, nuls) if most(nuls) => Some((UTF_16LE, 0)),
        (nuls, 0) if most(nuls) => Some((UTF_16BE, 0)),
        _ => None,
    }
}

/// Returns the error for UTF-32, by its byte order mark, or by characters that are nearly all ASCII in it: tables of
/// small numbers look much like it.
pub(super) fn utf32(head: &[u8]) -> Option<io::Error> {
    let (units, _) = head.get(..UTF16_HEAD).unwrap_or(head).as_chunks::<4>();
    let (first, rest) = units.split_first()?;
    let is_marked = matches!(first, [0xFF, 0xFE, 0, 0] | [0, 0, 0xFE, 0xFF]);
    let characters = if is_marked { rest } else { units };
    let is_text = |code: u32| match char::from_u32(code) {
        Some(sign) if is_marked => sign != '\0',
        Some(sign) => matches!(sign, ' '..='~' | '\t' | '\r' | '\n'),
        None => false,
    };
    let little = characters.iter().filter(|unit| is_text(u32::from_le_bytes(**unit))).count();
    let big = characters.iter().filter(|unit| is_text(u32::from_be_bytes(**unit))).count();
    let is_utf32 = characters.len() >= 2 && little.max(big) * 5 >= characters.len() * 4;
    is_utf32.then(|| perhaps_a_log(UTF32))
}

/// Whether bytes that look binary do so for the NUL bytes of UTF-16 alone.
fn is_partly_utf16(head: &[u8]) -> bool {
    let controls = controls(head);
    let is_printed = |byte: u8| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n');
    // In either byte order a character stands between two NULs; names that end in NUL are longer.
    let between = head.windows(3).filter(|it| it[0] == 0 && is_printed(it[1]) && it[2] == 0).count();
    between > 1 && between * 5 >= controls * 4
}

/// Whether nearly all bytes are letters, digits and blanks of EBCDIC, and none ends a line of another encoding.
fn is_ebcdic(head: &[u8]) -> bool {
    let is_common = |byte: &&u8| matches!(byte, 0x40 | 0x81..=0x89 | 0x91..=0x99 | 0xA2..=0xA9 | 0xC1..=0xC9 | 0xD1..=0xD9 | 0xE2..=0xE9 | 0xF0..=0xF9);
    let common = head.iter().filter(is_common).count();
    let has_blank = head.contains(&0x40);
    let ends = head.iter().any(|byte| matches!(byte, b'\n' | b'\r'));
    head.len() >= LEAST_EBCDIC && has_blank && !ends && common * 4 >= head.len() * 3
}

/// Returns whether more than one in a hundred of the first bytes (and more than one) are control characters that no log
/// has a use for.
pub(super) fn looks_binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..BINARY_HEAD).unwrap_or(bytes);
    controls(head) > 1 + head.len() / 100
}

/// Returns the number of control characters that no log has a use for.
fn controls(bytes: &[u8]) -> usize {
    // Terminals are sent bell, backspace, tab, line ends and ESC.
    bytes.iter().filter(|byte| matches!(byte, 0..=6 | 14..=26 | 28..=31 | 127)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_that_are_not_read_are_told_from_other_binary_data() {
        let numbers = |of: fn(u32) -> [u8; 4]| (1..200).map(|n| 7 * n).flat_map(of).collect::<Vec<u8>>();
        let text =
            |of: fn(u32) -> [u8; 4]| "Rss: é 1 kB\n".chars().map(u32::from).flat_map(of).collect::<Vec<u8>>();
        for (what, bytes, expected) in [
            ("small numbers", numbers(u32::to_le_bytes), false),
            ("small numbers, the largest byte first", numbers(u32::to_be_bytes), false),
            ("a mark alone", b"\xFF\xFE\0\0".to_vec(), false),
            ("UTF-16 with a hole", b"\xFF\xFE\0\0R\0s\0s\0:\0".to_vec(), false),
            ("UTF-32", text(u32::to_le_bytes), true),
            ("UTF-32, the largest byte first", text(u32::to_be_bytes), true),
        ] {
            assert_eq!(utf32(&bytes).is_some(), expected, "{what}");
        }
        for (bytes, expected) in [
            (&b"a log\nR\0s\0s\0:\0 \0k\0\n\0"[..], true),
            (b"a log\n\0R\0s\0s\0:\0 \0k\0\n", true),
            (b"HOME=/srv\0USER=app\0SHLVL=1\0A=1\0B=2\0", false),
            (b"R\0s\0s\0\0\0\0\0\0\0", false),
            (b"R\0s\0\x01\x02\x03\x04", false),
            (b"a log", false),
        ] {
            assert_eq!(is_partly_utf16(bytes), expected, "{bytes:?}");
        }
        let line = b"\xE5\x94\xD9\xE2\xE2\x7A\x40\xF1\x40\x92\xC2\x25";
        assert!(is_ebcdic(&line.repeat(3)) && !is_ebcdic(line));
        assert!(!is_ebcdic(&[&line.repeat(3)[..], b"\n"].concat()));
        assert!(!is_ebcdic("VmRSS: 1 kB @".repeat(9).as_bytes()));
    }

    #[test]
    fn controls_are_tolerated_up_to_one_in_a_hundred() {
        for (length, controls, binary) in [(50, 1, false), (50, 2, true), (4096, 41, false), (4096, 42, true)]
        {
            let bytes = [vec![0; controls], vec![b'a'; length - controls]].concat();
            assert_eq!(looks_binary(&bytes), binary, "{controls} in {length}");
        }
        let late = [vec![b'a'; BINARY_HEAD], vec![1; 1000]].concat();
        assert!(!looks_binary(&late));
    }
}
