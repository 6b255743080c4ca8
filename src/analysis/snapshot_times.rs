//! Times of snapshots in files of their own that carry none: those in the names of the files, else those at which the
//! files were written.

use super::taken_source::TakenSource;
use crate::model::SnapshotClock;
use crate::time::{Timestamps, time_of_file_name};

/// Fewer files than these show no order of times.
const LEAST_FILES: usize = 3;
/// Times of files count if the usual distance between two of them is at least this …
const LEAST_SECONDS: f64 = 1.0;
/// … the whole takes at least this: a clone, a copy or an unpacked archive has all files of one minute …
const LEAST_SPAN_SECONDS: f64 = 60.0;
/// … and this share of the distances …
const EVEN_SHARE: f64 = 0.8;
/// … is within this factor of the usual one, as a recording's are.
const EVEN_FACTOR: f64 = 2.0;

/// Gives the only snapshot of each source without times the time in the name of its file, where those ascend; else that
/// at which the file was written, where those ascend and are spaced like a recording.
pub(super) fn set_times_of_files(sources: &mut [TakenSource]) {
    let untimed: Vec<usize> = (0..sources.len()).filter(|&at| is_untimed(&sources[at])).collect();
    let of_all = |time: fn(&TakenSource) -> Option<f64>| -> Option<Vec<f64>> {
        let times: Vec<f64> = untimed.iter().filter_map(|&at| time(&sources[at])).collect();
        let ascend = times.windows(2).all(|pair| pair[0] < pair[1]);
        (times.len() == untimed.len() && times.len() >= LEAST_FILES && ascend).then_some(times)
    };
    let found = of_all(|source| time_of_file_name(&source.records.name))
        .map(|times| (SnapshotClock::FileNames, times))
        .or_else(|| {
            let times = of_all(|source| source.written_seconds).filter(|times| are_of_a_recording(times))?;
            Some((SnapshotClock::FileTimes, times))
        });
    let Some((clock, times)) = found else { return };
    for (at, seconds) in untimed.into_iter().zip(times) {
        set_time(&mut sources[at], seconds, clock);
    }
}

/// Whether a source is one snapshot without a time.
fn is_untimed(source: &TakenSource) -> bool {
    let records = &source.records;
    matches!(records.snapshots.as_slice(), [only] if records.times.seconds(only.time).is_nan())
        && records.samples.is_empty()
}

/// Whether times are spaced as those of a recording are.
#[allow(clippy::cast_precision_loss, reason = "numbers of files are small")]
fn are_of_a_recording(times: &[f64]) -> bool {
    let mut steps: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    steps.sort_by(f64::total_cmp);
    let Some(&usual) = steps.get(steps.len() / 2) else { return false };
    let is_even = |step: &&f64| (usual / EVEN_FACTOR..=usual * EVEN_FACTOR).contains(*step);
    let span: f64 = steps.iter().sum();
    usual >= LEAST_SECONDS
        && span >= LEAST_SPAN_SECONDS
        && steps.iter().filter(is_even).count() as f64 >= EVEN_SHARE * steps.len() as f64
}

fn set_time(source: &mut TakenSource, seconds: f64, clock: SnapshotClock) {
    let mut times = Timestamps::new();
    let Some(time) = times.epoch_seconds(seconds) else { return };
    let records = &mut source.records;
    records.times = times.finish().timeline();
    records.snapshots.iter_mut().for_each(|snapshot| snapshot.time = Some(time));
    records.clock = clock;
}
