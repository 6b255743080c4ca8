//! One reading of one site.

use super::{Amount, Measured, SiteId};

/// The change that a difference line tells, against whatever snapshot it was compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Change of the size in bytes.
    pub bytes: Measured,
    /// Change of the number of blocks; `None` where the line was edited and lacks it.
    pub blocks: Option<i64>,
}

/// What one line says of one site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SiteReading {
    /// The place, numbered by the table that came with the snapshot.
    pub site: SiteId,
    /// Size of all its blocks.
    pub size: Measured,
    /// Number of its blocks; the recipe does not tell it.
    pub blocks: Option<u64>,
    /// Change against an earlier snapshot, in a difference line.
    pub change: Option<Change>,
}

/// A reading on its way in, with its numbers as they were written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WrittenReading {
    /// The site.
    pub site: SiteId,
    /// Size of all its blocks.
    pub size: Amount,
    /// Size of a block on average, which may tell the size more exactly.
    pub average: Option<Amount>,
    /// Number of its blocks.
    pub blocks: Option<u64>,
    /// Change of the size, in a difference, and of the number of blocks.
    pub change: Option<(Amount, Option<i64>)>,
}

impl From<SiteReading> for WrittenReading {
    fn from(reading: SiteReading) -> Self {
        let SiteReading { site, size, blocks, change } = reading;
        let change = change.map(|change| (change.bytes.into(), change.blocks));
        Self { site, size: size.into(), average: None, blocks, change }
    }
}
