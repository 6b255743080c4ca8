//! The assessment of a recording: verdicts on each series, and conclusions from all of them.

use std::ops::Range;

use crate::insight::{
    Attributions, Forecast, Group, GroupEvidence, GrowthByWork, Hint, Materiality, SortKey, attribution,
    falls_at_end, forecast, groups, growth_by_work, hints, materiality, processes, ranking,
};
use crate::reconstruct::{HistoryFacts, NoWork, Recording, Work};
use crate::verdict::{Judge, JudgedProcess, JudgedSite, Verdict};

/// Options of an assessment.
#[derive(Debug, Clone, Default)]
pub struct AssessOptions {
    /// The thresholds and rules of verdicts.
    pub judge: Judge,
    /// A limit in bytes for the forecast.
    pub limit_bytes: Option<f64>,
    /// Sites that gained less than these bytes are folded; `None` for the default.
    pub fold_below_bytes: Option<f64>,
    /// The order of sites.
    pub sort: SortKey,
    /// The sites whose details are worked out.
    pub detailed: Detailed,
    /// Counts of work, by which growth is judged, too.
    pub work: Option<Work>,
}

/// The sites whose details are worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detailed {
    /// All.
    #[default]
    All,
    /// This many of the ranking, and this many with each verdict.
    First(usize),
}

/// Everything that was concluded from a recording.
#[derive(Debug, Clone)]
pub struct Assessment {
    /// Processes, in the order of the recording.
    pub processes: Vec<JudgedProcess>,
    /// The forecast of each of `processes`; `None` for those that do not grow in time.
    pub forecasts: Vec<Option<Forecast>>,
    /// The number of last samples by which each of `processes` fell, where it grew until then.
    pub falls: Vec<Option<usize>>,
    /// The growth of each of `processes` by the work done, or the reason why it is unknown; `None` where no work is
    /// counted.
    pub work: Vec<Option<Result<GrowthByWork, NoWork>>>,
    /// The facts of each heap as a whole.
    pub histories: Vec<HistoryFacts>,
    /// Sites, in the order of the recording.
    pub sites: Vec<JudgedSite>,
    /// The sites that are folded.
    pub materiality: Materiality,
    /// The sites in the order asked for, as indices into `sites`.
    pub ranking: Vec<usize>,
    /// Sites in lockstep, as indices into `sites`.
    pub groups: Vec<Group>,
    /// The shares of the growth of processes that their sites explain.
    pub attributions: Attributions,
    /// Next steps that the data suggest.
    pub hints: Vec<Hint>,
    /// The least number of points of a verdict.
    pub least_points: usize,
    /// The sites whose details were asked for.
    pub detailed: Vec<bool>,
    /// The judge, who works out details when they are wanted.
    pub judge: Judge,
}

/// Returns the forecast of each series. A limit, asked for or recorded, is one of the subject's resident memory: it
/// counts for that series, or for the best stand-in. Where only a part of it grows for certain, the limit is reached by
/// that part on top of all that is resident.
fn forecasts(judged: &[JudgedProcess], limit_bytes: Option<f64>) -> Vec<Option<Forecast>> {
    let rank = |judged: &JudgedProcess| judged.process.metric.resident_rank();
    let of_subject = |range: Range<usize>| {
        let group = &judged[range];
        let ranked = group.iter().enumerate().filter_map(|(i, judged)| Some((rank(judged)?, i)));
        let best = ranked.min().map(|(_, i)| i);
        let grows = |i: &usize| forecast(&group[*i], None).is_some();
        let parts = (0..group.len()).filter(|i| rank(&group[*i]).is_some()).filter(grows);
        let rate = |i: &usize| group[*i].trend.slope.map_or(0.0, |slope| slope.value);
        let limited = best.filter(grows).or_else(|| parts.max_by(|a, b| rate(a).total_cmp(&rate(b))));
        group.iter().enumerate().map(move |(i, judged)| {
            let whole = best.map(|best| &group[best].process).filter(|_| limited == Some(i));
            let limit = whole.and_then(|whole| limit_bytes.or(whole.limit_bytes));
            forecast(judged, limit.zip(whole.and_then(|whole| whole.last_bytes())))
        })
    };
    processes(judged).flat_map(of_subject).collect()
}

/// Assesses a recording, on all cores. The result does not depend on their number.
#[must_use]
pub fn assess(recording: Recording, options: &AssessOptions) -> Assessment {
    let Recording { processes, histories, sites } = recording;
    let AssessOptions { judge, limit_bytes, fold_below_bytes, sort, detailed, work } = options;
    let mut processes = judge.judge_processes(processes);
    let work = growth_by_work(&mut processes, work.as_ref(), judge);
    let forecasts = forecasts(&processes, *limit_bytes);
    let falls = falls_at_end(&processes, judge);
    let scored = judge.score_sites(&sites);
    let groups = groups(&sites, &scored);
    // A single difference is a hint and no evidence.
    let in_lockstep: Vec<Vec<usize>> = groups
        .iter()
        .filter(|group| group.evidence == GroupEvidence::Series)
        .map(|group| group.members.clone())
        .collect();
    let sites = judge.judge_sites(sites, scored, &in_lockstep);
    let least_points = judge.thresholds.least_points;
    let materiality = materiality(&sites, &groups, &histories, *fold_below_bytes, least_points);
    let ranking = ranking(&sites, &groups, &materiality.folded, *sort, judge);
    let detailed = detailed_sites(&sites, &ranking, *detailed);
    let attributions = attribution(&processes, &sites, &groups, &materiality.folded, &histories);
    let work_is_known = work.iter().any(Option::is_some);
    let hints = hints(&processes, &sites, &histories, &attributions, work_is_known);
    Assessment {
        processes,
        work,
        forecasts,
        falls,
        histories,
        sites,
        materiality,
        ranking,
        groups,
        attributions,
        hints,
        least_points,
        detailed,
        judge: judge.clone(),
    }
}

/// Returns which sites' details were asked for. They take more memory than all else of a site, and are worked out when
/// they are shown.
fn detailed_sites(sites: &[JudgedSite], ranking: &[usize], detailed: Detailed) -> Vec<bool> {
    let mut wanted = vec![false; sites.len()];
    let mut left = [usize::MAX; 6];
    if let Detailed::First(first) = detailed {
        left = [first; 6];
        ranking.iter().take(first).for_each(|&i| wanted[i] = true);
    }
    for &i in ranking {
        let class = class(&sites[i]);
        wanted[i] |= left[class] > 0;
        left[class] = left[class].saturating_sub(1);
    }
    wanted
}

fn class(site: &JudgedSite) -> usize {
    match site.bytes.verdict {
        _ if site.is_profiler_overhead() => 5,
        Verdict::Growing => 0,
        Verdict::Unclear => 1,
        Verdict::Settled => 2,
        Verdict::Steady => 3,
        Verdict::Shrinking => 4,
    }
}
