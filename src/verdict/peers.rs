//! Evidence that sites of a recording have for each other.
//!
//! Sites in lockstep have one cause, so they share one score.
//!
//! Among ten thousand sites that come and go a few look like leaks by chance. How many of them leak is estimated from
//! all of them together (empirical Bayes; the local false discovery rate of Efron et al. 2001): with prior odds π/(1 −
//! π) in place of those the score was made for, π = (a + Σ p_i) / (a + b + N), where p_i are the probabilities under π
//! itself, and a, b stand for ten sites of the usual kind. The step is repeated until π no longer moves. π is only
//! lowered: that many sites grow is no evidence for the next one, since one cache has many lines.
//!
//! A prior is not enough where thousands wander: then the largest scores of chance are large. So the number of sites
//! called growing is held against the number that chance would bring (Benjamini and Hochberg 1995), the chance of a
//! score being that of simulated random walks, queues and trickles, the worst of all that does not leak.

use super::rules::{Apply, Peers, Rule, Rules};
use super::score::{break_even_score, logistic, logit, raw_log_odds};
use super::types::{ScoredSite, SeriesKind, SiteKind};
use crate::stats::discovery;

/// Sites in lockstep are scored as one.
pub const GROUPS: Rule = Rule { name: "groups", apply: Apply::Peers(agree) };
/// The frequency of leaks, by the evidence of all sites.
pub const PREVALENCE: Rule = Rule { name: "prevalence", apply: Apply::Peers(prevalence) };

/// The share of the moving sites that leak where nothing else is known, as on the recorded programs.
const USUAL: f64 = 0.15;
/// Number of sites that the usual share counts as.
const WORTH: f64 = 10.0;
/// Steps until π no longer moves.
const STEPS: usize = 50;

/// Changes the scores of sites by those of the others.
pub fn score_together(sites: &mut [ScoredSite], peers: &Peers<'_>, rules: &Rules) {
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

/// Marks the sites that chance may have brought, and lowers the log-odds of all sites of a heap by the rarity of leaks
/// in it.
fn prevalence(sites: &mut [ScoredSite], peers: &Peers<'_>) {
    let mut moving = vec![Vec::new(); peers.histories];
    for (i, site) in sites.iter().enumerate() {
        if site.kind != SiteKind::ProfilerOverhead && site.score.is_some() {
            moving[site.history].push(i);
        }
    }
    let shifts: Vec<f64> = moving.iter().map(|moving| of_heap(sites, moving)).collect();
    sites.iter_mut().for_each(|site| site.shift = shifts[site.history]);
}

/// Returns the change of the log-odds of the sites of a heap, of which these move.
fn of_heap(sites: &mut [ScoredSite], moving: &[usize]) -> f64 {
    let chances: Vec<f64> = moving.iter().filter_map(|&i| chance_of(&sites[i])).collect();
    let bar = bar(&chances);
    for (&i, _) in moving.iter().zip(&chances).filter(|(_, chance)| **chance > bar) {
        if sites[i].kind == SiteKind::Plain {
            sites[i].kind = SiteKind::ByChance;
        }
    }
    let raw: Vec<f64> = moving
        .iter()
        .filter_map(|&i| Some(raw_log_odds(sites[i].score?, sites[i].bytes.points, SeriesKind::Site)))
        .collect();
    shift(&raw)
}

/// The chance of a site's score if it only wanders.
fn chance_of(site: &ScoredSite) -> Option<f64> {
    let points = site.bytes.points;
    site.score.map(|score| by_chance(score - break_even_score(points, SeriesKind::Site), points))
}

/// Returns the change of the log-odds of each site, given those of all; 0 or less.
fn shift(log_odds: &[f64]) -> f64 {
    let mut share = USUAL;
    let by = |share: f64| logit(share) - logit(USUAL);
    for _ in 0..STEPS {
        let shift = by(share);
        let expected: f64 = log_odds.iter().map(|l| logistic(l + shift)).sum();
        share = (WORTH * USUAL + expected) / (WORTH + log_odds.len() as f64);
    }
    by(share).min(0.0)
}

/// Of the sites called growing at most this share may be so by chance.
const FALSE_DISCOVERIES: f64 = 0.1;
/// The chance that a wandering site reaches the break-even score, at these lengths.
const BY_CHANCE: [(f64, f64); 2] = [(8.0, 0.005), (20.0, 0.05)];

/// The chance that a site of `points` that only wanders scores at least this far above the break-even score: it falls
/// by e with each unit.
fn by_chance(above_even: f64, points: usize) -> f64 {
    let [(short, rare), (long, often)] = BY_CHANCE;
    let along = ((points as f64 / short).ln() / (long / short).ln()).clamp(0.0, 1.0);
    (rare * (often / rare).powf(along) * (-above_even).exp()).min(1.0)
}

/// The largest chance at which a site may be called growing, given those of all sites that move; 0 where none may.
fn bar(chances: &[f64]) -> f64 {
    discovery::bar(chances, FALSE_DISCOVERIES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_rises_with_the_number_of_those_that_wander() {
        assert!((by_chance(0.0, 40) - 0.05).abs() < 1e-12 && (by_chance(0.0, 5) - 0.005).abs() < 1e-12);
        assert!(by_chance(-9.0, 40) <= 1.0);
        let walks = |n: usize| (1..=n).map(move |k| k as f64 / n as f64);
        for (name, chances, least) in [
            ("one site alone", vec![0.04], 0.04),
            ("one leak among thirty", walks(30).chain([1e-3]).collect::<Vec<_>>(), 1e-3),
            ("chance alone", walks(10_000).collect(), 0.0),
            ("a hundred leaks among ten thousand", walks(10_000).chain([1e-5; 100]).collect(), 1e-3),
            ("nothing", Vec::new(), 0.0),
        ] {
            let found = bar(&chances);
            assert!((found - least).abs() < 2e-4, "{name}: {found}");
        }
    }

    #[test]
    fn few_sites_change_nothing_and_thousands_of_healthy_ones_raise_the_bar() {
        assert!(shift(&[]).abs() < 1e-9);
        assert!(shift(&[3.0]) > -0.2);
        assert!(shift(&[4.0; 60]).abs() < 1e-9, "many leaks are no evidence for the next");
        let healthy = |n: usize| (0..n).map(|i| if i % 50 == 0 { 1.0 } else { -4.0 }).collect::<Vec<_>>();
        let (few, many) = (shift(&healthy(50)), shift(&healthy(10_000)));
        assert!(many < -4.0 && few > -2.5, "{few}, {many}");
    }
}
