//! From the shape of a series to log-odds, and from log-odds to the probability that it keeps growing.

use std::ops::Range;

use crate::stats::shape::Shape;

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

/// Below this score …
const KNEE: f64 = -1.0;
/// … it falls more slowly: an unlikely outlook is not impossible.
const BELOW_THE_KNEE: f64 = 0.35;
/// Lengths are compared with this one in [`ceiling`].
const FIRST_LENGTH: f64 = 5.0;
/// The scale on which scores of one kind of series become probabilities.
struct Scale {
    /// (length, score) pairs: at that length a series of that score is as likely to keep growing as not.
    even: &'static [(f64, f64)],
    /// The chance that growth throughout five points ends later: nothing in a recording distinguishes a cache that
    /// fills after its end.
    ends_later: f64,
    /// Exponent by which that chance falls with the length of the recording.
    lindy: f64,
    /// Rise of the log-odds for each unit of the score.
    steepness: f64,
}

const fn scale(kind: SeriesKind) -> Scale {
    match kind {
        // Half of the sites that grow in eight snapshots are start-ups.
        SeriesKind::Site => Scale {
            even: &[(5.0, 1.7), (8.0, 2.5), (20.0, 1.25)],
            ends_later: 0.495,
            lindy: 0.2,
            steepness: 1.3,
        },
        SeriesKind::Process => {
            Scale { even: &[(8.0, 0.75), (20.0, 1.4)], ends_later: 0.24, lindy: 0.4, steepness: 1.5 }
        }
    }
}

/// The highest probability on `points` points: `1 − c·(5/n)^0.2`. The longer growth has lasted, the longer it will
/// (Lindy's law); fitted to the share of recordings in which growth that looked perfect continued.
fn ceiling(points: usize, kind: SeriesKind) -> f64 {
    let Scale { ends_later, lindy, .. } = scale(kind);
    1.0 - ends_later * (FIRST_LENGTH / (points as f64).max(FIRST_LENGTH)).powf(lindy)
}

/// Returns the score at which a series is as likely to keep growing as not, along the logarithm of the length.
#[must_use]
pub fn break_even_score(points: usize, kind: SeriesKind) -> f64 {
    let table = scale(kind).even;
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

/// Log-odds that the growth of a series is regular and does not stop, from its score; [`probability`] takes off growth
/// that may stop after the recording. On this scale evidence of other series can be added.
#[must_use]
pub fn raw_log_odds(score: f64, points: usize, kind: SeriesKind) -> f64 {
    log_odds_about(score, break_even_score(points, kind), points, kind)
}

/// The same, where `even` is the score at which the series is as likely to keep growing as not.
#[must_use]
pub fn log_odds_about(score: f64, even: f64, points: usize, kind: SeriesKind) -> f64 {
    let clipped = if score > KNEE { score } else { KNEE + BELOW_THE_KNEE * (score - KNEE) };
    // Where the probability is one half, its raw part is one half over the ceiling.
    scale(kind).steepness * (clipped - even) + logit(0.5 / ceiling(points, kind))
}

/// Returns the probability that a series of `points` keeps growing.
#[must_use]
pub fn probability(raw_log_odds: f64, points: usize, kind: SeriesKind) -> f64 {
    ceiling(points, kind) * logistic(raw_log_odds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_break_even_score_makes_one_half_at_any_length() {
        for (points, kind, even) in [
            (5, SeriesKind::Site, 1.7),
            (8, SeriesKind::Site, 2.5),
            (20, SeriesKind::Site, 1.25),
            (500, SeriesKind::Site, 1.25),
            (5, SeriesKind::Process, 0.75),
            (8, SeriesKind::Process, 0.75),
            (1_000_000, SeriesKind::Process, 1.4),
        ] {
            let p = probability(raw_log_odds(even, points, kind), points, kind);
            assert!((p - 0.5).abs() < 1e-9, "{points} {kind:?}: {p}");
        }
    }

    #[test]
    fn a_perfect_line_is_believed_the_more_the_longer_it_is() {
        for (points, expected) in [(8, 0.55), (40, 0.67), (100, 0.73), (1000, 0.83)] {
            let p = probability(raw_log_odds(20.0, points, SeriesKind::Site), points, SeriesKind::Site);
            assert!((p - expected).abs() < 0.01, "{points}: {p}");
        }
    }
}
