//! The promise of `--check`: each row of the table in docs/ci.md, made as an input and run.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

const PAGE: &str = include_str!("../docs/ci.md");
const FORMATS: [&str; 8] = ["table", "json", "csv", "markdown", "html", "junit", "github", "sarif"];
/// The formats of a comparison.
const OF_COMPARISONS: [&str; 5] = ["table", "json", "csv", "markdown", "html"];

/// The row whose input takes a second to read.
const LONG_LINE: &str = "a line has more than 32 MiB";

/// A row of the table.
#[derive(Debug)]
struct Row {
    case: &'static str,
    code: i32,
    strict: i32,
    rule: Option<&'static str>,
}

impl Row {
    /// Makes the inputs of the row and runs leakdiff on them.
    fn check(&self) {
        let Self { case, code, strict, rule } = self;
        let to = Inputs::new();
        let args = make(case, &to);
        let (found, out, err) = to.run(&with(&["--check"], &args, &["--format", "json"]));
        assert_eq!(found, *code, "{case}: {out}{err}");
        // Errors are told on standard error, findings in the output.
        let is_error = err.contains("leakdiff: ") || err.contains("error: ");
        assert_eq!(is_error, *code == 2 || is_told(case), "{case}: {err}");
        if *code < 2 && !args.contains(&"--compare") {
            assert_eq!(rules(&out), Vec::from_iter(*rule), "{case}");
        }
        assert_eq!(to.run(&with(&["--check", "--strict"], &args, &[])).0, *strict, "{case}, with --strict");
        // Without a check findings do not count.
        if *code < 2 && !is_told(case) {
            assert_eq!(to.run(&args).0, 0, "{case}, without --check");
        }
    }
}

/// Returns the rows of the table.
fn rows() -> Vec<Row> {
    let lines = PAGE.lines().skip_while(|line| !line.starts_with("| what can go wrong |"));
    let rows = lines.skip(2).take_while(|line| line.starts_with("| "));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [case, code, strict, rule] = cells[..] else { panic!("expected four cells: {line}") };
        let rule = Some(rule.trim_matches('`')).filter(|rule| !rule.is_empty());
        Row { case, code: code.parse().unwrap(), strict: strict.parse().unwrap(), rule }
    })
    .collect()
}

/// A folder of inputs.
struct Inputs(tempfile::TempDir);

impl Inputs {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file.
    fn file(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Runs leakdiff in the folder; returns its exit code, standard output and standard error.
    fn run(&self, args: &[&str]) -> (i32, String, String) {
        let mut command = Command::cargo_bin("leakdiff").unwrap();
        let output =
            command.current_dir(self.path()).args(args).env_remove("CLICOLOR_FORCE").output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }
}

/// Samples ten minutes apart, of a process that gains so many kilobytes in each, with some pages of noise.
fn samples(count: usize, gain: usize) -> String {
    samples_of("", 100_000, count, gain)
}

/// The same, after some lines and from a size on.
fn samples_of(above: &str, kilobytes: usize, count: usize, gain: usize) -> String {
    let sample = |k: usize| {
        let size = kilobytes + gain * k + 4 * (k * 7 % 5);
        format!("{}\n{above}VmRSS:\t{size} kB\n", 1_716_465_395 + 600 * k)
    };
    (0..count).map(sample).collect()
}

/// Snapshots of a heap with one site that gains so many blocks of a kilobyte in each, and another that gains none.
fn snapshots(count: usize, gain: usize) -> String {
    let snapshot = |k: usize| {
        let blocks = 100 + gain * k + k * 7 % 3;
        let size = 1024 * blocks;
        format!(
            "/srv/app/cache.py:31: size={size} B, count={blocks}, average=1024 B\n/srv/app/main.py:9: size=9000 B, count=9, average=1000 B\n\n"
        )
    };
    (0..count).map(snapshot).collect()
}

/// Packs a text.
fn gzip(text: &str) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut writer =
        niffler::get_writer(Box::new(&mut packed), niffler::compression::Format::Gzip, niffler::Level::One)
            .unwrap();
    std::io::Write::write_all(&mut writer, text.as_bytes()).unwrap();
    drop(writer);
    packed
}

/// Samples with lines between them that no packer makes smaller, so that an archive of them has several blocks.
fn noisy_samples() -> String {
    let mut noise = 1_u64;
    let mut text = String::new();
    for line in samples(400, 0).lines() {
        text += line;
        text += "\n# ";
        for _ in 0..20 {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            write!(text, "{:x} ", noise >> 20).unwrap();
        }
        text += "\n";
    }
    text
}

/// Steady samples of which so many cannot be read.
fn partly_unreadable(readable: usize, unreadable: usize) -> String {
    samples(readable, 0) + &"VmRSS:\t1o0000 kB\n".repeat(unreadable)
}

/// Makes the inputs of a row; returns the arguments, without `--check`.
fn make(case: &str, to: &Inputs) -> Vec<&'static str> {
    let steady = samples(60, 0);
    let leak = samples(60, 200);
    match case {
        "nothing grows" => to.file("a.txt", steady),
        "a process grows" => to.file("a.txt", leak),
        "a process grows faster than `--max-growth`" => {
            to.file("a.txt", leak);
            return vec!["a.txt", "--max-growth", "1MiB/h"];
        }
        "a process grows more slowly than `--max-growth`" => {
            to.file("a.txt", leak);
            return vec!["a.txt", "--max-growth", "2MiB/h"];
        }
        "a process will reach `--limit` `--within` a time" => {
            to.file("a.txt", leak);
            return vec!["a.txt", "--limit", "200MiB", "--within", "30d", "--max-growth", "2MiB/h"];
        }
        "a process is above `--limit`" => {
            to.file("a.txt", steady);
            return vec!["a.txt", "--limit", "90MiB"];
        }
        "a site grows" => to.file("a.txt", snapshots(30, 4)),
        "a site grows faster than `--max-site-growth`" => {
            to.file("a.txt", snapshots(30, 4));
            return vec!["a.txt", "--max-site-growth", "3KiB/snapshot"];
        }
        "a site grows that `leakdiff.toml` allows" => {
            to.file("a.txt", snapshots(30, 4));
            to.file("leakdiff.toml", "[[allow]]\nsite = '*/cache.py'\nreason = 'a cache of tenants'\n");
        }
        "something grows that the baseline knows" => {
            to.file("before.txt", samples(60, 200));
            to.run(&["before.txt", "--baseline", "known.json", "--write-baseline"]);
            to.file("a.txt", samples(50, 200));
            return vec!["a.txt", "--baseline", "known.json"];
        }
        "something grows faster than the baseline knows" => {
            to.file("before.txt", samples(60, 100));
            to.run(&["before.txt", "--baseline", "known.json", "--write-baseline"]);
            to.file("a.txt", samples(50, 200));
            return vec!["a.txt", "--baseline", "known.json"];
        }
        "a second process grows as fast as the one that the baseline knows" => {
            to.file("a.txt", samples(60, 200));
            to.run(&["a.txt", "--baseline", "known.json", "--write-baseline"]);
            to.file("z.txt", samples_of("", 300_000, 60, 200));
            return vec!["a.txt", "z.txt", "--baseline", "known.json"];
        }
        "something grows, and a limit is per unit of time in a recording without times" => {
            to.file(
                "a.txt",
                leak.lines().filter(|line| line.contains("VmRSS")).collect::<Vec<_>>().join("\n"),
            );
            return vec!["a.txt", "--max-growth", "1MiB/h"];
        }
        "a process has too few samples" => to.file("a.txt", samples(4, 0)),
        "a process restarts after each fourth sample" => {
            let of_life = |pid: usize| {
                let sample = |k: usize| {
                    let time = 1_716_465_395 + 600 * (4 * pid + k);
                    format!("{time}\nName: a\nPid: {}\nVmRSS:\t{} kB\n", 100 + pid, 100_000 + 50_000 * k)
                };
                (0..4).map(sample).collect::<String>()
            };
            to.file("a.txt", (0..8).map(of_life).collect::<String>());
        }
        "a heap has too few snapshots" => to.file("a.txt", snapshots(4, 0)),
        "the evidence does not decide, with `--fail-on unclear`" => {
            to.file("a.txt", samples(6, 0));
            return vec!["a.txt", "--fail-on", "growing,unclear"];
        }
        "an archive is cut" => {
            let packed = gzip(&noisy_samples());
            to.file("a.gz", &packed[..packed.len() * 3 / 4]);
            return vec!["a.gz"];
        }
        "an archive is damaged amid" => {
            let mut packed = gzip(&noisy_samples());
            let middle = packed.len() * 3 / 4;
            packed[middle..middle + 64].fill(0xff);
            to.file("a.gz", packed);
            return vec!["a.gz"];
        }
        "nothing can be unpacked of an archive in a folder" => {
            to.file("logs/a.txt", steady);
            to.file("logs/b.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03");
            return vec!["logs"];
        }
        "a file in a folder cannot be opened" => {
            to.file("logs/a.txt", steady);
            #[cfg(unix)]
            std::os::unix::fs::symlink("nowhere", to.path().join("logs/b.txt")).unwrap();
            return vec!["logs"];
        }
        "no record of a file in a folder can be read" => {
            to.file("logs/a.txt", steady);
            to.file("logs/b.txt", partly_unreadable(0, 30));
            return vec!["logs"];
        }
        "two records in a hundred cannot be read" => to.file("a.txt", partly_unreadable(98, 2)),
        "two records in a hundred cannot be read, with `--allow-unread 5%`" => {
            to.file("a.txt", partly_unreadable(98, 2));
            return vec!["a.txt", "--allow-unread", "5%"];
        }
        "one record in a thousand cannot be read" => to.file("a.txt", partly_unreadable(999, 1)),
        "the last line is broken off, as in a log that is written to" => {
            to.file("a.txt", samples(30, 0) + "VmRSS:\t1000");
        }
        "a line has more than 32 MiB" => {
            to.file("a.gz", gzip(&(samples(60, 0) + &"x".repeat(33 << 20) + "\n" + &samples(60, 0))));
            return vec!["a.gz"];
        }
        "another table stands among the records, in a form that is known and not read" => {
            let table = "  S0     S1     E      O      M     CCS    YGC     YGCT    FGC    FGCT     CGC    CGCT       GCT\n  0.00 100.00  20.00  40.00  95.00  90.00    12    0.100     0    0.000     4    0.010    0.110\n";
            to.file("a.txt", steady.replacen("VmRSS", &format!("{table}VmRSS"), 20));
        }
        "a file in a folder is of a form that is known and not read" => {
            to.file("logs/a.txt", steady);
            to.file("logs/b.txt", " r b w     avm   fre   flt  re  pi  po    fr   sr\n 1 0 0   900000 80000   100   0   0   0     0    0\n");
            return vec!["logs"];
        }
        "an archive in a folder is of a kind that is not unpacked" => {
            to.file("logs/a.txt", steady);
            to.file("logs/b.txt.lz4", b"\x04\x22\x4D\x18\x64\x40\xa7\x00\x00\x00\x00");
            return vec!["logs"];
        }
        "a file in a folder has nothing to do with memory" => {
            to.file("logs/a.txt", steady);
            to.file("logs/README", "The logs of one night.\n");
            return vec!["logs"];
        }
        "the work of `--per` cannot be held against the memory" => {
            to.file("a.txt", samples(60, 0) + "requests=5\n");
            return vec!["a.txt", "--per", "requests=(?<n>\\d+)"];
        }
        "a named file is not there" => return vec!["gone.txt"],
        "a named file cannot be used, beside one that can" => {
            to.file("a.txt", steady);
            return vec!["a.txt", "gone.txt"];
        }
        "a named file is empty" => {
            to.file("a.txt", steady);
            to.file("b.txt", "");
            return vec!["a.txt", "b.txt"];
        }
        "a named file has nothing to do with memory" => {
            to.file("a.txt", steady);
            to.file("b.txt", "The logs of one night.\n");
            return vec!["a.txt", "b.txt"];
        }
        "no record of a named file can be read" => {
            to.file("a.txt", steady);
            to.file("b.txt", partly_unreadable(0, 30));
            return vec!["a.txt", "b.txt"];
        }
        "nothing can be unpacked of a named archive" => {
            to.file("a.txt", steady);
            to.file("b.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03");
            return vec!["a.txt", "b.gz"];
        }
        "nothing is left after `--since`, `--until`, `--include` or `--metric`" => {
            to.file("a.txt", steady);
            return vec!["a.txt", "--since", "2030-01-01"];
        }
        "a setting has a value that it cannot have" => {
            to.file("a.txt", steady);
            return vec!["a.txt", "--allow-unread", "5"];
        }
        "`leakdiff.toml` has a value that its setting cannot have" => {
            to.file("a.txt", steady);
            to.file("leakdiff.toml", "allow-unread = 0.05\n");
        }
        "`leakdiff.toml` has a key that is no setting" => {
            to.file("a.txt", steady);
            to.file("leakdiff.toml", "max-grwoth = '1MiB/h'\n");
        }
        "the baseline is not there" => {
            to.file("a.txt", steady);
            return vec!["a.txt", "--baseline", "gone.json"];
        }
        "the baseline is none" => {
            to.file("a.txt", steady);
            to.file("known.json", "[]");
            return vec!["a.txt", "--baseline", "known.json"];
        }
        "the report cannot be written" => {
            to.file("a.txt", steady);
            return vec!["a.txt", "-o", "nowhere/report"];
        }
        "the report would overwrite an input" => {
            to.file("a.txt", steady);
            return vec!["a.txt", "-o", "./a.txt"];
        }
        _ => return compare(case, to),
    }
    vec!["a.txt"]
}

/// Makes two recordings to be compared.
fn compare(case: &str, to: &Inputs) -> Vec<&'static str> {
    let cut = |text: &str| gzip(text)[..gzip(text).len() * 3 / 4].to_vec();
    let named = |name: &str, gain| samples_of(&format!("Name: {name}\n"), 100_000, 60, gain);
    let (before, after) = match case {
        "`--compare`: something grows that did not grow before" => (samples(60, 0), samples(60, 200)),
        "`--compare`: something grows that was not there before" => {
            (named("a", 0), named("a", 0) + &named("b", 200))
        }
        "`--compare`: something grows faster than before" => (samples(60, 100), samples(60, 400)),
        "`--compare`: something grows as before" => (samples(60, 200), samples(60, 200)),
        "`--compare`: one of the recordings has too few samples" => (samples(60, 0), samples(4, 0)),
        "`--compare`: one of the recordings is cut" => {
            to.file("before.gz", cut(&noisy_samples()));
            to.file("after.txt", samples(60, 0));
            return vec!["--compare", "before.gz", "after.txt"];
        }
        "`--compare`: too many records of one of them cannot be read" => {
            (samples(60, 0), partly_unreadable(90, 10))
        }
        _ => panic!("docs/ci.md has a row without an input: {case}"),
    };
    to.file("before.txt", before);
    to.file("after.txt", after);
    vec!["--compare", "before.txt", "after.txt"]
}

/// Returns the rules of the findings of a document.
fn rules(document: &str) -> Vec<String> {
    let document: Value = serde_json::from_str(document).unwrap();
    let findings = document["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

/// The arguments of a row between others.
fn with<'a>(before: &[&'a str], args: &[&'a str], after: &[&'a str]) -> Vec<&'a str> {
    [before, args, after].concat()
}

#[test]
fn each_row_of_the_table_is_as_it_says() {
    let rows = rows();
    assert!(rows.len() > 40, "the table was not found");
    rows.iter().filter(|row| row.case != LONG_LINE).for_each(Row::check);
    let mut cases: Vec<&str> = rows.iter().map(|row| row.case).collect();
    cases.sort_unstable();
    cases.dedup();
    assert_eq!(cases.len(), rows.len(), "a row stands twice");
}

#[test]
fn a_line_has_a_longest_length() {
    rows().iter().find(|row| row.case == LONG_LINE).unwrap().check();
}

#[test]
fn the_output_format_does_not_change_the_code() {
    for Row { case, code, rule, .. } in rows().into_iter().filter(|row| row.case != LONG_LINE) {
        let to = Inputs::new();
        let args = make(case, &to);
        let formats = if args.contains(&"--compare") { &OF_COMPARISONS[..] } else { &FORMATS };
        for format in formats {
            let (found, out, err) = to.run(&with(&["--check"], &args, &["--format", format]));
            assert_eq!(found, code, "{case}: {format}: {out}{err}");
            // A table of series has no findings.
            if let Some(rule) = rule.filter(|_| *format != "csv") {
                assert!(out.contains(rule), "{case}: {format} does not name {rule}: {out}");
            }
        }
    }
}

/// Whether a row has a word on standard error though its code is that of a finding: files that cannot be read, and
/// comparisons, which have no findings of their own.
fn is_told(case: &str) -> bool {
    matches!(
        case,
        "nothing can be unpacked of an archive in a folder" | "a file in a folder cannot be opened"
    ) || case.contains("has too few samples") && case.contains("--compare")
}

/// A text of 60 parts.
fn parts(part: impl Fn(usize) -> String) -> String {
    (0..60).map(part).collect()
}

/// Ways to hide growth beside what does not grow.
#[test]
fn growth_is_not_hidden_by_what_is_healthy() {
    let time = |k: usize| 1_716_465_395 + 600 * k;
    let table = |k: usize| format!("{}\n  PID   RSS CMD\n   77 100000 python app.py\n", time(k));
    let steady = |k: usize| format!("{}\nVmRSS:\t100000 kB\n", time(k));
    let fleet = |k: usize| {
        let healthy = (0..200).map(|process| format!("Name: p{process}\nVmRSS:\t{} kB\n", 100_000 + process));
        format!("{}\n{}Name: leak\nVmRSS:\t{} QB\n", time(k), healthy.collect::<String>(), 100 + k)
    };
    for (case, text, rule) in [
        (
            "a program's own words beside the table of a tool",
            parts(|k| format!("worker memory usage RSS: {} MB\n{}", 100 + k, table(k))),
            "not-read",
        ),
        (
            "numbers without a unit beside records that have one",
            parts(|k| format!("{}memory used: {} pages\n", steady(k), 25_000 + 500 * k)),
            "not-read",
        ),
        (
            "sites that cannot be read beside the table of a tool",
            parts(|k| format!("{}/srv/a.py:1: size={k}o KiB, count={k}, average=1 KiB\n", table(k))),
            "incomplete-input",
        ),
        ("the records of one process among those of 200", parts(fleet), "incomplete-input"),
    ] {
        let to = Inputs::new();
        to.file("a.txt", text);
        let (code, out, err) = to.run(&["--check", "a.txt", "--format", "json"]);
        assert_eq!((code, err.as_str()), (1, ""), "{case}");
        assert_eq!(rules(&out), [rule], "{case}");
    }
    // In a folder: an archive that was packed twice.
    let to = Inputs::new();
    to.file("logs/a.txt", parts(steady));
    let mut twice = Vec::new();
    let mut writer =
        niffler::get_writer(Box::new(&mut twice), niffler::compression::Format::Gzip, niffler::Level::One)
            .unwrap();
    std::io::Write::write_all(&mut writer, &gzip(&samples(60, 200))).unwrap();
    drop(writer);
    to.file("logs/b.gz", twice);
    let (code, out, _) = to.run(&["--check", "logs", "--format", "json"]);
    assert_eq!((code, rules(&out)), (1, vec!["not-read".to_owned()]));
}

/// Two processes without names are two, on both sides of a comparison; and a report tells how much is known.
#[test]
fn growth_is_not_hidden_in_a_comparison() {
    let to = Inputs::new();
    for (name, gain) in [("x/a.txt", 0), ("x/b.txt", 200), ("y/a.txt", 200), ("y/b.txt", 0)] {
        to.file(name, samples_of("", 100_000, 60, gain));
    }
    assert_eq!(to.run(&["--check", "--compare", "x", "y"]).0, 1);
    assert_eq!(to.run(&["--check", "--compare", "x", "x"]).0, 0);
    to.file("long.txt", samples(60, 0));
    to.file("short.txt", samples(4, 0));
    to.file("broken.txt", partly_unreadable(90, 10));
    for name in ["long", "short", "broken"] {
        let (text, json) = (format!("{name}.txt"), format!("{name}.json"));
        assert_eq!(to.run(&[&text, "--format", "json", "-o", &json]).0, 0);
    }
    for (after, expected) in [("long.json", 0), ("short.json", 1), ("broken.json", 2)] {
        assert_eq!(to.run(&["--check", "--compare", "long.json", after]).0, expected, "{after}");
        assert_eq!(to.run(&["--compare", "long.json", after]).0, 0, "{after}");
    }
}

/// Limits, baselines and lists accept the growth that they name, and no other.
#[test]
fn nothing_is_accepted_but_what_is_named() {
    let named = |name: &str, gain| samples_of(&format!("Name: {name}\n"), 100_000, 60, gain);
    let without_times = |text: &str| {
        text.lines().filter(|line| line.contains("VmRSS")).map(|line| format!("{line}\n")).collect::<String>()
    };
    let with_times = |gain| {
        let dump = snapshots(30, gain);
        let stamped = dump
            .split("\n\n")
            .enumerate()
            .map(|(k, list)| format!("{}\n{list}\n\n", 1_716_465_395 + 600 * k));
        stamped.collect::<String>()
    };
    let parts_of = |whole: usize, part: usize| {
        let sample = |k: usize| {
            let time = 1_716_465_395 + 600 * k;
            format!("{time}\nVmRSS:\t{} kB\nRssAnon:\t{} kB\n", 900_000 + whole * k, 100_000 + part * k)
        };
        (0..60).map(sample).collect::<String>()
    };
    // A site that fills up.
    let full = |k: usize| {
        let blocks = 100 + 40 * k.min(10);
        format!("/srv/app/cache.py:31: size={} B, count={blocks}, average=1024 B\n\n", 1024 * blocks)
    };
    // The recording of the baseline, the one that is checked, and the options.
    for (case, before, now, args, rules_found) in [
        ("the same process", named("a", 200), named("a", 200), &[][..], &[][..]),
        ("another process", named("a", 200), named("b", 200), &[], &["process-growing"]),
        (
            "another metric",
            samples(60, 200),
            samples(60, 200).replace("VmRSS", "RssAnon"),
            &[],
            &["process-growing"],
        ),
        (
            "a rate in another unit",
            without_times(&samples(60, 2000)),
            samples(60, 200),
            &[],
            &["process-growing"],
        ),
        (
            "two of two processes",
            named("a", 200) + &named("b", 100),
            named("b", 100) + &named("a", 200),
            &[],
            &[],
        ),
        ("no baseline", String::new(), samples(60, 200), &["--min-probability", "0.95"], &[]),
        ("no baseline", String::new(), samples(60, 200), &["--min-probability", "0.5"], &["process-growing"]),
        (
            "a word that is no growth",
            String::new(),
            samples(6, 0),
            &["--fail-on", "unclear", "--min-probability", "1"],
            &["process-unclear"],
        ),
        (
            "a word that is no growth",
            String::new(),
            samples(6, 0),
            &["--fail-on", "unclear", "--max-growth", "1GiB/h"],
            &["process-unclear"],
        ),
        ("a site below a rate", String::new(), with_times(4), &["--max-site-growth", "25KiB/h"], &[]),
        (
            "a site above a rate",
            String::new(),
            with_times(4),
            &["--max-site-growth", "23KiB/h"],
            &["site-growth"],
        ),
        (
            "a part above a rate",
            String::new(),
            parts_of(50, 400),
            &["--max-growth", "1MiB/h"],
            &["process-growth"],
        ),
        ("a part of a steady whole", String::new(), parts_of(0, 400), &[], &["process-growing"]),
        (
            "another process beside a healthy one",
            named("a", 200) + &named("c", 0),
            named("b", 200) + &named("c", 0),
            &[],
            &["process-growing"],
        ),
        (
            "a word that is no growth of a site",
            String::new(),
            (0..40).map(full).collect(),
            &["--fail-on", "settled", "--max-site-growth", "1GiB/snapshot"],
            &["site-settled"],
        ),
        ("as many points as are wanted", String::new(), samples(30, 0), &["--min-points", "30"], &[]),
        ("one point less", String::new(), samples(29, 0), &["--min-points", "30"], &["too-few-points"]),
        (
            "no limit but that of the recording",
            String::new(),
            samples(60, 0),
            &["--limit", "1GiB", "--within", "30d"],
            &[],
        ),
    ] {
        let to = Inputs::new();
        to.file("a.txt", &before);
        let mut all = vec!["--check", "a.txt", "--format", "json"];
        all.extend(args);
        if !before.is_empty() {
            assert_eq!(to.run(&["a.txt", "--baseline", "known.json", "--write-baseline"]).0, 0, "{case}");
            all.extend(["--baseline", "known.json"]);
        }
        to.file("a.txt", &now);
        let (code, out, err) = to.run(&all);
        assert_eq!(
            (rules(&out), err.as_str()),
            (rules_found.iter().map(ToString::to_string).collect(), ""),
            "{case}: {args:?}"
        );
        assert_eq!(code, i32::from(!rules_found.is_empty()), "{case}");
    }
    // What no baseline can know is no part of it.
    let to = Inputs::new();
    to.file("a.txt", samples(4, 0));
    assert_eq!(to.run(&["--check", "a.txt", "--baseline", "known.json", "--write-baseline"]).0, 1);
    to.file("a.txt", samples(60, 200));
    assert_eq!(to.run(&["--check", "a.txt", "--baseline", "known.json", "--write-baseline"]).0, 0);
    // Comparisons: a new process that does not grow, a short life, and a line that could not be read.
    to.file("before.txt", named("a", 0));
    to.file("more.txt", named("a", 0) + &named("b", 0));
    to.file("broken.txt", named("a", 0) + "VmRSS:\t1o0000 kB\n" + &samples_of("Name: a\n", 100_000, 200, 0));
    let mut lives = String::new();
    for life in 0..8 {
        for k in 0..4 {
            let time = 1_716_465_395 + 600 * (4 * life + k);
            write!(lives, "{time}\nName: a\nPid: {}\nVmRSS:\t{} kB\n", 100 + life, 100_000 + 50_000 * k)
                .unwrap();
        }
    }
    to.file("lives.txt", lives);
    for (args, expected) in [
        (&["more.txt", "--check"][..], 0),
        (&["lives.txt", "--check"], 1),
        (&["broken.txt", "--check"], 0),
        (&["broken.txt", "--check", "--strict"], 2),
        (&["lives.txt"], 0),
    ] {
        assert_eq!(to.run(&[&["--compare", "before.txt"], args].concat()).0, expected, "{args:?}");
    }
}

/// Each rule that a check can break has a row.
#[test]
fn each_rule_of_an_error_has_a_row() {
    let page = include_str!("../docs/rules.md");
    let of_errors = page.split("\n## `").skip(1).filter(|section| !section.contains("warning; only"));
    let rows = rows();
    for section in of_errors {
        let rule = section.split('`').next().unwrap();
        assert!(rows.iter().any(|row| row.rule == Some(rule)), "{rule}");
    }
}
