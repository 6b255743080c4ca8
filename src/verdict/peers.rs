//! Evidence that sites of a recording have for each other.
//!
//! Sites in lockstep have one cause, so they share one score, and speak once.
//!
//! Among ten thousand sites that come and go a few look like leaks by chance. How many is measured in the recording
//! itself, on scores above break-even, in two ways:
//!
//! - The score of each site upside down ([`super::mirror`]) is a draw from the scores of chance: of series that wander
//!   as many rise as fall (Barber and Candès 2015, mirror images in place of knock-offs). One mirror image alone is no
//!   evidence that others wander, since a store that is drained looks like it.
//! - What only ever rises, ever more rarely, has no mirror image; but its scores have a tail. Of W sites between −2 and
//!   0, an exponential tail that falls by e with each unit has W / (e² − 1) · e^−s above s. From 20 points on, where
//!   leaks score clearly higher; at eight their scores fill that range as well.
//!
//! The greater number counts, and N · 0.0005 · e^−s in addition (0.002 at eight points), N being the number of sites
//! that move. Where that is more than a tenth of the sites that score at least `s`, a site of that score is `unclear`
//! (Benjamini and Hochberg 1995). A single leak beside healthy sites has neither mirror images nor a tail below it; a
//! recording of wanderers has both, and silences itself.

use super::by_length::by_length;
use super::rules::{Apply, Peers, Rule};
use super::types::{ScoredSite, SiteKind};
use crate::model::Transitions;

/// Sites in lockstep are scored as one.
pub const GROUPS: Rule = Rule { name: "groups", apply: Apply::Peers(agree) };
/// Scores that chance brings among many sites.
pub const CHANCE: Rule = Rule { name: "chance", apply: Apply::Peers(chance) };

/// Of the sites called growing at most this share may be so by chance.
const FALSE_DISCOVERIES: f64 = 0.1;
/// The natural logarithm of the share of the moving sites of any recording that score above break-even without a leak,
/// by length: 0.002 and 0.0005. The share falls by e with each unit of the score.
const LN_AT_LEAST: [(f64, f64); 2] = [(8.0, -6.214_608), (20.0, -7.600_902)];
/// The part of the tail that counts, by length.
const TAIL_COUNTS: [(f64, f64); 2] = [(8.0, 0.0), (20.0, 1.0)];
/// Scores from this one up to break-even tell the tail above it.
const TAIL_FROM: f64 = -2.0;

/// Changes the scores of sites by those of the others.
pub fn score_together(sites: &mut [ScoredSite], peers: &Peers<'_>, rules: &super::rules::Rules) {
    for rule in rules.iter() {
        if let Apply::Peers(apply) = rule.apply {
            apply(sites, peers);
        }
    }
}

/// Sites of one group have one cause, so each takes the mean score of all.
fn agree(sites: &mut [ScoredSite], peers: &Peers<'_>) {
    for group in peers.groups {
        let known: Vec<f64> = group.iter().filter_map(|&i| sites[i].score).collect();
        let mean = known.iter().sum::<f64>() / known.len().max(1) as f64;
        for &i in group {
            sites[i].score = sites[i].score.map(|_| mean);
        }
    }
}

/// Marks the sites that chance may have brought.
fn chance(sites: &mut [ScoredSite], peers: &Peers<'_>) {
    let mut speaks = vec![true; sites.len()];
    peers.groups.iter().flat_map(|group| group.iter().skip(1)).for_each(|&i| speaks[i] = false);
    let mut heaps = vec![Scores::default(); peers.histories];
    let counts = |site: &ScoredSite| !matches!(site.kind, SiteKind::ProfilerOverhead | SiteKind::Sampler);
    for (site, _) in sites.iter().zip(speaks).filter(|(site, speaks)| *speaks && counts(site)) {
        heaps[site.history].own.extend(site.above_break_even());
    }
    for site in sites.iter().filter(|site| counts(site)) {
        let heap = &mut heaps[site.history];
        if may_wander(site.bytes.form.steps, heap.own.len()) {
            heap.mirrored.extend(site.mirrored.map(|score| score - site.scale.break_even));
        }
        heap.points = heap.points.max(site.scale.points);
    }
    let heaps: Vec<Shares> = heaps.into_iter().map(Shares::of).collect();
    for site in sites {
        site.by_chance = site.above_break_even().map_or(0.0, |score| heaps[site.history].at(score));
        if site.kind == SiteKind::Plain && site.by_chance > FALSE_DISCOVERIES {
            site.kind = SiteKind::ByChance;
        }
    }
}

/// Whether a site among this many may have moved like this without a trend. A store that is drained falls each time, as
/// none of so many would by chance: N · 2^−falls is less than one.
fn may_wander(steps: Transitions, sites: usize) -> bool {
    steps.grew > 0 || (steps.shrank as f64) < (sites as f64).log2()
}

/// Scores above break-even of the sites of a heap.
#[derive(Debug, Clone, Default)]
struct Scores {
    own: Vec<f64>,
    mirrored: Vec<f64>,
    /// The length of the longest series.
    points: usize,
}

/// The share of chance among the sites of a heap that score at least as high, by score.
#[derive(Debug)]
struct Shares {
    /// Falling scores, with the share of each.
    by_score: Vec<(f64, f64)>,
}

impl Shares {
    fn of(scores: Scores) -> Self {
        let Scores { mut own, mut mirrored, points } = scores;
        own.sort_by(|a, b| b.total_cmp(a));
        mirrored.sort_by(|a, b| b.total_cmp(a));
        let at_least = own.len() as f64 * by_length(&LN_AT_LEAST, points).exp();
        let below = own.iter().filter(|score| (TAIL_FROM..0.0).contains(*score)).count() as f64;
        let tail = by_length(&TAIL_COUNTS, points) * below / ((-TAIL_FROM).exp() - 1.0);
        let mut reach = 0;
        let share = |(k, score): (usize, f64)| {
            reach += mirrored[reach..].iter().take_while(|mirrored| **mirrored >= score).count();
            let images = reach.saturating_sub(1) as f64;
            let expected = images.max(tail * (-score).exp()) + at_least * (-score).exp();
            (score, expected / (k + 1) as f64)
        };
        let mut by_score: Vec<(f64, f64)> = own.into_iter().enumerate().map(share).collect();
        // A higher score is never likelier by chance than a lower one.
        let mut least = f64::INFINITY;
        for (_, share) in by_score.iter_mut().rev() {
            least = least.min(*share);
            *share = least.min(1.0);
        }
        Self { by_score }
    }

    /// The share at a score.
    fn at(&self, score: f64) -> f64 {
        let after = self.by_score.partition_point(|(other, _)| *other >= score);
        after.checked_sub(1).map_or(0.0, |last| self.by_score[last].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transitions(grew: usize, shrank: usize) -> Transitions {
        Transitions { grew, shrank, held: 0 }
    }

    #[test]
    fn the_share_of_chance_is_that_of_the_mirror_images() {
        let healthy = |n: usize| (0..n).map(|_| -4.0);
        for (name, own, mirrored, score, at_least, at_most) in [
            ("one leak alone", vec![4.0], vec![], 4.0, 0.0, 0.001),
            (
                "one leak among healthy ones",
                healthy(300).chain([4.0]).collect(),
                vec![-5.0; 150],
                4.0,
                0.0,
                0.01,
            ),
            (
                "twelve leaks among healthy ones",
                healthy(300).chain([3.0; 12]).collect(),
                vec![-5.0; 150],
                3.0,
                0.0,
                0.01,
            ),
            ("beside one store that is drained", vec![3.0; 4], vec![5.0], 3.0, 0.0, 0.01),
            ("as many as mirror images", vec![1.0; 20], vec![1.5; 20], 1.0, 0.9, 1.0),
            ("a leak above all that wander", vec![0.5, 0.4, 6.0], vec![0.6, 0.5, 0.4], 6.0, 0.0, 0.01),
            ("those that wander beside it", vec![0.5, 0.4, 6.0], vec![0.6, 0.5, 0.4], 0.4, 0.6, 0.7),
            (
                "a tail that goes on above break-even",
                (0..99).map(|k| 3.0 - f64::from(k) / 10.0).collect(),
                vec![],
                0.0,
                0.1,
                0.2,
            ),
            ("a score that no site has", vec![1.0], vec![], 2.0, 0.0, 0.0),
        ] {
            let share = Shares::of(Scores { own, mirrored, points: 40 }).at(score);
            assert!((at_least..=at_most).contains(&share), "{name}: {share}");
        }
    }

    #[test]
    fn a_higher_score_is_never_likelier_by_chance() {
        let own: Vec<f64> = (0..50).map(|k| f64::from(k) / 10.0).collect();
        let shares =
            Shares::of(Scores { own: own.clone(), mirrored: vec![0.5, 1.0, 3.3, 3.4, 3.5], points: 8 });
        assert!(own.windows(2).all(|pair| shares.at(pair[0]) >= shares.at(pair[1])));
    }

    #[test]
    fn what_falls_each_time_is_drained_and_does_not_wander() {
        for (grew, shrank, sites, expected) in [
            (1, 20, 30, true),
            (0, 20, 30, false),
            (0, 4, 30, true),
            (0, 7, 1000, true),
            (0, 10, 1000, false),
        ] {
            assert_eq!(may_wander(transitions(grew, shrank), sites), expected, "{grew} {shrank} {sites}");
        }
    }
}
