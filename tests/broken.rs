//! Every kind of broken input and broken request: its message and its exit code.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use assert_cmd::Command;

const RSS: &str = "Thu May 23 11:56:35 UTC 2024\nRssAnon:\t 941804 kB\nThu May 23 12:06:35 UTC 2024\nRssAnon:\t 942056 kB\n";
const GOOD: &str = "a.py:1: size=56 B, count=1, average=56 B\n";

/// The result of a run: exit code, standard output, standard error.
fn run(folder: &Path, args: &[&str], stdin: &str) -> (i32, String, String) {
    let out = Command::cargo_bin("leakdiff")
        .unwrap()
        .current_dir(folder)
        .args(args)
        .write_stdin(stdin)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

fn with_files(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

#[test]
fn an_input_that_cannot_be_used_ends_with_2_and_says_why() {
    let all_damaged = b" size=7930 B (+7930 B), count=109 (+109), average=73 B\nx\n size=1 B (+1 B), count=1 (+1), average=1 B\n";
    for (name, bytes, message) in [
        ("empty.txt", b"".as_slice(), "empty.txt: is empty"),
        ("blank.txt", b" \n\n\t\n", "blank.txt: is empty"),
        ("prose.txt", b"nothing of the kind\n", "prose.txt: no format recognised"),
        (
            "changes.log",
            b"Change in memory (average per second)\n",
            "changes.log: no format recognised; it looks like smemstat (it prints changes and no sizes; record smem instead), which leakdiff does not read yet",
        ),
        (
            "bare.txt",
            b"10072\n10320\n",
            "bare.txt: nothing could be read as csv; 1 damaged line(s), the first is line 1: numbers without a unit: name it with --value-unit (B, KiB, MiB, pages, ...)",
        ),
        (
            "damaged.log",
            all_damaged,
            "damaged.log: nothing could be read as tracemalloc; 2 damaged line(s), the first is line 1: column 55: expected a site before the size, found the end of the line",
        ),
    ] {
        let folder = with_files(&[(name, bytes)]);
        let (code, out, err) = run(folder.path(), &[name], "");
        let names: Vec<_> = leakdiff::formats::FORMATS.iter().map(|format| format.name).collect();
        let looked_for = match message.contains("no format") {
            true => format!(
                "\n  docs/formats.md describes the {} formats; --match reads lines of memory in other words",
                names.len()
            ),
            false => String::new(),
        };
        assert_eq!(
            (code, out.as_str(), err.as_str()),
            (2, "", format!("leakdiff: {message}{looked_for}\n").as_str()),
            "{name}"
        );
    }
}

#[test]
fn binary_data_is_named() {
    for (name, bytes, word) in [
        (
            "dict.pickle",
            b"\x80\x05\x95\x10\x00\x00\x00\x00\x00\x00\x00}\x94.".as_slice(),
            "nothing could be read as tracemalloc-pickle: a pickle of a dictionary, not of a snapshot",
        ),
        ("cut.pickle", b"\x80\x05\x95\x10\x00", "byte 3: the pickle breaks off"),
        (
            "model.pickle",
            b"\x80\x03csklearn.svm\nSVC\nq\0)\x81q\x01.",
            "a pickle of sklearn.svm.SVC: only snapshots of tracemalloc are read",
        ),
        ("core", b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00\x3e\x00", "ELF"),
        ("cut.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", "cannot be read"),
    ] {
        let folder = with_files(&[(name, bytes)]);
        let (code, out, err) = run(folder.path(), &[name], "");
        assert_eq!((code, out.as_str()), (2, ""), "{name}");
        assert!(err.starts_with(&format!("leakdiff: {name}: ")) && err.contains(word), "{name}: {err}");
    }
}

#[test]
fn a_missing_path_does_not_hide_the_others() {
    let folder = with_files(&[("good.txt", RSS.as_bytes())]);
    let (code, out, err) = run(folder.path(), &["good.txt", "missing.txt"], "");
    assert_eq!(code, 2);
    assert!(out.contains("RssAnon is unclear"), "{out}");
    assert!(err.starts_with("leakdiff: missing.txt: cannot be read: "), "{err}");
}

#[test]
fn a_folder_is_its_files_and_what_holds_nothing_is_a_note() {
    let folder = with_files(&[
        ("logs/10.txt", GOOD.as_bytes()),
        ("logs/9.txt", GOOD.as_bytes()),
        ("logs/README", b"hello\n"),
    ]);
    let (code, out, err) = run(folder.path(), &["logs", "-v"], "");
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("logs/README: left out: no format recognised"), "{out}");
    let (nine, ten) =
        (out.find("logs/9.txt: tracemalloc").unwrap(), out.find("logs/10.txt: tracemalloc").unwrap());
    assert!(nine < ten, "{out}");

    let folder = with_files(&[("empty/.hidden", b"x")]);
    let (code, _, err) = run(folder.path(), &["empty"], "");
    assert_eq!(code, 2);
    assert!(err.starts_with("leakdiff: empty: cannot be read: "), "{err}");
}

#[test]
fn damaged_records_are_counted_told_and_the_rest_is_analysed() {
    let log = format!("{GOOD}b.py:2: size=4o.0 KiB, count=3, average=1 B\nc.py:3: size=14.3 KiB, coun...\n");
    let folder = with_files(&[("service.log", log.as_bytes())]);
    let (code, out, _) = run(folder.path(), &["service.log"], "");
    assert_eq!(code, 0);
    assert!(out.contains("2 lines could not be read; -v lists them."), "{out}");
    let (_, out, _) = run(folder.path(), &["service.log", "-v"], "");
    assert!(
        out.contains("service.log:2: column 14: expected a size, found \"4o.0 KiB, count=3, avera\""),
        "{out}"
    );
    assert!(out.contains("service.log:3: column 22: expected \", count=\", found \", coun...\""), "{out}");
    let (code, _, err) = run(folder.path(), &["service.log", "--strict"], "");
    assert_eq!((code, err.as_str()), (2, "leakdiff: 2 line(s) could not be read, and --strict was given\n"));
}

#[test]
fn a_report_with_holes_is_read_around_them() {
    let report = "Thu May 23 11:56:35 UTC 2024\r\nRssAnon:\t 941804 kB\r\n\
                  Thu May 23 12:06:35 UTC 2024\r\nerror: unable to upgrade connection: container not found\r\n\
                  Thu May 23 12:16:35 UTC 2024\r\nRssAnon:\t 942056\r\n\
                  Thu May 23 12:26:35 UTC 2024\r\nRssAnon:\t 942336 kB\r\n\
                  Thu May 23 12:36:35 UTC 2024\r\nRssAnon:\t 9427";
    let folder = with_files(&[("report.txt", report.as_bytes())]);
    let (code, out, _) = run(folder.path(), &["report.txt", "--format", "json"], "");
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, &found["inputs"][0]["records"], &found["inputs"][0]["unreadable_lines"]),
        (0, &2.into(), &2.into())
    );
    assert_eq!(found["processes"][0]["samples"], 2);
    let lines: Vec<i64> =
        found["warnings"].as_array().unwrap().iter().filter_map(|w| w["line"].as_i64()).collect();
    assert_eq!(lines, [6, 10], "{out}");
}

#[test]
fn a_stray_escape_hides_no_line() {
    // Titles that never end before a key and before a value; the cut last line shows that the count holds.
    let report = "Thu May 23 11:56:35 UTC 2024\n\x1b]\x1b[1mRssAnon\x1b[m:\t 941804 kB\n\
                  Thu May 23 12:06:35 UTC 2024\nRssAnon:\t \x1b]942056 kB\n\
                  Thu May 23 12:16:35 UTC 2024\n\x1b[01;31m\x1b[KRssAnon\x1b[m\x1b[K:\t 942336 kB\n\
                  Thu May 23 12:26:35 UTC 2024\nRssAnon:\t 9427";
    let folder = with_files(&[("report.txt", report.as_bytes())]);
    let (code, out, _) = run(folder.path(), &["report.txt", "--format", "json"], "");
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    let input = &found["inputs"][0];
    assert_eq!(
        (code, &input["lines"], &input["records"], &input["unreadable_lines"]),
        (0, &8.into(), &2.into(), &2.into()),
        "{out}"
    );
    let warnings: Vec<(i64, &str)> = found["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|w| Some((w["line"].as_i64()?, w["message"].as_str()?)))
        .collect();
    assert_eq!(
        warnings,
        [
            (4, "expected a number of kB after RssAnon:, found \"]942056 kB\""),
            (
                8,
                "expected kB after RssAnon: 9427, found nothing, where the input ends; the number may be cut"
            ),
        ]
    );
}

#[test]
fn a_wrong_request_ends_with_2_and_says_what_was_expected() {
    let folder = with_files(&[("r.txt", RSS.as_bytes())]);
    for (args, message) in [
        (vec!["r.txt", "--tpo", "3"], "leakdiff: there is no option --tpo; did you mean --top?"),
        (vec!["r.txt", "--top", "x"], "leakdiff: --top: expected a whole number, found \"x\""),
        (vec!["r.txt", "--sort", "age"], "leakdiff: --sort: expected one of growth, rate,"),
        (
            vec!["r.txt", "--metric", "Foo"],
            "--metric: expected RssAnon, which alone the recording has, found Foo",
        ),
        (
            vec!["r.txt", "--since", "yesterday"],
            "expected a time such as 2024-05-23T11:56:35Z, 2024-05-23, 11:56 or 2h",
        ),
        (vec!["r.txt", "--limit", "much"], "expected a size such as 1GiB or 512M"),
        (
            vec!["r.txt", "--input-format", "pdf"],
            "--input-format: expected one of leakdiff-record, rss-report, tracemalloc, ",
        ),
        (
            vec!["r.txt", "--format", "pdf"],
            "--format: expected one of table, json, csv, markdown, html, junit, github, sarif, found \"pdf\"",
        ),
        (vec!["r.txt", "--include", "a["], "leakdiff: glob \"a[\": unclosed character class"),
        (
            vec!["r.txt", "--since", "2024-05-24", "--until", "2024-05-23"],
            "leakdiff: --since: expected a time before that of --until, found a later one",
        ),
        (vec!["-", "-"], "leakdiff: "),
        (vec!["-q", "-v", "r.txt"], "leakdiff: --quiet cannot be used with --verbose"),
        (
            vec!["r.txt", "--input-format", "tracemalloc"],
            "leakdiff: r.txt: nothing could be read as tracemalloc",
        ),
        (
            vec!["r.txt", "--output", "no/such/folder/out.txt"],
            "leakdiff: no/such/folder/out.txt: cannot be written: ",
        ),
    ] {
        let (code, _, err) = run(folder.path(), &args, RSS);
        assert_eq!(code, 2, "{args:?}: {err}");
        assert!(err.contains(message), "{args:?}: {err}");
    }
}

#[test]
fn filters_that_leave_nothing_are_no_success() {
    let folder = with_files(&[("r.txt", RSS.as_bytes()), ("s.txt", GOOD.as_bytes())]);
    for args in [
        ["r.txt", "--since", "2030-01-01"],
        ["r.txt", "--until", "2000-01-01"],
        ["r.txt", "--metric", "VmSwap"],
        ["s.txt", "--include", "nothing.py"],
        ["s.txt", "--exclude", "*"],
    ] {
        let (code, out, err) = run(folder.path(), &args, "");
        let message =
            "leakdiff: --since, --until, --metric, --include and --exclude leave nothing of the inputs\n";
        assert_eq!((code, out.as_str(), err.as_str()), (2, "", message), "{args:?}");
    }
}

#[test]
fn standard_input_is_read_and_a_file_is_written() {
    let folder = with_files(&[]);
    let (code, out, err) = run(folder.path(), &["-", "--output", "out.json", "--format", "json"], RSS);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "", ""));
    let found: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.path().join("out.json")).unwrap()).unwrap();
    assert_eq!(found["inputs"][0]["path"], "-");
    // Without any path a pipe is read as well.
    assert_eq!(run(folder.path(), &[], RSS).0, 0);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    use std::process::{Command as Plain, Stdio};
    let folder = with_files(&[("r.txt", RSS.repeat(50).as_bytes())]);
    let mut child = Plain::new(assert_cmd::cargo::cargo_bin("leakdiff"))
        .current_dir(folder.path())
        .args(["r.txt", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let out = child.wait_with_output().unwrap();
    assert_eq!((out.status.code(), out.stderr.len()), (Some(0), 0));
}
