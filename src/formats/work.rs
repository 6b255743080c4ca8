//! Counts of work among the lines of a log: `--per 'requests=(?<n>\d+)'`.

use super::contract::{Detect, Format, FormatOptions, LineParser, Parser};
use super::line::{Claim, Damage, EXAMPLE_CHARS, Line};
use super::sink::Sink;
use super::work_key::{WorkKey, WorkPattern};
use crate::model::TimeRef;

/// Lines that match the user's pattern of work. It is asked before all other formats, only where there is one, and
/// claims no line: a line may hold memory, too.
pub static FORMAT: Format = Format {
    name: "per",
    reads: "lines that match --per",
    example: "",
    detect: Detect::AllLines,
    parser: |options| Parser::Lines(Box::new(Counter::new(options))),
};

/// Reads the lines that match.
struct Counter {
    pattern: Option<WorkPattern>,
    /// The work of the source so far, where its lines give what is added.
    so_far: f64,
}

impl Counter {
    fn new(options: &FormatOptions) -> Self {
        let pattern = match &options.work {
            Some(WorkKey::Lines(pattern)) => Some(pattern.clone()),
            _ => None,
        };
        Self { pattern, so_far: 0.0 }
    }
}

impl LineParser for Counter {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let Some((text, is_more)) = self.pattern.as_ref().and_then(|pattern| pattern.count(line.text)) else {
            return Ok(Claim::NotMine);
        };
        let number = text.replace([',', '_', '\''], "").trim().parse::<f64>().ok();
        let Some(number) = number.filter(|number| number.is_finite() && *number >= 0.0) else {
            let message = format!("expected a count of work, found {text:?}");
            return Err(Damage { column: None, message });
        };
        if is_more {
            self.so_far += number;
        }
        let scope = out.row_scope(line);
        out.note_work(line, scope.time, if is_more { self.so_far } else { number });
        Ok(Claim::NotMine)
    }

    fn finish(&mut self, _: &mut Sink<'_>) {
        self.so_far = 0.0;
    }
}

impl Sink<'_> {
    /// Adds a count of the work done so far in a line that holds it, which other formats may read, too.
    pub fn note_work(&mut self, line: Line<'_>, time: Option<TimeRef>, done: f64) {
        let found = &mut self.source.formats[self.format];
        found.records += 1;
        if found.first.is_none() {
            found.first = Some((line.number, line.text.chars().take(EXAMPLE_CHARS).collect()));
        }
        self.source.work.push((time, done));
    }

    /// Adds a count of the work done so far that is a part of a record.
    pub fn add_work(&mut self, time: Option<TimeRef>, done: f64) {
        self.source.work.push((time, done));
    }
}
