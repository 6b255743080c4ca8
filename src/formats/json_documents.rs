//! Documents of JSON between other lines, in a line or over several.

use serde_json::Value;

use super::line::{Claim, Damage, Line};
use super::scope::Scope;
use super::sink::Sink;

/// A longer document is given up.
const MOST_BYTES: usize = 64 << 20;

/// Returns where an object or a list begins in a line.
pub fn start(line: &str) -> Option<usize> {
    let is_start = |at: &usize| {
        let after = line.get(at + 1..).unwrap_or("").trim_start();
        after.starts_with(['"', '{'])
    };
    line.match_indices(['{', '[']).map(|(at, _)| at).find(is_start)
}

/// Whether a line is a member of an object: `"mem_usage": "222.6MB / 8.2GB",`.
pub fn is_member(line: &str) -> bool {
    line.trim_start().starts_with('"')
}

/// Whether all brackets of a text are closed.
pub fn is_balanced(text: &str) -> bool {
    let mut nesting = Nesting::default();
    nesting.read(text);
    nesting.depth == 0
}

/// Open brackets of a text so far.
#[derive(Debug, Default)]
struct Nesting {
    depth: i64,
    in_string: bool,
    escaped: bool,
}

impl Nesting {
    fn read(&mut self, text: &str) {
        for byte in text.bytes() {
            if self.in_string {
                self.in_string = self.escaped || byte != b'"';
                self.escaped = !self.escaped && byte == b'\\';
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth -= 1,
                _ => {}
            }
        }
        // No string of JSON goes over a line end.
        self.in_string = false;
    }
}

/// A document over several lines.
#[derive(Debug)]
pub struct Document {
    text: String,
    lines: u64,
    nesting: Nesting,
    pub scope: Scope,
}

impl Document {
    /// Returns the document that the last of some lines above are the beginning of.
    pub fn begun<'t>(above: impl DoubleEndedIterator<Item = &'t str>, scope: Scope) -> Option<Self> {
        let mut lines = Vec::new();
        let is_begin = |line: &str| line.starts_with(['{', '[']);
        for line in above.rev() {
            lines.push(line);
            if is_begin(line) {
                break;
            }
        }
        let mut document = Self { text: String::new(), lines: 0, nesting: Nesting::default(), scope };
        lines.last().filter(|first| is_begin(first))?;
        lines.iter().rev().for_each(|line| document.add(line));
        (!document.is_complete()).then_some(document)
    }

    pub fn add(&mut self, line: &str) {
        self.nesting.read(line);
        self.lines += 1;
        self.text.push_str(line);
        self.text.push('\n');
    }

    pub const fn is_complete(&self) -> bool {
        self.nesting.depth <= 0
    }

    pub const fn is_too_long(&self) -> bool {
        self.text.len() > MOST_BYTES
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Gathers the documents of one source.
#[derive(Debug, Default)]
pub struct Documents {
    open: Option<Document>,
    begins_source: bool,
}

impl Documents {
    /// Whether the source begins with a document.
    #[must_use]
    pub const fn begins_source(&self) -> bool {
        self.begins_source
    }

    /// Takes a line; returns the document that it completes, and the time above the document. A line that only looks
    /// like JSON is no document.
    ///
    /// # Errors
    /// Returns the damage of a document over several lines that is none, or does not end.
    pub fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Next, Damage> {
        if self.open.is_some() && begins(line.text) {
            // The one before broke off.
            out.damaged(line.number, cut());
            self.open = None;
        }
        if self.open.is_none() {
            if let Some(at) = start(line.text)
                && let Some(text) = line.text.get(at..)
                && let Some(value) = parse(text)
            {
                self.begins_source |= line.number == 1 && at == 0;
                return Ok(Next::Document(Box::new(value), out.scope(line, at)));
            }
            if begins(line.text) {
                let scope = out.bare_scope();
                self.open =
                    Some(Document { text: String::new(), lines: 0, nesting: Nesting::default(), scope });
            } else if is_member(line.text) {
                let scope = out.bare_scope();
                let above = out.take_above();
                self.open = Document::begun(above.lines().map(|(_, text)| text), scope);
                out.recycle(above);
            }
        }
        let Some(document) = &mut self.open else { return Ok(Next::Other(Claim::NotMine)) };
        document.add(line.text);
        self.begins_source |= document.lines == line.number;
        if !document.is_complete() {
            if document.is_too_long() {
                self.open = None;
                return Err(cut());
            }
            return Ok(Next::Other(Claim::MoreBelow));
        }
        let (value, scope) = (parse(document.text()), document.scope);
        self.open = None;
        value
            .map(|value| Next::Document(Box::new(value), scope))
            .ok_or_else(|| Damage { column: None, message: "expected a JSON document".to_owned() })
    }

    /// Ends the source.
    pub fn finish(&mut self, out: &mut Sink<'_>) {
        if self.open.take().is_some() {
            out.damaged(out.line_number(), cut());
        }
    }
}

/// What came of a line.
#[derive(Debug)]
pub enum Next {
    /// A document is complete.
    Document(Box<Value>, Scope),
    /// None is.
    Other(Claim),
}

fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text.trim().trim_end_matches([',', ';'])).ok()
}

fn begins(line: &str) -> bool {
    line.starts_with(['{', '['])
}

fn cut() -> Damage {
    Damage { column: None, message: "the JSON document breaks off".to_owned() }
}
