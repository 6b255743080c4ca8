//! The pieces of a date that begin with a digit.

use super::calendar::{day_number, is_year};
use super::civil::TimeOfDay;
use super::compact::{numbers, time_after};
use super::digits::{byte, fraction, number, run, small, time_of_day, zone_close_by};
use super::names;
use super::pieces::{Extent, Slots, is_gap};

impl Slots<'_> {
    /// Takes a piece that begins with a digit; `None` if it fits nowhere.
    pub(super) fn number_piece(&mut self) -> Option<()> {
        let (at, digits) = (self.at, run(self.text, self.at));
        let next = byte(self.text, at + digits);
        if let Some((time, end)) = time_of_day(self.text, at) {
            return self.take_time(time, end);
        }
        if let Some((year, month, day, end)) = self.year_first(at, digits) {
            self.unmistakable = next == b'-';
            self.at = end;
            return self.take_date(year, month, day);
        }
        if let Some((numbers, end)) = numbers(self.text, at) {
            if self.has_date() || self.month.is_some() || self.month_follows || self.has_year() {
                return None;
            }
            (self.numbers, self.at) = (Some(numbers), end);
            // Croats write a full stop after the year.
            self.at += usize::from(byte(self.text, end) == b'.' && byte(self.text, end + 1) == b' ');
            return self.skip_time_letter();
        }
        if digits == 8 {
            return self.packed(at);
        }
        if let Some(unit) = self.rest().get(digits..).and_then(|rest| rest.chars().next())
            && !unit.is_ascii()
            && !is_gap(unit)
        {
            return self.counted(at, digits, unit);
        }
        if let Some((time, end)) = self.dotted_time(at) {
            return self.take_time(time, end);
        }
        match (digits, next) {
            // `23/May/2024:11:56:35`, `23-May-2024 11:56:35`
            (1..=2, b'/' | b'-') if byte(self.text, at + digits + 1).is_ascii_alphabetic() => {
                self.joined_by(at, digits, next)
            }
            (4, _) => self.plain_year(at),
            (1..=2, _) => self.plain_day(at, digits),
            _ => None,
        }
    }

    fn take_time(&mut self, time: TimeOfDay, end: usize) -> Option<()> {
        if self.time.replace(time).is_some() {
            return None;
        }
        self.at = end;
        if let Some((zone, end)) = zone_close_by(self.text, end) {
            self.zone = Some(zone);
            self.at = end;
        }
        Some(())
    }

    fn take_date(&mut self, year: i16, month: i8, day: i8) -> Option<()> {
        if self.has_date() || self.month.is_some() || self.month_follows || self.has_year() {
            return None;
        }
        (self.year, self.month, self.day) = (Some(year), Some(month), Some(day));
        day_number(year, month, day)?;
        self.skip_time_letter()
    }

    /// Skips the sign between date and time: `T`, `_`, `::`, and `-` where digits follow.
    fn skip_time_letter(&mut self) -> Option<()> {
        if self.rest().starts_with("::") || self.rest().starts_with("][") {
            self.at += 2;
            return Some(());
        }
        let between = matches!(byte(self.text, self.at), b'T' | b't' | b'_' | b'-' | b':');
        self.at += usize::from(between && byte(self.text, self.at + 1).is_ascii_digit());
        Some(())
    }

    /// `2024-05-23`, `2024/5/23`, `2024.05.23`, and where it ends.
    fn year_first(&self, at: usize, digits: usize) -> Option<(i16, i8, i8, usize)> {
        let separator = byte(self.text, at + 4);
        let month = run(self.text, at + 5);
        let day = run(self.text, at + 6 + month);
        let shape = digits == 4
            && matches!(separator, b'-' | b'/' | b'.')
            && (1..=2).contains(&month)
            && (1..=2).contains(&day)
            && byte(self.text, at + 5 + month) == separator;
        let year = number(self.text, at, 4).filter(|year| shape && is_year(*year))?;
        let numbers = (small(self.text, at + 5, month)?, small(self.text, at + 6 + month, day)?);
        Some((i16::try_from(year).ok()?, numbers.0, numbers.1, at + 6 + month + day))
    }

    /// `20240523` and, right after a letter, `115635`.
    fn packed(&mut self, at: usize) -> Option<()> {
        let year = i16::try_from(number(self.text, at, 4)?).ok()?;
        self.at = at + 8;
        self.take_date(year, small(self.text, at + 4, 2)?, small(self.text, at + 6, 2)?)?;
        self.at += usize::from(byte(self.text, self.at) == b' ');
        let at = self.at;
        if run(self.text, at) != 6 {
            return Some(());
        }
        let (nanos, end) = fraction(self.text, at + 6);
        let (hour, minute, second) =
            (small(self.text, at, 2)?, small(self.text, at + 2, 2)?, small(self.text, at + 4, 2)?);
        self.take_time(TimeOfDay::new(hour, minute, second, nanos)?, end)
    }

    /// A number with its East Asian unit: `2024年`, `5月`, `19時`.
    fn counted(&mut self, at: usize, digits: usize, unit: char) -> Option<()> {
        self.at = at + digits + unit.len_utf8();
        let value = number(self.text, at, digits)?;
        let part = i8::try_from(value).ok();
        let mut time = self.time.unwrap_or(TimeOfDay::MIDNIGHT);
        match unit {
            '年' | '년' if self.year.is_none() && is_year(value) => {
                self.year = i16::try_from(value).ok();
                self.unmistakable = true;
                return Some(());
            }
            '月' | '월' if self.month.is_none() => self.month = part,
            '日' | '일' | '号' | '號' if self.day.is_none() => self.day = part,
            '時' | '时' | '시' if self.time.is_none() => {
                time.hour = part?;
                self.time = Some(time);
            }
            '分' | '분' => {
                time.minute = part?;
                self.time = Some(time);
            }
            '秒' | '초' => {
                time.second = part?;
                self.time = Some(time);
            }
            _ => return None,
        }
        TimeOfDay::new(time.hour, time.minute, time.second, time.nanos).map(|_| ())
    }

    /// `11.56.35`, as Finns and Danes write it; only after a date, for it is also a version number.
    fn dotted_time(&self, at: usize) -> Option<(TimeOfDay, usize)> {
        let hours = run(self.text, at);
        let shape = self.extent == Extent::Whole
            && self.has_date()
            && self.time.is_none()
            && (1..=2).contains(&hours)
            && byte(self.text, at + hours) == b'.'
            && run(self.text, at + hours + 1) == 2
            && byte(self.text, at + hours + 3) == b'.'
            && run(self.text, at + hours + 4) == 2
            && byte(self.text, at + hours + 6) != b'.';
        if !shape {
            return None;
        }
        let part = |from, count| small(self.text, from, count);
        let time = TimeOfDay::new(part(at, hours)?, part(at + hours + 1, 2)?, part(at + hours + 4, 2)?, 0)?;
        Some((time, at + hours + 6))
    }

    /// Day, name of the month and year, joined by one sign.
    fn joined_by(&mut self, at: usize, digits: usize, sign: u8) -> Option<()> {
        if self.has_date() || self.has_year() {
            return None;
        }
        let day = small(self.text, at, digits)?;
        let start = at + digits + 1;
        let name = self.line.get(start..)?.split(char::from(sign)).next()?;
        let month = names::month(name)?;
        let year_at = start + name.len() + 1;
        let digits = run(self.text, year_at);
        let year = i16::try_from(number(self.text, year_at, digits.min(4))?).ok()?;
        self.at = year_at + digits;
        self.unmistakable = true;
        let year = match digits {
            4 => year,
            // `Monday, 06-May-24 07:00:00 GMT`
            2 => time_after(self.text, self.at).map(|_| 2000 + year)?,
            _ => return None,
        };
        self.take_date(year, month, day)
    }

    fn plain_year(&mut self, at: usize) -> Option<()> {
        let next = byte(self.text, at + 4);
        let year = number(self.text, at, 4).filter(|year| is_year(*year))?;
        let dotted = next == b'.' && !byte(self.text, at + 5).is_ascii_digit();
        let ends = dotted || !(next.is_ascii_alphanumeric() || matches!(next, b'.' | b'-' | b'/' | b'_'));
        if !ends || self.numbers.is_some() || self.year.replace(i16::try_from(year).ok()?).is_some() {
            return None;
        }
        self.year_before = dotted && !self.has_month();
        self.at = at + 4 + usize::from(dotted);
        Some(())
    }

    fn plain_day(&mut self, at: usize, digits: usize) -> Option<()> {
        if self.is_complete() {
            return None;
        }
        let end = at + digits;
        let dotted = byte(self.text, end) == b'.' && !byte(self.text, end + 1).is_ascii_digit();
        let ordinal = ["st", "nd", "rd", "th"].iter().any(|ending| {
            self.line.get(end..end + 2) == Some(*ending) && !byte(self.text, end + 2).is_ascii_alphanumeric()
        });
        let next = byte(self.text, end);
        let ends = dotted || ordinal || matches!(next, 0 | b' ' | b'\t' | b',') || next >= 0x80;
        let is_month = self.month_follows || (self.year_before && !self.has_month());
        self.month_follows = false;
        let slot = if is_month { &mut self.month } else { &mut self.day };
        if !ends || slot.replace(small(self.text, at, digits)?).is_some() {
            return None;
        }
        self.at = end + usize::from(dotted) + 2 * usize::from(ordinal);
        Some(())
    }
}
