//! Readings joined by their subject, over all sources.

use foldhash::HashMap;

use super::copies::{repeated_rows, without_copies};
use super::family::{are_siblings, family};
use super::parts::Part;
use super::processes::{JoinedReadings, ProcessSeries, to_series};
use super::side_by_side::names_side_by_side;
use super::span::{is_shared, precedes, span_of};
use super::turns::take_turns;
use crate::model::column::Column;
use crate::model::{Metric, SourceRecords, Subject, SubjectId, SubjectKind, TimeBase, TimeRef};

/// Joins the readings of all sources by their subjects and returns their series, in the order in which the sources have
/// them.
///
/// One subject is one series over any number of sources, as long as its stretches of time follow one another. Where
/// they overlap, the recording has several subjects of that name.
#[must_use]
pub fn process_series(sources: &[SourceRecords]) -> Vec<ProcessSeries> {
    let families: Vec<String> = sources.iter().map(|source| family(&source.name)).collect();
    let parts: Vec<Part> =
        sources.iter().enumerate().flat_map(|(place, source)| parts_of(place, source)).collect();
    let mut parts = without_copies(parts, sources);
    let chains = join(&parts, &families, sources);
    name_apart(&chains, &mut parts, &families);
    let mut all = Vec::new();
    for (group, members) in chains.into_iter().enumerate() {
        let members: Vec<&Part> = members.iter().map(|&place| &parts[place]).collect();
        all.extend(to_series(joined(&members, sources), group));
    }
    all
}

/// Names subjects of one name and one family of files by their identifiers, where those keep them apart.
fn name_apart(chains: &[Vec<usize>], parts: &mut [Part], families: &[String]) {
    type Key<'a> = (SubjectKind, Option<String>, &'a str);
    let key = |part: &Part| -> Key<'_> {
        (part.subject.kind, part.subject.name.clone(), families[part.source].as_str())
    };
    // The first identifier, and whether there are others.
    let mut ids: HashMap<Key<'_>, (&Option<String>, bool)> = HashMap::default();
    for chain in chains.iter().filter(|chain| chain.len() > 1) {
        let Some(part) = chain.first().map(|&place| &parts[place]) else { continue };
        let (first, others) = ids.entry(key(part)).or_insert((&part.subject.id, false));
        *others |= *first != &part.subject.id;
    }
    let several =
        |part: &Part| part.subject.name.is_some() && ids.get(&key(part)).is_some_and(|(_, others)| *others);
    let labels: Vec<(usize, Option<String>)> = chains
        .iter()
        .flatten()
        .filter(|&&place| several(&parts[place]))
        .map(|&place| (place, label(&parts[place].subject, true)))
        .collect();
    for (place, label) in labels {
        parts[place].label = label;
    }
}

/// Returns the readings of one source by subject, in the order of their first readings.
///
/// Identifiers tell subjects of one name apart only where they take turns; where one gives way to another for good, the
/// subject was restarted.
fn parts_of(place: usize, source: &SourceRecords) -> Vec<Part> {
    let SourceRecords { samples, subjects, times, .. } = source;
    let side_by_side = names_side_by_side(source);
    // Subjects that differ in an identifier that only restarts changes are one.
    let mut numbers: HashMap<(Subject, Option<SubjectId>), usize> = HashMap::default();
    let mut of_subject: Vec<Option<usize>> = vec![None; subjects.all().len()];
    let mut parts: Vec<Part> = Vec::new();
    let mut last: Vec<SubjectId> = Vec::new();
    for (row, number) in samples.subjects().enumerate() {
        let Some(known) = of_subject.get_mut(number.index()) else { continue };
        let part = *known.get_or_insert_with(|| {
            let subject = subjects.get(number).cloned().unwrap_or_default();
            let apart = side_by_side.get(number.index()).copied().unwrap_or(false).then_some(number);
            let key = (Subject { id: None, ..subject.clone() }, apart);
            *numbers.entry(key).or_insert_with(|| {
                let label = label(&subject, apart.is_some());
                let base = times.base;
                parts.push(Part {
                    source: place,
                    subject,
                    label,
                    rows: Vec::new(),
                    restarts: Vec::new(),
                    base,
                    span: None,
                });
                last.push(number);
                parts.len() - 1
            })
        });
        let before = std::mem::replace(&mut last[part], number);
        let part = &mut parts[part];
        if before != number && subjects.get(number).is_some_and(|subject| subject.id.is_some()) {
            part.restarts.push(part.rows.len());
            part.subject.id = subjects.get(number).and_then(|subject| subject.id.clone());
        }
        part.rows.push(u32::try_from(row).unwrap_or(u32::MAX));
    }
    let single = parts.len() == 1;
    for part in &mut parts {
        let seconds = part.rows.iter().map(|&row| times.seconds(samples.time(row as usize)));
        part.span = span_of(times.base, seconds);
        if single {
            part.label = None;
        }
    }
    parts
}

/// The name of a subject for people; with its identifier where others have the same name.
pub(super) fn label(subject: &Subject, with_id: bool) -> Option<String> {
    match (&subject.name, &subject.id) {
        (Some(name), Some(id)) if with_id && name != id => Some(format!("{name} [{id}]")),
        (Some(name), _) => Some(name.clone()),
        (None, Some(id)) if subject.kind == SubjectKind::Process => Some(format!("pid {id}")),
        (None, Some(id)) => Some(id.clone()),
        (None, None) => (subject.kind == SubjectKind::Host).then(|| "host".to_owned()),
    }
}

/// Returns the parts of each subject, in the order of their times; subjects in the order of their first parts.
fn join(parts: &[Part], families: &[String], sources: &[SourceRecords]) -> Vec<Vec<usize>> {
    // Without a name the names of the files have to do.
    let mut names: HashMap<(Subject, &str, TimeBase), Vec<usize>> = HashMap::default();
    for (place, part) in parts.iter().enumerate() {
        let family = if part.subject.name.is_some() { "" } else { families[part.source].as_str() };
        let subject = Subject { id: None, ..part.subject.clone() };
        names.entry((subject, family, part.base)).or_default().push(place);
    }
    let mut joined: Vec<Vec<usize>> = Vec::new();
    for members in names.into_values() {
        for chain in chains(members, parts, families, sources) {
            joined.push(chain);
        }
    }
    // The order of a hash map must not show.
    joined.sort_by_key(|chain| chain.iter().min().copied());
    joined
}

/// Parts that may be of one subject, as chains whose members follow one another.
fn chains(
    members: Vec<usize>,
    parts: &[Part],
    families: &[String],
    sources: &[SourceRecords],
) -> Vec<Vec<usize>> {
    if members.len() == 1 {
        return vec![members];
    }
    if let Some(chain) = chain(&members, parts, families, sources) {
        return vec![chain];
    }
    // Several of one name, side by side: each family of files may still be one.
    let mut of_family: HashMap<(&str, &Option<String>), Vec<usize>> = HashMap::default();
    for &place in &members {
        let part = &parts[place];
        of_family.entry((families[part.source].as_str(), &part.subject.id)).or_default().push(place);
    }
    if of_family.len() == 1 {
        return members.into_iter().map(|place| vec![place]).collect();
    }
    let apart = |members: Vec<usize>| {
        chain(&members, parts, families, sources)
            .map_or_else(|| members.iter().map(|&place| vec![place]).collect(), |chain| vec![chain])
    };
    of_family.into_values().flat_map(apart).collect()
}

/// Returns parts in order if they are one subject: each is of another source, they follow one another or say the same
/// where they overlap, and what they say of the identifier does not contradict it.
fn chain(
    members: &[usize],
    parts: &[Part],
    families: &[String],
    sources: &[SourceRecords],
) -> Option<Vec<usize>> {
    let mut chain = members.to_vec();
    let timed = members.iter().all(|&place| parts[place].span.is_some());
    if timed {
        let ends = |place: &usize| {
            parts[*place].span.map_or((0.0, 0.0), |span| (span.start().seconds(), span.end().seconds()))
        };
        chain.sort_by(|a, b| {
            let ((start, end), (other_start, other_end)) = (ends(a), ends(b));
            start.total_cmp(&other_start).then(end.total_cmp(&other_end))
        });
    } else if members.iter().any(|&place| parts[place].rows.len() > 1 || parts[place].span.is_some()) {
        // Without times only a file for each sample is one process in the order of the files.
        return None;
    }
    let follows = chain.windows(2).all(|pair| {
        let (before, after) = (&parts[pair[0]], &parts[pair[1]]);
        let same_family = families[before.source] == families[after.source];
        let in_order = match (before.span, after.span) {
            (Some(a), Some(b)) => {
                (is_shared(a.base()) || same_family)
                    && (precedes(a, b)
                        || repeated_rows(before, after, sources).is_some_and(|rows| !rows.is_empty()))
            }
            _ => true,
        };
        let ids = (&before.subject.id, &after.subject.id);
        // The first process of every container has one number.
        let same_id = ids.0 == ids.1
            && !(ids.0.as_ref().is_none_or(|id| id == "1")
                && are_siblings(&families[before.source], &families[after.source]));
        let anonymous = before.subject.name.is_none();
        before.source != after.source && in_order && (same_family || same_id && !anonymous)
    });
    let ids = chain.iter().filter_map(|&place| parts[place].subject.id.as_deref());
    (follows && !take_turns(ids)).then_some(chain)
}

/// Puts the readings of parts one after the other.
fn joined(parts: &[&Part], sources: &[SourceRecords]) -> JoinedReadings {
    if let [part] = parts
        && part.rows.len() == sources[part.source].samples.len()
    {
        return whole(part, &sources[part.source]);
    }
    let mut all = JoinedReadings::default();
    let mut length = 0;
    for (place, part) in parts.iter().enumerate() {
        let SourceRecords { name, samples, times, .. } = &sources[part.source];
        // A file that names nobody does not say that another process began.
        let known = (all.subject.id.clone(), part.subject.id.as_ref());
        let id_changed = known.0.as_ref().zip(known.1).is_some_and(|(before, now)| before != now);
        all.restarts.extend(id_changed.then_some(length));
        let repeated = place.checked_sub(1).and_then(|last| repeated_rows(parts[last], part, sources));
        let repeated = repeated.unwrap_or_default();
        let fresh = |at: &usize| repeated.binary_search(at).is_err();
        let rows: Vec<u32> = (0..part.rows.len()).filter(fresh).map(|at| part.rows[at]).collect();
        let dropped_before = |at: usize| repeated.partition_point(|dropped| *dropped < at);
        all.restarts.extend(part.restarts.iter().map(|&at| length + at - dropped_before(at)));
        all.seconds.extend(rows.iter().map(|&row| times.seconds(samples.time(row as usize))));
        for (metric, column) in samples.columns() {
            let own = column_of(&mut all.columns, *metric);
            own.lengthen(length);
            rows.iter().for_each(|&row| own.push(column.get(row as usize)));
        }
        length += rows.len();
        all.columns.iter_mut().for_each(|(_, column)| column.lengthen(length));
        all.sources.push(name.clone());
        all.subject = part.subject.clone();
        all.subject.id = all.subject.id.take().or(known.0);
        all.process = all.process.take().or_else(|| part.label.clone());
        all.base = part.base;
        all.limit_bytes = limit_bytes(part, &sources[part.source]).or(all.limit_bytes);
    }
    all
}

/// The readings of a source that has one subject.
fn whole(part: &Part, source: &SourceRecords) -> JoinedReadings {
    let SourceRecords { name, samples, times, .. } = source;
    JoinedReadings {
        sources: vec![name.clone()],
        subject: part.subject.clone(),
        process: part.label.clone(),
        base: part.base,
        seconds: samples.times().map(|time| times.seconds(time)).collect(),
        restarts: part.restarts.clone(),
        away: times_without_values(source),
        columns: samples.columns().to_vec(),
        limit_bytes: limit_bytes(part, source),
    }
}

/// A source has times of values if at most one in so many of them has none: a log has times of its own.
const TIMES_FOR_EACH_EMPTY: usize = 5;

/// The readings before which a time without any value was written, where nearly each time has values.
fn times_without_values(source: &SourceRecords) -> Vec<usize> {
    let SourceRecords { samples, times, .. } = source;
    let places: Option<Vec<usize>> = samples.times().map(|time| time.map(TimeRef::place)).collect();
    let Some(places) = places.filter(|places| places.is_sorted()) else { return Vec::new() };
    let mut used = places.clone();
    used.dedup();
    if (times.seconds.len() - used.len().min(times.seconds.len())) * TIMES_FOR_EACH_EMPTY
        > times.seconds.len()
    {
        return Vec::new();
    }
    (1..places.len()).filter(|&row| places[row] > places[row - 1] + 1).collect()
}

/// The limit of a part's subject, as its last reading has it.
fn limit_bytes(part: &Part, source: &SourceRecords) -> Option<f64> {
    let number = source.samples.subject(*part.rows.last()? as usize);
    source.limits.get(number.index()).copied().flatten().map(|limit| limit.value)
}

fn column_of(columns: &mut Vec<(Metric, Column)>, metric: Metric) -> &mut Column {
    let place = columns.iter().position(|(known, _)| *known == metric).unwrap_or_else(|| {
        columns.push((metric, Column::new()));
        columns.len() - 1
    });
    &mut columns[place].1
}
