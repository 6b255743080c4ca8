//! Checks: growth that a team does not accept, less the growth that it knows or allows.

mod baseline;
mod check;
mod inputs;
mod limits;
mod matcher;
mod moved_sites;
mod rule;
mod types;

pub use baseline::{BASELINE_SCHEMA, Baseline, BaselineEntry};
pub use check::check;
pub use inputs::{InputFacts, incomplete, not_read, of_input};
pub use moved_sites::{Named, find_named};
pub use rule::{Rule, Severity};
pub use types::{
    Accepted, Cause, Checked, Finding, GrowthLimit, Limits, MOST_UNREAD, Recurring, Stale, Subject,
};
