//! From readings to a trajectory: sizes are rounded, differences mostly exact, and a cut list hides a site
//! for a while.
//!
//! Where differences are exact they are summed (`S`), and the level `a` of the sum is what all printed sizes
//! allow: `a ∈ ⋂ [size_i − S_i ± (h_i + e_i)]`, `y_i = a + S_i`; the rest of the doubt is one offset shared
//! by all, so it blurs the level and not the slope.

use super::Reference;
use crate::model::series::{Sample, Transitions};
use crate::model::{Change, Measured, SiteReading};

/// A sum of differences is given up where a size contradicts it by this share of the greater of the two.
const LEAST_CONTRADICTION: f64 = 0.5;

/// The ends of passes vary with their work if they vary by more than this many times as much as the bases.
const WORK_FACTOR: f64 = 4.0;

/// A site's readings in one history.
#[derive(Debug, Clone, Copy)]
pub struct Listings<'a, Readings> {
    /// Positions and readings, positions strictly increasing. Position 0 of a history of differences is the
    /// snapshot before the first list.
    pub readings: Readings,
    /// Number of positions of the history.
    pub positions: usize,
    /// For each position, whether a site that is not listed there is known to be absent (or, in differences,
    /// unchanged).
    pub complete: &'a [bool],
}

/// Bytes and blocks of a site along its history.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trajectory {
    /// Bytes at the positions where they are known.
    pub bytes: Vec<Sample>,
    /// Blocks at the positions where they are known.
    pub blocks: Vec<Sample>,
    /// Steps of the bytes.
    pub byte_steps: Transitions,
    /// Steps of the blocks.
    pub block_steps: Transitions,
}

#[allow(clippy::cast_precision_loss)]
fn sample(position: usize, value: Measured) -> Sample {
    Sample { at: position as f64, value }
}

#[allow(clippy::cast_precision_loss)]
const fn blocks(count: u64) -> Measured {
    Measured::exact(count as f64)
}

/// The trajectory of a site in a history of statistics, each a picture of its own. `complete` tells for each position
/// whether a site that is not listed there is known to be absent; positions of the readings strictly increase.
#[must_use]
pub fn of_statistics(readings: impl Iterator<Item = (usize, SiteReading)>, complete: &[bool]) -> Trajectory {
    let mut readings = readings.peekable();
    let mut t = Trajectory {
        bytes: Vec::with_capacity(complete.len()),
        blocks: Vec::with_capacity(complete.len()),
        ..Trajectory::default()
    };
    let counts = readings.peek().is_some_and(|(_, reading)| reading.blocks.is_some());
    let absent = |position: usize, t: &mut Trajectory| {
        if complete[position] {
            t.bytes.push(sample(position, Measured::exact(0.0)));
            if counts {
                t.blocks.push(sample(position, blocks(0)));
            }
        }
    };
    let mut next = 0;
    for (position, reading) in readings {
        (next..position).for_each(|missing| absent(missing, &mut t));
        t.bytes.push(sample(position, reading.size));
        if let Some(count) = reading.blocks {
            t.blocks.push(sample(position, blocks(count)));
        }
        next = position + 1;
    }
    (next..complete.len()).for_each(|missing| absent(missing, &mut t));
    count_steps(&mut t);
    t
}

/// The trajectory of a site in a history of differences.
#[must_use]
pub fn of_differences<Readings>(seen: Listings<'_, Readings>, reference: Reference) -> Trajectory
where
    Readings: Iterator<Item = (usize, SiteReading)> + Clone,
{
    let mut t = match reference {
        Reference::Previous => summed(seen),
        Reference::First => against_first(seen),
        Reference::Own => against_own_bases(&seen),
    };
    count_steps(&mut t);
    t
}

/// A stretch of consecutive listings: the sum of differences since its beginning, and the levels that the
/// sizes allow.
struct Chain {
    /// Position, sum of the differences so far, and its half-width.
    sums: Vec<(usize, Measured)>,
    low: f64,
    high: f64,
}

impl Chain {
    /// Begins at a position with this level; `buffer` is that of the chain before, to be used again.
    fn begin(position: usize, level: Measured, buffer: Vec<(usize, Measured)>) -> Self {
        let mut sums = buffer;
        sums.clear();
        sums.push((position, Measured::exact(0.0)));
        Self { sums, low: level.low(), high: level.high() }
    }

    fn allow(&mut self, size: Measured, sum: Measured) {
        let level = size - sum;
        let (low, high) = (self.low.max(level.low()), self.high.min(level.high()));
        // An empty meeting means two sites under one name or a missed snapshot: the level stays what it was.
        if low <= high {
            (self.low, self.high) = (low, high);
        }
    }

    fn level(&self) -> f64 {
        f64::midpoint(self.low, self.high)
    }

    fn last(&self) -> Option<(usize, Measured)> {
        self.sums.last().map(|&(at, sum)| (at, Measured::rounded(self.level() + sum.value, sum.half_width)))
    }
}

/// Whether a size before a difference cannot be the size that the list before shows: the differences are of another
/// process, or lists between are lost. What is printed is believed then, and not the sum.
fn contradicts(last: Measured, before: Measured) -> bool {
    let apart = (last.value - before.value).abs();
    !last.agrees_with(before) && apart > LEAST_CONTRADICTION * last.value.abs().max(before.value.abs())
}

fn summed(seen: Listings<'_, impl Iterator<Item = (usize, SiteReading)>>) -> Trajectory {
    let mut t = Trajectory {
        bytes: Vec::with_capacity(seen.positions),
        blocks: Vec::with_capacity(seen.positions),
        ..Trajectory::default()
    };
    let mut chain: Option<Chain> = None;
    let mut count: Option<(usize, u64)> = None;
    for (position, reading) in seen.readings {
        let Some(change) = reading.change else {
            // A statistic among differences tells only the size.
            let buffer = finish(&mut t, chain.take(), seen.positions);
            chain = Some(Chain::begin(position, reading.size, buffer));
            if let Some(n) = reading.blocks {
                t.blocks.push(sample(position, blocks(n)));
                count = Some((position, n));
            }
            continue;
        };
        let before = reading.size - change.bytes;
        let count_before = match (reading.blocks, change.blocks) {
            (Some(n), Some(d)) => n.checked_add_signed(d.wrapping_neg()),
            _ => None,
        };
        let previous = position.saturating_sub(1);
        let all_known = |from: usize| (from + 1..position).all(|p| seen.complete[p]);
        let same_blocks = matches!((count, count_before), (Some((_, a)), Some(b)) if a == b);
        // The chain goes on if the last list showed the site, if lists between show all that changed, or if
        // what is said of the snapshot before is what was known already.
        let goes_on = chain.as_ref().and_then(Chain::last).is_some_and(|(at, last)| {
            at == previous && !contradicts(last, before)
                || (all_known(at) || same_blocks) && last.agrees_with(before)
        });
        if goes_on && let Some(chain) = &mut chain {
            let (at, sum) = chain.sums.last().copied().unwrap_or((previous, Measured::exact(0.0)));
            if at < previous {
                chain.sums.push((previous, sum));
            }
            let sum = sum + change.bytes;
            chain.allow(reading.size, sum);
            chain.sums.push((position, sum));
        } else {
            let buffer = finish(&mut t, chain.take(), seen.positions);
            let mut begun = Chain::begin(previous, before, buffer);
            begun.allow(reading.size, change.bytes);
            begun.sums.push((position, change.bytes));
            chain = Some(begun);
        }
        if let (Some(n), Some(before)) = (reading.blocks, count_before) {
            if count.is_none_or(|(at, _)| at < previous) {
                t.blocks.push(sample(previous, blocks(before)));
            }
            t.blocks.push(sample(position, blocks(n)));
            count = Some((position, n));
        }
    }
    if let Some(done) = chain {
        close(&mut t, &done);
    }
    hold_where_complete(&mut t, seen.positions, seen.complete);
    t
}

/// Adds the values of a chain, and returns its buffer, or a new one, for the next.
fn finish(t: &mut Trajectory, chain: Option<Chain>, positions: usize) -> Vec<(usize, Measured)> {
    chain.map_or_else(
        || Vec::with_capacity(positions),
        |done| {
            close(t, &done);
            done.sums
        },
    )
}

/// Puts a finished chain's values after the others.
fn close(t: &mut Trajectory, chain: &Chain) {
    for &(position, sum) in &chain.sums {
        let sample =
            sample(position, Measured::rounded((chain.level() + sum.value).max(0.0), sum.half_width));
        if t.bytes.last().is_none_or(|last| last.at < sample.at) {
            t.bytes.push(sample);
        }
    }
}

/// Where a list of differences is complete, a site that is not in it kept its value.
#[allow(clippy::cast_precision_loss)]
fn hold_where_complete(t: &mut Trajectory, positions: usize, complete: &[bool]) {
    for samples in [&mut t.bytes, &mut t.blocks] {
        let Some(&first) = samples.first() else { continue };
        if samples.len() == positions {
            continue;
        }
        // All lists from there to the first that shows the site are complete.
        let first_at = first.at as usize;
        let unchanged_from =
            (1..=first_at).rev().take_while(|p| complete[*p]).last().map_or(first_at, |p| p - 1);
        let mut held = Vec::with_capacity(positions);
        let mut known = samples.iter().peekable();
        let mut last: Option<Sample> = None;
        for (position, is_complete) in complete.iter().enumerate().take(positions) {
            let at = position as f64;
            if let Some(&sample) = known.next_if(|s| s.at == at) {
                last = Some(sample);
                held.push(sample);
            } else if let Some(before) = last.filter(|_| *is_complete) {
                held.push(Sample { at, ..before });
            } else if at < first.at && position >= unchanged_from {
                held.push(Sample { at, ..first });
            } else {
                last = None;
            }
        }
        *samples = held;
    }
}

fn against_first(seen: Listings<'_, impl Iterator<Item = (usize, SiteReading)> + Clone>) -> Trajectory {
    let mut t = Trajectory::default();
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    let mut count_at_first = None;
    for (_, reading) in seen.readings.clone() {
        let Some(change) = reading.change else { continue };
        let base = reading.size - change.bytes;
        let (l, h) = (low.max(base.low()), high.min(base.high()));
        if l <= h {
            (low, high) = (l, h);
        }
        if let (Some(n), Some(d)) = (reading.blocks, change.blocks) {
            count_at_first = n.checked_add_signed(d.wrapping_neg());
        }
    }
    let base = low.is_finite().then(|| f64::midpoint(low, high).max(0.0));
    let at_first = |position: usize, t: &mut Trajectory| {
        if let Some(base) = base {
            t.bytes.push(sample(position, Measured::exact(base)));
            if let Some(n) = count_at_first {
                t.blocks.push(sample(position, blocks(n)));
            }
        }
    };
    at_first(0, &mut t);
    let mut next = seen.readings.peekable();
    for position in 1..seen.positions {
        match next.next_if(|(at, _)| *at == position) {
            Some((_, SiteReading { change, blocks: count, size, .. })) => {
                // The more exact of the two: the size itself, or the base and what was added.
                let summed = |(base, change): (f64, Change)| {
                    Measured::rounded(base + change.bytes.value, change.bytes.half_width)
                };
                let summed = base.zip(change).map(summed).filter(|sum| sum.half_width <= size.half_width);
                t.bytes.push(sample(position, summed.unwrap_or(size)));
                if let Some(n) = count {
                    t.blocks.push(sample(position, blocks(n)));
                }
            }
            None if seen.complete[position] => at_first(position, &mut t),
            None => {}
        }
    }
    t
}

/// Both readings of each pass stand for themselves: the size at its end, and the base from which it started. The ends
/// are taken, unless the work of the passes varies so much that only the bases show what it leaves behind.
fn against_own_bases(seen: &Listings<'_, impl Iterator<Item = (usize, SiteReading)> + Clone>) -> Trajectory {
    let ends = passes(seen.readings.clone(), |reading| (reading.size, reading.blocks));
    let bases = passes(seen.readings.clone(), |reading| {
        let Some(change) = reading.change else { return (reading.size, reading.blocks) };
        let moved = |n: u64| n.checked_add_signed(change.blocks?.wrapping_neg());
        (reading.size - change.bytes, reading.blocks.and_then(moved))
    });
    if variation(&ends.bytes) > WORK_FACTOR * variation(&bases.bytes) { bases } else { ends }
}

fn passes(
    readings: impl Iterator<Item = (usize, SiteReading)>,
    value: impl Fn(&SiteReading) -> (Measured, Option<u64>),
) -> Trajectory {
    let mut t = Trajectory::default();
    for (position, reading) in readings {
        let (bytes, count) = value(&reading);
        t.bytes.push(sample(position, bytes));
        t.blocks.extend(count.map(|n| sample(position, blocks(n))));
    }
    t
}

/// The sum of all steps, up or down, and of the doubt in them.
fn variation(samples: &[Sample]) -> f64 {
    let step = |pair: &[Sample]| {
        let (a, b) = (pair[0].value, pair[1].value);
        (b.value - a.value).abs().max(a.half_width + b.half_width)
    };
    samples.windows(2).map(step).sum()
}

/// Counts steps between neighbouring known values. Bytes whose ranges touch count as held, unless the exact
/// count of blocks moved.
fn count_steps(t: &mut Trajectory) {
    let mut counts = t.blocks.iter().peekable();
    let mut count_at = |at: f64| {
        while counts.next_if(|s| s.at < at).is_some() {}
        counts.peek().filter(|s| s.at == at).map(|s| s.value.value)
    };
    let mut before: Option<(&Sample, Option<f64>)> = None;
    for b in &t.bytes {
        let count = count_at(b.at);
        if let Some((a, count_before)) = before {
            let change = b.value.value - a.value.value;
            let beyond_rounding = change.abs() > a.value.half_width + b.value.half_width;
            let blocks_moved = count_before.zip(count).map_or(0.0, |(x, y)| y - x);
            t.byte_steps.count(if beyond_rounding { change } else { blocks_moved });
        }
        before = Some((b, count));
    }
    for pair in t.blocks.windows(2) {
        t.block_steps.count(pair[1].value.value - pair[0].value.value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SiteId;

    const MIB: f64 = 1_048_576.0;

    fn reading(size: Measured, count: u64, change: Option<(f64, i64)>) -> SiteReading {
        let change =
            change.map(|(bytes, blocks)| Change { bytes: Measured::exact(bytes), blocks: Some(blocks) });
        SiteReading { site: SiteId(0), size, blocks: Some(count), change }
    }

    fn values(samples: &[Sample]) -> Vec<(f64, f64)> {
        samples.iter().map(|s| (s.at, s.value.value)).collect()
    }

    #[test]
    fn exact_differences_beat_rounded_sizes() {
        // 30.6 MiB throughout, yet it grew by 5868 bytes each time.
        let size = Measured::rounded(30.6 * MIB, 0.05 * MIB);
        let readings: Vec<_> =
            (1..=5).map(|k| (k, reading(size, 229_530 + 42 * k as u64, Some((5868.0, 42))))).collect();
        let t = of_differences(
            Listings { readings: readings.iter().copied(), positions: 6, complete: &[false; 6] },
            Reference::Previous,
        );
        let y = values(&t.bytes);
        assert_eq!(y.len(), 6);
        assert!(y.windows(2).all(|w| w[1].1 - w[0].1 == 5868.0), "{y:?}");
        assert!((y[5].1 - 30.6 * MIB).abs() <= 0.05 * MIB);
        assert_eq!(t.byte_steps, Transitions { grew: 5, shrank: 0, held: 0 });
        assert_eq!(t.blocks[0].value.value, 229_530.0);
    }

    #[test]
    fn a_gap_in_a_cut_list_is_closed_by_what_the_next_listing_says() {
        let readings = [
            (1, reading(Measured::exact(100.0), 1, Some((100.0, 1)))),
            (4, reading(Measured::exact(350.0), 4, Some((50.0, 1)))),
        ];
        let cut = Listings { readings: readings.iter().copied(), positions: 6, complete: &[false; 6] };
        assert_eq!(
            values(&of_differences(cut.clone(), Reference::Previous).bytes),
            [(0.0, 0.0), (1.0, 100.0), (3.0, 300.0), (4.0, 350.0)]
        );
        // In a list of all that changed the same site kept its value, but for what the next listing
        // corrects.
        let full = Listings { complete: &[true; 6], ..cut.clone() };
        let y = values(&of_differences(full, Reference::Previous).bytes);
        assert_eq!(y, [(0.0, 0.0), (1.0, 100.0), (2.0, 100.0), (3.0, 300.0), (4.0, 350.0), (5.0, 350.0)]);
    }

    #[test]
    fn a_baseline_is_not_summed() {
        let readings: Vec<_> = (1..=4)
            .map(|k| (k, reading(Measured::exact(1000.0 + 10.0 * k as f64), 10, Some((10.0 * k as f64, 0)))))
            .collect();
        let t = of_differences(
            Listings { readings: readings.iter().copied(), positions: 5, complete: &[false; 5] },
            Reference::First,
        );
        assert_eq!(
            values(&t.bytes),
            [(0.0, 1000.0), (1.0, 1010.0), (2.0, 1020.0), (3.0, 1030.0), (4.0, 1040.0)]
        );
    }

    #[test]
    fn absence_is_zero_only_where_the_list_is_complete() {
        let readings =
            [(1, reading(Measured::exact(64.0), 1, None)), (3, reading(Measured::exact(96.0), 2, None))];
        let of = |complete: bool| of_statistics(readings.into_iter(), &[complete; 4]);
        assert_eq!(values(&of(true).bytes), [(0.0, 0.0), (1.0, 64.0), (2.0, 0.0), (3.0, 96.0)]);
        assert_eq!(values(&of(false).bytes), [(1.0, 64.0), (3.0, 96.0)]);
        assert_eq!(of(false).byte_steps, Transitions { grew: 1, shrank: 0, held: 0 });
    }
}
