//! `--explain-input` on the first recording of each format, as one page to read: fixtures/explanations.snap.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use leakdiff::formats::FORMATS;

#[test]
fn each_format_is_explained() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut page = String::new();
    for format in FORMATS {
        let folder = Path::new("fixtures").join(format.name);
        let mut recordings: Vec<_> =
            fs::read_dir(root.join(&folder)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        recordings.retain(|name| Path::new(name).extension().is_some_and(|extension| extension != "snap"));
        recordings.sort();
        let recording = folder.join(recordings.first().unwrap());
        let mut run = Command::cargo_bin("leakdiff").unwrap();
        let output = run.current_dir(root).args(["--no-config", "--explain-input"]).arg(&recording).output();
        let output = output.unwrap();
        page += &String::from_utf8(output.stdout).unwrap();
        page += &String::from_utf8(output.stderr).unwrap();
        page.push('\n');
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../fixtures");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!("explanations", page));
}
