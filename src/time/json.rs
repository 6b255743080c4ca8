//! The time of a line that is a JSON object.

use super::civil::Written;
use super::digits::{byte, epoch, is_epoch};
use super::prefix::Admitted;
use super::raw_stamp::nanos;
use super::stamp::{Found, stamp_at};

/// Bytes of an object within which its time is looked for. The message, of any length, may come first.
const WINDOW: usize = 16 * 1024;

/// Finds the time of an object that begins at `start`, wherever it stands in it.
///
/// Where it is not the first field, the text before it may be the message: then the stamp is no more than the brace.
pub(super) fn find(line: &str, start: usize) -> Option<Found<'_>> {
    let mut fields = Fields { text: line.as_bytes(), at: start + 1, depth: 1 };
    let mut first = true;
    while let Some((open, close)) = fields.next_key().filter(|(open, _)| *open < start + WINDOW) {
        let key = line.get(open..close)?;
        let value = fields.at;
        let message = first && matches!(key, "log" | "message" | "msg" | "MESSAGE");
        let found = if is_time_key(key) {
            value_at(line, value)
        } else if message {
            // A stamp in the message is the program's own; only a whole date outweighs the one of the log driver.
            quoted(line, value, Admitted::WholeDates { worded: true })
        } else {
            None
        };
        if let Some((written, end)) = found {
            return Some(Found { written, start, at: start, end: if first { end } else { start + 1 } });
        }
        first = false;
    }
    None
}

/// The keys of an object, without those of objects in it.
struct Fields<'a> {
    text: &'a [u8],
    at: usize,
    depth: usize,
}

impl Fields<'_> {
    /// Returns the next key, without its quotes, and moves on to its value.
    fn next_key(&mut self) -> Option<(usize, usize)> {
        loop {
            match byte(self.text, self.at) {
                b'"' | b'\'' => {
                    let (open, close) = self.string()?;
                    self.skip_blanks();
                    if byte(self.text, self.at) == b':' && self.depth == 1 {
                        self.at += 1;
                        self.skip_blanks();
                        return Some((open, close));
                    }
                    continue;
                }
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.checked_sub(1).filter(|depth| *depth > 0)?,
                _ if self.at >= self.text.len() => return None,
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Skips a string and returns its inside.
    fn string(&mut self) -> Option<(usize, usize)> {
        let quote = byte(self.text, self.at);
        let open = self.at + 1;
        let mut at = open;
        loop {
            at += memchr::memchr2(quote, b'\\', self.text.get(at..)?)?;
            if byte(self.text, at) == quote {
                self.at = at + 1;
                return Some((open, at));
            }
            at += 2;
        }
    }

    fn skip_blanks(&mut self) {
        while matches!(byte(self.text, self.at), b' ' | b'\t') {
            self.at += 1;
        }
    }
}

fn is_time_key(key: &str) -> bool {
    const KEYS: [&str; 24] = [
        "ts",
        "time",
        "timestamp",
        "datetime",
        "date",
        "t",
        "asctime",
        "created",
        "eventtime",
        "_time",
        "logged_at",
        "created_at",
        "time_iso8601",
        "time_local",
        "timemillis",
        "instant",
        "timecreated",
        "event_time",
        "log_time",
        "logtime",
        "receivetimestamp",
        "__realtime_timestamp",
        "_source_realtime_timestamp",
        "utc",
    ];
    let key = key.strip_prefix('@').unwrap_or(key);
    KEYS.iter().any(|known| key.eq_ignore_ascii_case(known))
}

/// Parses the value of a time: a string, a number, or an object with one of them.
fn value_at(line: &str, at: usize) -> Option<(Written<'_>, usize)> {
    let text = line.as_bytes();
    match byte(text, at) {
        b'"' | b'\'' => quoted(line, at, Admitted::Labelled),
        // `{"$date": "…"}` of MongoDB, `{"seconds": …, "nanos": …}`, `{"epochSecond": …, "nanoOfSecond": …}`.
        b'{' => {
            let mut fields = Fields { text, at: at + 1, depth: 1 };
            let (open, close) = fields.next_key()?;
            let known = matches!(line.get(open..close)?, "$date" | "seconds" | "epochSecond" | "$numberLong");
            let (written, mut end) = value_at_depth(line, fields.at).filter(|_| known)?;
            let mut whole = written;
            if let (Written::Epoch(nanos), Some((open, close))) = (written, fields.next_key())
                && matches!(line.get(open..close)?, "nanos" | "nanoOfSecond")
            {
                let digits = super::digits::run(text, fields.at);
                let part = super::digits::number(text, fields.at, digits).filter(|_| digits <= 9)?;
                (whole, end) = (Written::Epoch(nanos + part), fields.at + digits);
            }
            Some((whole, end + usize::from(byte(text, end) == b'}')))
        }
        _ => number_at(line, at),
    }
}

fn value_at_depth(line: &str, at: usize) -> Option<(Written<'_>, usize)> {
    if matches!(byte(line.as_bytes(), at), b'"' | b'\'') {
        return quoted(line, at, Admitted::Labelled);
    }
    number_at(line, at)
}

fn quoted(line: &str, at: usize, admitted: Admitted) -> Option<(Written<'_>, usize)> {
    let text = line.as_bytes();
    let quote = byte(text, at);
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    // `"/Date(1714978800123)/"` of .NET, escaped or not.
    let inside = line.get(at + 1..)?;
    let date = inside.strip_prefix("/Date(").or_else(|| inside.strip_prefix("\\/Date("));
    let start = date.map_or(at + 1, |rest| line.len() - rest.len());
    let (written, mut end) = stamp_at(line, start, admitted)?;
    if date.is_some() {
        end += line.get(end..)?.find(char::from(quote))?;
    }
    Some((written, end + usize::from(byte(text, end) == quote)))
}

fn number_at(line: &str, at: usize) -> Option<(Written<'_>, usize)> {
    let text = line.as_bytes();
    if let Some((nanos, end)) = epoch(text, at) {
        return Some((Written::Epoch(nanos), end));
    }
    // `1.716465395e9`, as Go's zap writes it; `1714978800123.45`, as some write milliseconds.
    let number = line.get(at..)?.split(|c: char| !c.is_ascii_digit() && !"+-.eE".contains(c)).next()?;
    let seconds: f64 = number.parse().ok()?;
    let seconds = if is_epoch(seconds) { seconds } else { seconds / 1e3 };
    let nanos = nanos(seconds).filter(|_| is_epoch(seconds))?;
    Some((Written::Epoch(nanos), at + number.len()))
}
