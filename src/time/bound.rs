//! TimeWindow of time that a user gives: `--since`, `--until`.

use std::fmt;

use super::calendar::{DAY, NANOS, day_number};
use super::civil::{Date, TimeOfDay, Written, Zone};
use super::date_line::date_line;
use super::date_order::{DateOrder, NOTATIONS, Notation, Numbers};
use super::source_times::SourceTimes;
use super::zones::ZoneLog;
use super::{headers, raw_stamp};
use crate::model::{Span, Time, TimeBase};

/// The order of day and month, and the time, of a recording: what a date on the command line is read by.
#[derive(Debug, Clone, Default)]
pub struct RecordingDates {
    orders: [Option<DateOrder>; NOTATIONS],
    /// The times of all sources of a base, for each base that sources share.
    spans: Vec<Span>,
}

impl RecordingDates {
    /// Returns the order of dates of sources that are [resolved](super::resolve).
    #[must_use]
    pub fn of(sources: &[SourceTimes]) -> Self {
        let mut dates = Self::default();
        for notation in Notation::all() {
            // What a source knows outweighs what another guesses.
            let decisions = sources.iter().filter(|source| source.has_dates_in(notation));
            let best =
                decisions.map(|source| source.decision(notation)).min_by_key(|decision| decision.reason);
            if let Some(order) = dates.orders.get_mut(notation.index()) {
                *order = best.map(|decision| decision.order);
            }
        }
        dates
    }

    /// Returns the dates with the times from the first to the last of each source.
    #[must_use]
    pub fn spanning(mut self, sources: impl IntoIterator<Item = Span>) -> Self {
        for span in sources.into_iter().filter(|span| span.base().is_of_a_clock()) {
            match self.spans.iter_mut().find_map(|all| Some((all.union(span)?, all))) {
                Some((joined, all)) => *all = joined,
                None => self.spans.push(span),
            }
        }
        self
    }

    /// Returns the days of a date, by the order of its notation in the recording, else by the only reading that lies
    /// within it.
    fn days(&self, numbers: Numbers) -> Option<i64> {
        if let Some(order) = self.orders.get(numbers.notation.index()).copied().flatten() {
            return numbers.days_by(order);
        }
        let span = self.span(TimeBase::Utc)?;
        let (start, end) = (span.start().seconds(), span.end().seconds());
        #[expect(clippy::cast_precision_loss, reason = "seconds of any year fit 52 bits")]
        let second = |days: i64| (days * DAY) as f64;
        let mut within = numbers.readings().map(|(_, days)| days);
        let is_within = |days: &i64| second(*days + 1) > start && second(*days) <= end;
        let first = within.by_ref().find(is_within)?;
        within.find(is_within).is_none_or(|other| other == first).then_some(first)
    }

    /// Returns the time of all sources of a base.
    fn span(&self, base: TimeBase) -> Option<Span> {
        self.spans.iter().copied().find(|span| span.base() == base)
    }

    /// Returns the end of the recording in the base of one of its sources. A base that starts with each source ends
    /// with it.
    fn end(&self, source: Span) -> Time {
        self.span(source.base()).unwrap_or(source).end()
    }
}

/// A bound of time: an instant, or a whole day.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bound {
    start: Time,
    end: Time,
}

impl Bound {
    const fn at(instant: Time) -> Self {
        Self { start: instant, end: instant }
    }

    /// Whether a time of the same base is of the bound or later. The whole day is kept if the bound is one.
    fn keeps_since(self, at: Time) -> bool {
        at >= self.start
    }

    /// Whether a time of the same base is of the bound or earlier. The whole day is kept if the bound is one.
    fn keeps_until(self, at: Time) -> bool {
        at <= self.start || at < self.end
    }
}

/// TimeWindow of the times of a source.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct TimeWindow {
    since: Option<Bound>,
    until: Option<Bound>,
}

impl TimeWindow {
    /// Returns whether a time lies within the window.
    #[must_use]
    pub fn keep(&self, at: Time) -> bool {
        self.since.is_none_or(|since| since.keeps_since(at))
            && self.until.is_none_or(|until| until.keeps_until(at))
    }

    /// Returns whether no time can lie within it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.since.zip(self.until).is_some_and(|(since, until)| !until.keeps_until(since.start))
    }
}

/// The reason why a text is no bound of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BoundError {
    /// The text is no time in any notation.
    NotATime,
    /// The time has no year.
    NoYear,
    /// The text is a number of seconds since a start that is not known.
    Elapsed,
    /// The zone word is in no table.
    UnknownZone(String),
    /// The date can be several, and the recording does not tell which. They are as `2024-06-05`.
    Ambiguous(Vec<String>),
}

impl fmt::Display for BoundError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const EXAMPLE: &str = "2024-05-23T11:56:35Z, 2024-05-23, 11:56 or 2h (before the end)";
        match self {
            Self::NotATime => write!(f, "expected a time such as {EXAMPLE}"),
            Self::NoYear => write!(f, "the year is missing: expected a time such as {EXAMPLE}"),
            Self::Elapsed => {
                write!(f, "a time since an unknown start: expected a time such as {EXAMPLE}")
            }
            Self::UnknownZone(word) => {
                write!(f, "the zone {word} is not known: expected an offset such as +02:00")
            }
            Self::Ambiguous(days) => {
                write!(f, "the date can be {}, and nothing in the recording tells which", days.join(" or "))
            }
        }
    }
}

impl std::error::Error for BoundError {}

/// A bound as it is written, valid but for what only the recording tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoundText(BoundDate);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BoundDate {
    Instant(i64),
    Day {
        days: BoundDays,
        time: Option<TimeOfDay>,
        offset: i32,
    },
    /// The last time of day that the recording has.
    Daily {
        time: TimeOfDay,
        offset: i32,
    },
    /// Nanoseconds before the end of the recording.
    BeforeEnd(i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BoundDays {
    Certain(i64),
    Numbers(Numbers),
}

impl BoundText {
    /// Parses a bound: a date in any notation that a date line can have, with a time of day or without; a time of day,
    /// which is the last one in the recording; or a length of time such as `2h`, which is counted from the end of the
    /// recording.
    ///
    /// # Errors
    /// Where the text is no time, or has no year or no zone that is known.
    pub fn parse(text: &str) -> Result<Self, BoundError> {
        let text = text.trim();
        if !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return Err(BoundError::NotATime);
        }
        if let Some(nanos) = length_of_time(text) {
            return Ok(Self(BoundDate::BeforeEnd(nanos)));
        }
        if let Some(date) = headers::date_alone(text).or_else(|| date_line(text)) {
            return Self::of(date.written, date.has_time);
        }
        // `May 23` is a date but for its year.
        let with_time = format!("{text} 00:00:00");
        Self::of(date_line(&with_time).ok_or(BoundError::NotATime)?.written, false)
    }

    fn of(written: Written<'_>, has_time: bool) -> Result<Self, BoundError> {
        let (date, time, zone, chinese) = match written {
            Written::Epoch(nanos) => return Ok(Self(BoundDate::Instant(nanos))),
            Written::Civil { date, time, zone, chinese } => (date, time, zone, chinese),
            Written::Clock { time, zone } => {
                let offset = offset_of(zone, false)?;
                return Ok(Self(BoundDate::Daily { time, offset }));
            }
            Written::Elapsed(_) => return Err(BoundError::Elapsed),
        };
        let offset = offset_of(zone, chinese)?;
        let days = match date {
            Date::Full(year, month, day) => day_number(year, month, day).map(BoundDays::Certain),
            Date::Numbers(numbers) => Some(BoundDays::Numbers(numbers)),
            Date::Yearless(..) => return Err(BoundError::NoYear),
        };
        let days = days.ok_or(BoundError::NotATime)?;
        Ok(Self(BoundDate::Day { days, time: has_time.then_some(time), offset }))
    }

    /// Returns the bound in the base of `end`, the end of the recording, its date in the order of day and month of the
    /// recording; `None` where times of that base cannot be held against it. A time of day is the last one before
    /// `latest`.
    fn resolve(
        self,
        recording: &RecordingDates,
        end: Time,
        latest: Time,
    ) -> Result<Option<Bound>, BoundError> {
        let base = end.base();
        let time = |nanos: i64| Time::new(base, raw_stamp::seconds(nanos));
        let (days, time_of_day, offset) = match self.0 {
            BoundDate::Daily { time: at, offset } if base.is_of_a_clock() => {
                const DAY_SECONDS: f64 = DAY as f64;
                let at = raw_stamp::seconds(at.since_midnight() - i64::from(offset) * NANOS);
                let days = ((latest.seconds() - at) / DAY_SECONDS).floor();
                return Ok(Some(Bound::at(Time::new(base, days * DAY_SECONDS + at))));
            }
            BoundDate::BeforeEnd(nanos) if base != TimeBase::Index => {
                let at = end.seconds() - raw_stamp::seconds(nanos);
                return Ok(Some(Bound::at(Time::new(base, at))));
            }
            BoundDate::Instant(nanos) if base == TimeBase::Utc => return Ok(Some(Bound::at(time(nanos)))),
            BoundDate::Day { days, time, offset } if base == TimeBase::Utc => (days, time, offset),
            _ => return Ok(None),
        };
        let days = match days {
            BoundDays::Certain(days) => days,
            BoundDays::Numbers(numbers) => {
                let days = numbers.certain_days().or_else(|| recording.days(numbers));
                days.ok_or_else(|| {
                    BoundError::Ambiguous(numbers.readings().filter_map(|(_, days)| date(days)).collect())
                })?
            }
        };
        let midnight = (days * DAY - i64::from(offset)) * NANOS;
        Ok(Some(match time_of_day {
            Some(at) => Bound::at(time(midnight + at.since_midnight())),
            None => Bound { start: time(midnight), end: time(midnight + DAY * NANOS) },
        }))
    }
}

/// Returns the seconds that a zone is ahead of UTC, 0 where none is written.
fn offset_of(zone: Zone<'_>, chinese: bool) -> Result<i32, BoundError> {
    let mut zones = ZoneLog::default();
    let offset = zones.offset(zone, chinese).unwrap_or(0);
    match zone {
        Zone::Word(word) if !zones.unknown().is_empty() => Err(BoundError::UnknownZone(word.to_owned())),
        _ => Ok(offset),
    }
}

/// Parses a length of time with its unit, in nanoseconds. A month has no length of its own.
fn length_of_time(text: &str) -> Option<i64> {
    // A time of day would be a length of time, too.
    let span = text.parse::<jiff::Span>().ok().filter(|_| !text.contains(':'))?;
    let duration = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).ok()?;
    i64::try_from(duration.as_nanos()).ok().filter(|nanos| *nanos > 0)
}

fn date(days: i64) -> Option<String> {
    let (year, month, day) = super::calendar::date_of(days * DAY)?;
    Some(format!("{year}-{month:02}-{day:02}"))
}

/// The bounds of time that a user set, as they are written.
#[derive(Debug, Clone, Copy, Default)]
pub struct BoundTexts {
    /// The earliest time.
    pub since: Option<BoundText>,
    /// The latest time.
    pub until: Option<BoundText>,
}

impl BoundTexts {
    /// Returns whether neither is set.
    #[must_use]
    pub const fn are_unset(&self) -> bool {
        self.since.is_none() && self.until.is_none()
    }

    /// Returns the window of a source with these times; `None` where the bounds say nothing about them: a date about
    /// times without one, or anything about mere positions.
    ///
    /// `05/06/2024` is read in the order of the sources. A date without a time is the whole day: `--since` keeps all of
    /// it, and so does `--until`. A time without a zone is UTC.
    ///
    /// # Errors
    /// The name of the bound that can be several dates, and which.
    pub fn resolve(
        &self,
        recording: &RecordingDates,
        source: Span,
    ) -> Result<Option<TimeWindow>, (&'static str, BoundError)> {
        let end = recording.end(source);
        let resolve = |name, text: Option<BoundText>, latest: Time| match text {
            Some(text) => text.resolve(recording, end, latest).map_err(|cause| (name, cause)),
            None => Ok(None),
        };
        let until = resolve("--until", self.until, end)?;
        let latest = until.map_or(end, |until| until.end);
        let since = resolve("--since", self.since, latest)?;
        let says = since.is_some() == self.since.is_some() && until.is_some() == self.until.is_some();
        Ok(says.then_some(TimeWindow { since, until }))
    }
}
