//! `stats::shape` and `stats::growth_models` against an independent implementation, and properties that hold for any
//! series.
//!
//! `tests/reference/growth_models.json` is written by `tests/reference/make_growth_models.py`: numpy's QR, medians and
//! sums.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use leakdiff::stats::growth_models::{calibrated, fit};
use leakdiff::stats::shape::{Shape, shape};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    name: String,
    half_width: f64,
    shape: Option<ShapeReference>,
    models: Option<ModelsReference>,
    y: Vec<f64>,
}

#[derive(Deserialize)]
struct ShapeReference {
    ln_n: f64,
    fit: f64,
    overdue: f64,
    slowing: f64,
    bend: f64,
    parts: f64,
    steady: f64,
}

#[derive(Deserialize)]
struct ModelsReference {
    p_continues: f64,
    open: f64,
    likeliest: String,
    since: Option<f64>,
    rate: f64,
    rate_stderr: f64,
    degrees: usize,
    used: (usize, usize),
    effective_rises: f64,
}

fn cases() -> Vec<Case> {
    let cases: Vec<Case> = serde_json::from_str(include_str!("reference/growth_models.json")).unwrap();
    assert!(cases.len() >= 150);
    cases
}

#[track_caller]
fn close(what: &str, ours: f64, reference: f64, tolerance: f64, unit: f64) {
    assert!((ours - reference).abs() <= tolerance * unit, "{what}: {ours}, reference {reference}");
}

fn terms(s: Shape) -> [(&'static str, f64); 7] {
    let Shape { ln_n, fit, overdue, slowing, bend, parts, steady } = s;
    [
        ("ln_n", ln_n),
        ("fit", fit),
        ("overdue", overdue),
        ("slowing", slowing),
        ("bend", bend),
        ("parts", parts),
        ("steady", steady),
    ]
}

/// All terms are of order 1, and r² and `bend` can be differences that cancel: 1e-9 is relative to the
/// larger of 1 and the value.
#[test]
fn shapes_agree_with_the_reference() {
    for case in cases() {
        let Some(ours) = shape(&case.y) else {
            assert!(case.shape.is_none(), "{}", case.name);
            continue;
        };
        let ShapeReference { ln_n, fit, overdue, slowing, bend, parts, steady } = case.shape.unwrap();
        let reference = Shape { ln_n, fit, overdue, slowing, bend, parts, steady };
        for ((term, ours), (_, reference)) in terms(ours).into_iter().zip(terms(reference)) {
            close(&format!("{}: {term}", case.name), ours, reference, 1e-9, reference.abs().max(1.0));
        }
    }
}

/// Probabilities are compared on the scale 0 … 1, since small ones are clipped; the rate relative to itself;
/// its error relative to the larger of both, since on exact lines it is rounding of zero. 1e-9 leaves a margin
/// for another libm: where the file was made, both agree to 1e-13.
#[test]
fn models_agree_with_the_reference() {
    for case in cases() {
        let name = &case.name;
        let Some(ours) = fit(&case.y, case.half_width) else {
            assert!(case.models.is_none(), "{name}");
            continue;
        };
        let reference = case.models.unwrap();
        assert_eq!(serde_json::to_value(ours.likeliest).unwrap(), reference.likeliest, "{name}");
        assert_eq!((ours.used.start, ours.used.end), reference.used, "{name}");
        assert_eq!(ours.degrees, reference.degrees, "{name}");
        close(&format!("{name}: p_continues"), ours.p_continues, reference.p_continues, 1e-9, 1.0);
        close(&format!("{name}: open"), ours.open, reference.open, 1e-9, 1.0);
        close(&format!("{name}: rate"), ours.rate, reference.rate, 1e-9, reference.rate.abs());
        let scale = reference.rate.abs().max(reference.rate_stderr);
        close(&format!("{name}: rate_stderr"), ours.rate_stderr, reference.rate_stderr, 1e-9, scale);
        assert_eq!(ours.since.is_some(), reference.since.is_some(), "{name}");
        close(
            &format!("{name}: since"),
            ours.since.unwrap_or(0.0),
            reference.since.unwrap_or(0.0),
            1e-9,
            1.0,
        );
        let rises = reference.effective_rises;
        close(&format!("{name}: effective rises"), ours.effective_rises, rises, 1e-9, rises);
    }
}

/// Any finite numbers at all: small integers that tie, bytes, the ends of `f64`, and constants.
fn any_series() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![
        4 => (0..50_i32).prop_map(f64::from),
        4 => (0..4_000_000_000_u32).prop_map(f64::from),
        2 => -1e9..1e9_f64,
        1 => any::<f64>().prop_filter("finite", |v| v.is_finite()),
        1 => prop::sample::select(vec![0.0, -0.0, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, 1e-300, 1e300]),
    ];
    prop_oneof![
        4 => prop::collection::vec(value.clone(), 0..80),
        1 => (value, 0..80_usize).prop_map(|(v, n)| vec![v; n]),
        1 => (prop::collection::vec(0..50_i32, 0..80), prop::sample::select(vec![5e-324, 1e-200, 1e300]))
            .prop_map(|(y, unit)| y.into_iter().map(|v| f64::from(v) * unit).collect()),
    ]
}

fn any_half_width() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        0.0..1e6_f64,
        prop::sample::select(vec![f64::MAX, 5e-324, f64::INFINITY, f64::NAN, -1.0])
    ]
}

/// Bytes: whole numbers, so that shifting them by whole numbers loses nothing.
fn bytes() -> impl Strategy<Value = Vec<f64>> {
    prop_oneof![
        prop::collection::vec((0..1_000_000_u32).prop_map(f64::from), 3..120),
        prop::collection::vec((0..20_u32).prop_map(f64::from), 3..120),
    ]
}

proptest! {
    #[test]
    fn any_finite_series_is_answered(y in any_series(), half_width in any_half_width()) {
        if let Some(s) = shape(&y) {
            for (term, value) in terms(s) {
                prop_assert!(value.is_finite(), "{term} = {value}");
            }
            prop_assert!((0.0..=1.0).contains(&s.parts) && (0.0..=1.0).contains(&s.steady));
            prop_assert!((-1.0..=0.0).contains(&s.slowing) && (0.0..=8.0).contains(&s.bend) && s.overdue >= 0.0);
            prop_assert!(s.fit.abs() <= s.ln_n + 1e-9);
        }
        let found = fit(&y, half_width);
        prop_assert!(found.is_some() || y.len() < 4);
        if let Some(found) = &found {
            prop_assert!((0.0..=1.0).contains(&found.p_continues) && (0.0..=1.0).contains(&found.open));
            prop_assert!(calibrated(found.p_continues) + found.open <= 1.0 + 1e-12);
            prop_assert!(found.rate.is_finite() && found.rate >= 0.0);
            prop_assert!(found.rate_stderr.is_finite() && found.rate_stderr >= 0.0);
            prop_assert!(found.since.is_none_or(|s| (0.0..=1.0).contains(&s)));
            prop_assert!(found.used.start < found.used.end && found.used.end <= y.len() && found.degrees >= 2);
            prop_assert!((0.0..=y.len() as f64).contains(&found.effective_rises));
        }
        prop_assert_eq!(found, fit(&y, half_width));
    }

    #[test]
    fn shape_knows_neither_scale_nor_level(y in bytes(), unit in 0.001..1e6_f64, level in -1_000_000_000..1_000_000_000_i32) {
        let moved: Vec<f64> = y.iter().map(|v| v + f64::from(level)).collect();
        let scaled: Vec<f64> = y.iter().map(|v| v * unit).collect();
        match (shape(&y), shape(&moved), shape(&scaled)) {
            (Some(a), Some(b), Some(c)) => {
                for (((term, a), (_, b)), (_, c)) in terms(a).into_iter().zip(terms(b)).zip(terms(c)) {
                    prop_assert!((a - b).abs() < 1e-9 && (a - c).abs() < 1e-9, "{term}: {a}, {b}, {c}");
                }
            }
            all => prop_assert_eq!(all, (None, None, None)),
        }
    }

    #[test]
    fn models_know_neither_unit_nor_level_of_a_site(y in bytes(), power in -40..40_i32, level in 0..1_000_000_i32) {
        let unit = 2.0_f64.powi(power);
        let other: Vec<f64> = y.iter().map(|v| (v + f64::from(level)) * unit).collect();
        let (a, b) = (fit(&y, 0.5), fit(&other, 0.5 * unit));
        prop_assert_eq!(a.is_some(), b.is_some());
        if let (Some(a), Some(b)) = (a, b) {
            prop_assert!((a.p_continues - b.p_continues).abs() < 1e-9);
            prop_assert!((a.rate - b.rate / unit).abs() <= 1e-9 * a.rate);
        }
    }
}
