//! What a date says before it is a moment, and the arithmetic that makes it one.

use jiff::civil::{Date as Day, Time};
use jiff::tz::Offset;

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;

/// The years that a log can be of. Zero times (`0001-01-01`) and plain numbers fall out here.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;

/// A calendar day as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Date {
    /// Year, month and day.
    Full(i16, i8, i8),
    /// Month and day; the year was not written.
    Yearless(i8, i8),
    /// Day and month in an order that only the source can tell: first number, second number, year, separator.
    Either(i8, i8, i16, u8),
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

    /// A time of day, if there is one with these numbers.
    pub(super) fn new(hour: i8, minute: i8, second: i8, nanos: u32) -> Option<Self> {
        let exists = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second);
        exists.then_some(Self { hour, minute, second, nanos })
    }

    /// Seconds since midnight. A leap second is the second after :59, so :60 needs no care of its own.
    pub(super) fn seconds(self) -> i64 {
        i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second)
    }

    /// The time with `AM` or `PM` heeded. Some print 24 hours and `PM`; that is taken, `15:30 AM` is not.
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

/// Where on Earth a time was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone<'a> {
    /// Nothing was said.
    Unsaid,
    /// Seconds east of Greenwich.
    Offset(i32),
    /// A word such as `CEST`.
    Word(&'a str),
}

/// A time as it was written, and where its text ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Reading<'a> {
    /// Seconds since 1970.
    Epoch(f64),
    /// Calendar and clock.
    Civil {
        /// The day.
        date: Date,
        /// The time of day.
        time: TimeOfDay,
        /// The zone.
        zone: Zone<'a>,
        /// Whether the words around it are Chinese: then `CST` is not an American zone.
        chinese: bool,
    },
}

/// Days from 1970-01-01 to a day; `None` if the calendar has no such day.
pub(super) fn day_number(year: i16, month: i8, day: i8) -> Option<i64> {
    if !YEARS.contains(&year) {
        return None;
    }
    let midnight = Day::new(year, month, day).ok()?.to_datetime(Time::midnight());
    Some(Offset::UTC.to_timestamp(midnight).ok()?.as_second().div_euclid(DAY))
}

/// Whether a number can be the year of a log.
pub(super) fn is_year(number: i64) -> bool {
    i16::try_from(number).is_ok_and(|year| YEARS.contains(&year))
}

/// Days before each month of a year without leap day.
const BEFORE_MONTH: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// Days of each month; February may have its leap day, since the year is not known.
const DAYS: [i8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Gives times without a year a place on one line: a year that has a leap day if February 29 is met, and the
/// next year where the months begin anew.
#[derive(Debug, Clone)]
pub(super) struct Yearless {
    /// Days from 1970-01-01 to January 1 of the year it is in.
    new_year: i64,
    /// Whether the year has been seen to have a leap day.
    leap: bool,
    /// The last time, in seconds.
    last: Option<i64>,
}

impl Yearless {
    /// Starts in 1971: obviously not the true year, and one without a leap day until it is seen to have one.
    pub(super) const fn new() -> Self {
        Self { new_year: 365, leap: false, last: None }
    }

    /// Learns the year from a time that has one, in seconds since 1970.
    pub(super) fn learn(&mut self, year: i16, seconds: i64) {
        if let Some(new_year) = day_number(year, 1, 1) {
            self.new_year = new_year;
            self.leap = day_number(year, 2, 29).is_some();
            self.last = Some(seconds);
        }
    }

    /// Seconds since 1970-01-01 of a day and a time without a year; `None` for a day that no year has.
    pub(super) fn place(&mut self, month: i8, day: i8, time: TimeOfDay) -> Option<i64> {
        let index = usize::try_from(month - 1).ok()?;
        if day < 1 || day > *DAYS.get(index)? {
            return None;
        }
        let mut seconds = self.in_this_year(index, day, time)?;
        if let Some(last) = self.last {
            // From December to January is a step of about −334 days; a real step back of more than half a
            // year is far less likely. From January back to December only if it is a small step (lines out
            // of order).
            if seconds - last < -183 * DAY {
                self.new_year += 365 + i64::from(self.leap);
                self.leap = false;
                seconds = self.in_this_year(index, day, time)?;
            } else if seconds - last > 334 * DAY {
                self.new_year -= 365;
                self.leap = false;
                seconds = self.in_this_year(index, day, time)?;
            }
        }
        self.last = Some(seconds);
        Some(seconds)
    }

    fn in_this_year(&mut self, month_index: usize, day: i8, time: TimeOfDay) -> Option<i64> {
        self.leap |= month_index == 1 && day == 29;
        let leap_day = i64::from(self.leap && month_index > 1);
        let days = self.new_year + BEFORE_MONTH.get(month_index)? + i64::from(day) - 1 + leap_day;
        Some(days * DAY + time.seconds())
    }
}
