//! Processes that grew until they fell in their last samples.
//!
//! A cache that was cleared and a process that was started anew look alike in a sample or two, and so does one that
//! was looked at while it ended. The verdict on the whole says that such a process no longer grows, and rests on those
//! samples.

use rayon::prelude::*;

use crate::model::{Sample, Series, Transitions};
use crate::verdict::{Judge, JudgedProcess, Verdict};

/// Returns for each process the number of its last samples, fewer than a verdict needs, without which it would grow:
/// all of them lie below as many samples before them as a verdict needs.
#[must_use]
pub fn falls_at_end(processes: &[JudgedProcess], judge: &Judge) -> Vec<Option<usize>> {
    processes.par_iter().map(|judged| fall_at_end(judged, judge)).collect()
}

fn fall_at_end(judged: &JudgedProcess, judge: &Judge) -> Option<usize> {
    let least = judge.thresholds.least_points;
    if judged.trend.verdict == Verdict::Growing || judged.trend.points <= least {
        return None;
    }
    let series = judged.process.series();
    let last = (1..least).find(|last| have_fallen(series.samples(), *last, least))?;
    let before = without_last(&series, last);
    let grew = judge.trend_of_process(&before, judged.process.metric).verdict == Verdict::Growing;
    grew.then_some(last)
}

/// Whether the last samples lie below those before them, and in the lower half of all. After a smaller fall most of the
/// growth is still there, and the verdict on the whole sees it.
fn have_fallen(samples: &[Sample], last: usize, before: usize) -> bool {
    if samples.len() < before + last {
        return false;
    }
    let values = |samples: &[Sample]| samples.iter().map(|sample| sample.value.value).collect::<Vec<f64>>();
    let lowest = |values: &[f64]| values.iter().copied().fold(f64::INFINITY, f64::min);
    let all = values(samples);
    let (before, last) = all[all.len() - before - last..].split_at(before);
    let highest = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let bound = lowest(before).min(f64::midpoint(lowest(&all), highest));
    last.iter().all(|value| *value < bound)
}

fn without_last(series: &Series, last: usize) -> Series {
    let samples = series.samples()[..series.samples().len() - last].to_vec();
    let starts: Vec<usize> = series.segments().iter().map(|segment| segment.start).collect();
    let is_start = |at: &usize| starts.binary_search(at).is_ok();
    let mut steps = Transitions::default();
    for at in (1..samples.len()).filter(|at| !is_start(at)) {
        steps.count(samples[at].value.value - samples[at - 1].value.value);
    }
    let uneven_times = series.uneven_times().map(Into::into);
    Series::new(series.axis(), samples, &starts, steps).with_uneven_times(uneven_times)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Measured;

    #[test]
    fn a_fall_undoes_most_of_the_growth() {
        for (values, last, expected) in [
            (&[5, 6, 7, 8, 9, 1][..], 1, true),
            (&[5, 6, 7, 8, 9, 4, 3], 2, true),
            (&[5, 6, 7, 8, 9, 5], 1, false),
            (&[1, 5, 6, 7, 8, 9, 4], 1, true),
            // In the upper half.
            (&[1, 6, 7, 8, 9, 10, 6], 1, false),
            (&[1, 7, 8, 9, 10, 11, 6, 6], 2, false),
            (&[1, 5, 6, 7, 8, 9, 2], 1, true),
            (&[6, 7, 8, 9, 1], 1, false),
            (&[], 1, false),
        ] {
            let samples: Vec<Sample> = (0_i32..)
                .zip(values)
                .map(|(at, value)| Sample { at: f64::from(at), value: Measured::exact(f64::from(*value)) })
                .collect();
            assert_eq!(have_fallen(&samples, last, 5), expected, "{values:?}");
        }
    }
}
