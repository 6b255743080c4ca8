//! The numbers of a statistic as CPython prints them, read at one glance: whatever is dressed otherwise is left to the
//! grammar in `line`, which reads the same and more.

use crate::model::{Printed, Unit};

/// Numbers that stand behind ` size=`, to the end of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbers {
    /// Size of the site's blocks.
    pub size: Printed,
    /// Change of the size and of the number of blocks, in a difference.
    pub change: Option<(Printed, i32)>,
    /// Number of its blocks.
    pub blocks: u32,
    /// Size of a block on average.
    pub average: Printed,
    /// Bytes that they take up, line end included.
    pub length: usize,
}

/// Reads `2868 KiB (+4384 B), count=4977 (+8), average=590 B` and the line end; `None` if anything else stands there.
pub fn numbers(text: &[u8]) -> Option<Numbers> {
    let mut rest = Rest { text, at: 0 };
    let size = rest.size()?;
    let change = if rest.skip(b" (") { Some(rest.change()?) } else { None };
    rest.expect(b", count=")?;
    let blocks = rest.digits()?;
    let change = match change {
        None => None,
        Some(bytes) => {
            rest.expect(b" (")?;
            let negative = rest.sign()?;
            let moved = i32::try_from(rest.digits()?).ok()?;
            rest.expect(b")")?;
            Some((bytes, if negative { -moved } else { moved }))
        }
    };
    rest.expect(b", average=")?;
    let average = rest.size()?;
    let _ = rest.skip(b"\r");
    rest.expect(b"\n")?;
    Some(Numbers { size, change, blocks, average, length: rest.at })
}

struct Rest<'a> {
    text: &'a [u8],
    at: usize,
}

impl Rest<'_> {
    fn byte(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    /// Skips a text, if it stands here. Its length is known when this is compiled, so that no function is called to compare it.
    fn skip<const N: usize>(&mut self, what: &[u8; N]) -> bool {
        let there = self.text.get(self.at..).and_then(|rest| rest.first_chunk()) == Some(what);
        self.at += if there { N } else { 0 };
        there
    }

    fn expect<const N: usize>(&mut self, what: &[u8; N]) -> Option<()> {
        self.skip(what).then_some(())
    }

    /// One to nine digits.
    fn digits(&mut self) -> Option<u32> {
        let start = self.at;
        let mut number = 0_u32;
        while self.byte().is_ascii_digit() && self.at < start + 9 {
            number = 10 * number + u32::from(self.byte() - b'0');
            self.at += 1;
        }
        (self.at > start && !self.byte().is_ascii_digit()).then_some(number)
    }

    /// `30.6 MiB`.
    fn size(&mut self) -> Option<Printed> {
        let mut digits = self.digits()?;
        let mut decimals = 0;
        if self.byte() == b'.' {
            let decimal = *self.text.get(self.at + 1)?;
            if !decimal.is_ascii_digit() {
                return None;
            }
            (digits, decimals) = (digits.checked_mul(10)?.checked_add(u32::from(decimal - b'0'))?, 1);
            self.at += 2;
        }
        let (unit, length) = match self.text.get(self.at..)?.first_chunk()? {
            b" KiB" => (Unit::Kibi, 4),
            b" MiB" => (Unit::Mebi, 4),
            b" GiB" => (Unit::Gibi, 4),
            b" TiB" => (Unit::Tebi, 4),
            [b' ', b'B', ..] => (Unit::Bytes, 2),
            // At the end of a text three more bytes may be wanting: that is read in the usual way.
            _ => return None,
        };
        self.at += length;
        Printed::new(u64::from(digits), decimals, unit)
    }

    /// `+5868 B)`, behind its bracket.
    fn change(&mut self) -> Option<Printed> {
        let negative = self.sign()?;
        let size = self.size()?;
        self.expect(b")")?;
        Some(if negative { size.negative() } else { size })
    }

    /// Whether a minus sign stands here; `None` if none of the two does.
    fn sign(&mut self) -> Option<bool> {
        let negative = match self.byte() {
            b'+' => false,
            b'-' => true,
            _ => return None,
        };
        self.at += 1;
        Some(negative)
    }
}
