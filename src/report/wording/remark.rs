//! What cannot be concluded from a recording, in English.

use crate::report::document::Remark;
use crate::report::quantity::{Units, count, counted};

/// Returns the sentences of a remark.
#[must_use]
pub fn remark(remark: &Remark) -> String {
    match remark {
        Remark::CutLists { cut, lists, hidden_bytes, of_differences } => {
            let what = if *of_differences { "changes of up to" } else { "sites of up to" };
            let (cut, lists, hidden) =
                (count(*cut), counted(*lists, "list"), Units::Auto.size(*hidden_bytes));
            format!("{cut} of {lists} cut short: {what} {hidden} in each stay hidden.")
        }
        Remark::PartialLists { partial, lists } => {
            let (partial, lists) = (count(*partial), counted(*lists, "list"));
            format!("{partial} of {lists} incomplete: a site that is absent from it is unknown there.")
        }
        Remark::OwnBases => {
            "Each list of differences has a base of its own; sizes are as printed.".to_owned()
        }
        Remark::AssumedReference => {
            "Differences are taken as against the previous snapshot; the numbers do not show which.".to_owned()
        }
        Remark::HeapRestarted { restarts } => {
            let times = counted(*restarts, "time");
            format!("The traced process restarted {times}; rates are those of its last segment.")
        }
        Remark::TooFewSnapshots { snapshots } => {
            format!("{}: enough for a difference, not for a trend.", counted(*snapshots, "snapshot"))
        }
        Remark::GrowthIsUnbounded => {
            "Growing means that nothing bounded it within the recording: a cache that fills later looks the same until it is full."
                .to_owned()
        }
        Remark::TimesGoBack => {
            "The times of a report go backward; its time axis counts elapsed time from there on.".to_owned()
        }
        Remark::NoTimes => "A report has no times, so its rates are per sample.".to_owned(),
    }
}
