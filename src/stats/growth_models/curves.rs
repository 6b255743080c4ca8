//! The models and their curves, as data.

use super::types::GrowthModel;

/// A model with its prior and its curves.
pub(super) struct Candidate {
    pub(super) model: GrowthModel,
    /// Prior weight, shared evenly by the curves. Weights need not add to one.
    pub(super) prior: f64,
    pub(super) form: Form,
}

/// The form of a model's curves over t = 0 … 1, with the grid of its parameters.
///
/// `[t ≥ a]` is 1 from a on and 0 before; `fill(τ)` is 1 − e^(−t/τ).
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// No curve but the level itself.
    Nothing,
    /// t, with a coefficient below 0; or `fill(τ)`, likewise.
    Falling(&'static [f64]),
    /// `[t ≥ a]`, a between any two blocks.
    StepAnywhere,
    /// `[t ≥ a]` and `[t ≥ b]`, a < b.
    TwoSteps(&'static [f64], &'static [f64]),
    /// min(t, a).
    Until(&'static [f64]),
    /// t, held between a and b; a < b.
    Between(&'static [f64], &'static [f64]),
    /// `fill(τ)`.
    Fill(&'static [f64]),
    /// ln(1 + t/a).
    Logarithm(&'static [f64]),
    /// t.
    Line,
    /// max(0, t − a).
    From(&'static [f64]),
    /// t and `fill(τ)`.
    LineAndFill(&'static [f64]),
    /// t and `[t ≥ a]`.
    LineAndStep(&'static [f64]),
    /// t².
    Square,
}

/// Every model. The priors were set by hand on two simulated sets and rounded; fitting them gained nothing
/// on real recordings. τ = 0.45 is where a cache has a tenth of its growth left; above, its outlook is undetermined.
pub(super) const MODELS: [Candidate; 15] = [
    Candidate { model: GrowthModel::Flat, prior: 0.40, form: Form::Nothing },
    Candidate { model: GrowthModel::Shrinking, prior: 0.05, form: Form::Falling(&[0.3]) },
    Candidate { model: GrowthModel::OneStep, prior: 0.15, form: Form::StepAnywhere },
    Candidate {
        model: GrowthModel::TwoSteps,
        prior: 0.05,
        form: Form::TwoSteps(&[0.15, 0.3, 0.45, 0.6, 0.75], &[0.3, 0.45, 0.6, 0.75, 0.9]),
    },
    Candidate {
        model: GrowthModel::Stopped,
        prior: 0.10,
        form: Form::Until(&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.87, 0.93]),
    },
    Candidate {
        model: GrowthModel::Ramp,
        prior: 0.05,
        form: Form::Between(&[0.15, 0.3, 0.45, 0.6], &[0.6, 0.75, 0.87, 0.93]),
    },
    Candidate {
        model: GrowthModel::FillingCache,
        prior: 0.12,
        form: Form::Fill(&[0.05, 0.1, 0.2, 0.3, 0.45]),
    },
    Candidate { model: GrowthModel::Trickle, prior: 0.05, form: Form::Logarithm(&[0.01]) },
    Candidate { model: GrowthModel::Slowing, prior: 0.05, form: Form::Fill(&[0.6, 0.8, 1.0, 1.4]) },
    Candidate { model: GrowthModel::Logarithmic, prior: 0.03, form: Form::Logarithm(&[0.03, 0.1, 0.3]) },
    Candidate { model: GrowthModel::Leak, prior: 0.25, form: Form::Line },
    Candidate { model: GrowthModel::LateLeak, prior: 0.08, form: Form::From(&[0.15, 0.3, 0.45, 0.6, 0.75]) },
    Candidate {
        model: GrowthModel::WarmUpAndLeak,
        prior: 0.08,
        form: Form::LineAndFill(&[0.03, 0.07, 0.15, 0.25]),
    },
    Candidate {
        model: GrowthModel::StepAndLeak,
        prior: 0.03,
        form: Form::LineAndStep(&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]),
    },
    Candidate { model: GrowthModel::Accelerating, prior: 0.03, form: Form::Square },
];

/// One curve of a model, at `m` even places of t = 0 … 1.
pub(super) struct Curve {
    pub(super) model: GrowthModel,
    /// The prior weight of this curve alone.
    pub(super) prior: f64,
    /// None, one or two columns.
    pub(super) columns: Vec<Vec<f64>>,
    /// The place on t at which the growth begins or ends, for the models that have such a corner.
    pub(super) corner: Option<f64>,
}

/// All curves of all models for `m` blocks.
pub(super) fn curves(m: usize) -> Vec<Curve> {
    let t: Vec<f64> = (0..m).map(|i| i as f64 / (m - 1) as f64).collect();
    MODELS
        .iter()
        .flat_map(|candidate| {
            let all = columns(candidate.form, &t);
            let prior = candidate.prior / all.len() as f64;
            all.into_iter().map(move |(columns, corner)| Curve {
                model: candidate.model,
                prior,
                columns,
                corner,
            })
        })
        .collect()
}

type Columns = (Vec<Vec<f64>>, Option<f64>);

fn columns(form: Form, t: &[f64]) -> Vec<Columns> {
    let over = |f: &dyn Fn(f64) -> f64| t.iter().map(|&x| f(x)).collect::<Vec<f64>>();
    let line = || t.to_vec();
    let step = |a: f64| over(&|x| if x >= a { 1.0 } else { 0.0 });
    let fill = |tau: f64| over(&|x| 1.0 - (-x / tau).exp());
    match form {
        Form::Nothing => vec![(Vec::new(), None)],
        Form::Falling(taus) => std::iter::once((vec![line()], None))
            .chain(taus.iter().map(|&tau| (vec![fill(tau)], None)))
            .collect(),
        Form::StepAnywhere => {
            let half = (t[1] - t[0]) / 2.0;
            t[1..].iter().map(|&x| x - half).map(|a| (vec![step(a)], Some(a))).collect()
        }
        Form::TwoSteps(first, second) => {
            pairs(first, second).map(|(a, b)| (vec![step(a), step(b)], None)).collect()
        }
        Form::Until(ends) => ends.iter().map(|&a| (vec![over(&|x| x.min(a))], Some(a))).collect(),
        Form::Between(first, second) => {
            pairs(first, second).map(|(a, b)| (vec![over(&|x| x.clamp(a, b))], Some(b))).collect()
        }
        Form::Fill(taus) => taus.iter().map(|&tau| (vec![fill(tau)], None)).collect(),
        Form::Logarithm(starts) => starts.iter().map(|&a| (vec![over(&|x| (x / a).ln_1p())], None)).collect(),
        Form::Line => vec![(vec![line()], None)],
        Form::From(starts) => starts.iter().map(|&a| (vec![over(&|x| (x - a).max(0.0))], Some(a))).collect(),
        Form::LineAndFill(taus) => taus.iter().map(|&tau| (vec![line(), fill(tau)], None)).collect(),
        Form::LineAndStep(places) => places.iter().map(|&a| (vec![line(), step(a)], None)).collect(),
        Form::Square => vec![(vec![over(&|x| x * x)], None)],
    }
}

/// Every pair of the two grids that has its second place after the first.
pub(super) fn pairs<'a>(first: &'a [f64], second: &'a [f64]) -> impl Iterator<Item = (f64, f64)> + 'a {
    first.iter().flat_map(move |&a| second.iter().filter(move |&&b| b > a).map(move |&b| (a, b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_has_its_curves_in_the_order_of_the_enum() {
        for (i, candidate) in MODELS.iter().enumerate() {
            assert_eq!(candidate.model as usize, i);
        }
    }

    #[test]
    fn grids_have_the_sizes_that_the_priors_were_set_for() {
        let count = |m: usize, model: GrowthModel| curves(m).iter().filter(|p| p.model == model).count();
        let m24 = [1, 2, 23, 15, 10, 15, 5, 1, 4, 3, 1, 5, 4, 9, 1];
        for (candidate, expected) in MODELS.iter().zip(m24) {
            assert_eq!(count(24, candidate.model), expected, "{:?}", candidate.model);
        }
        assert_eq!(curves(24).len(), 99); // 98 and the flat one
        assert_eq!(count(5, GrowthModel::OneStep), 4);
    }

    #[test]
    fn paths_share_their_storys_prior() {
        for candidate in &MODELS {
            let sum: f64 = curves(12).iter().filter(|p| p.model == candidate.model).map(|p| p.prior).sum();
            assert!((sum - candidate.prior).abs() < 1e-15);
        }
    }
}
