//! Compressed bytes to plain bytes, recognised by content.

use std::io::{self, Cursor, Read};

use liblzma::read::XzDecoder;

use crate::error::Notice;

/// Every xz stream begins with this.
const XZ_MAGIC: &[u8] = b"\xFD7zXZ\0";

/// So many bytes tell what kind of archive it is.
const HEAD: usize = 16;

/// How much is unpacked at a time. Small, because the piece in which an archive breaks is lost with its
/// error.
const PIECE: usize = 8 * 1024;

/// The bytes of an archive, or the bytes themselves if they are none.
///
/// gzip, bzip2, xz and zstd are unpacked while they are read, all members of the archive one after the other.
pub(super) struct Unpacked {
    reader: Box<dyn Read + Send>,
    codec: Option<&'static str>,
    given: u64,
    damage: Option<Notice>,
}

impl std::fmt::Debug for Unpacked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unpacked").field("codec", &self.codec).field("given", &self.given).finish()
    }
}

impl Unpacked {
    /// Looks at the head of what is stored, and no farther.
    pub(super) fn new(mut stored: impl Read + Send + 'static) -> io::Result<Self> {
        let mut head = Vec::with_capacity(HEAD);
        (&mut stored).take(HEAD as u64).read_to_end(&mut head)?;
        let codec = codec(&head);
        let whole = Cursor::new(head).chain(stored);
        let reader: Box<dyn Read + Send> = match codec {
            None => Box::new(whole),
            // niffler's decoder stops after the first stream, and `xz -c >> log.xz` writes several.
            Some("xz") => Box::new(XzDecoder::new_multi_decoder(whole)),
            Some(name) => {
                let opened = niffler::send::get_reader(Box::new(whole));
                opened.map_err(|error| broken(name, &as_io(error)))?.0
            }
        };
        Ok(Self { reader, codec, given: 0, damage: None })
    }

    /// Reads the next bytes; 0 at the end. An archive that breaks off ends there, and its damage is told; it is an error
    /// only if it gave nothing before.
    pub(super) fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let most = if self.codec.is_some() { room.len().min(PIECE) } else { room.len() };
        let read = loop {
            match self.reader.read(&mut room[..most]) {
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        match (read, self.codec) {
            (Ok(read), _) => {
                self.given += read as u64;
                Ok(read)
            }
            (Err(cause), None) => Err(cause),
            (Err(cause), Some(codec)) if self.given == 0 => Err(broken(codec, &cause)),
            (Err(cause), Some(codec)) => {
                self.damage = Some(Notice::whole(format!(
                    "{codec} data is damaged or cut short ({cause}); used are the {} bytes that could be unpacked, of \
                     which the last may be wrong",
                    self.given
                )));
                self.reader = Box::new(io::empty());
                Ok(0)
            }
        }
    }

    /// Whether it is an archive.
    pub(super) const fn is_archive(&self) -> bool {
        self.codec.is_some()
    }

    /// How many bytes it gave so far.
    pub(super) const fn given(&self) -> u64 {
        self.given
    }

    /// Set if the archive broke off before its end.
    pub(super) const fn damage(&self) -> Option<&Notice> {
        self.damage.as_ref()
    }
}

fn broken(codec: &str, cause: &io::Error) -> io::Error {
    let message = format!("{codec} data is damaged or cut short, nothing of it could be unpacked: {cause}");
    io::Error::new(cause.kind(), message)
}

fn as_io(error: niffler::Error) -> io::Error {
    match error {
        niffler::Error::IOError(cause) => cause,
        niffler::Error::FileTooShort => io::ErrorKind::UnexpectedEof.into(),
        niffler::Error::FeatureDisabled => io::ErrorKind::Unsupported.into(),
    }
}

/// Stricter than niffler, which takes any text that begins with "BZ" for bzip2.
fn codec(stored: &[u8]) -> Option<&'static str> {
    match stored {
        [0x1F, 0x8B, 8, ..] => Some("gzip"),
        // After the level comes the magic of the first block, or that of the end.
        [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..]
            if rest.starts_with(b"1AY&SY") || rest.starts_with(b"\x17rE8P\x90") =>
        {
            Some("bzip2")
        }
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Some("zstd"),
        _ if stored.starts_with(XZ_MAGIC) => Some("xz"),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use niffler::compression::Format::{self, Bzip, Gzip, Lzma, Zstd};

    /// What an archive gives, and what is said of its damage.
    struct Whole {
        bytes: Vec<u8>,
        damage: Option<Notice>,
    }

    fn unpack(stored: Vec<u8>) -> io::Result<Whole> {
        let mut unpacked = Unpacked::new(Cursor::new(stored))?;
        let (mut bytes, mut room) = (Vec::new(), vec![0; 70_000]);
        loop {
            match unpacked.read(&mut room)? {
                0 => return Ok(Whole { bytes, damage: unpacked.damage().cloned() }),
                read => bytes.extend_from_slice(&room[..read]),
            }
        }
    }

    const ALL: [(&str, Format); 4] = [("gzip", Gzip), ("bzip2", Bzip), ("xz", Lzma), ("zstd", Zstd)];

    fn pack(plain: &[u8], format: Format) -> Vec<u8> {
        let mut packed = Vec::new();
        let mut writer = niffler::get_writer(Box::new(&mut packed), format, niffler::Level::One).unwrap();
        writer.write_all(plain).unwrap();
        drop(writer);
        packed
    }

    /// The same noise each time.
    fn numbers() -> impl Iterator<Item = u64> {
        let step = |state: &u64| {
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407)
        };
        std::iter::successors(Some(1), move |state| Some(step(state))).map(|state| state >> 40)
    }

    /// Text that does not compress into one small block.
    fn long() -> Vec<u8> {
        numbers().take(30_000).map(|number| format!("{number} kB\n")).collect::<String>().into_bytes()
    }

    #[test]
    fn every_codec_is_told_by_content_and_unpacked() {
        let long = long();
        for (name, format) in ALL {
            for plain in [&b""[..], b"x", b"Rss: 1 kB\n", &long] {
                let packed = pack(plain, format);
                assert_eq!(codec(&packed), Some(name));
                let unpacked = unpack(packed).unwrap();
                assert!(unpacked.bytes == plain && unpacked.damage.is_none(), "{name} {:?}", unpacked.damage);
            }
        }
    }

    #[test]
    fn members_are_joined() {
        let long = long();
        for (name, format) in ALL {
            for parts in [[&b"one\n"[..], b"two\n", b"three\n"], [&long, b"", b"end\n"], [b"a", &long, &long]]
            {
                let unpacked = unpack(parts.map(|part| pack(part, format)).concat()).unwrap();
                assert!(unpacked.bytes == parts.concat() && unpacked.damage.is_none(), "{name}");
            }
        }
    }

    #[test]
    fn what_is_no_archive_is_left_alone() {
        let rows: [&[u8]; 9] = [
            b"",
            b"\x1F",
            b"BZ",
            b"BZh9",
            b"BZh9: 12 kB\n",
            b"\xFD7zX",
            b"\x28\xB5\x2F",
            b"\x1F\x8B\x01\0\0",
            b"Rss\n",
        ];
        for bytes in rows {
            let unpacked = unpack(bytes.to_vec()).unwrap();
            assert_eq!((unpacked.bytes.as_slice(), unpacked.damage), (bytes, None));
        }
    }

    #[test]
    fn a_cut_archive_gives_its_beginning_and_a_notice() {
        let long = long();
        for (name, format) in ALL {
            let packed = pack(&long, format);
            // bzip2 gives whole blocks only, here of 100 kB, so enough has to be left for one.
            let unpacked = unpack(packed[..packed.len() * 9 / 10].to_vec()).expect(name);
            let message = unpacked.damage.expect(name).message;
            assert!(message.starts_with(&format!("{name} data is damaged or cut short (")), "{message}");
            assert!(long.starts_with(&unpacked.bytes), "{name}");
            assert!(
                unpacked.bytes.len() > long.len() / 10,
                "{name}: {} of {}",
                unpacked.bytes.len(),
                long.len()
            );
        }
    }

    #[test]
    fn a_second_member_that_is_damaged_leaves_the_first() {
        for (name, format) in ALL {
            let second = pack(b"two\n", format);
            let unpacked =
                unpack([pack(b"one\n", format), second[..second.len() / 2].to_vec()].concat()).unwrap();
            assert!(unpacked.bytes.starts_with(b"one\n") && unpacked.damage.is_some(), "{name}");
        }
    }

    #[test]
    fn an_archive_that_gives_nothing_is_an_error() {
        // bzip2 is told by its first ten bytes.
        for ((name, format), length) in ALL.into_iter().zip([6, 10, 6, 6]) {
            let mut head = pack(b"Rss: 1 kB\n", format);
            head.truncate(length);
            let message = unpack(head).err().expect(name).to_string();
            assert!(message.starts_with(&format!("{name} data is damaged")), "{message}");
        }
        assert_eq!(unpack(b"\x1F\x8B\x08".to_vec()).err().unwrap().kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn xz_may_be_padded_but_not_followed_by_rubbish() {
        let stream = pack(b"one\n", Lzma);
        let padded = unpack([&stream[..], &[0; 8], &stream, &[0; 4]].concat()).unwrap();
        assert_eq!((padded.bytes.as_slice(), padded.damage), (&b"one\none\n"[..], None));
        let followed = unpack([&stream[..], b"rubbish"].concat()).unwrap();
        assert_eq!(followed.bytes, b"one\n");
        assert!(followed.damage.unwrap().message.starts_with("xz data is damaged"));
    }

    #[test]
    fn what_looks_like_a_further_xz_stream_need_not_be_one() {
        // Noise is stored as it is, and what stands in it too.
        let noise: Vec<u8> = numbers().map(|number| number as u8).take(2000).collect();
        let (before, after) = noise.split_at(1000);
        let plain = [before, XZ_MAGIC, after].concat();
        let packed = pack(&plain, Lzma);
        assert_eq!(memchr::memmem::find_iter(&packed, XZ_MAGIC).count(), 2);
        let unpacked = unpack([&packed[..], &packed].concat()).unwrap();
        assert_eq!((unpacked.bytes, unpacked.damage), ([&plain[..], &plain].concat(), None));
    }
}
