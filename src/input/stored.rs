//! Stored bytes of an input, with a look at the next of them.

use std::io::{self, BufRead, Read};

/// Bytes read at a time.
const PIECE: usize = 32 * 1024;

/// The stored bytes of an input.
pub(super) struct Stored {
    source: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    from: usize,
    to: usize,
    /// Number of bytes that came from the source.
    taken: u64,
}

impl Default for Stored {
    /// No bytes at all.
    fn default() -> Self {
        Self { source: Box::new(io::empty()), buffer: Vec::new(), from: 0, to: 0, taken: 0 }
    }
}

impl Stored {
    /// Returns the bytes of a source, which go through this buffer.
    pub(super) fn new(source: impl Read + Send + 'static, mut buffer: Vec<u8>) -> Self {
        buffer.resize(PIECE, 0);
        Self { source: Box::new(source), buffer, from: 0, to: 0, taken: 0 }
    }

    /// Returns the buffer, for another source.
    pub(super) fn into_buffer(self) -> Vec<u8> {
        self.buffer
    }

    /// Returns the number of bytes that came from the source so far.
    pub(super) const fn taken(&self) -> u64 {
        self.taken
    }

    /// Returns the next bytes without taking them: at least `least` (no more than a piece), unless the source ends
    /// before.
    pub(super) fn peek(&mut self, least: usize) -> io::Result<&[u8]> {
        if self.to - self.from < least {
            self.buffer.copy_within(self.from..self.to, 0);
            (self.from, self.to) = (0, self.to - self.from);
        }
        while self.to - self.from < least {
            match self.source.read(&mut self.buffer[self.to..]) {
                Ok(0) => break,
                Ok(read) => {
                    self.to += read;
                    self.taken += read as u64;
                }
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                Err(cause) => return Err(cause),
            }
        }
        let end = self.to.min(self.from + least);
        Ok(&self.buffer[self.from..end])
    }

    /// Skips bytes.
    ///
    /// Fails with [`io::ErrorKind::UnexpectedEof`] if the source ends before.
    pub(super) fn skip(&mut self, bytes: u64) -> io::Result<()> {
        let mut left = bytes;
        while left > 0 {
            let next = match self.fill_buf() {
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
                next => next?.len() as u64,
            };
            if next == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let taken = next.min(left);
            self.consume(usize::try_from(taken).unwrap_or(usize::MAX));
            left -= taken;
        }
        Ok(())
    }
}

impl Read for Stored {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.from == self.to && buffer.len() >= self.buffer.len() {
            let read = self.source.read(buffer)?;
            self.taken += read as u64;
            return Ok(read);
        }
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Stored {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.from == self.to {
            (self.from, self.to) = (0, self.source.read(&mut self.buffer)?);
            self.taken += self.to as u64;
        }
        Ok(&self.buffer[self.from..self.to])
    }

    fn consume(&mut self, bytes: usize) {
        self.from = self.to.min(self.from + bytes);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Gives a byte at a time.
    struct Slow(Vec<u8>);

    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let read = self.0.len().min(1);
            buffer[..read].copy_from_slice(&self.0[..read]);
            self.0.drain(..read);
            Ok(read)
        }
    }

    #[test]
    fn what_was_looked_at_is_read_all_the_same() {
        let bytes: Vec<u8> = (0..=255).cycle().take(100).collect();
        let mut stored = Stored::new(Slow(bytes.clone()), Vec::new());
        let mut read = Vec::new();
        for peeked in [16, 3, 0, 40, 16] {
            assert_eq!(stored.peek(peeked).unwrap(), &bytes[read.len()..read.len() + peeked]);
            let mut some = [0; 7];
            stored.read_exact(&mut some).unwrap();
            read.extend(some);
        }
        stored.skip(60).unwrap();
        assert_eq!(stored.peek(16).unwrap(), &bytes[95..], "the source ends");
        assert_eq!(stored.skip(6).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        assert_eq!(stored.peek(1).unwrap(), b"");
    }
}
