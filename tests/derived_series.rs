//! Series that are made of others: resident memory with the swap that hides it, and the memory of a control group
//! without the page cache that the kernel takes back.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use leakdiff::analysis::{Analysis, Options};
use leakdiff::model::Role;
use leakdiff::policy::Limits;
use leakdiff::report::Report;
use leakdiff::report::document::ProcessRow;
use leakdiff::verdict::Verdict::{self, Growing, Shrinking, Steady};

const BEGIN: u64 = 1_716_465_600; // 2024-05-23T12:00:00Z

/// The size of something at each of 40 samples, in pages.
type Pages = fn(u64) -> u64;

fn level(k: u64) -> u64 {
    20_000 + [0, 1, 2, 1][k as usize % 4]
}

fn grows(k: u64) -> u64 {
    20_000 + 300 * k + [0, 9, 4][k as usize % 3]
}

fn falls(k: u64) -> u64 {
    40_000 - 300 * k - [0, 9, 4][k as usize % 3]
}

fn nothing(_: u64) -> u64 {
    0
}

fn little(k: u64) -> u64 {
    10 + k % 3
}

fn analysed(text: &str) -> Report {
    let options = Options { check: true, limits: Limits::default(), ..Options::default() };
    let mut analysis = Analysis::new(options).unwrap();
    analysis.add("input", text, text.len() as u64).unwrap();
    analysis.finish().unwrap()
}

fn leading(report: &Report) -> &ProcessRow {
    report.processes.iter().find(|row| row.leading).unwrap()
}

fn status(lines: &[(&str, Pages)]) -> String {
    let mut text = String::new();
    for k in 0..40 {
        let _ = writeln!(text, "{}", BEGIN + 60 * k);
        for (name, pages) in lines {
            let _ = writeln!(text, "{name}:\t{} kB", 4 * pages(k));
        }
    }
    text
}

#[test]
fn what_moves_to_swap_is_still_kept() {
    type Row = (&'static [(&'static str, Pages)], &'static str, Verdict, bool);
    let table: [Row; 7] = [
        // A leak whose pages are moved out.
        (&[("VmRSS", level), ("VmSwap", grows)], "VmRSS + VmSwap", Growing, true),
        // Pages that are moved out and kept: neither side of the move is a leak.
        (&[("VmRSS", falls), ("VmSwap", grows)], "VmRSS + VmSwap", Steady, false),
        (&[("VmRSS", grows), ("VmSwap", falls)], "VmRSS + VmSwap", Steady, false),
        (&[("VmRSS", falls), ("VmSwap", level)], "VmRSS", Shrinking, false),
        // Swap that does not move hides nothing.
        (&[("VmRSS", grows), ("VmSwap", nothing)], "VmRSS", Growing, true),
        (&[("VmRSS", grows), ("VmSwap", little)], "VmRSS", Growing, true),
        (&[("RssAnon", level), ("VmSwap", grows)], "RssAnon + VmSwap", Growing, true),
    ];
    for (lines, metric, verdict, is_finding) in table {
        let report = analysed(&status(lines));
        let row = leading(&report);
        assert_eq!((row.metric.as_str(), row.trend.verdict), (metric, verdict));
        assert_eq!(!report.findings.is_empty(), is_finding, "{metric}: {:?}", report.findings);
        let derived = metric.contains('+');
        assert_eq!((row.derived, row.role == Role::ResidentAndSwap), (derived, derived));
        if derived {
            let sizes =
                |name: &str| report.processes.iter().find(|row| row.metric == name).unwrap().last_bytes;
            let parts: f64 = metric.split(" + ").map(sizes).sum();
            assert_eq!(row.last_bytes, parts);
        }
    }
}

fn group(current: Pages, parts: &[(&str, Pages)]) -> String {
    let mut text = String::new();
    for k in 0..40 {
        let _ =
            writeln!(text, "{}\nmemory.current {}\n==> memory.stat <==", BEGIN + 60 * k, 4096 * current(k));
        for (name, pages) in parts {
            let _ = writeln!(text, "{name} {}", 4096 * pages(k));
        }
    }
    text
}

#[test]
fn page_cache_is_no_leak() {
    fn two_level(k: u64) -> u64 {
        level(k) + level(k + 1)
    }
    fn one_grows(k: u64) -> u64 {
        level(k) + grows(k)
    }
    let without = "memory.current - file + shmem";
    type Row = (Pages, &'static [(&'static str, Pages)], &'static str, Verdict, &'static [&'static str]);
    let table: [Row; 5] = [
        (two_level, &[("anon", level), ("file", level), ("shmem", nothing)], without, Steady, &[]),
        (
            one_grows,
            &[("anon", level), ("file", grows), ("shmem", nothing)],
            without,
            Steady,
            &["page-cache"],
        ),
        (one_grows, &[("anon", grows), ("file", level), ("shmem", nothing)], without, Growing, &[]),
        // A file in memory is counted as page cache, and the kernel cannot take it back.
        (
            one_grows,
            &[("anon", level), ("file", grows), ("shmem", grows)],
            without,
            Growing,
            &["shared-memory"],
        ),
        (one_grows, &[("anon", level), ("file", grows)], "memory.current - file", Steady, &["page-cache"]),
    ];
    for (current, parts, metric, verdict, hints) in table {
        let report = analysed(&group(current, parts));
        let row = leading(&report);
        assert_eq!(row.trend.verdict, verdict, "{parts:?}");
        // A part that carries the growth leads.
        assert!(row.metric == metric || verdict == Growing, "{}", row.metric);
        assert_eq!(report.findings.is_empty(), verdict != Growing, "{:?}", report.findings);
        let found: Vec<&str> = report.hints.iter().map(|hint| hint.id.as_str()).collect();
        assert_eq!(found, hints, "{parts:?}");
        let whole = report.processes.iter().find(|row| row.metric == "memory.current").unwrap();
        assert_eq!((whole.role, whole.derived), (Role::Cache, false));
    }
    // Without the accounts nothing shows what grows, and it is judged as it is.
    let report = analysed(&group(one_grows, &[]));
    assert_eq!((leading(&report).role, leading(&report).trend.verdict), (Role::Resident, Growing));
}
