//! A file that takes the place of another when it is complete.

use std::fs::{File, Permissions};
use std::io::{self, Seek};
use std::path::Path;

use tempfile::{Builder, NamedTempFile, TempPath};

/// A file that is written. On Linux it has no name until it is complete, so that nothing is left of it if the program
/// is ended meanwhile.
#[derive(Debug)]
pub enum Replacement {
    /// A file without a name.
    #[cfg(target_os = "linux")]
    Unnamed(File),
    /// A temporary file, where the system or the file system knows none without a name.
    Named(NamedTempFile),
}

impl Replacement {
    /// Creates a file in the folder of the one that it is to replace.
    ///
    /// # Errors
    /// Those of the system.
    pub fn new_in(folder: &Path) -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        if let Some(file) = unnamed::create_in(folder) {
            return Ok(Self::Unnamed(file));
        }
        builder().tempfile_in(folder).map(Self::Named)
    }

    /// Returns the file, to be written.
    pub fn file(&mut self) -> &mut File {
        match self {
            #[cfg(target_os = "linux")]
            Self::Unnamed(file) => file,
            Self::Named(file) => file.as_file_mut(),
        }
    }

    /// Sets the permissions of the file.
    ///
    /// # Errors
    /// Those of the system.
    pub fn set_permissions(&mut self, permissions: Permissions) -> io::Result<()> {
        self.file().set_permissions(permissions)
    }

    /// Gives the file its name, in place of a file that has it. One that cannot be replaced, such as a single file that
    /// is mounted, is overwritten.
    ///
    /// # Errors
    /// Those of the system.
    pub fn replace(self, target: &Path) -> io::Result<()> {
        let folder = folder_of(target);
        let (mut file, path) = match self {
            #[cfg(target_os = "linux")]
            Self::Unnamed(file) => match builder().make_in(folder, |path| unnamed::link(&file, path)) {
                Ok(linked) => (file, linked.into_temp_path()),
                Err(_) => {
                    let mut named = builder().tempfile_in(folder)?;
                    copy(&mut { file }, named.as_file_mut())?;
                    named.into_parts()
                }
            },
            Self::Named(file) => file.into_parts(),
        };
        match TempPath::persist(path, target) {
            Ok(()) => Ok(()),
            Err(_) if target.exists() => copy(&mut file, &mut File::create(target)?),
            Err(failed) => Err(failed.error),
        }
    }
}

/// Returns the folder of a file.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Copies a file that was written.
fn copy(from: &mut File, to: &mut File) -> io::Result<()> {
    from.rewind()?;
    io::copy(from, to).map(drop)
}

/// Returns a builder of temporary files with the permissions of other files.
fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".leakdiff-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(Permissions::from_mode(0o666));
    }
    builder
}

/// Files without a name, as Linux has them.
#[cfg(target_os = "linux")]
mod unnamed {
    use std::fs::File;
    use std::io;
    use std::os::fd::AsRawFd;
    use std::path::Path;

    use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, open};

    /// Creates a file in a folder; `None` where the file system has none without a name.
    pub fn create_in(folder: &Path) -> Option<File> {
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        open(folder, flags, Mode::from_bits_truncate(0o666)).ok().map(File::from)
    }

    /// Gives a file a name.
    pub fn link(file: &File, path: &Path) -> io::Result<()> {
        let open = format!("/proc/self/fd/{}", file.as_raw_fd());
        Ok(linkat(CWD, open, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::*;

    /// Of a file with a name and one without, nothing but the whole file is ever left.
    #[test]
    fn a_file_is_there_when_it_is_complete() {
        let named = |folder: &Path| builder().tempfile_in(folder).map(Replacement::Named);
        let creators: [fn(&Path) -> io::Result<Replacement>; 2] = [named, Replacement::new_in];
        for create in creators {
            for old in [None, Some("old and longer")] {
                let folder = tempfile::tempdir().unwrap();
                let target = folder.path().join("report.txt");
                old.iter().for_each(|old| fs::write(&target, old).unwrap());
                let read = || fs::read_to_string(&target).ok();
                let mut given_up = create(folder.path()).unwrap();
                given_up.file().write_all(b"new").unwrap();
                drop(given_up);
                assert_eq!(read().as_deref(), old);
                let mut written = create(folder.path()).unwrap();
                written.file().write_all(b"new").unwrap();
                written.replace(&target).unwrap();
                assert_eq!(read().as_deref(), Some("new"));
                assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
            }
        }
    }
}
