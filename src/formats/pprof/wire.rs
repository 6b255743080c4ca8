//! The fields of a protobuf message, one after the other, without copies.

use std::ops::RangeInclusive;

use crate::formats::line::Damage;

/// A profile that cannot be read.
pub fn wrong(message: impl Into<String>) -> Damage {
    Damage { column: None, message: message.into() }
}

/// The value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// A number of variable length.
    Number(u64),
    /// A text, a message, or packed numbers.
    Bytes(&'a [u8]),
    /// A number of four or eight bytes, which no field of a profile has.
    Fixed,
}

impl<'a> Value<'a> {
    /// Returns the number.
    pub const fn number(self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(number),
            Self::Bytes(_) | Self::Fixed => None,
        }
    }

    /// Returns the number with its sign.
    #[allow(clippy::cast_possible_wrap, reason = "a negative number is written as its two's complement")]
    pub fn signed(self) -> Option<i64> {
        self.number().map(|number| number as i64)
    }

    /// Returns the bytes.
    pub const fn bytes(self) -> Option<&'a [u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Number(_) | Self::Fixed => None,
        }
    }

    /// Calls a function with each of the numbers of a repeated field, packed or not.
    pub fn each_number(self, mut act: impl FnMut(u64)) -> Result<(), Damage> {
        match self {
            Self::Number(number) => act(number),
            Self::Bytes(bytes) => {
                let mut message = Message::new(bytes);
                while !message.is_at_end() {
                    act(message.number()?);
                }
            }
            Self::Fixed => return Err(wrong("numbers of a fixed length, which no profile has")),
        }
        Ok(())
    }
}

/// The rest of a message.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    rest: &'a [u8],
}

impl<'a> Message<'a> {
    /// Returns a message.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Whether all fields were taken.
    pub const fn is_at_end(self) -> bool {
        self.rest.is_empty()
    }

    /// Takes the next field: its number and its value.
    pub fn field(&mut self) -> Result<Option<(u64, Value<'a>)>, Damage> {
        if self.is_at_end() {
            return Ok(None);
        }
        let tag = self.number()?;
        let value = match tag & 7 {
            0 => Value::Number(self.number()?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let length = usize::try_from(self.number()?).map_err(|_| breaks_off())?;
                Value::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            other => return Err(wrong(format!("no profile has fields of type {other}"))),
        };
        Ok(Some((tag >> 3, value)))
    }

    /// Whether the next field, which may break off, is bytes of one of some numbers.
    pub fn begins_with_bytes(mut self, fields: RangeInclusive<u64>) -> bool {
        // A tag may break off as well.
        self.number().map_or(true, |tag| tag & 7 == 2 && fields.contains(&(tag >> 3)))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Damage> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(breaks_off)?;
        self.rest = rest;
        Ok(taken)
    }

    /// Takes a number: seven bits a byte, the lowest first.
    fn number(&mut self) -> Result<u64, Damage> {
        let mut number = 0;
        for (place, &byte) in self.rest.iter().take(10).enumerate() {
            number |= u64::from(byte & 0x7F) << (7 * place);
            if byte < 0x80 {
                self.rest = self.rest.get(place + 1..).unwrap_or_default();
                return Ok(number);
            }
        }
        Err(if self.rest.len() < 10 { breaks_off() } else { wrong("a number of more than 64 bits") })
    }
}

fn breaks_off() -> Damage {
    wrong("the profile breaks off")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
        let mut message = Message::new(b"\x08\x96\x01\x12\x02hi\x1D\0\0\0\0\x21\0\0\0\0\0\0\0\0");
        assert_eq!(message.field().unwrap(), Some((1, Value::Number(150))));
        assert_eq!(message.field().unwrap(), Some((2, Value::Bytes(b"hi"))));
        assert_eq!(message.field().unwrap(), Some((3, Value::Fixed)));
        assert_eq!(message.field().unwrap(), Some((4, Value::Fixed)));
        assert_eq!(message.field().unwrap(), None);
        let minus = [&b"\x08"[..], &[0xFF; 9], b"\x01"].concat();
        let (_, value) = Message::new(&minus).field().unwrap().unwrap();
        assert_eq!(value.signed(), Some(-1));
        let mut numbers = Vec::new();
        Value::Bytes(b"\x01\xAC\x02").each_number(|number| numbers.push(number)).unwrap();
        assert_eq!(numbers, [1, 300]);
    }

    #[test]
    fn damage() {
        for (bytes, word) in [
            (&b"\x08"[..], "breaks off"),
            (b"\x0A\x05ab", "breaks off"),
            (b"\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", "breaks off"),
            (b"\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", "more than 64 bits"),
            (b"\x0B", "type 3"),
            (b"\x09\0", "breaks off"),
        ] {
            let damage = Message::new(bytes).field().unwrap_err();
            assert!(damage.message.contains(word), "{bytes:?}: {}", damage.message);
        }
    }
}
