//! The readings of one subject in one source.

use crate::model::{Span, Subject, TimeBase};

/// The readings of one subject in one source.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) source: usize,
    pub(super) subject: Subject,
    /// The name for people, where the source has several subjects.
    pub(super) label: Option<String>,
    /// The readings in the source's samples, in their order.
    pub(super) rows: Vec<u32>,
    /// Places in `rows` at which the identifier changes.
    pub(super) restarts: Vec<usize>,
    pub(super) base: TimeBase,
    pub(super) span: Option<Span>,
}
