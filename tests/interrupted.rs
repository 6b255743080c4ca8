//! Outputs that cannot be written whole, and files that change: nothing is lost, and the exit code is true.
#![allow(clippy::unwrap_used)]
#![cfg(unix)]

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const LEAK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/rss-report/blog.txt");
const STEADY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/recordings/re-cache/report.txt");
const FORMATS: [&str; 8] = ["table", "json", "csv", "markdown", "html", "junit", "github", "sarif"];

fn leakdiff(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("leakdiff"));
    command.current_dir(folder).args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// Names of all files in a folder, hidden ones too.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Waits for a program, at most a minute.
fn wait(child: &mut Child) -> i32 {
    let begin = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code().unwrap_or(-1);
        }
        assert!(begin.elapsed() < Duration::from_secs(60), "it does not end");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_in_each_format() {
    let folder = tempfile::tempdir().unwrap();
    for format in FORMATS {
        for input in [LEAK, STEADY] {
            let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
            let output = leakdiff(folder.path(), &["--check", input, "--format", format])
                .stdout(full)
                .output()
                .unwrap();
            let said = String::from_utf8(output.stderr.clone()).unwrap();
            assert_eq!(code(&output), 2, "{format}: {said}");
            assert!(
                said.starts_with("leakdiff: standard output: cannot be written: No space left"),
                "{said}"
            );
            let output =
                leakdiff(folder.path(), &["--check", input, "--format", format, "-o", "/dev/full"]).output();
            assert_eq!(code(&output.unwrap()), 2, "{format}");
        }
    }
}

/// `leakdiff --check … | head -c N`, for a reader that goes away anywhere.
#[test]
fn a_reader_may_leave_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    for format in FORMATS {
        for (input, expected) in [(LEAK, 1), (STEADY, 0)] {
            for read in [0, 1, 100, 5000] {
                let mut child =
                    leakdiff(folder.path(), &["--check", input, "--format", format]).spawn().unwrap();
                let mut out = child.stdout.take().unwrap();
                let _ = (&mut out).take(read).read_to_end(&mut Vec::new()).unwrap();
                drop(out);
                assert_eq!(wait(&mut child), expected, "{format}, after {read} bytes");
            }
        }
    }
    let args = ["--check", LEAK, "--baseline", "known.json", "--write-baseline"];
    let mut child = leakdiff(folder.path(), &args).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(wait(&mut child), 0);
    assert!(folder.path().join("known.json").is_file());
}

/// Nobody reads standard output or standard error at all.
#[test]
fn closed_outputs_do_not_change_the_code() {
    let folder = tempfile::tempdir().unwrap();
    for (shell, expected) in [("1", 1), ("0", 0)] {
        let input = if shell == "1" { LEAK } else { STEADY };
        let program = assert_cmd::cargo::cargo_bin("leakdiff");
        for closed in [">&-", "2>&-", ">&- 2>&-", "<&-"] {
            let line = format!("'{}' --no-config --check '{input}' {closed}", program.display());
            let output = Command::new("sh").args(["-c", &line]).current_dir(folder.path()).output().unwrap();
            assert_eq!(code(&output), expected, "{line}");
        }
    }
}

/// Of a report that is written while the program ends, nothing is seen under its name.
#[test]
fn a_file_is_replaced_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (name, args) in [
        ("report.html", &["--format", "html", "-o", "report.html"][..]),
        ("known.json", &["--baseline", "known.json", "--write-baseline"]),
    ] {
        fs::write(at(name), "{\"schema\": \"leakdiff-baseline/1\", \"known\": []}").unwrap();
        let old = fs::read_to_string(at(name)).unwrap();
        // The input is a pipe that gets half of its text: the program waits when it is ended.
        let mut child =
            leakdiff(folder.path(), &[&["-"], args].concat()).stdin(Stdio::piped()).spawn().unwrap();
        let text = fs::read(LEAK).unwrap();
        child.stdin.as_mut().unwrap().write_all(&text[..text.len() / 2]).unwrap();
        let status = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(status.success());
        assert_eq!(wait(&mut child), -1, "ended by a signal");
        assert_eq!(fs::read_to_string(at(name)).unwrap(), old, "{name}");
        fs::remove_file(at(name)).unwrap();
        assert_eq!(names(folder.path()), Vec::<String>::new(), "{name}");
    }
}

/// Nor is a part of it left under another name, whenever the program is ended while it writes.
#[cfg(target_os = "linux")]
#[test]
fn a_report_that_is_ended_amid_writing_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let sites: String =
        (0..100_000).map(|k| format!("/srv/m.py:{k}: size=1 KiB, count=1, average=1 KiB\n")).collect();
    fs::write(folder.path().join("log"), sites).unwrap();
    let log = folder.path().join("log");
    // Where the machine is busy, the program may have ended before the signal reaches it: that says nothing.
    let mut attempts = 0;
    let mut signals = ["-TERM", "-INT", "-HUP", "-KILL"].into_iter().peekable();
    while let Some(signal) = signals.peek().copied() {
        attempts += 1;
        assert!(attempts < 100, "it always ends before the signal");
        let mut child =
            leakdiff(folder.path(), &["log", "--format", "json", "-o", "report.json"]).spawn().unwrap();
        // A file of the folder that is open and not the log is the report.
        let files = format!("/proc/{}/fd", child.id());
        let is_report = |path: &Path| path.starts_with(folder.path()) && path != log;
        let writes = || {
            let open = fs::read_dir(&files).into_iter().flatten().flatten();
            open.filter_map(|file| fs::read_link(file.path()).ok()).any(|path| is_report(&path))
        };
        while !writes() && child.try_wait().unwrap().is_none() {}
        Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        let code = wait(&mut child);
        if code == 0 {
            fs::remove_file(folder.path().join("report.json")).unwrap();
            continue;
        }
        assert_eq!(code, -1, "ended by a signal");
        assert_eq!(names(folder.path()), ["log"], "{signal}");
        signals.next();
    }
}

#[test]
fn links_and_permissions_of_outputs_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (name, args) in [
        ("report.json", &["--format", "json", "-o", "link"][..]),
        ("known.json", &["--baseline", "link", "--write-baseline"]),
    ] {
        fs::write(at(name), "{\"schema\": \"leakdiff-baseline/1\", \"known\": []}").unwrap();
        fs::set_permissions(at(name), fs::Permissions::from_mode(0o640)).unwrap();
        symlink(name, at("link")).unwrap();
        let output = leakdiff(folder.path(), &[&[LEAK], args].concat()).output().unwrap();
        assert_eq!(code(&output), 0, "{name}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(at("link").is_symlink(), "{name}");
        assert!(fs::read_to_string(at(name)).unwrap().contains("bytes/second"), "{name}");
        assert_eq!(fs::metadata(at(name)).unwrap().permissions().mode() & 0o777, 0o640, "{name}");
        fs::remove_file(at("link")).unwrap();
        fs::remove_file(at(name)).unwrap();
        assert_eq!(names(folder.path()), Vec::<String>::new());
    }
}

#[test]
fn nothing_is_written_over_what_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let config = "check = false\n";
    let baseline = "{\"schema\": \"leakdiff-baseline/1\", \"known\": []}";
    fs::copy(LEAK, at("a.txt")).unwrap();
    fs::copy(STEADY, at("b.txt")).unwrap();
    fs::write(at("known.json"), baseline).unwrap();
    fs::write(at("leakdiff.toml"), config).unwrap();
    fs::create_dir(at("logs")).unwrap();
    fs::copy(LEAK, at("logs/c.txt")).unwrap();
    symlink("a.txt", at("link")).unwrap();
    fs::hard_link(at("a.txt"), at("hard")).unwrap();
    let all = || -> Vec<Vec<u8>> {
        ["a.txt", "b.txt", "known.json", "leakdiff.toml", "logs/c.txt"]
            .map(|name| fs::read(at(name)).unwrap())
            .into()
    };
    let before = all();
    for args in [
        &["a.txt", "-o", "a.txt"][..],
        &["a.txt", "-o", "./logs/../a.txt"],
        &["a.txt", "-o", "link"],
        &["a.txt", "-o", "hard"],
        &["link", "-o", "a.txt"],
        &["logs", "-o", "logs/c.txt"],
        &["a.txt", "--baseline", "known.json", "-o", "known.json"],
        &["a.txt", "--baseline", "./known.json", "-o", "known.json", "--write-baseline"],
        &["a.txt", "-o", "leakdiff.toml"],
        &["--compare", "a.txt", "b.txt", "-o", "b.txt"],
        // The baseline is an output, too.
        &["a.txt", "--baseline", "a.txt", "--write-baseline"],
        &["a.txt", "--baseline", "link", "--write-baseline"],
        &["a.txt", "--baseline", "leakdiff.toml", "--write-baseline"],
        &["logs", "--baseline", "logs/c.txt", "--write-baseline"],
    ] {
        let output = leakdiff(folder.path(), args).output().unwrap();
        assert_eq!(code(&output), 2, "{args:?}: {}", String::from_utf8_lossy(&output.stdout));
        assert!(all() == before, "{args:?} wrote over a file");
    }
    // Standard input is a file, too.
    let input = fs::File::open(at("a.txt")).unwrap();
    let output = leakdiff(folder.path(), &["-", "-o", "a.txt"]).stdin(input).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(all() == before);
}

/// A file that is written faster than it is read has an end.
#[test]
fn a_file_that_grows_is_read_to_its_size_at_opening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    let steady = fs::read_to_string(STEADY).unwrap();
    let filler = "nothing of memory stands here\n";
    fs::write(&path, steady + &filler.repeat(400_000)).unwrap();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let finished = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
            let begin = Instant::now();
            // At most 300 MB.
            for _ in 0..1000 {
                if stop.load(std::sync::atomic::Ordering::Relaxed)
                    || begin.elapsed() > Duration::from_secs(20)
                {
                    break;
                }
                file.write_all(&filler.as_bytes().repeat(10_000)).unwrap();
            }
        });
        let output = leakdiff(folder.path(), &["app.log", "--format", "json"]).output().unwrap();
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        output
    });
    let report: serde_json::Value = serde_json::from_slice(&finished.stdout).unwrap();
    let message =
        report["warnings"].as_array().unwrap().iter().map(|warning| warning["message"].as_str().unwrap());
    let told: Vec<&str> =
        message.filter(|message| message.contains("was written to while it was read")).collect();
    assert_eq!(told.len(), 1, "{:?}", report["warnings"]);
    let size = report["inputs"][0]["bytes"].as_u64().unwrap();
    assert!(told[0].contains(&size.to_string()), "{told:?}");
}
