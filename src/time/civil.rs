//! A time as it is written, before it is an instant: calendar date, time of day, zone.

use super::calendar::NANOS;
use super::date_order::Numbers;

/// A calendar day as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Date {
    /// Year, month and day.
    Full(i16, i8, i8),
    /// Month and day without a year.
    Yearless(i8, i8),
    /// Numbers in an order that only the source can tell.
    Numbers(Numbers),
}

/// A time of day; the second may be 60.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TimeOfDay {
    pub(super) hour: i8,
    pub(super) minute: i8,
    pub(super) second: i8,
    pub(super) nanos: u32,
}

impl TimeOfDay {
    /// The start of a day.
    pub(super) const MIDNIGHT: Self = Self { hour: 0, minute: 0, second: 0, nanos: 0 };

    /// Returns the time of day with these numbers, if there is one.
    pub(super) fn new(hour: i8, minute: i8, second: i8, nanos: u32) -> Option<Self> {
        let exists = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second);
        exists.then_some(Self { hour, minute, second, nanos })
    }

    /// Returns the seconds since midnight. A leap second is the second after :59, so :60 needs no care of its own.
    pub(super) fn seconds(self) -> i64 {
        i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second)
    }

    /// Returns the nanoseconds since midnight.
    pub(super) fn since_midnight(self) -> i64 {
        self.seconds() * NANOS + i64::from(self.nanos)
    }

    /// Returns the time with `AM` or `PM` heeded. Some programs print 24 hours and `PM`; that is taken, `15:30 AM` is
    /// not.
    pub(super) fn twelve_hours(self, afternoon: bool) -> Option<Self> {
        let hour = match (self.hour, afternoon) {
            (12, false) => 0,
            (13.., false) => return None,
            (hour @ 1..12, true) => hour + 12,
            (hour, _) => hour,
        };
        Some(Self { hour, ..self })
    }
}

/// The zone of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone<'a> {
    /// None is written.
    None,
    /// Seconds east of Greenwich.
    Offset(i32),
    /// A word such as `CEST`.
    Word(&'a str),
}

/// A time as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written<'a> {
    /// Nanoseconds since 1970.
    Epoch(i64),
    /// Calendar date and time of day.
    Civil {
        /// The date.
        date: Date,
        /// The time of day.
        time: TimeOfDay,
        /// The zone.
        zone: Zone<'a>,
        /// Whether the words around it are Chinese: then `CST` is not an American zone.
        chinese: bool,
    },
    /// Time of day without a date.
    Clock {
        /// The time of day.
        time: TimeOfDay,
        /// The zone.
        zone: Zone<'a>,
    },
    /// Nanoseconds since the start.
    Elapsed(i64),
}

/// A line that is wholly a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DateLine<'a> {
    /// The line without blanks around it.
    pub(super) text: &'a str,
    pub(super) written: Written<'a>,
    /// The half of the day, where it is named.
    pub(super) afternoon: Option<bool>,
    /// Whether it has a time of day.
    pub(super) has_time: bool,
}
