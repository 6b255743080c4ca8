//! Notations of time.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use super::recording::Recording;

/// A notation of time.
///
/// Its two templates are those of `strftime`, in which `{}` is the record, `{us}` microseconds since 1970, `{elapsed}`
/// seconds since the program started, and `{app}` and `{pid}` name the program.
#[derive(Clone, Copy)]
pub struct Stamp {
    /// The part of a time that is written.
    pub base: Base,
    /// Hours east of Greenwich.
    pub zone: i8,
    /// A line of its own above the records of a moment; empty where nobody writes that.
    pub above: &'static str,
    /// A line with a record; empty where nobody writes that.
    pub head: &'static str,
}

/// The part of a time that a notation writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// A date and a time of day.
    Dated,
    /// A date in which one of two numbers is the month, and a time of day.
    DayOrMonthFirst,
    /// Month, day and time of day.
    Yearless,
    /// The time of day.
    Clock,
    /// Seconds since the program started.
    Elapsed,
    /// Nothing.
    Untimed,
}

const fn dated(above: &'static str, head: &'static str) -> Stamp {
    Stamp { base: Base::Dated, zone: 0, above, head }
}

const fn east(zone: i8, above: &'static str, head: &'static str) -> Stamp {
    Stamp { base: Base::Dated, zone, above, head }
}

const fn less(base: Base, above: &'static str, head: &'static str) -> Stamp {
    Stamp { base, zone: 0, above, head }
}

/// The notation that the others are held against.
pub const ISO: Stamp = dated("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%SZ INFO {app} {}");
/// No time at all.
pub const UNTIMED: Stamp = less(Base::Untimed, "", "{}");
/// A date with the day first.
pub const DAY_FIRST: Stamp =
    less(Base::DayOrMonthFirst, "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S INFO {app} {}");
/// A date with the month first.
pub const MONTH_FIRST: Stamp =
    less(Base::DayOrMonthFirst, "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S INFO {app} {}");

/// Notations that hold a date and a time of day, the plainest first.
pub const DATED: &[Stamp] = &[
    ISO,
    dated("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S INFO {app} {}"),
    dated("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S INFO {app} {}"),
    dated("%Y-%m-%d %H:%M:%S.000", "%Y-%m-%d %H:%M:%S,000 INFO {app} {}"),
    east(2, "%Y-%m-%dT%H:%M:%S+02:00", "%Y-%m-%dT%H:%M:%S+02:00 INFO {app} {}"),
    dated("%Y%m%dT%H%M%SZ", "%Y%m%dT%H%M%SZ {}"),
    dated("%Y-%m-%d_%H-%M-%S", "%Y-%m-%d_%H-%M-%S {}"),
    dated("%a %b %e %H:%M:%S UTC %Y", "%a %b %e %H:%M:%S UTC %Y {}"),
    east(2, "%a %b %e %H:%M:%S CEST %Y", "%a %b %e %H:%M:%S CEST %Y {}"),
    dated("%a, %d %b %Y %H:%M:%S +0000", "%a, %d %b %Y %H:%M:%S +0000 {}"),
    dated("%s", "%s {}"),
    dated("@%s", ""),
    dated("", r#"{"ts": %s000, "msg": "{}"}"#),
    dated("", r#"{"ts": "%Y-%m-%dT%H:%M:%SZ", "level": "info", "msg": "{}"}"#),
    dated("", r#"{"__REALTIME_TIMESTAMP":"{us}","_PID":"{pid}","MESSAGE":"{}"}"#),
    dated("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M:%S [info] {pid}#{pid}: {}"),
    dated("[%d/%b/%Y:%H:%M:%S +0000]", "[%d/%b/%Y:%H:%M:%S +0000] {}"),
    dated("", "[%Y-%m-%d %H:%M:%S +0000] [{pid}] [INFO] {}"),
    dated("", "[I %y%m%d %H:%M:%S {app}:42] {}"),
    dated("", "[I %Y-%m-%d %H:%M:%S.000 {app}] {}"),
    dated("", "I%Y%m%d %H:%M:%S.000000    {pid} {app}.cc:42] {}"),
    dated("", "%Y-%m-%dT%H:%M:%S.000000000Z stdout F {}"),
    dated("%Y-%b-%d %H:%M:%S", "%Y-%b-%d %H:%M:%S {}"),
    dated("", "[pod/{app}-7d9f/app] %Y-%m-%dT%H:%M:%S.000Z {}"),
    less(Base::Dated, "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S {}").in_numbers(),
    DAY_FIRST,
    MONTH_FIRST,
];

/// Notations without a date.
pub const LESS: &[Stamp] = &[
    less(Base::Yearless, "%b %e %H:%M:%S", "%b %e %H:%M:%S host {app}[{pid}]: {}"),
    less(Base::Yearless, "", "I%m%d %H:%M:%S.000000      {pid} {app}.go:42] {}"),
    less(Base::Yearless, "", "%m-%d %H:%M:%S.000    {pid}    {pid} I {app}: {}"),
    less(Base::Clock, "%H:%M:%S", "%H:%M:%S {}"),
    less(Base::Clock, "%H:%M:%SZ", "%H:%M:%SZ {}"),
    less(Base::Clock, "", "%H:%M:%S.000 INFO {app} {}"),
    less(Base::Elapsed, "", "[{elapsed}.000000] {}"),
    less(Base::Elapsed, "{elapsed}s", "{elapsed}s {}"),
];

impl std::fmt::Debug for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?} {:?}", self.base, self.above, self.head)
    }
}

impl Stamp {
    const fn in_numbers(mut self) -> Self {
        self.base = Base::DayOrMonthFirst;
        self
    }

    /// Whether durations of this recording follow from its times in this notation.
    ///
    /// A clock holds less than half a day between two moments. Without a year nobody knows whether 29 February lies
    /// between 28 February and 1 March, unless it is written.
    pub fn decides(&self, recording: &Recording) -> bool {
        let dates: Vec<Date> = self.dates(recording);
        let leap = dates.iter().any(|date| (date.month(), date.day()) == (2, 29));
        match self.base {
            Base::Clock => recording.period < 12 * 3600,
            Base::Yearless => leap || !dates.windows(2).any(|d| (d[0].month(), d[1].month()) == (2, 3)),
            _ => true,
        }
    }

    /// Whether the dates of this recording follow from its times in this notation.
    ///
    /// Two numbers up to twelve are settled by a second date, which is a month away in the other order.
    pub fn decides_dates(&self, recording: &Recording) -> bool {
        let dates = self.dates(recording);
        match self.base {
            Base::Dated => true,
            Base::DayOrMonthFirst => {
                dates.first() != dates.last()
                    || dates.iter().any(|date| date.day() > 12 || date.day() == date.month())
            }
            _ => false,
        }
    }

    fn dates(&self, recording: &Recording) -> Vec<Date> {
        recording.times().map(|time| zoned(time, self.zone).date()).collect()
    }

    /// The line above the records of a moment.
    pub fn line_above(&self, recording: &Recording, moment: usize) -> String {
        fill(self.above, recording, moment, self.zone)
    }

    /// A line with a record.
    pub fn line(&self, recording: &Recording, moment: usize, record: &str) -> String {
        let (app, pid) = recording.app.process();
        let template =
            fill(self.head, recording, moment, self.zone).replace("{app}", app).replace("{pid}", pid);
        with_record(&template, record)
    }
}

/// A template with its times.
pub fn fill(template: &str, recording: &Recording, moment: usize, zone: i8) -> String {
    let time = recording.time(moment);
    // Since a start of the program that is no moment of the recording.
    let elapsed = 160 + time - recording.start;
    let text = zoned(time, zone).strftime(template).to_string();
    text.replace("{us}", &format!("{time}000000")).replace("{elapsed}", &elapsed.to_string())
}

/// A template with its record, escaped where that is in quotation marks.
pub fn with_record(template: &str, record: &str) -> String {
    if template.contains("\"{}\"") {
        let quoted = serde_json::to_string(record).unwrap();
        template.replace("\"{}\"", &quoted)
    } else {
        template.replace("{}", record)
    }
}

fn zoned(seconds: i64, zone: i8) -> jiff::Zoned {
    let offset = Offset::from_hours(zone).unwrap();
    Timestamp::from_second(seconds).unwrap().to_zoned(TimeZone::fixed(offset))
}

/// The year of a time.
pub fn year(seconds: i64) -> i16 {
    zoned(seconds, 0).year()
}
