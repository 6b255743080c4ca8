//! Headings such as `== web-1 ==` between records: where records of one subject stand below several of them by turns,
//! they are of as many machines.

use std::hash::Hash;

use foldhash::HashMap;

use super::prefix::words::Lists;
use super::scope::Section;
use super::titles::Titles;
use crate::model::{ProcessReadings, Subject, SubjectId, SubjectKind, Subjects, TimeRef};

/// A longer line is no heading.
const LONGEST: usize = 80;
/// Headings that are kept: a recording of more machines has a name in each record.
const MOST: usize = 100_000;
/// Records of a subject below each heading, at least.
const LEAST_RECORDS: usize = 2;

/// The headings of a source.
#[derive(Debug, Default)]
pub(super) struct Sections {
    names: Vec<String>,
    places: HashMap<String, usize>,
    /// The line of each heading, and the place of its name.
    headings: Vec<(u64, usize)>,
    /// Lines that are none by their form.
    titles: Titles,
    /// The number of readings that were parted.
    parted: usize,
}

impl Sections {
    /// Notes the number of lines to come before the next record may stand, and the number of the first.
    pub(super) fn begin_lines(&mut self, lines: usize, number: u64) {
        self.titles.begin_lines(lines, number);
    }

    /// Takes a line that is no record, and the number of times above it.
    pub(super) fn line(&mut self, number: u64, line: &str, times_above: u32) {
        self.titles.line(number, line, times_above);
        if self.headings.len() >= MOST {
            return;
        }
        let Some(name) = heading(line) else { return };
        let place = self.places.get(name).copied().unwrap_or_else(|| {
            self.places.insert(name.to_owned(), self.names.len());
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        self.headings.push((number, place));
    }

    /// Notes that a line holds a record, though its format does not claim it yet.
    pub(super) fn note_record(&mut self, number: u64) {
        self.titles.note_record(number);
    }

    /// Returns the current section: the place of its heading, and that of a title that came before.
    pub(super) fn current(&self) -> Section {
        (self.headings.last().map(|(_, place)| *place), self.titles.last_again())
    }

    /// Gives the records of each subject that stand below several headings by turns to a machine of each name: those
    /// that were added since the last call. Returns each subject with the one that it was a part of.
    pub(super) fn part(
        &mut self,
        samples: &mut ProcessReadings,
        subjects: &mut Subjects,
        at: impl Fn(TimeRef) -> Option<f64>,
    ) -> Vec<(SubjectId, SubjectId)> {
        let mut rows: Vec<usize> = (self.parted..samples.len()).collect();
        self.parted = samples.len();
        rows.sort_by_key(|row| samples.line(*row));
        let mut parted: HashMap<usize, SubjectId> = HashMap::default();
        let mut found = Vec::new();
        let [far_apart, apart] = self.titles.names(samples, &rows, at);
        let by_turns = [(self.names_by_headings(samples, &rows), true), (far_apart, false), (apart, true)];
        for (names, by_turns) in by_turns {
            let mut of_subject: HashMap<SubjectId, Vec<(usize, String)>> = HashMap::default();
            for (row, name) in rows.iter().zip(names) {
                let Some(name) = name.filter(|_| !parted.contains_key(row)) else { continue };
                of_subject.entry(samples.subject(*row)).or_default().push((*row, name));
            }
            // New subjects are numbered in the order of the report.
            let are_parted = |rows: &[(usize, String)]| {
                if by_turns { are_by_turns(rows) } else { rows.windows(2).any(|pair| pair[0].1 != pair[1].1) }
            };
            let mut of_subject: Vec<_> =
                of_subject.into_iter().filter(|(_, rows)| are_parted(rows)).collect();
            of_subject.sort_unstable_by_key(|(_, rows)| rows.first().map(|(row, _)| *row));
            for (old, rows) in of_subject {
                let Some(subject) = subjects.get(old).cloned() else { continue };
                for (row, name) in rows {
                    let Some(subject) = below(subject.clone(), name) else { break };
                    let new = subjects.intern(subject);
                    if parted.insert(row, new).is_none() && found.last() != Some(&(new, old)) {
                        found.push((new, old));
                    }
                }
            }
        }
        samples.assign(|row, subject| parted.get(&row).copied().unwrap_or(subject));
        found
    }

    /// Returns the name of the heading above each of these readings.
    fn names_by_headings(&self, samples: &ProcessReadings, rows: &[usize]) -> Vec<Option<String>> {
        if self.names.len() < 2 {
            return Vec::new();
        }
        let name = |row: &usize| {
            let below = self.headings.partition_point(|(line, _)| *line < samples.line(*row));
            let (_, name) = self.headings.get(below.checked_sub(1)?)?;
            self.names.get(*name).cloned()
        };
        rows.iter().map(name).collect()
    }
}

/// Returns the part of a subject below a heading, if it may have parts: of a process on several machines.
fn below(subject: Subject, name: String) -> Option<Subject> {
    match subject.kind {
        SubjectKind::Host if subject.name.is_none() => Some(Subject { name: Some(name), ..subject }),
        SubjectKind::Host => None,
        SubjectKind::Process if subject.parent.is_some() => None,
        _ => {
            let parent = subject.parent.as_ref().map_or_else(|| name.clone(), |own| format!("{name} {own}"));
            Some(Subject { parent: Some(parent), ..subject })
        }
    }
}

/// Whether records stand below several headings, and below each in its turn: words of a log come in no order.
fn are_by_turns<N: Eq + Hash>(rows: &[(usize, N)]) -> bool {
    let mut counts: HashMap<&N, usize> = HashMap::default();
    rows.iter().for_each(|(_, name)| *counts.entry(name).or_default() += 1);
    let turns = rows.windows(2).filter(|pair| matches!(pair, [one, two] if one.1 != two.1)).count();
    let again = rows.iter().zip(rows.iter().skip(counts.len())).filter(|(one, two)| one.1 == two.1).count();
    let is_regular = again * 4 >= (rows.len() - counts.len()) * 3;
    counts.len() > 1
        && counts.values().all(|count| *count >= LEAST_RECORDS)
        && turns > counts.len()
        && is_regular
}

/// Returns the name in a heading: a word alone, decorated, or after a label; that of `ansible`.
fn heading(line: &str) -> Option<&str> {
    let line = line.trim();
    if line.len() > LONGEST || line.starts_with(['+', '$']) {
        return None;
    }
    let ansible = line.strip_suffix(" >>").and_then(|line| line.split_once(" | ")).map(|(name, _)| name);
    let bare = line.trim_matches(|c: char| "=-*#~<>[]| \t".contains(c)).trim_end_matches(':').trim_end();
    let label = ["host", "hostname", "node", "server", "machine"].iter().find_map(|label| {
        let head = bare.get(..label.len()).filter(|head| head.eq_ignore_ascii_case(label))?;
        bare.get(head.len()..)?.strip_prefix([':', '=', ' ']).map(str::trim)
    });
    let name = ansible.or(label).unwrap_or(bare);
    let is_name = name.starts_with(char::is_alphanumeric)
        && name.contains(char::is_alphabetic)
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@'));
    // A word alone may be anything, unless it has the look of a machine's name.
    let is_bare = ansible.is_none() && label.is_none() && name.len() == line.len();
    let has_look = name.contains(['.', '-']) || name.contains(|c: char| c.is_ascii_digit());
    (is_name && (!is_bare || has_look) && !Lists::of(name).is_phase()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::{are_by_turns, heading};

    #[test]
    fn headings_are_names() {
        for (line, name) in [
            ("=== web-1 ===", Some("web-1")),
            ("web-1", Some("web-1")),
            ("web-1.example.org:", Some("web-1.example.org")),
            ("==> web-1 <==", Some("web-1")),
            ("Host: web-1", Some("web-1")),
            ("web-1 | CHANGED | rc=0 >>", Some("web-1")),
            ("=== sample 12 ===", None),
            ("== before ==", None),
            ("sleeping", None),
            ("12", None),
            ("-------", None),
            ("+ date", None),
            ("error: process ID list syntax error", None),
        ] {
            assert_eq!(heading(line), name, "{line}");
        }
    }

    #[test]
    fn machines_come_by_turns() {
        let by_turns = |names: &[usize]| are_by_turns(&names.iter().copied().enumerate().collect::<Vec<_>>());
        assert!(by_turns(&[0, 1, 0, 1]));
        assert!(by_turns(&[0, 1, 2, 0, 1, 2]));
        assert!(!by_turns(&[0, 1, 1, 0, 1, 0, 0, 0, 1, 0]));
        assert!(!by_turns(&[0, 0, 1, 1]));
        assert!(!by_turns(&[0, 1, 2, 3, 4]));
        assert!(!by_turns(&[0, 0, 0]));
    }
}
