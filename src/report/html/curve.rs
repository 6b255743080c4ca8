//! Plots in few characters: ten thousand of them are to be one file that opens at once.
//!
//! Positions are places on an axis that all sites share. Sizes are whole steps of some bytes, far finer than a screen
//! shows. Of both only the first is written, and then the difference of each from the one before.

use serde::Serialize;

use crate::report::assemble::downsample;
use crate::report::document::{Fit, Plot};

/// Steps between the lowest and the highest size of a plot, at least.
const STEPS: f64 = 4096.0;

/// The positions that occur in any plot, in order.
#[derive(Debug, Default)]
pub struct SharedAxis(Vec<f64>);

impl SharedAxis {
    /// The axis of some plots.
    pub fn of<'a>(plots: impl Iterator<Item = &'a Plot>) -> Self {
        let mut positions: Vec<f64> = Vec::new();
        for plot in plots {
            // Most sites are seen in the same snapshots: known positions are not gathered again.
            let known = |at: &f64| positions.binary_search_by(|other| other.total_cmp(at)).is_ok();
            let new: Vec<f64> = plot.at.iter().copied().filter(|at| !known(at)).collect();
            if !new.is_empty() {
                positions.extend(new);
                positions.sort_by(f64::total_cmp);
                positions.dedup();
            }
        }
        Self(positions)
    }

    /// The positions.
    pub fn positions(&self) -> &[f64] {
        &self.0
    }

    /// The place of a position.
    fn place(&self, at: f64) -> i64 {
        let place = self.0.partition_point(|other| other.total_cmp(&at).is_lt());
        i64::try_from(place).unwrap_or(i64::MAX)
    }
}

/// A plot in few characters.
#[derive(Debug, Serialize)]
pub struct Curve {
    /// Places on the axis, differences after the first; left out where they are 0, 1, 2, …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    at: Vec<i64>,
    /// Bytes in a step.
    step: i64,
    /// Sizes in steps, differences after the first.
    bytes: Vec<i64>,
    /// Half-widths of the rounding in steps, differences after the first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    half: Vec<i64>,
    /// Places of restarts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    restarts: Vec<i64>,
    /// Places of both ends of the line of the rate, then its sizes at both ends in steps, then those at the lowest and
    /// at the highest rate if there are any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fit: Vec<i64>,
    /// Place of the corner.
    #[serde(skip_serializing_if = "Option::is_none")]
    corner: Option<i64>,
    /// Samples in all, where not all are drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    samples: Option<u64>,
    /// Whether the sizes are numbers of things, and no bytes.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    counts: bool,
}

impl Curve {
    /// A plot, of at most about `most` points.
    pub fn of(plot: &Plot, axis: &SharedAxis, most: usize) -> Self {
        let kept = downsample(&plot.bytes, most);
        let pick = |values: &[f64]| kept.iter().filter_map(|&i| values.get(i)).copied().collect::<Vec<_>>();
        let bytes = pick(&plot.bytes);
        let step = step(&bytes);
        let in_steps = |value: f64| whole(value / step);
        let places: Vec<i64> = pick(&plot.at).into_iter().map(|at| axis.place(at)).collect();
        let all = (0..).zip(&places).all(|(i, place)| i == *place);
        let half: Vec<i64> = pick(&plot.half_width).into_iter().map(in_steps).collect();
        Self {
            at: if all { Vec::new() } else { differences(&places) },
            step: whole(step),
            samples: (plot.samples > bytes.len() as u64).then_some(plot.samples),
            bytes: differences(&bytes.into_iter().map(in_steps).collect::<Vec<_>>()),
            half: if half.iter().all(|h| *h == 0) { Vec::new() } else { differences(&half) },
            restarts: plot.restarts.iter().map(|at| axis.place(*at)).collect(),
            fit: plot.fit.as_ref().map(|fit| ends(fit, axis, in_steps)).unwrap_or_default(),
            corner: plot.corner.map(|at| axis.place(at)),
            counts: false,
        }
    }

    /// The same of numbers of things, if they are.
    pub fn of_counts(self, counts: bool) -> Self {
        Self { counts, ..self }
    }
}

fn ends(fit: &Fit, axis: &SharedAxis, in_steps: impl Fn(f64) -> i64) -> Vec<i64> {
    let mut all: Vec<i64> = fit.at.iter().map(|at| axis.place(*at)).collect();
    all.extend(fit.bytes.iter().map(|bytes| in_steps(*bytes)));
    if let (Some(low), Some(high)) = (&fit.low, &fit.high) {
        all.extend(low.iter().chain(high).map(|bytes| in_steps(*bytes)));
    }
    all
}

/// The largest power of two with [`STEPS`] steps from the lowest to the highest; at least a byte.
fn step(bytes: &[f64]) -> f64 {
    let (low, high) =
        bytes.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), b| (low.min(*b), high.max(*b)));
    let mut step = 1.0;
    while (high - low) / (step * 2.0) >= STEPS && step < 1e15 {
        step *= 2.0;
    }
    step
}

#[allow(clippy::cast_possible_truncation)]
fn whole(value: f64) -> i64 {
    value.round() as i64
}

/// The first value, then the difference of each from the one before.
fn differences(values: &[i64]) -> Vec<i64> {
    let mut before = 0;
    values.iter().map(|value| value.wrapping_sub(std::mem::replace(&mut before, *value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_and_steps() {
        assert_eq!(differences(&[5, 7, 7, 4]), [5, 2, 0, -3]);
        assert_eq!(differences(&[]), [0; 0]);
        for (bytes, expected) in [
            (vec![], 1.0),
            (vec![7.0], 1.0),
            (vec![0.0, 4096.0], 1.0),
            (vec![0.0, 8192.0], 2.0),
            (vec![0.0, 1e9], 131_072.0),
        ] {
            assert!((step(&bytes) - expected).abs() < f64::EPSILON, "{bytes:?}");
        }
    }
}
