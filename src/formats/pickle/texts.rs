//! The texts of a pickle, each kept once.

use std::borrow::Cow;
use std::collections::HashMap;

/// Different texts that a pickle may have: no program has as many files.
const MOST_TEXTS: usize = 1 << 20;

/// Numbers texts. They are UTF-8 in which lone surrogates have three bytes, as Python writes the bytes of file names
/// that are no UTF-8. The order of such bytes is the order of Python's texts.
#[derive(Debug, Default)]
pub struct Texts<'a> {
    all: Vec<Cow<'a, [u8]>>,
    numbers: HashMap<Cow<'a, [u8]>, u32>,
}

impl<'a> Texts<'a> {
    /// Returns the number of a text; `None` if there are too many.
    pub fn intern(&mut self, text: Cow<'a, [u8]>) -> Option<u32> {
        if let Some(number) = self.numbers.get(&text) {
            return Some(*number);
        }
        let number = u32::try_from(self.all.len()).ok().filter(|_| self.all.len() < MOST_TEXTS)?;
        self.all.push(text.clone());
        self.numbers.insert(text, number);
        Some(number)
    }

    /// Returns the text of a number.
    pub fn get(&self, number: u32) -> &[u8] {
        self.all.get(number as usize).map_or(&[], |text| text)
    }

    /// Returns the place of each text among all in order, by its number: texts with long beginnings in common are held
    /// against each other once.
    #[allow(clippy::cast_possible_truncation, reason = "their number is bounded")]
    pub fn ranks(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.all.len() as u32).collect();
        order.sort_unstable_by(|a, b| self.get(*a).cmp(self.get(*b)));
        let mut ranks = vec![0; order.len()];
        order.iter().zip(0..).for_each(|(number, rank)| ranks[*number as usize] = rank);
        ranks
    }

    /// Returns the text of a number for people: a lone surrogate as `\udc80`, as Python shows it.
    pub fn shown(&self, number: u32) -> String {
        shown(self.get(number))
    }
}

fn shown(mut bytes: &[u8]) -> String {
    let mut text = String::new();
    loop {
        match std::str::from_utf8(bytes) {
            Ok(valid) => {
                text.push_str(valid);
                return text;
            }
            Err(error) => {
                let (valid, rest) = bytes.split_at(error.valid_up_to());
                text.push_str(&String::from_utf8_lossy(valid));
                bytes = match rest {
                    [0xED, second @ 0xA0..=0xBF, third @ 0x80..=0xBF, after @ ..] => {
                        let unit = 0xD000 | u16::from(second & 0x3F) << 6 | u16::from(third & 0x3F);
                        text.push_str(&format!("\\u{unit:04x}"));
                        after
                    }
                    _ => {
                        text.push(char::REPLACEMENT_CHARACTER);
                        rest.get(1..).unwrap_or_default()
                    }
                };
            }
        }
    }
}

/// Returns a text of protocol 0: Latin-1 with `\u0041` and `\U00000041`; `None` if an escape is broken.
pub fn unescaped(line: &[u8]) -> Option<Cow<'_, [u8]>> {
    if line.iter().all(|byte| byte.is_ascii() && *byte != b'\\') {
        return Some(Cow::Borrowed(line));
    }
    let mut text = Vec::with_capacity(line.len());
    let mut at = 0;
    while let Some(&byte) = line.get(at) {
        let digits = match (byte, line.get(at + 1)) {
            (b'\\', Some(b'u')) => 4,
            (b'\\', Some(b'U')) => 8,
            _ => 0,
        };
        let code = if digits > 0 {
            let hexadecimal = line.get(at + 2..at + 2 + digits)?;
            let hexadecimal = std::str::from_utf8(hexadecimal).ok().filter(|text| !text.starts_with('+'))?;
            at += 2 + digits;
            u32::from_str_radix(hexadecimal, 16).ok()?
        } else {
            at += 1;
            u32::from(byte)
        };
        push(code, &mut text)?;
    }
    Some(Cow::Owned(text))
}

/// Adds a code point, which may be a lone surrogate.
#[allow(clippy::cast_possible_truncation, reason = "six bits each")]
fn push(code: u32, text: &mut Vec<u8>) -> Option<()> {
    if let Some(c) = char::from_u32(code) {
        text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    } else if (0xD800..0xE000).contains(&code) {
        text.extend([0xE0 | (code >> 12) as u8, 0x80 | (code >> 6 & 0x3F) as u8, 0x80 | (code & 0x3F) as u8]);
    } else {
        return None;
    }
    Some(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{shown, unescaped};

    #[test]
    fn texts_of_protocol_0() {
        for (line, expected) in [
            (&b"/srv/app.py"[..], Some("/srv/app.py")),
            (b"a\\u005cb", Some("a\\b")),
            (b"a\\b", Some("a\\b")),
            (b"\\U0001f600", Some("\u{1F600}")),
            (b"caf\xE9", Some("café")),
            (b"\\udce9.py", Some("\\udce9.py")),
            (b"\\u00", None),
            (b"\\u+041", None),
            (b"\\U00110000", None),
        ] {
            assert_eq!(unescaped(line).map(|text| shown(&text)).as_deref(), expected, "{line:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_shown() {
        assert_eq!(shown(b"a\xFFb\xED\xB3\xA9"), "a\u{FFFD}b\\udce9");
    }
}
