//! `Get-Counter` of PowerShell: paths of counters with their values below, or beside them.

use super::pdh_csv::counter;
use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::scope::Scope;
use crate::formats::sink::Sink;
use crate::model::{Measured, Metric, Subject, TimeRef};

/// Counters as PowerShell prints them.
pub static FORMAT: Format = Format {
    name: "get-counter",
    reads: "Get-Counter of PowerShell (\"\\\\node1\\process(python)\\working set :\" and its value below)",
    example: "Timestamp                 CounterSamples\n---------                 --------------\n\
              3/14/2026 8:00:00 PM      \\\\node1\\process(python)\\working set :\n                          209715200\n",
    detect: Detect::Needles(&["CounterSamples", "CookedValue", "\\working set", "\\private bytes"]),
    parser: |_| Parser::Lines(Box::new(GetCounter::default())),
};

/// A counter whose value is below.
type Counter = Option<(Subject, Metric)>;

#[derive(Default)]
struct GetCounter {
    /// Whether a header or a path was met.
    is_listing: bool,
    /// The counter whose value is on the next line that is not empty; `None` within if it is not read.
    pending: Option<Counter>,
    /// The time of the samples, where it stands beside a path.
    time: Option<TimeRef>,
    scope: Scope,
    samples: Vec<Sample>,
}

/// The values of one subject at one time.
struct Sample {
    line: u64,
    subject: Subject,
    values: Vec<(Metric, Measured)>,
}

impl GetCounter {
    fn add(&mut self, line: u64, (subject, metric): (Subject, Metric), value: f64, out: &mut Sink<'_>) {
        let is_again = self.samples.iter().any(|sample| {
            sample.subject == subject && sample.values.iter().any(|(known, _)| *known == metric)
        });
        if is_again {
            self.flush(out);
        }
        let place = self.samples.iter().position(|sample| sample.subject == subject);
        let place = place.unwrap_or_else(|| {
            self.samples.push(Sample { line, subject, values: Vec::new() });
            self.samples.len() - 1
        });
        self.samples[place].values.push((metric, Measured::exact(value)));
    }

    fn flush(&mut self, out: &mut Sink<'_>) {
        for Sample { line, subject, values } in self.samples.drain(..) {
            let line = Line { text: "", number: line, ended: true };
            let sample = match self.time {
                Some(time) => out.sample_at(line, subject, Some(time)),
                None => out.sample_in(line, subject, self.scope),
            };
            sample.set_all(values).push();
        }
    }

    /// Reads a line with a path: its value is beside it, or below.
    fn path(&mut self, line: Line<'_>, at: usize, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let (before, text) = line.text.split_at_checked(at).unwrap_or(("", line.text));
        let before = before.trim();
        let scope = out.bare_scope();
        if !before.is_empty() {
            let Some(time) = out.date(before) else {
                let message = format!("expected a time, found \"{before}\"");
                return Err(Damage { column: None, message });
            };
            self.flush(out);
            self.time = Some(time);
        } else if scope.times_above != self.scope.times_above {
            self.flush(out);
            (self.scope, self.time) = (scope, None);
        }
        self.is_listing = true;
        let text = text.trim();
        if let Some(path) = text.strip_suffix(':') {
            self.pending = Some(counter(path.trim_end()));
            return Ok(Claim::Mine);
        }
        // `PATH  INSTANCE  VALUE`
        let Some((path, rest)) = text.split_once("  ") else { return Ok(Claim::NotMine) };
        let value = rest.rsplit(' ').next().and_then(number);
        match (counter(path), value) {
            (Some(counter), Some(value)) => self.add(line.number, counter, value, out),
            (None, Some(_)) => {}
            (_, None) => return Ok(Claim::NotMine),
        }
        Ok(Claim::Mine)
    }
}

/// Parses a number in any language.
fn number(text: &str) -> Option<f64> {
    let is_number = text.starts_with(|c: char| c.is_ascii_digit());
    let value = || text.replace(',', ".").parse::<f64>().ok();
    is_number.then(value).flatten().filter(|value| (0.0..9e15).contains(value))
}

impl LineParser for GetCounter {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let text = line.text.trim();
        if let Some(counter) = self.pending.take() {
            if text.is_empty() {
                self.pending = Some(counter);
                return Ok(Claim::NotMine);
            }
            let value = number(text).filter(|_| line.ended);
            return match (counter, value) {
                (Some(counter), Some(value)) => {
                    self.add(line.number, counter, value, out);
                    Ok(Claim::Mine)
                }
                (None, Some(_)) => Ok(Claim::Mine),
                (_, None) => Err(Damage {
                    column: None,
                    message: format!("expected a whole number, found \"{text}\""),
                }),
            };
        }
        if let Some(at) = line.text.find("\\\\") {
            return self.path(line, at, out);
        }
        let mut words = text.split_ascii_whitespace();
        let is_header = match words.next() {
            Some("Timestamp") => words.next() == Some("CounterSamples"),
            Some("Path") => text.ends_with("CookedValue"),
            _ => false,
        };
        if is_header {
            out.bare_scope();
            self.is_listing = true;
            return Ok(Claim::Mine);
        }
        let is_ruler = self.is_listing && !text.is_empty() && text.bytes().all(|b| matches!(b, b'-' | b' '));
        Ok(if is_ruler { Claim::Mine } else { Claim::NotMine })
    }

    fn follows(&self) -> bool {
        self.is_listing
    }

    fn end_of_lines(&mut self, out: &mut Sink<'_>) {
        self.flush(out);
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        *self = Self::default();
    }
}
