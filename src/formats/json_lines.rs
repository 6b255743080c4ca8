//! Lines of JSON and of logfmt: their strings hold what was printed, with escapes.

use std::borrow::Cow;

use memchr::{memchr, memchr2};
use serde_json::{Map, Value};

/// Returns a line with the escapes of JSON strings undone, if it is an object with escapes.
///
/// `\n` becomes a line end. Quotes and all else stay where they are, so that fields before a record can still be told
/// apart.
fn decoded(line: &str) -> Cow<'_, str> {
    if !line.contains('\\') || !is_object(line) {
        return Cow::Borrowed(line);
    }
    Cow::Owned(without_escapes(line))
}

/// The text with the escapes of strings undone.
fn without_escapes(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(escape) = rest.chars().next() else { break };
        rest = &rest[escape.len_utf8()..];
        match escape {
            'n' => text.push('\n'),
            'r' => {}
            't' => text.push('\t'),
            'b' | 'f' => text.push(' '),
            'u' => match unicode(rest) {
                Some((letter, length)) => {
                    text.push(letter);
                    rest = &rest[length..];
                }
                None => text.push_str("\\u"),
            },
            other => text.push(other),
        }
    }
    text.push_str(rest);
    text
}

/// Whether a line is an object of JSON, perhaps after a prefix of a log.
fn is_object(line: &str) -> bool {
    let Some(brace) = line.find('{') else { return false };
    let inside = line[brace + 1..].trim_start();
    inside.starts_with('"') && line.trim_end().ends_with('}')
}

/// The letter of four hexadecimal digits, or of a pair of surrogates; and the number of bytes after `\u`.
fn unicode(rest: &str) -> Option<(char, usize)> {
    let unit = |text: &str| u32::from_str_radix(text.get(..4)?, 16).ok();
    let first = unit(rest)?;
    if let Some(letter) = char::from_u32(first) {
        return Some((letter, 4));
    }
    let second = unit(rest.get(4..)?.strip_prefix("\\u")?)?;
    let pair = char::decode_utf16([u16::try_from(first).ok()?, u16::try_from(second).ok()?]).next()?.ok()?;
    Some((pair, 10))
}

/// The longest value that may name a worker, in bytes.
const LONGEST_NAME: usize = 80;
/// Fields of an object that are looked at, nested ones included.
const MOST_FIELDS: usize = 64;

/// Strings that are objects themselves are looked into up to this depth: a log of JSON lines, wrapped by collectors.
const MOST_LEVELS: usize = 3;

/// A line that is an object of JSON, perhaps after a prefix, or pairs of a key and a quoted string (logfmt).
#[derive(Debug, PartialEq, Eq)]
pub struct Object<'a> {
    /// The byte of its line at which it begins; the text before it is a prefix.
    pub start: usize,
    /// Its fields as `key=value`, without those that hold a record or a time.
    pub fields: String,
    /// The strings that may hold records, as they were before something escaped them.
    pub texts: Vec<Cow<'a, str>>,
}

/// Returns a line as an object, if it is one.
#[must_use]
pub fn object(line: &str, holds_record: impl Fn(&str) -> bool) -> Option<Object<'_>> {
    if line.trim_end().ends_with('}')
        && let Some(object) = json(line, &holds_record)
    {
        return Some(object);
    }
    pairs(line, &holds_record)
}

fn json<'a>(line: &'a str, holds_record: &impl Fn(&str) -> bool) -> Option<Object<'a>> {
    let start = if line.trim_start().starts_with('{') { 0 } else { line.find("{\"")? };
    let (prefix, text) = line.split_at_checked(start)?;
    if holds_record(prefix) {
        return None;
    }
    let object: Map<String, Value> = serde_json::from_str(text.trim()).ok()?;
    let mut found =
        Strings { holds_record, fields: String::new(), count: 0, texts: Vec::new(), in_keys: false };
    found.collect("", &object, MOST_LEVELS);
    // `{"VmRSS": "90000 kB"}` is a record as a whole.
    let texts = if found.in_keys || found.texts.is_empty() {
        vec![decoded(text)]
    } else {
        found.texts.into_iter().map(Cow::Owned).collect()
    };
    Some(Object { start, fields: found.fields, texts })
}

/// The strings of an object.
struct Strings<'h, H> {
    holds_record: &'h H,
    fields: String,
    count: usize,
    texts: Vec<String>,
    /// Whether a key may be a part of a record.
    in_keys: bool,
}

impl<H: Fn(&str) -> bool> Strings<'_, H> {
    fn collect(&mut self, path: &str, object: &Map<String, Value>, levels: usize) {
        for (key, value) in object {
            self.in_keys |= (self.holds_record)(key);
            self.value(path, key, value, levels);
        }
    }

    fn value(&mut self, path: &str, key: &str, value: &Value, levels: usize) {
        match value {
            Value::String(text) if (self.holds_record)(text) => self.record(text, levels),
            Value::String(text) => self.field(path, key, text),
            Value::Number(number) if number.is_u64() => self.field(path, key, &number.to_string()),
            Value::Object(nested) => self.collect(&format!("{path}{key}."), nested, levels),
            Value::Array(values) => {
                // Of lists only the records are of interest.
                let strings = values.iter().filter_map(Value::as_str);
                strings
                    .filter(|text| (self.holds_record)(text))
                    .for_each(|text| self.texts.push(text.to_owned()));
            }
            Value::Number(_) | Value::Bool(_) | Value::Null => {}
        }
    }

    /// Takes a string that may hold a record. It may be an object itself.
    fn record(&mut self, text: &str, levels: usize) {
        let inner = text.trim();
        if levels > 1
            && inner.starts_with('{')
            && let Ok(object) = serde_json::from_str::<Map<String, Value>>(inner)
        {
            let (texts, in_keys) = (self.texts.len(), std::mem::take(&mut self.in_keys));
            self.collect("", &object, levels - 1);
            if self.in_keys || self.texts.len() == texts {
                self.texts.truncate(texts);
                self.texts.push(decoded(inner).into_owned());
            }
            self.in_keys = in_keys;
            return;
        }
        self.texts.push(text.to_owned());
    }

    /// Keeps a field under its key, and the keys of the objects in which it stands: `host.name`.
    fn field(&mut self, path: &str, key: &str, value: &str) {
        if self.count < MOST_FIELDS
            && value.len() <= LONGEST_NAME
            && !is_time(key)
            && !(self.holds_record)(key)
        {
            self.count += 1;
            self.fields.extend([path, key, "=", value, " "]);
        }
    }
}

/// Pairs of logfmt of which a quoted string holds a record, and was escaped or is followed by others:
/// `level=info msg="RssAnon:\t 5 kB" pid=7`.
fn pairs<'a>(line: &'a str, holds_record: &impl Fn(&str) -> bool) -> Option<Object<'a>> {
    let (mut fields, mut texts) = (String::new(), Vec::new());
    let (mut copied, mut from, mut is_plain) = (0, 0, true);
    let is_quote = |quote: &u8| matches!(quote, b'"' | b'\'');
    while let Some(equals) = memchr(b'=', line.get(from..)?.as_bytes()).map(|at| from + at) {
        let open = equals + 1;
        from = open;
        if !line.as_bytes().get(open).is_some_and(is_quote) {
            continue;
        }
        let close = end_of_string(line, open)?;
        let content = line.get(open + 1..close)?;
        let after = line.get(close + 1..)?;
        from = close + 1;
        let is_pair = line[..equals].ends_with(|c: char| c.is_alphanumeric() || c == '_')
            && (after.trim_end().is_empty() || after.starts_with(' '));
        let key = line[..equals].rfind([' ', '\t']).map_or(0, |blank| blank + 1);
        // `VmRSS="90 MB"` is a record as a whole.
        if is_pair && holds_record(content) && !holds_record(&line[key..equals]) {
            is_plain &= after.trim_end().is_empty() && !content.contains('\\');
            texts.push(unescaped(content));
            fields.push_str(line.get(copied..key)?);
            copied = close + 1;
        }
    }
    if is_plain {
        return None;
    }
    fields.push_str(line.get(copied..)?);
    (!holds_record(&fields)).then_some(Object { start: 0, fields, texts })
}

/// Returns the byte of the quote that ends the string which begins at `open`.
fn end_of_string(line: &str, open: usize) -> Option<usize> {
    let mut at = open + 1;
    loop {
        at += memchr2(line.as_bytes()[open], b'\\', line.as_bytes().get(at..)?)?;
        if line.as_bytes()[at] != b'\\' {
            return Some(at);
        }
        at += 2;
    }
}

/// The content of a quoted string without escapes, or as it is where its backslashes are none: `C:\new`.
fn unescaped(content: &str) -> Cow<'_, str> {
    let is_drive = |(at, _): (usize, &str)| {
        let mut letters = content[..at].chars().rev();
        letters.next().is_some_and(|c| c.is_ascii_alphabetic())
            && !letters.next().is_some_and(char::is_alphanumeric)
            && content.as_bytes().get(at + 2) != Some(&b'\\')
    };
    if !content.contains('\\') || content.match_indices(":\\").any(is_drive) {
        return Cow::Borrowed(content);
    }
    Cow::Owned(without_escapes(content))
}

/// Whether a key is that of a time.
fn is_time(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    ["time", "date", "created", "msecs"].iter().any(|word| lower.contains(word))
        || matches!(lower.as_str(), "ts" | "t" | "at")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_within_objects_only() {
        for (line, expected) in [
            (r#"{"msg": "C:\\Program Files\\b.py:4"}"#, r#"{"msg": "C:\Program Files\b.py:4"}"#),
            (r#"{"msg": "<\u003e \ud83d\ude00 \ud83d"}"#, "{\"msg\": \"<> 😀 \\ud83d\"}"),
            (r#"2024-05-06 {"m": "a\nb"}"#, "2024-05-06 {\"m\": \"a\nb\"}"),
            (r"C:\new\table.py:3: size=1 B", r"C:\new\table.py:3: size=1 B"),
            (r#"{'a': "b\n"#, r#"{'a': "b\n"#),
        ] {
            assert_eq!(decoded(line), expected, "{line}");
        }
    }

    fn texts(line: &str) -> Option<(String, Vec<String>)> {
        let holds_record = |text: &str| ["Rss", "size="].iter().any(|needle| text.contains(needle));
        let Object { fields, texts, .. } = object(line, holds_record)?;
        Some((fields, texts.into_iter().map(Cow::into_owned).collect()))
    }

    #[test]
    fn records_are_as_they_were_before_something_escaped_them() {
        for (line, fields, expected) in [
            (
                r#"{"ts": "2024-05-06", "msg": "Top 2:\na.py:3: size=1 B\nb.py:4: size=2 B", "pid": 7}"#,
                "pid=7 ",
                "Top 2:\na.py:3: size=1 B\nb.py:4: size=2 B",
            ),
            (r#"{"msg": "\\\\host\\bv\\nfi.py:3: size=1 B"}"#, "", r"\\host\bv\nfi.py:3: size=1 B"),
            (r#"{"log":"{\"msg\":\"VmRss:\\t1 kB\",\"pid\":7}\n"}"#, "pid=7 ", "VmRss:\t1 kB"),
            (r#"{"VmRss": "1 kB", "pid": 7}"#, "pid=7 ", r#"{"VmRss": "1 kB", "pid": 7}"#),
            (r#"{"pod": "a", "lines": ["Rss: 1 kB"]}"#, "pod=a ", "Rss: 1 kB"),
            (r#"web-1 api {"pid":7,"msg":"Rss:\t1 kB"}"#, "pid=7 ", "Rss:\t1 kB"),
            (r#"level=info msg="Rss:\t1 kB" pid=7"#, "level=info  pid=7", "Rss:\t1 kB"),
            (r"level='info' event='Rss:\t1 kB' pid=7", "level='info'  pid=7", "Rss:\t1 kB"),
            (
                r#"level=info msg="C:\new\b.py:3: size=1 B" pid=7"#,
                "level=info  pid=7",
                r"C:\new\b.py:3: size=1 B",
            ),
        ] {
            assert_eq!(texts(line), Some((fields.to_owned(), vec![expected.to_owned()])), "{line}");
        }
    }

    #[test]
    fn other_lines_are_no_objects() {
        for line in [
            "{not json}",
            "Rss: 1 kB",
            r#"msg="Rss: 1 kB""#,
            r#"VmRss="size=1" pid=7"#,
            r#"Rss=1 kB msg="Rss: 1 kB" pid=7"#,
            r#"Rss: 1 kB {"pid":7}"#,
            r#"<td class="x">Rss: 1 kB"#,
        ] {
            assert_eq!(texts(line), None, "{line}");
        }
    }

    #[test]
    fn fields_name_workers_wherever_they_stand() {
        let line = r#"{"time": "12:00", "msg": "Rss: 1", "pid": 7, "kubernetes": {"pod_name": "web-1"}, "cpu": 0.5}"#;
        let found = texts(line).map(|(fields, _)| fields);
        assert!(
            found.as_deref().is_some_and(|f| f.contains("pod_name=web-1 ")
                && f.contains("pid=7 ")
                && !f.contains("12:00")),
            "{found:?}"
        );
    }
}
