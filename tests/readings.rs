//! `stats::{cycle, teeth, rhythm, pause}` against an independent implementation, and what must hold for any series.
//!
//! `tests/reference/readings.json` is written by `tests/reference/make_readings.py`: numpy's least squares.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use leakdiff::stats::cycle::cycle;
use leakdiff::stats::pause::idle_tail;
use leakdiff::stats::rhythm::{Rhythm, lasting, rhythm};
use leakdiff::stats::teeth::floors;
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    name: String,
    half_width: f64,
    cycle: Option<CycleReference>,
    floors: Option<Vec<usize>>,
    rhythm: Option<RhythmReference>,
    idle_tail: usize,
    y: Vec<f64>,
}

#[derive(Deserialize)]
struct CycleReference {
    periods: f64,
    share: f64,
    rest: Vec<f64>,
    places: Vec<usize>,
}

#[derive(Deserialize)]
#[serde(tag = "law", rename_all = "lowercase")]
enum RhythmReference {
    Clockwork { every: f64, size: f64 },
    Staircase { factor: f64, filling: f64 },
}

fn cases() -> Vec<Case> {
    let cases: Vec<Case> = serde_json::from_str(include_str!("reference/readings.json")).unwrap();
    assert!(cases.len() >= 90);
    cases
}

#[track_caller]
fn close(what: &str, ours: f64, reference: f64) {
    assert!(
        (ours - reference).abs() <= 1e-9 * reference.abs().max(1.0),
        "{what}: {ours}, reference {reference}"
    );
}

#[test]
fn cycles_agree_with_the_reference() {
    for case in cases() {
        match (cycle(&case.y), case.cycle) {
            (Some(ours), Some(reference)) => {
                close(&case.name, ours.periods, reference.periods);
                close(&case.name, ours.share, reference.share);
                assert_eq!(ours.places, reference.places, "{}", case.name);
                assert_eq!(ours.rest.len(), reference.rest.len(), "{}", case.name);
                ours.rest.iter().zip(&reference.rest).for_each(|(a, b)| close(&case.name, *a, *b));
            }
            (ours, reference) => {
                assert_eq!(ours.map(|c| c.periods), reference.map(|c| c.periods), "{}", case.name);
            }
        }
    }
}

#[test]
fn floors_laws_and_pauses_agree_with_the_reference() {
    for case in cases() {
        let name = &case.name;
        assert_eq!(floors(&case.y), case.floors, "{name}");
        assert_eq!(idle_tail(&case.y), case.idle_tail, "{name}");
        match (rhythm(&case.y, case.half_width), case.rhythm) {
            (
                Some(Rhythm::Clockwork { every, size, .. }),
                Some(RhythmReference::Clockwork { every: e, size: s }),
            ) => {
                close(name, every, e);
                close(name, size, s);
            }
            (
                Some(Rhythm::Staircase { factor, filling, .. }),
                Some(RhythmReference::Staircase { factor: f, filling: slope }),
            ) => {
                close(name, factor, f);
                close(name, filling, slope);
            }
            (ours, reference) => assert!(ours.is_none() && reference.is_none(), "{name}: {ours:?}"),
        }
    }
}

fn any_series() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![
        4 => (0..50_i32).prop_map(f64::from),
        4 => (0..4_000_000_000_u32).prop_map(f64::from),
        1 => any::<f64>().prop_filter("finite", |v| v.is_finite()),
    ];
    prop::collection::vec(value, 0..300)
}

proptest! {
    #[test]
    fn any_series_is_answered(y in any_series(), half_width in 0.0..1e6_f64) {
        if let Some(found) = cycle(&y) {
            prop_assert!(found.rest.iter().all(|v| v.is_finite()) && found.rest.len() == found.places.len());
            prop_assert!(found.places.windows(2).all(|w| w[0] < w[1]) && found.places.iter().all(|p| *p < y.len()));
        }
        if let Some(floors) = floors(&y) {
            prop_assert!(floors.windows(2).all(|w| w[0] < w[1]) && floors.iter().all(|f| *f < y.len()));
        }
        if let Some(law) = rhythm(&y, half_width) {
            let rate = law.rate(y.len());
            prop_assert!(rate.low <= rate.value && rate.value <= rate.high && rate.value > 0.0);
        }
        prop_assert!(idle_tail(&y) < y.len().max(1));
        let kept = lasting(&y);
        prop_assert!(kept.windows(2).all(|w| w[0] <= w[1]) && kept.iter().zip(&y).all(|(k, v)| k <= v));
    }

    #[test]
    fn readings_know_neither_level_nor_unit(y in prop::collection::vec((0..1000_u32).prop_map(f64::from), 12..100), level in 0..100_000_u32, power in 0..20) {
        let unit = 2.0_f64.powi(power);
        let other: Vec<f64> = y.iter().map(|v| (v + f64::from(level)) * unit).collect();
        prop_assert_eq!(floors(&y), floors(&other));
        prop_assert_eq!(idle_tail(&y), idle_tail(&other));
        prop_assert_eq!(rhythm(&y, 0.0).is_some(), rhythm(&other, 0.0).is_some());
    }
}
