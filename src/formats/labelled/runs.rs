//! Runs of a program whose outputs stand one after another: an index that rises from reading to reading begins anew.

use std::collections::BTreeMap;

use super::gathered::Reading;
use super::labels::LabelId;

/// Readings of one label in each run.
const ENOUGH: usize = 3;
/// Runs of one source. An index that begins anew more often counts something within a run.
const MOST_RUNS: usize = 16;

/// The runs of one source, by the lines at which they begin.
#[derive(Debug, Default)]
pub struct Runs(Vec<u64>);

impl Runs {
    /// Finds the runs among readings in the order of their lines.
    #[must_use]
    pub fn of(readings: &[Reading]) -> Self {
        let mut by_label: BTreeMap<LabelId, Vec<(u64, f64)>> = BTreeMap::new();
        for reading in readings {
            if let Some(index) = reading.index {
                by_label.entry(reading.label).or_default().push((reading.line, index));
            }
        }
        let begin_anew = by_label.values().find_map(|rows| restarts(rows)).unwrap_or_default();
        // A run begins where its first line does: after the widest gap between readings.
        let begin = |(last, first): &(u64, u64)| {
            let lines: Vec<u64> = readings
                .iter()
                .map(|reading| reading.line)
                .filter(|line| (last..=first).contains(&line))
                .collect();
            lines.windows(2).max_by_key(|pair| pair[1] - pair[0]).map_or(*first, |pair| pair[1])
        };
        Self(begin_anew.iter().map(begin).collect())
    }

    /// Returns the number of the run of a line, counted from 1; `None` if there is one run.
    #[must_use]
    pub fn of_line(&self, line: u64) -> Option<usize> {
        (!self.0.is_empty()).then(|| 1 + self.0.iter().filter(|begin| **begin <= line).count())
    }
}

/// Returns the lines before and at which an index begins anew, if it rises strictly in each run.
fn restarts(rows: &[(u64, f64)]) -> Option<Vec<(u64, u64)>> {
    let first = rows.first()?.1;
    let mut found = Vec::new();
    let mut length = 1;
    for pair in rows.windows(2) {
        let ((last_line, last), (line, index)) = (pair[0], pair[1]);
        if index > last {
            length += 1;
        } else if index == first && length >= ENOUGH {
            found.push((last_line, line));
            length = 1;
        } else {
            return None;
        }
    }
    (length >= ENOUGH && (1..MOST_RUNS).contains(&found.len())).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::restarts;

    #[test]
    fn an_index_begins_anew() {
        let found = |indexes: &[f64]| {
            let rows: Vec<(u64, f64)> = (1..).zip(indexes.iter().copied()).collect();
            restarts(&rows).unwrap_or_default()
        };
        assert_eq!(found(&[100.0, 200.0, 300.0, 100.0, 200.0, 300.0, 400.0]), [(3, 4)]);
        for one_run in [
            &[1.0, 2.0, 3.0][..],
            &[1.0, 1.0, 1.0, 1.0],
            &[1.0, 2.0, 1.0, 2.0],
            &[5.0, 6.0, 7.0, 1.0, 2.0, 3.0],
        ] {
            assert!(found(one_run).is_empty(), "{one_run:?}");
        }
    }
}
