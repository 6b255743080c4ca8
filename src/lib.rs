//! leakdiff reads the recordings that people save while they hunt a memory leak, and reports what keeps growing.
//!
//! This is the library of the program of the same name; `default-features = false` leaves the command line and its
//! dependencies out. An [`Analysis`] takes the texts of a recording and ends in a [`Report`], which is what the program
//! prints as `--format json`.
//!
//! # Judging a recording
//!
//! ```
//! use leakdiff::{Analysis, Options, Verdict};
//!
//! let report = "\
//! Thu May 23 11:56:35 UTC 2024
//! RssAnon:\t  941804 kB
//! Thu May 23 12:06:35 UTC 2024
//! RssAnon:\t  942056 kB
//! ";
//! let mut analysis = Analysis::new(Options::default())?;
//! analysis.add("report.txt", report, report.len() as u64)?;
//! let found = analysis.finish()?;
//! assert_eq!(found.processes[0].metric, "RssAnon");
//! // Two samples show a difference, not a trend.
//! assert_eq!(found.processes[0].trend.verdict, Verdict::Unclear);
//! # Ok::<(), leakdiff::Error>(())
//! ```
//!
//! # Failing on growth that is not accepted
//!
//! ```
//! use leakdiff::{Analysis, Limits, Options, Rule};
//!
//! let mut log = String::new();
//! for snapshot in 0..40 {
//!     let (size, count) = (1024 * (100 + 8 * snapshot), 10 + snapshot);
//!     log += &format!("[ Top 1 ]\n/srv/app/pool.py:31: size={size} B, count={count}, average=1024 B\n");
//! }
//! let mut analysis = Analysis::new(Options { check: true, limits: Limits::default(), ..Options::default() })?;
//! analysis.add("service.log", &log, log.len() as u64)?;
//! let found = analysis.finish()?;
//! assert_eq!(found.findings[0].rule, Rule::SiteGrowing);
//! assert_eq!(found.findings[0].subject, "/srv/app/pool.py:31");
//! # Ok::<(), leakdiff::Error>(())
//! ```
//!
//! # Writing an output
//!
//! ```
//! use leakdiff::{Analysis, Options, Style, output_format};
//!
//! let mut analysis = Analysis::new(Options::default())?;
//! analysis.add("empty.txt", "VmRSS:\t 1024 kB\n", 15)?;
//! let mut page = Vec::new();
//! let html = output_format("html").expect("a known name");
//! html.render(&analysis.finish()?, &Style::default(), &mut page)?;
//! assert!(page.starts_with(b"<!doctype html>"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Modules
//!
//! What stands at the root is the interface. The modules below are what it is made of: data flows one way, input →
//! formats → model → reconstruct → stats → verdict → insight → policy → report; docs/architecture.md draws them. They
//! are public for the tests and benches of this repository, and change with any version.

pub mod analysis;
pub mod assessment;
pub mod bounds;
#[cfg(feature = "cli")]
pub mod cli;
pub mod compare;
pub mod error;
pub mod formats;
pub mod input;
pub mod insight;
pub mod model;
pub mod policy;
pub mod reconstruct;
pub mod report;
pub mod stats;
pub mod time;
pub mod verdict;

#[doc(inline)]
pub use analysis::{Analysis, Options};
#[doc(inline)]
pub use error::{Error, Notice};
#[doc(inline)]
pub use formats::{FORMATS, Format, FormatOptions};
#[doc(inline)]
pub use policy::{GrowthLimit, Limits, Rule, Severity};
#[doc(inline)]
pub use report::document::{Finding, ProcessRow, Report, SiteRow, TrendRow};
#[doc(inline)]
pub use report::{OUTPUT_FORMATS, OutputFormat, Style, by_name as output_format};
#[doc(inline)]
pub use time::BoundText;
#[doc(inline)]
pub use verdict::{Judge, RateUnit, Reason, Verdict};
