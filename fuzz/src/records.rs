//! The records of a text, read in several ways that must agree.

use leakdiff::formats::{Dispatcher, FORMATS, Format, FormatOptions, HEAD_BYTES};

use super::reading::{Read, without_fast_path_of};
use super::{BOUNDS, lines};

/// Options with small bounds.
pub fn options() -> FormatOptions {
    FormatOptions { bounds: BOUNDS, ..FormatOptions::default() }
}

/// Reads a text with these formats, and holds against each other: twice, line by line, cut in two, without the fast
/// paths, with line ends of Windows.
pub fn hold(text: &str, formats: &[&'static Format], options: &FormatOptions, cut: u8) {
    let dispatcher = || Dispatcher::with_options(formats, options);
    let read = Read::by(dispatcher(), &[text]);
    is_bounded(&read, text.len());
    let expected = read.described();
    let agree = |way: &str, found: Read| assert_eq!(expected, found.described(), "{way}");
    agree("again", Read::by(dispatcher(), &[text]));
    let lines = lines(text);
    agree("line by line", Read::by(dispatcher(), &lines));
    let at: usize = lines.iter().take(usize::from(cut)).map(|line| line.len()).sum();
    let (before, after) = text.split_at(at);
    agree("cut in two", Read::by(dispatcher(), &[before, after]));
    for slow in ["rss-report", "tracemalloc", "heaptrack"] {
        if formats.iter().any(|format| format.name == slow) {
            agree("without a fast path", Read::by(without_fast_path_of(slow, formats, options), &[text]));
        }
    }
    // One source leaves nothing in the next one.
    let mut used = dispatcher();
    used.read(text);
    used.finish();
    agree("after itself", Read::by(used, &[text]));
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
        assert!(notice.line <= read.found.lines, "{notice:?} of {} lines", read.found.lines);
        assert!(notice.message.len() < 2000, "{notice:?}");
    }
}

/// The format of a name.
pub fn format(name: &str) -> &'static Format {
    FORMATS.iter().find(|format| format.name == name).unwrap()
}
