//! Bounds of time that a user gives: `--since`, `--until`.

use std::fmt;

use super::calendar::{DAY, NANOS, day_number};
use super::civil::{Date, TimeOfDay, Written, Zone};
use super::date_line::date_line;
use super::date_order::{DateOrder, NOTATIONS, Notation, Numbers};
use super::source_times::SourceTimes;
use super::zones::ZoneLog;
use super::{headers, raw_stamp};
use crate::model::{Moment, TimeBase};

/// The order of day and month, and the time, of a recording: what a date on the command line is read by.
#[derive(Debug, Clone, Default)]
pub struct RecordingDates {
    orders: [Option<DateOrder>; NOTATIONS],
    /// The first and the last second.
    span: Option<(f64, f64)>,
}

impl RecordingDates {
    /// Returns the dates of sources that are [resolved](super::resolve).
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
        for span in
            sources.iter().filter(|source| source.base() == TimeBase::Utc).filter_map(SourceTimes::span)
        {
            let (start, end) = (span.start().seconds(), span.end().seconds());
            let (first, last) = dates.span.unwrap_or((start, end));
            dates.span = Some((first.min(start), last.max(end)));
        }
        dates
    }

    /// Returns the days of a date, by the order of its notation in the recording, else by the only reading that lies
    /// within it.
    fn days(&self, numbers: Numbers) -> Option<i64> {
        if let Some(order) = self.orders.get(numbers.notation.index()).copied().flatten() {
            return numbers.days_by(order);
        }
        let (start, end) = self.span?;
        #[expect(clippy::cast_precision_loss, reason = "seconds of any year fit 52 bits")]
        let second = |days: i64| (days * DAY) as f64;
        let mut within = numbers.readings().map(|(_, days)| days);
        let is_within = |days: &i64| second(*days + 1) > start && second(*days) <= end;
        let first = within.by_ref().find(is_within)?;
        within.find(is_within).is_none_or(|other| other == first).then_some(first)
    }
}

/// A bound of time: an instant, or a whole day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    start: Moment,
    end: Moment,
}

impl Bound {
    /// Whether a time is of the bound or later: what `--since` keeps. The whole day is kept if the bound is one.
    #[must_use]
    pub fn keeps_since(self, at: Moment) -> bool {
        at >= self.start
    }

    /// Whether a time is of the bound or earlier: what `--until` keeps. The whole day is kept if the bound is one.
    #[must_use]
    pub fn keeps_until(self, at: Moment) -> bool {
        at <= self.start || at < self.end
    }

    /// Returns the instant, or the start of the day.
    #[must_use]
    pub const fn start(self) -> Moment {
        self.start
    }
}

/// The reason why a text is no bound of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BoundError {
    /// The text is no time in any notation.
    NotATime,
    /// The time has no year.
    NoYear,
    /// The time of day has no date.
    NoDate,
    /// The text is a number of seconds since a start that is not known.
    Elapsed,
    /// The zone word is in no table.
    UnknownZone(String),
    /// The date can be several, and the recording does not tell which. They are as `2024-06-05`.
    Ambiguous(Vec<String>),
}

impl fmt::Display for BoundError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const EXAMPLE: &str = "2024-05-23T11:56:35Z, 2024-05-23 11:56:35 or 2024-05-23";
        match self {
            Self::NotATime => write!(f, "expected a time such as {EXAMPLE}"),
            Self::NoYear => write!(f, "the year is missing: expected a time such as {EXAMPLE}"),
            Self::NoDate => write!(f, "the date is missing: expected a time such as {EXAMPLE}"),
            Self::Elapsed => {
                write!(f, "a date is needed, not a length of time: expected a time such as {EXAMPLE}")
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
    Day { days: BoundDays, time: Option<TimeOfDay>, offset: i32 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BoundDays {
    Certain(i64),
    Numbers(Numbers),
}

impl BoundText {
    /// Parses a bound, in any notation that a date line can have, with a time of day or without.
    ///
    /// # Errors
    /// Where the text is no time, or has no date, no year or no zone that is known.
    pub fn parse(text: &str) -> Result<Self, BoundError> {
        let text = text.trim();
        if !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return Err(BoundError::NotATime);
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
            Written::Clock { .. } => return Err(BoundError::NoDate),
            Written::Elapsed(_) => return Err(BoundError::Elapsed),
        };
        let mut zones = ZoneLog::default();
        let offset = zones.offset(zone, chinese).unwrap_or(0);
        if let (Zone::Word(word), false) = (zone, zones.unknown().is_empty()) {
            return Err(BoundError::UnknownZone(word.to_owned()));
        }
        let days = match date {
            Date::Full(year, month, day) => day_number(year, month, day).map(BoundDays::Certain),
            Date::Numbers(numbers) => Some(BoundDays::Numbers(numbers)),
            Date::Yearless(..) => return Err(BoundError::NoYear),
        };
        let days = days.ok_or(BoundError::NotATime)?;
        Ok(Self(BoundDate::Day { days, time: has_time.then_some(time), offset }))
    }

    /// Returns the bound, its date in the order of day and month of the recording.
    ///
    /// # Errors
    /// Where the date can be several and the recording does not tell which.
    pub fn resolve(self, recording: &RecordingDates) -> Result<Bound, BoundError> {
        let moment = |nanos: i64| Moment::from_seconds(raw_stamp::seconds(nanos));
        let (days, time, offset) = match self.0 {
            BoundDate::Instant(nanos) => return Ok(Bound { start: moment(nanos), end: moment(nanos) }),
            BoundDate::Day { days, time, offset } => (days, time, offset),
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
        Ok(match time {
            Some(time) => {
                let at = moment(midnight + time.since_midnight());
                Bound { start: at, end: at }
            }
            None => Bound { start: moment(midnight), end: moment(midnight + DAY * NANOS) },
        })
    }
}

fn date(days: i64) -> Option<String> {
    let (year, month, day) = super::calendar::date_of(days * DAY)?;
    Some(format!("{year}-{month:02}-{day:02}"))
}

/// Parses a bound of time by the dates of a recording: [`BoundText::parse`] and [`BoundText::resolve`] in one.
///
/// `05/06/2024` is read in the order of the sources. A date without a time is the whole day: `--since` keeps all of it,
/// and so does `--until`. A time without a zone is UTC.
///
/// # Errors
/// Where the text is no time, has no date, no year or no known zone, or can be several dates.
pub fn parse_bound(text: &str, recording: &RecordingDates) -> Result<Bound, BoundError> {
    BoundText::parse(text)?.resolve(recording)
}
