//! The promise of `--check`: each row of the table in docs/ci.md, made as an input and run.
#![allow(clippy::unwrap_used, clippy::panic)]

mod gate {
    mod accepted;
    pub mod comparison;
    pub mod growth;
    mod hidden;
    pub mod inputs;
    mod limits;
    pub mod unread;
    pub mod unusable;
}

use gate::inputs::{Inputs, rules};
use gate::{comparison, growth, unread, unusable};

const PAGE: &str = include_str!("../docs/ci.md");
const FORMATS: [&str; 8] = ["table", "json", "csv", "markdown", "html", "junit", "github", "sarif"];
/// The formats of a comparison.
const OF_COMPARISONS: [&str; 5] = ["table", "json", "csv", "markdown", "html"];

/// The row whose input takes a second to read.
const LONG_LINE: &str = "a line has more than 32 MiB";

/// A row of the table.
#[derive(Debug)]
struct Row {
    case: &'static str,
    code: i32,
    strict: i32,
    rule: Option<&'static str>,
}

impl Row {
    /// Makes the inputs of the row and runs leakdiff on them.
    fn check(&self) {
        let Self { case, code, strict, rule } = self;
        let to = Inputs::new();
        let args = make(case, &to);
        let (found, out, err) = to.run(&with(&["--check"], &args, &["--format", "json"]));
        assert_eq!(found, *code, "{case}: {out}{err}");
        // Errors are told on standard error, findings in the output.
        let is_error = err.contains("leakdiff: ") || err.contains("error: ");
        assert_eq!(is_error, *code == 2 || is_told(case), "{case}: {err}");
        if *code < 2 && !args.contains(&"--compare") {
            assert_eq!(rules(&out), Vec::from_iter(*rule), "{case}");
        }
        assert_eq!(to.run(&with(&["--check", "--strict"], &args, &[])).0, *strict, "{case}, with --strict");
        // Without a check findings do not count, but an input that cannot be read does.
        if *code < 2 {
            let without = if is_told(case) && rule.is_some() { 2 } else { 0 };
            assert_eq!(to.run(&args).0, without, "{case}, without --check");
        }
    }
}

/// Returns the rows of the table.
fn rows() -> Vec<Row> {
    let lines = PAGE.lines().skip_while(|line| !line.starts_with("| what can go wrong |"));
    let rows = lines.skip(2).take_while(|line| line.starts_with("| "));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [case, code, strict, rule] = cells[..] else { panic!("expected four cells: {line}") };
        let rule = Some(rule.trim_matches('`')).filter(|rule| !rule.is_empty());
        Row { case, code: code.parse().unwrap(), strict: strict.parse().unwrap(), rule }
    })
    .collect()
}

/// Makes the inputs of a row; returns the arguments, without `--check`.
fn make(case: &str, to: &Inputs) -> Vec<&'static str> {
    let kinds = [growth::make, unread::make, unusable::make, comparison::make];
    let made = kinds.into_iter().find_map(|make| make(case, to));
    made.unwrap_or_else(|| panic!("docs/ci.md has a row without an input: {case}"))
}

/// The arguments of a row between others.
fn with<'a>(before: &[&'a str], args: &[&'a str], after: &[&'a str]) -> Vec<&'a str> {
    [before, args, after].concat()
}

#[test]
fn each_row_of_the_table_is_as_it_says() {
    let rows = rows();
    assert!(rows.len() > 40, "the table was not found");
    rows.iter().filter(|row| row.case != LONG_LINE).for_each(Row::check);
    let mut cases: Vec<&str> = rows.iter().map(|row| row.case).collect();
    cases.sort_unstable();
    cases.dedup();
    assert_eq!(cases.len(), rows.len(), "a row stands twice");
}

#[test]
fn a_line_has_a_longest_length() {
    rows().iter().find(|row| row.case == LONG_LINE).unwrap().check();
}

#[test]
fn the_output_format_does_not_change_the_code() {
    for Row { case, code, rule, .. } in rows().into_iter().filter(|row| row.case != LONG_LINE) {
        let to = Inputs::new();
        let args = make(case, &to);
        let formats = if args.contains(&"--compare") { &OF_COMPARISONS[..] } else { &FORMATS };
        for format in formats {
            let (found, out, err) = to.run(&with(&["--check"], &args, &["--format", format]));
            assert_eq!(found, code, "{case}: {format}: {out}{err}");
            // A table of series has no findings.
            if let Some(rule) = rule.filter(|_| *format != "csv") {
                assert!(out.contains(rule), "{case}: {format} does not name {rule}: {out}");
            }
        }
    }
}

/// Whether a row has a word on standard error though its code is that of a finding: files that cannot be read, and
/// comparisons, which have no findings of their own.
fn is_told(case: &str) -> bool {
    matches!(
        case,
        "nothing can be unpacked of an archive in a folder" | "a file in a folder cannot be opened"
    ) || case.contains("has too few samples") && case.contains("--compare")
}

/// Each rule that a check can break has a row.
#[test]
fn each_rule_of_an_error_has_a_row() {
    let page = include_str!("../docs/rules.md");
    let of_errors = page.split("\n## `").skip(1).filter(|section| !section.contains("warning; only"));
    let rows = rows();
    for section in of_errors {
        let rule = section.split('`').next().unwrap();
        assert!(rows.iter().any(|row| row.rule == Some(rule)), "{rule}");
    }
}
