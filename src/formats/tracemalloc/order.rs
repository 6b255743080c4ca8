//! The orders in which lists are sorted.

use crate::model::{Change, Dialect, SiteReading};

/// The key by which a list is sorted downwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The magnitude of the change: the order of differences.
    Magnitude,
    /// The change.
    Change,
    /// The size: the order of statistics.
    Size,
    /// The number of blocks.
    Blocks,
}

/// The records before one in its list, as far as the order concerns them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Before {
    last: Option<SiteReading>,
    /// The last with a change.
    changed: Option<(SiteReading, Change)>,
}

impl Before {
    /// Adds a record.
    pub fn then(&mut self, reading: SiteReading) {
        self.last = Some(reading);
        if let Some(change) = reading.change {
            self.changed = Some((reading, change));
        }
    }
}

impl Order {
    /// All orders, CPython's own first.
    pub const ALL: [Self; 4] = [Self::Magnitude, Self::Change, Self::Size, Self::Blocks];

    /// The keys of the record before and of the next, if they can be compared.
    #[allow(clippy::cast_precision_loss)]
    pub fn keys(self, before: &Before, next: &SiteReading, dialect: Dialect) -> Option<(f64, f64)> {
        let key = |change: Change| {
            if self == Self::Magnitude { change.bytes.value.abs() } else { change.bytes.value }
        };
        let last = before.last?;
        match (self, next.change) {
            (Self::Magnitude | Self::Change, Some(change)) => Some((key(before.changed?.1), key(change))),
            (Self::Magnitude | Self::Change, None) if dialect == Dialect::Difference => None,
            (Self::Blocks, _) => Some((last.blocks.unwrap_or(0) as f64, next.blocks.unwrap_or(0) as f64)),
            _ => Some((last.size.value, next.size.value)),
        }
    }

    /// Whether `next` cannot stand below `before` in one list. Rounding keeps the order, so equal texts never rise.
    pub fn rises(self, before: &Before, next: &SiteReading, dialect: Dialect) -> bool {
        self.keys(before, next, dialect).is_some_and(|(before, next)| next > before)
    }
}
