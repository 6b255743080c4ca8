//! The times of all sources, resolved together; and the bounds that a user sets.

use foldhash::HashMap;

use super::explain;
use super::taken_source::TakenSource;
use crate::error::{Error, Notice};
use crate::model::{Time, TimeBase, TimeRef};
use crate::time::{BoundTexts, RecordingDates, SourceTimes, TimeWindow, resolve};

/// Resolves the times of all sources, and returns the order of their dates and the assumptions that were made about
/// each source, by its name.
pub(super) fn resolve_times(sources: &mut [TakenSource]) -> (RecordingDates, Assumptions) {
    let mut times: Vec<SourceTimes> =
        sources.iter_mut().map(|source| std::mem::take(&mut source.times)).collect();
    resolve(&mut times);
    let mut assumptions = Assumptions::default();
    for (source, times) in sources.iter_mut().zip(&times) {
        for notice in times.notices() {
            assumptions.of_source(&source.records.name, notice.to_string());
        }
        source.records.times = times.timeline();
    }
    (RecordingDates::of(&times), assumptions)
}

/// Drops the records outside of the bounds, and says of which sources nothing could be dropped.
///
/// # Errors
/// [`Error::Request`] if a bound can be several dates, and the recording does not show which; [`Error::Usage`] if no
/// time lies within the bounds.
pub(super) fn keep_within(
    sources: &mut [TakenSource],
    bounds: BoundTexts,
    dates: RecordingDates,
    assumptions: &mut Assumptions,
) -> Result<(), Error> {
    let dates = dates.spanning(sources.iter().filter_map(|source| source.records.times.span()));
    for source in sources {
        if let Some(span) = source.records.times.span().filter(|_| !bounds.are_unset()) {
            let window = bounds.resolve(&dates, span);
            match window.map_err(|(flag, cause)| Error::Request(format!("{flag}: {cause}")))? {
                Some(window) if window.is_empty() => {
                    return Err(Error::Usage {
                        option: "--since",
                        expected: "a time before that of --until".to_owned(),
                        found: "a later one".to_owned(),
                    });
                }
                Some(window) => drop_others(source, &window),
                None => not_dropped(source, assumptions),
            }
        } else if !bounds.are_unset() {
            not_dropped(source, assumptions);
        }
        source.input.span = explain::span(&source.records);
        source.input.subjects = explain::subjects(&source.records);
        source.input.snapshots =
            source.records.snapshots.len() as u64 + source.records.distinct_times() as u64;
    }
    Ok(())
}

/// Says why nothing of a source could be dropped.
fn not_dropped(source: &TakenSource, assumptions: &mut Assumptions) {
    let reason = not_comparable(source.records.times.base);
    let message = format!("--since and --until do not apply to it: {reason}");
    assumptions.of_source(&source.records.name, message);
}

/// Assumptions about the times of sources; one that is made about several is said once, of the first.
#[derive(Debug, Default)]
pub(super) struct Assumptions {
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

    pub(super) fn into_notices(self) -> Vec<(String, Notice)> {
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

/// The reason why times cannot be held against a bound.
const fn not_comparable(base: TimeBase) -> &'static str {
    match base {
        TimeBase::Utc | TimeBase::Yearless => "its times have no year",
        TimeBase::Clock => "its times have no date",
        TimeBase::Elapsed => "its times count from its start",
        TimeBase::Index => "it has no times",
    }
}

/// Drops records outside of the bounds. A record without a time is kept: it cannot be said to lie outside.
fn drop_others(source: &mut TakenSource, window: &TimeWindow) {
    let times = &source.records.times;
    let is_within = |time: Option<TimeRef>| {
        let seconds = times.seconds(time);
        seconds.is_nan() || window.keep(Time::new(times.base, seconds))
    };
    source.records.samples.retain(is_within);
    source.records.work.retain(|(time, _)| is_within(*time));
    source.records.snapshots.retain(|snapshot| is_within(snapshot.time));
}
