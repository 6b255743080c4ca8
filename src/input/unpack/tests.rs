use std::io::Cursor;

use super::*;
use niffler::compression::Format::{self, Bzip, Gzip, Lzma, Zstd};

/// The content of an archive, and the notice about its damage.
struct Whole {
    bytes: Vec<u8>,
    damage: Option<Notice>,
}

fn unpack(stored: Vec<u8>) -> io::Result<Whole> {
    unpack_up_to(stored, 1 << 30)
}

fn unpack_up_to(stored: Vec<u8>, most: u64) -> io::Result<Whole> {
    let mut unpacked = Unpacked::new(Cursor::new(stored), most)?;
    let (mut bytes, mut buffer) = (Vec::new(), vec![0; 70_000]);
    loop {
        match unpacked.read(&mut buffer)? {
            0 => return Ok(Whole { bytes, damage: unpacked.damage().cloned() }),
            read => bytes.extend_from_slice(&buffer[..read]),
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
    let step =
        |state: &u64| state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
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
            assert_eq!(Codec::of(&packed).map(Codec::name), Some(name));
            let unpacked = unpack(packed).unwrap();
            assert!(unpacked.bytes == plain && unpacked.damage.is_none(), "{name} {:?}", unpacked.damage);
        }
    }
}

#[test]
fn members_are_joined() {
    let long = long();
    for (name, format) in ALL {
        for parts in [[&b"one\n"[..], b"two\n", b"three\n"], [&long, b"", b"end\n"], [b"a", &long, &long]] {
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
        assert!(unpacked.bytes.len() > long.len() / 10, "{name}: {} of {}", unpacked.bytes.len(), long.len());
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
    // bzip2 is recognised by ten bytes.
    for ((name, format), length) in ALL.into_iter().zip([6, 10, 6, 6]) {
        let mut head = pack(b"Rss: 1 kB\n", format);
        head.truncate(length);
        let message = unpack(head).err().expect(name).to_string();
        assert!(message.starts_with(&format!("{name} data is damaged")), "{message}");
    }
    assert_eq!(unpack(b"\x1F\x8B\x08".to_vec()).err().unwrap().kind(), io::ErrorKind::UnexpectedEof);
}

#[test]
fn members_may_be_padded_with_zeros_but_not_followed_by_rubbish() {
    for (name, format) in ALL {
        let (one, two) = (pack(b"one\n", format), pack(b"two\n", format));
        for zeros in [1, 4, 15, 16, 511, 100_000] {
            let padding = vec![0; zeros];
            let padded = unpack([&one[..], &padding, &two, &padding].concat()).unwrap();
            assert_eq!(
                (padded.bytes.as_slice(), padded.damage),
                (&b"one\ntwo\n"[..], None),
                "{name} {zeros}"
            );
        }
        for rubbish in [&b"rubbish"[..], b"\0\0\0\0rubbish", b"x", &one[..2]] {
            let followed = unpack([&one[..], rubbish].concat()).unwrap();
            assert_eq!(followed.bytes, b"one\n", "{name}");
            let message = followed.damage.unwrap().message;
            assert!(
                message.starts_with(&format!("{name} data is damaged or cut short (what follows is")),
                "{message}"
            );
        }
    }
}

#[test]
fn members_may_be_packed_in_several_ways() {
    let parts = ALL.map(|(name, format)| pack(format!("{name}\n").as_bytes(), format));
    let unpacked = unpack(parts.concat()).unwrap();
    assert_eq!((unpacked.bytes.as_slice(), unpacked.damage), (&b"gzip\nbzip2\nxz\nzstd\n"[..], None));
}

/// A frame that carries nothing to unpack.
fn skipped(number: u8, bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap().to_le_bytes();
    [&[0x50 + number, 0x2A, 0x4D, 0x18], &length[..], bytes].concat()
}

#[test]
fn skippable_frames_are_skipped_wherever_they_stand() {
    let (one, two) = (pack(b"one\n", Zstd), pack(&long(), Zstd));
    let size = |frame: &[u8]| u32::try_from(frame.len()).unwrap().to_le_bytes();
    // pzstd writes the size of each frame before it; seekable zstd writes a table at the end.
    let (before_one, before_two) = (skipped(0, &size(&one)), skipped(0, &size(&two)));
    let table = skipped(14, &[7; 200_000]);
    let all = [b"one\n", long().as_slice()].concat();
    for (what, stored) in [
        ("pzstd", [&before_one[..], &one, &before_two, &two].concat()),
        ("seekable", [&one[..], &two, &table].concat()),
        ("at the start, long", [&table[..], &one, &two].concat()),
        (
            "several, one of them empty",
            [&skipped(15, b"")[..], &table, &one, &skipped(3, b""), &two].concat(),
        ),
        ("and padding", [&before_one[..], &one, &[0; 40], &before_two, &two, &[0; 9], &table, &[0]].concat()),
    ] {
        let unpacked = unpack(stored).unwrap();
        assert!(unpacked.bytes == all && unpacked.damage.is_none(), "{what}: {:?}", unpacked.damage);
    }
    let nothing = unpack(table.clone()).unwrap();
    assert_eq!((nothing.bytes, nothing.damage), (vec![], None));
    let cut = unpack([&one[..], &table[..1000]].concat()).unwrap();
    assert!(cut.bytes == b"one\n" && cut.damage.is_some());
    assert!(unpack(table[..1000].to_vec()).is_err());
    // lz4 has skippable frames as well.
    let lz4 = unpack([&before_one[..], b"\x04\x22\x4D\x18"].concat()).unwrap();
    assert_eq!((lz4.bytes.as_slice(), lz4.damage), (&b"\x04\x22\x4D\x18"[..], None));
}

#[test]
fn what_looks_like_a_further_xz_stream_need_not_be_one() {
    // Noise is stored as it is, and so is everything in it.
    let noise: Vec<u8> = numbers().map(|number| number as u8).take(2000).collect();
    let (before, after) = noise.split_at(1000);
    let magic = b"\xFD7zXZ\0";
    let plain = [before, magic, after].concat();
    let packed = pack(&plain, Lzma);
    assert_eq!(memchr::memmem::find_iter(&packed, magic).count(), 2);
    let unpacked = unpack([&packed[..], &packed].concat()).unwrap();
    assert_eq!((unpacked.bytes, unpacked.damage), ([&plain[..], &plain].concat(), None));
}

#[test]
fn what_is_nothing_but_repetition_is_unpacked_up_to_the_bound() {
    let repeated = b"VmRSS: 1 kB\n".repeat(1 << 17);
    let ordinary: Vec<u8> =
        (0..20_000).flat_map(|n| format!("VmRSS: {} kB\n", n * 7919).into_bytes()).collect();
    for (name, format) in ALL {
        for plain in [&repeated, &ordinary] {
            let stored = pack(plain, format);
            let is_bomb = plain.len() / stored.len() > 1000;
            let error = unpack_up_to(stored.clone(), 1 << 16).err().map(|error| error.to_string());
            assert_eq!(error, is_bomb.then(|| "it unpacks to more than 65536 bytes".to_owned()), "{name}");
            assert!(unpack(stored).unwrap().bytes == *plain, "{name}");
        }
        assert_eq!(pack(&repeated, format).len() < repeated.len() / 1000, name != "gzip", "{name}");
    }
}

#[test]
fn empty_members_of_gzip_are_skipped() {
    let empty = b"\x1F\x8B\x08\0\0\0\0\0\0\xFF\x03\0\0\0\0\0\0\0\0\0";
    let (first, last) = (pack(b"a\n", Gzip), pack(b"b\n", Gzip));
    let whole = unpack([first.clone(), empty.repeat(1000), last].concat()).unwrap();
    assert!(whole.bytes == b"a\nb\n" && whole.damage.is_none());
    let cut = unpack([&first[..], &empty[..], &empty[..19]].concat()).unwrap();
    assert!(cut.bytes == b"a\n" && cut.damage.is_some());
}
