//! The development of a series, in the document.

use serde::{Deserialize, Serialize, Serializer};

use super::timestamp::Timestamp;
use super::worded::Worded;
use crate::model::Transitions;
use crate::verdict::{RATE_LEVEL, Rate, Reason, Tests, Verdict};

/// The development of a series: a trend with its reason in words and its times of the calendar.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TrendRow {
    /// The verdict.
    pub verdict: Verdict,
    /// The reason of the verdict.
    pub reason: Worded<Reason>,
    /// The probability that it keeps growing.
    pub probability: f64,
    /// Number of points.
    pub points: usize,
    /// Number of stretches without a restart.
    pub segments: usize,
    /// Steps in which it grew, shrank and held.
    #[serde(flatten)]
    pub transitions: Transitions,
    /// Whether it never gave anything back.
    pub never_shrank: bool,
    /// Its rate.
    #[serde(serialize_with = "with_level")]
    #[cfg_attr(test, schemars(with = "Option<Leveled>"))]
    pub slope: Option<Rate>,
    /// The numbers that the verdict rests on.
    pub tests: Tests,
    /// The sample at which growth began late, or ended.
    pub since: Option<SinceRow>,
}

/// A rate, and the level of its interval.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Leveled {
    #[serde(flatten)]
    rate: Rate,
    /// Level of the interval.
    level: f64,
}

fn with_level<S: Serializer>(rate: &Option<Rate>, serializer: S) -> Result<S::Ok, S::Error> {
    rate.map(|rate| Leveled { rate, level: RATE_LEVEL }).serialize(serializer)
}

/// The sample at which growth began late, or ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SinceRow {
    /// Index among the points.
    pub index: usize,
    /// Its time.
    pub time: Option<Timestamp>,
}
