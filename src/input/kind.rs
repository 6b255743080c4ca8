//! The kind of an input by its head: text in some encoding, or binary data of some kind.

use std::fmt;
use std::io;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// Bytes by which text is distinguished from binary data.
pub const BINARY_HEAD: usize = 4096;
/// Bytes by which UTF-16 without a byte order mark is recognised.
pub(super) const UTF16_HEAD: usize = 512;

/// Kinds of files that are often saved with logs: offset and bytes of the magic,
/// whether it may hold a recording, name and advice.
const BINARY_KINDS: &[(usize, &[u8], bool, &str)] = &[
    (0, b"PK\x03\x04", true, "a zip archive within an archive or a pipe: unpack it and name the folder"),
    (257, b"ustar", true, "a tar archive within an archive or a pipe: unpack it and name the folder"),
    (0, b"\x1F\x8B", true, "compressed twice: unpack it once"),
    (0, b"\xFD7zXZ\0", true, "compressed twice: unpack it once"),
    (0, b"BZh", true, "compressed twice: unpack it once"),
    (0, b"\x28\xB5\x2F\xFD", true, "compressed twice: unpack it once"),
    (0, b"7z\xBC\xAF\x27\x1C", true, "a 7z archive: unpack it and name the folder"),
    (0, b"\x04\x22\x4D\x18", true, "compressed with lz4: unpack it first"),
    (0, b"\x1F\x9D", true, "compressed with compress (.Z): unpack it first"),
    (0, b"\x7FELF", false, "an ELF file: a program, a library or a core dump"),
    (
        0,
        b"SQLite format 3\0",
        true,
        "an SQLite database: export its table of time and memory as CSV. Of procpath: sqlite3 -header -csv FILE \"SELECT \
         ts, stat_pid, stat_rss * (SELECT value FROM meta WHERE key = 'page_size') AS rss_bytes FROM record\"",
    ),
];

/// Returns the error for binary data, by its kind if that is known.
pub(super) fn binary(head: &[u8]) -> io::Error {
    let known = |(offset, magic, ..): &&(usize, &[u8], bool, &str)| {
        head.get(*offset..).is_some_and(|rest| rest.starts_with(magic))
    };
    match BINARY_KINDS.iter().find(known) {
        Some(&(_, _, may_hold_log, found)) => Refused::NotText { found, may_hold_log }.into(),
        None => no_text("binary data"),
    }
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

pub(super) fn no_text(kind: &'static str) -> io::Error {
    Refused::NotText { found: kind, may_hold_log: false }.into()
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

/// Returns whether more than one in a hundred of the first bytes (and more than one) are control characters that no log
/// has a use for.
pub(super) fn looks_binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..BINARY_HEAD).unwrap_or(bytes);
    // Terminals are sent bell, backspace, tab, line ends and ESC.
    let controls = head.iter().filter(|byte| matches!(byte, 0..=6 | 14..=26 | 28..=31 | 127)).count();
    controls > 1 + head.len() / 100
}

#[cfg(test)]
mod tests {
    use super::*;

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
