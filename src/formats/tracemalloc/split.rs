//! Where one snapshot ends and the next begins.
//!
//! A dump does not say it. What tells: a heading, totals, a change of dialect, a pause in the times, and the
//! order: `tracemalloc` lists sites downwards by size (or by the magnitude of their change), so a rise
//! begins a new list. A site that comes back begins a new list too, unless it is a twin: in dumps grouped by
//! traceback many records print the same line.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::{Dialect, Moment, SiteReading};

/// What stood between a record and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gap {
    /// Other text, or an empty line.
    pub text: bool,
    /// A heading such as `[ Top 10 differences ]`.
    pub heading: bool,
}

/// What one record is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum What {
    /// A statistic.
    Reading(SiteReading),
    /// A statistic that could not be read.
    Damaged,
    /// What is not in the list, `12 other: …`: it ends a list and says that it is cut.
    Others,
    /// The total, which ends a list.
    Total,
}

/// A record on its way into a snapshot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item {
    /// Its dialect.
    pub dialect: Dialect,
    /// What it is.
    pub what: What,
    /// Its time, if it has one.
    pub at: Option<Moment>,
    /// What stood before it.
    pub gap: Gap,
    /// The length that the heading before it declared.
    pub declared: Option<u32>,
    /// The process that wrote it, where its prefix tells.
    pub worker: Option<u32>,
    /// Its line, from 1.
    pub line: u64,
}

impl Item {
    fn reading(&self) -> Option<&SiteReading> {
        match &self.what {
            What::Reading(reading) => Some(reading),
            What::Damaged | What::Others | What::Total => None,
        }
    }
}

/// A pause between records that ends a snapshot is at least so many times a usual one within a snapshot …
const PAUSE_FACTOR: f64 = 10.0;
/// … at least so many seconds, since a logger may stall (times in whole seconds need two) …
const LEAST_PAUSE_SECONDS: f64 = 1.0;
/// … and at least this share of the usual pause between snapshots.
const PAUSE_SHARE: f64 = 0.05;

/// The items at which snapshots begin, in ascending order; the first is 0.
#[must_use]
pub fn starts(items: &[Item]) -> Vec<usize> {
    let certain = certain_starts(items);
    let order = order_of(items, &certain);
    let one_site = only_one_site(items);
    let mut starts = Vec::new();
    let mut seen: FxHashMap<u32, usize> = FxHashMap::default();
    let mut last_gap = None;
    let mut previous: Option<&Item> = None;
    for (i, item) in items.iter().enumerate() {
        let Some(reading) = item.reading() else {
            if i == 0 || certain[i] {
                starts.push(i);
                seen.clear();
            }
            continue;
        };
        let rises =
            order.is_some_and(|key| previous.and_then(Item::reading).is_some_and(|p| key.rises(p, reading)));
        if i == 0 || certain[i] || rises {
            starts.push(i);
            seen.clear();
            last_gap = None;
        } else {
            if item.gap.text {
                last_gap = Some(i);
            }
            if let Some(&before) = seen.get(&reading.site.0) {
                // The site comes back. What stood between its two sightings decides whether it is a twin.
                let later =
                    matches!((items[before].at, item.at), (Some(a), Some(b)) if b.seconds > a.seconds);
                let at = match last_gap.filter(|&gap| gap > before) {
                    Some(gap) => Some(gap),
                    None if later || one_site || order.is_none() => Some(i),
                    None => None,
                };
                if let Some(at) = at {
                    starts.push(at);
                    seen = items[at..i]
                        .iter()
                        .zip(at..)
                        .filter_map(|(x, k)| Some((x.reading()?.site.0, k)))
                        .collect();
                    last_gap = None;
                }
            }
        }
        seen.insert(reading.site.0, i);
        previous = Some(item);
    }
    starts
}

/// Starts that need no guess: headings, the end of totals, another dialect, a pause.
fn certain_starts(items: &[Item]) -> Vec<bool> {
    let pause = pause_between_snapshots(items);
    let mut certain = vec![false; items.len()];
    for i in 1..items.len() {
        let (before, item) = (&items[i - 1], &items[i]);
        let is_total = |item: &Item| matches!(item.what, What::Others | What::Total);
        let after_total = is_total(before) && !is_total(item);
        let other_dialect = before.dialect != item.dialect && !is_total(item) && !is_total(before);
        let paused = matches!((before.at, item.at, pause), (Some(a), Some(b), Some(pause)) if b.seconds - a.seconds > pause);
        certain[i] = item.gap.heading || after_total || other_dialect || paused;
    }
    certain
}

/// The shortest pause, in seconds, that ends a snapshot; `None` where records have no times.
fn pause_between_snapshots(items: &[Item]) -> Option<f64> {
    let times: Vec<f64> = items.iter().filter_map(|item| item.at.map(|at| at.seconds)).collect();
    let mut deltas: Vec<f64> = times.windows(2).map(|w| w[1] - w[0]).filter(|d| *d >= 0.0).collect();
    if deltas.is_empty() {
        return None;
    }
    deltas.sort_by(f64::total_cmp);
    let whole_seconds = times.iter().all(|t| t.fract() == 0.0);
    let within = deltas[deltas.len() / 4];
    let least = if whole_seconds { 2.0 * LEAST_PAUSE_SECONDS } else { LEAST_PAUSE_SECONDS };
    let pause = (PAUSE_FACTOR * within).max(least);
    let longer = &deltas[deltas.partition_point(|d| *d <= pause)..];
    let usual = longer.get(longer.len() / 2).copied().unwrap_or(0.0);
    Some(pause.max(PAUSE_SHARE * usual))
}

/// By what a list is sorted downwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Magnitude,
    Change,
    Size,
    Blocks,
}

impl Order {
    const ALL: [Self; 4] = [Self::Magnitude, Self::Change, Self::Size, Self::Blocks];

    /// Whether `next` cannot stand below `previous` in one list. Rounding keeps the order, so equal texts
    /// never rise.
    fn rises(self, previous: &SiteReading, next: &SiteReading) -> bool {
        let key = |reading: &SiteReading| match (self, reading.change) {
            (Self::Magnitude, Some(change)) => (change.bytes.value.abs(), 0.0),
            (Self::Change, Some(change)) => (change.bytes.value, 0.0),
            #[allow(clippy::cast_precision_loss)]
            (Self::Blocks, _) => (reading.blocks.unwrap_or(0) as f64, 0.0),
            // A size that was narrowed by its average may differ from its equal in the text by less than the
            // rounding.
            _ => (reading.size.value, reading.size.half_width * 2.0),
        };
        let ((before, a), (after, b)) = (key(previous), key(next));
        after > before + a.max(b)
    }
}

/// The order that the lists follow, or `None` where they follow none.
///
/// Within one list no site comes back, so the times that sites come back tell how many lists there must be;
/// an order under which the lists would be many more than that is not the order of these lists.
fn order_of(items: &[Item], certain: &[bool]) -> Option<Order> {
    let mut returns = 0_usize;
    let mut seen = FxHashSet::default();
    for (item, &start) in items.iter().zip(certain) {
        let Some(reading) = item.reading() else { continue };
        if start {
            seen.clear();
        }
        if !seen.insert(reading.site) {
            returns += 1;
            seen.clear();
            seen.insert(reading.site);
        }
    }
    let moves = |order: Order| {
        let (mut rises, mut falls) = (0_usize, 0_usize);
        let mut previous: Option<&SiteReading> = None;
        for (item, &start) in items.iter().zip(certain) {
            let Some(reading) = item.reading() else { continue };
            if let Some(p) = previous.filter(|_| !start) {
                rises += usize::from(order.rises(p, reading));
                falls += usize::from(order.rises(reading, p));
            }
            previous = Some(reading);
        }
        (rises, falls)
    };
    let most = 2 * returns + certain.iter().filter(|c| **c).count() + 1;
    // CPython's own order, unless another one needs less than half as many lists and still explains why
    // sites come back.
    let mut chosen: Option<(Order, usize)> = None;
    for order in Order::ALL {
        let (rises, falls) = moves(order);
        let better = match chosen {
            None => true,
            Some((_, usual)) => rises * 2 < usual && rises >= returns,
        };
        if rises <= most && falls > 0 && better {
            chosen = Some((order, rises));
        }
    }
    chosen.map(|(order, _)| order)
}

/// Whether all records are of one site: then each is a snapshot of its own. A site whose name was lost has
/// twins instead.
fn only_one_site(items: &[Item]) -> bool {
    let mut sites = items.iter().filter_map(Item::reading).map(|r| r.site);
    let first = sites.next();
    first.is_some() && sites.all(|s| Some(s) == first)
}
