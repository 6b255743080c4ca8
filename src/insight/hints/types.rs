//! The vocabulary of hints.

use serde::{Deserialize, Serialize};

use crate::model::MetricUnit;

/// A next step that the data suggest. The names are stable: scripts and links know them. docs/next-steps.md has a
/// section for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum HintId {
    /// Memory moves to swap while the resident memory does not grow.
    Swap,
    /// Threads are started and do not end.
    Threads,
    /// The C library makes an arena for each thread.
    Arenas,
    /// Page cache grows, and the memory of the programs does not.
    PageCache,
    /// The kernel's own memory grows on behalf of the group.
    KernelMemory,
    /// Shared memory grows.
    SharedMemory,
    /// Resident pages of mapped files grow.
    MappedFiles,
    /// Pages that are shared with other processes are counted for each of them.
    SharedPages,
    /// Memory that the program gave back is still counted.
    LazyFree,
    /// The kernel backs memory with huge pages.
    HugePages,
    /// The allocator keeps memory that the program has freed.
    Retained,
    /// Memory outside of a collected heap grows.
    OutsideManagedHeap,
    /// Memory grows that no traced allocation explains.
    Native,
    /// One of several replicas grows.
    Outlier,
    /// Files or sockets are opened and not closed.
    OpenFiles,
    /// Garbage waits for its collector.
    Garbage,
    /// Growth was even and ended at once, as it does when the work ends.
    LoadEnded,
    /// The profiler itself takes up memory.
    ProfilerOverhead,
    /// Entries of a cache of `functools` grow in number.
    LruCache,
    /// Loggers or handlers are made for each object or call.
    Loggers,
    /// Tasks or futures of `asyncio` are kept.
    AsyncioTasks,
    /// Contexts of TLS are made for each connection.
    TlsContexts,
    /// A client or session is made for each call.
    Clients,
    /// Labels of metrics take ever new values.
    MetricLabels,
    /// Finalizers hold objects.
    Finalizers,
    /// Context managers are entered and not left.
    ContextManagers,
    /// Locks, conditions and threads of Python are kept.
    ThreadObjects,
    /// Receivers of signals are connected and not disconnected.
    SignalReceivers,
    /// Templates are compiled again and again.
    Templates,
    /// Figures are not closed.
    Figures,
    /// Mocks record their calls.
    Mocks,
    /// The lines that allocate are those of libraries; their callers were not recorded.
    MoreFrames,
}

impl HintId {
    /// All hints, the most telling first.
    pub const ALL: [Self; 32] = [
        Self::Swap,
        Self::Threads,
        Self::Arenas,
        Self::PageCache,
        Self::KernelMemory,
        Self::SharedMemory,
        Self::MappedFiles,
        Self::SharedPages,
        Self::LazyFree,
        Self::HugePages,
        Self::Retained,
        Self::OutsideManagedHeap,
        Self::Native,
        Self::Outlier,
        Self::OpenFiles,
        Self::Garbage,
        Self::LoadEnded,
        Self::ProfilerOverhead,
        Self::LruCache,
        Self::Loggers,
        Self::AsyncioTasks,
        Self::TlsContexts,
        Self::Clients,
        Self::MetricLabels,
        Self::Finalizers,
        Self::ContextManagers,
        Self::ThreadObjects,
        Self::SignalReceivers,
        Self::Templates,
        Self::Figures,
        Self::Mocks,
        Self::MoreFrames,
    ];

    /// Returns the stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Swap => "swap",
            Self::Threads => "threads",
            Self::Arenas => "arenas",
            Self::PageCache => "page-cache",
            Self::KernelMemory => "kernel-memory",
            Self::SharedMemory => "shared-memory",
            Self::MappedFiles => "mapped-files",
            Self::SharedPages => "shared-pages",
            Self::LazyFree => "lazy-free",
            Self::HugePages => "huge-pages",
            Self::Retained => "retained",
            Self::OutsideManagedHeap => "outside-managed-heap",
            Self::Native => "native",
            Self::Outlier => "outlier",
            Self::OpenFiles => "open-files",
            Self::Garbage => "garbage",
            Self::LoadEnded => "load-ended",
            Self::ProfilerOverhead => "profiler-overhead",
            Self::LruCache => "lru-cache",
            Self::Loggers => "loggers",
            Self::AsyncioTasks => "asyncio-tasks",
            Self::TlsContexts => "tls-contexts",
            Self::Clients => "clients",
            Self::MetricLabels => "metric-labels",
            Self::Finalizers => "finalizers",
            Self::ContextManagers => "context-managers",
            Self::ThreadObjects => "thread-objects",
            Self::SignalReceivers => "signal-receivers",
            Self::Templates => "templates",
            Self::Figures => "figures",
            Self::Mocks => "mocks",
            Self::MoreFrames => "more-frames",
        }
    }
}

/// The part of the recording that speaks for a hint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum HintEvidence {
    /// One metric changes, beside another.
    Metrics {
        /// The metric that the hint is about.
        moving: MetricChange,
        /// The one that it is held against.
        beside: Option<MetricChange>,
    },
    /// A metric rises in steps of one size.
    Steps {
        /// The metric.
        metric: String,
        /// Steps of the size, a step of twice the size being one.
        steps: u64,
        /// Steps that are about as large or larger, of any size.
        of: u64,
        /// The size in bytes.
        step_bytes: f64,
        /// The metric that grows meanwhile.
        beside: MetricChange,
        /// Number of threads at the end, where it is recorded.
        threads: Option<f64>,
    },
    /// Sites explain little of the growth of their process.
    Share {
        /// The highest share that they may explain, of 1.
        explained_at_most: f64,
        /// Growth of the process in bytes per second.
        process_bytes_per_second: f64,
    },
    /// Sites gained little in their recording, and their process much in its own.
    Gains {
        /// Bytes that the process gained.
        process_bytes: f64,
        /// Bytes that all sites together gained.
        sites_bytes: f64,
    },
    /// A metric falls again and again, and each time to a higher level.
    Falls {
        /// The metric.
        metric: String,
        /// Number of falls.
        falls: u64,
        /// The largest of them in bytes.
        largest_bytes: f64,
    },
    /// A metric grew, and then held its level.
    Plateau {
        /// The metric.
        metric: String,
        /// Bytes that it grew.
        grown_bytes: f64,
        /// The share of the recording in which it held, of 1.
        flat_share: f64,
    },
    /// One of several subjects grows.
    Replicas {
        /// Those that grow.
        growing: u64,
        /// All of them.
        of: u64,
    },
    /// Growing sites of one library.
    Sites {
        /// The texts of the largest of them, at most three. Untrusted.
        sites: Vec<String>,
        /// Number of such sites.
        number: u64,
        /// Their share of the growth of all growing sites, of 1.
        share_of_growth: f64,
    },
}

/// The change of a metric over the last segment of its subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MetricChange {
    /// Its name.
    pub metric: String,
    /// Its value at the begin: bytes, or a number of things.
    pub first: f64,
    /// Its value at the end.
    pub last: f64,
    /// The unit of both.
    pub unit: MetricUnit,
}

impl MetricChange {
    /// Returns the difference of both values.
    #[must_use]
    pub fn gained(&self) -> f64 {
        self.last - self.first
    }
}

/// The subject of a hint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HintSubject {
    /// The process whose first series has this index.
    Process(usize),
    /// The history with this index.
    Heap(usize),
}

/// A next step, and what speaks for it. It is no part of a verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct Hint {
    /// The step.
    pub id: HintId,
    /// The process or heap that it is about.
    pub subject: HintSubject,
    /// The part of the recording that speaks for it.
    pub evidence: HintEvidence,
}
