//! How a series is read, and how strongly it then says that it goes on growing.
//!
//! Most series are read as they are. What hides a leak (or looks like one) is taken away first: a cycle, the teeth of a
//! garbage collector, a pause at the end that is one of many, restarts; and jumps that obey a law are believed.
//! Which reading applies is decided by the form of the series alone, never by what it would say.

use crate::stats::Interval;
use crate::stats::cycle::cycle;
use crate::stats::pause::idle_tail;
use crate::stats::rhythm::{Rhythm, rhythm};
use crate::stats::shape::{Shape, shape};
use crate::stats::steps::{GIVEN_BACK, Movement};
use crate::stats::stories::{Stories, Story, calibrated, stories};
use crate::stats::teeth::floors;

use super::score::{logit, shape_log_odds};
use super::{Part, Parts};

/// Weight of the stories' log-odds beside the shape's.
const STORIES: f64 = 0.8;
/// Each jump that obeys a law says so much …
const LAWFUL_JUMP: f64 = 1.0;
/// … and all of them at most this.
const MOST_OF_A_LAW: f64 = 8.0;
/// Three jumps in fewer steps than this are too few for a law.
const LEAST_FOR_A_LAW: usize = 12;
/// Fewer values than these are not read.
const LEAST: usize = 5;
/// More than this downwards: a cycle or a sawtooth is looked for.
const RISES_AND_FALLS: f64 = 0.1;
/// Where something is given back the rate must be at least this share of the half-width of its 95 % interval.
const LEAST_RATE: f64 = 0.9;
/// From this probability on the stories are believed that growth goes on after a start-up …
const STORIES_SAY_SO: f64 = 0.6;
/// … if the shape without its first third says so by this much more.
const START_UP: f64 = 1.0;
/// One life of a process adds or takes away at most this much.
const MOST_OF_A_LIFE: f64 = 4.0;

/// The form in which a series was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// As it is, without a start-up jump.
    AsItIs,
    /// Its jumps obey a law.
    Lawful(Rhythm),
    /// Without a pause at the end, growth having come back from longer ones.
    WithoutPause,
    /// The floors of its sawtooth.
    Floors,
    /// Without its cycle, of which so many periods were seen.
    WithoutCycle {
        /// Periods in the recording.
        periods: f64,
    },
    /// Life by life, between restarts.
    Lives {
        /// How many lives were long enough.
        lives: usize,
    },
}

impl Reading {
    /// The reading in a few words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AsItIs => "as it is",
            Self::Lawful(Rhythm::Clockwork { .. }) => "equal jumps at equal distances",
            Self::Lawful(Rhythm::Staircase { .. }) => "a table that grows when it is full",
            Self::WithoutPause => "without the pause at its end",
            Self::Floors => "floors of a sawtooth",
            Self::WithoutCycle { .. } => "without its cycle",
            Self::Lives { .. } => "life by life",
        }
    }
}

/// What a series says of its future.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighed {
    /// How it was read.
    pub reading: Reading,
    /// The score that it goes on: 0.8 times the stories' log-odds, and the shape's. Comparable between series; no
    /// probability yet.
    pub log_odds: f64,
    /// The shape of what was read.
    pub shape: Shape,
    /// The stories of what was read.
    pub stories: Stories,
    /// Places of what was read among the values, where they are not simply the first ones.
    pub places: Option<Vec<usize>>,
}

impl Weighed {
    /// The calibrated weight of the stories that go on.
    #[must_use]
    pub fn stories_probability(&self) -> f64 {
        calibrated(self.stories.goes_on)
    }

    /// Where among the values that were weighed the `i`-th value of what was read stands.
    #[must_use]
    pub fn place(&self, i: usize) -> usize {
        self.places.as_ref().map_or(i, |places| places[i.min(places.len() - 1)])
    }
}

/// Weighs one life of a series, its values rounded to ± `half_width`; `None` if it is shorter than five values or
/// never moved.
#[must_use]
pub fn weigh(values: &[f64], half_width: f64, parts: Parts) -> Option<Weighed> {
    let plain = || as_it_is(values, half_width, parts);
    if values.len() < LEAST {
        return None;
    }
    let movement = Movement::of(values);
    // Neither a law nor a pause is looked for where something is given back.
    let only_rises = !movement.gives_back(GIVEN_BACK);
    if parts.has(Part::Laws)
        && only_rises
        && values.len() >= LEAST_FOR_A_LAW
        && let Some(law) = rhythm(values, half_width)
    {
        let plain = plain()?;
        let of_law = (LAWFUL_JUMP * law.jumps() as f64).min(MOST_OF_A_LAW);
        return Some(Weighed {
            log_odds: plain.log_odds.max(of_law),
            reading: Reading::Lawful(law),
            ..plain
        });
    }
    let pause = if parts.has(Part::Pauses) && only_rises { idle_tail(values) } else { 0 };
    if pause > 0 {
        let found = as_it_is(&values[..values.len() - pause], half_width, parts)?;
        return Some(Weighed { reading: Reading::WithoutPause, ..found });
    }
    if movement.falls_share() <= RISES_AND_FALLS {
        return plain();
    }
    if parts.has(Part::Floors)
        && let Some(floor) = on_floors(values, half_width, parts)
    {
        // Coarse noise can look like teeth: the better score of both counts.
        let plain = plain().map_or(f64::NEG_INFINITY, |plain| plain.log_odds);
        return Some(Weighed { log_odds: floor.log_odds.max(plain), ..floor });
    }
    if parts.has(Part::Cycles)
        && let Some(found) = cycle(values)
    {
        let reading = Reading::WithoutCycle { periods: found.periods };
        let places = Some(found.places);
        return as_it_is(&found.rest, half_width, parts).map(|found| Weighed { reading, places, ..found });
    }
    plain()
}

fn on_floors(values: &[f64], half_width: f64, parts: Parts) -> Option<Weighed> {
    let places = floors(values)?;
    let low: Vec<f64> = places.iter().map(|&i| values[i]).collect();
    let found = as_it_is(&low, half_width, parts)?;
    Some(Weighed { reading: Reading::Floors, places: Some(places), ..found })
}

/// Weighs the lives of a process together: growth that repeats in each is stronger evidence, not weaker. `main` is the
/// life that is shown; `lives` are all of them, `whole` the series with its restarts.
#[must_use]
pub fn weigh_lives(main: Weighed, lives: &[&[f64]], whole: &[f64], half_width: f64, parts: Parts) -> Weighed {
    let each: Vec<(usize, f64)> = lives
        .iter()
        .filter_map(|life| Some((life.len(), weigh(life, half_width, parts)?.log_odds)))
        .collect();
    let longest = each.iter().map(|(n, _)| *n).max().unwrap_or(1) as f64;
    let together: f64 =
        each.iter().map(|(n, l)| l.clamp(-MOST_OF_A_LIFE, MOST_OF_A_LIFE) * *n as f64 / longest).sum();
    let score =
        |values: &[f64]| as_it_is(values, half_width, parts).map_or(f64::NEG_INFINITY, |w| w.log_odds);
    // Where the lives themselves say so, they are one growth that was interrupted.
    let joined = if together > 0.0 { score(&joined(lives)) } else { f64::NEG_INFINITY };
    // What looked like a restart may have been a dip.
    let log_odds = together.max(joined).max(score(whole));
    Weighed { reading: Reading::Lives { lives: each.len() }, log_odds, ..main }
}

/// The lives one behind the other, each beginning where the one before ended.
fn joined(lives: &[&[f64]]) -> Vec<f64> {
    let mut all: Vec<f64> = Vec::new();
    for life in lives {
        let lift = all.last().map_or(0.0, |last| last - life[0]);
        all.extend(life.iter().map(|v| v + lift));
    }
    all
}

/// Weighs values as they are, without a start-up jump.
fn as_it_is(values: &[f64], half_width: f64, parts: Parts) -> Option<Weighed> {
    let stories = stories(values, half_width)?;
    let used = &values[stories.used.clone()];
    let shape = shape(used)?;
    let goes_on = calibrated(stories.goes_on);
    let own = shape_log_odds(&shape);
    let told = matches!(stories.likeliest, Story::Warm | Story::StepAndLeak);
    let may_start_up = parts.has(Part::StartUps) && (told || goes_on > STORIES_SAY_SO);
    let later = if may_start_up { later_shape(used) } else { None };
    let later = later.filter(|later| told || later - own > START_UP);
    let of_shape = later.map_or(own, |later| later.max(own));
    // Where one is left out, the other speaks for both.
    let score = match (parts.has(Part::Stories), parts.has(Part::Shape)) {
        (true, true) => STORIES * logit(goes_on) + of_shape,
        (true, false) => 1.5 * STORIES * logit(goes_on),
        (false, _) => 2.0 * of_shape,
    };
    let doubtful = parts.has(Part::RateBeyondDoubt)
        && stories.falls_share > GIVEN_BACK
        && !excludes_zero(&stories.rate_interval());
    let log_odds = if doubtful { score.min(0.0) } else { score };
    Some(Weighed { reading: Reading::AsItIs, log_odds, shape, stories, places: None })
}

/// The score of the shape without its first third.
fn later_shape(values: &[f64]) -> Option<f64> {
    let later = &values[values.len() / 3..];
    (later.len() >= LEAST).then(|| shape(later)).flatten().map(|s| shape_log_odds(&s))
}

fn excludes_zero(rate: &Interval) -> bool {
    rate.value >= LEAST_RATE * (rate.high - rate.value)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    fn series(n: i32, value: impl Fn(f64) -> f64) -> Vec<f64> {
        (0..n).map(|i| value(f64::from(i))).collect()
    }

    /// Scatter that is the same in every run.
    fn noise(t: f64) -> f64 {
        (t * 12.989_8).sin() + 0.7 * (t * 78.233).cos()
    }

    #[test]
    fn each_form_is_read_in_its_own_way() {
        let goes_on = |score: f64| score > 1.25;
        for (name, values, reading, leaks) in [
            ("a line", series(40, |t| 9.0 * t + noise(t)), "as it is", true),
            ("noise", series(40, noise), "as it is", false),
            ("a filling cache", series(40, |t| 99.0 * (1.0 - (-t / 6.0).exp())), "as it is", false),
            ("every fifth", series(40, |t| 64.0 * (t / 5.0).floor()), "equal jumps at equal distances", true),
            (
                "a table",
                series(60, |t| (t + 2.0).log2().ceil().exp2()),
                "a table that grows when it is full",
                true,
            ),
            (
                "bursts",
                series(46, |t| (t / 9.0).floor() * 4.0 + (t % 9.0).min(4.0)),
                "without the pause at its end",
                true,
            ),
            (
                "a wave",
                series(96, |t| 50.0 * (t / 16.0 * TAU).sin() + 4.0 * noise(t)),
                "without its cycle",
                false,
            ),
            (
                "a wave and a leak",
                series(96, |t| t + 50.0 * (t / 16.0 * TAU).sin()),
                "without its cycle",
                true,
            ),
            ("a sawtooth", series(60, |t| 10.0 * (t % 7.0) + noise(t)), "floors of a sawtooth", false),
            (
                "a sawtooth and a leak",
                series(60, |t| 2.0 * t + 10.0 * (t % 7.0)),
                "floors of a sawtooth",
                true,
            ),
        ] {
            let found = weigh(&values, 0.0, Parts::default()).unwrap();
            assert_eq!(
                (found.reading.name(), goes_on(found.log_odds)),
                (reading, leaks),
                "{name}: {}",
                found.log_odds
            );
        }
        assert_eq!(weigh(&[1.0, 2.0, 3.0, 4.0], 0.0, Parts::default()), None, "too short");
        assert_eq!(weigh(&[7.0; 40], 0.0, Parts::default()), None, "never moved");
    }

    #[test]
    fn growth_in_each_life_is_stronger_than_in_one() {
        let life = series(14, |t| 100.0 + 5.0 * t + 2.0 * noise(t));
        let lives: Vec<&[f64]> = vec![&life; 3];
        let one = weigh(&life, 0.0, Parts::default()).unwrap();
        let three = weigh_lives(one.clone(), &lives, &lives.concat(), 0.0, Parts::default());
        assert!(three.log_odds > one.log_odds, "{} against {}", three.log_odds, one.log_odds);
        assert_eq!(three.reading, Reading::Lives { lives: 3 });
        let level = series(14, |t| 100.0 + 9.0 * (1.0 - (-t).exp()) + 0.1 * noise(t));
        let lives: Vec<&[f64]> = vec![&level; 3];
        let one = weigh(&level, 0.0, Parts::default()).unwrap();
        assert!(weigh_lives(one, &lives, &lives.concat(), 0.0, Parts::default()).log_odds < 0.0);
    }

    #[test]
    fn lives_are_joined_where_each_ended() {
        assert_eq!(joined(&[&[1.0, 3.0], &[0.0, 2.0, 4.0], &[1.0]]), [1.0, 3.0, 3.0, 5.0, 7.0, 7.0]);
        assert_eq!(joined(&[]), Vec::<f64>::new());
    }
}
