//! Files of the kernel's control groups, version 1 and 2: `memory.current`, `memory.stat`, `memory.max` and their like.
//!
//! A number counts where its file is known: by a heading (`==> memory.current <==`), by the file's name in its line
//! (`grep -H`, `echo`), or by its key (`anon 222638080`). A line of nothing but a number is read elsewhere.

mod files;
mod stat;

use self::files::{File, Mention, mentions};
use self::stat::{Value, is_evidence, key_value};
use super::contract::{Detect, Format, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::scope::Scope;
use super::sink::Sink;
use crate::model::{Measured, Metric, Subject};

/// Files of control groups.
pub static FORMAT: Format = Format {
    name: "cgroup",
    reads: "files of control groups (memory.current, memory.stat, memory.usage_in_bytes) with their names or keys",
    example: "anon 222638080\nfile 39845888\nkernel 5189632\n",
    detect: Detect::Needles(&[
        "memory.current",
        "memory.usage_in_bytes",
        "memory.max",
        "memory.limit_in_bytes",
        "memory.peak",
        "memory.stat",
        "memory.events",
        "memory.swap.current",
        "anon ",
        "anon\t",
        "rss_huge ",
        "total_rss ",
        "hierarchical_memory_limit ",
    ]),
    parser: |_| Parser::Lines(Box::new(CgroupReader::default())),
};

/// Number of lines after a record that are looked at, too.
const LINES_BELOW: u64 = 64;
/// A limit of so many bytes is none.
const UNLIMITED: f64 = (1_u64 << 60) as f64;

/// The values of one group that were read at one time.
#[derive(Debug)]
struct Pending {
    subject: Subject,
    scope: Scope,
    line: u64,
    values: Vec<(Metric, Measured)>,
    limit: Option<Measured>,
}

#[derive(Debug, Default)]
struct CgroupReader {
    /// The file whose content is below, and its group.
    file: Option<File>,
    subject: Option<Subject>,
    pending: Vec<Pending>,
    /// The last line that was shown, and the last that was claimed.
    line: u64,
    claimed: Option<u64>,
}

impl CgroupReader {
    fn add(&mut self, line: u64, scope: Scope, subject: Subject, value: Value, out: &mut Sink<'_>) {
        let ends = |pending: &Pending| {
            !scope.stamped && !pending.scope.stamped && pending.scope.times_above != scope.times_above
                || pending.subject == subject && pending.holds(&value)
        };
        if self.pending.iter().any(ends) {
            self.flush(out);
        }
        let place = self.pending.iter().position(|pending| pending.subject == subject).unwrap_or_else(|| {
            self.pending.push(Pending { subject, scope, line, values: Vec::new(), limit: None });
            self.pending.len() - 1
        });
        let pending = &mut self.pending[place];
        match value {
            Value::Of(metric, bytes) => pending.values.push((metric, bytes)),
            Value::Limit(limit) => pending.limit = Some(limit),
        }
    }

    /// Hands over the values that were gathered.
    fn flush(&mut self, out: &mut Sink<'_>) {
        for Pending { subject, scope, line, mut values, limit } in self.pending.drain(..) {
            stat::without_twice_counted(&mut values);
            let is_empty = values.is_empty();
            let sample = out.sample_in(Line { text: "", number: line, ended: true }, subject, scope);
            let sample = sample.limit_if_known(limit.filter(|limit| limit.value < UNLIMITED)).set_all(values);
            // A limit alone is no sample.
            if !is_empty {
                sample.push();
            }
        }
    }

    /// Reads the lines above a line of `memory.stat` that belong to the same file.
    fn read_above(&mut self, out: &mut Sink<'_>, scope: Scope) {
        let above = out.take_above();
        let mut lines: Vec<(u64, &'static str, f64)> = above
            .lines()
            .rev()
            .map_while(|(number, text)| {
                let (key, value) = key_value(text)?;
                Some((number, stat::known(key)?, value))
            })
            .collect();
        lines.reverse();
        for (number, key, value) in lines {
            if let Some(value) = stat::value(key, value) {
                self.add(number, scope, self.subject.clone().unwrap_or_else(files::anonymous), value, out);
            }
        }
        out.recycle(above);
    }

    /// Reads `anon 222638080`, perhaps after a stamp or in the content of a file that is known.
    fn key_line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Option<Claim> {
        let is_inside = self.claimed.is_some() && self.file.is_none_or(|file| file.has_keys());
        // `memory.events` counts events, not bytes.
        let is_events = self.file == Some(File::Events);
        let (scope, key, value) = match key_value(line.text) {
            Some((key, value)) => {
                // Other keys only right below one.
                let is_next =
                    self.claimed == Some(line.number - 1) || stat::known(key).is_some() || is_events;
                (is_inside && is_next || is_evidence(key, value)).then_some(())?;
                (out.scope(line, 0), key, value)
            }
            None => {
                let words = line.text.rsplit_once(' ')?;
                let key = words.0.rsplit([' ', '\t']).next()?;
                (stat::known(key).is_some() && words.1.bytes().all(|b| b.is_ascii_digit())).then_some(())?;
                let scope = out.row_scope(line);
                let rest = line.text.get(scope.stamp_end..).filter(|_| scope.stamped)?;
                let (key, value) = key_value(rest.trim_start_matches([' ', '\t', ',', ']', ':']))?;
                (is_inside || is_evidence(key, value)).then_some(())?;
                (scope, key, value)
            }
        };
        // The last line may be cut in the middle of its number.
        if !line.ended {
            out.damaged(line.number, damage("the last line has no end: its number may be cut"));
            return Some(Claim::Mine);
        }
        if self.claimed.is_none() {
            self.read_above(out, scope);
        }
        if let Some(found) = stat::value(key, value).filter(|_| !is_events) {
            self.add(line.number, scope, self.subject.clone().unwrap_or_else(files::anonymous), found, out);
        }
        Some(Claim::Mine)
    }

    /// Reads the content of a file with one number, below its heading.
    fn content(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Option<Claim> {
        let file = self.file.filter(|file| !file.has_keys())?;
        let text = line.text.trim();
        let value = files::number(text)?;
        self.file = None;
        if !line.ended {
            out.damaged(line.number, damage("the last line has no end: its number may be cut"));
            return Some(Claim::Mine);
        }
        let scope = out.scope(line, 0);
        if let Some(value) = file.value(value) {
            self.add(line.number, scope, self.subject.clone().unwrap_or_else(files::anonymous), value, out);
        }
        Some(Claim::Mine)
    }

    /// Reads a line that names files: with their values, or as a heading.
    fn named(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Option<Claim> {
        let found = mentions(line.text);
        let first = found.first()?;
        if let [Mention { file, subject, value: None, is_heading: true, .. }] = found.as_slice() {
            out.scope(line, 0);
            (self.file, self.subject) = (Some(*file), Some(subject.clone()));
            return Some(Claim::MoreBelow);
        }
        found.iter().any(|mention| mention.value.is_some() || mention.key.is_some()).then_some(())?;
        let scope = out.scope(line, first.start);
        for (place, Mention { file, subject, value, key, .. }) in found.iter().enumerate() {
            if !line.ended && place + 1 == found.len() {
                out.damaged(line.number, damage("the last line has no end: its number may be cut"));
                break;
            }
            let value = match (key, value) {
                (Some((key, value)), _) => stat::value(key, *value).filter(|_| *file == File::Stat),
                (None, Some(value)) => file.value(*value),
                (None, None) => None,
            };
            if let Some(value) = value {
                self.add(line.number, scope, subject.clone(), value, out);
            }
        }
        Some(Claim::Mine)
    }
}

impl Pending {
    /// Whether the same was read before.
    fn holds(&self, value: &Value) -> bool {
        match value {
            Value::Of(metric, _) => self.values.iter().any(|(known, _)| known == metric),
            Value::Limit(_) => self.limit.is_some(),
        }
    }
}

impl LineParser for CgroupReader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        self.line = line.number;
        if self.claimed.is_some_and(|claimed| claimed + LINES_BELOW < line.number) {
            (self.claimed, self.file) = (None, None);
        }
        let claim = self
            .content(line, out)
            .or_else(|| self.named(line, out))
            .or_else(|| self.key_line(line, out))
            .unwrap_or(Claim::NotMine);
        if claim != Claim::NotMine {
            self.claimed = Some(line.number);
        }
        Ok(claim)
    }

    fn follows(&self) -> bool {
        self.claimed.is_some_and(|claimed| claimed + LINES_BELOW > self.line)
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.flush(out);
        *self = Self::default();
    }
}

fn damage(message: &str) -> Damage {
    Damage { column: None, message: message.to_owned() }
}
