//! Which worker process wrote a line, where its prefix tells: several workers in one log have a heap each.

/// Levels of logs, as they stand behind a process id (`… 12 DEBUG …`).
const LEVELS: [&str; 10] =
    ["DEBUG", "INFO", "WARNING", "WARN", "ERROR", "CRITICAL", "TRACE", "NOTICE", "AUDIT", "SUCCESS"];
/// Words before a process id, in lower case.
const WORDS: [&str; 6] = ["pid ", "pid=", "pid: ", "\"pid\": ", "\"process\": ", "process="];

/// The process id in what stands between a line's time and its record: `1 DEBUG` (oslo), `name[12]:` (syslog), `PID 12`, `"pid": 12`.
#[must_use]
pub fn worker(prefix: &str) -> Option<u32> {
    before_level(prefix).or_else(|| in_brackets(prefix)).or_else(|| behind_word(prefix))
}

fn before_level(prefix: &str) -> Option<u32> {
    let (digits, rest) = number(prefix.trim_start())?;
    let word = rest.strip_prefix(' ')?.split(' ').next()?;
    LEVELS.contains(&word).then_some(digits)
}

/// `host name[12]: `: no blank in the name, and the colon right behind.
fn in_brackets(prefix: &str) -> Option<u32> {
    let (before, behind) = prefix.split_once('[')?;
    let (digits, rest) = number(behind)?;
    (rest.starts_with("]:")
        && before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')))
    .then_some(digits)
}

fn behind_word(prefix: &str) -> Option<u32> {
    let lower = prefix.to_ascii_lowercase();
    WORDS.iter().find_map(|word| {
        let at = lower.find(word)?;
        let begins = at == 0 || !lower.as_bytes()[at - 1].is_ascii_alphanumeric();
        number(prefix[at + word.len()..].trim_start()).filter(|_| begins).map(|(digits, _)| digits)
    })
}

/// The number at the beginning of a text, and what stands behind it.
fn number(text: &str) -> Option<(u32, &str)> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &text[..text.len() - rest.len()];
    Some((digits.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::worker;

    #[test]
    fn workers_are_told_by_their_prefix() {
        for (prefix, id) in [
            (" 1 DEBUG ironic.manager [-] MEMORY ", Some(1)),
            (" 20417 INFO nova.compute [req-1] MEMORY ", Some(20417)),
            (" host svc[12]: DEBUG m MEMORY ", Some(12)),
            (" | INFO     | PID 98960 | #1: ", Some(98960)),
            (", \"level\": \"info\", \"pid\": 77, \"msg\": \"MEMORY ", Some(77)),
            (" - src.memory - INFO -   ", None),
            (" DEBUG mgr [-] MEMORY ", None),
            (" [req-12]: x", None),
            (" rapid 5", None),
            ("", None),
        ] {
            assert_eq!(worker(prefix), id, "{prefix}");
        }
    }
}
