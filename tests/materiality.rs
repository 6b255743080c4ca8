//! Sites that matter: those that gained too little are folded and no finding, and no slow leak is hidden by what is
//! larger and full.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write as _;

use leakdiff::analysis::{Analysis, Options};
use leakdiff::insight::{Folded, GroupEvidence};
use leakdiff::policy::{GrowthLimit, Limits};
use leakdiff::report::Report;
use leakdiff::report::document::SiteRow;
use leakdiff::verdict::{RateUnit, Verdict};

/// A site: its name, its first size, and the bytes and blocks that it gains from each snapshot to the next.
type Site<'a> = (&'a str, u64, fn(u64) -> (u64, u64));

fn never(_: u64) -> (u64, u64) {
    (0, 0)
}

/// A folder of 60 whole snapshots as one text.
fn snapshots(sites: &[Site<'_>]) -> String {
    let mut sizes: Vec<(u64, u64)> = sites.iter().map(|(_, first, _)| (*first, first / 64)).collect();
    let mut text = String::new();
    for k in 0..60 {
        let _ = writeln!(text, "2024-05-23 {:02}:{:02}:00 snapshot", 12 + k / 60, k % 60);
        for ((name, _, gain), (size, blocks)) in sites.iter().zip(&mut sizes) {
            if k > 0 {
                let (bytes, more) = gain(k);
                (*size, *blocks) = (*size + bytes, *blocks + more);
            }
            if *size > 0 {
                let blocks = (*blocks).max(1);
                let _ = writeln!(text, "{name}: size={size} B, count={blocks}, average={} B", *size / blocks);
            }
        }
    }
    text
}

fn analysed(sites: &[Site<'_>], options: Options) -> Report {
    let text = snapshots(sites);
    let mut analysis = Analysis::new(Options { check: true, ..options }).unwrap();
    analysis.add("snapshots.txt", &text, text.len() as u64).unwrap();
    analysis.finish().unwrap()
}

fn row<'a>(report: &'a Report, name: &str) -> &'a SiteRow {
    report.sites.iter().find(|row| row.site.starts_with(name)).unwrap()
}

/// Names of the sites that findings are about, in the order of the findings.
fn found(report: &Report) -> Vec<String> {
    let ranks = report.findings.iter().flat_map(|finding| finding.sites.clone());
    ranks.map(|rank| report.sites[usize::try_from(rank).unwrap() - 1].site.clone()).collect()
}

/// The line that opens the file of each snapshot: 62 bytes a snapshot, in one small block.
const RECIPE: Site<'_> = ("/srv/record.py:7", 500, |_| (62, 1));
const LEAK: Site<'_> = ("/usr/lib/python3.11/json/decoder.py:353", 90_000, |_| (326_000, 900));
const HELD: Site<'_> = ("/srv/app.py:3", 4000, never);

#[test]
fn a_site_that_gained_less_than_four_kib_is_no_finding() {
    let report = analysed(&[RECIPE, HELD], Options::default());
    let recipe = row(&report, "/srv/record.py");
    assert_eq!((recipe.trend.verdict, recipe.folded), (Verdict::Growing, Some(Folded::BelowFloor)));
    assert_eq!(found(&report), Vec::<String>::new());
    assert!(report.check.unwrap().passed);
}

#[test]
fn it_ranks_below_what_matters() {
    let report = analysed(&[RECIPE, LEAK, HELD], Options::default());
    assert!(report.sites[0].site.starts_with("/usr/lib/python3.11/json"), "{}", report.sites[0].site);
    assert_eq!(found(&report), ["/usr/lib/python3.11/json/decoder.py:353"]);
}

#[test]
fn own_code_that_does_not_matter_leads_nothing_that_does() {
    // It grows at the same moments, and its rate is within what a list of large objects has beside them.
    let list: Site<'_> = ("/srv/app.py:24", 4000, |_| (1500, 1));
    let report = analysed(&[list, LEAK, HELD], Options::default());
    assert_eq!(row(&report, "/srv/app.py:24").folded, Some(Folded::BelowFloor));
    assert_eq!(report.sites[0].site, LEAK.0);
    // One that matters does.
    let list: Site<'_> = ("/srv/app.py:24", 4000, |_| (8000, 1));
    assert_eq!(analysed(&[list, LEAK, HELD], Options::default()).sites[0].site, "/srv/app.py:24");
}

#[test]
fn a_limit_that_names_it_decides_alone() {
    for (bytes, expected) in [(100.0, &[][..]), (10.0, &["/srv/record.py:7"][..])] {
        let limit = GrowthLimit { bytes, per: RateUnit::BytesPerSnapshot };
        let limits = Limits { site_growth: Some(limit), ..Limits::default() };
        let report = analysed(&[RECIPE, HELD], Options { limits, ..Options::default() });
        assert_eq!(found(&report), expected, "{bytes}");
    }
}

#[test]
fn the_floor_can_be_set() {
    for (floor, folded) in [(0.0, false), (3000.0, false), (4000.0, true)] {
        let options = Options { fold_below_bytes: Some(floor), ..Options::default() };
        let report = analysed(&[RECIPE, HELD], options);
        assert_eq!(row(&report, "/srv/record.py").folded.is_some(), folded, "{floor}");
        assert_eq!(found(&report).is_empty(), folded, "{floor}");
    }
}

#[test]
fn small_sites_matter_where_they_are_most_of_the_growth_together() {
    let names = ["/srv/a.py:1", "/srv/b.py:2", "/srv/c.py:3"];
    let small: Vec<Site<'_>> = names.iter().map(|name| (*name, 0, RECIPE.2)).collect();
    let mut alone = found(&analysed(&small, Options::default()));
    alone.sort();
    assert_eq!(alone, names);
    // Beside a leak that is a thousand times as large they are none.
    let beside: Vec<Site<'_>> = small.into_iter().chain([LEAK]).collect();
    assert_eq!(found(&analysed(&beside, Options::default())), [LEAK.0]);
}

#[test]
fn a_full_cache_hides_no_slow_leak() {
    let cache: Site<'_> = ("/srv/cache.py:9", 0, |k| if k < 20 { (5_000_000, 100) } else { (0, 0) });
    let slow: Site<'_> = ("/srv/slow.py:4", 10_000, |_| (200, 1));
    let report = analysed(&[cache, slow, HELD], Options::default());
    assert_eq!(row(&report, "/srv/cache.py").trend.verdict, Verdict::Settled);
    assert_eq!(row(&report, "/srv/slow.py").folded, None);
    assert_eq!(found(&report), ["/srv/slow.py:4"]);
}

#[test]
fn what_does_not_grow_is_ranked_by_the_bytes_that_it_gained() {
    let filled: [Site<'_>; 3] = [
        ("/srv/small.py:1", 0, |k| if k < 9 { (9_000, 4) } else { (0, 0) }),
        ("/srv/large.py:2", 0, |k| if k < 9 { (900_000, 4) } else { (0, 0) }),
        ("/srv/middle.py:3", 0, |k| if k < 9 { (90_000, 4) } else { (0, 0) }),
    ];
    let report = analysed(&filled, Options::default());
    let names: Vec<&str> = report.sites.iter().map(|row| row.site.as_str()).collect();
    assert_eq!(names, ["/srv/large.py:2", "/srv/middle.py:3", "/srv/small.py:1"]);
}

#[test]
fn sites_that_keep_blocks_of_the_same_events_are_one_finding() {
    let of_one: [Site<'_>; 4] = [
        ("/srv/a.py:1", 0, |_| (6142, 44)),
        ("/srv/b.py:2", 0, |_| (4314, 56)),
        ("/srv/c.py:3", 0, |_| (3264, 31)),
        ("/srv/d.py:4", 0, |_| (1584, 12)),
    ];
    let report = analysed(&of_one, Options::default());
    let [group] = report.groups.as_slice() else { panic!("{:?}", report.groups) };
    assert_eq!((group.evidence, group.sites.len()), (GroupEvidence::EvenSteps, 4));
    assert_eq!((group.blocks_per_event, group.bytes_per_event.round()), (143, 15304.0));
    assert_eq!(report.findings.len(), 1);
}

/// Numbers that repeat nothing for long; the same at each run.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

#[test]
fn independent_growers_are_no_group() {
    // 1,000 sites in 50 recordings, each with its own begin and its own even step.
    let mut state = 17;
    let mut grouped = 0;
    for _ in 0..50 {
        let mut text = String::new();
        let sites: Vec<(u64, u64)> =
            (0..20).map(|_| (1 + random(&mut state) % 5000, 1 + random(&mut state) % 40)).collect();
        for k in 0..30 {
            let _ = writeln!(text, "2024-05-23 12:{k:02}:00 snapshot");
            for (i, (first, step)) in sites.iter().enumerate() {
                let count = first + k * step;
                let _ = writeln!(text, "/srv/{i}.py:1: size={} B, count={count}, average=64 B", 64 * count);
            }
        }
        let mut analysis = Analysis::new(Options::default()).unwrap();
        analysis.add("snapshots.txt", &text, text.len() as u64).unwrap();
        grouped += analysis.finish().unwrap().groups.len();
    }
    assert_eq!(grouped, 0);
}
