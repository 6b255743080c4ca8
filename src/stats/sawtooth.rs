//! The lower envelope of a sawtooth: a garbage collector lets memory rise and frees it at once, again and again.
//!
//! **Question.** At which level is the series each time after it was emptied? A leak beneath a sawtooth lifts this
//! lower envelope, and a sawtooth by itself does not.
//!
//! **Procedure.** A period ends where the series falls, in one step, by more than 0.35 of its range (the straight line
//! from first to last value taken off). It is a sawtooth if there are at least four such falls and one in at most 2.2
//! steps, they make up 0.8 of all that falls (where they are beyond five scatters of a step, by its median deviation, a
//! fall within three is noise and not counted), and the rises between them are many: at least 1.4 rising steps and 1.3
//! effective ones ((Σd)²/Σd²) per period. The lower envelope are the values right after the falls.
//!
//! What lies beneath rises where both envelopes do, the values right after the falls and those right before them: one
//! slope and two levels, by least squares, the slope 2.5 half-widths of its 95 % interval above zero, without a bend
//! downwards of two standard errors, where no single step of each leaves less; and by more than a usual rise, since the
//! places of the falls among the samples drift by as much: [`rise_of_envelopes`].
//!
//! With one to three such falls, the same share of all falling, and three rising steps (two effective ones) for each,
//! it may be a sawtooth of too few periods for an envelope: [`few_periods`].
//!
//! **Source.** Ours; the numbers by simulation (docs/statistics.md). **Cost.** O(n).
//!
//! **When it misleads.** Coarse noise of few points can look like a sawtooth, so the series itself should be
//! looked at as well.

use super::order::{extent, median};
use super::scatter::{Rise, rest_of_step};
use super::students_t::two_sided_95;

/// The least fall that ends a period, as a share of the range without trend.
const LEAST_FALL: f64 = 0.35;
/// Fewer periods are restarts, or chance.
const FEWEST_PERIODS: usize = 4;
/// Periods are longer than this on average, in steps.
const SHORTEST_PERIOD: f64 = 2.2;
/// Share of all falling that the periods end with.
const SHARE_OF_FALLS: f64 = 0.8;
/// A fall within this many scatters of the usual step is noise …
const NOISE: f64 = 3.0;
/// … where the falls that end periods are beyond this many.
const BEYOND_NOISE: f64 = 5.0;
/// Rising steps per period …
const RISES_PER_PERIOD: f64 = 1.4;
/// … and effective ones.
const EFFECTIVE_RISES_PER_PERIOD: f64 = 1.3;

/// Returns the indices right after each fall of a sawtooth; `None` if the series is none.
#[must_use]
pub fn lower_envelope(y: &[f64]) -> Option<Vec<usize>> {
    let steps = y.len().checked_sub(1).filter(|&steps| steps > 0)? as f64;
    let tilt = (y[y.len() - 1] - y[0]) / steps;
    let (low, high) = tilted_extent(y, tilt);
    let least = LEAST_FALL * (high - low);
    // Few series are sawteeth, and the number of large falls says so of most others.
    let (from, to) = (&y[..y.len() - 1], &y[1..]);
    let large_falls = from.iter().zip(to).map(|(from, to)| usize::from(from - to > least)).sum::<usize>();
    let periods = large_falls as f64;
    if large_falls < FEWEST_PERIODS || periods * SHORTEST_PERIOD > y.len() as f64 {
        return None;
    }
    let noise = noise(y, least);
    let (mut envelope, mut in_periods, mut fallen) = (Vec::new(), 0.0, 0.0);
    let (mut rises, mut rise, mut squares) = (0_usize, 0.0, 0.0);
    for (i, pair) in y.windows(2).enumerate() {
        let d = pair[1] - pair[0];
        if d > 0.0 {
            rises += 1;
            rise += d;
            squares += d * d;
        } else if -d > noise {
            fallen -= d;
        }
        if -d > least {
            envelope.push(i + 1);
            in_periods -= d;
        }
    }
    let sawtooth = rises as f64 >= RISES_PER_PERIOD * periods
        && in_periods >= SHARE_OF_FALLS * fallen
        && rise * rise >= EFFECTIVE_RISES_PER_PERIOD * periods * squares;
    sawtooth.then_some(envelope)
}

/// Half-widths of the 95 % interval of the envelopes' slope that it must be above zero.
const RISES: f64 = 2.5;
/// Standard errors by which the envelopes may bend downwards.
const FLATTENS: f64 = 2.0;

/// Returns the rise of both envelopes of a sawtooth: those of the values at these places, right after each fall, and of
/// the values before them. `None` where they do not rise, or flatten.
#[must_use]
pub fn rise_of_envelopes(y: &[f64], lower: &[usize]) -> Option<Rise> {
    let periods = lower.len() as f64;
    let mean = lower.iter().map(|&place| place as f64).sum::<f64>() / periods;
    // Both envelopes have the same places, but for a step.
    let at = |k: usize| lower[k] as f64 - mean;
    let over = |of: &dyn Fn(usize) -> f64| (0..lower.len()).map(of).sum::<f64>();
    let (squares, cubes) = (over(&|k| at(k).powi(2)), over(&|k| at(k).powi(3)));
    if lower.len() < FEWEST_PERIODS {
        return None;
    }
    let curve = |k: usize| at(k).powi(2) - squares / periods - cubes / squares * at(k);
    let curve_squares = over(&|k| curve(k).powi(2));
    let envelopes = [0, 1].map(|before| {
        let value = move |k: usize| y[lower[k] - before];
        let level = over(&value) / periods;
        move |k: usize| value(k) - level
    });
    let both = |of: &dyn Fn(usize, f64) -> f64| {
        envelopes.iter().map(|value| over(&|k| of(k, value(k)))).sum::<f64>()
    };
    let slope = both(&|k, value| at(k) * value) / (2.0 * squares);
    let along = both(&|k, value| curve(k) * value);
    let left = both(&|k, value| (value - slope * at(k)).powi(2));
    let degrees = 2 * lower.len() - 3;
    let deviation = (left / degrees as f64).sqrt();
    let half = two_sided_95(degrees) * deviation / (2.0 * squares).sqrt();
    let unbent = (left - along * along / (2.0 * curve_squares)).max(0.0) / (degrees - 1) as f64;
    let bend = if along == 0.0 { 0.0 } else { along / (2.0 * unbent * curve_squares).sqrt() };
    let grown = slope * (lower[lower.len() - 1] - lower[0]) as f64;
    let mut rises: Vec<f64> = y.windows(2).map(|w| w[1] - w[0]).filter(|d| *d > 0.0).collect();
    let of_a_step = [0, 1].map(|before| {
        let envelope: Vec<f64> = lower.iter().map(|place| y[place - before]).collect();
        rest_of_step(&envelope)
    });
    let is_no_step = of_a_step.iter().sum::<f64>() >= left;
    let is_clear = slope > RISES * half && bend >= -FLATTENS && is_no_step && grown > median(&mut rises);
    is_clear.then_some(Rise { growth: grown / deviation, bend })
}

/// A series that rose and fell back, too few times for an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FewPeriods {
    /// Number of falls.
    pub falls: usize,
    /// Whether the lower envelope rises all the same, by more than one usual rise, as a fall may end anywhere within
    /// one: no fall ends lower than the one before, and the last higher than the first; or a single one higher than
    /// the series began, which was no lower than the envelope.
    pub rises: bool,
}

/// Rising steps for each fall of a series of few periods …
const RISES_PER_FALL: f64 = 3.0;
/// … and effective ones.
const EFFECTIVE_RISES_PER_FALL: f64 = 2.0;

/// Returns the falls of a series that rises evenly and falls at once, one time to three; `None` if it is none.
#[must_use]
pub fn few_periods(y: &[f64]) -> Option<FewPeriods> {
    let (low, high) = extent(y);
    let least = LEAST_FALL * (high - low);
    let (mut lowest, mut fallen, mut in_periods) = (Vec::new(), 0.0, 0.0);
    let mut rises: Vec<f64> = Vec::new();
    for (i, pair) in y.windows(2).enumerate() {
        let d = pair[1] - pair[0];
        if d > 0.0 {
            rises.push(d);
        } else {
            fallen -= d;
        }
        if -d > least {
            lowest.push(i + 1);
            in_periods -= d;
        }
    }
    let falls = lowest.len();
    let (rise, squares) = rises.iter().fold((0.0, 0.0), |(sum, squares), d| (sum + d, squares + d * d));
    let is_sawtooth = (1..FEWEST_PERIODS).contains(&falls)
        && in_periods >= SHARE_OF_FALLS * fallen
        && rises.len() as f64 >= RISES_PER_FALL * falls as f64
        && rise * rise >= EFFECTIVE_RISES_PER_FALL * falls as f64 * squares;
    if !is_sawtooth {
        return None;
    }
    let usual = median(&mut rises);
    let lowest: Vec<f64> = lowest.into_iter().map(|i| y[i]).collect();
    let from = if falls == 1 { y[0] } else { lowest[0] };
    let rises = lowest.is_sorted() && lowest[falls - 1] - from > usual;
    Some(FewPeriods { falls, rises })
}

/// The lowest and the highest value, the straight line of this slope taken off.
fn tilted_extent(y: &[f64], tilt: f64) -> (f64, f64) {
    const BLOCK: usize = 64;
    let mut extents = (f64::INFINITY, f64::NEG_INFINITY);
    for (part, block) in y.chunks(BLOCK).enumerate() {
        let mut buffer = [0.0; BLOCK];
        let levels = &mut buffer[..block.len()];
        for (i, (level, v)) in levels.iter_mut().zip(block).enumerate() {
            *level = v - tilt * (part * BLOCK + i) as f64;
        }
        let (low, high) = extent(levels);
        extents = (extents.0.min(low), extents.1.max(high));
    }
    extents
}

/// Falls up to this are noise: three scatters below the usual step, if the `least` fall of a period is far beyond.
fn noise(y: &[f64], least: f64) -> f64 {
    let mut steps: Vec<f64> = y.windows(2).map(|w| w[1] - w[0]).collect();
    let usual = median(&mut steps);
    let mut off: Vec<f64> = steps.iter().map(|d| (d - usual).abs()).collect();
    let scatter = 1.4826 * median(&mut off);
    if least >= BEYOND_NOISE * scatter { NOISE * scatter - usual } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saw(n: usize, period: usize, lift: f64) -> Vec<f64> {
        (0..n).map(|i| 100.0 + lift * i as f64 + 10.0 * (i % period) as f64).collect()
    }

    #[test]
    fn the_envelope_is_right_after_the_falls() {
        for (n, period) in [(20, 4), (40, 8), (500, 30)] {
            for lift in [0.0, 1.0] {
                let expected: Vec<usize> = (1..n).filter(|i| i % period == 0).collect();
                assert_eq!(lower_envelope(&saw(n, period, lift)), Some(expected), "{n}, {period}, {lift}");
            }
        }
    }

    #[test]
    fn both_envelopes_rise_by_more_than_the_places_of_falls_drift() {
        // Falls between two samples.
        let drifting = |n: i32, period: f64, lift: f64| -> Vec<f64> {
            (0..n).map(f64::from).map(|t| 100.0 + lift * t + 10.0 * (t % period)).collect()
        };
        for (name, y, expected) in [
            ("a leak", drifting(40, 5.3, 2.0), true),
            ("a faster one", drifting(40, 5.3, 20.0), true),
            ("none", saw(40, 5, 0.0), false),
            ("none, and the places drift upwards", drifting(24, 4.9, 0.0), false),
            ("and downwards", drifting(24, 5.1, 0.0), false),
            ("it falls", drifting(40, 5.3, -2.0), false),
            (
                "a step",
                saw(40, 5, 0.0)
                    .iter()
                    .enumerate()
                    .map(|(i, v)| v + if i < 20 { 0.0 } else { 30.0 })
                    .collect(),
                false,
            ),
        ] {
            let lower = lower_envelope(&y).unwrap_or_default();
            assert_eq!(rise_of_envelopes(&y, &lower).is_some(), expected, "{name}");
        }
        assert_eq!(rise_of_envelopes(&[1.0, 2.0, 3.0], &[1]), None);
    }

    #[test]
    fn a_series_that_is_no_sawtooth_has_no_envelope() {
        let line: Vec<f64> = (0..40).map(f64::from).collect();
        let wave: Vec<f64> = (0..40).map(|i| (f64::from(i) * 0.9).sin()).collect();
        let spikes: Vec<f64> = (0..40).map(|i| if i % 8 == 3 { 9.0 } else { 1.0 }).collect();
        for (name, y) in
            [("a line", line), ("a wave", wave), ("spikes", spikes), ("three periods", saw(40, 11, 0.0))]
        {
            assert_eq!(lower_envelope(&y), None, "{name}");
        }
        assert_eq!(lower_envelope(&[]), None);
        assert_eq!(lower_envelope(&[5.0; 30]), None);
    }
}
