//! Files that hold files: tar and zip. Their members become inputs of their own.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use super::member::{Members, Unpacked as Member};
use super::open_file::OpenFile;
use super::order::compare;
use super::unpack::{Unpacked, is_packed};
use super::{Entry, Found, Place, unreadable};
use crate::bounds::{self, Bounds};
use crate::error::{Bytes, Error, Notice};

/// Bounds of what one archive may hold.
#[derive(Debug, Clone, Copy)]
struct Most {
    members: usize,
    bytes: u64,
}

/// Bytes by which an archive is recognised.
const HEAD: usize = 512;

/// Kinds of archives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Tar,
    Zip,
}

impl Kind {
    fn of(head: &[u8]) -> Option<Self> {
        if head.get(257..262) == Some(b"ustar") {
            Some(Self::Tar)
        } else if head.starts_with(b"PK\x03\x04") {
            Some(Self::Zip)
        } else {
            None
        }
    }
}

/// Replaces each tar or zip file by its members, which are named after it: `logs.tar.gz/web/service.log`.
///
/// A file that is not longer than what is read to recognise an archive is held, so that it is opened once.
///
/// Short members are held in memory, and the others are unpacked into a temporary folder that lasts as long as the
/// entries. Folders, links and hidden files are left out. A member that cannot be unpacked is an error among those of
/// files within folders; what was unpacked before is read. No more members and bytes of an archive are unpacked, and no
/// more bytes are held, than [`bounds`] says.
#[must_use]
pub fn expand(found: Found, bounds: &Bounds) -> Found {
    let most = Most { members: bounds::ARCHIVE_MEMBERS, bytes: bounds.unpacked_bytes };
    let Found { entries, mut errors, mut lost } = found;
    let mut all = Vec::with_capacity(entries.len());
    let mut members = Members::default();
    for entry in entries {
        let Place::File(path) = &entry.place else {
            all.push(entry);
            continue;
        };
        match look_at(path, most.bytes, &mut members) {
            Some(Seen::Archive(kind)) => match unpack(&entry, path, kind, most, &mut members, &mut lost) {
                Ok(members) => all.extend(members),
                Err(cause) if entry.named => errors.push(unreadable(&entry.name, cause)),
                Err(cause) => lost.push(unreadable(&entry.name, cause)),
            },
            Some(Seen::Short { bytes, written_seconds }) => {
                let place = Place::Short { path: path.clone(), bytes, written_seconds };
                all.push(Entry { place, ..entry });
            }
            None => all.push(entry),
        }
    }
    all.sort_by(compare);
    Found { entries: all, errors, lost }
}

/// The result of a look at the beginning of a file.
enum Seen {
    Archive(Kind),
    /// The file is no archive, and has no more bytes than these.
    Short {
        bytes: Arc<[u8]>,
        written_seconds: Option<f64>,
    },
}

/// Looks whether a file is an archive, or shorter than what tells that. `None` if it is neither, or cannot be read,
/// which is reported when it is opened; or if no more bytes may be held.
fn look_at(path: &Path, most: u64, members: &mut Members) -> Option<Seen> {
    let (mut file, change) = OpenFile::new(File::open(path).ok()?).ok()?;
    let written_seconds = file.written_seconds();
    let mut head = [0; HEAD];
    let length = fill(&mut head, |rest| file.read(rest))?;
    let kind = if is_packed(head.get(..length)?) {
        let stored = io::Cursor::new(head).take(length as u64).chain(file);
        let mut unpacked = Unpacked::new(stored, most).ok()?;
        let mut head = [0; HEAD];
        let length = fill(&mut head, |rest| unpacked.read(rest))?;
        Kind::of(head.get(..length)?)
    } else {
        Kind::of(head.get(..length)?)
    };
    if let Some(kind) = kind {
        return Some(Seen::Archive(kind));
    }
    // A file that changes meanwhile is read, and said to change, later.
    let bytes = head.get(..length).filter(|bytes| bytes.len() < HEAD && change.get().is_none())?;
    Some(Seen::Short { bytes: members.hold(bytes)?, written_seconds })
}

/// Fills a buffer as far as there are bytes, and returns their number; `None` if they cannot be read.
fn fill(buffer: &mut [u8], mut read: impl FnMut(&mut [u8]) -> io::Result<usize>) -> Option<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match read(rest) {
            Ok(0) => break,
            Ok(bytes) => filled += bytes,
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
    Some(filled)
}

/// Unpacks the members of an archive.
fn unpack(
    archive: &Entry,
    path: &Path,
    kind: Kind,
    most: Most,
    members: &mut Members,
    lost: &mut Vec<Error>,
) -> io::Result<Vec<Entry>> {
    let mut archived = Archived { archive, members, entries: Vec::new(), most, bytes: 0 };
    let end = match kind {
        Kind::Tar => archived.of_tar(Unpacked::new(File::open(path)?, most.bytes)?, lost),
        Kind::Zip => archived.of_zip(File::open(path)?, lost),
    };
    match end {
        Err(cause) if archived.entries.is_empty() => return Err(cause),
        Err(cause) => lost.push(unreadable(&archive.name, cause)),
        Ok(()) if archived.entries.is_empty() => {
            return Err(io::Error::new(io::ErrorKind::NotFound, "the archive holds no files"));
        }
        Ok(()) => {}
    }
    Ok(archived.entries)
}

/// The members of one archive.
struct Archived<'a> {
    archive: &'a Entry,
    members: &'a mut Members,
    entries: Vec<Entry>,
    most: Most,
    bytes: u64,
}

impl Archived<'_> {
    fn of_tar(&mut self, unpacked: Unpacked, lost: &mut Vec<Error>) -> io::Result<()> {
        let mut archive = tar::Archive::new(Plain(unpacked));
        for member in archive.entries()? {
            let mut member = member?;
            if !member.header().entry_type().is_file() {
                continue;
            }
            let name = String::from_utf8_lossy(&member.path_bytes()).into_owned();
            self.add(&name, &mut member, lost)?;
        }
        // The end of a compressed archive shows whether it is whole.
        archive.into_inner().0.damage().map_or(Ok(()), |notice| Err(io::Error::other(notice.message.clone())))
    }

    fn of_zip(&mut self, file: File, lost: &mut Vec<Error>) -> io::Result<()> {
        let mut archive = zip::ZipArchive::new(io::BufReader::new(file)).map_err(io::Error::from)?;
        for index in 0..archive.len() {
            let name = match archive.name_for_index(index) {
                Some(Ok(name)) => name.into_owned(),
                Some(Err(_)) | None => format!("member {index}"),
            };
            match archive.by_index(index) {
                Ok(member) if !member.is_file() => {}
                Ok(mut member) => self.add(&name, &mut member, lost)?,
                Err(cause) => lost.push(self.unreadable(&name, io::Error::from(cause))),
            }
        }
        Ok(())
    }

    /// Unpacks one member. An error is one of the archive as a whole.
    fn add(&mut self, name: &str, content: &mut dyn Read, lost: &mut Vec<Error>) -> io::Result<()> {
        let name = name.replace('\\', "/");
        let parts = || name.split('/').filter(|part| !matches!(*part, "" | "."));
        if parts().any(|part| part.starts_with('.')) {
            return Ok(());
        }
        let name = parts().collect::<Vec<_>>().join("/");
        if self.entries.len() >= self.most.members {
            return Err(beyond(&format!("{} files; unpack it and name the folder", self.most.members)));
        }
        let left = self.most.bytes - self.bytes;
        let Some(Member { member, bytes, cause }) = self.members.unpack(content, left)? else {
            return Err(beyond(&format!("{}; --max-unpacked raises the bound", Bytes(self.most.bytes))));
        };
        self.bytes += bytes;
        let mut notices = Vec::new();
        if let Some(cause) = cause {
            if bytes == 0 {
                lost.push(self.unreadable(&name, cause));
                return Ok(());
            }
            notices.push(Notice::whole(format!("cut short in its archive: {cause}")));
            lost.push(self.unreadable(&name, cause));
        }
        self.entries.push(Entry {
            name: format!("{}/{name}", self.archive.name),
            place: Place::Member(member),
            named: false,
            argument: self.archive.argument,
            notices,
        });
        Ok(())
    }

    fn unreadable(&self, name: &str, cause: io::Error) -> Error {
        unreadable(&format!("{}/{name}", self.archive.name), cause)
    }
}

fn beyond(bound: &str) -> io::Error {
    io::Error::other(format!(
        "of the archive only the first files are read, since it holds more than {bound}"
    ))
}

/// Decompressed bytes.
struct Plain(Unpacked);

impl Read for Plain {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::super::{Buffer, Content, Documents, find};
    use super::*;

    /// Files of these names, each of which holds its own name, as an archive.
    fn tar(names: &[&str]) -> Vec<u8> {
        let mut archive = tar::Builder::new(Vec::new());
        for name in names {
            let mut header = tar::Header::new_ustar();
            header.set_size(name.len() as u64);
            archive.append_data(&mut header, name, name.as_bytes()).unwrap();
        }
        archive.into_inner().unwrap()
    }

    fn zip(names: &[&str]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        for name in names {
            archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(name.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    /// The names and contents of the inputs that a file of these bytes stands for, and the errors.
    fn members(file: &str, bytes: &[u8]) -> (Vec<(String, String)>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(file);
        fs::write(&path, bytes).unwrap();
        let Found { entries, errors, lost } = expand(find(&[path]), &Bounds::default());
        let start = format!("{}/", folder.path().display());
        let text = |entry: &Entry| {
            let mut source = entry.open(Buffer::default(), Documents::default(), &Bounds::default()).unwrap();
            match source.next_piece().unwrap() {
                Some(Content::Text(text)) => text.to_owned(),
                other => panic!("{other:?}"),
            }
        };
        let members = entries.iter().map(|entry| (entry.name().replace(&start, ""), text(entry))).collect();
        (members, errors.iter().chain(&lost).map(|error| error.to_string().replace(&start, "")).collect())
    }

    #[test]
    fn members_are_inputs_in_natural_order() {
        let names = ["logs/10.txt", "logs/9.txt", ".hidden", "logs/.git/config", "a.txt"];
        for (file, bytes) in
            [("all.tar", tar(&names)), ("all.tgz", gzip(&tar(&names))), ("all.zip", zip(&names))]
        {
            let (members, errors) = members(file, &bytes);
            let expected = ["a.txt", "logs/9.txt", "logs/10.txt"];
            let expected: Vec<_> =
                expected.iter().map(|name| (format!("{file}/{name}"), (*name).to_owned())).collect();
            assert_eq!((members, errors), (expected, vec![]), "{file}");
        }
    }

    #[test]
    fn of_a_damaged_archive_what_comes_before_is_read() {
        let whole = tar(&["1.txt", "2.txt"]);
        let (members, errors) = members("cut.tar", &whole[..700]);
        assert_eq!(members.len(), 1);
        assert!(errors.len() == 1 && errors[0].starts_with("cut.tar"), "{errors:?}");
        let (members, errors) = self::members("cut.zip", &zip(&["1.txt"])[..40]);
        assert!(members.is_empty() && errors.len() == 1, "{errors:?}");
    }

    #[test]
    fn bounds_hold() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("many.tar");
        fs::write(&path, tar(&["1.txt", "2.txt", "3.txt"])).unwrap();
        let found = find(std::slice::from_ref(&path));
        for (most, members, words) in [
            (Most { members: 2, bytes: 1000 }, 2, "more than 2 files; unpack it"),
            (Most { members: 9, bytes: 12 }, 2, "more than 12 bytes; --max-unpacked raises the bound"),
        ] {
            let mut lost = Vec::new();
            let unpacked =
                unpack(&found.entries[0], &path, Kind::Tar, most, &mut Members::default(), &mut lost)
                    .unwrap();
            assert_eq!((unpacked.len(), lost.len()), (members, 1), "{most:?}: {lost:?}");
            assert!(lost[0].to_string().contains(words), "{lost:?}");
        }
    }
}
