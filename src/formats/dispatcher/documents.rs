//! Sources that are shown to a format as a whole.

use super::super::contract::{HEAD_BYTES, Parser};
use super::super::line::Damage;
use super::super::sink::Sink;
use super::super::source::Unclaimed;
use super::{Dispatcher, EXAMPLE_CHARS, MOST_DOCUMENT_BYTES};

impl Dispatcher {
    /// Reads the bytes of a source that is no text.
    pub fn read_bytes(&mut self, bytes: &[u8]) {
        if self.document.is_none() {
            let format = self.formats.iter().position(|format| format.begins(bytes));
            self.document = format.map(|format| (format, Vec::new()));
        }
        self.extend_document(bytes);
    }

    pub(super) fn extend_document(&mut self, bytes: &[u8]) {
        let Some((_, document)) = &mut self.document else { return };
        if document.len() + bytes.len() > MOST_DOCUMENT_BYTES {
            self.document_is_too_large = true;
        } else {
            document.extend_from_slice(bytes);
        }
    }

    pub(super) fn finish_document(&mut self) {
        let Some((place, bytes)) = self.document.take() else { return };
        let Self { parsers, source, sites, .. } = self;
        let Parser::Document(parser) = &mut parsers[place] else { return };
        let (unclaimed, looked_above) = (Unclaimed::default(), false);
        let mut sink = Sink { source, sites, format: place, unclaimed, looked_above, line: 0 };
        if self.document_is_too_large {
            let message = format!("a document of more than {} MiB is not read", MOST_DOCUMENT_BYTES >> 20);
            return sink.damaged(0, Damage { column: None, message });
        }
        if let Err(damage) = parser.document(&bytes, &mut sink) {
            sink.damaged(0, damage);
        }
        let example = String::from_utf8_lossy(bytes.get(..HEAD_BYTES).unwrap_or(&bytes));
        let example = example.lines().next().unwrap_or_default().chars().take(EXAMPLE_CHARS).collect();
        source.formats[place].first = Some((1, example));
    }
}
