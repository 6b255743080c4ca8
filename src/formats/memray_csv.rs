//! `memray transform csv`: the blocks of each stack, live at the peak; with `--leaks`, at the end.

use super::contract::{Detect, DocumentParser, Format, Parser};
use super::line::Damage;
use super::options::{GroupBy, Grouping};
use super::sink::Sink;
use super::stacks::{FrameId, InUse, Moment, Stacks};
use crate::model::{Frame, Truncation};

const HEADER: &str = "allocator,num_allocations,size,tid,thread_name,stack_trace";

/// Tables of `memray transform csv`.
pub static FORMAT: Format = Format {
    name: "memray-csv",
    reads: "tables of memray transform csv (\"allocator,num_allocations,size,tid,thread_name,stack_trace\")",
    example: "allocator,num_allocations,size,tid,thread_name,stack_trace\n\
              MALLOC,2,2048,1,0x1,keep;/srv/app/app.py;14|main;/srv/app/app.py;27\n",
    detect: Detect::Magic(&[HEADER.as_bytes()]),
    parser: |options| Parser::Document(Box::new(MemrayCsv { grouping: options.grouping })),
};

/// Whole numbers above this are no longer exact.
const TOO_MANY: u64 = 1 << 53;

/// Reads a table.
struct MemrayCsv {
    grouping: Grouping,
}

impl DocumentParser for MemrayCsv {
    fn document(&mut self, bytes: &[u8], out: &mut Sink<'_>) -> Result<(), Damage> {
        let text = String::from_utf8_lossy(bytes);
        let mut stacks = Stacks::default();
        let mut truncation = Truncation::Complete;
        for (number, line) in (1..).zip(text.split_inclusive('\n')).skip(1) {
            let whole = line.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
            if whole.is_some_and(str::is_empty) {
                continue;
            }
            // The last line may be cut in a number.
            match whole.and_then(row) {
                Some(Row { blocks, bytes, stack }) => {
                    let frames = frames(&stack, &mut stacks);
                    #[allow(clippy::cast_precision_loss, reason = "below 2^53")]
                    stacks.push(frames, InUse::counted(bytes as f64, Some(blocks as f64)));
                }
                None => {
                    let message = "expected an allocator, a number of blocks, bytes, a thread and a stack";
                    out.damaged(number, Damage { column: None, message: message.to_owned() });
                    truncation = Truncation::Partial { at_most: None };
                }
            }
        }
        if stacks.len() == 0 {
            return Err(Damage { column: None, message: "the table has no blocks".to_owned() });
        }
        out.note(
            "memray transform csv has the blocks of one moment, the peak (with --leaks: the end): compare tables of \
             the same kind",
        );
        out.note_first_line(1, HEADER);
        let moment = Moment { time: None, subject: None, line: 1, truncation };
        stacks.finish(self.grouping, GroupBy::Line, moment, bytes.len(), out)
    }
}

/// A row: the blocks of one stack.
#[derive(Debug, PartialEq)]
struct Row {
    blocks: u64,
    bytes: u64,
    stack: String,
}

fn row(line: &str) -> Option<Row> {
    let mut fields = fields(line).into_iter();
    let _allocator = fields.next().filter(|name| !name.is_empty())?;
    let mut number = || fields.next()?.parse().ok().filter(|number: &u64| *number < TOO_MANY);
    let (blocks, bytes) = (number()?, number()?);
    let stack = fields.nth(2)?;
    fields.next().is_none().then_some(Row { blocks, bytes, stack })
}

/// Splits a row at its commas; a field may stand in quotation marks, which are doubled within it.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut is_quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                fields.last_mut().into_iter().for_each(|field| field.push('"'));
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => fields.push(String::new()),
            other => fields.last_mut().into_iter().for_each(|field| field.push(other)),
        }
    }
    fields
}

/// Returns the frames of `keep;/srv/app/app.py;14|main;/srv/app/app.py;27`, innermost first.
fn frames(stack: &str, stacks: &mut Stacks) -> Vec<FrameId> {
    let frame = |text: &str| {
        let (rest, line) = text.rsplit_once(';')?;
        let (function, file) = rest.split_once(';')?;
        Some(Frame { function: Some(function.into()), ..Frame::at(file, line.parse().ok()?) })
    };
    stack.split('|').filter_map(frame).map(|frame| stacks.frame(frame)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows() {
        let of = |blocks, bytes, stack: &str| Some(Row { blocks, bytes, stack: stack.to_owned() });
        for (line, expected) in [
            ("MALLOC,1,1340,1,0x1,keep;/srv/a.py;58", of(1, 1340, "keep;/srv/a.py;58")),
            ("MMAP,1,4096,1,\"0x1 (a, b)\",\"f;/srv/a \"\"b\"\".py;1\"", of(1, 4096, "f;/srv/a \"b\".py;1")),
            ("MALLOC,1,1340,1,0x1,", of(1, 1340, "")),
            ("MALLOC,1,1340,1,0x1", None),
            ("MALLOC,1,-5,1,0x1,keep;a.py;1", None),
            ("MALLOC,1,1340,1,0x1,keep;a.py;1,x", None),
        ] {
            assert_eq!(row(line), expected, "{line}");
        }
        let mut stacks = Stacks::default();
        assert_eq!(frames("keep;/srv/a;b.py;14|main;/srv/a.py;27|?", &mut stacks).len(), 2);
    }
}
