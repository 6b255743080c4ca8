//! The meaning of a column by its name: `rss_mb`, `Memory (MiB)`, `heapUsed`, `Process ID`, `timestamp`.

use super::super::other_things::is_other_thing;
use super::known_words::{KnownWord, known_word};
use super::words::{IN_OTHER_SCRIPTS, WEAK_IN_OTHER_SCRIPTS, seconds_of, unit_of, units, words};
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
    /// The name of a run or of its phase: a subject where it comes again.
    Run,
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

impl Quantity {
    /// Whether it is resident memory by the word that all tools have for it.
    #[must_use]
    pub fn is_rss(&self) -> bool {
        self.kind == "rss"
    }
}
/// Names of which the unit is known to be bytes: properties of processes of Windows, `runtime.MemStats` of Go.
/// `TotalAlloc` and `Mallocs` of Go only ever rise, and are no memory.
const IN_BYTES: [(&str, Role); 10] = [
    ("WorkingSetSize", Role::Resident),
    ("WorkingSet64", Role::Resident),
    ("PrivatePageCount", Role::Part),
    ("HeapAlloc", Role::Part),
    ("HeapInuse", Role::Part),
    ("HeapSys", Role::Part),
    ("HeapIdle", Role::Free),
    ("HeapReleased", Role::Free),
    ("StackInuse", Role::Part),
    ("StackSys", Role::Part),
];

/// Returns the meaning of a name whose numbers have units of memory: `external` of `2.6 MB`.
#[must_use]
pub fn meaning_beside_unit(name: &str) -> Meaning {
    match meaning(name) {
        // A subject has a column of sizes: `worker` is no name there.
        Meaning::Other | Meaning::Name(_) => {
            let words = words(name);
            let all: Vec<&str> = words.iter().map(String::as_str).collect();
            level(&all).map_or(Meaning::Other, |level| Meaning::Memory(level.quantity))
        }
        known => known,
    }
}

/// Returns the memory of a subject that has a column of its own, with a unit after its name: `api (MiB)`, `api_mb`.
/// What names another thing than a subject, as `disk_mb` does, is none.
#[must_use]
pub fn memory_of_subject(name: &str) -> Option<Quantity> {
    let words = words(name);
    let (last, before) = words.split_last()?;
    let unit = unit_of(last).filter(|_| last.len() > 1)?;
    let is_mark = |c: char| !c.is_alphanumeric();
    let trimmed = name.trim_end_matches(is_mark);
    let subject = trimmed.get(..trimmed.len().checked_sub(last.len())?)?.trim_end_matches(is_mark);
    let is_subject = !before.is_empty() && !before.iter().any(|word| is_other_thing(word));
    is_subject.then(|| Quantity {
        role: Role::Resident,
        unit: Some(unit),
        owner: subject.to_owned(),
        kind: String::new(),
    })
}

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
        ["pid"] | ["stat", "pid"] | ["process", "id"] | ["processid"] | ["proc", "id"] => {
            return Meaning::Pid;
        }
        // Each row of `sacct` is another job, and each row of a comparison another program.
        ["job", "id"]
        | ["jobid"]
        | ["input", "size"]
        | [
            "library" | "package" | "framework" | "language" | "implementation" | "browser" | "tool"
            | "compiler" | "database" | "backend" | "model" | "dataset" | "input",
        ] => return Meaning::Name(SubjectKind::Process),
        ["process" | "proc", "name"]
        | [
            "process" | "processname" | "name" | "command" | "cmd" | "cmdline" | "comm" | "program"
            | "executable",
        ]
        | ["exe" | "app" | "application" | "service" | "job" | "worker" | "task" | "component" | "prozess"]
        | ["command" | "cmd", "line"]
        | ["app" | "application" | "service" | "worker" | "task" | "program" | "image", "name"]
        | ["worker" | "task" | "shard" | "replica" | "device", "id"]
        | ["local", "rank"]
        | [
            "proc" | "unit" | "thread" | "tid" | "queue" | "shard" | "replica" | "rank" | "slot" | "dyno"
            | "tenant" | "device",
        ] => {
            return Meaning::Name(SubjectKind::Process);
        }
        ["pod"] | ["pod", "name"] | ["podname"] => return Meaning::Name(SubjectKind::Pod),
        ["container"] | ["container", "name" | "id"] | ["containername" | "containerid"] => {
            return Meaning::Name(SubjectKind::Container);
        }
        ["host" | "hostname" | "node" | "server" | "machine" | "instance" | "vm" | "cluster"]
        | ["host" | "node" | "server" | "instance", "name"] => return Meaning::Name(SubjectKind::Host),
        [
            "series" | "metric" | "variable" | "measurement" | "field" | "label" | "legend" | "key" | "item",
        ]
        | ["series" | "metric" | "variable" | "field" | "counter", "name"] => return Meaning::Series,
        ["phase" | "run" | "scenario" | "variant" | "experiment" | "config"] => return Meaning::Run,
        // dotnet-counters.
        ["mean", "increment"] => return Meaning::Value,
        ["value" | "val" | "values"] | ["value", _] => {
            if let Some(unit) = all.last().and_then(|word| unit_of(word)) {
                return memory(Role::Resident, Some(unit), String::new(), "value".to_owned());
            }
            return Meaning::Value;
        }
        _ => {}
    }
    if let Some((_, role)) = IN_BYTES.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)) {
        return memory(*role, Some(1.0), String::new(), all.join(" "));
    }
    let known: Vec<KnownWord> = all.iter().map(|word| known_word(word)).collect();
    let is_time =
        known.iter().any(|word| word.is_time) && known.iter().all(|word| word.is_time || word.is_beside_time);
    if is_time {
        return Meaning::Time(seconds_of(&all));
    }
    if name.contains('%') || known.iter().any(|word| word.is_no_memory) {
        return Meaning::NoMemory;
    }
    let level = level(&all).filter(|level| level.has_noun || level.quantity.unit.is_some());
    level.map_or_else(|| name_within(name), |level| Meaning::Memory(level.quantity))
}

/// Returns the meaning of the last part of a name of an object within another, if that names the subject:
/// `kubernetes.pod_name`.
fn name_within(name: &str) -> Meaning {
    match name.rsplit_once('.').map(|(_, last)| meaning(last)) {
        Some(named @ (Meaning::Name(_) | Meaning::Pid)) => named,
        _ => Meaning::Other,
    }
}

const fn memory(role: Role, unit: Option<f64>, owner: String, kind: String) -> Meaning {
    Meaning::Memory(Quantity { role, unit, owner, kind })
}

/// Memory that words may speak of.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// Its quantity.
    pub quantity: Quantity,
    /// Whether one of the words is memory whatever stands beside it, and not only where a unit does.
    pub has_noun: bool,
    /// Whether it is a whole, such as that of a machine: its role is that of a limit for no other reason.
    pub is_total: bool,
}

/// Returns the memory that words speak of, if one of them may be memory.
#[must_use]
pub fn level(words: &[&str]) -> Option<Level> {
    let mut unit = None;
    let (mut nouns, mut weak) = (Vec::new(), Vec::new());
    let (mut owner, mut kind) = (Vec::new(), Vec::new());
    for (place, word) in words.iter().copied().enumerate() {
        let is_last = place + 1 == words.len();
        let known = known_word(word);
        // `rsskb`: a noun and its unit in one word.
        let (noun, role, glued) = match known.memory {
            Some(role) => (word, Some(role), None),
            None => units(word)
                .find_map(|(noun, bytes)| Some((noun, Some(known_word(noun).memory?), Some(bytes))))
                .unwrap_or((word, None, None)),
        };
        let in_word = |list: &[(&'static str, Role)]| {
            list.iter().copied().find(|(part, _)| !word.is_ascii() && word.contains(part))
        };
        if let Some((noun, role)) = in_word(IN_OTHER_SCRIPTS) {
            nouns.push(role);
            kind.push(noun);
            weak.extend(in_word(WEAK_IN_OTHER_SCRIPTS).map(|(_, role)| role));
        } else if word == "working" && words.get(place + 1).is_some_and(|next| next.starts_with("set")) {
            nouns.push(Role::Resident);
            kind.push("working");
        } else if let Some(role) = role {
            nouns.push(role);
            kind.push(noun);
            unit = glued.or(unit);
        } else if let Some(bytes) = unit_of(word).filter(|_| is_last || word.len() > 1) {
            unit = Some(bytes);
        } else if let Some(role) = known.weak {
            weak.push(role);
            kind.push(word);
        } else if !known.is_filler {
            owner.push(word);
        }
    }
    if nouns.is_empty() && weak.is_empty() {
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
    let is_total = is_total && role == Role::Resident;
    let role = if is_total { Role::Limit } else { role };
    let quantity = Quantity { role, unit, owner: owner.join("-"), kind: kind.join(" ") };
    Some(Level { quantity, has_noun: !nouns.is_empty(), is_total })
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
            ("HeapAlloc", Role::Part, Some(1.0), ""),
            ("HeapReleased", Role::Free, Some(1.0), ""),
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
        for name in ["JobID", "Library", "Input size"] {
            assert!(matches!(meaning(name), Meaning::Name(_)), "{name}");
        }
        for name in ["TotalAlloc", "Mallocs", "api-1", "iteration", "shop-api-1", "start_time", "state"] {
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
