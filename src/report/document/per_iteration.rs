//! The growth of a site for each iteration of the program.

use serde::{Deserialize, Serialize};

/// The difference of two snapshots, divided by the iterations between them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PerIteration {
    /// Number of iterations.
    pub iterations: u64,
    /// Bytes that each keeps; `null` for a census without bytes.
    pub bytes: Option<f64>,
    /// Blocks that each keeps, or objects of a census; `null` where they are not known.
    pub blocks: Option<f64>,
}
