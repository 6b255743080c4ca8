//! Inputs that cannot be read to their end: the lost part may hold growth.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

const STEADY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/recordings/re-cache/report.txt");

/// Runs leakdiff in a folder; returns its exit code, standard output and standard error.
fn run_in(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("leakdiff").unwrap();
    let output = command.current_dir(folder).args(args).env_remove("CLICOLOR_FORCE").output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Growth may lie in the part that could not be read, and an input that is incomplete never passes.
#[test]
fn an_incomplete_input_is_a_finding() {
    use niffler::compression::Format::{Bzip, Gzip, Lzma, Zstd};
    let folder = tempfile::tempdir().unwrap();
    let steady = fs::read_to_string(STEADY).unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        name.to_owned()
    };
    // Noise between the samples fills several blocks of each archive.
    let mut noise = 1_u64;
    let mut noisy = |line: &str| {
        let words = (0..20).map(|_| {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            format!("{:x}", noise >> 20)
        });
        format!("{line}\n# {}\n", words.collect::<Vec<_>>().join(" "))
    };
    let long: String = (0..5).flat_map(|_| steady.lines()).map(&mut noisy).collect();
    let mut cut = Vec::new();
    for (ending, format) in [("gz", Gzip), ("bz2", Bzip), ("xz", Lzma), ("zst", Zstd)] {
        let mut packed = Vec::new();
        let mut writer = niffler::get_writer(Box::new(&mut packed), format, niffler::Level::One).unwrap();
        std::io::Write::write_all(&mut writer, long.as_bytes()).unwrap();
        drop(writer);
        assert_eq!(run_in(folder.path(), &["--check", &file(&format!("whole.{ending}"), &packed)]).0, 0);
        cut.push(file(&format!("cut.{ending}"), &packed[..packed.len() * 3 / 4]));
        file(&format!("{ending}/cut.log"), &packed[..packed.len() * 3 / 4]);
        file(&format!("{ending}/healthy.txt"), steady.as_bytes());
        cut.push(ending.to_owned());
    }
    for name in &cut {
        let (code, text, stderr) = run_in(folder.path(), &["--check", name, "--width", "200"]);
        assert_eq!((code, stderr.as_str()), (1, ""), "{name}: {text}");
        assert!(text.contains("\nCheck failed: 1 finding\n  error incomplete-input: "), "{name}: {text}");
        assert!(text.contains("cut.") && text.contains(" data is damaged or cut short ("), "{name}: {text}");
        let (code, _, stderr) = run_in(folder.path(), &["--check", "--strict", name]);
        let said = "leakdiff: 1 input(s) are incomplete, and --strict was given\n";
        assert_eq!((code, stderr.as_str()), (2, said), "{name}");
        let (code, text, _) = run_in(folder.path(), &[name]);
        assert!(code == 0 && text.contains("data is damaged or cut short"), "{name}: {text}");
        let compared = |more: &[&str]| run_in(folder.path(), &[&["--compare", name, name], more].concat()).0;
        assert_eq!((compared(&[]), compared(&["--check"]), compared(&["--strict"])), (0, 2, 2), "{name}");
    }
    // No baseline knows a part that could not be read.
    let accepting = ["--check", "cut.gz", "--baseline", "known.json", "--write-baseline"];
    assert_eq!(run_in(folder.path(), &accepting).0, 1);
    assert_eq!(run_in(folder.path(), &["--check", "cut.gz", "--baseline", "known.json"]).0, 1);
    // Nothing at all of an archive, in a folder; its neighbours are read.
    file("logs/healthy.txt", steady.as_bytes());
    file("logs/broken.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03");
    let (code, text, stderr) = run_in(folder.path(), &["--check", "logs", "--format", "json"]);
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(code, 1);
    assert_eq!(
        (&report["findings"][0]["kind"], &report["findings"][0]["subject"]),
        (&"input".into(), &"logs/broken.gz".into())
    );
    assert!(stderr.starts_with("leakdiff: logs/broken.gz: cannot be read: gzip data is damaged"), "{stderr}");
    assert_eq!(
        (run_in(folder.path(), &["logs"]).0, run_in(folder.path(), &["--check", "--strict", "logs"]).0),
        (2, 2)
    );
    // Nor is an archive empty because only white space could be unpacked.
    let mut blank = Vec::new();
    let mut writer = niffler::get_writer(Box::new(&mut blank), Gzip, niffler::Level::One).unwrap();
    std::io::Write::write_all(&mut writer, &b"\n \t \n\n".repeat(50_000)).unwrap();
    drop(writer);
    file("blank/healthy.txt", steady.as_bytes());
    file("blank/blank.gz", &blank);
    assert_eq!(run_in(folder.path(), &["--check", "blank"]).0, 0);
    file("blank/blank.gz", &blank[..blank.len() - 6]);
    assert_eq!(run_in(folder.path(), &["--check", "blank"]).0, 1);
    // A named input that cannot be used ends with 2.
    assert_eq!(run_in(folder.path(), &["--check", "logs/healthy.txt", "logs/broken.gz"]).0, 2);
}

/// Files and folders within a folder that cannot be opened or read. Permissions do not keep root out; these do.
#[cfg(target_os = "linux")]
#[test]
fn a_file_of_a_folder_that_cannot_be_read_is_a_finding() {
    use std::os::unix::fs::symlink;
    for (target, cause) in
        [("nowhere", "No such file or directory"), ("/proc/self/mem", "Input/output error")]
    {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("logs")).unwrap();
        fs::copy(STEADY, folder.path().join("logs/healthy.txt")).unwrap();
        symlink(target, folder.path().join("logs/current.txt")).unwrap();
        let (code, text, stderr) = run_in(folder.path(), &["--check", "logs", "--width", "200"]);
        assert_eq!(code, 1, "{target}: {text}");
        let found = format!(
            "  error incomplete-input: logs/current.txt is an incomplete input: cannot be read: {cause}"
        );
        assert!(text.contains(&found), "{target}: {text}");
        assert!(
            stderr.starts_with(&format!("leakdiff: logs/current.txt: cannot be read: {cause}")),
            "{stderr}"
        );
        for args in [["--check", "--strict", "logs"], ["--check=false", "logs", "--no-config"]] {
            assert_eq!(run_in(folder.path(), &args).0, 2, "{target}: {args:?}");
        }
        // Where nothing else is there, nothing could be used.
        fs::remove_file(folder.path().join("logs/healthy.txt")).unwrap();
        assert_eq!(run_in(folder.path(), &["--check", "logs"]).0, 2, "{target}");
    }
}
