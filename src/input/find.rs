//! From paths to entries, one for each file.

use std::collections::hash_map::Entry as Slot;
use std::collections::{HashMap, VecDeque};
use std::ffi::OsString;
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};

use super::order::compare;
use super::{Entry, Place, unreadable};
use crate::error::{Error, Notice};

/// Lists the inputs that these paths name. Opens none of them.
///
/// - `-` is standard input.
/// - A folder stands for its files and those of the folders in it. Names that begin with a dot are left out, and so are
///   sockets, pipes and devices; links are followed, each folder is visited once.
/// - A file that is named twice, under the same name or another, is read once: under the name it was given, else under
///   the name that is no link. Its source carries a notice.
/// - Files come in the natural order of their names, because a shell hands over `*.txt` as 1, 10, 2. Names are
///   compared folder by folder, without their endings first (`mem.txt`, `mem-2.txt`). Pipes and devices follow as
///   they were given, for `/dev/fd/63` is no name; standard input is last: nothing is newer.
///   [`order`](super::order()) returns whether this changed anything.
///
/// No paths give no entries. A path that cannot be used is an error in addition to the entries of the others.
#[must_use]
pub fn find(paths: &[PathBuf]) -> Found {
    let mut search = Search::default();
    let mut folders = Vec::new();
    for (argument, path) in paths.iter().enumerate() {
        if path.as_os_str() == "-" {
            search.standard_input(argument);
            continue;
        }
        match fs::metadata(path) {
            Ok(facts) if facts.is_dir() => folders.push((argument, path)),
            Ok(facts) if facts.is_file() => {
                search.file(Place::File(path.clone()), path, identity(path), argument, true)
            }
            Ok(_) => search.file(Place::Stream(path.clone()), path, identity(path), argument, true),
            Err(cause) => search.errors.push(unreadable(&path.to_string_lossy(), cause)),
        }
    }
    // After the files, so that a file that is named as well keeps the name it was given.
    for (argument, folder) in folders {
        search.folder(folder, argument);
    }
    search.entries.sort_by(compare);
    let Search { entries, errors, lost, .. } = search;
    Found { entries, errors, lost }
}

/// The result of [`find`].
#[derive(Debug)]
pub struct Found {
    /// The inputs, in order.
    pub entries: Vec<Entry>,
    /// One error for each named path that cannot be used: [`Error::Unreadable`] for a path that is missing or may not
    /// be opened and for a folder without files, [`Error::StandardInputTwice`].
    pub errors: Vec<Error>,
    /// [`Error::Unreadable`] for each file and folder within a named folder that cannot be opened.
    pub lost: Vec<Error>,
}

#[derive(Default)]
struct Search {
    entries: Vec<Entry>,
    errors: Vec<Error>,
    lost: Vec<Error>,
    /// Canonical path of a file → index in `entries`.
    files: HashMap<OsString, usize>,
    /// Canonical path of a folder → the argument by which it was visited.
    folders: HashMap<PathBuf, usize>,
    standard_input: bool,
}

impl Search {
    fn standard_input(&mut self, argument: usize) {
        if self.standard_input {
            self.errors.push(Error::StandardInputTwice);
            return;
        }
        self.standard_input = true;
        let place = Place::StandardInput;
        self.entries.push(Entry { name: "-".to_owned(), place, named: true, argument, notices: Vec::new() });
    }

    fn file(&mut self, place: Place, path: &Path, identity: PathBuf, argument: usize, named: bool) {
        let name = path.to_string_lossy().into_owned();
        match self.files.entry(identity.into_os_string()) {
            Slot::Vacant(slot) => {
                slot.insert(self.entries.len());
                self.entries.push(Entry { name, place, named, argument, notices: Vec::new() });
            }
            Slot::Occupied(slot) => {
                if let Some(first) = self.entries.get_mut(*slot.get()) {
                    let again = if name == first.name { String::new() } else { format!(" (as {name})") };
                    first.notices.push(Notice::whole(format!("occurs again{again}; read once")));
                }
            }
        }
    }

    fn folder(&mut self, folder: &Path, argument: usize) {
        if self.folders.contains_key(&identity(folder)) {
            return;
        }
        let errors_before = self.errors.len() + self.lost.len();
        let mut anything = false;
        // Links come after everything else, so that the file that one leads to keeps its own name.
        let mut pending = VecDeque::from([folder.to_owned()]);
        let mut links = Vec::new();
        let top = folder;
        while let Some(folder) = pending.pop_front() {
            let named = folder == top;
            let own = identity(&folder);
            match self.folders.entry(own.clone()) {
                Slot::Vacant(slot) => slot.insert(argument),
                Slot::Occupied(slot) => {
                    anything |= *slot.get() != argument;
                    continue;
                }
            };
            for (path, kind) in self.members(&folder, named) {
                if kind.is_file() {
                    anything = true;
                    let identity = path.file_name().map_or_else(|| identity(&path), |name| own.join(name));
                    self.file(Place::File(path.clone()), &path, identity, argument, false);
                } else if kind.is_dir() {
                    pending.push_front(path);
                } else if kind.is_symlink() {
                    match fs::metadata(&path) {
                        Ok(facts) if facts.is_dir() => pending.push_back(path),
                        Ok(facts) if facts.is_file() => links.push(path),
                        Ok(_) => {}
                        Err(cause) => self.lost.push(unreadable(&path.to_string_lossy(), cause)),
                    }
                }
                // Sockets, pipes and devices: reading them could take for ever, and they were not named.
            }
        }
        for path in links {
            anything = true;
            self.file(Place::File(path.clone()), &path, identity(&path), argument, false);
        }
        if !anything && self.errors.len() + self.lost.len() == errors_before {
            let cause = "the folder holds no files (those whose name begins with a dot are left out)";
            let cause = io::Error::new(io::ErrorKind::NotFound, cause);
            self.errors.push(unreadable(&folder.to_string_lossy(), cause));
        }
    }

    /// Returns the paths in a folder that are not hidden, each with its kind.
    fn members(&mut self, folder: &Path, named: bool) -> Vec<(PathBuf, FileType)> {
        let errors = if named { &mut self.errors } else { &mut self.lost };
        let listing = match fs::read_dir(folder) {
            Ok(listing) => listing,
            Err(cause) => {
                errors.push(unreadable(&folder.to_string_lossy(), cause));
                return Vec::new();
            }
        };
        let mut members = Vec::new();
        for member in listing {
            match member.and_then(|member| Ok((member.file_name(), member.file_type()?))) {
                Ok((name, _)) if name.as_encoded_bytes().starts_with(b".") => {}
                Ok((name, kind)) => members.push((folder.join(name), kind)),
                Err(cause) => errors.push(unreadable(&folder.to_string_lossy(), cause)),
            }
        }
        // The system lists in no order, and the name of a file must not depend on which of two links comes first.
        members.sort_by(|(left, _), (right, _)| left.cmp(right));
        members
    }
}

/// Returns the canonical path; the path itself for a pipe of the shell (`/dev/fd/63`), which has no other name.
fn identity(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::super::order::{Order, order};
    use super::*;

    /// A folder with these files, each holding its own name.
    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::Builder::new().prefix("input").tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        folder
    }

    /// The entries found under these arguments (relative to the folder; `-` stays), errors in words, those of named
    /// paths first.
    fn found(folder: &Path, arguments: &[&str]) -> (Vec<Entry>, Vec<String>) {
        let path =
            |argument: &&str| if *argument == "-" { PathBuf::from("-") } else { folder.join(argument) };
        let Found { entries, errors, lost } = find(&arguments.iter().map(path).collect::<Vec<_>>());
        (entries, errors.iter().chain(&lost).map(ToString::to_string).collect())
    }

    fn names(folder: &Path, entries: &[Entry]) -> Vec<String> {
        let start = format!("{}/", folder.display());
        entries.iter().map(|entry| entry.name().replace(&start, "").replace('\\', "/")).collect()
    }

    #[test]
    fn names_are_put_in_natural_order() {
        let folder = folder(&["1.txt", "2.txt", "10.txt", "a/9.txt", "a/10.txt", "b2/1", "b10/0"]);
        use Order::{AsGiven, Natural};
        let rows: &[(&[&str], &[&str], Order)] = &[
            (&[], &[], AsGiven),
            (&["1.txt"], &["1.txt"], AsGiven),
            (&["1.txt", "2.txt", "10.txt"], &["1.txt", "2.txt", "10.txt"], AsGiven),
            (&["1.txt", "10.txt", "2.txt"], &["1.txt", "2.txt", "10.txt"], Natural),
            (&["10.txt", "a", "-"], &["10.txt", "a/9.txt", "a/10.txt", "-"], AsGiven),
            (&["a", "10.txt"], &["10.txt", "a/9.txt", "a/10.txt"], Natural),
            (&["-", "1.txt"], &["1.txt", "-"], Natural),
            (&["b10", "b2"], &["b2/1", "b10/0"], Natural),
            (&["a/10.txt", "./2.txt", "a/./9.txt"], &["./2.txt", "a/./9.txt", "a/10.txt"], Natural),
            (
                &["."],
                &["./1.txt", "./2.txt", "./10.txt", "./a/9.txt", "./a/10.txt", "./b2/1", "./b10/0"],
                AsGiven,
            ),
        ];
        for (arguments, expected, rule) in rows {
            let (entries, errors) = found(folder.path(), arguments);
            assert_eq!(names(folder.path(), &entries), *expected, "{arguments:?}");
            assert_eq!((order(&entries), errors), (*rule, vec![]), "{arguments:?}");
        }
    }

    #[test]
    fn files_of_a_folder_are_found_and_read() {
        let folder = folder(&["logs/b/10", "logs/b/9", "logs/a.txt", "logs/.hidden", "logs/.git/config"]);
        let (entries, errors) = found(folder.path(), &["logs"]);
        assert_eq!(names(folder.path(), &entries), ["logs/a.txt", "logs/b/9", "logs/b/10"]);
        assert_eq!(errors, Vec::<String>::new());
        let source = entries[1].read().unwrap();
        assert!(!entries[1].is_named());
        assert_eq!(source.text, "logs/b/9");
    }

    #[test]
    fn a_hidden_folder_may_be_named() {
        let folder = folder(&[".logs/1", ".logs/.2"]);
        assert_eq!(names(folder.path(), &found(folder.path(), &[".logs"]).0), [".logs/1"]);
        assert_eq!(names(folder.path(), &found(folder.path(), &[".logs/.2"]).0), [".logs/.2"]);
    }

    #[test]
    fn a_file_named_twice_is_read_once() {
        let folder = folder(&["1", "2", "sub/3"]);
        let rows: &[(&[&str], &[&str], &[usize])] = &[
            (&["1", "2", "1"], &["1", "2"], &[1, 0]),
            (&["1", "./1", "sub/../1"], &["1"], &[2]),
            (&["sub", "sub/3"], &["sub/3"], &[1]),
            // Nothing was named twice here, the folders just overlap.
            (&["sub", "sub", "."], &["1", "2", "sub/3"], &[0, 0, 0]),
            (&["sub", "sub"], &["sub/3"], &[0]),
        ];
        for (arguments, expected, notices) in rows {
            let (entries, errors) = found(folder.path(), arguments);
            let names: Vec<_> =
                names(folder.path(), &entries).iter().map(|name| name.replace("./", "")).collect();
            assert_eq!((names, errors), (expected.iter().map(ToString::to_string).collect(), vec![]));
            let said: Vec<_> = entries.iter().map(|entry| entry.notices.len()).collect();
            assert_eq!(said, *notices, "{arguments:?}");
        }
        let (entries, _) = found(folder.path(), &["1", "./1", "1"]);
        let messages: Vec<_> = entries[0].read().unwrap().notices.into_iter().map(|it| it.message).collect();
        let other = folder.path().join("./1");
        let first = format!("occurs again (as {}); read once", other.display());
        assert_eq!(messages, [first.as_str(), "occurs again; read once"]);
        assert!(found(folder.path(), &["sub", "sub/3"]).0[0].named);
    }

    #[test]
    fn what_cannot_be_used_does_not_stop_the_rest() {
        let folder = folder(&["1"]);
        fs::create_dir(folder.path().join("hollow")).unwrap();
        let (entries, errors) = found(folder.path(), &["gone", "-", "1", "hollow", "-"]);
        assert_eq!(names(folder.path(), &entries), ["1", "-"]);
        assert_eq!(errors.len(), 3, "{errors:?}");
        assert!(errors[0].contains("gone: cannot be read: "), "{errors:?}");
        assert_eq!(errors[1], "standard input (-) can be read only once");
        assert!(errors[2].contains("hollow: cannot be read: the folder holds no files"), "{errors:?}");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_loops_end() {
        use std::os::unix::fs::symlink;
        use std::os::unix::net::UnixListener;
        let folder = folder(&["logs/real/1", "logs/z", "elsewhere/2"]);
        let logs = folder.path().join("logs");
        symlink(&logs, logs.join("a-loop")).unwrap();
        symlink(logs.join("real"), logs.join("b-real")).unwrap();
        symlink(logs.join("z"), logs.join("c-latest")).unwrap();
        symlink(folder.path().join("elsewhere"), logs.join("d-elsewhere")).unwrap();
        symlink("nowhere", logs.join("e-dangling")).unwrap();
        let _socket = UnixListener::bind(logs.join("f-socket")).unwrap();
        let (entries, errors) = found(folder.path(), &["logs"]);
        assert_eq!(names(folder.path(), &entries), ["logs/d-elsewhere/2", "logs/real/1", "logs/z"]);
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].contains("e-dangling: cannot be read"), "{errors:?}");
        let notices: Vec<_> = entries.iter().map(|entry| entry.notices.len()).collect();
        assert_eq!(notices, [0, 0, 1]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn devices_may_be_named_and_stay_in_their_order() {
        let folder = folder(&["z"]);
        let (entries, errors) = found(folder.path(), &["-", "/dev/zero", "/dev/null", "z"]);
        assert_eq!(names(folder.path(), &entries), ["z", "/dev/zero", "/dev/null", "-"]);
        assert_eq!(errors, Vec::<String>::new());
        assert!(matches!(entries[2].read(), Err(Error::Empty { .. })));
    }
}
