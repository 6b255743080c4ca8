//! How a series develops, in the document.

use serde::{Deserialize, Serialize};

/// A verdict in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum VerdictWord {
    /// It keeps growing at the end of the recording.
    Growing,
    /// The evidence does not decide.
    Unclear,
    /// It grew and has stopped or is stopping.
    Settled,
    /// No trend.
    Steady,
    /// It falls.
    Shrinking,
}

impl VerdictWord {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Growing => "growing",
            Self::Unclear => "unclear",
            Self::Settled => "settled",
            Self::Steady => "steady",
            Self::Shrinking => "shrinking",
        }
    }
}

/// How a series develops.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TrendRow {
    /// The verdict.
    pub verdict: VerdictWord,
    /// Why, in one short sentence.
    pub reason: String,
    /// The chance that it goes on growing.
    pub probability: f64,
    /// Points that it rests on.
    pub points: u64,
    /// Stretches without a restart.
    pub segments: u64,
    /// Transitions in which it grew.
    pub grew: u64,
    /// Transitions in which it shrank.
    pub shrank: u64,
    /// Transitions in which it held.
    pub held: u64,
    /// Whether it never gave anything back.
    pub never_shrank: bool,
    /// Its rate, with an interval.
    pub slope: Option<Slope>,
    /// What the verdict looked at.
    pub tests: TestRows,
    /// Where the growth began, or ended.
    pub since: Option<Since>,
}

/// A rate.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Slope {
    /// The estimate.
    pub value: f64,
    /// Lower end of the interval; `null` where too few points bound it.
    pub low: Option<f64>,
    /// Upper end of the interval; likewise.
    pub high: Option<f64>,
    /// Level of the interval.
    pub level: f64,
    /// What it counts.
    pub unit: RateUnit,
}

/// What a rate counts.
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
    /// Blocks per snapshot.
    #[serde(rename = "blocks/snapshot")]
    BlocksPerSnapshot,
}

impl RateUnit {
    /// The unit as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BytesPerSecond => "bytes/second",
            Self::BytesPerSnapshot => "bytes/snapshot",
            Self::BytesPerSample => "bytes/sample",
            Self::BlocksPerSnapshot => "blocks/snapshot",
        }
    }
}

/// The named tests, each on the last segment.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TestRows {
    /// Mann–Kendall.
    pub mann_kendall: Option<MannKendallRow>,
    /// Theil–Sen.
    pub theil_sen: Option<TheilSenRow>,
    /// Least squares.
    pub ols: Option<OlsRow>,
    /// A line with one corner against a straight line.
    pub change_point: Option<ChangePointRow>,
    /// In which form the series was read: as it is, without its cycle, …
    pub reading: Option<&'static str>,
    /// The score that the probability is made from, log-odds of shape and stories together.
    pub score: Option<f64>,
    /// The seven terms of the shape, and the probability they add up to by themselves.
    pub shape: Option<ShapeRow>,
    /// The stories compared.
    pub stories: Option<StoriesRow>,
}

/// Mann–Kendall's test, two-sided, with tie and continuity correction.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct MannKendallRow {
    /// Rising pairs less falling pairs.
    pub s: i64,
    /// Variance of `s` without a trend.
    pub variance: f64,
    /// Normal score.
    pub z: f64,
    /// Two-sided p.
    pub p: f64,
    /// Kendall's tau.
    pub tau: f64,
    /// Exact two-sided p for few points without ties.
    pub exact_p: Option<f64>,
}

/// Theil and Sen's median slope.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TheilSenRow {
    /// Median of the pairwise slopes, in the unit of the trend's slope.
    pub slope: f64,
}

/// Ordinary least squares.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OlsRow {
    /// Slope in the unit of the trend's slope.
    pub slope: f64,
    /// Value of the line at the first point, in bytes or blocks.
    pub intercept: f64,
    /// Share of the variance on the line.
    pub r2: f64,
    /// Standard error of the slope.
    pub stderr: f64,
    /// Two-sided p of the slope.
    pub p: f64,
    /// Lower end of the 95 % interval of the slope.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A line with one corner.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ChangePointRow {
    /// Index of the corner among the points.
    pub index: u64,
    /// Slope before it.
    pub before: f64,
    /// Slope after it.
    pub after: f64,
    /// Share of the straight line's squared residuals that the corner removes.
    pub gain: f64,
    /// p of that gain, corrected for the search.
    pub p: f64,
}

/// The seven terms of the shape.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ShapeRow {
    /// Straightness times the logarithm of the length, signed.
    pub fit: f64,
    /// How overdue a new maximum is.
    pub overdue: f64,
    /// How much less the last third grew; 0 or negative.
    pub slowing: f64,
    /// How much the curve flattens.
    pub bend: f64,
    /// Share of the parts of the recording with a new maximum.
    pub parts: f64,
    /// How evenly the later thirds grow.
    pub steady: f64,
    /// The chance that these make together.
    pub probability: f64,
}

/// The stories compared.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StoriesRow {
    /// The likeliest story.
    pub likeliest: &'static str,
    /// Calibrated weight of those that go on growing.
    pub probability: f64,
    /// Weight of those whose future is open.
    pub open: f64,
}

/// Where a growth began, or ended.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Since {
    /// Index among the points.
    pub index: u64,
    /// Its time, RFC 3339.
    pub time: Option<String>,
}
