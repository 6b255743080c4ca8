//! The output does not depend on the number of threads that read and judge.
#![allow(clippy::unwrap_used)]

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

fn output(threads: &str, arguments: &[&str]) -> Vec<u8> {
    let run = Command::new(env!("CARGO_BIN_EXE_leakdiff"))
        .args(arguments)
        .env("RAYON_NUM_THREADS", threads)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    run.stdout
}

/// Dumps of enough sites to be judged by several threads. Names come up in another order in each file, so that their
/// numbers depend on the file that is read first.
fn dumps(folder: &Path) {
    for snapshot in 0..60_u64 {
        let mut text = String::new();
        for rank in 0..600_u64 {
            let site = (rank * 7 + snapshot * 13) % 600;
            let count = 9000 - rank * 10 + snapshot * (site % 3);
            let _ = writeln!(text, "/srv/app/m{site}.py:{site}: size={count} B, count={count}, average=1 B");
        }
        std::fs::write(folder.join(format!("{snapshot:02}.txt")), text).unwrap();
    }
}

#[test]
fn one_thread_and_many_give_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    dumps(folder.path());
    let own = folder.path().to_str().unwrap();
    for arguments in [
        &[own, "--format", "json"][..],
        &[own, "--format", "json", "--sort", "blocks"],
        &[own, "--top", "30"],
        &["fixtures/recordings/two-rates/snapshots", "--format", "json"],
        &["fixtures/recordings/openstack-atexit", "--format", "csv"],
        &["fixtures", "--format", "json"],
    ] {
        let alone = output("1", arguments);
        for threads in ["2", "3", "8"] {
            assert!(output(threads, arguments) == alone, "{threads} threads: {arguments:?}");
        }
    }
}

fn files(folder: &Path, all: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, all) } else { all.push(path) }
    }
}

/// Maps have another hash in each run.
#[test]
fn each_run_gives_the_same_bytes() {
    let mut all = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"), &mut all);
    let run = |path: &Path| {
        let run = Command::new(env!("CARGO_BIN_EXE_leakdiff"))
            .args(["--no-config", "--check", "--format", "json"])
            .arg(path)
            .output()
            .unwrap();
        (run.status.code(), run.stdout, run.stderr)
    };
    for path in all {
        let first = run(&path);
        for _ in 0..2 {
            assert!(run(&path) == first, "{}", path.display());
        }
    }
}
