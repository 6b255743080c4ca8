//! The records of one source in the order of their times, each once: how a log was turned around, doubled or delayed is
//! taken back before anything is joined.

use foldhash::HashMap;

use crate::model::{
    Dialect, Measured, Metric, Readings, RecordOrder, Snapshot, SourceRecords, SubjectId, TimeRef,
};

/// Fewer different contents than these may come twice by chance.
const LEAST_DIFFERENT: usize = 3;

/// Turns a source around whose newest record stands first, and drops records that are written twice.
pub(super) fn in_order(mut source: SourceRecords) -> SourceRecords {
    match source.times.order {
        RecordOrder::AsWritten => {}
        RecordOrder::NewestFirst => oldest_first(&mut source),
        RecordOrder::ByTime => sort_by_time(&mut source),
    }
    if let Some(kept) = distinct_samples(&source) {
        kept.iter().for_each(|(row, time)| source.samples.set_time(*row, *time));
        let kept: Vec<usize> = kept.into_iter().map(|(row, _)| row).collect();
        source.samples.select(&kept);
    }
    if has_each_site_twice(&source) {
        keep_each_site_once(&mut source);
    }
    let repeated = repeated_snapshots(&source);
    if !repeated.is_empty() {
        let mut place = 0..;
        source.snapshots.retain(|_| place.next().is_some_and(|at| repeated.binary_search(&at).is_err()));
    }
    source
}

fn oldest_first(source: &mut SourceRecords) {
    let times: Vec<Option<TimeRef>> = source.samples.times().collect();
    if let Some(below) = times_below(&times, source.times.seconds.len()) {
        (0..).zip(below).for_each(|(row, time)| source.samples.set_time(row, time));
    }
    let times: Vec<Option<TimeRef>> = source.snapshots.iter().map(|snapshot| snapshot.time).collect();
    if let Some(below) = times_below(&times, source.times.seconds.len()) {
        source.snapshots.iter_mut().zip(below).for_each(|(snapshot, time)| snapshot.time = time);
    }
    source.samples.reverse();
    source.snapshots.reverse();
}

/// Puts records in the order of their times. One without a time stays after the record before it.
fn sort_by_time(source: &mut SourceRecords) {
    let SourceRecords { samples, snapshots, times, .. } = source;
    let in_order = |all: &mut dyn Iterator<Item = Option<TimeRef>>| {
        let mut last = f64::NEG_INFINITY;
        let mut seconds = |time| {
            let at = times.seconds(time);
            last = if at.is_nan() { last } else { at };
            last
        };
        let mut order: Vec<(f64, usize)> = all.enumerate().map(|(at, time)| (seconds(time), at)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        order.into_iter().map(|(_, at)| at).collect::<Vec<usize>>()
    };
    let rows = in_order(&mut samples.times());
    samples.select(&rows);
    let places = in_order(&mut snapshots.iter().map(|snapshot| snapshot.time));
    *snapshots = places.into_iter().filter_map(|place| snapshots.get(place).cloned()).collect();
}

/// The times below records, where all lines of a report were turned around: then its dates stand below their records.
/// The first record has no time above it, and no record follows the last of `dates`.
fn times_below(times: &[Option<TimeRef>], dates: usize) -> Option<Vec<Option<TimeRef>>> {
    let (first, rest) = times.split_first()?;
    let last = rest.last().copied().flatten()?.place();
    let is_above = first.is_none() && last + 2 == dates && rest.iter().all(Option::is_some);
    let next = |time: &Option<TimeRef>| TimeRef::new(time.map_or(0, |time| time.place() + 1));
    is_above.then(|| times.iter().map(next).collect())
}

/// Returns the rows of samples without those that say again what others of the same subject and time say, with their
/// times, if all samples of some subject come at least twice: a log that is written to two outputs.
fn distinct_samples(source: &SourceRecords) -> Option<Vec<(usize, Option<TimeRef>)>> {
    let SourceRecords { samples, times, .. } = source;
    let mut subjects: HashMap<SubjectId, Vec<usize>> = HashMap::default();
    for (row, subject) in samples.subjects().enumerate() {
        subjects.entry(subject).or_default().push(row);
    }
    let values = |row: &usize| samples.values(*row).collect::<Vec<(Metric, Measured)>>();
    let covers = |fuller: &[(Metric, Measured)], row: &usize| values(row).iter().all(|v| fuller.contains(v));
    let distinct = |rows: &[usize]| {
        let fullest = |run: &[usize]| run.iter().copied().max_by_key(|row| values(row).len());
        let runs = runs_of_one_time(rows, |row| times.seconds(samples.time(*row)));
        all_of_several(runs.map(|run| {
            let (first, fullest) = (run.first()?, fullest(run)?);
            let all = values(&fullest);
            let is_repeated = run.len() > 1 && run.iter().all(|row| covers(&all, row));
            is_repeated.then(|| ((fullest, samples.time(*first)), all))
        }))
    };
    let repeated: HashMap<SubjectId, Vec<(usize, Option<TimeRef>)>> =
        subjects.iter().filter_map(|(subject, rows)| Some((*subject, distinct(rows)?))).collect();
    if repeated.is_empty() {
        return None;
    }
    let as_written =
        |row: usize| (!repeated.contains_key(&samples.subject(row))).then(|| (row, samples.time(row)));
    let mut kept: Vec<(usize, Option<TimeRef>)> = (0..samples.len()).filter_map(as_written).collect();
    kept.extend(repeated.values().flatten().copied());
    kept.sort_unstable_by_key(|(row, _)| *row);
    Some(kept)
}

/// Places of snapshots that show again what others of the same heap and time show, if all come at least twice.
/// Ascending.
fn repeated_snapshots(source: &SourceRecords) -> Vec<usize> {
    let SourceRecords { snapshots, readings, times, .. } = source;
    let mut heaps: HashMap<(Option<SubjectId>, Dialect), Vec<usize>> = HashMap::default();
    for (place, snapshot) in snapshots.iter().enumerate() {
        heaps.entry((snapshot.subject, snapshot.dialect)).or_default().push(place);
    }
    let rows = |snapshot: &Snapshot| snapshot.readings.clone().map(|row| readings.get(row));
    let same = |one: &usize, other: &usize| rows(&snapshots[*one]).eq(rows(&snapshots[*other]));
    let mut repeated = Vec::new();
    for places in heaps.into_values() {
        let runs = runs_of_one_time(&places, |place| times.seconds(snapshots[*place].time));
        let found = runs.map(|run| {
            let first = run.first()?;
            let is_repeated = run.len() > 1 && run.iter().all(|place| same(first, place));
            is_repeated.then(|| (*first, rows(&snapshots[*first]).collect::<Vec<_>>()))
        });
        if let Some(kept) = all_of_several(found) {
            repeated.extend(places.into_iter().filter(|place| kept.binary_search(place).is_err()));
        }
    }
    repeated.sort_unstable();
    repeated
}

/// Whether each line of each list comes twice: several sites of one text are never all of them.
fn has_each_site_twice(source: &SourceRecords) -> bool {
    let SourceRecords { snapshots, readings, .. } = source;
    let is_twice = |snapshot: &Snapshot| {
        let mut pairs = snapshot.readings.clone().step_by(2);
        snapshot.readings.len().is_multiple_of(2)
            && pairs.all(|row| readings.get(row) == readings.get(row + 1))
    };
    let longest = snapshots.iter().map(|snapshot| snapshot.readings.len()).max();
    longest.is_some_and(|longest| longest >= 2 * LEAST_DIFFERENT) && snapshots.iter().all(is_twice)
}

fn keep_each_site_once(source: &mut SourceRecords) {
    let mut kept = Readings::new();
    for snapshot in &mut source.snapshots {
        let from = kept.len();
        snapshot.readings.clone().step_by(2).for_each(|row| kept.push_from(&source.readings, row));
        snapshot.readings = from..kept.len();
    }
    source.readings = kept;
}

/// Records in runs of one time. One without a time is of the time before it.
fn runs_of_one_time(records: &[usize], seconds: impl Fn(&usize) -> f64) -> impl Iterator<Item = &[usize]> {
    records.chunk_by(move |before, after| {
        let (before, after) = (seconds(before), seconds(after));
        before == after || after.is_nan()
    })
}

/// The record that is kept of each run, if every run has one and several of them differ.
fn all_of_several<K, T: PartialEq>(found: impl Iterator<Item = Option<(K, T)>>) -> Option<Vec<K>> {
    let mut kept = Vec::new();
    let mut different: Vec<T> = Vec::new();
    for run in found {
        let (record, content) = run?;
        kept.push(record);
        if different.len() < LEAST_DIFFERENT && !different.contains(&content) {
            different.push(content);
        }
    }
    (different.len() >= LEAST_DIFFERENT).then_some(kept)
}
