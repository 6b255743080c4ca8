//! What cannot be concluded, in plain sentences.

use crate::assessment::Assessment;
use crate::model::Axis;
use crate::reconstruct::HistoryFacts;
use crate::report::quantity::{self, Units};
use crate::verdict::Verdict;

/// What cannot be concluded, in plain sentences.
pub fn remarks(assessment: &Assessment) -> Vec<String> {
    let mut all = Vec::new();
    let growing = assessment.sites.iter().any(|s| s.bytes.verdict == Verdict::Growing)
        || assessment.processes.iter().any(|p| p.trend.verdict == Verdict::Growing);
    for history in &assessment.histories {
        all.extend(history_remarks(history, assessment.least_points));
    }
    if growing {
        all.push(
            "Growing means that nothing bounded it within the recording: a cache that fills later looks the same until it is full."
                .to_owned(),
        );
    }
    if assessment.processes.iter().any(|p| p.process.went_back) {
        all.push(
            "The times of a report go backward; its time axis counts elapsed time from there on.".to_owned(),
        );
    }
    if assessment.processes.iter().any(|p| p.trend.axis == Axis::Samples) {
        all.push("A report has no times, so its rates are per sample.".to_owned());
    }
    all
}

fn history_remarks(history: &HistoryFacts, least_points: usize) -> Vec<String> {
    let mut all = Vec::new();
    if let (true, Some(hidden)) = (history.cut_lists > 0, history.hidden_bytes) {
        let what = if history.reference.is_some() { "changes of up to" } else { "sites of up to" };
        let (cut, hidden) = (quantity::count(history.cut_lists as u64), Units::Auto.size(hidden));
        let lists = quantity::counted(history.snapshots as u64, "list");
        all.push(format!("{cut} of {lists} cut short: {what} {hidden} in each stay hidden."));
    }
    if history.reference.is_some_and(|r| r.assumed) {
        all.push(
            "Differences are taken as against the previous snapshot; the numbers do not tell.".to_owned(),
        );
    }
    if !history.restarts.is_empty() {
        let times = quantity::counted(history.restarts.len() as u64, "time");
        all.push(format!("The traced process restarted {times}; rates are those of its last life."));
    }
    if history.positions < least_points {
        let snapshots = quantity::counted(history.snapshots as u64, "snapshot");
        all.push(format!("{snapshots}: enough for a difference, not for a trend."));
    }
    all
}
