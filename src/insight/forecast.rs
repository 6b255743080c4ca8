//! The forecast: growth per day, and the time until a limit is reached.

use crate::model::Axis;
use crate::stats::Interval;
use crate::verdict::{JudgedProcess, Verdict};

const SECONDS_PER_DAY: f64 = 86_400.0;
/// Nothing is forecast beyond this.
const HORIZON_SECONDS: f64 = 10.0 * 365.25 * SECONDS_PER_DAY;

/// A rate differs more from the one to come than from that of the same program in the recording: the interval of a
/// forecast is this many times as wide. It holds nine in ten of the sizes to come of recorded programs that kept
/// growing.
const WIDER: f64 = 1.5;
/// The level of a forecast's interval.
const LEVEL: f64 = 0.9;

/// The forecast of a growing process.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forecast {
    /// Growth per day in bytes.
    pub per_day_bytes: Interval,
    /// The limit, asked for or recorded, in bytes, and the seconds from the last sample until it is reached.
    pub limit: Option<(f64, Reach)>,
}

/// Seconds until a limit is reached; `None` where that is farther away than ten years.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// At the estimated rate.
    pub value: Option<f64>,
    /// At the highest rate: the earliest.
    pub earliest: Option<f64>,
    /// At the lowest rate: the latest.
    pub latest: Option<f64>,
}

/// Returns the forecast of a process that grows in time; `None` for all others. `limit` is one of its resident memory,
/// in bytes, with the bytes that are resident now.
#[must_use]
pub fn forecast(judged: &JudgedProcess, limit: Option<(f64, f64)>) -> Option<Forecast> {
    let JudgedProcess { process, trend } = judged;
    let grows = trend.axis == Axis::Seconds && trend.verdict == Verdict::Growing;
    let slope = widened(trend.slope.filter(|_| grows)?.interval());
    let per_day = Interval {
        value: slope.value * SECONDS_PER_DAY,
        low: slope.low * SECONDS_PER_DAY,
        high: slope.high * SECONDS_PER_DAY,
        level: slope.level,
    };
    process.last_bytes()?;
    // A limit on memory is no limit on address space, and a high-water mark has no future.
    let limited = process.metric.role.has_outlook();
    let limit = limit.filter(|_| limited).map(|(limit, now)| {
        let until = |rate: f64| {
            let seconds = if limit <= now { 0.0 } else { (limit - now) / rate };
            (0.0..=HORIZON_SECONDS).contains(&seconds).then_some(seconds)
        };
        (limit, Reach { value: until(slope.value), earliest: until(slope.high), latest: until(slope.low) })
    });
    Some(Forecast { per_day_bytes: per_day, limit })
}

/// Returns the interval of a rate as that of a forecast. One that does not reach below zero does not begin to.
fn widened(rate: Interval) -> Interval {
    let low = rate.value - WIDER * (rate.value - rate.low);
    Interval {
        value: rate.value,
        low: if rate.low >= 0.0 { low.max(0.0) } else { low },
        high: rate.value + WIDER * (rate.high - rate.value),
        level: LEVEL,
    }
}
