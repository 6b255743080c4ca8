use super::*;
use crate::report::document::CheckRow;
use crate::report::sample;

fn rendered(report: &Report) -> String {
    let mut out = Vec::new();
    Html.render(report, &Style { top: None, ..Style::default() }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The data that the page hands to its script.
fn embedded(page: &str) -> serde_json::Value {
    let (_, after) = page.split_once("<script type=\"application/json\" id=\"data\">").unwrap();
    serde_json::from_str(after.split_once("</script>").unwrap().0).unwrap()
}

#[test]
fn the_page_of_a_small_recording_without_a_script() {
    let style = Style { top: None, ..Style::default() };
    insta::assert_snapshot!("html", sections::all(&sample::small(), &style));
    let empty = sections::all(&sample::empty(), &style);
    assert!(empty.contains("Nothing was found that could be judged."), "{empty}");
}

#[test]
fn a_page_has_a_card_for_each_process_and_a_row_for_each_site() {
    let style = Style { top: None, ..Style::default() };
    for (name, report) in sample::all() {
        let page = sections::all(&report, &style);
        for tag in ["section", "ul", "li", "table", "tr", "details", "article", "span", "code"] {
            let opened =
                page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
            assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{name}: {tag}");
        }
        let leading = report.processes.iter().filter(|row| row.leading).count();
        assert_eq!(page.matches("<article ").count(), leading, "{name}");
        assert_eq!(page.matches("<th scope=\"row\">").count(), report.sites.len().min(25), "{name}");
        assert_eq!(page.matches("<div class=\"group\"").count(), report.groups.len(), "{name}");
    }
}

#[test]
fn a_check_says_what_came_of_it_and_a_long_list_is_folded() {
    let mut report = sample::mixed();
    report.check = Some(CheckRow { passed: false, known: 2, allowed: 0 });
    report.findings = std::iter::repeat_n(report.findings[0].clone(), 14).collect::<Vec<_>>().into();
    let page = sections::all(&report, &Style::default());
    assert!(page.contains("<p class=\"failed\">Check failed: 14 findings</p>"), "{page}");
    assert!(page.contains("<summary>4 more findings</summary>"), "{page}");
}

#[test]
fn no_name_breaks_out() {
    let mut report = sample::hostile();
    report.sites[0].site = "</script><script>alert(1)</script><!--{{script}}\u{2028}".to_owned();
    report.sites[0].code = Some("</style><img src=x onerror=alert(1)>\u{1b}[2J".to_owned());
    report.findings[0].subject = "<img src=x>".to_owned();
    let page = rendered(&report);
    for (text, times) in
        [("<script", 2), ("</script", 2), ("<style", 1), ("</style", 1), ("<img", 0), ("<!--", 0)]
    {
        assert_eq!(page.matches(text).count(), times, "{text}");
    }
    assert!(page.chars().all(|c| c == '\n' || !c.is_control()));
    assert!(!page.contains(['\u{202e}', '\u{200b}', '\u{3164}', '\u{2028}']));
    // Shown, not swallowed, in the table and to the script.
    assert!(page.contains("&lt;/script&gt;&lt;script&gt;alert(1)"));
    let names = &embedded(&page)["sites"]["names"];
    assert_eq!(names[0], "</script><script>alert(1)</script><!--{{script}}\\u{2028}");
}

#[test]
fn the_page_fetches_nothing_and_trusts_no_text() {
    for part in [FRAME, STYLE] {
        for way_out in ["src=", "@import", "url(", "href=\"http", "href=\"//"] {
            assert!(!part.contains(way_out), "{way_out}");
        }
    }
    for way in [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "fetch(",
        "import(",
        "XMLHttpRequest",
    ] {
        assert!(!SCRIPT.contains(way), "{way}");
    }
    assert!(!SCRIPT.contains("</") && !STYLE.contains("</"));
    let page = rendered(&sample::blog());
    assert!(
        page.contains("content=\"default-src 'none'; script-src 'sha256-") && !page.contains("unsafe-inline")
    );
}

#[test]
fn the_script_gets_what_the_table_says() {
    let report = sample::mixed();
    let data = embedded(&rendered(&report));
    assert_eq!(data["sites"]["names"].as_array().unwrap().len(), report.sites.len());
    assert_eq!(data["processes"].as_array().unwrap().len(), report.processes.len());
    for column in data["sites"]["columns"].as_array().unwrap() {
        assert_eq!(column["cells"]["of"].as_array().unwrap().len(), report.sites.len());
        assert_eq!(column["numbers"].as_array().unwrap().len(), report.sites.len());
    }
    let cut = {
        let mut out = Vec::new();
        Html.render(&report, &Style { top: Some(3), ..Style::default() }, &mut out).unwrap();
        embedded(&String::from_utf8(out).unwrap())
    };
    assert_eq!(cut["sites"]["names"].as_array().unwrap().len(), 3);
}

#[test]
#[allow(clippy::cast_precision_loss)]
fn a_curve_is_as_fine_as_a_screen() {
    let sums = |list: &serde_json::Value| -> Vec<f64> {
        let mut sum = 0;
        list.as_array()
            .unwrap()
            .iter()
            .map(|step| {
                sum += step.as_i64().unwrap();
                sum as f64
            })
            .collect()
    };
    let report = sample::mixed();
    let data = embedded(&rendered(&report));
    for (row, curve) in report.sites.iter().zip(data["sites"]["curves"].as_array().unwrap()) {
        let plot = row.plot.as_deref().unwrap();
        let step = curve["step"].as_f64().unwrap();
        let drawn = sums(&curve["bytes"]);
        assert_eq!(drawn.len(), plot.bytes.len());
        for (steps, bytes) in drawn.iter().zip(&plot.bytes) {
            assert!((steps * step - bytes).abs() <= step / 2.0, "{}", row.site);
        }
    }
}
