//! The share of a process's growth that its sites explain: given where both were recorded together, and else refused
//! with the reason.
#![allow(clippy::unwrap_used, clippy::panic)]

use leakdiff::analysis::{Analysis, Options};
use leakdiff::report::Report;

const HOUR: u64 = 3600;
const BEGIN: u64 = 1_716_465_600; // 2024-05-23T12:00:00Z

/// A report of 13 samples in two hours from `begin`; each process grows by its number of kB a sample.
fn report(begin: u64, growth: &[(&str, u64)]) -> String {
    let mut text = String::new();
    for k in 0..13 {
        text += &format!("{}\n", begin + 600 * k);
        for (name, kilobytes) in growth {
            text += &format!("Name:\t{name}\nVmRSS:\t{} kB\n", 90_000 + kilobytes * k);
        }
    }
    text
}

/// The same without times.
fn untimed(kilobytes: u64) -> String {
    (0..13).map(|k| format!("VmRSS:\t{} kB\n", 90_000 + kilobytes * k)).collect()
}

/// A log of 13 snapshots in two hours from `begin`, in which one site grows by 800 kB a snapshot.
fn log(begin: u64) -> String {
    (0..13)
        .map(|k| {
            let at = begin + 600 * k;
            let site = |name: &str, size: u64, count: u64| {
                format!("{at} {name}: size={size} B, count={count}, average={} B\n", size / count)
            };
            site("/srv/app/cache.py:31", 500_000 + 800 * 1024 * k, 300 + 40 * k)
                + &site("/srv/app/other.py:3", 9000, 9)
        })
        .collect()
}

fn analysed(sources: &[String]) -> Report {
    let mut analysis = Analysis::new(Options::default()).unwrap();
    for (number, text) in sources.iter().enumerate() {
        analysis.add(&format!("source-{number}"), text, text.len() as u64).unwrap();
    }
    analysis.finish().unwrap()
}

/// The share that is explained, or the code of the reason why none is given.
fn outcome(sources: &[String]) -> Result<f64, String> {
    let report = analysed(sources);
    let reason = report.attribution_reason.map(|reason| {
        assert!(!reason.text.is_empty());
        serde_json::to_value(&reason).unwrap()["code"].as_str().unwrap().to_owned()
    });
    match (report.attribution, reason) {
        (Some(found), None) => Ok(found.attribution.explained.value),
        (None, reason) => Err(reason.unwrap_or_default()),
        both => panic!("{both:?}"),
    }
}

#[test]
fn a_share_needs_one_process_and_one_heap_of_the_same_time() {
    let leak = |begin| report(begin, &[("service", 1000)]);
    for (name, sources, expected) in [
        ("together", vec![leak(BEGIN), log(BEGIN)], Ok(0.8)),
        ("the log first", vec![log(BEGIN), leak(BEGIN)], Ok(0.8)),
        ("a log of the later part", vec![leak(BEGIN), log(BEGIN + HOUR)], Ok(0.8)),
        ("years apart", vec![leak(BEGIN + 20_000 * HOUR), log(BEGIN)], Err("no-overlap")),
        ("one after the other", vec![leak(BEGIN), log(BEGIN + 3 * HOUR)], Err("no-overlap")),
        ("hardly together", vec![leak(BEGIN), log(BEGIN + 2 * HOUR - 900)], Err("too-short")),
        ("a report without times", vec![untimed(1000), log(BEGIN)], Err("no-times")),
        (
            "one of two processes",
            vec![report(BEGIN, &[("service", 1000), ("database", 9000)]), log(BEGIN)],
            Err("which-process"),
        ),
        ("a process that holds", vec![report(BEGIN, &[("service", 0)]), log(BEGIN)], Err("no-growth")),
        (
            "another process, another week",
            vec![leak(BEGIN), log(BEGIN), report(BEGIN + 168 * HOUR, &[("cron", 500)])],
            Ok(0.8),
        ),
        ("no log", vec![leak(BEGIN)], Err("")),
        ("no report", vec![log(BEGIN)], Err("")),
    ] {
        match (outcome(&sources), expected) {
            (Ok(found), Ok(share)) => assert!((found - share).abs() < 0.01, "{name}: {found}"),
            (found, expected) => assert_eq!(found, expected.map_err(str::to_owned), "{name}"),
        }
    }
}

/// The snapshots of the log without its times, a source each, as far as `of`.
fn snapshots(of: std::ops::Range<u64>) -> Vec<String> {
    let site = |name: &str, size: u64, count: u64| {
        format!("{name}: size={size} B, count={count}, average={} B\n", size / count)
    };
    let snapshot = |k: u64| {
        site("/srv/app/cache.py:31", 500_000 + 800 * 1024 * k, 300 + 40 * k)
            + &site("/srv/app/other.py:3", 9000, 9)
    };
    of.map(snapshot).collect()
}

#[test]
fn snapshots_without_times_are_a_view_of_the_log_that_shows_their_sizes() {
    let leak = report(BEGIN, &[("service", 1000)]);
    for (name, mut sources) in [
        ("as many", snapshots(0..13)),
        ("a later begin", snapshots(1..13)),
        ("an earlier end", snapshots(0..12)),
    ] {
        sources.extend([leak.clone(), log(BEGIN)]);
        let share = outcome(&sources).unwrap();
        assert!((share - 0.8).abs() < 0.02, "{name}: {share}");
        let sites = analysed(&sources).sites;
        assert_eq!(sites.len(), 2, "{name}: each site once");
    }
    // Other sizes are of another heap.
    let mut others: Vec<String> = snapshots(0..13);
    others.iter_mut().for_each(|text| *text = text.replace("size=", "size=7"));
    others.extend([leak, log(BEGIN)]);
    assert_eq!(analysed(&others).sites.len(), 4);
}

#[test]
fn sites_are_held_against_the_process_of_their_pid() {
    let with_pids = |text: String| {
        text.replace("Name:\tservice\n", "Name:\tservice\nPid:\t1201\n")
            .replace("Name:\tdatabase\n", "Name:\tdatabase\nPid:\t1107\n")
    };
    let both = with_pids(report(BEGIN, &[("database", 9000), ("service", 1000)]));
    let of = |pid: &str| {
        log(BEGIN).lines().fold(String::new(), |text, line| {
            let (time, site) = line.split_once(' ').unwrap();
            text + &format!("{time} {pid} INFO memory {site}\n")
        })
    };
    let share = outcome(&[both.clone(), of("1201")]).unwrap();
    assert!((share - 0.8).abs() < 0.02, "{share}");
    // A pid of no process that was recorded leaves it open.
    assert_eq!(outcome(&[both, of("4711")]), Err("which-process".to_owned()));
}
