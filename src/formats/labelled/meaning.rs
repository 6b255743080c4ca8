//! The meaning of the words beside a number: memory that a program has, or something else.

use super::super::columns::names::{Level, level};
use super::super::columns::words::{NO_MEMORY, words};
use crate::model::Role;

/// The runtimes whose own names of quantities are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runtime {
    /// `process.memoryUsage()`.
    Node,
    /// `runtime.MemStats`.
    Go,
    /// `psutil`: `memory_info()` and `memory_full_info()`.
    Psutil,
    /// `getrusage`.
    Rusage,
    /// `:erlang.memory()`.
    Beam,
}

/// The meaning of a label.
#[derive(Debug, Clone, PartialEq)]
pub struct Meaning {
    /// Its role.
    pub role: Role,
    /// The bytes of one, if the label says so.
    pub unit: Option<f64>,
    /// The words that are memory.
    pub kind: String,
    /// The trust that its words deserve.
    pub certainty: Certainty,
    /// Whether it is a whole: of the machine where it stays the same, else of the process.
    pub is_total: bool,
    /// The runtime that has this very name for it.
    pub runtime: Option<Runtime>,
}

/// The trust in the words of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// They speak of memory.
    Memory,
    /// They do where the line does otherwise, or the runtime is known: `used`, `allocated`, `Sys`.
    InContext,
}

/// Names of runtimes: the name, its runtime, its role, and whether it alone tells the runtime.
const NAMES: &[(&str, Runtime, Role, bool)] = &[
    ("rss", Runtime::Node, Role::Resident, false),
    ("heapTotal", Runtime::Node, Role::Part, true),
    ("heapUsed", Runtime::Node, Role::Part, true),
    ("external", Runtime::Node, Role::Part, false),
    ("arrayBuffers", Runtime::Node, Role::Part, false),
    ("Alloc", Runtime::Go, Role::Part, false),
    ("alloc", Runtime::Go, Role::Part, false),
    ("Sys", Runtime::Go, Role::Resident, false),
    ("sys", Runtime::Go, Role::Resident, false),
    ("HeapAlloc", Runtime::Go, Role::Part, true),
    ("HeapSys", Runtime::Go, Role::Part, true),
    ("HeapInuse", Runtime::Go, Role::Part, true),
    ("HeapIdle", Runtime::Go, Role::Free, true),
    ("HeapReleased", Runtime::Go, Role::Free, true),
    ("StackInuse", Runtime::Go, Role::Part, true),
    ("StackSys", Runtime::Go, Role::Part, true),
    ("vms", Runtime::Psutil, Role::Virtual, false),
    ("uss", Runtime::Psutil, Role::Part, false),
    ("pss", Runtime::Psutil, Role::Part, false),
    ("ru_maxrss", Runtime::Rusage, Role::Peak, true),
    ("processes", Runtime::Beam, Role::Part, false),
    ("binary", Runtime::Beam, Role::Part, false),
    ("ets", Runtime::Beam, Role::Part, false),
];

/// Names that tell a runtime and are no level: counters that only ever rise, and counts.
const OTHER_NAMES: &[(&str, Runtime)] = &[
    ("TotalAlloc", Runtime::Go),
    ("NumGC", Runtime::Go),
    ("Mallocs", Runtime::Go),
    ("Frees", Runtime::Go),
    ("HeapObjects", Runtime::Go),
];

/// A label with one of these is no level of memory: a bound, a difference, what is gone, a rate.
const NO_LEVEL: &[&str] = &[
    "threshold",
    "budget",
    "watermark",
    "allowed",
    "required",
    "needed",
    "requested",
    "request",
    "configured",
    "installed",
    "physical",
    "delta",
    "diff",
    "difference",
    "change",
    "changed",
    "growth",
    "grew",
    "grown",
    "increase",
    "increased",
    "increment",
    "decrease",
    "decreased",
    "leak",
    "leaked",
    "leaks",
    "leaking",
    "freed",
    "saved",
    "released",
    "reclaimed",
    "collected",
    "rate",
    "ratio",
    "percent",
    "percentage",
    "pct",
    "per",
    "slope",
    "score",
    "seconds",
    "duration",
    "latency",
    "time",
    "ms",
    "totalalloc",
    "mallocs",
    "frees",
    "trie",
    "limits",
    "min",
    "minimum",
    "estimate",
    "estimated",
    "expected",
    "target",
    "step",
    "batch",
    "epoch",
    "lr",
    "loss",
    "temperature",
    "errors",
    "error",
    "id",
    "pid",
    "version",
    "address",
    "addr",
    "offset",
    "pages",
    "page",
    "faults",
    "blocks",
    "objects",
    "threads",
    "goroutines",
    "compactions",
    "trend",
    "count",
    "counts",
    "number",
    "num",
    "cpu",
    "disk",
    "bandwidth",
    "fragmentation",
    "dump",
    "dumped",
    "bus",
    "speed",
    "clock",
    "zuwachs",
];

/// Words that are no hindrance before a noun: `Read CSV RSS`, `After load: Memory`.
const DEEDS: &[&str] = &[
    "read", "write", "load", "sent", "recv", "received", "net", "network", "io", "requests", "rx", "tx",
    "batch", "step", "epoch", "request", "objects", "threads", "disk", "cpu", "error", "id", "pid", "per",
    "number", "count", "page", "pages", "time", "errors", "leak",
];

/// Words beside `physical` that say that it is memory taken, as `vmmap` of macOS has it: `Physical footprint`.
const OF_PROCESS: &[&str] = &["process", "used", "usage", "use", "current", "footprint"];

/// Words after a noun, after which it is said when it was so large.
const WHEN: &[&str] = &["after", "before", "at", "when", "nach", "vor", "bei"];

/// Words of which a label that has no noun of memory speaks of something else.
const NO_NOUN_BESIDE: &[&str] = &["cache", "cached", "buffer", "buffers", "buff", "file", "files", "stack"];

/// Longest label in characters.
const LONGEST: usize = 100;

/// Names of calls whose numbers are bytes.
const BYTES_BY_API: &[&str] = &[
    "memory_allocated",
    "memory_reserved",
    "memory_get_usage",
    "GetTotalMemory",
    "WorkingSet64",
    "MemorySize64",
];

/// Whether a label has the name of a call that returns bytes.
pub fn is_of_bytes_api(label: &str) -> bool {
    BYTES_BY_API.iter().any(|name| label.contains(name))
}

/// Whether a name is the known one of a runtime, as it is or in another notation: `heap_used`, `heapInUse`. A short one
/// has but one notation.
fn is_named(name: &str, known: &str, tells: bool) -> bool {
    name == known || tells && name.len() >= known.len() && letters(name).eq(letters(known))
}

/// Returns the letters of a name, without their case.
fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase())
}

/// Whether a label is a runtime's own name of a quantity.
pub fn is_name(label: &str) -> bool {
    NAMES.iter().any(|(known, ..)| *known == label)
}

/// Returns the runtime that a name tells, whether it is a level or not.
pub fn runtime_of_name(name: &str) -> Option<Runtime> {
    let levels = NAMES.iter().filter(|(.., tells)| *tells).map(|(known, runtime, ..)| (*known, *runtime));
    levels
        .chain(OTHER_NAMES.iter().copied())
        .find(|(known, _)| is_named(name, known, true))
        .map(|(_, runtime)| runtime)
}

/// Returns the meaning of a label; `None` if it speaks of no level of memory.
pub fn meaning(label: &str) -> Option<Meaning> {
    if label.len() > LONGEST || label.contains(['/', '\\', '%']) || label.contains(".py") {
        return None;
    }
    let last = label.rsplit(|c: char| !c.is_alphanumeric() && c != '_').find(|word| !word.is_empty())?;
    if OTHER_NAMES.iter().any(|(known, _)| *known == last) {
        return None;
    }
    let words = words(label);
    let all: Vec<&str> = words.iter().map(String::as_str).collect();
    // AWS Lambda tells the highest so far of a process that serves one request after another.
    if label.trim() == MOST_OF_LAMBDA {
        let (kind, certainty) = ("memory".to_owned(), Certainty::Memory);
        return Some(Meaning {
            role: Role::Peak,
            unit: None,
            kind,
            certainty,
            is_total: false,
            runtime: None,
        });
    }
    // `memory_model.bin` is the name of a file: its last part is no memory.
    let file = label.trim().rsplit_once(' ').map_or(label, |(_, word)| word).rsplit_once('.');
    if file.is_some_and(|(_, part)| level(&[part]).is_none() && is_suffix(part)) {
        return None;
    }
    let named =
        NAMES.iter().find(|(known, _, _, tells)| is_named(last, known, *tells) && label.trim() == last);
    if let Some((name, runtime, role, _)) = named {
        let certainty = if level(&all).is_some_and(|level| level.has_noun) || *runtime == Runtime::Rusage {
            Certainty::Memory
        } else {
            Certainty::InContext
        };
        return Some(Meaning {
            role: *role,
            unit: None,
            kind: (*name).to_owned(),
            certainty,
            is_total: false,
            runtime: Some(*runtime),
        });
    }
    // What was allocated in all only ever rises.
    if all.windows(2).any(|pair| pair == ["total", "alloc"]) {
        return None;
    }
    let Level { quantity, has_noun, is_total } = level(&all)?;
    // A cache of what, and a file of what, a line about memory does not say.
    if !has_noun && all.iter().any(|word| NO_NOUN_BESIDE.contains(word)) {
        return None;
    }
    let noun = all.iter().rposition(|word| quantity.kind.split(' ').any(|kind| word.contains(kind)))?;
    // `RSS after 20 requests`, `Memory at step 3`: the rest says when.
    let when = |(place, word): (usize, &&str)| place > noun && WHEN.contains(word);
    let end = all.iter().enumerate().position(when).unwrap_or(all.len());
    let no_level = all[..end].iter().enumerate().any(|(place, word)| {
        let is_known = NO_LEVEL.contains(word) || NO_MEMORY.contains(word);
        // `Memory usage of ProcessTree 12 for container-id c_1`.
        let is_known = is_known && !(matches!(*word, "id" | "pid") && place > noun && place + 1 < all.len());
        // That of a process, not that of a machine.
        let is_of_process = *word == "physical" && all.iter().any(|word| OF_PROCESS.contains(word));
        is_known && !is_of_process && !(has_noun && place < noun && DEEDS.contains(word))
    });
    // A peak and a limit are no course of anything, and the highest value so far proves little.
    if no_level || matches!(quantity.role, Role::Peak) || quantity.role == Role::Limit && !is_total {
        return None;
    }
    // `GC Total Memory` is that of the heap.
    let is_heap = is_total && all.iter().any(|word| matches!(*word, "gc" | "managed" | "heap"));
    Some(Meaning {
        role: if is_heap { Role::Part } else { quantity.role },
        unit: quantity.unit,
        kind: quantity.kind,
        certainty: if has_noun { Certainty::Memory } else { Certainty::InContext },
        is_total: is_total && !is_heap,
        runtime: None,
    })
}

/// The name that AWS Lambda has for it.
pub const MOST_OF_LAMBDA: &str = "Max Memory Used";

/// Whether the last part of a name with dots is the suffix of a file.
fn is_suffix(part: &str) -> bool {
    (2..=5).contains(&part.len())
        && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// Returns the meaning of a name of a list whose other words speak of memory: `GO total` of `GO alloc/idle/total`.
pub fn meaning_in_list(name: &str, list: &str) -> Option<Meaning> {
    let names_level = !words(name).iter().any(|word| NO_LEVEL.contains(&word.as_str()));
    let of_others = list.split('/').find_map(meaning).filter(|_| names_level && list != name)?;
    Some(Meaning { is_total: false, runtime: None, ..of_others })
}

#[cfg(test)]
mod tests {
    use super::{Certainty, meaning};
    use crate::model::Role;

    #[test]
    fn labels_of_memory() {
        use Certainty::{InContext, Memory};
        for (label, role, certainty) in [
            ("rss", Role::Resident, Memory),
            ("Worker RSS", Role::Resident, Memory),
            ("Read CSV RSS", Role::Resident, Memory),
            ("Memory usage after # prediction(s)", Role::Resident, Memory),
            ("Memory ar the beginning of the task", Role::Resident, Memory),
            ("Current memory usage is", Role::Resident, Memory),
            ("Process running mem", Role::Resident, Memory),
            ("sample#memory_swap", Role::Swap, Memory),
            ("heapUsed", Role::Part, Memory),
            ("usedJSHeapSize", Role::Part, Memory),
            ("HeapAlloc", Role::Part, Memory),
            ("GC Total Memory", Role::Part, Memory),
            ("nvidia-smi GPU-# memory (MB)", Role::Other, Memory),
            ("torch.cuda.memory_allocated(#)", Role::Other, Memory),
            ("Memory available", Role::Free, Memory),
            ("memory free", Role::Free, Memory),
            ("RSS after # requests", Role::Resident, Memory),
            ("Memory at step #", Role::Resident, Memory),
            ("WorkingSet", Role::Resident, Memory),
            ("Speicherverbrauch", Role::Resident, Memory),
            ("mémoire utilisée", Role::Resident, Memory),
            ("当前内存占用", Role::Resident, Memory),
            ("可用内存", Role::Free, Memory),
            ("heap_used", Role::Part, Memory),
            ("Max Memory Used", Role::Peak, Memory),
            ("virtual", Role::Virtual, Memory),
            ("ru_maxrss", Role::Peak, Memory),
            ("Sys", Role::Resident, InContext),
            ("leak memory usage", Role::Resident, Memory),
            ("binary", Role::Part, InContext),
            ("external", Role::Part, InContext),
            ("alloc cur", Role::Part, InContext),
            ("reserved", Role::Part, InContext),
        ] {
            let found = meaning(label).map(|found| (found.role, found.certainty));
            assert_eq!(found, Some((role, certainty)), "{label}");
        }
    }

    #[test]
    fn labels_of_something_else() {
        for label in [
            "Pending",
            "Worker memory limit",
            "memory_quota",
            "jsHeapSizeLimit",
            "Memory Growth",
            "Growth",
            "Peak was",
            "Peak Working Set",
            "max allocated",
            "TotalAlloc",
            "HeapObjects",
            "memory leaked",
            "freed memory",
            "memory threshold",
            "memory percent",
            "memory limit",
            "memory bandwidth",
            "Heap dump file created",
            "Downloaded memory_model_#.bin",
            "内存峰值",
            "a/memory.py",
        ] {
            assert_eq!(meaning(label), None, "{label}");
        }
    }
}
