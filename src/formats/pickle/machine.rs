//! The machine that reads pickles. It makes values of opcodes and never runs code: classes are names to it.

use std::borrow::Cow;

use super::classes::Class;
use super::cursor::Cursor;
use super::texts::unescaped;
use super::values::{Cell, Value, Values};
use crate::formats::line::Damage;

/// Values that wait on the stack, at most. Python writes the members of a list by the thousand.
const MOST_ON_STACK: usize = 1 << 22;
/// Marks that are open at once, at most: a snapshot has four.
const MOST_MARKS: usize = 1 << 10;
/// Numbers of the memo that may be left out, at most. Python counts them one by one.
const MOST_LEFT_OUT: usize = 1 << 10;

/// Reads the pickles of one input, one after the other.
#[derive(Debug)]
pub struct Machine<'a> {
    pub cursor: Cursor<'a>,
    pub values: Values<'a>,
    stack: Vec<Cell>,
    /// Heights of the stack at the marks.
    marks: Vec<u32>,
    memo: Vec<Cell>,
}

impl<'a> Machine<'a> {
    /// Returns a machine at the beginning of some bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            cursor: Cursor::new(bytes),
            values: Values::new(bytes.len()),
            stack: Vec::new(),
            marks: Vec::new(),
            memo: Vec::new(),
        }
    }

    /// Reads a pickle, and returns the value that it is of.
    ///
    /// # Errors
    /// Returns the damage of a pickle that breaks off, is not as Python writes it, or is not of a snapshot.
    pub fn load(&mut self) -> Result<Value, Damage> {
        self.stack.clear();
        self.marks.clear();
        self.memo.clear();
        loop {
            let opcode = self.cursor.byte()?;
            if opcode == b'.' {
                return self.pop();
            }
            self.step(opcode)?;
            if self.stack.len() > MOST_ON_STACK {
                return Err(self.cursor.damage("more values wait on the stack than in a snapshot"));
            }
        }
    }

    fn step(&mut self, opcode: u8) -> Result<(), Damage> {
        match opcode {
            // MEMOIZE, BINPUT, LONG_BINPUT, PUT
            0x94 => self.memoize(self.memo.len())?,
            b'q' => {
                let place = usize::from(self.cursor.byte()?);
                self.memoize(place)?;
            }
            b'r' => {
                let place = self.cursor.length4()?;
                self.memoize(place)?;
            }
            b'p' => {
                let place = self.memo_line()?;
                self.memoize(place)?;
            }
            // BINGET, LONG_BINGET, GET
            b'h' => {
                let place = usize::from(self.cursor.byte()?);
                self.recall(place)?;
            }
            b'j' => {
                let place = self.cursor.length4()?;
                self.recall(place)?;
            }
            b'g' => {
                let place = self.memo_line()?;
                self.recall(place)?;
            }
            // BININT1, BININT2, BININT, LONG1, LONG4, LONG
            b'K' => {
                let number = self.cursor.byte()?;
                self.push(Value::Int(i32::from(number)));
            }
            b'M' => {
                let number = u16::from_le_bytes(self.cursor.array()?);
                self.push(Value::Int(i32::from(number)));
            }
            b'J' => {
                let number = i32::from_le_bytes(self.cursor.array()?);
                self.push_int(i64::from(number))?;
            }
            0x8A => {
                let length = usize::from(self.cursor.byte()?);
                self.push_long(length)?;
            }
            0x8B => {
                let length = self.cursor.length4()?;
                self.push_long(length)?;
            }
            b'L' => {
                let number = self.cursor.decimal_line()?;
                self.push_int(number)?;
            }
            // INT, and truth values, of which no snapshot is made.
            b'I' => {
                let number = self.cursor.decimal_line()?;
                self.push_int(number)?;
            }
            // TUPLE1, TUPLE2, TUPLE3, TUPLE, EMPTY_TUPLE, MARK
            0x85..=0x87 => {
                let at = self.at_top(usize::from(opcode - 0x84))?;
                self.push_tuple(at)?;
            }
            b't' => {
                let at = self.mark()?;
                self.push_tuple(at)?;
            }
            b')' => self.push_tuple(self.stack.len())?,
            b'(' => self.push_mark()?,
            // SHORT_BINUNICODE, BINUNICODE, BINUNICODE8, UNICODE
            0x8C => {
                let length = usize::from(self.cursor.byte()?);
                self.push_text(length)?;
            }
            b'X' => {
                let length = self.cursor.length4()?;
                self.push_text(length)?;
            }
            0x8D => {
                let length = self.cursor.length8()?;
                self.push_text(length)?;
            }
            b'V' => {
                let line = self.cursor.line()?;
                let text = unescaped(line).ok_or_else(|| self.cursor.damage("a broken escape in a text"))?;
                self.push_interned(text)?;
            }
            _ => self.step_rarely(opcode)?,
        }
        Ok(())
    }

    /// Runs an opcode that a snapshot has once or a few times, if at all.
    fn step_rarely(&mut self, opcode: u8) -> Result<(), Damage> {
        match opcode {
            // PROTO, FRAME
            0x80 => {
                let protocol = self.cursor.byte()?;
                if protocol > 5 {
                    return Err(self.cursor.damage(format_args!("protocol {protocol}: 0 to 5 are read")));
                }
            }
            0x95 => {
                self.cursor.length8()?;
            }
            // NONE, NEWTRUE, NEWFALSE
            b'N' | 0x88 | 0x89 => self.push(Value::Other),
            // POP, POP_MARK, DUP
            b'0' => {
                if self.marks.last().is_some_and(|mark| *mark as usize == self.stack.len()) {
                    self.marks.pop();
                } else {
                    self.pop()?;
                }
            }
            b'1' => {
                let at = self.mark()?;
                self.stack.truncate(at);
            }
            b'2' => {
                let at = self.at_top(1)?;
                self.stack.push(self.stack[at]);
            }
            // EMPTY_LIST, LIST, APPEND, APPENDS
            b']' => {
                let list = self.values.list()?;
                self.push(list);
            }
            b'l' => {
                let at = self.mark()?;
                let list = self.values.list()?;
                self.stack.insert(at, list.into());
                self.append(at + 1)?;
            }
            b'a' => {
                let at = self.at_top(1)?;
                self.append(at)?;
            }
            b'e' => {
                let at = self.mark()?;
                self.append(at)?;
            }
            // EMPTY_DICT, DICT, SETITEM, SETITEMS
            b'}' => {
                let dict = self.values.dict()?;
                self.push(dict);
            }
            b'd' => {
                let at = self.mark()?;
                let dict = self.values.dict()?;
                self.stack.insert(at, dict.into());
                self.set_items(at + 1)?;
            }
            b's' => {
                let at = self.at_top(2)?;
                self.set_items(at)?;
            }
            b'u' => {
                let at = self.mark()?;
                self.set_items(at)?;
            }
            // GLOBAL, STACK_GLOBAL
            b'c' => {
                let module = self.cursor.line()?;
                let name = self.cursor.line()?;
                let class = Class::named(module, name)?;
                self.push(Value::Class(class));
            }
            0x93 => {
                let (name, module) = (self.pop()?, self.pop()?);
                let (Value::Text(module), Value::Text(name)) = (module, name) else {
                    return Err(self.cursor.damage("expected the names of a module and of a class"));
                };
                let class = Class::named(self.values.texts.get(module), self.values.texts.get(name))?;
                self.push(Value::Class(class));
            }
            // NEWOBJ, REDUCE, BUILD
            0x81 => self.make_object()?,
            b'R' => self.reconstruct()?,
            b'b' => self.build()?,
            // FLOAT, BINFLOAT
            b'F' => {
                self.cursor.line()?;
                self.push(Value::Other);
            }
            b'G' => {
                self.cursor.take(8)?;
                self.push(Value::Other);
            }
            // SHORT_BINBYTES, BINBYTES
            b'C' => {
                let length = usize::from(self.cursor.byte()?);
                self.skip(length)?;
            }
            b'B' => {
                let length = self.cursor.length4()?;
                self.skip(length)?;
            }
            _ => {
                return Err(self
                    .cursor
                    .damage(format_args!("the opcode {opcode:#04x}, which no snapshot of tracemalloc has")));
            }
        }
        Ok(())
    }

    /// Takes the value on top of the stack, which must not be below a mark.
    fn pop(&mut self) -> Result<Value, Damage> {
        let at = self.at_top(1)?;
        let value = self.stack.get(at).map_or(Value::Other, |cell| cell.value());
        self.stack.truncate(at);
        Ok(value)
    }

    /// Returns the place of the lowest of some values on top of the stack, all above the last mark.
    fn at_top(&self, count: usize) -> Result<usize, Damage> {
        let lowest = self.marks.last().map_or(0, |mark| *mark as usize);
        let at = self.stack.len().checked_sub(count).filter(|at| *at >= lowest);
        at.ok_or_else(|| self.cursor.damage("a value is missing on the stack"))
    }

    fn push_mark(&mut self) -> Result<(), Damage> {
        if self.marks.len() >= MOST_MARKS {
            return Err(self.cursor.damage("values are nested more deeply than in a snapshot"));
        }
        let height = u32::try_from(self.stack.len()).map_err(|_| self.cursor.damage("too many values"))?;
        self.marks.push(height);
        Ok(())
    }

    /// Takes the last mark, and returns the place of the first value above it.
    fn mark(&mut self) -> Result<usize, Damage> {
        let mark = self.marks.pop().ok_or_else(|| self.cursor.damage("a mark is missing on the stack"))?;
        Ok(mark as usize)
    }

    fn push(&mut self, value: Value) {
        self.stack.push(value.into());
    }

    fn push_int(&mut self, number: i64) -> Result<(), Damage> {
        let value = self.values.int(number)?;
        self.push(value);
        Ok(())
    }

    fn push_long(&mut self, length: usize) -> Result<(), Damage> {
        let number = self.cursor.long(length)?;
        self.push_int(number)
    }

    fn push_tuple(&mut self, at: usize) -> Result<(), Damage> {
        let tuple = self.values.tuple(&self.stack[at..])?;
        self.stack.truncate(at);
        self.push(tuple);
        Ok(())
    }

    fn push_text(&mut self, length: usize) -> Result<(), Damage> {
        let text = self.cursor.take(length)?;
        self.push_interned(Cow::Borrowed(text))
    }

    fn push_interned(&mut self, text: Cow<'a, [u8]>) -> Result<(), Damage> {
        let number = self.values.texts.intern(text);
        let number = number.ok_or_else(|| self.cursor.damage("more different texts than in a snapshot"))?;
        self.push(Value::Text(number));
        Ok(())
    }

    /// Skips bytes that no snapshot is made of.
    fn skip(&mut self, length: usize) -> Result<(), Damage> {
        self.cursor.take(length)?;
        self.push(Value::Other);
        Ok(())
    }

    fn memo_line(&mut self) -> Result<usize, Damage> {
        let number = self.cursor.decimal_line()?;
        usize::try_from(number).map_err(|_| self.cursor.damage("expected a number of the memo"))
    }

    fn memoize(&mut self, place: usize) -> Result<(), Damage> {
        let at = self.at_top(1)?;
        let value = self.stack[at];
        self.values.spend(1)?;
        if let Some(known) = self.memo.get_mut(place) {
            *known = value;
        } else if place > self.memo.len() + MOST_LEFT_OUT {
            return Err(self
                .cursor
                .damage(format_args!("{place} is no number of the memo that Python gives")));
        } else {
            self.values.spend(place - self.memo.len())?;
            self.memo.resize(place, Value::Other.into());
            self.memo.push(value);
        }
        Ok(())
    }

    fn recall(&mut self, place: usize) -> Result<(), Damage> {
        let value = self.memo.get(place).copied();
        self.stack.push(value.ok_or_else(|| self.cursor.damage("nothing has this number in the memo"))?);
        Ok(())
    }

    /// Appends the values from a place of the stack on to the list below them.
    fn append(&mut self, at: usize) -> Result<(), Damage> {
        let list = at.checked_sub(1).and_then(|below| self.stack.get(below)).map(|cell| cell.value());
        let Some(Value::List(list)) = list else {
            return Err(self.cursor.damage("expected a list on the stack"));
        };
        let members = &self.stack[at..];
        self.values.spend(members.len())?;
        if let Some(list) = self.values.lists.get_mut(list as usize) {
            list.extend_from_slice(members);
        }
        self.stack.truncate(at);
        Ok(())
    }

    /// Adds the keys and values from a place of the stack on to the dictionary below them.
    fn set_items(&mut self, at: usize) -> Result<(), Damage> {
        let dict = at.checked_sub(1).and_then(|below| self.stack.get(below)).map(|cell| cell.value());
        let Some(Value::Dict(dict)) = dict else {
            return Err(self.cursor.damage("expected a dictionary on the stack"));
        };
        let (items, rest) = self.stack[at..].as_chunks::<2>();
        if !rest.is_empty() {
            return Err(self.cursor.damage("a key has no value"));
        }
        self.values.spend(2 * items.len())?;
        if let Some(dict) = self.values.dicts.get_mut(dict as usize) {
            dict.extend(items.iter().map(|[key, value]| (*key, *value)));
        }
        self.stack.truncate(at);
        Ok(())
    }

    fn make_object(&mut self) -> Result<(), Damage> {
        let (arguments, class) = (self.pop()?, self.pop()?);
        let has_none = matches!(arguments, Value::Tuple(at) if self.values.header(at) == Value::Length(0));
        match class {
            Value::Class(class @ (Class::Snapshot | Class::Traces)) if has_none => {
                let object = self.values.object(class)?;
                self.push(object);
                Ok(())
            }
            _ => Err(self.cursor.damage("an object that is made in another way than one of tracemalloc")),
        }
    }

    /// Makes the object that protocols 0 and 1 make by `copyreg._reconstructor(class, object, None)`.
    fn reconstruct(&mut self) -> Result<(), Damage> {
        let (arguments, function) = (self.pop()?, self.pop()?);
        if let (Value::Class(Class::Reconstructor), Value::Tuple(at)) = (function, arguments)
            && self.values.header(at) == Value::Length(3)
            && let [class, base, _] = *self.values.members(at, 3)
            && let (Value::Class(class @ (Class::Snapshot | Class::Traces)), Value::Class(Class::Object)) =
                (class.value(), base.value())
        {
            let object = self.values.object(class)?;
            self.push(object);
            return Ok(());
        }
        Err(self.cursor.damage("a call, which no snapshot of tracemalloc has; nothing was called"))
    }

    fn build(&mut self) -> Result<(), Damage> {
        let state = self.pop()?;
        let at = self.at_top(1)?;
        if let (Value::Dict(state), Value::Object(object)) = (state, self.stack[at].value())
            && let Some(object) = self.values.objects.get_mut(object as usize)
        {
            object.state = Some(state);
            return Ok(());
        }
        Err(self.cursor.damage("expected an object of tracemalloc and its attributes"))
    }
}
