//! The number of a time stamp.

use std::num::NonZeroU32;

/// A time stamp of one source, by its place among them; four bytes, also as an `Option`.
///
/// Its time is known when all sources of a recording are: see [`super::SourceTimeline`]. A reference of another source
/// means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeRef(NonZeroU32);

impl TimeRef {
    /// Returns the reference to the stamp at a place; `None` beyond four thousand million.
    #[must_use]
    pub fn new(place: usize) -> Option<Self> {
        NonZeroU32::new(u32::try_from(place).ok()?.checked_add(1)?).map(Self)
    }

    /// Returns the place.
    #[must_use]
    pub const fn place(self) -> usize {
        self.0.get() as usize - 1
    }
}
