//! Statistics of container engines: `docker stats`, `podman stats`, `nerdctl stats`, `crictl stats`.
//!
//! They come as tables under a header, as lines of any `--format`, and as JSON: an object or a list in a line, or a
//! document over several lines. Sizes have four significant digits without trailing zeros; `MiB` is docker's and
//! 1024-based, `MB` is podman's and crictl's and 1000-based.

mod amid;
mod amount;
mod free_form;
mod header;
mod json;
mod reading;
mod sizes;

pub use self::sizes::FORMAT as SIZES;

use self::amount::Amount;
use self::header::Header;
use self::reading::Reading;
use super::contract::{Detect, Format, LineParser, Parser};
use super::json_documents::{self, Document};
use super::kubectl_top::is_klog;
use super::line::{Claim, Damage, Line};
use super::scope::Scope;
use super::sink::Sink;
use crate::model::{Metric, Role};

/// Memory of a container as its engine counts it, mostly without page cache that can be reclaimed.
pub const MEM_USAGE: Metric = Metric::bytes("MEM USAGE", Role::Resident);
/// Memory of a container that is swapped out.
pub const SWAP: Metric = Metric::bytes("SWAP", Role::Swap);

/// Statistics of containers.
pub static FORMAT: Format = Format {
    name: "container-stats",
    reads: "docker stats, podman stats, nerdctl stats and crictl stats: tables, --format, JSON",
    example: "CONTAINER ID   NAME   CPU %   MEM USAGE / LIMIT   MEM %\n4b7d02c9a6f1   web   0.51%   212.3MiB / 512MiB   41.47%\n",
    detect: Detect::Needles(&[
        "MEM USAGE",
        "CPU %",
        "PRIV WORKING SET",
        "B / ",
        "-- / --",
        "MemUsage",
        "mem_usage",
        "workingSetBytes",
        "memory_stats",
    ]),
    parser: |_| Parser::Lines(Box::new(StatsReader::default())),
};

#[derive(Debug, Default)]
struct StatsReader {
    header: Option<Header>,
    document: Option<Document>,
    /// Whether lines of a format of the user's gave the memory in 1024-based units.
    is_binary: bool,
    /// Number of readings of `0B`, and of all others.
    zeros: u64,
    values: u64,
}

impl StatsReader {
    /// Hands over a reading. `0B` and `--` are no values: the container does not run, or its memory is not counted.
    fn push(&mut self, line: Line<'_>, scope: Scope, reading: &Reading, out: &mut Sink<'_>) {
        match reading.usage.used {
            Amount::Missing => {}
            Amount::Bytes(used) if used.value == 0.0 => {
                self.zeros += 1;
                out.sample_in(line, reading.subject(), scope).push();
            }
            Amount::Bytes(used) => {
                self.values += 1;
                let sample = out.sample_in(line, reading.subject(), scope).set(MEM_USAGE, used);
                let sample = sample.set_all(reading.swap.map(|swap| (SWAP, swap)));
                let limit = reading.usage.limit.bytes().filter(|limit| limit.value > 0.0);
                sample.limit_if_known(limit).push();
            }
        }
    }

    /// Reads a row below the header, perhaps after a stamp.
    fn row(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Option<()> {
        let header = self.header.as_ref()?;
        if let Some(reading) = header.row(line.text) {
            let scope = out.scope(line, 0);
            self.push(line, scope, &reading, out);
            return Some(());
        }
        if !header.may_hold_row(line.text) {
            return None;
        }
        let scope = out.row_scope(line);
        let reading = header.row(line.text.get(scope.stamp_end..)?)?;
        self.push(line, scope, &reading, out);
        Some(())
    }

    fn free_form(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Option<()> {
        free_form::holds_pair(line.text).then_some(())?;
        let scope = out.row_scope(line);
        let stamp_end = if scope.stamped { scope.stamp_end } else { 0 };
        let mut reading = free_form::reading(line.text, stamp_end, &mut self.is_binary)?;
        // `{"name": "{{.Name}}", "memory": {"raw": "{{.MemUsage}}"}}`
        if reading.name.is_none() && reading.id.is_none() {
            let field = |keys: &[&str]| out.object_field(keys).map(str::to_owned);
            reading.name = field(&["name", "container", "container_name", "service"]);
            reading.id = field(&["id", "container_id"]);
        }
        self.push(line, scope, &reading, out);
        Some(())
    }

    fn document(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let Some(document) = &mut self.document else { return Ok(Claim::NotMine) };
        document.add(line.text);
        if !document.is_complete() {
            if document.is_too_long() {
                self.document = None;
                return Err(damage("the JSON of this container does not end"));
            }
            return Ok(Claim::MoreBelow);
        }
        let readings = json::readings(document.text());
        let scope = document.scope;
        self.document = None;
        self.push_all(line, scope, readings, out)
    }

    fn push_all(
        &mut self,
        line: Line<'_>,
        scope: Scope,
        readings: Option<Vec<json::Found>>,
        out: &mut Sink<'_>,
    ) -> Result<Claim, Damage> {
        let Some(readings) = readings else { return Err(damage("expected JSON of container statistics")) };
        for json::Found { reading, time } in readings {
            let own = match time {
                None => None,
                Some(json::Written::Seconds(seconds)) => out.epoch_seconds(seconds),
                Some(json::Written::Stamp(text)) => out.stamp(&text),
            };
            let scope =
                own.map_or(scope, |time| Scope { time: Some(time), stamped: true, ..Scope::default() });
            self.push(line, scope, &reading, out);
        }
        Ok(Claim::Mine)
    }

    fn json(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if let Some(start) = json_documents::start(line.text) {
            let text = line.text.get(start..).unwrap_or("");
            if json_documents::is_balanced(text) {
                let scope = out.scope(line, start);
                return self.push_all(line, scope, json::readings(text), out);
            }
        }
        // A document over several lines, of which the lines so far concerned nobody.
        if !json_documents::is_member(line.text) {
            return Ok(Claim::NotMine);
        }
        let scope = out.bare_scope();
        let above = out.take_above();
        let document = Document::begun(above.lines().map(|(_, text)| text), scope);
        out.recycle(above);
        let Some(document) = document else { return Ok(Claim::NotMine) };
        self.document = Some(document);
        self.document(line, out)
    }
}

impl LineParser for StatsReader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if self.document.is_some() {
            return self.document(line, out);
        }
        if json::may_hold(line.text) {
            return self.json(line, out);
        }
        if let Some(header) = Header::parse(line.text) {
            // A date above the header is that of the rows below it.
            out.scope(line, 0);
            self.header = Some(header);
            return Ok(Claim::Mine);
        }
        if self.header.is_some() && is_klog(line.text) {
            out.scope(line, 0);
            return Ok(Claim::Mine);
        }
        let Some(header) = &self.header else {
            let claim = self.free_form(line, out).map_or(Claim::NotMine, |()| Claim::Mine);
            return Ok(claim);
        };
        let is_row = header.may_hold_row(line.text);
        if self.row(line, out).is_some() {
            return Ok(Claim::Mine);
        }
        if is_row { Err(damage("expected a row of container statistics")) } else { Ok(Claim::NotMine) }
    }

    fn follows(&self) -> bool {
        self.header.is_some()
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        if self.document.is_some() {
            out.damaged(out.line_number(), damage("the JSON of this container is cut"));
        }
        if self.zeros > 0 && self.values == 0 {
            out.note(
                "all containers have 0B of memory: it was not measured. They do not run, or the kernel does not count \
                 memory (docker info warns \"No memory limit support\"; boot with cgroup_enable=memory)",
            );
        }
        *self = Self::default();
    }
}

fn damage(message: &str) -> Damage {
    Damage { column: None, message: message.to_owned() }
}
