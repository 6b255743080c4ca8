//! A line under scatter: growth of a few times a noise that has no memory.
//!
//! **Question.** Half of the values of a series lie off its line. Does it wander, or does it grow under noise? And
//! where a process restarted: does the memory of each of its segments rise by one slope?
//!
//! **Formula.** One slope `b` and a level for each segment, by least squares. The noise scatters where the lag-1
//! correlation `r` of what the lines leave, freed of its bias, is a standard error or more below a half. The error of
//! `b` is then that of independent noise, √((1+r)/(1−r)) times as wide (Bartlett 1935). The line rises where `b` is
//! more than two half-widths of its 95 % interval above zero, four standard errors. It does not flatten where the mean
//! coefficient of x² is less than two standard errors below zero, nor the slope of the last two fifths two of its own
//! below `b`. Where one step in each segment leaves less than the lines do, it was a step. Growth by fewer than six of
//! the smallest steps that the values take is flicker of a few blocks. Growth by less than three times the scatter may
//! be what comes and goes, however many values there are, and does not stand out. Of a single segment means of
//! neighbouring values tell the path with less noise than the values do: some ten groups of equal size, counted from
//! the end.
//!
//! From eight to fifteen values there are too few to see that noise has no memory, and a line must be clearer: it does
//! not flatten by one and a half standard errors, the best step leaves 1.3 times as much, and one step at most adds
//! nothing ([`rise_of_few`]).
//!
//! **Assumptions.** Even steps. **Source.** Kendall (1954) for the bias of `r`. **Cost.** O(n).
//!
//! **When it misleads.** A cache that fills evenly is a line as well.
//!
//! ```
//! let noise = |t: f64| (t * 12.989_8).sin() + 0.7 * (t * 78.233).cos();
//! let line: Vec<f64> = (0..40).map(|t| 0.1 * f64::from(t) + noise(f64::from(t))).collect();
//! assert_eq!(leakdiff::stats::scatter::scattered_line(&line).map(|line| line.means.len()), Some(10));
//! ```

use super::autocorrelation::Scatter;

/// The bounds of a line under scatter, by the number of values.
struct Bounds {
    /// The least number of values.
    least: usize,
    /// Standard errors by which the curve may bend downwards.
    flattens: f64,
    /// The squares that the best step leaves, at least, in those that the lines leave.
    of_a_step: f64,
    /// The most steps without a change.
    held: usize,
}

/// Fewer values do not show that their noise has no memory, …
const MANY: Bounds = Bounds { least: 16, flattens: 2.0, of_a_step: 1.0, held: usize::MAX };
/// … but that they lie on a line rather than on a curve, on two levels, or on a few.
const FEW: Bounds = Bounds { least: 8, flattens: 1.5, of_a_step: 1.3, held: 1 };
/// A segment of fewer values has no slope and no bend.
const LEAST_OF_A_SEGMENT: usize = 4;
/// Half-widths of the slope's 95 % interval that it must be above zero.
const RISES: f64 = 2.0;
/// Growth by fewer of the smallest steps that the values take is flicker.
const LEAST_GROWTH: f64 = 6.0;
/// Growth by less than this many standard deviations of the scatter may be the creep of what comes and goes.
const LEAST_OF_SCATTER: f64 = 3.0;
/// The share of a segment that is its end …
const END: f64 = 0.4;
/// … and the standard errors by which its slope may be less than that of all.
const STOPS: f64 = 2.0;
/// Number of groups.
const GROUPS: usize = 10;

/// The rise of a line under scatter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rise {
    /// The growth of all segments together, in standard deviations of the scatter.
    pub growth: f64,
    /// The mean coefficient of x² about the line, in its standard errors: negative where growth flattens.
    pub bend: f64,
}

impl Rise {
    /// Whether the values rise out of their scatter, and not only by more than chance.
    #[must_use]
    pub fn stands_out(&self) -> bool {
        self.growth >= LEAST_OF_SCATTER
    }
}

/// A rising line under scatter.
#[derive(Debug, Clone, PartialEq)]
pub struct ScatteredLine {
    /// Its rise.
    pub rise: Rise,
    /// Means of some ten groups of neighbouring values.
    pub means: Vec<f64>,
}

/// Returns the line about which values scatter, where it rises.
#[must_use]
pub fn scattered_line(values: &[f64]) -> Option<ScatteredLine> {
    let rise = common_rise(&[values])?;
    let size = (values.len() / GROUPS).max(2);
    let groups = values.rchunks_exact(size).map(|group| group.iter().sum::<f64>() / size as f64);
    let mut means: Vec<f64> = groups.collect();
    means.reverse();
    Some(ScatteredLine { rise, means })
}

/// Whether values rise out of their scatter about a line.
#[must_use]
pub fn rises_out_of_scatter(values: &[f64]) -> bool {
    common_rise(&[values]).is_some_and(|rise| rise.stands_out())
}

/// Returns the rise of a line that fewer values than show their noise lie about: it must be clearer than with many.
#[must_use]
pub fn rise_of_few(values: &[f64]) -> Option<Rise> {
    (values.len() < MANY.least).then(|| rise(&[values], &FEW)).flatten()
}

/// Returns the rise of the lines of one slope about which the values of some segments scatter, where that slope is
/// above zero and its lines do not flatten.
#[must_use]
pub fn common_rise(segments: &[&[f64]]) -> Option<Rise> {
    rise(segments, &MANY)
}

fn rise(segments: &[&[f64]], bounds: &Bounds) -> Option<Rise> {
    let segments: Vec<Moments<'_>> = segments
        .iter()
        .filter(|segment| segment.len() >= LEAST_OF_A_SEGMENT)
        .map(|it| Moments::of(it))
        .collect();
    let count = segments.iter().map(|segment| segment.values.len()).sum::<usize>();
    if count < bounds.least || segments.iter().any(|segment| held(segment.values) > bounds.held) {
        return None;
    }
    let sum = |of: fn(&Moments<'_>) -> f64| segments.iter().map(of).sum::<f64>();
    let (n, lines) = (count as f64, segments.len() as f64);
    let along_x = sum(|of| of.x_squares);
    let slope = sum(|of| of.x_values) / along_x;
    let rests: Vec<Rests> = segments.iter().map(|segment| segment.rests(slope)).collect();
    let rest = |of: fn(&Rests) -> f64| rests.iter().map(of).sum::<f64>();
    let total = rest(|of| of.squares);
    let found = if total > 0.0 { rest(|of| of.lagged) / total } else { 0.0 };
    let noise = Scatter::of(found, n, lines)?;
    let deviation = (total / (n - lines - 1.0)).sqrt();
    let half = deviation / along_x.sqrt() * noise.half_width;
    let grown = slope * sum(|of| of.values.len() as f64 - 1.0);
    let step = segments.iter().map(|segment| least_step(segment.values)).fold(f64::INFINITY, f64::min);
    if slope <= RISES * half || grown < LEAST_GROWTH * step {
        return None;
    }
    // Growth that stopped: its end has another slope.
    let ends: Vec<Moments<'_>> = segments.iter().filter_map(Moments::of_end).collect();
    let along_end = ends.iter().map(|end| end.x_squares).sum::<f64>();
    let of_end = ends.iter().map(|end| end.x_values).sum::<f64>() / along_end;
    if of_end - slope < -STOPS * deviation * noise.widening / along_end.sqrt() {
        return None;
    }
    // A step leaves residuals of a few of its noises about the line, and no bend.
    let of_a_step = segments.iter().map(|segment| rest_of_step(segment.values)).sum::<f64>();
    if of_a_step < bounds.of_a_step * total {
        return None;
    }
    let (along, squares) = (rest(|of| of.curve), sum(|of| of.curve_squares));
    let left = (total - along * along / squares).max(0.0) / (n - lines - 2.0);
    let bend = if along == 0.0 { 0.0 } else { along / (left * squares).sqrt() };
    (bend >= -bounds.flattens).then_some(Rise { growth: grown / deviation, bend })
}

/// The values of a segment, and their sums about the middle of it.
struct Moments<'a> {
    values: &'a [f64],
    mean: f64,
    x_squares: f64,
    x_values: f64,
    /// Of x² less its mean, which is orthogonal to a line.
    curve_squares: f64,
}

/// What a line leaves of a segment, in sums.
struct Rests {
    squares: f64,
    /// Products of neighbours.
    lagged: f64,
    /// Products with x² less its mean.
    curve: f64,
}

impl<'a> Moments<'a> {
    fn of(values: &'a [f64]) -> Self {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let mut found = Self { values, mean, x_squares: 0.0, x_values: 0.0, curve_squares: 0.0 };
        for (i, value) in values.iter().enumerate() {
            let x = found.x(i);
            found.x_squares += x * x;
            found.x_values += x * (value - mean);
            found.curve_squares += found.curve(i).powi(2);
        }
        found
    }

    /// Those of the end of a segment, if it is long enough.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn of_end(&self) -> Option<Self> {
        let count = (END * self.values.len() as f64) as usize;
        (count >= LEAST_OF_A_SEGMENT).then(|| Self::of(&self.values[self.values.len() - count..]))
    }

    fn x(&self, i: usize) -> f64 {
        i as f64 - (self.values.len() as f64 - 1.0) / 2.0
    }

    fn curve(&self, i: usize) -> f64 {
        let n = self.values.len() as f64;
        self.x(i).powi(2) - (n * n - 1.0) / 12.0
    }

    fn rests(&self, slope: f64) -> Rests {
        let mut found = Rests { squares: 0.0, lagged: 0.0, curve: 0.0 };
        let mut before = 0.0;
        for (i, value) in self.values.iter().enumerate() {
            let rest = value - self.mean - slope * self.x(i);
            found.squares += rest * rest;
            found.lagged += rest * before;
            found.curve += rest * self.curve(i);
            before = rest;
        }
        found
    }
}

/// The squares that the best step from one level to another leaves.
pub(super) fn rest_of_step(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let (mut sum, mut explained) = (0.0, 0.0_f64);
    for (i, value) in values.iter().enumerate().take(values.len() - 1) {
        sum += value - mean;
        let before = i as f64 + 1.0;
        explained = explained.max(sum * sum * n / (before * (n - before)));
    }
    squares - explained
}

/// Number of steps without a change.
fn held(values: &[f64]) -> usize {
    values.windows(2).filter(|pair| pair[0] == pair[1]).count()
}

/// The smallest step between two values; 0 where none differ.
fn least_step(values: &[f64]) -> f64 {
    let steps = values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).filter(|step| *step > 0.0);
    steps.reduce(f64::min).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scatter that is the same in every run.
    fn noise(t: f64) -> f64 {
        (t * 12.989_8).sin() + 0.7 * (t * 78.233).cos()
    }

    #[test]
    fn only_a_line_under_scatter_has_means() {
        let of = |n: i32, value: &dyn Fn(f64) -> f64| -> Vec<f64> {
            (0..n).map(|t| value(f64::from(t))).collect()
        };
        for (name, values, groups) in [
            ("a line of five times its noise", of(40, &|t| 0.12 * t + noise(t)), Some(10)),
            ("a longer one", of(100, &|t| 0.05 * t + noise(t)), Some(10)),
            ("one that becomes steeper", of(80, &|t| 0.06 * t + 0.0002 * t * t + noise(t)), Some(10)),
            ("too short", of(15, &|t| t + noise(t)), None),
            ("noise alone", of(40, &noise), None),
            ("it falls", of(40, &|t| -0.12 * t + noise(t)), None),
            ("it flattens", of(40, &|t| 9.0 * (1.0 - (-t / 9.0).exp()) + noise(t)), None),
            ("a slow wave", of(40, &|t| 0.12 * t + 3.0 * (t / 4.0).sin()), None),
            ("a step", of(40, &|t| if t < 20.0 { 0.0 } else { 9.0 }), None),
            ("a constant", vec![7.0; 40], None),
            ("six blocks", of(40, &|t| (0.15 * t + noise(t)).round()), None),
            ("a hundred and twenty blocks", of(80, &|t| (1.5 * t + 10.0 * noise(t)).round()), Some(10)),
        ] {
            assert_eq!(scattered_line(&values).map(|line| line.means.len()), groups, "{name}");
        }
    }

    #[test]
    fn few_values_must_lie_on_a_clearer_line() {
        let scatter = |t: f64| ((t * 12.989_8).sin() * 43_758.545_3).rem_euclid(1.0) - 0.5;
        let of = |n: i32, value: &dyn Fn(f64) -> f64| -> Vec<f64> {
            (0..n).map(|t| value(f64::from(t))).collect()
        };
        for (name, values, expected) in [
            ("a line of ten times its noise", of(8, &|t| 0.4 * t + scatter(t)), true),
            ("one of twice its noise", of(8, &|t| 0.08 * t + scatter(t)), false),
            ("a curve", of(8, &|t| 3.0 * (1.0 - (-t / 2.0).exp()) + 0.1 * scatter(t)), false),
            ("two levels", of(8, &|t| if t < 4.0 { 0.0 } else { 3.0 } + scatter(t)), false),
            (
                "it holds more than once",
                of(8, &|t| (t / 2.0).floor() + 0.01 * scatter((t / 2.0).floor())),
                false,
            ),
            ("too few", of(7, &|t| 0.4 * t + scatter(t)), false),
            ("enough to show their noise", of(16, &|t| 0.4 * t + scatter(t)), false),
        ] {
            assert_eq!(rise_of_few(&values).is_some(), expected, "{name}: {values:?}");
        }
    }

    #[test]
    fn segments_have_a_line_together_that_none_shows_alone() {
        let of = |n: i32, value: &dyn Fn(f64) -> f64| -> Vec<f64> {
            (0..n).map(|t| value(f64::from(t))).collect()
        };
        let scatter = |t: f64| ((t * 12.989_8).sin() * 43_758.545_3).rem_euclid(1.0) - 0.5;
        let rises = of(11, &|t| 0.1 * t + scatter(t));
        let again = of(11, &|t| 0.1 * t + scatter(t + 40.0));
        let fills = of(11, &|t| 3.0 * (1.0 - (-t / 2.0).exp()) + 0.2 * scatter(t));
        let level = of(11, &|t| 5.0 + scatter(t + 80.0));
        let steps = |n: i32| of(n, &|t| if t < f64::from(n / 2) { 0.0 } else { 0.9 } + scatter(t));
        let stops = of(100, &|t| 1.6 * (t / 50.0).min(1.0) + scatter(t));
        let (step, long_step) = (steps(20), steps(100));
        for (name, segments, expected) in [
            ("one that rises", vec![&rises], false),
            ("two", vec![&rises, &again], true),
            ("in any order", vec![&again, &rises], true),
            ("one that rises and one that does not", vec![&rises, &level], false),
            ("two that do not", vec![&level, &level], false),
            ("each fills up", vec![&fills, &fills], false),
            ("a step of three times the noise", vec![&long_step], false),
            ("one in each", vec![&step, &step, &step], false),
            ("a rise that stopped", vec![&stops], false),
            ("none", vec![], false),
        ] {
            let segments: Vec<&[f64]> = segments.into_iter().map(Vec::as_slice).collect();
            assert_eq!(common_rise(&segments).is_some(), expected, "{name}");
        }
        // Where each segment begins does not matter.
        let lifted = again.iter().map(|v| v + 1000.0).collect::<Vec<_>>();
        let bend = |second: &[f64]| common_rise(&[&rises, second]).map_or(f64::NAN, |rise| rise.bend);
        assert!((bend(&again) - bend(&lifted)).abs() < 1e-6);
    }

    #[test]
    fn means_are_counted_from_the_end() {
        let values: Vec<f64> = (0..21).map(|i| f64::from(i) + 0.25 * f64::from(i % 2)).collect();
        let means = scattered_line(&values).map(|line| line.means).unwrap_or_default();
        assert_eq!(means.last(), Some(&19.625));
        assert_eq!(means.len(), 10);
    }
}
