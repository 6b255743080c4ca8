//! Writes files: whole, and never over one that is read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use same_file::Handle;

use super::replacement::{Replacement, folder_of};
use super::settings::Settings;
use crate::error::Error;
use crate::input::Entry;

/// Links that are followed, at most.
const MOST_LINKS: usize = 40;

/// A file that no output may overwrite.
#[derive(Debug)]
struct Kept<'a> {
    /// Path; `None` for standard input, which may be a file too.
    pub path: Option<&'a Path>,
    /// Role of the file, in words.
    pub role: &'static str,
}

impl<'a> Kept<'a> {
    /// Returns the file of an input.
    pub fn input(entry: &'a Entry) -> Self {
        Self { path: entry.path(), role: "an input" }
    }
}

/// Fails if the output is a file that is read: an input, the baseline, the configuration file.
pub fn keep(
    output: &Path,
    inputs: &[Entry],
    settings: &Settings,
    config: Option<&Path>,
) -> Result<(), Error> {
    let role = |role: &'static str| move |path| Kept { path: Some(path), role };
    let baseline = settings.baseline.as_deref().map(role("the baseline"));
    let config = config.map(role("the configuration file"));
    refuse(output, inputs.iter().map(Kept::input).chain(baseline).chain(config))
}

/// Fails if the output is one of the kept files, under any name: another spelling, a link, a hard link.
///
/// # Errors
/// [`Error::Overwrites`].
fn refuse<'a>(output: &Path, kept: impl IntoIterator<Item = Kept<'a>>) -> Result<(), Error> {
    // A pipe or a device loses nothing by writing, and opening it may wait for ever.
    if is_special(output) {
        return Ok(());
    }
    let target = followed(output);
    let there = target.is_file();
    let opened = there.then(|| Handle::from_path(&target).ok()).flatten();
    for Kept { path, role } in kept {
        let is_same = match path {
            None => opened.as_ref().is_some_and(|output| Handle::stdin().is_ok_and(|input| input == *output)),
            Some(path) if !there => followed(path) == target,
            Some(path) => {
                followed(path) == target
                    || fs::metadata(path).is_ok_and(|facts| facts.is_file())
                        && opened
                            .as_ref()
                            .is_some_and(|output| Handle::from_path(path).is_ok_and(|it| it == *output))
            }
        };
        if is_same {
            return Err(Error::Overwrites { path: output.display().to_string(), role });
        }
    }
    Ok(())
}

/// Writes a file that replaces the one at `path` when it is complete. A file that cannot be replaced (a pipe, a device,
/// a file in a read-only folder) is written in place.
///
/// # Errors
/// Those of the system and of `write`. The old file stays as it was, unless it is written in place.
pub fn write(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let through = |file: &mut File| {
        let mut out = BufWriter::new(file);
        write(&mut out)?;
        out.flush()
    };
    if is_special(path) {
        return through(&mut File::create(path)?);
    }
    let target = followed(path);
    let old = fs::metadata(&target).ok();
    if old.is_some() {
        // A file that may not be written may not be replaced either.
        OpenOptions::new().write(true).open(&target)?;
    }
    let folder = folder_of(&target);
    fs::metadata(folder)?;
    let mut replacement = match Replacement::new_in(folder) {
        Ok(replacement) => replacement,
        Err(cause) if old.is_some() && is_closed(&cause) => return through(&mut File::create(&target)?),
        Err(cause) => return Err(cause),
    };
    through(replacement.file())?;
    if let Some(old) = &old {
        replacement.set_permissions(old.permissions())?;
    }
    replacement.replace(&target)
}

/// Returns whether a path leads to something else than a file: a pipe, a device, a folder. Links of `/dev/fd` lead to
/// pipes that have no path of their own.
fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|facts| !facts.is_file())
}

/// Returns whether a folder is read-only.
fn is_closed(cause: &io::Error) -> bool {
    matches!(cause.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

/// Returns the path with all links followed; the file itself need not exist.
fn followed(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        if let Ok(whole) = fs::canonicalize(&path) {
            return whole;
        }
        let beside = |name: &Path| path.parent().map_or_else(|| name.to_owned(), |folder| folder.join(name));
        match fs::read_link(&path) {
            Ok(next) => path = beside(&next),
            Err(_) => break,
        }
    }
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return path };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    fs::canonicalize(folder).map(|folder| folder.join(name)).unwrap_or(path)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn text(path: &Path) -> String {
        fs::read_to_string(path).unwrap()
    }

    /// Names of the files in a folder.
    fn names(folder: &Path) -> Vec<String> {
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(name).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_written_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.txt");
        write(&path, |out| out.write_all(b"one")).unwrap();
        assert_eq!(text(&path), "one");
        let failed = write(&path, |out| {
            out.write_all(&[b'x'; 100_000])?;
            Err(io::Error::other("the disk is full"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "the disk is full");
        assert_eq!((text(&path).as_str(), names(folder.path())), ("one", vec!["report.txt".to_owned()]));
        write(&path, |out| out.write_all(b"two")).unwrap();
        assert_eq!((text(&path).as_str(), names(folder.path())), ("two", vec!["report.txt".to_owned()]));
        assert!(write(folder.path(), |_| Ok(())).is_err(), "a folder is no file");
        assert!(write(&folder.path().join("gone/report.txt"), |_| Ok(())).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn what_a_path_leads_to_is_written_and_keeps_its_permissions() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("shared.txt"), "old").unwrap();
        fs::set_permissions(at("shared.txt"), fs::Permissions::from_mode(0o664)).unwrap();
        symlink("shared.txt", at("latest.txt")).unwrap();
        symlink("new.txt", at("dangling.txt")).unwrap();
        for (path, written) in [("latest.txt", "shared.txt"), ("dangling.txt", "new.txt")] {
            write(&at(path), |out| out.write_all(b"new")).unwrap();
            assert!(at(path).is_symlink(), "{path}");
            assert_eq!(text(&at(written)), "new", "{path}");
        }
        let mode = fs::metadata(at("shared.txt")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o664);
        // A device is written, and stays one.
        write(Path::new("/dev/null"), |out| out.write_all(b"new")).unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }

    #[test]
    fn an_output_is_known_by_what_it_is_and_not_by_its_spelling() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("logs")).unwrap();
        fs::write(at("logs/app.log"), "x").unwrap();
        fs::write(at("other.log"), "x").unwrap();
        fs::hard_link(at("logs/app.log"), at("hard.log")).unwrap();
        let mut rows = vec![
            ("logs/app.log", true),
            ("./logs/../logs/app.log", true),
            ("hard.log", true),
            ("other.log", false),
            ("new.log", false),
            ("known.json", true),
            ("logs/../known.json", true),
        ];
        #[cfg(unix)]
        {
            use std::os::unix::fs::symlink;
            symlink("logs/app.log", at("link.log")).unwrap();
            symlink("link.log", at("link-of-link.log")).unwrap();
            symlink("known.json", at("link-to-nothing.json")).unwrap();
            symlink("circle.log", at("circle.log")).unwrap();
            rows.extend([
                ("link.log", true),
                ("link-of-link.log", true),
                ("link-to-nothing.json", true),
                ("circle.log", false),
            ]);
        }
        let (input, baseline) = (at("logs/app.log"), at("known.json"));
        for (output, refused) in rows {
            let kept = [
                Kept { path: None, role: "an input" },
                Kept { path: Some(&input), role: "an input" },
                Kept { path: Some(&baseline), role: "the baseline" },
            ];
            assert_eq!(refuse(&at(output), kept).is_err(), refused, "{output}");
        }
    }
}
