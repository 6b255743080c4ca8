//! Times in logs, in any dress: a line that is a date, and a stamp at the head of a line.
//!
//! A [`Clock`] is made for one source and remembers what the source has told: zones, the order of day and
//! month, the year. So ambiguous forms are read the same way throughout, and what was assumed is said once.

mod civil;
mod digits;
mod head;
mod memory;
mod names;
mod number_pieces;
mod order;
mod pieces;
#[cfg(test)]
mod tests;
mod zones;

use crate::model::Moment;
use civil::{DAY, Date, Reading, TimeOfDay, Yearless, Zone, day_number};
use memory::LastDate;
use order::{Doubtful, Hearing, Order};

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
    /// Zone words met, whether in a Chinese date, and their offsets in seconds.
    words: Vec<(String, bool, i32)>,
    /// Distinct offsets met, in seconds, each with how it was first written.
    offsets: Vec<(i32, String)>,
    met_unzoned: bool,
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
            words: Vec::new(),
            offsets: Vec::new(),
            met_unzoned: false,
            used_yearless: false,
            said: Vec::new(),
            taken: 0,
        }
    }

    /// A clock that has looked through a whole source for the order of day and month, so that `05/06/2024`
    /// in its first line is read by what a later line tells. Without it, what was read before the evidence
    /// stays as it was.
    #[must_use]
    pub fn for_source(text: &str) -> Self {
        Self { orders: order::learn(text), ..Self::new() }
    }

    /// A clock for a source that comes line by line. It reads `05/06/2024` by custom until a date with a number above
    /// 12 tells the order, and hears all dates on the way: [`Self::doubt`] tells which moments may be others, and
    /// [`Self::settled`] which they are once all lines were read. So the first line is read by what the last one tells,
    /// as with [`Self::for_source`], for as many moments as are held.
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
        let line = line.trim();
        // The longest is about 60 bytes; text need not be looked at word by word.
        if line.len() > 100 || !line.bytes().any(|b| b.is_ascii_digit()) || is_stamped_text(line) {
            return None;
        }
        if let Some((seconds, end)) = digits::epoch(line.as_bytes(), 0) {
            return (end == line.len()).then(|| Moment::from_seconds(seconds));
        }
        if let Some(moment) = self.again(line) {
            return Some(moment);
        }
        let (reading, afternoon) = pieces::read_whole(line)?;
        let (moment, east) = self.placed(reading)?;
        self.last = LastDate::new(line, reading, afternoon, east);
        Some(moment)
    }

    /// The moment, if the whole line differs from the last date line that [`Self::date_line`] read in the time of day
    /// alone; `None` says nothing of other lines. A few nanoseconds: most date lines of a report are such.
    pub fn again(&mut self, line: &str) -> Option<Moment> {
        let (date, time, east) = self.last.as_ref()?.again(line)?;
        let local = self.local(date, time)?;
        Some(self.moment_at(local, time, east))
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
        let (reading, end) = located(line)?;
        if !wanted(line.get(end..).unwrap_or("")) {
            return None;
        }
        Some(Stamp { moment: self.moment(reading)?, end })
    }

    /// Whether moments may be shown as calendar dates: false once a time without a year was used.
    #[must_use]
    pub fn has_calendar(&self) -> bool {
        !self.used_yearless
    }

    /// What was assumed since the last call, each once: an unknown or ambiguous zone word, several zones, no
    /// zone beside others that have one, no year, the order of day and month.
    pub fn take_notices(&mut self) -> Vec<String> {
        for (hearing, separator) in self.hearing.unwrap_or_default().iter().zip(order::SEPARATORS) {
            hearing.sentences(separator).into_iter().for_each(|sentence| self.say(sentence));
        }
        if self.offsets.len() > 1 {
            let names: Vec<&str> = self.offsets.iter().map(|(_, name)| name.as_str()).collect();
            self.say(format!("times are in several zones ({}); each was read in its own", names.join(", ")));
        }
        if self.met_unzoned && !self.offsets.is_empty() {
            self.say("some times name no zone and were taken as UTC".to_owned());
        }
        if self.used_yearless {
            self.say("some times have no year: only the time between them is known".to_owned());
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

    /// Turns what was read into a moment, and remembers what it tells; `None` for a day that does not exist.
    fn moment(&mut self, reading: Reading<'_>) -> Option<Moment> {
        self.placed(reading).map(|(moment, _)| moment)
    }

    /// The moment of what was read, and the seconds east of Greenwich of its zone.
    fn placed(&mut self, reading: Reading<'_>) -> Option<(Moment, i32)> {
        self.doubt = None;
        let (date, time, zone, chinese) = match reading {
            Reading::Epoch(seconds) => return Some((Moment::from_seconds(seconds), 0)),
            Reading::Civil { date, time, zone, chinese } => (date, time, zone, chinese),
        };
        let local = self.local(date, time)?;
        let east = self.offset(zone, chinese);
        Some((self.moment_at(local, time, east), east))
    }

    /// The moment of a local time at an offset, in seconds east of Greenwich, and of its other reading.
    fn moment_at(&mut self, local: i64, time: TimeOfDay, east: i32) -> Moment {
        let at = |local: i64| Moment::from_seconds(digits::seconds(local - i64::from(east), time.nanos));
        self.doubt = self.held.take().map(|(slot, otherwise)| Doubt { slot, otherwise: at(otherwise) });
        at(local)
    }

    /// Seconds from 1970-01-01T00:00:00 at the same place.
    fn local(&mut self, date: Date, time: TimeOfDay) -> Option<i64> {
        self.held = None;
        match date {
            Date::Full(year, month, day) => self.full(year, month, day, time),
            Date::Either(first, second, year, separator) => {
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

    /// Seconds east of Greenwich.
    fn offset(&mut self, zone: Zone<'_>, chinese: bool) -> i32 {
        match zone {
            Zone::Unsaid => {
                self.met_unzoned = true;
                0
            }
            Zone::Offset(east) => {
                if !self.offsets.iter().any(|(known, _)| *known == east) {
                    let name = if east == 0 { "UTC".to_owned() } else { zones::offset(east) };
                    self.offsets.push((east, name));
                }
                east
            }
            Zone::Word(word) => self.word_offset(word, chinese),
        }
    }

    fn word_offset(&mut self, word: &str, chinese: bool) -> i32 {
        if let Some((_, _, east)) = self.words.iter().find(|(known, was, _)| known == word && *was == chinese)
        {
            return *east;
        }
        let east = match zones::lookup(word, chinese) {
            Some(zone) => {
                if let Some(also) = zone.also {
                    let taken = zones::offset(zone.seconds);
                    self.say(format!("the zone {word} was taken as {taken}; it can also mean {also}"));
                }
                zone.seconds
            }
            None => {
                self.say(format!("the zone {word} is not known and was taken as UTC"));
                0
            }
        };
        self.words.push((word.to_owned(), chinese, east));
        if !self.offsets.iter().any(|(known, _)| *known == east) {
            self.offsets.push((east, word.to_owned()));
        }
        east
    }
}

/// Whether a line is a stamp in the common form and text behind it, too long to be a zone in some dress.
fn is_stamped_text(line: &str) -> bool {
    const LONGEST_DATE: usize = 48;
    let text = line.as_bytes();
    line.len() > LONGEST_DATE && digits::iso(text, 0).is_some_and(|(.., end)| head::text_follows(text, end))
}

/// What the stamp at the head of a line says, and where it ends.
fn located(line: &str) -> Option<(Reading<'_>, usize)> {
    if let Some((year, month, day, time, end)) = digits::iso(line.as_bytes(), 0)
        && head::text_follows(line.as_bytes(), end)
    {
        let date = Date::Full(year, month, day);
        return Some((Reading::Civil { date, time, zone: Zone::Unsaid, chinese: false }, end));
    }
    head::find(line)
}
