//! Leaks among hundreds of healthy sites of one recording, judged together as a program's are.

use std::collections::{BTreeMap, BTreeSet};

use leakdiff::stats::Points;

use super::{Page, percent, percent_to_a_tenth, ranking, reasons};
use crate::families::{self, Family, Truth};
use crate::observe::Observed;
use crate::options::Options;
use crate::rivals;
use crate::subject::{self, Opinion, Says};
use crate::work;

/// Lengths of the recordings.
const LENGTHS: [usize; 4] = [8, 20, 40, 200];
/// Recordings of each length.
const RECORDINGS: usize = 20;
/// Sites of each recording that do not leak.
const HEALTHY: usize = 300;
/// Their families, in turn.
const HEALTHY_FAMILIES: [&str; 8] =
    ["level_white", "level_ar6", "churn", "constant", "step_start", "few_blocks", "relax", "coupons"];
/// One of each control family as well …
const CONTROLS: [&str; 17] = [
    "spikes",
    "step_start",
    "step_mid",
    "lazy_steps",
    "cache",
    "cache_mid",
    "fill_stops",
    "saw_only",
    "diurnal",
    "ratchet",
    "shrinking",
    "relax",
    "coupons",
    "trickle",
    "few_blocks",
    "lattice_walk",
    "walk",
];
/// … and one of each family of leaks.
const LEAKS: [&str; 14] = [
    "line_5",
    "line_10",
    "line_30",
    "line_ar6_10",
    "line_ar9_10",
    "one_block",
    "poisson_leak",
    "count_leak",
    "linear_exact",
    "warm_then_leak",
    "churn_leak",
    "late_start",
    "every_kth",
    "saw_leak",
];
/// The first of them show themselves in eight snapshots already.
const SHORT_LEAKS: usize = 9;
/// Families that wander, or rise ever more rarely: a thousand of one stand alone in a recording.
const ALONE: [&str; 5] = ["walk", "lattice_walk", "walk_within", "queue", "trickle"];
/// Number of sites of each of those recordings.
const THOUSAND: usize = 1000;
/// Families that nothing in the prefix decides.
const UNDECIDED: [&str; 4] = ["cache_slow", "fill_later", "coupons_slow", "relax_slow"];
/// Leaks of less growth than this over their noise are left out.
const CLEAR: f64 = 5.0;
/// Series are numbered from here, so that none is in any other table.
const FIRST: usize = 2_000_000;
/// A series that is not clear enough is drawn anew, as many times.
const DRAWS: usize = 50;

/// A site with leakdiff's opinion on it.
struct Site {
    family: &'static Family,
    said: Opinion,
    rivals: Vec<bool>,
    rate: f64,
}

/// Adds the tables.
pub fn add(page: &mut Page, options: &Options) {
    let all: Vec<Vec<Site>> =
        LENGTHS.iter().map(|&n| work::in_order(RECORDINGS, |number| recording(n, number, options))).collect();
    page.heading("Sites of one recording, judged together");
    page.say(&format!(
        "{RECORDINGS} recordings of each length: {HEALTHY} healthy sites ({}), one of each of {} control families, of {} \
         families of leaks ({SHORT_LEAKS} at n = 8; growth of {CLEAR:.0} times the noise or more), of {} that nothing decides. \
         Leaks found % / controls and healthy sites called growing %.",
        HEALTHY_FAMILIES.join(", "),
        CONTROLS.len(),
        LEAKS.len(),
        UNDECIDED.len()
    ));
    page.head(&["method"], &LENGTHS);
    page.row(&row("**leakdiff**", &all, |site| site.said.says == Says::Growing));
    for (k, (name, _)) in rivals::ALL.iter().enumerate() {
        page.row(&row(name, &all, |site| site.rivals[k]));
    }
    page.end();
    page.say("leakdiff in detail:");
    page.head(&["figure"], &LENGTHS);
    let mut figure = |name: &str, value: fn(&[Site]) -> String| {
        let cells = std::iter::once(name.to_owned()).chain(all.iter().map(|sites| value(sites)));
        page.row(&cells.collect::<Vec<_>>());
    };
    figure("undecided called growing %", |sites| percent(share(sites, Truth::Open, is_growing)));
    figure("healthy sites called growing", |sites| {
        let called =
            sites.iter().filter(|s| HEALTHY_FAMILIES.contains(&s.family.name) && is_growing(s)).count();
        let of = sites.iter().filter(|s| HEALTHY_FAMILIES.contains(&s.family.name)).count();
        format!("{called} of {of}")
    });
    figure("Brier ÷ base rate's, leaks and controls", |sites| format!("{:.2}", brier(sites)));
    figure("rate covered %, ± median half-width %", coverage);
    let cells = all.iter().zip(LENGTHS).map(|(sites, n)| {
        let judged = sites.iter().map(|site| (site.family.truth, site.said.probability));
        percent_to_a_tenth(ranking::found(judged, n))
    });
    page.row(&std::iter::once(ranking::NAME.to_owned()).chain(cells).collect::<Vec<_>>());
    page.end();
    page.say("Leaks found %, by family; then the controls called growing, in % of theirs:");
    page.head(&["family"], &LENGTHS);
    let mut by_family: BTreeMap<(bool, &str), Vec<Option<f64>>> = BTreeMap::new();
    for (column, sites) in all.iter().enumerate() {
        for family in LEAKS.iter().chain(&CONTROLS).chain(&HEALTHY_FAMILIES) {
            let own: Vec<&Site> = sites.iter().filter(|site| site.family.name == *family).collect();
            let called = own.iter().filter(|site| is_growing(site)).count() as f64 / own.len().max(1) as f64;
            let key = (own.first().is_some_and(|site| site.family.truth != Truth::Leak), *family);
            if !own.is_empty() {
                by_family.entry(key).or_insert_with(|| vec![None; LENGTHS.len()])[column] = Some(called);
            }
        }
    }
    for ((control, family), shares) in by_family {
        if control && shares.iter().flatten().all(|share| *share == 0.0) {
            continue;
        }
        let cells = std::iter::once(family.to_owned()).chain(shares.into_iter().map(percent_to_a_tenth));
        page.row(&cells.collect::<Vec<_>>());
    }
    page.end();
    if options.list {
        // Some of the healthy families are controls as well.
        let controls: BTreeSet<&str> = CONTROLS.into_iter().chain(HEALTHY_FAMILIES).collect();
        reasons::add_families(page, LEAKS.into_iter().chain(controls), &LENGTHS, |column| {
            all[column].iter().map(|site| (site.family, &site.said))
        });
    }
    add_thousands(page, options);
}

/// Adds how many of a thousand sites that wander are called growing.
fn add_thousands(page: &mut Page, options: &Options) {
    page.say(&format!(
        "{THOUSAND} sites of one family that does not leak, alone in a recording: called growing."
    ));
    page.head(&["family"], &LENGTHS);
    let rows = work::in_order(ALONE.len(), |number| {
        let called = LENGTHS.iter().map(|&n| thousand(ALONE[number], n, options).to_string());
        vec![std::iter::once(ALONE[number].to_owned()).chain(called).collect::<Vec<_>>()]
    });
    for row in rows {
        page.row(&row);
    }
    page.end();
}

fn thousand(name: &str, n: usize, options: &Options) -> usize {
    let draw = move |family, k| Observed::site(options.seed, family, n, FIRST + k);
    let drawn: Vec<Observed> = families::named(name)
        .into_iter()
        .flat_map(|family| (0..THOUSAND).map(move |k| draw(family, k)))
        .collect();
    let said = subject::opinions_together(&drawn.iter().collect::<Vec<_>>(), &options.question);
    said.iter().filter(|opinion| opinion.says == Says::Growing).count()
}

/// The sites of a recording.
fn recording(n: usize, number: usize, options: &Options) -> Vec<Site> {
    let mut next = FIRST + 10_000 * number;
    let mut draw = |name: &str, least: f64| -> Option<Observed> {
        let family = families::named(name)?;
        (0..DRAWS).find_map(|_| {
            next += 1;
            let drawn = Observed::site(options.seed, family, n, next);
            (drawn.truth == family.truth && (least == 0.0 || drawn.facts.clarity() >= least)).then_some(drawn)
        })
    };
    let leaks = &LEAKS[..if n <= 8 { SHORT_LEAKS } else { LEAKS.len() }];
    let wandering = (0..HEALTHY).map(|k| HEALTHY_FAMILIES[k % HEALTHY_FAMILIES.len()]);
    let names = wandering.chain(CONTROLS).chain(UNDECIDED).map(|name| (name, 0.0));
    let names: Vec<_> = names.chain(leaks.iter().map(|name| (*name, CLEAR))).collect();
    let drawn: Vec<Observed> = names.into_iter().filter_map(|(name, least)| draw(name, least)).collect();
    let said = subject::opinions_together(&drawn.iter().collect::<Vec<_>>(), &options.question);
    let site = |(of, said): (Observed, Opinion)| {
        let x: Vec<f64> = (0..n).map(|k| k as f64).collect();
        let points = Points::new(&x, &of.y).ok();
        let rivals = rivals::ALL.iter().map(|(_, rule)| points.is_some_and(rule)).collect();
        Site { family: of.family, said, rivals, rate: of.rate }
    };
    drawn.into_iter().zip(said).map(site).collect()
}

fn is_growing(site: &Site) -> bool {
    site.said.says == Says::Growing
}

fn row(name: &str, all: &[Vec<Site>], says: impl Fn(&Site) -> bool) -> Vec<String> {
    let cell = |sites: &Vec<Site>| {
        let (found, wrong) = (share(sites, Truth::Leak, &says), share(sites, Truth::Not, &says));
        format!("{} / {}", percent_to_a_tenth(found), percent_to_a_tenth(wrong))
    };
    std::iter::once(name.to_owned()).chain(all.iter().map(cell)).collect()
}

fn share(sites: &[Site], truth: Truth, says: impl Fn(&Site) -> bool) -> Option<f64> {
    let own: Vec<&Site> = sites.iter().filter(|site| site.family.truth == truth).collect();
    let said = own.iter().filter(|site| says(site)).count();
    (!own.is_empty()).then(|| said as f64 / own.len() as f64)
}

/// The Brier score over that of the base rate, on the leaks and one control for each, the healthy sites left out: with
/// hundreds of these the base rate would be nearly sure.
fn brier(sites: &[Site]) -> f64 {
    let scored: Vec<(f64, f64)> = sites
        .iter()
        .filter(|site| site.family.truth != Truth::Open && !HEALTHY_FAMILIES.contains(&site.family.name))
        .map(|site| (f64::from(u8::from(site.family.truth == Truth::Leak)), site.said.probability))
        .collect();
    let n = scored.len() as f64;
    let base = scored.iter().map(|(truth, _)| truth).sum::<f64>() / n;
    scored.iter().map(|(truth, p)| (truth - p) * (truth - p)).sum::<f64>() / n / (base * (1.0 - base))
}

fn coverage(sites: &[Site]) -> String {
    let called: Vec<(&Site, subject::Rate)> = sites
        .iter()
        .filter(|site| site.family.truth == Truth::Leak && is_growing(site))
        .filter_map(|site| Some((site, site.said.rate?)))
        .collect();
    let held = called.iter().filter(|(site, rate)| rate.low <= site.rate && site.rate <= rate.high).count();
    let mut widths: Vec<f64> =
        called.iter().map(|(site, rate)| (rate.high - rate.low) / 2.0 / site.rate).collect();
    widths.sort_by(f64::total_cmp);
    let covered = (!called.is_empty()).then(|| held as f64 / called.len() as f64);
    format!("{} ± {}", percent_to_a_tenth(covered), percent(widths.get(widths.len() / 2).copied()))
}
