//! The stamps of a source as they are kept while their calendar is not certain.

use super::calendar::{DAY, LEAP_DAY, NANOS, day_number};
use super::date_order::{DateOrder, NOTATIONS, Numbers};
use crate::model::TimeBase;
pub use crate::model::TimeRef;

/// Years below are not those of a calendar: they count from the first year of a source that tells none.
pub(super) const FIRST_TRUE_YEAR: i16 = 1000;

/// A stamp, 24 bytes. Offsets are minutes east of Greenwich; times of day are nanoseconds since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RawStamp {
    /// An instant, in nanoseconds since 1970.
    Dated { nanos: i64, offset: Option<i16> },
    /// A date whose order of day and month is not certain.
    Ambiguous { numbers: Numbers, time: i64, offset: Option<i16> },
    /// Month and day, by their place in a leap year, in a year that is found out.
    Yearless { day: u16, year: i16, time: i64, offset: Option<i16> },
    /// A time of day, of a day (by its number in a base) that is found out; `written` is the offset that stands in the
    /// stamp, `offset` the one it is read by.
    Clock { time: i64, day: i32, base: TimeBase, written: Option<i16>, offset: i16 },
    /// Nanoseconds since the start; `column` if a format has a column of them, so that they are certain.
    Elapsed { nanos: i64, column: bool },
    /// A count of work since the start: of instructions, or of bytes.
    Work { count: i64 },
}

impl RawStamp {
    pub(super) const fn is_dated(&self) -> bool {
        matches!(self, Self::Dated { .. } | Self::Ambiguous { .. })
    }

    pub(super) const fn is_yearless(&self) -> bool {
        matches!(self, Self::Yearless { .. })
    }

    /// Returns the year of a stamp that has none written.
    pub(super) const fn year(&self) -> Option<i16> {
        match self {
            Self::Yearless { year, .. } => Some(*year),
            _ => None,
        }
    }

    /// Returns a stamp that has no year written so many years later.
    pub(super) const fn in_later_year(self, years: i16) -> Option<Self> {
        match self {
            Self::Yearless { day, year, time, offset } => {
                Some(Self::Yearless { day, year: year.saturating_add(years), time, offset })
            }
            _ => None,
        }
    }
}

/// The calendar by which the stamps of a source are read.
#[derive(Debug, Clone)]
pub(super) struct Calendar {
    /// The order of day and month in each notation.
    pub(super) orders: [DateOrder; NOTATIONS],
    /// The years without number that have a 29 February, in ascending order.
    leap_years: Vec<i16>,
}

impl Calendar {
    pub(super) const fn new(orders: [DateOrder; NOTATIONS]) -> Self {
        Self { orders, leap_years: Vec::new() }
    }

    /// Returns the days from 1970-01-01, or from the start of the first year without number, to 1 January.
    fn new_year(&self, year: i16) -> Option<i64> {
        if year >= FIRST_TRUE_YEAR {
            return day_number(year, 1, 1);
        }
        let leap_years = |year: i16| self.leap_years.partition_point(|leap| *leap < year);
        let days = i64::try_from(leap_years(year)).ok()? - i64::try_from(leap_years(0)).ok()?;
        Some(i64::from(year) * 365 + days)
    }

    /// Whether a year has a 29 February.
    pub(super) fn is_leap(&self, year: i16) -> bool {
        if year >= FIRST_TRUE_YEAR {
            return day_number(year, 2, 29).is_some();
        }
        self.leap_years.binary_search(&year).is_ok()
    }

    /// Notes that a year without number has a 29 February.
    pub(super) fn note_leap(&mut self, year: i16) {
        if year < FIRST_TRUE_YEAR
            && let Err(place) = self.leap_years.binary_search(&year)
        {
            self.leap_years.insert(place, year);
        }
    }

    /// Returns the years without number that have a 29 February.
    pub(super) fn leap_years(&self) -> &[i16] {
        &self.leap_years
    }

    fn days(&self, year: i16, day: u16) -> Option<i64> {
        let leap = self.is_leap(year);
        if day == LEAP_DAY && !leap {
            return None;
        }
        Some(self.new_year(year)? + i64::from(day) - i64::from(day > LEAP_DAY && !leap))
    }

    /// Returns the instant of a stamp, in nanoseconds, with its base. A day that its year has not has none.
    pub(super) fn instant(&self, stamp: RawStamp) -> Option<(TimeBase, i64)> {
        let at = |days: i64, time: i64, offset: Option<i16>| {
            let seconds = days * DAY - i64::from(offset.unwrap_or(0)) * 60;
            seconds.checked_mul(NANOS)?.checked_add(time)
        };
        Some(match stamp {
            RawStamp::Dated { nanos, .. } => (TimeBase::Utc, nanos),
            RawStamp::Ambiguous { numbers, time, offset } => {
                let order = self.orders.get(numbers.notation.index()).copied()?;
                (TimeBase::Utc, at(numbers.days_by(order)?, time, offset)?)
            }
            RawStamp::Yearless { day, year, time, offset } => {
                let base = if year >= FIRST_TRUE_YEAR { TimeBase::Utc } else { TimeBase::Yearless };
                (base, at(self.days(year, day)?, time, offset)?)
            }
            RawStamp::Clock { time, day, base, offset, .. } => {
                (base, at(i64::from(day), time, Some(offset))?)
            }
            RawStamp::Elapsed { nanos, .. } => (TimeBase::Elapsed, nanos),
            RawStamp::Work { count } => (TimeBase::Index, count),
        })
    }
}

/// Returns nanoseconds as seconds with a fraction.
#[expect(clippy::cast_precision_loss, reason = "seconds of any year fit 52 bits")]
pub(super) fn seconds(nanos: i64) -> f64 {
    nanos.div_euclid(NANOS) as f64 + nanos.rem_euclid(NANOS) as f64 / 1e9
}

/// Returns seconds with a fraction as nanoseconds; `None` if they are no number, or of no year that 64 bits hold.
pub(super) fn nanos(seconds: f64) -> Option<i64> {
    const MOST: f64 = 9.2e9;
    if !(-MOST..=MOST).contains(&seconds) {
        return None;
    }
    let whole = seconds.floor();
    #[expect(clippy::cast_possible_truncation, reason = "both fit by the test above")]
    let (whole, fraction) = (whole as i64, ((seconds - whole) * 1e9).round() as i64);
    Some(whole * NANOS + fraction)
}
