//! Bytes to records: one file or folder for each format, recognised by content and never by name.
//!
//! A format is a [`Format`], and one line in [`FORMATS`]. A source may hold several at once: a service log with both
//! `VmRSS` lines and `tracemalloc` lines is read by both. The [`Dispatcher`] finds the lines that concern a format,
//! knows the time and the worker of each, and hands them to its parser; the parser hands records to the [`Sink`].
//!
//! # Adding a format
//!
//! A format for lines such as `mem service=web used=123.4MiB limit=512MiB`:
//!
//! ```
//! use leakdiff::formats::{Claim, Damage, Detect, Dispatcher, Format, Line, LineParser, Parser, Sink};
//! use leakdiff::model::{Measured, Metric, Role, Subject, SubjectKind};
//!
//! /// Memory that the service counts as its own.
//! const USED: Metric = Metric::bytes("used", Role::Resident);
//!
//! static FORMAT: Format = Format {
//!     name: "mem-line",
//!     reads: "lines of the memory logger (\"mem service=web used=123.4MiB limit=512MiB\")",
//!     example: "mem service=web used=123.4MiB limit=512MiB\n",
//!     detect: Detect::Needles(&["mem service="]),
//!     parser: |_| Parser::Lines(Box::new(MemLine)),
//! };
//!
//! struct MemLine;
//!
//! impl LineParser for MemLine {
//!     fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
//!         let Some((_, fields)) = line.text.split_once("mem service=") else { return Ok(Claim::NotMine) };
//!         let name = fields.split(' ').next().unwrap_or_default();
//!         let used = size(line.text, "used=")?;
//!         let limit = size(line.text, "limit=")?;
//!         let service = Subject::named(SubjectKind::Container, name);
//!         out.sample(line, service).set(USED, used).limit(limit).push();
//!         Ok(Claim::Mine)
//!     }
//! }
//!
//! /// Parses `123.4MiB` after a key; the last digit is rounded.
//! fn size(line: &str, key: &str) -> Result<Measured, Damage> {
//!     let damage = || Damage { column: None, message: format!("expected a number of MiB after {key}") };
//!     let text = line.split(key).nth(1).and_then(|rest| rest.split("MiB").next()).ok_or_else(damage)?;
//!     let mebibytes: f64 = text.parse().map_err(|_| damage())?;
//!     let decimals = text.split('.').nth(1).map_or(0, str::len) as i32;
//!     let half_step = 0.5 / 10_f64.powi(decimals);
//!     Ok(Measured::rounded(mebibytes * 1_048_576.0, half_step * 1_048_576.0))
//! }
//!
//! let mut dispatcher = Dispatcher::with(&[&FORMAT], false);
//! dispatcher.read("2024-05-23 12:00:00 mem service=web used=123.4MiB limit=512MiB\n");
//! dispatcher.read("2024-05-23 12:10:00 mem service=web used=?MiB limit=512MiB\n");
//! let found = dispatcher.finish();
//! let samples = &found.records.samples;
//! assert_eq!(samples.value(USED, 0).unwrap().half_width.round(), 52_429.0);
//! assert_eq!((samples.len(), found.unreadable_lines()), (1, 1));
//! assert!(samples.time(0).is_some());
//! ```
//!
//! In this crate the same stands in a file of its own under `src/formats`, and its `FORMAT` in a line of [`FORMATS`].
//!
//! Its recordings are `fixtures/mem-line/CASE.txt`. `INSTA_UPDATE=always cargo test --test fixtures` writes the records
//! that are read of each into `CASE.snap` beside it. From then on the test holds against them the text as it is, cut
//! into pieces anywhere, without the fast path, with Windows line ends and broken off at any byte; and no other format
//! may read it.

mod allocators;
mod around_record;
mod bare_numbers;
mod census;
mod cgroup;
mod collectors;
mod columns;
mod container_stats;
mod contract;
mod date_lines;
mod dispatcher;
mod document;
mod dstat;
pub mod escapes;
mod fold;
mod format_list;
mod found;
mod free;
mod glances;
mod glibc;
mod heap_text;
mod heaptrack;
mod host;
mod jemalloc_stats;
mod json_documents;
mod json_lines;
mod json_rows;
mod json_table;
mod json_values;
mod kubectl_top;
mod kubernetes_metrics;
mod labelled;
mod leakdiff_record;
mod line;
mod look_behind;
mod massif;
mod matched;
mod meminfo;
mod memray_csv;
mod mprof;
mod needle_groups;
mod needles;
mod needles_of_all;
mod notices;
mod options;
mod other_things;
mod package;
mod pattern;
mod pickle;
mod pidstat;
mod pmap;
mod pprof;
mod pprof_top;
pub mod prefix;
mod prefix_template;
mod proc_stat;
mod process_rows;
mod prometheus;
mod ps;
mod psrecord;
mod quotation;
pub mod rss_report;
mod sample_entry;
mod sampling;
mod sar;
mod scalene;
mod scope;
mod sections;
mod sink;
mod size;
mod smem;
mod source;
mod stacks;
mod systemd;
mod tables;
mod titles;
mod top;
mod traced_memory;
pub mod tracemalloc;
mod unsupported;
mod v8_heap_profile;
mod vmstat;
mod windows;
mod work;
mod work_key;

pub use contract::{Detect, DocumentParser, Format, FormatOptions, HEAD_BYTES, LineParser, Parser};
pub use dispatcher::Dispatcher;
pub use found::Found;
pub use line::{Claim, Damage, Line};
pub use options::{ColumnKey, ColumnOptions, ColumnOptionsUsed, GroupBy, Grouping, OwnWords, ValueUnit};
pub use pattern::Pattern;
pub use sample_entry::SampleEntry;
pub use scope::Scope;
pub use sink::Sink;
pub use source::FormatFound;
pub use work_key::WorkKey;

use std::borrow::Cow;

use needles::FormatSet;

/// All formats, in the order in which they are asked.
pub static FORMATS: &[&Format] = &[
    &leakdiff_record::FORMAT,
    &rss_report::FORMAT,
    &tracemalloc::FORMAT,
    &ps::FORMAT,
    &container_stats::FORMAT,
    &kubectl_top::FORMAT,
    &kubernetes_metrics::FORMAT,
    &cgroup::FORMAT,
    &free::FORMAT,
    &vmstat::FORMAT,
    &sar::FORMAT,
    &sar::JSON,
    &dstat::FORMAT,
    &glances::FORMAT,
    &meminfo::FORMAT,
    &pmap::FORMAT,
    &systemd::FORMAT,
    &mprof::FORMAT,
    &psrecord::FORMAT,
    &scalene::FORMAT,
    &prometheus::JSON_FORMAT,
    &prometheus::JSON_LINES,
    &prometheus::FORMAT,
    &top::FORMAT,
    &pidstat::FORMAT,
    &smem::FORMAT,
    &proc_stat::FORMAT,
    &process_rows::FORMAT,
    &windows::TASKLIST,
    &windows::GET_PROCESS,
    &windows::PROPERTIES,
    &windows::GET_COUNTER,
    &windows::PDH_CSV,
    &traced_memory::FORMAT,
    &pickle::FORMAT,
    &pprof::FORMAT,
    &heap_text::FORMAT,
    &heap_text::JEMALLOC,
    &pprof_top::FORMAT,
    &heaptrack::FORMAT,
    &v8_heap_profile::FORMAT,
    &memray_csv::FORMAT,
    &massif::FORMAT,
    &massif::MS_PRINT,
    &glibc::MALLOC_STATS,
    &glibc::MALLOC_INFO,
    &jemalloc_stats::FORMAT,
    &census::objgraph::FORMAT,
    &census::gc::FORMAT,
    &census::pympler::FORMAT,
    &census::class_tracker::FORMAT,
    &census::guppy::FORMAT,
    &census::java_histogram::FORMAT,
    &collectors::v8::FORMAT,
    &collectors::java_unified::FORMAT,
    &collectors::java_legacy::FORMAT,
    &collectors::jstat::FORMAT,
    &collectors::native_memory::FORMAT,
    &collectors::go::FORMAT,
    // Any table or object: after those that know the names of their columns.
    &columns::FORMAT,
    &container_stats::SIZES,
    &json_values::FORMAT,
    &json_table::FORMAT,
    // A guess: of lines that no other format claims.
    &labelled::FORMAT,
];

/// Returns all formats, and before them the user's own pattern, if there is one.
#[must_use]
pub fn with_pattern(
    only: Option<&'static Format>,
    options: &FormatOptions,
) -> Cow<'static, [&'static Format]> {
    let matched = (options.pattern.is_some() && only.is_none()).then_some(&matched::FORMAT);
    let counted = matches!(options.work, Some(WorkKey::Lines(_))).then_some(&work::FORMAT);
    let patterns = counted.into_iter().chain(matched);
    match only {
        Some(format) => patterns.chain([format]).collect(),
        None if counted.is_none() && matched.is_none() => Cow::Borrowed(FORMATS),
        None => patterns.chain(FORMATS.iter().copied()).collect(),
    }
}

/// Whether a source that begins with these bytes is a document of a format, to be read as bytes and not as text.
#[must_use]
pub fn wants_bytes(head: &[u8]) -> bool {
    FORMATS.iter().any(|format| format.begins(head))
}

/// Returns the format of a name, if there is one.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.name == name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_example_is_recognised_as_its_own_format() {
        for format in FORMATS {
            let mut dispatcher = Dispatcher::new(None);
            dispatcher.read(format.example);
            let found = dispatcher.finish();
            let names: Vec<&str> = found.formats.iter().map(|(format, _)| format.name).collect();
            assert_eq!(names, [format.name], "{}", format.example);
            assert!(found.records() > 0 && found.unreadable_lines() == 0);
        }
    }

    #[test]
    fn names_are_unique_and_found() {
        for (place, format) in FORMATS.iter().enumerate() {
            assert!(FORMATS[..place].iter().all(|other| other.name != format.name));
            assert!(std::ptr::eq(by_name(format.name).unwrap(), *format));
        }
        assert!(by_name("hprof").is_none());
        // The user's own patterns, of memory and of work, are two more; a set of formats holds 128.
        assert!(FORMATS.len() <= 126);
    }
}
