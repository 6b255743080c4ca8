//! Arithmetic of the calendar.

use jiff::civil::{Date as Day, Time};
use jiff::tz::Offset;

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;

/// Nanoseconds of a second.
pub(super) const NANOS: i64 = 1_000_000_000;

/// The years that a log can be of. Zero times (`0001-01-01`) and plain numbers fall out here.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;

/// Returns the days from 1970-01-01 to a day; `None` if the calendar has no such day.
pub(super) fn day_number(year: i16, month: i8, day: i8) -> Option<i64> {
    if !YEARS.contains(&year) {
        return None;
    }
    let midnight = Day::new(year, month, day).ok()?.to_datetime(Time::midnight());
    Some(Offset::UTC.to_timestamp(midnight).ok()?.as_second().div_euclid(DAY))
}

/// Returns the year, month and day of seconds since 1970; `None` beyond the calendar.
pub(super) fn date_of(seconds: i64) -> Option<(i16, i8, i8)> {
    let date = Offset::UTC.to_datetime(jiff::Timestamp::from_second(seconds).ok()?).date();
    Some((date.year(), date.month(), date.day()))
}

/// Returns the month and day of the weekday (Monday is 1) of an ISO week, with their year; `None` if there is none.
pub(super) fn of_week(year: i16, week: i8, weekday: i8) -> Option<(i16, i8, i8)> {
    let weekday = jiff::civil::Weekday::from_monday_one_offset(weekday).ok()?;
    let date = jiff::civil::ISOWeekDate::new(year, week, weekday).ok()?.date();
    Some((date.year(), date.month(), date.day()))
}

/// Returns the month and day of a day that is counted from New Year; `None` if the year has none.
pub(super) fn of_day(year: i16, day: i16) -> Option<(i8, i8)> {
    let date = Day::new(year, 1, 1).ok()?.with().day_of_year(day).build().ok()?;
    Some((date.month(), date.day()))
}

/// Whether a number can be the year of a log.
pub(super) fn is_year(number: i64) -> bool {
    i16::try_from(number).is_ok_and(|year| YEARS.contains(&year))
}

/// Days before each month of a leap year.
const BEFORE_MONTH: [u16; 12] = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335];

/// Days of each month of a leap year.
const DAYS: [i8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// The place of 29 February in a leap year.
pub(super) const LEAP_DAY: u16 = 59;

/// Returns the place of a day in a leap year, from 0; `None` for a day that no year has.
pub(super) fn day_of_leap_year(month: i8, day: i8) -> Option<u16> {
    let index = usize::try_from(month - 1).ok()?;
    let exists = (1..=*DAYS.get(index)?).contains(&day);
    exists
        .then(|| BEFORE_MONTH.get(index).copied().zip(u16::try_from(day - 1).ok()))
        .flatten()
        .map(|(a, b)| a + b)
}
