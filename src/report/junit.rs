//! JUnit's XML: a case for each process and each finding, for the test reports of Jenkins and GitLab.

use std::io;

use foldhash::HashMap;
use quick_junit::{NonSuccessKind, Report as Xml, TestCase, TestCaseStatus, TestSuite};

use super::document::{Finding, ProcessRow, RecordingFacts, Rows, SiteRow, SubjectKind};
use super::headline::{headlines, name, of_several_sources};
use super::quantity::counted;
use super::sentence;
use super::untrusted::for_terminal;
use super::{Detail, OutputFormat, Report, Style};

/// The JUnit output.
#[derive(Debug)]
pub struct Junit;

impl OutputFormat for Junit {
    fn name(&self) -> &'static str {
        "junit"
    }

    fn render(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let Report {
            schema: _,
            version: _,
            inputs: _,
            recording,
            processes,
            sites,
            groups: _,
            attribution: _,
            attributions: _,
            attribution_reason: _,
            hints: _,
            findings,
            check: _,
            warnings: _,
        } = report;
        let mut xml = Xml::new("leakdiff");
        let lost: Vec<&Finding> =
            findings.iter().filter(|finding| finding.kind == SubjectKind::Input).collect();
        if !lost.is_empty() {
            let mut suite = TestSuite::new("leakdiff.inputs");
            suite.add_test_cases(lost.iter().map(|finding| failed("leakdiff.inputs", finding)));
            xml.add_test_suite(suite);
        }
        if !processes.is_empty() {
            xml.add_test_suite(process_suite(processes, findings, style));
        }
        if recording.sites_seen > 0 {
            xml.add_test_suite(site_suite(recording, sites, findings));
        }
        let text = xml.to_string().map_err(io::Error::other)?;
        // Readers that hold to the schema know no such attribute of the whole, and nothing is skipped here.
        out.write_all(text.replacen(" skipped=\"0\"", "", 1).as_bytes())
    }
}

/// A case for each finding of a process; one that passes for each process without.
fn process_suite(rows: &[ProcessRow], all: &[Finding], style: &Style) -> TestSuite {
    let mut suite = TestSuite::new("leakdiff.processes");
    let several = of_several_sources(rows);
    let quiet = Style { detail: Detail::Quiet, ..*style };
    let first = headlines(rows, &quiet);
    let leading = rows.iter().filter(|row| row.leading);
    // A finding is of the process of its row, in any metric.
    let mut of_process: HashMap<(&str, Option<&str>), Vec<&Finding>> = HashMap::default();
    for finding in all {
        if let Some(row) = finding.process.and_then(|i| rows.get(i)) {
            of_process.entry((&row.source, row.process.as_deref())).or_default().push(finding);
        }
    }
    for (row, headline) in leading.zip(first) {
        let findings = of_process.get(&(row.source.as_str(), row.process.as_deref()));
        let findings = findings.map(Vec::as_slice).unwrap_or_default();
        for finding in findings {
            suite.add_test_case(failed("leakdiff.processes", finding));
        }
        if findings.is_empty() {
            let mut case = TestCase::new(name(row, several), TestCaseStatus::success());
            case.set_classname("leakdiff.processes").set_system_out(headline.first);
            suite.add_test_case(case);
        }
    }
    suite
}

/// A case for each finding of sites, and one that passes for all the others.
fn site_suite(facts: &RecordingFacts, rows: &Rows<SiteRow>, all: &[Finding]) -> TestSuite {
    let mut suite = TestSuite::new("leakdiff.sites");
    let of_sites = all.iter().filter(|f| matches!(f.kind, SubjectKind::Site | SubjectKind::Snapshots));
    of_sites.for_each(|finding| {
        suite.add_test_case(failed("leakdiff.sites", finding));
    });
    let found: usize = all.iter().map(|finding| finding.sites.len()).sum();
    let others = rows.len().saturating_sub(found) as u64;
    let mut case =
        TestCase::new(format!("{} without a finding", counted(others, "site")), TestCaseStatus::success());
    case.set_classname("leakdiff.sites").set_system_out(sentence::sites(facts, rows));
    suite.add_test_case(case);
    suite
}

fn failed(class: &str, finding: &Finding) -> TestCase {
    let Finding { rule, severity: _, kind: _, subject, message, process: _, sites: _ } = finding;
    let (subject, message) = (for_terminal(subject), for_terminal(message));
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(rule.id()).set_message(message.clone()).set_description(format!("{subject} {message}"));
    let mut case = TestCase::new(format!("{subject} [{}]", rule.id()), status);
    case.set_classname(class);
    case
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::verdict::Verdict;

    fn rendered(report: &Report) -> String {
        let mut out = Vec::new();
        Junit.render(report, &Style::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_suites_of_a_small_recording() {
        insta::assert_snapshot!("junit", rendered(&sample::small()));
    }

    #[test]
    fn every_finding_is_a_failed_case() {
        for (name, report) in sample::all() {
            let text = rendered(&report);
            assert_eq!(text.matches("<failure ").count(), report.findings.len(), "{name}");
            let is_of_input = |finding: &Finding| finding.kind == SubjectKind::Input;
            let suites = [
                report.findings.iter().any(is_of_input),
                !report.processes.is_empty(),
                report.recording.sites_seen > 0,
            ];
            assert_eq!(
                text.matches("<testsuite ").count(),
                suites.iter().filter(|there| **there).count(),
                "{name}"
            );
        }
    }

    #[test]
    fn what_has_no_finding_passes() {
        let mut report = sample::mixed();
        report.findings = Vec::new().into();
        report.processes.iter_mut().for_each(|row| row.trend.verdict = Verdict::Steady);
        let text = rendered(&report);
        assert!(text.contains("tests=\"2\" failures=\"0\" errors=\"0\""), "{text}");
    }

    #[test]
    fn names_are_text() {
        let text = rendered(&sample::hostile());
        assert!(!text.contains('\u{1b}') && !text.contains("<script>"), "{text}");
    }
}
