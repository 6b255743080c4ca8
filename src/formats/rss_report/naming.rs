//! Which of the words in a report name processes: a question that only all samples together answer.

use crate::error::Notice;
use crate::model::ProcessReading;
use rustc_hash::{FxHashMap, FxHashSet};

/// What may name a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Naming {
    /// Nothing.
    Unnamed,
    /// Something that can only be a name, and the process id if it is known.
    Known(String, Option<u64>),
    /// The one word before its key.
    Word(String),
    /// A line above it.
    Heading {
        /// The line without its dress.
        name: String,
        /// Whether it had a dress, `=== … ===`.
        dressed: bool,
        /// Name and process id by a command or a status, if the line proves to be no heading.
        otherwise: Option<(String, Option<u64>)>,
    },
}

/// A sample whose name is not settled.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub(super) reading: ProcessReading,
    pub(super) naming: Naming,
    /// How many date lines stand above it.
    pub(super) tick: u64,
    /// Whether its time is from a stamp on its own line.
    pub(super) stamped: bool,
}

impl Sample {
    /// What samples of one time have in common.
    fn time(&self) -> (u64, u64) {
        let at = if self.stamped { self.reading.at.map_or(0, |at| at.seconds.to_bits()) } else { 0 };
        (self.tick, at)
    }
}

/// Names all samples, and says what was assumed.
pub(super) fn settle(mut samples: Vec<Sample>, notices: &mut Vec<Notice>) -> Vec<ProcessReading> {
    settle_headings(&mut samples);
    settle_words(&mut samples);
    for sample in &mut samples {
        if let Naming::Known(name, pid) = &sample.naming {
            sample.reading.process = Some(name.clone());
            sample.reading.pid = sample.reading.pid.or(*pid);
        }
    }
    tell_apart_by_pid(&mut samples);
    count_unnamed(&mut samples, notices);
    take_doubtful_times(&mut samples);
    let readings: Vec<ProcessReading> = samples.into_iter().map(|sample| sample.reading).collect();
    note_backward_times(&readings, notices);
    readings
}

/// What the candidates of one kind look like together.
struct Candidates<'a> {
    count: usize,
    /// How often each comes.
    names: FxHashMap<&'a str, usize>,
    /// Whether one time has two different ones.
    differ_within_a_time: bool,
    /// How many belong to a name that comes again.
    recurring: usize,
}

impl<'a> Candidates<'a> {
    fn of(samples: &'a [Sample], candidate: impl Fn(&'a Naming) -> Option<&'a str>) -> Self {
        let mut names: FxHashMap<&str, usize> = FxHashMap::default();
        let mut first_of_time: FxHashMap<(u64, u64), &str> = FxHashMap::default();
        let timed = samples.iter().any(|sample| sample.reading.at.is_some());
        let mut differ_within_a_time = false;
        let mut count = 0;
        for sample in samples {
            let Some(name) = candidate(&sample.naming) else { continue };
            count += 1;
            *names.entry(name).or_default() += 1;
            differ_within_a_time |= timed && *first_of_time.entry(sample.time()).or_insert(name) != name;
        }
        let recurring = names.values().filter(|times| **times > 1).sum();
        Self { count, names, differ_within_a_time, recurring }
    }

    /// Without times, names that come once each are processes, unless they count the samples.
    fn all_once_and_no_counter(&self) -> bool {
        self.names.len() > 1 && self.recurring == 0 && !self.names.keys().any(|name| is_counter(name))
    }
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
fn settle_headings(samples: &mut [Sample]) {
    let unsettled =
        samples.iter().filter(|sample| matches!(sample.naming, Naming::Unnamed | Naming::Heading { .. }));
    let unsettled = unsettled.count();
    let found = Candidates::of(samples, |naming| match naming {
        Naming::Heading { name, .. } => Some(name),
        _ => None,
    });
    let timed = samples.iter().any(|sample| sample.reading.at.is_some());
    let cover = found.count > 1 && found.count * 5 >= unsettled * 4;
    let recur = found.recurring * 5 >= found.count * 4;
    let accepted =
        cover && (found.differ_within_a_time || recur || (!timed && found.all_once_and_no_counter()));
    let sections = !accepted && are_sections(samples);
    let mut section = None;
    for sample in samples {
        let (name, otherwise) = match &mut sample.naming {
            Naming::Unnamed => (None, None),
            Naming::Heading { name, otherwise, .. } => (Some(std::mem::take(name)), otherwise.take()),
            Naming::Known(..) | Naming::Word(_) => continue,
        };
        let pid = otherwise.as_ref().and_then(|(_, pid)| *pid);
        let named = if accepted {
            name
        } else {
            section = name.or(section).filter(|_| sections);
            section.clone()
        };
        sample.naming = match (named, otherwise) {
            (Some(name), _) => Naming::Known(name, pid),
            (None, Some((name, pid))) => Naming::Known(name, pid),
            (None, None) => Naming::Unnamed,
        };
    }
}

/// Whether dressed headings, each different, head sections that all begin at an earlier time than the one
/// before ends.
fn are_sections(samples: &[Sample]) -> bool {
    let mut names = FxHashSet::default();
    let mut last = None;
    for (index, sample) in samples.iter().enumerate() {
        let at = sample.reading.at.map(|at| at.seconds);
        match &sample.naming {
            Naming::Heading { name, dressed, .. } => {
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

/// A word before the key names a process unless it tells something of the sample: a number that never comes
/// again.
fn settle_words(samples: &mut [Sample]) {
    let found = Candidates::of(samples, |naming| match naming {
        Naming::Word(name) => Some(name),
        _ => None,
    });
    let numbers = found.names.keys().filter(|name| name.contains(|c: char| c.is_ascii_digit())).count();
    let tells_samples_apart = found.recurring == 0
        && !found.differ_within_a_time
        && (found.names.keys().any(|name| is_counter(name))
            || (found.count > 1 && numbers == found.names.len()));
    for sample in samples {
        if let Naming::Word(name) = &mut sample.naming {
            let name = std::mem::take(name);
            let pid = name.parse().ok();
            sample.naming = if tells_samples_apart { Naming::Unnamed } else { Naming::Known(name, pid) };
        }
    }
}

/// Processes of one program run side by side: where the ids of one name take turns, the id belongs to the
/// name. Where one follows the other for good, the process was restarted.
fn tell_apart_by_pid(samples: &mut [Sample]) {
    let mut seen: FxHashMap<&str, (u64, FxHashSet<u64>)> = FxHashMap::default();
    let mut turns: FxHashSet<String> = FxHashSet::default();
    let mut times: FxHashMap<(&str, (u64, u64)), u64> = FxHashMap::default();
    for sample in samples.iter() {
        let (Some(name), Some(pid)) = (sample.reading.process.as_deref(), sample.reading.pid) else {
            continue;
        };
        let timed = sample.reading.at.is_some();
        let side_by_side = timed && *times.entry((name, sample.time())).or_insert(pid) != pid;
        let (last, before) = seen.entry(name).or_insert_with(|| (pid, FxHashSet::default()));
        if side_by_side || (*last != pid && before.contains(&pid)) {
            turns.insert(name.to_owned());
        }
        before.insert(pid);
        *last = pid;
    }
    for sample in samples {
        if let (Some(name), Some(pid)) = (&mut sample.reading.process, sample.reading.pid)
            && turns.contains(name.as_str())
        {
            name.push_str(&format!(" ({pid})"));
        }
    }
}

/// Unnamed samples that come in the same number below each date are as many processes, always in one order.
fn count_unnamed(samples: &mut [Sample], notices: &mut Vec<Notice>) {
    let mut counts: Vec<(u64, usize)> = Vec::new();
    for sample in samples.iter() {
        if sample.reading.process.is_some() || sample.stamped || sample.tick == 0 {
            return;
        }
        match counts.last_mut() {
            Some((tick, count)) if *tick == sample.tick => *count += 1,
            _ => counts.push((sample.tick, 1)),
        }
    }
    let Some(((_, last), others)) = counts.split_last() else { return };
    let Some((_, first)) = others.first() else { return };
    // The last may be cut, where there are enough others to tell.
    if *first < 2
        || last > first
        || (last < first && others.len() < 2)
        || others.iter().any(|(_, count)| count != first)
    {
        return;
    }
    let message =
        format!("each time has {first} readings without a name; they were taken as {first} processes");
    notices.push(Notice::whole(message));
    let mut index = (0, 0);
    for sample in samples {
        index = if index.0 == sample.tick { (sample.tick, index.1 + 1) } else { (sample.tick, 1) };
        sample.reading.process = Some(format!("process {}", index.1));
    }
}

/// A date is the time of the one sample of a process below it. A second one has lost its own.
fn take_doubtful_times(samples: &mut [Sample]) {
    let mut dated: FxHashSet<(Option<String>, u64)> = FxHashSet::default();
    for sample in samples.iter_mut().filter(|sample| !sample.stamped && sample.tick > 0) {
        if !dated.insert((sample.reading.process.clone(), sample.tick)) {
            sample.reading.at = None;
        }
    }
}

/// Says where the times of a process go back. The order stays that of the file: which is wrong is not known.
fn note_backward_times(readings: &[ProcessReading], notices: &mut Vec<Notice>) {
    let mut last: FxHashMap<Option<&str>, f64> = FxHashMap::default();
    let mut steps = 0_u64;
    let mut first = 0;
    for reading in readings {
        let Some(at) = reading.at else { continue };
        let before = last.insert(reading.process.as_deref(), at.seconds);
        if before.is_some_and(|before| at.seconds < before) {
            steps += 1;
            first = if steps == 1 { reading.line } else { first };
        }
    }
    if steps > 0 {
        let often = if steps == 1 { String::new() } else { format!(", and {} times more below", steps - 1) };
        let message = format!("the time goes backward here{often}; the order of the report was kept");
        notices.push(Notice { line: first, message });
    }
}
