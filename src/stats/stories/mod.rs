//! Which story tells a series best, and does that story go on growing?
//!
//! **Question.** Not "is there a trend" (a cache that has filled has one) but "will it go on". Fifteen
//! stories, from [`Story::Flat`] to [`Story::Accelerating`], are told along 98 paths and under three kinds
//! of noise; the probability that growth goes on is the weight of the stories that go on.
//!
//! **Procedure.**
//! 1. The series, one life of a process or site, without a start-up jump.
//! 2. Blocks: A, medians of at most 24 blocks, counted from the end; B, minima of at most 12, which see under garbage.
//! 3. For each, the weight of every path is its marginal likelihood times its prior; the formula stands in
//!    `posterior.rs`, the list of stories with their priors in `paths.rs`.
//! 4. A and B are combined by the mean of their logits, each clipped to 10⁻⁴ … 1 − 10⁻⁴.
//! 5. Where nothing is given back, the times of growth are a third voice (`timing.rs`): the mean of its logit and that of
//!    step 4.
//!
//! What comes out is ordered well but too timid; [`calibrated`] makes a probability of it.
//!
//! **Assumptions.** Even steps in time. One kind of noise for the whole stretch: scatter, AR(0.6), or a
//! random walk, which has most of the prior, since memory wanders: an autocorrelated series does not become
//! a leak by its length.
//!
//! **Source.** Zellner's g prior (1986) with g = N, the information of one observation (Kass and Wasserman
//! 1995): a perfect fit is bounded evidence, so five even points are not proof. Priors and grids by hand on
//! simulated series.
//!
//! **Cost.** One pass for blocks, some 12,000 multiply-adds and 550 square roots; about 5 µs. The designs are made once per process and number of blocks.
//!
//! **When it misleads.** A cache that fills after the recording, or the first tooth of a saw, is a leak to
//! every method. Staircases that double look like one step or two, leaks under a cycle or a sawtooth like none: see
//! `rhythm`, `cycle` and `teeth`. Restarts must be cut before. Walks near zero and trickles that fade like 1/t
//! are called growing in some per cent of cases.
//!
//! ```
//! use leakdiff::stats::stories::{Story, calibrated, stories};
//! let rss = [30.6, 31.0, 31.4, 31.9, 32.2, 32.7, 33.1, 33.4];
//! let told = stories(&rss, 0.05).ok_or("fewer than four values")?;
//! assert_eq!(told.likeliest, Story::Leak);
//! assert!(calibrated(told.goes_on) > 0.9);
//! # Ok::<(), &str>(())
//! ```

mod design;
mod paths;
mod posterior;
mod segment;
mod strips;
mod timing;

use std::ops::Range;

use crate::stats::Interval;

use super::order::median;
use super::shape::safe_factor;
use super::steps::Movement;
use super::students_t::two_sided_95;
use posterior::{FEWEST_BLOCKS, MOST_BLOCKS, Posterior, posterior};

/// The most blocks of minima: fewer than of medians, since a minimum wants a longer block.
const MOST_MINIMA: usize = 12;
/// Probabilities are held this far from 0 and 1 before their logit is taken.
const SURE: f64 = 1e-4;
/// Slope and constant of [`calibrated`].
const CALIBRATION: (f64, f64) = (2.1, 0.40);

/// What a series may be doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Story {
    /// Noise about a level.
    Flat,
    /// It falls, evenly or more and more slowly.
    Shrink,
    /// One step up.
    Step,
    /// Two steps up.
    Steps,
    /// It grew from the start and stopped.
    Stop,
    /// It grew for a while in the middle.
    Ramp,
    /// It fills up and has nearly done so.
    Cache,
    /// Most of it came at once, and ever rarer additions follow: interned names, free lists, high-water marks.
    Trickle,
    /// It grows more and more slowly, and what becomes of it is open.
    Slowing,
    /// It grows like a logarithm.
    Log,
    /// It grows evenly.
    Leak,
    /// It began to grow later on, evenly.
    Late,
    /// A warm-up, and even growth on top.
    Warm,
    /// One step, and even growth on top.
    StepAndLeak,
    /// It grows faster and faster.
    Accelerating,
}

impl Story {
    /// The story in one word or two.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Flat => "flat",
            Self::Shrink => "shrinking",
            Self::Step => "one step",
            Self::Steps => "two steps",
            Self::Stop => "stopped",
            Self::Ramp => "ramp",
            Self::Cache => "filling cache",
            Self::Trickle => "trickle",
            Self::Slowing => "slowing",
            Self::Log => "logarithmic",
            Self::Leak => "leak",
            Self::Late => "late leak",
            Self::Warm => "warm-up and leak",
            Self::StepAndLeak => "step and leak",
            Self::Accelerating => "accelerating",
        }
    }
}

/// What becomes of a story after the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Future {
    /// It goes on growing.
    GoesOn,
    /// Nothing in the recording can tell.
    Open,
    /// It does not grow any more.
    Ends,
}

impl Story {
    /// How many stories there are.
    const COUNT: usize = paths::TELLINGS.len();

    /// What becomes of a series that this story tells.
    #[must_use]
    pub const fn future(self) -> Future {
        match self {
            Self::Flat
            | Self::Shrink
            | Self::Step
            | Self::Steps
            | Self::Stop
            | Self::Ramp
            | Self::Cache
            | Self::Trickle => Future::Ends,
            Self::Slowing | Self::Log => Future::Open,
            Self::Leak | Self::Late | Self::Warm | Self::StepAndLeak | Self::Accelerating => Future::GoesOn,
        }
    }
}

/// What the stories say about one series.
#[derive(Debug, Clone, PartialEq)]
pub struct Stories {
    /// Weight of the stories that go on growing, 0 … 1. A score in the right order, not yet a probability:
    /// see [`calibrated`].
    pub goes_on: f64,
    /// Weight of the stories whose future is open; at most 1 − [`calibrated`]`(goes_on)`.
    pub open: f64,
    /// The heaviest story, read from the medians.
    pub likeliest: Story,
    /// Where in the analysed stretch (0 … 1) growth began (`Late`), ended (`Stop`, `Ramp`) or happened
    /// (`Step`), on the heaviest path of the likeliest story; `None` for the other stories.
    pub since: Option<f64>,
    /// Growth per step of the index if it goes on; 0 where no story that goes on fits.
    pub rate: f64,
    /// Standard error of `rate`: within stories, between stories, and from rounding.
    pub rate_stderr: f64,
    /// Degrees of freedom for a t interval `rate ± t · rate_stderr`.
    pub degrees: usize,
    /// The part of the series that was analysed.
    pub used: Range<usize>,
    /// How many equal steps the growth over that part is worth: 1 for a jump, n − 1 for an even line, 0
    /// without growth.
    pub effective_rises: f64,
    /// Share of the movement over that part that is downward.
    pub falls_share: f64,
}

impl Stories {
    /// The rate per step of the index, with a 95 % interval: `rate ± t(0.975, degrees) · rate_stderr`. It doubts
    /// the story as well as its slope, so it holds where the interval of a straight line does not.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn rate_interval(&self) -> Interval {
        let half = two_sided_95(self.degrees) * self.rate_stderr;
        Interval { value: self.rate, low: self.rate - half, high: self.rate + half, level: 0.95 }
    }
}

/// Tells all stories of `y`, whose values are rounded to ± `half_width` (0 if exact); `None` if fewer than 4
/// values remain or one of them is not finite.
#[must_use]
pub fn stories(y: &[f64], half_width: f64) -> Option<Stories> {
    if y.len() < FEWEST_BLOCKS || y.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let used = segment::without_start(y);
    let y = &y[used.clone()];
    if y.len() < FEWEST_BLOCKS {
        return None;
    }
    // A half-width that is none (negative, not a number) says nothing, like 0.
    let half_width = if half_width > 0.0 { half_width.min(f64::MAX) } else { 0.0 };
    if y.iter().all(|v| *v == y[0]) {
        return Some(constant(used, half_width));
    }
    let factor = safe_factor(y);
    if factor == 1.0 {
        return Some(tell(y, half_width, used));
    }
    let scaled: Vec<f64> = y.iter().map(|v| v * factor).collect();
    let mut told = tell(&scaled, (half_width * factor).min(f64::MAX), used);
    // Multiplying back may leave what f64 can hold; the nearest number that it can is still the answer.
    let back = |v: f64| (v / factor).clamp(f64::MIN, f64::MAX);
    (told.rate, told.rate_stderr) = (back(told.rate), back(told.rate_stderr));
    Some(told)
}

/// Tells the stories of the stretch `y`, which is not constant.
fn tell(y: &[f64], half_width: f64, used: Range<usize>) -> Stories {
    let medians = Blocks::cut(y, MOST_BLOCKS, median);
    let a = posterior(medians.values(), half_width);
    let b = posterior(Blocks::cut(y, MOST_MINIMA, minimum).values(), half_width);

    let movement = Movement::of(y);
    let mut goes_on = sigmoid(f64::midpoint(logit(a.goes_on), logit(b.goes_on)));
    let mut open = f64::midpoint(a.open, b.open);
    if let Some(times) = timing::timing(y, &movement) {
        goes_on = sigmoid(f64::midpoint(logit(goes_on), logit(times.goes_on)));
        open = f64::midpoint(open, times.open);
    }
    let span = medians.span();
    Stories {
        goes_on,
        open: open.min(1.0 - calibrated(goes_on)),
        since: since(&a, &medians, y.len()),
        likeliest: a.likeliest,
        rate: a.rate / span,
        rate_stderr: (a.deviation / span).hypot(rounding_error(half_width, y.len())),
        degrees: degrees(medians.count),
        used,
        effective_rises: movement.effective_rises(),
        falls_share: movement.falls_share(),
    }
}

/// A constant has one story. Most sites are constant, and none of the work is needed to say so.
fn constant(used: Range<usize>, half_width: f64) -> Stories {
    Stories {
        goes_on: SURE,
        open: 0.0,
        likeliest: Story::Flat,
        since: None,
        rate: 0.0,
        rate_stderr: rounding_error(half_width, used.len()),
        degrees: degrees(used.len() / used.len().div_ceil(MOST_BLOCKS)),
        used,
        effective_rises: 0.0,
        falls_share: 0.0,
    }
}

/// Standard error of a slope over `n` values whose ends are each rounded to ± `half_width`.
fn rounding_error(half_width: f64, n: usize) -> f64 {
    (half_width / n as f64) * (2.0 / 3.0_f64.sqrt())
}

const fn degrees(blocks: usize) -> usize {
    if blocks > 4 { blocks - 2 } else { 2 }
}

/// From a place between first and last block to a place in the stretch: blocks sit at their centres, and the
/// first values may belong to none.
fn since(told: &Posterior, blocks: &Blocks, n: usize) -> Option<f64> {
    let first_centre = (n - blocks.count * blocks.length) as f64 + (blocks.length as f64 - 1.0) / 2.0;
    told.corner.map(|corner| (first_centre + corner * blocks.span()) / (n as f64 - 1.0))
}

/// A series cut into few blocks of equal length, counted from its end, one number for each.
struct Blocks {
    room: [f64; MOST_BLOCKS],
    count: usize,
    length: usize,
}

impl Blocks {
    fn cut(y: &[f64], most: usize, summary: impl Fn(&mut [f64]) -> f64) -> Self {
        let length = y.len().div_ceil(most).max(1);
        let count = y.len() / length;
        let mut blocks = Self { room: [0.0; MOST_BLOCKS], count, length };
        let mut block = Vec::with_capacity(length);
        for (value, part) in blocks.room.iter_mut().zip(y[y.len() - count * length..].chunks_exact(length)) {
            block.clear();
            block.extend_from_slice(part);
            *value = summary(&mut block);
        }
        blocks
    }

    fn values(&self) -> &[f64] {
        &self.room[..self.count]
    }

    /// Steps of the index from the centre of the first block to that of the last.
    fn span(&self) -> f64 {
        ((self.count - 1) * self.length) as f64
    }
}

fn minimum(values: &mut [f64]) -> f64 {
    values.iter().fold(f64::INFINITY, |a, &v| a.min(v))
}

/// The probability that growth goes on, from [`Stories::goes_on`]: sigmoid(2.1 · logit + 0.40).
///
/// Fitted on simulated series of which 30 % leak. Where fewer do, shift its logit: of allocation sites that
/// move at all, 10–15 % leak, which is −1.15.
#[must_use]
pub fn calibrated(raw: f64) -> f64 {
    sigmoid(CALIBRATION.0 * logit(raw) + CALIBRATION.1)
}

fn logit(p: f64) -> f64 {
    let p = p.clamp(SURE, 1.0 - SURE);
    (p / (1.0 - p)).ln()
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn told(f: impl Fn(f64) -> f64, n: i32) -> Stories {
        let y: Vec<f64> = (0..n).map(|i| f(f64::from(i) / f64::from(n - 1))).collect();
        stories(&y, 0.0).unwrap()
    }

    #[test]
    fn an_even_line_becomes_believable_with_its_length() {
        for (n, expected) in [(4, 0.59), (5, 0.78), (8, 0.98), (12, 0.999)] {
            let p = calibrated(told(|t| t, n).goes_on);
            assert!((p - expected).abs() < 0.01, "n = {n}: {p}");
        }
    }

    #[test]
    fn clean_series_are_told_by_their_own_story() {
        let wobble = |t: f64| 0.01 * (t * 997.0).sin();
        type Path = fn(f64) -> f64;
        let cases: [(Story, f64, Path); 6] = [
            (Story::Leak, f64::NAN, |t| t),
            (Story::Cache, f64::NAN, |t| 1.0 - (-t / 0.1).exp()),
            (Story::Stop, 0.5, |t| t.min(0.5)),
            (Story::Late, 0.6, |t| (t - 0.6).max(0.0)),
            (Story::Step, 0.4, |t| if t > 0.4 { 1.0 } else { 0.0 }),
            (Story::Shrink, f64::NAN, |t| -t),
        ];
        for (story, since, f) in cases {
            let s = told(|t| f(t) + wobble(t), 72);
            assert_eq!(s.likeliest, story);
            assert_eq!(s.since.is_none(), since.is_nan(), "{story:?}");
            assert!(since.is_nan() || (s.since.unwrap() - since).abs() < 0.06, "{story:?}: {:?}", s.since);
            assert_eq!(calibrated(s.goes_on) > 0.75, story.future() == Future::GoesOn, "{story:?}");
        }
    }

    #[test]
    fn the_rate_is_per_step_of_the_index() {
        for n in [5, 24, 25, 100, 481] {
            let y: Vec<f64> = (0..n).map(|i| 1e6 + 4096.0 * f64::from(i)).collect();
            let s = stories(&y, 0.0).unwrap();
            assert!((s.rate / 4096.0 - 1.0).abs() < 0.02, "n = {n}: {}", s.rate);
        }
    }

    #[test]
    fn constants_and_short_series() {
        let s = stories(&[7.0; 30], 0.5).unwrap();
        assert_eq!((s.likeliest, s.rate, s.used), (Story::Flat, 0.0, 0..30));
        assert!(calibrated(s.goes_on) < 1e-3);
        assert_eq!(stories(&[1.0, 2.0, 3.0], 0.0), None);
        assert_eq!(stories(&[1.0, f64::NAN, 3.0, 4.0], 0.0), None);
    }

    #[test]
    fn calibration_keeps_order_and_bounds() {
        let values: Vec<f64> = (0..=100).map(|i| calibrated(f64::from(i) / 100.0)).collect();
        assert!(values.windows(2).all(|w| w[0] < w[1]));
        assert!(values[0] > 0.0 && values[100] < 1.0);
        assert!((calibrated(0.5) - 0.598_687_660_112_452).abs() < 1e-12);
    }
}
