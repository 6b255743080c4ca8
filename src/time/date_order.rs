//! The order of day, month and year in dates of three numbers: `05/06/2024`, `05/06/24`.
//!
//! One such date tells nothing. All dates of a source together mostly do: by a number above 12, by the direction of
//! time, or by how far apart the times lie.

use std::fmt;

use super::calendar::{DAY, LEAP_DAY, day_number, day_of_leap_year};

/// The order of the numbers in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DateOrder {
    /// Day, month, year.
    DayFirst,
    /// Month, day, year.
    MonthFirst,
    /// Year, month, day; of dates with two digits for the year only.
    YearFirst,
}

impl DateOrder {
    pub(super) const ALL: [Self; 3] = [Self::DayFirst, Self::MonthFirst, Self::YearFirst];
}

impl fmt::Display for DateOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DayFirst => "day first",
            Self::MonthFirst => "month first",
            Self::YearFirst => "year first",
        })
    }
}

/// The reason for which dates are read in an order, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DateOrderReason {
    /// No other order makes dates of all numbers: one is above 12, or no plausible year.
    Numbers,
    /// In that order the times go in one direction.
    Direction,
    /// In that order the times lie closer together.
    Closer,
    /// Other sources of the recording are read so, or lie at that time.
    Siblings,
    /// Nothing tells; it is the custom of most people who write such dates.
    Custom,
}

/// The signs between the numbers of a date.
const SEPARATORS: [u8; 3] = *b"./-";

/// Number of notations, each of which has an order of its own: each separator, with a year of four digits or of two.
pub(super) const NOTATIONS: usize = SEPARATORS.len() * 2;

/// Times that lie closer together by this factor tell the order. A month is about thirty days, so that eight leaves no
/// doubt: nobody who watches memory strides through months where the other order walks through days.
pub(super) const CLOSER: u64 = 8;

/// The years that two digits can mean: memory is watched in the ways that this program reads since about 2010.
const SHORT_YEARS: std::ops::RangeInclusive<i16> = 2010..=2030;

/// A separator and the width of the year, as an index below [`NOTATIONS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Notation(u8);

impl Notation {
    /// Returns the notation; `None` if no date has such a separator.
    pub(super) fn new(separator: u8, short_year: bool) -> Option<Self> {
        let index = SEPARATORS.iter().position(|known| *known == separator)?;
        u8::try_from(index * 2 + usize::from(short_year)).ok().map(Self)
    }

    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }

    pub(super) const fn has_short_year(self) -> bool {
        self.0 % 2 == 1
    }

    pub(super) fn separator(self) -> u8 {
        SEPARATORS.get(self.index() / 2).copied().unwrap_or(b'/')
    }

    /// Returns all notations.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0_u8..).take(NOTATIONS).map(Self)
    }

    /// Returns the most usual order of each notation.
    pub(super) fn usual_orders() -> [DateOrder; NOTATIONS] {
        std::array::from_fn(|index| {
            let notation = u8::try_from(index).map(Self).ok();
            notation.and_then(|notation| notation.orders().first().copied()).unwrap_or(DateOrder::DayFirst)
        })
    }

    /// Returns the orders that the notation can have, the most usual first.
    pub(super) const fn orders(self) -> &'static [DateOrder] {
        use DateOrder::{DayFirst, MonthFirst, YearFirst};
        match self.0 {
            0 | 1 | 4 => &[DayFirst, MonthFirst],
            2 => &[MonthFirst, DayFirst],
            3 => &[MonthFirst, YearFirst, DayFirst],
            _ => &[YearFirst, DayFirst, MonthFirst],
        }
    }
}

impl fmt::Display for Notation {
    /// Writes 5 June or 6 May 2024 in the notation.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, year) = (char::from(self.separator()), if self.has_short_year() { "24" } else { "2024" });
        write!(f, "05{sign}06{sign}{year}")
    }
}

/// The three numbers of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numbers {
    first: i8,
    second: i8,
    /// The year where it has four digits.
    third: i16,
    /// Whether the first two have two digits.
    padded: bool,
    pub(super) notation: Notation,
}

impl Numbers {
    /// Returns the numbers of a date; `None` if no order makes a date of them.
    pub(super) fn new(first: i8, second: i8, third: i16, padded: bool, separator: u8) -> Option<Self> {
        let notation = Notation::new(separator, third < 100)?;
        let numbers = Self { first, second, third, padded, notation };
        notation.orders().iter().any(|order| numbers.exists(*order)).then_some(numbers)
    }

    /// Returns year, month and day in an order.
    const fn in_order(self, order: DateOrder) -> (i16, i8, i8) {
        let (year, month, day) = match order {
            DateOrder::DayFirst => (self.third, self.second, self.first),
            DateOrder::MonthFirst => (self.third, self.first, self.second),
            DateOrder::YearFirst => (self.first as i16, self.second, self.third as i8),
        };
        (if self.notation.has_short_year() { 2000 + year } else { year }, month, day)
    }

    /// Whether the numbers are a date in an order.
    fn exists(self, order: DateOrder) -> bool {
        let (year, month, day) = self.in_order(order);
        let year_fits = !self.notation.has_short_year() || SHORT_YEARS.contains(&year);
        // With the year first all numbers have two digits.
        let shape = order != DateOrder::YearFirst || (self.padded && self.notation.has_short_year());
        let leap_day = day_of_leap_year(month, day).map(|place| place == LEAP_DAY);
        shape && year_fits && leap_day.is_some_and(|leap| !leap || day_number(year, month, day).is_some())
    }

    /// Returns the days from 1970-01-01 in an order; `None` if the calendar has no such day, or no recording can be of
    /// that year.
    pub(super) fn days(self, order: DateOrder) -> Option<i64> {
        let (year, month, day) = self.in_order(order);
        self.exists(order).then(|| day_number(year, month, day)).flatten()
    }

    /// Returns the orders that make a date of the numbers, the most usual first, with the days from 1970-01-01.
    pub(super) fn readings(self) -> impl Iterator<Item = (DateOrder, i64)> {
        let orders = self.notation.orders().iter();
        orders.filter_map(move |order| self.days(*order).map(|days| (*order, days)))
    }

    /// Returns the days in an order, or in the most usual one that makes a date.
    pub(super) fn days_by(self, order: DateOrder) -> Option<i64> {
        self.days(order).or_else(|| self.readings().next().map(|(_, days)| days))
    }

    /// Returns the days if no two orders make different dates.
    pub(super) fn certain_days(self) -> Option<i64> {
        let mut readings = self.readings().map(|(_, days)| days);
        let first = readings.next()?;
        readings.all(|other| other == first).then_some(first)
    }
}

/// The evidence of the dates of one source in one notation for one order.
#[derive(Debug, Clone, Copy, Default)]
struct OrderEvidence {
    /// Whether a date does not exist in that order.
    ruled_out: bool,
    /// Whether a date exists in that order only.
    required: bool,
    forward: u64,
    backward: u64,
    /// Sum of the seconds between one date and the next.
    distance: u64,
    last: Option<i64>,
    /// The first and the last time.
    range: Option<(i64, i64)>,
}

impl OrderEvidence {
    /// Takes a time into account that lies so many seconds after the last.
    fn step(&mut self, seconds: i64) {
        if let Some(last) = self.last {
            self.observe(last + seconds);
        }
    }

    fn observe(&mut self, now: i64) {
        if let Some(last) = self.last {
            self.forward += u64::from(now > last);
            self.backward += u64::from(now < last);
            self.distance = self.distance.saturating_add(now.abs_diff(last));
        }
        self.last = Some(now);
        let (first, last) = self.range.unwrap_or((now, now));
        self.range = Some((first.min(now), last.max(now)));
    }

    /// Number of steps against the direction of most. A log can be written the newest line first.
    fn against(&self) -> u64 {
        self.forward.min(self.backward)
    }
}

/// The evidence of the dates of one source in one notation for their order.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Evidence {
    orders: [OrderEvidence; 3],
    /// Whether a date can be two.
    ambiguous: bool,
    last: Option<(Numbers, i64, Option<i64>)>,
}

/// The effect of a date on the evidence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Observed {
    /// Whether the order may now be another.
    pub(super) is_new: bool,
    /// The days of the date if no two orders make different ones.
    pub(super) certain_days: Option<i64>,
}

/// An order and the reason for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decision {
    pub(super) order: DateOrder,
    pub(super) reason: DateOrderReason,
}

impl Decision {
    /// Returns the decision where no date tells anything.
    fn usual(notation: Notation) -> Self {
        let order = notation.orders().first().copied().unwrap_or(DateOrder::DayFirst);
        Self { order, reason: DateOrderReason::Custom }
    }
}

/// The evidence of the dates of one source, by their notations. Most sources have no dates of three numbers, and of
/// these nothing is kept.
#[derive(Debug, Clone, Default)]
pub(super) struct EvidenceByNotation(Option<Box<[Evidence; NOTATIONS]>>);

impl EvidenceByNotation {
    /// Returns the evidence of the dates in a notation; `None` if the source has no dates in any.
    pub(super) fn get(&self, notation: Notation) -> Option<&Evidence> {
        self.0.as_ref()?.get(notation.index())
    }

    /// Returns the evidence of the dates in a notation, to add to it.
    pub(super) fn get_mut(&mut self, notation: Notation) -> Option<&mut Evidence> {
        self.0.get_or_insert_default().get_mut(notation.index())
    }

    /// Returns the order of each notation by the evidence so far.
    pub(super) fn decisions(&self) -> [Decision; NOTATIONS] {
        let mut decisions =
            [Decision { order: DateOrder::DayFirst, reason: DateOrderReason::Custom }; NOTATIONS];
        for (decision, notation) in decisions.iter_mut().zip(Notation::all()) {
            *decision = self
                .get(notation)
                .map_or_else(|| Decision::usual(notation), |evidence| evidence.decide(notation));
        }
        decisions
    }
}

impl Evidence {
    /// Takes a date and a time of day, in seconds, into account.
    pub(super) fn observe(&mut self, numbers: Numbers, time_of_day: i64) -> Observed {
        if let Some((last, before, certain_days)) = &mut self.last
            && *last == numbers
        {
            // Within a day no order differs from another.
            for evidence in &mut self.orders {
                evidence.step(time_of_day - *before);
            }
            *before = time_of_day;
            return Observed { is_new: false, certain_days: *certain_days };
        }
        let certain_days = numbers.certain_days();
        self.last = Some((numbers, time_of_day, certain_days));
        let orders = numbers.notation.orders();
        let days = DateOrder::ALL.map(|order| numbers.days(order).filter(|_| orders.contains(&order)));
        let possible = days.iter().flatten().count();
        let otherwise = numbers.readings().next().map(|(_, days)| days);
        self.ambiguous |= certain_days.is_none();
        for (evidence, days) in self.orders.iter_mut().zip(days) {
            evidence.ruled_out |= days.is_none();
            evidence.required |= days.is_some() && possible == 1;
            // Where dates contradict one another, each order has to do with those that it does not allow.
            if let Some(days) = days.or(otherwise) {
                evidence.observe(days * DAY + time_of_day);
            }
        }
        Observed { is_new: true, certain_days }
    }

    /// Whether there is a date of the notation.
    pub(super) const fn has_dates(&self) -> bool {
        self.last.is_some()
    }

    /// Whether a date of the notation can be two.
    pub(super) const fn is_ambiguous(&self) -> bool {
        self.ambiguous
    }

    /// Returns the first and the last time in an order, in seconds.
    pub(super) fn range(&self, order: DateOrder) -> Option<(i64, i64)> {
        self.of(order).range
    }

    /// Whether some dates exist in one order only, and others in another only.
    pub(super) fn is_contradictory(&self) -> bool {
        self.orders.iter().filter(|evidence| evidence.required).count() > 1
    }

    fn of(&self, order: DateOrder) -> &OrderEvidence {
        let [day_first, month_first, year_first] = &self.orders;
        match order {
            DateOrder::DayFirst => day_first,
            DateOrder::MonthFirst => month_first,
            DateOrder::YearFirst => year_first,
        }
    }

    /// Returns the orders that no date rules out, the most usual first; all if none is left.
    pub(super) fn possible(&self, notation: Notation) -> impl Iterator<Item = DateOrder> + Clone {
        let orders = notation.orders();
        let none_left = orders.iter().all(|order| self.of(*order).ruled_out);
        orders.iter().copied().filter(move |order| none_left || !self.of(*order).ruled_out)
    }

    /// Returns the order by the evidence so far.
    pub(super) fn decide(&self, notation: Notation) -> Decision {
        if !self.has_dates() {
            return Decision::usual(notation);
        }
        let possible = self.possible(notation);
        if let Some(order) = only(possible.clone()) {
            return Decision { order, reason: DateOrderReason::Numbers };
        }
        let against = |order| self.of(order).against();
        let backward = |order| self.of(order).backward;
        let steadiest = least(possible, against);
        let forward = least(steadiest.clone(), backward);
        if let Some(order) = only(steadiest).or_else(|| only(forward.clone())) {
            return Decision { order, reason: DateOrderReason::Direction };
        }
        let closest = closest(forward.clone().map(|order| (order, self.of(order).distance)));
        let reason = if closest.is_some() { DateOrderReason::Closer } else { DateOrderReason::Custom };
        let order = closest.or_else(|| forward.clone().next()).unwrap_or(DateOrder::DayFirst);
        Decision { order, reason }
    }
}

/// Returns the only order there is.
fn only(mut orders: impl Iterator<Item = DateOrder>) -> Option<DateOrder> {
    let first = orders.next()?;
    orders.next().is_none().then_some(first)
}

/// Returns the orders of the least cost.
fn least(
    orders: impl Iterator<Item = DateOrder> + Clone,
    cost: impl Fn(DateOrder) -> u64 + Clone,
) -> impl Iterator<Item = DateOrder> + Clone {
    let least = orders.clone().map(&cost).min();
    orders.filter(move |order| Some(cost(*order)) == least)
}

/// Returns the order whose distance is smaller than all others by a factor of [`CLOSER`].
pub(super) fn closest(distances: impl Iterator<Item = (DateOrder, u64)> + Clone) -> Option<DateOrder> {
    let (order, least) = distances.clone().min_by_key(|(_, distance)| *distance)?;
    let clear = distances.filter(|(other, _)| *other != order).all(|(_, d)| d > least.saturating_mul(CLOSER));
    clear.then_some(order)
}
