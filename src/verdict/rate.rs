//! Rates with their intervals, in units.

use serde::{Deserialize, Serialize};

use crate::model::Axis;
use crate::stats::Interval;

/// A rate with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Rate {
    /// The estimate.
    pub value: f64,
    /// Lower end of the interval; `None` where nothing bounds it.
    pub low: Option<f64>,
    /// Upper end of the interval, likewise.
    pub high: Option<f64>,
    /// Its unit.
    pub unit: RateUnit,
}

/// The unit of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum RateUnit {
    /// Bytes per second.
    #[serde(rename = "bytes/second")]
    BytesPerSecond,
    /// Bytes per snapshot.
    #[serde(rename = "bytes/snapshot")]
    BytesPerSnapshot,
    /// Bytes per sample, of a report without times.
    #[serde(rename = "bytes/sample")]
    BytesPerSample,
    /// Bytes per unit of work: a request, a message, an iteration.
    #[serde(rename = "bytes/work")]
    BytesPerWork,
    /// Blocks per snapshot.
    #[serde(rename = "blocks/snapshot")]
    BlocksPerSnapshot,
    /// Objects per snapshot, of a census without bytes.
    #[serde(rename = "objects/snapshot")]
    ObjectsPerSnapshot,
}

/// The level of the interval of every rate.
pub const RATE_LEVEL: f64 = 0.95;

impl Rate {
    /// A rate from an interval, whose ends may be infinite.
    #[must_use]
    pub fn new(interval: Interval, unit: RateUnit) -> Self {
        let Interval { value, low, high, level: _ } = interval;
        let bounded = |end: f64| end.is_finite().then_some(end);
        Self { value, low: bounded(low), high: bounded(high), unit }
    }

    /// The rate as an interval, with infinite ends where nothing bounds it.
    #[must_use]
    pub fn interval(&self) -> Interval {
        let (low, high) = (self.low.unwrap_or(f64::NEG_INFINITY), self.high.unwrap_or(f64::INFINITY));
        Interval { value: self.value, low, high, level: RATE_LEVEL }
    }

    /// The same rate in another unit, `factor` times its number.
    #[must_use]
    pub fn per(self, unit: RateUnit, factor: f64) -> Self {
        let by = |rate: f64| rate * factor;
        Self { value: by(self.value), low: self.low.map(by), high: self.high.map(by), unit }
    }
}

impl RateUnit {
    /// The unit of bytes along an axis.
    #[must_use]
    pub const fn of_bytes(axis: Axis) -> Self {
        match axis {
            Axis::Seconds => Self::BytesPerSecond,
            Axis::Snapshots => Self::BytesPerSnapshot,
            Axis::Samples => Self::BytesPerSample,
            Axis::Work => Self::BytesPerWork,
        }
    }

    /// The unit as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BytesPerSecond => "bytes/second",
            Self::BytesPerSnapshot => "bytes/snapshot",
            Self::BytesPerSample => "bytes/sample",
            Self::BytesPerWork => "bytes/work",
            Self::BlocksPerSnapshot => "blocks/snapshot",
            Self::ObjectsPerSnapshot => "objects/snapshot",
        }
    }
}
