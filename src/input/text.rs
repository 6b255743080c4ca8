//! Plain bytes to text: byte order marks, UTF-16, damage, and what is no text at all.

use std::io;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use crate::error::Notice;

/// How much is looked at to tell text from binary data.
const BINARY_HEAD: usize = 4096;
/// How much is looked at to tell UTF-16 without a byte order mark.
const UTF16_HEAD: usize = 512;

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

/// Text, and what had to be assumed or replaced to get it.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) notices: Vec<Notice>,
}

/// UTF-8, or UTF-16 with a mark or with the look of it, as text; what is not valid is replaced by U+FFFD.
///
/// Fails with [`io::ErrorKind::InvalidData`] and a cause in words if the bytes are no text.
pub(super) fn decode(bytes: Vec<u8>) -> io::Result<Decoded> {
    if let [0x80, 2..=5, ..] = bytes[..] {
        return Err(no_text(
            "a Python pickle, as written by Snapshot.dump: load it with tracemalloc.Snapshot.load and save \
             what its statistics() print",
        ));
    }
    match utf16(&bytes) {
        Some((encoding, mark)) => decode_utf16(&bytes, encoding, mark),
        None => decode_utf8(bytes),
    }
}

fn no_text(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("it is not text but {what}"))
}

/// The byte order if this is UTF-16, and the length of the mark that says so.
fn utf16(bytes: &[u8]) -> Option<(&'static Encoding, usize)> {
    match bytes {
        [0xFF, 0xFE, ..] => return Some((UTF_16LE, 2)),
        [0xFE, 0xFF, ..] => return Some((UTF_16BE, 2)),
        _ => {}
    }
    // Without a mark: of each pair, one byte is NUL and the other never. One pair in ten may be a sign beyond
    // Latin-1. An odd length speaks against it strongly enough to give up here.
    if !bytes.len().is_multiple_of(2) {
        return None;
    }
    let (pairs, _) = bytes.get(..UTF16_HEAD).unwrap_or(bytes).as_chunks::<2>();
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

fn decode_utf16(bytes: &[u8], encoding: &'static Encoding, mark: usize) -> io::Result<Decoded> {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
    if looks_binary(text.as_bytes()) {
        return Err(no_text("binary data"));
    }
    let assumed = if mark == 0 { ", assumed since every second byte is NUL" } else { "" };
    let mut notices = vec![Notice::whole(format!("decoded as {}{assumed}", encoding.name()))];
    if damaged {
        // The decoder tells that something was replaced, not where; U+FFFD in the text itself is counted too.
        let mut damage = Damage::default();
        for (line, text) in (1..).zip(text.split('\n')) {
            damage.add(line, text.matches(char::REPLACEMENT_CHARACTER).count() as u64);
        }
        notices.extend(damage.notice("UTF-16"));
    }
    Ok(Decoded { text: text.into_owned(), notices })
}

fn decode_utf8(mut bytes: Vec<u8>) -> io::Result<Decoded> {
    let mut notices = Vec::new();
    let mark = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    // Rotating a log under a process that goes on writing at its old place leaves a hole at the start, a
    // crash of the machine one at the end: both read as NUL, and the text beside them is sound.
    let content = bytes.get(mark..).unwrap_or_default();
    let leading = content.iter().take_while(|byte| **byte == 0).count();
    let trailing = content.iter().skip(leading).rev().take_while(|byte| **byte == 0).count();
    if leading > 0 && leading == content.len() {
        return Err(no_text("NUL bytes throughout"));
    }
    if looks_binary(content.get(leading..content.len() - trailing).unwrap_or_default()) {
        let known = |(offset, magic, _): &&(usize, &[u8], &str)| {
            bytes.get(*offset..).is_some_and(|rest| rest.starts_with(magic))
        };
        return Err(no_text(BINARY_KINDS.iter().find(known).map_or("binary data", |(_, _, kind)| kind)));
    }
    for (count, end) in [(leading, "start"), (trailing, "end")] {
        if count > 0 {
            notices
                .push(Notice::whole(format!("{} at the {end} left out", counted(count as u64, "NUL byte"))));
        }
    }
    bytes.truncate(bytes.len() - trailing);
    bytes.drain(..mark + leading);
    let text = String::from_utf8(bytes).or_else(|invalid| {
        let (text, damage) = replace_invalid(invalid.as_bytes())?;
        notices.extend(damage.notice("UTF-8"));
        Ok::<_, io::Error>(text)
    })?;
    Ok(Decoded { text, notices })
}

/// Whether more than one in a hundred of the first bytes (one is forgiven) is a control no log has a use for.
fn looks_binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..BINARY_HEAD).unwrap_or(bytes);
    // Bell, backspace, tab, the line ends and ESC are what terminals are sent.
    let controls = head.iter().filter(|byte| matches!(byte, 0..=6 | 14..=26 | 28..=31 | 127)).count();
    controls > 1 + head.len() / 100
}

/// As `String::from_utf8_lossy`, and counts; fails only for want of memory.
fn replace_invalid(bytes: &[u8]) -> io::Result<(String, Damage)> {
    let mut text = String::new();
    let mut damage = Damage::default();
    let mut line = 1;
    // What is replaced can grow to three times its size; to ask for that much before it is needed would be
    // waste.
    text.try_reserve(bytes.len()).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        line += memchr::memchr_iter(b'\n', chunk.valid().as_bytes()).count() as u64;
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            damage.add(line, 1);
        }
    }
    Ok((text, damage))
}

/// Where something was replaced.
#[derive(Debug, Default, PartialEq, Eq)]
struct Damage {
    places: u64,
    lines: u64,
    first: u64,
    last: u64,
}

impl Damage {
    /// Lines have to come in ascending order.
    fn add(&mut self, line: u64, places: u64) {
        if places == 0 {
            return;
        }
        if self.places == 0 {
            self.first = line;
        }
        if self.last != line {
            self.lines += 1;
            self.last = line;
        }
        self.places += places;
    }

    /// One notice for all of it, at the first of its lines.
    fn notice(&self, encoding: &str) -> Option<Notice> {
        (self.places > 0).then(|| Notice {
            line: self.first,
            message: format!(
                "not valid {encoding}: {} on {} replaced by U+FFFD, the first on line {}",
                counted(self.places, "place"),
                counted(self.lines, "line"),
                self.first
            ),
        })
    }
}

/// `1 place`, `3 places`.
fn counted(number: u64, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn little(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn big(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_be_bytes).collect()
    }

    /// A row: what it is, bytes, expected text, expected notices with their lines.
    type Row = (&'static str, Vec<u8>, &'static str, &'static [(u64, &'static str)]);

    #[test]
    fn text_comes_in_many_dresses() {
        let ansi = "\x1B[2J\x1B[HCONTAINER  USAGE\x07\n";
        let rows: Vec<Row> = vec![
            ("nothing", b"".to_vec(), "", &[]),
            ("UTF-8", "Rss: é…\n".into(), "Rss: é…\n", &[]),
            ("UTF-8 with mark", b"\xEF\xBB\xBFRss".to_vec(), "Rss", &[]),
            (
                "half a mark",
                b"\xEF\xBB".to_vec(),
                "\u{FFFD}",
                &[(1, "not valid UTF-8: 1 place on 1 line replaced by U+FFFD, the first on line 1")],
            ),
            ("terminal", ansi.into(), ansi, &[]),
            ("a lone control", b"Rss\x04\n".to_vec(), "Rss\x04\n", &[]),
            (
                "Latin-1, twice on a line",
                b"a\nb\xE9\xE9c\nd\n\xFF".to_vec(),
                "a\nb\u{FFFD}\u{FFFD}c\nd\n\u{FFFD}",
                &[(2, "not valid UTF-8: 3 places on 2 lines replaced by U+FFFD, the first on line 2")],
            ),
            (
                "LE, marked",
                [b"\xFF\xFE".to_vec(), little("é 1\r\n名")].concat(),
                "é 1\r\n名",
                &[(0, "decoded as UTF-16LE")],
            ),
            (
                "BE, marked",
                [b"\xFE\xFF".to_vec(), big("é 1\r\n名")].concat(),
                "é 1\r\n名",
                &[(0, "decoded as UTF-16BE")],
            ),
            (
                "LE, cut within a sign",
                b"\xFF\xFEa\0\n\0b\0\n".to_vec(),
                "a\nb\u{FFFD}",
                &[
                    (0, "decoded as UTF-16LE"),
                    (2, "not valid UTF-16: 1 place on 1 line replaced by U+FFFD, the first on line 2"),
                ],
            ),
            (
                "LE, half a surrogate pair",
                b"\xFF\xFE\x3D\xD8a\0".to_vec(),
                "\u{FFFD}a",
                &[
                    (0, "decoded as UTF-16LE"),
                    (1, "not valid UTF-16: 1 place on 1 line replaced by U+FFFD, the first on line 1"),
                ],
            ),
            (
                "LE, unmarked",
                little("Rss: é 1 kB\n"),
                "Rss: é 1 kB\n",
                &[(0, "decoded as UTF-16LE, assumed since every second byte is NUL")],
            ),
            (
                "BE, unmarked",
                big("Top 10 lines … 5\n"),
                "Top 10 lines … 5\n",
                &[(0, "decoded as UTF-16BE, assumed since every second byte is NUL")],
            ),
            (
                "a hole at the start",
                b"\0\0\0\0Rss: 1\n".to_vec(),
                "Rss: 1\n",
                &[(0, "4 NUL bytes at the start left out")],
            ),
            (
                "a hole at the end",
                b"Rss: 1\n\0".to_vec(),
                "Rss: 1\n",
                &[(0, "1 NUL byte at the end left out")],
            ),
            (
                "hole and damage",
                b"\0\0\xE9Rss: 1\n\0\0".to_vec(),
                "\u{FFFD}Rss: 1\n",
                &[
                    (0, "2 NUL bytes at the start left out"),
                    (0, "2 NUL bytes at the end left out"),
                    (1, "not valid UTF-8: 1 place on 1 line replaced by U+FFFD, the first on line 1"),
                ],
            ),
        ];
        for (what, bytes, text, notices) in rows {
            let decoded = decode(bytes).expect(what);
            assert_eq!(decoded.text, text, "{what}");
            let said: Vec<_> = decoded.notices.iter().map(|it| (it.line, it.message.as_str())).collect();
            assert_eq!(said, notices, "{what}");
        }
    }

    #[test]
    fn what_is_no_text_is_named() {
        let noise: Vec<u8> = (0..=255).cycle().take(5000).collect();
        let tar = [b"a.log\0".to_vec(), vec![0; 251], b"ustar\0".to_vec(), vec![0; 249]].concat();
        let rows: Vec<(&str, Vec<u8>, &str)> = vec![
            ("protocol 2", b"\x80\x02}q\0.".to_vec(), "a Python pickle"),
            ("protocol 5", b"\x80\x05\x95\x01\0\0\0\0\0\0\0N.".to_vec(), "a Python pickle"),
            ("noise", noise, "binary data"),
            ("few bytes", b"\x01\x02\x03".to_vec(), "binary data"),
            ("NUL within", b"a\0\0\0\0b".to_vec(), "binary data"),
            ("NUL alone", vec![0; 512], "NUL bytes throughout"),
            ("UTF-32", b"\xFF\xFE\0\0R\0\0\0s\0\0\0s\0\0\0".to_vec(), "binary data"),
            ("zip", b"PK\x03\x04\x14\0\0\0\x08\0\x01\x02\x03".to_vec(), "a zip archive"),
            ("tar", tar, "a tar archive"),
        ];
        for (what, bytes, named) in rows {
            let cause = decode(bytes).expect_err(what);
            assert_eq!(cause.kind(), io::ErrorKind::InvalidData, "{what}");
            assert!(cause.to_string().starts_with(&format!("it is not text but {named}")), "{what}: {cause}");
        }
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

    #[test]
    fn a_huge_line_stays_one_line() {
        let text = decode(vec![b'x'; 20_000_000]).unwrap().text;
        assert_eq!((text.len(), text.lines().count()), (20_000_000, 1));
    }
}
