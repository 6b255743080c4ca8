//! Growth that is accepted.

use std::fmt::Write as _;

use super::inputs::{Inputs, rules, samples, samples_of, snapshots};

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
    // Nearby, with blocks a sixteenth as large and four times as many.
    let small_blocks = |k: usize| {
        let blocks = 292 + 20 * k;
        format!("/srv/app/cache.py:33: size={} B, count={blocks}, average=64 B\n\n", 64 * blocks)
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
        (
            "a site nearby of other blocks",
            snapshots(30, 4),
            (0..30).map(small_blocks).collect(),
            &[],
            &["site-growing"],
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
