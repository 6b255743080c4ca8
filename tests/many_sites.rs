//! Verdicts on sites that stand beside others: chance among many, the code that takes the snapshots, lists that hide.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss)]

use leakdiff::analysis::{Analysis, Options};
use leakdiff::report::Report;
use leakdiff::verdict::{Reason, Verdict};

use Verdict::{Growing, Unclear};

/// Counts of blocks, from the first snapshot on.
type Counts = Vec<u64>;

/// The report on full lists of these sites, all of blocks of one size; a list holds the `most` largest.
fn lists(sites: &[(String, Counts)], block: u64, most: usize) -> Report {
    let mut text = String::new();
    for k in 0..sites[0].1.len() {
        let mut lines: Vec<(u64, &str)> =
            sites.iter().map(|(site, counts)| (counts[k], site.as_str())).collect();
        lines.sort_unstable_by(|a, b| b.cmp(a));
        for (count, site) in lines.into_iter().filter(|(count, _)| *count > 0).take(most) {
            text += &format!("{site}: size={} B, count={count}, average={block} B\n", block * count);
        }
        text += "\n";
    }
    let mut analysis = Analysis::new(Options::default()).unwrap();
    analysis.add("log", &text, text.len() as u64).unwrap();
    analysis.finish().unwrap()
}

fn growing(report: &Report) -> Vec<&str> {
    report.sites.iter().filter(|s| s.trend.verdict == Growing).map(|s| s.site.as_str()).collect()
}

/// Numbers from 0 to 3, the same in every run.
fn coins(mut state: u64) -> impl FnMut() -> usize {
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 62) as usize
    }
}

/// A queue or a walk of whole blocks without drift, from `from` on.
fn wanders(from: i64, steps: [i64; 4], n: usize, coin: &mut impl FnMut() -> usize) -> Counts {
    let mut level = from;
    let mut next = || {
        level = (level + steps[coin()]).abs();
        level as u64 + 1
    };
    (0..n).map(|_| next()).collect()
}

/// Most of it at once, then ever rarer additions.
fn trickles(n: usize, coin: &mut impl FnMut() -> usize) -> Counts {
    let mut level = 30;
    let mut next = |k: usize| {
        // One block with the chance of 4 in k.
        level += u64::from((0..k.ilog2()).all(|_| coin() < 2));
        level
    };
    (1..=n).map(|k| next(k + 1)).collect()
}

#[test]
fn a_thousand_that_wander_silence_themselves() {
    for n in [8, 20, 40] {
        let mut coin = coins(42);
        let queues = (0..1000).map(|_| wanders(20, [-1, 0, 0, 1], n, &mut coin)).collect::<Vec<_>>();
        let walks = (0..1000).map(|_| wanders(5000, [-40, -9, 9, 40], n, &mut coin)).collect();
        let rare = (0..1000).map(|_| trickles(n, &mut coin)).collect();
        for (name, all) in [("queues", queues), ("walks", walks), ("trickles", rare)] {
            let named = |(k, counts)| (format!("/srv/q{}.py:{k}", k % 50), counts);
            let sites: Vec<(String, Counts)> = all.into_iter().enumerate().map(named).collect();
            let found = lists(&sites, 512, usize::MAX);
            assert!(growing(&found).len() <= 4, "{name}, {n} snapshots: {:?}", growing(&found));
        }
    }
}

#[test]
fn twelve_leaks_beside_three_hundred_healthy_sites_are_found() {
    for n in [8, 20, 40] {
        let mut coin = coins(7);
        let mut sites: Vec<(String, Counts)> = Vec::new();
        for k in 0..300 {
            let counts = match k % 3 {
                0 => vec![40; n],
                1 => (0..n).map(|_| 50 + coin() as u64).collect(),
                _ => (0..n).map(|at| if at < n / 3 { 20 } else { 90 }).collect(),
            };
            sites.push((format!("/srv/healthy{}.py:{k}", k % 20), counts));
        }
        // A store that is drained is no evidence that others wander.
        sites.push((
            "/srv/drained.py:1".to_owned(),
            (0..n).map(|k| 900 - 9 * k as u64 + coin() as u64).collect(),
        ));
        for k in 0..12 {
            sites.push((
                format!("/srv/leak.py:{k}"),
                (0..n).map(|at| 10 + 3 * at as u64 + coin() as u64 / 3).collect(),
            ));
        }
        let report = lists(&sites, 512, usize::MAX);
        let found = growing(&report);
        let leaks = found.iter().filter(|site| site.starts_with("/srv/leak.py")).count();
        assert!(leaks >= 11 && found.len() - leaks <= 1, "{n} snapshots: {found:?}");
    }
}

#[test]
fn the_code_that_takes_the_snapshots_is_recognised_by_its_file() {
    let one_a_snapshot = |k: u64| k;
    let now_and_then = |k: u64| k.div_ceil(3);
    let from_the_start = |k: u64| k + 1;
    let of_its_work = |k: u64| 9 * k;
    type Count = fn(u64) -> u64;
    for (case, other, other_site, sampler) in [
        (
            "two sites of one file begin after the first snapshot",
            now_and_then as Count,
            "/app/sample.py:12",
            true,
        ),
        ("another grows by its work, after the first snapshot too", of_its_work, "/app/sample.py:12", true),
        ("another held something in the first snapshot", from_the_start, "/app/sample.py:12", false),
        ("the other is of another file", now_and_then, "/app/other.py:12", false),
    ] {
        let counts = |count: Count| (0..20).map(count).collect::<Counts>();
        let report = lists(
            &[
                ("/app/sample.py:9".to_owned(), counts(one_a_snapshot)),
                (other_site.to_owned(), counts(other)),
                ("/app/work.py:3".to_owned(), counts(from_the_start)),
                ("/app/work.py:4".to_owned(), counts(|_| 7)),
            ],
            67,
            usize::MAX,
        );
        let of = |name: &str| &report.sites.iter().find(|s| s.site == name).unwrap().trend;
        let found = of("/app/sample.py:9");
        let is_sampler = found.verdict == Unclear && found.reason.fact == Reason::Sampler;
        assert_eq!(is_sampler, sampler, "{case}: {:?}", found.reason);
        assert_eq!(of("/app/work.py:3").verdict, Growing, "{case}");
    }
}

#[test]
fn a_record_of_a_few_values_is_of_the_sampler_and_a_store_of_many_is_not() {
    for (blocks, expected) in [(1, true), (3, true), (4, true), (9, false)] {
        let counts = |each: u64| (0..20).map(|k: u64| each * k).collect::<Counts>();
        let report = lists(
            &[
                ("/app/sample.py:9".to_owned(), counts(1)),
                ("/app/sample.py:12".to_owned(), counts(blocks)),
                ("/app/work.py:4".to_owned(), vec![7; 20]),
            ],
            67,
            usize::MAX,
        );
        let found = &report.sites.iter().find(|s| s.site == "/app/sample.py:12").unwrap().trend;
        assert_eq!(found.reason.fact == Reason::Sampler, expected, "{blocks} a snapshot: {:?}", found.reason);
        assert_eq!(found.verdict == Growing, !expected, "{blocks} a snapshot: {:?}", found.reason);
    }
}

#[test]
fn what_has_left_a_list_of_the_largest_is_not_growing() {
    let large = |k: usize| (format!("/srv/large.py:{k}"), vec![1000 + k as u64; 30]);
    // It would hold more than the others in the end, had it gone on.
    let stops = (0..30).map(|k: u64| if k < 15 { 1000 + 10 * k } else { 900 }).collect();
    let goes_on = (0..30).map(|k: u64| 1000 + 10 * k).collect();
    for (case, counts, verdict) in [("it stops", stops, false), ("it goes on", goes_on, true)] {
        let mut sites: Vec<(String, Counts)> = (0..9).map(large).collect();
        sites.push(("/srv/it.py:1".to_owned(), counts));
        sites.push(("/srv/next.py:1".to_owned(), vec![950; 30]));
        let report = lists(&sites, 512, 10);
        assert_eq!(growing(&report).contains(&"/srv/it.py:1"), verdict, "{case}");
    }
}

#[test]
fn a_rate_of_what_never_shrank_is_not_below_zero() {
    for step in [1, 3, 9] {
        let bursts: Counts = (0..40).map(|k: u64| 50 + 20 * k.div_ceil(step) + k % 2).collect();
        let never_shrank: Counts = bursts
            .iter()
            .scan(0, |most, count| Some(*count.max(most)).inspect(|count| *most = *count))
            .collect();
        let report = lists(&[("/srv/it.py:1".to_owned(), never_shrank)], 512, usize::MAX);
        let slope = report.sites[0].trend.slope.unwrap();
        assert!(slope.low >= Some(0.0) && slope.low <= Some(slope.value), "every {step}: {slope:?}");
    }
}
