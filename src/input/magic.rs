//! Kinds of files that are saved with logs, by their first bytes or by the ends of their names.

/// A kind of file.
struct Kind {
    /// Place of the magic.
    offset: usize,
    magic: &'static [u8],
    /// Whether it may hold a recording.
    may_hold_log: bool,
    /// Its name, and the advice.
    name: &'static str,
}

/// Returns a kind that may hold a recording.
const fn holds(offset: usize, magic: &'static [u8], name: &'static str) -> Kind {
    Kind { offset, magic, may_hold_log: true, name }
}

const TWICE: &str = "compressed twice: unpack it once";
const LZMA: &str = "compressed with lzma: unpack it first, or use xz";
const SNAPPY: &str = "compressed with snappy: unpack it first";
const ZLIB: &str = "compressed with zlib: unpack it first";
const LHA: &str = "an LHA archive: unpack it and name the folder";
const CPIO: &str = "a cpio archive: unpack it and name the folder";
const LZ4: &str = "compressed with lz4: unpack it first";
const SQUASHFS: &str = "a squashfs file system: unpack it and name the folder";
const OLD_UNIX: &str = "compressed with pack, freeze or compress: unpack it first";
const LZFSE: &str = "compressed with lzfse: unpack it first";
const ENCRYPTED: &str = "encrypted: decrypt it first";
const RAR: &str = "a RAR archive: unpack it and name the folder";
const ZPAQ: &str = "a zpaq archive: unpack it and name the folder";
const LZIP: &str = "compressed with lzip: unpack it first";
const COMPRESS_EXE: &str = "compressed with compress.exe: unpack it first";

const KINDS: &[Kind] = &[
    holds(0, b"PK\x03\x04", "a zip archive within an archive or a pipe: unpack it and name the folder"),
    holds(0, b"PK\x07\x08", "a part of a zip archive: join and unpack it, and name the folder"),
    holds(257, b"ustar", "a tar archive within an archive or a pipe: unpack it and name the folder"),
    holds(0, b"\x1F\x8B", TWICE),
    holds(0, b"\xFD7zXZ\0", TWICE),
    holds(0, b"BZh", TWICE),
    holds(0, b"\x28\xB5\x2F\xFD", TWICE),
    holds(0, b"7z\xBC\xAF\x27\x1C", "a 7z archive: unpack it and name the folder"),
    holds(0, b"Rar!\x1A\x07", RAR),
    holds(0, b"RE~^", RAR),
    holds(0, b"MSCF\0\0\0\0", "a cabinet archive (.cab): unpack it and name the folder"),
    holds(2, b"-lh", LHA),
    holds(2, b"-lz", LHA),
    holds(0, b"\x60\xEA", "an ARJ archive: unpack it and name the folder"),
    holds(7, b"**ACE**", "an ACE archive: unpack it and name the folder"),
    holds(20, b"\xDC\xA7\xC4\xFD", "a zoo archive: unpack it and name the folder"),
    holds(0, b"xar!\0", "a xar archive: unpack it and name the folder"),
    holds(0, b"070701", CPIO),
    holds(0, b"070702", CPIO),
    holds(0, b"070707", CPIO),
    holds(0, b"\xC7\x71", CPIO),
    holds(0, b"\x71\xC7", CPIO),
    holds(0, b"MSWIM\0\0\0", "a Windows image (.wim): unpack it and name the folder"),
    holds(0, b"hsqs", SQUASHFS),
    holds(0, b"sqsh", SQUASHFS),
    holds(0, b"7kSt", ZPAQ),
    holds(0, b"zPQ", ZPAQ),
    holds(0, b"\x04\x22\x4D\x18", LZ4),
    holds(0, b"\x02\x21\x4C\x18", LZ4),
    holds(0, b"\x05\x22\x4D\x18", "compressed with lz5: unpack it first"),
    holds(0, b"\x06\x22\x4D\x18", "compressed with lizard: unpack it first"),
    holds(0, b"\x1F\x9D", "compressed with compress (.Z): unpack it first"),
    holds(0, b"\x1F\x1E", OLD_UNIX),
    holds(0, b"\x1F\x9F", OLD_UNIX),
    holds(0, b"\x1F\xA0", OLD_UNIX),
    holds(0, b"LZIP\x01", LZIP),
    holds(0, b"LZIP\0", LZIP),
    holds(0, b"\x89LZO\0\r\n\x1A\n", "compressed with lzop: unpack it first"),
    holds(0, b"\xFF\x06\0\0sNaPpY", SNAPPY),
    holds(0, b"LRZI", "compressed with lrzip: unpack it first"),
    holds(0, b"RZIP", "compressed with rzip: unpack it first"),
    holds(0, b"BZ0", "compressed with bzip: unpack it first"),
    holds(0, b"BZ3v1", "compressed with bzip3: unpack it first"),
    holds(0, b"bvx2", LZFSE),
    holds(0, b"bvxn", LZFSE),
    holds(0, b"bvx-", LZFSE),
    holds(0, b"SZDD\x88\xF0\x27\x33", COMPRESS_EXE),
    holds(0, b"KWAJ\x88\xF0\x27\xD1", COMPRESS_EXE),
    holds(0, b"x\x01", ZLIB),
    holds(0, b"x\x5E", ZLIB),
    holds(0, b"x\x9C", ZLIB),
    holds(0, b"x\xDA", ZLIB),
    holds(0, b"Salted__", ENCRYPTED),
    holds(0, b"age-encryption.org/", ENCRYPTED),
    holds(0, b"LPKSHHRH", "a journal of systemd: journalctl --output short-iso --file FILE prints its text"),
    holds(0, b"ElfFile\0", "an event log of Windows: export it as text"),
    Kind {
        offset: 0,
        magic: b"\x7FELF",
        may_hold_log: false,
        name: "an ELF file: a program, a library or a core dump",
    },
    holds(
        0,
        b"SQLite format 3\0",
        "an SQLite database: export its table of time and memory as CSV. Of procpath: sqlite3 -header -csv FILE \"SELECT \
         ts, stat_pid, stat_rss * (SELECT value FROM meta WHERE key = 'page_size') AS rss_bytes FROM record\"",
    ),
];

/// Ends of names of kinds that have no magic.
const ENDINGS: &[(&str, &str)] = &[
    (".lzma", LZMA),
    (".tlz", LZMA),
    (".br", "compressed with brotli: unpack it first"),
    (".snappy", SNAPPY),
    (".sz", SNAPPY),
    (".lzo", "compressed with lzo: unpack it first"),
    (".lz4", LZ4),
    (".zlib", ZLIB),
    (".zz", ZLIB),
    (".deflate", "compressed with deflate: unpack it first"),
    (".gpg", ENCRYPTED),
    (".pgp", ENCRYPTED),
    (".enc", ENCRYPTED),
];

/// Returns the kind of binary data, and whether it may hold a recording; `None` if it is none that is known.
pub(super) fn of_binary(head: &[u8]) -> Option<(&'static str, bool)> {
    if is_lzma(head) {
        return Some((LZMA, true));
    }
    find(head, |_| true)
}

/// Returns the same for bytes that look like text further down, as those of an archive that only stores: by the magics
/// with which no text begins.
pub(super) fn of_any(head: &[u8]) -> Option<(&'static str, bool)> {
    // More than the two bytes that Latin-1 may begin with.
    find(head, |magic| {
        magic.len() > 3 && magic.iter().any(|byte| byte.is_ascii_control() || !byte.is_ascii())
    })
}

fn find(head: &[u8], among: impl Fn(&[u8]) -> bool) -> Option<(&'static str, bool)> {
    let begins = |kind: &Kind| head.get(kind.offset..).is_some_and(|rest| rest.starts_with(kind.magic));
    let found = KINDS.iter().find(|kind| among(kind.magic) && begins(kind))?;
    Some((found.name, found.may_hold_log))
}

/// Returns the kind of binary data that may hold a recording by the name of its file.
pub(super) fn by_name(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    ENDINGS.iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, kind)| *kind)
}

/// Ends of names of texts.
const TEXTS: [&str; 12] = [
    ".log", ".txt", ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".out", ".err", ".stdout", ".stderr",
    ".report",
];

/// Whether a name is that of a text, perhaps of a rotated one: `app.log.2`, `app.log-20260314`.
pub(super) fn is_name_of_text(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '_' | '.'));
    TEXTS.iter().any(|ending| name.ends_with(ending))
}

/// Whether the head is that of the format before xz, which has no magic: the properties, a dictionary of a usual size,
/// and the size of the text, if that was known.
fn is_lzma(head: &[u8]) -> bool {
    let Some(([properties, dictionary @ ..], rest)) = head.split_first_chunk::<5>() else { return false };
    let Some(size) = rest.first_chunk::<8>() else { return false };
    let (dictionary, size) = (u32::from_le_bytes(*dictionary), u64::from_le_bytes(*size));
    let top = dictionary.checked_ilog2().map_or(0, |bits| 1_u32 << bits);
    let is_usual = dictionary >= 1 << 12 && (dictionary == top || dictionary == top | top >> 1);
    *properties < 225 && is_usual && (size == u64::MAX || size > 0 && size < 1 << 38)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A head, the beginning of the name of its kind, and whether that may hold a recording.
    type Row = (&'static [u8], Option<(&'static str, bool)>);

    #[test]
    fn kinds_are_told_by_their_first_bytes() {
        let rows: &[Row] = &[
            (b"", None),
            (b"]\0\0\x80\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\x2B", Some(("compressed with lzma", true))),
            (b"]\0\0\0\x01\x70\x17\0\0\0\0\0\0\0\x2B", Some(("compressed with lzma", true))),
            // Another size of the dictionary, and an empty text.
            (b"]\0\x01\x80\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\x2B", None),
            (b"]\0\0\x80\0\0\0\0\0\0\0\0\0\0\x2B", None),
            (b"LZIP\x01\x0C\0\x36", Some(("compressed with lzip", true))),
            (b"\x89LZO\0\r\n\x1A\n\x10\x40", Some(("compressed with lzop", true))),
            (b"\xFF\x06\0\0sNaPpY\0", Some(("compressed with snappy", true))),
            (b"MSCF\0\0\0\0\xA5", Some(("a cabinet archive", true))),
            (b"Rar!\x1A\x07\x01\0\x33", Some(("a RAR archive", true))),
            (b"Rar!\x1A\x07\0\xCF", Some(("a RAR archive", true))),
            (b"\x1C\x1D-lh5-\0", Some(("an LHA archive", true))),
            (b"x\x9C\xCB\x48", Some(("compressed with zlib", true))),
            (b"\x7FELF\x02\x01\x01\0", Some(("an ELF file", false))),
            // No logs: an image of each kind, a page, byte code, a class, a font.
            (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x01\0", None),
            (b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01", None),
            (b"GIF89a\x40\0\x40\0\xF7\0\0", None),
            (b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n", None),
            (b"\xCB\x0D\x0D\x0A\0\0\0\0\x5C\x9A\x4F\x66\x10\0\0\0\xE3", None),
            (b"\xCA\xFE\xBA\xBE\0\0\0\x3D\0\x1D", None),
            (b"\0\x01\0\0\0\x11\x01\0\0\x04\0\x10", None),
            (b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xFF\xFF", None),
        ];
        for (head, expected) in rows {
            let found = of_binary(head);
            let is_it = match (found, expected) {
                (Some((name, holds)), Some((begin, expected))) => {
                    name.starts_with(begin) && holds == *expected
                }
                (found, expected) => found.is_none() && expected.is_none(),
            };
            assert!(is_it, "{head:?}: {found:?}");
        }
    }

    #[test]
    fn no_text_begins_like_an_archive() {
        for (head, is_archive) in [
            (&b"Rar!\x1A\x07\x01\0 text that was only stored"[..], true),
            (b"LZIP\x01 \n", true),
            (b"LZIP: 12 kB\n", false),
            (b"BZh9: 12 kB\n", false),
            (b"PK\x03\x04", true),
            (b"hsqs 1 kB\n", false),
            (b"070701 1 kB\n", false),
            (b"x\xDA 1 kB\n", false),
        ] {
            assert_eq!(of_any(head).is_some(), is_archive, "{head:?}");
        }
    }

    #[test]
    fn kinds_without_magic_are_told_by_name() {
        for (name, begin) in [
            ("logs/a.txt.lzma", Some("compressed with lzma")),
            ("A.BR", Some("compressed with brotli")),
            ("a.log.gpg", Some("encrypted")),
            ("a.br.txt", None),
            ("abr", None),
            ("image.png", None),
        ] {
            let found = by_name(name);
            assert_eq!(found.is_some(), begin.is_some(), "{name}");
            assert!(found.unwrap_or_default().starts_with(begin.unwrap_or_default()), "{name}");
        }
    }

    #[test]
    fn names_of_texts() {
        for (name, expected) in [
            ("logs/app.log", true),
            ("app.LOG.2", true),
            ("app.log-20260314", true),
            ("report.txt", true),
            ("catalog", false),
            ("logo.png", false),
            ("core.4711", false),
        ] {
            assert_eq!(is_name_of_text(name), expected, "{name}");
        }
    }
}
