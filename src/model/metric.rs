//! Quantities that are measured of a subject, each with its unit and its role.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::SubjectKind;

/// A measured quantity of a subject: its name as the recording writes it, its unit, and its role.
///
/// Rules ask for the role, never for the name, so that a new metric needs no entry in any list of theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Metric {
    /// The name as the kernel or the tool writes it.
    pub name: &'static str,
    /// The unit of its values.
    pub unit: MetricUnit,
    /// Its role among the metrics of one subject.
    pub role: Role,
}

/// The unit of a metric's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MetricUnit {
    /// Bytes.
    Bytes,
    /// Things that are counted: threads, objects, open files.
    Count,
}

/// The role of a metric among those of one subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// All resident memory of the subject. Limits are set on it.
    Resident,
    /// A part or a share of the resident memory.
    Part,
    /// The highest value so far. It never falls, so its rise proves little.
    Peak,
    /// Address space. It need not be backed by memory.
    Virtual,
    /// All resident memory, with that which is swapped out: what is kept, wherever it is.
    ResidentAndSwap,
    /// Memory that is swapped out.
    Swap,
    /// A limit of the subject, as it is recorded.
    Limit,
    /// Memory that is free: its fall is the growth of something else.
    Free,
    /// Memory in use of a heap, with the garbage that its collector has not freed yet: it climbs until the collector
    /// looks through the whole heap, and its rise proves nothing.
    WithGarbage,
    /// Page cache, or memory with it: the kernel takes it back when something needs the memory.
    Cache,
    /// A number of things.
    Count,
    /// None of these.
    Other,
}

impl Role {
    /// Whether a metric of this role can be held against a limit and has a future: an address space has no limit, a
    /// peak only ever rises, what is free is not in use, garbage is freed in time, page cache is taken back, and a
    /// count is no memory.
    #[must_use]
    pub const fn has_outlook(self) -> bool {
        !matches!(
            self,
            Self::Peak
                | Self::Virtual
                | Self::Limit
                | Self::Free
                | Self::WithGarbage
                | Self::Cache
                | Self::Count
        )
    }

    /// Whether growth of such a metric is memory that a subject of this kind does not give back. Of a machine, all but
    /// the memory in use and its parts is page cache and the like, which grows until something needs the memory.
    #[must_use]
    pub const fn may_leak(self, of: SubjectKind) -> bool {
        self.has_outlook() && !matches!((of, self), (SubjectKind::Host, Self::Other))
    }
}

impl Metric {
    /// Objects that Python's garbage collector knows.
    pub const GC_OBJECTS: Self = Self { name: "gc objects", unit: MetricUnit::Count, role: Role::Count };
    /// Memory of a process that `tracemalloc` takes up itself; its resident memory is given without it.
    pub const TRACEMALLOC_TABLES: Self = Self::bytes("tracemalloc's tables", Role::Other);
    /// The blocks of a process that `tracemalloc` traces, all together.
    pub const TRACED: Self = Self::bytes("traced", Role::Part);
    /// Resident memory in all: `RssAnon + RssFile + RssShmem`.
    pub const VM_RSS: Self = Self::bytes("VmRSS", Role::Resident);
    /// Resident anonymous memory: heaps and stacks.
    pub const RSS_ANON: Self = Self::bytes("RssAnon", Role::Part);
    /// Resident pages of mapped files.
    pub const RSS_FILE: Self = Self::bytes("RssFile", Role::Part);
    /// Resident shared memory.
    pub const RSS_SHMEM: Self = Self::bytes("RssShmem", Role::Part);
    /// Resident memory as `smaps` and `smaps_rollup` give it.
    pub const RSS: Self = Self::bytes("Rss", Role::Resident);
    /// Proportional set size of `smaps_rollup`: shared pages divided among their users.
    pub const PSS: Self = Self::bytes("Pss", Role::Part);
    /// The anonymous share of it.
    pub const PSS_ANON: Self = Self::bytes("Pss_Anon", Role::Other);
    /// The share of mapped files in it.
    pub const PSS_FILE: Self = Self::bytes("Pss_File", Role::Other);
    /// The shared memory in it.
    pub const PSS_SHMEM: Self = Self::bytes("Pss_Shmem", Role::Other);
    /// Resident pages that were written to and are nobody else's.
    pub const PRIVATE_DIRTY: Self = Self::bytes("Private_Dirty", Role::Part);
    /// Anonymous memory in huge pages.
    pub const ANON_HUGE_PAGES: Self = Self::bytes("AnonHugePages", Role::Part);
    /// Resident pages that the process gave back and the kernel has not taken yet.
    pub const LAZY_FREE: Self = Self::bytes("LazyFree", Role::Other);
    /// The share of memory swapped out.
    pub const SWAP_PSS: Self = Self::bytes("SwapPss", Role::Swap);
    /// Anonymous memory swapped out.
    pub const VM_SWAP: Self = Self::bytes("VmSwap", Role::Swap);
    /// Huge pages, which are no part of the resident memory.
    pub const HUGETLB_PAGES: Self = Self::bytes("HugetlbPages", Role::Other);
    /// Threads.
    pub const THREADS: Self = Self::count("Threads");
    /// Slots for open files.
    pub const FD_SIZE: Self = Self::count("FDSize");
    /// Address space.
    pub const VM_SIZE: Self = Self::bytes("VmSize", Role::Virtual);
    /// The highest resident size so far.
    pub const VM_HWM: Self = Self::bytes("VmHWM", Role::Peak);

    /// Names of the memory of a control group, with page cache.
    pub const OF_GROUP: [&str; 2] = ["memory.current", "memory.usage_in_bytes"];
    /// Names of the shared memory of a control group, which counts as page cache and cannot be taken back.
    pub const SHARED_OF_GROUP: [&str; 2] = ["shmem", "total_shmem"];
    /// The kernel's counters of a process, in the order in which they are shown.
    pub const KERNEL: [Self; 9] = [
        Self::VM_RSS,
        Self::RSS_ANON,
        Self::RSS_FILE,
        Self::RSS_SHMEM,
        Self::RSS,
        Self::PSS,
        Self::VM_SWAP,
        Self::VM_SIZE,
        Self::VM_HWM,
    ];

    /// Returns a metric of bytes.
    #[must_use]
    pub const fn bytes(name: &'static str, role: Role) -> Self {
        Self { name, unit: MetricUnit::Bytes, role }
    }

    /// Returns a metric of bytes with a name that only the recording has: that of a column, or of a label.
    #[must_use]
    pub fn of_recording(name: &str, role: Role) -> Self {
        Self::bytes(kept(name), role)
    }

    /// Returns a metric of things that are counted.
    #[must_use]
    pub const fn count(name: &'static str) -> Self {
        Self { name, unit: MetricUnit::Count, role: Role::Count }
    }

    /// Returns the name, for tables of names.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Returns the rank of the metric as a stand-in for the resident memory of its subject: the whole first, then its
    /// parts in the kernel's order; `None` for metrics that are no resident memory.
    #[must_use]
    pub fn resident_rank(self) -> Option<(Role, usize)> {
        let place = Self::KERNEL.iter().position(|known| *known == self).unwrap_or(Self::KERNEL.len());
        matches!(self.role, Role::Resident | Role::Part).then_some((self.role, place))
    }
}

/// Names of metrics that are kept, and characters of each. A recording of more has no use for their names.
const MOST_NAMES: usize = 4096;
const LONGEST_NAME: usize = 200;

/// Returns a name that lasts as long as the program. Each is kept once.
fn kept(name: &str) -> &'static str {
    static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let name: String = name.chars().take(LONGEST_NAME).collect();
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(name.as_str()) {
        return known;
    }
    if names.len() >= MOST_NAMES {
        return "memory";
    }
    let name: &'static str = Box::leak(name.into_boxed_str());
    names.insert(name);
    name
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
