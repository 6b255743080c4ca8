//! Sampling heap profiles of V8 (`.heapprofile`): of `node --heap-prof`, the inspector, Chrome and Deno.
//!
//! A profile is a tree of calls, each with the bytes in use that it allocated itself, when the file was written. V8
//! samples about one block in each interval of bytes and scales what it found, so that the bytes are an estimate: their
//! interval follows from the samples.

mod tokens;

use super::contract::{Detect, DocumentParser, Format, Parser};
use super::line::Damage;
use super::options::{GroupBy, Grouping};
use super::sink::Sink;
use super::stacks::{FrameId, InUse, Moment, Stacks};
use crate::model::{Frame, Truncation};

use tokens::{Token, Tokens, unescaped};

/// Heap profiles of V8.
pub static FORMAT: Format = Format {
    name: "v8-heap-profile",
    reads: "sampling heap profiles of V8 (.heapprofile of node --heap-prof, Chrome and Deno), grouped by --group-by",
    example: "{\"head\":{\"callFrame\":{\"functionName\":\"keep\",\"scriptId\":\"0\",\"url\":\"file:///srv/app/app.js\",\
              \"lineNumber\":4,\"columnNumber\":13},\"selfSize\":524288,\"id\":1,\"children\":[]},\"samples\":[]}\n",
    detect: Detect::Json(is_profile),
    parser: |options| Parser::Document(Box::new(Profiles { grouping: options.grouping })),
};

/// Bytes between two samples, unless a program asks for another interval: no profile says it.
const USUAL_INTERVAL: f64 = 524_288.0;
/// Deeper trees are no stacks: V8 keeps at most 1024 frames.
const MOST_DEPTH: usize = 8192;
/// Beyond 2⁵³ a sum of bytes would no longer be exact.
const TOO_MANY_BYTES: f64 = 9_007_199_254_740_992.0;

fn is_profile(head: &str) -> bool {
    let begin: String = head.chars().filter(|c| !c.is_whitespace()).take(400).collect();
    begin.starts_with("{\"head\":{") && begin.contains("\"callFrame\":{")
}

/// Reads a profile.
struct Profiles {
    grouping: Grouping,
}

/// A call of the tree, while it is read.
#[derive(Debug, Default)]
struct Call {
    function: Option<String>,
    url: String,
    line: u32,
    bytes: f64,
    id: Option<u64>,
    frame: Option<FrameId>,
    /// The frames of its callers, innermost first, are known when its children begin.
    is_named: bool,
}

/// A stack with bytes of its own.
#[derive(Debug)]
struct Found {
    frames: Box<[FrameId]>,
    bytes: f64,
    id: Option<u64>,
}

/// The object that a value belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Document,
    Call,
    CallFrame,
    Children,
    Samples,
    Sample,
    Other,
}

impl DocumentParser for Profiles {
    fn document(&mut self, bytes: &[u8], out: &mut Sink<'_>) -> Result<(), Damage> {
        let text = std::str::from_utf8(bytes).map_err(|_| wrong("the profile is no text"))?;
        let mut reader = Reader::default();
        reader.read(text)?;
        let interval = reader.interval();
        let variances = reader.variances(interval);
        let has_samples = !variances.is_empty();
        if !has_samples {
            out.note("the profile has no list of samples: its interval is taken as V8's usual 512 KiB");
        }
        if !out.has_first_line() {
            out.note_first_line(1, &format!("a heap profile of {} stacks", reader.found.len()));
        }
        for Found { frames, bytes, id } in reader.found {
            let variance = if has_samples {
                id.and_then(|id| variances.get(&id)).copied().unwrap_or(0.0)
            } else {
                bytes * interval
            };
            reader.stacks.push(frames, InUse { bytes, variance, blocks: None });
        }
        if reader.stacks.total().bytes <= 0.0 {
            return Err(wrong("the profile has no bytes in use"));
        }
        let moment = Moment { time: None, subject: None, line: 1, truncation: Truncation::Complete };
        reader.stacks.finish(self.grouping, GroupBy::Line, moment, bytes.len(), out)
    }
}

fn wrong(message: &str) -> Damage {
    Damage { column: None, message: message.to_owned() }
}

/// The tree while it is read.
#[derive(Debug, Default)]
struct Reader {
    stacks: Stacks,
    scopes: Vec<Scope>,
    calls: Vec<Call>,
    found: Vec<Found>,
    /// The call and the size of each sample.
    samples: Vec<(u64, f64)>,
    sample: (Option<u64>, f64),
}

impl Reader {
    fn read(&mut self, text: &str) -> Result<(), Damage> {
        let mut tokens = Tokens::new(text);
        let mut key = None;
        while let Some(token) = tokens.next()? {
            match token {
                Token::Open(kind) => {
                    let scope = self.inner(kind, key.take());
                    self.open(scope)?;
                }
                Token::Close(_) => self.close()?,
                Token::Key(name) => key = Some(name),
                Token::Text(text) => self.text(key.take(), text),
                Token::Number(number) => self.number(key.take(), number),
                Token::Word => key = None,
            }
        }
        let is_whole = self.scopes.is_empty();
        if is_whole { Ok(()) } else { Err(wrong("the profile breaks off")) }
    }

    /// Returns the scope that a bracket opens.
    fn inner(&self, kind: u8, key: Option<&str>) -> Scope {
        match (self.scopes.last(), kind, key) {
            (None, b'{', None) => Scope::Document,
            (Some(Scope::Document), b'{', Some("head")) | (Some(Scope::Children), b'{', _) => Scope::Call,
            (Some(Scope::Document), b'[', Some("samples")) => Scope::Samples,
            (Some(Scope::Call), b'{', Some("callFrame")) => Scope::CallFrame,
            (Some(Scope::Call), b'[', Some("children")) => Scope::Children,
            (Some(Scope::Samples), b'{', _) => Scope::Sample,
            _ => Scope::Other,
        }
    }

    fn open(&mut self, scope: Scope) -> Result<(), Damage> {
        if self.scopes.len() >= MOST_DEPTH {
            return Err(wrong("the profile is nested too deeply"));
        }
        self.scopes.push(scope);
        match scope {
            Scope::Call => self.calls.push(Call::default()),
            Scope::Children => self.name_last(),
            Scope::Sample => self.sample = (None, 0.0),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Damage> {
        match self.scopes.pop().ok_or_else(|| wrong("the profile has a bracket that nothing opened"))? {
            Scope::Call => {
                self.name_last();
                if let Some(call) = self.calls.last().filter(|call| call.bytes > 0.0) {
                    let frames = self.calls.iter().rev().filter_map(|call| call.frame).collect();
                    self.found.push(Found { frames, bytes: call.bytes, id: call.id });
                }
                self.calls.pop();
            }
            Scope::Sample => {
                if let (Some(id), size) = self.sample {
                    self.samples.push((id, size));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Gives the last call its frame: its own fields stand before its children, or there are none of them.
    fn name_last(&mut self) {
        let Some(call) = self.calls.last_mut().filter(|call| !call.is_named) else { return };
        call.is_named = true;
        let function = std::mem::take(&mut call.function).filter(|name| !name.is_empty());
        // The root of the tree, and functions of the program without a name.
        let function = match function.as_deref() {
            Some("(root)") => return,
            None if call.url.is_empty() => "(native)",
            None => "(anonymous)",
            Some(name) => name,
        };
        let frame =
            Frame { function: Some(function.into()), ..Frame::at(std::mem::take(&mut call.url), call.line) };
        call.frame = Some(self.stacks.frame(frame));
    }

    fn text(&mut self, key: Option<&str>, text: &str) {
        let (Some(Scope::CallFrame), Some(call)) = (self.scopes.last(), self.calls.last_mut()) else {
            return;
        };
        match key {
            Some("functionName") => call.function = Some(unescaped(text)),
            Some("url") => {
                let url = unescaped(text);
                call.url = url.strip_prefix("file://").map_or(url.clone(), str::to_owned);
            }
            _ => {}
        }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked before")]
    fn number(&mut self, key: Option<&str>, number: f64) {
        let whole = (0.0..TOO_MANY_BYTES).contains(&number).then_some(number as u64);
        match (self.scopes.last(), key, self.calls.last_mut()) {
            // Lines count from 0; the root has -1.
            (Some(Scope::CallFrame), Some("lineNumber"), Some(call)) => {
                call.line = whole.and_then(|line| u32::try_from(line + 1).ok()).unwrap_or(0);
            }
            (Some(Scope::Call), Some("selfSize"), Some(call)) => {
                call.bytes = whole.map_or(0.0, |_| number);
            }
            (Some(Scope::Call), Some("id"), Some(call)) => call.id = whole,
            (Some(Scope::Sample), Some("nodeId"), _) => self.sample.0 = whole,
            (Some(Scope::Sample), Some("size"), _) => self.sample.1 = whole.map_or(0.0, |_| number),
            _ => {}
        }
    }

    /// Returns the bytes between two samples: a small block stands for that many, a large one for itself.
    fn interval(&self) -> f64 {
        let least = self.samples.iter().map(|(_, size)| *size).filter(|size| *size > 0.0);
        let least = least.fold(f64::INFINITY, f64::min);
        if least.is_finite() { least } else { USUAL_INTERVAL }
    }

    /// Returns the variance of the bytes of each call.
    fn variances(&self, interval: f64) -> std::collections::HashMap<u64, f64> {
        let mut variances = std::collections::HashMap::new();
        for &(id, size) in &self.samples {
            *variances.entry(id).or_insert(0.0) += size * size * (1.0 - probability(size / interval));
        }
        variances
    }
}

/// Returns the probability that a block is sampled which stands for `scaled` intervals if it is: a block of `x`
/// intervals is sampled with `p = 1 − exp(−x)` and stands for `x / p` of them.
fn probability(scaled: f64) -> f64 {
    let mut x = scaled;
    for _ in 0..40 {
        x = scaled * -(-x).exp_m1();
    }
    -(-x).exp_m1()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_stands_for_more_the_smaller_it_is() {
        for x in [0.2_f64, 1.0, 3.0, 10.0] {
            let p = -(-x).exp_m1();
            assert!((probability(x / p) - p).abs() < 0.01, "{x}");
        }
        assert!(probability(1.0) < 0.06);
    }

    #[test]
    fn calls_are_stacks() {
        let call = |name: &str, line: i32, size: u32, children: &str| {
            format!(
                "{{\"callFrame\":{{\"functionName\":\"{name}\",\"url\":\"file:///srv/app.js\",\"lineNumber\":{line}}},\
                 \"selfSize\":{size},\"children\":[{children}]}}"
            )
        };
        let tree = call("(root)", -1, 0, &call("serve", 8, 10, &call("", 3, 30, "")));
        let mut reader = Reader::default();
        assert_eq!(reader.read(&format!("{{\"head\":{tree}}}")), Ok(()));
        let found: Vec<_> = reader.found.iter().map(|found| (found.frames.len(), found.bytes)).collect();
        assert_eq!(found, [(2, 30.0), (1, 10.0)]);
        for broken in [format!("{{\"head\":{tree}"), "}".to_owned(), "[".repeat(9000)] {
            assert!(Reader::default().read(&broken).is_err());
        }
    }
}
