//! The words of a prefix.

/// A word between blanks, brackets, quotes and bars.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    /// The bracket in which it stands; 0 for none.
    pub(super) bracket: u8,
    /// Whether the bracket stands right after a word: `svc[12]`.
    pub(super) glued: bool,
    /// The byte after it, or after the quote that closes it.
    pub(super) next: u8,
    /// Whether a bar comes next.
    pub(super) bar: bool,
    pub(super) quoted: bool,
    /// Whether it is the first word of an object.
    pub(super) begins_object: bool,
}

const MOST_TOKENS: usize = 48;

pub(super) struct Tokens<'a> {
    all: [Token<'a>; MOST_TOKENS],
    count: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
        let mut tokens = Self { all: [Token::default(); MOST_TOKENS], count: 0 };
        let (mut bracket, mut glued, mut begins_object) = (0, false, false);
        let mut at = 0;
        while at < bytes.len() && tokens.count < MOST_TOKENS {
            let first = byte(at);
            if is_delimiter(bytes, at) {
                match first {
                    b'[' | b'(' | b'<' | b'{' => {
                        bracket = if first == b'{' { 0 } else { first };
                        begins_object |= first == b'{';
                        glued = at > 0 && (byte(at - 1).is_ascii_alphanumeric() || byte(at - 1) >= 0x80);
                    }
                    b']' | b')' | b'>' | b'}' => bracket = 0,
                    _ => {}
                }
                at += 1;
                continue;
            }
            let from = at;
            while at < bytes.len() && !is_delimiter(bytes, at) {
                at += 1;
            }
            let quoted = from > 0 && matches!(byte(from - 1), b'"' | b'\'') && byte(at) == byte(from - 1);
            let next = byte(at + usize::from(quoted));
            let blanks = bytes[at..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            let bar = byte(at + blanks) == b'|';
            if let Some(text) = text.get(from..at).filter(|text| text.contains(char::is_alphanumeric)) {
                tokens.all[tokens.count] = Token { text, bracket, glued, next, bar, quoted, begins_object };
                tokens.count += 1;
                begins_object = false;
            }
            glued = glued && byte(at) != b']' && byte(at) != b')';
        }
        tokens
    }

    pub(super) fn as_slice(&self) -> &[Token<'a>] {
        &self.all[..self.count]
    }
}

fn is_delimiter(bytes: &[u8], at: usize) -> bool {
    let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    match bytes[at] {
        b' ' | b'\t' | b'[' | b']' | b'(' | b')' | b'<' | b'>' | b'{' | b'}' | b'"' | b'\'' | b'`' | b'|'
        | b';' => true,
        // `[1,0]` is one word.
        b',' => !(is_digit(at.checked_sub(1)) && is_digit(Some(at + 1))),
        _ => false,
    }
}
