//! From compressed to plain bytes. Archives are recognised by their content.

use std::io::{self, Read};

use super::kind::Refused;
use super::stored::Stored;
use crate::bounds::LEAST_PACKED;
use crate::error::Notice;

/// Bytes by which an archive is recognised.
const HEAD: usize = 16;
/// Bytes unpacked at a time: few, because the piece in which an archive breaks is lost with the error.
const PIECE: usize = 8 * 1024;

/// Formats of compression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Codec {
    Gzip,
    Bzip2,
    Xz,
    Zstd,
}

impl Codec {
    /// Returns the codec that a member begins with.
    ///
    /// bzip2 is recognised by ten bytes, so that a text that begins with `BZ` is not taken for it.
    fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1F, 0x8B, 8, ..] => Some(Self::Gzip),
            // After the level comes the magic of the first block, or that of the end.
            [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..]
                if rest.starts_with(b"1AY&SY") || rest.starts_with(b"\x17rE8P\x90") =>
            {
                Some(Self::Bzip2)
            }
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Self::Zstd),
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            _ => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Zstd => "zstd",
        }
    }
}

/// Returns the length of a skippable frame (RFC 8878, 3.1.2), if the head is that of one. pzstd writes one before each
/// of its frames and seekable zstd one at the end; lz4 has them too.
fn skippable(head: &[u8]) -> Option<u64> {
    match head {
        [0x50..=0x5F, 0x2A, 0x4D, 0x18, a, b, c, d, ..] => {
            Some(8 + u64::from(u32::from_le_bytes([*a, *b, *c, *d])))
        }
        _ => None,
    }
}

/// Whether bytes are those at the head of compressed data.
pub(super) fn is_packed(head: &[u8]) -> bool {
    Codec::of(head).is_some() || skippable(head).is_some()
}

/// Bytes of a member of gzip that holds nothing and has no name.
const EMPTY_GZIP: usize = 20;

/// Whether bytes are such a member: of a log that is rotated each minute there may be a million, and a decoder takes
/// longer to begin with each than to read it.
fn is_empty_gzip(head: &[u8]) -> bool {
    matches!(head, [0x1F, 0x8B, 8, 0, _, _, _, _, _, _, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0])
}

/// The decoder of one member of an archive, which stops after it.
enum Member {
    /// No archive: the bytes themselves.
    Plain(Stored),
    Gzip(Box<flate2::bufread::GzDecoder<Stored>>),
    Bzip2(bzip2::bufread::BzDecoder<Stored>),
    Xz(liblzma::bufread::XzDecoder<Stored>),
    Zstd(zstd::stream::read::Decoder<'static, Stored>),
}

impl Member {
    /// Begins a member of a codec.
    fn begin(codec: Codec, stored: Stored) -> io::Result<Self> {
        Ok(match codec {
            Codec::Gzip => Self::Gzip(Box::new(flate2::bufread::GzDecoder::new(stored))),
            Codec::Bzip2 => Self::Bzip2(bzip2::bufread::BzDecoder::new(stored)),
            Codec::Xz => Self::Xz(liblzma::bufread::XzDecoder::new(stored)),
            Codec::Zstd => Self::Zstd(zstd::stream::read::Decoder::with_buffer(stored)?.single_frame()),
        })
    }

    /// Begins the next member where this one ended.
    fn next(self, codec: Codec) -> io::Result<Self> {
        match (self, codec) {
            // The decoder's tables are large, and there may be a million members.
            (Self::Gzip(mut decoder), Codec::Gzip) => {
                let stored = std::mem::take(decoder.get_mut());
                decoder.reset(stored);
                Ok(Self::Gzip(decoder))
            }
            (other, codec) => Self::begin(codec, other.into_stored()),
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stored) => stored.read(buffer),
            Self::Gzip(decoder) => decoder.read(buffer),
            Self::Bzip2(decoder) => decoder.read(buffer),
            Self::Xz(decoder) => decoder.read(buffer),
            Self::Zstd(decoder) => decoder.read(buffer),
        }
    }

    fn stored(&mut self) -> &mut Stored {
        match self {
            Self::Plain(stored) => stored,
            Self::Gzip(decoder) => decoder.get_mut(),
            Self::Bzip2(decoder) => decoder.get_mut(),
            Self::Xz(decoder) => decoder.get_mut(),
            Self::Zstd(decoder) => decoder.get_mut(),
        }
    }

    fn into_stored(self) -> Stored {
        match self {
            Self::Plain(stored) => stored,
            Self::Gzip(decoder) => decoder.into_inner(),
            Self::Bzip2(decoder) => decoder.into_inner(),
            Self::Xz(decoder) => decoder.into_inner(),
            Self::Zstd(decoder) => decoder.finish(),
        }
    }
}

/// The bytes of an archive, or the bytes themselves if they are none.
///
/// gzip, bzip2, xz and zstd are unpacked while they are read, all members of the archive in turn. Zeros after a member
/// are padding.
pub(super) struct Unpacked {
    member: Member,
    /// The codec of the member that is read; `None` if the bytes are no archive.
    codec: Option<Codec>,
    given: u64,
    /// Bytes that are given of an archive that shrank to less than a thousandth.
    most: u64,
    damage: Option<Notice>,
}

impl std::fmt::Debug for Unpacked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unpacked").field("codec", &self.codec).field("given", &self.given).finish()
    }
}

impl Unpacked {
    /// Reads the head of a source, up to the first frame that is not skippable.
    pub(super) fn new(source: impl Read + Send + 'static, most: u64) -> io::Result<Self> {
        Self::with_buffer(source, most, Vec::new())
    }

    /// Does the same with the buffer of another source.
    pub(super) fn with_buffer(
        source: impl Read + Send + 'static,
        most: u64,
        buffer: Vec<u8>,
    ) -> io::Result<Self> {
        let mut stored = Stored::new(source, buffer);
        while let Some(length) = skippable(stored.peek(HEAD)?) {
            stored.skip(length).map_err(|cause| broken(Codec::Zstd, &cause))?;
        }
        let codec = Codec::of(stored.peek(HEAD)?);
        let member = match codec {
            None => Member::Plain(stored),
            Some(codec) => Member::begin(codec, stored).map_err(|cause| broken(codec, &cause))?,
        };
        Ok(Self { member, codec, given: 0, most, damage: None })
    }

    /// Reads the next bytes and returns their number; 0 at the end. A damaged archive ends at the damage; it is an
    /// error only if nothing could be unpacked before. An archive that grows a thousandfold, and beyond its bound, is
    /// an error.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() || self.damage.is_some() {
            return Ok(0);
        }
        let Some(codec) = self.codec else {
            let read = uninterrupted(|| self.member.read(buffer))?;
            self.given += read as u64;
            return Ok(read);
        };
        if self.given > self.most && self.given / LEAST_PACKED > self.member.stored().taken() {
            return Err(Refused::UnpacksToMore(self.most).into());
        }
        let most = buffer.len().min(PIECE);
        match self.unpack(&mut buffer[..most]) {
            Ok(read) => {
                self.given += read as u64;
                Ok(read)
            }
            Err(cause) if self.given == 0 => Err(broken(codec, &cause)),
            Err(cause) => {
                self.damage = Some(Notice::whole(format!(
                    "{} data is damaged or cut short ({cause}); used are the {} bytes that could be unpacked, of \
                     which the last may be wrong",
                    codec.name(),
                    self.given
                )));
                Ok(0)
            }
        }
    }

    /// Reads the next bytes of this member, else of the next member that is not empty.
    fn unpack(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = uninterrupted(|| self.member.read(buffer))?;
            if read > 0 || !self.next_member()? {
                return Ok(read);
            }
        }
    }

    /// Begins the next member; returns whether there is one.
    fn next_member(&mut self) -> io::Result<bool> {
        let stored = self.member.stored();
        loop {
            let head = stored.peek(HEAD)?;
            if head.is_empty() {
                return Ok(false);
            }
            let zeros = head.iter().take_while(|byte| **byte == 0).count();
            if let Some(length) = skippable(head) {
                stored.skip(length)?;
            } else if zeros > 0 {
                stored.skip(zeros as u64)?;
            } else if is_empty_gzip(stored.peek(EMPTY_GZIP)?) {
                stored.skip(EMPTY_GZIP as u64)?;
            } else {
                break;
            }
        }
        let Some(codec) = Codec::of(stored.peek(HEAD)?) else {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "what follows is no archive"));
        };
        let member = std::mem::replace(&mut self.member, Member::Plain(Stored::default()));
        (self.member, self.codec) = (member.next(codec)?, Some(codec));
        Ok(true)
    }

    /// Returns whether the source is an archive.
    pub(super) const fn is_archive(&self) -> bool {
        self.codec.is_some()
    }

    /// Returns the number of bytes given so far.
    pub(super) const fn given(&self) -> u64 {
        self.given
    }

    /// Returns the buffer of the stored bytes, for another source.
    pub(super) fn into_buffer(self) -> Vec<u8> {
        self.member.into_stored().into_buffer()
    }

    /// Returns a notice if the archive ended early.
    pub(super) const fn damage(&self) -> Option<&Notice> {
        self.damage.as_ref()
    }
}

/// Reads again if a signal interrupted.
fn uninterrupted(mut read: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match read() {
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

fn broken(codec: Codec, cause: &io::Error) -> io::Error {
    let name = codec.name();
    let message = format!("{name} data is damaged or cut short, nothing of it could be unpacked: {cause}");
    io::Error::new(cause.kind(), message)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
