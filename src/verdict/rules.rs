//! A rule of the judgement, by the step in which it is applied.
//!
//! Each rule is a function and a name. The steps walk through lists of rules, so that a list without one of them shows
//! the worth of that rule.

use std::ops::ControlFlow;

use super::types::{Scored, ScoredSite, SeriesKind, SiteKind};
use crate::stats::age_line::AgedSegment;
use crate::stats::growth_models::FittedModels;
use crate::stats::pauses::Pause;
use crate::stats::shape::Shape;
use crate::stats::steps::Movement;

/// A rule of the judgement.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name, in kebab case.
    pub name: &'static str,
    pub(super) apply: Apply,
}

/// The step in which a rule is applied, and its effect.
#[derive(Debug, Clone, Copy)]
pub(super) enum Apply {
    /// Adds to the log-odds of a series, or bounds them.
    Score(fn(&Facts<'_>, &mut LogOdds)),
    /// Scores a series of a certain form, with the part taken out that hides growth or feigns it. Breaks where the
    /// series has that form; the first rule that breaks decides.
    Transform(fn(&View<'_>) -> ControlFlow<Option<Scored>>),
    /// Scores a part of a segment of a process, where that says more than the whole.
    Part(fn(Scored, &View<'_>) -> Scored),
    /// Looks at the end of a process that came to rest.
    Rest(fn(&[f64], f64) -> Option<Pause>),
    /// Scores the segments between restarts together.
    Segments(fn(Scored, &Segments<'_>) -> Scored),
    /// Changes the score of a site by facts other than its bytes.
    Site(fn(&SiteFacts<'_>, &mut SiteScore)),
    /// Changes the scores of sites by those of the other sites of the recording.
    Peers(fn(&mut [ScoredSite], &Peers<'_>)),
}

/// Rules in the order in which they are applied.
#[derive(Debug, Clone)]
pub struct Rules(Vec<Rule>);

impl Rules {
    /// Rules in this order.
    #[must_use]
    pub fn new(rules: impl IntoIterator<Item = Rule>) -> Self {
        Self(rules.into_iter().collect())
    }

    /// All rules but those of this name.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        Self::new(self.iter().filter(|rule| rule.name != name))
    }

    /// The rules.
    pub fn iter(&self) -> impl Iterator<Item = Rule> + '_ {
        self.0.iter().copied()
    }
}

/// The facts of an untransformed series that its log-odds are made of.
pub(super) struct Facts<'a> {
    /// The values, without a start-up jump.
    pub values: &'a [f64],
    /// The kind of the series.
    pub kind: SeriesKind,
    /// Their shape.
    pub shape: &'a Shape,
    /// The growth models fitted to them.
    pub models: &'a FittedModels,
    /// The calibrated probability of the models that keep growing.
    pub p_continues: f64,
}

/// Log-odds that a series keeps growing, term by term.
#[derive(Debug, Default)]
pub(super) struct LogOdds {
    /// Those of the growth models.
    pub models: Option<f64>,
    /// Those of the shape.
    pub shape: Option<f64>,
    /// The least that they may be together, …
    pub at_least: Option<f64>,
    /// … and the most, which counts where they contradict each other.
    pub at_most: Option<f64>,
}

/// One segment of a series, as transforms see it.
pub(super) struct View<'a> {
    /// The values.
    pub values: &'a [f64],
    /// Their rounding: the most that each may be off.
    pub half_width: f64,
    /// The kind of the series.
    pub kind: SeriesKind,
    /// Their movement in sums.
    pub movement: Movement,
    /// The rules that score the transformed values.
    pub rules: &'a Rules,
}

/// All segments of a series, each without a restart.
pub(super) struct Segments<'a> {
    /// The values of each segment.
    pub each: Vec<&'a [f64]>,
    /// The same with the age of the process at the first of them.
    pub aged: Vec<AgedSegment<'a>>,
    /// The values of the whole series.
    pub whole: &'a [f64],
    /// Their rounding.
    pub half_width: f64,
    /// The kind of the series.
    pub kind: SeriesKind,
    /// The rules that score a segment.
    pub rules: &'a Rules,
}

/// Facts about a site other than the score of its bytes. Only for sites with counted blocks.
pub(super) struct SiteFacts<'a> {
    /// Its bytes, at each position of the judged segment.
    pub bytes: &'a [f64],
    /// Its blocks, likewise.
    pub blocks: &'a [f64],
    /// The score of its blocks; `None` where there is too little, or nothing moved.
    pub blocks_score: Option<f64>,
    /// Whether no list can have hidden it.
    pub complete: bool,
    /// Number of points over which it grew.
    pub points: usize,
}

/// The score of a site, and a fact that decided it.
#[derive(Debug, Clone, Copy)]
pub(super) struct SiteScore {
    /// The score.
    pub score: f64,
    /// The fact.
    pub kind: SiteKind,
}

/// The other sites of a recording.
pub(super) struct Peers<'a> {
    /// Sites that grow in lockstep, as indices.
    pub groups: &'a [Vec<usize>],
    /// Sites of one file of one heap, as indices.
    pub files: &'a [Vec<usize>],
    /// Number of heaps.
    pub histories: usize,
}
