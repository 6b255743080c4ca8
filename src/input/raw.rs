//! Plain bytes in a buffer that is reused from input to input.

use std::io;

use super::line_ends::replace_lone_cr;
use super::unpack::Unpacked;

/// Memory for a piece of an input, to be reused for the next input.
#[derive(Debug, Default)]
pub struct Buffer {
    pub(super) stored: Vec<u8>,
    pub(super) bytes: Vec<u8>,
    pub(super) text: String,
}

/// Bytes of a piece. A longer line makes the buffer grow.
const PIECE: usize = 256 * 1024;
/// NUL bytes that are kept of a hole amid a text, which may have gigabytes.
const MOST_AMID: u64 = 64 * 1024;

/// Bytes of an input that are not decoded yet.
///
/// Rotating a log under a process that goes on writing at its old place leaves a hole at the start, a crash of the
/// machine one at the end: both read as NUL, and the text around them is sound. They are counted and left out.
#[derive(Debug)]
pub(super) struct Raw {
    source: Unpacked,
    buffer: Vec<u8>,
    from: usize,
    to: usize,
    ended: bool,
    /// Whether NUL bytes at either end are left out.
    trims: bool,
    /// Whether anything but NUL bytes came.
    begun: bool,
    leading: u64,
    /// NUL bytes after which nothing else came so far.
    pending: u64,
    /// Whether a CR that no LF follows ends a line.
    ends_lines_by_cr: bool,
}

impl Raw {
    pub(super) fn new(source: Unpacked, mut buffer: Vec<u8>) -> Self {
        if buffer.len() < PIECE {
            buffer.resize(PIECE, 0);
        }
        let (from, to, ended, trims, begun, leading, pending) = (0, 0, false, false, false, 0, 0);
        let ends_lines_by_cr = false;
        Self { source, buffer, from, to, ended, trims, begun, leading, pending, ends_lines_by_cr }
    }

    /// Returns the source.
    pub(super) const fn source(&self) -> &Unpacked {
        &self.source
    }

    /// Returns the buffers, of the stored bytes and of the plain ones.
    pub(super) fn into_buffers(self) -> (Vec<u8>, Vec<u8>) {
        (self.source.into_buffer(), self.buffer)
    }

    /// Returns the bytes that were read and not taken.
    pub(super) fn untaken(&self) -> &[u8] {
        &self.buffer[self.from..self.to]
    }

    /// Returns whether the source is at its end.
    pub(super) const fn ended(&self) -> bool {
        self.ended
    }

    /// Returns the number of NUL bytes left out at the start.
    pub(super) const fn leading(&self) -> u64 {
        self.leading
    }

    /// Returns the number of NUL bytes left out at the end, once the source is at its end.
    pub(super) const fn trailing(&self) -> u64 {
        if self.ended { self.pending } else { 0 }
    }

    /// Takes the first of the untaken bytes.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.from += bytes;
    }

    /// Returns the bytes that were taken last.
    pub(super) fn skipped(&self, bytes: usize) -> &[u8] {
        &self.buffer[self.from - bytes..self.from]
    }

    /// Leaves out NUL bytes at either end from here on, those among the untaken bytes included.
    pub(super) fn trim(&mut self) {
        self.trims = true;
        let untaken = self.to - self.from;
        self.to = self.from;
        self.admit(untaken);
    }

    /// Reads until at least `bytes` bytes wait, or the source ends.
    pub(super) fn wait_for(&mut self, bytes: usize) -> io::Result<()> {
        while !self.ended && self.to - self.from < bytes {
            self.read()?;
        }
        Ok(())
    }

    /// Reads to the end of the source and returns all untaken bytes; `None` if there are more than `most`.
    pub(super) fn all(&mut self, most: usize) -> io::Result<Option<&[u8]>> {
        self.buffer.copy_within(self.from..self.to, 0);
        (self.from, self.to) = (0, self.to - self.from);
        while !self.ended && self.to <= most {
            if self.to == self.buffer.len() {
                // By a quarter: documents are large, and what is added is written to.
                let more = (self.to / 4).max(PIECE);
                self.buffer.resize((self.to + more).min(most + 1), 0);
            }
            self.read()?;
        }
        Ok((self.to <= most).then(|| &self.buffer[..self.to]))
    }

    /// Reads until the buffer is full or the source ends. A buffer that is full of untaken bytes grows.
    pub(super) fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.from..self.to, 0);
        (self.from, self.to) = (0, self.to - self.from);
        // A long line, or the holes that were kept, made it longer than a piece.
        self.buffer.truncate(PIECE.max(self.to));
        if self.to == self.buffer.len() {
            self.buffer.resize(2 * self.to, 0);
        }
        while !self.ended && self.to < self.buffer.len() {
            self.read()?;
        }
        Ok(())
    }

    /// Makes line ends of lone CRs from here on, those among the untaken bytes included.
    pub(super) fn end_lines_by_cr(&mut self) {
        self.ends_lines_by_cr = true;
        replace_lone_cr(&mut self.buffer[..self.to], self.from, self.ended);
    }

    fn read(&mut self) -> io::Result<()> {
        let read = self.source.read(&mut self.buffer[self.to..])?;
        self.ended = read == 0;
        let before = self.to;
        self.admit(read);
        if self.ends_lines_by_cr {
            // The last of them may have been a CR that waited for what follows.
            replace_lone_cr(&mut self.buffer[..self.to], before.saturating_sub(1).max(self.from), self.ended);
        }
        Ok(())
    }

    /// Adds the bytes that were read after the untaken bytes.
    fn admit(&mut self, read: usize) {
        let fresh = self.to..self.to + read;
        if !self.trims {
            self.to = fresh.end;
            return;
        }
        let nuls = self.buffer[fresh.clone()].iter().rev().take_while(|byte| **byte == 0).count();
        if nuls == read {
            self.pending += read as u64;
            return;
        }
        let content = fresh.start..fresh.end - nuls;
        if !self.begun {
            let first = self.buffer[content.clone()].iter().take_while(|byte| **byte == 0).count();
            self.leading = self.pending + first as u64;
            self.buffer.copy_within(content.start + first..content.end, content.start);
            self.to = content.end - first;
        } else if self.pending > 0 {
            // A hole amid the text is part of it.
            let hole = usize::try_from(self.pending.min(MOST_AMID)).unwrap_or(0);
            let after = self.buffer[content.clone()].to_vec();
            self.buffer.splice(content.start..content.end, std::iter::repeat_n(0, hole).chain(after));
            self.to = content.end + hole;
        } else {
            self.to = content.end;
        }
        (self.begun, self.pending) = (true, nuls as u64);
    }
}
