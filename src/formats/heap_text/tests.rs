//! Profiles in text as nobody writes them.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::{FORMAT, JEMALLOC};
use crate::formats::{Dispatcher, Found};
use crate::model::Truncation;

fn found(text: &str) -> Found {
    let mut dispatcher = Dispatcher::new(None);
    dispatcher.read(text);
    dispatcher.finish()
}

/// Samples, sites and the meaning of absence of the first profile.
fn first(text: &str) -> (usize, usize, Truncation) {
    let found = found(text);
    let snapshot = &found.records.snapshots[0];
    (found.records.samples.len(), snapshot.readings.len(), snapshot.truncation)
}

#[test]
fn profiles_that_break_off() {
    let in_part = Truncation::Partial { at_most: None };
    let of_go = "heap profile: 3: 3072 [3: 3072] @ heap/1048576\n2: 2048 [2: 2048] @ 0x1 0x2\n";
    for (text, expected) in [
        // All blocks are recorded: the sum is known.
        ("heap profile: 3: 3072 [3: 3072] @ heapprofile\n2: 2048 [2: 2048] @ 0x1 0x2\n", (1, 1, in_part)),
        (
            "heap profile: 2: 2048 [3: 3072] @ heapprofile\n2: 2048 [2: 2048] @ 0x1 0x2\n",
            (1, 1, Truncation::Complete),
        ),
        // A sample of some stacks is no sample of all.
        (of_go, (0, 1, in_part)),
        (
            "heap_v2/4096\n  t*: 2: 2048 [0: 0]\n@ 0x1 0x2\n  t*: 2: 2048 [0: 0]\n",
            (1, 1, Truncation::Complete),
        ),
        ("heap_v2/4096\n  t*: 9: 20480 [0: 0]\n@ 0x1 0x2\n  t*: 2: 2048 [0: 0]\n", (0, 1, in_part)),
        // The last number may go on.
        ("heap_v2/4096\n  t*: 2: 2048 [0: 0]\n@ 0x1 0x2\n  t*: 2: 2048 [0: 0]", (0, 0, in_part)),
        ("heap profile: 0: 0 [3: 3072] @ heap/1048576\n", (1, 0, Truncation::Complete)),
    ] {
        assert_eq!(first(text), expected, "{text}");
    }
}

#[test]
fn profiles_that_are_refused() {
    for (text, word) in [
        ("heap profile: 1: 2 [3: 4] @ growthz\n1: 2 [3: 4] @ 0x1\n", "only ever rise"),
        ("heap profile: 1: 2 [3: 4] @ fragmentationz\n1: 2 [3: 4] @ 0x1\n", "memory that is free"),
        ("heap profile: 1: 2 [3: 4] @ heap\n1: 2 [3: 4] @ 0x1\n", "expected a heap profile"),
    ] {
        let found = found(text);
        assert_eq!((found.records(), found.unreadable_lines()), (0, 1), "{text}");
        assert!(found.notices.iter().any(|notice| format!("{notice:?}").contains(word)), "{text}");
    }
}

#[test]
fn text_beside_profiles_is_not_theirs() {
    let text = format!(
        "2026-11-26 12:00:00 start\n{}2026-11-26 12:01:00 done\n{}",
        FORMAT.example, JEMALLOC.example
    );
    let found = found(&text);
    assert_eq!(found.records.snapshots.len(), 2);
    assert!(found.records.snapshots.iter().all(|snapshot| snapshot.time.is_some()));
}

proptest! {
    #[test]
    fn whatever_is_changed_in_a_profile_is_survived(
        of_jemalloc in any::<bool>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), "[ -~\\n\\t]{0,3}"), 0..6),
    ) {
        let mut text = if of_jemalloc { JEMALLOC.example } else { FORMAT.example }.to_owned();
        for (place, change) in changes {
            let at = place.index(text.len());
            text.replace_range(at..=at, &change);
        }
        found(&text);
    }
}
