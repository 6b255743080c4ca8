//! Files as they lie on a disk: compressed, packed, in any encoding.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use leakdiff::error::Error;
use leakdiff::formats::wants_bytes;
use leakdiff::input::{Buffer, Content, Documents, Entry, expand, find};
use tempfile::TempDir;

use super::BOUNDS;

/// Bytes of a document.
const MOST_DOCUMENT: usize = 1 << 18;
/// Bytes beyond a bound: a piece that was being unpacked.
const SLACK: usize = 1 << 20;

/// All bytes are the file.
pub fn archives(data: &[u8]) {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| tempfile::tempdir().unwrap());
    // Tests run side by side.
    let path = folder.path().join(format!("{:?}.log", std::thread::current().id()));
    fs::write(&path, data).unwrap();
    let read = read(&path, false);
    assert_eq!(read, self::read(&path, true), "read ahead");
    // One that shrank to less than a thousandth is bounded.
    let unpacked: usize = read.iter().map(|(text, _)| text.len()).sum();
    // UTF-16 and replaced bytes take three bytes of UTF-8 for one or two.
    let most = (1000 * data.len()).max(3 * (BOUNDS.unpacked_bytes as usize)) + SLACK;
    assert!(unpacked <= most, "{unpacked} of {}", data.len());
}

/// Reads a file; returns text and notices of each input in it.
fn read(path: &PathBuf, ahead: bool) -> Vec<(String, String)> {
    let found = expand(find(std::slice::from_ref(path)), &BOUNDS);
    let mut all: Vec<_> = found.entries.iter().map(|entry| read_entry(entry, ahead)).collect();
    let errors = found.errors.iter().chain(&found.lost).map(|error| (String::new(), error.to_string()));
    all.extend(errors);
    all
}

fn read_entry(entry: &Entry, ahead: bool) -> (String, String) {
    let documents = Documents { wanted: wants_bytes, most_bytes: MOST_DOCUMENT };
    let mut source = match entry.open(Buffer::default(), documents, &BOUNDS) {
        Ok(source) => source,
        Err(error) => return (String::new(), error.to_string()),
    };
    let mut text = String::new();
    let mut pieces = 0_usize;
    let mut take = |piece: Content<'_>| {
        pieces += 1;
        match piece {
            Content::Text(piece) => {
                assert!(text.is_empty() || text.ends_with('\n'), "a piece of no whole lines: {text:?}");
                text.push_str(piece);
            }
            Content::Bytes(bytes) => {
                assert!(pieces == 1 && bytes.len() <= MOST_DOCUMENT, "{} bytes", bytes.len());
                text = format!("{} bytes", bytes.len());
            }
        }
        true
    };
    let result: Result<(), Error> = if ahead {
        source.read_ahead(take)
    } else {
        loop {
            match source.next_piece() {
                Ok(Some(piece)) => {
                    take(piece);
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        }
    };
    for line in text.split_inclusive('\n') {
        assert!(line.len() <= 3 * BOUNDS.line_bytes + SLACK, "a line of {} bytes", line.len());
    }
    let error = result.err().map(|error| error.to_string());
    (text, format!("{error:?} {:?} {:?} {}", source.notices(), source.damage(), source.bytes()))
}
