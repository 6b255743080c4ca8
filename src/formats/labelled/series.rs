//! The readings that come again, handed over as samples.

use std::collections::BTreeMap;

use super::super::line::Damage;
use super::super::notices::first_names;
use super::super::options::{ColumnOptionsUsed, ValueUnit};
use super::super::sink::Sink;
use super::gathered::{Gathered, Reading};
use super::labels::{Label, LabelId, Labels};
use super::meaning::{Runtime, is_of_bytes_api};
use super::runs::Runs;
use super::samples::{self, Series};
use super::subjects::Subjects;
use crate::model::{Metric, Role};

/// Readings of which words that come again are no accident.
const ENOUGH: usize = 3;
/// Words before a number that say that it is the number of a subject.
const SUBJECTS: &[&str] = &[
    "worker",
    "workers",
    "gpu",
    "instance",
    "pod",
    "node",
    "process",
    "proc",
    "container",
    "rank",
    "server",
    "shard",
    "host",
    "pid",
    "replica",
    "device",
    "core",
    "slot",
    "thread",
    "job",
    "task",
    "client",
    "cuda",
];

/// The readings of one label, or of several that are one quantity.
struct Group<'r> {
    name: String,
    label: &'r Label,
    readings: Vec<&'r Reading>,
}

impl Group<'_> {
    /// Whether a number is above the first: those of which none is hide no growth, as the codes of a protocol.
    fn may_grow(&self) -> bool {
        let numbers = || self.readings.iter().map(|reading| reading.number.value);
        numbers().next().is_some_and(|first| numbers().any(|number| number > first))
    }
}

/// Notes the readings whose words come again, where they stand beside the records of a tool and are left out.
pub fn note_left_out(gathered: &Gathered, labels: &Labels, out: &mut Sink<'_>) {
    let groups = groups(&gathered.readings, labels);
    let of_program = groups.iter().find(|group| group.readings.len() >= ENOUGH && group.may_grow());
    if let Some((group, first)) = of_program.and_then(|group| Some((group, group.readings.first()?))) {
        let kind = format!(
            "sizes in a program's own words beside the records of a tool ({:?}; name them with --match)",
            group.name
        );
        out.note_not_read(first.line, kind);
    }
}

/// Hands over all readings whose words come again.
pub fn hand_over(gathered: Gathered, labels: &Labels, unit: Option<ValueUnit>, out: &mut Sink<'_>) {
    let Gathered { readings, mut prefixes, left_out, .. } = gathered;
    let workers = prefixes.resolve();
    let groups = groups(&readings, labels);
    // With times, a run is a life of the same process.
    let timed = readings.iter().filter(|reading| reading.time.is_some()).count();
    // The numbers of workers begin anew with each round.
    let has_workers =
        readings.iter().any(|reading| workers.of(reading.prefix).is_some_and(|one| one.label().is_some()));
    let runs = if has_workers || 2 * timed > readings.len() { Runs::default() } else { Runs::of(&readings) };
    let is_beside = out.formats_with_records().next().is_some();
    let subjects = Subjects { workers, runs, is_beside };
    let (mut series, mut handed_over) = (Vec::new(), Vec::new());
    let (mut named, mut without_unit) = (Vec::new(), Vec::new());
    // A call that returns several sizes returns all of them in bytes.
    let in_bytes: Vec<Runtime> = groups
        .iter()
        .filter(|group| is_in_bytes(group))
        .filter_map(|group| group.label.meaning.runtime)
        .collect();
    for group in &groups {
        let Some((bytes, assumption)) = unit_of(group, unit, &in_bytes, out) else {
            without_unit.push(format!("{:?}", group.name));
            continue;
        };
        if let Some(assumption) = assumption {
            out.note(format!("{:?} {assumption}", group.name));
        }
        let example =
            if named.is_empty() { format!(" such as {:?}", group.label.example) } else { String::new() };
        named.push(format!("{:?} of {}{example}", group.name, lines(group.readings.len())));
        if is_beside {
            group.readings.iter().for_each(|reading| out.note_guessed(subjects.of(reading)));
        }
        let metric = Metric::of_recording(&group.name, role(group, bytes));
        let limit = limit(group, metric.role);
        let decimals = group.readings.iter().map(|reading| reading.number.decimals).max().unwrap_or(0);
        handed_over.extend(group.readings.iter().map(|reading| (*reading, series.len())));
        series.push(Series { metric, bytes, decimals, limit });
    }
    if !without_unit.is_empty() {
        let line = groups.first().and_then(|group| group.readings.first()).map_or(0, |reading| reading.line);
        let message = format!(
            "the numbers of {} have no unit: name it with --value-unit (B, KiB, MiB, pages, ...)",
            without_unit.join(", ")
        );
        if named.is_empty() && !is_beside {
            out.damaged(line, Damage { column: None, message });
        } else {
            let names = without_unit.join(", ");
            out.note(message);
            if named.is_empty() && groups.iter().any(Group::may_grow) {
                out.note_not_read(
                    line,
                    format!("numbers of memory without a unit ({names}; --value-unit names it)"),
                );
            }
        }
    }
    if left_out > 0 {
        out.note(format!(
            "{left_out} sizes in the program's own words are left out: the source has too many"
        ));
    }
    if !named.is_empty() {
        out.note(format!("guessed by the words beside the numbers: {}", first_names(&named)));
    }
    if let Some(first) = groups.first()
        && let Some(reading) = first.readings.first()
    {
        out.note_first_line(reading.line, &first.label.example);
    }
    samples::push(handed_over, &series, &subjects, out);
}

fn lines(count: usize) -> String {
    if count == 1 { "1 line".to_owned() } else { format!("{count} lines") }
}

/// Parts the readings by their labels, and leaves out those that do not come again.
fn groups<'r>(readings: &'r [Reading], labels: &'r Labels) -> Vec<Group<'r>> {
    let mut by_label: BTreeMap<LabelId, Vec<&Reading>> = BTreeMap::new();
    for reading in readings {
        by_label.entry(reading.label).or_default().push(reading);
    }
    let mut groups: Vec<Group<'r>> = Vec::new();
    for (id, readings) in by_label {
        let Some(label) = labels.get(id) else { continue };
        groups.extend(of_label(label, readings));
    }
    groups.retain(|group| group.readings.iter().any(|reading| reading.is_sure));
    merge_phases(&mut groups);
    merge_longer(&mut groups);
    let is_positive = |group: &Group<'_>| group.readings.iter().any(|reading| reading.number.value > 0.0);
    if !groups.iter().any(is_positive) {
        return Vec::new();
    }
    // `StackSys = 0 MiB` all along is a part that the program does not have.
    groups.retain(|group| group.label.meaning.runtime.is_none() || is_positive(group));
    groups.retain(|group| group.readings.len() >= if group.label.is_known { 1 } else { ENOUGH });
    groups.retain(|group| !is_chosen(group));
    groups.iter_mut().for_each(|group| group.name = group.label.whole_name(&group.name));
    groups.sort_by_key(|group| group.readings.first().map(|reading| reading.line));
    groups
}

/// Returns the readings of a label, by its numbers where these tell subjects apart.
fn of_label<'r>(label: &'r Label, readings: Vec<&'r Reading>) -> Vec<Group<'r>> {
    let count = |variant: usize| readings.iter().filter(|one| usize::from(one.variant) == variant).count();
    let counts: Vec<usize> = (0..label.variants.len()).map(count).collect();
    let all_come_again = counts.iter().all(|count| *count >= ENOUGH);
    let is_apart =
        counts.len() > 1 && !label.has_more_variants && (all_come_again || names_subject(&label.text));
    if !is_apart {
        let name = match label.variants.as_slice() {
            [only] if counts == [readings.len()] => only.clone(),
            _ => label.text.clone(),
        };
        return vec![Group { name, label, readings }];
    }
    let of_variant = |(place, name): (usize, &String)| {
        let readings = readings.iter().copied().filter(|one| usize::from(one.variant) == place).collect();
        Group { name: name.clone(), label, readings }
    };
    label.variants.iter().enumerate().map(of_variant).collect()
}

/// Whether the number in a label is that of a subject: `Worker # memory`.
fn names_subject(masked: &str) -> bool {
    // The argument of a call: `torch.cuda.memory_allocated(0)`.
    if masked.ends_with("(#)") {
        return true;
    }
    let Some((before, _)) = masked.split_once('#') else { return false };
    let word = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    let word = word.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase();
    SUBJECTS.contains(&word.as_str())
}

/// Makes one group of labels that are phases of one quantity: `Starting RSS`, `Read CSV RSS`, `Wrote Parquet RSS`, of
/// which most come too seldom to be a course of their own.
fn merge_phases(groups: &mut Vec<Group<'_>>) {
    let kinds: Vec<String> = groups.iter().map(|group| group.label.meaning.kind.clone()).collect();
    let mut merged: Vec<String> = Vec::new();
    for kind in &kinds {
        let alike = |group: &&Group<'_>| group.label.meaning.kind == *kind && is_phase(&group.name, kind);
        let count = groups.iter().filter(alike).count();
        let seldom = groups.iter().filter(alike).filter(|group| group.readings.len() < ENOUGH).count();
        if count >= ENOUGH && 2 * seldom >= count && !merged.contains(kind) {
            merged.push(kind.clone());
        }
    }
    for kind in merged {
        let is_of = |group: &Group<'_>| group.label.meaning.kind == kind && is_phase(&group.name, &kind);
        let (of_kind, others): (Vec<Group<'_>>, Vec<Group<'_>>) = groups.drain(..).partition(is_of);
        *groups = others;
        let Some(first) = of_kind.first() else { continue };
        let (label, noun) = (first.label, first.name.rsplit(' ').next().unwrap_or_default().to_owned());
        let mut readings: Vec<&Reading> =
            of_kind.iter().flat_map(|group| group.readings.iter().copied()).collect();
        readings.sort_by_key(|reading| reading.line);
        groups.push(Group { name: noun, label, readings });
    }
}

/// Adds the readings of labels that come too seldom to those of the label that theirs ends with:
/// `FINAL MEMORY USAGE` to `MEMORY USAGE`.
fn merge_longer(groups: &mut Vec<Group<'_>>) {
    let (mut kept, seldom): (Vec<Group<'_>>, Vec<Group<'_>>) =
        groups.drain(..).partition(|group| group.readings.len() >= ENOUGH);
    for group in seldom {
        let ends_with =
            |name: &str| group.name.strip_suffix(name).is_some_and(|before| before.ends_with(' '));
        match kept.iter_mut().find(|other| ends_with(&other.name)) {
            Some(other) => {
                other.readings.extend(group.readings);
                other.readings.sort_by_key(|reading| reading.line);
            }
            None => kept.push(group),
        }
    }
    *groups = kept;
}

/// Whether a label ends with its quantity, after other words.
fn is_phase(name: &str, kind: &str) -> bool {
    !kind.contains(' ') && name.rsplit_once(' ').is_some_and(|(_, last)| last.eq_ignore_ascii_case(kind))
}

/// Whether the numbers of a group are those that its runtime returns.
fn is_in_bytes(group: &Group<'_>) -> bool {
    let is_bare = |reading: &&&Reading| reading.unit.is_none() && reading.number.value.fract() == 0.0;
    let is_large = |reading: &Reading| reading.number.value >= LEAST_BYTES;
    group.label.is_known && group.readings.iter().filter(is_bare).any(|reading| is_large(reading))
}

/// Whether the numbers of a group are sizes that somebody chose: of a machine, of a setting. They are round, and no
/// more is said than that they are memory.
fn is_chosen(group: &Group<'_>) -> bool {
    let meaning = &group.label.meaning;
    // `heap size [1.9gb]` at each start is a setting, as long as nothing uses it.
    let first = group.readings.first().map(|one| one.number.value);
    let is_one = group.readings.iter().all(|one| Some(one.number.value) == first);
    if is_one && group.label.text.eq_ignore_ascii_case("heap size") {
        return true;
    }
    let is_only = |also: &str| {
        meaning
            .kind
            .split(' ')
            .all(|kind| matches!(kind, "mem" | "memory" | "ram" | "shared") || kind == also)
    };
    if !is_only("usage") {
        return false;
    }
    let sizes: Vec<f64> = group
        .readings
        .iter()
        .map(|one| one.number.value * one.unit.or(meaning.unit).unwrap_or(1.0))
        .collect();
    let is_power = |size: f64| size > 0.0 && size.log2().fract() == 0.0;
    let are_round = sizes.iter().all(|size| is_power(*size) || is_power(size / 3.0));
    // Less is no process: the table of a program, a step of a plan.
    let are_named = group.readings.iter().all(|one| one.unit.is_some());
    if are_named && meaning.role == Role::Resident && sizes.iter().all(|size| *size < LEAST_OF_PROCESS) {
        return true;
    }
    let (highest, first) = (sizes.iter().copied().fold(0.0, f64::max), sizes.first().copied());
    let are_one = sizes.iter().all(|size| Some(*size) == first);
    is_only("") && are_round && (are_one && highest >= LEAST_CHOSEN || highest >= LEAST_CHOSEN_OF_SEVERAL)
}

/// Less is no memory of a process, where the unit is known.
const LEAST_OF_PROCESS: f64 = 131_072.0;
/// Round sizes below are those of small programs: one that comes again and again, and the highest of several.
const LEAST_CHOSEN: f64 = 33_554_432.0;
const LEAST_CHOSEN_OF_SEVERAL: f64 = 268_435_456.0;

/// The bytes of a number without a unit, and the assumption by which.
fn unit_of(
    group: &Group<'_>,
    asked: Option<ValueUnit>,
    in_bytes: &[Runtime],
    out: &mut Sink<'_>,
) -> Option<(f64, Option<&'static str>)> {
    let bare: Vec<f64> =
        group.readings.iter().filter(|one| one.unit.is_none()).map(|one| one.number.value).collect();
    if bare.is_empty() {
        return Some((1.0, None));
    }
    if let Some(asked) = asked {
        out.used_columns(ColumnOptionsUsed { unit: true, ..ColumnOptionsUsed::default() });
        return Some((asked.bytes, None));
    }
    let are_pages = bare.iter().all(|value| value % 4096.0 == 0.0);
    if group.label.meaning.runtime == Some(Runtime::Rusage) {
        let is_mac = are_pages && bare.iter().any(|value| *value >= LEAST_BYTES);
        return Some(if is_mac { (1.0, Some("is taken as bytes, as macOS counts")) } else { (1024.0, None) });
    }
    let highest = bare.iter().copied().fold(0.0, f64::max);
    let are_whole = bare.iter().all(|value| value.fract() == 0.0);
    let is_one_of = group.label.meaning.runtime.is_some_and(|runtime| in_bytes.contains(&runtime));
    if group.label.is_known && are_whole && is_one_of {
        return Some((1.0, None));
    }
    // What tracemalloc counts are bytes.
    if group.label.text.to_ascii_lowercase().contains("traced") && are_whole {
        return Some((1.0, None));
    }
    let positive = || bare.iter().filter(|value| **value > 0.0);
    let all = |divisor: f64| positive().all(|value| value % divisor == 0.0);
    if !are_whole || highest < LEAST_KIBIBYTES {
        return None;
    }
    if all(4096.0) && highest >= LEAST_BYTES {
        return Some((1.0, Some("is taken as bytes: all its numbers are multiples of 4096")));
    }
    let is_rss =
        matches!(group.label.meaning.role, Role::Resident) && group.label.meaning.kind.contains("rss");
    if is_rss && all(4.0) && highest < MOST_KIBIBYTES {
        return Some((1024.0, Some("is taken as KiB: all its numbers are multiples of 4, and not of 4096")));
    }
    let is_api = group.label.meaning.runtime.is_some()
        || group.label.text.ends_with(')')
        || is_of_bytes_api(&group.label.text)
        || highest >= MOST_KIBIBYTES;
    let is_heap = group.label.meaning.kind.contains("heap") && positive().all(|value| *value >= LEAST_BYTES);
    (is_api && highest >= LEAST_BYTES || is_heap)
        .then_some((1.0, Some("is taken as bytes: so large a number of KiB would be no memory")))
}

/// Less is no memory of a process in bytes.
const LEAST_BYTES: f64 = 65_536.0;
/// Less is no memory of a process in KiB.
const LEAST_KIBIBYTES: f64 = 256.0;
/// As many KiB are 1 TiB.
const MOST_KIBIBYTES: f64 = 1_073_741_824.0;

/// The role of a group: a total that moves is that of the process, one that stays is that of the machine.
fn role(group: &Group<'_>, bytes: f64) -> Role {
    let meaning = &group.label.meaning;
    let value = |reading: &&Reading| reading.number.value * reading.unit.unwrap_or(bytes);
    let first = group.readings.first().map(value);
    let is_flat = group.readings.iter().all(|reading| Some(value(reading)) == first);
    if meaning.is_total && !is_flat { Role::Resident } else { meaning.role }
}

/// The bound that all readings of resident memory have.
fn limit(group: &Group<'_>, role: Role) -> Option<f64> {
    let first = group.readings.iter().find_map(|reading| reading.bound)?;
    // The last line may be cut within it.
    let have = group.readings.iter().filter(|reading| reading.bound == Some(first)).count();
    (role == Role::Resident && have + 1 >= group.readings.len()).then_some(first)
}
