//! leakdiff reads the logs that people save while they hunt a memory leak, and reports what keeps growing.
//!
//! Data flows one way: input → formats → model → reconstruct → stats → verdict → insight → policy → report.
//! docs/architecture.md draws the modules.
//!
//! ```
//! use leakdiff::analysis::{Analysis, Options};
//!
//! let report = "Thu May 23 11:56:35 UTC 2024\nRssAnon:\t  941804 kB\nThu May 23 12:06:35 UTC 2024\nRssAnon:\t  942056 kB\n";
//! let mut analysis = Analysis::new(Options::default())?;
//! analysis.add("report.txt", report, report.len() as u64)?;
//! let found = analysis.finish()?;
//! assert_eq!(found.processes[0].metric, "RssAnon");
//! assert_eq!(found.processes[0].trend.verdict.as_str(), "unclear"); // two samples show a difference, not a trend
//! # Ok::<(), leakdiff::error::Error>(())
//! ```

pub mod analysis;
pub mod assessment;
pub mod bounds;
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
