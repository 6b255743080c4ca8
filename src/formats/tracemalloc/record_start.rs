//! The beginning of a record that does not begin with its site: the text before it is its prefix.

/// Words before which a number stands that belongs to the record.
const AFTER_NUMBER: [&str; 4] = [" memory blocks: ", " other: ", " other size=", " more size="];
/// Words that begin a record.
const FIRST: [&str; 4] = ["<Statistic", "Total allocated size", "Traced Python memory", "Total"];

/// Returns the byte at which the record of a line begins: `120 memory blocks: …`, `#1: …`, `12 other: …`, `Total …`,
/// or, failing these, the size.
#[must_use]
pub fn record_start(line: &str) -> usize {
    let is_digit = |c: char| c.is_ascii_digit() || c == ',';
    let after_number = AFTER_NUMBER.iter().find_map(|words| line.find(words));
    if let Some(end) = after_number {
        return line.get(..end).map_or(end, |text| text.trim_end_matches(is_digit).len());
    }
    let rank = line.match_indices('#').map(|(at, _)| at).find(|at| {
        let rest = line.get(at + 1..).unwrap_or("");
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        after.len() < rest.len() && after.starts_with(':')
    });
    let first = || FIRST.iter().find_map(|words| line.find(words));
    rank.or_else(first).or_else(|| line.find(" size=")).unwrap_or(line.len())
}

#[cfg(test)]
mod tests {
    use super::record_start;

    #[test]
    fn what_stands_before_a_record_is_its_prefix() {
        for (line, prefix) in [
            ("[gw0] 120 memory blocks: 32.8 KiB", "[gw0] "),
            ("INFO 7 #1: app/a.py:40: 62.5 KiB", "INFO 7 "),
            ("INFO 7 1,234 other: 3.0 KiB", "INFO 7 "),
            ("[7] Total allocated size: 74.8 KiB", "[7] "),
            ("[7] a.py:3: size=", "[7] a.py:3:"),
            ("[7] <Statistic traceback=<Traceback (<Frame filename='a' lineno=1>,)> size=1 count=1>", "[7] "),
            ("nothing", "nothing"),
        ] {
            assert_eq!(&line[..record_start(line)], prefix, "{line}");
        }
    }
}
