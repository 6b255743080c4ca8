//! The only module that reads recordings: files, folders and standard input, unpacked and decoded.
//!
//! [`find`] lists the inputs, [`Entry::open`] opens one of them, and [`Source::next_piece`] returns its next lines;
//! [`Source::read_ahead`] does so while another thread unpacks the lines after them. Binary data is refused, unless its
//! first bytes are those of a document that the caller wants ([`Documents`]), which is returned whole, as bytes.
//!
//! Memory: one piece of an input of any size (a few more where they are read ahead), and the needs of a decoder.
//! A line that is longer than a piece is held whole, up to a bound, beyond which it is left out; a document beyond its
//! bound is refused ([`Bounds`]). A text may have any size after decompression, unless nearly all of it is repetition.

mod collection;
mod content;
mod damage;
mod find;
mod kind;
mod line_ends;
mod magic;
mod member;
mod open_file;
mod order;
mod overlong;
mod raw;
mod read_ahead;
mod stored;
mod text;
mod unpack;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::bounds::Bounds;
use crate::error::{Error, Notice};

pub use collection::expand;
pub use content::{Content, Documents, HEAD};
pub use find::{Found, find};
pub use order::{Order, order};
pub use raw::Buffer;

use kind::Refused;
use member::Member;
use open_file::{Change, OpenFile};

/// An open input, which returns its content in pieces.
#[derive(Debug)]
pub struct Source {
    name: String,
    /// Notices of [`find`].
    known: Vec<Notice>,
    pieces: text::Pieces,
    /// Whether anything but white space was returned.
    content: bool,
    /// A change of the file while it was read.
    change: Arc<OnceLock<Change>>,
    /// The time at which it was last written when it was opened, in seconds since 1970.
    written_seconds: Option<f64>,
}

impl Source {
    /// Returns the next piece; `None` at the end. Of text it is whole lines with their ends (the last line of the input
    /// may lack its end), without byte order mark and without NUL bytes at either end of the input; of a document all
    /// bytes.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] if the input cannot be read, [`Error::NotText`] if it proves to be binary data,
    /// [`Error::TooLarge`] if it is a document beyond its bound, [`Error::UnpacksToMore`] if it is compressed and grows
    /// beyond its bound, [`Error::Empty`] at the end of an input of white space.
    pub fn next_piece(&mut self) -> Result<Option<Content<'_>>, Error> {
        let Self { name, pieces, content, .. } = self;
        let piece = pieces.next().map_err(|cause| unreadable(name, cause))?;
        if !*content {
            *content = match piece {
                Some(Content::Text(text)) => !text.trim_start().is_empty(),
                Some(Content::Bytes(_)) => true,
                None => false,
            };
        }
        match piece {
            None if !*content => Err(Error::Empty { path: name.clone() }),
            piece => Ok(piece),
        }
    }

    /// Returns whether the input is a document, whose only piece is all of its bytes.
    #[must_use]
    pub const fn is_document(&self) -> bool {
        self.pieces.is_document()
    }

    /// Returns whether the input is compressed, so that most of the work of reading is unpacking.
    #[must_use]
    pub const fn is_packed(&self) -> bool {
        self.pieces.is_packed()
    }

    /// Returns the number of bytes read so far, after decompression and before decoding.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.pieces.bytes()
    }

    /// Returns the time at which a file was last written when it was opened, in seconds since 1970; `None` for all that
    /// is no file of its own, whose time is that of its unpacking.
    #[must_use]
    pub const fn written_seconds(&self) -> Option<f64> {
        self.written_seconds
    }

    /// Returns the reason why a part is lost, if one is: an archive ended early, or a file was cut while
    /// it was read. [`Source::notices`] contain it too.
    #[must_use]
    pub fn damage(&self) -> Option<String> {
        let of_archive = self.pieces.damage().map(|notice| notice.message);
        of_archive.or_else(|| match self.change.get() {
            Some(Change::Shrank(message)) => Some(message.clone()),
            Some(Change::Grew(_)) | None => None,
        })
    }

    /// Returns notices of all that was assumed, replaced or lost so far.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        let change = self.change.get().map(|(Change::Grew(message) | Change::Shrank(message))| message);
        let change = change.map(|message| Notice::whole(message.as_str()));
        self.known.iter().cloned().chain(self.pieces.notices()).chain(change).collect()
    }

    /// Returns the buffer, for the next input.
    #[must_use]
    pub fn into_buffer(self) -> Buffer {
        self.pieces.into_buffer()
    }
}

/// An input that was found and is not open yet.
#[derive(Debug, Clone)]
pub struct Entry {
    name: String,
    place: Place,
    named: bool,
    /// Number of the argument it came from, from which [`order`] sees whether sorting changed anything.
    argument: usize,
    notices: Vec<Notice>,
}

#[derive(Debug, Clone)]
enum Place {
    StandardInput,
    /// A pipe or device: its name (`/dev/fd/63`) says nothing about when it was written.
    Stream(PathBuf),
    File(PathBuf),
    /// A file that was short enough to be read when it was found.
    Short {
        path: PathBuf,
        bytes: Arc<[u8]>,
        written_seconds: Option<f64>,
    },
    /// A member of an archive, unpacked.
    Member(Member),
}

impl Entry {
    /// Returns the name: as given; `-` for standard input; for a file found in a folder, the folder's name as given and
    /// the path from there. Bytes that are not UTF-8 are replaced.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the path; `None` for standard input and for a member of an archive.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.place {
            Place::StandardInput | Place::Member(_) => None,
            Place::Stream(path) | Place::File(path) | Place::Short { path, .. } => Some(path),
        }
    }

    /// Returns whether it was named (standard input counts), not found in a folder.
    pub const fn is_named(&self) -> bool {
        self.named
    }

    /// Opens the input and reads its head. gzip, bzip2, xz and zstd are recognised by their content and unpacked. One
    /// of the `documents` is then returned as bytes; everything else is text, of which UTF-8 and UTF-16 are decoded.
    ///
    /// A damaged archive ends where it is damaged, with a notice.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] if the input cannot be opened or read, or if nothing of an archive could be unpacked;
    /// [`Error::NotText`] if it is binary data.
    pub fn open(&self, buffer: Buffer, documents: Documents, bounds: &Bounds) -> Result<Source, Error> {
        let path = match &self.place {
            Place::StandardInput => return self.open_source(io::stdin(), buffer, documents, bounds),
            Place::Member(Member::Held(bytes)) | Place::Short { bytes, .. } => {
                let source = io::Cursor::new(Arc::clone(bytes));
                let source = self.open_source(source, buffer, documents, bounds)?;
                let Place::Short { written_seconds, .. } = self.place else { return Ok(source) };
                return Ok(Source { written_seconds, ..source });
            }
            Place::Stream(path) | Place::File(path) | Place::Member(Member::File { path, .. }) => path,
        };
        let opened = File::open(path).and_then(OpenFile::new);
        let (file, change) = opened.map_err(|cause| unreadable(&self.name, cause))?;
        let written_seconds = file.written_seconds().filter(|_| matches!(self.place, Place::File(_)));
        Ok(Source { change, written_seconds, ..self.open_source(file, buffer, documents, bounds)? })
    }

    /// Does the work of `open` on an open source; tests put their own bytes in here.
    fn open_source(
        &self,
        source: impl Read + Send + 'static,
        buffer: Buffer,
        documents: Documents,
        bounds: &Bounds,
    ) -> Result<Source, Error> {
        let pieces = text::Pieces::open(source, buffer, documents, bounds);
        let pieces = pieces.map_err(|cause| unreadable(&self.name, cause))?;
        Ok(Source {
            name: self.name.clone(),
            known: self.notices.clone(),
            pieces,
            content: false,
            change: Arc::default(),
            written_seconds: None,
        })
    }
}

fn unreadable(name: &str, cause: io::Error) -> Error {
    let path = name.to_owned();
    match cause.downcast().map(|refused: Refused| refused.named(name)) {
        Ok(Refused::NotText { found, may_hold_log }) => Error::NotText { path, found, may_hold_log },
        Ok(Refused::TooLarge(most_bytes)) => Error::TooLarge { path, most_bytes, role: "a document" },
        Ok(Refused::UnpacksToMore(most_bytes)) => Error::UnpacksToMore { path, most_bytes },
        Err(cause) => Error::Unreadable { path, cause },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
