//! The only door through which bytes come in: files, folders and standard input, unpacked and turned into
//! text.
//!
//! [`find`] lists what there is to read, [`Entry::open`] opens one of it, and [`Text::next_piece`] hands on its lines;
//! [`Text::read_ahead`] does so while another thread unpacks the next.
//!
//! Memory: one piece of an input (some more where they are read ahead), whatever its size, and what the decoder of an
//! archive needs; a line that is longer than a piece is held whole. There is no upper limit on what a small archive may unpack to.

mod ahead;
mod damage;
mod find;
mod kind;
mod order;
mod raw;
mod text;
mod unpack;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::error::{Error, Notice};

pub use find::{Found, find};
pub use order::{Order, order};
pub use raw::Room;

/// The text of one input, handed on in pieces: what the formats are shown.
#[derive(Debug)]
pub struct Text {
    name: String,
    /// What was known of the input before it was opened.
    known: Vec<Notice>,
    pieces: text::Pieces,
    /// Whether anything but white space came.
    content: bool,
}

impl Text {
    /// The next piece: whole lines, each with its end but perhaps the very last, without a byte order mark and without NUL
    /// bytes at either end of the input. `None` at the end.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] if it cannot be read, [`Error::NotText`] if it proves to be no text; [`Error::Empty`] in place
    /// of `None` if nothing but white space came.
    pub fn next_piece(&mut self) -> Result<Option<&str>, Error> {
        let Self { name, pieces, content, .. } = self;
        let piece = pieces.next().map_err(|cause| unreadable(name, cause))?;
        if !*content {
            *content = piece.is_some_and(|piece| !piece.trim_start().is_empty());
        }
        match piece {
            None if !*content => Err(Error::Empty { path: name.clone() }),
            piece => Ok(piece),
        }
    }

    /// Whether it comes out of an archive, so that most of the work of reading it is unpacking.
    #[must_use]
    pub const fn is_packed(&self) -> bool {
        self.pieces.is_packed()
    }

    /// Size in bytes after decompression, before decoding, of what was read so far.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.pieces.bytes()
    }

    /// Returns how an archive breaks off before its end, once it has. [`Text::notices`] say so too.
    #[must_use]
    pub fn damage(&self) -> Option<&str> {
        self.pieces.damage().map(|notice| notice.message.as_str())
    }

    /// What was assumed, replaced or lost on the way so far.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        self.known.iter().cloned().chain(self.pieces.notices()).collect()
    }

    /// The room, for the next input.
    #[must_use]
    pub fn into_room(self) -> Room {
        self.pieces.into_room()
    }
}

/// Something to read, found and not yet opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    name: String,
    place: Place,
    named: bool,
    /// Which argument it came from: tells [`order`] whether sorting changed anything.
    argument: usize,
    notices: Vec<Notice>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    StandardInput,
    /// A pipe or device: its name (`/dev/fd/63`) says nothing about when it was written.
    Stream(PathBuf),
    File(PathBuf),
}

impl Entry {
    /// Its name, as given; `-` for standard input; for a file found in a folder, the folder's name as given and
    /// the way down from there. Bytes of a name that are not UTF-8 are replaced.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it lies; `None` for standard input.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.place {
            Place::StandardInput => None,
            Place::Stream(path) | Place::File(path) => Some(path),
        }
    }

    /// Whether it was given by name (standard input counts), not found in a folder.
    pub const fn is_named(&self) -> bool {
        self.named
    }

    /// Opens it and looks at its head. gzip, bzip2, xz and zstd (told by content) are unpacked, UTF-8 and UTF-16 decoded.
    ///
    /// A damaged archive gives what could be unpacked, and a notice.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] if it cannot be opened or read, or if nothing of an archive could be unpacked;
    /// [`Error::NotText`] if it is a pickle or other binary data.
    pub fn open(&self, room: Room) -> Result<Text, Error> {
        match &self.place {
            Place::StandardInput => self.open_source(io::stdin(), room),
            Place::Stream(path) | Place::File(path) => match File::open(path) {
                Ok(file) => self.open_source(file, room),
                Err(cause) => Err(unreadable(&self.name, cause)),
            },
        }
    }

    /// What `open` does once the thing is open; tests put their own bytes in here.
    fn open_source(&self, source: impl Read + Send + 'static, room: Room) -> Result<Text, Error> {
        let pieces = text::Pieces::open(source, room).map_err(|cause| unreadable(&self.name, cause))?;
        Ok(Text { name: self.name.clone(), known: self.notices.clone(), pieces, content: false })
    }
}

fn unreadable(name: &str, cause: io::Error) -> Error {
    let path = name.to_owned();
    match cause.downcast() {
        Ok(kind::NotText(found)) => Error::NotText { path, found },
        Err(cause) => Error::Unreadable { path, cause },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::fs;

    /// All of an input.
    #[derive(Debug, PartialEq)]
    pub(super) struct Source {
        pub(super) text: String,
        pub(super) bytes: u64,
        pub(super) notices: Vec<Notice>,
    }

    impl Entry {
        pub(super) fn read(&self) -> Result<Source, Error> {
            whole(self.open(Room::default())?)
        }
    }

    fn whole(mut text: Text) -> Result<Source, Error> {
        let mut all = String::new();
        while let Some(piece) = text.next_piece()? {
            all.push_str(piece);
        }
        Ok(Source { text: all, bytes: text.bytes(), notices: text.notices() })
    }

    fn decode(name: &str, stored: Vec<u8>) -> Result<Source, Error> {
        let entry = Entry { name: name.to_owned(), ..entry(Place::StandardInput) };
        whole(entry.open_source(std::io::Cursor::new(stored), Room::default())?)
    }

    fn entry(place: Place) -> Entry {
        Entry { name: "x".to_owned(), place, named: true, argument: 0, notices: Vec::new() }
    }

    pub(super) fn packed(plain: &[u8], format: niffler::compression::Format) -> Vec<u8> {
        let mut packed = Vec::new();
        let mut writer = niffler::get_writer(Box::new(&mut packed), format, niffler::Level::Six).unwrap();
        writer.write_all(plain).unwrap();
        drop(writer);
        packed
    }

    /// A row: what it is, bytes, expected text, expected size, what the notices say.
    type Row = (&'static str, Vec<u8>, &'static str, u64, &'static [&'static str]);

    #[test]
    fn bytes_become_text() {
        use niffler::compression::Format::{Bzip, Gzip, Lzma, Zstd};
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let marked = [b"\xFF\xFE".to_vec(), utf16("Rss: é\r\n")].concat();
        let rows: Vec<Row> = vec![
            ("plain", b"Rss: 1 kB\n".to_vec(), "Rss: 1 kB\n", 10, &[]),
            ("one byte, too short for niffler", b"1".to_vec(), "1", 1, &[]),
            ("begins with BZ and is text", b"BZ: Rss 12\n".to_vec(), "BZ: Rss 12\n", 11, &[]),
            ("BOM", b"\xEF\xBB\xBFRss\n".to_vec(), "Rss\n", 7, &[]),
            ("gzip", packed(b"Rss\n", Gzip), "Rss\n", 4, &[]),
            ("bzip2", packed(b"Rss\n", Bzip), "Rss\n", 4, &[]),
            ("xz", packed(b"Rss\n", Lzma), "Rss\n", 4, &[]),
            ("zstd", packed(b"Rss\n", Zstd), "Rss\n", 4, &[]),
            ("UTF-16", marked.clone(), "Rss: é\r\n", 18, &["UTF-16"]),
            ("UTF-16 in gzip", packed(&marked, Gzip), "Rss: é\r\n", 18, &["UTF-16"]),
        ];
        for (what, bytes, text, size, said) in rows {
            let source = decode("x", bytes).expect(what);
            assert_eq!((source.text.as_str(), source.bytes), (text, size), "{what}");
            assert_eq!(source.notices.len(), said.len(), "{what}: {:?}", source.notices);
            for (notice, part) in source.notices.iter().zip(said) {
                assert!(notice.message.contains(part), "{what}: {notice:?}");
            }
        }
    }

    #[test]
    fn nothing_to_read_is_empty() {
        let gzipped_nothing = packed(b"", niffler::compression::Format::Gzip);
        let rows: [(&str, &[u8]); 5] = [
            ("no bytes", b""),
            ("white space", b" \r\n\t\n"),
            ("a mark alone", b"\xEF\xBB\xBF"),
            ("a mark and UTF-16 white space", b"\xFF\xFE\n\0 \0"),
            ("nothing, packed", &gzipped_nothing),
        ];
        for (what, bytes) in rows {
            match decode("x", bytes.to_vec()) {
                Err(Error::Empty { path }) => assert_eq!(path, "x"),
                other => panic!("{what}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_an_entry_knows_comes_first_in_its_notices() {
        let mut entry = entry(Place::StandardInput);
        entry.notices.push(Notice::whole("named twice"));
        let source = whole(entry.open_source(&b"caf\xE9\n"[..], Room::default()).unwrap()).unwrap();
        let lines: Vec<_> = source.notices.iter().map(|notice| notice.line).collect();
        assert_eq!((source.text.as_str(), lines), ("caf\u{FFFD}\n", vec![0, 1]));
    }

    #[test]
    fn a_file_that_went_away_is_unreadable() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        fs::write(&path, "Rss\n").unwrap();
        let entry = entry(Place::File(path.clone()));
        assert_eq!(entry.read().unwrap().text, "Rss\n");
        fs::remove_file(path).unwrap();
        assert!(matches!(entry.read(), Err(Error::Unreadable { .. })));
    }

    #[test]
    fn a_reader_that_breaks_is_unreadable() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the disk is on fire"))
            }
        }
        let error = entry(Place::StandardInput).open_source(Broken, Room::default()).unwrap_err();
        assert_eq!(error.to_string(), "x: cannot be read: the disk is on fire");
    }

    /// Arbitrary bytes, mostly behind a beginning that leads somewhere.
    fn stored() -> impl Strategy<Value = Vec<u8>> {
        let heads: Vec<&[u8]> = vec![
            b"",
            b"\x1F\x8B\x08",
            b"BZh91AY&SY",
            b"\xFD7zXZ\0",
            b"\x28\xB5\x2F\xFD",
            b"\xFF\xFE",
            b"\xFE\xFF",
            b"\xEF\xBB\xBF",
            b"\x80\x04",
            b"R\0s\0s\0",
            b"\0R\0s\0s",
            b"\0\0\0",
            b"Rss: ",
        ];
        let head = proptest::sample::select(heads).prop_map(<[u8]>::to_vec);
        (head, proptest::collection::vec(any::<u8>(), 0..600)).prop_map(|(head, tail)| [head, tail].concat())
    }

    /// Gives its bytes in portions of these lengths, over and over.
    struct Portions<R>(R, Vec<usize>);

    impl<R: Read> Read for Portions<R> {
        fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
            self.1.rotate_left(1);
            let most = self.1[0].min(room.len());
            self.0.read(&mut room[..most])
        }
    }

    #[test]
    fn however_long_an_input_is_a_piece_of_it_is_held() {
        let line = b"2024-05-23 11:56:35.120 1 INFO service.api [-] GET /v1/nodes 200 len: 1372\n";
        let lines = 3_000_000;
        let long = io::Cursor::new(line).chain(Repeated { line, left: lines - 1, at: 0 });
        let mut text = entry(Place::StandardInput).open_source(long, Room::default()).unwrap();
        let (mut longest, mut found) = (0, 0);
        while let Some(piece) = text.next_piece().unwrap() {
            assert!(piece.ends_with('\n'));
            longest = longest.max(piece.len());
            found += piece.len();
        }
        assert_eq!((found, text.bytes()), (lines * line.len(), (lines * line.len()) as u64));
        assert!(longest <= 256 * 1024, "{longest}");
        assert!(text.into_room().bytes.len() <= 512 * 1024);
    }

    /// A line, again and again.
    struct Repeated {
        line: &'static [u8],
        left: usize,
        at: usize,
    }

    impl Read for Repeated {
        fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
            if self.left == 0 {
                return Ok(0);
            }
            let rest = &self.line[self.at..];
            let read = rest.len().min(room.len());
            room[..read].copy_from_slice(&rest[..read]);
            self.at = (self.at + read) % self.line.len();
            self.left -= usize::from(self.at == 0);
            Ok(read)
        }
    }

    #[test]
    fn holes_of_any_length_are_counted_and_left_out() {
        let hole = || io::repeat(0).take(3_000_000);
        // Enough before the hole amid the text to be told from binary data.
        let begin = io::Cursor::new(b"Rss: 1 kB\n".repeat(1000));
        let source = hole().chain(begin).chain(hole()).chain(&b"Rss: 2 kB\n"[..]).chain(hole());
        let read = whole(entry(Place::StandardInput).open_source(source, Room::default()).unwrap()).unwrap();
        let said: Vec<_> = read.notices.iter().map(|notice| notice.message.as_str()).collect();
        assert_eq!(
            said,
            ["3000000 NUL bytes at the start left out", "3000000 NUL bytes at the end left out"]
        );
        assert!(read.text.contains("Rss: 1 kB\n\0") && read.text.ends_with("\0Rss: 2 kB\n"));
        assert!(
            read.text.len() < 100_000,
            "a hole amid the text is kept, but not all of it: {}",
            read.text.len()
        );
    }

    proptest! {
        #[test]
        fn it_does_not_matter_how_bytes_arrive(
            bytes in stored(),
            portions in proptest::collection::vec(1usize..40, 1..5),
        ) {
            // How much a damaged archive gives depends on how it is read.
            let archives: [&[u8]; 4] = [b"\x1F\x8B\x08", b"BZh", b"\xFD7zXZ", b"\x28\xB5\x2F\xFD"];
            prop_assume!(archives.iter().all(|magic| !bytes.starts_with(magic)));
            let at_once = decode("x", bytes.clone());
            let source = Portions(io::Cursor::new(bytes), portions);
            let entry = Entry { name: "x".to_owned(), ..entry(Place::StandardInput) };
            let in_portions = entry.open_source(source, Room::default()).and_then(whole);
            match (at_once, in_portions) {
                (Ok(a), Ok(b)) => prop_assert_eq!(a, b),
                (Err(a), Err(b)) => prop_assert_eq!(a.to_string(), b.to_string()),
                (a, b) => prop_assert!(false, "{:?} {:?}", a, b),
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in stored()) {
            let _ = decode("x", bytes);
        }

        #[test]
        fn cut_archives_give_a_beginning(cut in 0usize..400, which in 0usize..4) {
            use niffler::compression::Format::{Bzip, Gzip, Lzma, Zstd};
            let plain: String = (0..400).map(|number| format!("{} kB\n", number * 7919 % 1009)).collect();
            let mut bytes = packed(plain.as_bytes(), [Gzip, Bzip, Lzma, Zstd][which]);
            bytes.truncate(bytes.len().saturating_sub(cut));
            match decode("x", bytes) {
                Ok(source) => {
                    prop_assert!(plain.starts_with(&source.text));
                    prop_assert_eq!(source.notices.is_empty(), cut == 0);
                }
                Err(Error::Unreadable { .. }) => {}
                Err(other) => prop_assert!(false, "{:?}", other),
            }
        }

        #[test]
        fn utf8_comes_through_unchanged(text in "[a-zé…\u{10000} :0-9\n]{1,300}") {
            if !text.trim().is_empty() {
                let source = decode("x", text.clone().into_bytes()).unwrap();
                prop_assert_eq!(source.text, text);
            }
        }
    }
}
