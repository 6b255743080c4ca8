//! The words and numbers of a line.

use super::super::columns::words::unit_of;

/// A piece of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Token {
    /// Its first byte.
    pub start: usize,
    /// The byte after it.
    pub end: usize,
    /// What it is.
    pub kind: TokenKind,
}

/// The kinds of pieces.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TokenKind {
    /// A word: letters, with digits and signs between them: `web.1`, `memory_rss`, `GPU-1`.
    Word,
    /// A number that may be a size.
    Number(Number),
    /// A number that is none: a version, a duration, a date, a hexadecimal number.
    Opaque,
    /// A sign.
    Sign(char),
    /// A tab, or two blanks or more.
    Gap,
}

/// A number as it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// Its value.
    pub value: f64,
    /// Digits after the point.
    pub decimals: u32,
    /// Digits in all.
    pub digits: u32,
    /// The bytes of the unit after it.
    pub unit: Option<f64>,
    /// Whether a `+` or `-` stands before it: a difference.
    pub is_signed: bool,
    /// Whether a `%` follows: a share.
    pub is_share: bool,
    /// Whether it is a number per something: `12 MB/s`, `3 KB per request`.
    pub is_rate: bool,
}

/// Splits a text from byte `from` on.
pub fn split(text: &str, from: usize, tokens: &mut Vec<Token>) {
    tokens.clear();
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let start = at;
        let kind = if letter == '\t' || letter == ' ' {
            at = skip_blanks(bytes, at);
            if at - start < 2 && letter == ' ' {
                continue;
            }
            TokenKind::Gap
        } else if letter.is_ascii_digit() {
            let (end, kind) = number(text, at);
            at = end;
            kind
        } else if letter.is_alphabetic() || letter == '_' {
            at = word_end(text, at);
            TokenKind::Word
        } else {
            at += letter.len_utf8();
            TokenKind::Sign(narrow(letter))
        };
        tokens.push(Token { start, end: at, kind });
    }
}

fn skip_blanks(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// Returns the ASCII form of a wide sign, as it stands in Chinese and Japanese text.
const fn narrow(sign: char) -> char {
    match sign {
        '\u{ff1a}' => ':',
        '\u{ff1d}' => '=',
        '\u{ff0c}' | '\u{3001}' => ',',
        '\u{ff1b}' => ';',
        '\u{ff08}' => '(',
        '\u{ff09}' => ')',
        '\u{3002}' => '.',
        _ => sign,
    }
}

/// The end of a word that begins at a byte. Signs belong to it where a letter or a digit follows.
fn word_end(text: &str, at: usize) -> usize {
    let mut letters = text[at..].char_indices().peekable();
    let mut end = text.len();
    while let Some((place, letter)) = letters.next() {
        let joins = matches!(letter, '_' | '.' | '-' | '#' | '@')
            && letters.peek().is_some_and(|(_, next)| next.is_alphanumeric() || *next == '_');
        if !letter.is_alphanumeric() && letter != '_' && !joins {
            end = at + place;
            break;
        }
    }
    end
}

fn number(text: &str, at: usize) -> (usize, TokenKind) {
    let bytes = text.as_bytes();
    let digits = |at: usize| bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = at + digits(at);
    let mut written = text[at..end].to_owned();
    // Thousands in groups of three.
    if end - at <= 3 {
        while matches!(bytes.get(end), Some(b',' | b'_')) && digits(end + 1) == 3 {
            written.push_str(&text[end + 1..end + 4]);
            end += 4;
        }
    }
    let mut decimals = 0;
    if let Some((comma, whole)) = decimal_comma(text, at, end) {
        decimals = digits(comma + 1);
        end = comma + 1 + decimals;
        written = format!("{whole}.{}", &text[comma + 1..end]);
    } else if bytes.get(end) == Some(&b'.') && is_digit(end + 1) {
        decimals = digits(end + 1);
        written.push_str(&text[end..=end + decimals]);
        end += 1 + decimals;
    }
    // `1.2.3`, `10:34:08`, `2026-11-26`.
    let goes_on = |end: usize| {
        bytes.get(end).is_some_and(|byte| matches!(byte, b'.' | b':' | b'-' | b'/' | b'_'))
            && is_digit(end + 1)
    };
    let is_list = bytes.get(end) == Some(&b'/') && decimals > 0;
    let shared = if decimals == 0 { shared_unit(text, end) } else { None };
    if goes_on(end) && !is_list && shared.is_none() {
        let rest = text[end..].find(|c: char| !c.is_alphanumeric() && !".:-_/+".contains(c));
        return (rest.map_or(text.len(), |length| end + length), TokenKind::Opaque);
    }
    let (value, figures) = (written.parse().unwrap_or(f64::NAN), written.len() - usize::from(decimals > 0));
    let mut unit = shared;
    let glued = text[end..]
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .map(char::len_utf8)
        .sum::<usize>();
    if glued > 0 {
        // Python 2 writes `15605760L`.
        let word = &text[end..end + glued];
        if word != "L" || decimals > 0 {
            unit = self::unit(word);
            if unit.is_none() {
                return (end + glued, TokenKind::Opaque);
            }
        }
        end += glued;
    } else {
        // `12 MB`, `'12 MB'`, `[12] bytes`, `12 (kb)`.
        let closed = end + usize::from(bytes.get(end).is_some_and(|byte| matches!(byte, b']' | b')')));
        let blank = skip_blanks(bytes, closed);
        let blank = blank
            + NO_BREAK
                .iter()
                .filter(|gap| text[blank..].starts_with(**gap))
                .map(|gap| gap.len())
                .sum::<usize>();
        let opens = usize::from(bytes.get(blank).is_some_and(|byte| matches!(byte, b'(' | b'[')));
        let blank = blank + opens;
        let letters = text[blank..].chars().take_while(|letter| letter.is_alphabetic());
        let length = letters.map(char::len_utf8).sum::<usize>();
        let word = &text[blank..blank + length];
        let ends = text[blank + length..].chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let is_closed =
            opens == 0 || bytes.get(blank + length).is_some_and(|byte| matches!(byte, b')' | b']'));
        // `123,456 K,`: a letter alone is a unit where no word follows.
        let is_last = !text[blank + length..].trim_start_matches(' ').starts_with(char::is_alphanumeric);
        let is_letter = matches!(word, "K" | "M" | "G") && is_last;
        if blank - closed <= 3 && ends && is_closed && (word.len() > 1 || is_letter) && shared.is_none() {
            unit = self::unit(word);
            if unit.is_some() {
                end = blank + length;
            }
        }
    }
    let before = text[..at].trim_end_matches(' ');
    let is_signed = before.len() == at && before.ends_with(['+', '-', '\u{2212}', '\u{b1}']);
    let is_share = text[end..].trim_start_matches(' ').starts_with('%');
    let is_rate = unit.is_some() && is_per(&text[end..]);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let (decimals, digits) = (count(decimals), count(figures));
    (end, TokenKind::Number(Number { value, decimals, digits, unit, is_signed, is_share, is_rate }))
}

/// Blanks at which no line is broken.
const NO_BREAK: [&str; 2] = ["\u{a0}", "\u{202f}"];

/// Returns the byte of a decimal comma and the digits before it: `101,5 MB`, `1.234,5 MB`. Where a unit does not
/// follow, a comma is one of a list.
fn decimal_comma(text: &str, at: usize, end: usize) -> Option<(usize, String)> {
    let bytes = text.as_bytes();
    let digits =
        |at: usize| bytes.get(at..).unwrap_or(&[]).iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut comma = end;
    while end - at <= 3 && bytes.get(comma) == Some(&b'.') && digits(comma + 1) == 3 {
        comma += 4;
    }
    let decimals = digits(comma + 1);
    if bytes.get(comma) != Some(&b',') || !(1..=2).contains(&decimals) {
        return None;
    }
    let rest = text.get(comma + 1 + decimals..)?;
    let rest = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let length = rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len());
    let is_unit = length > 0 && unit(&rest[..length]).is_some();
    is_unit.then(|| (comma, text[at..comma].replace('.', "")))
}

/// Returns the unit that a whole number shares with the one after a stroke: `512/1024 MB`.
fn shared_unit(text: &str, end: usize) -> Option<f64> {
    let bound = text.get(end..)?.strip_prefix('/')?;
    let rest = bound.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let rest = if rest.len() < bound.len() { rest.trim_start_matches(' ') } else { return None };
    let length = rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len());
    unit(&rest[..length])
}

/// Whether the text after a number says that it is one per something.
fn is_per(text: &str) -> bool {
    let word = |text: &str| {
        let length = text.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(text.len());
        text[..length].to_ascii_lowercase()
    };
    let text = text.trim_start_matches(' ');
    let is_one = |word: &str| {
        let ones =
            ["s", "sec", "second", "min", "minute", "h", "hr", "hour", "day", "ms", "op", "req", "request"];
        let others = ["call", "iter", "iteration", "item", "row", "step", "msg", "message"];
        ones.contains(&word) || others.contains(&word)
    };
    text.strip_prefix('/').is_some_and(|text| is_one(&word(text))) || word(text) == "per"
}

/// The bytes of a unit after a number. Single small letters are minutes and the like.
fn unit(word: &str) -> Option<f64> {
    if word.len() == 1 && !matches!(word, "B" | "K" | "M" | "G") {
        return None;
    }
    let in_french = match word {
        "o" | "octets" => "b",
        "ko" | "Ko" => "kb",
        "Mo" => "mb",
        "Go" => "gb",
        _ => "",
    };
    unit_of(in_french).or_else(|| unit_of(&word.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::{Token, TokenKind, split};

    fn described(text: &str) -> String {
        let mut tokens = Vec::new();
        split(text, 0, &mut tokens);
        let piece = |token: &Token| match token.kind {
            TokenKind::Word => format!("w:{}", &text[token.start..token.end]),
            TokenKind::Opaque => format!("o:{}", &text[token.start..token.end]),
            TokenKind::Sign(sign) => sign.to_string(),
            TokenKind::Gap => "gap".to_owned(),
            TokenKind::Number(n) => {
                let unit = n.unit.map_or(String::new(), |unit| format!("*{unit}"));
                let marks = [(n.is_signed, "±"), (n.is_share, "%"), (n.is_rate, "/")];
                let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
                format!("{}{unit}{marks}", n.value)
            }
        };
        tokens.iter().map(piece).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn lines_are_split() {
        let mut wrong = Vec::new();
        for (text, expected) in [
            ("rss=142MB\tvms=569MB", "w:rss = 142*1048576 gap w:vms = 569*1048576"),
            ("RSS: 147480 Pending: 9", "w:RSS : 147480 w:Pending : 9"),
            ("[200302592] bytes", "[ 200302592*1"),
            ("'99.94 MB',", "' 99.94*1048576 ' ,"),
            ("508,760 KB (+62 MB)", "508760*1024 ( + 62*1048576± )"),
            ("513M(100.4%)", "513*1048576 ( 100.4% % )"),
            ("12696 (kb)", "12696*1024 )"),
            ("123,456 K, 5 M", "123456*1024 , 5*1048576"),
            ("5 K items", "5 w:K w:items"),
            ("5 (MB used)", "5 ( w:MB w:used )"),
            ("took 2s, 5m, v1.2.3", "w:took o:2s , o:5m , w:v1.2.3"),
            ("10:34:08,123 at 2026-11-26T10:34", "o:10:34:08 , 123 w:at o:2026-11-26T10:34"),
            ("(15605760L, 7)", "( 15605760 , 7 )"),
            ("torch.cuda.memory_allocated(0) 5", "w:torch.cuda.memory_allocated ( 0 ) 5"),
            ("105 MiB/37 MiB GO", "105*1048576 / 37*1048576 w:GO"),
            ("3.819GiB / 14.2", "3.819*1073741824 / 14.2"),
            ("512/1024 MB, 3/10", "512*1048576 / 1024*1048576 , o:3/10"),
            ("12 MB/s, 3 KB per request", "12*1048576/ / w:s , 3*1024/ w:per w:request"),
            ("101,5 MB, 1.234,5 KB, 5,6", "101.5*1048576 , 1234.5*1024 , 5 , 6"),
            ("12_345_678 bytes", "12345678*1"),
            ("88 Mo, 101\u{a0}МБ, 5\u{ff0c}", "88*1048576 , 101*1048576 , 5 ,"),
            ("内存：5MB", "w:内存 : 5*1048576"),
        ] {
            let found = described(text);
            if found != expected {
                wrong.push(format!("{text}\n  expected {expected}\n  found    {found}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
