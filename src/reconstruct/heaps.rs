//! Snapshots of all sources, joined by the heap that they are of.

use foldhash::{HashMap, HashSet};

use super::families::Families;
use super::list::List;
use super::repeated_lists::repeated_lists;
use super::span::{is_shared, precedes, span_of};
use super::stretches::{
    Member, Stretch, chain_single_lists, keep_ids_apart, name_workers, number, stretches_of,
};
use super::subjects::label;
use super::views::{are_views, times_by_order};
use crate::model::{
    Dialect, SiteId, SiteTable, SnapshotClock, SourceRecords, Span, Subject, SubjectKind, TimeBase,
};

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
    /// The clock that the times are taken from.
    pub(super) clock: SnapshotClock,
    /// The clock of the lists' times.
    pub(super) base: TimeBase,
    pub(super) lists: Vec<List>,
}

/// A heap: stretches that follow one another.
struct Heap {
    stretches: Vec<Stretch>,
    span: Option<Span>,
    sites: HashSet<SiteId>,
    /// The families of its stretches, each once.
    members: Vec<Member>,
    /// The heap that this is another view of.
    view_of: Option<usize>,
    /// The clock of its times.
    clock: SnapshotClock,
}

/// Sorts the snapshots of all sources into sequences. `tables` number the sites of the sources; their places get one
/// number each in `all`, in the order of the sources.
pub(super) fn sequences(
    mut sources: Vec<SourceRecords>,
    tables: &[SiteTable],
    all: &mut SiteTable,
) -> Vec<Sequence> {
    let numbers = number(&sources, tables, all);
    let mut stretches: Vec<Stretch> =
        sources.iter_mut().flat_map(|source| stretches_of(source, &numbers)).collect();
    name_workers(&mut stretches);
    keep_ids_apart(&mut stretches);
    let mut heaps = join(chain_single_lists(stretches));
    find_views(&mut heaps);
    let several = heaps.iter().filter(|heap| heap.view_of.is_none()).count() > 1;
    let mut names: HashMap<Option<String>, usize> = HashMap::default();
    for heap in heaps.iter().filter(|heap| heap.view_of.is_none()) {
        *names.entry(name(heap)).or_default() += 1;
    }
    let mut all = Vec::new();
    for (place, heap) in heaps.into_iter().enumerate() {
        let with_id = names.get(&name(&heap)).is_some_and(|heaps| *heaps > 1);
        all.extend(to_sequences(heap, place, several, with_id));
    }
    all
}

/// Joins stretches that follow one another and have most of their sites in common.
fn join(mut stretches: Vec<Stretch>) -> Vec<Heap> {
    let timed = stretches.iter().filter(|stretch| stretch.span.is_some()).count();
    let several = stretches.len() > 1;
    if timed > 1 {
        // Stretches without times keep their places among the sources.
        let key = |stretch: &Stretch| {
            stretch
                .span
                .map_or((TimeBase::Index, 0.0, 0.0), |s| (s.base(), s.start().seconds(), -s.end().seconds()))
        };
        stretches.sort_by(|a, b| {
            let ((one, a, a_end), (other, b, b_end)) = (key(a), key(b));
            one.cmp(&other).then(a.total_cmp(&b)).then(a_end.total_cmp(&b_end))
        });
    }
    let families = Families::of(&stretches);
    let mut heaps: Vec<Heap> = Vec::new();
    for mut stretch in stretches {
        let sites = if several { sites_of(&stretch) } else { HashSet::default() };
        let from = heaps.len().saturating_sub(MOST_HEAPS);
        let candidates = || heaps.iter().enumerate().skip(from);
        let member = stretch.member();
        let same_family = |heap: &Heap| heap.members.iter().any(|(_, family)| *family == stretch.family);
        let repeated = |heap: &Heap| repeated_lists(&heap.stretches, heap.span, &stretch, same_family(heap));
        let repeats = |heap: &Heap| several && repeated(heap).is_some_and(|lists| !lists.is_empty());
        let follows = |heap: &Heap| continues(heap, &stretch, &member, &sites, &families);
        let found = candidates()
            .find(|(_, heap)| same_family(heap) && (follows(heap) || repeats(heap)))
            .or_else(|| candidates().find(|(_, heap)| repeats(heap)))
            .or_else(|| candidates().find(|(_, heap)| follows(heap)))
            .map(|(place, _)| place);
        match found.and_then(|place| heaps.get_mut(place)) {
            Some(heap) => {
                let mut repeated = repeated(heap).unwrap_or_default().into_iter().peekable();
                let mut place = 0..;
                stretch.lists.retain(|_| {
                    let place = place.next();
                    repeated.next_if(|repeated| Some(*repeated) == place).is_none()
                });
                heap.span = heap.span.zip(stretch.span).and_then(|(a, b)| a.union(b));
                heap.sites.extend(sites);
                heap.stretches.push(stretch);
                if !heap.members.contains(&member) {
                    heap.members.push(member);
                }
            }
            None => heaps.push(Heap {
                span: stretch.span,
                sites,
                clock: stretch.clock,
                stretches: vec![stretch],
                members: vec![member],
                view_of: None,
            }),
        }
    }
    heaps
}

fn sites_of(stretch: &Stretch) -> HashSet<SiteId> {
    stretch.lists.iter().flat_map(|(_, list)| list.rows.clone().map(|row| list.site(row))).collect()
}

/// Whether a stretch is of a heap's later time.
fn continues(
    heap: &Heap,
    stretch: &Stretch,
    member: &Member,
    sites: &HashSet<SiteId>,
    families: &Families,
) -> bool {
    let Some(last) = heap.stretches.last() else { return false };
    let in_order = match (heap.span, stretch.span) {
        (Some(before), Some(after)) => {
            precedes(before, after) && (is_shared(before.base()) || last.family == stretch.family)
        }
        (None, None) => last.base == stretch.base,
        _ => false,
    };
    let same_worker = last.worker == stretch.worker;
    let apart = || heap.members.iter().any(|known| families.are_apart(known, member));
    if !in_order || !same_worker || apart() || last.source == stretch.source {
        return false;
    }
    let share = share(&heap.sites, sites);
    share >= SAME_SITES || last.family == stretch.family && share >= SAME_SITES_OF_FAMILY
}

/// The share of the smaller set that is in the other.
#[allow(clippy::cast_precision_loss, reason = "numbers of sites are small")]
fn share(a: &HashSet<SiteId>, b: &HashSet<SiteId>) -> f64 {
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
            let workers = a.worker == b.worker || a.worker.is_none() || b.worker.is_none();
            let shared = is_shared(a.base);
            let overlap = heap.span.zip(rest[0].span).is_some_and(|(a, b)| a.overlaps(b) == Some(true));
            heap.view_of.is_none()
                && workers
                && shared
                && overlap
                && are_views(&lists(heap), &lists(&rest[0]))
        });
        rest[0].view_of =
            found.or_else(|| before.iter_mut().position(|heap| is_view_in_order(heap, &mut rest[0])));
    }
}

/// Whether one of two heaps has no times and shows the sizes of the other in their order: it gets its times then.
fn is_view_in_order(heap: &mut Heap, other: &mut Heap) -> bool {
    let (timed, untimed) = match (heap.span, other.span) {
        (Some(_), None) => (heap, other),
        (None, Some(_)) => (other, heap),
        _ => return false,
    };
    let (a, b) = (&timed.stretches[0], &untimed.stretches[0]);
    let workers = a.worker == b.worker || a.worker.is_none() || b.worker.is_none();
    let base = a.base;
    let is_timed = |list: &&List| !list.seconds.is_nan();
    if timed.view_of.is_some() || untimed.view_of.is_some() || !workers || lists(untimed).iter().any(is_timed)
    {
        return false;
    }
    let Some(times) = times_by_order(&lists(timed), &lists(untimed)) else { return false };
    let mut times = times.into_iter();
    for stretch in &mut untimed.stretches {
        stretch.base = base;
        for (_, list) in &mut stretch.lists {
            list.seconds = times.next().unwrap_or(f64::NAN);
        }
        stretch.span = span_of(base, stretch.lists.iter().map(|(_, list)| list.seconds));
    }
    untimed.clock = SnapshotClock::OtherView;
    untimed.span =
        untimed.stretches.iter().filter_map(|stretch| stretch.span).reduce(|a, b| a.union(b).unwrap_or(a));
    true
}

fn lists(heap: &Heap) -> Vec<&List> {
    heap.stretches.iter().flat_map(|stretch| stretch.lists.iter().map(|(_, list)| list)).collect()
}

/// The name of a heap's process.
fn name(heap: &Heap) -> Option<String> {
    heap.stretches.first()?.subject.as_ref()?.name.clone()
}

/// The sequences of a heap, one for each dialect. Its identifier is part of its name where others have the same.
fn to_sequences(heap: Heap, place: usize, several: bool, with_id: bool) -> Vec<Sequence> {
    let Heap { stretches, view_of, clock, .. } = heap;
    let Some(first) = stretches.first() else { return Vec::new() };
    let worker = first.subject.clone();
    let process = worker.clone().map(|worker| Subject { kind: SubjectKind::Process, ..worker });
    let name = process.and_then(|process| label(&process, with_id));
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
                clock,
                base,
                lists: vec![list],
            }),
        }
    }
    all
}
