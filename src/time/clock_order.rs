//! The order of day and month, and the year, as [`Clock`](super::Clock) finds them.

use super::civil::{DAY, TimeOfDay, day_number};

/// What is known of the order of day and month behind one separator.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Order {
    /// Whether the day comes first, once that is known.
    day_first: Option<bool>,
    /// How it is known.
    reason: Reason,
    /// The last ambiguous date, as seconds with the day first and with the month first.
    last: Option<(i64, i64)>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Reason {
    #[default]
    Custom,
    TooLarge,
    Forward,
    Closer,
}

impl Order {
    /// Day and month of a date, and a sentence if the order had to be found out.
    pub(super) fn decide(
        &mut self,
        (first, second, year, separator): (i8, i8, i16, u8),
        seconds: i64,
    ) -> (i8, i8, Option<String>) {
        if first > 12 || second > 12 {
            let day_first = first > 12;
            let met_before = self.last.is_some() || self.reason == Reason::TooLarge;
            let contradicts = (met_before && self.day_first() != day_first).then(|| contradicted(day_first));
            (self.day_first, self.reason) = (Some(day_first), Reason::TooLarge);
            let (day, month) = if day_first { (first, second) } else { (second, first) };
            return (day, month, contradicts);
        }
        if self.day_first.is_none() {
            self.day_first = Some(day_first_by_custom(separator));
        }
        let now = both(first, second, year, seconds);
        if self.reason == Reason::Custom
            && let (Some(last), Some(now)) = (self.last, now)
        {
            let (by_day, by_month) = (now.0 >= last.0, now.1 >= last.1);
            if by_day != by_month {
                (self.day_first, self.reason) = (Some(by_day), Reason::Forward);
            }
        }
        self.last = now.or(self.last);
        let (day, month) = if self.day_first() { (first, second) } else { (second, first) };
        (day, month, (first != second).then(|| self.sentence(char::from(separator))))
    }

    fn day_first(&self) -> bool {
        self.day_first.unwrap_or(false)
    }

    /// Whether a date had a number above 12, so that the next ones are read like it.
    fn is_certain(&self) -> bool {
        self.reason == Reason::TooLarge
    }

    fn sentence(&self, separator: char) -> String {
        let why = match self.reason {
            Reason::Custom => "which is a guess: nothing in the source tells the order",
            Reason::TooLarge => "since others have a number above 12 in the place of the day",
            Reason::Forward => "since that way the times go forward",
            Reason::Closer => "since that way the times lie closer together",
        };
        format!("dates such as 05{separator}06{separator}2024 are read {}, {why}", words(self.day_first()))
    }
}

fn contradicted(day_first: bool) -> String {
    let order = words(day_first);
    format!("a date has a number above 12 in the other place: from there on dates are read {order}")
}

fn words(day_first: bool) -> &'static str {
    if day_first { "day first" } else { "month first" }
}

/// Seconds of an ambiguous date with the day first, and with the month first.
fn both(first: i8, second: i8, year: i16, seconds: i64) -> Option<(i64, i64)> {
    Some((day_number(year, second, first)? * DAY + seconds, day_number(year, first, second)? * DAY + seconds))
}

/// What is heard of the order behind one separator while a source is read line by line.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hearing {
    evidence: Evidence,
    /// Whether a date was read by custom alone.
    doubted: bool,
    /// What the first date with a number above 12 said: whether the day comes first.
    certain: Option<bool>,
}

/// A date whose order is not certain yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Doubtful {
    /// Day and month by custom.
    pub(super) day: i8,
    pub(super) month: i8,
    /// Seconds since 1970 of the other reading, if it is another.
    pub(super) otherwise: Option<i64>,
}

impl Hearing {
    /// Hears a date; `None` if its order is certain.
    pub(super) fn hear(
        &mut self,
        order: &Order,
        (first, second, year, separator): (i8, i8, i16, u8),
        seconds: i64,
    ) -> Option<Doubtful> {
        if order.is_certain() {
            // All that can still come is that a date says the contrary.
            self.evidence.hear(first, second, None);
            return None;
        }
        let now = both(first, second, year, seconds);
        self.evidence.hear(first, second, now);
        if first > 12 || second > 12 {
            self.certain = self.certain.or(Some(first > 12));
            return None;
        }
        let by_custom = day_first_by_custom(separator);
        let (day, month) = if by_custom { (first, second) } else { (second, first) };
        let otherwise = now.filter(|_| first != second).map(|now| if by_custom { now.1 } else { now.0 });
        self.doubted |= otherwise.is_some();
        Some(Doubtful { day, month, otherwise })
    }

    /// Whether custom proves to be wrong for the doubtful dates.
    pub(super) fn custom_was_wrong(&self, separator: u8) -> bool {
        let custom = day_first_by_custom(separator);
        self.evidence.order(custom).day_first() != custom
    }

    /// How the doubtful dates are read in the end, in sentences; none where there were no such dates.
    pub(super) fn sentences(&self, separator: u8) -> Vec<String> {
        if !self.doubted {
            return Vec::new();
        }
        let order = self.evidence.order(day_first_by_custom(separator));
        let mut said = vec![order.sentence(char::from(separator))];
        said.extend(self.certain.filter(|certain| *certain != order.day_first()).map(contradicted));
        said
    }
}

/// Behind a full stop and a dash the day is usually first, behind a slash the month.
const fn day_first_by_custom(separator: u8) -> bool {
    separator != b'/'
}

/// The separators of which an order is known, each by itself.
pub(super) const SEPARATORS: [u8; 3] = *b"./-";

/// The place of a separator among the orders.
pub(super) fn slot(separator: u8) -> Option<usize> {
    SEPARATORS.iter().position(|known| *known == separator)
}

#[derive(Debug, Clone, Copy, Default)]
struct Evidence {
    day_too_large: bool,
    month_too_large: bool,
    backward: (u64, u64),
    way: (u64, u64),
    last: Option<(i64, i64)>,
}

impl Evidence {
    fn hear(&mut self, first: i8, second: i8, now: Option<(i64, i64)>) {
        self.day_too_large |= first > 12;
        self.month_too_large |= second > 12;
        let Some(now) = now else { return };
        if let Some(last) = self.last {
            self.backward.0 += u64::from(now.0 < last.0);
            self.backward.1 += u64::from(now.1 < last.1);
            self.way.0 = self.way.0.saturating_add(now.0.abs_diff(last.0));
            self.way.1 = self.way.1.saturating_add(now.1.abs_diff(last.1));
        }
        self.last = Some(now);
    }

    fn order(self, custom: bool) -> Order {
        let known = |day_first, reason| Order { day_first: Some(day_first), reason, last: None };
        if self.day_too_large != self.month_too_large {
            return known(self.day_too_large, Reason::TooLarge);
        }
        if self.backward.0 != self.backward.1 {
            return known(self.backward.0 < self.backward.1, Reason::Forward);
        }
        // Both go forward: one that strides through months where the other walks through days is not how
        // memory is watched. A month is about thirty days, so a factor of eight leaves no doubt.
        let (by_day, by_month) = self.way;
        match (by_day > by_month.saturating_mul(8), by_month > by_day.saturating_mul(8)) {
            (true, false) => known(false, Reason::Closer),
            (false, true) => known(true, Reason::Closer),
            _ => known(custom, Reason::Custom),
        }
    }
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
