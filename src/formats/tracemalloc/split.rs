//! Where one snapshot ends and the next begins.
//!
//! A dump does not say it. What tells: a heading, totals, a change of dialect, a pause in the times, and the
//! order: `tracemalloc` lists sites downwards by size (or by the magnitude of their change), so a rise
//! begins a new list. A site that comes back begins a new list too, unless it is a twin: in dumps grouped by
//! traceback many records print the same line.

use super::record_log::{Kind, Run};
use crate::model::{Readings, SiteReading};

/// A pause between records that ends a snapshot is at least so many times a usual one within a snapshot …
const PAUSE_FACTOR: f64 = 10.0;
/// … at least so many seconds, since a logger may stall (times in whole seconds need two) …
const LEAST_PAUSE_SECONDS: f64 = 1.0;
/// … and at least this share of the usual pause between snapshots.
const PAUSE_SHARE: f64 = 0.05;

/// A record at which a list begins: its run, and its row there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Start {
    /// Index of the run.
    pub run: usize,
    /// The row, the run's first unless the list begins amid the run.
    pub row: usize,
}

/// The records at which snapshots begin, in ascending order; the first is the first of all.
#[must_use]
pub fn starts(runs: &[Run], readings: &Readings) -> Vec<Start> {
    let certain = certain_starts(runs);
    let mut sites = Sites::default();
    let Survey { returns, order, rises, one_site } = survey(runs, readings, &certain, &mut sites);
    if returns == 0 && rises == 0 {
        // Nothing but what is certain begins a list.
        let first = |(run, _): (usize, &bool)| Start { run, row: runs[run].rows.start };
        return certain.iter().enumerate().filter(|(_, certain)| **certain).map(first).collect();
    }
    by_order_and_returns(runs, readings, &certain, order, one_site, &mut sites)
}

/// Starts that need no guess: the first record, headings, the end of totals, another dialect, a pause. One a run.
fn certain_starts(runs: &[Run]) -> Vec<bool> {
    let pause = pause_between_snapshots(runs);
    let mut certain = vec![false; runs.len()];
    for (i, run) in runs.iter().enumerate() {
        let Some(before) = i.checked_sub(1).map(|before| &runs[before]) else {
            certain[i] = true;
            continue;
        };
        let is_total = |run: &Run| matches!(run.kind, Kind::Others | Kind::Total);
        let after_total = is_total(before) && !is_total(run);
        let other_dialect = before.dialect != run.dialect && !is_total(run) && !is_total(before);
        let paused = matches!((before.at, run.at, pause), (Some(a), Some(b), Some(pause)) if b.seconds - a.seconds > pause);
        certain[i] = run.gap.heading || after_total || other_dialect || paused;
    }
    certain
}

/// The shortest pause, in seconds, that ends a snapshot; `None` where records have no times.
fn pause_between_snapshots(runs: &[Run]) -> Option<f64> {
    let timed = || runs.iter().filter_map(|run| Some((run.at?.seconds, run.rows.len().max(1))));
    let times: Vec<f64> = timed().map(|(seconds, _)| seconds).collect();
    // Within a run no time passes.
    let nothing: usize = timed().map(|(_, records)| records - 1).sum();
    let mut deltas: Vec<f64> = times.windows(2).map(|w| w[1] - w[0]).filter(|d| *d >= 0.0).collect();
    if deltas.len() + nothing == 0 {
        return None;
    }
    deltas.sort_by(f64::total_cmp);
    let whole_seconds = times.iter().all(|t| t.fract() == 0.0);
    let quarter = (deltas.len() + nothing) / 4;
    let within = quarter.checked_sub(nothing).map_or(0.0, |index| deltas[index]);
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

/// What a look at all records tells.
struct Survey {
    /// How often a site comes back within what are lists for certain.
    returns: usize,
    /// The order that the lists follow; `None` where they follow none.
    order: Option<Order>,
    /// How often that order is broken.
    rises: usize,
    /// Whether all records are of one site.
    one_site: bool,
}

/// Looks for sites that come back, and for the order of the lists.
///
/// Within one list no site comes back, so the times that sites come back tell how many lists there must be;
/// an order under which the lists would be many more than that is not the order of these lists.
fn survey(runs: &[Run], readings: &Readings, certain: &[bool], sites: &mut Sites) -> Survey {
    let (mut returns, mut one_site) = (0_usize, true);
    let (mut rises, mut falls) = ([0_usize; 4], [0_usize; 4]);
    let mut previous: Option<SiteReading> = None;
    let mut first = None;
    for (run, &start) in runs.iter().zip(certain) {
        if run.rows.is_empty() {
            continue;
        }
        if start {
            sites.forget();
        }
        let mut ordered = !start;
        for row in run.rows.clone() {
            let reading = readings.get(row);
            one_site &= *first.get_or_insert(reading.site) == reading.site;
            if sites.last_row(reading.site).is_some() {
                returns += 1;
                sites.forget();
            }
            sites.seen(reading.site, Start { run: 0, row });
            if let Some(before) = previous.filter(|_| ordered) {
                compare(&before, &reading, &mut rises, &mut falls);
            }
            previous = Some(reading);
            ordered = true;
        }
    }
    let inner = certain.iter().filter(|c| **c).count().saturating_sub(1);
    let most = 2 * returns + inner + 1;
    // CPython's own order, unless another one needs less than half as many lists and still explains why
    // sites come back.
    let mut chosen: Option<(Order, usize)> = None;
    for ((order, rises), falls) in Order::ALL.into_iter().zip(rises).zip(falls) {
        let better = match chosen {
            None => true,
            Some((_, usual)) => rises * 2 < usual && rises >= returns,
        };
        if rises <= most && falls > 0 && better {
            chosen = Some((order, rises));
        }
    }
    let one_site = one_site && first.is_some();
    Survey { returns, order: chosen.map(|(o, _)| o), rises: chosen.map_or(0, |(_, rises)| rises), one_site }
}

/// Counts under which orders `next` rises, and under which it falls.
fn compare(before: &SiteReading, next: &SiteReading, rises: &mut [usize; 4], falls: &mut [usize; 4]) {
    let mut count = |k: usize, (up, down): (bool, bool)| {
        rises[k] += usize::from(up);
        falls[k] += usize::from(down);
    };
    let both_ways = |order: Order| (order.rises(before, next), order.rises(next, before));
    let by_size = both_ways(Order::Size);
    // What has no change is compared by its size, whatever the order.
    let plain = before.change.is_none() && next.change.is_none();
    count(0, if plain { by_size } else { both_ways(Order::Magnitude) });
    count(1, if plain { by_size } else { both_ways(Order::Change) });
    count(2, by_size);
    count(3, both_ways(Order::Blocks));
}

/// Lists that also begin where the order rises, or where a site comes back.
fn by_order_and_returns(
    runs: &[Run],
    readings: &Readings,
    certain: &[bool],
    order: Option<Order>,
    one_site: bool,
    sites: &mut Sites,
) -> Vec<Start> {
    let mut starts = Vec::new();
    sites.forget();
    let mut last_gap: Option<Start> = None;
    let mut previous: Option<SiteReading> = None;
    for (i, run) in runs.iter().enumerate() {
        if run.rows.is_empty() {
            if certain[i] {
                starts.push(Start { run: i, row: run.rows.start });
                sites.forget();
            }
            continue;
        }
        for row in run.rows.clone() {
            let here = Start { run: i, row };
            let reading = readings.get(row);
            let first = row == run.rows.start;
            let rises = order.is_some_and(|key| previous.is_some_and(|p| key.rises(&p, &reading)));
            if first && certain[i] || rises {
                starts.push(here);
                sites.forget();
                last_gap = None;
            } else {
                if first && run.gap.text {
                    last_gap = Some(here);
                }
                if let Some(before) = sites.last_row(reading.site) {
                    // The site comes back. What stood between its two sightings decides whether it is a twin.
                    let later =
                        matches!((runs[before.run].at, run.at), (Some(a), Some(b)) if b.seconds > a.seconds);
                    let at = match last_gap.filter(|&gap| gap > before) {
                        Some(gap) => Some(gap),
                        None if later || one_site || order.is_none() => Some(here),
                        None => None,
                    };
                    if let Some(at) = at {
                        starts.push(at);
                        sites.forget();
                        for (k, run) in runs.iter().enumerate().take(i + 1).skip(at.run) {
                            let from = run.rows.start.max(at.row);
                            (from..run.rows.end.min(row))
                                .for_each(|row| sites.seen(readings.site(row), Start { run: k, row }));
                        }
                        last_gap = None;
                    }
                }
            }
            sites.seen(reading.site, here);
            previous = Some(reading);
        }
    }
    starts
}

/// Where each site was seen last, within one list.
#[derive(Default)]
struct Sites {
    rows: Vec<(u32, Start)>,
    list: u32,
}

impl Sites {
    /// Begins a new list, in which no site was seen.
    fn forget(&mut self) {
        self.list += 1;
    }

    fn last_row(&self, site: crate::model::SiteId) -> Option<Start> {
        self.rows.get(site.index()).filter(|(list, _)| *list == self.list).map(|(_, start)| *start)
    }

    fn seen(&mut self, site: crate::model::SiteId, at: Start) {
        if self.rows.len() <= site.index() {
            self.rows.resize(site.index() + 1, (u32::MAX, Start { run: 0, row: 0 }));
        }
        self.rows[site.index()] = (self.list, at);
    }
}
