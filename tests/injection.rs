//! Names out of a log are text in every output, whatever they are made of: each output is read back by a reader of its
//! format, and holds the names and nothing else that they brought.
#![allow(clippy::unwrap_used, clippy::panic)]

use leakdiff::analysis::{Analysis, Options};
use leakdiff::report::document::Report;
use leakdiff::report::{OUTPUT_FORMATS, Style, explain};
use proptest::prelude::*;
use proptest::sample::select;

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

/// A report of growing sites and processes, whose names are these: readers take some characters away, and outputs must
/// not rely on it.
fn report(names: &[String; 5]) -> Report {
    let mut sites = String::new();
    let mut processes = String::new();
    for k in 0..8 {
        sites += "\n";
        for site in ["/srv/a.py:1", "/srv/b.py:2", "/srv/c.py:3"] {
            let size = 90_000 + 9_000 * k;
            sites += &format!("{site}: size={size} B, count={}, average=10 B\n", size / 10);
        }
        processes += &format!("{}\n", 1_716_465_395 + 600 * k);
        for process in ["web", "job"] {
            processes += &format!("Name:\t{process}\nVmRSS:\t{} kB\n", 90_000 + 900 * k);
        }
    }
    let mut analysis = Analysis::new(Options { check: true, ..Options::default() }).unwrap();
    analysis.add("sites.log", &sites, sites.len() as u64).unwrap();
    analysis.add("processes.log", &processes, processes.len() as u64).unwrap();
    let mut report = analysis.finish().unwrap();
    let [one, two, three, four, five] = names;
    for (row, name) in report.sites.iter_mut().zip([one, two, three]) {
        (row.site, row.file, row.own_file) = (name.clone(), Some(name.clone()), Some(name.clone()));
        (row.path, row.code) = (Some(name.clone()), Some(name.clone()));
        std::sync::Arc::make_mut(&mut row.subject).name = Some(five.clone());
    }
    for row in &mut report.processes {
        let name = if row.process.as_deref() == Some("web") { four } else { five };
        (row.process, row.source) = (Some(name.clone()), one.clone());
    }
    for (finding, name) in report.findings.iter_mut().zip([four, five, one, two, three]) {
        finding.subject.clone_from(name);
        finding.message = format!("{name} grows by {name}");
    }
    report.inputs.iter_mut().for_each(|input| input.path.clone_from(three));
    report.warnings.iter_mut().for_each(|warning| warning.path = Some(four.clone()));
    report
}

fn rendered(report: &Report, format: &str) -> String {
    let format = OUTPUT_FORMATS.iter().find(|output| output.name() == format).unwrap();
    let mut out = Vec::new();
    format.render(report, &Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Characters that must reach nobody's screen: controls, and those without a look of their own.
fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\n')
        || (c.is_whitespace() && c != ' ' && c != '\n')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{2800}')
        || (c as u32) & 0xfffe == 0xfffe
}

/// Text for people: nothing hidden, no command of a runner but those that are meant, no stack of accents.
fn is_plain(text: &str, own_commands: bool) -> Result<(), TestCaseError> {
    for line in text.lines() {
        prop_assert!(!line.chars().any(is_hidden), "{line:?}");
        prop_assert!(!line.contains("\u{301}\u{301}\u{301}"), "{line:?}");
        let is_own = ["::error ", "::warning ", "::notice "].iter().any(|own| line.starts_with(own));
        prop_assert!(!line.trim_start().starts_with("::") || own_commands && is_own, "{line:?}");
        prop_assert!(own_commands && is_own || !line.contains("##["), "{line:?}");
    }
    Ok(())
}

/// Elements of a page and the names of their attributes, in its order.
fn elements(page: &str) -> Vec<String> {
    let mut all = Vec::new();
    let page = scraper::Html::parse_document(page);
    assert!(page.errors.is_empty(), "{:?}", page.errors);
    for node in page.tree.nodes() {
        match node.value() {
            scraper::Node::Element(element) => {
                let mut attributes: Vec<&str> = element.attrs().map(|(name, _)| name).collect();
                attributes.sort_unstable();
                all.push(format!("{} {}", element.name(), attributes.join(" ")));
            }
            scraper::Node::Comment(comment) => all.push(format!("comment {}", &**comment)),
            _ => {}
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_has_the_names_as_they_are(names in prop::array::uniform5(names())) {
        let report = report(&names);
        let read: Report = serde_json::from_str(&rendered(&report, "json")).unwrap();
        for (row, name) in read.sites.iter().zip(&names) {
            prop_assert_eq!(&row.site, name);
        }
        prop_assert_eq!(serde_json::to_value(&read).unwrap(), serde_json::to_value(&report).unwrap());
    }

    #[test]
    fn csv_has_one_row_for_each_series_and_no_formula(names in prop::array::uniform5(names())) {
        let report = report(&names);
        let text = rendered(&report, "csv");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(rows.len(), report.sites.len() + report.processes.len());
        for cell in rows.iter().flat_map(csv::StringRecord::iter) {
            prop_assert!(!cell.starts_with(['=', '@', '＝', '＋', '－', '＠', '\t', '\r']), "{:?}", cell);
            prop_assert!(!cell.starts_with(['+', '-']) || cell.parse::<f64>().is_ok(), "{:?}", cell);
            prop_assert!(!cell.chars().any(|c| is_hidden(c) || c == '\n'), "{:?}", cell);
        }
    }

    #[test]
    fn junit_is_xml_with_a_case_for_each_finding(names in prop::array::uniform5(names())) {
        let report = report(&names);
        let text = rendered(&report, "junit");
        let document = roxmltree::Document::parse(&text).unwrap();
        let known = ["testsuites", "testsuite", "testcase", "failure", "error", "system-out", "properties", "property"];
        let elements = || document.descendants().filter(roxmltree::Node::is_element);
        for element in elements() {
            prop_assert!(known.contains(&element.tag_name().name()), "{:?}", element);
        }
        let failures = elements().filter(|element| element.tag_name().name() == "failure").count();
        prop_assert_eq!(failures, report.findings.len());
    }

    #[test]
    fn sarif_names_files_below_the_root_of_the_source_code(names in prop::array::uniform5(names())) {
        let report = report(&names);
        let log: serde_json::Value = serde_json::from_str(&rendered(&report, "sarif")).unwrap();
        let notices = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array();
        for location in notices.into_iter().flatten().flat_map(|notice| notice["locations"].as_array()).flatten() {
            let uri = location["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
            prop_assert!(!uri.starts_with("//"), "{}", uri);
        }
        let results = log["runs"][0]["results"].as_array().unwrap();
        prop_assert_eq!(results.len(), report.findings.len());
        for result in results {
            for location in result["locations"].as_array().into_iter().flatten() {
                let file = &location["physicalLocation"]["artifactLocation"];
                let Some(uri) = file["uri"].as_str() else { continue };
                let base = url::Url::parse("file:///root/of/source/").unwrap();
                let resolved = base.join(uri).unwrap();
                prop_assert!(uri.is_ascii() && !uri.contains(['<', '>', '"', ' ', '\\', '`']), "{}", uri);
                if file.get("uriBaseId").is_some() {
                    prop_assert!(resolved.as_str().starts_with(base.as_str()), "{} is {}", uri, resolved);
                } else {
                    prop_assert!(resolved.scheme() == "file" && resolved.host().is_none(), "{} is {}", uri, resolved);
                }
            }
        }
    }

    #[test]
    fn a_page_has_the_same_elements_whatever_the_names(names in prop::array::uniform5(names())) {
        let plain = ["a", "b", "c", "d", "e"].map(|name| format!("/srv/{name}.py:1"));
        // A traceback has a list of its frames, and one name for all has no sources.
        let [one, two, ..] = &plain;
        let tracebacks = [0, 1, 2, 3, 4].map(|_| format!("{one} < {two}"));
        let of = |names: &[String; 5]| elements(&rendered(&report(names), "html"));
        let expected = [of(&plain), of(&tracebacks)].concat();
        let found = of(&names);
        for element in found {
            prop_assert!(expected.contains(&element), "{}", element);
        }
    }

    #[test]
    fn markdown_has_no_link_no_image_and_no_foreign_markup(names in prop::array::uniform5(names())) {
        use pulldown_cmark::{Event, Options, Parser, Tag};
        let text = rendered(&report(&names), "markdown");
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES | Options::ENABLE_GFM) {
            match event {
                Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::FootnoteDefinition(_)) => {
                    prop_assert!(false, "{:?}", event);
                }
                Event::Html(html) | Event::InlineHtml(html) => {
                    let rest = ["<details>", "</details>", "<summary>", "</summary>"]
                        .iter()
                        .fold(html.to_string(), |rest, own| rest.replace(own, ""));
                    prop_assert!(!rest.contains('<'), "{}", html);
                }
                Event::Text(text) => {
                    prop_assert!(!text.contains('@') && !text.contains("://"), "{}", text);
                }
                _ => {}
            }
        }
        prop_assert!(!text.chars().any(is_hidden), "{}", text);
    }

    #[test]
    fn a_table_and_annotations_hold_no_command(names in prop::array::uniform5(names())) {
        let report = report(&names);
        is_plain(&rendered(&report, "table"), false)?;
        is_plain(&rendered(&report, "github"), true)?;
        let mut explained = Vec::new();
        explain(&report.inputs, &mut explained).unwrap();
        is_plain(&String::from_utf8(explained).unwrap(), false)?;
    }
}
