//! Many readings of sites, packed: a heap's recording has millions of them.

use super::{Amount, Change, Measured, Printed, SiteId, SiteReading, WrittenReading};

/// Readings in the order in which they were read: 16 bytes each, and 8 more in differences.
#[derive(Debug, Clone, Default)]
pub struct Readings {
    rows: Vec<Row>,
    /// One for each row, up to the last that has a change; empty for statistics.
    changes: Vec<PackedChange>,
    /// Numbers that do not fit into a row, which points at them.
    long: Vec<Measured>,
    long_counts: Vec<i64>,
}

/// A reading as it is kept in some [`Readings`], to be unpacked by them.
#[derive(Debug, Clone, Copy)]
pub struct PackedReading {
    row: Row,
    change: PackedChange,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    site: u32,
    size: u32,
    average: u32,
    blocks: u32,
}

#[derive(Debug, Clone, Copy)]
struct PackedChange {
    bytes: u32,
    blocks: u32,
}

/// In place of a number: there is none.
const NOTHING: u32 = u32::MAX;
/// Marks a number that points into the list of long ones.
const POINTS: u32 = 1 << 30;
/// Counts up to this are kept in place; an excess of this is added to changes, which have a sign.
const MOST_IN_PLACE: i64 = 1 << 29;

const NO_CHANGE: PackedChange = PackedChange { bytes: NOTHING, blocks: NOTHING };

impl Readings {
    /// No readings.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many readings there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Puts a reading behind the others.
    pub fn push(&mut self, reading: &WrittenReading) {
        let row = Row {
            site: reading.site.0,
            size: self.amount(reading.size),
            average: reading.average.map_or(NOTHING, |average| self.amount(average)),
            blocks: reading.blocks.map_or(NOTHING, |n| self.count(i64::try_from(n).unwrap_or(i64::MAX))),
        };
        self.rows.push(row);
        if let Some((bytes, blocks)) = reading.change {
            let bytes = self.amount(bytes);
            let blocks = blocks.map_or(NOTHING, |n| self.count(n));
            self.push_change(PackedChange { bytes, blocks });
        }
    }

    /// Puts a reading behind the others whose numbers all fit, as they nearly always do; `false` if they do not.
    #[must_use]
    pub fn push_printed(
        &mut self,
        site: SiteId,
        size: Printed,
        blocks: u32,
        average: Printed,
        change: Option<(Printed, i32)>,
    ) -> bool {
        let fits = |n: i64| n.abs() < MOST_IN_PLACE;
        if !fits(i64::from(blocks)) || change.is_some_and(|(_, n)| !fits(i64::from(n))) {
            return false;
        }
        let blocks = in_place(i64::from(blocks));
        self.rows.push(Row { site: site.0, size: size.bits(), average: average.bits(), blocks });
        if let Some((bytes, blocks)) = change {
            self.push_change(PackedChange { bytes: bytes.bits(), blocks: in_place(i64::from(blocks)) });
        }
        true
    }

    /// Puts a reading of others behind these.
    pub fn push_from(&mut self, others: &Self, index: usize) {
        let row = others.rows[index];
        let amount = |bits: u32| {
            let short = bits & POINTS == 0;
            let printed = || Some(Amount::Printed(Printed::from_bits(bits)));
            if short { printed() } else { others.measured(bits).map(Amount::Long) }
        };
        let change =
            others.changes.get(index).and_then(|c| Some((amount(c.bytes)?, others.counted(c.blocks))));
        self.push(&WrittenReading {
            site: SiteId(row.site),
            size: amount(row.size).unwrap_or(Amount::Long(Measured::default())),
            average: amount(row.average),
            blocks: others.counted(row.blocks).map(i64::unsigned_abs),
            change,
        });
    }

    /// Appends all readings of others.
    pub fn append(&mut self, others: Self) {
        if self.is_empty() {
            *self = others;
        } else {
            (0..others.len()).for_each(|index| self.push_from(&others, index));
        }
    }

    fn push_change(&mut self, change: PackedChange) {
        self.changes.resize(self.rows.len().saturating_sub(1), NO_CHANGE);
        self.changes.push(change);
    }

    #[allow(clippy::cast_possible_truncation)]
    fn amount(&mut self, amount: Amount) -> u32 {
        match amount {
            Amount::Printed(printed) => printed.bits(),
            Amount::Long(measured) => {
                self.long.push(measured);
                POINTS | (self.long.len() - 1) as u32
            }
        }
    }

    #[allow(clippy::cast_possible_truncation)]
    fn count(&mut self, n: i64) -> u32 {
        if n.abs() < MOST_IN_PLACE {
            return in_place(n);
        }
        self.long_counts.push(n);
        POINTS | (self.long_counts.len() - 1) as u32
    }

    fn measured(&self, bits: u32) -> Option<Measured> {
        match bits {
            NOTHING => None,
            _ if bits & POINTS == 0 => Some(Printed::from_bits(bits).measured()),
            _ => self.long.get((bits ^ POINTS) as usize).copied(),
        }
    }

    fn counted(&self, bits: u32) -> Option<i64> {
        match bits {
            NOTHING => None,
            _ if bits & POINTS == 0 => Some(i64::from(bits) - MOST_IN_PLACE),
            _ => self.long_counts.get((bits ^ POINTS) as usize).copied(),
        }
    }

    /// The site of a reading.
    #[must_use]
    pub fn site(&self, index: usize) -> SiteId {
        SiteId(self.rows[index].site)
    }

    /// Gives a reading another site: of a traceback it is known only when its last frame is.
    pub fn set_site(&mut self, index: usize, site: SiteId) {
        self.rows[index].site = site.0;
    }

    /// A reading, its size narrowed by number × average of its blocks where that is the more exact.
    #[must_use]
    pub fn get(&self, index: usize) -> SiteReading {
        self.unpacked(self.packed(index))
    }

    /// A reading with its size as it was printed: lists are sorted before sizes are rounded, so equal texts keep their
    /// order, and narrowed sizes may seem not to.
    #[must_use]
    pub fn as_printed(&self, index: usize) -> SiteReading {
        let row = self.rows[index];
        let blocks = self.counted(row.blocks).map(i64::unsigned_abs);
        let size = self.measured(row.size).unwrap_or_default();
        SiteReading { site: SiteId(row.site), size, blocks, change: self.change(index) }
    }

    /// A reading as it is kept. Who follows a site fetches what is spread over all the memory first, in a loop short
    /// enough for the processor to wait for many at once, and unpacks it then.
    #[must_use]
    pub fn packed(&self, index: usize) -> PackedReading {
        PackedReading { row: self.rows[index], change: self.changes.get(index).copied().unwrap_or(NO_CHANGE) }
    }

    /// The reading that these readings keep so; narrowed as [`Self::get`] says.
    #[must_use]
    pub fn unpacked(&self, PackedReading { row, change }: PackedReading) -> SiteReading {
        let (size, blocks) = if row.size | row.average | row.blocks < POINTS {
            // All numbers are there and in place, as they nearly always are.
            let size = Printed::from_bits(row.size).measured();
            let blocks = (i64::from(row.blocks) - MOST_IN_PLACE).unsigned_abs();
            let narrowed = || size.narrowed(blocks, Printed::from_bits(row.average).measured());
            (if size.is_exact() { size } else { narrowed() }, Some(blocks))
        } else {
            let size = self.measured(row.size).unwrap_or_default();
            let blocks = self.counted(row.blocks).map(i64::unsigned_abs);
            let average = blocks.zip(self.measured(row.average));
            (average.map_or(size, |(blocks, average)| size.narrowed(blocks, average)), blocks)
        };
        SiteReading { site: SiteId(row.site), size, blocks, change: self.unpacked_change(change) }
    }

    /// The change that a difference tells.
    #[must_use]
    pub fn change(&self, index: usize) -> Option<Change> {
        self.unpacked_change(*self.changes.get(index)?)
    }

    fn unpacked_change(&self, packed: PackedChange) -> Option<Change> {
        Some(Change { bytes: self.measured(packed.bytes)?, blocks: self.counted(packed.blocks) })
    }

    /// Takes back what the vectors reserved too much.
    pub fn shrink(&mut self) {
        self.rows.shrink_to_fit();
        self.changes.shrink_to_fit();
    }
}

/// A count with its sign, as a number without.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
const fn in_place(n: i64) -> u32 {
    (n + MOST_IN_PLACE) as u32
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::Unit;

    fn exact(value: f64) -> Amount {
        Measured::exact(value).into()
    }

    #[test]
    fn what_is_packed_comes_out_again() {
        let cases = [
            (exact(56.0), Some(1), None),
            (exact(0.0), Some(0), Some((exact(-816.0), Some(-2)))),
            (exact(3e12), Some(u64::from(u32::MAX) * 9), Some((exact(-2e9), Some(i64::MIN + 1)))),
            (Measured::rounded(0.5, 0.125).into(), None, Some((exact(7.0), None))),
            (exact(1.0), Some(536_870_911), None),
            (exact(1.0), Some(536_870_912), Some((exact(0.0), Some(-536_870_912)))),
        ];
        let mut readings = Readings::new();
        for (k, &(size, blocks, change)) in (0..).zip(&cases) {
            readings.push(&WrittenReading { site: SiteId(k), size, average: None, blocks, change });
        }
        for (k, (size, blocks, change)) in cases.into_iter().enumerate() {
            let change = change.map(|(bytes, blocks)| Change { bytes: bytes.measured(), blocks });
            let site = SiteId(u32::try_from(k).unwrap());
            assert_eq!(readings.get(k), SiteReading { site, size: size.measured(), blocks, change });
        }
        let mut copies = Readings::new();
        (0..readings.len()).rev().for_each(|k| copies.push_from(&readings, k));
        for (k, copy) in (0..readings.len()).rev().enumerate() {
            assert_eq!(copies.get(k), readings.get(copy));
        }
    }

    #[test]
    fn the_quick_way_in_is_the_same() {
        let (size, average) =
            (Printed::new(306, 1, Unit::Mebi).unwrap(), Printed::new(140, 0, Unit::Bytes).unwrap());
        let change = Printed::new(5868, 0, Unit::Bytes).unwrap().negative();
        let mut readings = Readings::new();
        readings.push(&WrittenReading {
            site: SiteId(7),
            size: Amount::Printed(size),
            average: Some(Amount::Printed(average)),
            blocks: Some(229_614),
            change: Some((Amount::Printed(change), Some(-42))),
        });
        assert!(readings.push_printed(SiteId(7), size, 229_614, average, Some((change, -42))));
        assert_eq!(readings.get(0), readings.get(1));
        assert!(!readings.push_printed(SiteId(7), size, 1 << 30, average, None));
        assert_eq!(readings.len(), 2);
    }
}
