//! Restarts under one process id: another process of the same command may have the id of one that ended.

use foldhash::HashMap;

use crate::model::Subject;

/// Seconds by which the age or the start of one process may waver: both are rounded.
const ROUNDING: f64 = 2.0;

/// The starts that were met.
#[derive(Debug, Default)]
pub(super) struct Starts {
    of: HashMap<Subject, Start>,
}

#[derive(Debug, Default)]
struct Start {
    /// Counted from 0.
    number: u32,
    age: Option<f64>,
    /// The date of its start, and the seconds within the day.
    started: Option<(String, f64)>,
}

impl Start {
    /// Whether another process began, by an age that fell or another start.
    fn ended(&self, age: Option<f64>, started: Option<&(String, f64)>) -> bool {
        let is_younger = matches!((self.age, age), (Some(before), Some(now)) if now + ROUNDING < before);
        let starts_again = matches!((&self.started, started), (Some(before), Some(now))
            if before.0 != now.0 || (before.1 - now.1).abs() > ROUNDING);
        is_younger || starts_again
    }
}

impl Starts {
    /// Returns the subject of a row, with an id of its own if it is not the first one with this id and command.
    pub(super) fn subject(&mut self, subject: Subject, age: Option<f64>, started: Option<&str>) -> Subject {
        let started = started.and_then(start);
        if age.is_none() && started.is_none() {
            return subject;
        }
        let last = self.of.entry(subject.clone()).or_default();
        last.number += u32::from(last.ended(age, started.as_ref()));
        (last.age, last.started) = (age, started);
        if last.number == 0 {
            return subject;
        }
        let number = last.number + 1;
        let id = subject.id.as_ref().map_or_else(|| format!("run {number}"), |id| format!("{id}/{number}"));
        Subject { id: Some(id), ..subject }
    }
}

/// Returns date and seconds of the day of `Thu Nov 26 10:34:08 2026`; other starts lose the time of day after a day.
fn start(text: &str) -> Option<(String, f64)> {
    let (before, year) = text.rsplit_once(' ')?;
    let (date, clock) = before.rsplit_once(' ')?;
    let mut parts = clock.split(':').map(|part| part.parse::<u8>().ok().map(f64::from));
    let seconds = parts.next()?? * 3600.0 + parts.next()?? * 60.0 + parts.next()??;
    Some((format!("{date} {year}"), seconds))
}

#[cfg(test)]
mod tests {
    use super::Starts;
    use crate::model::Subject;

    #[test]
    fn an_age_that_falls_and_another_date_are_another_start() {
        let mut starts = Starts::default();
        let mut ids = |age: Option<f64>, started: Option<&str>| {
            starts.subject(Subject::process().with_id(4300), age, started).id.unwrap_or_default()
        };
        let (noon, later) = ("Thu Nov 26 12:00:00 2026", "Thu Nov 26 12:00:01 2026");
        assert_eq!(ids(Some(9.0), None), "4300");
        assert_eq!(ids(Some(10.0), None), "4300");
        assert_eq!(ids(Some(0.0), None), "4300/2");
        assert_eq!(ids(None, Some(noon)), "4300/2");
        assert_eq!(ids(None, Some(later)), "4300/2");
        assert_eq!(ids(None, Some("Thu Nov 26 12:07:00 2026")), "4300/3");
        assert_eq!(ids(None, Some("Nov 26")), "4300");
    }
}
