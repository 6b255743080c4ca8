//! Snapshots of one heap in one source, and files of one snapshot each as one.

use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::family::{family, place_in_family};
use super::list::List;
use super::site_numbers::SiteNumbers;
use super::span::span_of;
use super::turns::take_turns;
use crate::model::{
    Dialect, SiteTable, Snapshot, SnapshotClock, SourceRecords, Span, Subject, TimeBase, Truncation,
};

/// Snapshots of one heap that follow one another: of one source, or of a family of files with one snapshot each.
pub(super) struct Stretch {
    pub(super) subject: Option<Subject>,
    /// The worker by which stretches are joined: see [`name_workers`].
    pub(super) worker: Option<Subject>,
    pub(super) family: String,
    pub(super) source: String,
    pub(super) sources: usize,
    pub(super) span: Option<Span>,
    pub(super) base: TimeBase,
    pub(super) by_time: bool,
    pub(super) clock: SnapshotClock,
    pub(super) lists: Vec<(Dialect, List)>,
}

/// The numbers that `all` has for the sites of each table: in the order in which the sources show them, so that they do
/// not depend on which table met a site first.
pub(super) fn number(
    sources: &[SourceRecords],
    tables: &[SiteTable],
    all: &mut SiteTable,
) -> Vec<Arc<SiteNumbers>> {
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

/// A worker, and the family of the files that it wrote.
pub(super) type Member = (Option<Subject>, String);

impl Stretch {
    /// Returns its worker and its family of files.
    pub(super) fn member(&self) -> Member {
        (self.worker.clone(), self.family.clone())
    }
}

/// The snapshots of one source, by the worker that wrote them.
pub(super) fn stretches_of(source: &mut SourceRecords, numbers: &[Arc<SiteNumbers>]) -> Vec<Stretch> {
    let snapshots = std::mem::take(&mut source.snapshots);
    let readings = Arc::new(std::mem::take(&mut source.readings));
    let mut all: Vec<Stretch> = Vec::new();
    let mut places: HashMap<Option<Subject>, usize> = HashMap::default();
    for snapshot in snapshots.into_iter().filter(says_something) {
        let subject = snapshot.subject.and_then(|number| source.subjects.get(number)).cloned();
        let place = *places.entry(subject.clone()).or_insert_with(|| {
            all.push(Stretch {
                worker: subject.clone(),
                subject,
                family: family(&source.name),
                source: source.name.clone(),
                sources: 1,
                span: None,
                base: source.times.base,
                by_time: false,
                clock: source.clock,
                lists: Vec::new(),
            });
            all.len() - 1
        });
        let list = List::new(
            source.times.seconds(snapshot.time),
            snapshot.truncation,
            Arc::clone(&readings),
            Arc::clone(&numbers[source.table]),
            snapshot.readings,
        );
        all[place].lists.push((snapshot.dialect, list));
    }
    if let [only] = all.as_mut_slice() {
        // The id of the one process in a log changes where it restarts, and a file of few lines need not tell it.
        let named = only.worker.take().filter(|worker| worker.name.is_some());
        only.worker = named.map(|worker| Subject { id: None, ..worker });
    }
    for stretch in &mut all {
        stretch.span = span_of(stretch.base, stretch.lists.iter().map(|(_, list)| list.seconds));
    }
    all
}

/// Whether a snapshot tells anything: an empty list of changes tells that nothing changed.
fn says_something(snapshot: &Snapshot) -> bool {
    let of_changes = snapshot.dialect.is_of_differences() && snapshot.truncation == Truncation::Complete;
    of_changes || !snapshot.readings.is_empty()
}

/// Chains files of one snapshot each whose names are those of one family.
pub(super) fn chain_single_lists(stretches: Vec<Stretch>) -> Vec<Stretch> {
    type Key = (Option<Subject>, String);
    let mut done: Vec<(usize, Stretch)> = Vec::new();
    let mut families: HashMap<Key, Vec<(usize, Stretch)>> = HashMap::default();
    for (place, stretch) in stretches.into_iter().enumerate() {
        if stretch.lists.len() == 1 {
            let key = (stretch.worker.clone(), stretch.family.clone());
            families.entry(key).or_default().push((place, stretch));
        } else {
            done.push((place, stretch));
        }
    }
    for members in families.into_values().flat_map(by_counter) {
        done.extend(chained(members));
    }
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, stretch)| stretch).collect()
}

/// Gives stretches of a family of files that name no worker the one that all others of the family name: a file of few
/// lines need not tell what its prefixes are.
pub(super) fn name_workers(stretches: &mut [Stretch]) {
    let mut workers: HashMap<String, Option<Subject>> = HashMap::default();
    for stretch in stretches.iter() {
        let Some(worker) = &stretch.worker else { continue };
        let known = workers.entry(stretch.family.clone()).or_insert_with(|| Some(worker.clone()));
        if known.as_ref() != Some(worker) {
            *known = None;
        }
    }
    for stretch in stretches.iter_mut().filter(|stretch| stretch.worker.is_none()) {
        stretch.worker = workers.get(&stretch.family).cloned().flatten();
    }
}

/// Keeps heaps of one name apart that have a source for each snapshot: their identifiers take turns.
pub(super) fn keep_ids_apart(stretches: &mut [Stretch]) {
    let mut names: HashMap<(Option<Subject>, &str), Vec<usize>> = HashMap::default();
    for (place, stretch) in stretches.iter().enumerate() {
        if stretch.subject.as_ref().is_some_and(|subject| subject.name.is_some() && subject.id.is_some()) {
            names.entry((stretch.worker.clone(), stretch.family.as_str())).or_default().push(place);
        }
    }
    let start = |place: usize| stretches[place].span.map_or(f64::NAN, |span| span.start().seconds());
    let id = |place: usize| stretches[place].subject.as_ref().and_then(|subject| subject.id.as_deref());
    let mut apart: Vec<usize> = Vec::new();
    for mut places in names.into_values() {
        places.sort_by(|&a, &b| start(a).total_cmp(&start(b)));
        if take_turns(places.iter().filter_map(|&place| id(place))) {
            apart.extend(places);
        }
    }
    for place in apart {
        stretches[place].worker = stretches[place].subject.clone();
    }
}

/// Splits a family in which several files have one counter: `pod1-0001.txt` and `pod2-0001.txt` are of two pods.
fn by_counter(members: Vec<(usize, Stretch)>) -> Vec<Vec<(usize, Stretch)>> {
    let places: Vec<(String, Option<u64>)> =
        members.iter().map(|(_, stretch)| place_in_family(&stretch.source)).collect();
    let mut counters = HashSet::default();
    let once = places.iter().all(|(_, counter)| counter.is_none_or(|counter| counters.insert(counter)));
    if once {
        return vec![members];
    }
    let mut groups: Vec<Vec<(usize, Stretch)>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::default();
    for ((name, _), member) in places.into_iter().zip(members) {
        let group = *known.entry(name).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(member);
    }
    groups
}

/// One stretch of files with one snapshot each: by their times where all have one, else in the order of the files.
fn chained(mut members: Vec<(usize, Stretch)>) -> Option<(usize, Stretch)> {
    let place = members.iter().map(|(place, _)| *place).min()?;
    let base = members.first()?.1.base;
    let timed = members.iter().all(|(_, stretch)| stretch.span.is_some() && stretch.base == base);
    let several = members.len() > 1;
    if timed {
        let start = |stretch: &Stretch| stretch.span.map_or(0.0, |span| span.start().seconds());
        members.sort_by(|a, b| start(&a.1).total_cmp(&start(&b.1)));
    }
    let mut members = members.into_iter().map(|(_, stretch)| stretch);
    let mut chain = members.next()?;
    chain.by_time = timed && several;
    for next in members {
        chain.span = chain.span.zip(next.span).and_then(|(a, b)| a.union(b)).filter(|_| timed);
        chain.sources += 1;
        chain.lists.extend(next.lists);
    }
    // Times of several clocks are no times of the chain.
    if !timed && several {
        chain.lists.iter_mut().for_each(|(_, list)| list.seconds = f64::NAN);
        chain.base = TimeBase::Index;
    }
    Some((place, chain))
}
