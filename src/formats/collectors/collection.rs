//! A collection and its sizes, as Java and V8 write them: `14M->9M(64M)`.

use super::full_heap::Use;
use crate::formats::size::{Multiples, Size, size};

/// The size of a heap after a collection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    /// In use after it.
    pub after: Size,
    /// The use after it.
    pub usage: Use,
}

/// Returns the last sizes in a text that are those of a whole heap: `14M->9M(64M)`, `40M(31%)->12M(9%)`. Those within
/// brackets are of a part of the heap, such as `[PSYoungGen: 65536K->10720K(76288K)]`.
pub(super) fn last_sizes(text: &str) -> Option<Sizes> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut last = None;
    for at in 0..bytes.len() {
        match bytes[at] {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b'-' if depth == 0 && bytes.get(at + 1) == Some(&b'>') => {
                last = sizes_around(text, at).or(last);
            }
            _ => {}
        }
    }
    last
}

/// Returns the sizes on both sides of an arrow at a byte of the text.
fn sizes_around(text: &str, arrow: usize) -> Option<Sizes> {
    let before = end_of(text.get(..arrow)?);
    // A share or a capacity may stand between a size and the arrow.
    let bare =
        before.strip_suffix(')').and_then(|open| open.rsplit_once('(')).map_or(before, |(size, _)| size);
    let start = bare.rfind(|c: char| !is_size(c)).map_or(0, |at| at + 1);
    let after = beginning_of(text.get(arrow + 2..)?);
    let end = after.find(|c: char| !is_size(c)).unwrap_or(after.len());
    // All collectors write the capacity or the share after the second size.
    let capacity_or_share = after.get(end..)?.strip_prefix('(')?.split(')').next()?;
    let of = |field: &str| {
        let has_unit = field.ends_with(|c: char| c.is_ascii_alphabetic());
        has_unit.then(|| size(field, 1.0, Multiples::Binary)).flatten()
    };
    of(bare.get(start..)?)?;
    let after = of(after.get(..end)?)?;
    let share = capacity_or_share.strip_suffix('%').and_then(|share| share.parse::<f64>().ok());
    let capacity = of(capacity_or_share).map_or(0.0, |capacity| capacity.bytes);
    let share =
        share.map_or(if capacity > 0.0 { after.bytes / capacity } else { 0.0 }, |share| share / 100.0);
    Some(Sizes { after, usage: Use { share, capacity, follows_use: false } })
}

/// Bytes in which a size and its capacity stand. A line may be as long as it likes.
const MOST_BYTES: usize = 64;

/// Returns the end of a text, in which a size stands.
fn end_of(text: &str) -> &str {
    let mut from = text.len().saturating_sub(MOST_BYTES);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..).unwrap_or("")
}

/// Returns the beginning of a text, in which a size stands.
fn beginning_of(text: &str) -> &str {
    let mut end = text.len().min(MOST_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}

const fn is_size(c: char) -> bool {
    matches!(c, '0'..='9' | '.' | ',' | 'B' | 'K' | 'M' | 'G' | 'T')
}

#[cfg(test)]
mod tests {
    use super::last_sizes;

    #[test]
    fn sizes_of_a_heap() {
        const MIB: f64 = 1_048_576.0;
        for (text, expected) in [
            (" 14M->9M(64M) 1.2ms", Some(9.0)),
            ("(Warmup) 40M(31%)->12M(9%)", Some(12.0)),
            ("(Allocation Failure) [PSYoungGen: 9K->1K(9K)] 2048K->1024K(4M), 0.1 secs", Some(1.0)),
            ("Heap: 24.0M(64.0M)->8192.0K(64.0M)", Some(8.0)),
            ("Eden: 24.0M(24.0M)->0.0B(20.0M) Survivors: 0.0B->4096.0K Heap: 2G(4G)->1G(4G)", Some(1024.0)),
            ("Pause Full 14M->", None),
            ("Pause Full 14M->9M", None),
            ("->", None),
            ("a->b(c)", None),
            ("Using 2->1(4) workers", None),
        ] {
            let found = last_sizes(text).map(|sizes| sizes.after.bytes / MIB);
            assert_eq!(found, expected, "{text}");
        }
    }
}
