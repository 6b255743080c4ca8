//! Lines of JSON: their strings hold what was printed, with escapes.

use std::borrow::Cow;

use serde_json::Value;

/// Returns a line with the escapes of JSON strings undone, if it is an object with escapes.
///
/// `\n` becomes a line end. Quotes and all else stay where they are, so that fields before a record can still be told
/// apart.
#[must_use]
pub fn decoded(line: &str) -> Cow<'_, str> {
    if !line.contains('\\') || !is_object(line) {
        return Cow::Borrowed(line);
    }
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
    Cow::Owned(text)
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

/// Returns the lines that a decoded object was printed from: one, unless a string of it holds line ends.
#[must_use]
pub fn lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.split('\n').collect();
    if lines.len() > 1 {
        // The first line begins with the string, and the last ends with it. A string may hold an object of its own.
        if !lines[0].trim_end().ends_with('}') {
            lines[0] = lines[0].rsplit_once('"').map_or(lines[0], |(_, text)| text);
        }
        if let Some(last) = lines.last_mut() {
            *last = last.split_once('"').map_or(*last, |(text, _)| text);
        }
    }
    lines
}

/// The longest value that may name a worker, in bytes.
const LONGEST_NAME: usize = 80;
/// Fields of an object that are looked at, nested ones included.
const MOST_FIELDS: usize = 64;

/// Returns the fields of an object as `key=value`, without those that hold a record or a time; `None` if the line is no
/// object.
#[must_use]
pub fn fields(line: &str, holds_record: impl Fn(&str) -> bool) -> Option<String> {
    let line = line.trim();
    if !(line.starts_with('{') && line.ends_with('}')) {
        return None;
    }
    let object: serde_json::Map<String, Value> = serde_json::from_str(line).ok()?;
    let mut fields = Vec::new();
    collect(&object, &mut fields);
    let mut text = String::new();
    for (key, value) in fields {
        if value.len() <= LONGEST_NAME && !is_time(key) && !holds_record(key) && !holds_record(&value) {
            text.push_str(key);
            text.push('=');
            text.push_str(&value);
            text.push(' ');
        }
    }
    Some(text)
}

fn collect<'a>(object: &'a serde_json::Map<String, Value>, fields: &mut Vec<(&'a str, String)>) {
    for (key, value) in object {
        if fields.len() >= MOST_FIELDS {
            return;
        }
        match value {
            Value::String(text) => fields.push((key, text.clone())),
            Value::Number(number) if number.is_u64() => fields.push((key, number.to_string())),
            Value::Object(nested) => collect(nested, fields),
            Value::Number(_) | Value::Bool(_) | Value::Null | Value::Array(_) => {}
        }
    }
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

    #[test]
    fn a_string_of_several_lines_is_parted() {
        let text =
            decoded(r#"{"ts": "2024-05-06", "msg": "Top 2:\na.py:3: size=1 B\nb.py:4: size=2 B", "pid": 7}"#);
        assert_eq!(lines(&text), ["Top 2:", "a.py:3: size=1 B", "b.py:4: size=2 B"]);
        assert_eq!(lines("VmRSS: 1 kB"), ["VmRSS: 1 kB"]);
    }

    #[test]
    fn fields_name_workers_wherever_they_stand() {
        let line = r#"{"time": "12:00", "msg": "Rss: 1", "pid": 7, "RssAnon": "1 kB", "kubernetes": {"pod_name": "web-1"}, "cpu": 0.5}"#;
        assert_eq!(fields(line, |text| text.contains("Rss")).as_deref(), Some("pod_name=web-1 pid=7 "));
        assert_eq!(fields("{not json}", |_| false), None);
        assert_eq!(fields("Rss: 1 kB", |_| false), None);
    }
}
