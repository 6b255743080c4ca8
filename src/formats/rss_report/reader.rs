//! Lines to samples: where one sample ends and the next begins, its time, and the candidates for its name.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use super::amount::Dots;
use super::current::Current;
use super::diff::Diff;
use super::joining::ONE_SAMPLE;
use super::lines::{self, Before, Command, StatusKey};
use super::naming;
use super::samples::{Kind, Naming, Samples};
use super::values::{self, Found};
use crate::formats::contract::LineParser;
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::prefix::{Observation, PrefixId};
use crate::formats::scope::Scope;
use crate::formats::sink::Sink;
use crate::model::{Measured, Metric};

/// A sample that may get more values.
#[derive(Debug)]
struct Open {
    kind: Kind,
    scope: Scope,
    line: u64,
}

/// The name on a line before its values, and the place of the line.
#[derive(Debug)]
struct Writer {
    naming: Naming,
    scope: Scope,
}

/// The last mapping of `smaps`, and how many the reading has.
#[derive(Debug)]
struct Mappings {
    from: u64,
    name: String,
    count: u32,
}

/// Reads the lines of one report after another.
#[derive(Debug, Default)]
pub struct Reader {
    samples: Samples,
    open: Option<Open>,
    /// The values of the open sample; none are there without one.
    values: Vec<(Metric, Measured)>,
    current: Current,
    /// A value of `/proc/PID/status` that stands above the memory of its process.
    pending: Option<(Metric, Measured)>,
    /// The metrics of the samples before the open one that may be parts of it: their lines differ before the values.
    parted: Vec<Metric>,
    /// A heading that no sample has taken yet.
    heading: Option<lines::Heading>,
    /// The number of date lines above the last line that was read.
    dates: u32,
    /// The mappings of `smaps` in the current reading; `None` outside of one.
    mappings: Option<Mappings>,
    /// Whether mappings have headers, whether `Rss` comes again below one date, and whether anything but `Rss` and
    /// `Pss` was read.
    has_mappings: bool,
    repeats_rss: bool,
    has_others: bool,
    dots: Dots,
    diff: Diff,
    in_diff: u64,
    keys: RandomState,
}

impl LineParser for Reader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if !values::may_hold_key(line.text) {
            return Ok(Claim::NotMine);
        }
        let found: Vec<Found<'_>> = values::values(line.text, &mut self.dots).collect();
        let Some(first) = found.first() else { return Ok(Claim::NotMine) };
        // The time of a line is kept where it is that of a value.
        let is_readable = found.iter().any(|found| found.value.is_ok());
        let scope = if is_readable { out.scope(line, first.start) } else { out.bare_scope() };
        self.read_above(scope, out);
        if self.diff.take(line.text) {
            self.in_diff += 1;
            return self.refuse_diff(out);
        }
        let between = between(line.text, first.start, scope);
        let naming = match lines::before_key(between) {
            Before::Nobody => Naming::Unnamed,
            Before::Pid(pid) => Naming::Known(pid.to_string(), Some(pid)),
            Before::Word(word) => Naming::Word(word),
        };
        let writer = Writer { naming, scope };
        let mut damage = None;
        for Found { metric, value, .. } in &found {
            match value {
                Ok(measured) => self.value(*metric, *measured, line.number, &writer, out),
                Err(fault) if damage.is_none() => damage = Some(fault.message(metric.name(), !line.ended)),
                Err(_) => {}
            }
        }
        match damage {
            Some(message) => Err(Damage { column: None, message }),
            None => Ok(Claim::Mine),
        }
    }

    fn bulk(&mut self, text: &str, out: &mut Sink<'_>) -> usize {
        if self.diff.is_inside() {
            return 0;
        }
        let mut taken = 0;
        let mut number = out.line_number();
        let mut writer = None;
        while let Some(length) = memchr::memchr(b'\n', &text.as_bytes()[taken..]) {
            let Some((metric, bytes)) = values::bare(&text[taken..taken + length]) else { break };
            let writer =
                writer.get_or_insert_with(|| Writer { naming: Naming::Unnamed, scope: out.bare_scope() });
            if taken == 0 {
                self.follow_dates(writer.scope);
            }
            #[allow(clippy::cast_precision_loss, reason = "no machine has 2^53 bytes")]
            self.value(metric, Measured::exact(bytes as f64), number, writer, out);
            taken += length + 1;
            number += 1;
        }
        taken
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        let scope = out.bare_scope();
        self.read_above(scope, out);
        let reader = std::mem::take(self);
        reader.finish_report(out);
    }
}

impl Reader {
    fn finish_report(mut self, out: &mut Sink<'_>) {
        self.close();
        if self.samples.is_empty() {
            return;
        }
        let mappings = self.repeats_rss && !self.has_mappings && !self.has_others;
        self.samples.set_seconds(|time| out.seconds(time));
        naming::resolve(self.samples, mappings, out);
        let unused = out.unused_dates();
        // A loop writes a last date when its process is gone already.
        if unused > 1 {
            out.note(format!("{unused} times without values: the process was away or could not be read"));
        }
    }

    /// A date begins another reading.
    fn follow_dates(&mut self, scope: Scope) {
        if scope.date_lines_above != self.dates {
            self.dates = scope.date_lines_above;
            self.current.next = 0;
            if self.mappings.is_some() {
                // The sample above the date is named by its only mapping.
                self.close();
                self.mappings = None;
            }
        }
    }

    /// Reads the lines above that no format claimed, for what they say of the process. They follow a scope below.
    fn read_above(&mut self, scope: Scope, out: &mut Sink<'_>) {
        let above = out.take_above();
        // Values that stand below those with a key are of the reading above a date, if no other line is between them:
        // the memory of the machine has such values, too.
        let below =
            (out.last_claimed() + 1..).zip(above.lines()).take_while(|(next, (line, _))| next == line);
        for (_, (_, line)) in below {
            if let Some((metric, value)) = lines::huge_or_lazy(lines::unquoted(line)) {
                self.value_below(metric, value);
            }
        }
        self.follow_dates(scope);
        for (_, line) in above.lines() {
            self.read_other(line);
        }
        out.recycle(above);
    }

    /// Adds a value to the open sample, if there is one.
    fn value_below(&mut self, metric: Metric, value: Measured) {
        let sums = self.current.sums || self.mappings.is_some();
        if self.open.is_none() {
            return;
        }
        match self.values.iter_mut().find(|(known, _)| *known == metric) {
            Some((_, sum)) if sums => *sum = *sum + value,
            Some(_) => {}
            None => self.values.push((metric, value)),
        }
    }

    fn read_other(&mut self, line: &str) {
        let in_diff = self.diff.take(line);
        let text = lines::unquoted(line);
        if in_diff || text.is_empty() {
            return;
        }
        if let Some(mapping) = lines::mapping(text) {
            return self.mapping(mapping);
        }
        let typed = lines::after_prompt(text);
        if let Some(file) = lines::file_heading(text) {
            self.close();
            self.has_mappings |= file.ends_with("rollup");
            let pid = lines::pid_in(file);
            let name =
                pid.map_or_else(|| file.rsplit('/').next().unwrap_or(file).to_owned(), |pid| pid.to_string());
            self.current = Current { name: Some(name), pid, ..Current::default() };
        } else if let Some(command) = lines::command(text, typed) {
            self.command(command);
        } else if self.status_key(text) || lines::is_prompt(text, typed) {
        } else if let Some(pid) = lines::pid_heading(text) {
            self.close();
            self.current = Current { name: Some(pid.to_string()), pid: Some(pid), ..Current::default() };
        } else if let Some(heading) = lines::heading(line) {
            self.close();
            self.heading = Some(heading);
        }
    }

    fn close(&mut self) {
        self.parted.clear();
        if let Some(Open { mut kind, scope, line }) = self.open.take() {
            kind.mapping = self.mappings.as_ref().filter(|all| all.count == 1).map(|all| all.name.clone());
            self.samples.push(kind, scope.time, scope.times_above, line, &self.values);
            self.values.clear();
        }
    }

    /// A value in a `diff`: of one of two states, of which only the changes are known.
    fn refuse_diff(&mut self, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let message = "a diff holds two states, and only what changed of them: its values were not read";
        let damage = Damage { column: None, message: message.to_owned() };
        if self.in_diff == 1 {
            return Err(damage);
        }
        out.damaged_alike();
        Ok(Claim::Mine)
    }

    fn value(&mut self, metric: Metric, value: Measured, line: u64, writer: &Writer, out: &mut Sink<'_>) {
        let sums = self.current.sums || self.mappings.is_some();
        let scope = writer.scope;
        self.has_others |= Metric::KERNEL.contains(&metric) && !matches!(metric, Metric::RSS | Metric::PSS);
        let mut goes_on = None;
        if let Some(open) = &self.open {
            let known = self.values.iter_mut().find(|(known, _)| *known == metric);
            let same_prefix = scope.prefix == PrefixId::default() || scope.prefix == open.kind.prefix;
            let same_writer =
                same_prefix && (writer.naming == Naming::Unnamed || writer.naming == open.kind.naming);
            let later = is_later(open.scope, scope, out);
            match known {
                Some((_, sum)) if sums && same_writer && !later => {
                    *sum = *sum + value;
                    return;
                }
                None if same_writer && !later && !self.parted.contains(&metric) => {
                    self.observe(open.kind.prefix, metric, value, open.scope, out);
                    return self.values.push((metric, value));
                }
                None if !same_writer && !later => {
                    // Perhaps a part of the same sample: the heading above it is its own, too.
                    goes_on = Some(open.kind.naming.clone());
                }
                None if !later => {}
                _ => self.repeats_rss |= metric == Metric::RSS && !scope.stamped,
            }
            let goes_on = goes_on.is_some() && !self.parted.contains(&metric);
            let mut parted = std::mem::take(&mut self.parted);
            parted.extend(self.values.iter().map(|(metric, _)| *metric));
            self.close();
            self.parted = if goes_on { parted } else { Vec::new() };
        }
        let open = self.start(line, writer, goes_on);
        out.count_records(1);
        self.observe(open.kind.prefix, metric, value, open.scope, out);
        self.open = Some(open);
        self.values.push((metric, value));
        self.values.extend(self.pending.take());
    }

    fn observe(&self, prefix: PrefixId, metric: Metric, value: Measured, scope: Scope, out: &mut Sink<'_>) {
        if !out.learns_from(prefix) {
            return;
        }
        let key = self.keys.hash_one(metric.name());
        let at = scope.time.and_then(|time| out.seconds_so_far(time));
        out.observe(Observation { prefix, key, bytes: value.value, rank: None, at });
    }

    /// A new sample, without values yet; `naming` is that of the sample which it may be a part of.
    fn start(&mut self, line: u64, writer: &Writer, naming: Option<Naming>) -> Open {
        let heading = self.heading.take();
        let naming = match (&writer.naming, naming) {
            (Naming::Unnamed, Some(naming)) => naming,
            (Naming::Unnamed, None) => self.name_by_lines_above(heading),
            (named, _) => named.clone(),
        };
        let scope = writer.scope;
        let kind = Kind { naming, stamped: scope.stamped, prefix: scope.prefix, ..Kind::default() };
        Open { kind, scope, line }
    }

    fn name_by_lines_above(&mut self, heading: Option<lines::Heading>) -> Naming {
        let otherwise = self.current.take_name();
        match (heading, otherwise) {
            (Some(lines::Heading { name, decorated }), otherwise) => {
                Naming::Heading { name, decorated, otherwise }
            }
            (None, Some((name, pid))) => Naming::Known(name, pid),
            (None, None) => Naming::Unnamed,
        }
    }

    /// A mapping of `smaps`. Addresses rise within one reading, so one that does not begins the next reading.
    fn mapping(&mut self, mapping: lines::Mapping<'_>) {
        self.has_mappings = true;
        let is_rollup = mapping.name == "[rollup]";
        if is_rollup || self.mappings.as_ref().is_none_or(|last| mapping.from <= last.from) {
            self.close();
            self.mappings = None;
        }
        let count = self.mappings.as_ref().map_or(0, |all| all.count) + 1;
        let name = if mapping.name.is_empty() { "anonymous mapping" } else { mapping.name };
        self.mappings = (!is_rollup).then(|| Mappings { from: mapping.from, name: name.to_owned(), count });
    }

    fn command(&mut self, command: Command) {
        self.close();
        self.mappings = None;
        self.has_mappings |= command.rollup;
        self.current = Current::of_command(command);
    }

    /// Takes a key of a whole `/proc/PID/status`; says whether the line is one.
    fn status_key(&mut self, text: &str) -> bool {
        match lines::status_key(text) {
            Some(StatusKey::Name(name)) => {
                self.close();
                self.pending = None;
                self.current = Current { name: Some(name.to_owned()), ..Current::default() };
            }
            Some(StatusKey::Pid(pid)) => {
                self.current.pid = pid.or(self.current.pid);
                if let Some(open) = &mut self.open {
                    open.kind.pid = pid.or(open.kind.pid);
                }
            }
            Some(StatusKey::Above(metric, number)) => self.pending = Some((metric, Measured::exact(number))),
            Some(StatusKey::Below(metric, number)) => {
                if self.open.is_some() && self.values.iter().all(|(known, _)| *known != metric) {
                    self.values.push((metric, Measured::exact(number)));
                }
            }
            Some(StatusKey::Other) => {}
            None => return false,
        }
        true
    }
}

/// Whether a value is of another time than the open sample: a date line stands between them, or their stamps are apart.
fn is_later(open: Scope, value: Scope, out: &Sink<'_>) -> bool {
    if open.date_lines_above != value.date_lines_above && !(open.stamped && value.stamped) {
        return true;
    }
    let apart = open.time.zip(value.time).and_then(|(from, to)| out.seconds_between(from, to));
    apart.is_some_and(|seconds| seconds.abs() >= ONE_SAMPLE)
}

/// The text between the stamp of a line and its first key.
fn between(line: &str, start: usize, scope: Scope) -> &str {
    line.get(scope.stamp_end.min(start)..start).unwrap_or("")
}
