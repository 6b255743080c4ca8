//! Lines as they were printed, before something quoted, escaped or decorated them.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memchr3, memmem};

use crate::formats::escapes::without_escapes;

/// Strings within strings that are undone: a log of JSON lines, wrapped by a collector, within a document.
const MOST_LEVELS: u32 = 3;
/// Tags of a web page that begin a line, …
const LINE_TAGS: [&str; 24] = [
    "br",
    "p",
    "div",
    "tr",
    "li",
    "ul",
    "ol",
    "pre",
    "table",
    "tbody",
    "thead",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "hr",
    "dd",
    "dt",
    "dl",
    "details",
    "summary",
];
/// … that begin a cell, …
const CELL_TAGS: [&str; 2] = ["td", "th"];
/// … and that decorate a text.
const TEXT_TAGS: [&str; 21] = [
    "b", "strong", "i", "em", "u", "s", "code", "tt", "kbd", "samp", "span", "font", "a", "mark", "small",
    "big", "sub", "sup", "ins", "del", "var",
];
/// Entities, the ampersand first: what was escaped twice is undone twice.
const ENTITIES: [(&str, &str); 8] = [
    ("&amp;", "&"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#34;", "\""),
    ("&#39;", "'"),
    ("&#x27;", "'"),
    ("&nbsp;", " "),
];

/// Returns a line as it was printed: escapes within quoted strings, tags and entities of web pages and the decoration
/// of Markdown are undone. Lines that were one string, or one line of a page, are parted by line feeds.
#[must_use]
pub fn printed(line: &str) -> Cow<'_, str> {
    let bytes = line.as_bytes();
    let mut text = Cow::Borrowed(line);
    if memchr(b'\\', bytes).is_some()
        && let Some(unescaped) = unescaped(line, MOST_LEVELS)
    {
        // Colours may have been escaped with the rest.
        text = Cow::Owned(without_escapes(&unescaped).into_owned());
    }
    if memmem::find(bytes, b"#012").is_some() {
        // A line feed as rsyslog writes it, and a tab.
        text = Cow::Owned(text.replace("#012", "\n").replace("#011", "\t"));
    }
    if memchr(b'<', bytes).is_some() || text.len() < line.len() && text.contains('<') {
        replace(&mut text, without_tags);
    }
    if memchr(b'&', bytes).is_some() {
        for (entity, plain) in ENTITIES {
            if text.contains(entity) {
                text = Cow::Owned(text.replace(entity, plain));
            }
        }
    }
    if memchr2(b'`', b'*', bytes).is_some() || memmem::find(bytes, b"](").is_some() {
        replace(&mut text, without_markdown);
    }
    text
}

fn replace(text: &mut Cow<'_, str>, change: impl Fn(&str) -> Option<String>) {
    if let Some(changed) = change(text) {
        *text = Cow::Owned(changed);
    }
}

/// The text with the escapes in its quoted strings undone; `None` if there are none.
fn unescaped(text: &str, levels: u32) -> Option<String> {
    let mut plain = String::new();
    let mut copied = 0;
    let mut from = 0;
    // Quotes of a kind that once does not end are none.
    let mut unended = [false; 2];
    while let Some(open) = memchr2(b'"', b'\'', &text.as_bytes()[from..]).map(|at| from + at) {
        let quote = text.as_bytes()[open];
        if unended[usize::from(quote == b'"')] {
            from = open + 1;
            continue;
        }
        let before = text[..open].trim_end();
        // An apostrophe is no quote.
        if quote == b'\'' && !(before.is_empty() || before.ends_with(['[', '(', '{', ',', ':', '=', '"'])) {
            from = open + 1;
            continue;
        }
        let (close, escapes) = end_of_string(text, open);
        // A string that was cut is one if it is the value of a key.
        let begun = before.is_empty() || before.ends_with([':', '=']);
        let end = match close {
            Some(close) => close,
            None if begun => text.len(),
            None => {
                unended[usize::from(quote == b'"')] = true;
                from = open + 1;
                continue;
            }
        };
        if escapes && let Some(content) = unescaped_string(&text[open + 1..end], levels) {
            plain.push_str(&text[copied..=open]);
            plain.push_str(&content);
            copied = end;
        }
        from = (end + 1).min(text.len());
    }
    if copied == 0 {
        return None;
    }
    plain.push_str(&text[copied..]);
    Some(plain)
}

/// Returns the byte at which the string ends that begins with the quote at `open`, and whether it has escapes.
fn end_of_string(text: &str, open: usize) -> (Option<usize>, bool) {
    let bytes = text.as_bytes();
    let (mut at, mut escapes) = (open + 1, false);
    while let Some(next) = memchr2(bytes[open], b'\\', bytes.get(at..).unwrap_or_default()) {
        if bytes[at + next] == bytes[open] {
            return (Some(at + next), escapes);
        }
        escapes = true;
        at += next + 2;
    }
    (None, escapes)
}

/// The content of a string with its escapes undone; `None` if its backslashes are none: a path of Windows as it is.
fn unescaped_string(content: &str, levels: u32) -> Option<String> {
    let mut plain = String::with_capacity(content.len());
    let mut rest = content;
    let mut quotes = false;
    while let Some(at) = memchr(b'\\', rest.as_bytes()) {
        plain.push_str(&rest[..at]);
        let mut escape = rest[at + 1..].chars();
        let escaped = escape.next();
        let mut after = escape.as_str();
        // `C:\new` has no line feed.
        let drive = plain.strip_suffix(':').is_some_and(|drive| {
            let mut letters = drive.chars().rev();
            letters.next().is_some_and(|c| c.is_ascii_alphabetic())
                && !letters.next().is_some_and(char::is_alphanumeric)
        });
        match escaped {
            Some('\\') => plain.push('\\'),
            Some('n') if !drive => plain.push('\n'),
            Some('t') if !drive => plain.push('\t'),
            Some('r' | 'b' | 'f') if !drive => {}
            Some(quote @ ('"' | '\'')) => {
                quotes = true;
                plain.push(quote);
            }
            Some('/') => plain.push('/'),
            Some('u') => {
                let code = after.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok())?;
                plain.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                after = &after[4..];
            }
            Some('x') => {
                let code = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok())?;
                plain.push(char::from(code));
                after = &after[2..];
            }
            // The string was cut within an escape.
            None => {}
            Some(_) => return None,
        }
        rest = after;
    }
    plain.push_str(rest);
    // A line feed that ends the string begins no line.
    plain.truncate(plain.trim_end_matches('\n').len());
    let inner = if quotes && levels > 1 { unescaped(&plain, levels - 1) } else { None };
    Some(inner.unwrap_or(plain))
}

/// The text without the tags of web pages; `None` if there are none. `<frozen importlib>` and the like are names.
fn without_tags(text: &str) -> Option<String> {
    let mut plain = String::new();
    let mut copied = 0;
    let mut from = 0;
    while let Some(open) = memchr(b'<', &text.as_bytes()[from..]).map(|at| from + at) {
        from = open + 1;
        let Some(close) = memchr3(b'>', b'<', b'\n', &text.as_bytes()[from..]).map(|at| from + at) else {
            break;
        };
        if text.as_bytes()[close] != b'>' {
            continue;
        }
        let (inside, closes) = (&text[from..close], text[from..close].starts_with('/'));
        let name = inside.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        let after = &text[close + 1..];
        // A file that was compiled under such a name: `<code>:3:`.
        let is_site =
            after.strip_prefix(':').is_some_and(|line| line.starts_with(|c: char| c.is_ascii_digit()));
        let is =
            |tags: &[&str]| (closes || !is_site) && tags.iter().any(|tag| name.eq_ignore_ascii_case(tag));
        let instead = if is(&LINE_TAGS) {
            "\n"
        } else if is(&CELL_TAGS) {
            "\t"
        } else if is(&TEXT_TAGS) {
            ""
        } else {
            continue;
        };
        plain.push_str(&text[copied..open]);
        plain.push_str(instead);
        (copied, from) = (close + 1, close + 1);
    }
    if copied == 0 {
        return None;
    }
    plain.push_str(&text[copied..]);
    Some(plain)
}

/// The text without `**bold**`, `` `code` `` and the addresses of links; `None` if there are none.
fn without_markdown(text: &str) -> Option<String> {
    let mut plain = Cow::Borrowed(text);
    for mark in ["**", "`"] {
        if plain.contains(mark) {
            plain = Cow::Owned(plain.replace(mark, ""));
        }
    }
    if let Some(unlinked) = without_links(&plain) {
        plain = Cow::Owned(unlinked);
    }
    match plain {
        Cow::Owned(plain) => Some(plain),
        Cow::Borrowed(_) => None,
    }
}

/// The text with `[text](address)` become `text`.
fn without_links(text: &str) -> Option<String> {
    let mut plain = String::new();
    let mut copied = 0;
    // Where in `plain` the last bracket opens.
    let mut open = None;
    let mut from = 0;
    while let Some(at) = memchr2(b'[', b']', &text.as_bytes()[from..]).map(|at| from + at) {
        plain.push_str(&text[copied..at]);
        (copied, from) = (at, at + 1);
        if text.as_bytes()[at] == b'[' {
            open = Some(plain.len());
        } else if text[at..].starts_with("](")
            && let Some(bracket) = open.take()
        {
            let Some(close) = memchr(b')', &text.as_bytes()[at..]).map(|close| at + close) else { break };
            plain.remove(bracket);
            (copied, from) = (close + 1, close + 1);
        }
    }
    plain.push_str(&text[copied..]);
    (plain.len() < text.len()).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::printed;

    #[test]
    fn lines_are_read_as_they_were_printed() {
        for (line, expected) in [
            // Strings.
            (
                r#"{"msg": "Top 2:\n/srv/a.py:3: x\nC:\\Program Files\\b.py:4: y"}"#,
                "{\"msg\": \"Top 2:\n/srv/a.py:3: x\nC:\\Program Files\\b.py:4: y\"}",
            ),
            (
                r#"{"log":"/srv/a.py:3: x\n","stream":"stdout"}"#,
                r#"{"log":"/srv/a.py:3: x","stream":"stdout"}"#,
            ),
            (r#"{"log":"{\"msg\":\"Top:\\n/srv/a.py\"}\n"}"#, "{\"log\":\"{\"msg\":\"Top:\n/srv/a.py\"}\"}"),
            (r#"level=info msg="Top:\n/srv/a.py" pid=7"#, "level=info msg=\"Top:\n/srv/a.py\" pid=7"),
            (r"['/srv/a.py:3: x\n', 'C:\\b.py:4: y\n']", r"['/srv/a.py:3: x', 'C:\b.py:4: y']"),
            (r#"{"msg": "Top:\r\n\t/srv/a.py"#, "{\"msg\": \"Top:\n\t/srv/a.py"),
            (r#"{"msg":"\u003cstring\u003e:5: x"}"#, r#"{"msg":"<string>:5: x"}"#),
            (r#"{"msg":"\u001b[31m/srv/a.py\u001b[0m"}"#, r#"{"msg":"/srv/a.py"}"#),
            // Backslashes that escape nothing.
            (r#""C:\new\test.py:3: x""#, r#""C:\new\test.py:3: x""#),
            (r"C:\new\test.py:3: x", r"C:\new\test.py:3: x"),
            (r#""D:\app\src\b.py:3: x""#, r#""D:\app\src\b.py:3: x""#),
            (r"it's in C:\new\it's.py:3: x", r"it's in C:\new\it's.py:3: x"),
            // rsyslog.
            ("svc: Top:#012/srv/a.py:3: x#012#011/srv/b.py", "svc: Top:\n/srv/a.py:3: x\n\t/srv/b.py"),
            // Web pages.
            ("<p>top<br>app/a.py:3: x<br/>app/b.py:4: y</p>", "\ntop\napp/a.py:3: x\napp/b.py:4: y\n"),
            ("<tr><td>1</td><td class=\"x\">a.py:3: x</td></tr>", "\n\t1\t\ta.py:3: x\t\n"),
            ("<b>a.py</b>:3: <code>x</code>", "a.py:3: x"),
            (
                "<frozen abc>:3: x, <string>:4: y, <code>:5: z",
                "<frozen abc>:3: x, <string>:4: y, <code>:5: z",
            ),
            ("/<some>/<path>/a.py:3: x < y", "/<some>/<path>/a.py:3: x < y"),
            ("&lt;frozen abc&gt;:3: &quot;x&quot; &amp;lt;y", "<frozen abc>:3: \"x\" <y"),
            // Markdown.
            ("- `a.py:3`: **size=168 B**", "- a.py:3: size=168 B"),
            ("[a.py:3](https://host/a.py#L3): x", "a.py:3: x"),
            ("* a.py:3: 2*3 x", "* a.py:3: 2*3 x"),
        ] {
            assert_eq!(printed(line), expected, "{line}");
        }
    }
}
