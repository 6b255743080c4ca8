//! The times of all sources, resolved together; and the bounds that a user sets.

use foldhash::HashMap;

use super::explain;
use super::taken_source::TakenSource;
use crate::error::{Error, Notice};
use crate::model::{SourceTimeline, TimeBase, TimeRef};
use crate::time::{Bound, BoundText, RecordingDates, SourceTimes, resolve};

/// The bounds of time as they are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) since: Option<BoundText>,
    pub(super) until: Option<BoundText>,
}

/// Resolves the times of all sources, drops the records outside of the bounds, and returns the assumptions that were
/// made about each source, by its name.
///
/// # Errors
/// [`Error::Request`] if a bound can be several dates, and the recording does not show which.
pub(super) fn resolve_times(
    sources: &mut [TakenSource],
    bounds: &Bounds,
) -> Result<Vec<(String, Notice)>, Error> {
    let mut times: Vec<SourceTimes> =
        sources.iter_mut().map(|source| std::mem::take(&mut source.times)).collect();
    resolve(&mut times);
    let dates = RecordingDates::of(&times);
    let bound = |flag: &str, text: Option<BoundText>| {
        let bound = text.map(|text| text.resolve(&dates)).transpose();
        bound.map_err(|cause| Error::Request(format!("{flag}: {cause}")))
    };
    let since = bound("--since", bounds.since)?;
    let until = bound("--until", bounds.until)?;
    if since.zip(until).is_some_and(|(since, until)| !until.keeps_until(since.start())) {
        return Err(Error::Usage {
            option: "--since",
            expected: "a time before that of --until".to_owned(),
            found: "a later one".to_owned(),
        });
    }
    let mut assumptions = Assumptions::default();
    for (source, times) in sources.iter_mut().zip(&times) {
        let mut say = |message: String| assumptions.of_source(&source.records.name, message);
        times.notices().iter().for_each(|notice| say(notice.to_string()));
        let timeline = times.timeline();
        if since.or(until).is_some()
            && let Some(reason) = not_comparable(timeline.base)
        {
            say(format!("--since and --until do not apply to it: {reason}"));
        }
        keep_within(source, &timeline, since, until);
        source.records.times = timeline;
        source.input.span = explain::span(&source.records);
        source.input.subjects = explain::subjects(&source.records);
        source.input.snapshots =
            source.records.snapshots.len() as u64 + source.records.distinct_times() as u64;
    }
    Ok(assumptions.into_notices())
}

/// Assumptions about the times of sources; one that is made about several is said once, of the first.
#[derive(Debug, Default)]
struct Assumptions {
    /// The first source, the message, and the number of other sources of which it is true.
    all: Vec<(String, String, usize)>,
    places: HashMap<String, usize>,
}

impl Assumptions {
    fn of_source(&mut self, source: &str, message: String) {
        if let Some((.., others)) = self.places.get(&message).and_then(|place| self.all.get_mut(*place)) {
            *others += 1;
            return;
        }
        self.places.insert(message.clone(), self.all.len());
        self.all.push((source.to_owned(), message, 0));
    }

    fn into_notices(self) -> Vec<(String, Notice)> {
        let said = |(source, message, others): (String, String, usize)| {
            let message = match others {
                0 => message,
                1 => format!("{message} (so also in 1 other input)"),
                others => format!("{message} (so also in {others} other inputs)"),
            };
            (source, Notice::whole(message))
        };
        self.all.into_iter().map(said).collect()
    }
}

/// The reason why times cannot be held against a date.
const fn not_comparable(base: TimeBase) -> Option<&'static str> {
    match base {
        TimeBase::Utc => None,
        TimeBase::Yearless => Some("its times have no year"),
        TimeBase::Clock => Some("its times have no date"),
        TimeBase::Elapsed => Some("its times count from its start"),
        TimeBase::Index => Some("it has no times"),
    }
}

/// Drops records outside of the bounds. A record without a time is kept: it cannot be said to lie outside.
fn keep_within(source: &mut TakenSource, times: &SourceTimeline, since: Option<Bound>, until: Option<Bound>) {
    if since.or(until).is_none() {
        return;
    }
    let is_within = |time: Option<TimeRef>| {
        times.moment(time).is_none_or(|at| {
            since.is_none_or(|since| since.keeps_since(at)) && until.is_none_or(|until| until.keeps_until(at))
        })
    };
    source.records.samples.retain(is_within);
    source.records.work.retain(|(time, _)| is_within(*time));
    source.records.snapshots.retain(|snapshot| is_within(snapshot.time));
}
