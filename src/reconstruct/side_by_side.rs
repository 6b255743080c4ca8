//! Subjects of one name with identifiers of their own: several side by side, or one that was restarted.

use foldhash::HashMap;

use crate::model::{SourceRecords, Subject};

/// A clock is set back by an hour, and a little more. Two that overlap for longer live at one time.
const MOST_SET_BACK: f64 = 3700.0;
/// Of so many identifiers, one after the other, …
const MANY_RUNS: usize = 3;
/// … with so many moments of the recording between two of them, each is a run of its own: a service that restarts is
/// back sooner.
const MOMENTS_WITHOUT: usize = 3;
/// Processes of one name that are read once each: jobs, and no service that is restarted.
const SHORT_LIVED: usize = 2;
/// Readings of a process that has a course of its own.
const ENOUGH_READINGS: usize = 5;

/// The readings of one subject in its source.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    /// The first row, and the last.
    rows: (usize, usize),
    /// The first time in seconds, and the last; not a number where one is unknown.
    seconds: (f64, f64),
    number: usize,
    readings: usize,
}

impl Stretch {
    fn add(&mut self, row: usize, seconds: f64) {
        self.rows.1 = row;
        self.readings += 1;
        if seconds.is_nan() {
            self.seconds = (f64::NAN, f64::NAN);
        } else if !self.seconds.0.is_nan() {
            self.seconds = (self.seconds.0.min(seconds), self.seconds.1.max(seconds));
        }
    }

    /// Whether one lives while the other does. A table sorted by process has no two side by side: their times tell.
    fn overlaps(&self, later: &Self) -> bool {
        let (shared, shorter) = (
            self.seconds.1.min(later.seconds.1) - self.seconds.0.max(later.seconds.0),
            (self.seconds.1 - self.seconds.0).min(later.seconds.1 - later.seconds.0),
        );
        // Two that are read once each are read side by side if they are read at one time.
        later.rows.0 < self.rows.1
            || self.seconds.1 == later.seconds.0
            || shared > MOST_SET_BACK
            || shared > 0.0 && shared * 2.0 >= shorter
    }
}

/// Returns for each subject of a source whether it is another than those of the same name with other identifiers: they
/// live at one time, or each is a run of its own.
pub(super) fn names_side_by_side(source: &SourceRecords) -> Vec<bool> {
    let SourceRecords { samples, subjects, times, .. } = source;
    let seconds = |row: usize| times.seconds(samples.time(row));
    let mut stretches: Vec<Option<Stretch>> = vec![None; subjects.all().len()];
    for (row, number) in samples.subjects().enumerate() {
        let number = number.index();
        let Some(stretch) = stretches.get_mut(number) else { continue };
        let at = seconds(row);
        stretch
            .get_or_insert(Stretch { rows: (row, row), seconds: (at, at), number, readings: 0 })
            .add(row, at);
    }
    let mut names: HashMap<Subject, Vec<Stretch>> = HashMap::default();
    for (stretch, subject) in stretches.iter().zip(subjects.all()) {
        if let (Some(stretch), true) = (stretch, subject.id.is_some()) {
            names.entry(Subject { id: None, ..subject.clone() }).or_default().push(*stretch);
        }
    }
    // Without times, and with nobody read twice, it is a list of one moment.
    let is_one_list =
        stretches.iter().flatten().all(|stretch| stretch.readings == 1 && stretch.seconds.0.is_nan());
    let mut moments = None;
    let mut apart = vec![false; subjects.all().len()];
    for mut stretches in names.into_values().filter(|stretches| stretches.len() > 1) {
        stretches.sort_unstable_by_key(|stretch| stretch.rows);
        let in_time = {
            let mut sorted = stretches.clone();
            sorted.sort_by(|a, b| a.seconds.0.total_cmp(&b.seconds.0));
            sorted
        };
        let overlap = [&stretches, &in_time]
            .into_iter()
            .any(|order| order.windows(2).any(|pair| pair[0].overlaps(&pair[1])));
        let mut are_runs = || {
            let moments = moments.get_or_insert_with(|| moments_of(source));
            in_time.windows(2).any(|pair| moments_between(moments, pair) >= MOMENTS_WITHOUT)
        };
        // Processes that are read once each are no restarts of one that is read again and again.
        let read = |least: usize| stretches.iter().filter(|stretch| stretch.readings >= least).count();
        let are_short = stretches.len() - read(2) >= SHORT_LIVED && read(ENOUGH_READINGS) > 0;
        if is_one_list || overlap || are_short || stretches.len() >= MANY_RUNS && are_runs() {
            stretches.iter().for_each(|stretch| apart[stretch.number] = true);
        }
    }
    apart
}

/// Returns the moments of a source in seconds, in order and each once.
fn moments_of(source: &SourceRecords) -> Vec<f64> {
    let seconds = source.samples.times().map(|time| source.times.seconds(time));
    let mut moments: Vec<f64> = seconds.filter(|at| !at.is_nan()).collect();
    moments.sort_by(f64::total_cmp);
    moments.dedup();
    moments
}

/// Returns the number of moments after one stretch and before the next.
fn moments_between(moments: &[f64], pair: &[Stretch]) -> usize {
    let (end, start) = (pair[0].seconds.1, pair[1].seconds.0);
    let after = moments.partition_point(|at| *at <= end);
    moments.partition_point(|at| *at < start).saturating_sub(after)
}
