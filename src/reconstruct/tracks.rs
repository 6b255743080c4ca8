//! Tracks: snapshots that belong together, in order.

use std::ops::Range;
use std::sync::Arc;

use super::site_numbers::SiteNumbers;
use crate::model::{
    Dialect, Moment, PackedReading, Readings, SiteId, SiteReading, SiteTable, SourceRecords, Truncation,
};

/// One snapshot of a track.
#[derive(Debug, Clone)]
pub(super) struct List {
    /// When; `None` where the dump does not say.
    pub(super) at: Option<Moment>,
    /// What absence means.
    pub(super) truncation: Truncation,
    /// The readings of its source …
    readings: Arc<Readings>,
    /// … the numbers that the recording has for the source's sites …
    numbers: Arc<SiteNumbers>,
    /// … and which of the readings are its own.
    pub(super) rows: Range<usize>,
}

impl List {
    /// How many readings it has.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The recording's number for the site of a row.
    pub(super) fn site(&self, row: usize) -> SiteId {
        self.numbers.of(self.readings.site(row))
    }

    /// The reading of a row, its site numbered as in the source.
    pub(super) fn reading(&self, row: usize) -> SiteReading {
        self.readings.get(row)
    }

    /// The reading of a row as it is kept …
    pub(super) fn packed(&self, row: usize) -> PackedReading {
        self.readings.packed(row)
    }

    /// … and what it says.
    pub(super) fn unpacked(&self, packed: PackedReading) -> SiteReading {
        self.readings.unpacked(packed)
    }

    /// The cut of the list if it is cut at its smallest reading.
    pub(super) fn top(&self) -> Truncation {
        Truncation::top_of(&self.readings, &self.rows)
    }
}

/// Snapshots of one dialect and one process, in order.
pub(super) struct Track {
    pub(super) dialect: Dialect,
    /// Whether several sources were put in order by the times that they carry.
    pub(super) by_time: bool,
    /// The source or worker process, where it stands beside others.
    pub(super) source: Option<String>,
    pub(super) lists: Vec<List>,
}

/// Lists by the name of their source.
type Named = Vec<(String, Vec<List>)>;

/// Sorts snapshots into tracks: one for each dialect and worker process, and one for each source where sources of
/// many snapshots overlap in time (they are of several processes). `tables` are what numbers the sites of the sources;
/// their places get one number each in `all`, in the order of the sources.
pub(super) fn tracks(sources: Vec<SourceRecords>, tables: &[SiteTable], all: &mut SiteTable) -> Vec<Track> {
    type Kind = (Dialect, Option<u32>);
    let numbers = number(&sources, tables, all);
    let mut kinds: Vec<(Kind, Named)> = Vec::new();
    for source in sources {
        let readings = Arc::new(source.readings);
        for snapshot in source.snapshots.into_iter().filter(|s| !s.readings.is_empty()) {
            let kind = (snapshot.dialect, snapshot.worker);
            let place = kinds.iter().position(|(k, _)| *k == kind).unwrap_or_else(|| {
                kinds.push((kind, Vec::new()));
                kinds.len() - 1
            });
            let list = List {
                at: snapshot.at,
                truncation: snapshot.truncation,
                readings: Arc::clone(&readings),
                numbers: Arc::clone(&numbers[source.table]),
                rows: snapshot.readings,
            };
            let named = &mut kinds[place].1;
            match named.last_mut().filter(|(name, _)| *name == source.name) {
                Some((_, lists)) => lists.push(list),
                None => named.push((source.name.clone(), vec![list])),
            }
        }
    }
    let mut tracks = Vec::new();
    for ((dialect, worker), named) in kinds {
        let pid = worker.map(|id| format!("pid {id}"));
        if overlap(&named) {
            tracks.extend(named.into_iter().map(|(name, lists)| {
                let source = Some(pid.as_ref().map_or_else(|| name.clone(), |pid| format!("{name} {pid}")));
                Track { dialect, by_time: false, source, lists }
            }));
        } else {
            let (lists, by_time) = in_order(named);
            tracks.push(Track { dialect, by_time, source: pid, lists });
        }
    }
    tracks
}

/// The numbers that `all` has for the sites of each table: in the order in which the sources show them, so that they do
/// not depend on which table met a site first.
fn number(sources: &[SourceRecords], tables: &[SiteTable], all: &mut SiteTable) -> Vec<Arc<SiteNumbers>> {
    let mut numbers: Vec<SiteNumbers> = tables.iter().map(SiteNumbers::of_table).collect();
    // A source without readings of sites needs no table.
    for source in sources.iter().filter(|source| !source.readings.is_empty()) {
        let (known, table) = (&mut numbers[source.table], &tables[source.table]);
        for row in source.snapshots.iter().flat_map(|snapshot| snapshot.readings.clone()) {
            // Most sources show no site that those before them did not.
            if known.are_complete() {
                break;
            }
            known.learn(source.readings.site(row), table, all);
        }
    }
    numbers.into_iter().map(Arc::new).collect()
}

/// Whether two sources of several snapshots each cover the same time.
fn overlap(named: &Named) -> bool {
    let mut spans: Vec<(f64, f64)> = named
        .iter()
        .filter(|(_, lists)| lists.len() > 1)
        .filter_map(|(_, lists)| {
            let times = || lists.iter().filter_map(|list| list.at.map(|at| at.seconds));
            let (low, high) =
                (times().fold(f64::INFINITY, f64::min), times().fold(f64::NEG_INFINITY, f64::max));
            (low < high).then_some((low, high))
        })
        .collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    spans.windows(2).any(|w| w[1].0 < w[0].1)
}

/// One order for all lists: by time where every source has one, else as the sources come; and whether it
/// was by time. Within a source the order stays.
fn in_order(mut named: Named) -> (Vec<List>, bool) {
    let first = |lists: &[List]| lists.iter().find_map(|list| list.at);
    let by_time = named.len() > 1 && named.iter().all(|(_, lists)| first(lists).is_some());
    if by_time {
        named.sort_by(|a, b| match (first(&a.1), first(&b.1)) {
            (Some(x), Some(y)) => x.total_cmp(&y),
            _ => std::cmp::Ordering::Equal,
        });
    }
    (named.into_iter().flat_map(|(_, lists)| lists).collect(), by_time)
}
