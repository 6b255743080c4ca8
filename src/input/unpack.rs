//! Compressed bytes to plain bytes, recognised by content.

use std::io::{self, Read};

use memchr::memmem;

use crate::error::Notice;

/// Every xz stream begins with this.
const XZ_MAGIC: &[u8] = b"\xFD7zXZ\0";
/// And ends with this.
const XZ_END: &[u8] = b"YZ";

/// How much is unpacked at a time. Small, because the piece in which an archive breaks is lost with its
/// error.
const PIECE: usize = 8 * 1024;

/// What came out of an archive, or the bytes themselves if they were none.
#[derive(Debug)]
pub(super) struct Unpacked {
    pub(super) bytes: Vec<u8>,
    /// Set if the archive broke off before its end.
    pub(super) damage: Option<Notice>,
}

/// Unpacks gzip, bzip2, xz and zstd, all members of the archive one after the other; else hands the bytes
/// back.
///
/// Fails if an archive gives nothing before it breaks.
pub(super) fn unpack(stored: Vec<u8>) -> io::Result<Unpacked> {
    let Some(codec) = codec(&stored) else {
        return Ok(Unpacked { bytes: stored, damage: None });
    };
    let mut bytes = Vec::new();
    let outcome = match codec {
        "xz" => unpack_xz(&stored, &mut bytes),
        _ => drain(&stored, &mut bytes),
    };
    let Err(cause) = outcome else {
        return Ok(Unpacked { bytes, damage: None });
    };
    if bytes.is_empty() {
        let message =
            format!("{codec} data is damaged or cut short, nothing of it could be unpacked: {cause}");
        return Err(io::Error::new(cause.kind(), message));
    }
    let message = format!(
        "{codec} data is damaged or cut short ({cause}); used are the {} bytes that could be unpacked, of which \
         the last may be wrong",
        bytes.len()
    );
    Ok(Unpacked { bytes, damage: Some(Notice::whole(message)) })
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

/// The decoder behind niffler stops after the first xz stream and says nothing about the rest (`xz -c >>
/// log.xz` writes several), so each is unpacked on its own.
fn unpack_xz(stored: &[u8], into: &mut Vec<u8>) -> io::Result<()> {
    let mut rest = stored;
    let mut from = 1;
    while let Some(ahead) = rest.get(from..).and_then(|ahead| memmem::find(ahead, XZ_MAGIC)) {
        let (stream, next) = rest.split_at(from + ahead);
        if ends_as_xz(stream) {
            drain(stream, into)?;
            (rest, from) = (next, 1);
        } else {
            // A chance likeness inside a stream.
            from = stream.len() + 1;
        }
    }
    drain(rest, into)?;
    if ends_as_xz(rest) {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidData, "something else follows the last stream"))
}

/// Whether the last bytes are those of an xz stream, which NUL bytes may pad.
fn ends_as_xz(stream: &[u8]) -> bool {
    let padding = stream.iter().rev().take_while(|byte| **byte == 0).count();
    stream.get(..stream.len() - padding).is_some_and(|stream| stream.ends_with(XZ_END))
}

/// Unpacks into `into`, which keeps what came before an error.
fn drain(from: &[u8], into: &mut Vec<u8>) -> io::Result<()> {
    let (mut reader, _) = niffler::get_reader(Box::new(from)).map_err(|error| match error {
        niffler::Error::IOError(cause) => cause,
        niffler::Error::FileTooShort => io::ErrorKind::UnexpectedEof.into(),
        niffler::Error::FeatureDisabled => io::ErrorKind::Unsupported.into(),
    })?;
    let mut piece = [0; PIECE];
    loop {
        let read = match reader.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(read) => read,
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
            Err(cause) => return Err(cause),
        };
        // A small archive can hold more than the machine: that is an error like any other, no abort.
        into.try_reserve(read).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
        into.extend_from_slice(piece.get(..read).unwrap_or(&piece));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use niffler::compression::Format::{self, Bzip, Gzip, Lzma, Zstd};

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
            let message = unpack(head).expect_err(name).to_string();
            assert!(message.starts_with(&format!("{name} data is damaged")), "{message}");
        }
        assert_eq!(unpack(b"\x1F\x8B\x08".to_vec()).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn xz_may_be_padded_but_not_followed_by_rubbish() {
        let stream = pack(b"one\n", Lzma);
        let padded = unpack([&stream[..], &[0; 8], &stream, &[0; 4]].concat()).unwrap();
        assert_eq!((padded.bytes.as_slice(), padded.damage), (&b"one\none\n"[..], None));
        let followed = unpack([&stream[..], b"rubbish"].concat()).unwrap();
        assert_eq!(followed.bytes, b"one\n");
        assert!(followed.damage.unwrap().message.contains("something else follows"));
    }

    #[test]
    fn what_looks_like_a_further_xz_stream_need_not_be_one() {
        // Noise is stored as it is, and what stands in it too.
        let noise: Vec<u8> = numbers().map(|number| number as u8).take(2000).collect();
        let (before, after) = noise.split_at(1000);
        let plain = [before, XZ_MAGIC, after].concat();
        let packed = pack(&plain, Lzma);
        assert_eq!(memmem::find_iter(&packed, XZ_MAGIC).count(), 2);
        let unpacked = unpack([&packed[..], &packed].concat()).unwrap();
        assert_eq!((unpacked.bytes, unpacked.damage), ([&plain[..], &plain].concat(), None));
    }
}
