//! One difference and a number of iterations: what each iteration keeps, in every output that lists sites.
#![allow(clippy::unwrap_used)]

use leakdiff::analysis::{Analysis, Options};
use leakdiff::error::Error;
use leakdiff::report::{Report, Style, by_name};

/// The list of one `compare_to`: a site's size, change, count and change of count.
const DIFFERENCE: &str = "\
/srv/app/api.py:52: size=1651 KiB (+1641 KiB), count=20010 (+20000), average=84 B
/srv/app/cache.py:9: size=90.0 KiB (+420 B), count=900 (+42), average=102 B
/srv/app/done.py:3: size=10.0 KiB (-4000 B), count=90 (-100), average=113 B
";

/// Snapshots of the same sites in full, before and after.
const BEFORE: &str = "\
/srv/app/config.py:3: size=80.0 KiB, count=700, average=117 B
/srv/app/routes.py:8: size=40.0 KiB, count=400, average=102 B
/srv/app/api.py:52: size=10240 B, count=10, average=1024 B
/srv/app/main.py:2: size=56 B, count=1, average=56 B
";
const AFTER: &str = "\
/srv/app/api.py:52: size=1690240 B, count=20010, average=84 B
/srv/app/config.py:3: size=80.0 KiB, count=700, average=117 B
/srv/app/routes.py:8: size=40.0 KiB, count=400, average=102 B
/srv/app/cache.py:9: size=420 B, count=42, average=10 B
/srv/app/main.py:2: size=56 B, count=1, average=56 B
";

fn analysed(texts: &[&str], iterations: Option<u64>) -> Result<Report, Error> {
    let mut analysis = Analysis::new(Options { iterations, ..Options::default() }).unwrap();
    for (number, text) in texts.iter().enumerate() {
        analysis.add(&format!("{number}.txt"), text, text.len() as u64).unwrap();
    }
    analysis.finish()
}

fn drawn(report: &Report, format: &str) -> String {
    let mut out = Vec::new();
    by_name(format).unwrap().render(report, &Style { width: 200, ..Style::default() }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Each site with the bytes and blocks of an iteration.
fn per_iteration(report: &Report) -> Vec<(&str, f64, f64)> {
    let of = |row: &leakdiff::report::document::SiteRow| {
        row.per_iteration.as_ref().map(|each| (each.bytes.unwrap(), each.blocks.unwrap()))
    };
    let mut rows: Vec<_> = report
        .sites
        .iter()
        .filter_map(|row| of(row).map(|(bytes, blocks)| (row.site.as_str(), bytes, blocks)))
        .filter(|(_, bytes, _)| *bytes != 0.0)
        .collect();
    rows.sort_by(|a, b| a.0.cmp(b.0));
    rows
}

#[test]
fn a_difference_is_divided_by_its_iterations() {
    let found = analysed(&[DIFFERENCE], Some(10_000)).unwrap();
    let rows = per_iteration(&found);
    assert_eq!(rows.len(), 3);
    assert!((rows[0].1 - 1641.0 * 1024.0 / 10_000.0).abs() < 0.01 && rows[0].2 == 2.0, "{rows:?}");
    assert_eq!((rows[1].1, rows[1].2), (0.042, 0.0042));
    assert_eq!((rows[2].1, rows[2].2), (-0.4, -0.01));
}

#[test]
fn two_snapshots_are_a_difference_too() {
    let found = analysed(&[BEFORE, AFTER], Some(10_000)).unwrap();
    assert_eq!(
        per_iteration(&found),
        [("/srv/app/api.py:52", 168.0, 2.0), ("/srv/app/cache.py:9", 0.042, 0.0042)]
    );
    for format in ["table", "markdown", "html"] {
        let text = drawn(&found, format);
        assert!(text.contains("an iteration") && text.contains("2.0 blocks, 168 B"), "{format}: {text}");
        assert!(text.contains("0.0042 blocks, 0.04 B"), "{format}: {text}");
    }
    assert!(drawn(&found, "csv").lines().nth(1).unwrap().ends_with(",168.0,2.0"), "{}", drawn(&found, "csv"));
    let json: serde_json::Value = serde_json::from_str(&drawn(&found, "json")).unwrap();
    let expected = serde_json::json!({"iterations": 10_000, "bytes": 168.0, "blocks": 2.0});
    assert_eq!(json["sites"][0]["per_iteration"], expected);
    // Without a number nothing is said.
    let without = analysed(&[BEFORE, AFTER], None).unwrap();
    assert_eq!(per_iteration(&without), []);
    assert!(!drawn(&without, "table").contains("iteration"));
    assert!(!drawn(&without, "json").contains("iteration"));
}

#[test]
fn a_number_of_iterations_needs_one_difference() {
    for (texts, found) in [
        (&[BEFORE][..], "1 snapshot"),
        (&[BEFORE, AFTER, AFTER], "3 snapshots"),
        (&["RssAnon: 9000 kB\nRssAnon: 9004 kB\n"], "0 snapshots"),
    ] {
        let error = analysed(texts, Some(10)).unwrap_err().to_string();
        assert!(error.contains("--iterations") && error.ends_with(found), "{error}");
    }
}
