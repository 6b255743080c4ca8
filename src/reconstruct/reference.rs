//! What differences refer to: the snapshot before, or one fixed first snapshot. Nothing printed says so; the numbers do.

use crate::model::SiteReading;

/// What the differences of a list refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// The snapshot before.
    Previous,
    /// One fixed first snapshot.
    First,
}

/// What the differences of a history refer to, voted on by all sites that are listed more than once.
///
/// `size − change` is the reference's size: equal to the size in the list before, the differences are
/// against the previous snapshot; equal to `size − change` of the list before, against a fixed one. Counts
/// are exact and vote likewise. A vote counts only where exactly one of the two holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Votes {
    previous: u64,
    first: u64,
}

impl Votes {
    /// The votes of one site, from its readings by position.
    #[must_use]
    pub fn of(readings: impl IntoIterator<Item = (usize, SiteReading)>) -> Self {
        let mut readings = readings.into_iter();
        let mut votes = Self::default();
        let Some(mut before) = readings.next() else { return votes };
        for (q, b) in readings {
            let (p, a) = std::mem::replace(&mut before, (q, b));
            let (Some(x), Some(y)) = (a.change, b.change) else { continue };
            if q != p + 1 {
                continue;
            }
            let base = b.size - y.bytes;
            votes.vote(base.agrees_with(a.size), base.agrees_with(a.size - x.bytes));
            if let (Some(m), Some(n), Some(dx), Some(dy)) = (a.blocks, b.blocks, x.blocks, y.blocks) {
                let base = n.checked_add_signed(dy.wrapping_neg());
                votes.vote(base == Some(m), base == m.checked_add_signed(dx.wrapping_neg()));
            }
        }
        votes
    }

    fn vote(&mut self, is_previous: bool, is_first: bool) {
        self.previous += u64::from(is_previous && !is_first);
        self.first += u64::from(is_first && !is_previous);
    }

    /// The votes of both.
    #[must_use]
    pub const fn add(self, other: Self) -> Self {
        Self { previous: self.previous + other.previous, first: self.first + other.first }
    }

    /// Whether so many more vote for one than for the other that the rest need not be asked.
    #[must_use]
    pub const fn are_clear(self) -> bool {
        self.previous.abs_diff(self.first) > 1_000 + (self.previous + self.first) / 2
    }

    /// What most vote for; `None` where nothing, or nothing more than the other, was voted for.
    #[must_use]
    pub fn reference(self) -> Option<Reference> {
        match self.previous.cmp(&self.first) {
            std::cmp::Ordering::Greater => Some(Reference::Previous),
            std::cmp::Ordering::Less => Some(Reference::First),
            std::cmp::Ordering::Equal => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Change, Measured, SiteId};

    /// The listings of a site that grows by a block of 10 bytes each time; its differences tell of so many blocks.
    fn listings(change: impl Fn(u64) -> u64) -> Vec<(usize, SiteReading)> {
        let bytes = |blocks: u64| Measured::exact(10.0 * blocks as f64);
        let reading = |k: u64| {
            let change = Change { bytes: bytes(change(k)), blocks: i64::try_from(change(k)).ok() };
            SiteReading { site: SiteId(0), size: bytes(100 + k), blocks: Some(100 + k), change: Some(change) }
        };
        (1..=4).map(|k| (k as usize, reading(k))).collect()
    }

    #[test]
    fn the_reference_is_voted_on() {
        let against_the_one_before = listings(|_| 1);
        let against_the_first = listings(|k| k);
        for (readings, expected) in [
            (&against_the_one_before[..], Some(Reference::Previous)),
            (&against_the_first[..], Some(Reference::First)),
            (&against_the_first[..1], None),
        ] {
            let votes = Votes::of(readings.iter().copied());
            assert_eq!(votes.add(Votes::default()).reference(), expected, "{readings:?}");
            // Each pair of neighbours votes by its bytes and by its blocks.
            assert_eq!(votes.previous + votes.first, 2 * (readings.len() as u64 - 1), "{readings:?}");
        }
    }
}
