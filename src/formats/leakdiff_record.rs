//! Records of `leakdiff_record.py` in a service: the memory of its process, and the stacks of the blocks that
//! `tracemalloc` traces.

use super::contract::{Detect, Format, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::options::{GroupBy, Grouping};
use super::sink::Sink;
use super::stacks::{FrameId, InUse, Moment, Stacks};
use crate::model::{Frame, Measured, Metric, MetricUnit, Role, Subject, SubjectKind, TimeRef, Truncation};

/// Records of `leakdiff_record.py`.
pub static FORMAT: Format = Format {
    name: "leakdiff-record",
    reads: "records of leakdiff_record.py in a service (\"leakdiff-record 1: …\")",
    example: "leakdiff-record 1: memory of a process, and the stacks of the blocks that tracemalloc traces\n\
              time: 2026-11-26T10:00:00.123Z\npid: 4300\nprogram: app.py\npython: 3.11.7 on linux\nframes: 10\n\
              every: 60 s\nVmRSS:   45056 kB\ntracemalloc: 262144 B in its own tables\n\
              traced: 1052672 B\nrecorder: 0 B of its own are left out\nlist: 2 of 2 stacks\n\
              1048576 B in 1024 blocks\n  /srv/app/app.py:12\n  /srv/app/main.py:3\n4096 B in 1 blocks\n  \
              /srv/app/main.py:3\nend\n",
    detect: Detect::Needles(&["leakdiff-record "]),
    parser: |options| Parser::Lines(Box::new(Records { grouping: options.grouping, open: None })),
};

/// The version that is read.
const VERSION: &str = "1";

/// Memory of a control group in use, by the file that it stands in.
const OF_CGROUP: [Metric; 2] =
    [Metric::bytes(Metric::OF_GROUP[0], Role::Resident), Metric::bytes(Metric::OF_GROUP[1], Role::Resident)];
/// The files of its limit.
const LIMITS: [&str; 2] = ["memory.max", "memory.limit_in_bytes"];
/// A limit of so many bytes is none.
const UNLIMITED: f64 = (1_u64 << 60) as f64;
/// The kernel's counters of a process that a record may have.
const OF_PROCESS: [Metric; 15] = [
    Metric::VM_RSS,
    Metric::RSS_ANON,
    Metric::RSS_FILE,
    Metric::RSS_SHMEM,
    Metric::VM_SWAP,
    Metric::VM_SIZE,
    Metric::HUGETLB_PAGES,
    Metric::THREADS,
    Metric::PSS,
    Metric::PSS_ANON,
    Metric::PSS_FILE,
    Metric::PSS_SHMEM,
    Metric::SWAP_PSS,
    Metric::ANON_HUGE_PAGES,
    Metric::LAZY_FREE,
];
/// The counters that `tracemalloc`'s tables are a part of.
const WITH_TABLES: [Metric; 4] = [Metric::VM_RSS, Metric::RSS_ANON, Metric::PSS, Metric::PSS_ANON];

/// Reads records.
#[derive(Debug)]
struct Records {
    grouping: Grouping,
    open: Option<Record>,
}

/// A record that is being read.
#[derive(Debug, Default)]
struct Record {
    line: u64,
    time: Option<TimeRef>,
    pid: Option<String>,
    program: Option<String>,
    values: Vec<(Metric, Measured)>,
    tables: Option<Measured>,
    cgroup: Option<String>,
    of_cgroup: Vec<(Metric, Measured)>,
    limit: Option<Measured>,
    list: Option<List>,
    /// Bytes of its lines.
    bytes: usize,
}

/// The stacks of a record.
#[derive(Debug, Default)]
struct List {
    stacks: Stacks,
    /// The bytes of all stacks that are not shown; `None` if all are.
    others: Option<f64>,
    /// The blocks and the frames of the stack that is being read.
    open: Option<(InUse, Vec<FrameId>)>,
    least: f64,
    /// Whether a line of it could not be read.
    is_damaged: bool,
}

impl List {
    /// Begins a stack: `1048576 B in 1024`. `None` if it cannot be read; its frames are left out then.
    fn stack(&mut self, text: &str) -> Option<()> {
        self.close_stack();
        let numbers = text.split_once(" B in ").and_then(|(bytes, blocks)| whole(bytes).zip(whole(blocks)));
        self.is_damaged |= numbers.is_none();
        let (bytes, blocks) = numbers?;
        self.open = Some((InUse::counted(bytes, Some(blocks)), Vec::new()));
        Some(())
    }

    /// Adds a frame to the stack. `None` if it cannot be read; the stack is left out then.
    fn frame(&mut self, text: &str) -> Option<()> {
        let (_, frames) = self.open.as_mut()?;
        let frame = text.rsplit_once(':').and_then(|(file, line)| Some(Frame::at(file, line.parse().ok()?)));
        match frame {
            Some(frame) => frames.push(self.stacks.frame(frame)),
            None => (self.open, self.is_damaged) = (None, true),
        }
        self.open.as_ref().map(|_| ())
    }

    fn close_stack(&mut self) {
        if let Some((in_use, frames)) = self.open.take() {
            self.least = in_use.bytes;
            self.stacks.push(frames, in_use);
        }
    }
}

impl Record {
    /// Parses a line of the record.
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<(), Damage> {
        let text = line.text;
        self.bytes += text.len();
        if let Some(frame) = text.strip_prefix("  ") {
            let list = self.list.as_mut().ok_or_else(|| expected("a list above a frame", text))?;
            return list.frame(frame).ok_or_else(|| expected("a file and a line, below a stack", text));
        }
        if let Some(stack) = text.strip_suffix(" blocks") {
            let list = self.list.as_mut().ok_or_else(|| expected("a list above a stack", text))?;
            return list.stack(stack).ok_or_else(|| expected("bytes and blocks", text));
        }
        let (key, value) = text.split_once(':').ok_or_else(|| expected("a key and a value", text))?;
        self.field(key, value.trim(), out)
            .ok_or_else(|| expected("a value that leakdiff_record.py writes", text))
    }

    /// Takes a field. `None` if its value cannot be read; keys that are not known are of newer recorders.
    fn field(&mut self, key: &str, value: &str, out: &mut Sink<'_>) -> Option<()> {
        let named = |metrics: &[Metric]| metrics.iter().find(|metric| metric.name == key).copied();
        match key {
            "time" => self.time = Some(out.stamp(value)?),
            "pid" => self.pid = Some(value.to_owned()),
            "program" => self.program = Some(value.to_owned()),
            // The folder of a container's own group is the root.
            "cgroup" => self.cgroup = value.rsplit('/').find(|name| !name.is_empty()).map(str::to_owned),
            "traced" => self.values.push((Metric::TRACED, bytes(value)?)),
            "tracemalloc" => self.tables = Some(bytes(value.split(" in ").next()?)?),
            // One record has one list.
            "list" if self.list.is_some() => return None,
            "list" => {
                let others = value.split_once("; ").map(|(_, others)| others);
                let others = match others {
                    Some(others) => Some(whole(others.split_once(" B ")?.0)?),
                    None => None,
                };
                self.list = Some(List { others, ..List::default() });
            }
            key if LIMITS.contains(&key) => {
                self.limit = Some(bytes(value)?).filter(|limit| limit.value < UNLIMITED);
            }
            _ => {
                if let Some(metric) = named(&OF_CGROUP) {
                    self.of_cgroup.push((metric, bytes(value)?));
                } else if let Some(metric) = named(&OF_PROCESS) {
                    let value = match metric.unit {
                        MetricUnit::Bytes => bytes(value)?,
                        MetricUnit::Count => Measured::exact(whole(value)?),
                    };
                    self.values.push((metric, value));
                }
            }
        }
        Some(())
    }

    /// Hands the record over. It is whole if its end was read.
    fn finish(mut self, is_whole: bool, grouping: Grouping, out: &mut Sink<'_>) -> Result<(), Damage> {
        let process = Subject { name: self.program.take(), id: self.pid.take(), ..Subject::process() };
        if let Some(tables) = self.tables {
            for (metric, value) in &mut self.values {
                if WITH_TABLES.contains(metric) {
                    value.value = (value.value - tables.value).max(0.0);
                }
            }
            self.values.push((Metric::TRACEMALLOC_TABLES, tables));
        }
        let heap = Subject { kind: SubjectKind::Heap, ..process.clone() };
        if self.values.is_empty() {
            return Err(expected("the memory of a process", "none"));
        }
        out.count_records(1);
        out.gathered_sample_at(self.line, process, self.time).set_all(self.values).push();
        if !self.of_cgroup.is_empty() {
            let subject = Subject { kind: SubjectKind::Cgroup, name: self.cgroup, ..Subject::default() };
            let sample = out.gathered_sample_at(self.line, subject, self.time);
            sample.set_all(self.of_cgroup).limit_if_known(self.limit).push();
        }
        let Some(mut list) = self.list else { return Ok(()) };
        if is_whole {
            list.close_stack();
        }
        let truncation = match list.others {
            _ if !is_whole || list.is_damaged => Truncation::Partial { at_most: None },
            None => Truncation::Complete,
            // A stack that is not shown is no larger than the last that is; a line may be part of many of them.
            Some(_) if grouping.by.unwrap_or(DEFAULT) == GroupBy::Traceback => {
                Truncation::TopK { at_most: list.least }
            }
            Some(others) => Truncation::Partial { at_most: Some(others) },
        };
        let subject = Some(out.subject(heap));
        let moment = Moment { time: self.time, subject, line: self.line, truncation };
        list.stacks.finish(grouping, DEFAULT, moment, self.bytes, out)
    }
}

/// The part of a stack by which blocks are added up, unless the user asks for another.
const DEFAULT: GroupBy = GroupBy::Traceback;

impl Records {
    fn close(&mut self, out: &mut Sink<'_>) -> Result<(), Damage> {
        self.open.take().map_or(Ok(()), |record| record.finish(true, self.grouping, out))
    }

    /// Takes what a record has that breaks off. What it lacks would stand below the break, and is no other damage.
    fn break_off(&mut self, out: &mut Sink<'_>) {
        if let Some(record) = self.open.take() {
            out.damaged(record.line, broken());
            let _ = record.finish(false, self.grouping, out);
        }
    }
}

impl LineParser for Records {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if let Some(version) = line.text.strip_prefix("leakdiff-record ") {
            let version = version.split(':').next().unwrap_or("");
            self.break_off(out);
            if version != VERSION {
                return Err(expected("a record of version 1", line.text));
            }
            if !out.has_first_line() {
                out.note_first_line(line.number, line.text);
            }
            self.open = Some(Record { line: line.number, ..Record::default() });
            return Ok(Claim::MoreBelow);
        }
        let Some(record) = &mut self.open else { return Ok(Claim::NotMine) };
        if line.text == "end" {
            self.close(out)?;
            return Ok(Claim::Mine);
        }
        // The last line of what breaks off may be cut.
        if line.ended
            && let Err(damage) = record.line(line, out)
        {
            out.damaged(line.number, damage);
        }
        Ok(Claim::MoreBelow)
    }

    fn follows(&self) -> bool {
        self.open.is_some()
    }

    fn end_of_lines(&mut self, out: &mut Sink<'_>) {
        self.break_off(out);
    }
}

fn broken() -> Damage {
    Damage { column: None, message: "the record breaks off: expected a line \"end\"".to_owned() }
}

fn expected(what: &str, found: &str) -> Damage {
    Damage { column: None, message: format!("expected {what}, found \"{found}\"") }
}

/// Parses `45056 kB` or `45056 B`.
fn bytes(text: &str) -> Option<Measured> {
    let (number, unit) = text.split_once(' ')?;
    let unit = match unit.trim() {
        "B" => 1.0,
        "kB" => 1024.0,
        _ => return None,
    };
    Some(Measured::exact(whole(number)? * unit))
}

/// Parses a whole number.
fn whole(text: &str) -> Option<f64> {
    let is_number = (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{Dispatcher, FormatOptions, Found};
    use crate::model::Site;

    /// The sites of a record with some lines below its list, each with its bytes, and the number of damaged lines.
    fn read(below: &str) -> (Vec<String>, u64, Found) {
        let text = format!(
            "leakdiff-record 1: memory\ntime: 2026-11-26T10:00:00Z\npid: 7\nVmRSS: 9 kB\nlist: 2 of 2 stacks\n{below}"
        );
        let mut dispatcher = Dispatcher::with_options(&[&FORMAT], &FormatOptions::default());
        dispatcher.read(&text);
        let found = dispatcher.finish();
        let sites = dispatcher.into_sites();
        let readings = &found.records.readings;
        let site = |row: usize| {
            let reading = readings.get(row);
            format!("{} {}", Site::of(sites.place(reading.site).clone()).text(), reading.size.value)
        };
        ((0..readings.len()).map(site).collect(), found.unreadable_lines(), found)
    }

    #[test]
    fn what_cannot_be_read_joins_no_other_stack() {
        for (below, sites, damaged) in [
            (
                "9 B in 1 blocks\n  /a.py:1\n4 B in 1 blocks\n  /b.py:2\nend\n",
                &["/a.py:1 9", "/b.py:2 4"][..],
                0,
            ),
            // A stack, …
            ("9 B in 1 blocks\n  /a.py:1\n-4 B in 1 blocks\n  /b.py:2\nend\n", &["/a.py:1 9"], 2),
            // … a frame, …
            ("9 B in 1 blocks\n  /a.py:x\n  /m.py:3\n4 B in 1 blocks\n  /b.py:2\nend\n", &["/b.py:2 4"], 2),
            // … the end, and all below a second list.
            ("9 B in 1 blocks\n  /a.py:1\n4 B in 1 blocks\n  /b.py:2\n", &["/a.py:1 9"], 1),
            ("9 B in 1 blocks\n  /a.py:1\nlist: 1 of 1 stacks\nend\n", &["/a.py:1 9"], 1),
        ] {
            let (found, unreadable, all) = read(below);
            assert_eq!(
                (found.as_slice(), unreadable),
                (&sites.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>()[..], damaged),
                "{below}"
            );
            let is_partial = matches!(all.records.snapshots[0].truncation, Truncation::Partial { .. });
            assert_eq!(is_partial, damaged > 0 && !below.contains("list:"), "{below}");
        }
    }

    #[test]
    fn a_record_that_breaks_off_is_one_damage_and_hides_none_below_it() {
        let head =
            |second: u32| format!("leakdiff-record 1: memory\ntime: 2026-11-26T10:00:{second:02}Z\npid: 7\n");
        let whole = |second| head(second) + "VmRSS: 9 kB\nend\n";
        for (text, records, damaged) in [
            (whole(1) + &whole(2), 2, 0),
            // It has its memory, or not even that; at the end, or before another record.
            (whole(1) + &head(2) + "VmRSS: 9 kB\n", 2, 1),
            (whole(1) + &head(2), 1, 1),
            (head(1) + "VmRSS: 9 kB\n" + &whole(2), 2, 1),
            (head(1) + &whole(2) + &head(3) + &whole(4), 2, 2),
            // Whole, and without memory.
            (whole(1) + &head(2) + "end\n" + &whole(3), 2, 1),
        ] {
            let mut dispatcher = Dispatcher::with_options(&[&FORMAT], &FormatOptions::default());
            dispatcher.read(&text);
            let found = dispatcher.finish();
            assert_eq!((found.records(), found.unreadable_lines()), (records, damaged), "{text}");
        }
    }
}
