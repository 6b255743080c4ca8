//! The words of a report that name processes: only all samples together show them.

use super::joining::{self, Parts};
use super::samples::{Kind, KindId, Naming, Samples, Time};
use crate::formats::prefix::words;
use crate::formats::sink::Sink;
use crate::model::{Measured, Metric, RecordOrder, Subject, SubjectKind};
use foldhash::{HashMap, HashSet};

/// Names all samples and hands them over. `mappings` is as in [`Parts`].
pub(super) fn resolve(mut samples: Samples, mappings: bool, out: &mut Sink<'_>) {
    // Before names are resolved: lines that differ in this are of one sample, if they prove to be of one process.
    let prefixes = samples
        .kinds
        .windows(2)
        .any(|kinds| (kinds[0].prefix, kinds[0].naming.word()) != (kinds[1].prefix, kinds[1].naming.word()));
    name_by_workers(&mut samples, out);
    if samples.any(|naming| matches!(naming, Naming::Heading { .. })) {
        resolve_headings(&mut samples);
    }
    if samples.any(|naming| matches!(naming, Naming::Word(_))) {
        resolve_words(&mut samples);
    }
    name_by_mapping(&mut samples, out);
    if joining::join(&mut samples, Parts { prefixes, mappings }) {
        out.note("values of Rss that do not say of which mapping they are were added up for each time");
    }
    part_by_pid(&mut samples);
    count_unnamed(&mut samples, out);
    let processes = samples.processes();
    take_doubtful_times(&mut samples, &processes);
    if out.order() == RecordOrder::AsWritten {
        note_backward_times(&samples, &processes, out);
    }
    let Samples { mut readings, kinds, .. } = samples;
    let subjects: Vec<_> = kinds.into_iter().map(|kind| out.subject(subject(kind))).collect();
    readings.assign(|_, kind| subjects.get(kind.index()).copied().unwrap_or_default());
    out.add_samples(readings);
}

/// Names samples by the text before their values, where it tells workers apart. A worker's process id is kept where it
/// has no name.
fn name_by_workers(samples: &mut Samples, out: &Sink<'_>) {
    for kind in &mut samples.kinds {
        let Some(worker) = out.worker(kind.prefix) else { continue };
        match (&worker.name, &kind.naming) {
            (Some(name), _) => kind.naming = Naming::Known(name.clone(), worker.pid),
            (None, Naming::Known(_, Some(_))) => {}
            (None, _) => kind.pid = kind.pid.or(worker.pid),
        }
    }
}

/// One mapping is not the process. Where each reading has but one, it is named by it.
fn name_by_mapping(samples: &mut Samples, out: &mut Sink<'_>) {
    if samples.kinds.is_empty() || samples.kinds.iter().any(|kind| kind.mapping.is_none()) {
        return;
    }
    let mut first = None;
    for kind in &mut samples.kinds {
        let Some(mapping) = kind.mapping.take() else { continue };
        let (name, pid) = match std::mem::take(&mut kind.naming) {
            Naming::Known(name, pid) => (format!("{name} {mapping}"), pid),
            Naming::Unnamed | Naming::Word(_) | Naming::Heading { .. } => (mapping.clone(), None),
        };
        kind.naming = Naming::Known(name, pid);
        first.get_or_insert(mapping);
    }
    if let Some(mapping) = first {
        out.note(format!("only one mapping of the process was recorded ({mapping}), not all of its memory"));
    }
}

/// The process of a sample, names being resolved.
fn subject(kind: Kind) -> Subject {
    let (name, pid) = match kind.naming {
        Naming::Known(name, pid) => (Some(name), kind.pid.or(pid)),
        Naming::Unnamed | Naming::Word(_) | Naming::Heading { .. } => (None, kind.pid),
    };
    Subject { kind: SubjectKind::Process, name, id: pid.map(|pid| pid.to_string()), parent: None }
}

/// The candidates of one kind of naming, taken together.
struct Candidates {
    count: usize,
    /// Number of occurrences of each.
    names: HashMap<String, usize>,
    /// Whether one time has two different ones.
    differ_within_a_time: bool,
    /// Number of those that belong to a name which comes again.
    recurring: usize,
}

impl Candidates {
    fn of(samples: &Samples, candidate: impl Fn(&Naming) -> Option<&str>) -> Self {
        // Each name has a number, and each kind that of its name.
        let mut numbers: HashMap<&str, usize> = HashMap::default();
        let of_kind: Vec<Option<usize>> = samples
            .kinds
            .iter()
            .map(|kind| {
                let next = numbers.len();
                candidate(&kind.naming).map(|name| *numbers.entry(name).or_insert(next))
            })
            .collect();
        let mut counts = vec![0_usize; numbers.len()];
        let named = || {
            let rows = samples.rows();
            rows.filter_map(|(index, kind)| {
                Some((samples.time(index, kind), of_kind.get(kind.index()).copied().flatten()?))
            })
        };
        for (_, name) in named() {
            if let Some(count) = counts.get_mut(name) {
                *count += 1;
            }
        }
        let differ_within_a_time = samples.timed() && differ_within_a_time(named);
        let recurring = counts.iter().filter(|times| **times > 1).sum();
        let count = counts.iter().sum();
        let names = numbers.into_iter().map(|(name, number)| (name.to_owned(), counts[number])).collect();
        Self { count, names, differ_within_a_time, recurring }
    }

    /// Whether each comes once, and looks like a name that a machine gave: `pod-a`, `shop/web`, `nginx-7d9f`. Words
    /// of a language may be anything: `idle`, `loaded`, `load-model`.
    fn are_names_that_come_once(&self) -> bool {
        let is_name = |name: &str| {
            let parts: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
            let is_joined = parts.len() > 1 && parts.iter().all(|part| !part.is_empty());
            let is_given = name.contains(|c: char| c.is_ascii_digit() || c == '/')
                || parts.last().is_some_and(|last| last.chars().count() <= 2);
            is_joined && is_given && name.contains(char::is_alphabetic) && !name.contains(char::is_whitespace)
        };
        self.names.len() > 1 && self.recurring == 0 && self.names.keys().all(|name| is_name(name))
    }
}

/// Whether two samples of one time have different names.
fn differ_within_a_time<I: Iterator<Item = (Time, usize)>>(named: impl Fn() -> I) -> bool {
    if named().is_sorted_by(|(before, _), (now, _)| before <= now) {
        return named()
            .zip(named().skip(1))
            .any(|((before, one), (now, other))| before == now && one != other);
    }
    let mut first_of_time: HashMap<Time, usize> = HashMap::default();
    named().any(|(time, name)| *first_of_time.entry(time).or_insert(name) != name)
}

/// Headings name processes if nearly every sample has one, and they come again or differ within one time.
/// Those that are decorated may also head a section each: then time begins anew below each of them.
///
/// Labels of samples (`Day 2`, `after 100 requests`, `before`) name nobody, even if they come again.
fn resolve_headings(samples: &mut Samples) {
    let may_have_one = |kind: KindId| {
        let naming = samples.kind(kind).map(|kind| &kind.naming);
        matches!(naming, Some(Naming::Unnamed | Naming::Heading { .. }))
    };
    let unresolved = samples.rows().filter(|(_, kind)| may_have_one(*kind)).count();
    let found = Candidates::of(samples, |naming| match naming {
        Naming::Heading { name, .. } if !words::labels_a_sample(name) => Some(name),
        _ => None,
    });
    let cover = found.count > 1 && found.count * 5 >= unresolved * 4;
    let recur = found.recurring * 5 >= found.count * 4;
    let once = || !samples.timed() && found.are_names_that_come_once();
    let accepted = cover && (found.differ_within_a_time || recur || once());
    if !accepted && are_sections(samples) {
        return name_by_sections(samples);
    }
    for kind in &mut samples.kinds {
        kind.naming = match std::mem::take(&mut kind.naming) {
            Naming::Heading { name, otherwise, .. } if accepted && !words::labels_a_sample(&name) => {
                Naming::Known(name, otherwise.and_then(|(_, pid)| pid))
            }
            Naming::Heading { otherwise: Some((name, pid)), .. } => Naming::Known(name, pid),
            Naming::Heading { otherwise: None, .. } => Naming::Unnamed,
            resolved => resolved,
        };
    }
}

/// Whether decorated headings, each different, head sections that all begin at an earlier time than the one
/// before ends.
fn are_sections(samples: &Samples) -> bool {
    let mut names = HashSet::default();
    let mut last = None;
    for (index, kind) in samples.rows() {
        let at = samples.at(index);
        match samples.kind(kind).map(|kind| &kind.naming) {
            Some(Naming::Heading { name, decorated, .. }) => {
                let begins_anew = index == 0 || matches!((at, last), (Some(at), Some(last)) if at < last);
                if !decorated || !begins_anew || !names.insert(name) {
                    return false;
                }
            }
            _ if index == 0 => return false,
            _ => {}
        }
        last = at.or(last);
    }
    names.len() > 1
}

/// Gives all samples of a section, the first of which has its heading, the section's name.
fn name_by_sections(samples: &mut Samples) {
    let mut readings = std::mem::take(&mut samples.readings);
    let mut section = String::new();
    let mut last = None;
    readings.assign(|_, number| {
        let Some(kind) = samples.kind(number) else { return number };
        let pid = match &kind.naming {
            Naming::Unnamed => None,
            Naming::Heading { name, otherwise, .. } => {
                section.clone_from(name);
                last = None;
                otherwise.as_ref().and_then(|(_, pid)| *pid)
            }
            Naming::Known(..) | Naming::Word(_) => return number,
        };
        match last {
            Some((before, renamed)) if before == number => renamed,
            _ => {
                let renamed = Kind { naming: Naming::Known(section.clone(), pid), ..kind.clone() };
                let renamed = samples.number(renamed);
                last = Some((number, renamed));
                renamed
            }
        }
    });
    samples.readings = readings;
}

/// The word before all keys names the process, if it is one word throughout and no label of a sample. Words that
/// differ and tell no workers apart name nobody.
fn resolve_words(samples: &mut Samples) {
    let words: HashSet<&str> = samples.kinds.iter().filter_map(|kind| kind.naming.word()).collect();
    let is_name = words.len() == 1 && !words.iter().any(|word| words::labels_a_sample(word));
    for kind in &mut samples.kinds {
        if let Naming::Word(name) = &mut kind.naming {
            let name = std::mem::take(name);
            kind.naming = if is_name { Naming::Known(name, None) } else { Naming::Unnamed };
        }
    }
}

/// Processes of one program run side by side: where the ids of one name take turns, the id belongs to the
/// name. Where one follows the other for good, the process was restarted.
fn part_by_pid(samples: &mut Samples) {
    let mut ids: HashMap<&str, HashSet<u64>> = HashMap::default();
    let whose = |kind: &Kind| match &kind.naming {
        Naming::Known(name, pid) => Some((name.clone(), kind.pid.or(*pid)?)),
        Naming::Unnamed | Naming::Word(_) | Naming::Heading { .. } => None,
    };
    let of_kind: Vec<Option<(String, u64)>> = samples.kinds.iter().map(whose).collect();
    for (name, pid) in of_kind.iter().flatten() {
        ids.entry(name).or_default().insert(*pid);
    }
    if ids.values().all(|ids| ids.len() < 2) {
        return;
    }
    let mut seen: HashMap<&str, (u64, HashSet<u64>)> = HashMap::default();
    let mut turns: HashSet<&str> = HashSet::default();
    let mut times: HashMap<(&str, Time), u64> = HashMap::default();
    for (index, kind) in samples.rows() {
        let Some((name, pid)) = of_kind.get(kind.index()).and_then(Option::as_ref) else { continue };
        // One id, or turns that are known: nothing is to be found out.
        if turns.contains(name.as_str()) || ids.get(name.as_str()).is_none_or(|ids| ids.len() < 2) {
            continue;
        }
        let timed = samples.at(index).is_some();
        let side_by_side = timed && *times.entry((name, samples.time(index, kind))).or_insert(*pid) != *pid;
        let (last, before) = seen.entry(name).or_insert_with(|| (*pid, HashSet::default()));
        if side_by_side || (*last != *pid && before.contains(pid)) {
            turns.insert(name);
        }
        before.insert(*pid);
        *last = *pid;
    }
    for (kind, whose) in samples.kinds.iter_mut().zip(&of_kind) {
        if let (Naming::Known(name, _), Some((_, pid))) = (&mut kind.naming, whose)
            && turns.contains(name.as_str())
        {
            name.push_str(&format!(" ({pid})"));
        }
    }
}

/// Unnamed samples that come in the same number below each date are as many processes, always in one order.
fn count_unnamed(samples: &mut Samples, out: &mut Sink<'_>) {
    let named = |kind: &Kind| kind.stamped || matches!(kind.naming, Naming::Known(..));
    // Date lines are counted upwards: only the first samples can stand above all of them.
    if samples.kinds.iter().any(named) || samples.tick(0) == 0 {
        return;
    }
    let mut runs = samples.ticks.chunk_by(|a, b| a == b).map(<[u32]>::len);
    let Some(first) = runs.next() else { return };
    let Some(last) = runs.next_back() else { return };
    let others = runs.clone().count() + 1;
    // The last may be cut, where there are enough others to tell.
    if first < 2 || last > first || (last < first && others < 2) || runs.any(|count| count != first) {
        return;
    }
    if are_repeated(samples) {
        return;
    }
    out.note(format!("each time has {first} readings without a name; they were taken as {first} processes"));
    let mut readings = std::mem::take(&mut samples.readings);
    let mut place = (0, 0);
    let ticks = std::mem::take(&mut samples.ticks);
    readings.assign(|index, number| {
        let tick = ticks.get(index).copied().unwrap_or(0);
        place = if place.0 == tick { (tick, place.1 + 1) } else { (tick, 1) };
        let kind = samples.kind(number).cloned().unwrap_or_default();
        samples.number(Kind { naming: Naming::Known(format!("process {}", place.1), None), ..kind })
    });
    (samples.readings, samples.ticks) = (readings, ticks);
}

/// Whether all readings below one date say the same, at dates that differ: each line was written twice.
fn are_repeated(samples: &Samples) -> bool {
    let readings = &samples.readings;
    let mut rows = 0..readings.len();
    let mut different: Vec<HashMap<Metric, Measured>> = Vec::new();
    for run in samples.ticks.chunk_by(|a, b| a == b) {
        let mut known: HashMap<Metric, Measured> = HashMap::default();
        for (metric, value) in rows.by_ref().take(run.len()).flat_map(|row| readings.values(row)) {
            if *known.entry(metric).or_insert(value) != value {
                return false;
            }
        }
        if different.len() < 3 && !different.contains(&known) {
            different.push(known);
        }
    }
    different.len() >= 3
}

/// A date is the time of the one sample of a process below it. A second one has lost its own.
fn take_doubtful_times(samples: &mut Samples, processes: &[usize]) {
    // The last date line that each process has had a sample below.
    let mut dated = vec![0; processes.iter().max().map_or(0, |most| most + 1)];
    for index in 0..samples.ticks.len() {
        let (tick, kind) = (samples.tick(index), samples.readings.subject(index));
        if tick == 0 || samples.kind(kind).is_some_and(|kind| kind.stamped) {
            continue;
        }
        let process = processes.get(kind.index()).copied().unwrap_or(0);
        if let Some(dated) = dated.get_mut(process)
            && std::mem::replace(dated, tick) == tick
        {
            samples.readings.set_time(index, None);
            samples.seconds[index] = f64::NAN;
        }
    }
}

/// Notes where the times of a process go back. The order stays that of the file: which is wrong is not known.
fn note_backward_times(samples: &Samples, processes: &[usize], out: &mut Sink<'_>) {
    let mut last = vec![f64::NEG_INFINITY; processes.iter().max().map_or(0, |most| most + 1)];
    let mut steps = 0_u64;
    let mut first = 0;
    for (index, kind) in samples.rows() {
        let process = processes.get(kind.index()).copied().unwrap_or(0);
        let (Some(last), Some(seconds)) = (last.get_mut(process), samples.at(index)) else { continue };
        if seconds < std::mem::replace(last, seconds) {
            steps += 1;
            first = if steps == 1 { samples.readings.line(index) } else { first };
        }
    }
    if steps > 0 {
        let often = if steps == 1 { String::new() } else { format!(", and {} times more below", steps - 1) };
        let message = format!("the time goes backward here{often}; the order of the report was kept");
        out.note_line(first, message);
    }
}
