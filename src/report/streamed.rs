//! Rows that are written one by one.

use std::cell::Cell;

use serde::{Serialize, Serializer};

/// An iterator that is serialised as a list, once: each item is gone when it is written.
pub struct Streamed<I>(Cell<Option<I>>);

impl<I> Streamed<I> {
    /// Returns a list of the items of an iterator.
    pub const fn of(items: I) -> Self {
        Self(Cell::new(Some(items)))
    }
}

impl<I: Iterator<Item: Serialize>> Serialize for Streamed<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.take().into_iter().flatten())
    }
}
