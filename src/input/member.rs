//! The content of a member of an archive, unpacked: in memory where it is short, else in a temporary file.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use tempfile::TempDir;

use crate::bounds::{HELD_BYTES, HELD_MEMBER_BYTES};

/// The bytes of one member.
#[derive(Debug, Clone)]
pub(super) enum Member {
    /// The bytes themselves.
    Held(Arc<[u8]>),
    /// A file of a temporary folder that lasts as long as this.
    File {
        path: PathBuf,
        #[expect(dead_code, reason = "keeps the folder")]
        folder: Arc<TempDir>,
    },
}

/// The result of unpacking one member.
#[derive(Debug)]
pub(super) struct Unpacked {
    pub(super) member: Member,
    /// Number of its bytes.
    pub(super) bytes: u64,
    /// The error at which it ended.
    pub(super) cause: Option<io::Error>,
}

/// The members of all archives of a run, and its short files. As many bytes as [`HELD_BYTES`] allows are held in
/// memory.
#[derive(Debug)]
pub(super) struct Members {
    /// Bytes that may still be held.
    left: usize,
    /// Largest size of a member that is held.
    most_of_one: usize,
    /// The files of the other members, once there is one, and their number.
    folder: Option<Arc<TempDir>>,
    files: usize,
    /// The beginning of the current member.
    buffer: Vec<u8>,
}

impl Default for Members {
    fn default() -> Self {
        Self::bounded(HELD_BYTES, HELD_MEMBER_BYTES)
    }
}

impl Members {
    fn bounded(all: usize, most_of_one: usize) -> Self {
        Self { left: all, most_of_one, folder: None, files: 0, buffer: Vec::new() }
    }

    /// Unpacks one member; `None` if it has more than `most` bytes. An error is one of the temporary folder.
    pub(super) fn unpack(&mut self, content: &mut dyn Read, most: u64) -> io::Result<Option<Unpacked>> {
        let mut content = content.take(most.saturating_add(1));
        let held = self.most_of_one.min(self.left);
        self.buffer.clear();
        // One byte more shows whether the member ends there.
        let begun = content.by_ref().take(held as u64 + 1).read_to_end(&mut self.buffer);
        if begun.is_ok() && self.buffer.len() > held {
            return self.unpack_to_file(&mut content, most);
        }
        let bytes = self.buffer.len();
        if bytes as u64 > most {
            return Ok(None);
        }
        self.left = self.left.saturating_sub(bytes);
        let member = Member::Held(Arc::from(self.buffer.as_slice()));
        Ok(Some(Unpacked { member, bytes: bytes as u64, cause: begun.err() }))
    }

    /// Holds the bytes of a file that is no archive; `None` if there is no memory left for them.
    pub(super) fn hold(&mut self, bytes: &[u8]) -> Option<Arc<[u8]>> {
        self.left = self.left.checked_sub(bytes.len())?;
        Some(Arc::from(bytes))
    }

    /// Writes the beginning of a member, and the rest of it, to a file of its own.
    fn unpack_to_file(&mut self, rest: &mut dyn Read, most: u64) -> io::Result<Option<Unpacked>> {
        let folder = match &self.folder {
            Some(folder) => folder,
            None => self.folder.insert(Arc::new(tempfile::Builder::new().prefix("leakdiff").tempdir()?)),
        };
        let path = folder.path().join(self.files.to_string());
        let mut file = File::create(&path)?;
        file.write_all(&self.buffer)?;
        let copied = copy(rest, &mut file);
        let bytes = fs::metadata(&path)?.len();
        if bytes > most {
            fs::remove_file(&path)?;
            return Ok(None);
        }
        self.files += 1;
        let member = Member::File { path, folder: Arc::clone(folder) };
        Ok(Some(Unpacked { member, bytes, cause: copied.err() }))
    }
}

/// Copies all bytes. An error may be one of reading, since the system's own of writing are as rare.
fn copy(from: &mut dyn Read, to: &mut File) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => to.write_all(buffer.get(..read).unwrap_or_default())?,
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(cause),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    /// Gives bytes, and then an error.
    struct Broken(&'static [u8]);

    impl Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(io::Error::other("broken")),
                read => Ok(read),
            }
        }
    }

    /// Whether a member is held, its bytes, and whether it broke off; `None` if it is too large.
    fn unpacked(members: &mut Members, mut content: impl Read, most: u64) -> Option<(bool, Vec<u8>, bool)> {
        let Unpacked { member, bytes, cause } = members.unpack(&mut content, most).unwrap()?;
        let (is_held, found) = match member {
            Member::Held(held) => (true, held.to_vec()),
            Member::File { path, .. } => (false, fs::read(path).unwrap()),
        };
        assert_eq!(found.len() as u64, bytes);
        Some((is_held, found, cause.is_some()))
    }

    #[test]
    fn short_members_are_held_while_there_is_memory() {
        let mut members = Members::bounded(10, 4);
        let mut unpacked = |content: &'static [u8]| unpacked(&mut members, content, 100).unwrap();
        let rows: [(&[u8], bool); 7] = [
            (b"1234", true),
            (b"12345", false),
            (b"", true),
            (b"1234", true),
            (b"123", false),
            (b"12", true),
            (b"1", false),
        ];
        for (content, is_held) in rows {
            assert_eq!(unpacked(content), (is_held, content.to_vec(), false), "{content:?}");
        }
        assert_eq!(members.files, 3);
    }

    #[test]
    fn a_member_beyond_the_bound_of_its_archive_is_not_kept() {
        for (all, most, fits) in [(100, 9, true), (100, 8, false), (4, 9, true), (4, 8, false)] {
            let mut members = Members::bounded(all, 100);
            let found = unpacked(&mut members, &b"123456789"[..], most);
            assert_eq!(found.is_some(), fits, "{all} bytes held, at most {most}");
            let files = members.folder.map_or(0, |folder| fs::read_dir(folder.path()).unwrap().count());
            assert_eq!(files, usize::from(fits && all < 9), "{all} bytes held, at most {most}");
        }
    }

    #[test]
    fn a_member_that_breaks_off_keeps_what_came_before() {
        for (most_of_one, is_held) in [(100, true), (9, true), (5, false)] {
            let mut members = Members::bounded(100, most_of_one);
            let found = unpacked(&mut members, Broken(b"123456789"), 100);
            assert_eq!(found, Some((is_held, b"123456789".to_vec(), true)), "{most_of_one}");
        }
    }
}
