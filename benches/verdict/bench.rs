//! All series of a run, with the judgements on them.

use leakdiff::stats::{Points, ols::ols};

use crate::families::{Facts, Family, Truth};
use crate::observe::Observed;
use crate::options::Options;
use crate::rivals;
use crate::subject::{self, Opinion, Rate};
use crate::work;

/// The share of leaks in precision, F1 and calibration.
pub const PRIOR: f64 = 0.3;

/// A series and the judgements on it.
pub struct Judged {
    /// Its truth, as far as its observed values can show it.
    pub truth: Truth,
    /// Growth per step over the future.
    pub rate: f64,
    /// Further facts.
    pub facts: Facts,
    /// Number of steps in which its observed values rise.
    pub rises: usize,
    /// leakdiff's opinions, by subject.
    pub opinions: Vec<Opinion>,
    /// The rivals that say that it leaks, one bit each.
    rivals: u32,
    /// The interval of the least-squares slope.
    pub line: Option<Rate>,
}

impl Judged {
    /// Collects all judgements on a series.
    fn new(of: &Observed, options: &Options) -> Self {
        let x: Vec<f64> = (0..of.y.len()).map(|k| k as f64).collect();
        let points = Points::new(&x, &of.y).ok();
        let says = |rule: fn(Points<'_>) -> bool| points.is_some_and(rule);
        let rivals =
            rivals::ALL.iter().enumerate().map(|(bit, (_, rule))| u32::from(says(*rule)) << bit).sum();
        let line = points.and_then(ols).map(|line| Rate { low: line.low, high: line.high });
        let opinions = options
            .subjects
            .iter()
            .filter_map(|subject| subject::opinion(of, *subject, &options.question))
            .collect();
        let rises = of.y.windows(2).filter(|step| step[1] > step[0]).count();
        Self { truth: of.truth, rate: of.rate, facts: of.facts, rises, opinions, rivals, line }
    }

    /// Whether the rival of this number says that it leaks.
    pub const fn rival_says(&self, number: usize) -> bool {
        self.rivals >> number & 1 == 1
    }
}

/// All series of a run.
pub struct Bench<'a> {
    /// The options of the run.
    pub options: &'a Options,
    /// By family and length.
    cells: Vec<Vec<Judged>>,
}

impl<'a> Bench<'a> {
    /// Draws and judges all series.
    pub fn run(options: &'a Options) -> Self {
        let mut judged = work::of_each(&options.families, options, |of| Judged::new(of, options)).into_iter();
        let lengths = || options.families.iter().flat_map(|_| &options.lengths);
        let cells = lengths().map(|n| judged.by_ref().take(options.series(*n)).collect()).collect();
        Self { options, cells }
    }

    /// The families of this truth.
    pub fn families(&self, truth: Truth) -> impl Iterator<Item = &'static Family> {
        self.options.families.iter().copied().filter(move |family| family.truth == truth)
    }

    /// The series of a family and a length that have the truth of the family: without leaks that rounding hides.
    pub fn cell(&self, family: &Family, n: usize) -> impl Iterator<Item = &Judged> + Clone {
        let row = self.options.families.iter().position(|f| f.name == family.name);
        let column = self.options.lengths.iter().position(|length| *length == n);
        let cell = row.zip(column).map(|(row, column)| row * self.options.lengths.len() + column);
        let truth = family.truth;
        cell.into_iter().flat_map(|cell| &self.cells[cell]).filter(move |judged| judged.truth == truth)
    }

    /// The share of the series of this truth and length of which something holds, families weighing the same.
    pub fn share(&self, truth: Truth, n: usize, holds: impl Fn(&Judged) -> bool) -> Option<f64> {
        let shares: Vec<f64> =
            self.families(truth).filter_map(|family| share(self.cell(family, n), &holds)).collect();
        mean(&shares)
    }
}

/// The share of these of which something holds; none of none.
pub fn share<'a>(series: impl Iterator<Item = &'a Judged>, holds: impl Fn(&Judged) -> bool) -> Option<f64> {
    let (mut all, mut held) = (0_usize, 0_usize);
    for judged in series {
        all += 1;
        held += usize::from(holds(judged));
    }
    (all > 0).then(|| held as f64 / all as f64)
}

/// The mean; none of none.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
