//! Text that may stand before a stamp: brackets, levels, workers, labels.
//!
//! The start of a line is gone through word by word. A stamp may begin at each word; which kinds of stamps are believed
//! there depends on the words before. A whole date is one even after a host's name, a mere `12:30` is not.

use super::digits::{byte, run};
use super::word_set::WordSet;

/// Bytes of a line within which a stamp may begin.
const WINDOW: usize = 160;

/// The number of words that may stand before a stamp.
const MOST_WORDS: usize = 12;

/// The number of words outside of brackets that may stand right before a whole date.
const MOST_BARE_WORDS: usize = 4;

/// The same for a date that has words in it itself.
const MOST_BEFORE_WORDED: usize = 2;

/// The signs that end a word.
const ENDS_WORD: [bool; 256] = {
    let mut ends = [false; 256];
    let signs = b" \t[]()|\"',;:={}<>";
    let mut at = 0;
    while at < signs.len() {
        ends[signs[at] as usize] = true;
        at += 1;
    }
    ends
};

/// The kinds of stamps that are believed at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admitted {
    /// All, times without a date or a year included.
    All,
    /// All, after a label such as `time=`.
    Labelled,
    /// After the label of a time since a start.
    ElapsedOnly {
        /// Whether a number without a unit is seconds.
        bare: bool,
    },
    /// Whole dates with a time only: plain words stand before.
    WholeDates {
        /// Whether the date may have words in it.
        worded: bool,
    },
}

/// A place where a stamp may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) at: usize,
    pub(super) admitted: Admitted,
    /// Whether the text there is a JSON object, or the like.
    pub(super) object: bool,
}

/// The places in a line where a stamp may begin, from left to right.
#[derive(Debug, Clone)]
pub(super) struct Places<'a> {
    line: &'a str,
    text: &'a [u8],
    at: usize,
    depth: usize,
    words: usize,
    bare: usize,
    /// Words within the bracket that is open.
    inside: usize,
    admitted: Admitted,
    started: bool,
}

impl<'a> Places<'a> {
    pub(super) const fn new(line: &'a str) -> Self {
        Self {
            line,
            text: line.as_bytes(),
            at: 0,
            depth: 0,
            words: 0,
            bare: 0,
            inside: 0,
            admitted: Admitted::All,
            started: false,
        }
    }

    fn rest(&self) -> &'a str {
        self.line.get(self.at..).unwrap_or("")
    }

    /// Skips signs between words. A bar ends the name of a container, so that all is believed after it.
    fn skip_signs(&mut self) {
        loop {
            match byte(self.text, self.at) {
                b'[' | b'(' => (self.depth, self.inside) = (self.depth + 1, 0),
                b']' | b')' => (self.depth, self.inside) = (self.depth.saturating_sub(1), 0),
                b'|' => (self.bare, self.words) = (0, 0),
                b' ' | b'\t' | b'#' | b'>' | b'<' | b'"' | b'\'' | b'*' | b'`' | b'=' | b'-' | b':'
                | b';' | b',' | b'}' => {}
                b'{' if !is_object(self.text, self.at) => {}
                0xef if self.rest().starts_with('\u{feff}') => self.at += 2,
                _ => return,
            }
            self.at += 1;
        }
    }

    /// Skips the priority of syslog, `<34>`, and the version after it, `<34>1 `.
    fn skip_priority(&mut self) {
        let digits = run(self.text, self.at + 1);
        if byte(self.text, self.at) != b'<' || !(1..=3).contains(&digits) {
            return;
        }
        let end = self.at + digits + 2;
        if byte(self.text, end - 1) == b'>' {
            let version = byte(self.text, end).is_ascii_digit() && byte(self.text, end + 1) == b' ';
            self.at = end + 2 * usize::from(version);
        }
    }

    /// Skips a word; `None` if no stamp can follow it.
    fn skip_word(&mut self) -> Option<()> {
        let rest = self.rest();
        let length = rest.bytes().position(|sign| ENDS_WORD[usize::from(sign)]).unwrap_or(rest.len());
        let word = rest.get(..length).filter(|word| !word.is_empty())?;
        self.at += length;
        let next = byte(self.text, self.at);
        self.admitted = match label(word, next, byte(self.text, self.at + 1)) {
            Some(Label::Time) => Admitted::Labelled,
            Some(Label::Elapsed { bare }) => Admitted::ElapsedOnly { bare },
            None => Admitted::All,
        };
        if self.admitted != Admitted::All {
            self.bare = 0;
            return Some(());
        }
        self.words += 1;
        let is_key = next == b'=';
        if is_key {
            self.skip_value();
        } else if self.depth > 0 {
            self.inside += 1;
        } else if !is_level(word) {
            self.bare += 1;
            if is_preposition(word) {
                return None;
            }
        }
        (self.words <= MOST_WORDS && self.bare <= MOST_BARE_WORDS).then_some(())
    }

    /// Skips the value of `key=value`, a quoted one as a whole.
    fn skip_value(&mut self) {
        self.at += 1;
        let rest = self.rest();
        let quoted = rest.strip_prefix('"').and_then(|inside| Some(inside.find('"')? + 2));
        self.at += quoted.unwrap_or_else(|| rest.find([' ', '\t', ']', ')', ',']).unwrap_or(rest.len()));
    }
}

impl Iterator for Places<'_> {
    type Item = Place;

    fn next(&mut self) -> Option<Place> {
        if std::mem::replace(&mut self.started, true) {
            self.skip_word()?;
        }
        self.skip_priority();
        self.skip_signs();
        if self.at >= self.text.len() || self.at > WINDOW {
            return None;
        }
        // `app.py:10:20`, `INFO:2024-05-06`: after a colon alone a mere number is no time.
        let joined = self.at.checked_sub(1).is_some_and(|before| byte(self.text, before) == b':');
        let admitted = match self.admitted {
            Admitted::All if self.bare > 0 || joined => {
                let bracket = self.at.checked_sub(1).is_some_and(|before| byte(self.text, before) == b'[');
                let few = self.bare + self.inside <= MOST_BEFORE_WORDED;
                Admitted::WholeDates { worded: bracket || few }
            }
            admitted => admitted,
        };
        Some(Place { at: self.at, admitted, object: byte(self.text, self.at) == b'{' })
    }
}

fn is_object(text: &[u8], at: usize) -> bool {
    let mut next = at + 1;
    while byte(text, next) == b' ' {
        next += 1;
    }
    matches!(byte(text, next), b'"' | b'\'')
}

/// Whether the start of a line may hold an object, which may have a time farther on.
pub(super) fn begins_object(text: &[u8]) -> bool {
    let window = text.get(..text.len().min(WINDOW)).unwrap_or(text);
    memchr::memchr(b'{', window).is_some_and(|at| is_object(text, at))
}

/// Whether the first word of a line is the label of a time: `Date: …`.
pub(super) fn begins_with_label(line: &str) -> bool {
    let line = line.trim_start_matches(['"', '\'', '#', ' ', '\t', '*', '-', '=']);
    let length = line.bytes().position(|sign| ENDS_WORD[usize::from(sign)]).unwrap_or(line.len());
    let sign = |at: usize| byte(line.as_bytes(), at);
    line.get(..length).is_some_and(|word| label(word, sign(length), sign(length + 1)).is_some())
}

enum Label {
    Time,
    Elapsed { bare: bool },
}

/// Returns the kind of time that a label announces, by the word and the two signs after it.
fn label(word: &str, next: u8, second: u8) -> Option<Label> {
    static TIME: WordSet<17> = WordSet::new([
        "t",
        "ts",
        "time",
        "timestamp",
        "date",
        "datetime",
        "asctime",
        "at",
        "eventtime",
        "created",
        "logged_at",
        "start",
        "started",
        "now",
        "__REALTIME_TIMESTAMP",
        "TimeCreated",
        "_SOURCE_REALTIME_TIMESTAMP",
    ]);
    static ELAPSED: WordSet<2> = WordSet::new(["elapsed", "uptime"]);
    let signed = matches!(next, b'=' | b':')
        || (matches!(next, b'"' | b'\'') && matches!(second, b':' | b' ' | b'='))
        || (next == b' ' && matches!(second, b'=' | b':'));
    if !signed {
        return None;
    }
    if TIME.contains(word) {
        return Some(Label::Time);
    }
    ELAPSED.contains(word).then_some(Label::Elapsed { bare: true })
}

/// Whether a word is the level of a log line, or the name in the header of `top`.
fn is_level(word: &str) -> bool {
    static LEVELS: WordSet<25> = WordSet::new([
        "DEBUG", "INFO", "NOTICE", "WARNING", "WARN", "ERROR", "CRITICAL", "FATAL", "TRACE", "SEVERE",
        "PANIC", "ALERT", "EMERG", "VERBOSE", "DBG", "INF", "WRN", "ERR", "CRIT", "FTL", "VRB", "LOG", "TOP",
        "DEBU", "ERRO",
    ]);
    let letter = word.len() == 1 && word.bytes().all(|letter| b"DIWEFVTNCAX".contains(&letter));
    letter || LEVELS.contains(word)
}

/// Whether a word before a date makes it one of the text, which tells nothing of the line: `backup of 2024-05-06`.
fn is_preposition(word: &str) -> bool {
    static PREPOSITIONS: WordSet<16> = WordSet::new([
        "of", "on", "until", "since", "after", "before", "by", "from", "to", "than", "is", "was", "for",
        "till", "not", "expires",
    ]);
    PREPOSITIONS.contains(word)
}
