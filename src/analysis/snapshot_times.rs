//! Times of snapshots in files of their own that carry none: those in the names of the files, else those at which the
//! files were written.

use super::explain;
use super::taken_source::TakenSource;
use crate::model::{SnapshotClock, SourceTimeline, TimeBase};
use crate::time::Timestamps;

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
    let found = of_all(|source| time_of_name(&source.records.name))
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
    source.input.span = explain::span(records);
}

/// Returns the time in a file's name in seconds since 1970: `2024-05-23_12-00-05.txt`, `dump.20240523T1200.log`,
/// `2024-05-23`, `1716465600.txt`. Without a zone it is UTC.
fn time_of_name(path: &str) -> Option<f64> {
    let name = path.rsplit(['/', '\\']).next()?;
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut at = 0;
    while let Some(first) = name.get(at..).and_then(|rest| rest.find(|letter: char| letter.is_ascii_digit()))
    {
        let rest = &name[at + first..];
        let length = digits(rest);
        let found = match length {
            10 => rest[..10].parse().ok().filter(|seconds: &f64| *seconds >= 1e9),
            13 => {
                rest[..13].parse().ok().map(|millis: f64| millis / 1000.0).filter(|seconds| *seconds >= 1e9)
            }
            _ => calendar_time(rest),
        };
        if found.is_some() {
            return found;
        }
        at += first + length;
    }
    None
}

/// Returns the time of a text that begins with a date, in which single signs may separate the numbers.
fn calendar_time(text: &str) -> Option<f64> {
    const WIDTHS: [usize; 6] = [4, 2, 2, 2, 2, 2];
    let mut parts: Vec<&str> = Vec::new();
    let mut rest = text;
    for width in WIDTHS {
        let separated = rest.strip_prefix(['-', '_', '.', ':', 'T', 't', ' ']).filter(|_| !parts.is_empty());
        let Some(part) = separated.unwrap_or(rest).get(..width) else { break };
        if !part.bytes().all(|letter| letter.is_ascii_digit()) {
            break;
        }
        parts.push(part);
        rest = &separated.unwrap_or(rest)[width..];
    }
    let number = |at: usize| parts.get(at).copied().unwrap_or("00");
    // A number that goes on is no date, and an hour without minutes no time of day.
    if rest.starts_with(|letter: char| letter.is_ascii_digit()) || parts.len() < 3 || parts.len() == 4 {
        return None;
    }
    let [year, month, day, hour, minute, second] = std::array::from_fn(number);
    let mut times = Timestamps::new();
    let time = times.stamp(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z"))?.time;
    let timeline: SourceTimeline = times.finish().timeline();
    Some(timeline.seconds(Some(time))).filter(|seconds| timeline.base == TimeBase::Utc && !seconds.is_nan())
}
