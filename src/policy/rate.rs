//! Rates as they are compared and kept.

use serde::{Deserialize, Serialize};

use crate::model::Axis;
use crate::stats::Interval;
use crate::verdict::Trend;

/// A rate with its interval, as it stands in a baseline.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// The estimate.
    pub value: f64,
    /// Lower end; `None` where nothing bounded it.
    pub low: Option<f64>,
    /// Upper end, likewise.
    pub high: Option<f64>,
    /// What it counts.
    pub unit: Unit,
}

/// What a rate counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Bytes per second.
    #[serde(rename = "bytes/second")]
    Second,
    /// Bytes per snapshot.
    #[serde(rename = "bytes/snapshot")]
    Snapshot,
    /// Bytes per sample of a report without times.
    #[serde(rename = "bytes/sample")]
    Sample,
}

impl From<Axis> for Unit {
    fn from(axis: Axis) -> Self {
        match axis {
            Axis::Seconds => Self::Second,
            Axis::Snapshots => Self::Snapshot,
            Axis::Samples => Self::Sample,
        }
    }
}

impl Rate {
    /// The rate of a trend.
    #[must_use]
    pub fn of(trend: &Trend) -> Option<Self> {
        let Interval { value, low, high, .. } = trend.slope?;
        let bounded = |end: f64| end.is_finite().then_some(end);
        Some(Self { value, low: bounded(low), high: bounded(high), unit: trend.axis.into() })
    }

    /// The same rate per another unit, of which so many make one of its own.
    #[must_use]
    pub fn per(self, unit: Unit, factor: f64) -> Self {
        let by = |rate: f64| rate * factor;
        Self { value: by(self.value), low: self.low.map(by), high: self.high.map(by), unit }
    }

    /// Whether a trend is worse: its rate is above the known interval, or cannot be held against it.
    #[must_use]
    pub fn is_exceeded_by(&self, trend: &Trend) -> bool {
        let Some(now) = Self::of(trend) else { return false };
        now.unit != self.unit || self.high.is_some_and(|high| now.value > high)
    }
}
