//! Growth that pauses: it follows a load that comes and goes, and rests as often as that does.
//!
//! **Question.** The series has come to rest. Did it rest like this before, and go on? **Rule.** The running maximum
//! climbs a twentieth of the growth at a time; a wait between two such times is a pause if it is at least three steps
//! and three times the usual (median) wait. An earlier pause counts if 15 % of the growth came before it and 15 % after
//! it. The rest at the end is one of those if it is at most 1.5 times as long as the longest of them: nights differ in
//! length, but not by much more. **Source.** Ours. **Cost.** O(n log n). **Misleads** where the load ended for good,
//! which nothing shows before the rest is longer than any before.

use super::order::median;

/// The growth is followed in so many parts.
const PARTS: f64 = 20.0;
/// A pause is at least this many steps …
const SHORTEST: usize = 3;
/// … and this many usual waits.
const LEAST_WAITS: f64 = 3.0;
/// Share of the growth before and after an earlier pause.
const SHARE: f64 = 0.15;
/// A rest that is longer than the longest earlier pause by more than this factor is an end.
pub const LONGEST_REST: f64 = 1.5;
/// The rest begins where all but so much of a part is reached: noise goes on climbing a little.
const NEARLY: f64 = 0.25;
/// A series rests where it is still at this share of its growth.
const STILL_THERE: f64 = 0.8;

/// A rest at the end of a series, as one of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// Index of the first value that is as high as the rest, less a part.
    pub since: usize,
    /// Steps since then.
    pub rest: usize,
    /// Steps of the longest earlier pause.
    pub longest_before: usize,
    /// Number of earlier pauses as long as this one, or nearly.
    pub ended: usize,
}

/// Returns the rest at the end of `y`, recorded in steps of `recorded_step`, if it is one of several pauses.
#[must_use]
pub fn pause(y: &[f64], recorded_step: f64) -> Option<Pause> {
    let (first, last) = (*y.first()?, *y.last()?);
    let growth = y.iter().fold(first, |a, &b| a.max(b)) - first;
    if growth <= 0.0 || last - first < STILL_THERE * growth {
        return None;
    }
    let part = (growth / PARTS).max(recorded_step);
    // Index and growth so far, each time that another part of it is reached.
    let mut climbs: Vec<(usize, f64)> = Vec::new();
    let mut reached = 0.0;
    for (i, v) in y.iter().enumerate() {
        let parts = ((v - first) / part).floor();
        if parts > reached {
            reached = parts;
            climbs.push((i, v - first));
        }
    }
    let waits: Vec<(usize, f64)> = climbs.windows(2).map(|pair| (pair[1].0 - pair[0].0, pair[0].1)).collect();
    if waits.is_empty() {
        return None;
    }
    let usual = median(&mut waits.iter().map(|(wait, _)| *wait as f64).collect::<Vec<_>>());
    let is_pause = |wait: usize| wait >= SHORTEST && wait as f64 >= LEAST_WAITS * usual;
    let within = SHARE * growth..=(1.0 - SHARE) * growth;
    let before: Vec<usize> = waits
        .iter()
        .filter(|(wait, grown)| is_pause(*wait) && within.contains(grown))
        .map(|(wait, _)| *wait)
        .collect();
    let since = y.iter().position(|v| v - first >= growth - NEARLY * part)?;
    let rest = y.len() - 1 - since;
    let is_one_of = |pause: usize| rest as f64 <= LONGEST_REST * pause as f64;
    let longest_before = before.iter().copied().max()?;
    let ended = before.iter().filter(|pause| is_one_of(**pause)).count();
    (is_pause(rest) && ended > 0).then_some(Pause { since, rest, longest_before, ended })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A rise for each `+`, a rest for each `.`.
    fn walk(moves: &str) -> Vec<f64> {
        let mut level = 0.0;
        let mut step = |c: char| {
            level += if c == '+' { 1.0 } else { 0.0 };
            level
        };
        std::iter::once(0.0).chain(moves.chars().map(&mut step)).collect()
    }

    #[test]
    fn a_rest_is_one_of_several_as_long_as_it_is_no_longer_than_they_were() {
        for (moves, expected) in [
            ("++++++........++++++.......", Some((12 + 8, 7, 9, 1))),
            ("++++++........++++++.............", Some((20, 13, 9, 1))),
            ("++++++........++++++..............", None),
            ("++++........++++........++++........", Some((28, 8, 9, 2))),
            ("++++++++++++........", None),
            ("++++++++++++", None),
            ("........++++++........", None),
            ("++++++++++++++++++++......+......", None),
            ("", None),
        ] {
            let found = pause(&walk(moves), 0.0).map(|p| (p.since, p.rest, p.longest_before, p.ended));
            assert_eq!(found, expected, "{moves}");
        }
    }
}
