//! The times of one source while it is read.

use super::calendar::{DAY, NANOS, day_number, day_of_leap_year};
use super::civil::{Date, TimeOfDay, Written, Zone};
use super::date_line::date_line;
use super::date_order::{DateOrder, Evidence, EvidenceByNotation, Notation};
use super::digits::END_OF_TIME;
use super::last_date::{LastDate, LastPrefix};
use super::place::Placer;
use super::raw_stamp::{Calendar, RawStamp, TimeRef, nanos, seconds};
use super::source_times::{Counts, SourceTimes};
use super::zones::ZoneLog;
use super::{headers, locate};
use crate::model::TimeBase;

/// A time stamp within a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The time.
    pub time: TimeRef,
    /// The byte at which the stamp begins, with its bracket or quote.
    pub start: usize,
    /// The byte after the stamp, with its bracket or quote and a second stamp right after it. Both ends are character
    /// boundaries. Of a JSON object the stamp is the opening brace, unless the time is its first field.
    pub end: usize,
}

/// Parses the times of one source, line by line.
///
/// A time that is found is kept, and stands for itself as a [`TimeRef`]: `05/06/2024` in the first line is read by
/// evidence of the last one, and a time without a year by its neighbours. [`Self::finish`] settles it all.
///
/// ```
/// use leakdiff::time::Timestamps;
/// let mut timestamps = Timestamps::new();
/// let first = timestamps.stamp("05/06/2024 10:00:00 INFO start").unwrap();
/// let last = timestamps.date_line("13/06/2024 10:00:00").unwrap();
/// let times = timestamps.finish();
/// assert_eq!(times.seconds(last).unwrap() - times.seconds(first.time).unwrap(), 8.0 * 86_400.0);
/// ```
#[derive(Debug, Clone)]
pub struct Timestamps {
    stamps: Vec<RawStamp>,
    evidence: EvidenceByNotation,
    /// By the evidence so far.
    calendar: Calendar,
    placer: Placer,
    zones: ZoneLog,
    last_date: Option<LastDate>,
    last_prefix: LastPrefix,
    /// The last calendar day and its number: a log has few days and many lines.
    day: ((i16, i8, i8), i64),
    /// Counts that distinguish dates from other numbers.
    counts: Counts,
}

impl Default for Timestamps {
    fn default() -> Self {
        Self::new()
    }
}

impl Timestamps {
    /// Returns a parser for a source of which nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self {
            stamps: Vec::new(),
            evidence: EvidenceByNotation::default(),
            calendar: Calendar::new(Notation::usual_orders()),
            placer: Placer::new(0),
            zones: ZoneLog::default(),
            last_date: None,
            last_prefix: LastPrefix::default(),
            day: ((1970, 1, 1), 0),
            counts: Counts::default(),
        }
    }

    /// Returns the time of a line that is a date and nothing else, in any notation and many languages.
    ///
    /// A time without a zone is UTC. A date without a time of day is one only in forms that nothing else looks like.
    pub fn date_line(&mut self, line: &str) -> Option<TimeRef> {
        let line = line.trim();
        if let Some(time) = self.repeated_date_line(line) {
            return Some(time);
        }
        let date = date_line(line)?;
        // Among dates, `12:34` counts something else, such as the age of the process.
        let counts = self.counts;
        if matches!(date.written, Written::Clock { .. }) && counts.dated_lines > counts.clock_lines.max(1) {
            return None;
        }
        let (stamp, offset) = self.stamp_of(date.written)?;
        let time = self.keep(stamp)?;
        match date.written {
            Written::Clock { .. } => self.counts.clock_lines += 1,
            Written::Civil { .. } | Written::Epoch(_) => self.counts.dated_lines += u64::from(date.has_time),
            Written::Elapsed(_) => {}
        }
        self.last_date = LastDate::new(date, offset);
        Some(time)
    }

    /// Returns the time of a line that differs from the last date line in the time of day alone. `None` says nothing of
    /// other lines. A few nanoseconds: most date lines of a report are such.
    pub fn repeated_date_line(&mut self, line: &str) -> Option<TimeRef> {
        let (date, time, offset) = self.last_date.as_ref()?.repeated(line)?;
        let stamp = self.civil(date, time, offset)?;
        self.counts.dated_lines += 1;
        self.keep(stamp)
    }

    /// Returns the time stamp at the head of a line, after a usual prefix at most: brackets, a level, a worker, a
    /// label.
    pub fn stamp(&mut self, line: &str) -> Option<Stamp> {
        self.stamp_if(line, |_| true)
    }

    /// Returns the time stamp at the head of a line if the text after it is as wanted; other lines leave no trace.
    pub fn stamp_if(&mut self, line: &str, wanted: impl FnOnce(&str) -> bool) -> Option<Stamp> {
        if let Some(((year, month, day), time, end)) = locate::common(line) {
            if !wanted(line.get(end..).unwrap_or("")) {
                return None;
            }
            let seconds = self.full(year, month, day)? * DAY + time.seconds();
            self.zones.note_unzoned();
            let nanos = seconds * NANOS + i64::from(time.nanos);
            return Some(Stamp { time: self.keep(RawStamp::Dated { nanos, offset: None })?, start: 0, end });
        }
        let repeated = self.last_prefix.stamp(line);
        let found = repeated.or_else(|| locate::stamp(line))?;
        if !wanted(line.get(found.end..).unwrap_or("")) {
            return None;
        }
        let (stamp, _) = self.stamp_of(found.written)?;
        if repeated.is_none() {
            self.last_prefix.remember(line, &found);
        }
        Some(Stamp { time: self.keep(stamp)?, start: found.start, end: found.end })
    }

    /// Returns the time of a text that a format knows to be a date, with a time of day or without (then midnight):
    /// `05/06/2024` as well, which is no date line.
    pub fn date(&mut self, text: &str) -> Option<TimeRef> {
        let date = headers::date_alone(text.trim())?;
        let (stamp, _) = self.stamp_of(date.written)?;
        self.keep(stamp)
    }

    /// Returns a time that a column of a format gives in seconds since 1970; `None` if no log can be of that time.
    pub fn epoch_seconds(&mut self, seconds: f64) -> Option<TimeRef> {
        let nanos = nanos(seconds).filter(|nanos| (0..END_OF_TIME * NANOS).contains(nanos))?;
        self.keep(RawStamp::Dated { nanos, offset: Some(0) })
    }

    /// Returns a time that a column of a format gives in seconds since the start; `None` if it is no number.
    pub fn elapsed_seconds(&mut self, seconds: f64) -> Option<TimeRef> {
        self.keep(RawStamp::Elapsed { nanos: nanos(seconds)?, column: true })
    }

    /// Returns the place of a record on a count of work since the start, such as instructions: no time, but the
    /// distance from one record to the next. `None` if it is no count.
    pub fn work(&mut self, count: f64) -> Option<TimeRef> {
        // In the unit of a nanosecond: only distances count.
        self.keep(RawStamp::Work { count: nanos(count / 1e9)? })
    }

    /// Notes that a record has no time. Seconds since the start are times only where no record is without.
    pub const fn note_untimed_record(&mut self) {
        self.counts.untimed_records += 1;
    }

    /// Returns the seconds from one time to another by the evidence so far; `None` if their bases differ.
    #[must_use]
    pub fn seconds_between(&self, earlier: TimeRef, later: TimeRef) -> Option<f64> {
        if earlier == later {
            return Some(0.0);
        }
        let (earlier, later) = (self.stamps.get(earlier.place())?, self.stamps.get(later.place())?);
        if let (RawStamp::Dated { nanos: earlier, .. }, RawStamp::Dated { nanos: later, .. }) =
            (earlier, later)
        {
            return Some(seconds(later - earlier));
        }
        let calendar = &self.calendar;
        let ((base, earlier), (other, later)) = (calendar.instant(*earlier)?, calendar.instant(*later)?);
        (base == other).then(|| seconds(later - earlier))
    }

    /// Returns the times of the source, settled by its own evidence.
    #[must_use]
    pub fn finish(self) -> SourceTimes {
        SourceTimes::new(self.stamps, self.evidence, self.zones, self.counts)
    }

    /// Forgets the last date line and the last prefix, so that the next are read in full.
    #[cfg(test)]
    pub(super) fn forget(&mut self) {
        (self.last_date, self.last_prefix) = (None, LastPrefix::default());
    }

    /// Returns the stamp of a written time, and the seconds east of Greenwich of its zone; `None` for a day that does
    /// not exist.
    fn stamp_of(&mut self, written: Written<'_>) -> Option<(RawStamp, Option<i32>)> {
        match written {
            Written::Epoch(nanos) => Some((RawStamp::Dated { nanos, offset: Some(0) }, None)),
            Written::Civil { date, time, zone, chinese } => {
                // A day that does not exist tells nothing of its zone either.
                match date {
                    Date::Full(year, month, day) => self.full(year, month, day).map(|_| ())?,
                    Date::Yearless(month, day) => day_of_leap_year(month, day).map(|_| ())?,
                    Date::Numbers(_) => {}
                }
                let offset = self.zones.offset(zone, chinese);
                Some((self.civil(date, time, offset)?, offset))
            }
            Written::Clock { time, zone } => {
                let offset = (zone != Zone::None).then(|| self.zones.offset(zone, false)).flatten();
                let written = offset.and_then(|offset| i16::try_from(offset / 60).ok());
                let (time, base) = (time.since_midnight(), TimeBase::Clock);
                Some((RawStamp::Clock { time, day: 0, base, written, offset: written.unwrap_or(0) }, offset))
            }
            Written::Elapsed(nanos) => Some((RawStamp::Elapsed { nanos, column: false }, None)),
        }
    }

    /// Returns the stamp of a date and time at an offset in seconds east of Greenwich.
    fn civil(&mut self, date: Date, time: TimeOfDay, offset: Option<i32>) -> Option<RawStamp> {
        let minutes = offset.and_then(|offset| i16::try_from(offset / 60).ok());
        let dated = |days: i64| {
            let seconds = days * DAY + time.seconds() - i64::from(offset.unwrap_or(0));
            RawStamp::Dated { nanos: seconds * NANOS + i64::from(time.nanos), offset: minutes }
        };
        let time_of_day = time.since_midnight();
        Some(match date {
            Date::Full(year, month, day) => dated(self.full(year, month, day)?),
            Date::Numbers(numbers) => {
                let (evidence, order) = self.evidence_of(numbers.notation)?;
                let observed = evidence.observe(numbers, time.seconds());
                if observed.is_new {
                    *order = evidence.decide(numbers.notation).order;
                }
                match observed.certain_days {
                    Some(days) => dated(days),
                    None => RawStamp::Ambiguous { numbers, time: time_of_day, offset: minutes },
                }
            }
            Date::Yearless(month, day) => {
                let day = day_of_leap_year(month, day)?;
                RawStamp::Yearless { day, year: 0, time: time_of_day, offset: minutes }
            }
        })
    }

    fn evidence_of(&mut self, notation: Notation) -> Option<(&mut Evidence, &mut DateOrder)> {
        self.evidence.get_mut(notation).zip(self.calendar.orders.get_mut(notation.index()))
    }

    fn full(&mut self, year: i16, month: i8, day: i8) -> Option<i64> {
        if self.day.0 != (year, month, day) {
            self.day = ((year, month, day), day_number(year, month, day)?);
        }
        Some(self.day.1)
    }

    /// Keeps a stamp; one that is equal to the last is kept once.
    fn keep(&mut self, stamp: RawStamp) -> Option<TimeRef> {
        let stamp = self.placer.place(stamp, &mut self.calendar);
        if let RawStamp::Elapsed { column: false, .. } = stamp {
            // Among dates, a number of seconds counts something else.
            if self.placer.has_date() {
                return None;
            }
            self.counts.elapsed += 1;
        }
        if self.stamps.last() != Some(&stamp) {
            self.stamps.push(stamp);
        }
        TimeRef::new(self.stamps.len() - 1)
    }
}
