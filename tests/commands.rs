//! The commands that README.md, the pages of docs/ and tests/commands/ show print the output shown there.
//!
//! They run in a copy of the fixtures, so that a shown command may write files. A page shows what a command prints in a
//! block ```` ```console ````; a block ```` ```sh ```` is not run.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::{env, fs};

use trycmd::schema::Bin;

fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        fs::copy(from, to).unwrap();
        return;
    }
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let name = entry.unwrap().file_name();
        copy(&from.join(&name), &to.join(&name));
    }
}

/// Returns the program of this name in `PATH`, or a sign to leave its commands out.
///
/// # Panics
///
/// Panics where `CI` is set and the program is missing.
fn found_or_ignored(name: &str, installed_by: &str) -> Bin {
    let folders = env::var_os("PATH").unwrap_or_default();
    let names = [name.to_owned(), format!("{name}{}", env::consts::EXE_SUFFIX)];
    let found: Option<PathBuf> = env::split_paths(&folders)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|program| program.is_file());
    match found {
        Some(program) => Bin::Path(program),
        None if env::var_os("CI").is_some() => panic!("{name} is missing: {installed_by}"),
        None => {
            eprintln!("{name} is missing, its commands are not run: {installed_by}");
            Bin::Ignore
        }
    }
}

#[test]
fn every_shown_command_gives_what_is_shown() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let copied = tempfile::tempdir().unwrap();
    for folder in ["fixtures", "docs/tutorial"] {
        copy(&root.join(folder), &copied.path().join(folder));
    }
    // The only test of this program: nothing else depends on the folder it works in.
    env::set_current_dir(copied.path()).unwrap();
    trycmd::TestCases::new()
        .register_bin("jq", found_or_ignored("jq", "apt-get install jq"))
        .case(root.join("README.md"))
        .case(root.join("docs/*.md"))
        .case(root.join("tests/commands/*.md"))
        .run();
    env::set_current_dir(root).unwrap();
}
