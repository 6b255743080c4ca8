//! The order of entries, and its rule.

use std::cmp::Ordering;
use std::ffi::OsStr;
use std::path::{Component, Path};

use super::{Entry, Place};

/// The rule by which entries were put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As on the command line, which was in natural order already; the files of a folder in natural order, in its
    /// place.
    AsGiven,
    /// The natural order of names (2 before 10), which is not that of the command line.
    Natural,
}

/// Returns the rule by which [`find`](super::find()) put these entries in order.
#[must_use]
pub fn order(entries: &[Entry]) -> Order {
    if entries.is_sorted_by_key(|entry| entry.argument) { Order::AsGiven } else { Order::Natural }
}

/// Compares entries: files by their names, then pipes and devices as they were given, then standard input.
pub(super) fn compare(left: &Entry, right: &Entry) -> Ordering {
    // A member of an archive has its place by the names of both.
    fn path(entry: &Entry) -> Option<&Path> {
        match &entry.place {
            Place::File(path) | Place::Short { path, .. } => Some(path),
            Place::Member(_) => Some(Path::new(&entry.name)),
            Place::Stream(_) | Place::StandardInput => None,
        }
    }
    match (path(left), path(right)) {
        (Some(left), Some(right)) => natural(left, right),
        (left_path, right_path) => {
            let group = |entry: &Entry, path: Option<&Path>| match (path, &entry.place) {
                (Some(_), _) => 0,
                (None, Place::StandardInput) => 2,
                (None, _) => 1,
            };
            let groups = group(left, left_path).cmp(&group(right, right_path));
            groups.then(left.argument.cmp(&right.argument))
        }
    }
}

/// Compares folder by folder: a number in a folder's name outweighs all that is below it.
fn natural(left: &Path, right: &Path) -> Ordering {
    // Most files lie in the same folder.
    if let (Some((folder, left_name)), Some((other, right_name))) = (split(left), split(right))
        && folder == other
    {
        return natural_names(left_name, right_name).then_with(|| left.cmp(right));
    }
    // `./2.txt` and `1.txt` lie in the same folder.
    let parts =
        |path| Path::components(path).filter(|part| *part != Component::CurDir).map(Component::as_os_str);
    let (mut lefts, mut rights) = (parts(left), parts(right));
    loop {
        let ordering = match (lefts.next(), rights.next()) {
            (Some(left), Some(right)) => natural_names(left, right),
            // natord ignores blanks and takes some different names for equal; sorting needs a decision.
            (None, None) => return left.cmp(right),
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
        };
        if ordering.is_ne() {
            return ordering;
        }
    }
}

/// Returns the folder and the name in it; `None` where only the system can tell them.
fn split(path: &Path) -> Option<(&str, &OsStr)> {
    let (folder, name) = path.to_str()?.rsplit_once('/')?;
    let is_name = !matches!(name, "" | "." | "..") && !name.contains('\\');
    is_name.then_some((folder, OsStr::new(name)))
}

fn natural_names(left: &OsStr, right: &OsStr) -> Ordering {
    let (left, right) = (left.to_string_lossy(), right.to_string_lossy());
    natord::compare(stem(&left), stem(&right)).then_with(|| natord::compare(&left, &right))
}

/// Returns the name without endings in letters (`.txt`, `.log.gz`): `-` and `(` sort before the dot, so that
/// `mem-2.txt` would come before `mem.txt`. Numbers stay, since `log.10` is compared by its number.
fn stem(name: &str) -> &str {
    let mut stem = name;
    while let Some((before, ending)) = stem.rsplit_once('.') {
        let letters = ending.chars().all(char::is_alphabetic);
        // The one usual ending that holds a digit and says how a file is kept, not which it is.
        if before.is_empty() || !(letters || ending == "bz2") {
            break;
        }
        stem = before;
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn natural_order_of_paths() {
        // Each row in ascending order.
        let rows: &[&[&str]] = &[
            &["snap1", "snap2", "snap10", "snap10a"],
            &["a/2/z", "a/10/a", "b/1/a"],
            &["mem.txt", "mem-2.txt", "mem-10.txt"],
            &["mem.txt", "mem (2).txt", "mem (10).txt"],
            &["log", "log.1", "log.2.gz", "log.10.gz", "log.11"],
            &["2026-01-09.log", "2026-01-10.log", "2026-02-01.log.bz2"],
            &["T08:59", "T09:00", "T10:00"],
            &["1  0", "1 0"],
            &["001", "002", "010"],
            &["1.txt", "./2.txt", "3.txt"],
            &["a.log", "a.txt", "b.log"],
        ];
        for row in rows {
            for (at, left) in row.iter().enumerate() {
                for (other, right) in row.iter().enumerate() {
                    let ordering = natural(Path::new(left), Path::new(right));
                    assert_eq!(ordering, at.cmp(&other), "{left} and {right}");
                }
            }
        }
    }

    proptest! {
        /// Sorting with an order that contradicts itself may panic.
        #[test]
        fn the_order_never_contradicts_itself(names in proptest::collection::vec("[a01239 ./é-]{0,6}", 3)) {
            let [a, b, c] = [0, 1, 2].map(|at| Path::new(&names[at]));
            prop_assert_eq!(natural(a, b), natural(b, a).reverse());
            if natural(a, b).is_le() && natural(b, c).is_le() {
                prop_assert!(natural(a, c).is_le());
            }
        }
    }
}
