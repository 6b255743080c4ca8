//! From the shape of a series to log-odds, and from log-odds to the probability that it goes on growing.

use std::ops::Range;

use crate::stats::shape::Shape;

use super::Subject;

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

/// The log-odds of going on that a shape makes: a weighted sum of its seven terms.
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

/// The probability of going on that a shape makes by itself.
#[must_use]
pub fn shape_probability(shape: &Shape) -> f64 {
    logistic(shape_log_odds(shape))
}

/// The probability of log-odds.
#[must_use]
pub fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// The log-odds of a probability, held a millionth from 0 and 1.
#[must_use]
pub fn logit(probability: f64) -> f64 {
    let p = probability.clamp(1e-6, 1.0 - 1e-6);
    (p / (1.0 - p)).ln()
}

/// How fast the probability rises with the score.
const STEEPNESS: f64 = 1.3;
/// Below this score …
const KNEE: f64 = -1.0;
/// … it falls more slowly: an unlikely future is not impossible.
const BELOW_THE_KNEE: f64 = 0.35;
/// Lengths are compared with this one in [`bound`].
const FIRST_LENGTH: f64 = 5.0;
/// How fast the chance that growth ends later falls with the length of the recording.
const LINDY: f64 = 0.2;

/// The scale on which scores of one kind of series become probabilities.
struct Scale {
    /// (length, score) pairs: at that length a series of that score is as likely to go on as not.
    even: &'static [(f64, f64)],
    /// The chance that what grows throughout five points ends later: nothing in a recording can tell a cache that
    /// fills behind its end.
    ends_later: f64,
}

const fn scale(subject: Subject) -> Scale {
    match subject {
        // Of what grows in eight snapshots half is a start-up.
        Subject::Site => Scale { even: &[(5.0, 1.7), (8.0, 2.5), (20.0, 1.25)], ends_later: 0.495 },
        Subject::Process => Scale { even: &[(8.0, 0.75), (20.0, 1.4)], ends_later: 0.35 },
    }
}

/// The most that a recording of `points` can say: `1 − c·(5/n)^0.2`. What has lasted long goes on longer (Lindy's
/// law); fitted to the share of recordings in which growth that looked perfect went on.
fn bound(points: usize, subject: Subject) -> f64 {
    1.0 - scale(subject).ends_later * (FIRST_LENGTH / (points as f64).max(FIRST_LENGTH)).powf(LINDY)
}

/// The score at which a series is as likely to go on as not, along the logarithm of the length.
#[must_use]
pub fn even_score(points: usize, subject: Subject) -> f64 {
    let table = scale(subject).even;
    let x = (points as f64).ln();
    let within = |pair: &[(f64, f64)]| -> Range<f64> { pair[0].0.ln()..pair[1].0.ln() };
    let (first, last) = (table[0], table[table.len() - 1]);
    table.windows(2).find(|pair| within(pair).contains(&x)).map_or(
        if x < first.0.ln() { first.1 } else { last.1 },
        |pair| {
            let range = within(pair);
            let along = (x - range.start) / (range.end - range.start);
            pair[0].1 + (pair[1].1 - pair[0].1) * along
        },
    )
}

/// How likely the score of a series makes it that growth is lawful and unbroken, as log-odds; [`probability`] takes
/// from it what may end later. On this scale evidence of other series can be added.
#[must_use]
pub fn unbroken(score: f64, points: usize, subject: Subject) -> f64 {
    let bent = if score > KNEE { score } else { KNEE + BELOW_THE_KNEE * (score - KNEE) };
    // Where the probability is one half, its unbounded part is one half over the bound.
    STEEPNESS * (bent - even_score(points, subject)) + logit(0.5 / bound(points, subject))
}

/// The probability that a series of `points` goes on growing.
#[must_use]
pub fn probability(unbroken: f64, points: usize, subject: Subject) -> f64 {
    bound(points, subject) * logistic(unbroken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_even_score_makes_one_half_at_any_length() {
        for (points, subject, even) in [
            (5, Subject::Site, 1.7),
            (8, Subject::Site, 2.5),
            (20, Subject::Site, 1.25),
            (500, Subject::Site, 1.25),
            (5, Subject::Process, 0.75),
            (8, Subject::Process, 0.75),
            (1_000_000, Subject::Process, 1.4),
        ] {
            let p = probability(unbroken(even, points, subject), points, subject);
            assert!((p - 0.5).abs() < 1e-9, "{points} {subject:?}: {p}");
        }
    }

    #[test]
    fn a_perfect_line_is_believed_the_more_the_longer_it_is() {
        for (points, expected) in [(8, 0.55), (40, 0.67), (100, 0.73), (1000, 0.83)] {
            let p = probability(unbroken(20.0, points, Subject::Site), points, Subject::Site);
            assert!((p - expected).abs() < 0.01, "{points}: {p}");
        }
    }
}
