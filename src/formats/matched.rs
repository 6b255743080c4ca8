//! Lines that the user describes by a pattern: `--match 'heap now (?<value>[\d.]+)(?<unit>MB)'`.

use regex::Captures;

use super::contract::{Detect, Format, FormatOptions, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::options::{ColumnOptionsUsed, ValueUnit};
use super::pattern::Pattern;
use super::sink::Sink;
use super::size::{Multiples, Size, size, unit_bytes};
use crate::model::{Metric, Role, Subject, SubjectKind};

/// Lines that match the user's pattern. It is asked before all other formats, and only where there is one.
pub static FORMAT: Format = Format {
    name: "match",
    reads: "lines that match --match",
    example: "",
    detect: Detect::AllLines,
    parser: |options| Parser::Lines(Box::new(Matcher::new(options))),
};

/// Reads the lines that match.
struct Matcher {
    pattern: Option<Pattern>,
    unit: Option<ValueUnit>,
}

impl Matcher {
    fn new(options: &FormatOptions) -> Self {
        Self { pattern: options.pattern.clone(), unit: options.columns.unit }
    }

    /// Returns the size of a match.
    fn size(&self, found: &Captures<'_>, out: &mut Sink<'_>) -> Result<Size, Damage> {
        let group = |name: &str| found.name(name).map(|group| (group.start(), group.as_str()));
        let (at, value) = group("value").unwrap_or_default();
        let damage = |message: String| Damage { column: Some(at + 1), message };
        let number = value.replace([',', '_', '\''], "");
        let bytes = match group("unit").map(|(_, unit)| unit.trim()).filter(|unit| !unit.is_empty()) {
            Some(unit) => unit_bytes(unit, Multiples::Binary)
                .ok_or_else(|| damage(format!("expected a unit such as MiB, found {unit:?}")))?,
            None => match self.unit {
                Some(unit) => {
                    out.used_columns(ColumnOptionsUsed { unit: true, ..ColumnOptionsUsed::default() });
                    unit.bytes
                }
                // The value may have its unit with it.
                None if number.ends_with(|c: char| c.is_ascii_alphabetic()) => 1.0,
                None => {
                    let message =
                        "a number without a unit: add a group (?<unit>...), or name it with --value-unit";
                    return Err(damage(message.to_owned()));
                }
            },
        };
        size(number.trim(), bytes, Multiples::Binary)
            .ok_or_else(|| damage(format!("expected a number, found {value:?}")))
    }
}

impl LineParser for Matcher {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let Some(pattern) = self.pattern.clone() else { return Ok(Claim::NotMine) };
        let mut claim = Claim::NotMine;
        for found in pattern.matches(line.text) {
            let group = |name: &str| found.name(name).map(|group| group.as_str().trim());
            let size = self.size(&found, out)?;
            claim = Claim::Mine;
            let metric = Metric::of_recording(group("metric").unwrap_or("memory"), Role::Resident);
            let subject = Subject {
                kind: SubjectKind::Process,
                name: group("name").map(str::to_owned),
                ..Subject::process()
            };
            let time = group("time").map(|text| {
                let time = out.stamp(text).or_else(|| out.epoch_seconds(text.parse().ok()?));
                time.ok_or_else(|| Damage {
                    column: None,
                    message: format!("expected a time, found {text:?}"),
                })
            });
            let sample = match time.transpose()? {
                Some(time) => out.sample_at(line, subject, Some(time)),
                None => out.sample(line, subject),
            };
            sample.set(metric, size.rounded()).push();
        }
        Ok(claim)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{Dispatcher, FormatOptions, Pattern, with_pattern};

    fn read(pattern: &str, text: &str) -> String {
        let pattern = Some(Pattern::parse(pattern).unwrap());
        let options = FormatOptions { pattern, ..FormatOptions::default() };
        let mut dispatcher = Dispatcher::with_options(&with_pattern(None, &options), &options);
        dispatcher.read(text);
        let found = dispatcher.finish();
        let samples = &found.records.samples;
        let mut all: Vec<String> = (0..samples.len())
            .map(|row| {
                let name = found.records.subjects.get(samples.subject(row)).and_then(|s| s.name.clone());
                let seconds = samples.time(row).and_then(|time| found.times.seconds(time));
                let values: Vec<String> =
                    samples.values(row).map(|(metric, value)| format!("{metric}={}", value.value)).collect();
                format!("{} {} {}", seconds.unwrap_or(f64::NAN), name.unwrap_or_default(), values.join(" "))
            })
            .collect();
        all.extend(found.notices.iter().map(|notice| format!("{}: {}", notice.line, notice.message)));
        all.join("; ")
    }

    #[test]
    fn lines_that_match_are_samples() {
        let unit = r"now (?<value>[\d.,]+) ?(?<unit>[KMG]i?B)";
        for (pattern, text, expected) in [
            (unit, "heap now 9.5MB\nother\n", "NaN  memory=9961472"),
            (unit, "2026-11-26 10:34:08 heap now 1,024 KiB\n", "1795689248  memory=1048576"),
            (
                r"(?<name>\w+) (?<metric>\w+)=(?<value>\d+[kM]B) at (?<time>\d+)",
                "web used=4kB at 1795689248\n",
                "1795689248 web used=4096",
            ),
            (
                r"now (?<value>\d+)",
                "now 5\n",
                "1: column 5: a number without a unit: add a group (?<unit>...), or name it with --value-unit",
            ),
        ] {
            assert_eq!(read(pattern, text), expected, "{text}");
        }
    }
}
