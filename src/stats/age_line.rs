//! A line in the age of a process: memory that begins at one level after each restart, and rises by one slope since.
//!
//! **Question.** Where did a process begin anew, when single falls do not stand out of its noise? And does its memory
//! rise with its age?
//!
//! **Formula.** With the age of a value, the number of steps since the last restart, memory is `a + b · age`: two
//! coefficients by least squares, however many restarts there are. These are looked for among the six largest falls and
//! the first samples of a process, at most three of them, three values or more apart; those are taken that leave the
//! smallest n · ln(squares / n) + 1.5 · ln n for each. Each fall must be worth a quarter of the memory on the line:
//! a collector frees less of a process. A line without restarts and the best single step must leave squares that are
//! clearly larger, by n · ln of their ratio.
//!
//! The line rises where `b` is two half-widths of its 95 % interval above zero (under noise without memory, see
//! [`super::scatter`]), growth at the mean slope is worth three standard deviations of what is left, nothing bends
//! downwards by two standard errors, and levels of their own for the segments are no better by an F of six. Nor do two
//! levels that all segments share leave less, each going from the low to the high one at a place of its own: that is a
//! load that comes and goes.
//!
//! **Assumptions.** Even steps; the recording begins with the process, or the first segment fits the line by chance.
//! **Cost.** O(n) for each of forty to three hundred choices, of a thousand values at most, where memory falls by a
//! quarter at all.
//!
//! **When it misleads.** A sawtooth of two or three periods that falls back by more than a quarter of the memory.
//!
//! ```
//! use leakdiff::stats::age_line::age_line;
//! let noise = |t: f64| ((t * 12.989_8).sin() * 43_758.545_3).rem_euclid(1.0) - 0.5;
//! let memory: Vec<f64> =
//!     (0..30).map(|t| 10.0 + f64::from(t % 13) + 6.0 * noise(f64::from(t))).collect();
//! assert_eq!(age_line(&memory, &[]).map(|line| line.starts), Some(vec![13, 26]));
//! ```

use super::autocorrelation::Scatter;
use super::order::extent;
use super::scatter::{Rise, rest_of_step};

/// Fewer values show no line beside restarts.
const LEAST: usize = 12;
/// Fewer values between two restarts than these are an odd value or two.
const LEAST_OF_A_SEGMENT: usize = 3;
/// More restarts are a sawtooth.
const MOST_RESTARTS: usize = 3;
/// In more values than these a restart stands out of the noise, or does not matter.
const MOST: usize = 1000;
/// Number of falls among which restarts are looked for. More first samples than these are noise.
const FALLS: usize = 6;
/// A restart leaves at most this share of the memory.
const LEFT: f64 = 0.75;
/// Each restart must lower the squares by this many times ln n.
const FOR_A_RESTART: f64 = 1.5;
/// The log of the ratio of squares, times n, by which it must be better than a line or a step.
const CLEARLY: f64 = 6.0;
/// Each step from a low level to a high one may lower the squares by as much as chance would.
const FOR_A_STEP: f64 = 1.5;
/// Rounds in which two levels are fitted.
const ROUNDS: usize = 6;
/// Half-widths of the slope's 95 % interval that it must be above zero.
const RISES: f64 = 2.0;
/// Standard errors by which the curve may bend downwards.
const FLATTENS: f64 = 2.0;
/// Levels of their own for the segments are better from this F on.
const OWN_LEVELS: f64 = 6.0;

/// Values since a restart, and the age of the first of them.
#[derive(Debug, Clone, Copy)]
pub struct AgedSegment<'a> {
    /// Steps from the restart to the first value.
    pub age: usize,
    /// The values.
    pub values: &'a [f64],
}

/// A line in the age of a process.
#[derive(Debug, Clone, PartialEq)]
pub struct AgeLine {
    /// The values with which it began anew.
    pub starts: Vec<usize>,
    /// Its rise.
    pub rise: Rise,
}

/// Returns the line in the age of a process, and the restarts that it shows. `first_samples` are places at which it
/// may have been seen starting, before it had loaded what it needs.
#[must_use]
pub fn age_line(values: &[f64], first_samples: &[usize]) -> Option<AgeLine> {
    let n = values.len();
    let (low, high) = extent(values);
    if !(LEAST..=MOST).contains(&n) || low > LEFT * high {
        return None;
    }
    let first_samples = if first_samples.len() > FALLS { &[] } else { first_samples };
    let inside = LEAST_OF_A_SEGMENT..n - LEAST_OF_A_SEGMENT + 1;
    let is_fall = |at: &usize| values[*at] < values[at - 1] && !first_samples.contains(at);
    let mut starts: Vec<usize> = inside.clone().filter(is_fall).collect();
    starts.sort_by(|a, b| (values[*a] - values[a - 1]).total_cmp(&(values[*b] - values[b - 1])));
    starts.truncate(FALLS);
    starts.extend(first_samples.iter().filter(|at| inside.contains(at)));
    starts.sort_unstable();
    let mut best: Option<(f64, Vec<usize>)> = None;
    each_choice(&starts, &mut Vec::new(), &mut |chosen| {
        let segments = split(values, chosen, first_samples);
        let Some(line) = Line::of(&segments).filter(|line| falls_far(line, values, chosen, first_samples))
        else {
            return;
        };
        // First samples are left out, and may not make the others cheaper.
        let cost = cost(line.squares / line.n * n as f64, n as f64)
            + FOR_A_RESTART * chosen.len() as f64 * (n as f64).ln();
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, chosen.to_vec()));
        }
    });
    let (_, starts) = best?;
    let segments = split(values, &starts, first_samples);
    let line = Line::of(&segments)?;
    let kept: Vec<f64> = segments.iter().flat_map(|segment| segment.values).copied().collect();
    let of_a_line = Line::of(&[AgedSegment { age: 0, values: &kept }])?;
    let is_clear = line.cost() + CLEARLY <= of_a_line.cost();
    let rise = rise_by_age(&segments).filter(|_| is_clear)?;
    Some(AgeLine { starts, rise })
}

/// Returns the rise of memory with the age of a process, from its values since each restart.
#[must_use]
pub fn rise_by_age(segments: &[AgedSegment<'_>]) -> Option<Rise> {
    let line = Line::of(segments).filter(|line| line.n >= LEAST as f64)?;
    if line.slope <= 0.0 || line.squares <= 0.0 {
        return None;
    }
    let noise = Scatter::of(line.lagged / line.squares, line.n, 1.0)?;
    let deviation = (line.squares / (line.n - 2.0)).sqrt();
    let rises = line.slope > RISES * noise.half_width * deviation / line.age_squares.sqrt();
    let kept: Vec<f64> = segments.iter().flat_map(|segment| segment.values).copied().collect();
    let is_no_step = line.cost() + CLEARLY <= cost(rest_of_step(&kept), line.n);
    let of_levels = cost(rest_of_two_levels(segments, &kept), line.n) + FOR_A_STEP * segments.len() as f64;
    let rise = Rise { growth: line.slope * (line.n - 1.0) / deviation, bend: line.bend };
    let holds = rises
        && is_no_step
        && line.cost() <= of_levels
        && rise.bend >= -FLATTENS
        && !has_own_levels(segments, &line);
    (holds && rise.stands_out()).then_some(rise)
}

/// All choices of up to three of these places, each three or more after the one before.
fn each_choice(places: &[usize], chosen: &mut Vec<usize>, with: &mut impl FnMut(&[usize])) {
    for (k, place) in places.iter().enumerate() {
        if chosen.last().is_none_or(|last| last + LEAST_OF_A_SEGMENT <= *place) {
            chosen.push(*place);
            with(chosen);
            if chosen.len() < MOST_RESTARTS {
                each_choice(&places[k + 1..], chosen, with);
            }
            chosen.pop();
        }
    }
}

/// The values since each restart, without the first sample of a process that had only just begun.
fn split<'a>(values: &'a [f64], starts: &[usize], first_samples: &[usize]) -> Vec<AgedSegment<'a>> {
    let begins = std::iter::once(0).chain(starts.iter().copied());
    let ends = starts.iter().copied().chain([values.len()]);
    let segment = |(begins, end): (usize, usize)| {
        let age = usize::from(begins > 0 && first_samples.contains(&begins));
        AgedSegment { age, values: &values[begins + age..end] }
    };
    begins.zip(ends).map(segment).collect()
}

/// Whether each restart takes away a quarter of the memory on the line; one that was seen starting need not.
fn falls_far(line: &Line, values: &[f64], starts: &[usize], first_samples: &[usize]) -> bool {
    let mut begun = 0;
    starts.iter().all(|&start| {
        let oldest = (start - begun - 1) as f64;
        begun = start;
        let seen = first_samples.contains(&start);
        seen || line.level <= LEFT * (line.level + line.slope * oldest) && values[start] < values[start - 1]
    })
}

/// Whether levels of their own leave clearly less of the segments.
fn has_own_levels(segments: &[AgedSegment<'_>], line: &Line) -> bool {
    let own: Vec<Line> =
        segments.iter().filter_map(|segment| Line::of(std::slice::from_ref(segment))).collect();
    let sum = |of: fn(&Line) -> f64| own.iter().map(of).sum::<f64>();
    let (along, products) = (sum(|of| of.age_squares), sum(|of| of.products));
    let left = (sum(|of| of.value_squares) - products * products / along).max(f64::MIN_POSITIVE);
    let (more, degrees) = (own.len() as f64 - 1.0, line.n - own.len() as f64 - 1.0);
    more > 0.0 && degrees > 0.0 && (line.squares - left) / more > OWN_LEVELS * left / degrees
}

/// The squares that two levels leave which all segments share, each of them going from the low one to the high one at a
/// place of its own: a load that comes and goes.
fn rest_of_two_levels(segments: &[AgedSegment<'_>], kept: &[f64]) -> f64 {
    let (mut low, mut high) = extent(kept);
    let mut rest = f64::INFINITY;
    for _ in 0..ROUNDS {
        let (mut lows, mut highs) = ((0.0, 0.0), (0.0, 0.0));
        rest = 0.0;
        for segment in segments {
            // All high at first; each value that is low instead changes the squares.
            let mut squares: f64 = segment.values.iter().map(|value| (value - high).powi(2)).sum();
            let (mut least, mut step) = (squares, 0);
            for (k, value) in segment.values.iter().enumerate() {
                squares += (value - low).powi(2) - (value - high).powi(2);
                if squares < least {
                    (least, step) = (squares, k + 1);
                }
            }
            rest += least;
            let (before, after) = segment.values.split_at(step);
            lows = (lows.0 + before.iter().sum::<f64>(), lows.1 + before.len() as f64);
            highs = (highs.0 + after.iter().sum::<f64>(), highs.1 + after.len() as f64);
        }
        if lows.1 == 0.0 || highs.1 == 0.0 {
            break;
        }
        (low, high) = (lows.0 / lows.1, highs.0 / highs.1);
    }
    rest
}

/// A line in age, by least squares.
struct Line {
    n: f64,
    level: f64,
    slope: f64,
    /// Sums about the means: of ages, of values, and of their products.
    age_squares: f64,
    value_squares: f64,
    products: f64,
    /// What the line leaves: its squares, and the products of neighbours.
    squares: f64,
    lagged: f64,
    /// The coefficient of age², in its standard errors.
    bend: f64,
}

impl Line {
    fn of(segments: &[AgedSegment<'_>]) -> Option<Self> {
        let points: Vec<(f64, f64)> = segments
            .iter()
            .flat_map(|segment| {
                segment.values.iter().enumerate().map(|(k, value)| ((segment.age + k) as f64, *value))
            })
            .collect();
        let n = points.len() as f64;
        let mean = |of: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
        let (age, value) = (mean(&|p| p.0), mean(&|p| p.1));
        let sum =
            |of: &dyn Fn(f64, f64) -> f64| points.iter().map(|p| of(p.0 - age, p.1 - value)).sum::<f64>();
        let (age_squares, value_squares) = (sum(&|x, _| x * x), sum(&|_, y| y * y));
        let products = sum(&|x, y| x * y);
        if points.len() < LEAST_OF_A_SEGMENT || age_squares <= 0.0 {
            return None;
        }
        let slope = products / age_squares;
        // x² freed of the line.
        let (square, cube) = (age_squares / n, sum(&|x, _| x * x * x) / age_squares);
        let curve = |x: f64| x * x - square - cube * x;
        let (curve_squares, along) = (sum(&|x, _| curve(x).powi(2)), sum(&|x, y| curve(x) * (y - slope * x)));
        let rests: Vec<f64> = points.iter().map(|p| p.1 - value - slope * (p.0 - age)).collect();
        let squares: f64 = rests.iter().map(|rest| rest * rest).sum();
        let left = (squares - along * along / curve_squares).max(0.0) / (n - 3.0);
        Some(Self {
            n,
            level: value - slope * age,
            slope,
            age_squares,
            value_squares,
            products,
            squares,
            lagged: rests.windows(2).map(|pair| pair[0] * pair[1]).sum(),
            bend: if along == 0.0 { 0.0 } else { along / (left * curve_squares).sqrt() },
        })
    }

    fn cost(&self) -> f64 {
        cost(self.squares, self.n)
    }
}

/// The log-likelihood of what is left, doubled and negative.
fn cost(squares: f64, n: f64) -> f64 {
    n * (squares / n).max(f64::MIN_POSITIVE).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scatter that is the same in every run.
    fn noise(t: i32) -> f64 {
        ((f64::from(t) * 12.989_8).sin() * 43_758.545_3).rem_euclid(1.0) - 0.5
    }

    fn of(n: i32, value: impl Fn(i32) -> f64) -> Vec<f64> {
        (0..n).map(|t| value(t) + noise(t)).collect()
    }

    #[test]
    fn restarts_show_together_and_what_does_not_rise_with_its_age_has_none() {
        let age = |t: i32| f64::from(t % 10);
        let mut seen_starting = of(30, |t| 60.0 + 0.4 * f64::from(t % 20));
        seen_starting[20] = 20.0;
        for (name, values, first_samples, expected) in [
            (
                "each fall by a few times the noise",
                of(30, |t| 3.0 + 0.4 * age(t)),
                vec![],
                Some(vec![10, 20]),
            ),
            ("one", of(30, |t| 3.0 + 0.2 * f64::from(t % 18)), vec![], Some(vec![18])),
            ("by less than a quarter", of(30, |t| 30.0 + 0.4 * age(t)), vec![], None),
            ("by as little, one of them seen starting", seen_starting, vec![20], Some(vec![20])),
            ("a line", of(30, |t| 3.0 + 0.4 * f64::from(t)), vec![], None),
            ("noise", of(30, |_| 1.0), vec![], None),
            (
                "it fills up after each",
                of(60, |t| 9.0 - 6.0 * (-f64::from(t % 20) / 3.0).exp()),
                vec![],
                None,
            ),
            ("a load that comes and goes", of(40, |t| if t % 20 < 12 { 3.0 } else { 12.0 }), vec![], None),
            ("it begins at another level", of(30, |t| 3.0 + 0.4 * age(t) + f64::from(t / 10)), vec![], None),
            ("seven", of(40, |t| 3.0 + f64::from(t % 5)), vec![], None),
            ("too few", of(11, |t| 3.0 + f64::from(t % 6)), vec![], None),
        ] {
            let found = age_line(&values, &first_samples).map(|line| line.starts);
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn segments_rise_by_age_from_one_level_and_not_from_their_own() {
        let rises = of(8, |t| 0.3 * f64::from(t));
        let again = of(8, |t| 0.3 * f64::from(t + 1) + noise(t + 40));
        let higher: Vec<f64> = again.iter().map(|value| value + 9.0).collect();
        let rise = |second: &[f64], age: usize| {
            rise_by_age(&[AgedSegment { age: 0, values: &rises }, AgedSegment { age, values: second }])
                .is_some()
        };
        assert!(rise(&again, 1), "from one level");
        assert!(!rise(&higher, 1), "from another");
        assert!(!rise(&of(8, |_| 1.0), 0), "one that does not rise");
        assert_eq!(rise_by_age(&[]), None);
    }
}
