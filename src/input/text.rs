//! From plain bytes to text, piece by piece: byte order marks, UTF-16, invalid bytes.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder};
use memchr::{memchr, memchr_iter, memrchr};

use super::content::{Content, Documents};
use super::damage::{Damage, counted};
use super::kind::{
    BINARY, BINARY_HEAD, Refused, UTF16_HEAD, binary, looks_binary, no_text, unread, utf16, utf32,
};
use super::line_ends::{are_cr_alone, replace_lone_cr_of_text};
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
    /// Whether lines end in CR alone; `None` before the first piece.
    ends_in_cr: Option<bool>,
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
        let Buffer { stored, bytes, mut text } = buffer;
        text.clear();
        let mut raw = Raw::new(Unpacked::with_buffer(source, bounds.unpacked_bytes, stored)?, bytes);
        raw.wait_for(BINARY_HEAD)?;
        let head = raw.untaken();
        let head = head.get(..BINARY_HEAD).unwrap_or(head);
        let form = if !head.is_empty() && (documents.wanted)(head) {
            Form::Document { most_bytes: documents.most_bytes, done: false }
        } else {
            if let Some(refused) = utf32(head) {
                return Err(refused);
            }
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
        Ok(Self {
            raw,
            form,
            text,
            returned: 0,
            damage,
            line: 1,
            overlong,
            most_line_bytes,
            ends_in_cr: None,
        })
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
            if self.ends_in_cr.is_none() {
                let by_cr = are_cr_alone(self.raw.untaken());
                self.ends_in_cr = Some(by_cr);
                if by_cr {
                    self.raw.end_lines_by_cr();
                }
            }
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
                return Err(no_text(BINARY));
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

    /// Decodes all untaken bytes, and replaces line ends that are CR alone.
    fn decode(&mut self) {
        let from = self.text.len();
        self.decode_untaken();
        let text = &mut self.text;
        if *self.ends_in_cr.get_or_insert_with(|| are_cr_alone(text.as_bytes())) {
            replace_lone_cr_of_text(text, from, self.raw.ended());
        }
    }

    fn decode_untaken(&mut self) {
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
        let (stored, bytes) = self.raw.into_buffers();
        Buffer { stored, bytes, text: self.text }
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
    let head = raw.untaken();
    let head = head.get(..BINARY_HEAD).unwrap_or(head);
    let refused = if looks_binary(head) { Some(binary(head)) } else { unread(head) };
    refused.map_or(Ok(()), Err)
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
mod tests;
