//! Next steps: each is given where the recording shows more than growth, and not where only the growth is the same.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use leakdiff::analysis::{Analysis, Options};
use leakdiff::insight::HintId;
use leakdiff::report::{Report, Style, by_name};

const BEGIN: u64 = 1_716_465_600; // 2024-05-23T12:00:00Z

fn analysed(texts: &[String]) -> Report {
    let mut analysis = Analysis::new(Options::default()).unwrap();
    for (number, text) in texts.iter().enumerate() {
        analysis.add(&format!("input-{number}"), text, text.len() as u64).unwrap();
    }
    analysis.finish().unwrap()
}

fn ids(report: &Report) -> Vec<&'static str> {
    report.hints.iter().map(|hint| hint.id.as_str()).collect()
}

/// One metric: its name, its unit after the number, its first value, and what it gains in each step.
type Line = (&'static str, &'static str, u64, fn(u64) -> i64);

/// A report of 40 samples a minute apart.
fn report(lines: &[Line]) -> String {
    named(None, lines)
}

fn named(name: Option<&str>, lines: &[Line]) -> String {
    let mut text = String::new();
    for k in 0..40 {
        let _ = writeln!(text, "{}", BEGIN + 60 * k);
        if let Some(name) = name {
            let _ = writeln!(text, "Name:\t{name}");
        }
        for (metric, unit, first, gain) in lines {
            let value: i64 = (1..=k).map(gain).sum::<i64>() + i64::try_from(*first).unwrap();
            let _ = writeln!(text, "{metric}:\t{value}{unit}");
        }
    }
    text
}

/// A few pages more or less: a level that is held.
fn wobbles(k: u64) -> i64 {
    [0, 4, -4, 8, -8, 4, 0, -4][k as usize % 8]
}

fn rises(k: u64) -> i64 {
    1000 + [0, 120, -80, 40][k as usize % 4]
}

fn slowly(k: u64) -> i64 {
    60 + [0, 8, -4, 4][k as usize % 4]
}

fn nothing(_: u64) -> i64 {
    0
}

const MIB: i64 = 1024;

/// A step of so many MiB in each fifth sample, and little between.
fn arena(k: u64) -> i64 {
    if k.is_multiple_of(5) { 64 * MIB } else { 12 }
}

fn buffer(k: u64) -> i64 {
    if k.is_multiple_of(5) { 50 * MIB + i64::try_from(k).unwrap() * 900 } else { 12 }
}

/// Even growth until the 27th sample, then a level.
fn until_27(k: u64) -> i64 {
    if k <= 27 { 400 + [0, 8, -8][k as usize % 3] } else { wobbles(k) }
}

fn slowing(k: u64) -> i64 {
    8000 / i64::try_from(k * k).unwrap()
}

/// A sawtooth: four rises, and a fall that leaves a little more.
fn sawtooth(k: u64) -> i64 {
    (if k.is_multiple_of(5) { -3600 } else { 1000 }) + [0, 120, -80][k as usize % 3]
}

fn level_sawtooth(k: u64) -> i64 {
    if k.is_multiple_of(5) { -4000 } else { 1000 }
}

fn one_more(_: u64) -> i64 {
    1
}

/// Slots for open files come in powers of two.
fn doubles(k: u64) -> i64 {
    if k.is_multiple_of(10) { 64 << (k / 10 - 1) } else { 0 }
}

const KB: &str = " kB";

#[test]
fn each_hint_of_a_process_needs_its_evidence() {
    let table: &[(&str, &[&str], &[Line])] = &[
        // What is swapped out is not resident any more.
        ("swap", &["swap"], &[("VmRSS", KB, 90_000, wobbles), ("VmSwap", KB, 9000, rises)]),
        (
            "a process that grows beside its swap",
            &[],
            &[("VmRSS", KB, 90_000, rises), ("VmSwap", KB, 9000, slowly)],
        ),
        (
            "swap that is in use and does not grow",
            &[],
            &[("VmRSS", KB, 90_000, rises), ("VmSwap", KB, 9000, wobbles)],
        ),
        (
            "threads",
            &["threads"],
            &[("VmSize", KB, 900_000, rises), ("VmRSS", KB, 90_000, rises), ("Threads", "", 4, one_more)],
        ),
        (
            "threads of a pool",
            &[],
            &[("VmSize", KB, 900_000, rises), ("VmRSS", KB, 90_000, rises), ("Threads", "", 40, nothing)],
        ),
        (
            "arenas",
            &["arenas"],
            &[("VmSize", KB, 900_000, arena), ("RssAnon", KB, 90_000, rises), ("Threads", "", 14, nothing)],
        ),
        (
            "buffers of their own sizes",
            &[],
            &[("VmSize", KB, 900_000, buffer), ("RssAnon", KB, 90_000, rises), ("Threads", "", 14, nothing)],
        ),
        (
            "one thread has no arena",
            &[],
            &[("VmSize", KB, 900_000, arena), ("RssAnon", KB, 90_000, rises), ("Threads", "", 1, nothing)],
        ),
        (
            "shared-memory",
            &["shared-memory"],
            &[("RssAnon", KB, 90_000, wobbles), ("RssFile", KB, 9000, wobbles), ("RssShmem", KB, 900, rises)],
        ),
        (
            "mapped-files",
            &["mapped-files"],
            &[("RssAnon", KB, 90_000, slowly), ("RssFile", KB, 9000, rises), ("RssShmem", KB, 900, nothing)],
        ),
        (
            "anonymous memory that grows beside both",
            &[],
            &[("RssAnon", KB, 90_000, rises), ("RssFile", KB, 9000, slowly), ("RssShmem", KB, 900, slowly)],
        ),
        ("shared-pages", &["shared-pages"], &[("Rss", KB, 90_000, rises), ("Pss", KB, 40_000, slowly)]),
        ("pages of its own", &[], &[("Rss", KB, 90_000, rises), ("Pss", KB, 40_000, rises)]),
        ("lazy-free", &["lazy-free"], &[("Rss", KB, 90_000, rises), ("LazyFree", KB, 0, rises)]),
        ("nothing is given back", &[], &[("Rss", KB, 90_000, rises), ("LazyFree", KB, 0, nothing)]),
        ("huge-pages", &["huge-pages"], &[("Rss", KB, 90_000, rises), ("AnonHugePages", KB, 2048, rises)]),
        ("few huge pages", &[], &[("Rss", KB, 90_000, rises), ("AnonHugePages", KB, 2048, nothing)]),
        ("open-files", &["open-files"], &[("VmRSS", KB, 90_000, rises), ("FDSize", "", 64, doubles)]),
        ("slots that were enough", &[], &[("VmRSS", KB, 90_000, rises), ("FDSize", "", 256, nothing)]),
        ("load-ended", &["load-ended"], &[("VmRSS", KB, 90_000, until_27)]),
        ("a cache that fills more and more slowly", &[], &[("VmRSS", KB, 90_000, slowing)]),
        ("garbage", &["garbage"], &[("VmRSS", KB, 90_000, sawtooth)]),
        ("a sawtooth on one level", &[], &[("VmRSS", KB, 90_000, level_sawtooth)]),
        ("growth and nothing else", &[], &[("VmRSS", KB, 90_000, rises)]),
        ("a level", &[], &[("VmRSS", KB, 90_000, wobbles), ("VmSize", KB, 900_000, arena)]),
    ];
    for (what, expected, lines) in table {
        let found = analysed(&[report(lines)]);
        assert_eq!(ids(&found), *expected, "{what}: {:?}", found.hints);
    }
}

/// A log of 40 snapshots a minute apart, whose sites have these files and gain so many blocks of 100 bytes a snapshot.
fn log(sites: &[(&str, u64)]) -> String {
    let mut text = String::new();
    for k in 0..40 {
        for (site, gains) in sites {
            let count = 400 + gains * k + if *gains > 0 { [0, 2, 1][k as usize % 3] } else { 0 };
            let _ = writeln!(
                text,
                "{} {site}: size={} B, count={count}, average=100 B",
                BEGIN + 60 * k,
                count * 100
            );
        }
    }
    text
}

#[test]
fn each_hint_of_a_heap_needs_its_evidence() {
    const OWN: (&str, u64) = ("/srv/app/api.py:52", 30);
    const STDLIB: &str = "/usr/lib/python3.12";
    let packages = format!("{STDLIB}/site-packages");
    let table = [
        ("lru-cache", format!("{STDLIB}/functools.py:981")),
        ("loggers", format!("{STDLIB}/logging/__init__.py:869")),
        ("asyncio-tasks", format!("{STDLIB}/asyncio/base_events.py:436")),
        ("tls-contexts", format!("{STDLIB}/ssl.py:438")),
        ("clients", format!("{packages}/requests/sessions.py:390")),
        ("metric-labels", format!("{packages}/prometheus_client/metrics.py:200")),
        ("finalizers", format!("{STDLIB}/weakref.py:575")),
        ("context-managers", format!("{STDLIB}/contextlib.py:105")),
        ("thread-objects", format!("{STDLIB}/threading.py:265")),
        ("signal-receivers", format!("{packages}/blinker/base.py:118")),
        ("templates", format!("{packages}/jinja2/environment.py:709")),
        ("figures", format!("{packages}/matplotlib/text.py:192")),
        ("mocks", format!("{STDLIB}/unittest/mock.py:2512")),
        ("shared-memory", format!("{STDLIB}/multiprocessing/shared_memory.py:183")),
    ];
    for (id, site) in &table {
        assert_eq!(ids(&analysed(&[log(&[OWN, (site, 20)])])), [*id], "{site}");
        // A site that is large and does not grow says nothing, and one that hardly grows is not the cause.
        assert_eq!(ids(&analysed(&[log(&[OWN, (site, 0)])])), [""; 0], "{site}");
        assert_eq!(ids(&analysed(&[log(&[OWN, ("/srv/app/b.py:2", 900), (site, 8)])])), [""; 0], "{site}");
        // A file of own code may have any name.
        let own = site.replace(&packages, "/srv").replace(STDLIB, "/srv");
        assert_eq!(ids(&analysed(&[log(&[OWN, (&own, 20)])])), [""; 0], "{own}");
    }
    let library = format!("{STDLIB}/json/decoder.py:353");
    assert_eq!(ids(&analysed(&[log(&[(&library, 20)])])), ["more-frames"]);
    assert_eq!(ids(&analysed(&[log(&[(&library, 20), OWN])])), [""; 0]);
    let profiler = format!("{STDLIB}/tracemalloc.py:560");
    assert_eq!(ids(&analysed(&[log(&[OWN, (&profiler, 900)])])), ["profiler-overhead"]);
    assert_eq!(ids(&analysed(&[log(&[OWN, (&profiler, 9)])])), [""; 0]);
}

#[test]
fn growth_that_no_site_explains_is_native() {
    let process = report(&[("RssAnon", KB, 90_000, rises)]);
    // 1 MB a minute, of which sites explain 2 kB, or all.
    assert_eq!(ids(&analysed(&[process.clone(), log(&[("/srv/app/api.py:52", 20)])])), ["native"]);
    assert_eq!(ids(&analysed(&[process.clone(), log(&[("/srv/app/api.py:52", 10_240)])])), [""; 0]);
    // Files explain it, too.
    let files = report(&[
        ("RssAnon", KB, 90_000, slowly),
        ("RssFile", KB, 9000, rises),
        ("RssShmem", KB, 0, nothing),
    ]);
    assert_eq!(ids(&analysed(&[files, log(&[("/srv/app/api.py:52", 20)])])), ["mapped-files"]);
}

/// Figures of `malloc_stats()`, 40 times a minute apart.
fn malloc_stats(system: fn(u64) -> i64, in_use: fn(u64) -> i64) -> String {
    let mut text = String::new();
    for k in 0..40 {
        let value = |gain: fn(u64) -> i64| 90_000_000 + 4096 * (1..=k).map(gain).sum::<i64>();
        let _ = writeln!(text, "{}\nTotal (incl. mmap):", BEGIN + 60 * k);
        let _ = writeln!(text, "system bytes     = {:>10}", value(system) + 40_000_000);
        let _ = writeln!(text, "in use bytes     = {:>10}", value(in_use));
    }
    text
}

#[test]
fn memory_that_an_allocator_keeps_is_not_in_use() {
    assert_eq!(ids(&analysed(&[malloc_stats(rises, wobbles)])), ["retained"]);
    assert_eq!(ids(&analysed(&[malloc_stats(rises, rises)])), [""; 0]);
    assert_eq!(ids(&analysed(&[malloc_stats(wobbles, wobbles)])), [""; 0]);
}

#[test]
fn memory_outside_of_a_collected_heap_is_what_its_live_objects_are_not() {
    let collections = |gain: fn(u64) -> i64| -> String {
        let mut text = String::new();
        for k in 0..40 {
            let live = 200 + (1..=k).map(gain).sum::<i64>();
            let at = 60 * k;
            let _ = writeln!(
                text,
                "[2024-05-23T12:{:02}:{:02}.000+0000][{at}.056s][info][gc] GC({k}) Pause Full (System.gc()) {}M->{live}M(4096M) 1.818ms",
                at / 60 % 60,
                at % 60,
                live + 40
            );
        }
        text
    };
    let level = |k: u64| [0, 1, -1, 0][k as usize % 4];
    let process = report(&[("VmRSS", KB, 900_000, rises)]);
    assert_eq!(ids(&analysed(&[process.clone(), collections(level)])), ["outside-managed-heap"]);
    assert_eq!(ids(&analysed(&[process.clone(), collections(one_more)])), [""; 0]);
    assert_eq!(ids(&analysed(&[process])), [""; 0]);
}

/// An account of a group, and what it gains.
type Account = (&'static str, fn(u64) -> i64);

/// A group's accounts, 40 samples a minute apart.
fn cgroup(current: fn(u64) -> i64, parts: &[Account]) -> String {
    let mut text = String::new();
    for k in 0..40 {
        let value = |gain: &fn(u64) -> i64| 400 * 1_048_576 + 4096 * (1..=k).map(gain).sum::<i64>();
        let _ = writeln!(text, "{}\nmemory.current {}\n==> memory.stat <==", BEGIN + 60 * k, value(&current));
        for (name, gain) in parts {
            let _ = writeln!(text, "{name} {}", value(gain));
        }
    }
    text
}

#[test]
fn the_accounts_of_a_group_tell_its_parts_apart() {
    type Row = (&'static [&'static str], fn(u64) -> i64, &'static [Account]);
    let table: [Row; 4] = [
        (
            &["page-cache"],
            rises,
            &[("anon", wobbles), ("file", rises), ("kernel", nothing), ("slab", nothing)],
        ),
        (
            &["kernel-memory"],
            rises,
            &[("anon", wobbles), ("file", wobbles), ("kernel", rises), ("slab", rises)],
        ),
        (&[], rises, &[("anon", rises), ("file", slowly), ("kernel", nothing), ("slab", nothing)]),
        (&[], wobbles, &[("anon", wobbles), ("file", wobbles), ("kernel", nothing), ("slab", nothing)]),
    ];
    for (expected, current, parts) in table {
        let found = analysed(&[cgroup(current, parts)]);
        assert_eq!(ids(&found), expected, "{:?}", found.hints);
    }
}

#[test]
fn one_replica_of_many_that_grows_is_an_outlier() {
    let pod = |name: &str, gain| named(Some(name), &[("VmRSS", KB, 90_000, gain)]);
    let pods = |gains: &[fn(u64) -> i64]| -> Vec<String> {
        gains.iter().enumerate().map(|(number, gain)| pod(&format!("api-{number}"), *gain)).collect()
    };
    let found = analysed(&pods(&[wobbles, wobbles, rises, wobbles, wobbles]));
    assert_eq!(ids(&found), ["outlier"]);
    assert_eq!(found.hints[0].source.as_deref(), Some("input-2"));
    assert_eq!(ids(&analysed(&pods(&[rises, wobbles, rises, wobbles, wobbles]))), [""; 0]);
    assert_eq!(ids(&analysed(&pods(&[rises, wobbles]))), [""; 0]);
    // Programs of several names are no replicas.
    let others = ["nginx", "redis", "cron", "sshd"].map(|name| pod(name, wobbles));
    assert_eq!(ids(&analysed(&[&others[..], &[pod("api", rises)]].concat())), [""; 0]);
}

#[test]
fn a_hint_stands_in_every_output_for_people() {
    let texts = [report(&[("RssAnon", KB, 90_000, rises)]), log(&[("/srv/app/api.py:52", 20)])];
    let found = analysed(&texts);
    let without = Report { hints: Vec::new(), ..found.clone() };
    let row = &found.hints[0];
    let json = serde_json::to_value(&found).unwrap();
    assert_eq!(json["hints"][0]["id"], "native");
    assert_eq!(json["hints"][0]["evidence"]["kind"], "share");
    for format in ["table", "markdown", "html"] {
        let drawn = |report: &Report| {
            let mut out = Vec::new();
            by_name(format)
                .unwrap()
                .render(report, &Style { width: 4000, ..Style::default() }, &mut out)
                .unwrap();
            String::from_utf8(out).unwrap()
        };
        let (with, plain) = (drawn(&found), drawn(&without));
        // Markdown and HTML mark signs of theirs.
        let with = with.replace('\\', "");
        assert!(with.contains("To check next") && with.contains(&row.test), "{format}: {with}");
        assert!(!plain.contains("To check next"), "{format}");
    }
}

#[test]
fn the_page_of_next_steps_has_a_section_for_each() {
    let page = include_str!("../docs/next-steps.md");
    let sections: BTreeSet<&str> =
        page.lines().filter_map(|line| line.strip_prefix("## `")?.strip_suffix('`')).collect();
    let ids: BTreeSet<&str> = HintId::ALL.iter().map(|id| id.as_str()).collect();
    assert_eq!(sections, ids);
    for id in HintId::ALL {
        assert_eq!(serde_json::to_value(id).unwrap(), id.as_str());
    }
}

#[test]
fn memory_outside_of_the_sites_is_seen_by_sizes_where_the_times_are_apart() {
    let leak = report(&[("RssAnon", " kB", 90_000, rises)]);
    let log = |bytes: u64| {
        (0..40).fold(String::new(), |text, k| {
            let size = 90_000 + bytes * k;
            text + &format!(
                "{} /srv/app.py:3: size={size} B, count={}, average=900 B\n",
                1_600_000_000 + 60 * k,
                size / 900
            )
        })
    };
    assert_eq!(ids(&analysed(&[leak.clone(), log(100)])), ["native"]);
    assert_eq!(ids(&analysed(&[leak, log(1_000_000)])), Vec::<&str>::new());
}
