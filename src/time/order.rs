//! Which of two numbers is the day: `05/06/2024`.

use super::civil::{DAY, day_number};
use super::digits::{byte, either, time_of_day};

/// What is known of the order of day and month behind one separator.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Order {
    /// Whether the day comes first, once that is known.
    day_first: Option<bool>,
    /// How it is known.
    reason: Reason,
    /// Whether the whole source was looked through, so that nothing can be learned on the way.
    learned: bool,
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
            && !self.learned
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

/// How far into a line a date is looked for.
const WINDOW: usize = 48;

/// Finds out from a whole source, for each of `.`, `/` and `-`, which number is the day.
pub(super) fn learn(source: &str) -> [Order; 3] {
    let mut evidence = [Evidence::default(); 3];
    for line in source.lines() {
        let text = line.as_bytes();
        if let Some((first, second, year, separator, end)) = first_date(text) {
            let seconds =
                (0..4).find_map(|gap| time_of_day(text, end + gap)).map_or(0, |(time, _)| time.seconds());
            if let Some(evidence) = slot(separator).and_then(|slot| evidence.get_mut(slot)) {
                evidence.hear(first, second, both(first, second, year, seconds));
            }
        }
    }
    let [dot, slash, dash] = evidence;
    let custom = SEPARATORS.map(day_first_by_custom);
    [dot.order(custom[0]), slash.order(custom[1]), dash.order(custom[2])]
}

/// The separators of which an order is known, each by itself.
pub(super) const SEPARATORS: [u8; 3] = *b"./-";

/// The place of a separator among the orders.
pub(super) fn slot(separator: u8) -> Option<usize> {
    SEPARATORS.iter().position(|known| *known == separator)
}

fn first_date(text: &[u8]) -> Option<(i8, i8, i16, u8, usize)> {
    let window = text.get(..WINDOW.min(text.len()))?;
    let mut from = 0;
    while let Some(found) = window.get(from..)?.iter().position(|b| matches!(b, b'.' | b'/' | b'-')) {
        let separator = from + found;
        let digits = window.get(..separator)?.iter().rev().take_while(|b| b.is_ascii_digit()).count();
        let start = separator - digits;
        let bounded = start == 0 || !matches!(byte(text, start - 1), b'.' | b'/' | b'-' | b'_');
        if (1..=2).contains(&digits)
            && bounded
            && let Some(date) = either(text, start)
        {
            return Some(date);
        }
        from = separator + 1;
    }
    None
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
        let known =
            |day_first, reason| Order { day_first: Some(day_first), reason, learned: true, last: None };
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
