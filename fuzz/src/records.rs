//! The records of a text, read in several ways that must agree.

use leakdiff::formats::{Dispatcher, FORMATS, Format, FormatOptions, HEAD_BYTES};

use super::reading::{Read, without_fast_path_of};
use super::{BOUNDS, lines};

/// Options with small bounds.
pub fn options() -> FormatOptions {
    FormatOptions { bounds: BOUNDS, ..FormatOptions::default() }
}

/// Reads a text with these formats, and once more in another way, which must find the same: again, line by line, cut in
/// two, without the fast paths, after another source. The three low bits choose the way, the others the place of a cut.
pub fn hold(text: &str, formats: &[&'static Format], options: &FormatOptions, way: u8) {
    let dispatcher = || Dispatcher::with_options(formats, options);
    let read = Read::by(dispatcher(), &[text]);
    is_bounded(&read, text.len());
    let expected = read.described();
    let agree = |way: &str, found: Read| assert_eq!(expected, found.described(), "{way}");
    match way & 7 {
        0 => agree("again", Read::by(dispatcher(), &[text])),
        1 => agree("line by line", Read::by(dispatcher(), &lines(text))),
        2 => {
            // One source leaves nothing in the next one.
            let mut used = dispatcher();
            used.read(text);
            used.finish();
            agree("after itself", Read::by(used, &[text]));
        }
        3 | 4 => {
            let at: usize = lines(text).iter().take(usize::from(way >> 3)).map(|line| line.len()).sum();
            let (before, after) = text.split_at(at);
            agree("cut in two", Read::by(dispatcher(), &[before, after]));
        }
        _ => {
            let has = |slow: &&&str| formats.iter().any(|format| format.name == **slow);
            for slow in ["rss-report", "tracemalloc", "heaptrack"].iter().filter(has) {
                agree("without a fast path", Read::by(without_fast_path_of(slow, formats, options), &[text]));
            }
        }
    }
}

/// Reads a document that is no text, twice.
pub fn hold_bytes(bytes: &[u8], format: &'static Format, options: &FormatOptions) {
    let of = || Read::of_document(Dispatcher::with_options(&[format], options), bytes);
    let read = of();
    is_bounded(&read, bytes.len());
    assert_eq!(read.described(), of().described());
}

/// No text has more records, lines and notices than bytes.
fn is_bounded(read: &Read, bytes: usize) {
    let bytes = bytes as u64;
    let records = read.found.records();
    assert!(records <= bytes.max(HEAD_BYTES as u64), "{records} records of {bytes} bytes");
    assert!(read.found.lines <= bytes, "{} lines of {bytes} bytes", read.found.lines);
    assert!(read.notices.len() <= 200, "{} notices", read.notices.len());
    for notice in &read.notices {
        assert!(notice.line <= bytes, "{notice:?} of {bytes} bytes");
        assert!(notice.message.len() < 2000, "{notice:?}");
    }
}

/// The format of a name.
pub fn format(name: &str) -> &'static Format {
    FORMATS.iter().find(|format| format.name == name).unwrap()
}
