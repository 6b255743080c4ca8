//! The meaning of a column by its name: `rss_mb`, `Memory (MiB)`, `heapUsed`, `Process ID`, `timestamp`.

use crate::model::{Role, SubjectKind};

/// The meaning of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Meaning {
    /// The time of the row; numbers count this many seconds each where the name says so.
    Time(Option<f64>),
    /// Memory.
    Memory(Quantity),
    /// The process id.
    Pid,
    /// The name of the subject.
    Name(SubjectKind),
    /// The name of what the column of values holds.
    Series,
    /// A value, of what the row says.
    Value,
    /// The number of the row.
    Index,
    /// A share, a rate, a count: no memory, whatever its numbers.
    NoMemory,
    /// Anything else.
    Other,
}

/// Memory that a name speaks of.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Its role.
    pub role: Role,
    /// The bytes of one, if the name says so.
    pub unit: Option<f64>,
    /// Words of the name that are no part of a quantity: the subject of a column.
    pub owner: String,
    /// The other words: two columns that have the same ones are of two subjects.
    pub kind: String,
}

/// Nouns that are memory, whatever stands beside them.
const MEMORY: &[(&str, Role)] = &[
    ("rss", Role::Resident),
    ("rsz", Role::Resident),
    ("rssize", Role::Resident),
    ("vmrss", Role::Resident),
    ("resident", Role::Resident),
    ("ram", Role::Resident),
    ("mem", Role::Resident),
    ("memory", Role::Resident),
    ("speicher", Role::Resident),
    ("footprint", Role::Resident),
    ("workingset", Role::Resident),
    ("wset", Role::Resident),
    ("uss", Role::Part),
    ("pss", Role::Part),
    ("anon", Role::Part),
    ("heap", Role::Part),
    ("tracemalloc", Role::Part),
    ("vms", Role::Virtual),
    ("vsz", Role::Virtual),
    ("vsize", Role::Virtual),
    ("vmsize", Role::Virtual),
    ("virt", Role::Virtual),
    ("virtual", Role::Virtual),
    ("swap", Role::Swap),
    ("vmswap", Role::Swap),
    ("maxrss", Role::Peak),
    ("vmhwm", Role::Peak),
    ("hwm", Role::Peak),
    ("vram", Role::Other),
];

/// Words that are memory where the name has a unit, and say which beside a noun.
const WEAK: &[(&str, Role)] = &[
    ("res", Role::Resident),
    ("real", Role::Resident),
    ("used", Role::Resident),
    ("usage", Role::Resident),
    ("current", Role::Resident),
    ("working", Role::Resident),
    ("private", Role::Part),
    ("shared", Role::Part),
    ("shr", Role::Part),
    ("shmem", Role::Part),
    ("cache", Role::Part),
    ("cached", Role::Part),
    ("buffers", Role::Part),
    ("buff", Role::Part),
    ("slab", Role::Part),
    ("stack", Role::Part),
    ("external", Role::Part),
    ("traced", Role::Part),
    ("malloc", Role::Part),
    ("allocated", Role::Part),
    ("alloc", Role::Part),
    ("inuse", Role::Part),
    ("file", Role::Part),
    ("inactive", Role::Part),
    ("active", Role::Part),
    ("free", Role::Free),
    ("available", Role::Free),
    ("avail", Role::Free),
    ("limit", Role::Limit),
    ("quota", Role::Limit),
    ("capacity", Role::Limit),
    ("peak", Role::Peak),
    ("max", Role::Peak),
    ("maximum", Role::Peak),
    ("highwater", Role::Peak),
    ("gpu", Role::Other),
    ("cuda", Role::Other),
];

/// Words between those, of no meaning for the role.
const FILLERS: &[&str] = &[
    "in",
    "of",
    "the",
    "process",
    "proc",
    "size",
    "set",
    "value",
    "consumption",
    "consumed",
    "total",
    "avg",
    "mean",
    "average",
    "space",
    "vm",
    "container",
    "host",
    "system",
    "sys",
    "amount",
    "info",
    "last",
    "memoryinfo",
];

/// A name with one of these is no level of memory.
const NO_MEMORY: &[&str] = &[
    "percent",
    "percentage",
    "pct",
    "perc",
    "ratio",
    "fraction",
    "util",
    "utilization",
    "rate",
    "per",
    "count",
    "num",
    "number",
    "cpu",
    "disk",
    "net",
    "network",
    "read",
    "write",
    "io",
    "rx",
    "tx",
    "sent",
    "recv",
    "received",
    "temp",
    "temperature",
    "delta",
    "diff",
    "change",
    "increment",
    "increase",
    "growth",
    "allocations",
    "allocs",
    "frees",
    "faults",
    "minflt",
    "majflt",
    "latency",
    "duration",
    "threads",
    "fds",
    "load",
    "requests",
    "objects",
    "blocks",
    "score",
    "leak",
    "slope",
    "cached_percent",
    "watts",
    "power",
    "swapin",
    "swapout",
];

const TIME: &[&str] = &[
    "time",
    "timestamp",
    "timestamps",
    "ts",
    "date",
    "datetime",
    "epoch",
    "elapsed",
    "seconds",
    "secs",
    "uptime",
    "clock",
    "t",
    "zeit",
    "datum",
    "when",
    "unixtime",
    "millis",
    "runtime",
];
const BESIDE_TIME: &[&str] = &[
    "s",
    "sec",
    "second",
    "ms",
    "msec",
    "milliseconds",
    "millisecond",
    "us",
    "usec",
    "microseconds",
    "ns",
    "nsec",
    "nanoseconds",
    "min",
    "mins",
    "minutes",
    "minute",
    "h",
    "hr",
    "hrs",
    "hours",
    "hour",
    "days",
    "utc",
    "gmt",
    "local",
    "unix",
    "at",
    "recorded",
    "since",
    "start",
    "and",
    "sample",
    "log",
    "iso",
    "relative",
    "wall",
    "collected",
    "measured",
    "of",
    "day",
    "the",
    "in",
    "stamp",
    "from",
];

/// Returns the meaning of a name.
#[must_use]
pub fn meaning(name: &str) -> Meaning {
    let words = words(name);
    let all: Vec<&str> = words.iter().map(String::as_str).collect();
    match all[..] {
        [] | ["index"] | ["unnamed", ..] | ["nr"] | ["no"] | ["row"] | ["id"] => return Meaning::Index,
        ["start" | "started" | "create" | "created" | "end" | "boot", "time" | "at"] => {
            return Meaning::Other;
        }
        ["pid"] | ["process", "id"] | ["processid"] | ["proc", "id"] => return Meaning::Pid,
        ["process" | "proc", "name"]
        | [
            "process" | "processname" | "name" | "command" | "cmd" | "cmdline" | "comm" | "program"
            | "executable",
        ]
        | ["exe" | "app" | "application" | "service" | "job" | "worker" | "task" | "component" | "prozess"]
        | ["command" | "cmd", "line"]
        | ["app" | "application" | "service" | "worker" | "task" | "program" | "image", "name"] => {
            return Meaning::Name(SubjectKind::Process);
        }
        ["pod"] | ["pod", "name"] | ["podname"] => return Meaning::Name(SubjectKind::Pod),
        ["container"] | ["container", "name"] | ["containername"] => {
            return Meaning::Name(SubjectKind::Container);
        }
        ["host" | "hostname" | "node" | "server" | "machine" | "instance"]
        | ["host" | "node" | "server" | "instance", "name"] => return Meaning::Name(SubjectKind::Host),
        [
            "series" | "metric" | "variable" | "measurement" | "field" | "label" | "legend" | "key" | "item",
        ]
        | ["series" | "metric" | "variable" | "field", "name"] => return Meaning::Series,
        ["value" | "val" | "values"] | ["value", _] => {
            if let Some(unit) = all.last().and_then(|word| unit_of(word)) {
                return memory(Role::Resident, Some(unit), String::new(), "value".to_owned());
            }
            return Meaning::Value;
        }
        _ => {}
    }
    let is_time = all.iter().any(|word| TIME.contains(word))
        && all.iter().all(|word| TIME.contains(word) || BESIDE_TIME.contains(word));
    if is_time {
        return Meaning::Time(seconds_of(&all));
    }
    if name.contains('%') || all.iter().any(|word| NO_MEMORY.contains(word)) {
        return Meaning::NoMemory;
    }
    quantity(&all).unwrap_or(Meaning::Other)
}

const fn memory(role: Role, unit: Option<f64>, owner: String, kind: String) -> Meaning {
    Meaning::Memory(Quantity { role, unit, owner, kind })
}

fn quantity(words: &[&str]) -> Option<Meaning> {
    let role_of = |list: &[(&str, Role)], word: &str| {
        list.iter().find(|(known, _)| *known == word).map(|(_, role)| *role)
    };
    let mut unit = None;
    let (mut nouns, mut weak) = (Vec::new(), Vec::new());
    let (mut owner, mut kind) = (Vec::new(), Vec::new());
    for (place, word) in words.iter().copied().enumerate() {
        let is_last = place + 1 == words.len();
        // `rsskb`: a noun and its unit in one word.
        let (noun, glued) = match units(word).find(|(noun, _)| role_of(MEMORY, noun).is_some()) {
            Some((noun, bytes)) if role_of(MEMORY, word).is_none() => (noun, Some(bytes)),
            _ => (word, None),
        };
        if let Some(role) = role_of(MEMORY, noun) {
            nouns.push(role);
            kind.push(noun);
            unit = glued.or(unit);
        } else if let Some(bytes) = unit_of(word).filter(|_| is_last || word.len() > 1) {
            unit = Some(bytes);
        } else if let Some(role) = role_of(WEAK, word) {
            weak.push(role);
            kind.push(word);
        } else if !FILLERS.contains(&word) {
            owner.push(word);
        }
    }
    if nouns.is_empty() && (weak.is_empty() || unit.is_none()) {
        return None;
    }
    let has = |role: Role| nouns.contains(&role) || weak.contains(&role);
    // `heapTotal` is a part of the process; `mem_total` is the size of the machine.
    let is_total = words.contains(&"total")
        && nouns.iter().all(|role| *role == Role::Resident)
        && !words.contains(&"rss");
    let is_total = is_total && !weak.contains(&Role::Resident) && !nouns.is_empty();
    let order = [Role::Peak, Role::Limit, Role::Free, Role::Other, Role::Swap, Role::Virtual, Role::Part];
    let role = order.into_iter().find(|role| has(*role)).unwrap_or(Role::Resident);
    let role = if is_total && role == Role::Resident { Role::Limit } else { role };
    Some(memory(role, unit, owner.join("-"), kind.join(" ")))
}

/// Returns the bytes of a unit in the name of a column. `kb` and `mb` are powers of 1024, as programs compute them.
fn unit_of(word: &str) -> Option<f64> {
    const KIB: f64 = 1024.0;
    Some(match word {
        "b" | "byte" | "bytes" => 1.0,
        "k" | "kb" | "kib" | "ki" | "kbyte" | "kbytes" | "kilobytes" | "kibibytes" => KIB,
        "m" | "mb" | "mib" | "mi" | "mbyte" | "mbytes" | "megabytes" | "mebibytes" => KIB * KIB,
        "g" | "gb" | "gib" | "gi" | "gbyte" | "gbytes" | "gigabytes" | "gibibytes" => KIB * KIB * KIB,
        _ => return None,
    })
}

/// Returns the ways to part a word into a noun and a unit.
fn units(word: &str) -> impl Iterator<Item = (&str, f64)> {
    (1..word.len()).filter_map(|at| {
        let (noun, unit) = word.split_at_checked(at)?;
        Some((noun, unit_of(unit).filter(|_| unit.len() > 1)?))
    })
}

/// Returns the seconds of one in a column of times, if its name says so.
fn seconds_of(words: &[&str]) -> Option<f64> {
    words.iter().rev().find_map(|word| {
        Some(match *word {
            "ms" | "msec" | "millis" | "milliseconds" | "millisecond" => 1e-3,
            "us" | "usec" | "microseconds" => 1e-6,
            "ns" | "nsec" | "nanoseconds" => 1e-9,
            "min" | "mins" | "minutes" | "minute" => 60.0,
            "h" | "hr" | "hrs" | "hours" | "hour" => 3600.0,
            "days" => 86_400.0,
            "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
            _ => return None,
        })
    })
}

/// Returns the words of a name in small letters: `rss_mb`, `heapUsed`, `Memory (MiB)`, `RSSKb`.
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (place, &letter) in letters.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|before| letters.get(before)).copied();
        let after = letters.get(place + 1).copied();
        let begins = before.is_some_and(|before| {
            letter.is_uppercase()
                && (before.is_lowercase() || before.is_uppercase() && after.is_some_and(char::is_lowercase))
        });
        // `MiB` and `kB` are one word.
        let in_unit = matches!(letter, 'B') && matches!(word.as_str(), "mi" | "ki" | "gi" | "k");
        let starts_unit = after == Some('i') && matches!(letter, 'K' | 'M' | 'G');
        let splits = begins && !in_unit && !(starts_unit && word.is_empty());
        if !letter.is_alphanumeric() || splits {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            if !letter.is_alphanumeric() {
                continue;
            }
        }
        word.extend(letter.to_lowercase());
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{Meaning, Role, meaning};

    #[test]
    fn names_of_memory() {
        const MIB: f64 = 1_048_576.0;
        for (name, role, unit, owner) in [
            ("rss_mb", Role::Resident, Some(MIB), ""),
            ("rss_kb", Role::Resident, Some(1024.0), ""),
            ("rss_bytes", Role::Resident, Some(1.0), ""),
            ("rss", Role::Resident, None, ""),
            ("Memory (MiB)", Role::Resident, Some(MIB), ""),
            ("Memory Usage", Role::Resident, None, ""),
            ("Memory Usage [kB]", Role::Resident, Some(1024.0), ""),
            ("Used Memory (KB)", Role::Resident, Some(1024.0), ""),
            ("Used Swap (KB)", Role::Swap, Some(1024.0), ""),
            ("memUsageMB", Role::Resident, Some(MIB), ""),
            ("heapUsed", Role::Part, None, ""),
            ("heapTotal", Role::Part, None, ""),
            ("RSSKb", Role::Resident, Some(1024.0), ""),
            ("rsskb", Role::Resident, Some(1024.0), ""),
            ("memmb", Role::Resident, Some(MIB), ""),
            ("RSS(M)", Role::Resident, Some(MIB), ""),
            ("VmRSS", Role::Resident, None, ""),
            ("RssAnon", Role::Part, None, ""),
            ("VmHWM", Role::Peak, None, ""),
            ("vms", Role::Virtual, None, ""),
            ("peak_rss_mb", Role::Peak, Some(MIB), ""),
            ("mem_total_mb", Role::Limit, Some(MIB), ""),
            ("available_mb", Role::Free, Some(MIB), ""),
            ("Working Set (MB)", Role::Resident, Some(MIB), ""),
            ("Private Bytes", Role::Part, Some(1.0), ""),
            ("web-1_rss_mb", Role::Resident, Some(MIB), "web-1"),
            ("vram_mb", Role::Other, Some(MIB), ""),
            ("process_resident_memory_bytes", Role::Resident, Some(1.0), ""),
        ] {
            let found = meaning(name);
            let is_right = matches!(&found, Meaning::Memory(found)
                if found.role == role && found.unit == unit && found.owner == owner);
            assert!(is_right, "{name}: {found:?}");
        }
    }

    #[test]
    fn other_names() {
        for name in [
            "cpu_percent",
            "mem_percent",
            "%MEM",
            "memory_delta_mb",
            "gpu_util",
            "disk_read_mb",
            "rss_growth",
        ] {
            assert_eq!(meaning(name), Meaning::NoMemory, "{name}");
        }
        for name in ["api-1", "iteration", "shop-api-1", "start_time", "state"] {
            assert!(matches!(meaning(name), Meaning::Other), "{name}: {:?}", meaning(name));
        }
        for name in [
            "time",
            "Timestamp",
            "ts",
            "Date",
            "epoch",
            "elapsed_s",
            "Elapsed (sec)",
            "@timestamp",
            "Time (s)",
        ] {
            assert!(matches!(meaning(name), Meaning::Time(_)), "{name}");
        }
        assert_eq!(meaning("time_ms"), Meaning::Time(Some(1e-3)));
        assert_eq!((meaning("Process ID"), meaning("Unnamed: 0")), (Meaning::Pid, Meaning::Index));
    }
}
