//! The limitations of a recording, in English.

use crate::report::document::Remark;
use crate::report::quantity::{Units, count, counted, grouped, percent};

/// Returns the sentences of a remark.
#[must_use]
pub fn remark(remark: &Remark) -> String {
    match remark {
        Remark::CutLists { cut, lists, hidden_bytes, of_differences, of_objects } => {
            let hidden_ones = if *of_differences { "changes" } else { "sites" };
            let are = if *cut == 1 { "is" } else { "are" };
            let hidden = if *of_objects {
                format!("{} objects", grouped(*hidden_bytes))
            } else {
                Units::Auto.size(*hidden_bytes)
            };
            let (cut, lists) = (count(*cut), counted(*lists, "list"));
            format!("{cut} of {lists} {are} cut: each may hide {hidden_ones} of up to {hidden}.")
        }
        Remark::PartialLists { partial, lists } => {
            let are = if *partial == 1 { "is" } else { "are" };
            let (partial, lists) = (count(*partial), counted(*lists, "list"));
            format!("{partial} of {lists} {are} incomplete: the size of a site that such a list lacks is unknown there.")
        }
        Remark::TimesOfAnotherView => {
            "Snapshots without times have those of the log that shows the same sizes in the same order.".to_owned()
        }
        Remark::TimesOfFileNames => {
            "Snapshots without times have those in the names of their files.".to_owned()
        }
        Remark::TimesOfFiles => {
            "Snapshots without times have those at which their files were last written.".to_owned()
        }
        Remark::TimesOfPeriod => {
            "Snapshots without times are taken as --snapshot-period apart, and as of the time of the process."
                .to_owned()
        }
        Remark::WithoutTables => {
            "Resident memory is given without tracemalloc's own tables, which are not there without it.".to_owned()
        }
        Remark::CollectorsCounts { above_peak } => {
            let all = "Objects are counted as Python's garbage collector knows them: no bytes, str, int or float, and no sizes. A leak of those shows in no type.";
            let peak = " Only counts beyond the highest so far are shown: of a type that shrinks, nothing is.";
            format!("{all}{}", if *above_peak { peak } else { "" })
        }
        Remark::OwnBases => {
            "Each list of differences refers to a snapshot of its own; sizes are as printed.".to_owned()
        }
        Remark::AssumedReference => {
            "Differences are assumed to refer to the previous snapshot; the numbers do not show it.".to_owned()
        }
        Remark::HeapRestarted { restarts } => {
            let times = counted(*restarts, "time");
            format!("The traced process restarted {times}; rates are those of its last segment.")
        }
        Remark::TooFewSnapshots { snapshots } => {
            format!("{}: enough for a difference, not for a trend.", counted(*snapshots, "snapshot"))
        }
        Remark::GrowthIsUnbounded => {
            "Growing means that nothing bounded the growth within the recording: a cache that fills later looks the same until it is full."
                .to_owned()
        }
        Remark::GrowthIsEven { points, highest } => format!(
            "With {} even perfectly regular growth is at most {} likely to continue: a cache that fills later looks the same until it is full.",
            counted(*points, "point"),
            percent(*highest)
        ),
        Remark::TimesGoBack => {
            "The times of a report go backward; its time axis counts elapsed time from there on.".to_owned()
        }
        Remark::NoFullCollection => {
            "No full garbage collection of a heap was recorded: all of its sizes count garbage, and say nothing about a leak. Record until there are several, or ask for them (jcmd PID GC.run, global.gc())."
                .to_owned()
        }
        Remark::YoungGenerationGrows => {
            "Resident memory of a healthy Node.js process climbs at first, because V8 enlarges its young generation: only what full collections leave tells a leak (node --trace-gc)."
                .to_owned()
        }
        Remark::HostWide { free } => {
            let all = "Memory of the whole machine is a weak witness: all that runs on it is counted, and its page cache grows by itself.";
            if *free { format!("{all} Free memory that falls is growth of something else, and no finding.") } else { all.to_owned() }
        }
        Remark::NoTimes => "A report has no times, so its rates are per sample.".to_owned(),
    }
}
