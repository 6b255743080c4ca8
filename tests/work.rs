//! Growth by the work done: a pause of the load is no end of a leak.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write as _;

use leakdiff::analysis::{Analysis, Options};
use leakdiff::error::Error;
use leakdiff::formats::{ColumnOptions, FormatOptions, WorkKey};
use leakdiff::report::document::{PerWork, WorkRow};
use leakdiff::report::{Report, Style, by_name};
use leakdiff::verdict::Verdict;

const BEGIN: u64 = 1_716_465_600; // 2024-05-23T12:00:00Z
const PATTERN: &str = r"requests=(?<n>\d+)";
/// Bytes that a leak keeps of each request.
const KEPT: u64 = 12_288;

/// The requests of each of 80 minutes.
type Load = fn(u64) -> u64;

fn steady(minute: u64) -> u64 {
    100 + minute * 37 % 41
}

/// A load that ends after 45 minutes.
fn paused(minute: u64) -> u64 {
    if minute < 45 { steady(minute) } else { 0 }
}

/// What is kept of all requests so far, in bytes.
type Kept = fn(u64) -> u64;

fn leak(requests: u64) -> u64 {
    requests * KEPT
}

fn cache(requests: u64) -> u64 {
    requests.min(2000) * KEPT
}

fn nothing(_: u64) -> u64 {
    0
}

/// The minute, the requests so far, and the memory in kB, of 80 samples.
fn samples(load: Load, kept: Kept) -> Vec<(u64, u64, u64)> {
    let mut requests = 0;
    (0..80)
        .map(|minute| {
            requests += load(minute);
            (minute, requests, 90_000 + kept(requests) / 1024 + [0, 4, 8, 4][minute as usize % 4])
        })
        .collect()
}

/// A log that has both, in lines of their own.
fn log(load: Load, kept: Kept) -> String {
    let mut text = String::new();
    for (minute, requests, size) in samples(load, kept) {
        let at = BEGIN + 60 * minute;
        let _ = writeln!(text, "{at} INFO served requests={requests}\n{at} INFO RssAnon: {size} kB");
    }
    text
}

fn analysed(texts: &[String], per: &str) -> Result<Report, Error> {
    let key = WorkKey::parse(per).unwrap();
    let columns = ColumnOptions { work: key.column().cloned(), ..ColumnOptions::default() };
    let reading = FormatOptions { columns, work: Some(key), ..FormatOptions::default() };
    let mut analysis = Analysis::new(Options { reading, check: true, ..Options::default() }).unwrap();
    for (number, text) in texts.iter().enumerate() {
        analysis.add(&format!("{number}.log"), text, text.len() as u64)?;
    }
    analysis.finish()
}

/// The growth of the first process by its work.
fn work(report: &Report) -> &WorkRow {
    match report.processes[0].per_work.as_ref().unwrap() {
        PerWork::Known(row) => row,
        PerWork::Unknown(reason) => panic!("{}", reason.text),
    }
}

fn unknown(report: &Report) -> String {
    match report.processes[0].per_work.as_ref().unwrap() {
        PerWork::Unknown(reason) => {
            serde_json::to_value(reason).unwrap()["code"].as_str().unwrap().to_owned()
        }
        PerWork::Known(row) => panic!("{row:?}"),
    }
}

#[test]
fn growth_is_judged_by_the_work_beside_the_time() {
    use Verdict::{Growing, Settled, Steady};
    for (load, kept, in_time, by_work, judged) in [
        (steady as Load, leak as Kept, Growing, Growing, Growing),
        // The load ends, and in time nothing tells it from a cache that is full.
        (paused, leak, Settled, Growing, Growing),
        (steady, cache, Settled, Settled, Settled),
        (paused, cache, Settled, Settled, Settled),
        (paused, nothing, Steady, Steady, Steady),
    ] {
        let text = log(load, kept);
        let report = analysed(std::slice::from_ref(&text), PATTERN).unwrap();
        let row = work(&report);
        let alone = {
            let mut analysis = Analysis::new(Options::default()).unwrap();
            analysis.add("0.log", &text, text.len() as u64).unwrap();
            analysis.finish().unwrap()
        };
        assert_eq!(alone.processes[0].trend.verdict, in_time);
        assert_eq!((row.trend.verdict, report.processes[0].trend.verdict), (by_work, judged));
        assert_eq!(row.in_time.as_ref().map(|trend| trend.verdict), (in_time != judged).then_some(in_time));
        assert_eq!(report.findings.is_empty(), judged != Growing, "{:?}", report.findings);
        if by_work == Growing {
            let slope = row.trend.slope.unwrap();
            let kept = KEPT as f64;
            assert!((slope.value / kept - 1.0).abs() < 0.02, "{slope:?}");
            assert!(slope.low.unwrap() < kept && kept < slope.high.unwrap(), "{slope:?}");
        }
    }
}

#[test]
fn a_leak_that_pauses_with_its_load_says_so() {
    let report = analysed(&[log(paused, leak)], PATTERN).unwrap();
    for (format, words) in [
        ("table", ["RssAnon grows 11.9 KiB a request", "by time it does not", "in time it is settled"]),
        ("markdown", ["RssAnon grows 11.9 KiB a request", "by time it does not", "in time it is settled"]),
        ("html", ["RssAnon grows 11.9 KiB a request", "by time it does not", "in time it is settled"]),
        ("json", ["\"unit\": \"request\"", "\"bytes/work\"", "\"grew-with-work\""]),
    ] {
        let mut out = Vec::new();
        by_name(format)
            .unwrap()
            .render(&report, &Style { width: 400, ..Style::default() }, &mut out)
            .unwrap();
        let text = String::from_utf8(out).unwrap();
        words.iter().for_each(|word| assert!(text.contains(word), "{format}: {word}: {text}"));
    }
    // A date would be one of an even load.
    assert!(report.processes[0].forecast.is_none());
}

#[test]
fn the_count_may_stand_anywhere() {
    let all = samples(paused, leak);
    let join = |line: fn(&(u64, u64, u64)) -> String| -> String { all.iter().map(line).collect() };
    let memory = join(|(minute, _, size)| format!("{}\nRssAnon: {size} kB\n", BEGIN + 60 * minute));
    let access = join(|(minute, requests, _)| format!("{} requests={requests}\n", BEGIN + 60 * minute));
    let both = join(|(minute, requests, size)| {
        format!("{} requests={requests} RssAnon: {size} kB\n", BEGIN + 60 * minute)
    });
    let table = "time,rss_kib,requests\n".to_owned()
        + &join(|(minute, requests, size)| format!("{},{size},{requests}\n", BEGIN + 60 * minute));
    let json = join(|(minute, requests, size)| {
        format!("{{\"time\":{},\"rss_kib\":{size},\"requests\":{requests}}}\n", BEGIN + 60 * minute)
    });
    let mut before = 0;
    let more: String = all
        .iter()
        .map(|(minute, requests, size)| {
            let more = requests - std::mem::replace(&mut before, *requests);
            format!("{} {more} requests\nRssAnon: {size} kB\n", BEGIN + 60 * minute)
        })
        .collect();
    // The counter began anew with each restart of the server in front.
    let anew = join(|(minute, requests, size)| {
        format!("{} requests={} RssAnon: {size} kB\n", BEGIN + 60 * minute, requests % 3000)
    });
    for (what, texts, per) in [
        ("a log of its own", vec![memory.clone(), access], PATTERN),
        ("the line of the memory", vec![both], PATTERN),
        ("a column", vec![table], "requests"),
        ("a key of JSON lines", vec![json], "requests"),
        ("what was added", vec![more], r"(?<more>\d+) requests"),
        ("a counter that begins anew", vec![anew], PATTERN),
    ] {
        let report = analysed(&texts, per).unwrap();
        let place = report.processes.iter().position(|row| row.per_work.is_some()).unwrap();
        assert_eq!(report.processes.len(), 1, "{what}");
        let row = match report.processes[place].per_work.as_ref().unwrap() {
            PerWork::Known(row) => row,
            PerWork::Unknown(reason) => panic!("{what}: {}", reason.text),
        };
        assert_eq!((row.trend.verdict, row.unit.as_str()), (Verdict::Growing, "request"), "{what}");
        let rate = row.trend.slope.unwrap().value / KEPT as f64;
        assert!((rate - 1.0).abs() < 0.05, "{what}: {rate}");
    }
}

#[test]
fn what_is_not_counted_is_never_passed_over() {
    let text = log(paused, leak);
    // No line matches, and no table has the column.
    for per in [r"jobs=(?<n>\d+)", "jobs"] {
        let error = analysed(std::slice::from_ref(&text), per).unwrap_err().to_string();
        assert!(error.starts_with("--per: expected lines that match"), "{error}");
    }
    let untimed: String =
        (0..80).map(|k| format!("requests={}\nRssAnon: {} kB\n", 100 * k, 90_000 + k)).collect();
    let counter = |begin: u64| -> String {
        (0..80).map(|k| format!("{} requests={}\n", begin + 60 * k, 100 * k)).collect()
    };
    let memory: String =
        (0..80).map(|k| format!("{}\nRssAnon: {} kB\n", BEGIN + 60 * k, 90_000 + 8 * (k % 2))).collect();
    let idle: String = (0..80).map(|k| format!("{} requests=7\n", BEGIN + 60 * k)).collect();
    for (code, texts) in [
        ("no-times", vec![untimed]),
        ("no-overlap", vec![memory.clone(), counter(BEGIN + 86_400)]),
        ("several-counters", vec![memory.clone(), counter(BEGIN), counter(BEGIN + 30)]),
        ("none-done", vec![memory.clone(), idle]),
    ] {
        let report = analysed(&texts, PATTERN).unwrap();
        assert_eq!(unknown(&report), code);
        // A check does not pass on what it was asked for and could not do.
        let findings: Vec<&str> = report.findings.iter().map(|finding| finding.message.as_str()).collect();
        assert!(
            findings.iter().any(|text| text.contains("growth by work is unknown")),
            "{code}: {findings:?}"
        );
    }
}
