//! The values of a pickle: numbers of four bytes that point into lists, so that nothing is nested in memory.

use super::classes::Class;
use super::cursor::wrong;
use super::texts::Texts;
use crate::formats::line::Damage;

/// Lists, dictionaries and objects that a pickle may have, each: a snapshot has three of them all together.
const MOST_CONTAINERS: usize = 1 << 12;

/// One value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// `None`, and whatever no snapshot is made of: truth values, fractions, bytes.
    Other,
    /// A whole number of at most 28 bits.
    Int(i32),
    /// A larger one, by its number.
    Long(u32),
    /// A text, by its number.
    Text(u32),
    /// A tuple, by the place of its header among the cells.
    Tuple(u32),
    /// A list, by its number.
    List(u32),
    /// A dictionary, by its number.
    Dict(u32),
    /// A class or a function.
    Class(Class),
    /// An object, by its number.
    Object(u32),
    /// The header of a tuple: its length.
    Length(u32),
    /// The header of a tuple of frames that was met before: the number of the stack.
    Stack(u32),
}

/// A value in four bytes: four bits for its kind, the others for its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell(u32);

/// Bits of a cell that hold a number.
const NUMBER_BITS: u32 = 28;
/// Numbers that a cell can hold.
const NUMBERS: u32 = 1 << NUMBER_BITS;

impl From<Value> for Cell {
    #[allow(clippy::cast_sign_loss, reason = "the sign is brought back")]
    fn from(value: Value) -> Self {
        let (kind, number) = match value {
            Value::Other => (0, 0),
            Value::Int(number) => (1, number as u32 & (NUMBERS - 1)),
            Value::Long(number) => (2, number),
            Value::Text(number) => (3, number),
            Value::Tuple(at) => (4, at),
            Value::List(number) => (5, number),
            Value::Dict(number) => (6, number),
            Value::Class(class) => (7, class as u32),
            Value::Object(number) => (8, number),
            Value::Length(length) => (9, length),
            Value::Stack(number) => (10, number),
        };
        Self(kind << NUMBER_BITS | number)
    }
}

impl Cell {
    /// Returns the value.
    #[allow(clippy::cast_possible_wrap, reason = "the sign is brought back")]
    pub const fn value(self) -> Value {
        let number = self.0 & (NUMBERS - 1);
        match self.0 >> NUMBER_BITS {
            1 => Value::Int((self.0 << (32 - NUMBER_BITS)) as i32 >> (32 - NUMBER_BITS)),
            2 => Value::Long(number),
            3 => Value::Text(number),
            4 => Value::Tuple(number),
            5 => Value::List(number),
            6 => Value::Dict(number),
            7 => Value::Class(CLASSES[number as usize & 3]),
            8 => Value::Object(number),
            9 => Value::Length(number),
            10 => Value::Stack(number),
            _ => Value::Other,
        }
    }
}

/// The classes by their numbers in cells.
const CLASSES: [Class; 4] = [Class::Snapshot, Class::Traces, Class::Reconstructor, Class::Object];

/// An object: its class and its attributes.
#[derive(Debug)]
pub struct Instance {
    pub class: Class,
    /// The dictionary of its attributes, once it has one.
    pub state: Option<u32>,
}

/// All values of one pickle.
#[derive(Debug)]
pub struct Values<'a> {
    pub texts: Texts<'a>,
    cells: Vec<Cell>,
    longs: Vec<i64>,
    pub lists: Vec<Vec<Cell>>,
    pub dicts: Vec<Vec<(Cell, Cell)>>,
    pub objects: Vec<Instance>,
    /// Values that may still be kept.
    left: usize,
}

impl<'a> Values<'a> {
    /// Returns no values, with memory for those of a pickle of a number of bytes.
    pub fn new(bytes: usize) -> Self {
        Self {
            texts: Texts::default(),
            cells: Vec::new(),
            longs: Vec::new(),
            lists: Vec::new(),
            dicts: Vec::new(),
            objects: Vec::new(),
            // A trace of three fields and its place in the list are six values, and take nine bytes or more.
            left: bytes + 1024,
        }
    }

    /// Counts values that are kept.
    ///
    /// # Errors
    /// Returns the damage of a pickle that has more than a snapshot of its size.
    pub fn spend(&mut self, values: usize) -> Result<(), Damage> {
        self.left = self
            .left
            .checked_sub(values)
            .ok_or_else(|| wrong("more values than a snapshot of this many bytes can have"))?;
        Ok(())
    }

    /// Returns a whole number.
    ///
    /// # Errors
    /// Returns the damage of too many values.
    pub fn int(&mut self, number: i64) -> Result<Value, Damage> {
        let half = i64::from(NUMBERS / 2);
        if let Some(short) = i32::try_from(number).ok().filter(|_| (-half..half).contains(&number)) {
            return Ok(Value::Int(short));
        }
        self.spend(1)?;
        self.longs.push(number);
        Ok(Value::Long(place(self.longs.len() - 1)?))
    }

    /// Returns a tuple of some values.
    ///
    /// # Errors
    /// Returns the damage of too many values.
    pub fn tuple(&mut self, members: &[Cell]) -> Result<Value, Damage> {
        self.spend(members.len() + 1)?;
        let at = place(self.cells.len())?;
        self.cells.push(Value::Length(place(members.len())?).into());
        self.cells.extend_from_slice(members);
        Ok(Value::Tuple(at))
    }

    /// Returns an empty list.
    ///
    /// # Errors
    /// Returns the damage of too many lists.
    pub fn list(&mut self) -> Result<Value, Damage> {
        self.lists.push(Vec::new());
        Ok(Value::List(container(self.lists.len())?))
    }

    /// Returns an empty dictionary.
    ///
    /// # Errors
    /// Returns the damage of too many dictionaries.
    pub fn dict(&mut self) -> Result<Value, Damage> {
        self.dicts.push(Vec::new());
        Ok(Value::Dict(container(self.dicts.len())?))
    }

    /// Returns an object without attributes.
    ///
    /// # Errors
    /// Returns the damage of too many objects.
    pub fn object(&mut self, class: Class) -> Result<Value, Damage> {
        self.objects.push(Instance { class, state: None });
        Ok(Value::Object(container(self.objects.len())?))
    }

    /// Returns the number that a value is, if it is one.
    pub fn number(&self, value: Value) -> Option<i64> {
        match value {
            Value::Int(short) => Some(i64::from(short)),
            Value::Long(long) => self.longs.get(long as usize).copied(),
            _ => None,
        }
    }

    /// Returns the header of a tuple.
    pub fn header(&self, tuple: u32) -> Value {
        self.cells.get(tuple as usize).map_or(Value::Other, |cell| cell.value())
    }

    /// Replaces the header of a tuple.
    pub fn set_header(&mut self, tuple: u32, header: Value) {
        if let Some(cell) = self.cells.get_mut(tuple as usize) {
            *cell = header.into();
        }
    }

    /// Returns the members of a tuple of a length.
    pub fn members(&self, tuple: u32, length: u32) -> &[Cell] {
        let first = tuple as usize + 1;
        self.cells.get(first..first + length as usize).unwrap_or_default()
    }

    /// Returns the attribute of an object by its name, if it has it.
    pub fn attribute(&self, object: u32, name: &str) -> Option<Value> {
        let state = self.objects.get(object as usize)?.state?;
        let attributes = self.dicts.get(state as usize)?;
        // A later value takes the place of an earlier one.
        let named = |(key, _): &&(Cell, Cell)| match key.value() {
            Value::Text(text) => self.texts.get(text) == name.as_bytes(),
            _ => false,
        };
        attributes.iter().rev().find(named).map(|(_, value)| value.value())
    }
}

/// Returns a place as a number that a cell can hold.
pub fn place(at: usize) -> Result<u32, Damage> {
    let number = u32::try_from(at).ok().filter(|number| *number < NUMBERS);
    number.ok_or_else(|| wrong("more values than can be numbered"))
}

/// Returns the number of the last of some containers.
fn container(count: usize) -> Result<u32, Damage> {
    if count > MOST_CONTAINERS {
        return Err(wrong("more lists, dictionaries or objects than a snapshot has"));
    }
    place(count - 1)
}
