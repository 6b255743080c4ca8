//! SARIF 2.1.0 (OASIS): findings for code scanning.

use std::collections::HashMap;
use std::io;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Value, json};

use super::document::{Finding, ProcessRow, Rows, SiteRow, SubjectKind, WarningRow};
use super::github::site;
use super::streamed::Streamed;
use super::untrusted::for_terminal;
use super::{OutputFormat, Report, Style};
use crate::policy::Rule;

/// The SARIF output.
#[derive(Debug)]
pub struct Sarif;

/// The page that explains the rules.
const RULES: &str = include_str!("../../docs/rules.md");
const ROOT: &str = "%SRCROOT%";
/// Characters that a path of a URI need not escape.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'_').remove(b'-').remove(b'~');

impl OutputFormat for Sarif {
    fn name(&self) -> &'static str {
        "sarif"
    }

    fn render(&self, report: &Report, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let Report {
            schema: _,
            version,
            inputs: _,
            recording: _,
            processes,
            sites,
            groups: _,
            attribution: _,
            attributions: _,
            attribution_reason: _,
            hints: _,
            findings,
            check: _,
            warnings,
        } = report;
        let mut prints = Fingerprints::default();
        let results = findings.one_by_one().map(|found| outcome((processes, sites), &found, &mut prints));
        let log = Log {
            schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            runs: [Run {
                column_kind: "unicodeCodePoints",
                invocations: json!([{
                    "executionSuccessful": true,
                    "toolExecutionNotifications": warnings.iter().map(notification).collect::<Vec<_>>(),
                }]),
                original_uri_base_ids: json!({ ROOT: { "description": { "text": "The folder of --source-root." } } }),
                results: Streamed::of(results),
                tool: json!({ "driver": {
                    "name": "leakdiff",
                    "semanticVersion": version,
                    "rules": Rule::ALL.map(rule),
                } }),
            }],
            version: "2.1.0",
        };
        serde_json::to_writer_pretty(&mut *out, &log)?;
        writeln!(out)
    }
}

/// A log, as SARIF calls its document. Fields stand in the order of their names.
#[derive(Serialize)]
struct Log<R> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    runs: [Run<R>; 1],
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<R> {
    column_kind: &'static str,
    invocations: Value,
    original_uri_base_ids: Value,
    results: R,
    tool: Value,
}

/// A rule with its section of the page.
fn rule(rule: Rule) -> Value {
    let heading = format!("## `{}`\n", rule.id());
    let section = RULES.split_once(&heading).map_or("", |(_, rest)| rest);
    let help = section.split("\n## ").next().unwrap_or(section).trim();
    json!({
        "id": rule.id(),
        "shortDescription": { "text": rule.meaning() },
        "help": { "text": help, "markdown": help },
        "defaultConfiguration": { "level": rule.severity().as_str() },
    })
}

/// A result, as SARIF calls a finding.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    level: &'static str,
    locations: Vec<Value>,
    message: Value,
    partial_fingerprints: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Value>,
    rule_id: &'static str,
    rule_index: usize,
}

fn outcome(
    (all_processes, all_sites): (&[ProcessRow], &Rows<SiteRow>),
    finding: &Finding,
    prints: &mut Fingerprints,
) -> Outcome {
    let Finding { rule, severity, kind, subject, message, process, sites } = finding;
    let rows: Vec<_> = sites.iter().filter_map(|rank| site(all_sites, *rank)).collect();
    let row = rows.first().map(|row| &**row);
    let locations = match row {
        Some(row) => vec![location(row)],
        None => vec![logical(subject, *kind)],
    };
    let related = rows.iter().skip(1).enumerate().map(|(id, row)| {
        let mut location = location(row);
        location["id"] = json!(id);
        location["message"] = json!({ "text": format!("{} grows in lockstep", for_terminal(&row.site)) });
        location
    });
    let of_process = process.and_then(|i| all_processes.get(i));
    let trend = row.map(|row| &row.trend).or(of_process.map(|process| &process.trend));
    Outcome {
        level: severity.as_str(),
        locations,
        message: json!({ "text": format!("{} {}", for_terminal(subject), for_terminal(message)) }),
        partial_fingerprints: json!({ "leakdiff/v1": prints.of(*rule, row, subject) }),
        properties: trend.map(|trend| json!({ "probability": trend.probability, "slope": trend.slope })),
        related_locations: related.collect(),
        rule_id: rule.id(),
        rule_index: Rule::ALL.iter().position(|known| known == rule).unwrap_or(0),
    }
}

/// The location of a site: a file, and its line if that is known. A site without a file has a name only.
fn location(row: &SiteRow) -> Value {
    let Some(mut physical) = artifact(row) else { return logical(&row.site, SubjectKind::Site) };
    // There is no line 0.
    if let Some(line) = row.own_line.or(row.line).filter(|line| *line > 0) {
        physical["region"] = json!({ "startLine": line });
    }
    json!({ "physicalLocation": physical })
}

fn encoded(path: &str) -> String {
    utf8_percent_encode(path, PATH).to_string()
}

/// A file below the root of the source code; `None` if its path leads out of it.
fn below_root(path: &str) -> Option<Value> {
    let path = path.trim_start_matches('/');
    let leads_out = path.is_empty() || path.split('/').any(|part| part == "..");
    (!leads_out).then(|| json!({ "uri": encoded(path), "uriBaseId": ROOT }))
}

fn artifact(row: &SiteRow) -> Option<Value> {
    if let Some(path) = &row.path {
        return Some(json!({ "artifactLocation": below_root(path)? }));
    }
    let file = row.own_file.as_ref().or(row.file.as_ref())?.replace('\\', "/");
    if file.is_empty() || file.starts_with('<') {
        return None;
    }
    let drive = file.as_bytes().get(1) == Some(&b':');
    // What follows two slashes would be the name of a machine.
    let location = if file.starts_with('/') {
        json!({ "uri": format!("file:///{}", encoded(file.trim_start_matches('/'))) })
    } else if drive {
        json!({ "uri": format!("file:///{}", encoded(&file).replacen("%3A", ":", 1)) })
    } else {
        below_root(&file)?
    };
    Some(json!({ "artifactLocation": location }))
}

fn logical(name: &str, kind: SubjectKind) -> Value {
    let kind = match kind {
        SubjectKind::Process => "process",
        SubjectKind::Site => "site",
        SubjectKind::Snapshots => "heap",
        SubjectKind::Input => "input",
    };
    json!({ "logicalLocations": [{ "fullyQualifiedName": for_terminal(name), "kind": kind }] })
}

/// The identity of a finding across runs: the rule, the file and the line of code, and never the number of a
/// line, which changes with every edit above it.
#[derive(Default)]
struct Fingerprints(HashMap<String, u32>);

impl Fingerprints {
    fn of(&mut self, rule: Rule, row: Option<&SiteRow>, subject: &str) -> String {
        let rule = rule.id();
        let what = match row {
            Some(row) => {
                let file =
                    row.path.as_ref().or(row.own_file.as_ref()).or(row.file.as_ref()).unwrap_or(&row.site);
                format!("{rule}|{}|{}", for_terminal(file), for_terminal(row.code.as_deref().unwrap_or("")))
            }
            None => format!("{rule}|{}", for_terminal(subject)),
        };
        let times = self.0.entry(what.clone()).or_default();
        *times += 1;
        format!("{what}|{times}")
    }
}

fn notification(warning: &WarningRow) -> Value {
    let WarningRow { path, line, code: _, message } = warning;
    let mut notification = json!({ "level": "note", "message": { "text": for_terminal(message) } });
    if let Some(path) = path {
        let one_slash = if path.starts_with('/') { "/" } else { "" };
        let uri = format!("{one_slash}{}", encoded(path.trim_start_matches('/')));
        let mut physical = json!({ "artifactLocation": { "uri": uri } });
        if let Some(line) = line.filter(|line| *line > 0) {
            physical["region"] = json!({ "startLine": line });
        }
        notification["locations"] = json!([{ "physicalLocation": physical }]);
    }
    notification
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample;
    use super::*;

    fn rendered(report: &Report) -> Value {
        let mut out = Vec::new();
        Sarif.render(report, &Style::default(), &mut out).unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn the_log_of_a_small_recording() {
        let mut log = rendered(&sample::small());
        // The rules are the same in all logs.
        let rules = log["runs"][0]["tool"]["driver"]["rules"].take();
        let rules = rules.as_array().unwrap();
        assert_eq!(rules.len(), Rule::ALL.len());
        assert!(rules.iter().all(|rule| rule["help"]["text"].as_str().unwrap().len() > 40));
        insta::assert_snapshot!("sarif", serde_json::to_string_pretty(&log).unwrap());
    }

    #[test]
    fn every_finding_is_a_result_of_a_known_rule() {
        for (name, report) in sample::all() {
            let log = rendered(&report);
            let run = &log["runs"][0];
            let results = run["results"].as_array().unwrap();
            assert_eq!(results.len(), report.findings.len(), "{name}");
            for (result, finding) in results.iter().zip(&report.findings) {
                let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
                let rule = &run["tool"]["driver"]["rules"][index];
                assert_eq!(
                    (&rule["id"], &result["ruleId"]),
                    (&json!(finding.rule.id()), &json!(finding.rule.id()))
                );
                assert!(!result["locations"].as_array().unwrap().is_empty(), "{name}");
            }
            let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
            assert_eq!(notes.len(), report.warnings.len(), "{name}");
        }
    }

    #[test]
    fn places_are_told_as_far_as_they_are_known() {
        let mut row = sample::mixed().sites[0].clone();
        for (path, file, line, uri, region) in [
            (Some("src/a b.py"), "/srv/a b.py", Some(3), Some("src/a%20b.py"), Some(3)),
            (None, "/srv/a b.py", Some(3), Some("file:///srv/a%20b.py"), Some(3)),
            (None, "C:\\x\\y.py", Some(3), Some("file:///C:/x/y.py"), Some(3)),
            (None, "app.py", Some(0), Some("app.py"), None),
            (None, "app.py", None, Some("app.py"), None),
            (None, "<string>", Some(1), None, None),
        ] {
            (row.path, row.file, row.line) = (path.map(str::to_owned), Some(file.to_owned()), line);
            (row.own_file, row.own_line) = (None, None);
            let found = location(&row);
            let physical = &found["physicalLocation"];
            assert_eq!(physical["artifactLocation"]["uri"].as_str(), uri, "{file}");
            assert_eq!(physical["region"]["startLine"].as_u64(), region, "{file}");
            assert_eq!(uri.is_none(), found["logicalLocations"].is_array());
        }
    }

    #[test]
    fn fingerprints_do_not_know_lines() {
        let mut report = sample::mixed();
        let prints = |report: &Report| -> Vec<String> {
            let log = rendered(report);
            let results = log["runs"][0]["results"].as_array().unwrap().clone();
            results
                .iter()
                .map(|r| r["partialFingerprints"]["leakdiff/v1"].as_str().unwrap().to_owned())
                .collect()
        };
        let before = prints(&report);
        report.sites.iter_mut().for_each(|row| row.line = row.line.map(|line| line + 12));
        assert_eq!(prints(&report), before);
        let mut unique = before.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), before.len(), "{before:?}");
    }
}
