//! The words of the names of columns.

use crate::model::Role;

/// Nouns that are memory, whatever stands beside them.
pub const MEMORY: &[(&str, Role)] = &[
    ("rss", Role::Resident),
    ("rsz", Role::Resident),
    ("rssize", Role::Resident),
    ("vmrss", Role::Resident),
    ("resident", Role::Resident),
    ("ram", Role::Resident),
    ("mem", Role::Resident),
    ("memory", Role::Resident),
    ("speicher", Role::Resident),
    ("arbeitsspeicher", Role::Resident),
    ("hauptspeicher", Role::Resident),
    ("speicherverbrauch", Role::Resident),
    ("speichernutzung", Role::Resident),
    ("speicherbelegung", Role::Resident),
    ("speicherbedarf", Role::Resident),
    ("mémoire", Role::Resident),
    ("memoire", Role::Resident),
    ("memoria", Role::Resident),
    ("memória", Role::Resident),
    ("geheugen", Role::Resident),
    ("память", Role::Resident),
    ("памяти", Role::Resident),
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
pub const WEAK: &[(&str, Role)] = &[
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
    ("reserved", Role::Part),
    ("file", Role::Part),
    ("inactive", Role::Part),
    ("active", Role::Part),
    ("free", Role::Free),
    ("frei", Role::Free),
    ("freier", Role::Free),
    ("libre", Role::Free),
    ("livre", Role::Free),
    ("disponible", Role::Free),
    ("свободно", Role::Free),
    ("свободной", Role::Free),
    ("left", Role::Free),
    ("remaining", Role::Free),
    ("available", Role::Free),
    ("avail", Role::Free),
    ("limit", Role::Limit),
    ("quota", Role::Limit),
    ("capacity", Role::Limit),
    ("peak", Role::Peak),
    ("max", Role::Peak),
    ("maximum", Role::Peak),
    ("highwater", Role::Peak),
    ("maximaler", Role::Peak),
    ("pic", Role::Peak),
    ("pico", Role::Peak),
    ("gpu", Role::Other),
    ("cuda", Role::Other),
];

/// Memory in scripts that do not part their words, and what stands beside it in the same word.
pub const IN_OTHER_SCRIPTS: &[(&str, Role)] = &[
    ("内存", Role::Resident),
    ("記憶體", Role::Resident),
    ("メモリ", Role::Resident),
    ("메모리", Role::Resident),
];

/// Parts of such words that say which memory it is.
pub const WEAK_IN_OTHER_SCRIPTS: &[(&str, Role)] = &[
    ("可用", Role::Free),
    ("空闲", Role::Free),
    ("剩余", Role::Free),
    ("峰值", Role::Peak),
    ("最大", Role::Peak),
    ("限制", Role::Limit),
    ("上限", Role::Limit),
    ("堆内", Role::Part),
    ("显存", Role::Other),
];

/// Words between those, of no meaning for the role.
pub const FILLERS: &[&str] = &[
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
    "utilisée",
    "de",
    "uso",
];

/// A name with one of these is no level of memory.
pub const NO_MEMORY: &[&str] = &[
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

/// Words of a time.
pub const TIME: &[&str] = &[
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
    "uhrzeit",
    "hora",
    "heure",
    "fecha",
    "datum",
    "when",
    "unixtime",
    "millis",
    "runtime",
];
/// Words beside those.
pub const BESIDE_TIME: &[&str] = &[
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

/// Returns the bytes of a unit in the name of a column. `kb` and `mb` are powers of 1024, as programs compute them.
pub fn unit_of(word: &str) -> Option<f64> {
    const KIB: f64 = 1024.0;
    Some(match word {
        "b" | "byte" | "bytes" | "байт" => 1.0,
        "k" | "kb" | "kib" | "ki" | "kbyte" | "kbytes" | "kilobyte" | "kilobytes" | "kibibytes" | "кб" => {
            KIB
        }
        "m" | "mb" | "mib" | "mi" | "mbyte" | "mbytes" | "megabyte" | "megabytes" | "mebibytes" | "мб" => {
            KIB * KIB
        }
        "g" | "gb" | "gib" | "gi" | "gbyte" | "gbytes" | "gigabyte" | "gigabytes" | "gibibytes" | "гб" => {
            KIB * KIB * KIB
        }
        _ => return None,
    })
}

/// Returns the ways to part a word into a noun and a unit.
pub fn units(word: &str) -> impl Iterator<Item = (&str, f64)> {
    (1..word.len()).filter_map(|at| {
        let (noun, unit) = word.split_at_checked(at)?;
        Some((noun, unit_of(unit).filter(|_| unit.len() > 1)?))
    })
}

/// Returns the seconds of one in a column of times, if its name says so.
pub fn seconds_of(words: &[&str]) -> Option<f64> {
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
pub fn words(name: &str) -> Vec<String> {
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
