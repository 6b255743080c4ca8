//! Many sites at once: verdicts on ten thousand sites of one recording that do not leak, and on a few that do.

use std::collections::BTreeMap;

use leakdiff::assessment::AssessOptions;

use super::Page;
use crate::families::{self, Family};
use crate::observe::Observed;
use crate::options::Options;
use crate::subject::{self, Opinion, Says};
use crate::work;

/// Lengths of the recordings.
const LENGTHS: [usize; 4] = [8, 20, 40, 100];
/// Sites that do not leak; every second is constant.
const SITES: usize = 10_000;
/// The others, in turn.
const HEALTHY: [&str; 10] = [
    "relax",
    "coupons",
    "trickle",
    "few_blocks",
    "churn",
    "lattice_walk",
    "lazy_steps",
    "ratchet",
    "step_start",
    "saw_only",
];
/// Sites that leak.
const LEAKS: usize = 20;
/// Their families, in turn.
const LEAKING: [&str; 3] = ["count_leak", "every_kth", "late_start"];
/// Series are numbered from here, so that none is in any other table.
const FIRST: usize = 1_000_000;

/// Adds the table.
pub fn add(page: &mut Page, options: &Options) {
    page.heading("Ten thousand sites in one recording");
    page.say(&format!(
        "Half of the {SITES} are constant, the others {}. The {LEAKS} leaks are {}. All are judged together.",
        HEALTHY.join(", "),
        LEAKING.join(", ")
    ));
    page.head(&["n", "called growing without leaks", "with them", "leaks found", "most often"], &[]);
    let rows = work::in_order(LENGTHS.len(), |number| vec![row(LENGTHS[number], options.seed)]);
    for row in rows {
        page.row(&row);
    }
    page.end();
}

fn row(n: usize, seed: u64) -> [String; 5] {
    let draw =
        |name: &str, k: usize| families::named(name).map(|family| Observed::site(seed, family, n, FIRST + k));
    let healthy_name = |k: usize| if k % 2 == 1 { "constant" } else { HEALTHY[k / 2 % HEALTHY.len()] };
    let healthy: Vec<Observed> = (0..SITES).filter_map(|k| draw(healthy_name(k), k)).collect();
    let leaks: Vec<Observed> = (0..LEAKS).filter_map(|k| draw(LEAKING[k % LEAKING.len()], k)).collect();
    let alone: Vec<&Observed> = healthy.iter().collect();
    let together: Vec<&Observed> = healthy.iter().chain(&leaks).collect();
    let without = growing(&subject::opinions_together(&alone, &AssessOptions::default()));
    let with = growing(&subject::opinions_together(&together, &AssessOptions::default()));
    let found = with.iter().filter(|&&k| k >= SITES).count();
    let mut by_family: BTreeMap<&str, usize> = BTreeMap::new();
    for &k in &without {
        *by_family.entry(family(&healthy, k).name).or_default() += 1;
    }
    let mut often: Vec<_> = by_family.into_iter().collect();
    often.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    let often: Vec<String> = often.iter().take(3).map(|(name, times)| format!("{name} {times}")).collect();
    [
        n.to_string(),
        without.len().to_string(),
        (with.len() - found).to_string(),
        format!("{found} of {LEAKS}"),
        often.join(", "),
    ]
}

fn family(sites: &[Observed], k: usize) -> &'static Family {
    sites[k].family
}

/// The numbers of those that are called growing.
fn growing(opinions: &[Opinion]) -> Vec<usize> {
    let called = opinions.iter().enumerate().filter(|(_, said)| said.says == Says::Growing);
    called.map(|(k, _)| k).collect()
}
