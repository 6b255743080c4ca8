//! leakdiff's own verdict, asked for as the program asks for it: readings become a recording, which is judged.
//!
//! This file alone knows leakdiff's model and verdict.

use leakdiff::assessment::{AssessOptions, assess};
use leakdiff::model::{
    Change, Dialect, Frame, Measured, Metric, Place, ProcessReadings, Readings, RecordOrder, SiteReading,
    SiteTable, Snapshot, SourceRecords, SourceTimeline, Subject as ProcessSubject, Subjects, TimeBase,
    TimeRef, Truncation,
};
use leakdiff::reconstruct::Recording;
use leakdiff::verdict::{Trend, Verdict};

use crate::observe::{Kind, Observed, as_printed};
use crate::options::Subject;

/// Seconds from one sample of a process to the next.
const SECONDS: f64 = 600.0;

/// leakdiff's opinion on a series.
#[derive(Clone, Debug)]
pub struct Opinion {
    /// The word.
    pub says: Says,
    /// The probability that it keeps growing.
    pub probability: f64,
    /// Rate per step, if there is one.
    pub rate: Option<Rate>,
    /// The reason.
    pub reason: String,
}

/// A verdict, as far as the bench distinguishes verdicts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Says {
    /// It keeps growing.
    Growing,
    /// The evidence does not decide.
    Unclear,
    /// It stopped.
    Settled,
    /// It never grew.
    Steady,
    /// It falls.
    Shrinking,
}

impl Says {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Growing => "growing",
            Self::Unclear => "unclear",
            Self::Settled => "settled",
            Self::Steady => "steady",
            Self::Shrinking => "shrinking",
        }
    }

    /// Whether it says that nothing grows any more.
    pub const fn not_growing(self) -> bool {
        matches!(self, Self::Settled | Self::Steady | Self::Shrinking)
    }
}

/// A rate per step with its interval.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Returns leakdiff's opinion on a series shown as this subject.
pub fn opinion(of: &Observed, subject: Subject, question: &AssessOptions) -> Option<Opinion> {
    match subject {
        Subject::Process => of_process(of, question),
        Subject::Site => of_sites(&[of], dialect(of.kind), question).pop(),
    }
}

/// Returns leakdiff's opinions on sites that are listed together in one recording of statistics.
pub fn opinions_together(sites: &[&Observed], question: &AssessOptions) -> Vec<Opinion> {
    of_sites(sites, Dialect::Statistic, question)
}

fn of_process(of: &Observed, question: &AssessOptions) -> Option<Opinion> {
    let mut samples = ProcessReadings::default();
    let mut subjects = Subjects::default();
    let subject = subjects.intern(ProcessSubject::process());
    for (k, value) in of.y.iter().enumerate() {
        let values = [(Metric::RSS_ANON, Measured::exact(value.round_ties_even()))];
        samples.push(subject, TimeRef::new(k), k as u64 + 1, &values);
    }
    let seconds = (0..of.y.len()).map(|k| 1.7e9 + SECONDS * k as f64).collect();
    let times = SourceTimeline { base: TimeBase::Utc, seconds, order: RecordOrder::AsWritten };
    let source =
        SourceRecords { name: "report".to_owned(), times, subjects, samples, ..SourceRecords::default() };
    let judged = assess(Recording::build(vec![source], &[]), question);
    let found = judged.processes.iter().find(|p| p.process.metric == Metric::RSS_ANON)?;
    Some(from_trend(&found.trend, SECONDS))
}

/// tracemalloc's text comes as differences, which are exact where they are small; other rounded values come as plain
/// sizes.
const fn dialect(kind: Kind) -> Dialect {
    match kind {
        Kind::Text => Dialect::Difference,
        Kind::Exact | Kind::Pages => Dialect::Statistic,
    }
}

fn of_sites(sites: &[&Observed], dialect: Dialect, question: &AssessOptions) -> Vec<Opinion> {
    let (source, table) = snapshots(sites, dialect);
    let recording = Recording::build(vec![source], &[table]);
    let judged = assess(recording, question);
    judged.sites.iter().map(|site| from_trend(&site.bytes, 1.0)).collect()
}

/// Full lists of these sites, and the table that numbers them. A list of differences shows the snapshot before as well,
/// so there is one less.
fn snapshots(sites: &[&Observed], dialect: Dialect) -> (SourceRecords, SiteTable) {
    let mut table = SiteTable::new();
    let numbered: Vec<_> = sites
        .iter()
        .enumerate()
        .map(|(k, site)| {
            let frame = Frame::at("/srv/app/service.py", k as u32 + 1);
            (table.intern(Place::Line(frame)), *site)
        })
        .collect();
    let positions = sites.iter().map(|site| site.y.len()).max().unwrap_or(0);
    let first = usize::from(dialect == Dialect::Difference);
    let mut readings = Readings::new();
    let mut snapshots = Vec::new();
    for at in first..positions {
        let from = readings.len();
        for (number, site) in &numbered {
            let reading = SiteReading {
                site: *number,
                size: size(site, at),
                blocks: Some(site.blocks[at] as u64),
                change: (dialect == Dialect::Difference).then(|| change(site, at)),
            };
            readings.push(&reading.into());
        }
        let (truncation, own) = (Truncation::Complete, from..readings.len());
        snapshots.push(Snapshot { time: None, dialect, readings: own, truncation, subject: None, line: 1 });
    }
    (SourceRecords { name: "log".to_owned(), snapshots, readings, ..SourceRecords::default() }, table)
}

fn size(site: &Observed, at: usize) -> Measured {
    match site.kind {
        Kind::Exact => Measured::exact(site.y[at]),
        Kind::Pages | Kind::Text => Measured::rounded(site.y[at], site.half_widths[at]),
    }
}

fn change(site: &Observed, at: usize) -> Change {
    let (value, half_width) = as_printed(site.bytes[at] - site.bytes[at - 1]);
    Change {
        bytes: Measured::rounded(value, half_width),
        blocks: Some((site.blocks[at] - site.blocks[at - 1]) as i64),
    }
}

/// Puts a trend whose axis has `unit` to a step into the bench's words.
fn from_trend(trend: &Trend, unit: f64) -> Opinion {
    Opinion {
        says: match trend.verdict {
            Verdict::Growing => Says::Growing,
            Verdict::Unclear => Says::Unclear,
            Verdict::Settled => Says::Settled,
            Verdict::Steady => Says::Steady,
            Verdict::Shrinking => Says::Shrinking,
        },
        probability: trend.probability,
        rate: trend
            .slope
            .map(|slope| slope.interval())
            .map(|slope| Rate { low: slope.low * unit, high: slope.high * unit }),
        reason: format!("{:?}", trend.reason),
    }
}
