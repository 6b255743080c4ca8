//! The order in which sites are shown.

use std::cell::OnceCell;

use foldhash::HashSet;

use super::groups::Group;
use super::materiality::{Folded, gained};
use crate::reconstruct::SiteHistory;
use crate::verdict::{Judge, JudgedSite, Verdict, on_all_cores};

/// The order of sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortKey {
    /// Sites that matter first, growing ones before others. Of those the most certain growth (the lower end of the
    /// rate's interval) leads, and of sites that grow at the same moments the one in the program's own code. Others by
    /// the bytes that they gained.
    #[default]
    Growth,
    /// The highest estimated rate first.
    Rate,
    /// The most gained bytes first.
    Gained,
    /// The largest last size first.
    Size,
    /// The highest probability of going on first.
    Probability,
    /// The fastest growing number of blocks first.
    Blocks,
    /// By name.
    Name,
}

/// Indices of the sites in the order of the ranking.
#[must_use]
pub fn ranking(
    sites: &[JudgedSite],
    groups: &[Group],
    folded: &[Option<Folded>],
    key: SortKey,
    judge: &Judge,
) -> Vec<usize> {
    // Names decide between equals only; most sites have none.
    let names = vec![OnceCell::new(); sites.len()];
    let name = |i: usize| names[i].get_or_init(|| sites[i].history.site.text());
    let block_rates = if key == SortKey::Blocks { block_rates(sites, judge) } else { Vec::new() };
    let mut order: Vec<usize> = (0..sites.len()).collect();
    order.sort_by(|&a, &b| {
        let by = |f: fn(&JudgedSite) -> f64| f(&sites[b]).total_cmp(&f(&sites[a]));
        let first = match key {
            SortKey::Growth => class(&sites[a], folded[a])
                .cmp(&class(&sites[b], folded[b]))
                // Bytes and numbers of objects are not held against each other.
                .then_with(|| sites[a].history.unit().cmp(&sites[b].history.unit()))
                .then_with(|| by(certain))
                .then_with(|| by(rate)),
            SortKey::Rate => by(rate),
            SortKey::Gained => by(gained),
            SortKey::Size => by(|s| s.profile.last_bytes.value),
            SortKey::Probability => by(|s| s.bytes.probability),
            SortKey::Blocks => block_rates[b].total_cmp(&block_rates[a]),
            SortKey::Name => std::cmp::Ordering::Equal,
        };
        first.then_with(|| name(a).cmp(name(b)))
    });
    if key == SortKey::Growth { own_code_leads(order, sites, groups, folded) } else { order }
}

/// The growth of a site that is certain: of one that grows the lower end of the rate, of others the bytes that they
/// gained.
fn certain(site: &JudgedSite) -> f64 {
    match site.bytes.verdict {
        Verdict::Growing => site.bytes.slope.and_then(|slope| slope.low).unwrap_or(f64::NEG_INFINITY),
        _ => gained(site),
    }
}

/// The growth rates of each site's number of blocks; the least number for a site whose blocks are not known.
fn block_rates(sites: &[JudgedSite], judge: &Judge) -> Vec<f64> {
    let histories: Vec<&SiteHistory> = sites.iter().map(|site| &site.history).collect();
    on_all_cores(histories, |history| judge.block_rate(history).unwrap_or(f64::NEG_INFINITY))
}

/// A line of the program's own code may lead a line that grows so many times as fast, as the list that keeps large
/// objects does (110 times in the corpus): one that grows slower still grows beside the other.
const LED_AT_MOST: f64 = 256.0;

/// Sites of one cause are many lines of libraries and one line that calls them: that line is the one to look at, so
/// it takes the place of the first of them, if it can be the cause.
fn own_code_leads(
    mut order: Vec<usize>,
    sites: &[JudgedSite],
    groups: &[Group],
    folded: &[Option<Folded>],
) -> Vec<usize> {
    let mut group_of = vec![None; sites.len()];
    for (number, group) in groups.iter().enumerate() {
        group.members.iter().for_each(|&member| group_of[member] = Some(number));
    }
    let moments_of = |i: usize| {
        let site = &sites[i];
        // A site that does not matter is no cause of one that does.
        let growing = site.bytes.verdict == Verdict::Growing && folded[i].is_none();
        let shared =
            group_of[i].map(Moments::OfGroup).or_else(|| site.profile.is_even.then_some(Moments::Even));
        shared.filter(|_| growing).map(|moments| (site.history.history, moments))
    };
    let moments: Vec<_> = (0..sites.len()).map(moments_of).collect();
    let mut led = HashSet::default();
    for place in 0..order.len() {
        let Some(shared) = moments[order[place]].filter(|r| !led.contains(r)) else { continue };
        led.insert(shared);
        let first = rate(&sites[order[place]]);
        let own = |&i: &usize| {
            let is_own = sites[i].history.site.is_own_code();
            moments[i] == Some(shared) && is_own && rate(&sites[i]) * LED_AT_MOST >= first
        };
        if let Some(ahead) = order[place..].iter().position(own) {
            order[place..=place + ahead].rotate_right(1);
        }
    }
    order
}

/// The moments at which a site grows, as far as other sites may share them.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Moments {
    /// Those of its group.
    OfGroup(usize),
    /// At every snapshot by one number of blocks.
    Even,
}

fn rate(site: &JudgedSite) -> f64 {
    site.bytes.slope.map_or(f64::NEG_INFINITY, |slope| slope.value)
}

/// Growing first; sites that are folded after all others, and the profiler's own last.
fn class(site: &JudgedSite, folded: Option<Folded>) -> (bool, Option<Folded>, Verdict) {
    (site.is_profiler_overhead(), folded, site.bytes.verdict)
}
