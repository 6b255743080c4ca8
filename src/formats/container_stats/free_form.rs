//! Lines of `--format '{{.Name}},{{.MemUsage}},{{.MemPerc}}'` and the like: fields in any order, with any separator.

use super::amount::{Amount, Usage};
use super::header::is_id;
use super::reading::Reading;
use crate::formats::other_things::is_other_thing;

/// Words that label a field.
const LABELS: &[&str] = &[
    "container",
    "name",
    "id",
    "cpu",
    "mem",
    "memory",
    "usage",
    "used",
    "memusage",
    "mem_usage",
    "mem_perc",
    "memperc",
    "cpuperc",
    "limit",
    "net",
    "netio",
    "block",
    "blockio",
    "io",
    "i/o",
    "pids",
    "uses",
    "perc",
    "stats",
    "ram",
    "of",
    "using",
    "is",
    "at",
];

/// Digits of a size.
const MOST_DIGITS: usize = 4;

/// A pair of sizes, and the bytes of the line that it takes up.
struct Pair {
    usage: Usage,
    start: usize,
    end: usize,
    /// Whether its units are 1024-based: network and disks have others.
    is_binary: bool,
}

/// Whether a line has a pair of sizes.
pub(super) fn holds_pair(line: &str) -> bool {
    !pairs(line).is_empty()
}

fn pairs(line: &str) -> Vec<Pair> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let found = line.match_indices(" / ").filter_map(|(at, slash)| {
        let (left, right) = (line.get(..at)?, line.get(at + slash.len()..)?);
        let start = left
            .rfind(|c| !is_part(c))
            .map_or(0, |end| end + left[end..].chars().next().map_or(1, char::len_utf8));
        let end = right.find(|c| !is_part(c)).unwrap_or(right.len());
        let (used, limit) = (left.get(start..)?, right.get(..end)?);
        // Engines print four digits at most: `1234MiB / 15885MiB` is of another tool.
        let digits = |field: &str| field.bytes().filter(u8::is_ascii_digit).count();
        if digits(used) > MOST_DIGITS || digits(limit) > MOST_DIGITS {
            return None;
        }
        // The end of a line may be cut: the usage is whole.
        let is_cut = used.ends_with("iB")
            && limit.starts_with(|c: char| c.is_ascii_digit())
            && right.trim_end() == limit;
        let limit_of = |limit| Amount::parse(limit).or(is_cut.then_some(Amount::Missing));
        let usage = Usage { used: Amount::parse(used)?, limit: limit_of(limit)? };
        let is_binary = [used, limit].iter().any(|field| field.ends_with("iB"));
        Some(Pair { usage, start, end: at + slash.len() + end, is_binary })
    });
    found.collect()
}

/// Parses a line whose stamp ends at a byte as a reading: no other words than the names of its subject and labels.
///
/// `binary` says that lines above gave the memory in 1024-based units, and is set where this one does.
pub(super) fn reading(line: &str, stamp_end: usize, binary: &mut bool) -> Option<Reading> {
    let pairs = pairs(line);
    // Where nothing is measured: `0B / 0B`, `-- / --`.
    let is_empty = |pair: &&Pair| pair.usage.limit.bytes().is_none_or(|limit| limit.value == 0.0);
    let memory = match pairs.iter().find(|pair| pair.is_binary) {
        Some(memory) => memory,
        None if *binary => pairs.iter().find(is_empty)?,
        None => pairs.first()?,
    };
    let mut reading = Reading { usage: memory.usage, ..Reading::default() };
    let (first, last) = (pairs.first()?, pairs.last()?);
    // A stamp after the sizes ends the line.
    let begin = if stamp_end <= first.start { stamp_end } else { 0 };
    let end = if stamp_end > last.end { last.end } else { line.len() };
    let mut at = begin;
    let mut texts = Vec::new();
    for pair in &pairs {
        texts.push(line.get(at..pair.start)?);
        at = pair.end;
    }
    texts.push(line.get(at..end)?);
    let mut has_percent = false;
    let separators = |c: char| c.is_whitespace() || ",;|\"'()[]{}".contains(c);
    for word in texts.iter().flat_map(|text| text.split(separators)).filter(|word| !word.is_empty()) {
        // `batch=36` counts, `service=web` names.
        let word = word.split_once('=').map_or(word, |(_, value)| value);
        has_percent |= word.ends_with('%');
        // A size that is half of no pair: the line is damaged.
        if matches!(Amount::parse(word), Some(Amount::Bytes(_))) {
            return None;
        }
        if is_label(word) || is_number(word) || !word.contains(|c: char| c.is_ascii_alphanumeric()) {
            continue;
        }
        let word = word.trim_end_matches(':');
        if is_other_thing(word) {
            return None;
        }
        let field = if is_id(word) { &mut reading.id } else { &mut reading.name };
        if field.replace(word.to_owned()).is_some_and(|before| before != word) {
            return None;
        }
    }
    let is_named = reading.name.is_some() || reading.id.is_some();
    // A pair of 1000-based sizes alone may be the progress of anything.
    let is_reading = is_named || memory.is_binary || has_percent;
    *binary |= is_reading && memory.is_binary;
    is_reading.then_some(reading)
}

pub(super) fn is_label(word: &str) -> bool {
    let word = word.trim_end_matches([':', '=']).trim_start_matches("--");
    LABELS.iter().any(|label| label.eq_ignore_ascii_case(word))
}

/// Whether a word is a number, a percentage or a time.
fn is_number(word: &str) -> bool {
    let word = word.trim_end_matches([':', '%']);
    word.starts_with(|c: char| c.is_ascii_digit())
        && (word.parse::<f64>().is_ok()
            || word.strip_suffix('s').is_some_and(|seconds| seconds.parse::<f64>().is_ok()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn fields_in_any_order() {
        for (line, name, id) in [
            ("web,212.3MiB / 512MiB,41.47%", Some("web"), None),
            ("web: 212.3MiB / 512MiB", Some("web"), None),
            ("web\t0.5%\t212.3MiB / 512MiB\t1.2MB / 3kB", Some("web"), None),
            ("\"web\";\"212.3MiB / 512MiB\"", Some("web"), None),
            (
                "4b7d02c9a6f1 web 0.50% 212.3MiB / 512MiB 41.47% 1.2MB / 610kB 0B / 0B 4",
                Some("web"),
                Some("4b7d02c9a6f1"),
            ),
            ("1.2MB / 610kB,web,212.3MiB / 512MiB", Some("web"), None),
            ("212.3MiB / 512MiB", None, None),
            ("batch=36 mem=212.3MiB / 512MiB    ", None, None),
            ("batch=36 mem=212.3MiB / 14.2", None, None),
            ("service=web mem=212.3MiB / 512MiB", Some("web"), None),
            ("name=web mem=212.3MiB / 512MiB", Some("web"), None),
            ("Container web Memory: 212.3MiB / 512MiB", Some("web"), None),
        ] {
            let reading = reading(line, 0, &mut false).unwrap();
            assert_eq!((reading.name.as_deref(), reading.id.as_deref()), (name, id), "{line}");
            assert_eq!(
                reading.usage.used.bytes().unwrap().value.round(),
                (212.3_f64 * 1_048_576.0).round(),
                "{line}"
            );
        }
        for line in [
            "Downloaded 12MB / 100MB",
            "12MB / 100MB",
            "Memory: 1234MiB / 15885MiB",
            "the file takes 12.3MiB / 100MiB of it",
            "progress: 12.3MiB / 100MiB",
            "web 212.3MiB/s / 512MiB",
            "A / B / ",
            "db,412.4MiB / 7.65,1.61MB / 830kB",
        ] {
            assert_eq!(reading(line, 0, &mut false), None, "{line}");
        }
        // Lines above had the memory in MiB.
        let used = |line: &str| reading(line, 0, &mut true).and_then(|reading| reading.usage.used.bytes());
        assert_eq!(used("web,1.2MB / 610kB,0B / 0B").map(|used| used.value), Some(0.0));
        assert_eq!(used("web,1.2MB / 610kB"), None);
    }
}
