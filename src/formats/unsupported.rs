//! Kinds of memory log that are known by sight and not read: the refusal should say which.

/// A kind, and words that stand in one line of it.
const KINDS: &[(&str, &[&str])] = &[
    ("pidstat -r", &["minflt/s", "VSZ", "RSS"]),
    ("top -b", &["PID", "USER", "VIRT", "RES"]),
    ("ps output", &["PID", "RSS"]),
    ("ps output", &["RSS", "VSZ"]),
    (
        "an object census (objgraph, pympler, Home Assistant): it counts types, not bytes per site",
        &["Memory Growth: [("],
    ),
    ("psutil's pmem", &["pmem(rss="]),
];

/// Returns the kind that a text without a known format looks like, by the first of its lines that shows it.
#[must_use]
pub fn looks_like(text: &str) -> Option<&'static str> {
    text.lines().take(2000).find_map(|line| {
        KINDS.iter().find(|(_, words)| words.iter().all(|word| line.contains(word))).map(|(kind, _)| *kind)
    })
}

#[cfg(test)]
mod tests {
    use super::looks_like;

    #[test]
    fn kinds_are_known_by_sight() {
        for (text, kind) in [("  PID  RSS COMMAND", Some("ps output")), ("hello", None)] {
            assert_eq!(looks_like(text), kind, "{text}");
        }
    }
}
