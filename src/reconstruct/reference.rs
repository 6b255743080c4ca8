//! The reference of differences: the snapshot before, one fixed first snapshot, or a base of each list's own. Nothing
//! printed says so; the numbers do.

use crate::model::SiteReading;

/// The reference of the differences of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// The snapshot before.
    Previous,
    /// One fixed first snapshot.
    First,
    /// A snapshot of its own, taken at the start of the pass that ends with the list.
    Own,
}

/// Votes for a base of each list's own, before it is believed …
const LEAST_FOR_OWN: u64 = 3;
/// … and this many times as many as for the other two: lists that are lost from a log look like it too.
const OWN_FACTOR: u64 = 2;
/// A fixed first snapshot is refuted if the base of one site in so many never stays the same: most sites have the same
/// base in all passes, whatever it is.
const ONE_IN: u64 = 20;

/// Votes on what the differences of a history refer to, cast by all sites that are listed more than once.
///
/// `size − change` is the reference's size: equal to the size in the list before, the differences are against the
/// previous snapshot; equal to `size − change` of the list before, against a fixed one; equal to neither, against a
/// base of its own. Two listings that follow each other cast one vote, if just one of the three is possible. Sizes are
/// rounded and allow more than is true, so what they allow counts refute, which are exact. Where the two contradict
/// each other, sizes of whole bytes decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Votes {
    previous: u64,
    first: u64,
    own: u64,
    /// Number of sites that voted, and of those of which nearly all votes are for a base of each list's own.
    sites: u64,
    own_sites: u64,
}

/// The references that the numbers of two listings allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Allowed {
    previous: bool,
    first: bool,
}

impl Allowed {
    const fn both(self, other: Self) -> Self {
        Self { previous: self.previous && other.previous, first: self.first && other.first }
    }

    const fn one(self) -> bool {
        self.previous != self.first
    }

    const fn none(self) -> bool {
        !self.previous && !self.first
    }
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
            if q == p + 1 {
                votes.vote(&a, &b);
            }
        }
        votes.sites = u64::from(votes.previous + votes.first + votes.own > 0);
        votes.own_sites = u64::from(votes.are_for_own());
        votes
    }

    const fn are_for_own(self) -> bool {
        self.own >= LEAST_FOR_OWN && self.own > OWN_FACTOR * (self.previous + self.first)
    }

    /// Adds the vote of two listings that follow each other.
    fn vote(&mut self, a: &SiteReading, b: &SiteReading) {
        let (Some(x), Some(y)) = (a.change, b.change) else { return };
        let base = b.size - y.bytes;
        let sizes = Allowed { previous: base.agrees_with(a.size), first: base.agrees_with(a.size - x.bytes) };
        let allowed = match count_votes(a, b) {
            None => sizes,
            Some(counts) if !sizes.both(counts).none() => sizes.both(counts),
            // They contradict each other, or one of them allows neither.
            Some(_) if base.is_exact() && sizes.one() => sizes,
            Some(counts) if sizes.none() && counts.one() => counts,
            Some(counts) if sizes.none() || counts.none() => Allowed { previous: false, first: false },
            Some(_) => return,
        };
        self.previous += u64::from(allowed.previous && !allowed.first);
        self.first += u64::from(allowed.first && !allowed.previous);
        self.own += u64::from(allowed.none());
    }

    /// The votes of both.
    #[must_use]
    pub const fn add(self, other: Self) -> Self {
        Self {
            previous: self.previous + other.previous,
            first: self.first + other.first,
            own: self.own + other.own,
            sites: self.sites + other.sites,
            own_sites: self.own_sites + other.own_sites,
        }
    }

    /// Whether so many more vote for one than for the others that the rest need not be asked.
    #[must_use]
    pub fn are_clear(self) -> bool {
        let total = self.previous + self.first + self.own;
        let most = self.previous.max(self.first).max(self.own);
        most > 1_000 + (total - most) * 4
    }

    /// The reference that most vote for; `None` where nothing, or nothing more than the others, was voted for.
    #[must_use]
    pub fn reference(self) -> Option<Reference> {
        let Self { previous, first, sites, own_sites, .. } = self;
        if self.are_for_own() || first > previous && own_sites > 0 && own_sites * ONE_IN >= sites {
            return Some(Reference::Own);
        }
        match previous.cmp(&first) {
            std::cmp::Ordering::Greater => Some(Reference::Previous),
            std::cmp::Ordering::Less => Some(Reference::First),
            std::cmp::Ordering::Equal => None,
        }
    }
}

/// The references that counts allow; `None` where they are not told, or cannot be true.
fn count_votes(a: &SiteReading, b: &SiteReading) -> Option<Allowed> {
    let base = |reading: &SiteReading| {
        let (count, change) = (reading.blocks?, reading.change?.blocks?);
        // What does not fit was taken as the greatest number that does.
        let fits = count < i64::MAX.unsigned_abs() && change.unsigned_abs() < i64::MAX.unsigned_abs();
        count.checked_add_signed(change.wrapping_neg()).filter(|_| fits)
    };
    let (before, after) = (base(a)?, base(b)?);
    Some(Allowed { previous: a.blocks == Some(after), first: before == after })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Change, Measured, SiteId};

    fn reading(size: Measured, blocks: u64, bytes: Measured, change: i64) -> SiteReading {
        let change = Some(Change { bytes, blocks: Some(change) });
        SiteReading { site: SiteId(0), size, blocks: Some(blocks), change }
    }

    /// The listings of a site that has 100 + k blocks of 10 bytes; its differences tell of so many blocks.
    fn listings(change: impl Fn(u64) -> u64) -> Vec<(usize, SiteReading)> {
        let bytes = |blocks: u64| Measured::exact(10.0 * blocks as f64);
        let reading = |k: u64| reading(bytes(100 + k), 100 + k, bytes(change(k)), change(k) as i64);
        (1..=8).map(|k| (k as usize, reading(k))).collect()
    }

    #[test]
    fn the_reference_is_voted_on() {
        let against_the_one_before = listings(|_| 1);
        let against_the_first = listings(|k| k);
        let against_its_own = listings(|_| 60);
        for (readings, expected) in [
            (&against_the_one_before[..], Some(Reference::Previous)),
            (&against_the_first[..], Some(Reference::First)),
            (&against_its_own[..], Some(Reference::Own)),
            (&against_the_first[..1], None),
            (&against_its_own[..2], None),
        ] {
            let votes = Votes::of(readings.iter().copied());
            assert_eq!(votes.add(Votes::default()).reference(), expected, "{readings:?}");
            // Each pair of neighbours votes once.
            assert_eq!(votes.previous + votes.first + votes.own, readings.len() as u64 - 1, "{readings:?}");
        }
    }

    #[test]
    fn sites_that_keep_their_base_do_not_make_it_the_first_snapshot() {
        let steady = || listings(|k| 60 + k);
        let votes = (0..9).map(|_| Votes::of(steady())).fold(Votes::of(listings(|_| 60)), Votes::add);
        assert_eq!(votes.reference(), Some(Reference::Own));
        let votes = (0..9).map(|_| Votes::of(steady())).fold(Votes::of(listings(|k| k)), Votes::add);
        assert_eq!(votes.reference(), Some(Reference::First));
    }

    #[test]
    fn a_line_that_is_lost_changes_no_clear_vote() {
        for change in [(|_| 1) as fn(u64) -> u64, |k| k, |_| 60] {
            let all = listings(change);
            let expected = Votes::of(all.iter().copied()).reference();
            for lost in 0..all.len() {
                let mut rest = all.clone();
                rest.remove(lost);
                // Without its position, as if the whole list were lost, and with it.
                let closed = rest.iter().enumerate().map(|(position, (_, reading))| (position, *reading));
                assert_eq!(Votes::of(closed).reference(), expected, "{lost}");
                assert_eq!(Votes::of(rest.iter().copied()).reference(), expected, "{lost}");
            }
        }
    }

    #[test]
    fn exact_counts_refute_what_rounding_allows() {
        // 27 KiB stay behind, or 28: as far as sizes tell, always the same.
        let kib = |k: f64| Measured::rounded(k * 1024.0, 512.0);
        let passes: Vec<_> =
            (0..8_u64).map(|k| (k as usize, reading(kib(288.0), 674 + k, kib(261.0), 597))).collect();
        assert_eq!(Votes::of(passes).reference(), Some(Reference::Own));
    }

    #[test]
    fn numbers_that_no_count_can_be_do_not_vote() {
        let size = |k: u64| Measured::exact(1000.0 + 10.0 * k as f64);
        for (blocks, change) in [(u64::MAX, i64::MAX), (5, i64::MAX), (5, -i64::MAX), (5, 6)] {
            let readings =
                (0..8_u64).map(|k| (k as usize, reading(size(k), blocks, Measured::exact(10.0), change)));
            assert_eq!(Votes::of(readings).reference(), Some(Reference::Previous), "{blocks} ({change:+})");
        }
    }
}
