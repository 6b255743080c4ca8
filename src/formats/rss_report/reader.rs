//! Lines to samples: where one sample ends and the next begins, when it was, and what may name it.

use super::current::Current;
use super::lines::{self, Before, Command};
use super::naming;
use super::samples::{Kind, Naming, Samples};
use super::values::{self, Found};
use crate::error::Notice;
use crate::formats::Parsed;
use crate::model::{Metric, Moment};
use crate::time::{Clock, Doubt};

/// Notices on single lines that are kept; a broken report of a million lines needs no million sentences.
const MOST_NOTICES: u64 = 100;

/// Stamps of the lines of one sample may differ by so much, in seconds.
const ONE_SAMPLE: f64 = 2.0;

/// A sample that may get more values.
#[derive(Debug)]
struct Open {
    kind: Kind,
    at: Option<Time>,
    tick: u64,
    line: u64,
}

/// When a sample was taken, and what that is if day and month prove to stand in the other order.
#[derive(Debug, Clone, Copy)]
struct Time {
    moment: Moment,
    doubt: Option<Doubt>,
}

/// Reads the lines of one report, one after the other.
#[derive(Debug)]
pub struct Reader {
    clock: Clock,
    samples: Samples,
    /// Samples whose day and month may stand in the other order, by their place.
    doubts: Vec<(u32, Doubt)>,
    open: Option<Open>,
    /// The values of the open sample; none are there without one.
    values: Vec<(Metric, u64)>,
    current: Current,
    /// A heading that no sample has taken yet.
    heading: Option<lines::Heading>,
    /// The time of the last date line, and how many there were.
    date: Option<Time>,
    tick: u64,
    /// Whether the last date line has no values yet, and how many never got any.
    date_waits: bool,
    dates_without_values: u64,
    /// The last line without value that may have a stamp, for values that have none; empty if there is none.
    stamped: String,
    /// Where the last mapping of `smaps` began.
    mapping: Option<u64>,
    notices: Vec<Notice>,
    unreadable: u64,
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

impl Reader {
    /// A reader that has seen no line yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            clock: Clock::for_stream(),
            samples: Samples::default(),
            doubts: Vec::new(),
            open: None,
            values: Vec::with_capacity(Metric::ALL.len()),
            current: Current::default(),
            heading: None,
            date: None,
            tick: 0,
            date_waits: false,
            dates_without_values: 0,
            stamped: String::new(),
            mapping: None,
            notices: Vec::new(),
            unreadable: 0,
        }
    }

    /// Whether a line can hold a value such as `RssAnon:  941804 kB`, also behind other text. Cheap: most lines
    /// are refused by a look at their capital letters.
    #[must_use]
    pub fn is_record(line: &str) -> bool {
        values::may_hold_key(line) && values::values(line).any(|found| found.bytes.is_ok())
    }

    /// Takes a line (without its newline) that is nothing but a value, as the kernel writes it; says whether it was
    /// one. What it refuses is for [`Self::read`], which would have read this line in the same way.
    pub fn takes(&mut self, line: &str, number: u64) -> bool {
        let Some((metric, bytes)) = values::bare(line) else { return false };
        self.value(metric, bytes, number, &Naming::Unnamed, None);
        true
    }

    /// Takes a line (without its newline) that differs from the last date line in the time of day alone; says whether it
    /// was one.
    pub fn takes_date(&mut self, line: &str) -> bool {
        let again = self.clock.again(line.trim_end_matches('\r'));
        again.into_iter().for_each(|moment| self.tick(moment));
        again.is_some()
    }

    /// Reads a line (without its newline), whatever it is; `ended` is false for a last line that no newline follows,
    /// which may be cut.
    pub fn read(&mut self, line: &str, number: u64, ended: bool) {
        if ended && self.takes_date(line) {
            return;
        }
        let line = line.trim_end_matches('\r');
        if values::may_hold_key(line) {
            let mut found = values::values(line).peekable();
            if let Some(start) = found.peek().map(|first| first.start) {
                return self.value_line(line, number, !ended, start, found);
            }
        }
        let text = lines::unquoted(line);
        if text.is_empty() {
            return;
        }
        if let Some((from, rollup)) = lines::mapping(text) {
            return self.mapping(from, rollup);
        }
        // A cut date is no date, and a whole one at the end has no values.
        if ended && self.date_line(line, text) {
            return;
        }
        let typed = lines::behind_prompt(text);
        if let Some(file) = lines::file_heading(text) {
            self.close();
            let pid = lines::pid_in(file);
            let name =
                pid.map_or_else(|| file.rsplit('/').next().unwrap_or(file).to_owned(), |pid| pid.to_string());
            self.current = Current { name: Some(name), pid, ..Current::default() };
        } else if let Some(command) = lines::command(text, typed) {
            self.command(command);
        } else if self.status_key(text) || lines::is_prompt(text, typed) {
        } else if let Some(heading) = lines::heading(line) {
            self.close();
            self.heading = Some(heading);
        } else if self.tick == 0 {
            self.stamped.clear();
            self.stamped.push_str(line);
        }
    }

    /// Forgets the form of the last date line, so that the next is read in full.
    #[cfg(test)]
    pub(super) fn forget(&mut self) {
        self.clock.forget();
    }

    /// Ends the report.
    #[must_use]
    pub fn finish(mut self) -> Parsed {
        self.close();
        self.dates_without_values += u64::from(self.date_waits);
        for (sample, doubt) in std::mem::take(&mut self.doubts) {
            if let Some(moment) = self.clock.settled(doubt) {
                self.samples.set_time(sample as usize, moment);
            }
        }
        let readings = naming::settle(self.samples, &mut self.notices);
        if self.dates_without_values > 0 {
            let count = self.dates_without_values;
            let times = if count == 1 { "time" } else { "times" };
            let message =
                format!("{count} {times} without values: the process was away or could not be read");
            self.notices.push(Notice::whole(message));
        }
        if self.unreadable > MOST_NOTICES {
            let message = format!("{} more lines could not be read", self.unreadable - MOST_NOTICES);
            self.notices.push(Notice::whole(message));
        }
        self.notices.extend(self.clock.take_notices().into_iter().map(Notice::whole));
        Parsed {
            processes: readings,
            notices: self.notices,
            unreadable_lines: self.unreadable,
            calendar: self.clock.has_calendar(),
            ..Parsed::default()
        }
    }

    fn close(&mut self) {
        if let Some(Open { kind, at, tick, line }) = self.open.take() {
            if let Some(doubt) = at.and_then(|at| at.doubt) {
                self.doubts.push((u32::try_from(self.samples.len()).unwrap_or(u32::MAX), doubt));
            }
            self.samples.push(kind, at.map(|at| at.moment), tick, line, &self.values);
            self.values.clear();
        }
    }

    /// A line with at least one key, the first at `start`.
    fn value_line<'a>(
        &mut self,
        line: &str,
        number: u64,
        last: bool,
        start: usize,
        found: impl Iterator<Item = Found<'a>>,
    ) {
        let before = line.get(..start).unwrap_or("");
        let stamp = before.bytes().any(|b| b.is_ascii_digit()).then(|| self.clock.stamp(line)).flatten();
        let stamp = stamp.filter(|stamp| stamp.end <= start);
        let doubt = self.clock.doubt();
        let time = stamp.map(|stamp| Time { moment: stamp.moment, doubt });
        let between = before.get(stamp.map_or(0, |stamp| stamp.end)..).unwrap_or("");
        let naming = match lines::before_key(between) {
            Before::Nobody => Naming::Unnamed,
            Before::Pid(pid) => Naming::Known(pid.to_string(), Some(pid)),
            Before::Word(word) => Naming::Word(word),
        };
        let mut damaged = false;
        for value in found {
            match value.bytes {
                Ok(bytes) => self.value(value.metric, bytes, number, &naming, time),
                Err(damage) => {
                    if !damaged && self.unreadable < MOST_NOTICES {
                        let message = damage.message(value.metric.name(), last);
                        self.notices.push(Notice { line: number, message });
                    }
                    self.unreadable += u64::from(!damaged);
                    self.date_waits = false;
                    damaged = true;
                }
            }
        }
    }

    fn value(&mut self, metric: Metric, bytes: u64, line: u64, naming: &Naming, stamp: Option<Time>) {
        let sums = self.current.sums || self.mapping.is_some();
        if let Some(open) = &self.open {
            let known = self.values.iter_mut().find(|(known, _)| *known == metric);
            let same_name = *naming == Naming::Unnamed || *naming == open.kind.naming;
            let later = match (stamp, open.at) {
                (Some(stamp), Some(at)) if open.kind.stamped => {
                    (stamp.moment.seconds - at.moment.seconds).abs() >= ONE_SAMPLE
                }
                _ => false,
            };
            match known {
                Some((_, sum)) if sums && same_name => return *sum = sum.saturating_add(bytes),
                None if same_name && !later => return self.values.push((metric, bytes)),
                _ => self.close(),
            }
        }
        self.open = Some(self.start(line, naming, stamp));
        self.values.push((metric, bytes));
    }

    /// A new sample, without values yet.
    fn start(&mut self, line: u64, naming: &Naming, stamp: Option<Time>) -> Open {
        let heading = self.heading.take();
        let naming = match (naming, heading) {
            (Naming::Unnamed, heading) => self.name_by_lines_above(heading),
            (named, _) => named.clone(),
        };
        self.date_waits = false;
        let above = std::mem::take(&mut self.stamped);
        let of_above = |clock: &mut Clock| {
            let moment = clock.stamp(&above)?.moment;
            Some(Time { moment, doubt: clock.doubt() })
        };
        let at = stamp.or(self.date).or_else(|| of_above(&mut self.clock));
        let kind = Kind { naming, pid: None, stamped: stamp.is_some() };
        Open { kind, at, tick: self.tick, line }
    }

    fn name_by_lines_above(&mut self, heading: Option<lines::Heading>) -> Naming {
        let otherwise = self.current.take_name();
        match (heading, otherwise) {
            (Some(lines::Heading { name, dressed }), otherwise) => {
                Naming::Heading { name, dressed, otherwise }
            }
            (None, Some((name, pid))) => Naming::Known(name, pid),
            (None, None) => Naming::Unnamed,
        }
    }

    /// A mapping of `smaps`. Addresses rise within one reading, so one that does not begins the next reading.
    fn mapping(&mut self, from: u64, rollup: bool) {
        if rollup || self.mapping.is_none_or(|last| from <= last) {
            self.close();
        }
        self.mapping = (!rollup).then_some(from);
    }

    /// Whether a line is a date, alone, in a dress, behind a label, or in the header of `watch`.
    fn date_line(&mut self, line: &str, text: &str) -> bool {
        if let Some((command, date)) = lines::watch(text)
            && let Some(moment) = self.clock.date_line(date)
        {
            if let Some(command) = lines::command(&format!("$ {command}"), Some(command.trim())) {
                self.command(command);
            }
            self.tick(moment);
            return true;
        }
        if text.len() > 160 || !text.bytes().any(|b| b.is_ascii_digit()) {
            return false;
        }
        let undressed = undressed(text);
        if let Some(moment) = self.clock.date_line(text).or_else(|| self.clock.date_line(undressed)) {
            self.tick(moment);
            return true;
        }
        // `Thu May 23 11:56:35 UTC 2024 pod-a`: a date and a heading. The clock must not remember what
        // proves to be another line.
        if !text.contains(':') {
            return false;
        }
        let mut heading = None;
        let stamp = self.clock.stamp_before(line, |rest| {
            let rest = rest.trim();
            let single = !rest.contains(char::is_whitespace) && rest.starts_with(char::is_alphabetic);
            heading = if single { lines::heading(rest) } else { None };
            heading.is_some()
        });
        let Some(stamp) = stamp else { return false };
        self.tick(stamp.moment);
        self.heading = heading;
        true
    }

    fn tick(&mut self, moment: Moment) {
        self.close();
        self.dates_without_values += u64::from(self.date_waits);
        let doubt = self.clock.doubt();
        (self.date, self.date_waits) = (Some(Time { moment, doubt }), true);
        self.tick += 1;
        self.current.next = 0;
        self.mapping = None;
    }

    fn command(&mut self, command: Command) {
        self.close();
        self.mapping = None;
        self.current = Current::of_command(command);
    }

    /// Whether a line is `Name:` or `Pid:`, or another key, of a whole `/proc/PID/status`.
    fn status_key(&mut self, text: &str) -> bool {
        let Some((key, value)) = text.split_once(':') else { return false };
        // Root has no groups, and few processes have thread features: these keys stand alone like headings.
        if key == "Groups" || key.starts_with("x86_Thread_features") {
            return true;
        }
        if !value.starts_with(['\t', ' ']) {
            return false;
        }
        match (key, value.trim()) {
            ("Name", name) if !name.is_empty() => {
                self.close();
                self.current = Current { name: Some(name.to_owned()), ..Current::default() };
                true
            }
            ("Pid", pid) => {
                let pid = pid.parse().ok();
                self.current.pid = pid.or(self.current.pid);
                if let Some(open) = &mut self.open {
                    open.kind.pid = pid.or(open.kind.pid);
                }
                true
            }
            (_, value) => {
                key.starts_with(|c: char| c.is_ascii_uppercase())
                    && !key.contains(' ')
                    && value.ends_with(['B', 'b'])
                    && value.starts_with(|c: char| c.is_ascii_digit())
            }
        }
    }
}

/// A date without decoration or label: `=== … ===`, `[…]`, `Time: …`.
fn undressed(text: &str) -> &str {
    let bare = text.trim_matches(|c: char| "=-*#~<>[]|_ \t".contains(c)).trim_end_matches(':');
    let label = ["date", "time", "timestamp", "at"].iter().find(|label| {
        bare.get(..label.len()).is_some_and(|head| head.eq_ignore_ascii_case(label))
            && bare.get(label.len()..).is_some_and(|rest| rest.starts_with([':', '=', ' ']))
    });
    label.map_or(bare, |label| bare.get(label.len() + 1..).unwrap_or("").trim())
}
