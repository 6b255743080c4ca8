//! The memory of a whole machine: one sample is gathered from several lines, or columns, of one time.

use super::line::Line;
use super::prefix::words::Lists;
use super::sample_entry::SampleEntry;
use super::scope::Scope;
use super::sink::Sink;
use crate::model::{Measured, Metric, Subject, SubjectKind, TimeRef};

/// Readings of one subject that are this many seconds apart are of two samples.
const APART: f64 = 1.0;

/// Returns the machine that a recording does not name.
pub fn host() -> Subject {
    Subject { kind: SubjectKind::Host, ..Subject::default() }
}

/// Returns a machine of a name.
pub fn named(name: &str) -> Subject {
    Subject::named(SubjectKind::Host, name)
}

/// Returns the name of the machine or the container that stands before a record: `web-1:`, `web-1  |`.
pub fn prefix(before: &str) -> Option<&str> {
    let before = before.trim();
    let name = before.strip_suffix([':', '|'])?.trim_end();
    let is_name = name.starts_with(char::is_alphanumeric) && name.contains(char::is_alphabetic);
    let is_one = !name.contains([' ', '\t', ':', '/', '=']);
    (is_name && is_one && !Lists::of(name).is_level()).then_some(name)
}

/// The time of a value.
#[derive(Debug, Clone, Copy)]
pub enum When {
    /// That of its line.
    Scope(Scope),
    /// That of a field of the record.
    Field(Option<TimeRef>),
}

impl When {
    /// Begins a sample at this time.
    pub fn sample<'s>(self, line: Line<'_>, subject: Subject, out: &'s mut Sink<'_>) -> SampleEntry<'s> {
        match self {
            Self::Scope(scope) => out.sample_in(line, subject, scope),
            Self::Field(time) => out.sample_at(line, subject, time),
        }
    }

    const fn time(self) -> Option<TimeRef> {
        match self {
            Self::Scope(scope) => scope.time,
            Self::Field(time) => time,
        }
    }

    /// Whether a value of another time belongs to another sample.
    fn is_apart(self, other: Self, out: &Sink<'_>) -> bool {
        if let (Self::Scope(one), Self::Scope(two)) = (self, other)
            && one.date_lines_above != two.date_lines_above
            && !(one.stamped && two.stamped)
        {
            return true;
        }
        let seconds = self.time().zip(other.time()).and_then(|(from, to)| out.seconds_between(from, to));
        seconds.is_some_and(|seconds| seconds.abs() >= APART)
    }
}

/// Gathers the values of one sample from several lines.
#[derive(Debug, Default)]
pub struct Gathered {
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    subject: Subject,
    when: When,
    line: u64,
    values: Vec<(Metric, Measured)>,
    limit: Option<Measured>,
}

impl Gathered {
    /// Begins another sample, and hands over the one before.
    pub fn begin(&mut self, subject: Subject, when: When, line: u64, out: &mut Sink<'_>) {
        self.push(out);
        self.open = Some(Open { subject, when, line, values: Vec::new(), limit: None });
    }

    /// Adds a value to the open sample; to a new one if that has the metric already, or is of another time or subject.
    pub fn add(
        &mut self,
        subject: &Subject,
        when: When,
        line: u64,
        value: (Metric, Measured),
        out: &mut Sink<'_>,
    ) {
        let fits = self.open.as_ref().is_some_and(|open| {
            open.subject == *subject
                && open.values.iter().all(|(metric, _)| *metric != value.0)
                && !open.when.is_apart(when, out)
        });
        if !fits {
            self.begin(subject.clone(), when, line, out);
        }
        self.set(value, out);
    }

    /// Sets a value of the open sample, which is a record from its first one on.
    pub fn set(&mut self, value: (Metric, Measured), out: &mut Sink<'_>) {
        let Some(open) = &mut self.open else { return };
        if open.values.is_empty() {
            out.count_records(1);
        }
        open.values.push(value);
    }

    /// Sets the memory that the machine has.
    pub fn limit(&mut self, limit: Measured) {
        self.open.iter_mut().for_each(|open| open.limit = Some(limit));
    }

    /// Hands over the open sample.
    pub fn push(&mut self, out: &mut Sink<'_>) {
        let Some(Open { subject, when, line, values, limit }) = self.open.take() else { return };
        if values.is_empty() {
            return;
        }
        let sample = match when {
            When::Scope(scope) => out.gathered_sample(line, subject, scope),
            When::Field(time) => out.gathered_sample_at(line, subject, time),
        };
        sample.set_all(values).limit_if_known(limit).push();
    }
}
