//! Growth by the work done, in English.

use crate::reconstruct::NoWork;
use crate::report::Units;
use crate::report::document::{PerWork, WorkRow};
use crate::report::quantity::{grouped, rate};
use crate::report::untrusted::for_terminal;
use crate::verdict::Verdict;

/// Returns the reason why growth by the work done is unknown.
#[must_use]
pub const fn no_work(reason: NoWork) -> &'static str {
    match reason {
        NoWork::NoTimes => "the samples or the counts of work have no times",
        NoWork::NoOverlap => "no count of work is of the time of the samples",
        NoWork::SeveralCounters => "several counters run at once, and nothing shows which is of the process",
        NoWork::NoneDone => "no work was done between the samples",
    }
}

/// Returns the name of a unit of work with its article: `a request`.
#[must_use]
pub fn a_unit(unit: &str) -> String {
    let article = if unit.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {}", for_terminal(unit))
}

/// Returns the growth by the work done in a clause: `by work: grows 12.3 KiB a request (11.9 to 12.7); 40,000 done`.
#[must_use]
pub fn per_work(work: &PerWork, units: Units) -> String {
    let WorkRow { unit, done, trend, in_time } = match work {
        PerWork::Known(row) => &**row,
        PerWork::Unknown(reason) => return format!("by work: unknown, {}", reason.text),
    };
    let unit = a_unit(unit);
    let shown = trend.slope.map(|slope| rate(&slope, units));
    let moves = match (trend.verdict, shown) {
        (Verdict::Growing, Some(shown)) => {
            let interval =
                if shown.interval.is_empty() { String::new() } else { format!(" ({})", shown.interval) };
            format!("grows {} {unit}{interval}", shown.value)
        }
        (verdict, _) => format!("{}, {}", verdict.as_str(), trend.reason.text),
    };
    let paused = in_time.as_ref().map(|trend| format!("; in time it is {}", trend.verdict.as_str()));
    format!("by work: {moves}; {} done{}", grouped(*done), paused.unwrap_or_default())
}
