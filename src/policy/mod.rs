//! Checks: growth that a team does not accept, less the growth that it knows or allows.

mod baseline;
mod check;
mod limits;
mod matcher;
mod moved_sites;
mod rule;
mod types;

pub use baseline::{BASELINE_SCHEMA, Baseline, BaselineEntry};
pub use check::check;
pub use moved_sites::{Named, find_named};
pub use rule::{Rule, Severity};
pub use types::{Accepted, Cause, Checked, Finding, GrowthLimit, Limits, Stale, Subject};
