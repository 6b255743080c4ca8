//! The order in which sites are shown.

use super::{Group, JudgedSite, Verdict};
use crate::model::Series;

/// What sites are ranked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortKey {
    /// Growing first, among them the most certain growth (the lower end of the rate's interval) first; of sites that
    /// grow in one rhythm the one in the program's own code leads.
    #[default]
    Growth,
    /// The highest estimated rate first.
    Rate,
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
pub fn ranking(sites: &[JudgedSite], groups: &[Group], key: SortKey) -> Vec<usize> {
    let names: Vec<String> = sites.iter().map(|s| s.history.site.text()).collect();
    let mut order: Vec<usize> = (0..sites.len()).collect();
    order.sort_by(|&a, &b| {
        let by = |f: fn(&JudgedSite) -> f64| f(&sites[b]).total_cmp(&f(&sites[a]));
        let first = match key {
            SortKey::Growth => class(&sites[a])
                .cmp(&class(&sites[b]))
                .then_with(|| by(|s| s.bytes.slope.map_or(f64::NEG_INFINITY, |slope| slope.low)))
                .then_with(|| by(rate)),
            SortKey::Rate => by(rate),
            SortKey::Size => by(|s| s.history.bytes.last().map_or(0.0, |v| v.value.value)),
            SortKey::Probability => by(|s| s.bytes.probability),
            SortKey::Blocks => {
                by(|s| s.blocks.as_ref().and_then(|b| b.slope).map_or(f64::NEG_INFINITY, |slope| slope.value))
            }
            SortKey::Name => std::cmp::Ordering::Equal,
        };
        first.then_with(|| names[a].cmp(&names[b]))
    });
    if key == SortKey::Growth { own_code_leads(order, sites, groups) } else { order }
}

/// Sites of one cause are many lines of libraries and one line that calls them: that line is the one to look at, so
/// it takes the place of the first of them.
fn own_code_leads(mut order: Vec<usize>, sites: &[JudgedSite], groups: &[Group]) -> Vec<usize> {
    let mut group_of = vec![None; sites.len()];
    for (number, group) in groups.iter().enumerate() {
        group.members.iter().for_each(|&member| group_of[member] = Some(number));
    }
    let rhythm = |i: usize| {
        let site = &sites[i];
        let growing = site.bytes.verdict == Verdict::Growing;
        let shared = group_of[i]
            .map(Rhythm::OfGroup)
            .or_else(|| is_even(&site.history.blocks).then_some(Rhythm::Even));
        shared.filter(|_| growing).map(|rhythm| (site.history.history, rhythm))
    };
    let rhythms: Vec<_> = (0..sites.len()).map(rhythm).collect();
    let mut led = Vec::new();
    for place in 0..order.len() {
        let Some(rhythm) = rhythms[order[place]].filter(|r| !led.contains(r)) else { continue };
        led.push(rhythm);
        let own = |&i: &usize| rhythms[i] == Some(rhythm) && sites[i].history.site.is_own_code();
        if let Some(ahead) = order[place..].iter().position(own) {
            order[place..=place + ahead].rotate_right(1);
        }
    }
    order
}

/// The moments at which a site grows, as far as other sites may share them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rhythm {
    /// Those of its group.
    OfGroup(usize),
    /// At every snapshot by one number of blocks.
    Even,
}

/// Of the steps of an even series so many are the commonest one.
const EVEN_SHARE: f64 = 0.8;

/// Whether four in five steps are one and the same rise.
fn is_even(blocks: &Series) -> bool {
    let mut steps: Vec<f64> =
        blocks.samples().windows(2).map(|w| w[1].value.value - w[0].value.value).collect();
    steps.sort_by(f64::total_cmp);
    let Some(&middle) = steps.get(steps.len() / 2) else { return false };
    let same = steps.iter().filter(|step| **step == middle).count();
    middle > 0.0 && same as f64 >= EVEN_SHARE * steps.len() as f64
}

fn rate(site: &JudgedSite) -> f64 {
    site.bytes.slope.map_or(f64::NEG_INFINITY, |slope| slope.value)
}

/// Growing first; the instrument last, whatever it does.
fn class(site: &JudgedSite) -> (bool, Verdict) {
    (site.instrument, site.bytes.verdict)
}
