//! A series as it is drawn, in the document.

use serde::{Deserialize, Serialize};

use crate::model::Axis;

/// A series as it is drawn. Long ones are downsampled: of each stretch the lowest and the highest point stay.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Plot {
    /// The unit of positions.
    pub axis: Axis,
    /// The position of each point: seconds since 1970, or the number of the snapshot or sample, from 0.
    pub at: Vec<f64>,
    /// The bytes at each.
    pub bytes: Vec<f64>,
    /// Half of the rounding step of each, in bytes; empty if all are exact.
    pub half_width: Vec<f64>,
    /// Positions of restarts.
    pub restarts: Vec<f64>,
    /// The line of its rate.
    pub fit: Option<Fit>,
    /// The position at which growth began late, or ended.
    pub corner: Option<f64>,
    /// Number of samples before downsampling.
    pub samples: u64,
}

/// The line of a rate, through the middle of the points that it was measured on.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Fit {
    /// Its two ends on the axis.
    pub at: [f64; 2],
    /// Bytes at both ends, at the estimated rate.
    pub bytes: [f64; 2],
    /// Likewise at the lowest rate; `null` where nothing bounds it.
    pub low: Option<[f64; 2]>,
    /// Likewise at the highest rate.
    pub high: Option<[f64; 2]>,
}
