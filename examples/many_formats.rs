//! Reads a file with a number of formats, to see what each costs that reads nothing in it.
//!
//! ```text
//! cargo build --release --example many_formats
//! valgrind --tool=callgrind target/release/examples/many_formats service.log 30
//! ```
//!
//! reads `service.log` with the formats of leakdiff and 30 more, which have the needles of memory tools and claim
//! no line.

use std::error::Error;
use std::path::PathBuf;

use leakdiff::bounds::{Bounds, DOCUMENT_BYTES};
use leakdiff::formats::{
    Claim, Damage, Detect, Dispatcher, FORMATS, Format, Line, LineParser, Parser, Sink, wants_bytes,
};
use leakdiff::input::{self, Buffer, Content, Documents};

/// What tools write in each line of memory, or in the header of its table.
static TOOLS: [(&str, &[&str]); 30] = [
    ("ps", &["  VSZ", " RSS ", "%MEM"]),
    ("top", &["RES ", " VIRT", "KiB Mem :", "MiB Mem :"]),
    ("pidstat", &["minflt/s", "majflt/s", "%MEM  Command"]),
    ("smem", &["USS ", "PSS ", "Swap      USS"]),
    ("docker-stats", &["MEM USAGE / LIMIT", "MEM %", "\"MemUsage\""]),
    ("kubectl-top", &["MEMORY(bytes)", "CPU(cores)"]),
    ("cgroup", &["memory.current", "memory.usage_in_bytes", "inactive_file ", "slab_unreclaimable "]),
    ("vmstat", &["swpd ", "-----memory", "procs -"]),
    ("sar", &["kbmemfree", "kbavail", "kbmemused", "%memused"]),
    ("free", &["buff/cache", "  available", "Mem:  ", "Swap:  "]),
    ("meminfo", &["MemTotal:", "MemAvailable:", "AnonPages:", "SUnreclaim:"]),
    ("pmap", &["total kB", "writeable/private", "Kbytes     RSS"]),
    ("mprof", &["CMDLINE ", "FUNC ", "MEM "]),
    ("psrecord", &["Elapsed time", "Real (MB)", "Virtual (MB)"]),
    ("prometheus", &["container_memory", "process_resident_memory_bytes", "go_memstats_", "jvm_memory_"]),
    ("go-gctrace", &["MB goal", "gc 1 @", "ms clock, "]),
    ("go-memstats", &["heap_alloc", "HeapAlloc", "HeapInuse", "Sys = "]),
    ("jvm-heap-info", &["GC.heap_info", "garbage-first heap", "def new generation", "Metaspace "]),
    ("jvm-gc-log", &["[gc", "Pause Young", "Pause Full"]),
    ("jstat", &["S0C ", "OGCMN", "  EU  "]),
    ("v8-trace-gc", &["Mark-Compact", "Mark-sweep", "Scavenge"]),
    ("node", &["heapTotal", "heapUsed", "arrayBuffers"]),
    ("psutil", &["pmem(rss=", "pfullmem(", "svmem(total="]),
    ("rusage", &["ru_maxrss", "Maximum resident set size", "maxresident"]),
    ("smaps-sums", &["Pss_Anon", "Pss_File", "Private_Dirty"]),
    ("statm", &["/statm"]),
    ("massif", &["mem_heap_B=", "mem_stacks_B=", "snapshot="]),
    ("jemalloc", &["Allocated: ", "resident: ", "opt.lg_prof"]),
    ("valgrind-memcheck", &["definitely lost", "still reachable", "in use at exit"]),
    ("dotnet-counters", &["GC Heap Size", "Working Set (MB)", "gen-2-size"]),
];

/// Claims no line.
struct Nobody;

impl LineParser for Nobody {
    fn line(&mut self, _line: Line<'_>, _out: &mut Sink<'_>) -> Result<Claim, Damage> {
        Ok(Claim::NotMine)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path =
        arguments.next().ok_or("expected a file, and the number of formats besides those of leakdiff")?;
    let more: usize = arguments.next().unwrap_or_default().parse()?;
    let others = TOOLS.iter().take(more).map(|(name, needles)| {
        let format = Format {
            name,
            reads: "",
            example: "",
            detect: Detect::Needles(needles),
            parser: |_| Parser::Lines(Box::new(Nobody)),
        };
        &*Box::leak(Box::new(format))
    });
    let formats: Vec<&'static Format> = FORMATS.iter().copied().chain(others).collect();
    let mut dispatcher = Dispatcher::with(&formats, false);
    for entry in input::find(&[PathBuf::from(path)]).entries {
        let documents = Documents { wanted: wants_bytes, most_bytes: DOCUMENT_BYTES };
        let mut source = entry.open(Buffer::default(), documents, &Bounds::default())?;
        while let Some(Content::Text(piece)) = source.next_piece()? {
            dispatcher.read(piece);
        }
    }
    let found = dispatcher.finish();
    println!("{} formats, {} lines, {} records", formats.len(), found.lines, found.records());
    Ok(())
}
