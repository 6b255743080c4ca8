//! Which of the words in a report name processes: a question that only all samples together answer.

use super::samples::{Kind, Naming, Samples, Time};
use crate::error::Notice;
use crate::model::{Identity, IdentityId, ProcessReadings};
use rustc_hash::{FxHashMap, FxHashSet};

/// Names all samples, and says what was assumed.
pub(super) fn settle(mut samples: Samples, notices: &mut Vec<Notice>) -> ProcessReadings {
    if samples.any(|naming| matches!(naming, Naming::Heading { .. })) {
        settle_headings(&mut samples);
    }
    if samples.any(|naming| matches!(naming, Naming::Word(_))) {
        settle_words(&mut samples);
    }
    tell_apart_by_pid(&mut samples);
    count_unnamed(&mut samples, notices);
    let Samples { mut readings, ticks, kinds, .. } = samples;
    let stamped: Vec<bool> = kinds.iter().map(|kind| kind.stamped).collect();
    let identities: Vec<IdentityId> = kinds.into_iter().map(|kind| readings.intern(identity(kind))).collect();
    let names = readings.names();
    let of_kind: Vec<usize> =
        identities.iter().map(|number| names.get(number.index()).copied().unwrap_or(0) as usize).collect();
    take_doubtful_times(&mut readings, &ticks, &stamped, &of_kind);
    note_backward_times(&readings, &of_kind, notices);
    readings.assign(|_, kind| identities.get(kind.index()).copied().unwrap_or_default());
    readings
}

/// Whose a sample of a kind is, names being settled.
fn identity(kind: Kind) -> Identity {
    match kind.naming {
        Naming::Known(name, pid) => Identity { process: Some(name), pid: kind.pid.or(pid) },
        Naming::Unnamed | Naming::Word(_) | Naming::Heading { .. } => {
            Identity { process: None, pid: kind.pid }
        }
    }
}

/// What the candidates of one kind of naming look like together.
struct Candidates {
    count: usize,
    /// How often each comes.
    names: FxHashMap<String, usize>,
    /// Whether one time has two different ones.
    differ_within_a_time: bool,
    /// How many belong to a name that comes again.
    recurring: usize,
}

impl Candidates {
    fn of(samples: &Samples, candidate: impl Fn(&Naming) -> Option<&str>) -> Self {
        // Each name has a number, and each kind that of its name.
        let mut numbers: FxHashMap<&str, usize> = FxHashMap::default();
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

    /// Without times, names that come once each are processes, unless they count the samples.
    fn all_once_and_no_counter(&self) -> bool {
        self.names.len() > 1 && self.recurring == 0 && !self.names.keys().any(|name| is_counter(name))
    }
}

/// Whether two samples of one time have different names.
fn differ_within_a_time<I: Iterator<Item = (Time, usize)>>(named: impl Fn() -> I) -> bool {
    if named().is_sorted_by(|(before, _), (now, _)| before <= now) {
        return named()
            .zip(named().skip(1))
            .any(|((before, one), (now, other))| before == now && one != other);
    }
    let mut first_of_time: FxHashMap<Time, usize> = FxHashMap::default();
    named().any(|(time, name)| *first_of_time.entry(time).or_insert(name) != name)
}

/// `Sample 3`, `iteration-12`, `17`, `t=30s`, `after 100`: a number of a sample, not a process.
fn is_counter(name: &str) -> bool {
    const COUNTING: [&str; 14] = [
        "sample",
        "iteration",
        "iter",
        "run",
        "round",
        "loop",
        "step",
        "cycle",
        "tick",
        "snapshot",
        "after",
        "request",
        "epoch",
        "measurement",
    ];
    let lower = name.to_lowercase();
    let bare = lower.trim_matches(|c: char| c.is_ascii_digit() || " #._:+-".contains(c));
    matches!(bare, "" | "s" | "t" | "n" | "i" | "min" | "sec" | "h")
        || (lower.contains(|c: char| c.is_ascii_digit())
            && COUNTING.iter().any(|word| bare.starts_with(word)))
}

/// Headings name processes if nearly every sample has one, and they come again or differ within one time.
/// Those in a dress may also head a section each: then time begins anew below each of them.
fn settle_headings(samples: &mut Samples) {
    let may_have_one = |kind: IdentityId| {
        let naming = samples.kind(kind).map(|kind| &kind.naming);
        matches!(naming, Some(Naming::Unnamed | Naming::Heading { .. }))
    };
    let unsettled = samples.rows().filter(|(_, kind)| may_have_one(*kind)).count();
    let found = Candidates::of(samples, |naming| match naming {
        Naming::Heading { name, .. } => Some(name),
        _ => None,
    });
    let cover = found.count > 1 && found.count * 5 >= unsettled * 4;
    let recur = found.recurring * 5 >= found.count * 4;
    let once = || !samples.timed() && found.all_once_and_no_counter();
    let accepted = cover && (found.differ_within_a_time || recur || once());
    if !accepted && are_sections(samples) {
        return name_by_sections(samples);
    }
    for kind in &mut samples.kinds {
        kind.naming = match std::mem::take(&mut kind.naming) {
            Naming::Heading { name, otherwise, .. } if accepted => {
                Naming::Known(name, otherwise.and_then(|(_, pid)| pid))
            }
            Naming::Heading { otherwise: Some((name, pid)), .. } => Naming::Known(name, pid),
            Naming::Heading { otherwise: None, .. } => Naming::Unnamed,
            settled => settled,
        };
    }
}

/// Whether dressed headings, each different, head sections that all begin at an earlier time than the one
/// before ends.
fn are_sections(samples: &Samples) -> bool {
    let mut names = FxHashSet::default();
    let mut last = None;
    for (index, kind) in samples.rows() {
        let at = samples.readings.at(index).map(|at| at.seconds);
        match samples.kind(kind).map(|kind| &kind.naming) {
            Some(Naming::Heading { name, dressed, .. }) => {
                let begins_anew = index == 0 || matches!((at, last), (Some(at), Some(last)) if at < last);
                if !dressed || !begins_anew || !names.insert(name) {
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

/// A word before the key names a process unless it tells something of the sample: a number that never comes
/// again.
fn settle_words(samples: &mut Samples) {
    let found = Candidates::of(samples, |naming| match naming {
        Naming::Word(name) => Some(name),
        _ => None,
    });
    let numbers = found.names.keys().filter(|name| name.contains(|c: char| c.is_ascii_digit())).count();
    let tells_samples_apart = found.recurring == 0
        && !found.differ_within_a_time
        && (found.names.keys().any(|name| is_counter(name))
            || (found.count > 1 && numbers == found.names.len()));
    for kind in &mut samples.kinds {
        if let Naming::Word(name) = &mut kind.naming {
            let name = std::mem::take(name);
            let pid = name.parse().ok();
            kind.naming = if tells_samples_apart { Naming::Unnamed } else { Naming::Known(name, pid) };
        }
    }
}

/// Processes of one program run side by side: where the ids of one name take turns, the id belongs to the
/// name. Where one follows the other for good, the process was restarted.
fn tell_apart_by_pid(samples: &mut Samples) {
    let mut ids: FxHashMap<&str, FxHashSet<u64>> = FxHashMap::default();
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
    let mut seen: FxHashMap<&str, (u64, FxHashSet<u64>)> = FxHashMap::default();
    let mut turns: FxHashSet<&str> = FxHashSet::default();
    let mut times: FxHashMap<(&str, Time), u64> = FxHashMap::default();
    for (index, kind) in samples.rows() {
        let Some((name, pid)) = of_kind.get(kind.index()).and_then(Option::as_ref) else { continue };
        // One id, or turns that are known: nothing is to be found out.
        if turns.contains(name.as_str()) || ids.get(name.as_str()).is_none_or(|ids| ids.len() < 2) {
            continue;
        }
        let timed = samples.readings.at(index).is_some();
        let side_by_side = timed && *times.entry((name, samples.time(index, kind))).or_insert(*pid) != *pid;
        let (last, before) = seen.entry(name).or_insert_with(|| (*pid, FxHashSet::default()));
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
fn count_unnamed(samples: &mut Samples, notices: &mut Vec<Notice>) {
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
    let message =
        format!("each time has {first} readings without a name; they were taken as {first} processes");
    notices.push(Notice::whole(message));
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

/// A date is the time of the one sample of a process below it. A second one has lost its own.
fn take_doubtful_times(readings: &mut ProcessReadings, ticks: &[u32], stamped: &[bool], name_of: &[usize]) {
    // The last date line that each name has had a sample below.
    let mut dated = vec![0; name_of.iter().max().map_or(0, |most| most + 1)];
    for (index, tick) in ticks.iter().copied().enumerate().filter(|(_, tick)| *tick > 0) {
        let Some((_, kind)) = readings.row(index) else { continue };
        if stamped.get(kind.index()).copied().unwrap_or(false) {
            continue;
        }
        let name = name_of.get(kind.index()).copied().unwrap_or(0);
        if let Some(dated) = dated.get_mut(name)
            && std::mem::replace(dated, tick) == tick
        {
            readings.set_time(index, None);
        }
    }
}

/// Says where the times of a process go back. The order stays that of the file: which is wrong is not known.
fn note_backward_times(readings: &ProcessReadings, name_of: &[usize], notices: &mut Vec<Notice>) {
    let mut last = vec![f64::NEG_INFINITY; name_of.iter().max().map_or(0, |most| most + 1)];
    let mut steps = 0_u64;
    let mut first = 0;
    for (index, (seconds, kind)) in readings.seconds().zip(readings.whose()).enumerate() {
        let name = name_of.get(kind.index()).copied().unwrap_or(0);
        let Some(last) = last.get_mut(name).filter(|_| !seconds.is_nan()) else { continue };
        if seconds < std::mem::replace(last, seconds) {
            steps += 1;
            first = if steps == 1 { readings.line(index) } else { first };
        }
    }
    if steps > 0 {
        let often = if steps == 1 { String::new() } else { format!(", and {} times more below", steps - 1) };
        let message = format!("the time goes backward here{often}; the order of the report was kept");
        notices.push(Notice { line: first, message });
    }
}
