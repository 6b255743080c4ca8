//! From text to verdict: the ways in which the memory of a service develops.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss)]

use leakdiff::analysis::{Analysis, Options};
use leakdiff::report::Report;
use leakdiff::report::document::{ProcessRow, SiteRow};
use leakdiff::verdict::{Reason, Verdict};

use std::f64::consts::TAU;

use Verdict::{Growing, Settled, Shrinking, Steady, Unclear};

fn analysed(name: &str, text: &str) -> Report {
    let mut analysis = Analysis::new(Options::default()).unwrap();
    analysis.add(name, text, text.len() as u64).unwrap();
    analysis.finish().unwrap()
}

/// An RSS report of these values in kB, ten minutes apart.
fn process(kilobytes: &[u64]) -> ProcessRow {
    let mut text = String::new();
    for (k, value) in (0_u64..).zip(kilobytes) {
        text += &format!("{}\nVmRSS:\t{value:8} kB\n", 1_716_465_395 + 600 * k);
    }
    analysed("report.txt", &text).processes.remove(0)
}

/// The same with a date alone where there is no value.
fn sometimes_away(kilobytes: &[Option<u64>]) -> ProcessRow {
    let mut text = String::new();
    for (k, value) in (0_u64..).zip(kilobytes) {
        let value = value.map(|value| format!("VmRSS:\t{value:8} kB\n")).unwrap_or_default();
        text += &format!("2024-05-{:02}T{:02}:{:02}:00Z\n{value}", 23 + k / 144, k / 6 % 24, k % 6 * 10);
    }
    analysed("report.txt", &text).processes.remove(0)
}

/// A log of whole snapshots in which one site has these sizes in bytes, a block for each hundred, with two others that
/// hold.
fn site(bytes: &[u64]) -> SiteRow {
    let mut text = String::new();
    for value in bytes {
        text += "snapshot\n/lib/other.py:1: size=90000000 B, count=3, average=30000000 B\n";
        text += &format!(
            "/app/it.py:7: size={value} B, count={}, average=100 B\n/lib/last.py:2: size=1 B, count=1, average=1 B\n",
            value / 100
        );
    }
    analysed("snapshots.log", &text).sites.into_iter().find(|s| s.site == "/app/it.py:7").unwrap()
}

fn series(n: u64, value: impl Fn(f64) -> f64) -> Vec<u64> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    (0..n).map(|k| (100_000.0 + value(k as f64)).round() as u64).collect()
}

/// Noise that is the same in every run: a wave of a step that never repeats.
fn noise(k: f64) -> f64 {
    (k * 12.989_8).sin() * 43.0 + (k * 78.233).cos() * 29.0
}

#[test]
fn sites() {
    for (case, bytes, verdict) in [
        ("two points", series(2, |k| 500.0 * k), Unclear),
        ("three points are never a leak", series(3, |k| 500.0 * k), Unclear),
        ("four neither", series(4, |k| 500.0 * k), Unclear),
        ("an even leak", series(40, |k| 500.0 * k), Growing),
        ("an even leak, eight points", series(8, |k| 500.0 * k), Growing),
        ("a leak at every third snapshot", series(40, |k| 1500.0 * (k / 3.0).floor()), Growing),
        ("a leak under noise", series(60, |k| 100.0 * k + noise(k)), Growing),
        ("a cache that filled early", series(40, |k| 500.0 * k.min(10.0)), Settled),
        ("a cache that filled in the middle", series(40, |k| 500.0 * k.min(20.0)), Settled),
        ("a cache that fills ever more slowly", series(40, |k| 9000.0 * (1.0 - (-k / 6.0).exp())), Settled),
        ("one step", series(40, |k| if k < 15.0 { 0.0 } else { 5000.0 }), Settled),
        ("a constant", series(40, |_| 0.0), Steady),
        ("noise about a level", series(40, noise), Steady),
        ("a sawtooth", series(40, |k| 500.0 * (k % 8.0)), Steady),
        ("a fall", series(40, |k| -500.0 * k), Shrinking),
        ("a wave", series(96, |k| 3000.0 * (k / 16.0 * TAU).sin() + noise(k)), Steady),
        (
            "a leak under a wave",
            series(96, |k| 300.0 * k + 3000.0 * (k / 16.0 * TAU).sin() + noise(k)),
            Growing,
        ),
        ("a leak beneath a sawtooth", series(60, |k| 60.0 * k + 500.0 * (k % 6.0)), Growing),
        (
            "a leak in busy spells",
            series(60, |k| 500.0 * ((k / 7.0).floor() * 3.0 + (k % 7.0).min(3.0))),
            Growing,
        ),
        ("a buffer that doubles", series(60, |k| 1000.0 * (k + 2.0).log2().ceil().exp2()), Growing),
        (
            "loads of modules",
            series(60, |k| {
                if k < 9.0 {
                    0.0
                } else if k < 31.0 {
                    8000.0
                } else {
                    9100.0
                }
            }),
            Settled,
        ),
    ] {
        let row = site(&bytes);
        let (found, reason) = (row.trend.verdict, &row.trend.reason.text);
        assert_eq!(found, verdict, "{case}: {reason}, {}", row.trend.probability);
        assert!(!reason.is_empty() && reason.len() < 120, "{case}: {reason}");
        assert!((0.0..=1.0).contains(&row.trend.probability), "{case}");
    }
}

#[test]
fn processes() {
    for (case, kilobytes, verdict) in [
        ("one sample", series(1, |_| 0.0), Unclear),
        ("three samples are never a leak", series(3, |k| 500.0 * k), Unclear),
        ("an even leak", series(40, |k| 500.0 * k), Growing),
        ("a slow leak under noise", series(400, |k| 3.0 * k + noise(k)), Growing),
        ("a late leak", series(60, |k| 500.0 * (k - 30.0).max(0.0)), Growing),
        ("a start-up, then nothing", series(40, |k| 30_000.0 * (1.0 - (-k / 2.0).exp())), Settled),
        ("a step", series(40, |k| if k < 15.0 { 0.0 } else { 30_000.0 }), Settled),
        ("a constant", series(40, |_| 0.0), Steady),
        ("noise about a level", series(100, noise), Steady),
        ("a sawtooth", series(60, |k| 500.0 * (k % 6.0)), Steady),
        ("a leak under a daily cycle", series(120, |k| 200.0 * k + 9000.0 * (k / 24.0 * TAU).sin()), Growing),
        ("a daily cycle", series(120, |k| 9000.0 * (k / 24.0 * TAU).sin() + noise(k)), Steady),
        ("a leak through three restarts", series(48, |k| 9000.0 * (k % 12.0) + noise(k)), Growing),
        (
            "warm after each of three restarts",
            series(48, |k| 90_000.0 * (1.0 - (-(k % 12.0)).exp())),
            Settled,
        ),
    ] {
        let row = process(&kilobytes);
        assert_eq!(
            row.trend.verdict, verdict,
            "{case}: {}, {}",
            row.trend.reason.text, row.trend.probability
        );
    }
}

#[test]
fn a_process_that_was_away_begins_again_and_one_without_memory_is_gone() {
    let life = |k: u64| Some(100_000 + 400 * k);
    let lives = |between: &[Option<u64>]| -> Vec<Option<u64>> {
        (0..16).map(life).chain(between.iter().copied()).chain((2..16).map(life)).collect()
    };
    for (case, values, segments, verdict) in [
        ("a date without a value", lives(&[None]), 2, Growing),
        ("it fell by itself", lives(&[]), 1, Unclear),
        ("away, and back as it was", (0..30).map(|k| life(k).filter(|_| k != 15)).collect(), 1, Growing),
        ("nothing for a while", lives(&[Some(0), Some(0)]), 2, Growing),
        ("gone at the end", (0..30).map(life).chain([Some(0)]).collect(), 1, Growing),
    ] {
        let row = sometimes_away(&values);
        let found = (row.trend.segments, row.trend.verdict);
        assert_eq!(found, (segments, verdict), "{case}: {}", row.trend.reason.text);
    }
}

#[test]
fn a_rest_is_a_pause_until_it_is_longer_than_those_before() {
    // Growth by day and rest by night, eight hours each; a second day; and a rest of so many samples.
    for (rest, verdict, text) in [
        (30, Growing, "with plateaus"),
        (60, Unclear, "paused for 61 samples: it paused like this once before, for up to"),
        (100, Settled, "stopped"),
    ] {
        let days = (0..48).chain([47; 48]).chain(48..96).chain(std::iter::repeat_n(95, rest));
        let row = process(&days.map(|grown| 150_000 + 40 * grown).collect::<Vec<u64>>());
        let reason = &row.trend.reason.text;
        assert!(row.trend.verdict == verdict && reason.contains(text), "{rest}: {reason}");
    }
}

#[test]
fn the_rate_of_a_process_that_never_shrank_is_not_below_zero() {
    for kilobytes in [series(8, |k| 40.0 * (k / 6.0).floor()), series(30, |k| 40.0 * (k / 11.0).floor())] {
        let row = process(&kilobytes);
        let slope = row.trend.slope.unwrap();
        assert!(slope.low >= Some(0.0), "{slope:?}");
    }
}

#[test]
fn the_blog_s_five_samples_grow() {
    let report = analysed("report.txt", include_str!("../fixtures/rss-report/blog.txt"));
    let row = report.processes.iter().find(|p| p.metric == "RssAnon").unwrap();
    assert_eq!((row.trend.verdict, row.samples, row.duration_seconds), (Growing, 5, Some(2401.0)));
    let mib_per_hour = |bytes_per_second: f64| bytes_per_second * 3600.0 / 1_048_576.0;
    let ols = row.trend.tests.named.ols.as_ref().unwrap();
    assert!((mib_per_hour(ols.slope) - 1.677).abs() < 5e-4);
    assert!((mib_per_hour(ols.low) - 1.439).abs() < 5e-4 && (mib_per_hour(ols.high) - 1.915).abs() < 5e-4);
    let test = row.trend.tests.named.mann_kendall.as_ref().unwrap();
    assert_eq!(test.s, 10);
    assert!((test.z - 2.2045).abs() < 5e-5);
    let gib_in_30_days = row.forecast.as_ref().unwrap().per_day_bytes.value * 30.0 / 1_073_741_824.0;
    assert!((gib_in_30_days - 1.18).abs() < 5e-3);
}

#[test]
fn the_blog_s_ten_lines_are_one_cause_and_no_verdict() {
    let report = analysed("service.log", include_str!("../fixtures/tracemalloc/blog-diff.log"));
    assert_eq!(report.sites.len(), 10);
    assert!(report.sites.iter().all(|s| s.trend.verdict == Unclear));
    let names: std::collections::BTreeSet<&str> = report.sites.iter().map(|s| s.site.as_str()).collect();
    assert_eq!(names.len(), 10, "all are kept apart");
    let group = &report.groups[0];
    assert_eq!((group.sites.len(), group.events, group.blocks_per_event), (5, 5467, 152));
    assert!((group.bytes_per_event - 19_008.0).abs() < 1e-6, "{}", group.bytes_per_event);
}

#[test]
fn a_leak_that_continues_after_a_restart_is_judged_on_its_last_segment() {
    let mut kilobytes = series(30, |k| 5000.0 * k);
    kilobytes.extend(series(30, |k| 5000.0 * k));
    let row = process(&kilobytes);
    assert_eq!((row.trend.verdict, row.trend.segments, row.trend.transitions.shrank), (Growing, 2, 0));
    let slope = row.trend.slope.unwrap();
    assert!((slope.value * 600.0 / 1024.0 - 5000.0).abs() < 1.0);
}

#[test]
fn late_growth_says_since_when() {
    let row = process(&series(60, |k| 500.0 * (k - 30.0).max(0.0)));
    let since = row.trend.since.unwrap();
    assert!((24..=36).contains(&since.index), "{since:?}");
    assert!(since.time.unwrap().to_string().starts_with("2024-05-23T1"));
    // The rate is that of the growth, not of the whole recording.
    let slope = row.trend.slope.unwrap();
    let per_sample = |bytes_per_second: f64| bytes_per_second * 600.0 / 1024.0;
    assert!((per_sample(slope.value) - 500.0).abs() < 50.0, "{slope:?}");
    assert!(per_sample(slope.low.unwrap()) < 500.0 && 500.0 < per_sample(slope.high.unwrap()), "{slope:?}");
}

#[test]
fn the_profiler_is_never_a_finding() {
    let mut text = String::new();
    for k in 1..=40 {
        for file in
            ["/usr/lib/python3.11/tracemalloc.py", "C:\\Lib\\linecache.py", "<frozen importlib._bootstrap>"]
        {
            text += &format!("{file}:5: size={} B, count={k}, average=640 B\n", 640 * k);
        }
        text += "\n";
    }
    let report = analysed("log", &text);
    assert_eq!(report.sites.len(), 3);
    for row in &report.sites {
        assert!(
            row.profiler_overhead && row.trend.verdict == Unclear && row.trend.probability <= 0.1,
            "{}",
            row.site
        );
    }
}

#[test]
fn a_cache_that_filled_at_once_does_not_fall() {
    let filling = [11364, 14668, 16072, 17404, 17652, 19188, 19380];
    let full = std::iter::repeat_n(20756, 19);
    let row = process(&filling.into_iter().chain(full).collect::<Vec<_>>());
    assert_eq!(row.trend.verdict, Settled, "{:?}", row.trend.reason);
}

#[test]
fn address_space_is_not_the_primary_metric_where_resident_memory_is_printed_after_it() {
    let row = |k: u64| {
        format!(
            "2024-05-23 12:{k:02}:00\n  PID      VSZ    RSS COMMAND\n    7 55859000 {} python3\n",
            9000 + 80 * k
        )
    };
    let report = analysed("ps.txt", &(0..40).map(row).collect::<String>());
    let leading: Vec<_> = report.processes.iter().filter(|row| row.leading).collect();
    assert_eq!(leading.iter().map(|row| row.metric.as_str()).collect::<Vec<_>>(), ["RSS"]);
    assert_eq!(leading[0].trend.verdict, Growing);
}

#[test]
fn real_recordings() {
    let leaking = analysed("log", include_str!("../fixtures/recordings/openstack-atexit/diff.log"));
    let growing: Vec<&str> =
        leaking.sites.iter().filter(|s| s.trend.verdict == Growing).map(|s| s.site.as_str()).collect();
    assert!(growing.len() >= 6 && growing.iter().take(5).all(|s| s.contains("/openstack/")), "{growing:?}");
    let full = analysed("log", include_str!("../fixtures/recordings/re-cache/diff.log"));
    assert!(full.sites.iter().all(|s| s.trend.verdict != Growing), "a cache that filled is no leak");
    let idle = analysed("log", include_str!("../fixtures/recordings/idle/diff.jsonl"));
    assert!(idle.sites.iter().all(|s| s.trend.verdict != Growing), "nothing grows in an idle service");
    let level = analysed("report", include_str!("../fixtures/recordings/re-cache/report.txt"));
    assert!(level.processes.iter().all(|p| p.trend.verdict != Growing));
}

#[test]
fn a_leak_in_one_worker_is_not_lost_among_the_others() {
    let mut text = String::new();
    for k in 0..20 {
        for (worker, size) in [(7, 90_000 + 700 * k), (8, 40_000)] {
            let at = format!("2024-05-23 12:{k:02}:{:02}.1 {worker} DEBUG m [-] MEMORY", worker);
            text += &format!("{at} /app/it.py:7: size={size} B, count=10, average={} B\n", size / 10);
            text += &format!("{at} /app/other.py:1: size=300 B, count=1, average=300 B\n");
        }
    }
    let report = analysed("service.log", &text);
    let of = |source: &str| {
        report.sites.iter().find(|s| s.site == "/app/it.py:7" && s.source.as_deref() == Some(source)).unwrap()
    };
    assert_eq!(of("7").trend.verdict, Growing);
    assert_eq!(of("8").trend.verdict, Steady);
}

/// Bytes and blocks of a site at a snapshot.
type At<'a> = &'a dyn Fn(usize) -> (u64, u64);

/// A log of whole snapshots in which sites have these bytes and blocks; the largest stands first, as tracemalloc has
/// it.
fn snapshots(count: usize, sites: &[(&str, At<'_>)]) -> Report {
    let mut text = String::new();
    for k in 0..count {
        let mut lines: Vec<_> = sites.iter().map(|(name, at)| (at(k), *name)).collect();
        lines.sort_unstable_by(|a, b| b.cmp(a));
        for ((bytes, blocks), name) in lines {
            text += &format!("{name}: size={bytes} B, count={blocks}, average={} B\n", bytes / blocks.max(1));
        }
        text += "\n";
    }
    analysed("snapshots.log", &text)
}

#[test]
fn small_blocks_that_pile_up_slowly_are_free_list_drift_and_no_leak() {
    // Up in three snapshots of four, down in some: as free lists and the profiler leave it.
    let moves = b"+.+-++.+".repeat(5);
    let blocks = |k: usize| {
        moves[..k].iter().fold(5_u64, |n, m| match m {
            b'+' => n + 1,
            b'-' => n - 1,
            _ => n,
        })
    };
    let report = snapshots(
        40,
        &[
            ("/app/a.py:1", &|k| (56 * blocks(k), blocks(k))),
            ("/app/b.py:2", &|k| (5600 * blocks(k), blocks(k))),
        ],
    );
    let of = |name: &str| report.sites.iter().find(|s| s.site == name).unwrap();
    let small = of("/app/a.py:1");
    let reason = &small.trend.reason;
    assert_eq!(small.trend.verdict, Unclear, "{reason:?}");
    assert!(matches!(reason.fact, Reason::FreeListDrift { .. }), "{reason:?}");
    assert_eq!(of("/app/b.py:2").trend.verdict, Growing, "large blocks come from no free list");
}

#[test]
fn whether_a_container_that_was_enlarged_keeps_growing_is_unclear() {
    let report = snapshots(8, &[("/app/list.py:3", &|k| (if k < 4 { 64 } else { 128 }, 1))]);
    let trend = &report.sites[0].trend;
    assert_eq!(trend.verdict, Unclear, "{:?}", trend.reason);
    assert!(matches!(trend.reason.fact, Reason::ResizedContainer { times: 1, .. }), "{:?}", trend.reason);
}

#[test]
fn of_sites_in_lockstep_the_program_s_own_leads() {
    let grows = |bytes: u64| move |k: usize| (bytes * (k as u64 + 1), k as u64 + 1);
    // Its own site gains enough to matter; one that does not is in tests/materiality.rs.
    let (large, middle, own) = (grows(4096), grows(2048), grows(512));
    let uneven = |k: usize| {
        (3000 * (k as u64 + 1 + k as u64 * k as u64 / 10), k as u64 + 1 + k as u64 * k as u64 / 10)
    };
    let report = snapshots(
        20,
        &[
            ("/usr/lib/python3.11/copy.py:76", &large),
            ("/v/lib/python3.11/site-packages/x.py:1", &middle),
            ("/srv/app/worker.py:23", &own),
            ("/srv/app/other.py:9", &uneven),
        ],
    );
    let order: Vec<&str> = report.sites.iter().map(|s| s.site.as_str()).collect();
    assert!(report.sites.iter().all(|s| s.trend.verdict == Growing), "{order:?}");
    let place = |name: &str| order.iter().position(|s| s.contains(name)).unwrap();
    assert_eq!(place("worker.py") + 1, place("copy.py"), "{order:?}");
    assert!(place("copy.py") < place("x.py"), "{order:?}");
}
