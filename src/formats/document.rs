//! A source that is one document, gathered until it is complete.

use super::contract::{DocumentParser, HEAD_BYTES};
use super::line::Damage;
use super::line::EXAMPLE_CHARS;
use super::sink::Sink;
use crate::bounds::DOCUMENT_BYTES;

/// The bytes of a document.
#[derive(Debug)]
pub struct Document {
    format: usize,
    bytes: Vec<u8>,
    is_too_large: bool,
}

impl Document {
    /// Returns an empty document of the format at a place.
    pub const fn new(format: usize) -> Self {
        Self { format, bytes: Vec::new(), is_too_large: false }
    }

    /// Adds bytes, unless it becomes too large.
    pub fn extend(&mut self, bytes: &[u8]) {
        if self.bytes.len() + bytes.len() > DOCUMENT_BYTES {
            self.is_too_large = true;
        } else {
            self.bytes.extend_from_slice(bytes);
        }
    }

    /// Returns the place of its format.
    pub const fn format(&self) -> usize {
        self.format
    }

    /// Reads the document, now that it is complete.
    pub fn read(self, parser: &mut dyn DocumentParser, out: &mut Sink<'_>) {
        if self.is_too_large {
            let message = format!("a document of more than {} MiB is not read", DOCUMENT_BYTES >> 20);
            return out.damaged(0, Damage { column: None, message });
        }
        read(&self.bytes, parser, out);
    }
}

/// Reads a whole document.
pub fn read(bytes: &[u8], parser: &mut dyn DocumentParser, out: &mut Sink<'_>) {
    if let Err(damage) = parser.document(bytes, out) {
        out.damaged(0, damage);
    }
    if out.has_first_line() {
        return;
    }
    let example = String::from_utf8_lossy(bytes.get(..HEAD_BYTES).unwrap_or(bytes));
    let example: String = example.lines().next().unwrap_or_default().chars().take(EXAMPLE_CHARS).collect();
    out.note_first_line(1, &example);
}
