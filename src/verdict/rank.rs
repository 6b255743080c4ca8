//! The order in which sites are shown.

use super::{JudgedSite, Verdict};

/// What sites are ranked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortKey {
    /// Growing first, among them the most certain growth (the lower end of the rate's interval) first.
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
pub fn ranking(sites: &[JudgedSite], key: SortKey) -> Vec<usize> {
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
    order
}

fn rate(site: &JudgedSite) -> f64 {
    site.bytes.slope.map_or(f64::NEG_INFINITY, |slope| slope.value)
}

/// Growing first; the instrument last, whatever it does.
fn class(site: &JudgedSite) -> (bool, Verdict) {
    (site.instrument, site.bytes.verdict)
}
