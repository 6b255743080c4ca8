//! The recordings of each format: `fixtures/FORMAT/CASE.txt`, and the records expected of it beside it in `CASE.snap`.
//!
//! A file that is put there is a test. `INSTA_UPDATE=always cargo test --test fixtures` writes what is read of it.
#![allow(clippy::unwrap_used)]

mod reading;
#[path = "fixtures/records.rs"]
mod records;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use leakdiff::formats::{Detect, Dispatcher, FORMATS, Format, by_name};
use reading::{Read, without_fast_path};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
/// Folders beside those of the formats.
const OTHER_FOLDERS: [&str; 1] = ["recordings"];
/// Places of one file at which it is cut.
const MOST_CUTS: usize = 100;

/// A file of a format's folder.
struct Case {
    format: &'static Format,
    path: PathBuf,
    name: String,
    text: String,
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// The name of a case: that of its recording, or of its expectation, up to the first dot.
fn case_name(path: &Path) -> String {
    file_name(path).split('.').next().unwrap().to_owned()
}

/// Whether a file holds expected records, or (`.snap.new`) those that were found in their place.
fn is_expectation(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "snap" || extension == "new")
}

/// Whether the recordings of a format are no text, which cannot be cut into lines.
fn is_of_bytes(format: &Format) -> bool {
    matches!(format.detect, Detect::Bytes(_))
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for format in FORMATS.iter().filter(|format| !is_of_bytes(format)) {
        for path in entries(&Path::new(ROOT).join(format.name)) {
            if !is_expectation(&path) {
                let name = case_name(&path);
                let text = fs::read_to_string(&path).unwrap();
                cases.push(Case { format, path, name, text });
            }
        }
    }
    cases
}

/// What each case gives when it is read in another way, held against what it gives as it is.
fn hold(read_otherwise: impl Fn(&Case) -> Vec<(String, Read)>) {
    let mut wrong = Vec::new();
    for case in cases() {
        let expected = Read::by(Dispatcher::new(None), &[&case.text]).described();
        for (way, read) in read_otherwise(&case) {
            let found = read.described();
            if found != expected {
                let differs = |place: &usize| found.get(*place) != expected.get(*place);
                let place = (0..found.len().max(expected.len())).find(differs).unwrap_or_default();
                wrong.push(format!(
                    "{}, {way}:\n  expected {}\n  found    {}",
                    case.path.display(),
                    expected.get(place).map_or("nothing", String::as_str),
                    found.get(place).map_or("nothing", String::as_str),
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_records_are_the_expected_ones() {
    let settings = |format: &Format| {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(Path::new(ROOT).join(format.name));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings
    };
    for case in cases() {
        let read = Read::by(Dispatcher::new(None), &[&case.text]);
        settings(case.format).bind(|| insta::assert_snapshot!(case.name.as_str(), records::written(&read)));
    }
    for format in FORMATS.iter().filter(|format| is_of_bytes(format)) {
        for path in entries(&Path::new(ROOT).join(format.name)).iter().filter(|path| !is_expectation(path)) {
            let read = Read::of_bytes(&fs::read(path).unwrap());
            let names: Vec<&str> = read.found.formats.iter().map(|(format, _)| format.name).collect();
            assert_eq!(names, [format.name], "{}", path.display());
            settings(format).bind(|| insta::assert_snapshot!(case_name(path), records::written(&read)));
        }
    }
}

#[test]
fn each_folder_is_one_of_a_format_and_each_expectation_one_of_a_recording() {
    for folder in entries(Path::new(ROOT)).iter().filter(|path| path.is_dir()) {
        let name = file_name(folder);
        if OTHER_FOLDERS.contains(&name.as_str()) {
            continue;
        }
        assert!(by_name(&name).is_some(), "{}: no format has this name", folder.display());
        let (expectations, recordings): (Vec<_>, Vec<_>) =
            entries(folder).into_iter().partition(|path| is_expectation(path));
        assert!(!recordings.is_empty(), "{}: no recordings", folder.display());
        let stems =
            |paths: &[PathBuf]| -> BTreeSet<String> { paths.iter().map(|path| case_name(path)).collect() };
        assert_eq!(stems(&recordings).len(), recordings.len(), "{}: two have one name", folder.display());
        let unused: Vec<_> = stems(&expectations).difference(&stems(&recordings)).cloned().collect();
        assert!(unused.is_empty(), "{}: expectations of nothing: {unused:?}", folder.display());
    }
}

/// Each recording is one of its format, in the presence of all formats and for each other format alone.
#[test]
fn each_recording_is_of_its_own_format_and_of_no_other() {
    for case in cases() {
        let path = case.path.display();
        let read = Read::by(Dispatcher::new(None), &[&case.text]);
        let names: Vec<&str> = read.found.formats.iter().map(|(format, _)| format.name).collect();
        assert_eq!(names, [case.format.name], "{path}");
        let (line, shown) = read.found.formats[0].1.first.clone().unwrap();
        let written = case.text.lines().nth(usize::try_from(line).unwrap() - 1).unwrap();
        assert!(!shown.is_empty() && line <= read.found.lines, "{path}:{line}: {written}");
        // Any table is one of time and memory, any object, and any words, to those that are asked last. A record of the
        // recorder has the lines of the kernel as they are.
        let is_other = |other: &&&leakdiff::formats::Format| {
            other.name != case.format.name
                && !["csv", "json-lines", "own-words"].contains(&other.name)
                && !(case.format.name == "leakdiff-record" && ["rss-report", "cgroup"].contains(&other.name))
        };
        for other in FORMATS.iter().filter(is_other) {
            let read = Read::by(Dispatcher::with(&[other], false), &[&case.text]);
            assert_eq!(read.found.records(), 0, "{path} is read as {} as well", other.name);
        }
    }
}

/// What one tool writes is read as well where another tool has written before.
#[test]
fn recordings_of_two_tools_in_one_file_are_both_read() {
    let records = |read: &Read, format: &Format| {
        read.found.formats.iter().find(|(of, _)| of.name == format.name).map_or(0, |(_, found)| found.records)
    };
    // Formats that are recognised by the beginning of a file, or as a whole file, have one to themselves, and so do a
    // program's own words, which are read where nothing else is.
    let is_of_lines = |case: &Case| matches!(case.format.detect, Detect::Needles(_) | Detect::Objects(_));
    // The first recording of each.
    let mut alone: Vec<(Case, u64)> = Vec::new();
    for case in cases().into_iter().filter(is_of_lines) {
        let count = records(&Read::by(Dispatcher::new(None), &[&case.text]), case.format);
        if alone.last().is_none_or(|(last, _)| last.format.name != case.format.name) {
            alone.push((case, count));
        }
    }
    let mut wrong = Vec::new();
    for (first, _) in &alone {
        for (second, count) in alone.iter().filter(|(second, _)| second.format.name != first.format.name) {
            let text = format!("{}\nThu May 23 11:00:00 UTC 2024\n{}", first.text, second.text);
            let found = records(&Read::by(Dispatcher::new(None), &[&text]), second.format);
            if found < *count {
                let (first, second) = (first.path.display(), second.path.display());
                wrong.push(format!("{found} of {count} records of {second} below {first}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_fast_path_reads_what_the_parser_reads_line_by_line() {
    hold(|case| {
        let read = Read::by(without_fast_path(case.format), &[&case.text]);
        vec![("without the fast path".to_owned(), read)]
    });
}

#[test]
fn pieces_give_the_same_wherever_the_text_is_cut() {
    hold(|case| {
        let ends: Vec<usize> = case.text.match_indices('\n').map(|(at, _)| at + 1).collect();
        let step = ends.len().div_ceil(MOST_CUTS).max(1);
        let lines: Vec<&str> = case.text.split_inclusive('\n').collect();
        let mut ways = vec![("line by line".to_owned(), Read::by(Dispatcher::new(None), &lines))];
        for &at in ends.iter().step_by(step) {
            let (first, second) = case.text.split_at(at);
            ways.push((format!("cut at byte {at}"), Read::by(Dispatcher::new(None), &[first, second])));
        }
        ways
    });
}

#[test]
fn line_ends_of_windows_give_the_same() {
    hold(|case| {
        let text = case.text.replace("\r\n", "\n").replace('\n', "\r\n");
        vec![("with CRLF".to_owned(), Read::by(Dispatcher::new(None), &[&text]))]
    });
}

/// Wherever a recording breaks off: nothing panics, and no record is made up.
#[test]
fn the_beginning_of_a_recording_is_read_as_far_as_it_goes() {
    let mut dispatcher = Dispatcher::new(None);
    let mut records = |text: &str| {
        dispatcher.read(text);
        dispatcher.finish().records()
    };
    for case in cases() {
        let (path, length, all) = (case.path.display(), case.text.len(), records(&case.text));
        let last_line = case.text.trim_end().rfind('\n').unwrap_or_default();
        let step = length.div_ceil(MOST_CUTS).max(1);
        let cuts = (0..length).step_by(step).chain(last_line..length);
        for at in cuts.filter(|&at| case.text.is_char_boundary(at)) {
            let found = records(&case.text[..at]);
            assert!(found <= all, "{path}: {found} of {all} records in the first {at} bytes");
        }
    }
}
