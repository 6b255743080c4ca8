//! The parser of times that the formats use until the dispatcher owns [`Timestamps`](super::Timestamps).
//!
//! A [`Clock`] is made for one source and remembers what the source has told: zones, the order of day and
//! month, the year. So ambiguous forms are read the same way throughout, and what was assumed is said once.

use super::civil::{DAY, Date, NANOS, TimeOfDay, Written, day_number};
use super::clock_order::{self as order, Doubtful, Hearing, Order, Yearless};
use super::last_date::LastDate;
use super::locate;
use super::notice::TimeNotice;
use super::raw_stamp::seconds;
use super::zones::ZoneLog;
use crate::model::Moment;

/// A time stamp at the head of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stamp {
    /// The time it tells.
    pub moment: Moment,
    /// How many bytes of the line it takes up with what stands before it: the rest begins here, always at a
    /// character boundary. Of a JSON line whose first field is not the time only the brace is taken up.
    pub end: usize,
}

/// What a moment is in truth, if `05/06/2024` proves to be the other of two days: see [`Clock::for_stream`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Doubt {
    /// The place of the date's separator among those known.
    slot: usize,
    otherwise: Moment,
}

/// Reads the times of one source.
#[derive(Debug, Clone)]
pub struct Clock {
    /// The last calendar day and its number: a log has few days and many lines.
    day: ((i16, i8, i8), i64),
    yearless: Yearless,
    /// The last time with a year; what times without one are placed by.
    anchor: Option<(i16, i64)>,
    orders: [Order; 3],
    /// What is heard of them on the way, where the source is a stream.
    hearing: Option<[Hearing; 3]>,
    /// The other reading of the last time, if there is one: the separator's place, and local seconds.
    held: Option<(usize, i64)>,
    doubt: Option<Doubt>,
    /// The last line that was wholly a date.
    last: Option<LastDate>,
    zones: ZoneLog,
    used_yearless: bool,
    /// All that was to be said, and how much of it was taken.
    said: Vec<String>,
    taken: usize,
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock {
    /// A clock that knows nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            day: ((1970, 1, 1), 0),
            yearless: Yearless::new(),
            anchor: None,
            orders: [Order::default(); 3],
            hearing: None,
            held: None,
            doubt: None,
            last: None,
            zones: ZoneLog::default(),
            used_yearless: false,
            said: Vec::new(),
            taken: 0,
        }
    }

    /// A clock for a source that comes line by line. It reads `05/06/2024` by custom until a date with a number above
    /// 12 tells the order, and hears all dates on the way: [`Self::doubt`] tells which moments may be others, and
    /// [`Self::settled`] which they are once all lines were read. So the first line is read by what the last one tells.
    #[must_use]
    pub fn for_stream() -> Self {
        Self { hearing: Some([Hearing::default(); 3]), ..Self::new() }
    }

    /// Whether the moment that was read last may be another, and which; only of a clock for a stream.
    pub fn doubt(&mut self) -> Option<Doubt> {
        self.doubt.take()
    }

    /// What a doubtful moment is in truth, by all that was read; `None` if it is as it was read.
    #[must_use]
    pub fn settled(&self, doubt: Doubt) -> Option<Moment> {
        let hearing = self.hearing.as_ref()?.get(doubt.slot)?;
        let separator = order::SEPARATORS.get(doubt.slot)?;
        hearing.custom_was_wrong(*separator).then_some(doubt.otherwise)
    }

    /// The moment, if the whole line (trimmed) is a date and nothing else: what `date` prints in any of its
    /// forms and many languages, an ISO or numeric date with a time, seconds since 1970.
    ///
    /// A time without zone is taken as UTC; a date without time only in forms that nothing else looks like.
    pub fn date_line(&mut self, line: &str) -> Option<Moment> {
        self.doubt = None;
        if let Some(moment) = self.again(line.trim()) {
            return Some(moment);
        }
        let date = locate::date_line(line)?;
        let (moment, offset) = self.placed(date.written)?;
        self.last = LastDate::new(date, offset);
        Some(moment)
    }

    /// The moment, if the whole line differs from the last date line that [`Self::date_line`] read in the time of day
    /// alone; `None` says nothing of other lines. A few nanoseconds: most date lines of a report are such.
    pub fn again(&mut self, line: &str) -> Option<Moment> {
        let (date, time, offset) = self.last.as_ref()?.repeated(line)?;
        let local = self.local(date, time)?;
        Some(self.moment_at(local, time, offset.unwrap_or(0)))
    }

    /// Forgets the form of the last date line, so that the next is read in full.
    #[cfg(test)]
    pub(crate) fn forget(&mut self) {
        self.last = None;
    }

    /// The time stamp at the head of a log line, after at most a few prefix characters: `[`, `{"ts": "`,
    /// `<6>`, `# `, `> `, a level, a container's name. A second stamp right behind the first is taken up
    /// with it.
    pub fn stamp(&mut self, line: &str) -> Option<Stamp> {
        self.stamp_before(line, |_| true)
    }

    /// The time stamp at the head of a line whose rest is as wanted; a line with another rest leaves no trace.
    pub fn stamp_before(&mut self, line: &str, wanted: impl FnOnce(&str) -> bool) -> Option<Stamp> {
        let found = locate::stamp(line)?;
        if !wanted(line.get(found.end..).unwrap_or("")) {
            return None;
        }
        let (moment, _) = self.placed(found.written)?;
        Some(Stamp { moment, end: found.end })
    }

    /// Whether moments may be shown as calendar dates: false once a time without a year was used.
    #[must_use]
    pub fn has_calendar(&self) -> bool {
        !self.used_yearless
    }

    /// What was assumed since the last call, each once: an unknown or ambiguous zone word, several zones, no
    /// zone beside others that have one, no year, the order of day and month.
    pub fn take_notices(&mut self) -> Vec<String> {
        let mut zones: Vec<TimeNotice> =
            self.zones.unknown().iter().cloned().map(TimeNotice::UnknownZone).collect();
        zones.extend(self.zones.ambiguous().iter().filter_map(|(word, zone)| {
            Some(TimeNotice::AmbiguousZone { word: word.clone(), offset: zone.seconds, also: zone.also? })
        }));
        zones.into_iter().for_each(|notice| self.say(notice.to_string()));
        for (hearing, separator) in self.hearing.unwrap_or_default().iter().zip(order::SEPARATORS) {
            hearing.sentences(separator).into_iter().for_each(|sentence| self.say(sentence));
        }
        if let Some(zones) = self.zones.several() {
            self.say(TimeNotice::SeveralZones(zones).to_string());
        }
        if self.zones.is_partly_unzoned() {
            self.say(TimeNotice::UnzonedBesideZoned.to_string());
        }
        if self.used_yearless {
            self.say(TimeNotice::NoYear.to_string());
        }
        let fresh = self.said.get(self.taken..).unwrap_or_default().to_vec();
        self.taken = self.said.len();
        fresh
    }

    fn say(&mut self, sentence: String) {
        if !self.said.contains(&sentence) {
            self.said.push(sentence);
        }
    }

    /// The moment of what was read, and the seconds east of Greenwich of its zone; `None` for a day that does not exist.
    fn placed(&mut self, written: Written<'_>) -> Option<(Moment, Option<i32>)> {
        self.doubt = None;
        let (date, time, zone, chinese) = match written {
            Written::Epoch(nanos) => return Some((Moment::from_seconds(seconds(nanos)), None)),
            Written::Civil { date, time, zone, chinese } => (date, time, zone, chinese),
        };
        let local = self.local(date, time)?;
        let offset = self.zones.offset(zone, chinese);
        Some((self.moment_at(local, time, offset.unwrap_or(0)), offset))
    }

    /// The moment of a local time at an offset, in seconds east of Greenwich, and of its other reading.
    fn moment_at(&mut self, local: i64, time: TimeOfDay, east: i32) -> Moment {
        let at = |local: i64| {
            Moment::from_seconds(seconds((local - i64::from(east)) * NANOS + i64::from(time.nanos)))
        };
        self.doubt = self.held.take().map(|(slot, otherwise)| Doubt { slot, otherwise: at(otherwise) });
        at(local)
    }

    /// Seconds from 1970-01-01T00:00:00 at the same place.
    fn local(&mut self, date: Date, time: TimeOfDay) -> Option<i64> {
        self.held = None;
        match date {
            Date::Full(year, month, day) => self.full(year, month, day, time),
            Date::Numbers(numbers) => {
                let (first, second, year, separator) = numbers.with_long_year()?;
                let slot = order::slot(separator)?;
                let order = self.orders.get_mut(slot)?;
                let hearing = self.hearing.as_mut().and_then(|hearing| hearing.get_mut(slot));
                let doubtful =
                    hearing.and_then(|h| h.hear(order, (first, second, year, separator), time.seconds()));
                if let Some(Doubtful { day, month, otherwise }) = doubtful {
                    self.held = otherwise.map(|seconds| (slot, seconds));
                    return self.full(year, month, day, time);
                }
                let (day, month, sentence) = order.decide((first, second, year, separator), time.seconds());
                if let Some(sentence) = sentence {
                    self.say(sentence);
                }
                self.full(year, month, day, time)
            }
            Date::Yearless(month, day) => {
                if let Some((year, seconds)) = self.anchor.take() {
                    self.yearless.learn(year, seconds);
                }
                let seconds = self.yearless.place(month, day, time)?;
                self.used_yearless = true;
                Some(seconds)
            }
        }
    }

    fn full(&mut self, year: i16, month: i8, day: i8, time: TimeOfDay) -> Option<i64> {
        if self.day.0 != (year, month, day) {
            self.day = ((year, month, day), day_number(year, month, day)?);
        }
        let seconds = self.day.1 * DAY + time.seconds();
        self.anchor = Some((year, seconds));
        Some(seconds)
    }
}
