//! `--check`, its limits, baselines and the configuration file, as a team uses them.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

const HERE: &str = env!("CARGO_MANIFEST_DIR");
const BLOG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/rss-report/blog.txt");
const STEADY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/recordings/re-cache/report.txt");
const ATEXIT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/recordings/openstack-atexit/diff.log");
const SNAPSHOTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/recordings/two-rates/snapshots");

/// Runs leakdiff in a folder; returns its exit code, standard output and standard error.
fn run_in(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("leakdiff").unwrap();
    let output = command.current_dir(folder).args(args).env_remove("CLICOLOR_FORCE").output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn run(args: &[&str]) -> (i32, String, String) {
    run_in(Path::new(HERE), args)
}

fn code(args: &[&str]) -> i32 {
    run(args).0
}

/// The findings of a run: rule, subject and message.
fn findings(args: &[&str]) -> Vec<(String, String, String)> {
    let mut all = args.to_vec();
    all.extend(["--format", "json"]);
    let report: Value = serde_json::from_str(&run(&all).1).unwrap();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let all = report["findings"].as_array().unwrap();
    all.iter().map(|f| (text(f, "rule"), text(f, "subject"), text(f, "message"))).collect()
}

/// The number of findings, and that of their sites.
fn counted(args: &[&str]) -> (usize, usize) {
    let mut all = vec!["--format", "json"];
    all.extend(args);
    let report: Value = serde_json::from_str(&run(&all).1).unwrap();
    let found = report["findings"].as_array().unwrap();
    (found.len(), found.iter().map(|finding| finding["sites"].as_array().unwrap().len()).sum())
}

fn rules(args: &[&str]) -> Vec<String> {
    findings(args).into_iter().map(|(rule, ..)| rule).collect()
}

/// The table of the output contract.
#[test]
fn exit_codes() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let broken = file("broken.txt", "RssAnon: 1 kB\nRssAnon: 2 kB\nRssAnon: x7 kB\nRssAnon: 2 kB\n");
    let (empty, wrong) = (file("empty.txt", ""), file("wrong.txt", "nothing of memory\n"));
    let missing = folder.path().join("missing.txt").to_str().unwrap().to_owned();
    for (expected, what, args) in [
        (0, "analysed; it grows, but nobody asked for a check", vec![BLOG]),
        (0, "no findings", vec!["--check", STEADY]),
        (0, "nor where the check is taken back", vec!["--check=false", BLOG]),
        (1, "a finding", vec!["--check", BLOG]),
        (1, "a finding of sites", vec!["--check", ATEXIT]),
        (1, "too little to say anything", vec!["--check", "--min-points", "1000", STEADY]),
        (2, "a wrong command line", vec!["--check", "--limit", "much", BLOG]),
        (2, "a limit without which another makes no sense", vec!["--check", "--within", "3d", BLOG]),
        (2, "a file that is not there", vec![&missing]),
        (2, "one of two inputs that could not be used", vec!["--check", STEADY, &missing]),
        (2, "an empty input never passes", vec!["--check", &empty]),
        (2, "nor does a wrong one", vec!["--check", &wrong]),
        (2, "nor what filters leave nothing of", vec!["--check", SNAPSHOTS, "--include", "nothing.py"]),
        (0, "a line that could not be read", vec![&broken]),
        (2, "the same where that is not accepted", vec!["--strict", &broken]),
        (2, "a baseline that is not there", vec!["--check", "--baseline", &missing, BLOG]),
        (2, "a baseline to write, and no name for it", vec!["--write-baseline", BLOG]),
        (2, "a configuration that is not there", vec!["--config", &missing, BLOG]),
    ] {
        let (code, _, stderr) = run(&args);
        assert_eq!(code, expected, "{what}: {stderr}");
        assert_eq!(
            code == 2,
            stderr.contains("leakdiff: ") || stderr.contains("error: "),
            "{what}: {stderr}"
        );
    }
}

#[test]
fn too_few_points_never_pass() {
    assert_eq!(rules(&["--check", STEADY]), Vec::<String>::new());
    assert_eq!(rules(&["--check", STEADY, "--min-points", "1000"]), ["too-few-points"]);
    assert_eq!(
        rules(&["--check", SNAPSHOTS, "--min-points", "100", "--fail-on", "none"]),
        ["too-few-points"]
    );
    let one = "fixtures/tracemalloc/blog-diff.log";
    assert_eq!(
        findings(&["--check", one]),
        [(
            "too-few-points".into(),
            "heap".into(),
            "has 1 snapshot, fewer than 5: too few for a verdict".into()
        )]
    );
    // Nobody asked.
    assert_eq!(rules(&[one]), Vec::<String>::new());
    assert_eq!(rules(&["--min-points", "2", one]), ["too-few-points"]);
}

/// `--min-points` asks for the points that the verdict rests on: those of one segment, however many segments there are.
#[test]
fn segments_too_short_for_a_verdict_never_pass() {
    let folder = tempfile::tempdir().unwrap();
    // Segments of these lengths, each with a pid of its own, growing from the same level; then healthy ones.
    let report = |segments: &[usize], step: usize| {
        let mut time = 1_716_465_395;
        let mut text = String::new();
        for (pid, &length) in (100..).zip(segments) {
            for k in 0..length {
                time += 600;
                // Noise of a few pages, so that a healthy segment is no constant.
                let size = 100_000 + k * step + 4 * (k * 7 % 5);
                text += &format!("{time}\nName: a\nPid: {pid}\nVmRSS:\t{size} kB\n");
            }
        }
        let path = folder.path().join("report.txt");
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    for (segments, min_points, found) in [
        (&[4, 4, 4, 4, 4, 4][..], None, Some("has 4 samples between restarts (24 in all), fewer than 5")),
        (&[1; 24], None, Some("has 1 sample between restarts (24 in all), fewer than 5")),
        (&[30, 30, 30], None, None),
        // A last segment that is too short: the verdict rests on the one before.
        (&[40, 3], None, None),
        (&[3, 40], None, None),
        (&[8, 8, 8], Some("8"), None),
        (&[7, 7, 7], Some("8"), Some("has 7 samples between restarts (21 in all), fewer than 8")),
        (&[4], None, Some("has 4 samples, fewer than 5")),
    ] {
        let path = report(segments, 0);
        let mut args = vec!["--check", &path];
        args.extend(min_points.iter().flat_map(|least| ["--min-points", least]));
        let expected = found.map(|found| {
            ("too-few-points".to_owned(), "VmRSS".to_owned(), format!("{found}: too few for a verdict"))
        });
        assert_eq!(findings(&args), Vec::from_iter(expected), "{segments:?}");
    }
    assert_eq!(rules(&["--check", &report(&[4; 6], 50_000)]), ["too-few-points"]);
    // Snapshots of a heap; its process restarts after each fourth.
    let mut log = String::new();
    for k in 0..24 {
        let (begins, size) = (k % 4 == 0, 1000 * (k % 4 * 4 + 1));
        for site in 0..if begins { 12 } else { 40 } {
            let size = size * (site + 1);
            log += &format!("/srv/app/m{site}.py:1: size={size} B, count=10, average={} B\n", size / 10);
        }
        log += "\n";
    }
    let path = folder.path().join("dump.log");
    fs::write(&path, log).unwrap();
    let [(rule, subject, message)] = findings(&["--check", path.to_str().unwrap()]).try_into().unwrap();
    assert_eq!((rule.as_str(), subject.as_str()), ("too-few-points", "heap"));
    assert!(message.starts_with("has 4 snapshots between restarts (24 in all), fewer than 5: "), "{message}");
}

#[test]
fn growth_up_to_a_rate_is_accepted() {
    for (limit, expected) in [
        ("1MiB/h", vec!["process-growth"]),
        ("2MiB/h", vec![]),
        ("48MiB/day", vec![]),
        ("30MiB/day", vec!["process-growth"]),
        ("1MiB/sample", vec!["not-comparable"]),
    ] {
        assert_eq!(rules(&["--check", BLOG, "--max-growth", limit]), expected, "{limit}");
    }
    let (_, _, message) = &findings(&[BLOG, "--max-growth", "1.5MiB/h"])[0];
    assert_eq!(
        message,
        "grows 1.68 MiB/h (1.44 to 1.92), more than 1.50 MiB/h, though its interval includes that, 72 % likely to keep growing"
    );
    let sites = |limit: &str| counted(&["--check", ATEXIT, "--max-site-growth", limit]).1;
    assert_eq!((sites("7KiB/snapshot"), sites("4KiB/snapshot"), sites("1KiB/snapshot")), (0, 2, 6));
    // Snapshots of this log are ten minutes apart: 6 KiB a snapshot are 36 an hour.
    assert_eq!((sites("37KiB/h"), sites("35KiB/h")), (0, 1));
    assert!(rules(&[ATEXIT, "--max-site-growth", "1/snapshot"]).iter().all(|rule| rule == "site-growth"));
}

#[test]
fn a_limit_is_not_to_be_reached() {
    for (args, expected) in [
        (vec!["--limit", "900MiB"], vec!["process-growing", "limit-reached"]),
        (vec!["--limit", "1GiB"], vec!["process-growing"]),
        (vec!["--limit", "1GiB", "--within", "2d"], vec!["process-growing"]),
        (vec!["--limit", "1GiB", "--within", "3d"], vec!["process-growing", "limit-reached"]),
        (vec!["--limit", "1GiB", "--within", "3d", "--max-growth", "5MiB/h"], vec!["limit-reached"]),
    ] {
        let mut all = vec!["--check", BLOG];
        all.extend(&args);
        assert_eq!(rules(&all), expected, "{args:?}");
    }
    let found = findings(&[BLOG, "--limit", "1GiB", "--within", "3d"]);
    let (_, subject, message) = &found[1];
    assert_eq!(subject, "VmRSS");
    assert!(
        message.starts_with(
            "is at 932 MiB and reaches its limit of 1.00 GiB in 2 d 7 h, at the earliest in 1 d 21 h"
        ),
        "{message}"
    );
}

#[test]
fn the_limit_of_the_recording_is_not_to_be_reached() {
    let line = |k: usize| format!("2026-03-14T20:{k:02}:00Z web {}MiB / 512MiB\n", 200 + 3 * k);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stats.txt");
    std::fs::write(&path, (0..30).map(line).collect::<String>()).unwrap();
    let path = path.to_str().unwrap();
    assert_eq!(rules(&["--check", path]), ["process-growing"]);
    assert_eq!(rules(&["--check", path, "--within", "1d"]), ["process-growing", "limit-reached"]);
}

#[test]
fn verdicts_are_chosen_and_probabilities_too() {
    // Six of the seven sites that grow are in lockstep, and one finding.
    for (args, expected) in [
        (&[][..], (2, 7)),
        (&["--fail-on", "growing,unclear"], (2, 7)),
        (&["--fail-on", "growing,unclear", "--fold-below", "0"], (10, 15)),
        (&["--fail-on", "settled"], (1, 1)),
        (&["--fail-on", "settled", "--fold-below", "0"], (3, 3)),
        (&["--fail-on", "none"], (0, 0)),
        (&["--min-probability", "0.75"], (1, 6)),
        (&["--min-probability", "0.9"], (0, 0)),
    ] {
        assert_eq!(counted(&[&["--check", ATEXIT], args].concat()), expected, "{args:?}");
    }
    assert_eq!(code(&["--check", ATEXIT, "--min-probability", "1.1"]), 2);
}

#[test]
fn what_a_baseline_knows_is_no_finding_until_it_gets_worse() {
    let folder = tempfile::tempdir().unwrap();
    let known = folder.path().join("known.json");
    let known = known.to_str().unwrap();
    assert_eq!(code(&["--check", ATEXIT, "--baseline", known, "--write-baseline"]), 0);
    let (code, text, _) = run(&["--check", ATEXIT, "--baseline", known]);
    assert!(code == 0 && text.contains("7 series are in the baseline and no worse"), "{text}");
    // Written twice it is the same, and reasons written by hand stay.
    let first = fs::read_to_string(known).unwrap();
    let by_hand = first.replacen("\"kind\": \"site\",", "\"kind\": \"site\", \"reason\": \"a registry\",", 1);
    assert_ne!(first, by_hand);
    fs::write(known, &by_hand).unwrap();
    run(&[ATEXIT, "--baseline", known, "--write-baseline"]);
    let again = fs::read_to_string(known).unwrap();
    assert!(again.contains("\"reason\": \"a registry\""), "{again}");
    // Half the rate was known: it got worse.
    let mut baseline: Value = serde_json::from_str(&first).unwrap();
    let rate = &mut baseline["known"][0]["rate"];
    for end in ["value", "low", "high"] {
        rate[end] = (rate[end].as_f64().unwrap() / 2.0).into();
    }
    fs::write(known, baseline.to_string()).unwrap();
    let found = findings(&["--check", ATEXIT, "--baseline", known]);
    assert_eq!(found.len(), 1);
    assert!(found[0].2.contains("; known at "), "{found:?}");
    // Entries whose site is gone, or no finding any more, are reported.
    fs::write(known, first.replacen("cloud_region.py:194", "gone.py:1", 1)).unwrap();
    let (_, text, _) =
        run(&["--check", ATEXIT, "--baseline", known, "--exclude", "proxy.py", "-v", "--width", "200"]);
    assert!(text.contains("gone.py:1 is not in the recording"), "{text}");
    assert_eq!(rules(&["--check", ATEXIT, "--baseline", known]), ["site-growing"]);
    // A file that is no baseline is an error that says where.
    fs::write(known, "{\n\"schema\": \"leakdiff-baseline/1\", \"knwon\": []}").unwrap();
    let (code, _, stderr) = run(&["--check", ATEXIT, "--baseline", known]);
    assert!(
        code == 2
            && stderr
                .contains("known.json:2: expected a baseline of layout leakdiff-baseline/1, found none: "),
        "{stderr}"
    );
}

/// Processes that run the same code have the same sites: what is accepted is accepted of each, and no more.
#[test]
fn an_entry_of_a_baseline_is_of_one_site_though_several_have_its_name() {
    let folder = tempfile::tempdir().unwrap();
    // Thirty snapshots at the same times in each file, so that they are several heaps.
    let heap = |name: &str, gain: usize| {
        let snapshot = |k: usize| {
            let blocks = 100 + gain * k + k * 7 % 3;
            let time = 1_716_465_395 + 600 * k;
            let size = 1024 * blocks;
            format!(
                "{time}\n/srv/cache.py:31: size={size} B, count={blocks}, average=1024 B\n/srv/main.py:9: size=9000 B, count=9, average=1000 B\n\n"
            )
        };
        fs::write(folder.path().join(name), (0..30).map(snapshot).collect::<String>()).unwrap();
    };
    let check = |files: &[&str], args: &[&str]| {
        run_in(folder.path(), &[&["--check", "--baseline", "known.json"], args, files].concat())
    };
    for (name, gain) in [("steady", 0), ("slow", 9), ("fast", 20), ("faster", 30)] {
        heap(name, gain);
    }
    for (accepted, checked, findings) in [
        (&["steady", "slow"][..], &["steady", "slow"][..], 0),
        (&["slow", "steady"], &["steady", "slow"], 0),
        (&["slow", "fast"], &["slow", "fast"], 0),
        (&["slow", "fast", "faster"], &["faster", "slow", "fast"], 0),
        (&["slow", "fast"], &["slow"], 0),
        (&["slow"], &["slow", "fast"], 1),
        (&["slow"], &["fast"], 1),
        (&["steady"], &["slow", "fast"], 2),
        (&["slow", "fast"], &["fast", "faster"], 1),
    ] {
        let _ = fs::remove_file(folder.path().join("known.json"));
        assert_eq!(check(accepted, &["--write-baseline"]).0, 0);
        let (code, out, _) = check(checked, &["--format", "json"]);
        let report: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(code, i32::from(findings > 0), "{accepted:?}, then {checked:?}");
        let found = report["findings"].as_array().unwrap().len();
        assert_eq!(found, findings, "{accepted:?}, then {checked:?}: {}", report["findings"]);
    }
}

#[test]
fn sites_are_found_again_when_lines_have_moved() {
    let folder = tempfile::tempdir().unwrap();
    let known = folder.path().join("known.json");
    let known = known.to_str().unwrap();
    run(&[ATEXIT, "--baseline", known, "--write-baseline"]);
    // Twelve lines were put in above: all lines of one file moved down.
    let log = fs::read_to_string(ATEXIT).unwrap();
    let moved = log
        .replace("cloud_region.py:194", "cloud_region.py:206")
        .replace("cloud_region.py:74", "cloud_region.py:86");
    let later = folder.path().join("later.log");
    fs::write(&later, moved).unwrap();
    let later = later.to_str().unwrap();
    let (code, text, _) = run(&["--check", later, "--baseline", known, "-v", "--width", "200"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("cloud_region.py:206 is taken for /usr/lib/python3.11/site-packages/openstack/config/cloud_region.py:194"), "{text}");
    // Too far away to be the same, unless the code says that it is the same function.
    let far = fs::read_to_string(ATEXIT)
        .unwrap()
        .replace("/usr/lib/python3.11/site-packages/openstack/", "/srv/openstack/");
    let (here, there) = (folder.path().join("here.log"), folder.path().join("there.log"));
    fs::write(&here, &far).unwrap();
    fs::write(&there, far.replace("cloud_region.py:194", "cloud_region.py:394")).unwrap();
    fs::create_dir(folder.path().join("config")).unwrap();
    let code_of =
        |before: usize| format!("class A:\n    def get(self):\n{}", "        pass\n".repeat(before));
    fs::write(folder.path().join("config/cloud_region.py"), code_of(500)).unwrap();
    let (here, there) = (here.to_str().unwrap(), there.to_str().unwrap());
    let root = folder.path().to_str().unwrap();
    run(&[here, "--baseline", known, "--write-baseline", "--source-root", root]);
    assert!(fs::read_to_string(known).unwrap().contains("\"function\": \"A.get\""));
    assert_eq!(run(&["--check", there, "--baseline", known]).0, 1);
    assert_eq!(run(&["--check", there, "--baseline", known, "--source-root", root]).0, 0);
}

#[test]
fn a_configuration_is_found_upwards_and_the_command_line_wins() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("a/b");
    fs::create_dir_all(&deep).unwrap();
    let config = folder.path().join("leakdiff.toml");
    fs::write(&config, "check = true\nmax-growth = '5MiB/h'\nmin-points = 3\n").unwrap();
    assert_eq!(run_in(&deep, &[BLOG]).0, 0);
    assert_eq!(run_in(&deep, &[BLOG, "--max-growth", "1MiB/h"]).0, 1);
    assert_eq!(run_in(&deep, &[BLOG, "--max-growth", "1MiB/h", "--check=false"]).0, 0);
    assert_eq!(run_in(&deep, &[BLOG, "--no-config", "--check"]).0, 1);
    let (code, shown, _) = run_in(&deep, &["--print-config", "--top", "3"]);
    assert_eq!(code, 0);
    for (line, from) in [
        ("top = 3", "# the command line"),
        ("max-growth = \"5MiB/h\"", "leakdiff.toml"),
        ("sort = \"growth\"", "# default"),
    ] {
        assert!(
            shown.lines().any(|shown| shown.starts_with(line) && shown.contains(from)),
            "{line}: {shown}"
        );
    }
    fs::write(&config, "max-grwoth = '5MiB/h'\n").unwrap();
    let (code, _, stderr) = run_in(&deep, &[BLOG]);
    assert_eq!(code, 2);
    assert!(
        stderr.contains("leakdiff.toml:1: there is no setting \"max-grwoth\"; did you mean \"max-growth\"?"),
        "{stderr}"
    );
    // Values that the command line refuses are refused in the file.
    for (setting, expected) in [
        ("min-probability = 80.0", "a probability from 0 to 1"),
        ("min-probability = nan", "a probability from 0 to 1"),
        ("width = 0", "20 to 65535 columns"),
    ] {
        fs::write(&config, format!("check = true\n{setting}\n")).unwrap();
        let (code, shown, stderr) = run_in(&deep, &[BLOG]);
        assert_eq!((code, shown.as_str()), (2, ""), "{setting}");
        assert!(stderr.ends_with(&format!("leakdiff.toml:2: {setting}: expected {expected}\n")), "{stderr}");
        let (key, value) = setting.split_once(" = ").unwrap();
        let (code, _, stderr) = run(&["--no-config", &format!("--{key}={value}"), BLOG]);
        assert!(code == 2 && stderr.contains(&format!("expected {expected}")), "{stderr}");
    }
    // A path in the file is meant from there.
    fs::write(&config, "baseline = 'known.json'\n").unwrap();
    assert_eq!(run_in(&deep, &[ATEXIT, "--write-baseline"]).0, 0);
    assert!(folder.path().join("known.json").is_file());
}

#[test]
fn allowed_sites_have_a_reason_and_are_told_when_they_are_of_no_use() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("leakdiff.toml");
    let allow = |glob: &str| format!("[[allow]]\nsite = '{glob}'\nreason = 'a registry of regions'\n");
    fs::write(&config, allow("*/openstack/*") + &allow("*/nothing/*")).unwrap();
    let (code, text, _) = run_in(folder.path(), &["--check", ATEXIT]);
    assert_eq!(code, 1);
    assert!(
        text.contains("Check failed: 1 finding\n")
            && text.contains("6 sites are allowed by the configuration"),
        "{text}"
    );
    assert!(text.contains("stale entry: no finding is of a site that \"*/nothing/*\" allows"), "{text}");
    fs::write(&config, allow("*/site-packages/*")).unwrap();
    assert_eq!(run_in(folder.path(), &["--check", ATEXIT]).0, 0);
}

#[test]
fn the_line_of_code_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("app")).unwrap();
    let log: String = (1..=9)
        .map(|k| format!("/srv/app/pool.py:2: size={} B, count={k}, average=900 B\n/srv/app/other.py:9: size=80 B, count=1, average=80 B\n\n", 900 * k))
        .collect();
    fs::write(folder.path().join("dump.log"), log).unwrap();
    fs::write(folder.path().join("app/pool.py"), "import x\n    pool.append(\u{1b}[31mx)\n").unwrap();
    let (code, text, _) = run_in(folder.path(), &["dump.log", "--source-root", "."]);
    assert!(code == 0 && text.contains("\n    pool.append(\\x1b[31mx)\n"), "{text}");
    let (_, json, _) = run_in(folder.path(), &["dump.log", "--source-root", ".", "--format", "json"]);
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["sites"][0]["path"], "app/pool.py");
}

#[test]
fn own_code_is_first_of_all_what_lies_below_the_root() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("app")).unwrap();
    fs::write(folder.path().join("app/pool.py"), "import x\n    pool.append(x)\n").unwrap();
    let log: String = (1..=9)
        .map(|k| {
            let size = 9000 * k;
            format!("{k} memory blocks: {size} B\n  File \"/srv/app/pool.py\", line 2\n  File \"/opt/vendor/queue.py\", line 7\n  File \"/usr/lib/python3.11/json/decoder.py\", line 353\n\n")
        })
        .collect();
    fs::write(folder.path().join("dump.log"), log).unwrap();
    for (root, expected) in [
        (&[][..], ("/opt/vendor/queue.py", 7, Value::Null)),
        (&["--source-root", "."], ("/srv/app/pool.py", 2, Value::from("app/pool.py"))),
    ] {
        let (_, json, _) = run_in(folder.path(), &[&["dump.log", "--format", "json"], root].concat());
        let report: Value = serde_json::from_str(&json).unwrap();
        let site = &report["sites"][0];
        assert_eq!(
            (&site["own_file"], &site["own_line"], &site["path"]),
            (&Value::from(expected.0), &Value::from(expected.1), &expected.2)
        );
        let (_, table, _) = run_in(folder.path(), &[&["dump.log", "--width", "80"], root].concat());
        let leads = format!("{}:{} →", expected.0.rsplit('/').next().unwrap(), expected.1);
        assert!(table.contains(&leads), "{table}");
    }
}

#[test]
fn sites_in_lockstep_are_one_finding() {
    let folder = tempfile::tempdir().unwrap();
    // Each event keeps one session, two buffers and a lock; the number of events differs from snapshot to snapshot.
    let mut events = 0;
    let log: String = (0..24)
        .map(|k| {
            events += [3, 1, 4, 1, 5, 9, 2, 6][k % 8];
            let line = |site: &str, blocks: u64, size: u64| {
                format!("/srv/{site}: size={} B, count={blocks}, average={size} B\n", blocks * size)
            };
            line("session.py:10", events, 900)
                + &line("buffer.py:20", 2 * events, 64)
                + &line("lock.py:30", events, 40)
                + &line("still.py:40", 7, 10)
                + "\n"
        })
        .collect();
    let path = folder.path().join("dump.log");
    fs::write(&path, log).unwrap();
    let found = findings(&["--check", path.to_str().unwrap()]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].1, "/srv/session.py:10");
    assert!(found[0].2.ends_with("; in lockstep with 2 other sites"), "{found:?}");
}

#[test]
fn two_recordings_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let log = fs::read_to_string(ATEXIT).unwrap();
    let middle = log.lines().position(|line| line.starts_with("2024-05-23 15:26")).unwrap();
    let half = |lines: Vec<&str>, name: &str| {
        fs::write(folder.path().join(name), lines.join("\n") + "\n").unwrap();
    };
    half(log.lines().take(middle).collect(), "first.log");
    half(log.lines().skip(middle).collect(), "second.log");
    let here = |args: &[&str]| run_in(folder.path(), args);
    let (code, text, _) = here(&["--compare", "--check", "first.log", "second.log"]);
    assert!(code == 0 && text.starts_with("No change"), "{text}");
    // The report on a recording does as well as the recording.
    for (log, json) in [("first.log", "first.json"), ("second.log", "second.json")] {
        assert_eq!(here(&[log, "--format", "json", "--output", json]).0, 0);
    }
    let of_reports = here(&["--compare", "first.json", "second.json"]).1;
    assert_eq!(of_reports.replace(".json", ".log"), text);
    // Twice as fast.
    let report = fs::read_to_string(folder.path().join("second.json")).unwrap();
    let mut report: Value = serde_json::from_str(&report).unwrap();
    for row in report["sites"].as_array_mut().unwrap() {
        for key in ["value", "low", "high"] {
            let slope = &mut row["trend"]["slope"];
            if let Some(rate) = slope[key].as_f64() {
                slope[key] = (2.0 * rate).into();
            }
        }
    }
    fs::write(folder.path().join("worse.json"), serde_json::to_string_pretty(&report).unwrap()).unwrap();
    let (code, text, _) = here(&["--compare", "--check", "first.log", "worse.json"]);
    assert!(code == 1 && text.contains(" faster"), "{text}");
    for (args, message) in [
        (vec!["--compare", "first.log"], "--compare: expected two recordings, before and after, found 1"),
        (
            vec!["--compare", "first.log", "second.log", "--format", "junit"],
            "--compare: expected one of --format table, json, csv, markdown, html, found --format junit",
        ),
        (vec!["--compare", "first.log", "nothing.log"], "nothing.log"),
        (vec!["--compare", "first.log", "second.log", "--baseline", "x"], "cannot be used with"),
    ] {
        let (code, _, stderr) = here(&args);
        assert!(code == 2 && stderr.contains(message), "{args:?}: {stderr}");
    }
}

/// A pipe whose reader is gone before anything was written: `leakdiff --check … | true`.
#[test]
fn the_exit_code_of_a_check_is_its_own_whatever_becomes_of_its_reader() {
    use std::process::{Command as Program, Stdio};
    let folder = tempfile::tempdir().unwrap();
    let known = folder.path().join("known.json");
    let without_reader = |args: &[&str]| {
        let mut child = Program::new(assert_cmd::cargo::cargo_bin("leakdiff"))
            .current_dir(folder.path())
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        let wrote = args.contains(&"--write-baseline");
        assert_eq!(said.contains("known.json: accepts 1 process from now on"), wrote, "{args:?}: {said}");
        assert_eq!(said.lines().count(), usize::from(wrote), "{args:?}: {said}");
        output.status.code().unwrap()
    };
    for format in ["table", "json", "csv", "markdown", "html", "junit", "github", "sarif"] {
        assert_eq!(without_reader(&["--check", BLOG, "--format", format]), 1, "{format}");
        assert_eq!(without_reader(&["--check", STEADY, "--format", format]), 0, "{format}");
    }
    assert_eq!(without_reader(&[BLOG]), 0);
    for (name, step) in [("before.txt", 0), ("after.txt", 500)] {
        let values: String = (0..20).map(|k| format!("VmRSS: {} kB\n", 90_000 + k * step)).collect();
        fs::write(folder.path().join(name), values).unwrap();
    }
    assert_eq!(without_reader(&["--check", "--compare", "before.txt", "after.txt"]), 1);
    assert_eq!(without_reader(&["--check", "--compare", "after.txt", "before.txt"]), 0);
    assert_eq!(without_reader(&["--print-config"]), 0);
    // Files are written all the same.
    assert_eq!(without_reader(&[BLOG, "--baseline", known.to_str().unwrap(), "--write-baseline"]), 0);
    assert!(known.is_file());
}
