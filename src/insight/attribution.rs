//! How much of a process's growth its sites explain.

use crate::model::{Axis, Metric};
use crate::reconstruct::HistoryFacts;
use crate::stats::Interval;
use crate::verdict::{JudgedProcess, JudgedSite, Verdict};

/// Growth of a process held against the growth of its sites.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribution {
    /// Growth of the process in bytes per second.
    pub process_bytes_per_second: f64,
    /// Growth of the growing sites together, likewise.
    pub sites_bytes_per_second: f64,
    /// The share of the first that the second makes up.
    pub explained: Interval,
    /// In words.
    pub remark: String,
}

/// The share of the growth of the first growing process that growing sites explain.
///
/// Needs times on both sides: a process's growth is per second, a site's per snapshot. `None` where either
/// is missing, or the process does not grow.
#[must_use]
pub fn attribution(
    processes: &[JudgedProcess],
    sites: &[JudgedSite],
    histories: &[HistoryFacts],
) -> Option<Attribution> {
    let process = growing_process(processes)?;
    let rate = process.trend.slope.filter(|s| s.value > 0.0)?;
    let mut sum = Interval { value: 0.0, low: 0.0, high: 0.0, level: rate.level };
    let mut timed = false;
    for (number, history) in histories.iter().enumerate() {
        let Some(seconds) = seconds_per_snapshot(history) else { continue };
        timed = true;
        for site in
            sites.iter().filter(|s| s.history.history == number && s.bytes.verdict == Verdict::Growing)
        {
            let Some(slope) = site.bytes.slope else { continue };
            sum.value += slope.value / seconds;
            sum.low += slope.low / seconds;
            sum.high += slope.high / seconds;
        }
    }
    if !timed {
        return None;
    }
    let share = |a: f64, b: f64| if b > 0.0 { (a / b).max(0.0) } else { 1.0 };
    let explained = Interval {
        value: share(sum.value, rate.value),
        low: share(sum.low.max(0.0), rate.high),
        high: share(sum.high, rate.low.max(rate.value * 0.01)),
        level: rate.level,
    };
    Some(Attribution {
        process_bytes_per_second: rate.value,
        sites_bytes_per_second: sum.value,
        remark: remark(&explained).to_owned(),
        explained,
    })
}

/// Resident memory, or the part of it that grows.
fn growing_process(processes: &[JudgedProcess]) -> Option<&JudgedProcess> {
    let growing = |metric: Metric| {
        processes.iter().find(|p| {
            p.process.metric == metric && p.trend.verdict == Verdict::Growing && p.trend.axis == Axis::Seconds
        })
    };
    [Metric::VmRss, Metric::Rss, Metric::RssAnon, Metric::Pss].into_iter().find_map(growing)
}

#[allow(clippy::cast_precision_loss)]
/// Seconds from one snapshot to the next, on average, where they carry times.
pub fn seconds_per_snapshot(history: &HistoryFacts) -> Option<f64> {
    let times: Vec<(usize, f64)> =
        history.times.iter().enumerate().filter_map(|(i, at)| at.map(|at| (i, at.seconds))).collect();
    let (&(a, first), &(b, last)) = (times.first()?, times.last()?);
    (b > a && last > first).then(|| (last - first) / (b - a) as f64)
}

const fn remark(explained: &Interval) -> &'static str {
    if explained.high < 0.5 {
        "most of the growth lies outside what the sites show: native memory, fragmentation, mapped files or shared memory"
    } else if explained.low > 0.8 {
        "the growing sites explain the growth of the process"
    } else {
        "the growing sites explain a part; the rest may be native memory, fragmentation, or sites that a cut list hides"
    }
}
