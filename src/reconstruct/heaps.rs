//! Snapshots of all sources, joined by the heap that they are of.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::family::{family, place_in_family};
use super::list::List;
use super::site_numbers::SiteNumbers;
use super::span::{precedes, span_of};
use super::views::are_views;
use crate::model::{Dialect, SiteId, SiteTable, SourceRecords, Span, Subject, SubjectKind, TimeBase};

/// Heaps that a stretch of snapshots is held against, at most.
const MOST_HEAPS: usize = 64;
/// Two stretches that follow one another are of one heap if the smaller set of sites has this share in the other …
const SAME_SITES: f64 = 0.5;
/// … or this share, where the names of the files say so as well.
const SAME_SITES_OF_FAMILY: f64 = 0.2;

/// Snapshots of one dialect and one heap, in order.
pub(super) struct Sequence {
    pub(super) dialect: Dialect,
    /// The number of the heap. Sequences of one heap are several views of it.
    pub(super) heap: usize,
    /// The heap, as far as the recording names it.
    pub(super) subject: Subject,
    /// The source or worker, where the recording has several heaps.
    pub(super) source: Option<String>,
    /// Whether several sources were put in order by the times that they carry.
    pub(super) by_time: bool,
    /// The clock of the lists' times.
    pub(super) base: TimeBase,
    pub(super) lists: Vec<List>,
}

/// Snapshots of one heap that follow one another: of one source, or of a family of files with one snapshot each.
struct Stretch {
    subject: Option<Subject>,
    family: String,
    source: String,
    sources: usize,
    span: Option<Span>,
    base: TimeBase,
    by_time: bool,
    lists: Vec<(Dialect, List)>,
}

/// A heap: stretches that follow one another.
struct Heap {
    stretches: Vec<Stretch>,
    span: Option<Span>,
    sites: FxHashSet<SiteId>,
    /// The heap that this is another view of.
    view_of: Option<usize>,
}

/// Sorts the snapshots of all sources into sequences. `tables` number the sites of the sources; their places get one number
/// each in `all`, in the order of the sources.
pub(super) fn sequences(
    mut sources: Vec<SourceRecords>,
    tables: &[SiteTable],
    all: &mut SiteTable,
) -> Vec<Sequence> {
    let numbers = number(&sources, tables, all);
    let stretches: Vec<Stretch> =
        sources.iter_mut().flat_map(|source| stretches_of(source, &numbers)).collect();
    let mut heaps = join(chain_single_lists(stretches));
    find_views(&mut heaps);
    let several = heaps.iter().filter(|heap| heap.view_of.is_none()).count() > 1;
    let mut all = Vec::new();
    for (place, heap) in heaps.into_iter().enumerate() {
        all.extend(to_sequences(heap, place, several));
    }
    all
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

/// The snapshots of one source, by the worker that wrote them.
fn stretches_of(source: &mut SourceRecords, numbers: &[Arc<SiteNumbers>]) -> Vec<Stretch> {
    let snapshots = std::mem::take(&mut source.snapshots);
    let readings = Arc::new(std::mem::take(&mut source.readings));
    let mut all: Vec<Stretch> = Vec::new();
    let mut places: FxHashMap<Option<Subject>, usize> = FxHashMap::default();
    for snapshot in snapshots.into_iter().filter(|snapshot| !snapshot.readings.is_empty()) {
        let subject = snapshot.subject.and_then(|number| source.subjects.get(number)).cloned();
        let place = *places.entry(subject.clone()).or_insert_with(|| {
            all.push(Stretch {
                subject,
                family: family(&source.name),
                source: source.name.clone(),
                sources: 1,
                span: None,
                base: source.times.base,
                by_time: false,
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
    for stretch in &mut all {
        stretch.span = span_of(stretch.base, stretch.lists.iter().map(|(_, list)| list.seconds));
    }
    all
}

/// Chains files of one snapshot each whose names are those of one family.
fn chain_single_lists(stretches: Vec<Stretch>) -> Vec<Stretch> {
    type Key = (Option<Subject>, String);
    let mut done: Vec<(usize, Stretch)> = Vec::new();
    let mut families: FxHashMap<Key, Vec<(usize, Stretch)>> = FxHashMap::default();
    for (place, stretch) in stretches.into_iter().enumerate() {
        if stretch.lists.len() == 1 {
            let key = (stretch.subject.clone(), stretch.family.clone());
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

/// Splits a family in which several files have one counter: `pod1-0001.txt` and `pod2-0001.txt` are of two pods.
fn by_counter(members: Vec<(usize, Stretch)>) -> Vec<Vec<(usize, Stretch)>> {
    let places: Vec<(String, Option<u64>)> =
        members.iter().map(|(_, stretch)| place_in_family(&stretch.source)).collect();
    let mut counters = FxHashSet::default();
    let once = places.iter().all(|(_, counter)| counter.is_none_or(|counter| counters.insert(counter)));
    if once {
        return vec![members];
    }
    let mut groups: Vec<Vec<(usize, Stretch)>> = Vec::new();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
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

/// Joins stretches that follow one another and have most of their sites in common.
fn join(mut stretches: Vec<Stretch>) -> Vec<Heap> {
    let timed = stretches.iter().filter(|stretch| stretch.span.is_some()).count();
    let several = stretches.len() > 1;
    if timed > 1 {
        // Stretches without times keep their places among the sources.
        let key = |stretch: &Stretch| {
            stretch.span.map_or((TimeBase::Index, 0.0), |s| (s.base(), s.start().seconds()))
        };
        stretches.sort_by(|a, b| {
            let ((one, a), (other, b)) = (key(a), key(b));
            one.cmp(&other).then(a.total_cmp(&b))
        });
    }
    let mut heaps: Vec<Heap> = Vec::new();
    for stretch in stretches {
        let sites = if several { sites_of(&stretch) } else { FxHashSet::default() };
        let from = heaps.len().saturating_sub(MOST_HEAPS);
        let found = heaps[from..].iter().position(|heap| continues(heap, &stretch, &sites));
        match found.map(|place| &mut heaps[from + place]) {
            Some(heap) => {
                heap.span = heap.span.zip(stretch.span).and_then(|(a, b)| a.union(b));
                heap.sites.extend(sites);
                heap.stretches.push(stretch);
            }
            None => heaps.push(Heap { span: stretch.span, sites, stretches: vec![stretch], view_of: None }),
        }
    }
    heaps
}

fn sites_of(stretch: &Stretch) -> FxHashSet<SiteId> {
    stretch.lists.iter().flat_map(|(_, list)| list.rows.clone().map(|row| list.site(row))).collect()
}

/// Whether a stretch is of a heap's later time.
fn continues(heap: &Heap, stretch: &Stretch, sites: &FxHashSet<SiteId>) -> bool {
    let Some(last) = heap.stretches.last() else { return false };
    let in_order = match (heap.span, stretch.span) {
        (Some(before), Some(after)) => precedes(before, after),
        (None, None) => last.base == stretch.base,
        _ => false,
    };
    let same_worker = last.subject == stretch.subject;
    if !in_order || !same_worker || last.source == stretch.source {
        return false;
    }
    let share = share(&heap.sites, sites);
    share >= SAME_SITES || last.family == stretch.family && share >= SAME_SITES_OF_FAMILY
}

/// The share of the smaller set that is in the other.
#[allow(clippy::cast_precision_loss, reason = "numbers of sites are small")]
fn share(a: &FxHashSet<SiteId>, b: &FxHashSet<SiteId>) -> f64 {
    let (small, large) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let common = small.iter().filter(|site| large.contains(site)).count();
    if small.is_empty() { 0.0 } else { common as f64 / small.len() as f64 }
}

/// Finds heaps that show the same sizes at the same moments: views of one heap.
fn find_views(heaps: &mut [Heap]) {
    if heaps.len() > MOST_HEAPS {
        return;
    }
    for later in 1..heaps.len() {
        let (before, rest) = heaps.split_at_mut(later);
        let found = before.iter().position(|heap| {
            let (a, b) = (&heap.stretches[0], &rest[0].stretches[0]);
            let workers = a.subject == b.subject || a.subject.is_none() || b.subject.is_none();
            let overlap = heap.span.zip(rest[0].span).is_some_and(|(a, b)| a.overlaps(b) == Some(true));
            heap.view_of.is_none() && workers && overlap && are_views(&lists(heap), &lists(&rest[0]))
        });
        rest[0].view_of = found;
    }
}

fn lists(heap: &Heap) -> Vec<&List> {
    heap.stretches.iter().flat_map(|stretch| stretch.lists.iter().map(|(_, list)| list)).collect()
}

/// The sequences of a heap, one for each dialect.
fn to_sequences(heap: Heap, place: usize, several: bool) -> Vec<Sequence> {
    let Heap { stretches, view_of, .. } = heap;
    let Some(first) = stretches.first() else { return Vec::new() };
    let worker = first.subject.clone();
    let name = worker
        .as_ref()
        .and_then(|worker| worker.name.clone().or_else(|| worker.id.as_ref().map(|id| format!("pid {id}"))));
    let source = several.then(|| name.unwrap_or_else(|| first.source.clone()));
    let subject = Subject { kind: SubjectKind::Heap, ..worker.unwrap_or_default() };
    let (base, by_time) = (first.base, first.by_time || stretches.len() > 1 && first.span.is_some());
    let mut all: Vec<Sequence> = Vec::new();
    for (dialect, list) in stretches.into_iter().flat_map(|stretch| stretch.lists) {
        let known = all.iter_mut().find(|sequence| sequence.dialect == dialect);
        match known {
            Some(sequence) => sequence.lists.push(list),
            None => all.push(Sequence {
                dialect,
                heap: view_of.unwrap_or(place),
                subject: subject.clone(),
                source: source.clone(),
                by_time,
                base,
                lists: vec![list],
            }),
        }
    }
    all
}
