//! Stacks grouped as CPython's `Snapshot.statistics` groups them: the same sums in the same order.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::cursor::wrong;
use super::stacks::{Frame, Stack};
use super::texts::Texts;
use super::values::Values;
use crate::formats::line::Damage;
use crate::formats::options::GroupBy;
use crate::model::{self, Place};

/// A line of a traceback that stands for a whole file.
const WHOLE_FILE: u32 = 0;

/// The blocks of one group.
#[derive(Debug)]
pub struct Statistic {
    frames: Frames,
    pub bytes: i64,
    pub blocks: u64,
}

/// The frames of a group.
#[derive(Debug)]
enum Frames {
    /// One of a line, or of a file.
    One(Frame),
    /// A whole stack, innermost first.
    All(Box<[Frame]>),
}

/// Sums of the blocks of one group.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    bytes: i64,
    blocks: u64,
}

impl Sum {
    fn add(&mut self, stack: &Stack) -> Result<(), Damage> {
        self.blocks += stack.blocks;
        // A recursive function counts a block once for each of its frames, as in CPython.
        let sum = self.bytes.checked_add(stack.bytes).filter(|sum| *sum <= 1 << 53);
        self.bytes = sum.ok_or_else(|| wrong("the blocks of a site have more bytes than any machine"))?;
        Ok(())
    }
}

/// Returns the statistics of some stacks, the largest first.
///
/// # Errors
/// Returns the damage of a value that is no frame.
pub fn statistics(
    stacks: &[Stack],
    by: GroupBy,
    cumulative: bool,
    values: &Values<'_>,
) -> Result<Vec<Statistic>, Damage> {
    let mut statistics = match by {
        // Packages are added up from whole stacks later, as those of texts are.
        GroupBy::Traceback | GroupBy::Package => by_stack(stacks, values)?,
        by => by_frame(stacks, by, cumulative, values)?,
    };
    let ranks = values.texts.ranks();
    statistics.sort_unstable_by(|a, b| b.compare(a, &ranks));
    Ok(statistics)
}

fn by_frame(
    stacks: &[Stack],
    by: GroupBy,
    cumulative: bool,
    values: &Values<'_>,
) -> Result<Vec<Statistic>, Damage> {
    let group = |frame: Frame| match by {
        GroupBy::File => Frame { line: WHOLE_FILE, ..frame },
        GroupBy::Line | GroupBy::Package | GroupBy::Function | GroupBy::Traceback => frame,
    };
    let mut sums: HashMap<Frame, Sum> = HashMap::new();
    for stack in stacks {
        if cumulative {
            for frame in stack.frames(values) {
                sums.entry(group(frame?)).or_default().add(stack)?;
            }
        } else {
            sums.entry(group(stack.innermost(values)?)).or_default().add(stack)?;
        }
    }
    let statistic = |(frame, Sum { bytes, blocks })| Statistic { frames: Frames::One(frame), bytes, blocks };
    Ok(sums.into_iter().map(statistic).collect())
}

fn by_stack(stacks: &[Stack], values: &Values<'_>) -> Result<Vec<Statistic>, Damage> {
    let mut sums: HashMap<Box<[Frame]>, Sum> = HashMap::new();
    for stack in stacks {
        let frames = stack.frames(values).collect::<Result<_, _>>()?;
        sums.entry(frames).or_default().add(stack)?;
    }
    let statistic =
        |(frames, Sum { bytes, blocks })| Statistic { frames: Frames::All(frames), bytes, blocks };
    Ok(sums.into_iter().map(statistic).collect())
}

impl Statistic {
    /// Compares by size, number of blocks and frames, outermost first, as CPython does. Files have their ranks.
    fn compare(&self, other: &Self, ranks: &[u32]) -> Ordering {
        let rank = |frame: &Frame| ranks.get(frame.file as usize);
        let frame = |a: &Frame, b: &Frame| rank(a).cmp(&rank(b)).then(a.line.cmp(&b.line));
        let frames = || {
            let (mut own, mut others) = (self.frames().iter().rev(), other.frames().iter().rev());
            loop {
                match (own.next(), others.next()) {
                    (Some(a), Some(b)) => match frame(a, b) {
                        Ordering::Equal => {}
                        order => return order,
                    },
                    (a, b) => return a.is_some().cmp(&b.is_some()),
                }
            }
        };
        self.bytes.cmp(&other.bytes).then(self.blocks.cmp(&other.blocks)).then_with(frames)
    }

    fn frames(&self) -> &[Frame] {
        match &self.frames {
            Frames::One(frame) => std::slice::from_ref(frame),
            Frames::All(frames) => frames,
        }
    }

    /// Returns the bytes that the names of its frames take up.
    pub fn name_bytes(&self, texts: &Texts<'_>) -> usize {
        let of = |frame: &Frame| texts.get(frame.file).len() + size_of::<model::Frame>();
        self.frames().iter().map(of).sum()
    }

    /// Returns the place of the group.
    pub fn place(&self, by: GroupBy, texts: &Texts<'_>) -> Place {
        let shown = |frame: &Frame| model::Frame::at(texts.shown(frame.file), frame.line);
        match (&self.frames, by) {
            (Frames::One(frame), GroupBy::File) => Place::File(texts.shown(frame.file)),
            (Frames::One(frame), _) => Place::Line(shown(frame)),
            (Frames::All(frames), _) => Place::Traceback(frames.iter().map(shown).collect()),
        }
    }
}
