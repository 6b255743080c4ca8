//! Stacks of any heap profile, added up by the part of the stack that the user asked for.

use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::options::{GroupBy, Grouping, NO_DOMAINS};
use super::package::package;
use super::sink::Sink;
use crate::formats::line::Damage;
use crate::model::{
    Dialect, Frame, Measured, Place, Readings, Snapshot, SubjectId, TimeRef, Truncation, WrittenReading,
};

/// Bytes that the names of the sites of a profile may take up: a profile has each name once, sites have it each.
const MOST_NAME_BYTES: usize = 1 << 30;
/// The same for each byte of the profile, …
const NAME_BYTES_EACH: usize = 64;
/// … and for a profile of few bytes.
const LEAST_NAME_BYTES: usize = 1 << 20;

/// The damage of a profile whose sites have too many names.
pub const TOO_MANY_NAMES: &str =
    "the names of all frames take up too much memory: use --group-by line or file";

/// Returns the bytes that the names of the sites of a profile of some bytes may take up.
pub fn most_name_bytes(profile: usize) -> usize {
    MOST_NAME_BYTES.min(profile.saturating_mul(NAME_BYTES_EACH) + LEAST_NAME_BYTES)
}

/// Half of a 95 % interval, in standard deviations.
const HALF_WIDTH_DEVIATIONS: f64 = 1.96;

/// The blocks in use of one stack: counted, or estimated from a sample of them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct InUse {
    pub bytes: f64,
    /// The variance of the bytes; 0 where all blocks were counted.
    pub variance: f64,
    /// The number of blocks, if the profile has it.
    pub blocks: Option<f64>,
}

impl InUse {
    /// Returns bytes that were counted.
    pub const fn counted(bytes: f64, blocks: Option<f64>) -> Self {
        Self { bytes, variance: 0.0, blocks }
    }

    /// Adds other blocks.
    pub fn add(&mut self, other: Self) {
        self.bytes += other.bytes;
        self.variance += other.variance;
        self.blocks = match (self.blocks, other.blocks) {
            (Some(own), Some(others)) => Some(own + others),
            (own, others) => own.or(others),
        };
    }

    /// Returns the bytes; those of a sample with half of their 95 % interval as half-width.
    pub fn measured(self) -> Measured {
        Measured::rounded(self.bytes, HALF_WIDTH_DEVIATIONS * self.variance.max(0.0).sqrt())
    }
}

/// The number of a frame within one [`Stacks`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrameId(u32);

/// The stacks of one profile.
#[derive(Debug, Default)]
pub struct Stacks {
    frames: Vec<Frame>,
    /// The numbers by the hashes of their frames, which are stored once.
    numbers: HashTable<FrameId>,
    hasher: RandomState,
    /// The frames of each stack, innermost first, and its blocks.
    stacks: Vec<(Box<[FrameId]>, InUse)>,
    total: InUse,
}

/// The moment and the heap of a profile.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    pub time: Option<TimeRef>,
    pub subject: Option<SubjectId>,
    /// The line at which the profile begins.
    pub line: u64,
    pub truncation: Truncation,
}

impl Stacks {
    /// Returns the number of a frame, a new one if it was never met.
    pub fn frame(&mut self, frame: Frame) -> FrameId {
        let Self { frames, numbers, hasher, .. } = self;
        let hash = hasher.hash_one(&frame);
        if let Some(number) = numbers.find(hash, |number| frames[number.0 as usize] == frame) {
            return *number;
        }
        let number = FrameId(u32::try_from(frames.len()).unwrap_or(u32::MAX));
        frames.push(frame);
        numbers.insert_unique(hash, number, |number| hasher.hash_one(&frames[number.0 as usize]));
        number
    }

    /// Returns the function of a frame, if the profile has it.
    pub fn function(&self, frame: FrameId) -> Option<&str> {
        self.frames[frame.0 as usize].function.as_deref()
    }

    /// Adds the blocks of a stack, whose frames stand innermost first.
    pub fn push(&mut self, frames: impl Into<Box<[FrameId]>>, in_use: InUse) {
        self.total.add(in_use);
        self.stacks.push((frames.into(), in_use));
    }

    /// Returns the blocks of all stacks together.
    pub const fn total(&self) -> InUse {
        self.total
    }

    /// Returns the number of stacks.
    pub const fn len(&self) -> usize {
        self.stacks.len()
    }

    /// Hands the sites over as one snapshot, the largest first, and counts each as a record. Blocks of stacks without
    /// frames are part of the total alone.
    ///
    /// # Errors
    /// Returns the damage of a profile of `profile_bytes` whose sites have too many names.
    pub fn finish(
        mut self,
        grouping: Grouping,
        unless_asked: GroupBy,
        moment: Moment,
        profile_bytes: usize,
        out: &mut Sink<'_>,
    ) -> Result<(), Damage> {
        self.hand_over(grouping, unless_asked, moment, profile_bytes, out)
    }

    /// Hands the sites over as [`Stacks::finish`] does, and keeps the frames for the next snapshot of a recording.
    ///
    /// # Errors
    /// Returns the damage of a profile of `profile_bytes` whose sites have too many names.
    pub fn hand_over(
        &mut self,
        grouping: Grouping,
        unless_asked: GroupBy,
        moment: Moment,
        profile_bytes: usize,
        out: &mut Sink<'_>,
    ) -> Result<(), Damage> {
        out.fold_stacks();
        if grouping.domain.is_some() {
            out.note(NO_DOMAINS);
        }
        let by = grouping.by.unwrap_or(if grouping.cumulative { GroupBy::Line } else { unless_asked });
        let sums = self.sums(by, grouping.cumulative);
        let name_bytes = |id: &FrameId| {
            let Frame { file, function, .. } = &self.frames[id.0 as usize];
            size_of::<Frame>() + file.len() + function.as_deref().map_or(0, str::len)
        };
        let names: usize = sums.iter().map(|(key, _)| key.iter().map(name_bytes).sum::<usize>()).sum();
        if names > most_name_bytes(profile_bytes) {
            return Err(Damage { column: None, message: TOO_MANY_NAMES.to_owned() });
        }
        let mut readings = Readings::new();
        for (key, in_use) in &sums {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of blocks")]
            let blocks = in_use.blocks.map(|blocks| blocks.round() as u64);
            let site = out.site(self.place(key, by));
            let size = in_use.measured().into();
            readings.push(&WrittenReading { site, size, average: None, blocks, change: None });
        }
        out.count_records(sums.len() as u64);
        let Moment { time, subject, line, truncation } = moment;
        let readings_of_all = 0..readings.len();
        let dialect = Dialect::Profile;
        let snapshot = Snapshot { time, dialect, readings: readings_of_all, truncation, subject, line };
        out.add_snapshots(vec![snapshot], readings);
        Ok(())
    }

    /// Returns the sums of all groups, the largest first.
    fn sums(&mut self, by: GroupBy, cumulative: bool) -> Vec<(Box<[FrameId]>, InUse)> {
        let mut sums: HashMap<Box<[FrameId]>, InUse> = HashMap::new();
        self.total = InUse::default();
        let mut add = |key: Box<[FrameId]>, in_use| sums.entry(key).or_default().add(in_use);
        for (frames, in_use) in std::mem::take(&mut self.stacks) {
            let Some(innermost) = frames.first() else { continue };
            match by {
                GroupBy::Traceback => add(frames, in_use),
                by if cumulative => {
                    let mut keys: Vec<_> = frames.iter().map(|frame| self.group(*frame, by)).collect();
                    // A recursive function holds a block once.
                    keys.sort_unstable();
                    keys.dedup();
                    keys.into_iter().for_each(|key| add(Box::new([key]), in_use));
                }
                by => add(Box::new([self.group(*innermost, by)]), in_use),
            }
        }
        let mut sums: Vec<_> = sums.into_iter().collect();
        sums.sort_unstable_by(|(a_key, a), (b_key, b)| {
            // Frames are numbered in the order of the profile.
            b.bytes.total_cmp(&a.bytes).then_with(|| a_key.cmp(b_key))
        });
        sums
    }

    /// Returns the frame that stands for the group of another.
    fn group(&mut self, frame: FrameId, by: GroupBy) -> FrameId {
        let Frame { file, function, .. } = &self.frames[frame.0 as usize];
        let group = match by {
            GroupBy::Package => Frame::at(package(&self.frames[frame.0 as usize]), 0),
            GroupBy::File if !file.is_empty() => Frame::at(file.clone(), 0),
            GroupBy::Function if function.is_some() && !file.is_empty() => {
                Frame { function: function.clone(), ..Frame::at(file.clone(), 0) }
            }
            // An address without a file of source has a binary: `cleaky+0x122c`.
            GroupBy::File => match function.as_deref().and_then(binary) {
                Some(binary) => Frame::at(binary, 0),
                None => return frame,
            },
            _ => return frame,
        };
        self.frame(group)
    }

    fn place(&self, key: &[FrameId], by: GroupBy) -> Place {
        let frame = |id: &FrameId| self.frames[id.0 as usize].clone();
        match key {
            [one] if by != GroupBy::Traceback => match frame(one) {
                Frame { file, line: 0, function: None } => Place::File(file),
                frame => Place::Line(frame),
            },
            frames => Place::Traceback(frames.iter().map(frame).collect()),
        }
    }
}

/// Returns the binary of an address in it: that of `cleaky+0x122c` is `cleaky`.
fn binary(function: &str) -> Option<&str> {
    let (binary, offset) = function.rsplit_once("+0x")?;
    (!binary.is_empty() && offset.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(binary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binaries() {
        for (function, expected) in
            [("cleaky+0x122c", Some("cleaky")), ("main.keep", None), ("0x1f", None), ("a+0xg", None)]
        {
            assert_eq!(binary(function), expected, "{function}");
        }
    }

    #[test]
    fn groups() {
        let frame = |function: &str, line| Frame {
            function: Some(function.into()),
            ..Frame::at("/srv/app/main.go", line)
        };
        for (by, cumulative, expected) in [
            (
                GroupBy::Line,
                false,
                &[("keep (/srv/app/main.go:22)", 30.0), ("keep (/srv/app/main.go:9)", 1.0)][..],
            ),
            (GroupBy::Function, false, &[("keep (/srv/app/main.go)", 31.0)]),
            (GroupBy::File, false, &[("/srv/app/main.go", 31.0)]),
            (
                GroupBy::Traceback,
                false,
                &[
                    ("keep (/srv/app/main.go:22) < main (/srv/app/main.go:3)", 30.0),
                    ("keep (/srv/app/main.go:9) < keep (/srv/app/main.go:22)", 1.0),
                ],
            ),
            (
                GroupBy::Function,
                true,
                &[("keep (/srv/app/main.go)", 31.0), ("main (/srv/app/main.go)", 30.0)],
            ),
        ] {
            let mut stacks = Stacks::default();
            let (keep, main) = (stacks.frame(frame("keep", 22)), stacks.frame(frame("main", 3)));
            let other = stacks.frame(frame("keep", 9));
            stacks.push([keep, main], InUse::counted(10.0, Some(1.0)));
            stacks.push([other, keep], InUse::counted(1.0, Some(1.0)));
            stacks.push([keep, main], InUse::counted(20.0, Some(2.0)));
            stacks.push([], InUse::counted(4.0, None));
            assert_eq!(stacks.total(), InUse::counted(35.0, Some(4.0)));
            let sums = stacks.sums(by, cumulative);
            assert_eq!((stacks.len(), stacks.total()), (0, InUse::default()), "the next snapshot begins");
            let shown = |(key, sum): &(Box<[FrameId]>, InUse)| {
                let site = crate::model::Site::of(stacks.place(key, by));
                (site.text(), sum.bytes)
            };
            let shown: Vec<_> = sums.iter().map(shown).collect();
            let expected: Vec<_> =
                expected.iter().map(|(text, bytes)| ((*text).to_owned(), *bytes)).collect();
            assert_eq!(shown, expected, "{by:?} {cumulative}");
        }
    }

    #[test]
    fn samples_have_an_interval() {
        let mut sum = InUse { bytes: 100.0, variance: 9.0, blocks: Some(2.0) };
        sum.add(InUse { bytes: 50.0, variance: 16.0, blocks: None });
        assert_eq!(sum.measured(), Measured::rounded(150.0, 1.96 * 5.0));
        assert!(InUse::counted(7.0, None).measured().is_exact());
    }
}
