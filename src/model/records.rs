//! Records on their way from the formats into a recording.

use foldhash::HashSet;

use super::{
    Measured, Moment, ProcessReadings, Readings, Snapshot, Span, SubjectId, Subjects, Time, TimeBase, TimeRef,
};

/// Everything that one source holds.
#[derive(Debug, Clone, Default)]
pub struct SourceRecords {
    /// Name of the source.
    pub name: String,
    /// The times of its records.
    pub times: SourceTimeline,
    /// The subjects of its records.
    pub subjects: Subjects,
    /// Readings of processes and their like, in the order of the source.
    pub samples: ProcessReadings,
    /// Limits of the subjects in bytes, by their numbers, where the source has them.
    pub limits: Vec<Option<Measured>>,
    /// Subjects that are known from a program's own words alone, beside records of another format.
    pub guessed: HashSet<SubjectId>,
    /// Snapshots of heaps, in the order of the source.
    pub snapshots: Vec<Snapshot>,
    /// The readings of all snapshots.
    pub readings: Readings,
    /// Counts of work: the time and the work done so far, in the order of the source.
    pub work: Vec<(Option<TimeRef>, f64)>,
    /// The site table of the recording that numbers the sites.
    pub table: usize,
    /// The clock of the times of its snapshots.
    pub clock: SnapshotClock,
}

/// The clock that the times of snapshots are taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SnapshotClock {
    /// The times stand in the recording, if there are any.
    #[default]
    Recorded,
    /// Those of another view of the heap, which shows the same sizes in the same order.
    OtherView,
    /// The dates in the names of their files.
    FileNames,
    /// The times at which their files were written.
    FileTimes,
    /// The period that the user gave: the first moment is unknown.
    Period,
}

impl SourceRecords {
    /// Returns the number of distinct times of sampling: samples of different subjects at one time count once, repeated
    /// samples of one subject at one time (clocks have seconds, loops need not) each for themselves. Without times: the
    /// samples of the subject that was read most often. Guesses beside records do not count.
    #[must_use]
    pub fn distinct_times(&self) -> usize {
        let row = |(time, subject): (Option<TimeRef>, SubjectId)| {
            let seconds = self.times.seconds(time);
            // Rows without a time come last, as those of one time.
            let seconds = if seconds.is_nan() { f64::INFINITY } else { seconds };
            (seconds, subject.0)
        };
        let all = self.samples.times().zip(self.samples.subjects());
        let mut rows: Vec<(f64, u32)> =
            all.filter(|(_, subject)| !self.guessed.contains(subject)).map(row).collect();
        rows.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let most = |run: &[(f64, u32)]| run.chunk_by(|a, b| a.1 == b.1).map(<[_]>::len).max().unwrap_or(0);
        rows.chunk_by(|a, b| a.0 == b.0).map(most).sum()
    }
}

/// The times of one source, resolved: all on one clock.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SourceTimeline {
    /// The clock.
    pub base: TimeBase,
    /// Seconds on that clock, by the number of the time; not a number where it is unknown.
    pub seconds: Vec<f64>,
    /// The order of the records.
    pub order: RecordOrder,
}

/// The order of the records of a source, by their times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RecordOrder {
    /// Where a time goes back, the clock was set or another log begins: the order is that of the records.
    #[default]
    AsWritten,
    /// The newest record stands first.
    NewestFirst,
    /// Records come late, or stand in no order: the order is that of the times.
    ByTime,
}

impl SourceTimeline {
    /// Returns a time in seconds on the source's clock; not a number where it is unknown.
    #[must_use]
    pub fn seconds(&self, time: Option<TimeRef>) -> f64 {
        time.and_then(|time| self.seconds.get(time.place())).copied().unwrap_or(f64::NAN)
    }

    /// Returns the time from the first to the last; `None` if there is none.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        let known = self.seconds.iter().copied().filter(|seconds| !seconds.is_nan());
        Span::of(known.map(|seconds| Time::new(self.base, seconds)))
    }

    /// Returns a time as a moment, where the calendar is known.
    #[must_use]
    pub fn moment(&self, time: Option<TimeRef>) -> Option<Moment> {
        let seconds = self.seconds(time);
        (self.base == TimeBase::Utc && !seconds.is_nan()).then(|| Moment::from_seconds(seconds))
    }
}
