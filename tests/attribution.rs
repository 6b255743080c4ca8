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

#[test]
fn each_process_has_the_share_of_its_own_heap() {
    let both = report(BEGIN, &[("database", 9000), ("service", 1000)])
        .replace("Name:\tservice\n", "Name:\tservice\nPid:\t1201\n")
        .replace("Name:\tdatabase\n", "Name:\tdatabase\nPid:\t1107\n");
    let of = |pid: &str, path: &str| {
        log(BEGIN).replace("/srv/app", path).lines().fold(String::new(), |text, line| {
            let (time, site) = line.split_once(' ').unwrap();
            text + &format!("{time} {pid} INFO memory {site}\n")
        })
    };
    let found = analysed(&[both, of("1201", "/srv/app"), of("1107", "/srv/base")]);
    assert!(found.attribution.is_none());
    let reason = serde_json::to_value(found.attribution_reason).unwrap();
    assert_eq!((reason["code"].as_str(), reason["processes"].as_u64()), (Some("one-of-each"), Some(2)));
    let shares: Vec<(String, f64)> = found
        .attributions
        .iter()
        .map(|row| (row.subject.name.clone().unwrap(), row.attribution.explained.value))
        .collect();
    let [(first, of_database), (second, of_service)] = shares.as_slice() else { panic!("{shares:?}") };
    assert_eq!((first.as_str(), second.as_str()), ("database", "service"));
    assert!((of_database - 0.8 / 9.0).abs() < 0.01 && (of_service - 0.8).abs() < 0.01, "{shares:?}");
}

/// A report of 13 samples in which a process grows by 1000 kB a sample: by these kB in anonymous memory, in pages of
/// files and in shared memory.
fn parts(anonymous: u64, files: u64, shared: u64) -> String {
    (0..13).fold(String::new(), |text, k| {
        let [anonymous, files, shared] =
            [50_000 + anonymous * k, 9000 + files * k, 1000 + shared * k];
        let whole = anonymous + files + shared;
        let at = BEGIN + 600 * k;
        text + &format!(
            "{at}\nVmRSS:\t{whole} kB\nRssAnon:\t{anonymous} kB\nRssFile:\t{files} kB\nRssShmem:\t{shared} kB\n"
        )
    })
}

#[test]
fn the_growth_outside_of_the_sites_is_named_where_the_recording_shows_it() {
    for (name, text, expected) in [
        ("anonymous memory alone", parts(1000, 0, 0), &[][..]),
        ("mapped files", parts(800, 200, 0), &[("file-pages", 0.2)]),
        ("shared memory", parts(800, 0, 200), &[("shared-memory", 0.2)]),
        ("both", parts(800, 100, 100), &[("file-pages", 0.1), ("shared-memory", 0.1)]),
    ] {
        let found = analysed(&[text, log(BEGIN)]).attribution.unwrap().attribution;
        let others: Vec<(String, f64)> = found
            .others
            .iter()
            .map(|other| {
                let kind = serde_json::to_value(other.kind).unwrap().as_str().unwrap().to_owned();
                (kind, other.bytes_per_second / found.process_bytes_per_second)
            })
            .collect();
        assert_eq!(others.len(), expected.len(), "{name}: {others:?}");
        for ((kind, share), (expected_kind, expected)) in others.iter().zip(expected) {
            assert!(kind == expected_kind && (share - expected).abs() < 0.01, "{name}: {others:?}");
        }
    }
}

/// The share and the clock of the snapshots in files of these names, whose times of writing are these seconds after the
/// begin of the report.
fn of_files(names: &[String], written: &[f64]) -> (Result<f64, String>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("report.log"), report(BEGIN, &[("service", 1000)])).unwrap();
    for ((name, seconds), text) in names.iter().zip(written).zip(snapshots(0..13)) {
        std::fs::write(path(name), text).unwrap();
        let file = std::fs::File::options().write(true).open(path(name)).unwrap();
        let begin = std::time::UNIX_EPOCH + std::time::Duration::from_secs(BEGIN);
        file.set_modified(begin + std::time::Duration::from_secs_f64(*seconds)).unwrap();
    }
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_leakdiff"))
        .args(["--no-config", "--format", "json", folder.path().to_str().unwrap()])
        .output()
        .unwrap();
    let report: Report = serde_json::from_slice(&run.stdout).unwrap();
    let clocks = report
        .recording
        .remarks
        .iter()
        .map(|remark| serde_json::to_value(&remark.fact).unwrap()["code"].as_str().unwrap().to_owned());
    let clocks = clocks.filter(|code| code.starts_with("times-of")).collect();
    let share = report.attribution.map(|found| found.attribution.explained.value);
    let reason =
        || serde_json::to_value(report.attribution_reason).unwrap()["code"].as_str().unwrap().to_owned();
    (share.ok_or_else(reason), clocks)
}

#[test]
fn snapshots_without_times_have_those_of_their_files_where_these_are_a_recordings() {
    let numbered: Vec<String> = (0..13).map(|k| format!("{k:04}.txt")).collect();
    let dated: Vec<String> =
        (0..13).map(|k| format!("2024-05-23_{:02}-{:02}-00.txt", 12 + k / 6, k % 6 * 10)).collect();
    let compact: Vec<String> =
        (0..13).map(|k| format!("dump.20240523T{:02}{:02}.txt", 12 + k / 6, k % 6 * 10)).collect();
    let epochs: Vec<String> = (0..13).map(|k| format!("snap-{}.txt", BEGIN + 600 * k)).collect();
    let as_recorded: Vec<f64> = (0..13).map(|k| 600.0 * f64::from(k) + 1.0).collect();
    let cloned = vec![1e7; 13];
    let copied: Vec<f64> = (0..13).map(|k| 1e7 + 0.01 * f64::from(k)).collect();
    let unpacked: Vec<f64> = (0..13).map(|k| 1e7 + f64::from(k)).collect();
    let mixed: Vec<f64> = (0..13).map(|k| 600.0 * f64::from((k * 5) % 13)).collect();
    let edited: Vec<f64> =
        as_recorded.iter().enumerate().map(|(k, at)| if k % 3 == 0 { at + 80_000.0 } else { *at }).collect();
    for (name, names, written, clock) in [
        ("recorded", &numbered, &as_recorded, Some("times-of-files")),
        ("dates in names", &dated, &cloned, Some("times-of-file-names")),
        ("dates without signs", &compact, &cloned, Some("times-of-file-names")),
        ("seconds since 1970 in names", &epochs, &cloned, Some("times-of-file-names")),
        ("a clone", &numbered, &cloned, None),
        ("a copy", &numbered, &copied, None),
        ("an unpacked archive", &numbered, &unpacked, None),
        ("files in another order", &numbered, &mixed, None),
        ("files that were edited later", &numbered, &edited, None),
    ] {
        let (share, clocks) = of_files(names, written);
        match clock {
            Some(clock) => {
                assert!((share.clone().unwrap_or(0.0) - 0.8).abs() < 0.02, "{name}: {share:?}");
                assert_eq!(clocks, [clock], "{name}");
            }
            None => assert_eq!((share, clocks), (Err("no-times".to_owned()), vec![]), "{name}"),
        }
    }
}

#[test]
fn a_period_says_how_far_apart_snapshots_without_times_are() {
    let mut sources = snapshots(0..13);
    sources.push(report(BEGIN, &[("service", 1000)]));
    let share = |period: Option<f64>| {
        let options = Options { snapshot_period_seconds: period, ..Options::default() };
        let mut analysis = Analysis::new(options).unwrap();
        for (number, text) in sources.iter().enumerate() {
            analysis.add(&format!("source-{number}"), text, text.len() as u64).unwrap();
        }
        analysis.finish().unwrap().attribution.map(|found| found.attribution.explained.value)
    };
    assert_eq!(share(None), None);
    assert!((share(Some(600.0)).unwrap() - 0.8).abs() < 0.02);
    assert!((share(Some(1200.0)).unwrap() - 0.4).abs() < 0.02);
}
