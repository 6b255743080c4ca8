//! Kinds of memory log that are known by sight and not read: the refusal should say which.

/// A kind, and words that stand in one line of it.
const KINDS: &[(&str, &[&str])] = &[
    ("docker stats", &["MEM USAGE / LIMIT"]),
    ("docker stats", &["\"MemUsage\""]),
    ("kubectl top", &["MEMORY(bytes)"]),
    ("pidstat -r", &["minflt/s", "VSZ", "RSS"]),
    ("psrecord output", &["Elapsed time", "CPU (%)", "Real (MB)"]),
    ("top -b", &["PID", "USER", "VIRT", "RES"]),
    ("ps output", &["PID", "RSS"]),
    ("ps output", &["RSS", "VSZ"]),
    (
        "an object census (objgraph, pympler, Home Assistant): it counts types, not bytes per site",
        &["Memory Growth: [("],
    ),
    ("psutil's pmem", &["pmem(rss="]),
    ("a mprof recording", &["CMDLINE "]),
];

/// What a text without a known format looks like, by the first of its lines that tells, so that the refusal helps.
#[must_use]
pub fn looks_like(text: &str) -> Option<&'static str> {
    text.lines().take(2000).find_map(|line| {
        if line.starts_with("MEM ") && line.split(' ').count() == 3 {
            return Some("a mprof recording");
        }
        KINDS.iter().find(|(_, words)| words.iter().all(|word| line.contains(word))).map(|(kind, _)| *kind)
    })
}

#[cfg(test)]
mod tests {
    use super::looks_like;

    #[test]
    fn kinds_are_known_by_sight() {
        for (text, kind) in [
            ("CONTAINER ID   NAME   CPU %   MEM USAGE / LIMIT   MEM %", Some("docker stats")),
            ("NAME   CPU(cores)   MEMORY(bytes)", Some("kubectl top")),
            ("MEM 12.3 1716465395.1", Some("a mprof recording")),
            ("  PID  RSS COMMAND", Some("ps output")),
            ("hello", None),
        ] {
            assert_eq!(looks_like(text), kind, "{text}");
        }
    }
}
