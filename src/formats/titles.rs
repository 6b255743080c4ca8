//! Lines above records that differ from section to section: `$ ssh web1 free`, `>>> on web1 <<<`, `Checking web1`.
//!
//! Nothing but the records shows that such a line names a subject: below each title their memory follows itself, and
//! not that below the others. See [`super::prefix`].

use foldhash::HashMap;

use super::prefix::{Observation, PrefixId, Prefixes, Workers};
use super::scope::LastTitles;
use crate::model::{ProcessReadings, TimeRef};

/// A longer line is no title, in bytes.
const LONGEST: usize = 120;
/// Lines of one title: records further below the last ones stand amid a log.
const MOST_LINES: usize = 4;
/// Lines that are kept, and their texts.
const MOST: usize = 100_000;
/// The place of the text of lines that are no titles.
const NO_TEXT: usize = usize::MAX;
/// Metrics of a subject that are looked at.
const MOST_METRICS: usize = 64;

/// The lines of a source that may be titles.
#[derive(Debug, Default)]
pub(super) struct Titles {
    texts: Vec<String>,
    /// The place of each text, and the number of times above its first line.
    places: HashMap<String, (usize, u32)>,
    /// The number of each line, and the place of its text.
    lines: Vec<(u64, usize)>,
    /// Whether the lines to come are too many for titles.
    are_many: bool,
    /// Lines that hold a record of a format that reads when the source ends.
    records: Vec<u64>,
    /// The last two texts that stood below an earlier time as well: the last may be the header of a table.
    last_again: LastTitles,
}

impl Titles {
    /// Notes the number of lines to come before the next record may stand, and the number of the first. Of many none
    /// is a title; they part records from what stands above them.
    pub(super) fn begin_lines(&mut self, lines: usize, number: u64) {
        self.are_many = lines > 2 * MOST_LINES;
        if self.are_many && self.lines.len() < MOST && !self.texts.is_empty() {
            self.lines.push((number, NO_TEXT));
        }
    }

    /// Takes a line that no format claimed, and the number of times above it.
    pub(super) fn line(&mut self, number: u64, line: &str, times_above: u32) {
        if self.are_many {
            return;
        }
        let line = line.trim();
        let is_record = self.records.binary_search(&number).is_ok();
        // `10.0.0.11` names a machine, a row of numbers nobody.
        let is_text = line.contains(char::is_alphabetic) || line.matches('.').count() == 3;
        if is_record || self.lines.len() >= MOST || !is_text {
            return;
        }
        // A longer one parts records from what stands above it all the same.
        let line = if line.len() > LONGEST { "" } else { line };
        let place = match self.places.get(line) {
            Some((place, first)) => {
                if *first != times_above {
                    self.last_again = [self.last_again[1], Some(*place)];
                }
                *place
            }
            None => {
                self.places.insert(line.to_owned(), (self.texts.len(), times_above));
                self.texts.push(line.to_owned());
                self.texts.len() - 1
            }
        };
        self.lines.push((number, place));
    }

    /// Notes that a line holds a record, though its format does not claim it yet.
    pub(super) fn note_record(&mut self, number: u64) {
        if self.records.len() < MOST && self.records.last() != Some(&number) {
            self.records.push(number);
        }
    }

    /// Returns the places of the last texts that came in an earlier round: such lines head a section, most likely.
    pub(super) const fn last_again(&self) -> LastTitles {
        self.last_again
    }

    /// Returns the names of the subjects below titles, for each of these readings, where it has one: first of those
    /// whose sizes are far apart, then of all. `at` gives times in seconds.
    pub(super) fn names(
        &self,
        samples: &ProcessReadings,
        rows: &[usize],
        at: impl Fn(TimeRef) -> Option<f64>,
    ) -> [Vec<Option<String>>; 2] {
        if self.texts.len() < 2 {
            return Default::default();
        }
        let mut prefixes = Prefixes::default();
        let mut of_row: Vec<PrefixId> = Vec::with_capacity(rows.len());
        let (mut next, mut last, mut current) = (0, 0, PrefixId::default());
        let mut title = String::new();
        for &row in rows {
            let line = samples.line(row);
            let from = next + self.lines[next..].partition_point(|(number, _)| *number <= last);
            next = from + self.lines[from..].partition_point(|(number, _)| *number < line);
            let above = &self.lines[from..next];
            if !above.is_empty() {
                title.clear();
                let texts = above.iter().filter_map(|(_, place)| self.texts.get(*place));
                texts.take(MOST_LINES + 1).for_each(|text| title.extend([text.as_str(), " ; "]));
                let is_title = above.len() <= MOST_LINES && above.iter().all(|(_, text)| *text != NO_TEXT);
                current = if is_title { prefixes.intern("", &title) } else { PrefixId::default() };
            }
            last = last.max(line);
            of_row.push(current);
            let at = samples.time(row).and_then(&at);
            for (metric, (_, value)) in samples.values(row).enumerate().take(MOST_METRICS) {
                let key = (samples.subject(row).index() * MOST_METRICS + metric) as u64;
                prefixes.observe(Observation { prefix: current, key, bytes: value.value, rank: None, at });
            }
        }
        let names = |workers: Workers| of_row.iter().map(|prefix| workers.of(*prefix)?.label()).collect();
        prefixes.resolve_by_levels().map(names)
    }
}
