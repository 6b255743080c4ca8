//! Growth by the work done beside growth in time: a pause of the load is no end of a leak.

use crate::reconstruct::{NoWork, Work};
use crate::verdict::{Judge, JudgedProcess, Reason, Trend, Verdict, on_all_cores};

/// The growth of a process by the work done.
#[derive(Debug, Clone, PartialEq)]
pub struct GrowthByWork {
    /// The name of one unit of work: `request`.
    pub unit: String,
    /// Units that were done from the first to the last sample.
    pub done: f64,
    /// The development along the work.
    pub trend: Trend,
    /// The development in time, where that along the work took its place: the load paused, and the leak with it.
    pub in_time: Option<Trend>,
}

/// Judges each process by the work done, too. One that does not grow in time, and grows with the work, grows.
pub fn growth_by_work(
    processes: &mut [JudgedProcess],
    work: Option<&Work>,
    judge: &Judge,
) -> Vec<Option<Result<GrowthByWork, NoWork>>> {
    let Some(work) = work else { return vec![None; processes.len()] };
    on_all_cores(processes.iter_mut().collect(), |judged| Some(of_process(judged, work, judge)))
}

fn of_process(judged: &mut JudgedProcess, work: &Work, judge: &Judge) -> Result<GrowthByWork, NoWork> {
    let series = work.series(&judged.process)?;
    let done = series.last().map_or(0.0, |last| last.at) - series.first().map_or(0.0, |first| first.at);
    let trend = judge.trend_of_process(&series, judged.process.metric);
    let hidden = trend.verdict == Verdict::Growing
        && matches!(judged.trend.verdict, Verdict::Settled | Verdict::Steady | Verdict::Unclear);
    let in_time = hidden.then(|| {
        let steps = trend.transitions;
        let reason = Reason::GrewWithWork {
            grew: steps.grew,
            shrank: steps.shrank,
            steps: steps.grew + steps.shrank + steps.held,
        };
        // Its samples are others than those in time.
        let along_work = Trend { reason, since: None, ..trend.clone() };
        std::mem::replace(&mut judged.trend, along_work)
    });
    Ok(GrowthByWork { unit: work.unit.clone(), done, trend, in_time })
}
