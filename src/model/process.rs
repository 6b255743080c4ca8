//! Memory of a whole process, as the kernel tells it.

use super::time::Moment;

/// A kernel counter of a process's memory. The kernel's `kB` is 1024 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// Resident memory in all: `RssAnon + RssFile + RssShmem`.
    VmRss,
    /// Resident anonymous memory: heaps and stacks.
    RssAnon,
    /// Resident pages of mapped files.
    RssFile,
    /// Resident shared memory.
    RssShmem,
    /// Resident memory as `smaps_rollup` gives it.
    Rss,
    /// Proportional set size of `smaps_rollup`: shared pages divided among their users.
    Pss,
    /// Anonymous memory swapped out.
    VmSwap,
    /// Address space; it need not be backed by memory.
    VmSize,
    /// The highest resident size so far: it never falls, so its rise proves little.
    VmHwm,
}

impl Metric {
    /// All metrics, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::VmRss,
        Self::RssAnon,
        Self::RssFile,
        Self::RssShmem,
        Self::Rss,
        Self::Pss,
        Self::VmSwap,
        Self::VmSize,
        Self::VmHwm,
    ];

    /// The name as the kernel writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::VmRss => "VmRSS",
            Self::RssAnon => "RssAnon",
            Self::RssFile => "RssFile",
            Self::RssShmem => "RssShmem",
            Self::Rss => "Rss",
            Self::Pss => "Pss",
            Self::VmSwap => "VmSwap",
            Self::VmSize => "VmSize",
            Self::VmHwm => "VmHWM",
        }
    }
}

/// One reading of one process at one time, with whatever metrics it had.
#[derive(Debug, Clone, PartialEq)]
pub struct ProcessReading {
    /// What names the process, where the report names it (a PID, a pod, a command).
    pub process: Option<String>,
    /// The process id, where the report gives it apart from the name: a new one is a new life of the process.
    pub pid: Option<u64>,
    /// When it was read; `None` where the report has no times.
    pub at: Option<Moment>,
    /// The line of its first value, counted from 1.
    pub line: u64,
    /// Metrics in bytes, each at most once.
    pub values: Vec<(Metric, u64)>,
}

impl ProcessReading {
    /// The value of one metric in bytes, if it was read.
    #[must_use]
    pub fn get(&self, metric: Metric) -> Option<u64> {
        self.values.iter().find(|(m, _)| *m == metric).map(|(_, bytes)| *bytes)
    }
}
