use super::*;
use proptest::prelude::*;
use std::fs;

/// All of an input.
#[derive(Debug, PartialEq)]
pub(super) struct Whole {
    pub(super) text: String,
    pub(super) bytes: u64,
    pub(super) notices: Vec<Notice>,
}

impl Entry {
    pub(super) fn read(&self) -> Result<Whole, Error> {
        whole(self.open(Buffer::default(), Documents::default(), &Bounds::default())?)
    }
}

fn whole(mut source: Source) -> Result<Whole, Error> {
    let mut text = String::new();
    while let Some(Content::Text(piece)) = source.next_piece()? {
        text.push_str(piece);
    }
    Ok(Whole { text, bytes: source.bytes(), notices: source.notices() })
}

fn decode(name: &str, stored: Vec<u8>) -> Result<Whole, Error> {
    let entry = Entry { name: name.to_owned(), ..entry(Place::StandardInput) };
    whole(entry.open_source(
        std::io::Cursor::new(stored),
        Buffer::default(),
        Documents::default(),
        &Bounds::default(),
    )?)
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

/// A row: description, bytes, expected text, expected size, expected notices.
type Row = (&'static str, Vec<u8>, &'static str, u64, &'static [&'static str]);

#[test]
fn bytes_become_text() {
    use niffler::compression::Format::{Bzip, Gzip, Lzma, Zstd};
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let marked = [b"\xFF\xFE".to_vec(), utf16("Rss: é\r\n")].concat();
    let rows: Vec<Row> = vec![
        ("plain", b"Rss: 1 kB\n".to_vec(), "Rss: 1 kB\n", 10, &[]),
        ("one byte, too short for an archive", b"1".to_vec(), "1", 1, &[]),
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
    let source = whole(
        entry
            .open_source(&b"caf\xE9\n"[..], Buffer::default(), Documents::default(), &Bounds::default())
            .unwrap(),
    )
    .unwrap();
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
    let error = entry(Place::StandardInput)
        .open_source(Broken, Buffer::default(), Documents::default(), &Bounds::default())
        .unwrap_err();
    assert_eq!(error.to_string(), "x: cannot be read: the disk is on fire");
}

/// Documents that begin with `%DOC`, of no more than a thousand bytes.
const OF_TESTS: Documents = Documents { wanted: |head| head.starts_with(b"%DOC"), most_bytes: 1000 };

/// The pieces of an input in which documents are wanted, or its error in words.
fn pieces(stored: impl Read + Send + 'static) -> Result<Vec<Result<String, Vec<u8>>>, String> {
    let opened =
        entry(Place::StandardInput).open_source(stored, Buffer::default(), OF_TESTS, &Bounds::default());
    let mut source = opened.map_err(|error| error.to_string())?;
    let mut all = Vec::new();
    while let Some(piece) = source.next_piece().map_err(|error| error.to_string())? {
        all.push(match piece {
            Content::Text(text) => Ok(text.to_owned()),
            Content::Bytes(bytes) => Err(bytes.to_vec()),
        });
    }
    Ok(all)
}

#[test]
fn what_is_wanted_is_handed_on_as_bytes_and_all_else_as_text() {
    use niffler::compression::Format::{Bzip, Gzip, Lzma, Zstd};
    // Nothing of a document is decoded, replaced or left out.
    let document = |length: usize| [b"%DOC\0\xFF\xFE\0".to_vec(), vec![0; length - 8]].concat();
    let text = b"Rss: 1 kB\n%DOC\n";
    let as_text = || Ok(vec![Ok(String::from_utf8_lossy(text).into_owned())]);
    let as_bytes = |bytes: Vec<u8>| Ok(vec![Err(bytes)]);
    let too_large = || Err("x: is larger than 1000 bytes, the bound of a document".to_owned());
    for (what, stored, expected) in [
        ("text", text.to_vec(), as_text()),
        ("a document", document(100), as_bytes(document(100))),
        ("the shortest", b"%DOC".to_vec(), as_bytes(b"%DOC".to_vec())),
        ("the largest", document(1000), as_bytes(document(1000))),
        ("a byte too many", document(1001), too_large()),
        ("far too many", document(3_000_000), too_large()),
        (
            "binary data that nobody wants",
            b"%DO\x01\x02\x03".to_vec(),
            Err("x: cannot be read: it is not text but binary data".into()),
        ),
        ("nothing", Vec::new(), Err("x: is empty".into())),
    ] {
        for packing in [None, Some(Gzip), Some(Bzip), Some(Lzma), Some(Zstd)] {
            let stored = packing.map_or_else(|| stored.clone(), |format| packed(&stored, format));
            assert_eq!(pieces(std::io::Cursor::new(stored.clone())), expected, "{what}, {packing:?}");
            let slowly = Portions(std::io::Cursor::new(stored), vec![1, 7, 300]);
            assert_eq!(pieces(slowly), expected, "{what}, {packing:?}, in portions");
        }
    }
    // However small the archive is, no more than the bound is unpacked.
    let bomb = packed(&[b"%DOC".to_vec(), vec![0; 50_000_000]].concat(), Zstd);
    assert!(bomb.len() < 10_000);
    let mut source = entry(Place::StandardInput)
        .open_source(std::io::Cursor::new(bomb), Buffer::default(), OF_TESTS, &Bounds::default())
        .unwrap();
    assert!(
        source.is_document() && matches!(source.next_piece(), Err(Error::TooLarge { most_bytes: 1000, .. }))
    );
    assert!(source.bytes() < 1_000_000, "{}", source.bytes());
    let Buffer { bytes, .. } = source.into_buffer();
    assert!(bytes.len() <= 512 * 1024);
}

#[test]
fn documents_are_told_by_their_first_bytes() {
    // Every input is a document; the predicate sees its head.
    let seen = |length: usize| {
        static LONGEST: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let wanted = |head: &[u8]| {
            LONGEST.store(head.len(), std::sync::atomic::Ordering::Relaxed);
            true
        };
        let documents = Documents { wanted, ..Documents::default() };
        let stored = std::io::Cursor::new(vec![b'x'; length]);
        let mut source = entry(Place::StandardInput)
            .open_source(stored, Buffer::default(), documents, &Bounds::default())
            .unwrap();
        let all = source.next_piece().unwrap() == Some(Content::Bytes(&vec![b'x'; length]));
        assert!(all && source.next_piece().unwrap().is_none());
        LONGEST.load(std::sync::atomic::Ordering::Relaxed)
    };
    assert_eq!([1, 4095, 4096, 4097, 1_000_000].map(seen), [1, 4095, HEAD, HEAD, HEAD]);
}

#[test]
fn a_cut_document_is_damaged() {
    let noise: Vec<u8> = (0..900_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let document = [b"%DOC".to_vec(), noise].concat();
    let mut stored = packed(&document, niffler::compression::Format::Gzip);
    stored.truncate(stored.len() - 4);
    let mut source = entry(Place::StandardInput)
        .open_source(std::io::Cursor::new(stored), Buffer::default(), OF_TESTS, &Bounds::default())
        .unwrap();
    let Some(Content::Bytes(bytes)) = source.next_piece().unwrap() else { panic!("no bytes") };
    assert!(document.starts_with(bytes));
    assert!(source.damage().unwrap().starts_with("gzip data is damaged or cut short"));
}

/// Arbitrary bytes, most of them after the magic of some format.
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
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.1.rotate_left(1);
        let most = self.1[0].min(buffer.len());
        self.0.read(&mut buffer[..most])
    }
}

#[test]
fn however_long_an_input_is_a_piece_of_it_is_held() {
    let line = b"2024-05-23 11:56:35.120 1 INFO service.api [-] GET /v1/nodes 200 len: 1372\n";
    let lines = 3_000_000;
    let long = io::Cursor::new(line).chain(Repeated { line, left: lines - 1, at: 0 });
    let mut text = entry(Place::StandardInput)
        .open_source(long, Buffer::default(), Documents::default(), &Bounds::default())
        .unwrap();
    let (mut longest, mut found) = (0, 0);
    while let Some(Content::Text(piece)) = text.next_piece().unwrap() {
        assert!(piece.ends_with('\n'));
        longest = longest.max(piece.len());
        found += piece.len();
    }
    assert_eq!((found, text.bytes()), (lines * line.len(), (lines * line.len()) as u64));
    assert!(longest <= 256 * 1024, "{longest}");
    assert!(text.into_buffer().bytes.len() <= 512 * 1024);
}

/// A line, again and again.
struct Repeated {
    line: &'static [u8],
    left: usize,
    at: usize,
}

impl Read for Repeated {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Ok(0);
        }
        let rest = &self.line[self.at..];
        let read = rest.len().min(buffer.len());
        buffer[..read].copy_from_slice(&rest[..read]);
        self.at = (self.at + read) % self.line.len();
        self.left -= usize::from(self.at == 0);
        Ok(read)
    }
}

#[test]
fn holes_of_any_length_are_counted_and_left_out() {
    let hole = || io::repeat(0).take(3_000_000);
    // Enough text before the hole that the head does not look binary.
    let begin = io::Cursor::new(b"Rss: 1 kB\n".repeat(1000));
    let source = hole().chain(begin).chain(hole()).chain(&b"Rss: 2 kB\n"[..]).chain(hole());
    let read = whole(
        entry(Place::StandardInput)
            .open_source(source, Buffer::default(), Documents::default(), &Bounds::default())
            .unwrap(),
    )
    .unwrap();
    let said: Vec<_> = read.notices.iter().map(|notice| notice.message.as_str()).collect();
    assert_eq!(said, ["3000000 NUL bytes at the start left out", "3000000 NUL bytes at the end left out"]);
    assert!(read.text.contains("Rss: 1 kB\n\0") && read.text.ends_with("\0Rss: 2 kB\n"));
    assert!(
        read.text.len() < 100_000,
        "a hole amid the text is kept, but not all of it: {}",
        read.text.len()
    );
}

#[test]
fn many_holes_take_no_more_memory_than_one() {
    let text = b"Rss: 1 kB\n".repeat(1000);
    let stored = [text.clone(), vec![0; 100_000]].concat().repeat(200);
    let mut source = entry(Place::StandardInput)
        .open_source(
            std::io::Cursor::new(stored),
            Buffer::default(),
            Documents::default(),
            &Bounds::default(),
        )
        .unwrap();
    let mut read = 0;
    while let Some(Content::Text(piece)) = source.next_piece().unwrap() {
        read += piece.matches("Rss").count();
    }
    let Buffer { bytes, .. } = source.into_buffer();
    assert_eq!(read, 200 * 1000);
    assert!(bytes.len() <= 512 * 1024, "{}", bytes.len());
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
        let in_portions = entry.open_source(source, Buffer::default(), Documents::default(), &Bounds::default()).and_then(whole);
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

#[test]
fn a_line_beyond_the_bound_is_left_out_and_said() {
    const LONG: usize = 1 << 20;
    let bounds = Bounds { line_bytes: 64 << 10, ..Bounds::default() };
    let entry = entry(Place::StandardInput);
    for (what, text) in [("UTF-8", false), ("UTF-16", true)] {
        let bytes = |short: &str| -> Vec<u8> {
            if text { short.encode_utf16().flat_map(u16::to_le_bytes).collect() } else { short.into() }
        };
        let mark: &[u8] = if text { b"\xff\xfe" } else { b"" };
        let (long, within) = ("x".repeat(LONG), "y".repeat(bounds.line_bytes));
        let lines = format!("first\n{long}\nnext\n{within}\n{long}\n{long}\nlast\n");
        let all = [mark.to_vec(), bytes(&lines)].concat();
        let source = io::Cursor::new(all);
        let mut opened = entry.open_source(source, Buffer::default(), Documents::default(), &bounds).unwrap();
        let mut read = String::new();
        while let Some(piece) = opened.next_piece().unwrap() {
            let Content::Text(piece) = piece else { panic!("{what}: bytes") };
            read += piece;
        }
        assert!(read == format!("first\n\nnext\n{within}\n\n\nlast\n"), "{what}: {} bytes", read.len());
        let said = "line 2 is longer than 64 KiB and was, like 2 more, left out; --max-line raises the bound";
        assert_eq!(opened.damage().as_deref(), Some(said), "{what}");
    }
}
