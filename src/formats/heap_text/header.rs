//! The first line of a heap profile in text, and the numbers of its stacks.

use crate::formats::sampling::Interval;
use crate::formats::stacks::InUse;

/// The numbers of blocks and bytes in use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub blocks: u64,
    pub bytes: u64,
}

/// The writer of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// gperftools, tcmalloc and older jemalloc, which all write alike.
    TcMalloc,
    /// Go, with `debug=1`.
    Go,
    /// jemalloc.
    JeMalloc,
}

/// The first line of a profile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Header {
    pub writer: Writer,
    /// The interval of its sampling; `None` where all blocks are recorded.
    pub interval: Option<Interval>,
    /// The sum of all stacks. Profiles of jemalloc have it in the next line.
    pub sum: Option<Counts>,
}

impl Header {
    /// Returns the blocks in use of which some were recorded.
    #[allow(clippy::cast_precision_loss, reason = "no heap has 2^53 bytes")]
    pub fn in_use(&self, counts: Counts) -> InUse {
        let (blocks, bytes) = (counts.blocks as f64, counts.bytes as f64);
        match self.interval {
            Some(interval) => interval.estimate(blocks, bytes),
            None => InUse::counted(bytes, Some(blocks)),
        }
    }
}

/// A first line that holds no profile of blocks in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotInUse {
    /// `growthz`: the stacks at which the heap was made larger.
    Growth,
    /// `fragmentationz`: memory that is free.
    Fragmentation,
    /// An unknown kind.
    Unknown,
}

/// Parses the first line of a profile of gperftools, tcmalloc or Go: `heap profile: 33: 414208 [131: 18444624] @
/// heap/1048576`. Returns nothing for another line.
pub fn heap_profile(line: &str) -> Option<Result<Header, NotInUse>> {
    let (counts, kind) = line.trim().strip_prefix("heap profile:")?.split_once('@')?;
    let sum = counts_of(counts)?;
    let (kind, interval) = match kind.trim().split_once('/') {
        Some((kind, interval)) => (kind, Some(interval.parse::<u64>().ok()?)),
        None => (kind.trim(), None),
    };
    #[allow(clippy::cast_precision_loss, reason = "no interval has 2^53 bytes")]
    let interval = interval.map(|interval| interval as f64);
    Some(Ok(match (kind, interval) {
        ("heapprofile", _) => Header { writer: Writer::TcMalloc, interval: None, sum: Some(sum) },
        ("heap_v2" | "heapz_v2", Some(interval)) => {
            Header { writer: Writer::TcMalloc, interval: Interval::new(interval), sum: Some(sum) }
        }
        // Go writes twice its rate.
        ("heap", Some(twice)) => {
            Header { writer: Writer::Go, interval: Interval::new(twice / 2.0), sum: Some(sum) }
        }
        ("growthz" | "growth", _) => return Some(Err(NotInUse::Growth)),
        ("fragmentationz" | "fragmentation", _) => return Some(Err(NotInUse::Fragmentation)),
        _ => return Some(Err(NotInUse::Unknown)),
    }))
}

/// Parses the first line of a profile of jemalloc: `heap_v2/4096`.
pub fn jemalloc(line: &str) -> Option<Header> {
    let interval = line.trim().strip_prefix("heap_v2/")?.parse::<u64>().ok()?;
    #[allow(clippy::cast_precision_loss, reason = "no interval has 2^53 bytes")]
    let interval = Interval::new(interval as f64);
    Some(Header { writer: Writer::JeMalloc, interval, sum: None })
}

/// Parses `33: 414208 [131: 18444624]`: blocks and bytes in use, and those that were ever allocated.
pub fn counts_of(text: &str) -> Option<Counts> {
    let (in_use, all) = text.trim().split_once('[')?;
    let pair = |text: &str| {
        let (blocks, bytes) = text.split_once(':')?;
        Some(Counts { blocks: blocks.trim().parse().ok()?, bytes: bytes.trim().parse().ok()? })
    };
    // The name of a thread may follow.
    pair(all.split_once(']')?.0)?;
    pair(in_use).filter(|counts| counts.bytes < 1 << 53 && counts.blocks < 1 << 53)
}

/// Parses the numbers of a thread or of all: `t*: 25: 206541 [0: 0]`. Returns nothing for another line, and no numbers
/// for those of one thread.
pub fn thread_counts(line: &str) -> Option<Option<Counts>> {
    let (thread, counts) = line.trim_start().strip_prefix('t')?.split_once(':')?;
    let is_all = thread == "*";
    if !is_all && (thread.is_empty() || !thread.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let counts = counts_of(counts)?;
    Some(is_all.then_some(counts))
}

/// Returns the addresses of a stack: ` 0x674dd3 0x674c08`. An address that cannot be read ends it.
pub fn addresses(text: &str) -> Vec<u64> {
    text.split_ascii_whitespace().map_while(address).collect()
}

/// Parses an address.
pub fn address(text: &str) -> Option<u64> {
    u64::from_str_radix(text.strip_prefix("0x").unwrap_or(text), 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_lines() {
        let interval = |bytes: f64| Interval::new(bytes);
        for (line, writer, expected, sum) in [
            (
                "heap profile: 33: 414208 [131: 18444624] @ heap/1048576",
                Writer::Go,
                interval(524_288.0),
                (33, 414_208),
            ),
            ("heap profile: 3: 4 [3: 4] @ heap/2", Writer::Go, None, (3, 4)),
            (
                "heap profile:   8452: 10489856 [ 18652: 22525856] @ heapprofile",
                Writer::TcMalloc,
                None,
                (8452, 10_489_856),
            ),
            (
                "heap profile:  1:  123 [  1:  123] @ heap_v2/524288",
                Writer::TcMalloc,
                interval(524_288.0),
                (1, 123),
            ),
        ] {
            let header = heap_profile(line).and_then(Result::ok);
            let sum = Some(Counts { blocks: sum.0, bytes: sum.1 });
            assert_eq!(header, Some(Header { writer, interval: expected, sum }), "{line}");
        }
        let refused = |kind: &str| heap_profile(&format!("heap profile: 1: 2 [3: 4] @ {kind}"));
        assert_eq!(refused("growthz"), Some(Err(NotInUse::Growth)));
        assert_eq!(refused("fragmentationz"), Some(Err(NotInUse::Fragmentation)));
        assert_eq!(refused("heap"), Some(Err(NotInUse::Unknown)));
        for line in [
            "heap profile: on",
            "heap profile: 1: 2 @ heapprofile",
            "heap profile: a: 2 [3: 4] @ heapprofile",
        ] {
            assert_eq!(heap_profile(line), None, "{line}");
        }
        assert!(jemalloc("heap_v2/4096").is_some() && jemalloc("heap_v2/4096 of").is_none());
    }

    #[test]
    fn numbers_of_stacks() {
        for (line, expected) in [
            ("  t*: 25: 206541 [0: 0]", Some(Some((25, 206_541)))),
            ("  t0: 25: 206541 [0: 0]", Some(None)),
            ("  t3: 25: 206541 [0: 0] worker 3", Some(None)),
            ("  tx: 25: 206541 [0: 0]", None),
            ("  t*: 25: -1 [0: 0]", None),
            ("@ 0x1", None),
        ] {
            let expected = expected.map(|all| all.map(|(blocks, bytes)| Counts { blocks, bytes }));
            assert_eq!(thread_counts(line), expected, "{line}");
        }
        assert_eq!(addresses(" 0x674dd3 0x674c08 end 0x1"), [0x0067_4dd3, 0x0067_4c08]);
    }
}
