//! From plain bytes to text, piece by piece: byte order marks, UTF-16, invalid bytes.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder};
use memchr::{memchr, memchr_iter, memrchr};

use super::content::{Content, Documents};
use super::damage::{Damage, counted};
use super::kind::{BINARY_HEAD, Refused, UTF16_HEAD, binary, looks_binary, no_text, utf16};
use super::overlong::{Overlong, begins_overlong};
use super::raw::{Buffer, Raw};
use super::unpack::Unpacked;
use crate::bounds::Bounds;
use crate::error::Notice;

/// The content of an input, in pieces.
#[derive(Debug)]
pub(super) struct Pieces {
    raw: Raw,
    form: Form,
    /// Decoded text: of UTF-16, or of UTF-8 with invalid bytes replaced.
    text: String,
    /// Bytes of `text` that were returned.
    returned: usize,
    damage: Damage,
    /// Number of the line at which the next piece begins.
    line: u64,
    /// The lines that were too long to be read.
    overlong: Option<Overlong>,
    most_line_bytes: usize,
}

/// The form of the bytes.
enum Form {
    Document { most_bytes: usize, done: bool },
    Utf8,
    Utf16 { decoder: Decoder, assumed: bool, damaged: bool, done: bool },
}

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Document { .. } => "document",
            Self::Utf8 => "UTF-8",
            Self::Utf16 { .. } => "UTF-16",
        })
    }
}

impl Pieces {
    /// Reads the head of a source. One of the `documents` stays as it is; everything else is taken for UTF-8, or for
    /// UTF-16 if it has a mark or every second byte is NUL, and invalid bytes become U+FFFD.
    ///
    /// Fails with the cause [`Refused`] if the bytes are neither text nor a document.
    pub(super) fn open(
        source: impl Read + Send + 'static,
        buffer: Buffer,
        documents: Documents,
        bounds: &Bounds,
    ) -> io::Result<Self> {
        let Buffer { bytes, mut text } = buffer;
        text.clear();
        let mut raw = Raw::new(Unpacked::new(source, bounds.unpacked_bytes)?, bytes);
        raw.wait_for(BINARY_HEAD)?;
        let head = raw.untaken();
        let head = head.get(..BINARY_HEAD).unwrap_or(head);
        let form = if !head.is_empty() && (documents.wanted)(head) {
            Form::Document { most_bytes: documents.most_bytes, done: false }
        } else {
            let whole = raw.ended() && head.len() < UTF16_HEAD;
            if let Some((encoding, mark)) = utf16(head, whole) {
                raw.skip(mark);
                let decoder = encoding.new_decoder_without_bom_handling();
                Form::Utf16 { decoder, assumed: mark == 0, damaged: false, done: false }
            } else {
                look_at_utf8(&mut raw)?;
                Form::Utf8
            }
        };
        let (damage, overlong, most_line_bytes) = (Damage::default(), None, bounds.line_bytes);
        Ok(Self { raw, form, text, returned: 0, damage, line: 1, overlong, most_line_bytes })
    }

    /// Returns the next piece; `None` at the end.
    ///
    /// Fails if the source cannot be read, if its decoded text proves to be binary data, or if a document is too large.
    pub(super) fn next(&mut self) -> io::Result<Option<Content<'_>>> {
        match self.form {
            Form::Document { done: true, .. } => Ok(None),
            Form::Document { most_bytes, .. } => {
                self.form = Form::Document { most_bytes, done: true };
                match self.raw.all(most_bytes)? {
                    Some(bytes) => Ok(Some(Content::Bytes(bytes))),
                    None => Err(Refused::TooLarge(most_bytes as u64).into()),
                }
            }
            Form::Utf8 => Ok(self.next_utf8()?.map(Content::Text)),
            Form::Utf16 { .. } => Ok(self.next_utf16()?.map(Content::Text)),
        }
    }

    fn next_utf8(&mut self) -> io::Result<Option<&str>> {
        let length = loop {
            self.raw.fill()?;
            let untaken = self.raw.untaken();
            if begins_overlong(untaken, self.most_line_bytes) {
                self.drop_line()?;
                continue;
            }
            if self.raw.ended() {
                break untaken.len();
            }
            if let Some(end) = memrchr(b'\n', untaken) {
                break end + 1;
            }
        };
        if length == 0 {
            return Ok(None);
        }
        let Self { raw, text, damage, line, .. } = self;
        raw.skip(length);
        let piece = raw.skipped(length);
        let lines = memchr_iter(b'\n', piece).count() as u64;
        let returned = if let Ok(valid) = std::str::from_utf8(piece) {
            valid
        } else {
            text.clear();
            replace_invalid(piece, *line, text, damage);
            text.as_str()
        };
        *line += lines;
        Ok(Some(returned))
    }

    fn count_overlong(&mut self) {
        match &mut self.overlong {
            Some(overlong) => overlong.add(),
            None => self.overlong = Some(Overlong::new(self.line, self.most_line_bytes)),
        }
    }

    /// Drops the line that the untaken bytes begin with, but for its end.
    fn drop_line(&mut self) -> io::Result<()> {
        self.count_overlong();
        loop {
            let untaken = self.raw.untaken();
            if let Some(end) = memchr(b'\n', untaken) {
                self.raw.skip(end);
                return Ok(());
            }
            let all = untaken.len();
            self.raw.skip(all);
            if self.raw.ended() {
                return Ok(());
            }
            self.raw.fill()?;
        }
    }

    fn next_utf16(&mut self) -> io::Result<Option<&str>> {
        self.text.drain(..self.returned);
        self.returned = 0;
        let end = loop {
            let (seen, ended) = (self.text.len(), self.raw.ended());
            if !ended {
                self.raw.fill()?;
            }
            self.decode();
            if self.line == 1 && seen == 0 && looks_binary(self.text.as_bytes()) {
                return Err(no_text("binary data"));
            }
            if begins_overlong(self.text.as_bytes(), self.most_line_bytes) {
                self.drop_decoded_line()?;
                continue;
            }
            if self.raw.ended() {
                break self.text.len();
            }
            if let Some(end) = memrchr(b'\n', self.text.as_bytes()) {
                break end + 1;
            }
        };
        self.returned = end;
        let piece = &self.text[..end];
        for line in piece.split_inclusive('\n') {
            self.damage.add(self.line, line.matches(char::REPLACEMENT_CHARACTER).count() as u64);
            self.line += u64::from(line.ends_with('\n'));
        }
        Ok((end > 0).then_some(piece))
    }

    /// Drops the line that the decoded text begins with, but for its end.
    fn drop_decoded_line(&mut self) -> io::Result<()> {
        self.count_overlong();
        loop {
            if let Some(end) = memchr(b'\n', self.text.as_bytes()) {
                self.text.drain(..end);
                return Ok(());
            }
            self.text.clear();
            if self.raw.ended() {
                return Ok(());
            }
            self.raw.fill()?;
            self.decode();
        }
    }

    /// Decodes all untaken bytes.
    fn decode(&mut self) {
        let Form::Utf16 { decoder, damaged, done, .. } = &mut self.form else { return };
        while !*done {
            let (untaken, last) = (self.raw.untaken(), self.raw.ended());
            self.text.reserve(decoder.max_utf8_buffer_length(untaken.len()).unwrap_or(untaken.len()));
            let (result, read, replaced) = decoder.decode_to_string(untaken, &mut self.text, last);
            *damaged |= replaced;
            self.raw.skip(read);
            if result == CoderResult::InputEmpty {
                *done = last;
                return;
            }
        }
    }

    /// Returns whether the source is a document.
    pub(super) const fn is_document(&self) -> bool {
        matches!(self.form, Form::Document { .. })
    }

    /// Returns whether the source is an archive.
    pub(super) const fn is_packed(&self) -> bool {
        self.raw.source().is_archive()
    }

    /// Returns the number of bytes read so far, after decompression and before decoding.
    pub(super) const fn bytes(&self) -> u64 {
        self.raw.source().given()
    }

    /// Returns a notice if an archive ended early, or a line was too long to be read.
    pub(super) fn damage(&self) -> Option<Notice> {
        self.raw.source().damage().cloned().or_else(|| self.overlong.as_ref().map(Overlong::notice))
    }

    /// Returns notices of all that was assumed, replaced or lost so far.
    pub(super) fn notices(&self) -> Vec<Notice> {
        let mut notices: Vec<Notice> = self.damage().into_iter().collect();
        match &self.form {
            Form::Document { .. } => {}
            Form::Utf8 => {
                for (count, end) in [(self.raw.leading(), "start"), (self.raw.trailing(), "end")] {
                    if count > 0 {
                        let nuls = counted(count, "NUL byte");
                        notices.push(Notice::whole(format!("{nuls} at the {end} left out")));
                    }
                }
                notices.extend(self.damage.notice("UTF-8"));
            }
            Form::Utf16 { decoder, assumed, damaged, .. } => {
                let assumed = if *assumed { ", assumed since every second byte is NUL" } else { "" };
                let name = decoder.encoding().name();
                notices.push(Notice::whole(format!("decoded as {name}{assumed}")));
                // The decoder reports that characters were replaced, not where; U+FFFD in the text itself is counted
                // too.
                notices.extend(self.damage.notice("UTF-16").filter(|_| *damaged));
            }
        }
        notices
    }

    pub(super) fn into_buffer(self) -> Buffer {
        Buffer { bytes: self.raw.into_buffer(), text: self.text }
    }
}

/// Skips the byte order mark and leading NUL bytes; fails if the rest is binary data.
fn look_at_utf8(raw: &mut Raw) -> io::Result<()> {
    if raw.untaken().starts_with(b"\xEF\xBB\xBF") {
        raw.skip(3);
    }
    raw.trim();
    raw.wait_for(BINARY_HEAD)?;
    if raw.untaken().is_empty() && raw.trailing() > 0 {
        return Err(no_text("NUL bytes throughout"));
    }
    if looks_binary(raw.untaken()) {
        return Err(binary(raw.untaken()));
    }
    Ok(())
}

/// Decodes as `String::from_utf8_lossy` and counts the replaced places; `line` is the number of the first line.
fn replace_invalid(bytes: &[u8], mut line: u64, text: &mut String, damage: &mut Damage) {
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        line += memchr_iter(b'\n', chunk.valid().as_bytes()).count() as u64;
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            damage.add(line, 1);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// All pieces of a text in one.
    struct Decoded {
        text: String,
        notices: Vec<Notice>,
    }

    fn decode(bytes: Vec<u8>) -> io::Result<Decoded> {
        let mut pieces =
            Pieces::open(Cursor::new(bytes), Buffer::default(), Documents::default(), &Bounds::default())?;
        let mut text = String::new();
        while let Some(Content::Text(piece)) = pieces.next()? {
            text.push_str(piece);
        }
        Ok(Decoded { text, notices: pieces.notices() })
    }

    fn little(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn big(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_be_bytes).collect()
    }

    /// A row: description, bytes, expected text, expected notices with their lines.
    type Row = (&'static str, Vec<u8>, &'static str, &'static [(u64, &'static str)]);

    #[test]
    fn text_is_decoded() {
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
    fn binary_data_is_named() {
        let noise: Vec<u8> = (0..=255).cycle().take(5000).collect();
        let tar = [b"a.log\0".to_vec(), vec![0; 251], b"ustar\0".to_vec(), vec![0; 249]].concat();
        let rows: Vec<(&str, Vec<u8>, &str)> = vec![
            ("noise", noise, "binary data"),
            ("few bytes", b"\x01\x02\x03".to_vec(), "binary data"),
            ("NUL within", b"a\0\0\0\0b".to_vec(), "binary data"),
            ("NUL alone", vec![0; 512], "NUL bytes throughout"),
            ("UTF-32", b"\xFF\xFE\0\0R\0\0\0s\0\0\0s\0\0\0".to_vec(), "binary data"),
            ("zip", b"PK\x03\x04\x14\0\0\0\x08\0\x01\x02\x03".to_vec(), "a zip archive"),
            ("tar", tar, "a tar archive"),
        ];
        for (what, bytes, named) in rows {
            let cause = decode(bytes).err().expect(what);
            assert!(cause.to_string().starts_with(&format!("it is not text but {named}")), "{what}: {cause}");
        }
    }
}
