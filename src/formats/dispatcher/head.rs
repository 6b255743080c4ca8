//! The beginning of a source, by which formats without needles are recognised.

use super::super::contract::HEAD_BYTES;
use super::super::look_behind::start;

/// Lines of the beginning of a source, however long: a table of a hundred services has headers of many columns.
const LINES: usize = 4;
/// Bytes of these lines that are looked at.
const MOST_BYTES: usize = 1 << 20;

/// Returns the beginning of a text, if it is all there.
pub(super) fn whole(text: &str) -> Option<&str> {
    let ends = memchr::memchr_iter(b'\n', &text.as_bytes()[..text.len().min(MOST_BYTES)]);
    let end = ends.take(LINES).nth(LINES - 1).map(|end| end + 1);
    let bytes = end.unwrap_or(MOST_BYTES).max(HEAD_BYTES);
    (text.len() >= bytes).then(|| start(text, bytes))
}

/// Returns as much of the beginning of a text as is there.
pub(super) fn of(text: &str) -> &str {
    whole(text).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::{HEAD_BYTES, MOST_BYTES, of, whole};

    #[test]
    fn a_beginning_has_four_lines_and_four_kibibytes() {
        let short = "time,rss\n".repeat(1000);
        assert_eq!(whole(&short).map(str::len), Some(HEAD_BYTES));
        assert_eq!((whole("time,rss\n"), of("time,rss\n")), (None, "time,rss\n"));
        let wide = format!("{}\n", "x".repeat(9999)).repeat(6);
        assert_eq!(whole(&wide).map(str::len), Some(40_000));
        assert_eq!(whole(&wide[..39_999]), None);
        let without_end = "é".repeat(MOST_BYTES);
        assert_eq!(whole(&without_end).map(str::len), Some(MOST_BYTES));
    }
}
