//! The last date line and the last prefix: the next one mostly differs from them in the time alone.

use super::civil::{Date, DateLine, TimeOfDay, Written};
use super::digits::{byte, fraction, small, time_of_day};
use super::locate;
use super::stamp::Found;

/// Longer lines are not remembered.
const LONGEST: usize = 64;

/// A line that is wholly a date, and the parts that the next one may share.
#[derive(Debug, Clone)]
pub(super) struct LastDate {
    text: Vec<u8>,
    /// The bytes at which the time of day begins, and ends with its fraction.
    from: usize,
    to: usize,
    date: Date,
    afternoon: Option<bool>,
    /// Seconds east of Greenwich, where a zone is written.
    offset: Option<i32>,
}

impl LastDate {
    /// Remembers a line if its time of day is `11:56:35`, perhaps with a fraction, and stands in it once. `offset`
    /// is its zone in seconds east of Greenwich.
    pub(super) fn new(line: DateLine<'_>, offset: Option<i32>) -> Option<Self> {
        let (text, afternoon) = (line.text.as_bytes(), line.afternoon);
        let Written::Civil { date, time, .. } = line.written else { return None };
        let mut places = (0..text.len().min(LONGEST)).filter(|&at| is_time(text, at));
        let from = places.next().filter(|_| text.len() <= LONGEST && places.next().is_none())?;
        let (_, to) = time_of_day(text, from)?;
        let remembered = Self { text: text.to_vec(), from, to, date, afternoon, offset };
        // A time that is taken for another than what was read is better not remembered.
        (remembered.time(text) == Some(time)).then_some(remembered)
    }

    /// Returns date, time and offset of a line that differs from the last one in the time of day alone.
    pub(super) fn repeated(&self, line: &str) -> Option<(Date, TimeOfDay, Option<i32>)> {
        let text = line.as_bytes();
        let same = text.len() == self.text.len()
            && text.get(..self.from) == self.text.get(..self.from)
            && text.get(self.to..) == self.text.get(self.to..);
        if !same || !is_time(text, self.from) {
            return None;
        }
        Some((self.date, self.time(text)?, self.offset))
    }

    /// Returns the time of day in a line of this form.
    fn time(&self, text: &[u8]) -> Option<TimeOfDay> {
        let part = |at: usize| small(text, self.from + at, 2);
        let (nanos, end) =
            if self.to == self.from + 8 { (0, self.to) } else { fraction(text, self.from + 8) };
        let time = TimeOfDay::new(part(0)?, part(3)?, part(6)?, nanos).filter(|_| end == self.to)?;
        match self.afternoon {
            Some(afternoon) => time.twelve_hours(afternoon),
            None => Some(time),
        }
    }
}

/// The text before the last stamp that stands after one.
#[derive(Debug, Clone, Default)]
pub(super) struct LastPrefix {
    text: Vec<u8>,
}

impl LastPrefix {
    /// Remembers the text before a stamp in the common form.
    pub(super) fn remember(&mut self, line: &str, found: &Found<'_>) {
        let is_common = || locate::common_at(line, found.at).as_ref() == Some(found);
        if (1..=LONGEST).contains(&found.at) && is_common() {
            self.text.clear();
            self.text.extend_from_slice(line.as_bytes().get(..found.at).unwrap_or(&[]));
        }
    }

    /// Returns the stamp of a line with the same text before it.
    pub(super) fn stamp<'a>(&self, line: &'a str) -> Option<Found<'a>> {
        if self.text.is_empty() || !line.as_bytes().starts_with(&self.text) {
            return None;
        }
        locate::common_at(line, self.text.len())
    }
}

/// Whether `11:56:35` stands here, and not within more digits and colons.
fn is_time(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).map_or(0, |before| byte(text, before));
    let Some(shape) = text.get(at..at + 8) else { return false };
    let digit = |at: usize| shape[at].is_ascii_digit();
    shape[2] == b':'
        && shape[5] == b':'
        && [0, 1, 3, 4, 6, 7].into_iter().all(digit)
        && !before.is_ascii_digit()
        && before != b':'
        && !byte(text, at + 8).is_ascii_digit()
        && byte(text, at + 8) != b':'
}
