//! Histories: snapshots in order, and each site followed through them.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::records::SourceRecords;
use super::series::{Sample, Series};
use super::trajectory::{self, Reference, Sightings, Trajectory};
use super::{
    Axis, Cut, Dialect, Moment, Site, SiteId, SiteReading, SiteTable, Snapshot, cuts, segments, twins,
};

/// What the differences of a history refer to, and whether the numbers show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundReference {
    /// The reference.
    pub reference: Reference,
    /// Whether it is assumed, since the numbers do not tell.
    pub assumed: bool,
}

/// What is known of a history as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryFacts {
    /// Number of positions: snapshots, and the one before the first list of differences.
    pub positions: usize,
    /// Snapshots that the sources hold.
    pub snapshots: usize,
    /// Time of each position, where known.
    pub times: Vec<Option<Moment>>,
    /// What differences refer to; `None` for statistics.
    pub reference: Option<FoundReference>,
    /// How many of the lists are cut.
    pub cut_lists: usize,
    /// The median of what the cut lists can hide, in bytes per list.
    pub hidden_bytes: Option<f64>,
    /// Positions at which a new life of the process begins.
    pub restarts: Vec<usize>,
    /// Whether several sources were put in order by the times that they carry.
    pub by_time: bool,
    /// The source or worker process of this history, where it stands beside others.
    pub source: Option<String>,
}

/// A site followed through its history.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteHistory {
    /// Which history of the recording.
    pub history: usize,
    /// The site.
    pub site: Site,
    /// In how many snapshots it was listed.
    pub seen: usize,
    /// Bytes along the snapshots, at the positions where they are known.
    pub bytes: Series,
    /// Blocks along the snapshots; empty where the dump does not count them.
    pub blocks: Series,
    /// Change of the count that its last listing tells; `None` for statistics.
    pub last_change: Option<i64>,
    /// Number of positions of the history.
    pub positions: usize,
    /// The positions over which something is known of it. Where lists are cut, a site that is no longer
    /// shown may still grow by less than the smallest change shown: if its own rate is that small, its
    /// absence says nothing and the extent ends with its last listing; if it is larger, absence shows that
    /// it stopped, and the extent goes on.
    pub extent: Range<usize>,
}

/// Snapshots that belong together, in order.
struct Track {
    dialect: Dialect,
    by_time: bool,
    source: Option<String>,
    snapshots: Vec<Snapshot>,
}

/// Puts the snapshots of all sources in order and follows each site.
pub fn follow(sources: Vec<SourceRecords>, facts: &mut Vec<HistoryFacts>, sites: &mut Vec<SiteHistory>) {
    let mut table = SiteTable::new();
    for track in tracks(sources, &mut table) {
        let number = facts.len();
        let (fact, followed) = follow_track(track, number, &table);
        facts.push(fact);
        sites.extend(followed);
    }
    keep_the_fuller(facts, sites);
}

/// A log may print both the statistics and the differences of each snapshot: of a site that both tell, the
/// history with more readings is kept, the differences where they are equal, being the more exact. Histories
/// of different sources are of different processes.
fn keep_the_fuller(facts: &[HistoryFacts], sites: &mut Vec<SiteHistory>) {
    // More readings first, then exactness.
    type Worth = (usize, bool);
    let worth = |site: &SiteHistory| -> Worth { (site.seen, facts[site.history].reference.is_some()) };
    let mut best: FxHashMap<(Option<String>, Site), (usize, Worth)> = FxHashMap::default();
    let key = |site: &SiteHistory| (facts[site.history].source.clone(), site.site.clone());
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

/// Snapshots by the name of their source.
type Lists = Vec<(String, Vec<Snapshot>)>;

/// Sorts snapshots into tracks: one for each dialect and worker process, and one for each source where sources of
/// many snapshots overlap in time (they are of several processes).
fn tracks(sources: Vec<SourceRecords>, table: &mut SiteTable) -> Vec<Track> {
    type Kind = (Dialect, Option<u32>);
    let mut kinds: Vec<(Kind, Lists)> = Vec::new();
    for source in sources {
        let ids: Vec<SiteId> = source.sites.places().iter().map(|p| table.intern(p.clone())).collect();
        for mut snapshot in source.snapshots {
            if snapshot.readings.is_empty() {
                continue;
            }
            for reading in &mut snapshot.readings {
                reading.site = ids[reading.site.index()];
            }
            let kind = (snapshot.dialect, snapshot.worker);
            let at = kinds.iter().position(|(k, _)| *k == kind).unwrap_or_else(|| {
                kinds.push((kind, Vec::new()));
                kinds.len() - 1
            });
            let lists = &mut kinds[at].1;
            match lists.last_mut().filter(|(name, _)| *name == source.name) {
                Some((_, list)) => list.push(snapshot),
                None => lists.push((source.name.clone(), vec![snapshot])),
            }
        }
    }
    let mut tracks = Vec::new();
    for ((dialect, worker), lists) in kinds {
        let pid = worker.map(|id| format!("pid {id}"));
        if overlap(&lists) {
            tracks.extend(lists.into_iter().map(|(name, snapshots)| {
                let source = Some(pid.as_ref().map_or_else(|| name.clone(), |pid| format!("{name} {pid}")));
                Track { dialect, by_time: false, source, snapshots }
            }));
        } else {
            let (snapshots, by_time) = in_order(lists);
            tracks.push(Track { dialect, by_time, source: pid, snapshots });
        }
    }
    tracks
}

/// Whether two sources of several snapshots each cover the same time.
fn overlap(lists: &Lists) -> bool {
    let mut spans: Vec<(f64, f64)> = lists
        .iter()
        .filter(|(_, list)| list.len() > 1)
        .filter_map(|(_, list)| {
            let times = || list.iter().filter_map(|s| s.at.map(|at| at.seconds));
            let (low, high) =
                (times().fold(f64::INFINITY, f64::min), times().fold(f64::NEG_INFINITY, f64::max));
            (low < high).then_some((low, high))
        })
        .collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    spans.windows(2).any(|w| w[1].0 < w[0].1)
}

/// One order for all snapshots: by time where every source has one, else as the sources come; and whether it
/// was by time. Within a source the order stays.
fn in_order(mut lists: Lists) -> (Vec<Snapshot>, bool) {
    let first = |list: &[Snapshot]| list.iter().find_map(|s| s.at);
    let by_time = lists.len() > 1 && lists.iter().all(|(_, list)| first(list).is_some());
    if by_time {
        lists.sort_by(|a, b| match (first(&a.1), first(&b.1)) {
            (Some(x), Some(y)) => x.total_cmp(&y),
            _ => std::cmp::Ordering::Equal,
        });
    }
    (lists.into_iter().flat_map(|(_, list)| list).collect(), by_time)
}

fn follow_track(mut track: Track, history: usize, table: &SiteTable) -> (HistoryFacts, Vec<SiteHistory>) {
    cuts::settle(&mut track.snapshots);
    let is_difference = track.dialect == Dialect::Difference;
    // A list of differences tells of the snapshot before it as well: that one is position 0.
    let offset = usize::from(is_difference);
    let positions = track.snapshots.len() + offset;
    let mut complete = vec![false; positions];
    let mut hidden = vec![0.0; positions];
    for (i, snapshot) in track.snapshots.iter().enumerate() {
        complete[i + offset] = snapshot.cut == Cut::Complete;
        if let Cut::TopK { at_most } = snapshot.cut {
            hidden[i + offset] = at_most;
        }
    }
    let lists = lists_by_site(&track.snapshots, offset, table.len());
    let followed: Vec<(Site, Vec<(usize, SiteReading)>)> = lists
        .iter()
        .zip(table.places())
        .filter(|(lists, _)| !lists.is_empty())
        .flat_map(|(lists, place)| {
            let twins = twins::tell_apart(lists).into_iter().zip(1..);
            twins.map(|(list, twin)| (Site { place: place.clone(), twin }, list))
        })
        .collect();

    let reference = is_difference.then(|| {
        let found = trajectory::reference(followed.iter().map(|(_, list)| list.as_slice()));
        FoundReference { reference: found.unwrap_or(Reference::Previous), assumed: found.is_none() }
    });
    let lives = segments::of_history(&track.snapshots, reference.map(|found| found.reference));
    let restarts: Vec<usize> = lives.into_iter().map(|at| at + offset).collect();
    let sites = followed
        .into_iter()
        .map(|(site, readings)| {
            let seen = Sightings { readings: &readings, positions, complete: &complete };
            let trajectory = match reference {
                Some(found) => trajectory::of_differences(seen, found.reference),
                None => trajectory::of_statistics(seen),
            };
            let last_change = readings.last().and_then(|(_, r)| r.change).and_then(|c| c.blocks);
            let Trajectory { bytes, blocks, byte_steps, block_steps } = trajectory;
            let starts = |samples: &[Sample]| -> Vec<usize> {
                #[allow(clippy::cast_precision_loss)]
                restarts.iter().map(|&at| samples.partition_point(|s| s.at < at as f64)).collect()
            };
            let extent = cuts::known_extent(&bytes, &hidden);
            let (byte_starts, block_starts) = (starts(&bytes), starts(&blocks));
            SiteHistory {
                history,
                site,
                seen: readings.len(),
                bytes: Series::new(Axis::Snapshots, bytes, &byte_starts, byte_steps),
                blocks: Series::new(Axis::Snapshots, blocks, &block_starts, block_steps),
                last_change,
                positions,
                extent,
            }
        })
        .collect();
    (facts(&track, positions, offset, reference, restarts), sites)
}

fn facts(
    track: &Track,
    positions: usize,
    offset: usize,
    reference: Option<FoundReference>,
    restarts: Vec<usize>,
) -> HistoryFacts {
    let mut times: Vec<Option<Moment>> = vec![None; offset];
    times.extend(track.snapshots.iter().map(|s| s.at));
    let mut hidden: Vec<f64> = track
        .snapshots
        .iter()
        .filter_map(|s| match s.cut {
            Cut::TopK { at_most } => Some(at_most),
            Cut::Complete | Cut::Unsaid => None,
        })
        .collect();
    hidden.sort_by(f64::total_cmp);
    HistoryFacts {
        positions,
        snapshots: track.snapshots.len(),
        times,
        reference,
        cut_lists: hidden.len(),
        hidden_bytes: hidden.get(hidden.len() / 2).copied(),
        restarts,
        by_time: track.by_time,
        source: track.source.clone(),
    }
}

/// For each site the readings of each snapshot that lists it.
fn lists_by_site(snapshots: &[Snapshot], offset: usize, sites: usize) -> Vec<Vec<(usize, Vec<SiteReading>)>> {
    let mut lists: Vec<Vec<(usize, Vec<SiteReading>)>> = vec![Vec::new(); sites];
    for (i, snapshot) in snapshots.iter().enumerate() {
        for &reading in &snapshot.readings {
            let list = &mut lists[reading.site.index()];
            match list.last_mut().filter(|(at, _)| *at == i + offset) {
                Some((_, readings)) => readings.push(reading),
                None => list.push((i + offset, vec![reading])),
            }
        }
    }
    lists
}

#[cfg(test)]
mod tests {
    use super::super::recording::Recording;
    use super::*;
    use crate::model::{Change, Frame, Measured, Place};

    /// A source with snapshots of one site: for each its time, size, and change if it is a difference.
    fn source(name: &str, lists: &[(Option<f64>, f64, Option<f64>)]) -> SourceRecords {
        let mut sites = SiteTable::new();
        let site = sites.intern(Place::Line(Frame { file: "a.py".into(), line: 1 }));
        let snapshots = lists
            .iter()
            .map(|&(at, size, change)| Snapshot {
                at: at.map(Moment::from_seconds),
                dialect: if change.is_some() { Dialect::Difference } else { Dialect::Statistic },
                readings: vec![SiteReading {
                    site,
                    size: Measured::exact(size),
                    blocks: Some(1),
                    change: change.map(|c| Change { bytes: Measured::exact(c), blocks: Some(0) }),
                    line: 1,
                }],
                cut: Cut::Complete,
                worker: None,
                line: 1,
            })
            .collect();
        SourceRecords { name: name.into(), snapshots, sites, ..SourceRecords::default() }
    }

    fn sizes(recording: &Recording) -> Vec<Vec<f64>> {
        recording.sites.iter().map(|s| s.bytes.samples().iter().map(|x| x.value.value).collect()).collect()
    }

    #[test]
    fn files_of_one_snapshot_each_are_one_history_by_time_or_as_they_come() {
        let by_time = [source("b", &[(Some(20.0), 2.0, None)]), source("a", &[(Some(10.0), 1.0, None)])];
        assert_eq!(sizes(&Recording::build(by_time.to_vec())), [[1.0, 2.0]]);
        let timeless = [source("1", &[(None, 2.0, None)]), source("2", &[(None, 1.0, None)])];
        assert_eq!(sizes(&Recording::build(timeless.to_vec())), [[2.0, 1.0]]);
    }

    #[test]
    fn logs_that_cover_the_same_time_are_two_processes_and_rotated_logs_are_one() {
        let side_by_side = [
            source("a", &[(Some(10.0), 1.0, None), (Some(30.0), 2.0, None)]),
            source("b", &[(Some(20.0), 7.0, None), (Some(40.0), 8.0, None)]),
        ];
        let found = Recording::build(side_by_side.to_vec());
        assert_eq!(sizes(&found), [[1.0, 2.0], [7.0, 8.0]]);
        assert_eq!(found.histories[1].source.as_deref(), Some("b"));
        let rotated = [
            source("log.1", &[(Some(30.0), 3.0, None), (Some(40.0), 4.0, None)]),
            source("log.2", &[(Some(10.0), 1.0, None), (Some(20.0), 2.0, None)]),
        ];
        assert_eq!(sizes(&Recording::build(rotated.to_vec())), [[1.0, 2.0, 3.0, 4.0]]);
    }

    #[test]
    fn of_statistics_and_differences_of_one_site_the_fuller_is_kept() {
        let both = source(
            "log",
            &[(None, 10.0, None), (None, 10.0, Some(4.0)), (None, 13.0, None), (None, 13.0, Some(3.0))],
        );
        // Two lists each: the differences, which tell of the snapshot before as well.
        assert_eq!(sizes(&Recording::build(vec![both])), [[6.0, 10.0, 13.0]]);
    }
}
