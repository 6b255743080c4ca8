//! `stats::{cycle, sawtooth, step_pattern, trailing_plateau}` against an independent implementation, and properties
//! that hold for any series.
//!
//! `tests/reference/transforms.json` is written by `tests/reference/make_transforms.py`: numpy's least squares.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use leakdiff::stats::cycle::cycle;
use leakdiff::stats::sawtooth::lower_envelope;
use leakdiff::stats::step_pattern::{StepPattern, lasting, step_pattern};
use leakdiff::stats::trailing_plateau::trailing_plateau;
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    name: String,
    half_width: f64,
    cycle: Option<CycleReference>,
    lower_envelope: Option<Vec<usize>>,
    step_pattern: Option<PatternReference>,
    trailing_plateau: usize,
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
#[serde(tag = "pattern", rename_all = "lowercase")]
enum PatternReference {
    Periodic { every: f64, size: f64 },
    Geometric { factor: f64, filling: f64 },
}

fn cases() -> Vec<Case> {
    let cases: Vec<Case> = serde_json::from_str(include_str!("reference/transforms.json")).unwrap();
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
fn envelopes_patterns_and_plateaus_agree_with_the_reference() {
    for case in cases() {
        let name = &case.name;
        assert_eq!(lower_envelope(&case.y), case.lower_envelope, "{name}");
        assert_eq!(trailing_plateau(&case.y), case.trailing_plateau, "{name}");
        match (step_pattern(&case.y, case.half_width), case.step_pattern) {
            (
                Some(StepPattern::Periodic { every, size, .. }),
                Some(PatternReference::Periodic { every: e, size: s }),
            ) => {
                close(name, every, e);
                close(name, size, s);
            }
            (
                Some(StepPattern::Geometric { factor, filling, .. }),
                Some(PatternReference::Geometric { factor: f, filling: slope }),
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
        if let Some(envelope) = lower_envelope(&y) {
            prop_assert!(envelope.windows(2).all(|w| w[0] < w[1]) && envelope.iter().all(|f| *f < y.len()));
        }
        if let Some(pattern) = step_pattern(&y, half_width) {
            let rate = pattern.rate(y.len());
            prop_assert!(rate.low <= rate.value && rate.value <= rate.high && rate.value > 0.0);
        }
        prop_assert!(trailing_plateau(&y) < y.len().max(1));
        let kept = lasting(&y);
        prop_assert!(kept.windows(2).all(|w| w[0] <= w[1]) && kept.iter().zip(&y).all(|(k, v)| k <= v));
    }

    #[test]
    fn transforms_know_neither_level_nor_unit(y in prop::collection::vec((0..1000_u32).prop_map(f64::from), 12..100), level in 0..100_000_u32, power in 0..20) {
        let unit = 2.0_f64.powi(power);
        let other: Vec<f64> = y.iter().map(|v| (v + f64::from(level)) * unit).collect();
        prop_assert_eq!(lower_envelope(&y), lower_envelope(&other));
        prop_assert_eq!(trailing_plateau(&y), trailing_plateau(&other));
        prop_assert_eq!(step_pattern(&y, 0.0).is_some(), step_pattern(&other, 0.0).is_some());
    }
}
