//! Hands parsers the sink outside of the lines of a source.

use super::super::contract::{DocumentParser, LineParser, Parser};
use super::super::needles::FormatSet;
use super::super::sink::Sink;
use super::super::source::{Source, Unclaimed};
use crate::model::SiteTable;

/// Hands each parser of lines of these formats the sink, after the last line.
pub(super) fn to_each(
    parsers: &mut [Parser],
    formats: FormatSet,
    (source, sites): (&mut Source, &mut SiteTable),
    line: u64,
    act: impl Fn(&mut dyn LineParser, &mut Sink<'_>),
) {
    for format in formats.iter() {
        if let Some(Parser::Lines(parser)) = parsers.get_mut(format) {
            let (unclaimed, looked_above) = (Unclaimed::default(), false);
            act(parser.as_mut(), &mut Sink { source, sites, format, unclaimed, looked_above, line });
        }
    }
}

/// Hands the parser of a format of documents the sink.
pub(super) fn to_document(
    parsers: &mut [Parser],
    format: usize,
    (source, sites): (&mut Source, &mut SiteTable),
    act: impl FnOnce(&mut dyn DocumentParser, &mut Sink<'_>),
) {
    if let Some(Parser::Document(parser)) = parsers.get_mut(format) {
        let (unclaimed, looked_above) = (Unclaimed::default(), false);
        act(parser.as_mut(), &mut Sink { source, sites, format, unclaimed, looked_above, line: 0 });
    }
}
