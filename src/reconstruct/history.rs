//! Histories: snapshots in order, and each site followed through them.

use std::ops::Range;
use std::sync::Arc;

use foldhash::HashMap;
use rayon::prelude::*;

use super::heaps::{Sequence, sequences};
use super::history_facts::{FoundReference, HistoryFacts};
use super::list::{List, places};
use super::occurrences::{Occurrence, Occurrences, occurrences};
use super::reference::{Reference, Votes};
use super::trajectory::{self, Listings, Trajectory};
use super::{moments, restarts, truncation};
use crate::model::series::{Sample, Series};
use crate::model::{
    Axis, Dialect, PackedReading, Site, SiteReading, SiteTable, SiteUnit, SourceRecords, TimeBase, Truncation,
};
use crate::stats::spacing;

/// A site followed through its history. Its readings stay packed; [`SiteHistory::to_series`] makes series of them.
#[derive(Debug, Clone)]
pub struct SiteHistory {
    /// The number of the history.
    pub history: usize,
    /// The site.
    pub site: Site,
    /// In how many snapshots it was listed.
    pub seen: usize,
    /// Number of positions of the history.
    pub positions: usize,
    shared: Arc<Shared>,
    occurrences: Range<usize>,
}

/// Facts that the sites of a history share.
#[derive(Debug)]
struct Shared {
    lists: Vec<List>,
    /// The position of the first list.
    offset: usize,
    occurrences: Occurrences,
    /// For each position, whether a site that is not listed is known to be absent (or unchanged).
    complete: Vec<bool>,
    /// For each position, what a cut list can hide, in bytes.
    hidden: Vec<f64>,
    reference: Option<Reference>,
    /// Positions at which a new life begins.
    restarts: Vec<usize>,
    unit: SiteUnit,
    /// For each position its time in seconds, where their distances change for good.
    uneven_times: Option<Arc<[f64]>>,
}

/// The series of a site, rebuilt from its readings.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteSeries {
    /// Bytes along the snapshots, at the positions where they are known.
    pub bytes: Series,
    /// Blocks along the snapshots; empty where the dump does not count them.
    pub blocks: Series,
    /// Change of the count that its last listing tells; `None` for statistics.
    pub last_change: Option<i64>,
    /// The positions over which something is known of it. Where lists are cut, a site that is no longer
    /// shown may still grow by less than the smallest change shown: if its own rate is that small, its
    /// absence says nothing and the extent ends with its last listing; if it is larger, absence shows that
    /// it stopped, and the extent goes on.
    pub extent: Range<usize>,
}

impl SiteHistory {
    /// The unit of its sizes.
    #[must_use]
    pub fn unit(&self) -> SiteUnit {
        self.shared.unit
    }

    /// Returns the series of the site. Costs some nanoseconds a reading; it is made anew each time, so that a recording
    /// needs no more memory than its readings.
    #[must_use]
    pub fn to_series(&self) -> SiteSeries {
        let Shared { lists, offset, complete, hidden, reference, restarts, uneven_times, .. } = &*self.shared;
        let occurrences = self.shared.occurrences.of(self.occurrences.clone());
        let fetched = fetched(lists, *offset, occurrences);
        let readings = unpacked(lists, *offset, &fetched);
        let (trajectory, last_change) = match reference {
            Some(reference) => {
                let last = readings.clone().next_back().and_then(|(_, r)| r.change).and_then(|c| c.blocks);
                let seen = Listings { readings, positions: self.positions, complete };
                (trajectory::of_differences(seen, *reference), last)
            }
            None => (trajectory::of_statistics(readings, complete), None),
        };
        let Trajectory { bytes, blocks, byte_steps, block_steps } = trajectory;
        let starts = |samples: &[Sample]| -> Vec<usize> {
            #[allow(clippy::cast_precision_loss)]
            restarts.iter().map(|&at| samples.partition_point(|s| s.at < at as f64)).collect()
        };
        let extent = truncation::known_extent(&bytes, hidden, *reference);
        let (byte_starts, block_starts) = (starts(&bytes), starts(&blocks));
        SiteSeries {
            bytes: Series::new(Axis::Snapshots, bytes, &byte_starts, byte_steps)
                .with_uneven_times(uneven_times.clone()),
            blocks: Series::new(Axis::Snapshots, blocks, &block_starts, block_steps)
                .with_uneven_times(uneven_times.clone()),
            last_change,
            extent,
        }
    }
}

/// Fetches the readings of occurrences from all over the memory, in a loop short enough for the processor to wait for
/// many of them at once.
fn fetched(
    lists: &[List],
    offset: usize,
    occurrences: impl Iterator<Item = Occurrence>,
) -> Vec<(usize, PackedReading)> {
    occurrences
        .map(|s| (s.position as usize, lists[s.position as usize - offset].packed(s.row as usize)))
        .collect()
}

/// Unpacks fetched readings, with their positions. Their sites are numbered as in their source.
fn unpacked(
    lists: &[List],
    offset: usize,
    fetched: &[(usize, PackedReading)],
) -> impl DoubleEndedIterator<Item = (usize, SiteReading)> + Clone {
    fetched.iter().map(move |&(position, packed)| (position, lists[position - offset].unpacked(packed)))
}

/// Puts the snapshots of all sources in order and follows each site. `tables` number the sites of the sources.
pub(super) fn follow(
    sources: Vec<SourceRecords>,
    tables: &[SiteTable],
    facts: &mut Vec<HistoryFacts>,
    sites: &mut Vec<SiteHistory>,
) {
    let mut all = SiteTable::new();
    let sequences = sequences(sources, tables, &mut all);
    let repeated = moments::repeated(&sequences);
    for (sequence, repeated) in sequences.into_iter().zip(repeated) {
        let number = facts.len();
        let (mut fact, followed) = follow_sequence(sequence, number, &all);
        fact.repeated = repeated;
        facts.push(fact);
        sites.extend(followed);
    }
    keep_the_fuller(facts, sites);
}

/// A heap may be recorded in several views: a log prints both the statistics and the differences of each snapshot, and
/// somebody saved the snapshots as well. Of a site that several views have, the history with more readings is kept;
/// where they are equal the differences are, being more exact.
fn keep_the_fuller(facts: &[HistoryFacts], sites: &mut Vec<SiteHistory>) {
    // More readings first, then exactness.
    type Worth = (usize, bool);
    let worth = |site: &SiteHistory| -> Worth { (site.seen, facts[site.history].reference.is_some()) };
    let mut best: HashMap<(usize, Site), (usize, Worth)> = HashMap::default();
    let key = |site: &SiteHistory| (facts[site.history].heap, site.site.clone());
    if facts.len() < 2 {
        return;
    }
    for site in sites.iter() {
        let entry = best.entry(key(site)).or_insert((site.history, worth(site)));
        if worth(site) > entry.1 {
            *entry = (site.history, worth(site));
        }
    }
    sites.retain(|site| best.get(&key(site)).is_none_or(|(history, _)| *history == site.history));
}

fn follow_sequence(
    mut sequence: Sequence,
    history: usize,
    table: &SiteTable,
) -> (HistoryFacts, Vec<SiteHistory>) {
    truncation::settle(&mut sequence.lists, table.len());
    // A list of differences tells of the snapshot before it as well: that one is position 0.
    let is_difference = sequence.dialect.is_of_differences();
    let offset = usize::from(is_difference);
    let (occurrences, sites) = occurrences(&sequence.lists, offset, table).into_parts();
    let found = is_difference.then(|| {
        let votes_of = |(_, range): &(Site, Range<usize>)| {
            let fetched = fetched(&sequence.lists, offset, occurrences.of(range.clone()));
            Votes::of(unpacked(&sequence.lists, offset, &fetched))
        };
        // Censuses are of one kind of difference.
        let is_known = sequence.dialect != Dialect::Difference;
        let found = if is_known { Some(Reference::Previous) } else { poll(&sites, votes_of).reference() };
        FoundReference { reference: found.unwrap_or(Reference::Previous), assumed: found.is_none() }
    });
    let reference = found.map(|found| found.reference);
    let starts = restarts::restarts(&sequence.lists, reference, table.len());
    let restarts: Vec<usize> = starts.into_iter().map(|at| at + offset).collect();
    let facts = facts(&sequence, offset, found, restarts.clone());
    let before = match reference {
        // The bases say nothing of one snapshot before all lists.
        Some(Reference::Own) => Truncation::Partial { at_most: None },
        _ => Truncation::Unknown,
    };
    let before = std::iter::repeat_n(before, offset);
    let (complete, hidden) = before
        .chain(sequence.lists.iter().map(|list| list.truncation))
        .map(|truncation| match truncation {
            Truncation::Complete => (true, 0.0),
            Truncation::TopK { at_most } => (false, at_most),
            Truncation::Partial { at_most } => (false, at_most.unwrap_or(f64::INFINITY)),
            Truncation::Unknown => (false, 0.0),
        })
        .unzip();
    let places = places(&sequence.lists, offset);
    let shared = Arc::new(Shared {
        lists: sequence.lists,
        offset,
        occurrences,
        complete,
        hidden,
        reference,
        restarts,
        unit: sequence.dialect.unit(),
        uneven_times: spacing::changed(&places).map(|_| places.as_slice().into()),
    });
    let sites = sites.into_iter().map(|(site, occurrences)| SiteHistory {
        history,
        site,
        seen: occurrences.len(),
        positions: facts.positions,
        shared: Arc::clone(&shared),
        occurrences,
    });
    let sites = sites.collect();
    (facts, sites)
}

/// Sites vote so many at a time, until the vote is clear.
const VOTERS: usize = 256;

fn poll<Site: Sync>(sites: &[Site], votes_of: impl Fn(&Site) -> Votes + Sync) -> Votes {
    let mut votes = Votes::default();
    for some in sites.chunks(VOTERS) {
        votes = some.par_iter().map(&votes_of).reduce(Votes::default, Votes::add).add(votes);
        if votes.are_clear() {
            break;
        }
    }
    votes
}

fn facts(
    sequence: &Sequence,
    offset: usize,
    reference: Option<FoundReference>,
    restarts: Vec<usize>,
) -> HistoryFacts {
    let mut seconds = places(&sequence.lists, offset);
    if sequence.base == TimeBase::Index {
        seconds.fill(f64::NAN);
    }
    let hides = |list: &List| match list.truncation {
        Truncation::TopK { at_most } => Some(at_most),
        Truncation::Complete | Truncation::Partial { .. } | Truncation::Unknown => None,
    };
    let is_partial = |list: &&List| matches!(list.truncation, Truncation::Partial { .. });
    let mut hidden: Vec<f64> = sequence.lists.iter().filter_map(hides).collect();
    hidden.sort_by(f64::total_cmp);
    HistoryFacts {
        positions: sequence.lists.len() + offset,
        snapshots: sequence.lists.len(),
        repeated: 0,
        dialect: sequence.dialect,
        heap: sequence.heap,
        subject: sequence.subject.clone(),
        base: sequence.base,
        seconds,
        reference,
        cut_lists: hidden.len(),
        partial_lists: sequence.lists.iter().filter(is_partial).count(),
        hidden_bytes: hidden.get(hidden.len() / 2).copied(),
        restarts,
        by_time: sequence.by_time,
        clock: sequence.clock,
        source: sequence.source.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::recording::Recording;
    use super::*;
    use crate::model::{
        Change, Frame, Measured, Place, Readings, RecordOrder, SiteId, Snapshot, SourceTimeline, TimeBase,
        TimeRef,
    };

    /// A source with snapshots of one site: for each its time, size, and change if it is a difference.
    fn source(name: &str, lists: &[(Option<f64>, f64, Option<f64>)]) -> SourceRecords {
        let mut readings = Readings::new();
        let seconds = lists.iter().map(|list| list.0.unwrap_or(f64::NAN)).collect();
        let times = SourceTimeline { base: TimeBase::Utc, seconds, order: RecordOrder::AsWritten };
        let snapshots = lists
            .iter()
            .enumerate()
            .map(|(place, &(at, size, change))| {
                let change = change.map(|c| Change { bytes: Measured::exact(c), blocks: Some(0) });
                let size = Measured::exact(size);
                readings.push(&SiteReading { site: SiteId(0), size, blocks: Some(1), change }.into());
                Snapshot {
                    time: at.and_then(|_| TimeRef::new(place)),
                    dialect: if change.is_some() { Dialect::Difference } else { Dialect::Statistic },
                    readings: readings.len() - 1..readings.len(),
                    truncation: Truncation::Complete,
                    subject: None,
                    line: 1,
                }
            })
            .collect();
        SourceRecords { name: name.into(), times, snapshots, readings, ..SourceRecords::default() }
    }

    fn build(sources: &[SourceRecords]) -> Recording {
        let mut sites = SiteTable::new();
        sites.intern(Place::Line(Frame::at("a.py", 1)));
        Recording::build(sources.to_vec(), &[sites])
    }

    fn sizes(recording: &Recording) -> Vec<Vec<f64>> {
        recording
            .sites
            .iter()
            .map(|s| s.to_series().bytes.samples().iter().map(|x| x.value.value).collect())
            .collect()
    }

    #[test]
    fn files_of_one_snapshot_each_are_one_history_by_time_or_as_they_come() {
        let by_time = [source("b", &[(Some(20.0), 2.0, None)]), source("a", &[(Some(10.0), 1.0, None)])];
        assert_eq!(sizes(&build(&by_time)), [[1.0, 2.0]]);
        let timeless = [source("1", &[(None, 2.0, None)]), source("2", &[(None, 1.0, None)])];
        assert_eq!(sizes(&build(&timeless)), [[2.0, 1.0]]);
    }

    #[test]
    fn sources_without_sites_need_no_table() {
        let recording =
            Recording::build(vec![SourceRecords { name: "report".into(), ..SourceRecords::default() }], &[]);
        assert!(recording.histories.is_empty() && recording.sites.is_empty());
    }

    #[test]
    fn logs_that_cover_the_same_time_are_two_processes_and_rotated_logs_are_one() {
        let side_by_side = [
            source("a", &[(Some(10.0), 1.0, None), (Some(30.0), 2.0, None)]),
            source("b", &[(Some(20.0), 7.0, None), (Some(40.0), 8.0, None)]),
        ];
        let found = build(&side_by_side);
        assert_eq!(sizes(&found), [[1.0, 2.0], [7.0, 8.0]]);
        assert_eq!(found.histories[1].source.as_deref(), Some("b"));
        let rotated = [
            source("log.1", &[(Some(30.0), 3.0, None), (Some(40.0), 4.0, None)]),
            source("log.2", &[(Some(10.0), 1.0, None), (Some(20.0), 2.0, None)]),
        ];
        assert_eq!(sizes(&build(&rotated)), [[1.0, 2.0, 3.0, 4.0]]);
    }

    #[test]
    fn of_statistics_and_differences_of_one_site_the_fuller_is_kept() {
        let both = source(
            "log",
            &[(None, 10.0, None), (None, 10.0, Some(4.0)), (None, 13.0, None), (None, 13.0, Some(3.0))],
        );
        // Two lists each: the differences, which tell of the snapshot before as well.
        assert_eq!(sizes(&build(&[both])), [[6.0, 10.0, 13.0]]);
    }
}
