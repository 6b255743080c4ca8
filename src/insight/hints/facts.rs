//! The series of one process, as hints ask for them.

use super::types::MetricChange;
use crate::model::{Metric, Role, Sample};
use crate::verdict::{JudgedProcess, Verdict};

/// All series of one process.
#[derive(Clone, Copy)]
pub struct ProcessFacts<'a> {
    series: &'a [JudgedProcess],
}

impl<'a> ProcessFacts<'a> {
    /// Returns the facts of a process by its series.
    pub const fn of(series: &'a [JudgedProcess]) -> Self {
        Self { series }
    }

    /// Returns the series of a metric.
    pub fn metric(&self, metric: Metric) -> Option<&'a JudgedProcess> {
        self.find(|judged| judged.process.metric == metric)
    }

    /// Returns the series of the first of these names that is there.
    pub fn named(&self, names: &[&str]) -> Option<&'a JudgedProcess> {
        names.iter().find_map(|name| self.find(|judged| judged.process.metric.name == *name))
    }

    /// Returns the first series that matches.
    pub fn find(&self, matches: impl Fn(&JudgedProcess) -> bool) -> Option<&'a JudgedProcess> {
        self.series.iter().find(|judged| matches(judged))
    }

    /// Returns the series of the resident memory as it was measured, or else of the part that stands in for it.
    pub fn resident(&self) -> Option<&'a JudgedProcess> {
        let measured = self.series.iter().filter(|judged| judged.process.metric.resident_rank().is_some());
        measured.min_by_key(|judged| judged.process.metric.resident_rank())
    }

    /// Returns the number of things that are counted under a name with one of these words.
    pub fn counter(&self, words: &[&str]) -> Option<&'a JudgedProcess> {
        self.find(|judged| {
            let name = judged.process.metric.name.to_ascii_lowercase();
            judged.process.metric.role == Role::Count && words.iter().any(|word| name.contains(word))
        })
    }
}

/// Whether a series keeps growing.
pub fn grows(judged: &JudgedProcess) -> bool {
    judged.trend.verdict == Verdict::Growing
}

/// Returns the rate of growth of a series per unit of its axis: nothing for one that does not grow.
pub fn growth(judged: Option<&JudgedProcess>) -> f64 {
    let moves = |judged: &&JudgedProcess| matches!(judged.trend.verdict, Verdict::Growing | Verdict::Unclear);
    judged.filter(moves).and_then(|judged| judged.trend.slope).map_or(0.0, |slope| slope.value.max(0.0))
}

/// Returns the samples of the last segment.
pub fn last_segment(judged: &JudgedProcess) -> Vec<Sample> {
    let series = judged.process.series();
    let last = series.segments().last().cloned().unwrap_or_default();
    series.samples().get(last).unwrap_or_default().to_vec()
}

/// Returns the change of a series over its last segment; `None` for one without samples.
pub fn change(judged: &JudgedProcess) -> Option<MetricChange> {
    let samples = last_segment(judged);
    Some(MetricChange {
        metric: judged.process.metric.name.to_owned(),
        first: samples.first()?.value.value,
        last: samples.last()?.value.value,
        unit: judged.process.metric.unit,
    })
}
