//! Files that others may write to while they are read.

use std::fs::File;
use std::io::{self, Read};
use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

/// A file, read to its size at opening: one that is written faster than it is read has an end as well.
///
/// Files of `/proc` have no size, and are read to their end.
#[derive(Debug)]
pub(super) struct OpenFile {
    file: File,
    /// The size at opening.
    size: u64,
    /// Bytes that are left of it.
    left: u64,
    /// The time of the last writing at opening.
    written: Option<SystemTime>,
    change: Arc<OnceLock<Change>>,
}

/// A change of a file while it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// It was written to: what came after its size at opening is not read.
    Grew(String),
    /// It was cut: a part that was there at opening is lost.
    Shrank(String),
}

impl OpenFile {
    /// Returns an open file, and the place where a change of it will be told.
    pub(super) fn new(file: File) -> io::Result<(Self, Arc<OnceLock<Change>>)> {
        let facts = file.metadata()?;
        let size = if facts.is_file() { facts.len() } else { 0 };
        let (written, change) = (facts.modified().ok(), Arc::new(OnceLock::new()));
        Ok((Self { file, size, left: size, written, change: Arc::clone(&change) }, change))
    }

    /// Returns the time of the last writing at opening, in seconds since 1970.
    pub(super) fn written_seconds(&self) -> Option<f64> {
        self.written?.duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs_f64())
    }

    /// Compares the size with that at opening, where the file ended.
    fn at_end(&self) -> io::Result<()> {
        let (now, size) = (self.file.metadata()?.len(), self.size);
        let change = if self.left > 0 && now < size {
            Change::Shrank(format!("was cut from {size} to {now} bytes while it was read"))
        } else if self.left == 0 && now > size {
            Change::Grew(format!("was written to while it was read: the first {size} bytes count"))
        } else {
            return Ok(());
        };
        // The first change is told.
        let _ = self.change.set(change);
        Ok(())
    }
}

impl Read for OpenFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.size == 0 || buffer.is_empty() {
            return self.file.read(buffer);
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let read = if most == 0 { 0 } else { self.file.read(&mut buffer[..most])? };
        self.left -= read as u64;
        if read == 0 {
            self.at_end()?;
        }
        Ok(read)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs::{self, OpenOptions};
    use std::io::Write;

    use super::*;

    /// Reads half of a file of 1,000 bytes, lets it be changed, and reads the rest.
    fn read_while(change: impl FnOnce(&std::path::Path)) -> (usize, Option<Change>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("app.log");
        fs::write(&path, [b'x'; 1000]).unwrap();
        let (mut file, told) = OpenFile::new(File::open(&path).unwrap()).unwrap();
        let mut half = [0; 500];
        file.read_exact(&mut half).unwrap();
        change(&path);
        let rest = file.read_to_end(&mut Vec::new()).unwrap();
        (500 + rest, told.get().cloned())
    }

    #[test]
    fn a_file_ends_at_its_size_at_opening() {
        assert_eq!(read_while(|_| {}), (1000, None));
        let (read, told) = read_while(|path| {
            OpenOptions::new().append(true).open(path).unwrap().write_all(&[b'y'; 5000]).unwrap();
        });
        let message = "was written to while it was read: the first 1000 bytes count";
        assert_eq!((read, told), (1000, Some(Change::Grew(message.to_owned()))));
        let (read, told) =
            read_while(|path| OpenOptions::new().write(true).open(path).unwrap().set_len(700).unwrap());
        let message = "was cut from 1000 to 700 bytes while it was read";
        assert_eq!((read, told), (700, Some(Change::Shrank(message.to_owned()))));
        // Another file under its name, or none, changes nothing: the open one is read.
        let (read, told) = read_while(|path| {
            fs::remove_file(path).unwrap();
            fs::write(path, "another").unwrap();
        });
        assert_eq!((read, told), (1000, None));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_without_a_size_is_read_to_its_end() {
        let (mut file, told) = OpenFile::new(File::open("/proc/self/status").unwrap()).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert!(text.contains("VmRSS"));
        assert_eq!(told.get(), None);
    }
}
