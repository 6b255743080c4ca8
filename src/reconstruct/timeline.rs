//! The time axis of a report: what its times are worth, and what to do where they repeat, go back or are
//! missing.

use crate::model::Axis;

/// Positions for the readings of a report, strictly increasing.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// Seconds, or the number of the sample where there are no times.
    pub axis: Axis,
    /// One position a reading.
    pub positions: Vec<f64>,
    /// Readings before which time went backward: the clock was set, or another process's log begins.
    pub backward: Vec<usize>,
}

/// Puts readings on an axis; `times` are seconds, not a number where none is known.
///
/// Times that repeat (a report finer than its clock) are spread evenly up to the next time, over one second
/// at most: the order is known, the moment only to the clock's step. Where time goes back the axis goes on
/// by the usual step, so that it stays elapsed time. A missing time is taken between its neighbours. Without
/// any times the axis counts samples.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn timeline(mut times: Vec<f64>) -> Timeline {
    if times.first().is_some_and(|first| !first.is_nan()) && times.is_sorted_by(|a, b| a < b) {
        // The usual report: all times are known, and each is later than the one before.
        return Timeline { axis: Axis::Seconds, positions: times, backward: Vec::new() };
    }
    let known = times.iter().filter(|seconds| !seconds.is_nan()).count();
    // Times that are all the same say nothing about the distance of readings.
    let mut distinct = times.iter().filter(|seconds| !seconds.is_nan());
    let first = distinct.next();
    let all_equal = known > 1 && distinct.all(|seconds| Some(seconds) == first);
    if known == 0 || known * 2 < times.len() || all_equal {
        let positions = (0..times.len()).map(|i| i as f64).collect();
        return Timeline { axis: Axis::Samples, positions, backward: Vec::new() };
    }
    if known < times.len() {
        let mut elapsed: Vec<(usize, f64)> = Vec::with_capacity(known);
        elapsed.extend(times.iter().copied().enumerate().filter(|(_, seconds)| !seconds.is_nan()));
        let mut seconds: Vec<f64> = elapsed.iter().map(|(_, seconds)| *seconds).collect();
        let usual = usual_step(&seconds);
        let backward = go_on(&mut seconds, usual).into_iter().map(|k| elapsed[k].0).collect();
        spread(&mut seconds);
        elapsed.iter_mut().zip(seconds).for_each(|((_, at), seconds)| *at = seconds);
        let positions = interpolated(&elapsed, times.len(), usual);
        return Timeline { axis: Axis::Seconds, positions, backward };
    }
    let backward = if times.is_sorted() {
        Vec::new()
    } else {
        let usual = usual_step(&times);
        go_on(&mut times, usual)
    };
    spread(&mut times);
    Timeline { axis: Axis::Seconds, positions: times, backward }
}

/// The median of the positive steps; one second where there are none.
fn usual_step(known: &[f64]) -> f64 {
    let mut steps: Vec<f64> = known.windows(2).map(|w| w[1] - w[0]).filter(|d| *d > 0.0).collect();
    let half = steps.len() / 2;
    if steps.is_empty() { 1.0 } else { *steps.select_nth_unstable_by(half, f64::total_cmp).1 }
}

/// Lets time go on by the usual step where it goes back; returns the places.
fn go_on(times: &mut [f64], usual: f64) -> Vec<usize> {
    let mut backward = Vec::new();
    let mut shift = 0.0;
    let mut before = f64::NEG_INFINITY;
    for (i, seconds) in times.iter_mut().enumerate() {
        if *seconds < before {
            backward.push(i);
            shift += before - *seconds + usual;
        }
        before = *seconds;
        *seconds += shift;
    }
    backward
}

/// Spreads runs of equal times, so that all increase.
#[allow(clippy::cast_precision_loss)]
fn spread(elapsed: &mut [f64]) {
    let mut from = 0;
    while let Some(&at) = elapsed.get(from) {
        let run = elapsed[from..].iter().take_while(|t| **t == at).count();
        let gap = elapsed.get(from + run).map_or(1.0, |next| (next - at).min(1.0));
        for (j, t) in elapsed[from..from + run].iter_mut().enumerate().skip(1) {
            *t = at + gap * j as f64 / run as f64;
        }
        from += run;
    }
    // Millions of samples within one second are finer than the numbers for their times.
    let mut last = f64::NEG_INFINITY;
    for t in elapsed {
        *t = if *t > last { *t } else { last.next_up() };
        last = *t;
    }
}

/// Positions of all readings: missing ones on a straight line between their neighbours.
#[allow(clippy::cast_precision_loss)]
fn interpolated(elapsed: &[(usize, f64)], length: usize, usual: f64) -> Vec<f64> {
    let mut positions = Vec::with_capacity(length);
    let mut next = 0;
    for i in 0..length {
        while next < elapsed.len() && elapsed[next].0 < i {
            next += 1;
        }
        let left = next.checked_sub(1).and_then(|p| elapsed.get(p));
        let position = match (left, elapsed.get(next)) {
            (_, Some(&(at, t))) if at == i => t,
            (Some(&(a, x)), Some(&(b, y))) => x + (y - x) * (i - a) as f64 / (b - a) as f64,
            (Some(&(a, x)), None) => x + usual * (i - a) as f64,
            (None, Some(&(b, y))) => y - usual * (b - i) as f64,
            (None, None) => i as f64,
        };
        positions.push(position);
    }
    positions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn positions(times: &[Option<f64>]) -> Vec<f64> {
        timeline(times.iter().map(|t| t.unwrap_or(f64::NAN)).collect()).positions
    }

    #[test]
    fn times_become_positions_that_increase() {
        for (times, expected) in [
            (vec![Some(10.0), Some(20.0)], vec![10.0, 20.0]),
            (vec![Some(10.0), Some(10.0), Some(11.0)], vec![10.0, 10.5, 11.0]),
            (vec![Some(10.0), Some(10.0), Some(600.0)], vec![10.0, 10.5, 600.0]),
            (vec![Some(10.0), None, Some(30.0)], vec![10.0, 20.0, 30.0]),
            (vec![None, Some(20.0), Some(30.0), None], vec![10.0, 20.0, 30.0, 40.0]),
            (vec![Some(10.0), Some(20.0), Some(5.0), Some(15.0)], vec![10.0, 20.0, 30.0, 40.0]),
            (vec![None, None, None], vec![0.0, 1.0, 2.0]),
            (vec![Some(7.0), None, None], vec![0.0, 1.0, 2.0]),
            (vec![], vec![]),
        ] {
            assert_eq!(positions(&times), expected, "{times:?}");
        }
    }

    #[test]
    fn time_that_goes_back_is_told() {
        let line = timeline(vec![10.0, 20.0, 5.0]);
        assert_eq!((line.backward, line.axis), (vec![2], Axis::Seconds));
    }
}
