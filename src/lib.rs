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
//! let report = "Thu May 23 11:56:35 UTC 2024\nRssAnon:\t  941804 kB\nThu May 23 12:06:35 UTC 2024\nRssAnon:\t  942056 kB\n";
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
//! Data flows one way: input → formats → model → reconstruct → stats → verdict → insight → policy → report. The modules
//! are no part of the interface and change with any version; docs/architecture.md draws them, and
//! [`Judge`], [`Report`] and [`Format`] lead into them.

#[doc(hidden)]
pub mod analysis;
#[doc(hidden)]
pub mod assessment;
#[doc(hidden)]
pub mod bounds;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod compare;
#[doc(hidden)]
pub mod error;
#[doc(hidden)]
pub mod formats;
#[doc(hidden)]
pub mod input;
#[doc(hidden)]
pub mod insight;
#[doc(hidden)]
pub mod model;
#[doc(hidden)]
pub mod policy;
#[doc(hidden)]
pub mod reconstruct;
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod stats;
#[doc(hidden)]
pub mod time;
#[doc(hidden)]
pub mod verdict;

pub use analysis::{Analysis, Options};
pub use error::{Error, Notice};
pub use formats::{FORMATS, Format, FormatOptions};
pub use policy::{GrowthLimit, Limits, Rule, Severity};
pub use report::document::{Finding, ProcessRow, Report, SiteRow, TrendRow};
pub use report::{OUTPUT_FORMATS, OutputFormat, Style, by_name as output_format};
pub use time::BoundText;
pub use verdict::{Judge, RateUnit, Reason, Verdict};
