//! Baselines: read, written, and held against a recording.

use leakdiff::analysis::Options;
use leakdiff::policy::Baseline;

use super::outputs::hold;
use super::recording::{Judged, options};
use super::texts;

/// The first byte chooses an output; the rest are a baseline and up to two sources of a log.
pub fn baseline(data: &[u8]) {
    let Some((&output, rest)) = data.split_first() else { return };
    let texts = texts(rest, 3);
    let Some((given, log)) = texts.split_first() else { return };
    if let Ok(baseline) = serde_json::from_str::<Baseline>(given) {
        assert_eq!(again(&baseline), baseline);
        let with = Options { baseline: Some(("known.json".to_owned(), baseline.known)), ..options() };
        if let Some(outcome) = Judged::whole(with, log).outcome {
            hold(&outcome.report, output, output);
        }
    }
    // All that is accepted now is accepted by the next check, of the same log.
    let accepted = Judged::whole(Options { accept: true, ..options() }, log);
    let Some(accepted) = accepted.outcome else { return };
    assert!(accepted.report.findings.iter().all(|finding| !finding.rule.can_be_known()));
    let known = again(&accepted.baseline).known;
    let with = Options { baseline: Some(("known.json".to_owned(), known)), ..options() };
    let checked = Judged::whole(with, log).outcome.unwrap();
    let found = checked.report.findings.iter().find(|finding| finding.rule.can_be_known());
    assert!(found.is_none(), "accepted, and found again: {found:?}\nknown: {:?}", accepted.baseline.known);
    hold(&checked.report, output, output);
}

/// A baseline written and read.
fn again(baseline: &Baseline) -> Baseline {
    serde_json::from_str(&serde_json::to_string_pretty(baseline).unwrap()).unwrap()
}
