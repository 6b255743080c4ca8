//! What the head of an input says that it is: text, in which encoding, or no text at all.

use std::fmt;
use std::io;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// How much is looked at to tell text from binary data.
pub(super) const BINARY_HEAD: usize = 4096;
/// How much is looked at to tell UTF-16 without a byte order mark.
pub(super) const UTF16_HEAD: usize = 512;

/// What is often saved beside a log, told by its first bytes: offset, bytes, name and what to do instead.
const BINARY_KINDS: &[(usize, &[u8], &str)] = &[
    (0, b"PK\x03\x04", "a zip archive: unpack it and name the folder"),
    (257, b"ustar", "a tar archive: unpack it and name the folder"),
    (0, b"7z\xBC\xAF\x27\x1C", "a 7z archive: unpack it and name the folder"),
    (0, b"\x04\x22\x4D\x18", "compressed with lz4: unpack it first"),
    (0, b"\x1F\x9D", "compressed with compress (.Z): unpack it first"),
    (0, b"\x7FELF", "an ELF file: a program, a library or a core dump"),
    (0, b"SQLite format 3\0", "an SQLite database"),
];

/// Refuses a pickle.
pub(super) fn refuse_pickle(head: &[u8]) -> io::Result<()> {
    if let [0x80, 2..=5, ..] = head {
        return Err(no_text(
            "a Python pickle, as written by Snapshot.dump: load it with tracemalloc.Snapshot.load and save \
             what its statistics() print",
        ));
    }
    Ok(())
}

/// The refusal of what is no text; of binary data by its kind, if its first bytes tell.
pub(super) fn binary(head: &[u8]) -> io::Error {
    let known = |(offset, magic, _): &&(usize, &[u8], &str)| {
        head.get(*offset..).is_some_and(|rest| rest.starts_with(magic))
    };
    no_text(BINARY_KINDS.iter().find(known).map_or("binary data", |(_, _, kind)| kind))
}

/// The cause of an error of kind [`io::ErrorKind::InvalidData`]: what an input is instead of text.
#[derive(Debug)]
pub(super) struct NotText(pub(super) &'static str);

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it is not text but {}", self.0)
    }
}

impl std::error::Error for NotText {}

pub(super) fn no_text(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, NotText(what))
}

/// The byte order if the head, or all of it (`whole`), is UTF-16, and the length of the mark that says so.
pub(super) fn utf16(head: &[u8], whole: bool) -> Option<(&'static Encoding, usize)> {
    match head {
        [0xFF, 0xFE, ..] => return Some((UTF_16LE, 2)),
        [0xFE, 0xFF, ..] => return Some((UTF_16BE, 2)),
        _ => {}
    }
    // Without a mark: of each pair, one byte is NUL and the other never. One pair in ten may be a sign beyond
    // Latin-1. An odd length speaks against it strongly enough to give up here.
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

/// Whether more than one in a hundred of the first bytes (one is forgiven) is a control no log has a use for.
pub(super) fn looks_binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..BINARY_HEAD).unwrap_or(bytes);
    // Bell, backspace, tab, the line ends and ESC are what terminals are sent.
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
