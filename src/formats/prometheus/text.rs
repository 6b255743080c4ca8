//! Metrics as text: scrapes of `/metrics`, with dates between them, and what `promtool` prints.

use super::super::columns::names::{Meaning, meaning};
use super::super::contract::LineParser;
use super::super::line::{Claim, Damage, Line};
use super::super::scope::Scope;
use super::super::sink::Sink;
use super::labels::Series;
use crate::model::{Measured, Metric, Role, Subject, TimeRef};

/// The greatest number of bytes that is a level of memory: limits that are none are greater.
const MOST_BYTES: f64 = 9_007_199_254_740_992.0;
/// Least number of milliseconds since 1970: seconds are less.
const LEAST_MILLISECONDS: f64 = 1e11;
/// Least number of seconds since 1970.
const LEAST_SECONDS: f64 = 1e9;

/// A sample whose scrape may have further metrics.
#[derive(Debug)]
struct Open {
    line: u64,
    scope: Scope,
    subject: Subject,
    values: Vec<(Metric, Measured)>,
}

/// Reads the scrapes of one source.
#[derive(Debug, Default)]
pub struct Scrapes {
    /// The series of the points below, in the output of `promtool`.
    series: Option<Series>,
    open: Vec<Open>,
    /// Whether a metric came twice below one date.
    has_repeated: bool,
}

impl Scrapes {
    /// Adds a value of a scrape.
    fn add(&mut self, line: Line<'_>, scope: Scope, series: &Series, value: f64, out: &mut Sink<'_>) -> bool {
        let Some(metric) = series.metric().filter(|_| !series.name.is_empty()) else { return false };
        if !is_level(metric, value) {
            return true;
        }
        let (subject, value) = (series.subject(), Measured::exact(value));
        let place = self.open.iter().position(|sample| sample.subject == subject);
        if let Some(sample) = place.and_then(|place| self.open.get_mut(place)) {
            let is_same = sample.scope.times_above == scope.times_above && sample.scope.time == scope.time;
            if is_same && sample.values.iter().all(|(known, _)| *known != metric) {
                sample.values.push((metric, value));
                return true;
            }
            self.has_repeated |= is_same && scope.times_above > 0 && !scope.stamped;
        }
        // The next scrape begins.
        if place.is_some() {
            self.flush(out);
        }
        self.open.push(Open { line: line.number, scope, subject, values: vec![(metric, value)] });
        // So that the format has its evidence.
        true
    }

    fn flush(&mut self, out: &mut Sink<'_>) {
        for Open { line, scope, subject, values } in self.open.drain(..) {
            let line = Line { text: "", number: line, ended: true };
            let sample = out.sample_in(line, subject, scope);
            sample.set_all(values).push();
        }
    }

    /// Adds a point that has a time of its own.
    fn point(line: Line<'_>, series: &Series, value: f64, time: Option<TimeRef>, out: &mut Sink<'_>) -> bool {
        let Some(metric) = series.metric() else { return false };
        if is_level(metric, value) {
            out.sample_at(line, series.subject(), time).set(metric, Measured::exact(value)).push();
        }
        true
    }

    /// Reads a line of `promtool query`: `SERIES =>`, `V @[T]`, or both in one.
    fn promtool(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Option<bool> {
        let mut text = line.text.trim();
        if let Some((head, rest)) = text.split_once(" =>").filter(|(head, _)| Series::parse(head).is_some()) {
            let (series, after) = Series::parse(head)?;
            if !after.trim().is_empty() {
                return None;
            }
            let is_memory = series.metric().is_some();
            self.series = Some(series);
            text = rest.trim();
            if text.is_empty() {
                return Some(is_memory);
            }
        }
        let (value, time) = text.split_once(" @[")?;
        let value = value.trim().parse::<f64>().ok()?;
        let time = time.strip_suffix(']')?.parse::<f64>().ok()?;
        let time = out.epoch_seconds(time);
        let series = self.series.as_ref()?;
        Some(Self::point(line, series, value, time, out))
    }

    /// Reads `name{labels} VALUE [TIME]`.
    fn metric(
        &mut self,
        line: Line<'_>,
        text: &str,
        scope: Option<Scope>,
        out: &mut Sink<'_>,
    ) -> Option<bool> {
        let (series, rest) = Series::parse(text)?;
        // `} 5 # {trace_id="…"}`: an exemplar.
        let rest = rest.split(" # ").next()?;
        if !rest.starts_with([' ', '\t']) {
            return None;
        }
        let mut numbers = rest.split_ascii_whitespace();
        let value = numbers.next()?.parse::<f64>().ok()?;
        let time = match numbers.next() {
            Some(time) => Some(time.parse::<f64>().ok().filter(|time| *time >= LEAST_SECONDS)?),
            None => None,
        };
        if numbers.next().is_some() || series.metric().is_none() {
            return None;
        }
        if let Some(time) = time {
            let seconds = if time >= LEAST_MILLISECONDS { time / 1000.0 } else { time };
            let time = out.epoch_seconds(seconds);
            return Some(Self::point(line, &series, value, time, out));
        }
        let scope = scope.unwrap_or_else(|| out.bare_scope());
        Some(self.add(line, scope, &series, value, out))
    }
}

/// Whether a value is a level of memory, and not that of a process that is gone.
fn is_level(metric: Metric, value: f64) -> bool {
    (0.0..=MOST_BYTES).contains(&value) && (value > 0.0 || metric.role != Role::Resident)
}

impl LineParser for Scrapes {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let text = line.text.trim();
        if text.starts_with('#') {
            return Ok(Claim::NotMine);
        }
        if text.contains(" =>") || text.contains(" @[") {
            let is_mine = self.promtool(line, out) == Some(true);
            return Ok(if is_mine { Claim::Mine } else { Claim::NotMine });
        }
        if self.metric(line, text, None, out) == Some(true) {
            return Ok(Claim::Mine);
        }
        // `scrape-1.txt:process_resident_memory_bytes …`: the file may have the time in its name.
        if let Some((file, rest)) = text.split_once(':').filter(|(file, _)| !file.contains(['{', ' ']))
            && rest.starts_with(|c: char| c.is_ascii_lowercase())
        {
            let bare = out.bare_scope();
            let time =
                file.split(['-', '.', '_', '/']).find_map(|part| out.stamp(part)).or_else(|| out.stamp(file));
            let scope = time.map_or(bare, |time| Scope { time: Some(time), stamped: true, ..bare });
            if self.metric(line, rest, Some(scope), out) == Some(true) {
                return Ok(Claim::Mine);
            }
        }
        // A time, and the metric after it.
        let last = text.rsplit([' ', '\t']).next().unwrap_or_default();
        if last.parse::<f64>().is_ok() && text.split_ascii_whitespace().any(is_memory_word) {
            let scope = out.row_scope(line);
            if let Some(rest) = line.text.get(scope.stamp_end..).filter(|_| scope.stamped)
                && self.metric(line, rest.trim_start(), Some(scope), out) == Some(true)
            {
                return Ok(Claim::Mine);
            }
        }
        Ok(Claim::NotMine)
    }

    fn end_of_lines(&mut self, out: &mut Sink<'_>) {
        self.flush(out);
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        if self.has_repeated {
            out.note(
                "a metric comes several times below one date, and no label tells whose it is: if these are several \
                 processes, they are read as one (write the scrapes of each into a file of its own)",
            );
        }
        *self = Self::default();
    }
}

fn is_memory_word(word: &str) -> bool {
    let name = word.split('{').next().unwrap_or(word);
    name.contains('_') && matches!(meaning(name), Meaning::Memory(_))
}
