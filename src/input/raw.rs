//! Bytes as they come in, in a room that is used again and again.

use std::io;

use super::unpack::Unpacked;

/// Room for a piece of an input. One that was used serves the next input as well, without new pages of memory.
#[derive(Debug, Default)]
pub struct Room {
    pub(super) bytes: Vec<u8>,
    pub(super) text: String,
}

/// So much is read before a piece is handed on; a longer line makes the room grow.
const PIECE: usize = 256 * 1024;
/// Of NUL bytes amid a text so many are kept: a hole may have gigabytes.
const MOST_AMID: u64 = 64 * 1024;

/// The bytes of an input that wait to become text.
///
/// Rotating a log under a process that goes on writing at its old place leaves a hole at the start, a crash of the machine
/// one at the end: both read as NUL, and the text beside them is sound. They are counted and left out.
#[derive(Debug)]
pub(super) struct Raw {
    source: Unpacked,
    room: Vec<u8>,
    from: usize,
    to: usize,
    ended: bool,
    /// Whether NUL bytes at either end are left out.
    trims: bool,
    /// Whether anything but NUL bytes came.
    begun: bool,
    leading: u64,
    /// NUL bytes of which it is not known yet whether anything follows them.
    pending: u64,
}

impl Raw {
    pub(super) fn new(source: Unpacked, mut room: Vec<u8>) -> Self {
        if room.len() < PIECE {
            room.resize(PIECE, 0);
        }
        let (from, to, ended, trims, begun, leading, pending) = (0, 0, false, false, false, 0, 0);
        Self { source, room, from, to, ended, trims, begun, leading, pending }
    }

    /// The source, for what it has to tell.
    pub(super) const fn source(&self) -> &Unpacked {
        &self.source
    }

    pub(super) fn into_room(self) -> Vec<u8> {
        self.room
    }

    /// The bytes that wait.
    pub(super) fn waiting(&self) -> &[u8] {
        &self.room[self.from..self.to]
    }

    /// Whether the source has come to its end.
    pub(super) const fn ended(&self) -> bool {
        self.ended
    }

    /// NUL bytes that were left out at the start.
    pub(super) const fn leading(&self) -> u64 {
        self.leading
    }

    /// NUL bytes that were left out at the end, once it has come.
    pub(super) const fn trailing(&self) -> u64 {
        if self.ended { self.pending } else { 0 }
    }

    /// Takes away the first of the bytes that wait.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.from += bytes;
    }

    /// The bytes that were taken away last.
    pub(super) fn skipped(&self, bytes: usize) -> &[u8] {
        &self.room[self.from - bytes..self.from]
    }

    /// From here on NUL bytes at either end are left out, those that wait already among them.
    pub(super) fn trim(&mut self) {
        self.trims = true;
        let waiting = self.to - self.from;
        self.to = self.from;
        self.admit(waiting);
    }

    /// Reads until at least so many bytes wait, or the source ends.
    pub(super) fn wait_for(&mut self, bytes: usize) -> io::Result<()> {
        while !self.ended && self.to - self.from < bytes {
            self.read()?;
        }
        Ok(())
    }

    /// Reads until the room is full, or the source ends. The room grows if what waits fills it.
    pub(super) fn fill(&mut self) -> io::Result<()> {
        self.room.copy_within(self.from..self.to, 0);
        (self.from, self.to) = (0, self.to - self.from);
        if self.to == self.room.len() {
            self.room.resize(2 * self.to, 0);
        }
        while !self.ended && self.to < self.room.len() {
            self.read()?;
        }
        Ok(())
    }

    fn read(&mut self) -> io::Result<()> {
        let read = self.source.read(&mut self.room[self.to..])?;
        self.ended = read == 0;
        self.admit(read);
        Ok(())
    }

    /// Takes the bytes that were read behind those that wait.
    fn admit(&mut self, read: usize) {
        let fresh = self.to..self.to + read;
        if !self.trims {
            self.to = fresh.end;
            return;
        }
        let nuls = self.room[fresh.clone()].iter().rev().take_while(|byte| **byte == 0).count();
        if nuls == read {
            self.pending += read as u64;
            return;
        }
        let content = fresh.start..fresh.end - nuls;
        if !self.begun {
            let first = self.room[content.clone()].iter().take_while(|byte| **byte == 0).count();
            self.leading = self.pending + first as u64;
            self.room.copy_within(content.start + first..content.end, content.start);
            self.to = content.end - first;
        } else if self.pending > 0 {
            // A hole amid the text is part of it.
            let hole = usize::try_from(self.pending.min(MOST_AMID)).unwrap_or(0);
            let behind = self.room[content.clone()].to_vec();
            self.room.splice(content.start..content.end, std::iter::repeat_n(0, hole).chain(behind));
            self.to = content.end + hole;
        } else {
            self.to = content.end;
        }
        (self.begun, self.pending) = (true, nuls as u64);
    }
}
