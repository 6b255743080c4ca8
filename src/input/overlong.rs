//! The bound on the length of a line.

use memchr::memchr;

use crate::error::Notice;

/// Bytes of a line that is read. No recording has longer ones, but for documents, which are read whole.
const MOST_BYTES: usize = 32 << 20;

/// Whether the bytes begin with a line that is too long to be read.
pub(super) fn begins_overlong(bytes: &[u8]) -> bool {
    bytes.get(..=MOST_BYTES).is_some_and(|line| memchr(b'\n', line).is_none())
}

/// Returns the notice of a line that was left out.
pub(super) fn notice(line: u64) -> Notice {
    Notice { line, message: format!("line {line} is longer than {} MiB and was left out", MOST_BYTES >> 20) }
}
