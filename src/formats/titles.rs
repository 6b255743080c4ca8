//! Lines above records that differ from section to section: `$ ssh web1 free`, `>>> on web1 <<<`, `Checking web1`.
//!
//! Nothing but the records shows that such a line names a subject: below each title their memory follows itself, and not
//! that below the others. See [`super::prefix`].

use foldhash::HashMap;

use super::prefix::{Observation, PrefixId, Prefixes};
use crate::model::ProcessReadings;

/// A longer line is no title, in bytes.
const LONGEST: usize = 120;
/// Lines of one title: records further below the last ones stand amid a log.
const MOST_LINES: usize = 4;
/// Lines that are kept, and their texts.
const MOST: usize = 100_000;
/// Metrics of a subject that are looked at.
const MOST_METRICS: usize = 64;

/// The lines of a source that may be titles.
#[derive(Debug, Default)]
pub(super) struct Titles {
    texts: Vec<String>,
    places: HashMap<String, usize>,
    /// The number of each line, and the place of its text.
    lines: Vec<(u64, usize)>,
    /// Lines that hold a record of a format that reads when the source ends.
    records: Vec<u64>,
    /// The last text that came before.
    last_again: Option<usize>,
}

impl Titles {
    /// Takes a line that no format claimed.
    pub(super) fn line(&mut self, number: u64, line: &str) {
        let line = line.trim();
        let is_record = self.records.binary_search(&number).is_ok();
        if is_record || self.lines.len() >= MOST || !line.contains(char::is_alphabetic) {
            return;
        }
        // A longer one parts records from what stands above it all the same.
        let line = if line.len() > LONGEST { "" } else { line };
        let place = match self.places.get(line) {
            Some(place) => {
                self.last_again = Some(*place);
                *place
            }
            None => {
                self.places.insert(line.to_owned(), self.texts.len());
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

    /// Returns the place of the last text that came before: such a line heads a section, most likely.
    pub(super) const fn last_again(&self) -> Option<usize> {
        self.last_again
    }

    /// Returns the names of the subjects below titles, for each of these readings, where it has one.
    pub(super) fn names(&self, samples: &ProcessReadings, rows: &[usize]) -> Vec<Option<String>> {
        if self.texts.len() < 2 {
            return Vec::new();
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
                let is_title = above.len() <= MOST_LINES;
                current = if is_title { prefixes.intern("", &title) } else { PrefixId::default() };
            }
            last = last.max(line);
            of_row.push(current);
            for (metric, (_, value)) in samples.values(row).enumerate().take(MOST_METRICS) {
                let key = (samples.subject(row).index() * MOST_METRICS + metric) as u64;
                prefixes.observe(Observation {
                    prefix: current,
                    key,
                    bytes: value.value,
                    rank: None,
                    at: None,
                });
            }
        }
        let workers = prefixes.resolve_by_levels();
        of_row.into_iter().map(|prefix| workers.of(prefix)?.label()).collect()
    }
}
