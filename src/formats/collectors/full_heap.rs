//! Collections of a heap that is almost full: they come ever faster and free ever less, until the program ends.
//!
//! By their number they would outweigh all that came before, and a heap that cannot grow on would look as if it had
//! come to rest.

use crate::formats::sink::Sink;
use crate::model::TimeRef;

/// The share of its capacity from which on a heap is short of memory.
const SHORT: f64 = 0.8;
/// The same of a collector that chooses the capacity, and keeps some of it for new objects.
const SHORT_OF_CHOSEN: f64 = 0.7;
/// The share from which on it is full.
const FULL: f64 = 0.95;
/// Collections of which the usual distance is known.
const ENOUGH: u32 = 3;

/// The use of a heap after a collection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Use {
    /// The share of its capacity.
    pub share: f64,
    /// Its capacity in bytes; 0 where the recording has the share alone.
    pub capacity: f64,
    /// Whether the capacity is the choice of the collector, which always keeps it a little above the use.
    pub follows_use: bool,
}

/// Chooses the collections that count.
#[derive(Debug, Default)]
pub(super) struct FullHeap {
    first: Option<TimeRef>,
    last: Option<(Option<TimeRef>, Use)>,
    /// Number of collections that count.
    count: u32,
    /// Number of collections that were left out.
    left_out: u64,
}

impl FullHeap {
    /// Whether a collection counts.
    pub(super) fn counts(&mut self, time: Option<TimeRef>, now: Use, out: &Sink<'_>) -> bool {
        let seconds = |from: Option<TimeRef>, to: Option<TimeRef>| {
            from.zip(to).and_then(|(from, to)| out.seconds_between(from, to))
        };
        let counts = self.last.is_none_or(|(last, before)| {
            let stays_full =
                !now.follows_use && before.share.min(now.share) >= FULL && now.capacity <= before.capacity;
            // A heap that is short of memory is collected more often than it was before.
            let usual = seconds(self.first, last).map(|seconds| seconds / f64::from(self.count.max(2) - 1));
            let short = if now.follows_use { SHORT_OF_CHOSEN } else { SHORT };
            let is_close = now.share >= short
                && self.count >= ENOUGH
                && seconds(last, time).zip(usual).is_some_and(|(gap, usual)| gap < usual);
            !stays_full && !is_close
        });
        if counts {
            self.first = self.first.or(time);
            self.last = Some((time, now));
            self.count = self.count.saturating_add(1);
        } else {
            self.left_out += 1;
        }
        counts
    }

    /// Reports the number of collections that were left out.
    pub(super) fn note(&self, out: &mut Sink<'_>) {
        if self.left_out > 0 {
            let (collections, are) =
                if self.left_out == 1 { ("collection", "is") } else { ("collections", "are") };
            out.note(format!(
                "{} {collections} of an almost full heap {are} left out: a heap at its limit cannot grow on",
                self.left_out
            ));
        }
    }

    /// Forgets the heap, whose program began anew.
    pub(super) fn restart(&mut self) {
        *self = Self { left_out: self.left_out, ..Self::default() };
    }
}
