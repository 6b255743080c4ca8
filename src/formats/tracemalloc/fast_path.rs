//! A fast path for the numbers of a statistic as CPython prints them. Any other notation is left to the grammar in
//! `line`, which reads the same and more.

use crate::model::{Printed, Unit};

/// Numbers that stand after ` size=`, to the end of the line.
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

    /// Skips a text, if it stands here. Its length is known when this is compiled, so that no function is called to
    /// compare it.
    fn skip<const N: usize>(&mut self, what: &[u8; N]) -> bool {
        let there = self.text.get(self.at..).and_then(|rest| rest.first_chunk()) == Some(what);
        self.at += if there { N } else { 0 };
        there
    }

    fn expect<const N: usize>(&mut self, what: &[u8; N]) -> Option<()> {
        self.skip(what).then_some(())
    }

    /// One to seven digits.
    ///
    /// Eight bytes at once: a digit less `0` is at most 9, whatever else there is sets a high bit when 0x76 is added;
    /// then neighbours are joined to numbers of two, four and eight digits, by one multiplication each.
    fn digits(&mut self) -> Option<u32> {
        const ZEROS: u64 = 0x3030_3030_3030_3030;
        let bytes = u64::from_le_bytes(*self.text.get(self.at..)?.first_chunk()?) ^ ZEROS;
        let others = (bytes.wrapping_add(0x7676_7676_7676_7676) | bytes) & 0x8080_8080_8080_8080;
        let count = others.trailing_zeros() / 8;
        if count == 0 || count == 8 {
            return None;
        }
        self.at += count as usize;
        let ones = (bytes << (64 - 8 * count)) & 0x0f0f_0f0f_0f0f_0f0f;
        let twos = ones.wrapping_mul(2561) >> 8 & 0x00ff_00ff_00ff_00ff;
        let fours = twos.wrapping_mul(6_553_601) >> 16 & 0x0000_ffff_0000_ffff;
        #[allow(clippy::cast_possible_truncation)]
        Some((fours.wrapping_mul(42_949_672_960_001) >> 32) as u32)
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

    /// `+5868 B)`, after its bracket.
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_eight_bytes_at_a_time() {
        for (text, expected) in [
            ("0, count", Some((0, 1))),
            ("4977 (+8)", Some((4977, 4))),
            ("1234567, x", Some((1_234_567, 7))),
            ("9999999 KiB", Some((9_999_999, 7))),
            ("12345678, x", None),
            ("98 KiB\n", None),
            ("/0123456", None),
            (":0123456", None),
            ("\u{ff10}123456", None),
            ("", None),
        ] {
            let mut rest = Rest { text: text.as_bytes(), at: 0 };
            assert_eq!(rest.digits().map(|number| (number, rest.at)), expected, "{text}");
        }
    }

    #[test]
    fn a_line_is_read_to_its_end_or_not_at_all() {
        let printed = |digits, decimals, unit| Printed::new(digits, decimals, unit).unwrap();
        let line = "30.6 MiB (-816 B), count=229614 (-17), average=140 B\nnext line";
        let numbers = numbers(line.as_bytes()).unwrap();
        assert_eq!(numbers.size, printed(306, 1, Unit::Mebi));
        assert_eq!(numbers.change, Some((printed(816, 0, Unit::Bytes).negative(), -17)));
        assert_eq!((numbers.blocks, numbers.average), (229_614, printed(140, 0, Unit::Bytes)));
        assert_eq!(&line[numbers.length..], "next line");
        for line in [
            "30.6 MB, count=2, average=140 B\nnext line",
            "30.66 MiB, count=2, average=140 B\nnext line",
            "30.6 MiB, count=2, average=140 B  # remark\n",
            "30.6 MiB, count=2\nnext line, next line",
            "30.6 MiB (+1 B), count=2, average=140 B\nnext line",
            "30.6 MiB, count=2 (+1), average=140 B\nnext line",
        ] {
            assert_eq!(super::numbers(line.as_bytes()), None, "{line}");
        }
    }
}
