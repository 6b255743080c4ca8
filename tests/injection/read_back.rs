//! Each output read back by a reader of its format: it holds what we wrote, and nothing that a name brought along.
//!
//! Shared by the property tests of names and by the fuzz targets.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use leakdiff::report::document::Report;

/// Characters that must reach nobody's screen: controls, and those without a look of their own.
pub fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\n')
        || (c.is_whitespace() && c != ' ' && c != '\n')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{2800}')
        || (c as u32) & 0xfffe == 0xfffe
}

/// Text for people: nothing hidden, no command of a runner but those that are meant, no stack of accents.
pub fn plain(text: &str, own_commands: bool) {
    for line in text.lines() {
        assert!(!line.chars().any(is_hidden), "{line:?}");
        assert!(!line.contains("\u{301}\u{301}\u{301}"), "{line:?}");
        let is_own = ["::error ", "::warning ", "::notice "].iter().any(|own| line.starts_with(own));
        assert!(!line.trim_start().starts_with("::") || own_commands && is_own, "{line:?}");
        assert!(own_commands && is_own || !line.contains("##["), "{line:?}");
    }
}

/// The document, which is read again as the same document.
pub fn json(text: &str, report: &Report) -> Report {
    let read: Report = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), serde_json::to_value(report).unwrap());
    read
}

/// A table of rows of one length, without the cells that a spreadsheet would run.
pub fn csv(text: &str, rows: usize) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let all: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(all.len(), rows);
    for cell in all.iter().flat_map(csv::StringRecord::iter) {
        assert!(!cell.starts_with(['=', '@', '＝', '＋', '－', '＠', '\t', '\r']), "{cell:?}");
        assert!(!cell.starts_with(['+', '-']) || cell.parse::<f64>().is_ok(), "{cell:?}");
        assert!(!cell.chars().any(|c| is_hidden(c) || c == '\n'), "{cell:?}");
    }
}

/// XML of JUnit's elements, with a failure for each finding.
pub fn junit(text: &str, findings: usize) {
    let document = roxmltree::Document::parse(text).unwrap();
    let known =
        ["testsuites", "testsuite", "testcase", "failure", "error", "system-out", "properties", "property"];
    let elements = || document.descendants().filter(roxmltree::Node::is_element);
    for element in elements() {
        assert!(known.contains(&element.tag_name().name()), "{element:?}");
    }
    let failures = elements().filter(|element| element.tag_name().name() == "failure").count();
    assert_eq!(failures, findings);
}

/// A log with a result for each finding, whose files stand below the root of the source code or have whole addresses
/// of this machine.
pub fn sarif(text: &str, findings: usize) {
    let log: serde_json::Value = serde_json::from_str(text).unwrap();
    let notices = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array();
    for location in notices.into_iter().flatten().flat_map(|notice| notice["locations"].as_array()).flatten()
    {
        let uri = location["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
        assert!(!uri.starts_with("//"), "{uri}");
    }
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), findings);
    for result in results {
        for location in result["locations"].as_array().into_iter().flatten() {
            let file = &location["physicalLocation"]["artifactLocation"];
            let Some(uri) = file["uri"].as_str() else { continue };
            let base = url::Url::parse("file:///root/of/source/").unwrap();
            let resolved = base.join(uri).unwrap();
            assert!(uri.is_ascii() && !uri.contains(['<', '>', '"', ' ', '\\', '`']), "{uri}");
            if file.get("uriBaseId").is_some() {
                assert!(resolved.as_str().starts_with(base.as_str()), "{uri} is {resolved}");
            } else {
                assert!(resolved.scheme() == "file" && resolved.host().is_none(), "{uri} is {resolved}");
            }
        }
    }
}

/// Elements of a page and the names of their attributes, in its order.
fn elements(page: &scraper::Html) -> Vec<String> {
    let mut all = Vec::new();
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

/// Elements of our pages, with the names of the attributes that each may have.
const ELEMENTS: &[(&str, &[&str])] = &[
    ("a", &["class", "href"]),
    ("article", &["class", "id"]),
    ("body", &[]),
    ("button", &["hidden", "id", "type"]),
    ("code", &[]),
    ("details", &[]),
    ("div", &["aria-label", "class", "id", "role", "tabindex"]),
    ("figure", &["data-process"]),
    ("footer", &[]),
    ("h1", &[]),
    ("h2", &["id"]),
    ("h3", &[]),
    ("h4", &[]),
    ("head", &[]),
    ("header", &[]),
    ("html", &["lang"]),
    ("li", &[]),
    ("link", &["href", "rel"]),
    ("main", &[]),
    ("meta", &["charset", "content", "http-equiv", "name"]),
    ("ol", &["class"]),
    ("p", &["class"]),
    ("script", &["id", "type"]),
    ("section", &["aria-label", "aria-labelledby", "class"]),
    ("span", &["class"]),
    ("style", &[]),
    ("summary", &[]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &["class"]),
    ("th", &["scope"]),
    ("thead", &[]),
    ("title", &[]),
    ("tr", &[]),
    ("ul", &["class"]),
];

/// A page of our elements alone, whose links lead to places on it and whose scripts are those of every page: its data
/// and its code.
pub fn page(text: &str) -> Vec<String> {
    let page = scraper::Html::parse_document(text);
    let found = elements(&page);
    for element in &found {
        let (name, attributes) = element.split_once(' ').unwrap();
        let known = ELEMENTS.iter().find(|(known, _)| *known == name);
        let known = known.unwrap_or_else(|| panic!("no element of ours: {element}")).1;
        assert!(attributes.split_whitespace().all(|attribute| known.contains(&attribute)), "{element}");
    }
    let count = |name: &str| found.iter().filter(|element| element.split(' ').next() == Some(name)).count();
    assert!(count("script") <= 2 && count("style") == 1 && count("link") == 1, "{found:?}");
    let links = scraper::Selector::parse("a[href]").unwrap();
    for link in page.select(&links) {
        let target = link.attr("href").unwrap();
        assert!(target.starts_with('#'), "{target}");
    }
    found
}

/// Markdown without links, images and markup of others.
pub fn markdown(text: &str) {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_GFM) {
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::FootnoteDefinition(_)) => {
                panic!("{event:?}");
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                let rest = ["<details>", "</details>", "<summary>", "</summary>"]
                    .iter()
                    .fold(html.to_string(), |rest, own| rest.replace(own, ""));
                assert!(!rest.contains('<'), "{html}");
            }
            Event::Text(text) => assert!(!text.contains('@') && !text.contains("://"), "{text}"),
            _ => {}
        }
    }
    assert!(!text.chars().any(is_hidden), "{text}");
}
