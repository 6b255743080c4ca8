//! Names out of a log are text in every output, whatever they are made of: each output is read back by a reader of its
//! format, and holds the names and nothing else that they brought.
#![allow(clippy::unwrap_used, clippy::panic)]

mod injection {
    pub mod named_report;
    pub mod read_back;
}

use leakdiff::report::document::Report;
use leakdiff::report::{OUTPUT_FORMATS, Style, explain};
use proptest::prelude::*;
use proptest::sample::select;

use injection::named_report::report;
use injection::read_back;

/// Pieces that mean something to a terminal, a runner, a page, a table, a spreadsheet, or a reader.
const PIECES: &[&str] = &[
    "::error file=a,line=1::x",
    "::stop-commands::x",
    "##[group]x",
    "##[add-mask]",
    "%0A::add-mask::x",
    "\n::error::x",
    "]]>",
    "<!--",
    "-->",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\" onload=\"x",
    "&amp;",
    "&#0;",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "＝1",
    "\t=1",
    "\r",
    "a,b;c\"d",
    "'",
    "`@me`",
    "![x](http://evil.example/x)",
    "[x](javascript:alert(1))",
    "| a | b |",
    "\n# big",
    "https://evil.example",
    "#1",
    "\u{1b}[31m",
    "\u{1b}]8;;http://evil.example\u{7}x\u{1b}]8;;\u{7}",
    "\u{1b}]52;c;QUJD\u{7}",
    "\u{9b}2J",
    "\u{7f}",
    "\u{202e}gpj",
    "\u{2066}x",
    "\u{200b}",
    "\u{feff}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{1ffff}",
    "\u{fdd0}",
    "\u{e0041}",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}",
    "\u{2800}",
    "\u{a0}",
    "\u{2003}",
    "\u{3000}",
    "\u{2028}",
    "\0",
    "//evil.example/x.py",
    "https://evil.example/x.py",
    "../../etc/passwd",
    "C:\\x\\y.py",
    "file:///etc/passwd",
    "a b%20c",
    "/srv/app.py:3",
    "描述器/笔记.py",
    "x < y < z",
];

/// A name of some pieces and other characters.
fn names() -> impl Strategy<Value = String> {
    let piece = prop_oneof![3 => select(PIECES).prop_map(str::to_owned), 1 => "\\PC{0,6}", 1 => any::<char>().prop_map(String::from)];
    prop::collection::vec(piece, 1..4).prop_map(|pieces| pieces.concat())
}

fn rendered(report: &Report, format: &str) -> String {
    let format = OUTPUT_FORMATS.iter().find(|output| output.name() == format).unwrap();
    let mut out = Vec::new();
    format.render(report, &Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_has_the_names_as_they_are(names in prop::array::uniform5(names())) {
        let report = report(&names);
        let read = read_back::json(&rendered(&report, "json"), &report);
        for (row, name) in read.sites.iter().zip(&names) {
            prop_assert_eq!(&row.site, name);
        }
    }

    #[test]
    fn csv_has_one_row_for_each_series_and_no_formula(names in prop::array::uniform5(names())) {
        let report = report(&names);
        read_back::csv(&rendered(&report, "csv"), report.sites.len() + report.processes.len());
    }

    #[test]
    fn junit_is_xml_with_a_case_for_each_finding(names in prop::array::uniform5(names())) {
        let report = report(&names);
        read_back::junit(&rendered(&report, "junit"), report.findings.len());
    }

    #[test]
    fn sarif_names_files_below_the_root_of_the_source_code(names in prop::array::uniform5(names())) {
        let report = report(&names);
        read_back::sarif(&rendered(&report, "sarif"), report.findings.len());
    }

    #[test]
    fn a_page_has_the_same_elements_whatever_the_names(names in prop::array::uniform5(names())) {
        let plain = ["a", "b", "c", "d", "e"].map(|name| format!("/srv/{name}.py:1"));
        // A traceback has a list of its frames, and one name for all has no sources.
        let [one, two, ..] = &plain;
        let tracebacks = [0, 1, 2, 3, 4].map(|_| format!("{one} < {two}"));
        let of = |names: &[String; 5]| read_back::page(&rendered(&report(names), "html"));
        let expected = [of(&plain), of(&tracebacks)].concat();
        let found = of(&names);
        for element in found {
            prop_assert!(expected.contains(&element), "{}", element);
        }
    }

    #[test]
    fn markdown_has_no_link_no_image_and_no_foreign_markup(names in prop::array::uniform5(names())) {
        read_back::markdown(&rendered(&report(&names), "markdown"));
    }

    #[test]
    fn a_table_and_annotations_hold_no_command(names in prop::array::uniform5(names())) {
        let report = report(&names);
        read_back::plain(&rendered(&report, "table"), false);
        read_back::plain(&rendered(&report, "github"), true);
        let mut explained = Vec::new();
        explain(&report.inputs, &mut explained).unwrap();
        read_back::plain(&String::from_utf8(explained).unwrap(), false);
    }
}
