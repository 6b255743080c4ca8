//! Annotations of a GitHub workflow: findings at the lines of code that they are about.

use std::borrow::Cow;
use std::io;

use super::check::outcome;
use super::document::{Finding, Rows, SiteRow};
use super::quantity::{count, counted};
use super::untrusted::for_terminal;
use super::{OutputFormat, Report, Style};
use crate::policy::Severity;

/// The output for GitHub: workflow commands.
#[derive(Debug)]
pub struct Github;

/// Number of annotations of each kind that GitHub shows for a step; one notice is ours.
const SHOWN: usize = 10;

impl OutputFormat for Github {
    fn name(&self) -> &'static str {
        "github"
    }

    fn render(&self, report: &Report, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let Report {
            schema: _,
            version: _,
            inputs: _,
            recording: _,
            processes: _,
            sites,
            groups: _,
            attribution: _,
            attributions: _,
            attribution_reason: _,
            hints: _,
            findings,
            check,
            warnings: _,
        } = report;
        let (mut errors, mut warnings) = (Vec::new(), Vec::new());
        for finding in findings.one_by_one() {
            let of_kind = match finding.severity {
                Severity::Error => &mut errors,
                Severity::Warning => &mut warnings,
            };
            if of_kind.len() < SHOWN {
                of_kind.push(finding);
            }
        }
        let shown = errors.into_iter().chain(warnings);
        let mut left_out = findings.len();
        for finding in shown {
            writeln!(out, "{}", annotation(sites, &finding))?;
            left_out -= 1;
        }
        let mut summary = match check {
            Some(check) => outcome(findings.len(), check),
            None => counted(findings.len() as u64, "finding"),
        };
        if left_out > 0 {
            let are = if left_out == 1 { "is" } else { "are" };
            summary += &format!("; {} more {are} not annotated", count(left_out as u64));
        }
        writeln!(out, "::notice title=leakdiff::{}", data(&summary))
    }
}

fn annotation(rows: &Rows<SiteRow>, finding: &Finding) -> String {
    let Finding { rule, severity, kind: _, subject, message, process: _, sites } = finding;
    let row = sites.first().and_then(|rank| site(rows, *rank));
    let mut properties = String::new();
    if let Some((file, line)) = row.as_deref().and_then(|row| Some((file(row)?, row.own_line.or(row.line)))) {
        properties += &format!("file={},", property(&file));
        // There is no line 0.
        if let Some(line) = line.filter(|line| *line > 0) {
            properties += &format!("line={line},");
        }
    }
    let title = property(&format!("leakdiff {}", rule.id()));
    format!("::{} {properties}title={title}::{}", severity.as_str(), data(&format!("{subject} {message}")))
}

/// The site of a rank.
pub fn site(rows: &Rows<SiteRow>, rank: u64) -> Option<Cow<'_, SiteRow>> {
    rows.row(usize::try_from(rank.checked_sub(1)?).ok()?)
}

/// The file of a site as the repository knows it: below the source's root, else a relative path as the dump has it.
/// Files that lie elsewhere have no lines to be annotated.
pub fn file(row: &SiteRow) -> Option<String> {
    let relative = |file: &&String| {
        !file.starts_with(['/', '\\', '<', '~'])
            && !file.contains(':')
            && !file.contains("..")
            && !file.is_empty()
    };
    let named = row.own_file.as_ref().or(row.file.as_ref());
    row.path.clone().or_else(|| named.filter(relative).map(|file| file.replace('\\', "/")))
}

/// The text of a command: it ends with the line.
fn data(text: &str) -> String {
    for_terminal(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command: it also ends at a colon or a comma.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample;
    use super::*;

    fn rendered(report: &Report) -> String {
        let mut out = Vec::new();
        Github.render(report, &Style::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_annotations_of_a_small_recording() {
        insta::assert_snapshot!("github", rendered(&sample::small()));
    }

    #[test]
    fn every_finding_is_a_line_and_a_notice_is_the_last() {
        for (name, report) in sample::all() {
            let text = rendered(&report);
            let last = text.lines().last().unwrap();
            assert!(last.starts_with("::notice title=leakdiff::"), "{name}: {last}");
            assert_eq!(text.lines().count(), report.findings.len() + 1, "{name}");
        }
    }

    #[test]
    fn no_text_is_a_command_of_its_own() {
        let mut report = sample::checked();
        for finding in &mut report.findings {
            finding.subject = "a\n::error::b%0A\r\n::set-output name=x::y".to_owned();
        }
        report.sites[0].path = Some("src/a,b:c\n%.py".to_owned());
        let text = rendered(&report);
        assert!(
            text.lines().all(|line| line.starts_with("::error ") || line.starts_with("::notice ")),
            "{text}"
        );
        assert!(text.contains("file=src/a%2Cb%3Ac\\n%25.py,line="), "{text}");
    }

    #[test]
    fn the_most_important_are_shown_and_the_rest_counted() {
        let mut report = sample::checked();
        let finding = report.findings[0].clone();
        report.findings = vec![finding; 25].into();
        let text = rendered(&report);
        assert_eq!(text.matches("::error ").count(), 10);
        assert!(text.contains("Check failed: 25 findings; 15 more are not annotated"), "{text}");
    }

    #[test]
    fn files_of_the_repository_are_named() {
        let mut row = sample::mixed().sites[0].clone();
        for (path, named, file_of_it) in [
            (Some("app/x.py"), "/srv/app/x.py", Some("app/x.py")),
            (None, "/srv/app/x.py", None),
            (None, "app\\x.py", Some("app/x.py")),
            (None, "C:\\app\\x.py", None),
            (None, "../x.py", None),
            (None, "<string>", None),
            (None, "", None),
        ] {
            (row.path, row.file, row.own_file) = (path.map(str::to_owned), Some(named.to_owned()), None);
            assert_eq!(file(&row).as_deref(), file_of_it, "{named}");
        }
    }
}
