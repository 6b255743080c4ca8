//! The evidence for the interpretation of a source.

use foldhash::HashMap;

use crate::error::Notice;
use crate::formats::{Format, FormatFound};
use crate::model::{Moment, SourceRecords, SubjectId, TimeBase};
use crate::report::document::{
    Gap, InputSpan, MeasuredSubject, NotUnderstood, Recognised, SubjectRow, Timestamp,
};

/// Subjects of a source that are listed.
const MOST_SUBJECTS: usize = 100;
/// Gaps, and places that were not understood, that are listed.
const MOST_EXAMPLES: usize = 3;
/// A step is a gap if it is more than this many times as long as usual.
const GAP_FACTOR: f64 = 3.0;

/// Returns the formats of a source with the evidence for each.
pub(super) fn recognised(formats: &[(&'static Format, FormatFound)]) -> Vec<Recognised> {
    let row = |(format, found): &(&'static Format, FormatFound)| {
        let (line, text) = found.first.clone().unzip();
        Recognised {
            format: format.name.to_owned(),
            records: found.records,
            unreadable_lines: found.damaged,
            line,
            text,
        }
    };
    formats.iter().map(row).collect()
}

/// Returns the first places that were not understood.
pub(super) fn not_understood(notices: &[Notice]) -> Vec<NotUnderstood> {
    let of_lines = notices.iter().filter(|notice| notice.line > 0);
    let row = |notice: &Notice| NotUnderstood { line: notice.line, message: notice.message.clone() };
    of_lines.take(MOST_EXAMPLES).map(row).collect()
}

/// Returns the subjects of a source with their numbers of records, in the order in which they come.
pub(super) fn subjects(records: &SourceRecords) -> Vec<MeasuredSubject> {
    let mut counts: HashMap<Option<SubjectId>, (usize, u64, u64)> = HashMap::default();
    let of_samples = records.samples.subjects().map(|subject| (Some(subject), true));
    let of_snapshots = records.snapshots.iter().map(|snapshot| (snapshot.subject, false));
    for (subject, is_sample) in of_samples.chain(of_snapshots) {
        let next = counts.len();
        let (_, samples, snapshots) = counts.entry(subject).or_insert((next, 0, 0));
        *(if is_sample { samples } else { snapshots }) += 1;
    }
    let mut all: Vec<_> = counts.into_iter().collect();
    all.sort_by_key(|(_, (place, ..))| *place);
    let row = |(subject, (_, samples, snapshots)): (Option<SubjectId>, (usize, u64, u64))| {
        let subject = subject.and_then(|number| records.subjects.get(number)).and_then(SubjectRow::named);
        MeasuredSubject { subject, samples, snapshots }
    };
    all.into_iter().take(MOST_SUBJECTS).map(row).collect()
}

/// Returns the time that a source covers; `None` if it has no times.
pub(super) fn span(records: &SourceRecords) -> Option<InputSpan> {
    let times = &records.times;
    let of_samples = records.samples.times();
    let of_snapshots = records.snapshots.iter().map(|snapshot| snapshot.time);
    let mut seconds: Vec<f64> =
        of_samples.chain(of_snapshots).map(|time| times.seconds(time)).filter(|at| !at.is_nan()).collect();
    seconds.sort_by(f64::total_cmp);
    seconds.dedup();
    let (&first, &last) = (seconds.first()?, seconds.last()?);
    let date = |at: f64| {
        let moment = (times.base == TimeBase::Utc).then(|| Moment::from_seconds(at));
        moment.and_then(Timestamp::new)
    };
    let steps: Vec<(f64, f64)> = seconds.windows(2).map(|pair| (pair[0], pair[1] - pair[0])).collect();
    let mut lengths: Vec<f64> = steps.iter().map(|(_, length)| *length).collect();
    lengths.sort_by(f64::total_cmp);
    let usual = lengths.get(lengths.len() / 2).copied();
    let is_gap = |(_, length): &&(f64, f64)| usual.is_some_and(|usual| *length > GAP_FACTOR * usual);
    let mut longest: Vec<(f64, f64)> = steps.iter().filter(is_gap).copied().collect();
    longest.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.total_cmp(&b.0)));
    longest.truncate(MOST_EXAMPLES);
    let gap = |(at, length): (f64, f64)| Gap { after: date(at), after_seconds: at - first, seconds: length };
    Some(InputSpan {
        base: times.base.into(),
        start: date(first),
        end: date(last),
        start_seconds: first,
        end_seconds: last,
        usual_step_seconds: usual,
        gaps: longest.into_iter().map(gap).collect(),
    })
}
