//! Headings such as `== web-1 ==` between records: where records of one subject stand below several of them by turns,
//! they are of as many machines.

use foldhash::HashMap;

use super::prefix::words::Lists;
use crate::model::{ProcessReadings, Subject, SubjectId, SubjectKind, Subjects};

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
}

impl Sections {
    /// Takes a line that is no record.
    pub(super) fn line(&mut self, number: u64, line: &str) {
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

    /// Returns the place of the name of the current section.
    pub(super) fn current(&self) -> Option<usize> {
        self.headings.last().map(|(_, place)| *place)
    }

    /// Gives the records of each subject that stand below several headings by turns to a machine of each name.
    pub(super) fn part(self, samples: &mut ProcessReadings, subjects: &mut Subjects) {
        if self.names.len() < 2 {
            return;
        }
        let mut rows: HashMap<SubjectId, Vec<(usize, usize)>> = HashMap::default();
        for row in 0..samples.len() {
            let below = self.headings.partition_point(|(line, _)| *line < samples.line(row));
            let Some((_, name)) = below.checked_sub(1).and_then(|place| self.headings.get(place)) else {
                continue;
            };
            rows.entry(samples.subject(row)).or_default().push((row, *name));
        }
        let mut parted: HashMap<usize, SubjectId> = HashMap::default();
        // New subjects are numbered in the order of the report.
        let mut rows: Vec<_> = rows.into_iter().collect();
        rows.sort_unstable_by_key(|(_, rows)| rows.first().copied());
        for (subject, rows) in rows {
            let Some(subject) = subjects.get(subject).filter(|_| are_by_turns(&rows)).cloned() else {
                continue;
            };
            for (row, name) in rows {
                let name = self.names.get(name).cloned();
                let subject = match subject.kind {
                    SubjectKind::Process if subject.parent.is_none() => {
                        Subject { parent: name, ..subject.clone() }
                    }
                    SubjectKind::Host if subject.name.is_none() => Subject { name, ..subject.clone() },
                    _ => break,
                };
                parted.insert(row, subjects.intern(subject));
            }
        }
        samples.assign(|row, subject| parted.get(&row).copied().unwrap_or(subject));
    }
}

/// Whether records stand below several headings, and below each in its turn: words of a log come in no order.
fn are_by_turns(rows: &[(usize, usize)]) -> bool {
    let mut counts: HashMap<usize, usize> = HashMap::default();
    rows.iter().for_each(|(_, name)| *counts.entry(*name).or_default() += 1);
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
