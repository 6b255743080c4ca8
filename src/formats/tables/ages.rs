//! A clock made of the ages of processes, where nothing else gives the time.

use foldhash::{HashMap, HashSet};

use crate::model::Subject;

/// The clock: all rows of one report have one time.
#[derive(Debug, Default)]
pub(super) struct Ages {
    /// The start of each process on that clock.
    starts: HashMap<Subject, f64>,
    /// The time of the report before, and the seconds from the one before it.
    last: f64,
    step: f64,
    /// The time of the current report, by a process that was in one before.
    now: Option<f64>,
    /// The processes of the current report.
    in_report: HashSet<Subject>,
}

impl Ages {
    pub(super) fn begin_report(&mut self) {
        if self.in_report.is_empty() {
            return;
        }
        self.in_report.clear();
        let now = self.now.take().unwrap_or(self.last + self.step);
        (self.step, self.last) = (now - self.last, now);
    }

    /// Returns the time of the current report, in seconds since the first one. A process that comes again, as it is
    /// written, begins the next one; one that is new, or another one with the same id, tells nothing of the time.
    pub(super) fn elapsed(&mut self, written: Subject, subject: &Subject, age: f64) -> f64 {
        if self.in_report.contains(&written) {
            self.begin_report();
        }
        self.in_report.insert(written);
        let known = self.starts.get(subject).map(|start| start + age).filter(|time| *time >= self.last);
        if let Some(time) = known {
            return *self.now.get_or_insert(time);
        }
        if self.starts.is_empty() {
            self.now = Some(0.0);
        }
        let now = self.now.unwrap_or(self.last + self.step);
        self.starts.insert(subject.clone(), now - age);
        now
    }
}

/// Parses the time since the start of a process, in seconds: `4567`, `76:07`, `1:16:07`, `2-01:16:07`.
pub(super) fn age(field: &str) -> Option<f64> {
    if !field.contains(':') {
        return field.parse::<u32>().ok().map(f64::from);
    }
    let (days, clock) = field.split_once('-').unwrap_or(("0", field));
    let mut seconds = 0.0;
    for part in clock.split(':') {
        seconds = seconds * 60.0 + f64::from(part.parse::<u16>().ok()?);
    }
    Some(f64::from(days.parse::<u32>().ok()?) * 86_400.0 + seconds)
}

#[cfg(test)]
mod tests {
    use super::age;

    #[test]
    fn ages_of_processes() {
        for (field, seconds) in [
            ("0", Some(0.0)),
            ("4567", Some(4567.0)),
            ("01:07", Some(67.0)),
            ("1:16:07", Some(4567.0)),
            ("2-01:16:07", Some(177_367.0)),
            ("-", None),
            ("1-2", None),
            ("a:b", None),
        ] {
            assert_eq!(age(field), seconds, "{field}");
        }
    }
}
