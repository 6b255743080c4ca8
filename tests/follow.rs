//! `--follow`: a recording that goes on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use assert_cmd::Command as Assert;
use leakdiff::analysis::{Analysis, Options};
use leakdiff::report::{Report, Style, changes};

/// Longer than a loaded machine needs.
const PATIENCE: Duration = Duration::from_secs(120);

/// A program that follows, its lines as they come.
struct Follower {
    program: Child,
    lines: Receiver<String>,
}

impl Follower {
    fn new(path: &Path) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_leakdiff"))
            .args(["--no-config", "--follow=100ms", "--width", "200"])
            .arg(path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let out = BufReader::new(program.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self { program, lines }
    }

    /// Waits for a line with a text, and returns it.
    fn line_with(&self, text: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no line with {text:?}"));
            if line.contains(text) {
                return line;
            }
        }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// Appends samples, one a minute, of so many KiB each.
fn append(path: &Path, minutes: std::ops::Range<usize>, kib: impl Fn(usize) -> usize) {
    let mut text = String::new();
    for minute in minutes {
        let (hour, minute, kib) = (10 + minute / 60, minute % 60, kib(minute));
        text += &format!("2024-05-23T{hour:02}:{minute:02}:00Z\nVmRSS:\t{kib} kB\n");
    }
    OpenOptions::new().create(true).append(true).open(path).unwrap().write_all(text.as_bytes()).unwrap();
}

#[test]
fn what_changes_is_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.txt");
    append(&path, 0..30, |_| 100_000);
    let follower = Follower::new(&path);
    follower.line_with("VmRSS stays at 97.7 MiB");
    append(&path, 30..90, |minute| 100_000 + 64 * (minute - 30));
    let line = follower.line_with("VmRSS grows");
    assert!(line.ends_with("(was steady)"), "{line}");
    assert!(line.starts_with("20") && line[..20].ends_with('Z'), "{line}");
    append(&path, 90..300, |_| 100_000 + 64 * 60);
    assert!(follower.line_with("VmRSS has settled").ends_with("(was growing)"));
}

#[test]
fn a_file_that_appears_in_a_folder_is_read() {
    let folder = tempfile::tempdir().unwrap();
    append(&folder.path().join("api.txt"), 0..30, |_| 100_000);
    let follower = Follower::new(folder.path());
    follower.line_with("VmRSS stays at 97.7 MiB");
    append(&folder.path().join("worker.txt"), 0..60, |minute| 50_000 + 64 * minute);
    assert!(follower.line_with("worker.txt: VmRSS grows").ends_with("(new)"));
}

#[test]
fn what_cannot_be_followed_is_refused() {
    for (args, expected) in [
        (
            vec!["--follow", "-"],
            "--follow: expected files or folders, which can be read again, found standard input",
        ),
        (vec!["--follow", "--format", "json", "r.txt"], "--follow: expected --format table"),
        (vec!["--follow", "--check", "r.txt"], "cannot be used with"),
        (vec!["--follow=never", "r.txt"], "expected a period such as"),
    ] {
        let output = Assert::cargo_bin("leakdiff").unwrap().arg("--no-config").args(&args).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?} {error}");
        assert!(error.contains(expected), "{args:?} {error}");
    }
}

/// A process that stays, grows evenly from one sample on, or stops growing; and a site that does the same.
fn report(samples: usize, growth: impl Fn(usize) -> usize) -> Report {
    let mut status = String::new();
    let mut log = String::new();
    for sample in 0..samples {
        let (minute, kib) = (sample % 60, 100_000 + 64 * growth(sample));
        status += &format!("2024-05-23T{:02}:{minute:02}:00Z\nVmRSS:\t{kib} kB\n", 10 + sample / 60);
        let blocks = 1000 + growth(sample);
        log += &format!(
            "[ Top 1 ]\n/srv/pool.py:31: size={} KiB, count={blocks}, average=64 KiB\n",
            64 * blocks
        );
    }
    let mut analysis = Analysis::new(Options::default()).unwrap();
    analysis.add("report.txt", &status, 0).unwrap();
    analysis.add("service.log", &log, 0).unwrap();
    analysis.finish().unwrap()
}

#[test]
fn a_change_of_verdict_is_one_line() {
    let style = Style::default();
    let steady = report(40, |_| 0);
    let growing = report(40, |sample| sample);
    let settled = report(120, |sample| sample.min(40));
    let lines = changes(&steady, &growing, &style);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].starts_with("VmRSS grows 3.75 MiB/h (") && lines[0].ends_with(" (was steady)"),
        "{lines:?}"
    );
    assert!(lines[1].starts_with("/srv/pool.py:31 grows 64.0 KiB/snapshot"), "{lines:?}");
    assert!(
        lines[1].ends_with(" likely to keep growing (new)") || lines[1].ends_with(" (was steady)"),
        "{lines:?}"
    );
    let lines = changes(&growing, &settled, &style);
    assert!(
        lines[0].starts_with("VmRSS has settled at ") && lines[0].ends_with(" (was growing)"),
        "{lines:?}"
    );
    assert!(
        lines[1].starts_with("/srv/pool.py:31 is settled: ") && lines[1].ends_with(" (was growing)"),
        "{lines:?}"
    );
}

#[test]
fn the_same_verdicts_are_no_change() {
    let style = Style::default();
    let growing = report(40, |sample| sample);
    assert_eq!(changes(&growing, &growing, &style), Vec::<String>::new());
    assert_eq!(changes(&growing, &report(60, |sample| sample), &style), Vec::<String>::new());
}
