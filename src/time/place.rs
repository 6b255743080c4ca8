//! Years for stamps that have none, and days for times of day: each from its neighbours in the source.

use super::calendar::{DAY, LEAP_DAY, NANOS, date_of, day_of_leap_year};
use super::direction::is_newest_first;
use super::raw_stamp::{Calendar, FIRST_TRUE_YEAR, RawStamp};
use crate::model::TimeBase;

/// Seconds by which a clock may go back, by lines out of order or at the end of summer time, without a new day.
const OUT_OF_ORDER: i64 = 3600;

/// The way through the stamps of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Forward,
    Backward,
}

/// An instant that the next one follows.
#[derive(Debug, Clone, Copy)]
struct Neighbour {
    base: TimeBase,
    nanos: i64,
    offset: Option<i16>,
    /// Whether it is midnight of a stamp with a date, which may stand for the whole day.
    is_day: bool,
}

impl Neighbour {
    /// Returns the neighbour that a stamp with a date is.
    fn dated((base, nanos): (TimeBase, i64), offset: Option<i16>) -> Self {
        let local = nanos.saturating_add(i64::from(offset.unwrap_or(0)) * 60 * NANOS);
        Self { base, nanos, offset, is_day: local.rem_euclid(DAY * NANOS) == 0 }
    }
}

/// Places the stamps of a source one after the other.
#[derive(Debug, Clone)]
pub(super) struct Placer {
    direction: Direction,
    /// The last date, if no stamp without a year has come since.
    dated: Option<Neighbour>,
    /// Year and seconds within a leap year of the last stamp that had or got a year.
    year: Option<(i16, i64)>,
    /// The year of the first stamp, if none is dated.
    start_year: i16,
    /// The last stamp, for times of day.
    last: Option<Neighbour>,
}

impl Placer {
    /// Returns a placer that begins in a year.
    pub(super) const fn new(start_year: i16) -> Self {
        Self { direction: Direction::Forward, dated: None, year: None, start_year, last: None }
    }

    /// Whether a stamp with a date has come, with a year or without.
    pub(super) fn has_date(&self) -> bool {
        self.last.is_some_and(|last| last.base != TimeBase::Clock)
    }

    /// Returns the stamp with the year or the day that follows from the ones before.
    pub(super) fn place(&mut self, stamp: RawStamp, calendar: &mut Calendar) -> RawStamp {
        match stamp {
            RawStamp::Dated { offset, .. } | RawStamp::Ambiguous { offset, .. } => {
                let instant = calendar.instant(stamp);
                self.last = instant.map(|instant| Neighbour::dated(instant, offset)).or(self.last);
                self.dated = self.last;
                stamp
            }
            RawStamp::Yearless { day, time, offset, .. } => {
                let year = self.year_of(i64::from(day) * DAY + time / NANOS);
                if day == LEAP_DAY {
                    calendar.note_leap(year);
                }
                let stamp = RawStamp::Yearless { day, year, time, offset };
                let instant = calendar.instant(stamp);
                self.last = instant.map(|instant| Neighbour::dated(instant, offset)).or(self.last);
                stamp
            }
            RawStamp::Clock { time, written, .. } => self.place_clock(time, written),
            RawStamp::Elapsed { .. } | RawStamp::Work { .. } => stamp,
        }
    }

    /// Returns the year of a place within it, and remembers both.
    fn year_of(&mut self, place: i64) -> i16 {
        if let Some(Neighbour { nanos, offset, .. }) = self.dated.take() {
            let local = nanos.div_euclid(NANOS) + i64::from(offset.unwrap_or(0)) * 60;
            let anchor = date_of(local).and_then(|(year, month, day)| {
                let day = day_of_leap_year(month, day)?;
                Some((year, i64::from(day) * DAY + local.rem_euclid(DAY)))
            });
            self.year = anchor.or(self.year);
        }
        let Some((year, last)) = self.year else {
            self.year = Some((self.start_year, place));
            return self.start_year;
        };
        // From December to January is a step of about −334 days; a real step back of more than half a year is far less
        // likely. From January back to December only if it is a small step (lines out of order).
        let sign = if self.direction == Direction::Forward { 1 } else { -1 };
        let step = (place - last) * sign;
        let years = if step < -183 * DAY {
            1
        } else if step > 334 * DAY {
            -1
        } else {
            0
        };
        let years = if self.direction == Direction::Forward { years } else { -years };
        // Years that are only counted never become years of the calendar.
        let range = if year < FIRST_TRUE_YEAR { -900..=900 } else { 1970..=2199 };
        let year = (year + years).clamp(*range.start(), *range.end());
        self.year = Some((year, place));
        year
    }

    fn place_clock(&mut self, time: i64, written: Option<i16>) -> RawStamp {
        let Some(last) = self.last else {
            let offset = written.unwrap_or(0);
            let nanos = time - i64::from(offset) * 60 * NANOS;
            self.last = Some(Neighbour { base: TimeBase::Clock, nanos, offset: written, is_day: false });
            return RawStamp::Clock { time, day: 0, base: TimeBase::Clock, written, offset };
        };
        let offset = written.or(last.offset).unwrap_or(0);
        let day_long = DAY * NANOS;
        let local = last.nanos.saturating_add(i64::from(offset) * 60 * NANOS);
        let step = match self.direction {
            // Below the date of a day alone, 23:30 is the evening of that day and not of the one before.
            Direction::Forward if last.is_day => (time - local).rem_euclid(day_long),
            Direction::Forward => {
                (time - local + OUT_OF_ORDER * NANOS).rem_euclid(day_long) - OUT_OF_ORDER * NANOS
            }
            Direction::Backward => {
                OUT_OF_ORDER * NANOS - (local - time + OUT_OF_ORDER * NANOS).rem_euclid(day_long)
            }
        };
        let day = i32::try_from((local.saturating_add(step) - time).div_euclid(day_long)).unwrap_or(0);
        let nanos = local.saturating_add(step) - i64::from(offset) * 60 * NANOS;
        self.last =
            Some(Neighbour { base: last.base, nanos, offset: written.or(last.offset), is_day: false });
        RawStamp::Clock { time, day, base: last.base, written, offset }
    }
}

/// Places all stamps of a source: those after the first date by the ones before, those before it by the ones after. A
/// source without dates begins in `start_year`.
pub(super) fn place_all(stamps: &mut [RawStamp], calendar: &mut Calendar, start_year: i16) {
    let has_clocks = stamps.iter().any(|stamp| matches!(stamp, RawStamp::Clock { .. }));
    if !has_clocks && !stamps.iter().any(RawStamp::is_yearless) {
        return;
    }
    let first = stamps
        .iter()
        .position(RawStamp::is_dated)
        .or_else(|| stamps.iter().position(RawStamp::is_yearless))
        .unwrap_or(0);
    let only_clocks =
        stamps.iter().all(|stamp| matches!(stamp, RawStamp::Clock { .. } | RawStamp::Elapsed { .. }));
    let direction = if only_clocks && clocks_fall(stamps) { Direction::Backward } else { Direction::Forward };
    // Days of clocks depend on the leap days that stamps without a year tell, perhaps later ones.
    for _ in 0..if has_clocks { 2 } else { 1 } {
        let mut placer = Placer { direction, ..Placer::new(start_year) };
        let (before, after) = stamps.split_at_mut(first);
        let mut at_first = None;
        for stamp in after {
            *stamp = placer.place(*stamp, calendar);
            at_first.get_or_insert_with(|| placer.clone());
        }
        if let Some(placer) = at_first {
            let mut placer = Placer { direction: Direction::Backward, ..placer };
            for stamp in before.iter_mut().rev() {
                *stamp = placer.place(*stamp, calendar);
            }
        }
    }
}

/// Whether nearly all times of day are earlier than those before them: the newest stands first.
#[expect(clippy::cast_precision_loss, reason = "nanoseconds of a day fit 52 bits")]
fn clocks_fall(stamps: &[RawStamp]) -> bool {
    is_newest_first(stamps.iter().filter_map(|stamp| match stamp {
        RawStamp::Clock { time, offset, .. } => Some((time - i64::from(*offset) * 60 * NANOS) as f64),
        _ => None,
    }))
}
