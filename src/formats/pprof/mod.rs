//! Heap profiles of pprof (`heap.pb.gz`): of Go, and of other languages by their own writers.
//!
//! The profile is a [protobuf message] whose fields are walked in place. Values are estimates already: the writer has
//! multiplied what it sampled.
//!
//! Memory and time: in proportion to the bytes of the profile, and to the frames and names of its stacks, up to a
//! bound.
//!
//! [protobuf message]: https://github.com/google/pprof/blob/main/proto/profile.proto

mod frames;
mod profile;
#[cfg(test)]
mod tests;
mod wire;

use super::contract::{Detect, DocumentParser, Format, HEAD_BYTES, Parser};
use super::line::Damage;
use super::options::{GroupBy, Grouping};
use super::sampling::Interval;
use super::sink::Sink;
use super::size::{Multiples, unit_bytes};
use super::stacks::{InUse, Moment, Stacks};
use crate::model::{Metric, MetricUnit, Role, Subject, Truncation};

use frames::Frames;
use profile::{Profile, Sample};
use wire::{Message, Value, wrong};

/// Heap profiles of pprof.
pub static FORMAT: Format = Format {
    name: "pprof",
    reads: "heap profiles of pprof (heap.pb.gz with inuse_space), grouped by --group-by",
    example: "\x0A\x04\x08\x01\x10\x02\x12\x06\x0A\x01\x01\x12\x01\x40\x22\x08\x08\x01\x22\x04\x08\x01\x10\x16\
              \x2A\x06\x08\x01\x10\x03\x20\x04\x32\0\x32\x0Binuse_space\x32\x05bytes\x32\x09main.keep\x32\x07main.go",
    detect: Detect::Bytes(begins),
    parser: |options| Parser::Document(Box::new(Profiles { grouping: options.grouping })),
};

/// The values that are bytes in use: their names, and those of the numbers of their blocks.
const IN_USE: [(Metric, Metric); 4] = [
    (Metric::bytes("inuse_space", Role::Part), blocks("inuse_objects")),
    (Metric::bytes("space", Role::Part), blocks("objects")),
    (Metric::bytes("heap-live-size", Role::Part), blocks("heap-live-samples")),
    (Metric::bytes("heap-space", Role::Part), blocks("heap-samples")),
];

const fn blocks(name: &'static str) -> Metric {
    Metric { name, unit: MetricUnit::Count, role: Role::Count }
}

/// Fields at the beginning of a profile that are no accident.
const FEWEST_FIELDS: usize = 3;

/// Whether the beginning of a source is that of a profile. Protobuf has no mark of its own; a profile begins with the
/// types of its values, or with that of its period, and has few other fields.
fn begins(head: &[u8]) -> bool {
    let mut message = Message::new(head.get(..HEAD_BYTES).unwrap_or(head));
    let Ok(Some((1 | 11, Value::Bytes(first)))) = message.field() else { return false };
    if !is_value_type(first) {
        return false;
    }
    let mut fields = 1;
    loop {
        let at = message;
        match message.field() {
            Ok(Some((1 | 11, Value::Bytes(bytes)))) if is_value_type(bytes) => {}
            Ok(Some((2..=6, Value::Bytes(_)) | (7 | 8 | 9 | 10 | 12 | 13 | 14 | 15, Value::Number(_)))) => {}
            // Comments may be packed.
            Ok(Some((13, Value::Bytes(_)))) => {}
            Ok(None) => return fields > 1,
            Ok(Some(_)) => return false,
            // The last field goes on after the head, or breaks off.
            Err(_) => return fields >= FEWEST_FIELDS && at.begins_with_bytes(1..=6),
        }
        fields += 1;
    }
}

/// Whether a message is two small numbers: those of a name and of a unit.
fn is_value_type(bytes: &[u8]) -> bool {
    let mut message = Message::new(bytes);
    let is_text =
        |found, field| matches!(found, Ok(Some((f, Value::Number(n)))) if f == field && n < 1 << 20);
    is_text(message.field(), 1) && (message.is_at_end() || is_text(message.field(), 2)) && message.is_at_end()
}

/// Reads the profile of a file.
struct Profiles {
    grouping: Grouping,
}

impl DocumentParser for Profiles {
    fn document(&mut self, bytes: &[u8], out: &mut Sink<'_>) -> Result<(), Damage> {
        let profile = Profile::read(bytes)?;
        let kind = Kind::of(&profile)?;
        let interval = interval(&profile);
        let mut frames = Frames::new(&profile, bytes.len());
        let mut stacks = Stacks::default();
        let mut sample = Sample::default();
        for bytes in &profile.samples {
            sample.read(bytes)?;
            if sample.values.len() != profile.sample_types.len() {
                return Err(wrong(format!(
                    "expected {} values of each stack, found {}",
                    profile.sample_types.len(),
                    sample.values.len()
                )));
            }
            let Some(in_use) = kind.in_use(&sample, interval)? else { continue };
            let stack = frames.stack(&sample.locations, &mut stacks)?;
            stacks.push(stack, in_use);
        }
        #[allow(
            clippy::cast_precision_loss,
            reason = "nanoseconds since 1970 to a fraction of a microsecond"
        )]
        let seconds = profile.time.filter(|time| *time > 0).map(|time| time as f64 / 1e9);
        let time = seconds.and_then(|seconds| out.epoch_seconds(seconds));
        let total = stacks.total();
        if !out.has_first_line() {
            let name = kind.metric.name;
            out.note_first_line(1, &format!("a profile of {name}: {} stacks", stacks.len()));
        }
        out.count_records(1);
        out.gathered_sample_at(1, Subject::process(), time).set(kind.metric, total.measured()).push();
        let moment = Moment { time, subject: None, line: 1, truncation: Truncation::Complete };
        let unless_asked = if frames.has_names() { GroupBy::Function } else { GroupBy::Traceback };
        stacks.finish(self.grouping, unless_asked, moment, bytes.len(), out)
    }
}

/// The values of each sample that are of use.
#[derive(Debug)]
struct Kind {
    metric: Metric,
    /// The place of the bytes in use among the values, and the bytes of one.
    place: usize,
    unit: f64,
    /// The place of the number of blocks.
    blocks: Option<usize>,
}

impl Kind {
    /// Returns the values that are in use.
    ///
    /// # Errors
    /// Returns the kind of a profile that has none.
    fn of(profile: &Profile<'_>) -> Result<Self, Damage> {
        let names: Vec<_> =
            profile.sample_types.iter().take(16).map(|kind| profile.text(kind.name)).collect();
        let place_of = |name: &str| names.iter().position(|found| found == name);
        let found = IN_USE.iter().find_map(|(bytes, blocks)| Some((bytes, blocks, place_of(bytes.name)?)));
        let Some((metric, blocks, place)) = found else {
            let names: Vec<String> = names.iter().map(|name| name.chars().take(40).collect()).collect();
            let names = names.join(", ");
            return Err(wrong(if names.contains("alloc") {
                format!(
                    "a profile of {names}, which only ever rise: record one with inuse_space (/debug/pprof/heap)"
                )
            } else {
                format!(
                    "a profile of {names} and not of a heap: record one with inuse_space (/debug/pprof/heap)"
                )
            }));
        };
        let unit = profile.sample_types.get(place).map(|kind| profile.text(kind.unit)).unwrap_or_default();
        let unit = unit_bytes(&unit, Multiples::Binary).ok_or_else(|| {
            let unit: String = unit.chars().take(40).collect();
            wrong(format!("{} in \"{unit}\", which is no unit of memory", metric.name))
        })?;
        Ok(Self { metric: *metric, place, unit, blocks: place_of(blocks.name) })
    }

    /// Returns the blocks in use of a stack; `None` if there are none.
    fn in_use(&self, sample: &Sample, interval: Option<Interval>) -> Result<Option<InUse>, Damage> {
        let value = |place: usize| sample.values.get(place).copied().unwrap_or_default();
        let (bytes, blocks) = (value(self.place), self.blocks.map(value));
        if bytes < 0 || blocks.is_some_and(|blocks| blocks < 0) {
            return Err(wrong("a difference of two profiles (-base, -diff_base): record whole profiles"));
        }
        if bytes == 0 {
            return Ok(None);
        }
        #[allow(clippy::cast_precision_loss, reason = "no heap has 2^53 bytes")]
        let (bytes, blocks) = (bytes as f64 * self.unit, blocks.map(|blocks| blocks as f64));
        Ok(Some(match (interval, blocks) {
            (Some(interval), Some(blocks)) => interval.of_estimate(blocks, bytes),
            _ => InUse::counted(bytes, blocks),
        }))
    }
}

/// Returns the interval at which the blocks of a profile were sampled, if they were.
fn interval(profile: &Profile<'_>) -> Option<Interval> {
    let unit = unit_bytes(&profile.text(profile.period_type.unit), Multiples::Binary)?;
    #[allow(clippy::cast_precision_loss, reason = "no interval has 2^53 bytes")]
    Interval::new(profile.period as f64 * unit)
}
