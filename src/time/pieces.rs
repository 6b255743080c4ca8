//! Dates as people and `date` write them: pieces in any order, each recognised by what it is.
//!
//! Every language has its own order of weekday, day, month, year, time and zone, and every version of the C
//! library changed some. So the pieces are not expected in an order; each fills its own slot, and a date is
//! a date if the slots for day, month and time are full and nothing is left over.

use super::calendar::{day_number, is_year};
use super::civil::{Date, DateLine, TimeOfDay, Written, Zone};
use super::date_order::Numbers;
use super::digits::{byte, number, offset, run};
use super::names::{self, Meaning, Name, Word};
use super::zones;

/// The part of a line that has to be a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Extent {
    /// All of it.
    #[default]
    Whole,
    /// Its start; other text may follow.
    Head,
}

/// Reads a date that starts at `start`; returns where it ends.
pub(super) fn read(line: &str, start: usize, extent: Extent) -> Option<(Written<'_>, usize)> {
    fill(Slots { line, text: line.as_bytes(), at: start, extent, ..Slots::default() })
}

/// Reads a line that is wholly a date.
pub(super) fn read_whole(line: &str) -> Option<DateLine<'_>> {
    let slots = Slots { line, text: line.as_bytes(), extent: Extent::Whole, ..Slots::default() };
    let (slots, _) = filled(slots)?;
    let (afternoon, has_time) = (slots.afternoon, slots.time.is_some());
    Some(DateLine { text: line, written: slots.written()?, afternoon, has_time })
}

/// Reads what follows a date and a time that are known: half of the day and zone.
pub(super) fn read_on(line: &str, date: Date, time: TimeOfDay, at: usize) -> Option<(Written<'_>, usize)> {
    let Date::Full(year, month, day) = date else { return None };
    let (year, month, day, time) = (Some(year), Some(month), Some(day), Some(time));
    fill(Slots {
        line,
        text: line.as_bytes(),
        at,
        extent: Extent::Head,
        year,
        month,
        day,
        time,
        ..Slots::default()
    })
}

fn fill(slots: Slots<'_>) -> Option<(Written<'_>, usize)> {
    let (slots, end) = filled(slots)?;
    Some((slots.written()?, end))
}

/// Takes all pieces there are; returns where they end.
fn filled(mut slots: Slots<'_>) -> Option<(Slots<'_>, usize)> {
    let (line, extent) = (slots.line, slots.extent);
    let mut end = slots.at;
    loop {
        slots.skip_gap();
        if slots.at >= line.len() || slots.piece().is_none() {
            break;
        }
        end = slots.at;
    }
    if extent == Extent::Whole && !line.get(end..)?.trim_end_matches(is_gap).is_empty() {
        return None;
    }
    Some((slots, end))
}

pub(super) fn is_gap(letter: char) -> bool {
    letter.is_whitespace() || letter == ','
}

#[derive(Debug, Default)]
pub(super) struct Slots<'a> {
    pub(super) line: &'a str,
    pub(super) text: &'a [u8],
    pub(super) at: usize,
    pub(super) extent: Extent,
    pub(super) year: Option<i16>,
    pub(super) month: Option<i8>,
    /// Names of which one is the month, and another perhaps the weekday.
    pub(super) names: [Option<&'static [Meaning]>; 2],
    pub(super) day: Option<i8>,
    pub(super) numbers: Option<Numbers>,
    pub(super) time: Option<TimeOfDay>,
    pub(super) afternoon: Option<bool>,
    pub(super) zone: Option<Zone<'a>>,
    pub(super) weekday: bool,
    /// A date alone, without a time, is one only in forms that nothing else looks like.
    pub(super) unmistakable: bool,
    /// `2024. 05. 23.`: the numbers after such a year are month and day.
    pub(super) year_before: bool,
    /// `tháng 5`: the next number is the month.
    pub(super) month_follows: bool,
    pub(super) chinese: bool,
}

impl<'a> Slots<'a> {
    fn written(&self) -> Option<Written<'a>> {
        let date = match (self.numbers, self.month.or_else(|| self.named_month()), self.day, self.year) {
            (Some(numbers), ..) => Date::Numbers(numbers),
            (None, Some(month), Some(day), Some(year)) => Date::Full(year, month, day),
            (None, Some(month), Some(day), None) => Date::Yearless(month, day),
            _ => return None,
        };
        let time = match (self.time, self.afternoon) {
            (Some(time), None) => time,
            (Some(time), Some(afternoon)) => time.twelve_hours(afternoon)?,
            (None, None) if self.extent == Extent::Whole && self.unmistakable && self.year.is_some() => {
                TimeOfDay::MIDNIGHT
            }
            (None, _) => return None,
        };
        let zone = self.zone.unwrap_or(Zone::None);
        Some(Written::Civil { date, time, zone, chinese: self.chinese })
    }

    /// Whether day, month and time are known, so that only year, half-day and zone may follow.
    pub(super) fn is_complete(&self) -> bool {
        self.time.is_some() && (self.numbers.is_some() || (self.has_month() && self.day.is_some()))
    }

    /// Whether the month is known, or one of the names is it.
    pub(super) fn has_month(&self) -> bool {
        self.month.is_some() || self.names.iter().flatten().any(|meanings| may_be_month(meanings))
    }

    /// Returns the month among the names. Where a word has several meanings, the one counts that has a language in
    /// common with the other word, then the one whose weekday is that of the date, then the one of the most common
    /// language.
    fn named_month(&self) -> Option<i8> {
        let [first, second] = self.names;
        let pairs = [(first, second), (second, first)];
        let readings = pairs.iter().flat_map(|(month, weekday)| {
            let weekdays = weekday.unwrap_or(&[]);
            month.unwrap_or(&[]).iter().filter_map(move |meaning| {
                let Name::Month(number) = meaning.name else { return None };
                let same = weekdays.iter().filter(|other| matches!(other.name, Name::Weekday(_)));
                let same = same.max_by_key(|other| other.languages & meaning.languages != 0);
                if weekday.is_some() && same.is_none() {
                    return None;
                }
                let common = same.is_some_and(|other| other.languages & meaning.languages != 0);
                let language = meaning.languages.trailing_zeros();
                Some((number, (common, self.is_weekday(number, weekdays), std::cmp::Reverse(language))))
            })
        });
        readings.max_by_key(|(_, rank)| *rank).map(|(number, _)| number)
    }

    /// Whether the date falls on one of the weekdays in a month.
    fn is_weekday(&self, month: i8, weekdays: &[Meaning]) -> bool {
        let days = self.year.zip(self.day).and_then(|(year, day)| day_number(year, month, day));
        let weekday = days.and_then(|days| i8::try_from((days + 4).rem_euclid(7)).ok());
        weekdays.iter().any(|other| weekday.is_some_and(|weekday| other.name == Name::Weekday(weekday)))
    }

    pub(super) fn has_year(&self) -> bool {
        self.year.is_some() || self.numbers.is_some()
    }

    pub(super) fn has_date(&self) -> bool {
        self.numbers.is_some() || self.day.is_some()
    }

    pub(super) fn rest(&self) -> &'a str {
        self.line.get(self.at..).unwrap_or("")
    }

    fn skip_gap(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(is_gap).len();
    }

    /// Takes one piece; `None` (and the position is of no more use) if there is none.
    fn piece(&mut self) -> Option<()> {
        match byte(self.text, self.at) {
            b'0'..=b'9' => self.number_piece(),
            b'+' | b'-' => self.offset_piece(),
            b'(' => {
                // `GMT+0200 (Central European Summer Time)`: the offset is enough.
                if self.zone.is_some() {
                    return self.skip_zone_name();
                }
                self.at += 1;
                self.piece()?;
                (byte(self.text, self.at) == b')').then(|| self.at += 1)
            }
            b'[' => self.zone_name_after_offset(),
            _ => self.word_piece(),
        }
    }

    /// Skips the name of a zone in brackets after its offset.
    fn skip_zone_name(&mut self) -> Option<()> {
        let (inside, _) = self.rest().get(1..)?.split_once(')')?;
        let like_a_name =
            inside.chars().all(|letter| letter.is_alphabetic() || " /_-+0123456789".contains(letter));
        self.at += inside.len() + 2;
        like_a_name.then_some(())
    }

    fn offset_piece(&mut self) -> Option<()> {
        if self.time.is_none() || self.zone.is_some() {
            return None;
        }
        let (offset, end) = offset(self.text, self.at)?;
        // After a stamp `-12` or `+3` counts something; `-0500` does not. In a date line `-03` is a zone's
        // name.
        let digits = end - self.at - 1;
        let surely =
            digits >= 4 || self.extent == Extent::Whole || (!self.has_year() && self.year_follows(end));
        if digits < 2 || !surely {
            return None;
        }
        (self.zone, self.at) = (Some(Zone::Offset(offset)), end);
        Some(())
    }

    /// `[Europe/Berlin]` after an offset (RFC 9557): the offset is enough.
    fn zone_name_after_offset(&mut self) -> Option<()> {
        let inside = self.rest().get(1..)?.split(']').next()?;
        let like_a_name =
            inside.contains('/') && inside.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_-+".contains(&b));
        if !matches!(self.zone, Some(Zone::Offset(_))) || !like_a_name || !self.rest().get(1..)?.contains(']')
        {
            return None;
        }
        self.at += inside.len() + 2;
        Some(())
    }

    fn word_piece(&mut self) -> Option<()> {
        if let Some((word, length, chinese)) = names::unspaced(self.rest()) {
            self.at += length;
            self.chinese |= chinese;
            return self.take_word(word);
        }
        let word = self.word();
        if word.is_empty() {
            return None;
        }
        let before_time = self.extent == Extent::Whole && zones::lookup(word, self.chinese).is_some();
        if (self.time.is_some() || before_time) && self.zone.is_none() && self.zone_word(word).is_some() {
            return Some(());
        }
        self.at += word.len();
        // `a. m.`, `p. m.`: the full stops of Spanish half-days stand apart.
        if matches!(word, "a" | "p") && self.time.is_some() {
            let rest = self.rest();
            let tail = rest.trim_start_matches(['.', ' ', '\u{a0}', '\u{202f}']);
            let tail = tail.strip_prefix('m')?;
            let tail = tail.strip_prefix('.').unwrap_or(tail);
            self.at += rest.len() - tail.len();
            return self.take_word(Word::HalfDay { afternoon: word == "p" });
        }
        // A single letter is a weekday in some languages, and a level in most logs.
        if word.len() == 1 && word.is_ascii() && self.extent == Extent::Head {
            return None;
        }
        let meaning = names::lookup(word)?;
        self.at += usize::from(matches!(byte(self.text, self.at), b'.' | b'\''));
        self.take_word(meaning)
    }

    /// The letters at the position, with the signs that stand inside words (`segunda-feira`, `п'ятниця`,
    /// `a.m`).
    fn word(&self) -> &'a str {
        let rest = self.rest();
        let mut end = 0;
        for (at, letter) in rest.char_indices() {
            let inside = at > 0
                && matches!(letter, '-' | '\'' | '’' | '.')
                && rest.get(at + letter.len_utf8()..).is_some_and(|r| r.starts_with(char::is_alphabetic));
            if !letter.is_alphabetic() && !inside {
                break;
            }
            end = at + letter.len_utf8();
        }
        rest.get(..end).unwrap_or("")
    }

    fn take_word(&mut self, word: Word) -> Option<()> {
        let complete = self.extent == Extent::Head && self.is_complete();
        match word {
            Word::HalfDay { afternoon } => self.afternoon.replace(afternoon).is_none().then_some(()),
            _ if complete => None,
            Word::Name(meanings) => self.take_name(meanings),
            Word::Month(month) if !self.has_month() => {
                self.month = Some(month);
                self.unmistakable = true;
                Some(())
            }
            Word::Weekday if !self.weekday && self.names == [None; 2] => {
                self.weekday = true;
                Some(())
            }
            Word::MonthNumberFollows if !self.has_month() => {
                self.month_follows = true;
                Some(())
            }
            Word::AfterYear if self.has_year() => {
                self.year_before = false;
                Some(())
            }
            Word::Filler if self.extent == Extent::Whole => Some(()),
            Word::Filler => (self.has_date() || self.has_month() || self.weekday).then_some(()),
            Word::Month(_) | Word::Weekday | Word::MonthNumberFollows | Word::AfterYear => None,
        }
    }

    /// Takes a name: of two, one has to be the month and the other the weekday.
    fn take_name(&mut self, meanings: &'static [Meaning]) -> Option<()> {
        let month_is_known = self.month.is_some() || self.numbers.is_some();
        let fits = match self.names {
            [None, None] if month_is_known => may_be_weekday(meanings) && !self.weekday,
            [None, None] => !self.weekday || may_be_month(meanings),
            [Some(first), None] => {
                !month_is_known
                    && !self.weekday
                    && ((may_be_month(first) && may_be_weekday(meanings))
                        || (may_be_weekday(first) && may_be_month(meanings)))
            }
            _ => false,
        };
        let place = self.names.iter_mut().find(|name| name.is_none()).filter(|_| fits)?;
        *place = Some(meanings);
        self.unmistakable |= may_be_month(meanings) && !month_is_known;
        Some(())
    }

    /// A zone word right after the time: `UTC`, `CEST`, `UTC+2`, `GMT-05:00`.
    fn zone_word(&mut self, word: &'a str) -> Option<()> {
        let end = self.at + word.len();
        if matches!(word, "UTC" | "GMT" | "utc") && matches!(byte(self.text, end), b'+' | b'-') {
            let (offset, end) = offset(self.text, end)?;
            (self.zone, self.at) = (Some(Zone::Offset(offset)), end);
            return Some(());
        }
        if byte(self.text, end).is_ascii_alphanumeric() || matches!(byte(self.text, end), b'_' | b'/' | b'=')
        {
            return None;
        }
        let known = zones::lookup(word, self.chinese).is_some();
        let accepted = match self.extent {
            Extent::Whole => known || (zones::may_be_zone(word) && names::lookup(word).is_none()),
            // A host may be called like a zone; where a year follows it is none.
            Extent::Head => {
                known && byte(self.text, end) != b':' && (self.has_year() || self.year_follows(end))
            }
        };
        if !accepted {
            return None;
        }
        (self.zone, self.at) = (Some(Zone::Word(word)), end);
        Some(())
    }

    fn year_follows(&self, at: usize) -> bool {
        byte(self.text, at) == b' '
            && run(self.text, at + 1) == 4
            && number(self.text, at + 1, 4).is_some_and(is_year)
            && !byte(self.text, at + 5).is_ascii_alphanumeric()
    }
}

fn may_be_month(meanings: &[Meaning]) -> bool {
    meanings.iter().any(|meaning| matches!(meaning.name, Name::Month(_)))
}

fn may_be_weekday(meanings: &[Meaning]) -> bool {
    meanings.iter().any(|meaning| matches!(meaning.name, Name::Weekday(_)))
}
