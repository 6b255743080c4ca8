//! Recordings of a program that leaks and of one that does not, by many tools: the leak is growing, at its rate, and
//! the control is not. They are no part of this repository; without them the test says so and ends.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/recorders");

/// Bytes that the leaking program keeps each second, or for each sample of a recording from within. Its resident
/// memory grows by 3 % more: each of its allocations has a header.
const LEAK: f64 = 204_800.0;
/// The same of the program that leaks fifty times as much.
const LARGE_LEAK: f64 = 10_240_000.0;
/// Bytes a second of the service in a container.
const CONTAINER_LEAK: f64 = 3.0 * 1_048_576.0 / 3600.0;
/// A rate may differ from the truth by this share.
const TOLERANCE: f64 = 0.05;

/// A recording, the words that name the series of the leak, its rate, and the words that name the control.
struct Pair {
    path: &'static str,
    options: &'static [&'static str],
    leak: Option<(&'static str, f64)>,
    control: Option<&'static str>,
}

const fn pair(path: &'static str, leak: &'static str, rate: f64, control: &'static str) -> Pair {
    Pair { path, options: &[], leak: Some((leak, rate)), control: Some(control) }
}

const fn leak(path: &'static str, name: &'static str, rate: f64) -> Pair {
    Pair { path, options: &[], leak: Some((name, rate)), control: None }
}

const fn control(path: &'static str, name: &'static str) -> Pair {
    Pair { path, options: &[], leak: None, control: Some(name) }
}

const fn with(options: &'static [&'static str], pair: Pair) -> Pair {
    Pair { options, ..pair }
}

/// The recordings of some 40 samples or more of a process or its container, tool by tool.
const PAIRS: &[Pair] = &[
    pair("ps/ps-o-date.txt", "leaky.py RSS", LEAK, "healthy.py RSS"),
    with(&["--value-unit", "KiB"], leak("ps/ps-rss-epoch.txt", "memory", LEAK)),
    leak("ps/macos-ps-aux-loop.txt", "RSS", CONTAINER_LEAK),
    pair("top/top-b.txt", "4103 RES", LEAK, "4104 RES"),
    pair("top/top-b-midnight.txt", "5204 RES", LARGE_LEAK, "5205 RES"),
    pair("pidstat/pidstat-r.txt", "4103 RSS", LEAK, "4104 RSS"),
    pair("pidstat/pidstat-r-h.txt", "4103 RSS", LEAK, "4104 RSS"),
    pair("pidstat/pidstat-r-H.txt", "4103 RSS", LEAK, "4104 RSS"),
    pair("pidstat/pidstat-rud-h.txt", "4103 RSS", LEAK, "4104 RSS"),
    pair("pidstat/pidstat-human.txt", "4103 RSS", LEAK, "4104 RSS"),
    pair("pidstat/pidstat-iso.txt", "4103 RSS", LEAK, "4104 RSS"),
    pair("pidstat/pidstat-de.txt", "4103 RSS", LEAK, "4104 RSS"),
    leak("pmap/pmap-x-total.txt", "RSS", LEAK),
    leak("proc/smaps_rollup.txt", "Rss", LEAK),
    with(&["--value-unit", "pages"], leak("proc/statm-nodate.txt", "resident", LEAK)),
    with(&["--value-unit", "pages"], leak("proc/statm-epoch.txt", "resident", LEAK)),
    with(&["--value-unit", "KiB"], leak("proc/status-awk-epoch.csv", "memory", LEAK)),
    with(&["--value-unit", "B"], leak("cgroup/cgroup1-usage-epoch.txt", "memory", LARGE_LEAK)),
    with(&["--value-unit", "B"], leak("cgroup/cgroup2-memory.current-loop.txt", "memory", CONTAINER_LEAK)),
    leak("mprof/mprof-leaky.dat", "MEM", LEAK),
    control("mprof/mprof-healthy.dat", "MEM"),
    pair("mprof/mprof-multiprocess.dat", "6146 CHLD", LEAK, "6148 CHLD"),
    pair("mprof/mprof-both.dat", "6140 CHLD", LEAK, "6141 CHLD"),
    leak("psrecord/psrecord-leaky.txt", "Real", LEAK),
    control("psrecord/psrecord-healthy.txt", "Real"),
    // Recorded from within: exact for each sample, which came late.
    leak("psutil/memory_info-dict-leaky.txt", "rss", LEAK),
    control("psutil/rss-MB-log-healthy.txt", "RSS"),
    leak("resource/ru_maxrss-leaky.txt", "Memory usage", LEAK),
    control("resource/ru_maxrss-healthy.txt", "Memory usage"),
    pair("prometheus/query_range-rss.json", "leaky process_resident", LEAK, "healthy process_resident"),
    pair(
        "prometheus/promtool-query-instant-range.txt",
        "leaky process_resident",
        LEAK,
        "healthy process_resident",
    ),
    pair("prometheus/promtool-tsdb-dump.txt", "leaky process_resident", LEAK, "healthy process_resident"),
    leak("prometheus/metrics-grep-loop.txt", "process_resident", LEAK),
    pair("prometheus/grafana-export.csv", "shop-api-1 memory", CONTAINER_LEAK, "shop-worker-1 memory"),
    pair(
        "containers/docker-stats-loop-date.txt",
        "shop-api-1 MEM USAGE",
        CONTAINER_LEAK,
        "shop-worker-1 MEM USAGE",
    ),
    pair(
        "containers/docker-stats-format-table.txt",
        "shop-api-1 MEM USAGE",
        CONTAINER_LEAK,
        "shop-db-1 MEM USAGE",
    ),
    pair(
        "containers/podman-stats-loop.txt",
        "shop-api-1 MEM USAGE",
        CONTAINER_LEAK,
        "shop-worker-1 MEM USAGE",
    ),
    pair("containers/crictl-stats-loop.txt", "api MEM USAGE", CONTAINER_LEAK, "worker MEM USAGE"),
    pair(
        "containers/kubectl-top-pod-loop.txt",
        "shop-api-6d9c7b5f4-x2k8q MEMORY",
        CONTAINER_LEAK,
        "shop-db-0 MEMORY",
    ),
    leak("windows/typeperf.csv", "Working Set", CONTAINER_LEAK),
    leak("csv/time-rss-mb.csv", "rss_mb", LEAK),
    leak("csv/epoch-kb.tsv", "rss_kb", LEAK),
    pair("csv/pods-wide.csv", "api-1", LEAK, "api-2"),
    with(&["--value-unit", "B"], leak("csv/no-header.csv", "memory", LEAK)),
    leak("csv/rss.jsonl", "rss", LEAK),
    leak("csv/gaps-nan.csv", "rss_bytes", LEAK),
];

/// Returns the first series with all of some words in its name and metric.
fn series<'d>(document: &'d Value, words: &str) -> Option<&'d Value> {
    let name = |row: &Value| {
        format!("{} {}", row["process"].as_str().unwrap_or(""), row["metric"].as_str().unwrap_or(""))
    };
    let has = |row: &&Value| words.split(' ').all(|word| name(row).contains(word));
    document["processes"].as_array()?.iter().find(has)
}

#[test]
fn each_tool_shows_the_leak_at_its_rate_and_none_in_the_control() {
    if !Path::new(ROOT).exists() {
        eprintln!("skipped: {ROOT} is missing");
        return;
    }
    let mut wrong = Vec::new();
    println!("| recording | samples | leak | rate ÷ truth | control |\n|---|---|---|---|---|");
    for Pair { path, options, leak, control } in PAIRS {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leakdiff"));
        command.args(["--no-config", "--format", "json"]).args(*options).arg(format!("{ROOT}/{path}"));
        let output = command.output().unwrap();
        let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let verdict = |row: &Value| row["trend"]["verdict"].as_str().unwrap_or("none").to_owned();
        let (mut of_leak, mut share, mut samples) = ("-".to_owned(), "-".to_owned(), "-".to_owned());
        if let Some((words, truth)) = leak {
            let row = series(&document, words).cloned().unwrap_or_default();
            let rate = row["trend"]["slope"]["value"].as_f64().unwrap_or(0.0) / truth;
            (of_leak, share, samples) = (verdict(&row), format!("{rate:.3}"), row["samples"].to_string());
            if of_leak != "growing" || (rate - 1.0).abs() > TOLERANCE {
                wrong.push(format!("{path}: {words} is {of_leak} at {share} of the truth"));
            }
        }
        let of_control = control.map_or("-".to_owned(), |words| {
            let row = series(&document, words).cloned().unwrap_or_default();
            let found = verdict(&row);
            if !matches!(found.as_str(), "settled" | "steady") {
                wrong.push(format!("{path}: {words} is {found}"));
            }
            found
        });
        println!("| {path} | {samples} | {of_leak} | {share} | {of_control} |");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A type, its growth from one snapshot to the next, and the unit of that.
type LeakingType = (&'static str, f64, &'static str);

/// The censuses of the two programs: the first site of the leaking one is this type, which grows by so many of its unit
/// from one snapshot to the next.
const CENSUSES: &[(&str, Option<LeakingType>)] = &[
    ("gc/gc-types-counter-leaky.txt", Some(("list", 15.0, "objects/snapshot"))),
    ("gc/gc-types-counter-healthy.txt", None),
    ("objgraph/show_growth-leaky.txt", Some(("Session", 15.0, "objects/snapshot"))),
    ("objgraph/show_growth-healthy.txt", None),
    ("objgraph/show_most_common_types-leaky.txt", Some(("Session", 15.0, "objects/snapshot"))),
    ("objgraph/growth-loglist-healthy.txt", None),
    ("pympler/SummaryTracker-print_diff-leaky.txt", Some(("bytes", 1_024_000.0, "bytes/snapshot"))),
    ("pympler/SummaryTracker-print_diff-healthy.txt", None),
    ("pympler/muppy-summary-leaky.txt", Some(("bytes", 1_024_000.0, "bytes/snapshot"))),
    ("pympler/ClassTracker-summary-healthy.txt", None),
    ("guppy/heap-leaky.txt", Some(("bytes", 1_024_000.0, "bytes/snapshot"))),
    ("guppy/heap-healthy.txt", None),
    ("guppy/heap-setrelheap-leaky.txt", Some(("bytes", 1_024_000.0, "bytes/snapshot"))),
    ("guppy/heap-setrelheap-healthy.txt", None),
    ("guppy/stat-dump-leaky.hpy", Some(("bytes", 1_024_000.0, "bytes/snapshot"))),
    ("guppy/stat-dump-healthy.hpy", None),
];

#[test]
fn each_census_has_the_leaking_type_first_and_none_in_the_control() {
    if !Path::new(ROOT).exists() {
        eprintln!("skipped: {ROOT} is missing");
        return;
    }
    let mut wrong = Vec::new();
    println!("| recording | snapshots | first site | verdict | rate ÷ truth |\n|---|---|---|---|---|");
    for (path, leak) in CENSUSES {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leakdiff"));
        command.args(["--no-config", "--format", "json"]).arg(format!("{ROOT}/{path}"));
        let document: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap_or_default();
        let (first, snapshots) = (&document["sites"][0], &document["recording"]["snapshots"]);
        let (verdict, slope) = (&first["trend"]["verdict"], &first["trend"]["slope"]);
        let rate = leak.map(|(_, truth, _)| slope["value"].as_f64().unwrap_or(0.0) / truth);
        let shown = rate.map_or("-".to_owned(), |rate| format!("{rate:.3}"));
        println!("| {path} | {snapshots} | {} | {verdict} | {shown} |", first["site"]);
        let right = match leak {
            Some((site, _, unit)) => {
                first["site"] == *site
                    && verdict == "growing"
                    && slope["unit"] == *unit
                    && rate.is_some_and(|rate| (rate - 1.0).abs() <= TOLERANCE)
            }
            None => {
                let findings = document["findings"].as_array();
                document["recording"]["sites_seen"] != 0 && findings.is_some_and(Vec::is_empty)
            }
        };
        if !right {
            wrong.push(format!("{path}: {} is {verdict}, {slope}", first["site"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The profiles of the two programs: the first site of the leaking one begins with this.
const PROFILES: &[(&str, Option<&str>)] = &[
    ("go/pprof-leaky", Some("main.remember ")),
    ("go/pprof-healthy", None),
    ("jemalloc/leaky", Some("cleaky+0x119e < ")),
    ("jemalloc/healthy", None),
    ("tcmalloc/leaky", Some("cleaky+0x119e < ")),
];

#[test]
fn each_profile_has_the_leaking_site_first_and_none_in_the_control() {
    if !Path::new(ROOT).exists() {
        eprintln!("skipped: {ROOT} is missing");
        return;
    }
    let mut wrong = Vec::new();
    println!("| recording | snapshots | first site | verdict | others growing |\n|---|---|---|---|---|");
    for (path, leak) in PROFILES {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leakdiff"));
        command.args(["--no-config", "--format", "json"]).arg(format!("{ROOT}/{path}"));
        let document: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap_or_default();
        let sites = document["sites"].as_array().cloned().unwrap_or_default();
        let growing = |site: &&Value| site["trend"]["verdict"] == "growing";
        let first = sites.first().cloned().unwrap_or_default();
        let (name, snapshots) =
            (first["site"].as_str().unwrap_or_default(), &document["recording"]["snapshots"]);
        let others = sites.iter().skip(1).filter(growing).count();
        println!("| {path} | {snapshots} | {name} | {} | {others} |", first["trend"]["verdict"]);
        let right = match leak {
            Some(leak) => name.starts_with(leak) && growing(&&first) && others == 0,
            None => !sites.is_empty() && document["findings"].as_array().is_some_and(Vec::is_empty),
        };
        if !right {
            wrong.push(format!("{path}: {name} is {}", first["trend"]["verdict"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
