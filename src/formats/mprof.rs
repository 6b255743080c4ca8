//! Recordings of `mprof run` (memory_profiler): `MEM MIB EPOCH`, with `CHLD PID MIB EPOCH` of each child.

use super::contract::{Detect, Format, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::sink::Sink;
use super::size::{Multiples, size};
use crate::model::{Measured, Metric, Role, Subject, SubjectKind};

/// Resident memory of the process; with `--include-children`, of its children as well.
const MEM: Metric = Metric::bytes("MEM", Role::Resident);
/// Resident memory of a child.
const CHLD: Metric = Metric::bytes("CHLD", Role::Resident);

/// Recordings of `mprof`.
pub static FORMAT: Format = Format {
    name: "mprof",
    reads: "recordings of mprof (\"MEM 28.632812 1795689504.8834\")",
    example: "CMDLINE python3 app.py\nMEM 10.191406 1795689426.0252\n",
    detect: Detect::Needles(&["MEM ", "CHLD ", "FUNC ", "CMDLINE "]),
    parser: |_| Parser::Lines(Box::new(Mprof::default())),
};

const MIB: f64 = 1_048_576.0;
/// Seconds since 1970 that a recording has at least: less is a number that was cut.
const EARLIEST: f64 = 1e9;

/// Reads the recordings of one source: `mprof` appends to a file that exists.
#[derive(Debug, Default)]
struct Mprof {
    command: Option<String>,
    /// Number of recordings that began.
    runs: usize,
    /// Whether a line of a recording was read.
    is_recording: bool,
}

impl Mprof {
    fn process(&self) -> Subject {
        let name = self.command.clone();
        let id = (self.runs > 1).then(|| format!("run {}", self.runs));
        Subject { kind: SubjectKind::Process, name, id, parent: None }
    }

    /// Adds a sample. Where the process has ended its memory is 0: the line is a record without a sample.
    fn sample(
        line: Line<'_>,
        out: &mut Sink<'_>,
        subject: Subject,
        metric: Metric,
        (memory, epoch): (Measured, f64),
    ) {
        if memory.value == 0.0 {
            out.count_records(1);
        } else {
            let time = out.epoch_seconds(epoch);
            out.sample_at(line, subject, time).set(metric, memory).push();
        }
    }
}

impl LineParser for Mprof {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let fields: Vec<&str> = line.text.split_ascii_whitespace().collect();
        let fields = after_prefix(&fields);
        match *fields {
            ["CMDLINE", ..] if line.text.starts_with("CMDLINE ") => {
                let command =
                    line.text.get("CMDLINE ".len()..).map(str::trim).filter(|text| !text.is_empty());
                (self.command, self.runs) = (command.map(str::to_owned), self.runs + 1);
                self.is_recording = true;
                return Ok(Claim::Mine);
            }
            ["MEM", memory, epoch] => {
                if let Some(value) = value(memory, epoch) {
                    self.is_recording = true;
                    Self::sample(line, out, self.process(), MEM, value);
                    return Ok(Claim::Mine);
                }
            }
            ["CHLD", pid, memory, epoch] => {
                if let (Some(value), Ok(_)) = (value(memory, epoch), pid.parse::<u32>()) {
                    self.is_recording = true;
                    let child = Subject { parent: self.command.clone(), ..Subject::process().with_id(pid) };
                    Self::sample(line, out, child, CHLD, value);
                    return Ok(Claim::Mine);
                }
            }
            // Memory at the call and at the return of a function, written at the end: the process has it all.
            ["FUNC", _, before, begin, after, end, ..]
                if value(before, begin).is_some() && value(after, end).is_some() =>
            {
                return Ok(Claim::Mine);
            }
            ["MEM" | "CHLD" | "FUNC", ..] => {}
            _ => return Ok(Claim::NotMine),
        }
        if self.is_recording {
            let message = "expected a number of MiB and seconds since 1970".to_owned();
            return Err(Damage { column: None, message });
        }
        Ok(Claim::NotMine)
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        *self = Self::default();
    }
}

/// Returns the fields of a sample after the prefix of a log, which has its time in itself; else all fields.
fn after_prefix<'f, 't>(fields: &'f [&'t str]) -> &'f [&'t str] {
    match fields {
        [.., "MEM", memory, epoch] if value(memory, epoch).is_some() => &fields[fields.len() - 3..],
        [.., "CHLD", _, memory, epoch] if value(memory, epoch).is_some() => &fields[fields.len() - 4..],
        _ => fields,
    }
}

/// Parses a number of MiB and the time in seconds since 1970.
fn value(memory: &str, epoch: &str) -> Option<(Measured, f64)> {
    let memory = size(memory, MIB, Multiples::Binary)?.rounded();
    let epoch = epoch.parse::<f64>().ok().filter(|epoch| *epoch >= EARLIEST)?;
    Some((memory, epoch))
}
