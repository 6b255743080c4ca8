//! The traces of a snapshot, added up by their stacks: blocks of one stack share its frames in the pickle.

use super::classes::Class;
use super::cursor::wrong;
use super::values::{Value, Values, place};
use crate::formats::line::Damage;

/// Bytes of all blocks that are added up exactly.
const MOST_BYTES: i64 = 1 << 53;

/// The blocks that were allocated by one stack, as far as the pickle knows it to be one.
#[derive(Debug)]
pub struct Stack {
    /// The tuple of its frames.
    frames: u32,
    length: u32,
    pub bytes: i64,
    pub blocks: u64,
}

/// A frame: the number of a file's name, and a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Frame {
    pub file: u32,
    pub line: u32,
}

/// Returns the stacks of an object that must be a snapshot, in the order in which they are first met: of all blocks, or
/// of those of a domain.
///
/// # Errors
/// Returns the damage of an object that is none, and of a trace that is not as Python 3.6 to 3.13 writes it.
pub fn stacks(root: Value, domain: Option<u32>, values: &mut Values<'_>) -> Result<Vec<Stack>, Damage> {
    let snapshot = object(root, Class::Snapshot, values).ok_or_else(|| {
        wrong(format!("a pickle of {}, not of a snapshot of tracemalloc (Snapshot.dump)", kind(root)))
    })?;
    let traces =
        values.attribute(snapshot, "traces").and_then(|traces| object(traces, Class::Traces, values));
    let traces = traces.and_then(|traces| values.attribute(traces, "_traces"));
    let traces = traces.ok_or_else(|| wrong("a snapshot of tracemalloc without traces"))?;
    let mut stacks = Vec::new();
    let mut bytes = 0;
    match traces {
        Value::List(list) => {
            let traces = values.lists.get_mut(list as usize).map(std::mem::take).unwrap_or_default();
            traces
                .into_iter()
                .try_for_each(|trace| add(trace.value(), domain, &mut bytes, &mut stacks, values))?;
        }
        Value::Tuple(tuple) => {
            let length = length(tuple, &stacks, values);
            for at in 0..length as usize {
                let trace = values.members(tuple, length)[at];
                add(trace.value(), domain, &mut bytes, &mut stacks, values)?;
            }
        }
        _ => return Err(wrong(format!("expected a list of traces, found {}", kind(traces)))),
    }
    if let (Some(domain), true) = (domain, stacks.is_empty()) {
        return Err(wrong(format!("a snapshot without blocks of domain {domain}")));
    }
    Ok(stacks)
}

/// Adds the block of a trace to its stack, unless it is of another domain.
fn add(
    trace: Value,
    domain: Option<u32>,
    bytes: &mut i64,
    stacks: &mut Vec<Stack>,
    values: &mut Values<'_>,
) -> Result<(), Damage> {
    let Value::Tuple(at) = trace else {
        return Err(wrong(format!("expected a trace, found {}", kind(trace))));
    };
    let fields = values.members(at, length(at, stacks, values));
    let (of_domain, size, frames) = match *fields {
        [of_domain, size, frames] | [of_domain, size, frames, _] => {
            (of_domain.value(), size.value(), frames.value())
        }
        [_, _] => {
            return Err(wrong(
                "traces of two fields, as Python 3.5 and older dump them: those of 3.6 and newer are read",
            ));
        }
        _ => return Err(wrong(format!("expected a trace of three or four fields, found {}", fields.len()))),
    };
    let of_domain = values.number(of_domain).ok_or_else(|| wrong("expected the domain of a block"))?;
    if domain.is_some_and(|domain| i64::from(domain) != of_domain) {
        return Ok(());
    }
    let size = values.number(size).filter(|size| (0..=MOST_BYTES).contains(size));
    let size = size.ok_or_else(|| wrong("expected the size of a block in bytes"))?;
    *bytes += size;
    if *bytes > MOST_BYTES {
        return Err(wrong("the blocks have more bytes than any machine"));
    }
    let Value::Tuple(frames) = frames else {
        return Err(wrong(format!("expected the frames of a trace, found {}", kind(frames))));
    };
    match values.header(frames) {
        Value::Stack(known) => {
            let stack = stacks.get_mut(known as usize).ok_or_else(|| wrong("expected a stack"))?;
            stack.bytes += size;
            stack.blocks += 1;
        }
        Value::Length(0) => return Err(wrong("a trace without frames")),
        Value::Length(length) => {
            let number = place(stacks.len())?;
            values.set_header(frames, Value::Stack(number));
            stacks.push(Stack { frames, length, bytes: size, blocks: 1 });
        }
        _ => return Err(wrong("expected the frames of a trace")),
    }
    Ok(())
}

impl Stack {
    /// Returns the frames of the stack, innermost first.
    pub fn frames<'v>(&self, values: &'v Values<'_>) -> impl Iterator<Item = Result<Frame, Damage>> + 'v {
        values.members(self.frames, self.length).iter().map(|member| frame(member.value(), values))
    }

    /// Returns the innermost frame.
    ///
    /// # Errors
    /// Returns the damage of a value that is no frame.
    pub fn innermost(&self, values: &Values<'_>) -> Result<Frame, Damage> {
        self.frames(values).next().unwrap_or_else(|| Err(wrong("a trace without frames")))
    }
}

fn frame(value: Value, values: &Values<'_>) -> Result<Frame, Damage> {
    // A header of a stack is of a tuple that is no frame.
    if let Value::Tuple(at) = value
        && values.header(at) == Value::Length(2)
        && let [file, line] = *values.members(at, 2)
        && let Value::Text(file) = file.value()
        && let Some(line) = values.number(line.value()).and_then(|line| u32::try_from(line).ok())
    {
        return Ok(Frame { file, line });
    }
    Err(wrong("expected a frame: the name of a file and a line"))
}

fn length(tuple: u32, stacks: &[Stack], values: &Values<'_>) -> u32 {
    match values.header(tuple) {
        Value::Length(length) => length,
        Value::Stack(known) => stacks.get(known as usize).map_or(0, |stack| stack.length),
        _ => 0,
    }
}

fn object(value: Value, class: Class, values: &Values<'_>) -> Option<u32> {
    let Value::Object(number) = value else { return None };
    values.objects.get(number as usize).filter(|object| object.class == class).map(|_| number)
}

/// Returns a word for the kind of a value.
const fn kind(value: Value) -> &'static str {
    match value {
        Value::Int(_) | Value::Long(_) => "a number",
        Value::Text(_) => "a text",
        Value::Tuple(_) | Value::Length(_) | Value::Stack(_) => "a tuple",
        Value::List(_) => "a list",
        Value::Dict(_) => "a dictionary",
        Value::Class(_) => "a class",
        Value::Object(_) => "another object",
        Value::Other => "nothing",
    }
}
