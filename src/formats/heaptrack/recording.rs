//! A recording while it is read: one step for each event, and memory for what is distinct in it.

use super::downsampled::Downsampled;
use crate::formats::allocators;
use crate::formats::line::{Damage, Line};
use crate::formats::options::{GroupBy, Grouping};
use crate::formats::sink::Sink;
use crate::formats::stacks::{FrameId, InUse, Moment, Stacks, TOO_MANY_NAMES, most_name_bytes};
use crate::model::{Frame, Measured, Metric, Role, Subject, SubjectKind, Truncation};

/// Bytes that the program asked for and has not freed.
const HEAP: Metric = Metric::bytes("heap", Role::Part);
/// Resident memory, with that of heaptrack itself.
const RSS: Metric = Metric::bytes("RSS", Role::Resident);

/// Samples that are kept of the course of the heap.
const MOST_SAMPLES: usize = 2000;
/// Moments of which the stacks are kept, …
const MOST_MOMENTS: usize = 100;
/// … and stacks of all of these together.
const MOST_KEPT: usize = 4 << 20;
/// Strings, places, stacks and sizes of blocks, each: no program has more.
const MOST_DISTINCT: usize = 16 << 20;
/// Bytes of all strings.
const MOST_STRING_BYTES: usize = 256 << 20;
/// Frames of a stack that are kept; heaptrack itself keeps 64.
const MOST_FRAMES: usize = 256;

/// A place of the program: its frames, innermost first, for functions may stand within others.
type Frames = Box<[FrameId]>;

/// The blocks in use of one stack.
#[derive(Debug, Clone, Copy, Default)]
struct Blocks {
    bytes: i64,
    count: i64,
}

/// The blocks of all stacks that have any, at one moment.
#[derive(Debug)]
struct Kept {
    milliseconds: u64,
    line: u64,
    stacks: Box<[(u32, Blocks)]>,
}

/// The sizes at one moment.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    milliseconds: u64,
    line: u64,
    heap: i64,
    resident_pages: Option<u64>,
}

/// All that was read so far.
#[derive(Debug)]
pub struct Recording {
    grouping: Grouping,
    /// The format's version: strings have their lengths from 3 on.
    version: u64,
    command: Option<String>,
    page_bytes: u64,
    strings: Vec<Box<str>>,
    string_bytes: usize,
    /// Bytes that the names of all frames take up: each has its own.
    name_bytes: usize,
    /// Bytes of the recording.
    bytes: usize,
    places: Vec<Frames>,
    /// The place and the caller of each stack; 0 is none.
    traces: Vec<(u32, u32)>,
    /// The size and the stack of each kind of block.
    kinds: Vec<(i64, u32)>,
    in_use: Vec<Blocks>,
    heap: i64,
    milliseconds: u64,
    resident_pages: Option<u64>,
    stacks: Stacks,
    samples: Downsampled<Sizes>,
    kept: Downsampled<Kept>,
    stacks_kept: usize,
    pub is_attached: bool,
}

/// Parses a hexadecimal number.
fn hexadecimal(digits: &str) -> Option<u64> {
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let digit = |number: u64, byte: u8| Some(number << 4 | u64::from((byte as char).to_digit(16)?));
    digits.bytes().try_fold(0, digit)
}

/// Returns the version of the format by a recording's first line: `v 10400 3`.
pub fn version(line: &str) -> Option<u64> {
    let (program, version) = line.strip_prefix("v ")?.trim_end().split_once(' ')?;
    hexadecimal(program)?;
    hexadecimal(version).filter(|version| *version < 0x100)
}

fn wrong(what: &str) -> Damage {
    Damage { column: None, message: what.to_owned() }
}

fn expected(what: &str) -> Damage {
    wrong(&format!("expected {what}"))
}

impl Recording {
    /// Returns an empty recording of a version of the format.
    pub fn new(version: u64, grouping: Grouping) -> Self {
        Self {
            grouping,
            version,
            command: None,
            page_bytes: 4096,
            strings: Vec::new(),
            string_bytes: 0,
            name_bytes: 0,
            bytes: 0,
            places: Vec::new(),
            traces: Vec::new(),
            kinds: Vec::new(),
            in_use: Vec::new(),
            heap: 0,
            milliseconds: 0,
            resident_pages: None,
            stacks: Stacks::default(),
            samples: Downsampled::new(MOST_SAMPLES),
            kept: Downsampled::new(MOST_MOMENTS),
            stacks_kept: 0,
            is_attached: false,
        }
    }

    /// Reads a line. One that cannot be read changes nothing.
    ///
    /// # Errors
    /// Returns the damage of a line that is none of a recording.
    pub fn event(&mut self, line: &str, number: u64) -> Result<(), Damage> {
        let rest = line.get(2..).unwrap_or_default();
        match line.as_bytes() {
            [b'+', b' ', ..] => self.block(rest, 1)?,
            [b'-', b' ', ..] => self.block(rest, -1)?,
            [b'c', b' ', ..] => self.time(hexadecimal(rest).ok_or_else(|| expected("milliseconds"))?, number),
            [b'R', b' ', ..] => {
                self.resident_pages = Some(hexadecimal(rest).ok_or_else(|| expected("pages"))?);
            }
            [b'a', b' ', ..] => self.kind(rest)?,
            [b't', b' ', ..] => self.trace(rest)?,
            [b'i', b' ', ..] => self.place(rest)?,
            [b's', b' ', ..] => self.string(rest)?,
            [b'I', b' ', ..] => {
                let page = rest.split(' ').next().and_then(hexadecimal);
                self.page_bytes = page.filter(|page| page.is_power_of_two()).unwrap_or(4096);
            }
            [b'X', b' ', ..] => self.command = Some(rest.trim().to_owned()).filter(|text| !text.is_empty()),
            [b'A', ..] => {
                self.is_attached = true;
                self.heap = 0;
            }
            _ => {}
        }
        self.bytes = self.bytes.saturating_add(line.len());
        Ok(())
    }

    fn block(&mut self, rest: &str, sign: i64) -> Result<(), Damage> {
        let kind = hexadecimal(rest).and_then(|kind| self.kinds.get(usize::try_from(kind).ok()?));
        let &(bytes, trace) = kind.ok_or_else(|| expected("the number of a size and a stack above"))?;
        let Some(in_use) = self.in_use.get_mut(trace as usize) else { return Ok(()) };
        in_use.bytes = in_use.bytes.saturating_add(sign * bytes);
        in_use.count = in_use.count.saturating_add(sign);
        self.heap = self.heap.saturating_add(sign * bytes);
        Ok(())
    }

    fn kind(&mut self, rest: &str) -> Result<(), Damage> {
        let (bytes, trace) = rest.split_once(' ').ok_or_else(|| expected("a size and a stack"))?;
        let bytes = hexadecimal(bytes).and_then(|bytes| i64::try_from(bytes).ok());
        let bytes = bytes.filter(|bytes| *bytes < 1 << 53).ok_or_else(|| expected("a size"))?;
        let trace = self.known(trace, self.traces.len(), "a stack above")?;
        push(&mut self.kinds, (bytes, trace))
    }

    fn trace(&mut self, rest: &str) -> Result<(), Damage> {
        let (place, caller) = rest.split_once(' ').ok_or_else(|| expected("a place and a caller"))?;
        let place = self.known(place, self.places.len(), "a place above")?;
        let caller = self.known(caller, self.traces.len(), "a caller above")?;
        push(&mut self.traces, (place, caller))?;
        self.in_use.resize(self.traces.len() + 1, Blocks::default());
        Ok(())
    }

    /// Parses a number that counts from 1; 0 is none.
    fn known(&self, digits: &str, most: usize, what: &str) -> Result<u32, Damage> {
        let number = hexadecimal(digits.trim_end()).and_then(|number| u32::try_from(number).ok());
        number.filter(|number| *number as usize <= most).ok_or_else(|| expected(what))
    }

    fn string(&mut self, rest: &str) -> Result<(), Damage> {
        let text = if self.version >= 3 {
            rest.split_once(' ').ok_or_else(|| expected("the length of a string"))?.1
        } else {
            rest
        };
        if self.string_bytes + text.len() > MOST_STRING_BYTES {
            return Err(wrong("the recording has too many names"));
        }
        push(&mut self.strings, text.into())?;
        self.string_bytes += text.len();
        Ok(())
    }

    fn place(&mut self, rest: &str) -> Result<(), Damage> {
        let mut fields = rest.trim_end().split(' ');
        let address = fields.next().unwrap_or_default();
        let mut next = || fields.next().map(hexadecimal);
        let bad = || expected("an address, a module, and functions with files and lines");
        let module = next().flatten().ok_or_else(bad)?;
        let mut frames = Vec::new();
        while let Some(function) = next().filter(|_| frames.len() < MOST_FRAMES) {
            let function = self.text(function.ok_or_else(bad)?)?;
            // A function of which the file is not known stands alone.
            let (file, line) = match (next(), next()) {
                (Some(Some(file)), Some(Some(line))) => (self.text(file)?, line),
                (None, None) => (None, 0),
                _ => return Err(bad()),
            };
            let file = match file {
                None => self.text(module)?,
                file => file,
            };
            let line = u32::try_from(line).unwrap_or(0);
            let frame = Frame::at(file.unwrap_or_default(), line);
            let unknown = || format!("0x{address}");
            frames
                .push(Frame { function: Some(function.map_or_else(unknown, str::to_owned).into()), ..frame });
        }
        if frames.is_empty() {
            let module = self.text(module)?.unwrap_or_default();
            frames.push(Frame { function: Some(format!("0x{address}").into()), ..Frame::at(module, 0) });
        }
        let names: usize = frames.iter().map(name_bytes).sum();
        if self.name_bytes + names > most_name_bytes(self.bytes) {
            return Err(wrong(TOO_MANY_NAMES));
        }
        self.name_bytes += names;
        let frames: Frames = frames.into_iter().map(|frame| self.stacks.frame(frame)).collect();
        push(&mut self.places, frames)
    }

    /// Returns the string of a number; 0 is none.
    fn text(&self, number: u64) -> Result<Option<&str>, Damage> {
        let Some(place) = number.checked_sub(1) else { return Ok(None) };
        let text = usize::try_from(place).ok().and_then(|place| self.strings.get(place));
        text.map(|text| Some(&**text)).ok_or_else(|| expected("the number of a string above"))
    }

    /// Ends the time before another.
    fn time(&mut self, milliseconds: u64, line: u64) {
        // What stands above the first time is what was there at the start.
        if milliseconds <= self.milliseconds {
            return;
        }
        if self.samples.takes(self.milliseconds) {
            self.samples.push(self.milliseconds, self.sizes(line));
        }
        if self.kept.takes(self.milliseconds) {
            let kept = self.keep(line);
            self.kept.push(self.milliseconds, kept);
            self.stacks_kept = self.kept.records().iter().map(|kept| kept.stacks.len()).sum();
            while self.stacks_kept > MOST_KEPT && self.kept.records().len() > 2 {
                self.kept.halve(self.milliseconds);
                self.stacks_kept = self.kept.records().iter().map(|kept| kept.stacks.len()).sum();
            }
        }
        self.milliseconds = milliseconds;
    }

    const fn sizes(&self, line: u64) -> Sizes {
        let Self { milliseconds, heap, resident_pages, .. } = *self;
        Sizes { milliseconds, line, heap, resident_pages }
    }

    fn keep(&self, line: u64) -> Kept {
        let stacks = (0..).zip(&self.in_use).filter(|(_, blocks)| blocks.bytes > 0);
        Kept {
            milliseconds: self.milliseconds,
            line,
            stacks: stacks.map(|(trace, blocks)| (trace, *blocks)).collect(),
        }
    }

    /// Hands over all that was found.
    pub fn finish(&mut self, line: u64, out: &mut Sink<'_>) {
        if self.traces.is_empty() && self.samples.records().is_empty() {
            return;
        }
        self.samples.push_last(self.sizes(line));
        self.kept.push_last(self.keep(line));
        if self.is_attached {
            out.note("heaptrack was attached to a running program: blocks from before are not counted");
        }
        let subject =
            Subject { kind: SubjectKind::Process, name: self.command.clone(), ..Subject::default() };
        for sizes in self.samples.records() {
            let line = Line { text: "", number: sizes.line, ended: true };
            let time = out.elapsed_seconds(seconds(sizes.milliseconds));
            #[allow(clippy::cast_precision_loss, reason = "no heap has 2^53 bytes")]
            let bytes = |bytes: u64| Measured::exact(bytes as f64);
            let resident = sizes.resident_pages.map(|pages| pages.saturating_mul(self.page_bytes));
            let heap = u64::try_from(sizes.heap).unwrap_or(0);
            let sample = out.sample_at(line, subject.clone(), time).set(HEAP, bytes(heap));
            sample.set_all(resident.map(|resident| (RSS, bytes(resident)))).push();
        }
        for kept in std::mem::replace(&mut self.kept, Downsampled::new(0)).records() {
            for &(trace, blocks) in &kept.stacks {
                let frames = self.frames(trace);
                #[allow(clippy::cast_precision_loss, reason = "no heap has 2^53 bytes")]
                let in_use = InUse::counted(blocks.bytes as f64, Some(blocks.count.max(0) as f64));
                self.stacks.push(frames, in_use);
            }
            let time = out.elapsed_seconds(seconds(kept.milliseconds));
            let moment = Moment { time, subject: None, line: kept.line, truncation: Truncation::Complete };
            let done = self.stacks.hand_over(self.grouping, GroupBy::Line, moment, self.bytes, out);
            if let Err(damage) = done {
                out.damaged(kept.line, damage);
            }
        }
    }

    /// Returns the frames of a stack, innermost first, as far as they are of use.
    fn frames(&self, trace: u32) -> Vec<FrameId> {
        let (mut frames, mut next) = (Vec::new(), trace);
        let needs_all = self.grouping.cumulative || self.grouping.by == Some(GroupBy::Traceback);
        for _ in 0..MOST_FRAMES {
            let trace = (next as usize).checked_sub(1).and_then(|at| self.traces.get(at));
            let Some(&(place, caller)) = trace else { break };
            let of_place = (place as usize).checked_sub(1).and_then(|at| self.places.get(at));
            for &frame in of_place.into_iter().flatten() {
                let is_first = frames.is_empty();
                let function = self.stacks.function(frame);
                if !(is_first && caller != 0 && function.is_some_and(allocators::is_function)) {
                    frames.push(frame);
                }
            }
            if !needs_all && !frames.is_empty() {
                break;
            }
            next = caller;
        }
        frames
    }
}

/// Returns the bytes of a frame with its names.
fn name_bytes(frame: &Frame) -> usize {
    size_of::<Frame>() + frame.file.len() + frame.function.as_deref().map_or(0, str::len)
}

fn push<T>(list: &mut Vec<T>, item: T) -> Result<(), Damage> {
    if list.len() >= MOST_DISTINCT {
        return Err(wrong("the recording has too many names, stacks or sizes"));
    }
    list.push(item);
    Ok(())
}

#[allow(clippy::cast_precision_loss, reason = "no recording lasts 2^53 milliseconds")]
fn seconds(milliseconds: u64) -> f64 {
    milliseconds as f64 / 1000.0
}
