//! The bytes of a pickle, read from the beginning to the end.

use crate::formats::line::Damage;

/// Bytes, and a place among them.
#[derive(Debug)]
pub struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// Returns the damage of a pickle that is not as Python writes it.
pub fn wrong(message: impl Into<String>) -> Damage {
    Damage { column: None, message: message.into() }
}

impl<'a> Cursor<'a> {
    /// Returns a cursor at the beginning of some bytes.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Returns the damage at the current place.
    pub fn damage(&self, message: impl std::fmt::Display) -> Damage {
        Damage { column: None, message: format!("byte {}: {message}", self.at) }
    }

    /// Whether nothing but blanks and line ends follows.
    pub fn is_at_end(&self) -> bool {
        self.bytes.get(self.at..).unwrap_or_default().iter().all(u8::is_ascii_whitespace)
    }

    /// Reads a number of bytes.
    ///
    /// # Errors
    /// Returns the damage if there are fewer.
    pub fn take(&mut self, length: usize) -> Result<&'a [u8], Damage> {
        let end = self.at.checked_add(length).filter(|end| *end <= self.bytes.len());
        let Some(end) = end else {
            let left = self.bytes.len() - self.at;
            return Err(
                self.damage(format_args!("the pickle breaks off: expected {length} bytes, found {left}"))
            );
        };
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    /// Reads a number of bytes that is known when the program is written.
    ///
    /// # Errors
    /// Returns the damage if there are fewer.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Damage> {
        let taken = self.take(N)?;
        taken.try_into().map_err(|_| self.damage("the pickle breaks off"))
    }

    /// Reads a byte.
    ///
    /// # Errors
    /// Returns the damage if there is none.
    pub fn byte(&mut self) -> Result<u8, Damage> {
        self.array().map(|[byte]| byte)
    }

    /// Reads a length of four bytes.
    ///
    /// # Errors
    /// Returns the damage if there are fewer.
    pub fn length4(&mut self) -> Result<usize, Damage> {
        let length = u32::from_le_bytes(self.array()?);
        usize::try_from(length).map_err(|_| self.damage("a length beyond the memory"))
    }

    /// Reads a length of eight bytes.
    ///
    /// # Errors
    /// Returns the damage if there are fewer.
    pub fn length8(&mut self) -> Result<usize, Damage> {
        let length = u64::from_le_bytes(self.array()?);
        usize::try_from(length).map_err(|_| self.damage("a length beyond the memory"))
    }

    /// Reads to the end of the line, which is not returned. Line ends may be those of Windows: protocol 0 is text.
    ///
    /// # Errors
    /// Returns the damage if there is no line end.
    pub fn line(&mut self) -> Result<&'a [u8], Damage> {
        let rest = &self.bytes[self.at..];
        let length = memchr::memchr(b'\n', rest)
            .ok_or_else(|| self.damage("the pickle breaks off: expected a line end"))?;
        self.at += length + 1;
        let line = &rest[..length];
        Ok(line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// Reads a decimal number that fills a line, perhaps with an `L` after it.
    ///
    /// # Errors
    /// Returns the damage if there is none, or if it needs more than 64 bits.
    pub fn decimal_line(&mut self) -> Result<i64, Damage> {
        let line = self.line()?;
        let text = std::str::from_utf8(line.strip_suffix(b"L").unwrap_or(line)).unwrap_or_default();
        text.parse().map_err(|_| self.damage("expected a whole number of at most 64 bits in a line"))
    }

    /// Reads a whole number in two's complement of a number of bytes.
    ///
    /// # Errors
    /// Returns the damage if it needs more than 64 bits.
    pub fn long(&mut self, length: usize) -> Result<i64, Damage> {
        let bytes = self.take(length)?;
        let negative = bytes.last().is_some_and(|last| *last >= 0x80);
        let fill = if negative { 0xFF } else { 0 };
        let (low, high) = bytes.split_at(bytes.len().min(8));
        let fits = high.iter().all(|byte| *byte == fill) && (high.is_empty() || (low[7] >= 0x80) == negative);
        if !fits {
            return Err(self.damage("a whole number of more than 64 bits"));
        }
        let mut number = [fill; 8];
        number[..low.len()].copy_from_slice(low);
        Ok(i64::from_le_bytes(number))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Cursor;

    #[test]
    fn whole_numbers_in_twos_complement() {
        for (bytes, expected) in [
            (&[][..], Some(0)),
            (&[0xFF], Some(-1)),
            (&[0xFF, 0], Some(255)),
            (&[0, 0, 0, 0x80, 0], Some(1 << 31)),
            (&[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0], Some(i64::MAX)),
            (&[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0], None),
            (&[0, 0, 0, 0, 0, 0, 0, 0, 1], None),
        ] {
            assert_eq!(Cursor::new(bytes).long(bytes.len()).ok(), expected, "{bytes:?}");
        }
    }

    #[test]
    fn what_is_not_there_is_an_error() {
        assert!(Cursor::new(b"abc").take(usize::MAX).is_err());
        assert!(Cursor::new(b"abc").line().is_err());
        for text in ["\n", "x\n", "99999999999999999999\n", "1 2\n"] {
            assert!(Cursor::new(text.as_bytes()).decimal_line().is_err(), "{text}");
        }
        assert_eq!(Cursor::new(b"-7L\r\n").decimal_line().unwrap(), -7);
    }
}
