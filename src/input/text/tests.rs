use super::*;
use std::io::Cursor;

/// All pieces of a text in one.
struct Decoded {
    text: String,
    notices: Vec<Notice>,
}

fn decode(bytes: Vec<u8>) -> io::Result<Decoded> {
    let mut pieces =
        Pieces::open(Cursor::new(bytes), Buffer::default(), Documents::default(), &Bounds::default())?;
    let mut text = String::new();
    while let Some(Content::Text(piece)) = pieces.next()? {
        text.push_str(piece);
    }
    Ok(Decoded { text, notices: pieces.notices() })
}

fn little(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn big(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// A row: description, bytes, expected text, expected notices with their lines.
type Row = (&'static str, Vec<u8>, &'static str, &'static [(u64, &'static str)]);

#[test]
fn text_is_decoded() {
    let ansi = "\x1B[2J\x1B[HCONTAINER  USAGE\x07\n";
    let rows: Vec<Row> = vec![
        ("nothing", b"".to_vec(), "", &[]),
        ("UTF-8", "Rss: é…\n".into(), "Rss: é…\n", &[]),
        ("UTF-8 with mark", b"\xEF\xBB\xBFRss".to_vec(), "Rss", &[]),
        (
            "half a mark",
            b"\xEF\xBB".to_vec(),
            "\u{FFFD}",
            &[(1, "not valid UTF-8: 1 place on 1 line replaced by U+FFFD, the first on line 1")],
        ),
        ("terminal", ansi.into(), ansi, &[]),
        ("a lone control", b"Rss\x04\n".to_vec(), "Rss\x04\n", &[]),
        ("lone CR", b"a\rb\rc\r".to_vec(), "a\nb\nc\n", &[]),
        (
            "lone CR, and a CR at the end of a line",
            b"bar 1\rbar 2\rRss: 1\n".to_vec(),
            "bar 1\rbar 2\rRss: 1\n",
            &[],
        ),
        ("CR and LF", b"a\r\nb\r\n".to_vec(), "a\r\nb\r\n", &[]),
        ("lone CR, UTF-8 with mark", b"\xEF\xBB\xBFa\rb".to_vec(), "a\nb", &[]),
        (
            "lone CR, LE",
            [b"\xFF\xFE".to_vec(), little("\u{e9} 1\r\u{e9} 2\r")].concat(),
            "\u{e9} 1\n\u{e9} 2\n",
            &[(0, "decoded as UTF-16LE")],
        ),
        (
            "Latin-1, twice on a line",
            b"a\nb\xE9\xE9c\nd\n\xFF".to_vec(),
            "a\nb\u{FFFD}\u{FFFD}c\nd\n\u{FFFD}",
            &[(2, "not valid UTF-8: 3 places on 2 lines replaced by U+FFFD, the first on line 2")],
        ),
        (
            "LE, marked",
            [b"\xFF\xFE".to_vec(), little("é 1\r\n名")].concat(),
            "é 1\r\n名",
            &[(0, "decoded as UTF-16LE")],
        ),
        (
            "BE, marked",
            [b"\xFE\xFF".to_vec(), big("é 1\r\n名")].concat(),
            "é 1\r\n名",
            &[(0, "decoded as UTF-16BE")],
        ),
        (
            "LE, cut within a sign",
            b"\xFF\xFEa\0\n\0b\0\n".to_vec(),
            "a\nb\u{FFFD}",
            &[
                (0, "decoded as UTF-16LE"),
                (2, "not valid UTF-16: 1 place on 1 line replaced by U+FFFD, the first on line 2"),
            ],
        ),
        (
            "LE, half a surrogate pair",
            b"\xFF\xFE\x3D\xD8a\0".to_vec(),
            "\u{FFFD}a",
            &[
                (0, "decoded as UTF-16LE"),
                (1, "not valid UTF-16: 1 place on 1 line replaced by U+FFFD, the first on line 1"),
            ],
        ),
        (
            "LE, unmarked",
            little("Rss: é 1 kB\n"),
            "Rss: é 1 kB\n",
            &[(0, "decoded as UTF-16LE, assumed since every second byte is NUL")],
        ),
        (
            "BE, unmarked",
            big("Top 10 lines … 5\n"),
            "Top 10 lines … 5\n",
            &[(0, "decoded as UTF-16BE, assumed since every second byte is NUL")],
        ),
        (
            "a hole at the start",
            b"\0\0\0\0Rss: 1\n".to_vec(),
            "Rss: 1\n",
            &[(0, "4 NUL bytes at the start left out")],
        ),
        ("a hole at the end", b"Rss: 1\n\0".to_vec(), "Rss: 1\n", &[(0, "1 NUL byte at the end left out")]),
        (
            "hole and damage",
            b"\0\0\xE9Rss: 1\n\0\0".to_vec(),
            "\u{FFFD}Rss: 1\n",
            &[
                (0, "2 NUL bytes at the start left out"),
                (0, "2 NUL bytes at the end left out"),
                (1, "not valid UTF-8: 1 place on 1 line replaced by U+FFFD, the first on line 1"),
            ],
        ),
    ];
    for (what, bytes, text, notices) in rows {
        let decoded = decode(bytes).expect(what);
        assert_eq!(decoded.text, text, "{what}");
        let said: Vec<_> = decoded.notices.iter().map(|it| (it.line, it.message.as_str())).collect();
        assert_eq!(said, notices, "{what}");
    }
}

#[test]
fn binary_data_is_named() {
    let noise: Vec<u8> = (0..=255).cycle().take(5000).collect();
    let tar = [b"a.log\0".to_vec(), vec![0; 251], b"ustar\0".to_vec(), vec![0; 249]].concat();
    let rows: Vec<(&str, Vec<u8>, &str)> = vec![
        ("noise", noise, "binary data"),
        ("few bytes", b"\x01\x02\x03".to_vec(), "binary data"),
        ("NUL within", b"a\0\0\0\0b".to_vec(), "binary data"),
        ("NUL alone", vec![0; 512], "NUL bytes throughout"),
        ("UTF-32", b"\xFF\xFE\0\0R\0\0\0s\0\0\0s\0\0\0".to_vec(), "UTF-32"),
        (
            "UTF-32 without mark",
            "Rss: é\n".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
            "UTF-32",
        ),
        ("UTF-32, BE", "Rss: é\n".chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(), "UTF-32"),
        ("UTF-16 after UTF-8", [b"Rss: 1\n".to_vec(), little("Rss: 2 kB\n")].concat(), "UTF-8 with UTF-16"),
        ("EBCDIC", b"\xE5\x94\xD9\xE2\xE2\x7A\x40\xF1\x40\x92\xC2\x25".repeat(9), "EBCDIC"),
        (
            "a RAR archive that stores",
            [&b"Rar!\x1A\x07\x01\0"[..], &b"Rss: 1 kB\n".repeat(99)].concat(),
            "a RAR",
        ),
        ("zip", b"PK\x03\x04\x14\0\0\0\x08\0\x01\x02\x03".to_vec(), "a zip archive"),
        ("tar", tar, "a tar archive"),
    ];
    for (what, bytes, named) in rows {
        let cause = decode(bytes).err().expect(what);
        assert!(cause.to_string().starts_with(&format!("it is not text but {named}")), "{what}: {cause}");
    }
}

/// Line ends that are CR alone, in texts of many pieces, whatever the place is where two pieces meet.
#[test]
fn lone_cr_ends_lines_in_every_piece() {
    for shift in 0..9 {
        let lines = || std::iter::once("x".repeat(shift)).chain((0..40_000).map(|n| format!("{n} kB")));
        let ended = |end: &str| lines().map(|line| line + end).collect::<String>();
        for (what, bytes) in [
            ("UTF-8", ended("\r").into_bytes()),
            ("UTF-16", [b"\xFF\xFE".to_vec(), little(&ended("\r"))].concat()),
        ] {
            assert!(decode(bytes).unwrap().text == ended("\n"), "{what}, {shift}");
        }
        // CR with LF stays, at the ends of pieces as well.
        let mixed = ended("\r") + &ended("\r\n");
        let expected = ended("\n") + &ended("\r\n");
        assert!(decode(mixed.into_bytes()).unwrap().text == expected, "{shift}");
    }
}
