//! The tokens of a JSON document, one after the other: a profile of deep stacks is nested deeper than a parser that
//! calls itself may go.

use crate::formats::line::Damage;

/// A token of JSON. Commas and colons are left out, for keys stand before their values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Token<'a> {
    /// `{` or `[`.
    Open(u8),
    /// `}` or `]`.
    Close(u8),
    /// A text, as it is written between its quotation marks.
    Text(&'a str),
    /// The same, with a colon after it.
    Key(&'a str),
    Number(f64),
    /// `true`, `false` or `null`.
    Word,
}

/// Reads the tokens of a text.
#[derive(Debug)]
pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    /// Returns the tokens of a text.
    pub const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn damage(&self, expected: &str) -> Damage {
        let message =
            format!("the profile breaks off or is damaged: expected {expected} at byte {}", self.at);
        Damage { column: None, message }
    }

    fn skip(&mut self, skipped: &[u8]) {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(|byte| skipped.contains(byte)) {
            self.at += 1;
        }
    }

    /// Returns the next token; `None` at the end of the text.
    ///
    /// # Errors
    /// Returns the damage of a text that is no JSON.
    pub fn next(&mut self) -> Result<Option<Token<'a>>, Damage> {
        self.skip(b" \t\r\n,:");
        let bytes = self.text.as_bytes();
        let Some(&first) = bytes.get(self.at) else { return Ok(None) };
        let token = match first {
            b'{' | b'[' => Token::Open(first),
            b'}' | b']' => Token::Close(first),
            b'"' => return self.string().map(Some),
            _ => {
                let is_end = |byte: &u8| b" \t\r\n,:]}\"[{".contains(byte);
                let length = bytes[self.at..].iter().position(is_end).unwrap_or(bytes.len() - self.at);
                let word = self.text.get(self.at..self.at + length).unwrap_or_default();
                let token = match word {
                    "true" | "false" | "null" => Some(Token::Word),
                    word => word.parse().ok().filter(|number: &f64| number.is_finite()).map(Token::Number),
                };
                let token = token.ok_or_else(|| self.damage("JSON"))?;
                self.at += length;
                return Ok(Some(token));
            }
        };
        self.at += 1;
        Ok(Some(token))
    }

    fn string(&mut self) -> Result<Token<'a>, Damage> {
        let (bytes, begin) = (self.text.as_bytes(), self.at + 1);
        let mut end = begin;
        loop {
            let next = bytes.get(end..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest));
            end += next.ok_or_else(|| self.damage("the end of a text"))?;
            if bytes[end] == b'"' {
                break;
            }
            // The character after a backslash is no end.
            end += 2;
        }
        let text = self.text.get(begin..end).ok_or_else(|| self.damage("a text"))?;
        self.at = end + 1;
        self.skip(b" \t\r\n");
        Ok(if bytes.get(self.at) == Some(&b':') { Token::Key(text) } else { Token::Text(text) })
    }
}

/// Returns the meaning of a text that may have escapes.
pub fn unescaped(text: &str) -> String {
    let quoted = || serde_json::from_str(&format!("\"{text}\"")).ok();
    if text.contains('\\') { quoted().unwrap_or_else(|| text.to_owned()) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_a_document() {
        let mut tokens = Tokens::new("{\"a\\\"b\": [1, -2.5e3, null], \"c\" : \"d\"}");
        let mut found = Vec::new();
        while let Ok(Some(token)) = tokens.next() {
            found.push(token);
        }
        let expected = [
            Token::Open(b'{'),
            Token::Key("a\\\"b"),
            Token::Open(b'['),
            Token::Number(1.0),
            Token::Number(-2500.0),
            Token::Word,
            Token::Close(b']'),
            Token::Key("c"),
            Token::Text("d"),
            Token::Close(b'}'),
        ];
        assert_eq!(found, expected);
        assert_eq!(unescaped("a\\\"b\\u00e9"), "a\"bé");
    }

    #[test]
    fn damage_is_no_panic() {
        for text in ["\"abc", "\"abc\\", "\"é\\", "nul", "1e999", "-", "\u{7f}"] {
            assert!(Tokens::new(text).next().is_err(), "{text}");
        }
    }
}
