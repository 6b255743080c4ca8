//! A profile as it is written: tables that point at each other by numbers.

use std::borrow::Cow;
use std::collections::HashMap;

use super::wire::{Message, Value, wrong};
use crate::formats::line::Damage;

/// The number of a text in the table of texts.
pub type TextId = u64;

/// A kind of value that each sample has.
#[derive(Debug, Clone, Copy, Default)]
pub struct ValueType {
    pub name: TextId,
    pub unit: TextId,
}

/// A binary that is mapped into memory.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mapping {
    id: u64,
    pub start: u64,
    pub offset: u64,
    pub file: TextId,
}

/// A function, and the file of its source.
#[derive(Debug, Clone, Copy, Default)]
pub struct Function {
    id: u64,
    pub name: TextId,
    pub system_name: TextId,
    pub file: TextId,
}

/// An address of code.
#[derive(Debug, Clone, Copy, Default)]
pub struct Location {
    id: u64,
    pub mapping: u64,
    pub address: u64,
}

/// The tables of a profile. Samples are read when they are asked for.
#[derive(Debug, Default)]
pub struct Profile<'a> {
    pub sample_types: Vec<ValueType>,
    pub samples: Vec<&'a [u8]>,
    pub mappings: HashMap<u64, Mapping>,
    /// Each location, and the message with its lines.
    pub locations: HashMap<u64, (Location, &'a [u8])>,
    pub functions: HashMap<u64, Function>,
    texts: Vec<&'a [u8]>,
    pub drop_frames: TextId,
    pub keep_frames: TextId,
    /// Nanoseconds since 1970.
    pub time: Option<i64>,
    pub period_type: ValueType,
    pub period: i64,
}

impl<'a> Profile<'a> {
    /// Reads all tables.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Damage> {
        let mut profile = Self::default();
        let mut message = Message::new(bytes);
        while let Some((field, value)) = message.field()? {
            let inner = || value.bytes().ok_or_else(|| wrong(format!("field {field} is no message")));
            let number = || value.number().ok_or_else(|| wrong(format!("field {field} is no number")));
            match field {
                1 => profile.sample_types.push(value_type(inner()?)?),
                2 => profile.samples.push(inner()?),
                3 => {
                    let mapping = mapping(inner()?)?;
                    profile.mappings.insert(mapping.id, mapping);
                }
                4 => {
                    let bytes = inner()?;
                    let location = location(bytes)?;
                    profile.locations.insert(location.id, (location, bytes));
                }
                5 => {
                    let function = function(inner()?)?;
                    profile.functions.insert(function.id, function);
                }
                6 => profile.texts.push(inner()?),
                7 => profile.drop_frames = number()?,
                8 => profile.keep_frames = number()?,
                9 if profile.time.is_some() => {
                    return Err(wrong("several profiles in one file: keep each in a file of its own"));
                }
                9 => profile.time = value.signed(),
                11 => profile.period_type = value_type(inner()?)?,
                12 => profile.period = value.signed().unwrap_or_default(),
                _ => {}
            }
        }
        Ok(profile)
    }

    /// Returns a text; an empty one where the table has no such text.
    pub fn text(&self, id: TextId) -> Cow<'a, str> {
        let bytes = usize::try_from(id).ok().and_then(|id| self.texts.get(id).copied());
        String::from_utf8_lossy(bytes.unwrap_or_default())
    }

    /// Returns the length of a text in bytes.
    pub fn text_bytes(&self, id: TextId) -> usize {
        usize::try_from(id).ok().and_then(|id| self.texts.get(id)).map_or(0, |bytes| bytes.len())
    }
}

/// Calls a function with each field of a message that is a number.
fn each_number(bytes: &[u8], mut act: impl FnMut(u64, u64)) -> Result<(), Damage> {
    let mut message = Message::new(bytes);
    while let Some((field, value)) = message.field()? {
        if let Value::Number(number) = value {
            act(field, number);
        }
    }
    Ok(())
}

fn value_type(bytes: &[u8]) -> Result<ValueType, Damage> {
    let mut found = ValueType::default();
    each_number(bytes, |field, number| match field {
        1 => found.name = number,
        2 => found.unit = number,
        _ => {}
    })?;
    Ok(found)
}

fn mapping(bytes: &[u8]) -> Result<Mapping, Damage> {
    let mut found = Mapping::default();
    each_number(bytes, |field, number| match field {
        1 => found.id = number,
        2 => found.start = number,
        4 => found.offset = number,
        5 => found.file = number,
        _ => {}
    })?;
    Ok(found)
}

fn location(bytes: &[u8]) -> Result<Location, Damage> {
    let mut found = Location::default();
    each_number(bytes, |field, number| match field {
        1 => found.id = number,
        2 => found.mapping = number,
        3 => found.address = number,
        _ => {}
    })?;
    Ok(found)
}

fn function(bytes: &[u8]) -> Result<Function, Damage> {
    let mut found = Function::default();
    each_number(bytes, |field, number| match field {
        1 => found.id = number,
        2 => found.name = number,
        3 => found.system_name = number,
        4 => found.file = number,
        _ => {}
    })?;
    Ok(found)
}

/// Calls a function with the function and the line of each line of a location, the innermost first.
pub fn each_line(location: &[u8], mut act: impl FnMut(u64, u64) -> Result<(), Damage>) -> Result<(), Damage> {
    let mut message = Message::new(location);
    while let Some((field, value)) = message.field()? {
        if let (4, Value::Bytes(bytes)) = (field, value) {
            let (mut function, mut line) = (0, 0);
            each_number(bytes, |field, number| match field {
                1 => function = number,
                2 => line = number,
                _ => {}
            })?;
            act(function, line)?;
        }
    }
    Ok(())
}

/// A sample: the numbers of its locations, the innermost first, and its values.
#[derive(Debug, Default)]
pub struct Sample {
    pub locations: Vec<u64>,
    pub values: Vec<i64>,
}

impl Sample {
    /// Reads a sample in the place of the last.
    pub fn read(&mut self, bytes: &[u8]) -> Result<(), Damage> {
        self.locations.clear();
        self.values.clear();
        let mut message = Message::new(bytes);
        while let Some((field, value)) = message.field()? {
            match field {
                1 => value.each_number(|number| self.locations.push(number))?,
                #[allow(clippy::cast_possible_wrap, reason = "a negative value is its two's complement")]
                2 => value.each_number(|number| self.values.push(number as i64))?,
                _ => {}
            }
        }
        Ok(())
    }
}
