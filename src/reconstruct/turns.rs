//! Identifiers that come back after others.

use foldhash::HashSet;

/// Whether an identifier comes back after another: its subject was there all the while, and no other took its place.
pub(super) fn take_turns<'a>(ids: impl IntoIterator<Item = &'a str>) -> bool {
    let mut gone: HashSet<&str> = HashSet::default();
    let mut last: Option<&str> = None;
    ids.into_iter().any(|id| {
        if last != Some(id) {
            gone.extend(last.replace(id));
        }
        gone.contains(id)
    })
}

#[cfg(test)]
mod tests {
    use super::take_turns;

    #[test]
    fn restarts_take_no_turns() {
        for (ids, expected) in [
            (&["1", "1", "2", "3", "3"][..], false),
            (&["1", "2", "1"], true),
            (&["1", "1", "2", "2", "3", "2"], true),
            (&["1"], false),
            (&[], false),
        ] {
            assert_eq!(take_turns(ids.iter().copied()), expected, "{ids:?}");
        }
    }
}
