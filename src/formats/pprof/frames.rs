//! The frames of the locations of a profile.

use std::collections::HashMap;

use regex::{Regex, RegexBuilder};

use super::profile::{Location, Profile, TextId, each_line};
use super::wire::wrong;
use crate::formats::allocators;
use crate::formats::line::Damage;
use crate::formats::stacks::{FrameId, Stacks, TOO_MANY_NAMES, most_name_bytes};
use crate::model::Frame;

/// Frames of all stacks together, for each byte of the profile, …
const FRAMES_EACH: usize = 8;
/// … and for a profile of few bytes.
const LEAST_FRAMES: usize = 100_000;
/// Bytes of a pattern of frames; a longer one is ignored.
const MOST_PATTERN: usize = 16 << 10;
/// The same, compiled.
const MOST_PATTERN_BYTES: usize = 1 << 20;

/// A frame, and whether it is left out.
#[derive(Debug, Clone, Copy)]
struct Known {
    frame: FrameId,
    /// Whether it is a frame of the allocator.
    is_allocator: bool,
    /// Whether the profile says that it and all frames that it calls are to be dropped.
    is_dropped: bool,
}

/// Makes frames of locations, each once.
#[derive(Debug)]
pub struct Frames<'a> {
    profile: &'a Profile<'a>,
    known: HashMap<u64, Box<[Known]>>,
    has_names: bool,
    drop: Option<Regex>,
    keep: Option<Regex>,
    /// Frames and bytes of names that may still be made.
    frames_left: usize,
    names_left: usize,
    stack: Vec<Known>,
}

impl<'a> Frames<'a> {
    /// Returns the frames of a profile of some bytes.
    pub fn new(profile: &'a Profile<'a>, bytes: usize) -> Self {
        let pattern = |id: TextId| {
            let text = profile.text(id);
            let is_usual = !text.is_empty() && text.len() <= MOST_PATTERN;
            let pattern = is_usual.then(|| format!("^(?:{text})$"))?;
            RegexBuilder::new(&pattern).size_limit(MOST_PATTERN_BYTES).build().ok()
        };
        Self {
            profile,
            known: HashMap::new(),
            has_names: false,
            drop: pattern(profile.drop_frames),
            keep: pattern(profile.keep_frames),
            frames_left: bytes.saturating_mul(FRAMES_EACH) + LEAST_FRAMES,
            names_left: most_name_bytes(bytes),
            stack: Vec::new(),
        }
    }

    /// Whether any frame has a function's name, and is no mere address.
    pub const fn has_names(&self) -> bool {
        self.has_names
    }

    /// Returns the frames of a stack without those of the allocator, innermost first.
    pub fn stack(&mut self, locations: &[u64], stacks: &mut Stacks) -> Result<Box<[FrameId]>, Damage> {
        self.stack.clear();
        for id in locations {
            if !self.known.contains_key(id) {
                let made = self.make(*id, stacks)?;
                self.known.insert(*id, made);
            }
            let frames = self.known.get(id).map_or(&[][..], |frames| frames);
            self.frames_left = self
                .frames_left
                .checked_sub(frames.len())
                .ok_or_else(|| wrong("the stacks of the profile have too many frames"))?;
            self.stack.extend_from_slice(frames);
        }
        let kept = self.stack.get(dropped(&self.stack)..).unwrap_or_default();
        let own = allocators::innermost(kept.iter().map(|known| known.is_allocator));
        Ok(kept.iter().skip(own).map(|known| known.frame).collect())
    }

    /// Makes the frames of a location: several where calls were inlined.
    fn make(&mut self, id: u64, stacks: &mut Stacks) -> Result<Box<[Known]>, Damage> {
        let Some(&(location, lines)) = self.profile.locations.get(&id) else {
            return Err(wrong(format!("a stack of location {id}, which the profile does not have")));
        };
        let mut made = Vec::new();
        each_line(lines, |function, line| {
            made.push(self.of_line(function, line, stacks)?);
            Ok(())
        })?;
        if made.is_empty() {
            made.push(self.of_address(location, stacks)?);
        }
        Ok(made.into())
    }

    fn of_line(&mut self, function: u64, line: u64, stacks: &mut Stacks) -> Result<Known, Damage> {
        let function = self.profile.functions.get(&function).copied().unwrap_or_default();
        let has_name = self.profile.text_bytes(function.name) > 0;
        let name = if has_name { function.name } else { function.system_name };
        self.count_names(self.profile.text_bytes(name) + self.profile.text_bytes(function.file))?;
        let name = self.profile.text(name);
        self.has_names |= !name.is_empty();
        let is = |pattern: &Option<Regex>| pattern.as_ref().is_some_and(|pattern| pattern.is_match(&name));
        let is_dropped = is(&self.drop) && !is(&self.keep);
        let is_allocator = allocators::is_function(&name);
        let frame = Frame {
            file: self.profile.text(function.file).into_owned(),
            line: u32::try_from(line).unwrap_or(0),
            function: Some(if name.is_empty() { "?".into() } else { name.into() }),
        };
        Ok(Known { frame: stacks.frame(frame), is_allocator, is_dropped })
    }

    /// Makes the frame of a location without lines: `cleaky+0x122c`, or the address where no binary is known.
    fn of_address(&mut self, location: Location, stacks: &mut Stacks) -> Result<Known, Damage> {
        let mapping = self.profile.mappings.get(&location.mapping);
        self.count_names(mapping.map_or(0, |mapping| self.profile.text_bytes(mapping.file)) + 16)?;
        let file = mapping.map(|mapping| self.profile.text(mapping.file)).unwrap_or_default();
        let name = match mapping {
            Some(mapping) if !file.is_empty() => {
                let binary = file.rsplit(['/', '\\']).next().unwrap_or_default();
                let offset = location.address.wrapping_sub(mapping.start).wrapping_add(mapping.offset);
                format!("{binary}+{offset:#x}")
            }
            _ => format!("{:#x}", location.address),
        };
        let frame = Frame { function: Some(name.into()), ..Frame::at("", 0) };
        let is_allocator = allocators::is_library(&file);
        Ok(Known { frame: stacks.frame(frame), is_allocator, is_dropped: false })
    }

    fn count_names(&mut self, bytes: usize) -> Result<(), Damage> {
        self.names_left =
            self.names_left.checked_sub(bytes + size_of::<Frame>()).ok_or_else(|| wrong(TOO_MANY_NAMES))?;
        Ok(())
    }
}

/// Returns the number of innermost frames that the profile says are to be dropped: those up to the outermost one that
/// its pattern names, if another frame called it.
fn dropped(stack: &[Known]) -> usize {
    let mut frames = stack.iter().enumerate().rev().skip_while(|(_, known)| known.is_dropped);
    frames.find(|(_, known)| known.is_dropped).map_or(0, |(place, _)| place + 1)
}
