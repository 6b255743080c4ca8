//! The files of a control group, and lines that name them.

use super::stat::{Value, key_value};
use crate::model::{Measured, Metric, Role, Subject, SubjectKind};

/// Memory in use, with page cache, of version 2.
const CURRENT: Metric = Metric::bytes("memory.current", Role::Resident);
/// The same of version 1.
const USAGE: Metric = Metric::bytes("memory.usage_in_bytes", Role::Resident);
const PEAK: Metric = Metric::bytes("memory.peak", Role::Peak);
const MAX_USAGE: Metric = Metric::bytes("memory.max_usage_in_bytes", Role::Peak);
const SWAP: Metric = Metric::bytes("memory.swap.current", Role::Swap);

/// A file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum File {
    /// A file with one number.
    Of(Metric),
    Limit,
    Stat,
    Events,
    /// A file that is not read.
    Other,
}

/// The files, longer names before those that they begin with.
const FILES: &[(&str, File)] = &[
    ("memory.current", File::Of(CURRENT)),
    ("memory.usage_in_bytes", File::Of(USAGE)),
    ("memory.peak", File::Of(PEAK)),
    ("memory.max_usage_in_bytes", File::Of(MAX_USAGE)),
    ("memory.max", File::Limit),
    ("memory.limit_in_bytes", File::Limit),
    ("memory.soft_limit_in_bytes", File::Other),
    ("memory.swap.current", File::Of(SWAP)),
    ("memory.swap.max", File::Other),
    ("memory.stat", File::Stat),
    ("memory.events.local", File::Events),
    ("memory.events", File::Events),
    ("memory.high", File::Other),
    ("memory.low", File::Other),
    ("memory.min", File::Other),
];

impl File {
    /// Whether its lines are keys with values.
    pub(super) const fn has_keys(self) -> bool {
        matches!(self, Self::Stat | Self::Events | Self::Other)
    }

    /// Returns the value of a file with one number.
    pub(super) fn value(self, bytes: f64) -> Option<Value> {
        match self {
            Self::Of(metric) => Some(Value::Of(metric, Measured::exact(bytes))),
            Self::Limit => Some(Value::Limit(Measured::exact(bytes))),
            Self::Stat | Self::Events | Self::Other => None,
        }
    }
}

/// Parses the content of a file with one number: bytes, or `max`.
pub(super) fn number(text: &str) -> Option<f64> {
    if text == "max" {
        return Some(f64::INFINITY);
    }
    let is_number = !text.is_empty() && text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// A file that a line names.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mention<'t> {
    pub(super) file: File,
    pub(super) subject: Subject,
    /// The byte at which its path begins.
    pub(super) start: usize,
    /// The number after it.
    pub(super) value: Option<f64>,
    /// The key and the number after it: `memory.stat:anon 4096`.
    pub(super) key: Option<(&'t str, f64)>,
    /// Whether the line may be a heading of its content.
    pub(super) is_heading: bool,
}

/// Returns the group of which nothing is known.
pub(super) fn anonymous() -> Subject {
    Subject { kind: SubjectKind::Cgroup, ..Subject::default() }
}

/// Returns all files that a line names.
pub(super) fn mentions(line: &str) -> Vec<Mention<'_>> {
    line.match_indices("memory.").filter_map(|(at, _)| mention(line, at)).collect()
}

fn mention(line: &str, at: usize) -> Option<Mention<'_>> {
    let rest = line.get(at..)?;
    let ends = |name: &str| {
        rest.get(name.len()..).is_some_and(|after| {
            !after.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/'))
        })
    };
    let (name, file) = FILES.iter().find(|(name, _)| rest.starts_with(name) && ends(name))?;
    let is_path = |c: char| !c.is_whitespace() && !"\"'`()[]{}<>=,;|".contains(c);
    let before = line.get(..at)?;
    let start = before
        .rfind(|c| !is_path(c))
        .map_or(0, |end| end + before[end..].chars().next().map_or(1, char::len_utf8));
    let folder = before.get(start..)?;
    // `spark.memory.max` is no file.
    if !folder.is_empty() && !folder.ends_with('/') {
        return None;
    }
    let after = rest.get(name.len()..)?;
    let text = after.trim_start_matches([' ', '\t', ':', '=', '"', '\'']);
    let is_apart = text.len() < after.len();
    let word = text.split([' ', '\t', ',', ';', '"', '\'', '|']).next().unwrap_or("");
    let value = number(word).filter(|_| is_apart && !file.has_keys());
    let key = key_value(text).filter(|_| is_apart && file.has_keys());
    let is_decoration = |text: &str| !text.contains(|c: char| c.is_ascii_alphanumeric());
    let words_before = line.get(..start)?.trim();
    let is_heading = is_decoration(after) && (is_decoration(words_before) || words_before.ends_with("cat"));
    Some(Mention { file: *file, subject: subject(folder), start, value, key, is_heading })
}

/// Returns the group of a folder: its path below the mount point.
fn subject(folder: &str) -> Subject {
    let path = folder.split_once("/sys/fs/cgroup").map_or(folder, |(_, path)| path);
    let path = ["/unified/", "/memory/"].iter().find_map(|mount| path.strip_prefix(mount)).unwrap_or(path);
    let name = path.trim_matches(['/', '.']);
    Subject { name: Some(name.to_owned()).filter(|name| !name.is_empty()), ..anonymous() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_in_many_ways() {
        for (line, name, value, key, is_heading) in [
            (
                "/sys/fs/cgroup/system.slice/app.service/memory.current:4096",
                Some("system.slice/app.service"),
                Some(4096.0),
                None,
                false,
            ),
            (
                "/sys/fs/cgroup/memory/docker/4b7d/memory.limit_in_bytes:8192",
                Some("docker/4b7d"),
                Some(8192.0),
                None,
                false,
            ),
            ("memory.current: 4096", None, Some(4096.0), None, false),
            ("memory.max=max", None, Some(f64::INFINITY), None, false),
            ("2026-03-14 20:00:00 memory.current 4096", None, Some(4096.0), None, false),
            ("memory.stat:anon 4096", None, None, Some("anon"), false),
            ("==> /sys/fs/cgroup/app/memory.stat <==", Some("app"), None, None, true),
            ("# memory.current", None, None, None, true),
            ("$ cat /sys/fs/cgroup/memory.current", None, None, None, true),
            ("reads memory.current often", None, None, None, false),
        ] {
            let found = mentions(line);
            let found = found.first().unwrap();
            let got =
                (found.subject.name.as_deref(), found.value, found.key.map(|(key, _)| key), found.is_heading);
            assert_eq!(got, (name, value, key, is_heading), "{line}");
        }
        for line in
            ["spark.memory.max=4096", "memory.maximum 4096", "memory.stats 4096", "in memory. Current 4"]
        {
            assert_eq!(mentions(line), [], "{line}");
        }
    }
}
