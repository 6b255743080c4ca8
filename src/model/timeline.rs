//! The time axis of a report: what its times are worth, and what to do where they repeat, go back or are
//! missing.

use super::{Axis, Moment};

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

/// Puts readings on an axis.
///
/// Times that repeat (a report finer than its clock) are spread evenly up to the next time, over one second
/// at most: the order is known, the moment only to the clock's step. Where time goes back the axis goes on
/// by the usual step, so that it stays elapsed time. A missing time is taken between its neighbours. Without
/// any times the axis counts samples.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn timeline(times: &[Option<Moment>]) -> Timeline {
    let known: Vec<(usize, f64)> =
        times.iter().enumerate().filter_map(|(i, at)| at.map(|at| (i, at.seconds))).collect();
    if known.is_empty() || known.len() * 2 < times.len() {
        let positions = (0..times.len()).map(|i| i as f64).collect();
        return Timeline { axis: Axis::Samples, positions, backward: Vec::new() };
    }
    let usual = usual_step(&known);
    let mut backward = Vec::new();
    let mut shift = 0.0;
    let mut elapsed: Vec<(usize, f64)> = Vec::with_capacity(known.len());
    for (k, &(i, seconds)) in known.iter().enumerate() {
        if let Some(&(_, before)) = k.checked_sub(1).and_then(|p| known.get(p))
            && seconds < before
        {
            backward.push(i);
            shift += before - seconds + usual;
        }
        elapsed.push((i, seconds + shift));
    }
    spread(&mut elapsed);
    let positions = interpolated(&elapsed, times.len(), usual);
    Timeline { axis: Axis::Seconds, positions, backward }
}

/// The median of the positive steps; one second where there are none.
fn usual_step(known: &[(usize, f64)]) -> f64 {
    let mut steps: Vec<f64> = known.windows(2).map(|w| w[1].1 - w[0].1).filter(|d| *d > 0.0).collect();
    steps.sort_by(f64::total_cmp);
    steps.get(steps.len() / 2).copied().unwrap_or(1.0)
}

/// Spreads runs of equal times.
#[allow(clippy::cast_precision_loss)]
fn spread(elapsed: &mut [(usize, f64)]) {
    let mut from = 0;
    while from < elapsed.len() {
        let at = elapsed[from].1;
        let run = elapsed[from..].iter().take_while(|(_, t)| *t == at).count();
        let room = elapsed.get(from + run).map_or(1.0, |(_, next)| (next - at).min(1.0));
        for (j, (_, t)) in elapsed[from..from + run].iter_mut().enumerate() {
            *t = at + room * j as f64 / run as f64;
        }
        from += run;
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
        timeline(&times.iter().map(|t| t.map(Moment::from_seconds)).collect::<Vec<_>>()).positions
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
        let line =
            timeline(&[Some(10.0), Some(20.0), Some(5.0)].map(|t: Option<f64>| t.map(Moment::from_seconds)));
        assert_eq!((line.backward, line.axis), (vec![2], Axis::Seconds));
    }
}
