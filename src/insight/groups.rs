//! Sites in lockstep: one cause, reported as one.

use serde::{Deserialize, Serialize};

use crate::reconstruct::SiteHistory;
use crate::stats::lockstep::{self, Unit};
use crate::verdict::ScoredSite;

/// The evidence of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum GroupEvidence {
    /// Steps over many snapshots.
    Series,
    /// Equal steps at each snapshot, and counts that are the same multiple of them.
    EvenSteps,
    /// The ratios of one difference: a hint.
    SingleDiff,
}

/// Sites that grow by the same events.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its sites, as indices.
    pub members: Vec<usize>,
    /// Events so far.
    pub events: u64,
    /// Bytes that each event keeps.
    pub bytes_per_event: f64,
    /// Blocks that each event keeps.
    pub blocks_per_event: u64,
    /// Its evidence.
    pub evidence: GroupEvidence,
}

/// Returns the groups of all sites, the one that keeps most first. `scored` are the scores of the sites, in their
/// order.
#[must_use]
pub fn groups(sites: &[SiteHistory], scored: &[ScoredSite]) -> Vec<Group> {
    let mut found = of_series(sites, scored);
    let mut is_grouped = vec![false; sites.len()];
    found.iter().flat_map(|group| &group.members).for_each(|&i| is_grouped[i] = true);
    found.extend(of_even_steps(sites, scored, &is_grouped));
    found.extend(of_single_difference(sites, scored));
    found.sort_by(|a, b| {
        let kept = |g: &Group| g.bytes_per_event * to_f64(g.events);
        kept(b).total_cmp(&kept(a)).then_with(|| a.members.cmp(&b.members))
    });
    found
}

#[allow(clippy::cast_precision_loss)]
const fn to_f64(n: u64) -> f64 {
    n as f64
}

/// The sites that may be in a group, by their history.
fn by_history(sites: &[SiteHistory], may_join: impl Fn(&usize) -> bool) -> Vec<Vec<usize>> {
    let histories = sites.iter().map(|site| site.history + 1).max().unwrap_or(0);
    let mut all: Vec<Vec<usize>> = vec![Vec::new(); histories];
    (0..sites.len()).filter(may_join).for_each(|i| all[sites[i].history].push(i));
    all
}

/// Groups by the moments at which their sites grew. Only sites whose count is known at every position have them.
fn of_series(sites: &[SiteHistory], scored: &[ScoredSite]) -> Vec<Group> {
    let mut all = Vec::new();
    // Those that fall or are constant belong to no group, but they count among those that might agree by chance.
    for members in by_history(sites, |i| scored[*i].comparable) {
        let rises: Vec<&[i64]> =
            members.iter().map(|&i| scored[i].rises.as_deref().unwrap_or_default()).collect();
        for unit in lockstep::from_series(&rises) {
            let indices: Vec<usize> = unit.members.iter().map(|&m| members[m]).collect();
            let bytes: f64 = indices.iter().map(|&i| scored[i].profile.grown()).sum();
            all.push(group(indices, &unit, bytes / to_f64(unit.events.max(1)), GroupEvidence::Series));
        }
    }
    all
}

/// Groups of sites that gain the same number of blocks at each snapshot. Their steps do not tell one from another, but
/// their counts do: those that began together have the same number of steps in them.
fn of_even_steps(sites: &[SiteHistory], scored: &[ScoredSite], is_grouped: &[bool]) -> Vec<Group> {
    let may_join = |i: &usize| !is_grouped[*i] && !sites[*i].site.is_profiler() && sites[*i].positions > 2;
    let of_history = |members: Vec<usize>| {
        let numbers = |i: usize| {
            let step = i64::try_from(scored[i].even_step?).ok()?;
            Some((i, (scored[i].profile.last_blocks?, step)))
        };
        let (members, numbers): (Vec<usize>, Vec<(u64, i64)>) =
            members.into_iter().filter_map(numbers).unzip();
        let (counts, steps): (Vec<u64>, Vec<i64>) = numbers.into_iter().unzip();
        let of_unit = |unit: Unit| {
            let indices: Vec<usize> = unit.members.iter().map(|&m| members[m]).collect();
            let bytes = |&i: &usize| {
                let ScoredSite { profile, even_step, .. } = &scored[i];
                profile.last_bytes.value * to_f64(even_step.unwrap_or(0))
                    / to_f64(profile.last_blocks.unwrap_or(1).max(1))
            };
            let bytes = indices.iter().map(bytes).sum();
            group(indices, &unit, bytes, GroupEvidence::EvenSteps)
        };
        lockstep::from_difference(&counts, &steps).into_iter().map(of_unit).collect::<Vec<_>>()
    };
    by_history(sites, may_join).into_iter().flat_map(of_history).collect()
}

/// Groups by one difference: count ÷ change is the number of events so far.
fn of_single_difference(sites: &[SiteHistory], scored: &[ScoredSite]) -> Vec<Group> {
    let (members, numbers): (Vec<usize>, Vec<(u64, i64)>) = (0..sites.len())
        .filter(|&i| sites[i].positions == 2 && !sites[i].site.is_profiler())
        .filter_map(|i| Some((i, (scored[i].profile.last_blocks?, scored[i].last_change?))))
        .unzip();
    let (counts, changes): (Vec<u64>, Vec<i64>) = numbers.into_iter().unzip();
    lockstep::from_difference(&counts, &changes)
        .into_iter()
        .map(|unit| {
            let indices: Vec<usize> = unit.members.iter().map(|&m| members[m]).collect();
            let bytes: f64 = indices.iter().map(|&i| scored[i].profile.grown()).sum();
            group(indices, &unit, bytes, GroupEvidence::SingleDiff)
        })
        .collect()
}

fn group(members: Vec<usize>, unit: &Unit, bytes_per_event: f64, evidence: GroupEvidence) -> Group {
    let blocks_per_event = unit.multipliers.iter().sum();
    Group { members, events: unit.events, bytes_per_event, blocks_per_event, evidence }
}
