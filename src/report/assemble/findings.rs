//! Findings, and notes on the lists that they were held against.

use crate::assessment::Assessment;
use crate::policy::{BaselineEntry, Checked, Finding, Stale, Subject};
use crate::report::document as wire;
use crate::report::names::need_sources;
use crate::report::wording;

/// The lists that findings were held against, and their files.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// The file of the baseline, and its entries.
    pub baseline: Option<(String, Vec<BaselineEntry>)>,
    /// The file of the configuration, and the globs of allowed sites.
    pub allowed: Option<(String, Vec<String>)>,
}

/// Returns whether the names of processes need their sources.
pub fn need_sources_of(assessment: &Assessment) -> bool {
    let all = assessment.processes.iter().map(|judged| &judged.process);
    need_sources(all.map(|process| (process.process.as_deref(), process.source())))
}

/// Returns the row of a finding. `rank_of` are the ranks of the sites, by their index.
pub fn row(assessment: &Assessment, finding: &Finding, rank_of: &[u64], sources: bool) -> wire::Finding {
    let Finding { rule, subject, cause: _, known: _ } = finding;
    let (kind, process, sites) = match subject {
        Subject::Process(index) => (wire::SubjectKind::Process, Some(*index), Vec::new()),
        Subject::Sites(site, others) => {
            let sites = std::iter::once(site).chain(others);
            (wire::SubjectKind::Site, None, sites.map(|&i| rank_of[i]).collect())
        }
        Subject::History(_) => (wire::SubjectKind::Snapshots, None, Vec::new()),
        Subject::Input(_) => (wire::SubjectKind::Input, None, Vec::new()),
    };
    wire::Finding {
        rule: *rule,
        severity: rule.severity(),
        kind,
        subject: name(assessment, subject, sources),
        message: wording::finding(assessment, finding),
        process,
        sites,
    }
}

/// The subject of a finding, as a reader would call it; of a process with its source, if all are named so.
fn name(assessment: &Assessment, subject: &Subject, sources: bool) -> String {
    let joined = |source: Option<&str>, name: String| match source {
        Some(source) => format!("{source}: {name}"),
        None => name,
    };
    match subject {
        Subject::Process(index) => {
            let process = &assessment.processes[*index].process;
            let name = match &process.process {
                Some(name) => format!("{name} {}", process.metric.name()),
                None => process.metric.name().to_owned(),
            };
            joined(Some(process.source()).filter(|_| sources), name)
        }
        Subject::Sites(site, _) => {
            let history = &assessment.sites[*site].history;
            joined(assessment.histories[history.history].source.as_deref(), history.site.text())
        }
        Subject::History(number) => {
            joined(assessment.histories[*number].source.as_deref(), "heap".to_owned())
        }
        Subject::Input(name) => name.clone(),
    }
}

/// Notes on the lists themselves: entries that have moved, and those that are of no use any more.
pub fn notes(assessment: &Assessment, checked: &Checked, lists: &Lists) -> Vec<wire::WarningRow> {
    use wire::WarningCode::{AllowanceUnused, BaselineEntryGone, BaselineEntryMoved, BaselineEntryUnused};
    let note = |path: &str, code: wire::WarningCode, subject: &str, now: Option<&str>| wire::WarningRow {
        path: Some(path.to_owned()),
        line: None,
        code: Some(code),
        message: wording::warning(code, subject, now),
    };
    let mut notes = Vec::new();
    if let Some((path, known)) = &lists.baseline {
        for &(entry, site) in &checked.moved {
            let now = assessment.sites[site].history.site.text();
            notes.push(note(path, BaselineEntryMoved, &known[entry].name(), Some(&now)));
        }
        for &(entry, why) in &checked.stale_known {
            let code = match why {
                Stale::Gone => BaselineEntryGone,
                Stale::NoFinding => BaselineEntryUnused,
            };
            notes.push(note(path, code, &known[entry].name(), None));
        }
    }
    if let Some((path, globs)) = &lists.allowed {
        for &entry in &checked.stale_allowed {
            notes.push(note(path, AllowanceUnused, &globs[entry], None));
        }
    }
    notes
}
