use proptest::prelude::*;

use super::*;
use crate::analysis::{Analysis, Options};
use crate::report::Style;

const LOG: &str = include_str!("../../fixtures/recordings/openstack-atexit/diff.log");

fn side(name: &str, log: &str) -> Side {
    let mut analysis = Analysis::new(Options::default()).unwrap();
    analysis.add(name, log, log.len() as u64).unwrap();
    Side::of(name, &analysis.finish().unwrap())
}

/// A dump of 30 snapshots: for each site its name, its first number of blocks, and how many it gains in each step.
fn dump(sites: &[(&str, u64, u64)]) -> String {
    (0..30)
        .map(|k| {
            let wobble = [0, 2, 1, 3, 0, 1][k as usize % 6];
            let mut lines: Vec<(u64, String)> = sites
                .iter()
                .map(|(name, first, gains)| {
                    let blocks = first + gains * k + if *gains > 0 { wobble } else { 0 };
                    let size = blocks * 100;
                    (size, format!("{name}: size={size} B, count={blocks}, average=100 B\n"))
                })
                .collect();
            lines.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
            lines.into_iter().map(|(_, line)| line).collect::<String>() + "\n"
        })
        .collect()
}

fn words(comparison: &Comparison) -> Vec<(&str, &'static str)> {
    let mut words: Vec<_> =
        comparison.changes.iter().map(|c| (c.name.as_str(), c.direction.as_str())).collect();
    words.sort_unstable();
    words
}

/// A recording of several processes that run the same code: of each its name, and how many blocks its site gains.
fn processes(name: &str, of_each: &[(&str, u64)]) -> Side {
    let mut analysis = Analysis::new(Options::default()).unwrap();
    for (process, gain) in of_each {
        let mut log = String::new();
        for (k, snapshot) in
            dump(&[("/srv/a.py:1", 50, *gain), ("/srv/b.py:2", 900, 0)]).split("\n\n").enumerate()
        {
            log += &format!("{}\n{snapshot}\n\n", 1_716_465_395 + 600 * k);
        }
        analysis.add(process, &log, log.len() as u64).unwrap();
    }
    Side::of(name, &analysis.finish().unwrap())
}

#[test]
fn sites_of_several_processes_that_have_one_name_are_compared_one_by_one() {
    for (before, after, expected) in [
        (&[("a", 9), ("b", 20)][..], &[("a", 9), ("b", 20)][..], &["unchanged", "unchanged"][..]),
        (&[("a", 9), ("b", 20)], &[("c", 20), ("d", 9)], &["unchanged", "unchanged"]),
        (&[("a", 9), ("b", 20)], &[("a", 9), ("b", 60)], &["faster", "unchanged"]),
        (&[("a", 9), ("b", 20)], &[("b", 20)], &["gone", "unchanged"]),
        (&[("a", 9)], &[("a", 9), ("b", 12)], &["new", "unchanged"]),
    ] {
        let comparison = compare(&processes("before", before), &processes("after", after));
        let of_site = comparison.changes.iter().filter(|change| change.name == "/srv/a.py:1");
        let mut found: Vec<&str> = of_site.map(|change| change.direction.as_str()).collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{before:?} and {after:?}");
    }
}

fn before() -> Side {
    side(
        "before",
        &dump(&[
            ("/srv/a.py:1", 50, 8),
            ("/srv/b.py:2", 90, 9),
            ("/srv/c.py:3", 700, 0),
            ("/srv/d.py:40", 9, 5),
            ("/srv/e.py:5", 30, 6),
        ]),
    )
}

fn after() -> Side {
    side(
        "after",
        &dump(&[
            ("/srv/a.py:1", 50, 30),
            ("/srv/b.py:2", 90, 9),
            ("/srv/c.py:3", 700, 7),
            ("/srv/d.py:44", 9, 5),
            ("/srv/e.py:5", 30, 0),
            ("/srv/new.py:6", 20, 4),
        ]),
    )
}

#[test]
fn each_change_has_its_word() {
    let found = compare(&before(), &after());
    assert_eq!(
        words(&found),
        [
            ("/srv/a.py:1", "faster"),
            ("/srv/b.py:2", "unchanged"),
            ("/srv/c.py:3", "started"),
            ("/srv/d.py:44", "unchanged"),
            ("/srv/e.py:5", "stopped"),
            ("/srv/new.py:6", "new"),
        ]
    );
    let moved = found.changes.iter().find(|c| c.name == "/srv/d.py:44").unwrap();
    assert_eq!(moved.moved_from.as_deref(), Some("/srv/d.py:40"));
    // The other way round everything is the other way round.
    assert_eq!(
        words(&compare(&after(), &before())),
        [
            ("/srv/a.py:1", "slower"),
            ("/srv/b.py:2", "unchanged"),
            ("/srv/c.py:3", "stopped"),
            ("/srv/d.py:40", "unchanged"),
            ("/srv/e.py:5", "started"),
            ("/srv/new.py:6", "gone"),
        ]
    );
}

/// A report of 40 samples, ten minutes apart, of resident anonymous memory in kB.
fn report(size: fn(u64) -> u64) -> Side {
    let line = |k: u64| format!("{}\nRssAnon:\t{} kB\n", 1_716_465_600 + 600 * k, size(k));
    let text: String = (0..40).map(line).collect();
    side("report", &text)
}

fn wobble(k: u64) -> u64 {
    [0, 4, 8, 4][k as usize % 4]
}

#[test]
fn the_outlook_decides_and_not_the_rate_of_a_fill() {
    let settled = || report(|k| 90_000 + 9000 * k.min(8) + wobble(k));
    let slow = || report(|k| 90_000 + 30 * k + wobble(k));
    let fast = || report(|k| 90_000 + 900 * k + wobble(k));
    let steady = || report(|k| 90_000 + wobble(k));
    let state = |side: &Side| side.processes[0].verdict;
    use crate::verdict::Verdict;
    assert_eq!(
        [&settled(), &slow(), &fast(), &steady()].map(state),
        [Verdict::Settled, Verdict::Growing, Verdict::Growing, Verdict::Steady]
    );
    for (before, after, word, sentence) in [
        // The fill was three hundred times as fast as the leak.
        (settled(), slow(), "started", "RssAnon had settled at 158 MiB, now grows 181 KiB/h"),
        (steady(), fast(), "started", "RssAnon was steady at 87.9 MiB, now grows 5.27 MiB/h"),
        (fast(), settled(), "stopped", "RssAnon grew 5.27 MiB/h, now settles at 158 MiB"),
        (slow(), fast(), "faster", "RssAnon grew 181 KiB/h, now grows 5.27 MiB/h"),
        (fast(), slow(), "slower", "RssAnon grew 5.27 MiB/h, now grows 181 KiB/h"),
        (settled(), steady(), "unchanged", ""),
        (steady(), settled(), "unchanged", ""),
        (fast(), fast(), "unchanged", ""),
    ] {
        let found = compare(&before, &after);
        assert_eq!(words(&found), [("RssAnon", word)], "{sentence}");
        let table = rendered(&found, "table", 120);
        assert!(table.contains(sentence), "{table}");
    }
}

/// The two halves of a log, cut between two of its snapshots.
fn halves(log: &str) -> (String, String) {
    let stamps: Vec<&str> = log.lines().filter_map(|line| line.get(..16)).collect();
    let mut distinct: Vec<&str> = stamps.clone();
    distinct.dedup();
    let middle = distinct[distinct.len() / 2];
    let cut = log.find(middle).unwrap();
    (log[..cut].to_owned(), log[cut..].to_owned())
}

#[test]
fn the_halves_of_one_leak_are_one_leak() {
    let (first, second) = halves(LOG);
    let (first, second) = (side("first half", &first), side("second half", &second));
    let found = compare(&first, &second);
    assert!(found.changes.len() >= 7, "{}", found.changes.len());
    for change in &found.changes {
        assert!(matches!(change.direction, Direction::Unchanged | Direction::Unclear), "{change:?}");
    }
    let mut out = Vec::new();
    render(&found, "table", &Style::default(), &mut out).unwrap().unwrap();
    assert!(String::from_utf8(out).unwrap().starts_with("No change"));
}

#[test]
fn a_doubled_rate_is_found() {
    let whole = side("before", LOG);
    let mut doubled = whole.clone();
    for row in &mut doubled.sites {
        row.rate = row.rate.map(|rate| rate.per(rate.unit, 2.0));
    }
    let found = compare(&whole, &doubled);
    let faster = found.changes.iter().filter(|c| c.direction == Direction::Faster).count();
    assert_eq!(faster, 7, "{:?}", words(&found));
}

#[test]
fn what_is_unclear_is_counted_and_is_no_change() {
    let few = || {
        let line = |k: u64| format!("{}\nRssAnon:\t{} kB\n", 1_716_465_600 + 600 * k, 90_000 + 40 * k);
        side("few", &(0..4).map(line).collect::<String>())
    };
    let steady = || report(|k| 90_000 + wobble(k));
    let slow = || report(|k| 90_000 + 9 * k + wobble(k));
    for (before, after, answer) in [
        (few(), steady(), "Unclear: all of 1 series compared"),
        (steady(), few(), "Unclear: all of 1 series compared"),
        (few(), slow(), "Unclear: all of 1 series compared"),
        // Growth that is beyond all that the unclear side may have is worse.
        (few(), report(|k| 90_000 + 90_000 * k + wobble(k)), "1 faster of 1 series"),
    ] {
        let table = rendered(&compare(&before, &after), "table", 120);
        assert!(table.starts_with(answer), "{table}");
    }
}

#[test]
fn what_a_cut_list_does_not_show_is_unknown() {
    let (mut b, mut a) = (before(), after());
    (b.cut_lists, a.cut_lists) = (true, true);
    assert!(words(&compare(&b, &a)).contains(&("/srv/new.py:6", "unclear")));
    assert!(words(&compare(&a, &b)).contains(&("/srv/new.py:6", "unclear")));
}

fn rendered(found: &Comparison, format: &str, width: usize) -> String {
    let style = Style { width, ..Style::default() };
    let mut out = Vec::new();
    render(found, format, &style, &mut out).unwrap().unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_table_of_a_comparison() {
    let found = compare(&before(), &after());
    insta::assert_snapshot!("table", rendered(&found, "table", 80));
    for width in 80..=120 {
        let text = rendered(&found, "table", width);
        assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
    }
}

#[test]
fn every_output_has_every_change() {
    let found = compare(&before(), &after());
    let document: serde_json::Value = serde_json::from_str(&rendered(&found, "json", 80)).unwrap();
    assert_eq!(document["schema"], SCHEMA);
    let changes = document["changes"].as_array().unwrap();
    let csv = rendered(&found, "csv", 80);
    let mut reader = ::csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let markdown = rendered(&found, "markdown", 80);
    let html = rendered(&found, "html", 80);
    assert_eq!((changes.len(), rows.len()), (found.changes.len(), found.changes.len()));
    for ((change, json), row) in found.changes.iter().zip(changes).zip(&rows) {
        let (name, word) = (change.name.as_str(), change.direction.as_str());
        assert_eq!((json["name"].as_str(), json["direction"].as_str()), (Some(name), Some(word)));
        assert_eq!((&row[2], &row[1]), (name, word));
        let expected = change.direction != Direction::Unchanged;
        assert_eq!(markdown.contains(name), expected, "{name}: {markdown}");
        assert!(html.contains(&format!("<td>{word}</td>")) && html.contains(name), "{html}");
    }
    assert!(render(&found, "junit", &Style::default(), &mut Vec::new()).is_none());
}

#[test]
fn a_report_of_another_schema_is_refused() {
    for (text, message) in [
        ("{}", "this is no report of leakdiff: missing field `schema`"),
        (
            r#"{"schema": "leakdiff/9", "recording": {"snapshots": 1, "duration_seconds": null}, "processes": [], "sites": []}"#,
            "expected a report of schema leakdiff/2, found \"leakdiff/9\"",
        ),
        (
            r#"{"schema": "leakdiff/1", "recording": {}}"#,
            "expected a report of schema leakdiff/2, found \"leakdiff/1\"; write it again from its recording",
        ),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.starts_with(message), "{error}");
    }
}

/// The schema in docs/ is made from these types: `UPDATE_SCHEMA=1 cargo test schema` updates it.
#[test]
fn the_schema_in_the_docs_is_that_of_the_types() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/comparison.schema.json");
    let schema = serde_json::to_string_pretty(&schemars::schema_for!(Comparison)).unwrap() + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(path, &schema).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), schema);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_recording_is_like_itself(sites in prop::collection::vec((10..900_u64, 0..20_u64), 1..8)) {
        let names: Vec<String> = (0..sites.len()).map(|i| format!("/srv/{i}.py:{}", i + 1)).collect();
        let rows: Vec<_> = names.iter().zip(&sites).map(|(name, (first, gains))| (name.as_str(), *first, *gains)).collect();
        let one = side("one", &dump(&rows));
        let found = compare(&one, &one);
        prop_assert_eq!(found.changes.len(), sites.len());
        for change in &found.changes {
            prop_assert!(matches!(change.direction, Direction::Unchanged | Direction::Unclear), "{:?}", change);
        }
    }
}
