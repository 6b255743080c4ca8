//! From the shape of a series to log-odds, and from log-odds to the probability that it keeps growing.

use crate::stats::shape::Shape;

use super::by_length::by_length;
use super::types::SeriesKind;

/// Coefficients of the seven terms, fitted with fixed signs on 24 recorded programs and 26 simulated
/// families.
mod coefficients {
    pub const CONSTANT: f64 = -1.28;
    pub const LN_N: f64 = -0.66;
    pub const FIT: f64 = 1.00;
    pub const OVERDUE: f64 = -1.03;
    pub const SLOWING: f64 = 0.37;
    pub const BEND: f64 = -0.73;
    pub const PARTS: f64 = 1.07;
    pub const STEADY: f64 = 0.94;
}

/// Returns the log-odds of growth that continues, from a shape: a weighted sum of its seven terms.
#[must_use]
pub fn shape_log_odds(shape: &Shape) -> f64 {
    use coefficients as c;
    c::CONSTANT
        + c::LN_N * shape.ln_n
        + c::FIT * shape.fit
        + c::OVERDUE * shape.overdue
        + c::SLOWING * shape.slowing
        + c::BEND * shape.bend
        + c::PARTS * shape.parts
        + c::STEADY * shape.steady
}

/// Returns the probability of growth that continues, from a shape alone.
#[must_use]
pub fn shape_probability(shape: &Shape) -> f64 {
    logistic(shape_log_odds(shape))
}

/// Returns the probability of log-odds.
#[must_use]
pub fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Returns the log-odds of a probability, held a millionth from 0 and 1.
#[must_use]
pub fn logit(probability: f64) -> f64 {
    let p = probability.clamp(1e-6, 1.0 - 1e-6);
    (p / (1.0 - p)).ln()
}

/// Rise of the log-odds for each unit of the score.
const fn steepness(kind: SeriesKind) -> f64 {
    match kind {
        SeriesKind::Site => 1.3,
        SeriesKind::Process => 1.5,
    }
}

/// Below this score …
const KNEE: f64 = -1.0;
/// … it falls more slowly: an unlikely outlook is not impossible.
const BELOW_THE_KNEE: f64 = 0.35;
/// (length, score) pairs: at that length a process of that score that grew by few of the steps in which it is recorded
/// is as likely to keep growing as not.
const PROCESS_EVEN: &[(f64, f64)] = &[(8.0, 0.75), (20.0, 1.4)];

/// A kind of growth, by the share of it that ends after the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Growth {
    /// Of a process.
    Process,
    /// Of a site, on a straight line: each turn of the program's work leaves the same.
    Straight,
    /// Of a site, about a line: a cache that fills does so by what it is asked for, and the more unevenly.
    Uneven,
}

impl Growth {
    /// Growth of a site whose bytes, or blocks, lie on a line with this r².
    pub fn of_site(r_squared: f64) -> Self {
        if r_squared >= STRAIGHT { Self::Straight } else { Self::Uneven }
    }

    const fn kind(self) -> SeriesKind {
        match self {
            Self::Process => SeriesKind::Process,
            Self::Straight | Self::Uneven => SeriesKind::Site,
        }
    }

    const fn most_certain(kind: SeriesKind) -> Self {
        match kind {
            SeriesKind::Process => Self::Process,
            SeriesKind::Site => Self::Straight,
        }
    }
}

/// The r² from which on a line is straight: growth of fifty times its scatter.
const STRAIGHT: f64 = 0.995;

/// The highest probability on `n` points: `1 − ends_later·(points/n)^falls`, the share of recordings in which growth
/// that looked perfect continued, each program counting once. Nothing in a recording distinguishes a cache that fills
/// after its end; the longer growth has lasted, the longer it will (Lindy's law).
struct Ceiling {
    ends_later: f64,
    points: f64,
    falls: f64,
}

const fn ceiling_of(growth: Growth) -> Ceiling {
    match growth {
        Growth::Straight => Ceiling { ends_later: 0.36, points: 8.0, falls: 0.45 },
        Growth::Uneven => Ceiling { ends_later: 0.49, points: 8.0, falls: 0.5 },
        Growth::Process => Ceiling { ends_later: 0.24, points: 5.0, falls: 0.4 },
    }
}

/// Fewer points count as this many in the ceiling.
const FIRST_LENGTH: f64 = 5.0;
/// A site of few points may still be called growing: below the length of its ceiling this is its exponent …
const FALLS_AT_FIRST: f64 = 0.65;
/// … and this the least ceiling.
const LEAST_CEILING: f64 = 0.505;

/// The highest probability on `points` points.
fn ceiling(points: usize, growth: Growth) -> f64 {
    let Ceiling { ends_later, points: at, falls } = ceiling_of(growth);
    let n = (points as f64).max(FIRST_LENGTH);
    let falls = if n < at { FALLS_AT_FIRST } else { falls };
    (1.0 - ends_later * (at / n).powf(falls)).max(LEAST_CEILING)
}

/// Returns the highest probability that a series of `points` can have, however even its growth is.
#[must_use]
pub fn highest_probability(points: usize, kind: SeriesKind) -> f64 {
    ceiling(points, Growth::most_certain(kind))
}

/// The break-even score of a site that gained few blocks: noise of a few blocks looks like growth, and half of the
/// sites that grow in eight snapshots are start-ups …
const FEW_BLOCKS_EVEN: &[(f64, f64)] = &[(8.0, 2.5), (20.0, 1.25)];
/// … and that of one that gained many.
const MANY_BLOCKS_EVEN: &[(f64, f64)] = &[(5.0, 0.7), (8.0, 1.0), (20.0, 0.4)];
/// Number of blocks that are many, at these lengths: of few snapshots more than one and a half for each step, since a
/// line that runs once for each snapshot may be that of the sampler.
const MANY_BLOCKS: &[(f64, f64)] = &[(5.0, 6.0), (8.0, 10.0), (20.0, 60.0)];
/// Number of bytes that are many where blocks are not counted, or their number is constant.
const MANY_BYTES: &[(f64, f64)] = &[(8.0, 1024.0), (20.0, 4096.0)];

/// The change of a site from its first to its last point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Gain {
    /// In blocks.
    Blocks(f64),
    /// In bytes, where the number of blocks is constant or unknown.
    Bytes(f64),
}

impl Gain {
    /// The gain of `bytes`, and of `blocks` where they are counted.
    pub fn of(bytes: &[f64], blocks: &[f64]) -> Self {
        let change = |values: &[f64]| match values {
            [first, .., last] => (last - first).abs(),
            _ => 0.0,
        };
        match change(blocks) {
            0.0 => Self::Bytes(change(bytes)),
            blocks => Self::Blocks(blocks),
        }
    }

    fn is_large(self, points: usize) -> bool {
        match self {
            Self::Blocks(blocks) => blocks >= by_length(MANY_BLOCKS, points),
            Self::Bytes(bytes) => bytes >= by_length(MANY_BYTES, points),
        }
    }
}

/// Returns the score at which a site that gained this much is as likely to keep growing as not.
#[must_use]
pub fn site_break_even(points: usize, gain: Gain) -> f64 {
    by_length(if gain.is_large(points) { MANY_BLOCKS_EVEN } else { FEW_BLOCKS_EVEN }, points)
}

/// Returns the score at which a process that grew by few recorded steps is as likely to keep growing as not.
#[must_use]
pub fn break_even_score(points: usize) -> f64 {
    by_length(PROCESS_EVEN, points)
}

/// Returns the probability that a series of `points` keeps growing, from its score and its break-even score.
///
/// Where growth is likelier than not, its ceiling is that of its kind; where it is not, how it would go on if it were
/// does not matter.
#[must_use]
pub fn probability(score: f64, even: f64, points: usize, growth: Growth) -> f64 {
    let kind = growth.kind();
    let clipped = if score > KNEE { score } else { KNEE + BELOW_THE_KNEE * (score - KNEE) };
    let most = ceiling(points, if clipped > even { growth } else { Growth::most_certain(kind) });
    // At break-even the probability is one half.
    most * logistic(steepness(kind) * (clipped - even) + logit(0.5 / most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_break_even_score_makes_one_half_at_any_length() {
        let few = |points| site_break_even(points, Gain::Blocks(3.0));
        let many = |points| site_break_even(points, Gain::Blocks(300.0));
        for (points, growth, even, expected) in [
            (5, Growth::Uneven, few(5), 2.5),
            (8, Growth::Straight, few(8), 2.5),
            (20, Growth::Uneven, few(20), 1.25),
            (500, Growth::Straight, few(500), 1.25),
            (8, Growth::Straight, many(8), 1.0),
            (500, Growth::Straight, many(500), 0.4),
            (5, Growth::Process, break_even_score(5), 0.75),
            (8, Growth::Process, break_even_score(8), 0.75),
            (1_000_000, Growth::Process, break_even_score(1_000_000), 1.4),
        ] {
            let p = probability(even, even, points, growth);
            assert!((p - 0.5).abs() < 1e-9 && even == expected, "{points} {growth:?}: {p}, {even}");
        }
    }

    #[test]
    fn noise_of_few_blocks_needs_a_higher_score_and_bytes_speak_where_no_block_was_gained() {
        for (gain, points, few) in [
            (Gain::of(&[0.0, 700.0], &[0.0, 5.0]), 5, true),
            (Gain::of(&[0.0, 700.0], &[0.0, 6.0]), 5, false),
            (Gain::of(&[0.0, 700.0], &[0.0, 9.0]), 8, true),
            (Gain::of(&[0.0, 700.0], &[0.0, 10.0]), 8, false),
            (Gain::of(&[0.0, 9e9], &[0.0, 59.0]), 40, true),
            (Gain::of(&[900.0, 0.0], &[60.0, 0.0]), 40, false),
            (Gain::of(&[64.0, 1064.0], &[1.0, 1.0]), 8, true),
            (Gain::of(&[64.0, 4160.0], &[1.0, 1.0]), 40, false),
            (Gain::of(&[0.0, 4096.0], &[]), 40, false),
            (Gain::of(&[], &[]), 40, true),
        ] {
            let expected = by_length(if few { FEW_BLOCKS_EVEN } else { MANY_BLOCKS_EVEN }, points);
            assert_eq!(site_break_even(points, gain), expected, "{gain:?} {points}");
        }
    }

    #[test]
    fn a_perfect_line_is_believed_the_more_the_longer_it_is_and_the_straighter() {
        for (points, straight, uneven) in
            [(5, 0.51, 0.505), (8, 0.64, 0.51), (40, 0.83, 0.78), (100, 0.88, 0.86), (1000, 0.96, 0.956)]
        {
            for (growth, expected) in [(Growth::of_site(1.0), straight), (Growth::of_site(0.99), uneven)] {
                let p = probability(20.0, 0.5, points, growth);
                assert!((p - expected).abs() < 0.01, "{points} {growth:?}: {p}");
            }
        }
    }
}
