//! The content of an input: text in pieces, or all bytes of a document.

use super::kind;

/// A piece of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content<'a> {
    /// Whole lines of text, of which the very last may lack its end.
    Text(&'a str),
    /// All bytes of a document, after decompression.
    Bytes(&'a [u8]),
}

/// Inputs that are returned whole, as bytes.
#[derive(Debug, Clone, Copy)]
pub struct Documents {
    /// Returns whether an input is one, by its first bytes after decompression: [`HEAD`] of them, or all if there are fewer.
    /// Never called without bytes.
    pub wanted: fn(&[u8]) -> bool,
    /// Largest size in bytes after decompression; a larger document is an error.
    pub most_bytes: usize,
}

/// Bytes of an input by which a document is recognised, and text is told from binary data.
pub const HEAD: usize = kind::BINARY_HEAD;

impl Default for Documents {
    /// No documents; 256 MiB.
    fn default() -> Self {
        Self { wanted: |_| false, most_bytes: 256 << 20 }
    }
}
