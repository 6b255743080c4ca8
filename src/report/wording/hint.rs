//! Hints in English: the likely cause, the evidence for it, and a way to test it.

use crate::insight::{HintEvidence, HintId, MetricChange};
use crate::model::MetricUnit;
use crate::report::quantity::{Units, count, counted, grouped, share};
use crate::report::untrusted::shortened;

/// Columns of a site's name.
const SITE: usize = 40;

/// Returns the likely cause and the evidence for it.
#[must_use]
pub fn hint(id: HintId, evidence: &HintEvidence) -> String {
    format!("{}: {}", cause(id), because(evidence))
}

const fn cause(id: HintId) -> &'static str {
    match id {
        HintId::Swap => "growth is hidden in swap",
        HintId::Threads => "threads are started and do not end",
        HintId::Arenas => "the C library may keep an arena for each thread",
        HintId::PageCache => "page cache, which the kernel takes back when memory is short, is no leak",
        HintId::KernelMemory => "the kernel's own memory is counted too, such as entries of directories",
        HintId::SharedMemory => {
            "files in memory (/dev/shm, tmpfs) or shared segments are made and not removed"
        }
        HintId::MappedFiles => "pages of mapped files become resident, which is no heap",
        HintId::SharedPages => "pages that are shared with other processes count for each of them",
        HintId::LazyFree => "memory that was given back stays until the kernel needs it",
        HintId::HugePages => "the kernel may back small allocations with huge pages",
        HintId::Retained => "the allocator keeps memory that the program has freed",
        HintId::OutsideManagedHeap => "memory outside of the collected heap grows",
        HintId::Native => "memory that is not traced grows, of native code or by fragmentation",
        HintId::Outlier => "one replica does what the others do not",
        HintId::OpenFiles => "files or sockets are opened and not closed",
        HintId::Garbage => "a part of it may be garbage that waits for its collector",
        HintId::LoadEnded => "the load may have ended, not the leak",
        HintId::ProfilerOverhead => "tracing itself takes up a good part",
        HintId::LruCache => "a cache of functools may hold arguments for good, such as the self of methods",
        HintId::Loggers => "loggers, handlers or filters may be made for each object or call",
        HintId::AsyncioTasks => "tasks or futures of asyncio are kept",
        HintId::TlsContexts => "TLS contexts may be made for each connection",
        HintId::Clients => "a client or session may be made for each call",
        HintId::MetricLabels => "labels of metrics take ever new values",
        HintId::Finalizers => "finalizers or weak references are registered for objects that do not die",
        HintId::ContextManagers => "context managers or exit stacks are entered and not left",
        HintId::ThreadObjects => "locks, conditions or threads of Python are made and kept",
        HintId::SignalReceivers => "receivers of signals are connected and not disconnected",
        HintId::Templates => "templates may be compiled for each call",
        HintId::Figures => "figures are made and not closed",
        HintId::Mocks => "mocks keep all of their calls",
        HintId::MoreFrames => "the line that allocates is a library's, and its callers were not recorded",
    }
}

/// Returns a way to test a hint.
#[must_use]
pub const fn hint_test(id: HintId) -> &'static str {
    match id {
        HintId::Swap => "Judge the sum of both, and record with swap off (swapoff -a) or memory.swap.max=0.",
        HintId::Threads => {
            "List them (py-spy dump --pid PID, or ls /proc/PID/task) at two times, and bound the pool."
        }
        HintId::Arenas => {
            "Record the same load with MALLOC_ARENA_MAX=2 and compare: leakdiff --compare before.txt after.txt."
        }
        HintId::PageCache => "Look at anon in memory.stat, or at current less inactive_file.",
        HintId::KernelMemory => {
            "Look at slab_reclaimable in memory.stat; many short-lived files or groups do this."
        }
        HintId::SharedMemory => {
            "List the files (ls -l /dev/shm, ipcs -m) at two times; unlink what is done with."
        }
        HintId::MappedFiles => {
            "Compare the mappings (pmap -x PID) at two times; growth ends with the size of the files."
        }
        HintId::SharedPages => {
            "Judge Pss instead: --metric Pss. Before a fork, gc.freeze() keeps pages shared."
        }
        HintId::LazyFree => {
            "Go up to 1.15: record with GODEBUG=madvdontneed=1 and compare; else judge resident memory less LazyFree."
        }
        HintId::HugePages => {
            "Record with huge pages off (echo madvise > /sys/kernel/mm/transparent_hugepage/enabled) and compare."
        }
        HintId::Retained => {
            "Call malloc_trim(0) once (ctypes or gdb): if memory falls, it was free and no leak."
        }
        HintId::OutsideManagedHeap => {
            "Java: -XX:NativeMemoryTracking=summary and jcmd PID VM.native_memory summary.diff; else a native heap profiler."
        }
        HintId::Native => {
            "Call malloc_trim(0) once: memory that falls was free. If it stays, record with memray run --native or heaptrack."
        }
        HintId::Outlier => {
            "Compare it with another: leakdiff --compare OTHER.txt THIS.txt; then look at the requests that it alone gets."
        }
        HintId::OpenFiles => {
            "List them (ls -l /proc/PID/fd) at two times; sockets in CLOSE_WAIT are not closed by the program."
        }
        HintId::Garbage => {
            "Collect before each sample (gc.collect(), jcmd PID GC.run, global.gc()) and compare: leakdiff --compare before.txt after.txt."
        }
        HintId::LoadEnded => {
            "Record the work done beside the memory, and judge growth by it (--per); or repeat the load on the same process."
        }
        HintId::ProfilerOverhead => {
            "Record with fewer frames (tracemalloc.start(1)) or less often, and compare."
        }
        HintId::LruCache => {
            "Look at cache_info() at two times; move the cache off the method, or give it a maxsize."
        }
        HintId::Loggers => {
            "Count logging.root.manager.loggerDict and handlers at two times; get loggers by module name."
        }
        HintId::AsyncioTasks => "Count asyncio.all_tasks() at two times, and name the tasks that stay.",
        HintId::TlsContexts => {
            "Share one context or client between all calls, and compare a recording with that."
        }
        HintId::Clients => {
            "Share one client between all calls, or close each, and compare a recording with that."
        }
        HintId::MetricLabels => {
            "Count the series of the exporter (curl /metrics | wc -l) at two times; bound the values."
        }
        HintId::Finalizers => {
            "Count the objects of the type (objgraph.by_type) at two times, and find who holds one (show_backrefs)."
        }
        HintId::ContextManagers => {
            "Look for enter_context or __enter__ without its end, and for generators that are not closed."
        }
        HintId::ThreadObjects => {
            "Count threading.enumerate() at two times; if it is even, look for locks and queues made for each call."
        }
        HintId::SignalReceivers => "Count the receivers of the signal at two times; connect once, or weakly.",
        HintId::Templates => {
            "Make the template once: Environment.from_string and Template() compile at each call."
        }
        HintId::Figures => "Count plt.get_fignums() at two times; call plt.close(figure).",
        HintId::Mocks => {
            "Call reset_mock() between tests, or replace the mock by a plain function, and compare."
        }
        HintId::MoreFrames => {
            "Record with tracemalloc.start(25) and statistics(\"traceback\"): the caller in your own code is then named."
        }
    }
}

/// The evidence in a clause.
fn because(evidence: &HintEvidence) -> String {
    match evidence {
        HintEvidence::Metrics { moving, beside: None } => changed(moving),
        HintEvidence::Metrics { moving, beside: Some(beside) } => {
            format!("{}, while {}", changed(moving), changed(beside))
        }
        HintEvidence::Steps { metric, steps, of, step_bytes, beside, threads } => {
            let threads = threads.map(|threads| format!(", with {} threads", grouped(threads)));
            format!(
                "{} of {} of {metric} are of {}, while {}{}",
                count(*steps),
                counted(*of, "large rise"),
                Units::Auto.size(*step_bytes),
                changed(beside),
                threads.unwrap_or_default()
            )
        }
        HintEvidence::Gains { process_bytes, sites_bytes } => format!(
            "the process gained {} in its recording, and all sites together {} in theirs",
            Units::Auto.size(*process_bytes),
            Units::Auto.size(*sites_bytes)
        ),
        HintEvidence::Share { explained_at_most, process_bytes_per_second } => format!(
            "the growing sites explain at most {} of {}/h",
            share(*explained_at_most),
            Units::Auto.size(process_bytes_per_second * 3600.0)
        ),
        HintEvidence::Falls { metric, falls, largest_bytes } => {
            let largest = Units::Auto.size(*largest_bytes);
            format!("{metric} fell {}, by up to {largest}, and its floor rises", counted(*falls, "time"))
        }
        HintEvidence::Plateau { metric, grown_bytes, flat_share } => format!(
            "{metric} grew {} evenly, stopped at once, and held for the last {} of the recording",
            Units::Auto.size(*grown_bytes),
            share(*flat_share)
        ),
        HintEvidence::Replicas { growing, of } => {
            format!("{} of {} grows, and the others do not", count(*growing), counted(*of, "replica"))
        }
        HintEvidence::Sites { sites, number, share_of_growth } => {
            let more = number.saturating_sub(sites.len() as u64);
            let more = if more > 0 { format!(" and {}", counted(more, "more site")) } else { String::new() };
            let verb = if *number == 1 { "makes" } else { "make" };
            let sites: Vec<String> = sites.iter().map(|site| shortened(site, SITE, true)).collect();
            format!(
                "{}{more} {verb} {} of the growth of all sites",
                sites.join(", "),
                share(*share_of_growth)
            )
        }
    }
}

/// `RssFile grew 2.31 MiB to 9.10 MiB`.
fn changed(change: &MetricChange) -> String {
    let amount = |value: f64| match change.unit {
        MetricUnit::Bytes => Units::Auto.size(value),
        MetricUnit::Count => grouped(value),
    };
    let (metric, gained) = (&change.metric, change.gained());
    let last = amount(change.last);
    if gained == 0.0 {
        format!("{metric} stayed at {last}")
    } else {
        let verb = if gained > 0.0 { "grew" } else { "fell" };
        format!("{metric} {verb} by {} to {last}", amount(gained.abs()))
    }
}
