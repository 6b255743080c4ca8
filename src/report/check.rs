//! The outcome of a check, for people.

use anstyle::{AnsiColor, Style as Paint};
use unicode_width::UnicodeWidthStr;

use super::document::{CheckRow, Finding, Rows};
use super::page::{FAINT, Page};
use super::quantity::counted;
use super::untrusted::{for_terminal, shortened};
use super::{Detail, Style};
use crate::policy::Severity;

/// Findings that are listed where not everything is wanted.
const LISTED: usize = 10;
/// Blanks before a finding.
const INDENT: usize = 2;
/// Least width of a subject, in columns.
const LEAST_SUBJECT: usize = 28;

const FAILED: Paint = AnsiColor::Red.on_default().bold();
const WARNED: Paint = AnsiColor::Yellow.on_default();
const PASSED: Paint = AnsiColor::Green.on_default().bold();

impl Page<'_> {
    /// Adds the outcome of a check and its findings.
    pub fn check(&mut self, check: &CheckRow, findings: &Rows<Finding>) {
        self.blank();
        let paint = if check.passed { PASSED } else { FAILED };
        self.paragraph(&outcome(findings.len(), check), "", "  ", paint);
        let all = self.style.detail == Detail::Verbose;
        let listed = if all { findings.len() } else { LISTED };
        for finding in findings.one_by_one().take(listed) {
            let paint = match finding.severity {
                Severity::Error => Paint::new(),
                Severity::Warning => WARNED,
            };
            self.paragraph(&line(&finding, self.style), "  ", "    ", paint);
        }
        if findings.len() > listed {
            let more = counted((findings.len() - listed) as u64, "more finding");
            self.paragraph(&format!("and {more}; -v lists them"), "  ", "    ", FAINT);
        }
        for line in accepted(check) {
            self.paragraph(&line, "  ", "    ", FAINT);
        }
    }
}

/// `Check failed: 2 findings`.
#[must_use]
pub fn outcome(findings: usize, check: &CheckRow) -> String {
    if check.passed {
        return "Check passed: no findings".to_owned();
    }
    format!("Check failed: {}", counted(findings as u64, "finding"))
}

/// A finding in one line, if it fits: the subject gives way down to its least width.
fn line(finding: &Finding, style: &Style) -> String {
    let message = for_terminal(&finding.message);
    let head = format!("{} {}: ", finding.severity.as_str(), finding.rule.id());
    let left = style.width.saturating_sub(INDENT + head.width() + 1 + message.width());
    let subject = shortened(&finding.subject, left.max(LEAST_SUBJECT).min(style.width / 2), style.ascii);
    format!("{head}{subject} {message}")
}

/// Accepted series, a line for each way of accepting.
#[must_use]
pub fn accepted(check: &CheckRow) -> Vec<String> {
    let series = |n: u64| if n == 1 { "1 series is".to_owned() } else { format!("{n} series are") };
    let mut lines = Vec::new();
    if check.known > 0 {
        lines.push(format!("{} in the baseline and no worse", series(check.known)));
    }
    if check.allowed > 0 {
        let sites = counted(check.allowed, "site");
        let are = if check.allowed == 1 { "is" } else { "are" };
        lines.push(format!("{sites} {are} allowed by the configuration"));
    }
    lines
}
